"""Which of the returns count: copies, versions, months, and what cannot be placed at all."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.choose.places import MISDATED, Places
from pipeline.choose.surroundings import surroundings
from pipeline.choose.versions import Settled, age, as_filed, by_arrival, content, settle
from pipeline.county import County
from pipeline.model import (
    COUNTED,
    DUPLICATE,
    SUPERSEDED,
    UNPLACED,
    Choice,
    Contacts,
    Disposition,
    Month,
    Reading,
    Return,
    Source,
)
from pipeline.rules import UNUSABLE
from schemas.contacts import CALLED as CONTACTS_WORDS

__all__ = ["age", "as_filed", "by_arrival", "choose", "earlier_returns", "most_named_month"]

_Key = tuple[str, Month]
"""A unit and a month."""


def most_named_month(readings: Sequence[Reading], county: County) -> Month | None:
    """The month of the campaign that most returns name; in a tie the later."""
    named = (t.month for r in readings for t in r.tables if isinstance(t, Return))
    months = Counter(m for m in named if m and county.in_campaign(m))
    return max(months, key=lambda m: (months[m], m)) if months else None


def choose(readings: Sequence[Reading], county: County, period: Month | None = None) -> Choice:
    """What becomes of every table and file, in whichever month's run.

    What came at a time nobody knows and does not say where it belongs is the `period`'s.
    """
    grouped = _grouped(readings, Places(county, period))
    grouped.put_misdated_aside()
    used = {key: settle(of_key) for key, of_key in grouped.returns.items()}
    lists = {unit: settle(of_unit) for unit, of_unit in grouped.contacts.items()}
    settled = [f for one in (*used.values(), *lists.values()) for f in one.dispositions]
    dispositions = [_answered(f, used, county) for f in (*grouped.dispositions, *settled)]
    unusable = {
        (f.unit, f.reported_in): f
        for f in sorted(dispositions, key=_by_relevance)
        if f.rule in UNUSABLE
        and f.reported_in
        and f.unit
        and _may_be_annex_1(f, county)
        and (f.unit, f.reported_in) not in used
    }
    dispositions = [_reported_once(f, unusable, county) for f in dispositions]
    return Choice(
        dispositions=tuple(sorted(dispositions, key=lambda f: f.source.path)),
        returns={key: t for key, one in used.items() if isinstance(t := one.used.table, Return)},
        versions={key: one.versions() for key, one in used.items()},
        contacts=_lists_in_force(lists, county),
        first={key: _first(one, key, county) for key, one in used.items()},
        unusable=unusable,
    )


def earlier_returns(returns: Mapping[_Key, Return], county: County, unit: str, month: Month) -> tuple[Return, ...]:
    """The unit's returns of the months before that one, in order, those under its former names too."""
    names, name = list[str](), unit
    while name and name not in names:
        names.append(name)
        name = county.former(name)
    found = [r for (u, m), r in returns.items() if u in names and m < month]
    return tuple(sorted(found, key=lambda r: r.month or month))


# -- what came --------------------------------------------------------------------------------------------------------


@dataclass
class _Grouped:
    """What counts for nobody, the returns of each unit and month, and the contact lists of each unit."""

    dispositions: list[Disposition] = field(default_factory=list)
    returns: dict[_Key, list[Disposition]] = field(default_factory=lambda: defaultdict(list))
    contacts: dict[str, list[Disposition]] = field(default_factory=lambda: defaultdict(list))

    def add(self, disposition: Disposition) -> None:
        """One more, to where it counts."""
        if disposition.outcome != COUNTED or disposition.table is None:
            self.dispositions.append(disposition)
        elif isinstance(disposition.table, Return) and disposition.month:
            self.returns[disposition.unit, disposition.month].append(disposition)
        else:
            self.contacts[disposition.unit].append(disposition)

    def put_misdated_aside(self) -> None:
        """A return whose file's name tells a later month than the form replaces no return of the form's month."""
        for key, dispositions in self.returns.items():
            plain = [f for f in dispositions if f.rule != MISDATED]
            if plain:
                self.dispositions += [
                    replace(f, outcome=UNPLACED, month=f.run) for f in dispositions if f.rule == MISDATED
                ]
                self.returns[key] = plain


def _grouped(readings: Sequence[Reading], places: Places) -> _Grouped:
    """Groups tables and files by unit and month, and marks exact duplicates."""
    grouped = _Grouped()
    seen: dict[tuple[str, str], str] = {}
    # Of two alike the first that came is the original, and then the names decide, wherever they lie.
    readings = sorted(readings, key=lambda r: (r.source.received, r.source.name, r.source.path))
    known = {r.source.sha256: r.source.path for r in reversed(readings) if any(t.unit for t in r.tables)}
    around = surroundings(readings)
    for reading in readings:
        source = reading.source
        for one in places.dispositions(reading):
            disposition = around.of(one)
            # A file whose bytes could not be had has no SHA-256, and is no copy.
            first = seen.setdefault((source.sha256 or source.path, disposition.unit), source.path)
            original = known.get(source.sha256, first) if not disposition.unit and one is disposition else first
            if disposition.rule and original != source.path:
                disposition = replace(disposition, outcome=DUPLICATE, rule="", why=f"与“{original}”完全相同")
            grouped.add(disposition)
    return grouped


def _first(settled: Settled, key: _Key, county: County) -> dt.datetime | None:
    """When the first usable version came; None where one may have come in time and nobody knows when it did."""
    came: dict[str, list[Source]] = defaultdict(list)
    for disposition in settled.dispositions:
        if disposition.outcome in (COUNTED, SUPERSEDED, DUPLICATE):
            came[disposition.source.sha256].append(disposition.source)
    times = [min((s.received for s in copies if not s.undated), default=None) for copies in came.values()]
    known = min((t for t in times if t), default=None)
    return None if None in times and not (known and county.in_time(key[1], known)) else known


def _lists_in_force(lists: Mapping[str, Settled], county: County) -> dict[str, Contacts]:
    """The newest contact list of each unit; one that was renamed keeps that of its former name."""
    newest = {unit: t for unit, one in lists.items() if isinstance(t := one.used.table, Contacts)}
    for unit in county.units:
        former = county.former(unit.name)
        if former in newest and unit.name not in newest:
            newest[unit.name] = replace(newest[former], unit=unit.name)
    return newest


# -- what is not counted ----------------------------------------------------------------------------------------------


def _may_be_annex_1(disposition: Disposition, county: County) -> bool:
    """Whether a table is, or a file that cannot be read may have held, an Annex 1; by its name."""
    path, words = disposition.source.path, county.forms.declared.words
    return disposition.table is not None or not any(w in path for w in CONTACTS_WORDS) or any(w in path for w in words)


def _by_relevance(disposition: Disposition) -> tuple[object, ...]:
    """Sorts a unit's unusable files; the last, the newest with a table in it, is the one reported."""
    return disposition.source.received, disposition.table is not None, disposition.source.path


def _reported_once(disposition: Disposition, unusable: Mapping[_Key, Disposition], county: County) -> Disposition:
    """Of several unusable files of a unit that sent no usable one, one is reported; the others are listed."""
    blamed = unusable.get((disposition.unit, disposition.reported_in)) if disposition.reported_in else None
    if (
        blamed is None
        or blamed is disposition
        or disposition.rule not in UNUSABLE
        or not _may_be_annex_1(disposition, county)
    ):
        return disposition
    return replace(disposition, rule="", why=f"{disposition.why}；该单位的问题见“{blamed.source.path}”")


def _answered(disposition: Disposition, used: Mapping[_Key, Settled], county: County) -> Disposition:
    """A file that cannot be used, or a near miss of a unit's name: the unit's usable return answers both."""
    if not disposition.rule or disposition.reported_in is None:
        return disposition
    asked = disposition.rule in UNUSABLE and disposition.unit and _may_be_annex_1(disposition, county)
    if asked and _since(disposition, used.get((disposition.unit, disposition.reported_in))):
        outcome = COUNTED if disposition.outcome == COUNTED else SUPERSEDED
        return replace(
            disposition, outcome=outcome, rule="", run=None, why=f"{disposition.why}；该单位已另报可用的报表"
        )
    likely = (
        disposition.table.unit_stated.likely
        if disposition.rule == "UNIT-1" and isinstance(disposition.table, Return)
        else ""
    )
    usable = used.get((likely, disposition.reported_in))
    if usable and (_since(disposition, usable) or content(disposition) == content(usable.used)):
        return replace(disposition, rule="", why=f"{disposition.why}，可能是“{likely}”；该单位已另报可用的报表")
    return disposition


def _since(disposition: Disposition, usable: Settled | None) -> bool:
    """Whether a usable return has come at the same time or later."""
    return usable is not None and max(f.source.received for f in usable.dispositions) >= disposition.source.received

"""Which of the returns count: copies, versions, months, and what cannot be placed at all."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pipeline.county import County
from pipeline.model import (
    COUNTED,
    DUPLICATE,
    FOREIGN,
    IGNORED,
    SCAN,
    SUPERSEDED,
    UNPLACED,
    UNREAD,
    Choice,
    Contacts,
    Fate,
    Month,
    Reading,
    Return,
    Source,
    Versions,
)
from schemas.columns import OK
from schemas.contacts import CALLED as CONTACTS_WORDS

UNUSABLE = ("FILE-1", "FILE-3", "FORM-3", "PERIOD-1", "PERIOD-2")
"""A unit of which only such files came is told so, and not that it sent nothing."""

_OUTCOME = {"FILE-1": UNREAD, "FILE-2": FOREIGN, "FILE-3": SCAN}


def most_named_month(readings: Sequence[Reading], county: County) -> Month | None:
    """The month of the campaign that most returns name; in a tie the later."""
    named = (t.month for r in readings for t in r.tables if isinstance(t, Return))
    months = Counter(m for m in named if m and county.in_campaign(m))
    return max(months, key=lambda m: (months[m], m)) if months else None


_Arrived = tuple[list[Fate], dict[tuple[str, Month], list[Fate]], dict[str, list[Fate]]]
"""What counts for nobody, the returns of each unit and month, and the contact lists of each unit."""


def choose(readings: Sequence[Reading], county: County) -> Choice:
    """What becomes of every table and file, in whichever month's run."""
    fates, returns, contacts = _arrived(readings, county)
    used = {key: _newest(of_key) for key, of_key in returns.items()}
    lists = {unit: _newest(of_unit) for unit, of_unit in contacts.items()}
    settled = [f for versions in (*used.values(), *lists.values()) for f in versions]
    last = {key: max(f.source.received for f in versions) for key, versions in used.items()}
    fates = [_closed(f, last, county) for f in fates]
    unusable = {
        (f.unit, f.month): f
        for f in sorted(fates, key=_telling)
        if f.rule in UNUSABLE and f.month and f.unit and _may_be_annex_1(f, county) and (f.unit, f.month) not in used
    }
    fates = [_told_elsewhere(f, unusable, county) for f in fates]
    return Choice(
        fates=tuple(sorted(fates + settled, key=lambda f: f.source.path)),
        returns={key: t for key, v in used.items() if isinstance(t := v[-1].table, Return)},
        versions={key: _versions(v) for key, v in used.items()},
        contacts={unit: t for unit, v in lists.items() if isinstance(t := v[-1].table, Contacts)},
        first={key: min(f.source.received for f in versions) for key, versions in used.items()},
        unusable=unusable,
    )


def _arrived(readings: Sequence[Reading], county: County) -> _Arrived:
    """Every table and file by what it is for, copies of one told apart from it."""
    fates: list[Fate] = []
    returns: dict[tuple[str, Month], list[Fate]] = defaultdict(list)
    contacts: dict[str, list[Fate]] = defaultdict(list)
    seen: dict[tuple[str, str], str] = {}
    # Of two alike the first that came is the original, and then the names decide, wherever they lie.
    readings = sorted(readings, key=lambda r: (r.source.received, r.source.name, r.source.path))
    known = {r.source.sha256: r.source.path for r in reversed(readings) if any(t.unit for t in r.tables)}
    for reading in readings:
        source = reading.source
        for fate in _fates(reading, county):
            # A file whose bytes could not be had has no SHA-256, and is nobody's copy.
            first = seen.setdefault((source.sha256 or source.path, fate.unit), source.path)
            original = known.get(source.sha256, first) if not fate.unit else first
            if fate.rule and original != source.path:
                fates.append(replace(fate, outcome=DUPLICATE, rule="", why=f"与“{original}”完全相同"))
            elif fate.outcome != COUNTED or fate.table is None:
                fates.append(fate)
            elif isinstance(fate.table, Return) and fate.month:
                returns[fate.unit, fate.month].append(fate)
            else:
                contacts[fate.unit].append(fate)
    return fates, returns, contacts


def _may_be_annex_1(fate: Fate, county: County) -> bool:
    """Whether a table is, or a file that cannot be read may have held, an Annex 1; by its name."""
    path, words = fate.source.path, county.forms.declared.words
    return fate.table is not None or not any(w in path for w in CONTACTS_WORDS) or any(w in path for w in words)


def _telling(fate: Fate) -> tuple[object, ...]:
    """Sorts a unit's unusable files; the last, the newest with a table in it, is the one that it is asked about."""
    return fate.source.received, fate.table is not None, fate.source.path


def _told_elsewhere(fate: Fate, unusable: dict[tuple[str, Month], Fate], county: County) -> Fate:
    """Of several unusable files of a unit that sent no other one is asked about; the others are listed."""
    told = unusable.get((fate.unit, fate.month)) if fate.month else None
    if told is None or told is fate or fate.rule not in UNUSABLE or not _may_be_annex_1(fate, county):
        return fate
    return replace(fate, rule="", why=f"{fate.why}；该单位的问题见“{told.source.path}”")


def _age(fate: Fate) -> tuple[object, ...]:
    """Sorts versions by arrival. A member's own time orders inside one archive only; at last the path decides."""
    source = fate.source
    return source.received, source.by_phone, source.outermost, source.moment, source.path


def _versions(fates: list[Fate]) -> Versions:
    """The versions of one return that differ, the one that counts last."""
    distinct = [f for f in fates if f.outcome != DUPLICATE]
    tables = tuple(f.table for f in distinct if isinstance(f.table, Return))
    return Versions(tables, ordered=len(distinct) < 2 or _known_order(distinct[-2].source, distinct[-1].source))


def _known_order(one: Source, other: Source) -> bool:
    """Whether it is known which of two came first; what _age tells apart by path alone is not."""
    if (one.received, one.by_phone) != (other.received, other.by_phone):
        return True
    return one.outermost == other.outermost and one.moment != other.moment


def _fates(reading: Reading, county: County) -> list[Fate]:
    source = reading.source
    if reading.ignored:
        return [Fate(source, None, IGNORED, county.belonging(source.due_month), reading, why=reading.ignored)]
    if not reading.tables:
        # A scan of a unit nobody knows may be any paper of anyone: it is listed, not asked about.
        quiet = reading.quiet or (reading.rule == "FILE-3" and not reading.unit)
        rule = "" if quiet else reading.rule
        return [
            Fate(
                source, None, _OUTCOME[reading.rule], county.belonging(source.due_month), reading, rule, reading.detail
            )
        ]
    return [_table_fate(reading, t, county) for t in reading.tables]


def _table_fate(reading: Reading, table: Return | Contacts, county: County) -> Fate:
    source = reading.source
    if isinstance(table, Contacts):
        if table.unit:
            return Fate(source, table, COUNTED, None, reading)
        return Fate(
            source, table, UNPLACED, county.belonging(source.due_month), reading, "UNIT-1", "填报单位不在应报单位名单中"
        )
    rule, why = _unplaced(table, county)
    if not rule and source.by_phone and all(not f.filed for f in table.figures.values()):
        return Fate(source, table, IGNORED, table.month, reading, why="电话更正表尚未填写")
    if not rule:
        return Fate(source, table, COUNTED, table.month, reading)
    named = table.month if not rule.startswith("PERIOD") and table.month and county.in_campaign(table.month) else None
    return Fate(source, table, UNPLACED, named or county.belonging(source.due_month), reading, rule, why)


def _unplaced(filed: Return, county: County) -> tuple[str, str]:
    """The rule for which a return cannot be counted, and why; '' where it can."""
    if not filed.unit:
        return "UNIT-1", "填报单位不在应报单位名单中" if filed.unit_stated.text else "表内和文件名都看不出填报单位"
    if filed.month is None:
        return "PERIOD-1", "看不出统计时间"
    if filed.month > filed.source.due_month:
        return "PERIOD-2", f"收到时{filed.month.zh}尚未结束"
    if not county.in_campaign(filed.month):
        return "PERIOD-2", f"{filed.month.zh}不在专项整治期内"
    if not county.on_roster(filed.unit, filed.month):
        return "UNIT-1", f"{filed.month.zh}该单位不在应报单位名单中"
    return ("FORM-3", filed.row_fault) if filed.row_fault else ("", "")


def _newest(versions: list[Fate]) -> list[Fate]:
    """The versions of one unit's return, the one that counts last: the newest that differs from the one before it."""
    used, *later = sorted(versions, key=_age)
    settled: list[Fate] = []
    came = {used.source.sha256: used}
    own = None if used.source.by_phone else used
    for fate in later:
        # What the unit had sent before says nothing new, also where staff entered something after a call meanwhile.
        known = came.get(fate.source.sha256)
        if known is None and used.source.by_phone and own and _content(own) == _content(fate) != _content(used):
            known = own
        came.setdefault(fate.source.sha256, fate)
        own = own if fate.source.by_phone else fate
        if known and known is not used:
            settled.append(replace(fate, outcome=DUPLICATE, why=f"与“{known.source.path}”内容相同"))
        elif _content(fate) != _content(used):
            settled.append(replace(used, outcome=SUPERSEDED, why=f"已由“{fate.source.path}”替代"))
            used = fate
        elif fate.source.by_phone or _judged(fate) == _judged(used):
            settled.append(replace(fate, outcome=DUPLICATE, why=f"与“{used.source.path}”内容相同"))
        else:
            # The same figures on a form that was put right otherwise: the newer form is the one to judge.
            settled.append(replace(used, outcome=DUPLICATE, why=f"与后收到的“{fate.source.path}”数字相同"))
            used = fate
    return [*settled, used]


def _content(fate: Fate) -> object:
    if isinstance(fate.table, Return):
        return {key: f.value if f.value is not None else f.filed for key, f in fate.table.figures.items()}
    return [(p.role, p.name, p.post, p.phone) for p in fate.table.people] if fate.table else None


def _judged(fate: Fate) -> object:
    """What else a table is judged by: two that agree in it and in their figures are told of alike."""
    table = fate.table
    if table is None:
        return None
    stated = table.unit_stated
    others = bool(table.units_in_name) and table.unit not in table.units_in_name
    form = as_filed(table) if isinstance(table, Return) else ()
    return fate.source.by_phone, stated.text if stated.origin == "form" else "", others, form


def as_filed(filed: Return) -> object:
    """What a return says and how its form was bent; where it stands does not matter."""
    month, header = filed.month_stated, filed.header
    # A value that needed no cleaning counts as what it is, however it was typed.
    figures = {k: (f.value, f.state, "" if f.state == OK else f.filed) for k, f in filed.figures.items()}
    form = (dict(header.renamed), header.moved, header.added, set(header.cells))
    return figures, form, filed.month_full, month.text if month.origin == "form" else ""


def _closed(fate: Fate, last: dict[tuple[str, Month], dt.datetime], county: County) -> Fate:
    """An unusable file of a unit that has sent a usable one since is answered by that."""
    if fate.rule not in UNUSABLE or fate.month is None or not fate.unit or not _may_be_annex_1(fate, county):
        return fate
    usable = last.get((fate.unit, fate.month))
    if usable is None or usable < fate.source.received:
        return fate
    return replace(fate, outcome=SUPERSEDED, rule="", why=f"{fate.why}；该单位已另报可用的报表")

"""Whose a table is and of which month: everything that says so is a claim, and one decision takes what has one reading.

Claims on the form itself come before the names around it (sheet, file, archive, mail, folders). On the form a label
(填报单位：…) is stronger than the table's own row, a title or a bare month; claims that contradict each other make a fault.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from functools import lru_cache

from pipeline.model import CONTAINER, FILE, FOLDER, FORM, SHEET, Grid, Month, Source, Stated
from pipeline.model.frozen import frozen
from pipeline.read.returns.captions import PERIOD, UNIT, Above, bare_times
from pipeline.read.returns.months import (
    Named,
    NotOneMonth,
    Time,
    is_a_day,
    only_time,
    time_in_name,
    time_in_title,
    time_of,
)
from pipeline.read.returns.names import Names
from pipeline.read.text import plain, squeeze
from pipeline.roster import Roster, RosterUnit


class Strength(IntEnum):
    """How sure a claim on the form is, the surest first."""

    LABEL = 1
    SHORT_LABEL = 2
    ROW = 3
    TITLE = 4
    BARE = 5


@frozen
class UnitClaim:
    """A text on the form that names a unit, and the unit of the roster that it means, '' where nobody knows it."""

    text: str
    cell: str
    strength: Strength
    unit: str


@frozen
class MonthClaim:
    """A text on the form that names a time; `month` is None where that is no whole month.

    What `weighs` is not passed over where a stronger claim names another month.
    """

    text: str
    cell: str
    strength: Strength
    month: Month | None
    full: bool = False
    weighs: bool = False


@frozen
class DecidedUnit:
    """A table's unit on the roster, '' where it has not exactly one, what was said of it, and what is wrong with that."""

    unit: str
    stated: Stated
    fault: str = ""


@frozen
class DecidedMonth:
    """A table's month, None where it has not exactly one, what was said of it, and what is wrong with that.

    `full`: year and month stand in full on the form.
    """

    month: Month | None
    stated: Stated
    fault: str = ""
    full: bool = False


@frozen
class TableContext:
    """Where a table was found: its file, sheet, and the names around it, the nearest first."""

    source: Source
    sheet: str
    county: Roster
    names: Names

    @property
    def stem(self) -> str:
        """The file's own name without its extension."""
        return _stem(self.source.name)

    def around(self) -> Iterator[tuple[str, str]]:
        """The names a table can be known by, with where they stand: sheet, file, then archive, mail and folders."""
        yield SHEET, self.sheet
        yield from around_file(self.source)

    def units_in_name(self, month: Month | None) -> tuple[str, ...]:
        """The units that stand on the roster in that month and that the file's own name mentions."""
        named = self.names.inside(self.stem)
        return tuple(_of_month(u, month) for u in named if month is None or any(x.reports_in(month) for x in u))

    def month_in_name(self) -> Month | None:
        """The month that the file's own name tells, else the subject of its mail; None where it tells none."""
        for text in (self.stem, *self.source.subjects[:1]):
            if isinstance(time := time_in_name(text), Named):
                return self.month(time)
        return None

    def month(self, named: Named) -> Month:
        """The month that was named, in the year that is meant."""
        county = self.county
        return named.in_year_of(Month.of(self.source.received), county.first_period, county.last_period)


def around_file(source: Source) -> Iterator[tuple[str, str]]:
    """The names around a file, the nearest first: its own, then archive, mail and folders."""
    outer, *inner = source.path.split(" › ")
    *folders, outermost = outer.split("/")
    names = [(FILE, outermost)]
    for path in inner:
        *within, name = path.split("/")
        names = [(FILE, name), *((FOLDER, f) for f in reversed(within)), (CONTAINER, names[0][1]), *names[1:]]
    subjects = ((CONTAINER, subject) for subject in source.subjects)
    for origin, name in (*names, *subjects, *((FOLDER, f) for f in reversed(folders))):
        yield origin, _stem(name)


def _stem(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return stem if dot and stem and len(extension) <= 5 and extension.isalnum() and not extension.isdigit() else name


def _of_month(units: tuple[RosterUnit, ...], month: Month | None) -> str:
    here = [u for u in units if month is None or u.reports_in(month)]
    return (here or list(units))[0].name


# -- the month --------------------------------------------------------------------------------------------------------


def decide_month(place: TableContext, grid: Grid, above: Above, row: MonthClaim | None = None) -> DecidedMonth:
    """The month of a table below those lines; `row`: what its only row says of it."""
    claims = [*_month_claims(place, grid, above), *([row] if row else [])]
    blank = next((grid.address(c.row, c.column) for c in above.captions if c.what == PERIOD), "")
    if claims:
        return _agreed(claims)
    for origin, text in place.around():
        time = time_in_name(text)
        if isinstance(time, NotOneMonth):
            return DecidedMonth(None, Stated(text, origin, blank), _no_month(text))
        if time:
            return DecidedMonth(place.month(time), Stated(text, origin, blank))
    said = next((c for c in above.captions if c.what == PERIOD and c.value is not None), None)
    if said:
        stated = Stated(plain(said.value), "", grid.address(said.row, said.column))
        return DecidedMonth(None, stated, f"看不出统计时间“{stated.text}”是哪个月")
    return DecidedMonth(None, Stated("", "", blank), "看不出统计时间")


def _month_claims(place: TableContext, grid: Grid, above: Above) -> Iterator[MonthClaim]:
    for c in above.captions:
        if c.what == PERIOD and (c.strong or not _is_written(c.value)) and (time := time_of(c.value)):
            strength = Strength.LABEL if c.strong else Strength.SHORT_LABEL
            yield _month_claim(place, time, grid.address(c.row, c.column), plain(c.value), strength)
    for h in above.headings:
        if h.is_title and (time := time_in_title(h.text)):
            yield _month_claim(place, time, grid.address(h.row, h.column), h.text.strip(), Strength.TITLE)
    for h in bare_times(above.headings):
        if isinstance(alone := only_time(h.text), Named | NotOneMonth):
            claim = _month_claim(place, alone, grid.address(h.row, h.column), h.text.strip(), Strength.BARE)
            yield replace(claim, weighs=claim.weighs or above.shared)


def _is_written(value: object) -> bool:
    """Whether a time is a day, as that of writing is; the first of a month is how a book stores the month."""
    return value.day != 1 if isinstance(value, dt.date) else isinstance(value, str) and is_a_day(value)


def _month_claim(place: TableContext, time: Time, cell: str, text: str, strength: Strength) -> MonthClaim:
    if isinstance(time, NotOneMonth):
        return MonthClaim(text, cell, strength, None, weighs=True)
    weighs = strength == Strength.TITLE and time.full
    return MonthClaim(text, cell, strength, place.month(time), time.full, weighs)


def _agreed(claims: Sequence[MonthClaim]) -> DecidedMonth:
    """What claims on one form say together: what the strongest says, unless one that weighs contradicts it."""
    first = min(claims, key=lambda c: c.strength)
    stated = Stated(first.text, FORM, first.cell)
    weighing = [c for c in claims if c.weighs or c.strength == first.strength]
    if none := next((c for c in weighing if c.month is None), None):
        return DecidedMonth(None, Stated(none.text, FORM, none.cell), _no_month(none.text))
    if other := next((c for c in weighing if c.month != first.month), None):
        return DecidedMonth(None, stated, f"表内的“{first.text}”和“{other.text}”不是同一个月")
    return DecidedMonth(first.month, stated, full=any(c.full and c.month == first.month for c in claims))


def _no_month(text: str) -> str:
    return f"统计时间“{text}”不是一个完整的月份"


# -- the unit ---------------------------------------------------------------------------------------------------------


def decide_unit(
    place: TableContext, grid: Grid, above: Above, month: Month | None, row: tuple[str, str] = ("", "")
) -> DecidedUnit:
    """The unit of a table below those lines; `row`: the name that stands in its only row, and its cell."""
    claims = list(_unit_claims(place, grid, above, month, row))
    for strength in Strength:
        here = [c for c in claims if c.strength == strength]
        known = [c for c in here if c.unit]
        if not here:
            continue
        if not known:
            first = here[0]
            likely = place.names.likely(first.text, month)
            return DecidedUnit("", Stated(first.text, FORM, first.cell, likely), "填报单位不在应报单位名单中")
        first = known[0]
        stated = Stated(first.text, FORM, first.cell)
        if other := next((c for c in claims if c.unit not in ("", first.unit)), None):
            return DecidedUnit("", stated, f"表内写着“{first.text}”和“{other.text}”两个单位")
        return DecidedUnit(first.unit, stated)
    blank = next((grid.address(c.row, c.column) for c in above.captions if c.what == UNIT), "")
    unit, stated = unit_around(place.names, place.around(), month, blank)
    return DecidedUnit(unit, stated, "" if unit else "表内和文件名都看不出填报单位")


def _unit_claims(
    place: TableContext, grid: Grid, above: Above, month: Month | None, row: tuple[str, str]
) -> Iterator[UnitClaim]:
    names = place.names
    for c in above.captions:
        if c.what != UNIT or c.value is None:
            continue
        unit = names.one(text := plain(c.value), month)
        if unit or not (c.attached or _only_measures(text, place.county.forms.whole.measures)):
            strength = Strength.LABEL if c.strong else Strength.SHORT_LABEL
            yield UnitClaim(text, grid.address(c.row, c.column), strength, unit.name if unit else "")
    if row[0]:
        unit = names.one(row[0], month)
        yield UnitClaim(*row, Strength.ROW, unit.name if unit else "")
    for h in above.headings:
        if unit_name := _unit_in_title(names, place.county.title, h.text, month):
            yield UnitClaim(unit_name, grid.address(h.row, h.column), Strength.TITLE, unit_name)


@lru_cache(maxsize=2**10)  # the titles of forms are all alike
def _unit_in_title(names: Names, campaign: str, text: str, month: Month | None) -> str:
    """The unit that stands alone in a line, or before the campaign's title; '' where none does.

    县乡村振兴局： is whom a letter is written to.
    """
    if squeeze(text).endswith(":"):
        return ""
    before, title, _ = squeeze(text).partition(squeeze(campaign))
    if unit := names.one(before, month):
        return unit.name
    mentioned = names.inside(before) if title else ()
    return _of_month(mentioned[0], month) if len(mentioned) == 1 else ""


@lru_cache(maxsize=2**10)
def _only_measures(text: str, measures: frozenset[str]) -> bool:
    """Whether 单位：… tells in what the figures are measured."""
    for measure in sorted(measures, key=len, reverse=True):
        text = text.replace(measure, "")
    return not re.sub(r"[、,，/\s及和]", "", text)


def on_form(place: TableContext, text: str, cell: str, month: Month | None) -> DecidedUnit:
    """The unit that a name in a row of a table of several units means, '' where nobody knows it."""
    if unit := place.names.one(text, month):
        return DecidedUnit(unit.name, Stated(text, FORM, cell))
    likely = place.names.likely(text, month)
    return DecidedUnit("", Stated(text, FORM, cell, likely), "填报单位不在应报单位名单中")


def unit_around(
    names: Names, around: Iterator[tuple[str, str]], month: Month | None, cell: str = ""
) -> tuple[str, Stated]:
    """The unit that the names around a table or a file tell: the nearest name that tells just one."""
    for origin, text in around:
        named = ((u,),) if (u := names.one(text, month)) else names.inside(text)
        found = {_of_month(units, month) for units in named}
        if len(found) == 1:
            return found.pop(), Stated(text, origin, cell)
        if found:
            break
    return "", Stated(cell=cell)

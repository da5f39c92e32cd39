"""Of which month a table is: everything that says so is a claim, and one decision takes what has one reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.model import FORM, Grid, Month, Stated
from pipeline.model.frozen import frozen
from pipeline.read.returns.caption_labels import PERIOD
from pipeline.read.returns.captions import Above, bare_times
from pipeline.read.returns.claims import Strength, TableContext
from pipeline.read.returns.months import is_a_day, only_time, time_in_name, time_in_title, time_of
from pipeline.read.returns.spans import Named, NotOneMonth, Time
from pipeline.read.text import plain


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
class DecidedMonth:
    """A table's month, None where it has not exactly one, what was said of it, and what is wrong with that.

    `full`: year and month stand in full on the form.
    """

    month: Month | None
    stated: Stated
    fault: str = ""
    full: bool = False


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

"""What a day, a list or a range says: one month, or a time that is no whole month."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

from pipeline.model import Month
from pipeline.model.frozen import frozen
from pipeline.read.returns.time_tokens import Point

_WHOLE, _MOST_OF = 28, 20
"""Days of a range that is a month, and how many of them lie in it where it began in the month before.

So a month reported up to its 20th is whole, and a lone day ends a whole month from its 28th on.
"""


@frozen
class Named:
    """A month as it was named: the year is None where it was left out, `full` where year and month stand in full.

    `other` is the second month the same words can mean (the number 2023.1 may be typed for 2023.10).
    """

    year: int | None
    month: int
    full: bool
    other: int | None = None

    def in_year_of(self, received: Month, first: Month, last: Month | None) -> Month:
        """The month meant: of a month without year the only one of the campaign, else the latest that had begun."""
        if self.year is not None:
            plain = Month(self.year, self.month)
            outside = plain < first or (last is not None and plain > last)
            return Month(self.year, self.other) if self.other and outside else plain
        within = [m for y in range(first.year, (last or received).year + 1) if first <= (m := Month(y, self.month))]
        within = [m for m in within if m <= (last or received)]
        if len(within) == 1:
            return within[0]
        begun = [m for m in within if m <= received]
        if begun:
            return begun[-1]
        here = Month(received.year, self.month)
        return here if here <= received else Month(received.year - 1, self.month)


@frozen
class NotOneMonth:
    """A time that is no whole month: several months or a running total, or `part` of a month."""

    part: bool = False


Time = Named | NotOneMonth


def of_day(point: Point, *, until: bool) -> Time:
    """What a lone day says of time: the first of a month is how a book stores the month, one of its last ends it.

    Until the 20th is said of a month that began in the one before.
    """
    assert point.month is not None
    assert point.day is not None
    ends = point.day >= (_MOST_OF if until else _WHOLE) or (point.day == 1 and not until)
    return Named(point.year, point.month, point.full) if ends else NotOneMonth(part=True)


def of_list(first: Point, last: Point) -> Time:
    """The month that both ends of a list name: 4、5月 is none."""
    year = last.year or first.year
    same = first.month == last.month and first.month and first.day is None and last.day is None
    return Named(year, last.month or 1, first.full or last.full) if same else NotOneMonth()


def of_range(first: Point, last: Point) -> Time:
    """The month that a range covers."""
    if first.month is None:
        first = Point(last.year, last.month, first.day, last.full)
    month = last.month or first.month
    if first.month is None or month is None:
        return NotOneMonth(part=True)
    over = month < first.month
    if last.year:
        end_year, full = last.year, last.full
        start_year = first.year or (end_year - over)
    else:
        start_year = first.year or 0
        end_year, full = start_year + over if first.year else 0, first.full
    if first.day is None or last.day is None:
        same = (start_year, first.month) == (end_year, month) and first.day is last.day is None
        return Named(end_year or None, month, full) if same else NotOneMonth()
    days = _days(start_year or 2023, first.month, first.day, (end_year or 2023 + over), month, last.day)
    this, before = (start_year, first.month) == (end_year, month), month - first.month in (1, -11)
    if (this and days >= _WHOLE) or (before and _WHOLE <= days <= 31 and last.day >= _MOST_OF):
        return Named(end_year or None, month, full)
    return NotOneMonth(part=this)


def _days(y1: int, m1: int, d1: int, y2: int, m2: int, d2: int) -> int:
    """The days of a range, both ends included; a 31st that the month does not have is its last."""
    first = dt.date(y1, m1, min(d1, monthrange(y1, m1)[1]))
    return (dt.date(y2, m2, min(d2, monthrange(y2, m2)[1])) - first).days + 1

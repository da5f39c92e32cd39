"""The calendar month."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

BEIJING = dt.timezone(dt.timedelta(hours=8))


def day_zh(day: dt.date) -> str:
    """A day as sentences say it: 2023年6月25日."""
    return f"{day.year}年{day.month}月{day.day}日"


class Month(NamedTuple):
    """A calendar month; prints as 2023-05 and sorts in time."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def zh(self) -> str:
        """As staff write it: 2023年5月."""
        return f"{self.year}年{self.month}月"

    def until(self, last: Month) -> tuple[Month, ...]:
        """The months from this one to `last`, both included; none where that lies before."""
        months = (last.year - self.year) * 12 + last.month - self.month + 1
        return tuple(self.plus(i) for i in range(months))

    def plus(self, months: int) -> Month:
        """The month so many months later."""
        years, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(years, month + 1)

    def day(self, day: int) -> dt.date:
        """That day of the month, or the month's last day where it has fewer."""
        last = (dt.date(*self.plus(1), 1) - dt.timedelta(days=1)).day
        return dt.date(self.year, self.month, min(day, last))

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def of_zh(cls, text: str) -> Month | None:
        """The month written 2023年5月, None for anything else."""
        m = re.fullmatch(r"([0-9]{4})年([0-9]{1,2})月", text)
        return cls(int(m[1]), int(m[2])) if m else None

    @classmethod
    def typed(cls, text: str) -> Month:
        """The month as people type it: 2023-05, 2023-5, 202305, 2023.5, 2023年5月; ValueError for anything else."""
        m = re.fullmatch(r"([12][0-9]{3})(?:[-./年](0?[1-9]|1[0-2])月?|(0[1-9]|1[0-2]))", text.strip())
        if not m:
            raise ValueError(text)
        return cls(int(m[1]), int(m[2] or m[3]))

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written YYYY-MM; ValueError for anything else."""
        m = re.fullmatch(r"([12][0-9]{3})-(0[1-9]|1[0-2])", text)
        if not m:
            raise ValueError(text)
        return cls(int(m[1]), int(m[2]))

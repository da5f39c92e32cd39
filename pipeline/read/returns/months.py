"""Which month a text, a date or a number names."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import Month
from pipeline.read.text import LOST, squeeze

_CHINESE_DIGIT = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "O": "0", "o": "0"}
_CHINESE_YEAR = re.compile("([二两][〇零○Oo0][〇零○Oo一二三四五六七八九]{2})年")
_CHINESE_MONTH = re.compile("(十[一二]?|[一二三四五六七八九])(?=月)")
_CHINESE_COUNT = {**{c: i for i, c in enumerate("〇一二三四五六七八九")}, "十": 10, "十一": 11, "十二": 12}

_YEAR = r"(?P<year>(?:20)?[0-9]{2})"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?<![0-9]){_YEAR}年[0-9]{{1,2}}月?[-—–―~～至到]+{_MONTH}月",
        rf"(?<![0-9]){_YEAR}年(?:度)?{_MONTH}月",
        rf"(?<![0-9])(?P<year>20[0-9]{{2}})[-./_]{_MONTH}(?![0-9])",
        rf"(?<![0-9]){_YEAR}年{_MONTH}(?![0-9月])",
        r"(?<![0-9])(?P<year>20[0-9]{2})(?P<month>0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])?(?![0-9])",
        rf"(?<![0-9]){_MONTH}月",
        rf"(?<![0-9.]){_MONTH}\.[0-9]{{1,2}}[-—–―~～至到]+(?P=month)\.[0-9]{{1,2}}(?![0-9])",
    )
)
_END_OF_RANGE = re.compile(r"(?:[0-9]月?份?|[0-9]日?)[-—–―~～至到]+(?P<end>[0-9].*)$")
_DAY = re.compile(
    r"(?<![0-9])(?:20[0-9]{2}[-./_]?)?(?:[0-9]{1,2}月[0-9]{1,2}[日号]|(?<=[-./_])[0-9]{1,2}[-./_][0-9]{1,2}(?![0-9])"
    r"|(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9]))"
)
_EXCEL_EPOCH = dt.date(1899, 12, 30)


@dataclass(frozen=True)
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


def named_month(value: object) -> Named | None:
    """The month a cell under 统计时间 names, None where it names none."""
    if isinstance(value, dt.date):
        return Named(value.year, value.month, True)
    if isinstance(value, bool) or value is None or LOST in str(value):
        return None  # a lost byte may have been a digit: 12月 is not to become 1月
    if isinstance(value, int | float):
        return _of_number(float(value))
    return _in_words(str(value))


@lru_cache(maxsize=2**10)  # a month's returns all name it alike
def _in_words(text: str) -> Named | None:
    text = _digits(squeeze(text))
    end = _END_OF_RANGE.search(text)
    start = _match(text)
    named = (_match(end["end"]) if end else None) or start
    if named and named.year is None and start and start.year is not None:
        # 2023年2月-5月: the year stands once, before the range.
        return Named(start.year + (named.month < start.month), named.month, start.full)
    return named or (_of_number(float(text)) if re.fullmatch(r"[0-9]{1,2}", text) else None)


@lru_cache(maxsize=2**10)
def month_in_name(name: str) -> Named | None:
    """The month a file, sheet or folder name tells. A full date in it is the day of sending, and tells nothing."""
    text = _digits(squeeze(name)) if LOST not in name else ""
    if "截至" not in text and "截止" not in text:
        text = _DAY.sub("·", text)
    return _match(text)


def _of_number(number: float) -> Named | None:
    text = f"{number:g}" if number < 10_000 else f"{number:.0f}"
    if re.fullmatch(r"20[0-9]{2}\.1", text):
        return Named(int(text[:4]), 1, True, other=10)
    if number.is_integer() and 1 <= number <= 12:
        return Named(None, int(number), False)
    if number.is_integer() and 36_526 <= number <= 73_050:  # a date cell that lost its format
        day = _EXCEL_EPOCH + dt.timedelta(days=int(number))
        return Named(day.year, day.month, True)
    return _match(text)


def _match(text: str) -> Named | None:
    for form in _FORMS:
        if m := form.search(text):
            year = m.groupdict().get("year")
            number = None if year is None else int(year) if len(year) == 4 else 2000 + int(year)
            return Named(number, int(m["month"]), year is not None and len(year) == 4)
    return None


def _digits(text: str) -> str:
    """Chinese numerals of years and months as digits."""
    text = _CHINESE_YEAR.sub(lambda m: "2" + "".join(_CHINESE_DIGIT.get(c, c) for c in m[1][1:]) + "年", text)
    return _CHINESE_MONTH.sub(lambda m: str(_CHINESE_COUNT[m[1]]), text)

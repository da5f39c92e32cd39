"""What a text, a date or a number says of time: one month, something that is no whole month, or nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.model.frozen import frozen
from pipeline.read.returns.spans import Named, NotOneMonth, Time, of_day, of_list, of_range
from pipeline.read.returns.time_tokens import (
    DAY,
    MONTH,
    TOKEN,
    YEAR,
    Point,
    Token,
    is_lone_day,
    points_in,
    tokens_in,
    with_digits,
)
from pipeline.read.text import LOST, squeeze

_RUNNING = re.compile(
    "累计|累积|至今|以来|[至止]目前|年初|全年|第?[一二三四1-4]?季度|(?<![A-Z])Q[1-4](?![0-9])|[上下前后]?半年"
    "|前[一二三四五六七八九十0-9]+个?月|[2-9二三四五六七八九十]个月|月份?(?:及?[以之]?前|起)(?![一-鿿])"
)
_ELSEWHEN = re.compile(
    "上个?月|上一?期|上次|上周|上年|去年|往年|历年|前期|以前|此前|之前|同期|同比|环比|增减|增长|下个?月|结转|期初|本年|今年|全年|计划|目标"
)
"""Times, and figures, that are another's than the month's."""

_NO_NAME = re.compile("累计|累积|至今|以来|[至止]目前|年初|上个?月|上期|上年|去年|往年|同期|同比|环比")
"""Those of them that stand in no name of a place, an office or a person."""

_THIS = re.compile("[本当这]个?月|本期|当期|本次")
_PART = re.compile("[上下]半月|半个?月|[上中下]旬|本周|第[一二三四五六七八九十0-9]+周|周报|旬报")
_UNTIL = re.compile("截至|截止")
_BEGINS_BEFORE = re.compile("截[至止]|^[至到]")
_ISSUED = re.compile(
    f"(?:(?:{YEAR})年)?(?:{MONTH})月(?:(?:{DAY})[日号])?(?:制(?:定|发|作|表)?|印(?:发|制)?|编(?:制|印)|修(?:订|改)|发布|启用|起?执行|版)"
    "(?![一-鿿])"
)
"""When a form was issued or filled in: 2023年3月制."""

_ANOTHER_YEAR = re.compile("[去上前往]年|同期")
_ANNEX_NUMBER = re.compile(r"(?:附件|附表|样表|表|第)[0-9一二三四]{1,2}(?![0-9])|\([0-9]{1,2}\)|副本[0-9]+|[vV][0-9.]+")
_TWO_NUMBERS = re.compile(r"(?<=[0-9])(?<!20[0-9]{2})\s+(?=[0-9])")
"""What parts the number of an annex from the month: 附件1 5月."""

_CLOCK = re.compile("[0-9]{2}:[0-9]{2}(?::[0-9]{2})?$")
_BLANKS = re.compile("(?<![0-9])_+|_+(?![0-9])")
"""What is printed to write on: 2023年__5__月."""

_FILLERS = (
    r"20[0-9]{2}年?度?|数据|完成|上报|填报|报送|实际|[()\[\]:.年月份度数年末底止的发生新增合计小总情况报表工作列]"
)
_EXCEL_EPOCH = dt.date(1899, 12, 30)


# -- what is asked ----------------------------------------------------------------------------------------------------


def time_of(value: object) -> Time | None:
    """What a cell behind 统计时间 says of time, None where it says nothing."""
    if isinstance(value, dt.date):
        return of_day(Point(value.year, value.month, value.day, full=True), until=False)
    if isinstance(value, bool) or value is None or LOST in str(value):
        return None  # a lost byte may have been a digit: 12月 is not to become 1月
    if isinstance(value, int | float):
        return _of_number(float(value))
    return _in_words(str(value))


@lru_cache(maxsize=2**12)
def time_in_title(text: str) -> Time | None:
    """What a line above a table says of time; a day alone is that of writing, and when a form was issued says nothing."""
    return None if is_a_day(text) else _in_words(_ISSUED.sub("", with_digits(squeeze(text))))


def is_until(text: str) -> bool:
    """Whether a text names the end of a time with no beginning: 截至5月底, 至本月末."""
    return _BEGINS_BEFORE.search(squeeze(text)) is not None


def is_a_day(text: str) -> bool:
    """Whether a text names a day and no other time; 截至2023年5月31日 names its month."""
    points = points_in(_CLOCK.sub("", squeeze(text)))
    return len(points) == 1 and points[0].day is not None and not _UNTIL.search(text)


@lru_cache(maxsize=2**12)
def time_in_name(name: str) -> Time | None:
    """What the name of a file, a sheet or a folder says of time. A full date in it is the day of sending."""
    if LOST in name:
        return None
    if _PART.search(squeeze(name)):
        return NotOneMonth(part=True)
    text = _ANNEX_NUMBER.sub("·", squeeze(_TWO_NUMBERS.sub("·", name)))
    tokens = [t for t in tokens_in(with_digits(text)) if _UNTIL.search(text) or not is_lone_day(t)]
    return _settled(text, tokens)


@frozen
class ThisMonth:
    """The month of the return, without its name: 本月, 当期."""


@lru_cache(maxsize=2**12)
def only_time(text: str) -> Time | ThisMonth | None:
    """The time that a text tells which tells nothing else: 5月, 2023年5月份, 1-4月累计, 上半月, 上月, 本月数."""
    spelled = rest = re.sub("[今本]年(?=[0-9]{1,2}月)", "", with_digits(squeeze(text)))
    for words in (_RUNNING, _PART, _ELSEWHEN, _THIS):
        rest = words.sub("", rest)
    rest = "".join(m["other"] for m in TOKEN.finditer(rest) if m["other"])
    if not spelled or spelled.isdigit() or re.sub(_FILLERS, "", rest):
        return None
    if _ELSEWHEN.search(spelled):
        return NotOneMonth()
    said = _in_words(text)
    return ThisMonth() if said is None and _THIS.search(spelled) else said


def tells_another_time(text: str) -> bool:
    """Whether a text, whatever else it says, is that of a running total or of another month: 截至5月累计, 上报累计."""
    return _NO_NAME.search(text) is not None


@lru_cache(maxsize=2**12)
def months_in(text: str) -> frozenset[int]:
    """The months that a text names, each for itself: 4月下旬 names April."""
    return frozenset(p.month for p in points_in(text) if p.month)


# -- how it is found out ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=2**12)  # a month's returns all name it alike
def _in_words(text: str) -> Time | None:
    spelled = _BLANKS.sub("", squeeze(text))
    if re.fullmatch(r"[0-9]{1,2}", spelled):
        return _of_number(float(spelled))
    return _settled(spelled, tokens_in(with_digits(spelled)))


def _settled(text: str, tokens: list[Token]) -> Time | None:
    """What the tokens of a text say together."""
    points = [t for t in tokens if isinstance(t, Point) and (t.month or t.day)]
    if _PART.search(text):
        return NotOneMonth(part=True)
    if _RUNNING.search(text):
        return NotOneMonth()
    if not points:
        return None
    if _ANOTHER_YEAR.search(text):
        return NotOneMonth()
    said = list(_months_said(tokens, until=_UNTIL.search(text) is not None))
    if not said or any(isinstance(s, NotOneMonth) for s in said):
        return said[0] if said and len(said) == 1 else NotOneMonth() if said else None
    named = [s for s in said if isinstance(s, Named)]
    best = max(named, key=lambda s: (s.full, s.year is not None))
    agree = all(s.month == best.month and s.year in (None, best.year) for s in named)
    return best if agree else NotOneMonth()


def _months_said(tokens: list[Token], *, until: bool) -> Iterator[Time]:
    """What each range, list or lone point says; where a month stands beside lone days, they are days of writing."""
    ranges: list[list[Point]] = []
    lone: list[Point] = []
    kinds: list[str] = []
    i = 0
    while i < len(tokens):
        here = tokens[i]
        if not isinstance(here, Point) or not (here.month or here.day):
            i += 1
            continue
        after = tokens[i + 2] if i + 2 < len(tokens) and isinstance(tokens[i + 1], str) else None
        if isinstance(after, Point):
            ranges.append([here, after])
            kinds.append(str(tokens[i + 1]))
            i += 3
        else:
            lone.append(here)
            i += 1
    for (first, last), kind in zip(ranges, kinds, strict=True):
        yield of_range(first, last) if kind == "range" else of_list(first, last)
    months = [p for p in lone if p.day is None]
    days = [p for p in lone if p.day is not None and p.month]
    for p in months:
        yield Named(p.year, p.month or 1, p.full)
    for p in days if not months and not ranges else []:
        yield of_day(p, until=until)


def _of_number(number: float) -> Time | None:
    text = f"{number:g}" if number < 10_000 else f"{number:.0f}"
    if re.fullmatch(r"20[0-9]{2}\.1", text):
        return Named(int(text[:4]), 1, True, other=10)
    if number.is_integer() and 1 <= number <= 12:
        return Named(None, int(number), False)
    if number.is_integer() and 36_526 <= number <= 73_050:  # a date cell that lost its format
        return time_of(_EXCEL_EPOCH + dt.timedelta(days=int(number)))
    return _settled(text, tokens_in(text))

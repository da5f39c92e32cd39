"""What a text, a date or a number says of time: one month, something that is no whole month, or nothing."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterator
from functools import lru_cache

from pipeline.model import Month
from pipeline.model.frozen import frozen
from pipeline.read.text import LOST, squeeze

_CHINESE_DIGIT = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "O": "0", "o": "0"}
_CHINESE_YEAR = re.compile("([二两][〇零○Oo0][〇零○Oo一二三四五六七八九]{2})年")
_CHINESE_MONTH = re.compile(
    "(?<!第)(十[一二]?|[一二三四五六七八九])(?=月|[至到、和及—–~～-]{1,2}[一二三四五六七八九十0-9]{1,3}月)"
)
_CHINESE_COUNT = {**{c: i for i, c in enumerate("〇一二三四五六七八九")}, "十": 10, "十一": 11, "十二": 12}

_RANGE = "-—–―－~～至到"
_Y, _M, _D = r"20[0-9]{2}|[0-9]{2}(?=年)", r"1[0-2]|0?[1-9]", r"3[01]|[12][0-9]|0?[1-9]"
_TOKEN = re.compile(
    rf"(?<![0-9])(?P<y0>{_Y})年度?(?P<m0>{_M})月(?P<d0>{_D})(?:[日号]|(?![0-9年月./_]))"
    rf"|(?<![0-9])(?P<y1>{_Y})(?P<sep>[-./_])(?P<m1>{_M})(?P=sep)(?P<d1>{_D})(?:[日号]|(?![0-9年月./_]))"
    r"|(?<![0-9])(?P<y2>20[0-9]{2})(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12][0-9]|3[01])(?![0-9])"
    rf"|(?<![0-9])(?P<y3>{_Y})(?:年度?|[-./_])(?P<m3>{_M})(?:月|(?![0-9]))"
    r"|(?<![0-9])(?P<y4>20[0-9]{2})(?P<m4>0[1-9]|1[0-2])(?![0-9])"
    rf"|(?<![0-9])(?P<m5>{_M})月(?P<d5>{_D})(?:[日号]|(?=[{_RANGE}][0-9])|$)"
    rf"|(?<![0-9.])(?P<m6>{_M})[./](?P<d6>{_D})(?=[{_RANGE}]+[0-9]{{1,2}}[./][0-9])"
    rf"|(?<=[{_RANGE}])(?P<m7>{_M})[./](?P<d7>{_D})(?![0-9])"
    rf"|(?<![0-9])(?P<m8>{_M})月"
    rf"|(?<![0-9])(?P<d9>{_D})[日号]"
    rf"|(?<![0-9])(?P<n>[0-9]{{1,2}})(?![0-9])"
    rf"|(?P<range>[{_RANGE}]+)|(?P<list>[、和及与,，])|(?P<other>.)"
)
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
    f"(?:(?:{_Y})年)?(?:{_M})月(?:(?:{_D})[日号])?(?:制(?:定|发|作|表)?|印(?:发|制)?|编(?:制|印)|修(?:订|改)|发布|启用|起?执行|版)"
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

_WHOLE, _MOST_OF = 28, 20
"""A range of so many days is a month, one that began in the month before where so many of them lie in it.

So a month reported up to its 20th is whole, and a lone day ends a whole month from its 28th on.
"""

_FILLERS = (
    r"20[0-9]{2}年?度?|数据|完成|上报|填报|报送|实际|[()\[\]:.年月份度数年末底止的发生新增合计小总情况报表工作列]"
)
_EXCEL_EPOCH = dt.date(1899, 12, 30)


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


@frozen
class _Point:
    """A month or a day as it stands in a text; `year` and `month` are None where only what stands before tells them."""

    year: int | None
    month: int | None
    day: int | None
    full: bool = False


# -- what is asked ----------------------------------------------------------------------------------------------------


def time_of(value: object) -> Time | None:
    """What a cell behind 统计时间 says of time, None where it says nothing."""
    if isinstance(value, dt.date):
        return _of_days(_Point(value.year, value.month, value.day, full=True), until=False)
    if isinstance(value, bool) or value is None or LOST in str(value):
        return None  # a lost byte may have been a digit: 12月 is not to become 1月
    if isinstance(value, int | float):
        return _of_number(float(value))
    return _in_words(str(value))


@lru_cache(maxsize=2**12)
def time_in_title(text: str) -> Time | None:
    """What a line above a table says of time; a day alone is that of writing, and when a form was issued says nothing."""
    return None if is_a_day(text) else _in_words(_ISSUED.sub("", _digits(squeeze(text))))


def is_until(text: str) -> bool:
    """Whether a text names the end of a time that began no one knows when: 截至5月底, 至本月末."""
    return _BEGINS_BEFORE.search(squeeze(text)) is not None


def is_a_day(text: str) -> bool:
    """Whether a text names a day and no other time; 截至2023年5月31日 names its month."""
    points = _points(_CLOCK.sub("", squeeze(text)))
    return len(points) == 1 and points[0].day is not None and not _UNTIL.search(text)


@lru_cache(maxsize=2**12)
def time_in_name(name: str) -> Time | None:
    """What the name of a file, a sheet or a folder says of time. A full date in it is the day of sending."""
    if LOST in name:
        return None
    if _PART.search(squeeze(name)):
        return NotOneMonth(part=True)
    text = _ANNEX_NUMBER.sub("·", squeeze(_TWO_NUMBERS.sub("·", name)))
    tokens = [t for t in _tokens(_digits(text)) if _UNTIL.search(text) or not _is_lone_day(t)]
    return _settled(text, tokens)


@frozen
class ThisMonth:
    """The month of the return, without its name: 本月, 当期."""


@lru_cache(maxsize=2**12)
def only_time(text: str) -> Time | ThisMonth | None:
    """The time that a text tells which tells nothing else: 5月, 2023年5月份, 1-4月累计, 上半月, 上月, 本月数."""
    spelled = rest = re.sub("[今本]年(?=[0-9]{1,2}月)", "", _digits(squeeze(text)))
    for words in (_RUNNING, _PART, _ELSEWHEN, _THIS):
        rest = words.sub("", rest)
    rest = "".join(m["other"] for m in _TOKEN.finditer(rest) if m["other"])
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
    return frozenset(p.month for p in _points(text) if p.month)


# -- how it is found out ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=2**12)  # a month's returns all name it alike
def _in_words(text: str) -> Time | None:
    spelled = _BLANKS.sub("", squeeze(text))
    if re.fullmatch(r"[0-9]{1,2}", spelled):
        return _of_number(float(spelled))
    return _settled(spelled, _tokens(_digits(spelled)))


_Token = _Point | str
"""A point in time, or what connects two: `range` or `list`."""


def _points(text: str) -> list[_Point]:
    return [t for t in _tokens(_digits(squeeze(text))) if isinstance(t, _Point)]


def _tokens(text: str) -> list[_Token]:
    """The points in time of a text and what connects them; a bare number is one only beside a connection."""
    found: list[tuple[_Token, bool]] = []
    for m in _TOKEN.finditer(text):
        if m["range"] or m["list"]:
            found.append(("range" if m["range"] else "list", False))
        elif m["n"]:
            found.append((_Point(None, None, None), True) if not 0 < int(m["n"]) <= 31 else (_bare(int(m["n"])), True))
        elif m["other"]:
            found.append(("", False))
        else:
            found.append((_point(m), False))
    return list(_connected(found))


def _bare(number: int) -> _Point:
    """A number without 月 or 日: which of the two it is, its neighbours tell."""
    return _Point(None, number if number <= 12 else None, number)


def _connected(found: list[tuple[_Token, bool]]) -> Iterator[_Token]:
    """The tokens without numbers that nothing connects to a point, and without connections of nothing."""
    for i, (token, bare) in enumerate(found):
        if not bare:
            if token:
                yield token
            continue
        assert isinstance(token, _Point)
        before = found[i - 2][0] if i >= 2 and found[i - 1][0] in ("range", "list") else None
        after = found[i + 2][0] if i + 2 < len(found) and found[i + 1][0] in ("range", "list") else None
        beside = before if isinstance(before, _Point) and not found[i - 2][1] else after
        if isinstance(beside, _Point) and (beside.month or beside.day):
            yield _Point(None, None, token.day) if beside.day else _Point(None, token.month, None)


def _point(m: re.Match[str]) -> _Point:
    parts = {name[0]: value for name, value in m.groupdict().items() if value and name[-1].isdigit()}
    year = parts.get("y")
    number = None if year is None else int(year) if len(year) == 4 else 2000 + int(year)
    month, day = (int(parts[k]) if k in parts else None for k in "md")
    return _Point(number, month, day, year is not None and len(year) == 4)


def _settled(text: str, tokens: list[_Token]) -> Time | None:
    """What the tokens of a text say together."""
    points = [t for t in tokens if isinstance(t, _Point) and (t.month or t.day)]
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


def _months_said(tokens: list[_Token], *, until: bool) -> Iterator[Time]:
    """What each range, list or lone point says; where a month stands beside lone days, they are days of writing."""
    ranges: list[list[_Point]] = []
    lone: list[_Point] = []
    kinds: list[str] = []
    i = 0
    while i < len(tokens):
        here = tokens[i]
        if not isinstance(here, _Point) or not (here.month or here.day):
            i += 1
            continue
        after = tokens[i + 2] if i + 2 < len(tokens) and isinstance(tokens[i + 1], str) else None
        if isinstance(after, _Point):
            ranges.append([here, after])
            kinds.append(str(tokens[i + 1]))
            i += 3
        else:
            lone.append(here)
            i += 1
    for (first, last), kind in zip(ranges, kinds, strict=True):
        yield _of_range(first, last) if kind == "range" else _of_list(first, last)
    months = [p for p in lone if p.day is None]
    days = [p for p in lone if p.day is not None and p.month]
    for p in months:
        yield Named(p.year, p.month or 1, p.full)
    for p in days if not months and not ranges else []:
        yield _of_days(p, until=until)


def _of_days(point: _Point, *, until: bool) -> Time:
    """What a lone day says of time: the first of a month is how a book stores the month, one of its last ends it.

    Until the 20th is said of a month that began in the one before.
    """
    assert point.month is not None
    assert point.day is not None
    ends = point.day >= (_MOST_OF if until else _WHOLE) or (point.day == 1 and not until)
    return Named(point.year, point.month, point.full) if ends else NotOneMonth(part=True)


def _of_list(first: _Point, last: _Point) -> Time:
    year = last.year or first.year
    same = first.month == last.month and first.month and first.day is None and last.day is None
    return Named(year, last.month or 1, first.full or last.full) if same else NotOneMonth()


def _of_range(first: _Point, last: _Point) -> Time:
    """The month that a range covers."""
    if first.month is None:
        first = _Point(last.year, last.month, first.day, last.full)
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


def _is_lone_day(token: _Token) -> bool:
    return isinstance(token, _Point) and token.day is not None and token.month is not None


def _of_number(number: float) -> Time | None:
    text = f"{number:g}" if number < 10_000 else f"{number:.0f}"
    if re.fullmatch(r"20[0-9]{2}\.1", text):
        return Named(int(text[:4]), 1, True, other=10)
    if number.is_integer() and 1 <= number <= 12:
        return Named(None, int(number), False)
    if number.is_integer() and 36_526 <= number <= 73_050:  # a date cell that lost its format
        return time_of(_EXCEL_EPOCH + dt.timedelta(days=int(number)))
    return _settled(text, _tokens(text))


def _digits(text: str) -> str:
    """Chinese numerals of years and months as digits."""
    text = _CHINESE_YEAR.sub(lambda m: "2" + "".join(_CHINESE_DIGIT.get(c, c) for c in m[1][1:]) + "年", text)
    return _CHINESE_MONTH.sub(lambda m: str(_CHINESE_COUNT[m[1]]), text)

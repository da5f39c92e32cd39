"""A text as the points in time that it names, and what connects them: 2023年5月1日 to 31日."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.model.frozen import frozen
from pipeline.read.text import squeeze

_CHINESE_DIGIT = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "O": "0", "o": "0"}
_CHINESE_YEAR = re.compile("([二两][〇零○Oo0][〇零○Oo一二三四五六七八九]{2})年")
_CHINESE_MONTH = re.compile(
    "(?<!第)(十[一二]?|[一二三四五六七八九])(?=月|[至到、和及—–~～-]{1,2}[一二三四五六七八九十0-9]{1,3}月)"
)
_CHINESE_COUNT = {**{c: i for i, c in enumerate("〇一二三四五六七八九")}, "十": 10, "十一": 11, "十二": 12}

_RANGE = "-—–―－~～至到"
YEAR, MONTH, DAY = r"20[0-9]{2}|[0-9]{2}(?=年)", r"1[0-2]|0?[1-9]", r"3[01]|[12][0-9]|0?[1-9]"
TOKEN = re.compile(
    rf"(?<![0-9])(?P<y0>{YEAR})年度?(?P<m0>{MONTH})月(?P<d0>{DAY})(?:[日号]|(?![0-9年月./_]))"
    rf"|(?<![0-9])(?P<y1>{YEAR})(?P<sep>[-./_])(?P<m1>{MONTH})(?P=sep)(?P<d1>{DAY})(?:[日号]|(?![0-9年月./_]))"
    r"|(?<![0-9])(?P<y2>20[0-9]{2})(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12][0-9]|3[01])(?![0-9])"
    rf"|(?<![0-9])(?P<y3>{YEAR})(?:年度?|[-./_])(?P<m3>{MONTH})(?:月|(?![0-9]))"
    r"|(?<![0-9])(?P<y4>20[0-9]{2})(?P<m4>0[1-9]|1[0-2])(?![0-9])"
    rf"|(?<![0-9])(?P<m5>{MONTH})月(?P<d5>{DAY})(?:[日号]|(?=[{_RANGE}][0-9])|$)"
    rf"|(?<![0-9.])(?P<m6>{MONTH})[./](?P<d6>{DAY})(?=[{_RANGE}]+[0-9]{{1,2}}[./][0-9])"
    rf"|(?<=[{_RANGE}])(?P<m7>{MONTH})[./](?P<d7>{DAY})(?![0-9])"
    rf"|(?<![0-9])(?P<m8>{MONTH})月"
    rf"|(?<![0-9])(?P<d9>{DAY})[日号]"
    rf"|(?<![0-9])(?P<n>[0-9]{{1,2}})(?![0-9])"
    rf"|(?P<range>[{_RANGE}]+)|(?P<list>[、和及与,，])|(?P<other>.)"
)


@frozen
class Point:
    """A month or a day as it stands in a text; `year` and `month` are None where what stands before gives them."""

    year: int | None
    month: int | None
    day: int | None
    full: bool = False


Token = Point | str
"""A point in time, or what connects two: `range` or `list`."""


def points_in(text: str) -> list[Point]:
    """The points in time that a text names."""
    return [t for t in tokens_in(with_digits(squeeze(text))) if isinstance(t, Point)]


def tokens_in(text: str) -> list[Token]:
    """The points in time of a text and what connects them; a bare number is one only beside a connection."""
    found: list[tuple[Token, bool]] = []
    for m in TOKEN.finditer(text):
        if m["range"] or m["list"]:
            found.append(("range" if m["range"] else "list", False))
        elif m["n"]:
            found.append((Point(None, None, None), True) if not 0 < int(m["n"]) <= 31 else (_bare(int(m["n"])), True))
        elif m["other"]:
            found.append(("", False))
        else:
            found.append((_point(m), False))
    return list(_connected(found))


def is_lone_day(token: Token) -> bool:
    """Whether a token is the day of a month."""
    return isinstance(token, Point) and token.day is not None and token.month is not None


def with_digits(text: str) -> str:
    """Chinese numerals of years and months as digits."""
    text = _CHINESE_YEAR.sub(lambda m: "2" + "".join(_CHINESE_DIGIT.get(c, c) for c in m[1][1:]) + "年", text)
    return _CHINESE_MONTH.sub(lambda m: str(_CHINESE_COUNT[m[1]]), text)


def _bare(number: int) -> Point:
    """A number without 月 or 日: its neighbours decide which of the two it is."""
    return Point(None, number if number <= 12 else None, number)


def _connected(found: list[tuple[Token, bool]]) -> Iterator[Token]:
    """The tokens without numbers that nothing connects to a point, and without connections of nothing."""
    for i, (token, bare) in enumerate(found):
        if not bare:
            if token:
                yield token
            continue
        assert isinstance(token, Point)
        before = found[i - 2][0] if i >= 2 and found[i - 1][0] in ("range", "list") else None
        after = found[i + 2][0] if i + 2 < len(found) and found[i + 1][0] in ("range", "list") else None
        beside = before if isinstance(before, Point) and not found[i - 2][1] else after
        if isinstance(beside, Point) and (beside.month or beside.day):
            yield Point(None, None, token.day) if beside.day else Point(None, token.month, None)


def _point(m: re.Match[str]) -> Point:
    parts = {name[0]: value for name, value in m.groupdict().items() if value and name[-1].isdigit()}
    year = parts.get("y")
    number = None if year is None else int(year) if len(year) == 4 else 2000 + int(year)
    month, day = (int(parts[k]) if k in parts else None for k in "md")
    return Point(number, month, day, year is not None and len(year) == 4)

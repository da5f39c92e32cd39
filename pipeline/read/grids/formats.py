"""Number formats: what a program shows of a number or a text under a format code (ECMA-376 18.8.30)."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from pipeline.read.grids.codes import GENERAL, Section, Token, parsed, section_for

_PLAIN_DATE = re.compile(r'(?:\[\$-[0-9A-Fa-f]+\])?[ymdhs年月日时分秒:/."\\ @;-]+')
_HOLDERS = ("digit", "general")
_CURRENCIES = "¥￥$£€ +"
_LARGEST_SCALE = 10**18
_EXACT, _DECIMALS = 1e15, 12
_AROUND = " “”‘’。；，、"
_NO_MARKS = dict.fromkeys(map(ord, "●○◎▲△▼▽■□◆◇★☆※"))
"""Marks that a format adds, as our own 汇总表 does, point at a cell and say nothing of what stands in it."""

_ALTERS = re.compile(r"[0-9０-９〇零一二两三四五六七八九十百千万亿兆余多近约几半左右上下内外前后来第倍成折分之点]")
_MEASURE = re.compile(r"[\u4e00-\u9fff]{1,3}|[(（][\u4e00-\u9fff]{1,3}[)）]")
_NO_COUNT = re.compile(r"[0-9]\s*[年月日号]|[0-9][- ]+[0-9]")
_SHOWN = re.compile(r"([^0-9]*?)(-?[0-9][0-9,]*(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]+)?)([^0-9]*)")
_NUMERAL = re.compile("[〇零一二两三四五六七八九十百千]+")
_ERRORS = ("#", "Err:", "错误:")
_NOTHING = re.compile("[-—–−/]+|无|零|〇|没有|暂无")


@dataclass(frozen=True)
class Shown:
    """What is seen of a number: its text, and whether that says the stored number, a date, or something else."""

    text: str
    says: str


NUMBER, DATE, ELAPSED, TEXT, ANOTHER, HIDDEN = "number", "date", "elapsed", "text", "another", "hidden"


def shown_number(code: str, value: float) -> Shown:
    """What the format shows of a number.

    NUMBER: the number itself, perhaps with a measure behind it, rounded, or as a dash for zero. ANOTHER: a number that is
    not the one stored, or not plainly (scaled, 约 before it, 余 behind it). TEXT: what is no count: a word, a month, the
    number of a telephone.
    """
    section, own_sign = section_for(parsed(code), value)
    if section is None:
        return Shown(_general(value), NUMBER)
    if section.is_date:
        return Shown("", ELAPSED if section.holds("elapsed") else DATE)
    text, same = _rendered(section, abs(value) if own_sign else value)
    text = text.strip()
    if not text:
        return Shown("", HIDDEN)
    if not any(section.holds(k) for k in _HOLDERS) and not section.is_text:
        return _words(text, value)
    if _NO_COUNT.search(text):
        return Shown(text, TEXT)
    return Shown(
        text, NUMBER if same and not (own_sign and value < 0 and "-" not in text and "(" not in text) else ANOTHER
    )


def shown_as(text: str, value: float) -> Shown:
    """The same where a file tells what is shown of a number, and not by which format."""
    text = text.translate(_NO_MARKS).strip()
    m = _SHOWN.fullmatch(text)
    if text.startswith(_ERRORS):
        return Shown(text, ANOTHER)
    if not m:
        return Shown(text, TEXT) if _NO_COUNT.search(text) or _NUMERAL.fullmatch(text) else _words(text, value)
    if _NO_COUNT.search(text):
        return Shown(text, TEXT)
    number, after = m[2].replace(",", ""), m[3]
    same = float(number) == value or _is_rounded(number, value)
    if after.strip() == "%" and math.isclose(float(number), value * 100, rel_tol=0.01):
        same, after = True, ""
    return Shown(text, NUMBER if same and _changes_nothing(m[1], after, number) else ANOTHER)


def _is_rounded(number: str, value: float) -> bool:
    """Whether a number that is shown is the value with fewer decimals."""
    if "e" in number.lower():
        return math.isclose(float(number), value, rel_tol=0.05)
    decimals = math.isfinite(value) and not value.is_integer()
    return decimals and float(_rounded(value, len(number.partition(".")[2]))) == float(number)


def shown_text(code: str, text: str) -> str:
    """What the format shows of a text."""
    sections = parsed(code)
    last = sections[-1] if sections else None
    if last is None or not (last.is_text or len(sections) == 4):
        return text
    shown = "".join(text if (k, t) == ("other", "@") else _literal(k, t) for k, t in last.tokens)
    return text if shown.strip() == text.strip() else shown


@lru_cache(maxsize=1024)
def is_plain(code: str) -> bool:
    """Whether every number and text under the format is seen as it is stored, and dates are by any reader's lights."""
    if code in (GENERAL, "@"):
        return True
    if any(section.condition for section in parsed(code)) or shown_text(code, "字") != "字":
        return False
    looks = {shown_number(code, n).says for n in (0, 1, 3, 7, 12, 350, 4000, 56_789, -1)}
    return looks == {NUMBER} or (looks == {DATE} and _PLAIN_DATE.fullmatch(code) is not None)


# -- what it shows ----------------------------------------------------------------------------------------------------


def _literal(kind: str, text: str) -> str:
    if kind == "space":
        return " "
    return text.translate(_NO_MARKS) if kind in ("quoted", "escaped", "other", "date") else ""


def _words(text: str, value: float) -> Shown:
    """A number that is shown as words: a dash says zero and nothing else, 是 says 是."""
    if _NOTHING.fullmatch(text):
        return Shown(text, NUMBER if value == 0 else ANOTHER)
    return Shown(text, ANOTHER if _ALTERS.search(text) else TEXT)


def _rendered(section: Section, value: float) -> tuple[str, bool]:
    """What a section shows of a number, and whether that says this number and no other."""
    tokens = [("general", "") if (k, t) == ("other", "@") else (k, t) for k, t in section.tokens]
    places = [i for i, (k, _) in enumerate(tokens) if k in _HOLDERS]
    if not places:
        return "".join(_literal(*t) for t in tokens), True
    first, behind = places[0], places[-1] + 1
    scale = 1
    while behind < len(tokens) and tokens[behind] == ("other", ","):
        scale, behind = min(scale * 1000, _LARGEST_SCALE), behind + 1
    before, core = "".join(_literal(*t) for t in tokens[:first]), tokens[first:behind]
    after = "".join(_literal(*t) for t in tokens[behind:])
    percent = min(tokens.count(("other", "%")), 9)
    number, whole = _core(core, value / scale * 100**percent)
    sign = "-" if value < 0 and number else ""
    # 400 % is 4, but 4 that is shown with a percent sign of its own is not.
    same = whole and _changes_nothing(before, after.replace("%", "", percent), number) and (value == 0 or scale == 1)
    return f"{sign}{before}{number}{after}", same


def _changes_nothing(before: str, after: str, number: str) -> bool:
    """Whether what stands around a number leaves it what it is: a currency before it, a measure behind it."""
    before, after = before.strip(), after.strip(_AROUND)
    if before == "(" and after == ")":
        return bool(number)
    measure = not after or (_MEASURE.fullmatch(after) is not None and not _ALTERS.search(after))
    return bool(number) and not before.strip(_CURRENCIES) and measure


def _core(tokens: list[Token], value: float) -> tuple[str, bool]:
    """The number between the first and the last place of a digit, and whether no sign parts its digits."""
    kinds = {k for k, _ in tokens}
    if "general" in kinds or "power" in kinds or ("other", "/") in tokens:
        return _general(abs(value)), all(k in ("general", "power", "digit", "space") or t in "./, " for k, t in tokens)
    if not abs(value) < _EXACT:
        return _general(abs(value)), True
    point = tokens.index(("other", ".")) if ("other", ".") in tokens else len(tokens)
    whole, parts = tokens[:point], tokens[point + 1 :]
    decimals = sum(k == "digit" for k, _ in parts)
    digits, _, fraction = _rounded(abs(value), decimals).partition(".")
    text = _filled(whole, digits.lstrip("0"))
    tail = _trimmed(parts, fraction)
    plain = all(k == "digit" or (k, t) == ("other", ",") for k, t in (*whole, *parts))
    return (f"{text}.{tail}" if tail else text), plain


def _filled(tokens: list[Token], digits: str) -> str:
    """The digits of a whole number in their places, from the right; those left over stand at the first place."""
    left, out = list(digits), list[str]()
    places = sum(k == "digit" for k, _ in tokens)
    for kind, text in reversed(tokens):
        if kind == "digit":
            places -= 1
            pad = {"0": "0", "?": " "}.get(text, "")
            digit = left.pop() if left else pad
            out.append("".join(left) + digit if not places else digit)
        elif (kind, text) != ("other", ","):
            out.append(_literal(kind, text))
    return "".join(reversed(out)).strip()


def _trimmed(tokens: list[Token], fraction: str) -> str:
    """The decimals without the zeros that a # does not show."""
    places = [t for k, t in tokens if k == "digit"]
    shown = list(fraction)
    while shown and shown[-1] == "0" and places[len(shown) - 1] != "0":
        shown.pop()
    return "".join(shown)


def _rounded(value: float, decimals: int) -> str:
    """A number below 10**15 with so many decimals, a half rounded up."""
    places = Decimal(1).scaleb(-min(decimals, _DECIMALS))
    return f"{Decimal(repr(value)).quantize(places, ROUND_HALF_UP):f}"


def _general(value: float) -> str:
    return f"{value:.15g}"


# -- dates ------------------------------------------------------------------------------------------------------------

_EPOCH, _EPOCH_1904 = dt.datetime.fromisoformat("1899-12-30"), dt.datetime.fromisoformat("1904-01-01")
_LEAP_BUG = 60
"""Excel takes 1900 for a leap year: its day 60 never was, and the days before it count from a day later."""


def date_of(value: float, *, from_1904: bool = False) -> dt.date | dt.time | None:
    """The day, moment or time of a serial number, a day where it is midnight; None where it is none and shown as ####."""
    epoch = _EPOCH_1904 if from_1904 else _EPOCH if value >= _LEAP_BUG else _EPOCH + dt.timedelta(days=1)
    try:
        moment = epoch + dt.timedelta(seconds=round(value * 86_400))
        return None if value < 0 else moment.time() if value < 1 else as_day(moment)
    except (OverflowError, ValueError):
        return None


def as_day(moment: dt.datetime) -> dt.date:
    """The moment, or its day where it is midnight."""
    return moment.date() if moment.time() == dt.time() else moment

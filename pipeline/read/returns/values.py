"""What a filed value counts as: the table of values of the contract, to the letter."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from pipeline.model import Figure, Unresolved
from pipeline.read.text import fold, plain
from schemas import COLUMN, COLUMNS
from schemas.vocabulary import BLANK, CLEANED, OK, UNREADABLE, Kind

_YES = {"是", "√", "✓", "✔", "有", "已建立", "已成立", "建立", "成立", "设立", "Y", "TRUE", "1", "1.0"}
_NO = {"否", "未建立", "未成立", "无", "×", "N", "FALSE", "0", "0.0"}
# An input method types the Chinese dash as a pair, ——; it is the same mark as —.
_ZERO = {"无", "没有", "/", "—", "——", "-", "\\", "零", "〇"}

_MEASURES = "".join(sorted({c.measure for c in COLUMNS if c.measure}))
_WHOLE = re.compile(r"[0-9]+(?:\.0*)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.0*)?")
_CHINESE = re.compile("[〇零一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟]+")
_TWO_NUMBERS = re.compile(r"[0-9０-９][\s\u3000]+[0-9０-９]")
_DIGITS = 15
"""Excel keeps 15 significant digits; a longer number is no longer the one that was typed."""


def figure(key: str, filed: object, cell: str) -> Figure:
    """The figure a cell of that column holds; `filed` is what the reader gave, `cell` its address."""
    return figure_of(COLUMN[key].kind, filed, cell)


@lru_cache(maxsize=2**13, typed=True)  # most figures are small, and stand in the same cells of the same form
def figure_of(kind: Kind, filed: object, cell: str) -> Figure:
    """The same for any column of that kind."""
    value, state = _yes_no(filed) if kind == "yes_no" else _count(filed)
    return Figure(value, state, plain(filed).strip(), cell)


def _count(filed: object) -> tuple[int | None, str]:
    if isinstance(filed, bool | dt.date | dt.time | dt.timedelta | Unresolved):
        return None, UNREADABLE
    if isinstance(filed, int | float):
        return _number(filed)
    text = fold(plain(filed))
    if not text:
        return None, BLANK
    if _TWO_NUMBERS.search(plain(filed)):
        return None, UNREADABLE
    value, clean = _parse(text)
    if value is None:
        return None, UNREADABLE
    return value, OK if clean else CLEANED


def _number(filed: int | float) -> tuple[int | None, str]:
    # 0.1 * 30 is stored as 3.0000000000000004 and shown as 3: compared in the digits Excel itself keeps.
    number = float(f"{filed:.{_DIGITS}g}")
    if number.is_integer() and 0 <= number < 10**_DIGITS:
        return int(number), OK
    return None, UNREADABLE


def _parse(text: str) -> tuple[int | None, bool]:
    """The whole number a text says, and whether it says it plainly."""
    if text in _ZERO:
        return 0, False
    if _WHOLE.fullmatch(text):
        return _whole(text), True
    bare = text.removeprefix("'").removeprefix("‘").removeprefix("’")
    bare = bare[:-1] if bare[-1:] in _MEASURES else bare
    if _WHOLE.fullmatch(bare) or _GROUPED.fullmatch(bare):
        return _whole(bare.replace(",", "")), False
    return (chinese_number(bare) if _CHINESE.fullmatch(bare) else None), False


def _whole(text: str) -> int | None:
    digits = text.partition(".")[0].lstrip("0") or "0"
    return int(digits) if len(digits) <= _DIGITS else None


def chinese_number(text: str) -> int | None:
    """The whole number of a Chinese numeral, None where it is not one. 一二 or 三五 mean 'a few': no number."""
    import cn2an  # 0.2 s, and few returns need it

    try:
        # cn2an's strict mode knows neither 两 nor 〇; its other modes take 一二 for 12.
        number = cn2an.cn2an(text.replace("两", "二").replace("〇", "零"), "strict")
    except ValueError:
        return None
    return int(number) if isinstance(number, int) and 0 <= number < 10**_DIGITS else None


def _yes_no(filed: object) -> tuple[bool | None, str]:
    text = fold(plain(filed))
    if not text:
        return None, BLANK
    if not isinstance(filed, Unresolved) and text.upper() in _YES:
        return True, OK
    if not isinstance(filed, Unresolved) and text.upper() in _NO:
        return False, OK
    return None, UNREADABLE

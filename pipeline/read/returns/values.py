"""What a filed value counts as: the table of values of the contract, to the letter."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from itertools import pairwise

from pipeline.model import Figure, Unresolved
from pipeline.read.text import fold, pieces, plain
from schemas.columns import BLANK, CLEANED, OK, UNREADABLE, Kind

MEASURE_WORDS = "次件个项条篇场期人份家批户名元亩处起"
"""What people write behind a figure; it says what was counted, and changes no number."""

_YES = {"是", "√", "✓", "✔", "☑", "有", "已建立", "已成立", "建立", "成立", "设立", "Y", "TRUE", "1", "1.0"}
_NO = {"否", "未建立", "未成立", "无", "×", "N", "FALSE", "0", "0.0"}
_TICKED, _OPEN = "☑√✓✔■☒", "□☐○"
_BOXES = tuple(re.compile(form.replace("#", f"([{_TICKED}{_OPEN}])")) for form in ("#是[、,/|]?#否", "是#[、,/|]?否#"))
"""Both answers printed with a box each, before or behind the word."""

_DASHES = "—－-–−‐‑﹣―﹘"
# An input method types the Chinese dash as a pair, ——; it is the same mark as —.
_NONE = {
    "无",
    "没有",
    "暂无",
    "未开展",
    "未发生",
    "没有发生",
    "/",
    "／",
    "~",
    "～",
    "\\",
    "零",
    "〇",
    *_DASHES,
    "——",
    "--",
}

_WHOLE = re.compile(r"[0-9]+(?:\.0+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.0+)?")
_CHINESE = re.compile("[〇零一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟]+")
_NUMERAL = "0-9０-９〇零一二两三四五六七八九十百千万"
_ENDS, _BEGINS = re.compile(rf"[{_NUMERAL},，.]$"), re.compile(rf"[{_NUMERAL},，.]")
_DIGITS = 15
"""Excel keeps 15 significant digits; a longer number is no longer the one that was typed."""


@lru_cache(maxsize=2**13, typed=True)  # most figures are small, and stand in the same cells of the same form
def figure_of(kind: Kind, filed: object, cell: str, measure: str = "") -> Figure:
    """The figure a cell of a column of that kind holds; `filed` is what the reader gave, `cell` its address.

    What the column prints as its `measure` may stand behind it, and so may any measure word.
    """
    value, state = _yes_no(filed) if kind == "yes_no" else _count(filed, measure)
    return Figure(value, state, plain(filed).strip(), cell)


def _count(filed: object, measure: str) -> tuple[int | None, str]:
    if isinstance(filed, bool | dt.date | dt.time | dt.timedelta | Unresolved):
        return None, UNREADABLE
    if isinstance(filed, int | float):
        return _number(filed)
    text = fold(plain(filed))
    if not text:
        return None, BLANK
    if _parts_digits(plain(filed)):
        return None, UNREADABLE
    value, clean = _parse(text, measure)
    if value is None:
        return None, UNREADABLE
    return value, OK if clean else CLEANED


def _parts_digits(text: str) -> bool:
    """Whether a break, a space or a mark without width stands between two digits: they are two numbers then."""
    return any(_ENDS.search(one) and _BEGINS.match(next_one) for one, next_one in pairwise(pieces(text)))


def _number(filed: int | float) -> tuple[int | None, str]:
    # 0.1 * 30 is stored as 3.0000000000000004 and shown as 3: compared in the digits Excel itself keeps.
    number = float(f"{filed:.{_DIGITS}g}")
    if number.is_integer() and 0 <= number < 10**_DIGITS:
        return int(number), OK
    return None, UNREADABLE


def _parse(text: str, measure: str) -> tuple[int | None, bool]:
    """The whole number a text says, and whether it says it plainly."""
    if text in _NONE:
        return 0, False
    if _WHOLE.fullmatch(text):
        return _whole(text), True
    bare = text.removeprefix("'").removeprefix("‘").removeprefix("’")
    whole = bare.removesuffix(measure)
    bare = whole if whole != bare or len(bare) < 2 or bare[-1] not in MEASURE_WORDS else bare[:-1]
    if _WHOLE.fullmatch(bare) or _GROUPED.fullmatch(bare):
        return _whole(bare.replace(",", "")), False
    return (chinese_number(bare) if _CHINESE.fullmatch(bare) else None), False


def _whole(text: str) -> int | None:
    digits = text.partition(".")[0].lstrip("0") or "0"
    return int(digits) if len(digits) <= _DIGITS else None


def chinese_number(text: str) -> int | None:
    """The whole number of a Chinese numeral, None where it is not one. 一二 or 三五 mean 'a few': no number."""
    # No numerals of our own: cn2an knows 壹佰 and 二十 alike. It takes 0.2 s to import, and few returns need it.
    import cn2an

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
    answer = None if isinstance(filed, Unresolved) else _answer(text)
    return answer, UNREADABLE if answer is None else OK


def _answer(text: str) -> bool | None:
    if text.upper() in _YES:
        return True
    if text.upper() in _NO:
        return False
    m = next((m for form in _BOXES if (m := form.fullmatch(text))), None)
    ticked = [box in _TICKED for box in m.groups()] if m else []
    return ticked[0] if sum(ticked) == 1 else None

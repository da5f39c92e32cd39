"""Phones as the reader of a workbook, or of the screen, may see them: in their own column, and wherever else one stands."""

from __future__ import annotations

import re
import unicodedata

FULL, MASKED, OMIT = "full", "masked", "omit"
_RUN = re.compile(r"[0-9][0-9\-‐‑–—－.·\s]*[0-9]|[0-9]")
_SHORTEST = 5
"""Fewer digits in a row are no phone, nor tell one."""

_GAP = r"[\s\-‐‑–—－.·()（）\u200b-\u200f\ufeff]{0,2}"
_NARROW = {0xFF10 + n: str(n) for n in range(10)} | dict.fromkeys([*range(0x200B, 0x2010), 0xFEFF])
_LIKE_A_PHONE = re.compile(
    rf"(?<!\d)(?:[+＋]?86{_GAP})?[1１][3-9３-９](?:\d(?:{_GAP}\d{{4}}){{2}}|\d\d{_GAP}\d{{3}}{_GAP}\d{{4}}|\d{_GAP}\d{{3}}{_GAP}\d{{5}})(?!\d)"
    rf"|(?<!\d)[1１][\s\-.·][3-9３-９](?:[\s\-.·]\d){{9}}(?!\d)"
    rf"|(?<!\d)[(（]?[0０]\d{{2,3}}[)）]?{_GAP}[2-9２-９]\d{{2,3}}{_GAP}\d{{4}}(?!\d)"
    rf"|(?:电话|手机|座机|传真|号码|联系人?|方式|[Tt][Ee][Ll])[^\w]{{0,4}}\d[\d\s\-‐‑–—－.·]{{3,}}\d"
)
"""A mobile number however it is grouped, a landline with its area code, and what is said to be a number to call."""


def shown(text: str, how: str) -> str:
    """A phone, or several, in full, masked (138****1234) or left out."""
    if how == FULL:
        return text
    if how == OMIT:
        return ""
    return _RUN.sub(lambda m: _mask(m[0]), unicodedata.normalize("NFKC", text))


def masked(text: str) -> str:
    """A text of any kind with what looks like a phone in it masked."""
    return _LIKE_A_PHONE.sub(lambda m: _RUN.sub(lambda run: _mask(run[0]), m[0].translate(_NARROW)), text)


def _mask(run: str) -> str:
    digits = re.sub(r"[^0-9]", "", run)
    if len(digits) < _SHORTEST:
        return run
    return f"{digits[:3] if len(digits) >= 10 else ''}****{digits[-4:] if len(digits) >= 7 else digits[-2:]}"

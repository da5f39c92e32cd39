"""Phones as the reader of a workbook may see them."""

from __future__ import annotations

import re
import unicodedata

FULL, MASKED, OMIT = "full", "masked", "omit"
_RUN = re.compile(r"[0-9][0-9\-‐‑–—－.·\s]*[0-9]|[0-9]")
_SHORTEST = 5
"""Fewer digits in a row are no phone, nor tell one."""


def shown(text: str, how: str) -> str:
    """The text with its phones in full, masked (138****1234) or left out."""
    if how == FULL:
        return text
    if how == OMIT:
        return ""
    return _RUN.sub(lambda m: _mask(m[0]), unicodedata.normalize("NFKC", text))


def _mask(run: str) -> str:
    digits = re.sub(r"[^0-9]", "", run)
    if len(digits) < _SHORTEST:
        return run
    return f"{digits[:3] if len(digits) >= 10 else ''}****{digits[-4:] if len(digits) >= 7 else digits[-2:]}"

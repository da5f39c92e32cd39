"""Text as people type it, brought to one spelling."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pipeline.model import LOST

__all__ = ["LOST", "MAX_TEXT", "fold", "plain", "squeeze", "unbracket"]

MAX_TEXT = 2_000
"""No label, name or figure is longer; hostile files hold billions of characters in a cell."""

# Full-width forms only: NFKC would also turn ① into 1 and ½ into 1/2, which are not what the unit filed.
_WIDTH = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}
_NOTHING = re.compile(
    r"[\s\u00a0\u00ad\u115f\u1160\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\x00-\x1f\x7f]+"
)
_RATIO = "\u2236"
"""What some input methods type for a colon."""

_BRACKETS = str.maketrans("", "", "()[]{}（）【】〔〕［］「」《》<>“”\"'")


def fold(text: str) -> str:
    """The text in half-width characters without spaces of any kind (zero-width ones and line breaks too)."""
    return _NOTHING.sub("", text[:MAX_TEXT]).translate(_WIDTH)


def pieces(text: str) -> list[str]:
    """What spaces of any kind, line breaks and marks without width leave apart."""
    return [piece for piece in _NOTHING.split(text[:MAX_TEXT]) if piece]


def plain(value: object) -> str:
    """A cell as text, '' where blank; a whole number without its .0, a day as 2023-05-01."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e16:
        return str(int(value))
    return str(value)[:MAX_TEXT]


@lru_cache(maxsize=4096)
def squeeze(text: str) -> str:
    """NFKC without spaces: the spelling in which labels and names are compared."""
    return _NOTHING.sub("", unicodedata.normalize("NFKC", text[:MAX_TEXT])).replace(_RATIO, ":")


def unbracket(text: str) -> str:
    """The text without brackets and quotation marks (what stands in them stays)."""
    return text.translate(_BRACKETS)

"""What is seen of a cell: its value under its number format, its text without what is struck out, its ticks.

Every reader that knows the looks of cells asks here, so a rule about what is seen holds for all formats.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Unresolved
from pipeline.read.grids.codes import GENERAL
from pipeline.read.grids.formats import (
    ANOTHER,
    DATE,
    ELAPSED,
    HIDDEN,
    TEXT,
    date_of,
    is_plain,
    shown_number,
    shown_text,
)
from pipeline.read.text import MAX_TEXT

_TICK, _CROSS = "√", "×"
_SYMBOLS: dict[str, dict[str, str]] = {
    "wingdings": {"ü": _TICK, "þ": _TICK, "û": _CROSS, "ý": _CROSS, "x": _CROSS},
    "wingdings 2": dict.fromkeys("PR", _TICK) | dict.fromkeys("OQSTUV", _CROSS),
    "webdings": {"a": _TICK, "r": _CROSS},
    "marlett": {"a": _TICK, "b": _TICK, "r": _CROSS},
    "zapf dingbats": dict.fromkeys("34", _TICK) | dict.fromkeys("5678", _CROSS),
    "monotype sorts": dict.fromkeys("34", _TICK) | dict.fromkeys("5678", _CROSS),
    "wingdings 3": {},
}
"""The ticks and crosses of the fonts that show a picture for every character; the rest of their pictures say nothing."""

_SYMBOL_FONT = {"Ö": _TICK, "´": _CROSS, "¸": "÷", "±": "±", "×": "·"}
"""What the font Symbol shows where it is no letter or digit; √ stands at Ö there."""

_ALIASES = {"itc zapf dingbats": "zapf dingbats", "zapfdingbats": "zapf dingbats"}
_PRIVATE = range(0xF020, 0xF100)
"""Characters of symbol fonts are also stored here, 0xF000 above their place."""

_FIGURE = re.compile(
    r"(?=.*[0-9０-９〇零一二两三四五六七八九十百千无/—-])[0-9０-９〇零一二两三四五六七八九十百千万无.,，/—+约余次件个项条篇场期人份家批\s-]{1,20}",
    re.S,
)
"""What somebody may have filled in as a figure."""

_HIGH = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
_LOW = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")


STRUCK = "已划去"
"""Said of what was struck out as a whole."""


@dataclass(frozen=True)
class Font:
    """What matters of a font: `shift` is 1 where its text is raised and -1 where it is lowered."""

    struck: bool = False
    shift: int = 0
    name: str = ""

    @property
    def symbols(self) -> str:
        """The symbol font that this is, '' for all others."""
        name = self.name.strip().casefold()
        name = _ALIASES.get(name, name)
        return name if name in _SYMBOLS or name == "symbol" else ""

    @property
    def is_plain(self) -> bool:
        """Whether text in it is seen as it is stored."""
        return not (self.struck or self.shift or self.symbols)


PLAIN = Font()


@dataclass(frozen=True)
class Look:
    """How a cell looks: its font and the code of its number format."""

    font: Font = PLAIN
    code: str = GENERAL

    @property
    def is_plain(self) -> bool:
        """Whether whatever stands in such a cell is seen as it is stored."""
        return self.font.is_plain and is_plain(self.code)


Runs = Sequence[tuple[str, Font]]
"""A text in pieces, each with its font."""


def seen_number(value: float, look: Look, *, from_1904: bool = False, zeros: bool = True) -> object:
    """What is seen of a number. `zeros`: whether the sheet shows cells that are zero."""
    shown = shown_number(look.code, value)
    if shown.says in (DATE, ELAPSED):
        return _moment(value, look, elapsed=shown.says == ELAPSED, from_1904=from_1904)
    if shown.says == HIDDEN or (value == 0 and not zeros):
        return Unresolved(f"{value:.15g}（不显示）")
    if look.font.struck or look.font.symbols:
        return seen_text([(shown.text, look.font)], Look(look.font))
    if shown.says == TEXT:
        return shown.text
    return Unresolved(shown.text) if shown.says == ANOTHER else value


def _moment(value: float, look: Look, *, elapsed: bool, from_1904: bool) -> object:
    if elapsed:
        return dt.timedelta(days=value) if abs(value) < 1e6 else Unresolved("####")
    moment = date_of(value, from_1904=from_1904)
    if moment is None:
        return Unresolved("####")
    return seen_text([(str(moment), look.font)], Look(look.font)) if look.font.struck else moment


def seen_text(runs: Runs, look: Look) -> object:
    """What is seen of a text: None where nothing is, Unresolved where a figure is struck out or carries a raised mark."""
    runs = [(text[:MAX_TEXT], font) for text, font in runs if text]
    whole = "".join(text for text, _ in runs)
    if look.is_plain and all(font.is_plain for _, font in runs):
        return whole
    kept = [(text, font) for text, font in runs if not font.struck]
    if not "".join(text for text, _ in kept).strip() and whole.strip():
        return _unseen(whole, STRUCK)
    pictured = [(_pictured(text, font), font) for text, font in kept]
    seen = "".join(text for text, _ in pictured)
    if len(seen) < sum(len(text) for text, _ in kept) and (not seen.strip() or _FIGURE.fullmatch(seen)):
        return Unresolved(whole)
    return _formatted(_unshifted(pictured), look)


def _formatted(value: object, look: Look) -> object:
    """The text as its format shows it."""
    if type(value) is not str:
        return value
    shown = shown_text(look.code, value)
    return shown if shown.strip() or not value.strip() else _unseen(value, "不显示")


def _unseen(text: str, why: str) -> object:
    """What a text that is not seen leaves: a figure must be asked for, a caption or a label is simply not there."""
    return Unresolved(f"{text.strip()}（{why}）") if _FIGURE.fullmatch(text) else None


def _unshifted(runs: Runs) -> object:
    """The text without the marks above or below its line; a figure with such a mark is none.

    What is raised as a whole is no mark.
    """
    base = "".join(text for text, font in runs if not font.shift)
    if not base.strip() or not "".join(text for text, font in runs if font.shift).strip():
        return "".join(text for text, _ in runs)
    if _FIGURE.fullmatch(base):
        return Unresolved("".join(text.translate({1: _HIGH, -1: _LOW}.get(font.shift, {})) for text, font in runs))
    return base


def _pictured(text: str, font: Font) -> str:
    """The text as its symbol font shows it, without the pictures that say nothing.

    Such a font has no Chinese characters; they are shown in another.
    """
    if not font.symbols:
        return text
    return "".join([_picture(chr(ord(c) - 0xF000) if ord(c) in _PRIVATE else c, font.symbols) for c in text])


def _picture(place: str, symbols: str) -> str:
    if symbols == "symbol":
        return _SYMBOL_FONT.get(place, place)
    return place if ord(place) > 0xFF or place.isspace() else _SYMBOLS[symbols].get(place, "")

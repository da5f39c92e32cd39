"""How much room a text takes: the height of its row, the width of its column."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_LINE, _NOTE_LINE, _PADDING = 15.5, 16.0, 5
_NARROWER = 0.92
"""Letters of 11 points take as much more room than those of 10.5 that widths are reckoned for."""

_CHINESE = 1.8
"""Width of a Chinese character in digits, the unit of column widths."""

_RAGGED = 1.1
_MAX_PRINTED_CHARS = 400
"""Of a longer text no row shows more than this; Excel's rows end at 409 points."""


def row_height(values: Iterable[object], widths: Iterable[float]) -> float:
    """The height in points in which those values can be read in columns of those widths, wrapped."""
    return (
        _LINE * max([1, *(lines_of(str(v), w) for v, w in zip(values, widths, strict=False) if v is not None)])
        + _PADDING
    )


def note_height(text: str, width: float) -> float:
    """The height in points of a note, whose letters are larger, over columns of that width together."""
    return _NOTE_LINE * lines_of(text, width * _NARROWER, len(text)) + _PADDING


def one_line(text: str) -> float:
    """How wide a column is in which the text takes one line."""
    return _wide(text) + 2.0


def lines_of(text: str, width: float, longest: int = _MAX_PRINTED_CHARS) -> int:
    """How many lines a text takes in a column of that width, wrapped; of a longer one the beginning."""
    if 2 * len(text) < width - 1 and text.isprintable():
        return 1  # however wide its characters are
    return sum(_wrapped(_wide(part) / (width - 1)) for part in text[:longest].split("\n"))


def _wrapped(full: float) -> int:
    """How many lines it takes that fill so many to the brim: where it is wrapped, no line is filled to its end."""
    return 1 if full <= 1 else 1 + int(_RAGGED * full)


def _wide(text: str) -> float:
    return (
        len(text) if text.isascii() else sum(_CHINESE if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)
    )

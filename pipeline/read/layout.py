"""What all readers of tables share: how far they read, and how a sheet becomes a grid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from pipeline.model import Grid
from pipeline.read.text import MAX_TEXT, fold

MAX_ROWS = 10_000
MAX_COLUMNS = 300
MAX_AREA = 2_000_000
"""So many cells calamine may lay out for one sheet; a stray value in a far corner asks for billions.

Such a sheet is left to the second reader, which passes over what is blank, and read as far as a form can reach.
"""


@dataclass(frozen=True)
class Book:
    """The visible sheets of a workbook or the tables of a `document`, and what was left unread."""

    grids: tuple[Grid, ...]
    notes: tuple[str, ...] = ()
    document: bool = False


def hidden(name: str) -> str:
    """The note about a sheet that was not read."""
    return f"隐藏工作表“{name}”未读"


def tidy(rows: Iterable[Iterable[object]]) -> list[list[object]]:
    """The rows as a grid holds them: blank text as None, no text longer than matters, all of one length."""
    found = [[_cell(v) for v in islice(row, MAX_COLUMNS)] for row in islice(rows, MAX_ROWS)]
    while found and all(v is None for v in found[-1]):
        found.pop()
    width = max((len(row) for row in found), default=0)
    return [row + [None] * (width - len(row)) for row in found]


def _cell(value: object) -> object:
    if isinstance(value, str):
        value = value[:MAX_TEXT]
        return value if fold(value) else None
    return value

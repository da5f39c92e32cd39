"""What all readers of tables share: how far they read, and how a sheet becomes a grid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from pipeline.model import Grid, GridRow, clean
from pipeline.model.frozen import frozen
from pipeline.read.text import MAX_TEXT, fold

MAX_ROWS = 3_000
MAX_COLUMNS = 200
MAX_SHEETS = 400
MAX_CELLS = 150_000
"""Filled cells read of one book; a year of all units on one form each has a twentieth of them."""

_LONG = 100
"""A text counts as one more cell for each stretch of this many characters."""

_LITTLE = 200
"""Letters: what stands around a form."""

_WIDE = 64
"""No form has this many columns."""

MAX_MERGES = 20_000
MAX_AREA = 2_000_000
"""Cells that calamine may lay out for one sheet; a stray value in a far corner asks for billions.

Such a sheet is left to the reader of its kind, which passes over what is blank, and read as far as a form can reach.
"""


FORMATS_UNKNOWN = "单元格的格式没有识别，隐藏的行列和划去的内容可能也读了"
"""A note on a book of which only values could be read."""


class TooLargeError(Exception):
    """A sheet or a document reaches farther than anything a unit can have filled in."""


@frozen
class Book:
    """The visible sheets of a workbook or the tables of a `document`, and what was left unread.

    `instead` is one word for what the file is where no form is found in it, '' where nothing is known. `sent_up`: it
    carries the mark of a workbook that was sent up.
    """

    grids: tuple[Grid, ...]
    notes: tuple[str, ...] = ()
    document: bool = False
    instead: str = ""
    sent_up: bool = False

    @property
    def nearly_empty(self) -> bool:
        """Whether no more stands in it than above a form."""
        room = _LITTLE
        for row in (row for grid in self.grids for row in grid.rows):
            room -= sum(len(str(v)) for v in row if v is not None)
            if room < 0:
                return False
        return True


class BookBuilder:
    """A book in the making: takes sheets one by one, as far as its limits allow, and notes what was left out."""

    def __init__(self) -> None:
        self._grids: list[Grid] = []
        self._notes: list[str] = []
        self._room = MAX_CELLS

    @property
    def full(self) -> bool:
        """Whether no further sheet is taken."""
        return self._room <= 0 or len(self._grids) >= MAX_SHEETS

    def note(self, text: str) -> None:
        """Notes what was not read."""
        self._notes.append(clean(text))

    def hidden(self, name: str) -> None:
        """Passes over a hidden sheet."""
        self.note(f"隐藏工作表“{name}”未读")

    def damaged(self, name: str) -> None:
        """Passes over a sheet that nobody can read."""
        self.note(f"工作表“{name}”读不出来")

    def rows(self, rows: Iterable[Iterable[object]]) -> list[GridRow]:
        """The rows as a grid holds them: blank text as None, no text longer than matters, all of one length."""
        found: list[GridRow] = []
        for given in islice(rows, MAX_ROWS):
            row, room = _row(tuple(islice(given, MAX_COLUMNS)))
            found.append(row)
            self._room -= room
            if self._room <= 0:
                self.note("内容过多，其余部分未读")
                break
        while found and found[-1].count(None) == len(found[-1]):
            found.pop()
        width = max(map(len, found), default=0)
        return [row if len(row) == width else padded(row, width) for row in found]

    def put(self, grid: Grid) -> None:
        """Adds a sheet."""
        name = clean(grid.sheet)
        self._grids.append(grid if name == grid.sheet else replace(grid, sheet=name))
        if len(grid.rows) >= MAX_ROWS:
            self.note(f"工作表“{grid.sheet}”超过{MAX_ROWS}行的部分未读")

    def book(self, *, document: bool = False, instead: str = "") -> Book:
        """The book as far as it was read."""
        return Book(tuple(self._grids), tuple(self._notes), document, instead)


def padded(row: GridRow, width: int) -> GridRow:
    """The row with blank cells behind it, so many cells long."""
    return GridRow((*row, *[None] * (width - len(row))))


class _LongTextError(Exception):
    """A row holds a text too long to be kept for the next form."""


def _row(cells: tuple[object, ...]) -> tuple[GridRow, int]:
    """Cells as a row, and how many cells they count as."""
    if len(cells) <= _WIDE:
        try:
            return _usual(*cells)
        except _LongTextError:
            pass
    row = GridRow([_text(v) if isinstance(v, str) else v for v in cells])
    return row, _filled(row) + sum(len(v) // _LONG for v in row if isinstance(v, str))


@lru_cache(maxsize=2**8, typed=True)  # typed: an error is no text, nor is 1 True
def _usual(*cells: object) -> tuple[GridRow, int]:
    """The same without any long text: what is printed on one form stands on the next."""
    row = GridRow([_short(v) if isinstance(v, str) else v for v in cells])
    return row, _filled(row)


@lru_cache(maxsize=2**12, typed=True)
def _short(text: str) -> str | None:
    if len(text) >= _LONG:
        raise _LongTextError
    return _text(text)


def _text(text: str) -> str | None:
    text = type(text)(clean(text[:MAX_TEXT]))
    return text if fold(text) else None


def _filled(row: GridRow) -> int:
    return len(row) - row.count(None)

"""A sheet as read: its rows, and what has been found out about each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache, wraps
from typing import TypeVar, TypeVarTuple

from pipeline.model.frozen import frozen

Words = tuple[tuple[int, str], ...]
"""The texts of a row with their columns."""

Ts = TypeVarTuple("Ts")
T = TypeVar("T")


class Unresolved(str):
    """A cell that shows no value of its own: an error (#REF!) or a formula saved without its result (=SUM(H6:H7))."""


class GridRow(tuple[object, ...]):
    """A row of a sheet: text, numbers, bools, dates or Unresolved, None where blank or under a merge.

    What is printed on a form stands on the forms of all units. Readers take one row for all of them, and `cached_on_row`
    keeps with it what was found out about it.
    """

    _facts: dict[object, tuple[object, object]]

    def __new__(cls, cells: Iterable[object] = ()) -> GridRow:
        """A row of those cells, about which nothing is known."""
        row = super().__new__(cls, cells)
        row._facts = {}
        return row

    @cached_property
    def words(self) -> Words:
        """Its texts; a number, a date or an error is none."""
        return tuple([(c, v) for c, v in enumerate(self) if type(v) is str])

    @cached_property
    def texts(self) -> Words:
        """Its texts, and what stands for a value that could not be resolved."""
        return tuple([(c, v) for c, v in enumerate(self) if isinstance(v, str)])


def cached_on_row(find: Callable[[GridRow, *Ts], T]) -> Callable[[GridRow, *Ts], T]:
    """Keeps with a row what a function returned for it and its other arguments; it must depend on nothing else.

    Only the last arguments are kept: a row that is repeated through a sheet is one row.
    """

    @wraps(find)
    def cached(row: GridRow, /, *where: *Ts) -> T:
        before, result = row._facts.get(find, (None, None))
        if before != where:
            result = find(row, *where)
            row._facts[find] = where, result
        return result  # type: ignore[return-value]

    return cached


@frozen
class Grid:
    """One visible sheet.

    `top` and `left` say where on the sheet rows[0][0] stands, counted from 0; in a document the table is the sheet, and the
    lines above it stand in the rows before its first. `below`: it stands in one document below the grid before it.
    """

    sheet: str
    rows: Sequence[GridRow]
    top: int = 0
    left: int = 0
    below: bool = False

    def address(self, row: int, column: int) -> str:
        """The cell's address on the sheet, H6; '' for a row that stands above a table of a document."""
        return address(row + self.top, column + self.left)


def address(row: int, column: int) -> str:
    """The address of the cell in that row and column of a sheet, both from 0; '' above its first row."""
    return f"{_letters(column)}{row + 1}" if row >= 0 else ""


@lru_cache(maxsize=512)
def _letters(column: int) -> str:
    """The letters of a column counted from 0: A, B … Z, AA …."""
    letters, n = "", column + 1
    while n:
        n, rest = divmod(n - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

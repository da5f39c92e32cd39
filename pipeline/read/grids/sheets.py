"""A sheet in the making: cells by their place, merges, hidden rows and columns; the grid holds what is seen of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from pipeline.model import Grid
from pipeline.model.grid import address
from pipeline.read.grids.layout import MAX_CELLS, MAX_COLUMNS, MAX_MERGES, MAX_ROWS, BookBuilder, TooLargeError

Position = tuple[int, int]
"""A cell's row and column, from 0."""

Merge = tuple[Position, Position]
"""The first and the last cell of a merged range."""

_RANGE = re.compile(r"\$?([A-Za-z]{0,3})\$?([0-9]{0,7}):\$?([A-Za-z]{0,3})\$?([0-9]{0,7})")
_MAX_STEPS = 20_000_000
NO_HEIGHT = 1.0
"""Points: a row or a column less high or wide shows nothing that could be read."""


@dataclass
class Sheet:
    """What a reader found on a visible sheet, not farther than a form reaches."""

    name: str
    cells: dict[Position, object] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    @property
    def full(self) -> bool:
        """Whether no further cell is taken."""
        return len(self.cells) > MAX_CELLS

    def put(self, row: int, column: int, value: object) -> None:
        """Takes a cell; one that is blank or farther off than a form reaches is none."""
        if value is not None and 0 <= row < MAX_ROWS and 0 <= column < MAX_COLUMNS and not self.full:
            self.cells[row, column] = value

    def merge(self, first: Position, last: Position) -> None:
        """Takes a merged range; one that is a single cell is none."""
        if first != last and len(self.merges) < MAX_MERGES:
            self.merges.append((first, last))

    def hide_rows(self, first: int, last: int) -> None:
        """Takes rows that are not seen, both included."""
        self.hidden_rows.update(range(max(first, 0), min(last + 1, MAX_ROWS)))

    def hide_columns(self, first: int, last: int) -> None:
        """Takes columns that are not seen, both included."""
        self.hidden_columns.update(range(max(first, 0), min(last + 1, MAX_COLUMNS)))

    def grid(self, builder: BookBuilder) -> Grid:
        """What is seen of the sheet; the book takes note of what is not."""
        self._show_merges()
        self._leave_out_hidden(builder)
        return Grid(self.name, builder.rows(self._rows()))

    def _show_merges(self) -> None:
        """Leaves each merged range the value of its first cell, in the first that is seen, and nothing under it."""
        columns: dict[int, set[int]] = defaultdict(set)
        for r, c in self.cells:
            columns[r].add(c)
        steps = 0
        for first, last in self.merges:
            shown = self.cells.get(first)
            rows = range(first[0], min(last[0] + 1, MAX_ROWS))
            for r in rows if len(rows) < len(columns) else list(columns):
                if r in columns and r in rows:
                    steps += len(columns[r])
                    self._uncover(r, columns[r], range(first[1], last[1] + 1))
            steps += min(len(rows), len(columns))
            if steps > _MAX_STEPS:
                raise TooLargeError
            if shown is not None and (place := self._first_seen(first, last)):
                self.cells[place] = shown
                columns[place[0]].add(place[1])

    def _uncover(self, row: int, columns: set[int], covered: range) -> None:
        """Drops the cells of a row that stand in the covered columns."""
        for c in [c for c in columns if c in covered]:
            columns.discard(c)
            del self.cells[row, c]

    def _first_seen(self, first: Position, last: Position) -> Position | None:
        rows = range(first[0], min(last[0] + 1, MAX_ROWS))
        columns = range(first[1], min(last[1] + 1, MAX_COLUMNS))
        row = next((r for r in rows if r not in self.hidden_rows), None)
        column = next((c for c in columns if c not in self.hidden_columns), None)
        return (row, column) if row is not None and column is not None else None

    def _leave_out_hidden(self, builder: BookBuilder) -> None:
        hidden = [at for at in self.cells if at[0] in self.hidden_rows or at[1] in self.hidden_columns]
        for at in hidden:
            del self.cells[at]
        rows = sorted({r for r, _ in hidden} & self.hidden_rows)
        columns = sorted({c for _, c in hidden} & self.hidden_columns)
        if rows:
            builder.note(f"工作表“{self.name}”隐藏的行（第{_spans(rows, lambda r: str(r + 1))}行）未读")
        if columns:
            builder.note(f"工作表“{self.name}”隐藏的列（{_spans(columns, _letters)}列）未读")

    def _rows(self) -> Iterator[list[object]]:
        by_row: dict[int, dict[int, object]] = defaultdict(dict)
        for (r, c), value in self.cells.items():
            by_row[r][c] = value
        for r in range(max(by_row, default=-1) + 1):
            row = by_row.get(r, {})
            yield [row.get(c) for c in range(max(row, default=-1) + 1)]


def put_sheets(builder: BookBuilder, sheets: Iterable[Sheet], *, more: bool = False) -> None:
    """Puts what is seen of the sheets in the book, as far as it takes them; `more`: there are others behind them."""
    for sheet in sheets:
        if builder.full:
            more = True
            break
        builder.put(sheet.grid(builder))
    if more:
        builder.note("其余工作表未读")


def _letters(column: int) -> str:
    return address(0, column)[:-1]


def _spans(numbers: list[int], name: Callable[[int], str]) -> str:
    """Ascending numbers by their names, as 8、9、12—20."""
    runs = [[n for _, n in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    return "、".join(
        "—".join(map(name, (run[0], run[-1]))) if len(run) > 2 else "、".join(map(name, run)) for run in runs
    )


def position(reference: str) -> Position | None:
    """The place of a cell from its address, H6."""
    letters = reference.rstrip("0123456789")
    number = reference[len(letters) :]
    return (int(number) - 1, column_of(letters)) if letters.isascii() and letters.isalpha() and number else None


def column_of(letters: str) -> int:
    """The number of a column from its letters, from 0."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


def range_of(reference: str) -> tuple[Position, Position]:
    """The first and last cell of a range; whole columns and rows (A:A, 40:41) are ranges too."""
    m = _RANGE.fullmatch(reference.strip())
    if not m:
        return (0, 0), (0, 0)
    c1, c2 = (column_of(m[1]) if m[1] else 0), (column_of(m[3]) if m[3] else MAX_COLUMNS)
    r1, r2 = (int(m[2]) - 1 if m[2] else 0), (int(m[4]) - 1 if m[4] else MAX_ROWS)
    return (min(r1, r2), min(c1, c2)), (max(r1, r2), max(c1, c2))

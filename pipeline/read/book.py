"""Spreadsheet bytes to grids, with python-calamine."""

from __future__ import annotations

import io
from dataclasses import dataclass

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pipeline.model import Grid
from pipeline.read.text import MAX_TEXT, fold
from pipeline.read.unresolved import unresolved

Merge = tuple[tuple[int, int], tuple[int, int]]

MAX_ROWS = 20_000
MAX_COLUMNS = 1_000


@dataclass(frozen=True)
class Book:
    """The visible sheets of a workbook, and what was left unread."""

    grids: tuple[Grid, ...]
    notes: tuple[str, ...] = ()


def read_book(data: bytes, kind: str) -> Book:
    """The book's visible sheets; whatever calamine raises for a broken one."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    grids, notes = [], []
    for i, about in enumerate(book.sheets_metadata):
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        if about.visible is not SheetVisibleEnum.Visible:
            notes.append(f"隐藏工作表“{about.name}”未读")
            continue
        sheet = book.get_sheet_by_index(i)
        if sheet.start is None:
            continue
        grids.append(_grid(sheet, data, kind, i))
    return Book(tuple(grids), tuple(notes))


def _grid(sheet: CalamineSheet, data: bytes, kind: str, number: int) -> Grid:
    top, left = sheet.start or (0, 0)
    rows: list[list[object]] = [
        [_cell(v) for v in row[:MAX_COLUMNS]] for row in sheet.to_python(skip_empty_area=True, nrows=MAX_ROWS)
    ]
    for (r, c), told in unresolved(data, kind, number).items():
        _put(rows, r - top, c - left, told)
    _clear_covered(rows, sheet.merged_cell_ranges or [], top, left)
    return Grid(sheet.name, rows, top, left)


def _put(rows: list[list[object]], r: int, c: int, value: object) -> None:
    """Puts a value into a blank cell; calamine's rectangle ends where the last value does, so it may have to grow."""
    if not (0 <= r < MAX_ROWS and 0 <= c < MAX_COLUMNS):
        return
    rows.extend([None] * len(rows[0]) for _ in range(r + 1 - len(rows)))
    if c >= len(rows[0]):
        for row in rows:
            row.extend([None] * (c + 1 - len(row)))
    if rows[r][c] is None:
        rows[r][c] = value


def _cell(value: object) -> object:
    if isinstance(value, str):
        value = value[:MAX_TEXT]
        return value if fold(value) else None
    return value


def _clear_covered(rows: list[list[object]], merged: list[Merge], top: int, left: int) -> None:
    """Blanks what lies under a merge: staff do not see it, so it was not filed."""
    for (r1, c1), (r2, c2) in merged:
        for r in range(max(r1 - top, 0), min(r2 - top + 1, len(rows))):
            for c in range(max(c1 - left, 0), min(c2 - left + 1, len(rows[r]))):
                if (r + top, c + left) != (r1, c1):
                    rows[r][c] = None

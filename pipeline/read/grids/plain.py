"""Books in which nothing needs a second look to grids, with python-calamine: a hundred of them while another reads ten."""

from __future__ import annotations

import io

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pipeline.model import Grid, GridRow
from pipeline.read.grids.layout import MAX_AREA, MAX_MERGES, MAX_ROWS, Book, BookBuilder, TooLargeError
from pipeline.read.grids.sheets import Merge


def read_plain(data: bytes) -> Book:
    """The visible sheets; ValueError where there is none, or where two share the name by which they are looked up."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    if len(set(book.sheet_names)) < len(book.sheet_names):
        raise ValueError("two sheets of one name")
    builder = BookBuilder()
    sheets = [(i, about) for i, about in enumerate(book.sheets_metadata) if about.typ is SheetTypeEnum.WorkSheet]
    if not sheets:
        raise ValueError("no worksheet")
    for i, about in sheets:
        if about.visible is not SheetVisibleEnum.Visible:
            builder.hidden(about.name)
        elif builder.full:
            builder.note("其余工作表未读")
            break
        elif grid := _grid(book, i, builder):
            builder.put(grid)
    return builder.book()


def _grid(book: CalamineWorkbook, number: int, builder: BookBuilder) -> Grid | None:
    """The sheet with that number, None where it is blank."""
    sheet = book.get_sheet_by_index(number)
    if sheet.start is None:
        return None
    if sheet.height * sheet.width > MAX_AREA:
        raise TooLargeError
    top, left = sheet.start
    rows = builder.rows(sheet.to_python(skip_empty_area=True, nrows=MAX_ROWS))
    _clear_covered(rows, (sheet.merged_cell_ranges or [])[:MAX_MERGES], top, left)
    return Grid(sheet.name, rows, top, left)


def _clear_covered(rows: list[GridRow], ranges: list[Merge], top: int, left: int) -> None:
    """Blanks what lies under a merge: staff do not see it, so it was not filed."""
    for (r1, c1), (r2, c2) in ranges:
        behind = max(c2 - left + 1, 0)
        for r in range(max(r1 - top, 0), min(r2 - top + 1, len(rows))):
            first = max(c1 - left + (r + top == r1), 0)
            covered = rows[r][first:behind]
            if covered.count(None) < len(covered):
                rows[r] = GridRow((*rows[r][:first], *[None] * len(covered), *rows[r][behind:]))

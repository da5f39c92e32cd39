"""Annex 1's two-level header, drawn from the schemas."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from pipeline.write.book import Book
from schemas import COLUMN, COLUMNS, GROUPS, KEYS

FIGURE_WIDTH = 7.0
_LINE = 4
"""Printed labels break after so many characters, as on the form."""


def draw_header(book: Book, sheet: Worksheet, row: int, before: tuple[str, ...], after: tuple[str, ...] = ()) -> None:
    """Draws the header in `row` and the one below: the columns before, the 19 under their groups, those after."""
    head = book.look("head")
    first = len(before)
    for i, text in [*enumerate(before), *enumerate(after, first + len(COLUMNS))]:
        sheet.merge_range(row, i, row + 1, i, text, head)
    column = first
    for group in GROUPS:
        last = column + len(group.columns) - 1
        if last > column:
            sheet.merge_range(row, column, row, last, group.label, head)
        else:
            sheet.write_string(row, column, group.label, head)
        for c in group.columns:
            sheet.write_string(row + 1, column, _printed(c.key), head)
            column += 1
    sheet.set_row(row, 24)
    sheet.set_row(row + 1, 24 + 15 * max(_printed(k).count("\n") for k in KEYS))


def _printed(key: str) -> str:
    column = COLUMN[key]
    lines = [column.label[i : i + _LINE] for i in range(0, len(column.label), _LINE)]
    return "\n".join([*lines, f"({column.measure})"] if column.measure else lines)

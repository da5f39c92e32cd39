"""Annex 1's title, captions and two-level header, drawn from the schemas."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from pipeline.county import County
from pipeline.model import Month
from pipeline.write.book import Book
from schemas import COLUMN, COLUMNS, GROUPS, KEYS, TITLE_TAIL

FIGURE_WIDTH, FORM_WIDTH = 7.0, 8.5
_LINE = 4
"""Printed labels break after so many characters, as on the form."""


ANSWERS = 5
"""The row of the form that is filled in, counted from 0."""


def draw_form(book: Book, sheet: Worksheet, county: County, unit: str, month: Month) -> None:
    """Draws the familiar form down to its header: number, title, 单位 and 统计时间; the answers stand below it."""
    last = len(COLUMNS) - 1
    half = last // 2
    sheet.write_string(0, 0, "附件1", book.look("caption"))
    sheet.merge_range(1, 0, 1, last, f"{county.title}{TITLE_TAIL}", book.look("title"))
    sheet.set_row(1, 36)
    sheet.merge_range(2, 0, 2, half, f"单位：{unit}", book.look("caption"))
    sheet.merge_range(2, half + 1, 2, last, f"统计时间：{month.zh}", book.look("caption_right"))
    draw_header(book, sheet, ANSWERS - 2, ())


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

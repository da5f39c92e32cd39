"""Annex 1's title, captions and two-level header, drawn from the schemas."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from pipeline.county import County
from pipeline.model import Month
from pipeline.write.book import Book
from pipeline.write.paper import Widths, widths_of
from schemas.columns import Column
from schemas.form import Form

FIGURE, FORM = (7.0, 6.0), (8.5, 7.0)
"""How wide a figure's column is in the units' tables and on the form: usually, and where many have to fit a page."""

_LINE = 4
"""Printed labels break after so many characters, as on the form."""


ANSWERS = 5
"""The row of the form that is filled in, counted from 0."""


def form_widths(form: Form, county: County) -> Widths:
    """How wide the columns of the familiar form are."""
    return widths_of(form, *FORM, title=f"{county.title}{form.title}")


def caption_cells(widths: Widths) -> tuple[tuple[int, int], tuple[int, int]]:
    """The columns over which 单位 and 统计时间 stand."""
    first, last = widths.first_page
    half = first + (last - first) // 2
    return (first, half), (min(half + 1, last), last)


def draw_form(book: Book, name: str, county: County, unit: str, month: Month) -> Worksheet:
    """A sheet with the familiar form down to its header: number, title, 单位 and 统计时间; the answers stand below it."""
    form = county.form(month)
    widths = form_widths(form, county)
    sheet = book.table(name, widths, head=f"单位：{unit}　统计时间：{month.zh}")
    sheet.write_string(0, 0, form.annex, book.look("caption"))
    book.across(sheet, 1, widths.first_page, f"{county.title}{form.title}", "title")
    sheet.set_row(1, 36)
    of_unit, of_month = caption_cells(widths)
    book.across(sheet, 2, of_unit, f"单位：{unit}", "caption")
    book.across(sheet, 2, of_month, f"统计时间：{month.zh}", "caption_right")
    draw_header(book, sheet, form, ANSWERS - 2, ())
    return sheet


def draw_header(
    book: Book, sheet: Worksheet, form: Form, row: int, before: tuple[str, ...], after: tuple[str, ...] = ()
) -> None:
    """Draws the header in `row` and the one below: the columns before, the form's under their groups, those after."""
    head = book.look("head")
    first = len(before)
    for i, text in [*enumerate(before), *enumerate(after, first + len(form.columns))]:
        sheet.merge_range(row, i, row + 1, i, text, head)
    column = first
    for group in form.groups:
        book.across(sheet, row, (column, column + len(group.columns) - 1), group.label, "head")
        for c in group.columns:
            sheet.write_string(row + 1, column, _printed(c), head)
            column += 1
    sheet.set_row(row, 24)
    sheet.set_row(row + 1, 24 + 15 * max(_printed(c).count("\n") for c in form.columns))


def _printed(column: Column) -> str:
    lines = [column.label[i : i + _LINE] for i in range(0, len(column.label), _LINE)]
    return "\n".join([*lines, f"({column.measure})"] if column.measure else lines)

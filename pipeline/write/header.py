"""Annex 1's title, captions and two-level header, drawn from the schemas."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from pipeline.county import County
from pipeline.model import Month
from pipeline.write.book import Book
from pipeline.write.paper import Widths, pixels, widths_of
from schemas.columns import Column
from schemas.form import Form

FIGURE, FORM = (5.6, 5.2), (7.5, 6.0)
"""How wide a figure's column is in the units' tables and on the form: usually, and where many have to fit a page."""

_BOLD = 1.4
"""Width of a bold figure beyond its digits."""

_LETTER, _LINE = 14, 15.5
"""Pixels that a character of a label is wide, and points that a line of it is high."""


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
    draw_header(book, sheet, form, ANSWERS - 2, widths)
    return sheet


def for_figures(largest: int) -> tuple[float, float]:
    """How wide the columns of a units' table are, usually, and where many have to fit, in which no figure is larger.

    A figure that is wider is shown smaller.
    """
    usual, narrowest = FIGURE
    return max(usual, len(f"{largest}") + _BOLD), narrowest


def draw_header(
    book: Book,
    sheet: Worksheet,
    form: Form,
    row: int,
    widths: Widths,
    before: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
) -> float:
    """Draws the header in `row` and the one below, and gives its height in points.

    The columns before, the form's under their groups, those after.
    """
    head = book.look("head")
    first = len(before)
    for i, text in [*enumerate(before), *enumerate(after, first + len(form.columns))]:
        sheet.merge_range(row, i, row + 1, i, text, head)
    column, most = first, max((pixels(widths.figure) - 4) // _LETTER, 1)
    for group in form.groups:
        book.across(sheet, row, (column, column + len(group.columns) - 1), group.label, "head")
        for c in group.columns:
            sheet.write_string(row + 1, column, _printed(c, most), head)
            column += 1
    lines = max(_printed(c, most).count("\n") + 1 for c in form.columns)
    heights = 2 * _LINE if most < len(form.groups[0].label) else 20.0, _LINE * lines + 4
    for at, height in enumerate(heights, row):
        sheet.set_row(at, height)
    return sum(heights)


def _printed(column: Column, most: int) -> str:
    """The label in lines of equal length, none longer than so many characters, and the measure below it."""
    lines = -(-len(column.label) // most)
    step = -(-len(column.label) // lines)
    parts = [column.label[i : i + step] for i in range(0, len(column.label), step)]
    return "\n".join([*parts, f"({column.measure})"] if column.measure else parts)

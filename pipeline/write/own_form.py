"""The county's own form, the familiar one with one row that equals 合计."""

from __future__ import annotations

from pipeline.county import County
from pipeline.model import CountyMonth
from pipeline.sheets import SUMMARY
from pipeline.write.book import Book
from pipeline.write.header import ANSWERS, draw_form, form_widths
from pipeline.write.room import note_height
from pipeline.write.summary import gaps, mismatches, sum_of, summary_layout
from schemas.columns import shown


def write_own_form(book: Book, month: CountyMonth, county: County) -> None:
    """Writes the sheet; what is answered 是 or 否 is the county's own answer, blank where it gave none."""
    layout, form = summary_layout(month), month.form
    sheet = draw_form(book, form.annex, county, county.name, month.month)
    asked = []
    for column, c in enumerate(form.columns):
        if c.kind == "yes_no":
            own = county.county.answer(c.key)
            asked += [c.label] if own is None else []
            book.put(sheet, ANSWERS, column, shown(own), "number")
        else:
            formula = f"='{SUMMARY}'!{layout.total_cell(c.key)}"
            sheet.write_formula(ANSWERS, column, formula, book.look("number"), sum_of(month, c.key))
    sheet.set_row(ANSWERS, 30)
    note = "注：" + "".join([*gaps(month), *mismatches(month)]) + (f"{'、'.join(asked)}由本县填写。" if asked else "")
    widths = form_widths(form, county)
    book.across(sheet, ANSWERS + 1, widths.first_page, note, "note")
    first, last = widths.first_page
    sheet.set_row(ANSWERS + 1, note_height(note, sum(widths.all[first : last + 1])))

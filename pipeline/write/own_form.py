"""附件1: the county's own Annex 1, the familiar form with one row that equals 合计."""

from __future__ import annotations

from pipeline.county import County
from pipeline.model import CountyMonth
from pipeline.write.book import Book, row_height
from pipeline.write.header import ANSWERS, FORM_WIDTH, draw_form
from pipeline.write.summary import SHEET as SUMMARY
from pipeline.write.summary import gaps, sum_of, summary_layout
from schemas import COLUMN, COLUMNS, KEYS

SHEET = "附件1"


def write_own_form(book: Book, month: CountyMonth, county: County) -> None:
    """Writes the sheet; 是否建立机构 is the county's own answer, blank where it gave none."""
    layout = summary_layout(month.rows)
    sheet = book.sheet(SHEET, [FORM_WIDTH] * len(COLUMNS))
    draw_form(book, sheet, county, county.name, month.month)
    own = county.county.body_established
    for column, key in enumerate(KEYS):
        if COLUMN[key].kind == "yes_no":
            book.put(sheet, ANSWERS, column, None if own is None else "是" if own else "否", "number")
        else:
            formula = f"='{SUMMARY}'!{layout.total_cell(key)}"
            sheet.write_formula(ANSWERS, column, formula, book.look("number"), sum_of(month.rows, key))
    sheet.set_row(ANSWERS, 30)
    note = "注：" + "".join(gaps(month)) + ("" if own is not None else "是否建立机构由本县填写。")
    sheet.merge_range(ANSWERS + 1, 0, ANSWERS + 1, len(COLUMNS) - 1, note, book.look("note"))
    sheet.set_row(ANSWERS + 1, row_height([note], [FORM_WIDTH * len(COLUMNS)]))

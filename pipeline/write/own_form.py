"""附件1: the county's own Annex 1, the familiar form with one row that equals 合计."""

from __future__ import annotations

from pipeline.county import County
from pipeline.model import CountyMonth
from pipeline.write.book import Book
from pipeline.write.header import draw_header
from pipeline.write.summary import SHEET, sum_of, summary_layout
from schemas import COLUMN, COLUMNS, KEYS, TITLE_TAIL

_WIDTH = 8.5


def write_own_form(book: Book, month: CountyMonth, county: County) -> None:
    """Writes the sheet; 是否建立机构 is the county's own answer, blank where it gave none."""
    layout, last = summary_layout(month.rows), len(COLUMNS) - 1
    sheet = book.sheet("附件1", [_WIDTH] * len(COLUMNS))
    sheet.write_string(0, 0, "附件1", book.look("caption"))
    sheet.merge_range(1, 0, 1, last, f"{county.title}{TITLE_TAIL}", book.look("title"))
    sheet.set_row(1, 36)
    half = last // 2
    sheet.merge_range(2, 0, 2, half, f"单位：{county.name}", book.look("caption"))
    sheet.merge_range(2, half + 1, 2, last, f"统计时间：{month.month.zh}", book.look("caption_right"))
    draw_header(book, sheet, 3, ())
    own = county.county.body_established
    for column, key in enumerate(KEYS):
        if COLUMN[key].kind == "yes_no":
            book.put(sheet, 5, column, None if own is None else "是" if own else "否", "number")
        else:
            formula = f"='{SHEET}'!{layout.total_cell(key)}"
            sheet.write_formula(5, column, formula, book.look("number"), sum_of(month.rows, key))
    sheet.set_row(5, 30)

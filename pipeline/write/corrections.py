"""更正说明: every figure that is no longer what was sent up, with the file that caused it."""

from __future__ import annotations

from pipeline.county import County
from pipeline.model import Correction, CountyMonth, Value
from pipeline.write.book import Book
from schemas.columns import NO, YES

SHEET = "更正说明"
COLUMNS = (
    ("统计时间", 12), ("单位", 16), ("栏目", 22), ("指标", 26), ("原上报数", 10), ("更正后", 10), ("差额", 8),
    ("依据文件", 40), ("单元格", 9), ("原上报文件", 40),
)  # fmt: skip
_HEADER, _FIRST = 1, 2
_CENTRED = range(4, 7)
_GONE = "原报表已移出收件夹"


def write_corrections(book: Book, month: CountyMonth, county: County) -> None:
    """Writes the sheet, where there is something to say."""
    if not month.corrections:
        return
    widths = [width for _, width in COLUMNS]
    sheet = book.sheet(SHEET, widths, repeat=(_HEADER, _HEADER))
    book.title(sheet, len(COLUMNS) - 1, "已上报数字更正说明")
    book.row(sheet, _HEADER, [name for name, _ in COLUMNS], "head")
    for i, correction in enumerate(month.corrections, _FIRST):
        book.row(sheet, i, _values(correction, county), "text", widths)
        for column in _CENTRED:
            book.put(sheet, i, column, _values(correction, county)[column], "centre")
    sheet.autofilter(_HEADER, 0, _HEADER + len(month.corrections), len(COLUMNS) - 1)
    sheet.freeze_panes(_FIRST, 2)


def _values(c: Correction, county: County) -> list[object]:
    form = county.form(c.month)
    column, group = form.column[c.key], form.group_of[c.key]
    difference = (c.new or 0) - (c.old or 0) if column.kind == "count" else None
    told = [c.month.zh, c.unit, group.label, column.label, _shown(c.old), _shown(c.new), difference]
    return [*told, c.file or _GONE, c.cell, c.sent]


def _shown(value: Value) -> int | str:
    if value is None:
        return "空白"
    return (YES if value else NO) if isinstance(value, bool) else value

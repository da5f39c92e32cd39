"""来源台账 and 数据溯源: what became of every file, and where every figure stands."""

from __future__ import annotations

from collections import Counter

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.utility import xl_rowcol_to_cell as address
from xlsxwriter.worksheet import Worksheet

from pipeline.model import CountyMonth
from pipeline.write.book import Book
from pipeline.write.summary import value_of
from schemas import COLUMN, GROUP_OF, KEYS

LEDGER, ORIGINS = "来源台账", "数据溯源"
_OUTCOME = 7


def write_ledger(book: Book, month: CountyMonth) -> None:
    """Writes 来源台账: one row per recognised table, at least one per file."""
    heads = ["文件", "工作表", "表式", "单位", "统计时间", "收到时间", "SHA-256", "处理结果", "说明"]
    widths = [40, 12, 8, 16, 12, 18, 70, 10, 44]
    sheet = book.sheet(LEDGER, widths, repeat=(0, 0))
    book.row(sheet, 0, heads, "head")
    for i, t in enumerate(month.ledger, 1):
        received = f"{t.source.received:%Y-%m-%d %H:%M}" if t.source.sha256 else ""
        book.row(
            sheet,
            i,
            [t.source.path, t.sheet, t.form, t.unit, t.month, received, t.source.sha256, t.outcome, t.note],
            "text",
            widths,
        )
    sheet.freeze_panes(1, 1)
    if month.ledger:
        sheet.autofilter(0, 0, len(month.ledger), len(heads) - 1)
        book.name("来源台账明细", sheet, (1, 0), (len(month.ledger), len(heads) - 1))
        _balance(book, sheet, month, len(month.ledger) + 2)


def _balance(book: Book, sheet: Worksheet, month: CountyMonth, at: int) -> None:
    """Writes that every file has its outcome: the rows above, counted by 处理结果, add up to all of them."""
    last = len(month.ledger)
    outcomes = Counter(t.outcome for t in month.ledger)
    where = xl_range_abs(1, _OUTCOME, last, _OUTCOME)
    files = len({t.source.outermost for t in month.ledger})
    label, count = _OUTCOME, _OUTCOME + 1
    sheet.write_string(at, label, f"核对：收件夹中{files}个文件，登记{last}行", book.look("section"))
    for column, head in ((label, "处理结果"), (count, "行数")):
        book.put(sheet, at + 1, column, head, "head")
    for i, (outcome, n) in enumerate(outcomes.items(), at + 2):
        book.put(sheet, i, label, outcome, "centre")
        sheet.write_formula(i, count, f"=COUNTIF({where},{address(i, label)})", book.look("number"), n)
    end = at + 2 + len(outcomes)
    book.put(sheet, end, label, "合计", "total")
    rows = f"{address(at + 2, count)}:{address(end - 1, count)}"
    sheet.write_formula(end, count, f"=SUM({rows})", book.look("total"), last)


def write_origins(book: Book, month: CountyMonth) -> None:
    """Writes 数据溯源: every figure of 汇总表 with the cell it was filed in."""
    heads = ["单位", "栏目", "指标", "计入值", "填报值", "来源文件", "SHA-256", "工作表", "单元格"]
    sheet = book.sheet(ORIGINS, [16, 22, 28, 9, 12, 60, 70, 14, 9], repeat=(0, 0))
    book.row(sheet, 0, heads, "head")
    at = 1
    for row in month.rows:
        for key in KEYS if row.filed else ():
            value, figure = value_of(row, key), row.filed.figures[key] if row.filed else None
            if value is None or figure is None or row.filed is None:
                continue
            source = row.filed.source
            where = [figure.filed, source.path, source.sha256, row.filed.sheet, figure.cell]
            book.row(sheet, at, [row.unit, GROUP_OF[key].label, COLUMN[key].label, value, *where], "line")
            at += 1
    sheet.freeze_panes(1, 1)
    if at > 1:
        sheet.autofilter(0, 0, at - 1, len(heads) - 1)
        book.name("数据溯源明细", sheet, (1, 0), (at - 1, len(heads) - 1))

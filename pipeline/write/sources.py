"""来源台账 and 数据溯源: what became of every file, and where every figure stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.utility import xl_rowcol_to_cell as address
from xlsxwriter.worksheet import Worksheet

from pipeline.ladder import adds_up
from pipeline.model import GONE, CountyMonth, Return, Source, UnitRow
from pipeline.rules import UNIT_SEPARATOR
from pipeline.sheets import SOURCE_HEADINGS, SOURCES, TOTAL, TRACE
from pipeline.write.book import Book
from pipeline.write.pages import Page, page_note, pages
from pipeline.write.summary import value_of
from schemas.form import Form

_OUTCOME = 7
_PRINTED = 50
"""Lines printed: these are sheets to search in, and nobody reads fifty pages of them."""

_BELOW = 20
"""Below the lines of 来源台账 stands what they add up to."""


def write_sources(book: Book, month: CountyMonth) -> None:
    """Writes 来源台账: one row per recognised table, at least one per file."""
    heads = [*SOURCE_HEADINGS]
    widths = [40, 12, 8, 16, 12, 18, 70, 10, 44]
    split = pages(SOURCES, len(month.sources), 1, _BELOW)
    for page in split:
        lines = month.sources[page.start : page.stop]
        sheet = _page(book, page, split, heads, widths, len(month.sources))
        for i, t in enumerate(lines, 1):
            source = t.source
            values = [source.path, t.sheet, t.form, t.unit, t.month, _time(source), source.sha256, t.outcome, t.note]
            book.row(sheet, i, values, "text", widths)
        if lines and page is split[0]:
            book.name("来源台账明细", sheet, (1, 0), (len(lines), len(heads) - 1))
        if lines and page is split[-1]:
            _balance(book, sheet, month, split, len(lines) + 2)


def _time(source: Source) -> str:
    """When it came, to the second: later runs compare with it."""
    if not source.sha256:
        return ""
    return "不明" if source.undated else f"{source.received:%Y-%m-%d %H:%M:%S}"


def _page(book: Book, page: Page, split: list[Page], heads: list[str], widths: list[int], count: int) -> Worksheet:
    """One of the sheets, ready for its lines; the first says how many there are."""
    sheet = book.sheet(page.name, widths, repeat=(0, 0))
    book.row(sheet, 0, heads, "head")
    if page is split[0] and len(split) > 1:
        sheet.write_string(0, len(heads), page_note(split, count), book.look("caption"))
    sheet.print_area(0, 0, min(page.stop - page.start, _PRINTED), len(heads) - 1)
    sheet.freeze_panes(1, 1)
    if count:
        sheet.autofilter(0, 0, page.stop - page.start, len(heads) - 1)
    return sheet


def _balance(book: Book, sheet: Worksheet, month: CountyMonth, split: list[Page], at: int) -> None:
    """Writes that every file has its outcome: all lines, counted by 处理结果, add up to all of them."""
    total = len(month.sources)
    outcomes = Counter(t.outcome for t in month.sources)
    ranges = [xl_range_abs(1, _OUTCOME, page.stop - page.start, _OUTCOME) for page in split]
    where = [r if page is split[-1] else f"'{page.name}'!{r}" for r, page in zip(ranges, split, strict=True)]
    files = len({t.source.outermost for t in month.sources if t.outcome != GONE})
    label, count = _OUTCOME, _OUTCOME + 1
    gone = f"（其中已移出的{outcomes[GONE]}行）" if outcomes[GONE] else ""
    sheet.write_string(at, label, f"核对：收件夹中{files}个文件，登记{total}行{gone}", book.look("section"))
    for column, head in ((label, "处理结果"), (count, "行数")):
        book.put(sheet, at + 1, column, head, "head")
    for i, (outcome, n) in enumerate(outcomes.items(), at + 2):
        book.put(sheet, i, label, outcome, "centre")
        counts = "+".join(f"COUNTIF({r},{address(i, label)})" for r in where)
        sheet.write_formula(i, count, f"={counts}", book.look("number"), n)
    end = at + 2 + len(outcomes)
    book.put(sheet, end, label, TOTAL, "total")
    rows = f"{address(at + 2, count)}:{address(end - 1, count)}"
    sheet.write_formula(end, count, f"=SUM({rows})", book.look("total"), total)


def write_trace(book: Book, month: CountyMonth) -> None:
    """Writes 数据溯源: every figure of 汇总表 with the cell it was filed in."""
    heads = ["单位", "栏目", "指标", "计入值", "填报值", "来源文件", "SHA-256", "工作表", "单元格"]
    widths = [16, 22, 28, 9, 12, 60, 70, 14, 9]
    traced = [origin for row in month.rows if row.filed for origin in _origins(month.form, row, row.filed)]
    split = pages(TRACE, len(traced), 1)
    for page in split:
        sheet = _page(book, page, split, heads, widths, len(traced))
        for at, values in enumerate(traced[page.start : page.stop], 1):
            book.row(sheet, at, values, "line")
        if traced and page is split[0]:
            book.name("数据溯源明细", sheet, (1, 0), (page.stop, len(heads) - 1))


def _origins(form: Form, row: UnitRow, filed: Return) -> Iterator[list[object]]:
    """Where each of a unit's figures stands; of a county's workbook each of the figures that it is the sum of."""
    for key in form.keys:
        column, source = form.column[key], filed.source
        about, file = (form.group_of[key].label, column.label), (source.path, source.sha256)
        if (value := value_of(row, key)) is None:
            continue
        of_units = filed.book.rows if filed.book and column.kind == "count" and adds_up(filed, key) else ()
        parts = [part for part in of_units if part.figures[key].value is not None]
        if filed.book is None or not parts:
            figure = filed.figures[key]
            yield [row.unit, *about, value, figure.filed, *file, filed.sheet, figure.cell]
            continue
        for part in parts:
            figure = part.figures[key]
            yield [
                f"{row.unit}{UNIT_SEPARATOR}{part.unit}",
                *about,
                figure.value,
                figure.filed,
                *file,
                filed.book.sheet,
                figure.cell,
            ]

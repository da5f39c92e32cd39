"""差异清单: one line per fault; all of them in the office's own book, in the one that is sent up those that concern others."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_rowcol_to_cell as address
from xlsxwriter.worksheet import Worksheet

from pipeline.model import CLOSED, CONFIRMED, EXPLAINED, OPEN, CountyMonth, Finding, Month
from pipeline.phones import masked
from pipeline.sheets import DISCREPANCIES, EXPLANATION, LINE_HEADINGS, NO_LINES, NOTE, NUMBER, RESULT, STATUS, SUMMARY
from pipeline.write.book import Book
from pipeline.write.pages import Page, page_note, pages
from pipeline.write.room import row_height
from pipeline.write.summary import summary_layout
from pipeline.write.table import Layout

_PRINTED = 12
"""Columns printed, from the first; those behind them lead back to the cell."""

_WIDTHS = (6, 11, 9.5, 9, 10, 9, 8, 6, 29, 21.5, 7, 14, 17, 10, 30, 13, 11, 20, 13)
_SHORT = ("单位", "统计时间", "参考值", "差额", STATUS, NUMBER, "规则", "工作表", "单元格")
"""What stands in the middle of its cell; the rest is text to be read."""

COLUMNS = tuple(zip(LINE_HEADINGS, _WIDTHS, strict=True))
_GRADE = "级别"
Columns = Sequence[tuple[str, float]]
_INSIDE = 2
"""Columns at the end that are not sent up."""

_OWN_WIDTH = 16
_MAY_SET = {
    "validate": "list",
    "source": [OPEN, CONFIRMED],
    "error_type": "warning",
    "error_title": "请核对状态",
    "error_message": f"只能填“{OPEN}”或“{CONFIRMED}”；“{EXPLAINED}”“{CLOSED}”由程序自动填写。",
}
_HEADER, _FIRST = 1, 2


def lines(findings: Sequence[Finding]) -> dict[str, str]:
    """The address of each finding's line, by number."""
    return {
        findings[i].id: f"'{page.name}'!A{_FIRST + i - page.start + 1}"
        for page in pages(DISCREPANCIES, len(findings), _FIRST)
        for i in range(page.start, page.stop)
    }


def column_ranges(name: str, count: int) -> list[str]:
    """The ranges of the column of that name in the county workbook, over `count` lines: one for each sheet they take."""
    column = [head for head, _ in COLUMNS].index(name)
    ranges = []
    for page in pages(DISCREPANCIES, max(count, 1), _FIRST):
        rows = _FIRST, _FIRST + page.stop - page.start - 1
        first, last = (address(row, column, row_abs=True, col_abs=True) for row in rows)
        ranges.append(f"'{page.name}'!{first}:{last}")
    return ranges


def write_discrepancies(book: Book, month: CountyMonth, *, staff: bool = False) -> None:
    """Writes the sheet; in the office's own book (`staff`) all lines, the columns they answer in, and those they added."""
    findings = month.findings if staff else month.sent_up
    own = month.staff_columns if staff else ()
    columns = (*(COLUMNS if staff else COLUMNS[:-_INSIDE]), *((name, _OWN_WIDTH) for name in own))
    count = len(findings) + (len(month.staff_rows) if staff else 0)
    split = pages(DISCREPANCIES, count, _FIRST)
    layout = summary_layout(month) if not staff else None
    for page in split:
        others = page_note(split, count) if page is split[0] else ""
        sheet = _page(book, month, page, columns, f"（{others}）" if others else "")
        for i, f in enumerate(findings[page.start : page.stop], _FIRST):
            cells = _cells(f, staff=staff) | dict(f.own)
            _line(book, sheet, i, f, [cells.get(name) for name, _ in columns], columns, _figure(f, layout, month.month))
        here = max(min(page.stop, len(findings)) - page.start, 0)
        behind = max(page.start - len(findings), 0), page.stop - len(findings)
        for i, line in enumerate(month.staff_rows[slice(*behind)] if behind[1] > 0 else (), _FIRST + here):
            book.row(sheet, i, [line.cells.get(name) for name, _ in columns], "text", [width for _, width in columns])
        if here and staff:
            status = LINE_HEADINGS.index(STATUS)
            sheet.data_validation(_FIRST, status, _HEADER + here, status, _MAY_SET)
        if here:
            sheet.autofilter(_HEADER, 0, _HEADER + here, len(columns) - 1)
        if here and page is split[0]:
            book.name("差异明细", sheet, (_FIRST, 0), (_HEADER + here, len(columns) - 1))
        if not count:
            sheet.merge_range(_FIRST, 0, _FIRST, _PRINTED - 1, NO_LINES, book.look("text"))
        sheet.print_area(0, 0, max(_FIRST, _HEADER + page.stop - page.start), _PRINTED - 1)
        sheet.freeze_panes(_FIRST, 2)


def _page(book: Book, month: CountyMonth, page: Page, columns: Columns, others: str) -> Worksheet:
    sheet = book.sheet(page.name, [width for _, width in columns], repeat=(_HEADER, _HEADER))
    book.title(sheet, _PRINTED - 1, f"{month.month.zh}报表{page.name}{others}")
    book.row(sheet, _HEADER, [name for name, _ in columns], "head")
    return sheet


def _line(book: Book, sheet: Worksheet, at: int, f: Finding, values: list[object], columns: Columns, link: str) -> None:
    """Writes one line; what is closed is grey, and only what is open has the colour of its grade."""
    sheet.set_row(at, row_height(values[:_PRINTED], [width for _, width in columns]))
    closed = "_closed" if f.status in (CONFIRMED, CLOSED) else ""
    for column, value in enumerate(values):
        head = columns[column][0]
        look = "centre" if head in _SHORT or head == _GRADE else "text"
        grade = f.grade if head == _GRADE and f.status == OPEN else ""
        book.put(
            sheet, at, column, value, "grade" if grade else f"{look}{closed}", grade, "" if column or closed else link
        )


def _figure(f: Finding, layout: Layout | None, month: Month) -> str:
    """The cell of 汇总表 that a line is about."""
    here = layout is not None and f.month in (month, None)
    cell = layout.cell(f.unit, f.keys[0] if f.keys else "") if layout and here else ""
    return f"'{SUMMARY}'!{cell}" if cell else ""


def _cells(f: Finding, *, staff: bool) -> dict[str, object]:
    """What stands in a line, by heading. To others a unit's words stand in for those that staff did not write."""
    return {
        "级别": f.grade,
        "单位": f.unit,
        "统计时间": f.month.zh if f.month else "",
        "栏目": "、".join(f.groups),
        "指标": "、".join(f.labels),
        "填报值": f.filed,
        "参考值": f.reference,
        "差额": f.difference,
        "问题描述": f.message,
        "处理建议": f.advice,
        STATUS: f.status,
        NOTE: f.note if staff else f.note or (masked(f.explanation) if f.status == CONFIRMED else ""),
        NUMBER: f.id,
        "规则": f.rule,
        "来源文件": f.file,
        "工作表": f.sheet,
        "单元格": "、".join(f.cells),
        EXPLANATION: f.explanation,
        RESULT: f.result,
    }

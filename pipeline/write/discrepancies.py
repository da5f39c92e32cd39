"""差异清单: one line per fault, the same in both workbooks."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_rowcol_to_cell as address

from pipeline.model import CLOSED, CONFIRMED, LINE_HEADINGS, OPEN, CountyMonth, Finding, Month
from pipeline.write.book import Book, row_height
from pipeline.write.phones import shown
from pipeline.write.summary import SHEET as SUMMARY
from pipeline.write.summary import summary_layout
from pipeline.write.table import Layout

SHEET = "差异清单"
_WIDTHS = (17, 7, 8, 10, 10, 10, 11, 11, 8, 7, 30, 20, 15, 7, 7, 8, 13, 13)
_SHORT = ("编号", "规则", "单位", "统计时间", "参考值", "差额", "工作表", "单元格", "状态")
"""What stands in the middle of its cell; the rest is text to be read."""

COLUMNS = tuple(zip(LINE_HEADINGS, _WIDTHS, strict=True))
_GRADE = "级别"
_INSIDE = 1
"""So many columns at the end stay in the office."""

_OWN_WIDTH = 16
_MAY_SET = {
    "validate": "list",
    "source": [OPEN, CONFIRMED],
    "error_type": "warning",
    "error_title": "请核对状态",
    "error_message": f"只能填“{OPEN}”或“{CONFIRMED}”；“{CLOSED}”由程序自动填写。",
}
_HEADER, _FIRST = 1, 2
_NOTHING = "本期没有发现问题。"


def lines(findings: Sequence[Finding]) -> dict[str, str]:
    """The address of each finding's line, by number."""
    return {f.id: f"'{SHEET}'!A{_FIRST + i + 1}" for i, f in enumerate(findings)}


def column_range(name: str, count: int) -> str:
    """The range of the column of that name in the county workbook, over `count` lines."""
    column = [head for head, _ in COLUMNS].index(name)
    first, last = (address(row, column, row_abs=True, col_abs=True) for row in (_FIRST, _FIRST + max(count, 1) - 1))
    return f"'{SHEET}'!{first}:{last}"


def write_discrepancies(book: Book, month: CountyMonth, phones: str, *, staff: bool = False) -> None:
    """Writes the sheet; in the office's own book `staff` adds the column they answer in, and those they added."""
    own = month.staff_columns if staff else ()
    columns = (*(COLUMNS if staff else COLUMNS[:-_INSIDE]), *((name, _OWN_WIDTH) for name in own))
    sheet = book.sheet(SHEET, [width for _, width in columns], repeat=(_HEADER, _HEADER))
    book.title(sheet, len(columns) - 1, f"{month.month.zh}报表差异清单")
    book.row(sheet, _HEADER, [name for name, _ in columns], "head")
    layout = summary_layout(month.rows) if not staff else None
    for i, f in enumerate(month.findings):
        link = _figure(f, layout, month.month)
        values = [*_values(f, phones), f.result, *map(dict(f.own).get, own)][: len(columns)]
        sheet.set_row(_FIRST + i, row_height(values, [width for _, width in columns]))
        for column, value in enumerate(values):
            here = link if column == 0 else ""
            head = columns[column][0]
            look = "centre" if head in _SHORT else "grade" if head == _GRADE else "text"
            book.put(sheet, _FIRST + i, column, value, look, f.grade if head == _GRADE else "", here)
    for i, line in enumerate(month.staff_rows if staff else (), _FIRST + len(month.findings)):
        book.row(sheet, i, [line.cells.get(name) for name, _ in columns], "text", [width for _, width in columns])
    if month.findings and staff:
        status = LINE_HEADINGS.index("状态")
        sheet.data_validation(_FIRST, status, _HEADER + len(month.findings), status, _MAY_SET)
    if month.findings:
        sheet.autofilter(_HEADER, 0, _HEADER + len(month.findings), len(columns) - 1)
        book.name("差异明细", sheet, (_FIRST, 0), (_HEADER + len(month.findings), len(columns) - 1))
    elif not (staff and month.staff_rows):
        sheet.merge_range(_FIRST, 0, _FIRST, len(columns) - 1, _NOTHING, book.look("text"))
    sheet.freeze_panes(_FIRST, 1)


def _figure(f: Finding, layout: Layout | None, month: Month) -> str:
    """The cell of 汇总表 that a line is about."""
    here = layout is not None and f.month in (month, None)
    cell = layout.cell(f.unit, f.keys[0] if f.keys else "") if layout and here else ""
    return f"'{SUMMARY}'!{cell}" if cell else ""


def _values(f: Finding, phones: str) -> list[object]:
    return [
        f.id,
        f.grade,
        f.rule,
        f.unit,
        f.month.zh if f.month else "",
        "、".join(f.groups),
        "、".join(f.labels),
        shown(str(f.filed), phones) if f.phones else f.filed,
        f.reference,
        f.difference,
        f.message,
        f.advice,
        f.file,
        f.sheet,
        "、".join(f.cells),
        f.status,
        f.note,
    ]

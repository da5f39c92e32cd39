"""汇总表: the county's month, one row per unit of the roster, with subtotals and the total as live formulas."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from pipeline.county import County
from pipeline.model import OPEN, CountyMonth, Finding, Month, UnitRow
from pipeline.rules import GRADES
from pipeline.write.book import Book, row_height
from pipeline.write.header import FIGURE_WIDTH, draw_header
from pipeline.write.style import GRADE_FRAME, GRADE_MARK
from pipeline.write.table import (
    AFTER,
    BEFORE,
    FIRST,
    LAST,
    ROW,
    UNIT,
    Layout,
    Shown,
    draw_totals,
    layout_of,
    shown,
    total_of,
)
from schemas import COLUMNS, KEYS, TITLE_TAIL

SHEET = "汇总表"
_HEADER, _DATA = 3, 5
_REMARK = 18


def summary_layout(rows: Sequence[UnitRow]) -> Layout:
    """Where the month's rows stand in 汇总表."""
    return layout_of(rows, _DATA)


def write_summary(book: Book, month: CountyMonth, county: County, lines: dict[str, str]) -> None:
    """Writes the sheet; `lines` maps a finding's number to the address of its line."""
    layout = summary_layout(month.rows)
    sheet = book.sheet(SHEET, [5, 16, *([FIGURE_WIDTH] * len(COLUMNS)), _REMARK], repeat=(_HEADER, _HEADER + 1))
    sheet.merge_range(0, 0, 0, LAST, f"{county.name}{county.title}{TITLE_TAIL}", book.look("title"))
    sheet.set_row(0, 36)
    half = LAST // 2
    sheet.merge_range(1, 0, 1, half, f"单位：{county.county.office}", book.look("caption"))
    sheet.merge_range(1, half + 1, 1, LAST, f"统计时间：{month.month.zh}", book.look("caption_right"))
    sheet.set_row(1, ROW)
    sheet.set_row(2, ROW)
    sheet.merge_range(2, 0, 2, LAST, completeness(month), book.look("caption"))
    draw_header(book, sheet, _HEADER, BEFORE, AFTER)
    worst = _worst(month.findings, month.month)
    grades: dict[str, set[str]] = {}
    for (unit, _), f in worst.items():
        grades.setdefault(unit, set()).add(f.grade)
    for i, row in enumerate(sorted(month.rows, key=lambda r: layout.units[r.unit])):
        marks = "".join(GRADE_MARK[g] for g in GRADES if g in grades.get(row.unit, ()))
        _unit_row(book, sheet, layout.units[row.unit], i + 1, row, worst, lines, marks)
    draw_totals(book, sheet, layout, {r.unit: {k: value_of(r, k) for k in KEYS} for r in month.rows})
    book.name("汇总数据", sheet, (_DATA, FIRST), (layout.total - 1, LAST - 1))
    book.name("汇总合计", sheet, (layout.total, FIRST), (layout.total, LAST - 1))
    sheet.freeze_panes(_DATA, FIRST)
    _below(book, sheet, layout.total + 1)
    sheet.activate()


def completeness(month: CountyMonth) -> str:
    """The caption: how many of how many units are in, and how many of them are in error."""
    reported = sum(r.filed is not None for r in month.rows)
    wrong = sum(r.filed is not None and r.at_fault for r in month.rows)
    return f"实报 {reported}/{len(month.rows)}，含强制性问题 {wrong} 家"


def value_of(row: UnitRow, key: str) -> Shown:
    """What 汇总表 shows for a unit's field."""
    return shown(row.filed.figures[key].value) if row.filed else None


def sum_of(rows: Sequence[UnitRow], key: str) -> int | str:
    """What the total row holds."""
    return total_of([value_of(r, key) for r in rows], key, len(rows))


def _worst(findings: Sequence[Finding], month: Month) -> dict[tuple[str, str], Finding]:
    """The gravest open line of each cell, by unit and key ('' for lines about no single cell)."""
    worst: dict[tuple[str, str], Finding] = {}
    here = (f for f in findings if f.status == OPEN and f.month in (month, None))
    for f in sorted(here, key=lambda f: GRADES.index(f.grade)):
        for key in f.keys or ("",):
            worst.setdefault((f.unit, key), f)
    return worst


def _unit_row(
    book: Book,
    sheet: Worksheet,
    at: int,
    number: int,
    row: UnitRow,
    worst: dict[tuple[str, str], Finding],
    lines: dict[str, str],
    marks: str,
) -> None:
    def put(column: int, value: object, look: str, key: str | None = None) -> None:
        line = worst.get((row.unit, key)) if key is not None else None
        book.put(sheet, at, column, value, look, line.grade if line else "", lines[line.id] if line else "")

    remark = " ".join(filter(None, (row.remark, marks)))
    sheet.set_row(at, max(ROW, row_height([remark], [_REMARK])))
    put(0, number, "number")
    put(UNIT, row.unit, "centre", "")
    for i, key in enumerate(KEYS):
        put(FIRST + i, value_of(row, key), "number", key)
    put(LAST, remark, "centre")


def _below(book: Book, sheet: Worksheet, at: int) -> None:
    marks = "，".join(f"{GRADE_MARK[g]}{GRADE_FRAME[g]}为{g}" for g in GRADES)
    note = f"注：1.数字为各单位当月所报，空白为未报或不能计入，未作改动。2.转办的信访件由转出、接办单位分别统计。3.{marks}；着色单元格可点击查看差异清单。"
    sheet.merge_range(at, 0, at, LAST, note, book.look("note"))
    sheet.set_row(at, 32)
    sheet.merge_range(
        at + 1,
        0,
        at + 1,
        LAST,
        "填表人：　　　　　　　审核人：　　　　　　　填报日期：　　　　　",
        book.look("caption"),
    )
    sheet.set_row(at + 1, 24)

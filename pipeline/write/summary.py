"""汇总表: the county's month, one row per unit of the roster, with subtotals and the total as live formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell as address
from xlsxwriter.worksheet import Worksheet

from pipeline.county import KINDS, County
from pipeline.model import OPEN, CountyMonth, Finding, Month, UnitRow
from pipeline.rules import GRADES
from pipeline.write.book import Book
from pipeline.write.header import FIGURE_WIDTH, draw_header
from pipeline.write.style import GRADE_MARK
from schemas import COLUMN, COLUMNS, KEYS, TITLE_TAIL

SHEET = "汇总表"
_BEFORE, _AFTER = ("序号", "单位"), ("备注",)
_UNIT, _FIRST = 1, len(_BEFORE)
_LAST = _FIRST + len(COLUMNS)
_HEADER, _DATA = 3, 5
_ROW = 20


@dataclass(frozen=True)
class Layout:
    """Where things stand in 汇总表: the row of each unit, of each kind's subtotal, and of the total."""

    units: dict[str, int]
    subtotals: dict[str, int]
    total: int

    def cell(self, unit: str, key: str = "") -> str:
        """The address of a unit's figure, of its name without a key; '' where it has no row."""
        if unit not in self.units:
            return ""
        return str(address(self.units[unit], _FIRST + KEYS.index(key) if key else _UNIT))

    def total_cell(self, key: str) -> str:
        """The address of a field's total."""
        return str(address(self.total, _FIRST + KEYS.index(key)))


def layout_of(rows: Sequence[UnitRow]) -> Layout:
    """The places of the month's rows: each kind's units, its subtotal, and the total at the end."""
    units: dict[str, int] = {}
    subtotals: dict[str, int] = {}
    at = _DATA
    for kind in KINDS:
        of_kind = [r.unit for r in rows if r.kind == kind]
        units |= {unit: at + i for i, unit in enumerate(of_kind)}
        at += len(of_kind)
        if of_kind:
            subtotals[kind] = at
            at += 1
    return Layout(units, subtotals, at)


def write_summary(book: Book, month: CountyMonth, county: County, lines: dict[str, str]) -> None:
    """Writes the sheet; `lines` maps a finding's number to the address of its line."""
    layout = layout_of(month.rows)
    sheet = book.sheet(SHEET, [5, 16, *([FIGURE_WIDTH] * len(COLUMNS)), 14], repeat=(_HEADER, _HEADER + 1))
    sheet.merge_range(0, 0, 0, _LAST, f"{county.name}{county.title}{TITLE_TAIL}", book.look("title"))
    sheet.set_row(0, 36)
    half = _LAST // 2
    sheet.merge_range(1, 0, 1, half, f"单位：{county.county.office}", book.look("caption"))
    sheet.merge_range(1, half + 1, 1, _LAST, f"统计时间：{month.month.zh}", book.look("caption_right"))
    sheet.set_row(1, _ROW)
    sheet.set_row(2, _ROW)
    sheet.merge_range(2, 0, 2, _LAST, completeness(month), book.look("caption"))
    draw_header(book, sheet, _HEADER, _BEFORE, _AFTER)
    worst = _worst(month.findings, month.month)
    for i, row in enumerate(sorted(month.rows, key=lambda r: layout.units[r.unit])):
        _unit_row(book, sheet, layout.units[row.unit], i + 1, row, worst, lines)
    _totals(book, sheet, month.rows, layout)
    sheet.freeze_panes(_DATA, _FIRST)
    _below(book, sheet, layout.total + 1)
    sheet.activate()


def completeness(month: CountyMonth) -> str:
    """The caption: how many of how many units are in, and how many of them are in error."""
    reported = sum(r.filed is not None for r in month.rows)
    wrong = sum(r.filed is not None and r.at_fault for r in month.rows)
    return f"实报 {reported}/{len(month.rows)}，含强制性问题 {wrong} 家"


def value_of(row: UnitRow, key: str) -> int | str | None:
    """What 汇总表 shows for a unit's field: the figure as filed, 是 or 否, None where nothing counts."""
    value = row.filed.figures[key].value if row.filed else None
    return ("是" if value else "否") if isinstance(value, bool) else value


def sum_of(rows: Sequence[UnitRow], key: str) -> int | str:
    """What the total row holds: the sum of the counts, or how many of how many answered 是."""
    values = [value_of(r, key) for r in rows]
    if COLUMN[key].kind == "yes_no":
        return f"{values.count('是')}/{len(rows)}"
    return sum(v for v in values if isinstance(v, int))


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
) -> None:
    def put(column: int, value: object, look: str, key: str | None = None) -> None:
        line = worst.get((row.unit, key)) if key is not None else None
        book.put(sheet, at, column, value, look, line.grade if line else "", lines[line.id] if line else "")

    sheet.set_row(at, _ROW)
    put(0, number, "number")
    put(_UNIT, row.unit, "centre", "")
    for i, key in enumerate(KEYS):
        put(_FIRST + i, value_of(row, key), "number", key)
    grades = {worst[at_key].grade for at_key in worst if at_key[0] == row.unit}
    marks = "".join(GRADE_MARK[g] for g in GRADES if g in grades)
    put(_LAST, " ".join(filter(None, (row.remark, marks))), "centre")


def _totals(book: Book, sheet: Worksheet, rows: Sequence[UnitRow], layout: Layout) -> None:
    look = book.look("total")
    for at in (*layout.subtotals.values(), layout.total):
        sheet.set_row(at, _ROW)
    parts = {kind: [r for r in rows if r.kind == kind] for kind in layout.subtotals}
    for kind, at in layout.subtotals.items():
        sheet.merge_range(at, 0, at, _UNIT, f"{KINDS[kind]}小计", look)
    sheet.merge_range(layout.total, 0, layout.total, _UNIT, "合计", look)
    spans = {kind: (at - len(parts[kind]), at - 1) for kind, at in layout.subtotals.items()}
    for i, key in enumerate(KEYS):
        column = _FIRST + i
        for kind, at in layout.subtotals.items():
            sheet.write_formula(at, column, _formula(key, column, [spans[kind]]), look, sum_of(parts[kind], key))
        whole = _formula(key, column, list(spans.values()), list(layout.subtotals.values()))
        sheet.write_formula(layout.total, column, whole, look, sum_of(rows, key))
    for at in (*layout.subtotals.values(), layout.total):
        sheet.write_blank(at, _LAST, None, look)


def _formula(key: str, column: int, spans: list[tuple[int, int]], subtotals: list[int] | None = None) -> str:
    """The live formula of a total: of counts the sum (of subtotals where given), else 是 out of all units."""
    if COLUMN[key].kind == "yes_no":
        yes = "+".join(f'COUNTIF({address(a, column)}:{address(b, column)},"是")' for a, b in spans)
        due = "+".join(f"COUNTA({address(a, _UNIT)}:{address(b, _UNIT)})" for a, b in spans)
        return f'=({yes})&"/"&({due})'
    if subtotals:
        return f"=SUM({','.join(address(at, column) for at in subtotals)})"
    return f"=SUM({','.join(f'{address(a, column)}:{address(b, column)}' for a, b in spans)})"


def _below(book: Book, sheet: Worksheet, at: int) -> None:
    marks = "，".join(f"{GRADE_MARK[g]}{g}" for g in GRADES)
    note = f"注：1.数字为各单位当月所报，空白为未报或不能计入，未作改动。2.转办的信访件由转出、接办单位分别统计。3.备注中{marks}，着色单元格可点击查看差异清单。"
    sheet.merge_range(at, 0, at, _LAST, note, book.look("note"))
    sheet.set_row(at, 32)
    sheet.merge_range(
        at + 1,
        0,
        at + 1,
        _LAST,
        "填表人：　　　　　　　审核人：　　　　　　　填报日期：　　　　　",
        book.look("caption"),
    )
    sheet.set_row(at + 1, 24)

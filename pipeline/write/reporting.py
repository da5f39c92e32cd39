"""报送情况: who has reported the month, when, and the rates."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_rowcol_to_cell as address
from xlsxwriter.worksheet import Worksheet

from pipeline.county import KINDS
from pipeline.model import AT_FAULT, EMPTY, IN_TIME, LATE, NOT_DUE, NOT_REPORTED, CountyMonth, UnitRow
from pipeline.rules import ASK, MUST, TELL
from pipeline.write.book import Book

SHEET = "报送情况"
_HEADER, _FIRST, _STATUS = 1, 2, 3
_GRADE = {NOT_REPORTED: MUST, EMPTY: ASK, LATE: TELL, AT_FAULT: MUST}
_RATES = ("应报", "报送", "未报", "空表", "迟报", "报送率", "及时率")


def write_reporting(book: Book, month: CountyMonth) -> None:
    """Writes the sheet: a row per unit, and under it the rates per kind of unit and of the county."""
    sheet = book.sheet(SHEET, [6, 18, 10, 16, 20, 10, 10, 10, 10], repeat=(_HEADER, _HEADER))
    sheet.merge_range(0, 0, 0, 8, f"{month.month.zh}报送情况", book.look("title"))
    sheet.set_row(0, 32)
    book.row(sheet, _HEADER, ["序号", "单位", "类别", month.month.zh, "收到时间"], "head")
    rows = sorted(month.rows, key=lambda r: list(KINDS).index(r.kind))
    for i, row in enumerate(rows):
        at = _FIRST + i
        book.row(sheet, at, [i + 1, row.unit, KINDS[row.kind]], "centre")
        book.put(sheet, at, _STATUS, row.status, "centre", _GRADE.get(row.status, ""))
        book.put(sheet, at, _STATUS + 1, f"{row.received:%Y-%m-%d %H:%M}" if row.received else "", "centre")
    sheet.freeze_panes(_FIRST, 2)
    _rates(book, sheet, rows, _FIRST + len(rows))
    note = "报送率＝（应报－未报－空表）÷应报；及时率＝（按时＋有误）÷应报；未到期的不计入应报。"
    at = _FIRST + len(rows) + 2 + len({r.kind for r in rows}) + 1
    sheet.merge_range(at, 0, at, 8, note, book.look("note"))


def _rates(book: Book, sheet: Worksheet, rows: Sequence[UnitRow], after: int) -> None:
    head = after + 1
    book.row(sheet, head, ["", "范围", *_RATES], "head")
    spans = {KINDS[k]: [i for i, r in enumerate(rows) if r.kind == k] for k in KINDS}
    spans = {name: at for name, at in spans.items() if at} | {"全县": list(range(len(rows)))}
    for n, (name, at) in enumerate(spans.items()):
        where = f"{address(_FIRST + at[0], _STATUS)}:{address(_FIRST + at[-1], _STATUS)}"
        _rate_row(book, sheet, head + 1 + n, name, where, [rows[i].status for i in at])


def _rate_row(book: Book, sheet: Worksheet, at: int, name: str, where: str, statuses: list[str]) -> None:
    book.row(sheet, at, ["", name], "total")
    due, sent, missing, empty, late = (address(at, 2 + i) for i in range(5))
    n_missing, n_empty, n_late = (statuses.count(s) for s in (NOT_REPORTED, EMPTY, LATE))
    n_due = len(statuses) - statuses.count(NOT_DUE)
    n_sent = n_due - n_missing - n_empty
    in_time = statuses.count(IN_TIME) + statuses.count(AT_FAULT)
    formulas: list[tuple[str, object]] = [
        (f'=COUNTA({where})-COUNTIF({where},"{NOT_DUE}")', n_due),
        (f"={due}-{missing}-{empty}", n_sent),
        (f'=COUNTIF({where},"{NOT_REPORTED}")', n_missing),
        (f'=COUNTIF({where},"{EMPTY}")', n_empty),
        (f'=COUNTIF({where},"{LATE}")', n_late),
        (f'=IF({due}=0,"—",{sent}/{due})', n_sent / n_due if n_due else "—"),
        (f'=IF({due}=0,"—",({sent}-{late})/{due})', in_time / n_due if n_due else "—"),
    ]
    for i, (formula, value) in enumerate(formulas):
        look = book.look("total_rate" if i >= len(formulas) - 2 else "total")
        sheet.write_formula(at, 2 + i, formula, look, value)

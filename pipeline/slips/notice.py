"""退回通知: the first sheet of a slip, in the words of an official letter."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook import Workbook

from pipeline.model import Finding, day_zh
from pipeline.phones import masked
from pipeline.rules import ERROR, QUERY
from pipeline.sheets import NOTICE
from pipeline.slips.slip import Slip
from pipeline.write.book import safe
from pipeline.write.room import row_height
from pipeline.write.style import BODY_FONT, GRADE_COLOUR, HEAD_FONT, TITLE_FONT

_COLUMNS = (
    ("序号", 6), ("类别", 10), ("单元格", 12), ("栏目", 20), ("填报内容", 22), ("问题", 44), ("请这样处理", 34), ("情况说明（请填写）", 26), ("编号", 20),
)  # fmt: skip
_ANSWER = [head for head, _ in _COLUMNS].index("情况说明（请填写）") + 1
_WIDTHS = [width for _, width in _COLUMNS]
_WHAT = {ERROR: "必须改正", QUERY: "请核实"}
_LINE = Side("thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WRAPPED = Alignment(wrap_text=True, vertical="center")
_CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")


def add_notice(book: Workbook, slip: Slip) -> None:
    """Puts the notice before the book's other sheets."""
    sheet: Any = book.create_sheet(NOTICE, 0)
    for i, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(65 + i)].width = width
    _line(sheet, 1, "退回修改通知", Font(TITLE_FONT, 20), Alignment(horizontal="center", vertical="center"), 40)
    body = Font(BODY_FONT, 13)
    _line(sheet, 2, _addressed(slip), body, _WRAPPED, 26)
    for row, text in enumerate(_said(slip), 3):
        # The letters are larger than those that row_height counts with.
        _line(sheet, row, text, body, _WRAPPED, row_height([text], [sum(_WIDTHS) * 0.72]) * 1.25)
    at = 3 + len(_said(slip))
    for column, (head, _) in enumerate(_COLUMNS, 1):
        _cell(sheet, at, column, head, Font(HEAD_FONT, 11), _CENTRED)
    sheet.row_dimensions[at].height = 24
    for number, f in enumerate(slip.findings, 1):
        _row(sheet, at + number, number, f)
    end = at + len(slip.findings) + 1
    right = Alignment(horizontal="right", vertical="center")
    _line(sheet, end + 1, slip.office, body, right, 24)
    _line(sheet, end + 2, day_zh(slip.today), body, right, 24)
    _printed(sheet)


def _addressed(slip: Slip) -> str:
    who = f"（联络员：{'、'.join(slip.liaisons)}）" if slip.liaisons else ""
    return f"{slip.filed.unit}{who}："


def _said(slip: Slip) -> list[str]:
    filed, source = slip.filed, slip.filed.source
    grades = [f.grade for f in slip.findings]
    found = "、".join(f"{grades.count(g)}处{words}" for g, words in _COUNTED.items() if g in grades)
    month = filed.month.zh if filed.month else ""
    by = f"于{day_zh(slip.due)}前（含当日）" if slip.due else "于收到本通知后3个工作日内"
    day = "" if source.undated else day_zh(source.received)
    if source.by_phone:
        came = f"你单位{day}来电更正的{month}《{slip.title}》数字，已由我专班代填（“{source.name}”）"
    else:
        came = f"你单位{day}报来的{month}《{slip.title}》（“{source.name}”）已收到"
    where = (
        f"现将你单位所报数字原样填入本工作簿“{filed.sheet}”工作表"
        if slip.on_form
        else f"现将原表退回，见本工作簿“{filed.sheet}”工作表"
    )
    return [
        f"　　{came}。经审核，有{found}，列于下表。",
        f"　　{where}，有关单元格已着色并加批注：红色的必须改正；黄色的请核实，有误的改正，确属实情的不作改动，在下表“情况说明”栏写明原因，“编号”请不要改动。"
        f"其他数字请不要改动。请{by}，将改好的本工作簿报回我专班。",
    ]


def _to_do(f: Finding) -> str:
    """What the unit should do; where it has said something already, that is shown and more is asked for."""
    if not f.explanation:
        return f.advice
    more = "请进一步说明原因。" if f.grade == QUERY else "仍须改正。"
    return f"你单位已说明：“{f.explanation}”。{more}{f.advice}"


_COUNTED = {ERROR: "必须改正", QUERY: "需要核实"}


def _row(sheet: Any, at: int, number: int, f: Finding) -> None:
    values = [
        number,
        _WHAT[f.grade],
        "、".join(f.cells) or "整行",
        "、".join(f.labels) or "各栏",
        f.filed,
        f.message,
        _to_do(f),
        None,
        f.id,
    ]
    for column, value in enumerate(values, 1):
        _cell(sheet, at, column, value, Font(BODY_FONT, 11), _CENTRED if column <= 3 else _WRAPPED)
    sheet.cell(at, 2).fill = PatternFill("solid", fgColor=f"FF{GRADE_COLOUR[f.grade][1:]}")
    sheet.cell(at, _ANSWER).protection = Protection(locked=False)
    sheet.row_dimensions[at].height = row_height(values, _WIDTHS)


def _cell(sheet: Any, row: int, column: int, value: object, font: Font, alignment: Alignment) -> None:
    cell = sheet.cell(row, column)
    cell.font, cell.alignment, cell.border = font, alignment, _BOX
    put(cell, masked(value) if isinstance(value, str) else value)


def _line(sheet: Any, row: int, text: str, font: Font, alignment: Alignment, height: float) -> None:
    cell = sheet.cell(row, 1)
    cell.font, cell.alignment = font, alignment
    put(cell, masked(text))
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_COLUMNS))
    sheet.row_dimensions[row].height = height


def put(cell: Any, value: object) -> None:
    """Writes a value as what it is; what a unit typed is text, whatever it looks like."""
    cell.value = safe(value) if isinstance(value, str) else value
    if isinstance(value, str) and value:
        cell.data_type = "s"


def _printed(sheet: Any) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0

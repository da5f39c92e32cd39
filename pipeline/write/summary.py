"""汇总表: the county's month, one row per unit of the roster, with subtotals and the total as live formulas."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from xlsxwriter.worksheet import Worksheet

from pipeline.county import County
from pipeline.model import NOT_DUE, NOT_REPORTED, OPEN, CountyMonth, Finding, Month, UnitRow
from pipeline.rules import ERROR, GRADES
from pipeline.sheets import SUMMARY
from pipeline.write.book import Book
from pipeline.write.header import caption_cells, draw_header, for_figures
from pipeline.write.paper import Widths, fits_one_page, widths_of
from pipeline.write.room import lines_of, note_height, one_line
from pipeline.write.style import GRADE_MARK
from pipeline.write.table import (
    AFTER,
    BEFORE,
    FIRST,
    ROW,
    UNIT,
    Layout,
    Shown,
    draw_totals,
    layout_of,
    total_of,
)
from schemas.columns import BLANK, MISSING, UNREADABLE, shown
from schemas.form import Form

_HEADER, _DATA = 3, 5
_BEFORE = (4.0, 12.0)
_ABOVE = (28, 16, 16)
"""The heights of the rows above the header, in points."""

_REMARKS = (12.0, 30.0)
"""How wide the column of remarks is at least and at most."""

_FEW = (3, 1, 0)
"""Labels a remark names, as long as it takes no more than two lines; more are only counted."""

_TWO_LINES = 2
_SIGNED = 22


def summary_layout(month: CountyMonth) -> Layout:
    """Where the month's rows stand in 汇总表."""
    return layout_of(month.form, month.rows, _DATA)


def write_summary(book: Book, month: CountyMonth, county: County, lines: dict[str, str]) -> None:
    """Writes the sheet; `lines` maps a finding's number to the address of its line."""
    layout, title = summary_layout(month), f"{county.name}{county.title}{month.form.title}"
    remarks = {r.unit: remark_of(month.form, r) for r in month.rows}
    width = min(max(_REMARKS[0], *(one_line(text) for text in remarks.values())), _REMARKS[1])
    figures = for_figures(max((n for k in month.form.counts if isinstance(n := sum_of(month, k), int)), default=0))
    widths = widths_of(month.form, *figures, before=_BEFORE, after=(width,), title=title)
    sheet = book.table(SUMMARY, widths, repeat=(_HEADER, _HEADER + 1))
    book.across(sheet, 0, widths.first_page, title, "title")
    of_unit, of_month = caption_cells(widths)
    book.across(sheet, 1, of_unit, f"单位：{county.county.office}", "caption")
    book.across(sheet, 1, of_month, f"统计时间：{month.month.zh}", "caption_right")
    book.across(sheet, 2, widths.first_page, completeness(month), "caption")
    for above, height in enumerate(_ABOVE):
        sheet.set_row(above, height)
    heights = [*_ABOVE, draw_header(book, sheet, month.form, _HEADER, widths, BEFORE, AFTER)]
    worst = _worst(month.sent_up, month.month)
    for i, row in enumerate(sorted(month.rows, key=lambda r: layout.units[r.unit])):
        at = layout.units[row.unit]
        _unit_row(book, sheet, layout, i + 1, row, worst, lines)
        book.put(sheet, at, layout.last, remarks[row.unit], "centre")
        deep = max(lines_of(remarks[row.unit], width), lines_of(row.unit, _BEFORE[1]))
        sheet.set_row(at, ROW * deep)
        heights.append(ROW * deep)
    draw_totals(book, sheet, layout, {r.unit: {k: value_of(r, k) for k in month.form.keys} for r in month.rows})
    book.name("汇总数据", sheet, (_DATA, FIRST), (layout.total - 1, layout.last - 1))
    book.name("汇总合计", sheet, (layout.total, FIRST), (layout.total, layout.last - 1))
    sheet.freeze_panes(_DATA, FIRST)
    heights += [ROW * (len(layout.subtotals) + 1), _below(book, sheet, month, county, widths, layout.total + 1)]
    if not widths.breaks and fits_one_page(sum(heights)):
        sheet.fit_to_pages(1, 1)
    sheet.activate()


def completeness(month: CountyMonth) -> str:
    """The caption: how many of how many units are in, and how many of them are in error."""
    reported = sum(r.filed is not None for r in month.rows)
    wrong = sum(r.filed is not None and r.at_fault for r in month.rows)
    return f"实报 {reported}/{len(month.rows)}，含强制性问题 {wrong} 家"


def gaps(month: CountyMonth) -> list[str]:
    """What the totals lack, in sentences: units, figures that do not count, and totals that do not add up for it."""
    sentences = [f"{completeness(month)}。"]
    for status, words in ((NOT_REPORTED, "未报（含来件不能采用的）"), (NOT_DUE, "未到期尚未报送")):
        if units := [r.unit for r in month.rows if r.status == status and not r.moved_out]:
            sentences.append(f"{words}{len(units)}家：{'、'.join(units)}。")
    if units := [r.unit for r in month.rows if r.moved_out]:
        sentences.append(f"原报表已移出收件夹{len(units)}家：{'、'.join(units)}。")
    lacking = [f"{r.unit}{what}" for r in month.rows if r.filed for what in uncounted(month.form, r)]
    if lacking:
        sentences.append(f"合计中不含：{'；'.join(lacking)}。")
    return sentences


def mismatches(month: CountyMonth) -> list[str]:
    """The totals that do not add up to each other, for units filed figures that do not."""
    form = month.form
    sums = {key: s for key in form.counts if isinstance(s := sum_of(month, key), int)}
    sentences = []
    for relation in form.relations.values():
        if relation.grade == ERROR and set(relation.keys) <= set(sums):
            right, left = relation.reference(sums), sums[relation.left]
            if isinstance(right, int) and right != left:
                parts = "＋".join(form.column[k].label for k in relation.right)
                group = form.group_of[relation.left].label
                sentences.append(
                    f"{group}合计：{form.column[relation.left].label}{left}与{parts}{right}相差{abs(left - right)}，系单位原报数不符，见“差异清单”。"
                )
    return sentences


def uncounted(form: Form, row: UnitRow, few: int = _FEW[0]) -> list[str]:
    """The labels of a return's fields that add nothing, by what is the matter with them; more than `few` are counted."""
    figures = row.filed.figures if row.filed else {}
    found = []
    for states, words in (((UNREADABLE,), "不能计入"), ((BLANK,), "未填"), ((MISSING,), "缺栏")):
        labels = [form.column[k].label for k, f in figures.items() if f.state in states]
        if labels:
            found.append(f"{'、'.join(labels) if len(labels) <= few else f'{len(labels)}栏'}{words}")
    return found


def remark_of(form: Form, row: UnitRow) -> str:
    """What 备注 says of a unit, in two lines at most."""
    texts = ("；".join(filter(None, (row.remark, *uncounted(form, row, few)))) for few in _FEW)
    return next((text for text in texts if lines_of(text, _REMARKS[1]) <= _TWO_LINES), row.remark)


def value_of(row: UnitRow, key: str) -> Shown:
    """What 汇总表 shows for a unit's field."""
    return shown(row.filed.figures[key].value) if row.filed else None


def sum_of(month: CountyMonth, key: str) -> int | str:
    """What the total row holds."""
    return total_of(month.form, key, [value_of(r, key) for r in month.rows], len(month.rows))


def _worst(findings: Sequence[Finding], month: Month) -> dict[tuple[str, str], Finding]:
    """The gravest open line of each cell, by unit and key ('' for lines about no single cell)."""
    worst: dict[tuple[str, str], Finding] = {}
    here = (f for f in findings if f.status == OPEN and f.month in (month, None))
    for f in sorted(here, key=lambda f: GRADES.index(f.grade)):
        for unit, key in product(f.units, f.keys or ("",)):
            worst.setdefault((unit, key), f)
    return worst


def _unit_row(
    book: Book,
    sheet: Worksheet,
    layout: Layout,
    number: int,
    row: UnitRow,
    worst: dict[tuple[str, str], Finding],
    lines: dict[str, str],
) -> None:
    at, form = layout.units[row.unit], layout.form

    def put(column: int, value: object, look: str, key: str) -> None:
        line = worst.get((row.unit, key))
        book.put(sheet, at, column, value, look, line.grade if line else "", lines[line.id] if line else "")

    book.put(sheet, at, 0, number, "number")
    put(UNIT, row.unit, "centre", "")
    for i, key in enumerate(form.keys):
        put(FIRST + i, value_of(row, key), "number", key)


def _below(book: Book, sheet: Worksheet, month: CountyMonth, county: County, widths: Widths, at: int) -> float:
    """Writes the notes and who signs, and gives their height in points."""
    marks = "，".join(f"{GRADE_MARK[g]}{g}" for g in GRADES)
    sentences = ["数字为各单位当月原报数；空白的，备注写明是未报、未填还是不能计入。", *month.form.caveats]
    sentences.append(f"着色的单元格有待处理的问题（{marks}），可点击查看差异清单。")
    note = "注：" + "".join(f"{i}.{text}" for i, text in enumerate(sentences, 1))
    first, last = widths.first_page
    book.across(sheet, at, widths.first_page, note, "note")
    height = note_height(note, sum(widths.all[first : last + 1]))
    sheet.set_row(at, height)
    by, reviewed = county.report.prepared_by or "　" * 6, county.report.reviewed_by or "　" * 6
    signed = f"填表人：{by}　　　审核人：{reviewed}　　　填报日期：{'　' * 6}"
    book.across(sheet, at + 1, widths.first_page, signed, "caption")
    sheet.set_row(at + 1, _SIGNED)
    return height + _SIGNED

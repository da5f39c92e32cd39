"""累计与趋势: the year to date per unit and county, then by month, and the charts that show it at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.utility import xl_rowcol_to_cell as address
from xlsxwriter.worksheet import Worksheet

from pipeline.model import CountyMonth, MonthSum, UnitYear
from pipeline.sheets import TREND
from pipeline.write.backlog import months_zh, write_still_open
from pipeline.write.book import Book
from pipeline.write.charts import CHART_ROWS, Chart, Series, columns, places_beside
from pipeline.write.header import draw_header, for_figures
from pipeline.write.paper import Widths, scale_of, widths_of
from pipeline.write.ranking import write_ranking
from pipeline.write.reporting import rates_chart
from pipeline.write.room import lines_of, one_line
from pipeline.write.table import AFTER, BEFORE, FIRST, ROW, UNIT, draw_totals, layout_of
from schemas.columns import Column, shown
from schemas.form import Form

_HEADER, _DATA = 2, 4
_BEFORE, _AFTER = (4.0, 12.0), (12.0, 30.0)
_ABOVE = (32.0, 30.0)
_ON_A_PAGE = 34
"""Units that fit a printed page, with their totals."""


def write_trend(book: Book, month: CountyMonth) -> None:
    """Writes the sheet: the units' year to date, what is still open, the county's months, the ranking and the charts."""
    units, form = _in_year(month), month.form_of_year
    # A header that is repeated would stand above the months and the charts too, where it means nothing.
    repeat = (_HEADER, _HEADER + 1) if len(units) > _ON_A_PAGE else None
    remarks = {u.unit: _remark(u) for u in units}
    sums = [sum(int(u.sums[k] or 0) for u in units) for k in form.counts]
    width = min(max(_AFTER[0], *(one_line(text) for text in remarks.values())), _AFTER[1])
    widths = widths_of(form, *for_figures(max(sums, default=0)), before=_BEFORE, after=(width,))
    sheet = book.table(TREND, widths, repeat=repeat)
    months = [m.month for m in month.months]
    span = months[0].zh if len(months) == 1 else f"{months[0].zh}至{months[-1].zh}"
    book.across(sheet, 0, widths.first_page, f"{span}累计与趋势", "title")
    book.across(sheet, 1, widths.first_page, _note(form), "note")
    for above, height in enumerate(_ABOVE):
        sheet.set_row(above, height)
    after_units = _units(book, sheet, form, units, widths, remarks) + 1
    after_open = write_still_open(book, sheet, month, units, widths, after_units)
    after_months = _months(book, sheet, form, month.months, widths, after_open) + 1
    after_ranking, worst = write_ranking(book, sheet, month, after_months)
    charts = [c for c in (*_compared(form, after_open + 2, len(months)), rates_chart(month), worst) if c]
    places, wide = places_beside(widths)
    for i, chart in enumerate(charts):
        row, column = divmod(i, len(places))
        chart.insert(book, sheet, after_ranking + 1 + CHART_ROWS * row, places[column], wide)
    breaks = [after_units] * (after_open > after_units) + [after_ranking + 1 if repeat else after_months]
    sheet.set_h_pagebreaks(breaks)
    # Where it is made to fit a page, Excel takes no heed of the breaks.
    sheet.set_print_scale(min(widths.scale, scale_of([])))
    sheet.freeze_panes(_DATA, FIRST)


def _note(form: Form) -> str:
    states = "、".join(c.label for c in form.columns if not c.adds_up)
    last = f"{states}取最近一次所报；" if states else ""
    return f"各栏为各月所报当月数之和，{last}备注列出没有可用报表的月份和空白、不能计入的格数，这些都不按0计。"


def _in_year(month: CountyMonth) -> list[UnitYear]:
    """The units that stood on the roster in one of the year's months."""
    return [u for u in month.units if not u.gone or u.missing or any(v is not None for v in u.sums.values())]


def _units(
    book: Book, sheet: Worksheet, form: Form, units: Sequence[UnitYear], widths: Widths, remarks: Mapping[str, str]
) -> int:
    """Writes the year to date of each unit, the subtotals and the total; gives the row below."""
    layout = layout_of(form, units, _DATA)
    draw_header(book, sheet, form, _HEADER, widths, BEFORE, AFTER)
    figures = {u.unit: {key: shown(u.sums[key]) for key in form.keys} for u in units}
    for i, unit in enumerate(sorted(units, key=lambda u: layout.units[u.unit]), 1):
        at = layout.units[unit.unit]
        deep = max(lines_of(remarks[unit.unit], widths.after[0]), lines_of(unit.unit, widths.before[1]))
        sheet.set_row(at, ROW * deep)
        book.put(sheet, at, 0, i, "number")
        book.put(sheet, at, UNIT, unit.unit, "centre")
        for column, key in enumerate(form.keys, FIRST):
            book.put(sheet, at, column, figures[unit.unit][key], "number")
        book.put(sheet, at, layout.last, remarks[unit.unit], "centre")
    book.name("累计数据", sheet, (_DATA, FIRST), (layout.total, layout.last - 1))
    draw_totals(book, sheet, layout, figures, [u.unit for u in units if u.gone])
    return layout.total + 1


def _remark(unit: UnitYear) -> str:
    lacking = [m for m in unit.missing if m not in unit.moved_out]
    missing = f"缺{months_zh(lacking)}" if lacking else ""
    moved_out = f"{months_zh(unit.moved_out)}原报表已移出收件夹" if unit.moved_out else ""
    uncounted = f"有{unit.uncounted}格未计入" if unit.uncounted else ""
    return "；".join(filter(None, ("已不在册" if unit.gone else "", missing, moved_out, uncounted)))


def _months(book: Book, sheet: Worksheet, form: Form, months: Sequence[MonthSum], widths: Widths, at: int) -> int:
    """Writes the county's sums of each month, and that they add up to the year; gives the row below."""
    draw_header(book, sheet, form, at, widths, ("序号", "统计时间"), ("实报/应报",))
    first, last = at + 2, FIRST + len(form.columns)
    for i, one in enumerate(months):
        row = first + i
        sheet.set_row(row, ROW)
        book.put(sheet, row, 0, i + 1, "number")
        book.put(sheet, row, UNIT, one.month.zh, "centre")
        for column, c in enumerate(form.columns, FIRST):
            book.put(sheet, row, column, _of_month(one, c), "number")
        book.put(sheet, row, last, f"{one.reported}/{one.units}" if one.reported else "没有报表", "centre")
    total, look = first + len(months), book.look("total")
    sheet.set_row(total, ROW)
    sheet.merge_range(total, 0, total, UNIT, "各月累计", look)
    for column, c in enumerate(form.columns, FIRST):
        if c.adds_up:
            where = f"{address(first, column)}:{address(total - 1, column)}"
            sheet.write_formula(total, column, f"=SUM({where})", look, sum(m.sums.get(c.key, 0) for m in months))
        else:
            sheet.write_blank(total, column, None, look)
    sheet.write_blank(total, last, None, look)
    return total + 1


def _of_month(one: MonthSum, column: Column) -> int | str | None:
    """The county's sum of a month; a month without returns, or without the column, stays blank, and is no zero."""
    if column.key not in one.sums:
        return None
    return one.sums[column.key] if column.kind == "count" else f"{one.sums[column.key]}/{one.units}"


def _compared(form: Form, first: int, months: int) -> list[Chart]:
    """The charts of what leaders compare; the sums of the first month stand in row `first`."""
    last = first + months - 1
    names = (TREND, first, UNIT, last, UNIT)
    places = {key: (TREND, first, column, last, column) for column, key in enumerate(form.keys, FIRST)}
    return [
        columns(f"{pair.title}（按月）", [Series(form.column[key].label, names, places[key]) for key in pair.keys])
        for pair in form.compared
    ]

"""The units by their open lines, the most first, as live counts over 差异清单."""

from __future__ import annotations

from collections import Counter

from xlsxwriter.utility import xl_rowcol_to_cell as address
from xlsxwriter.worksheet import Worksheet

from pipeline.model import OPEN, CountyMonth
from pipeline.rules import ERROR, QUERY
from pipeline.sheets import STATUS, TOTAL
from pipeline.write.book import Book
from pipeline.write.charts import Chart, Series, bars
from pipeline.write.discrepancies import column_ranges
from pipeline.write.style import GRADE_COLOUR

_FIRST, _NAME, _COUNT = 2, 3, 2
"""It stands under the figures: unit names in the column 单位 are the tables' above. A name takes three columns, a count two."""

_PROBLEMS = (ERROR, QUERY)
"""A notice counts as nobody's problem."""

_MAX_UNITS = 10
"""Units listed; a chart of more cannot be read."""


def write_ranking(book: Book, sheet: Worksheet, month: CountyMonth, at: int) -> tuple[int, Chart | None]:
    """Writes the ranking from row `at` on; gives the row below it and its chart, none where nothing is open."""
    sheet.write_string(at, _FIRST, f"{month.month.zh}待处理问题最多的单位", book.look("section"))
    counts = _counts(month)
    ranked = sorted(counts, key=lambda u: (-sum(counts[u]), [-n for n in counts[u]]))[:_MAX_UNITS]
    if not ranked:
        sheet.write_string(at + 1, _FIRST, "本期没有待处理的问题。", book.look("caption"))
        return at + 2, None
    columns = [_FIRST + _NAME + i * _COUNT for i in range(len(_PROBLEMS) + 1)]
    book.across(sheet, at + 1, (_FIRST, _FIRST + _NAME - 1), "单位", "head")
    for column, head in zip(columns, (*_PROBLEMS, TOTAL), strict=True):
        book.across(sheet, at + 1, (column, column + _COUNT - 1), head, "head")
    look = book.look("number")
    for row, unit in enumerate(ranked, at + 2):
        book.across(sheet, row, (_FIRST, _FIRST + _NAME - 1), unit, "centre")
        formulas = [_live(row, grade, len(month.sent_up)) for grade in _PROBLEMS]
        formulas.append("=" + "+".join(address(row, column) for column in columns[:-1]))
        for column, formula, n in zip(columns, formulas, (*counts[unit], sum(counts[unit])), strict=True):
            sheet.merge_range(row, column, row, column + _COUNT - 1, "", look)
            sheet.write_formula(row, column, formula, look, n)
    return at + 2 + len(ranked), _chart(sheet.get_name(), at + 2, len(ranked), sum(counts[ranked[0]]))


def _counts(month: CountyMonth) -> dict[str, list[int]]:
    """The open lines of each unit of the roster that has any, by grade."""
    open_lines = Counter((f.unit, f.grade) for f in month.sent_up if f.status == OPEN)
    by_unit = {row.unit: [open_lines[row.unit, grade] for grade in _PROBLEMS] for row in month.rows}
    return {unit: counts for unit, counts in by_unit.items() if sum(counts)}


def _live(row: int, grade: str, lines: int) -> str:
    wanted = {"单位": address(row, _FIRST, col_abs=True), "级别": f'"{grade}"', STATUS: f'"{OPEN}"'}
    pages = zip(*(column_ranges(head, lines) for head in wanted), strict=True)
    counts = (
        ",".join(f"{where},{value}" for where, value in zip(page, wanted.values(), strict=True)) for page in pages
    )
    return "=" + "+".join(f"COUNTIFS({count})" for count in counts)


def _chart(sheet: str, top: int, count: int, largest: int) -> Chart:
    end, units = top + count - 1, (sheet, top, _FIRST, top + count - 1, _FIRST)
    series = [
        Series(grade, units, (sheet, top, column, end, column), GRADE_COLOUR[grade])
        for column, grade in zip(range(_FIRST + _NAME, 99, _COUNT), _PROBLEMS, strict=False)
    ]
    return bars("待处理问题最多的单位", series, count, largest)

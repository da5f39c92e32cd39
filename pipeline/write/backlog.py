"""What is still open, in 累计与趋势: a row per unit, and the county as the sum of its rows."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_rowcol_to_cell as address
from xlsxwriter.worksheet import Worksheet

from pipeline.model import CountyMonth, Month, StillOpen, UnitYear
from pipeline.sheets import TOTAL
from pipeline.write.book import Book
from pipeline.write.paper import Widths
from pipeline.write.room import lines_of
from pipeline.write.table import FIRST, ROW, UNIT
from schemas.groups import Backlog

_FIGURE, _REMARK = 2, 6
"""Columns of the table above that a figure takes, and a remark."""


def write_still_open(
    book: Book, sheet: Worksheet, month: CountyMonth, units: Sequence[UnitYear], widths: Widths, at: int
) -> int:
    """Writes the block from row `at` on, nothing where the form tells of no backlog; gives the row behind the gap below it."""
    backlogs = month.form_of_year.backlogs
    here = [u for u in units if u.still_open]
    if not backlogs or not here:
        return at
    heads = [head for b in backlogs for head in (b.label, *([f"其中超过{b.days}日"] if b.days else []))]
    sheet.write_string(at, UNIT, f"截至{month.month.zh}仍未办理完毕的", book.look("section"))
    places = [(FIRST + i * _FIGURE, FIRST + (i + 1) * _FIGURE - 1) for i in range(len(heads))]
    remark = (places[-1][1] + 1, places[-1][1] + _REMARK)
    header, first = at + 1, at + 2
    sheet.set_row(header, 2 * ROW)
    for column, text in enumerate(("序号", "单位")):
        book.put(sheet, header, column, text, "head")
    for place, text in zip((*places, remark), (*heads, "备注"), strict=True):
        book.across(sheet, header, place, text, "head")
    room = sum(widths.all[remark[0] : remark[1] + 1])
    for i, unit in enumerate(here):
        row, text = first + i, _remark(unit.still_open)
        sheet.set_row(row, ROW * lines_of(text, room))
        book.put(sheet, row, 0, i + 1, "number")
        book.put(sheet, row, UNIT, unit.unit, "centre")
        for place, figure in zip(places, _figures(backlogs, unit.still_open), strict=True):
            _wide(book, sheet, row, place, figure, "number")
        _wide(book, sheet, row, remark, text, "centre")
    total, look = first + len(here), book.look("total")
    sheet.merge_range(total, 0, total, UNIT, TOTAL, look)
    all_figures = zip(*(_figures(backlogs, u.still_open) for u in here), strict=True)
    for (left, right), figures in zip(places, all_figures, strict=True):
        sheet.merge_range(total, left, total, right, "", look)
        where = f"{address(first, left)}:{address(total - 1, left)}"
        sheet.write_formula(total, left, f"=SUM({where})", look, sum(n or 0 for n in figures))
    lacking = sum(any(s.amount is None for s in u.still_open) for u in here)
    _wide(book, sheet, total, remark, f"有{lacking}家不能算出，未计入" if lacking else "", "total")
    return total + 2


def _wide(book: Book, sheet: Worksheet, row: int, columns: tuple[int, int], value: object, look: str) -> None:
    """Writes a value over those columns."""
    first, last = columns
    sheet.merge_range(row, first, row, last, "", book.look(look))
    book.put(sheet, row, first, value, look)


def _figures(backlogs: Sequence[Backlog], still_open: Sequence[StillOpen]) -> list[int | None]:
    pairs = zip(backlogs, still_open, strict=True)
    return [n for b, s in pairs for n in ((s.amount, s.overdue) if b.days else (s.amount,))]


def _remark(still_open: Sequence[StillOpen]) -> str:
    """Which months are not known, and whether there may be more."""
    unknown = sorted({month for s in still_open for month in s.unknown})
    parts = [f"缺{months_zh(unknown)}" if unknown else "", "至少" if any(s.at_least for s in still_open) else ""]
    return "；".join(filter(None, parts))


def months_zh(months: Sequence[Month]) -> str:
    """Months as a remark names them: 3月、4月."""
    return "、".join(f"{m.month}月" for m in months)

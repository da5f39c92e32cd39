"""报送情况: how each unit has reported each month, when, and the rates per unit, per month and per kind of unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.utility import xl_rowcol_to_cell as address
from xlsxwriter.worksheet import Worksheet

from pipeline.model import (
    AT_FAULT,
    EMPTY,
    IN_TIME,
    LATE,
    NOT_DUE,
    NOT_LISTED,
    NOT_REPORTED,
    CountyMonth,
    Month,
    UnitYear,
)
from pipeline.rules import ERROR, NOTICE, QUERY
from pipeline.sections import KINDS
from pipeline.sheets import REPORTING, TOTAL
from pipeline.write.book import Book
from pipeline.write.charts import Chart, Series, line
from pipeline.write.paper import scale_of
from pipeline.write.room import lines_of, note_height
from pipeline.write.table import ROW

WHOLE = "全县"
_HEADER, _FIRST = 1, 2
_STATUS = 3
_MONTH, _RATE, _FEW_MONTHS = 9.4, 6.4, 6
_APART = 3.0
"""How wide the column is that parts what is printed from what is not."""

_GRADE = {NOT_REPORTED: ERROR, EMPTY: QUERY, LATE: NOTICE, AT_FAULT: ERROR}
_SENT, _IN_TIME = (LATE, AT_FAULT, IN_TIME), (AT_FAULT, IN_TIME)
_RATES = ("应报", "报送", "按时报送", "报送率", "及时率")
_NOTE = (
    "注：报送率＝（应报－未报－空表）÷应报；及时率＝按时报送（按时、有误）÷应报；未到期和不在册的不计入应报。"
    "“有误”指按时报送而有待处理的强制性问题，“空表”指各项数字全部空白，来件不能采用的记为未报。"
)


def listed(month: CountyMonth) -> list[UnitYear]:
    """The units that stand on the roster in one of the months shown, in its order."""
    return [u for u in month.units if any(s.status != NOT_LISTED for s in u.statuses.values())]


def rates_chart(month: CountyMonth) -> Chart | None:
    """The county's rates by month, none where no month is due yet; before the due day the last one has no rate."""
    units = listed(month)
    due = sum(_due(_statuses(units, [m])) > 0 for m in month.due_months)
    top = _FIRST + len(units) + 1
    last = _STATUS + due - 1
    series = [
        Series(name, (REPORTING, _HEADER, _STATUS, _HEADER, last), (REPORTING, row, _STATUS, row, last))
        for row, name in enumerate(_RATES, top)
        if name.endswith("率")
    ]
    return line("报送率与及时率（按月）", series) if due else None


def write_reporting(book: Book, month: CountyMonth) -> None:
    """Writes the sheet: a row per unit with its rates, under it the rates by month, then when each return came."""
    units, months = listed(month), month.due_months
    last = _STATUS + len(months) + len(_RATES) - 1
    of_month = _MONTH if len(months) <= _FEW_MONTHS else _RATE
    widths = [4.0, 12.0, 7.5, *([of_month] * len(months)), *([_RATE] * len(_RATES))]
    sheet = book.sheet(REPORTING, [*widths, _APART, 12.0, *([13.0] * len(months))], repeat=(_HEADER, _HEADER))
    book.title(
        sheet, last, f"{month.month.zh}报送情况" if len(months) == 1 else f"{months[0].zh}至{months[-1].zh}报送情况"
    )
    book.row(sheet, _HEADER, ["序号", "单位", "类别", *(m.zh for m in months), *_RATES], "head")
    sheet.set_row(_HEADER, 2 * ROW)
    for i, unit in enumerate(units):
        at = _FIRST + i
        sheet.set_row(at, ROW * lines_of(unit.unit, widths[1]))
        book.row(sheet, at, [i + 1, unit.unit, KINDS[unit.kind]], "centre")
        for column, m in enumerate(months, _STATUS):
            status = unit.statuses[m].status
            book.put(sheet, at, column, status, "grade", _GRADE.get(status, ""))
        behind = [(at, _STATUS + len(months) + n) for n in range(len(_RATES))]
        where = _range((at, _STATUS), (at, _STATUS + len(months) - 1))
        _rates(book, sheet, behind, where, _statuses([unit], months), ("number", "rate"))
    book.name("报送情况明细", sheet, (_FIRST, _STATUS), (_FIRST + len(units) - 1, _STATUS + len(months) - 1))
    sheet.freeze_panes(_FIRST, _STATUS)
    end = _by_month(book, sheet, units, months, sum(widths))
    sheet.print_area(0, 0, end, last)
    sheet.set_print_scale(scale_of(widths, of_text=True))
    _arrivals(book, sheet, month, units, last + 2)


def _by_month(book: Book, sheet: Worksheet, units: Sequence[UnitYear], months: Sequence[Month], room: float) -> int:
    """Writes the rates of the county by month and over all, and behind what is printed those of each kind of unit.

    Gives the last row that is printed; `room` is how wide the table is.
    """
    of_kind = {KINDS[k]: [i for i, u in enumerate(units) if u.kind == k] for k in KINDS}
    spans = {WHOLE: list(range(len(units)))} | {name: places for name, places in of_kind.items() if places}
    at, last = _FIRST + len(units) + 1, _STATUS + len(months) + len(_RATES) - 1
    note = at + len(_RATES)
    for name, places in spans.items():
        book.row(sheet, at - 1, ["", "范围", "指标", *(m.zh for m in months), TOTAL], "head")
        _rates_of(book, sheet, at, name, [units[i] for i in places], (places[0], places[-1]), months)
        if name == WHOLE:
            sheet.merge_range(note, 0, note, last, _NOTE, book.look("note"))
            sheet.set_row(note, note_height(_NOTE, room))
        at += len(_RATES) + (2 if name == WHOLE else 1)
    return note


def _rates_of(
    book: Book,
    sheet: Worksheet,
    at: int,
    name: str,
    units: Sequence[UnitYear],
    places: tuple[int, int],
    months: Sequence[Month],
) -> None:
    """Writes the rates of some units from row `at` on: under each month its own, and behind the last those of all."""
    end = _STATUS + len(months)
    for i, rate in enumerate(_RATES):
        book.row(sheet, at + i, ["", name, rate], "total")
    shown = [((m,), c, c) for c, m in enumerate(months, _STATUS)] + [(tuple(months), _STATUS, end - 1)]
    for column, (span, first, last) in enumerate(shown, _STATUS):
        where = _range((_FIRST + places[0], first), (_FIRST + places[1], last))
        below = [(at + i, column) for i in range(len(_RATES))]
        _rates(book, sheet, below, where, _statuses(units, span), ("total", "total_rate"))


def _statuses(units: Sequence[UnitYear], months: Sequence[Month]) -> Mapping[str, int]:
    """How often each status stands there."""
    counts: dict[str, int] = {}
    for unit in units:
        for m in months:
            status = unit.statuses[m].status
            counts[status] = counts.get(status, 0) + 1
    return counts


def _due(counts: Mapping[str, int]) -> int:
    return sum(n for status, n in counts.items() if status not in (NOT_LISTED, NOT_DUE))


def _rates(
    book: Book,
    sheet: Worksheet,
    places: Sequence[tuple[int, int]],
    where: str,
    counts: Mapping[str, int],
    looks: tuple[str, str],
) -> None:
    """Writes the five rates of the statuses in the range `where` to those places; `counts` are the statuses there."""
    due, sent, in_time = (address(*place) for place in places[:3])
    n_due = _due(counts)
    n_sent, n_in_time = (sum(counts.get(s, 0) for s in some) for some in (_SENT, _IN_TIME))
    formulas: list[tuple[str, object]] = [
        (f"=COUNTA({where})-{_count(where, NOT_DUE)}-{_count(where, NOT_LISTED)}", n_due),
        (f"={due}-{_count(where, NOT_REPORTED)}-{_count(where, EMPTY)}", n_sent),
        (f"={'+'.join(_count(where, s) for s in _IN_TIME)}", n_in_time),
        (f'=IF({due}=0,"—",{sent}/{due})', n_sent / n_due if n_due else "—"),
        (f'=IF({due}=0,"—",{in_time}/{due})', n_in_time / n_due if n_due else "—"),
    ]
    for (formula, value), place, look in zip(formulas, places, (*looks[:1] * 3, *looks[1:] * 2), strict=True):
        sheet.write_formula(*place, formula, book.look(look), value)


def _range(start: tuple[int, int], end: tuple[int, int]) -> str:
    return f"{address(*start)}:{address(*end)}"


def _count(where: str, status: str) -> str:
    return f'COUNTIF({where},"{status}")'


def _arrivals(book: Book, sheet: Worksheet, month: CountyMonth, units: Sequence[UnitYear], left: int) -> None:
    """Writes beside what is printed when each unit's first usable return of each month came."""
    months = month.due_months
    sheet.write_string(_HEADER - 1, left, f"各单位{month.form.annex}首次收到时间（不打印）", book.look("section"))
    for row, unit in enumerate((None, *units), _HEADER):
        times = [unit.unit, *(_time(unit, m) for m in months)] if unit else ["单位", *(m.zh for m in months)]
        for column, text in enumerate(times, left):
            book.put(sheet, row, column, text, "centre" if unit else "head")


def _time(unit: UnitYear, month: Month) -> str:
    standing = unit.statuses[month]
    if standing.received is None:
        return "" if standing.status in (NOT_LISTED, NOT_DUE, NOT_REPORTED) else "不明"
    return f"{standing.received:%m-%d %H:%M}"

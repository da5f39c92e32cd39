"""A grid's Annex 1 tables to returns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from pipeline.model import Figure, Grid, Month, Return, Stated
from pipeline.read.returns.captions import Caption, captions, titles
from pipeline.read.returns.header import UNIT_COLUMNS, Annex1Header
from pipeline.read.returns.place import Place, month_of, on_form, unit_of
from pipeline.read.returns.rows import Row, Rows, row_at, rows_under, sums_up
from schemas import COLUMNS

MAX_STRANGERS = 30
"""So many rows of one table whose unit nobody knows have a line of their own; one more tells how many others there are."""


@dataclass(frozen=True)
class _Table:
    place: Place
    grid: Grid
    header: Annex1Header
    rows: Rows
    captions: list[Caption]
    titles: list[tuple[str, str]]


def annex1_returns(place: Place, grid: Grid, header: Annex1Header, start: int, stop: int) -> list[Return]:
    """The returns of one Annex 1: its captions stand from row `start` on, its rows end before row `stop`."""
    table = _Table(
        place,
        grid,
        header,
        rows_under(grid, header, stop),
        captions(grid, start, header.top),
        titles(grid, start, header.top),
    )
    month, stated, full = month_of(place, table.captions, table.titles)
    several = _several_units(table, month)
    known = [one for one in several if place.names.find(one[0].name)]
    strangers = [one for one in several if not place.names.find(one[0].name)]
    told = month, stated, full
    returns = [_return(table, row, fault, told, shared=True) for row, fault in (*known, *strangers[:MAX_STRANGERS])]
    if left := strangers[MAX_STRANGERS:]:
        returns.append(_return(table, replace(left[0][0], name=f"另有{len(left)}行"), left[0][1], told, shared=True))
    if not several:
        returns = [_return(table, *_one_row(table), told)]
    return returns


def is_blank(filed: Return) -> bool:
    """Whether nothing was filled into the table."""
    return not filed.row_fault and all(not f.filed for f in filed.figures.values())


def _return(
    table: _Table, row: Row, fault: str, told: tuple[Month | None, Stated, bool], *, shared: bool = False
) -> Return:
    month, month_stated, month_full = told
    labelled = any(UNIT_COLUMNS.fullmatch(label) for label in table.header.others.values())
    name = (row.name, row.name_cell) if labelled or table.place.names.find(row.name) else ("", "")
    if shared:
        # In a table of several units the row speaks for itself; the unit above it only gathered them.
        unit, stated = on_form(table.place, row.name, row.name_cell, month)
    else:
        unit, stated = unit_of(table.place, table.captions, table.titles, month, name)
    return Return(
        source=table.place.source,
        sheet=table.grid.sheet,
        unit=unit,
        unit_stated=stated,
        month=month,
        month_stated=month_stated,
        figures=row.figures,
        header=table.header.facts,
        row_fault=fault,
        month_full=month_full,
        units_in_name=table.place.units_in_name(month),
        shared=shared,
    )


def _several_units(table: _Table, month: Month | None) -> list[tuple[Row, str]]:
    """The rows of a table of several units with their faults; none where the table is one unit's."""
    names = table.place.names
    # A list with all units printed on it comes back with one row filled: the blank rows are nobody's return.
    rows = table.rows.data
    units = Counter(u.name for r in rows if r.name and (u := names.one(r.name, month)))
    if len(units) < 2:
        return []
    faults = {}
    for row in rows:
        unit = names.one(row.name, month)
        if unit and units[unit.name] > 1:
            faults[unit.name] = f"“{unit.name}”在表中有{units[unit.name]}行"
    first: dict[str, Row] = {}
    for row in rows:
        unit = names.one(row.name, month) if row.name else None
        first.setdefault(unit.name if unit else f"第{row.number}行", row)
    return [(row, faults.get(name, "")) for name, row in first.items()]


def _one_row(table: _Table) -> tuple[Row, str]:
    """The one row that is the return, and why it cannot be told which ('' where it can)."""
    data, totals = table.rows.data, table.rows.totals
    if len(data) == 1:
        return data[0], ""
    if not data:
        # A lone text is the return where the data row stands; farther down it is a note.
        first = table.rows.first
        stray = [r for r in table.rows.stray if r.number == first]
        return (totals or stray or [row_at(table.grid, table.header, first)])[0], ""
    if len(totals) == 1 and sums_up(totals[0], data):
        return _with_answers(totals[0], data), ""
    where = f"有{len(data)}行数据"
    return data[0], where + (
        "，没有“合计”行" if not totals else "，“合计”行与各行之和不等" if len(totals) == 1 else "和多个“合计”行"
    )


def _with_answers(total: Row, parts: list[Row]) -> Row:
    """The 合计 row; where it leaves 是/否 open and all parts answer alike, with their answer: it cannot be summed."""
    answers: dict[str, Figure] = {}
    for c in COLUMNS:
        told = {p.figures[c.key].value for p in parts}
        if c.kind == "yes_no" and total.figures[c.key].value is None and len(told) == 1 and None not in told:
            answers[c.key] = parts[0].figures[c.key]
    return replace(total, figures=total.figures | answers)

"""A grid's Annex 1 tables to returns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.model import FORM, Grid, Month, Return
from pipeline.model.frozen import frozen
from pipeline.read.returns.caption_labels import PERIOD, UNIT
from pipeline.read.returns.captions import Above, Caption, below
from pipeline.read.returns.choice import Picked, pick
from pipeline.read.returns.claims import Strength, TableContext
from pipeline.read.returns.fields import Fields
from pipeline.read.returns.month_claims import DecidedMonth, MonthClaim, decide_month
from pipeline.read.returns.months import time_of
from pipeline.read.returns.names import Names
from pipeline.read.returns.regions import Region
from pipeline.read.returns.remarks import explanation_under
from pipeline.read.returns.roles import Role, is_somebody
from pipeline.read.returns.rows import Row, Rows, overruns, row_at, rows_under
from pipeline.read.returns.spans import Named, NotOneMonth
from pipeline.read.returns.unit_claims import DecidedUnit, decide_unit, on_form
from pipeline.read.text import plain, squeeze

MAX_UNKNOWN_ROWS = 30
"""Rows of unknown units in one table that are reported one by one; one more line counts the others."""

_ITSELF = re.compile("[本我全该]|机关|直属|合计")
"""What a unit calls itself."""

_NO_COLUMN = "各栏目下分列填写，看不出哪一列是当月数"


@frozen
class _Table:
    place: TableContext
    grid: Grid
    region: Region
    above: Above

    def rows(self, month: Month | None) -> tuple[Fields, Rows]:
        """Its fields and rows on the form of that month; of the campaign's whole form where the month is unknown."""
        forms = self.place.county.forms
        form = forms.of(month) if month else forms.whole
        header = self.region.header
        fields = header.fitted(form, month, self.grid.top, self.grid.left)
        return fields, rows_under(self.grid, fields, self.region.stop, self.region.again)


def annex1_returns(place: TableContext, grid: Grid, region: Region, lines: Above, sheet: Above) -> list[Return]:
    """The returns of one Annex 1 table below those lines; what the tables above it say (`sheet`) may hold for it as well."""
    table = _Table(place, grid, region, _with_those_below(place.names, grid, region, _captions(region, lines, sheet)))
    month = decide_month(place, grid, table.above)
    fields, rows = table.rows(month.month)
    if month.stated.origin != FORM and (in_row := _month_of_row(table, rows)):
        month = decide_month(place, grid, table.above, in_row)
        fields, rows = table.rows(month.month)
    if several := _several_units(table, rows, month.month):
        return list(_shared(table, fields, rows, several, month))
    unit, picked = _one_unit(table, fields, rows, month)
    return [_return(table, fields, picked, unit, month)]


def _captions(region: Region, whole: Above, sheet: Above) -> Above:
    """What stands above the table in its own columns; what it does not say itself its neighbours' captions say."""
    if region.header.is_alone and not sheet.captions:
        return whole
    own = whole.within(region.header.within)
    lacking = {UNIT, PERIOD} - {c.what for c in own.captions}
    beside = [c for c in (*whole.captions, *sheet.captions) if c.what in lacking and c not in own.captions]
    shared = any(c.what == PERIOD for c in beside) or not region.header.is_alone
    return replace(own, captions=(*own.captions, *beside), shared=shared)


def _with_those_below(names: Names, grid: Grid, region: Region, said: Above) -> Above:
    """What stands above the table; what it does not say may stand below it, and what contradicts it too."""
    lacking = {UNIT, PERIOD} - {c.what for c in said.captions if c.value is not None}
    its_own = region.header.is_alone and region.stop >= len(grid.rows)  # else they may be those of the next table
    if not (lacking or its_own):
        return said
    captions = [c for c in below(grid, region.header.bottom + 1, region.stop) if c.value is not None]
    known = any(c.what == UNIT and names.one(plain(c.value), None) for c in said.captions)
    under = [c for c in captions if c.what in lacking or (its_own and _contradicts(c, known=known))]
    return replace(said, captions=(*said.captions, *under)) if under else said


def _contradicts(caption: Caption, *, known: bool) -> bool:
    """Whether a caption can be held against what stands above the table: year and month in full, or a unit where one that
    is `known` stands there."""
    if caption.what != PERIOD:
        return known and caption.what == UNIT and caption.strong and not caption.attached
    return caption.strong and isinstance(time := time_of(caption.value), Named) and time.full


def _month_of_row(table: _Table, rows: Rows) -> MonthClaim | None:
    """What the only row of a time says of the month of a form that does not say it elsewhere."""
    times = [r for r in rows.data if isinstance(r.time, Named | NotOneMonth)]
    if len(times) != 1 or not isinstance(time := times[0].time, Named):
        return None
    month = table.place.month(time)
    return MonthClaim(times[0].time_text, times[0].time_cell, Strength.ROW, month, time.full)


def _one_unit(table: _Table, fields: Fields, rows: Rows, month: DecidedMonth) -> tuple[DecidedUnit, Picked]:
    """The unit of a table of one, and the row that is its return."""
    place, names = table.place, table.place.names
    name_of = {r.name: u.name for r in rows.data if r.name and (u := names.one(r.name, month.month))}
    named = [r for r in rows.data if r.name in name_of or (r.name and len(rows.data) == 1 and fields.units)]
    alone = named[0] if len({name_of.get(r.name, r.name) for r in named}) == 1 else None
    unit = decide_unit(
        place, table.grid, table.above, month.month, (alone.name, alone.name_cell) if alone else ("", "")
    )
    picked = pick(rows.data, month.month, unit.unit, name_of, rows.left_blank)
    if picked is None:
        picked = Picked(row_at(table.grid, fields, rows.first))
    elif not picked.fault and unit.unit and _is_a_part(names, rows, picked.row, unit.unit, month.month):
        picked = Picked(picked.row, f"只有“{picked.row.name}”一行数据，没有“合计”行")
    return unit, _within_columns(picked, rows)


def _within_columns(picked: Picked, rows: Rows) -> Picked:
    """What was picked; a fault where its row has more figures than the table has columns."""
    if picked.fault or not overruns(picked.row, rows.data):
        return picked
    text, cell = picked.row.beyond
    return Picked(picked.row, f"数据比栏目多，{cell}的“{text}”上面没有栏目，看不出各数属于哪一栏")


def _is_a_part(names: Names, rows: Rows, row: Row, unit: str, month: Month | None) -> bool:
    """Whether a row is that of a place or an office which is not the unit, and no total says that there are no others."""
    if row.role is not Role.NAMED or not is_somebody(row.name) or _ITSELF.match(squeeze(row.name)):
        return False
    if names.one(row.name, month) or any(r.role in (Role.TOTAL, Role.SUBTOTAL) for r in rows.data):
        return False
    means_it = any(u.name == unit for units in names.inside(row.name) for u in units)
    return not means_it and names.likely(row.name, month) != unit


# -- tables of several units ------------------------------------------------------------------------------------------


def _several_units(table: _Table, rows: Rows, month: Month | None) -> dict[str, list[Row]]:
    """The rows of a table of several units by unit, or by row where nobody knows it; none where the table is one unit's.

    A list with all units printed on it comes back with one row filled: the blank rows are no returns.
    """
    names = table.place.names
    known = {u.name for r in (*rows.data, *rows.left_blank) if r.name and (u := names.one(r.name, month))}
    if len(known) < 2:
        return {}
    found: dict[str, list[Row]] = {}
    last: list[Row] = []
    for row in rows.data:
        unit = names.one(row.name, month) if row.name else None
        if unit:
            last = found.setdefault(unit.name, [])
            last.append(row)
        elif _goes_on(row, last):
            last.append(row)
        elif row.role is not Role.OTHER_TIME and (row.name or row.role not in (Role.TOTAL, Role.SUBTOTAL)):
            found[f"第{row.number}行"] = [row]
    return found


def _goes_on(row: Row, unit: list[Row]) -> bool:
    """Whether a row that names no unit is one of those of the unit above it: its 上月, its village, the 小计 of its villages."""
    if not unit or row.role is Role.UNNAMED:
        return False
    if row.role in (Role.TOTAL, Role.SUBTOTAL):
        return row.below and len(unit) > 1
    return row.below or not row.name


def _shared(
    table: _Table, fields: Fields, table_rows: Rows, several: dict[str, list[Row]], month: DecidedMonth
) -> Iterator[Return]:
    """A return for each unit; the row speaks for itself, the unit above the table only gathered them."""
    unknown = 0
    left: Picked | None = None
    late: list[Return] = []
    for name, rows in several.items():
        picked = pick(rows, month.month, name, {r.name: name for r in rows if not r.below}) or Picked(rows[0])
        picked = _within_columns(picked, table_rows)
        unit = on_form(table.place, rows[0].name, rows[0].name_cell, month.month)
        if unit.unit:
            yield _return(table, fields, picked, unit, month, shared=True)
            continue
        unknown += 1
        if unknown <= MAX_UNKNOWN_ROWS:
            late.append(_return(table, fields, picked, unit, month, shared=True))
        else:
            left = left or picked
    yield from late
    if left:
        unit = on_form(table.place, f"另有{unknown - MAX_UNKNOWN_ROWS}行", left.row.name_cell, month.month)
        yield _return(table, fields, left, unit, month, shared=True)


def _return(
    table: _Table, fields: Fields, picked: Picked, unit: DecidedUnit, month: DecidedMonth, *, shared: bool = False
) -> Return:
    region = table.region
    below_header = (region.header.bottom + 1, region.stop)
    return Return(
        source=table.place.source,
        sheet=table.grid.sheet,
        unit=unit.unit,
        unit_stated=unit.stated,
        month=month.month,
        month_stated=month.stated,
        figures=picked.row.figures,
        header=fields.facts,
        row_fault=picked.fault if fields.columns else _NO_COLUMN,
        month_full=month.full,
        units_in_name=table.place.units_in_name(month.month),
        shared=shared,
        explanation="" if shared else explanation_under(table.grid, *below_header),
        unit_fault=unit.fault,
        month_fault=month.fault,
        # A later month in the name is reported where the form gives one that is over.
        month_in_name=table.place.month_in_name()
        if month.month and month.month < table.place.source.due_month
        else None,
    )

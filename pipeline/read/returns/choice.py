"""Which row of a table is the return: one decision over the roles of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.model import Figure, Month
from pipeline.model.frozen import frozen
from pipeline.read.returns.months import ThisMonth, is_until, months_in
from pipeline.read.returns.roles import Role, is_kind, is_total
from pipeline.read.returns.rows import Row, sums_up
from pipeline.read.returns.spans import Named

_PARTS = (Role.NAMED, Role.PART_OF_MONTH)


@frozen
class Picked:
    """The row that is the return, and why it is not exactly one ('' where it is)."""

    row: Row
    fault: str = ""


def pick(
    rows: Sequence[Row], month: Month | None, unit: str, name_of: Mapping[str, str], left_blank: Sequence[Row] = ()
) -> Picked | None:
    """The one row of a unit's table that is its return for the month; None where there is none with figures.

    Rows of other times are no figures of the month. Of the rest a row of the month counts, else the only row, else the
    合计 of parts (places, offices, people, parts of the month) that add up to it. `name_of`: the units that names mean;
    `left_blank`: rows with a name and without figures.
    """
    if len(rows) == 1 and rows[0].role in (Role.NAMED, Role.UNNAMED):
        return Picked(rows[0])
    data = _without_running(rows)
    this = [r for r in data if _is_this(r, month)]
    if len(this) == 1:
        return Picked(this[0], _differs(this[0], [r for r in data if r.role is Role.NAMED]))
    if this:
        return Picked(this[0], f"本月的数据有{len(this)}行")
    return _of_the_rest(data, month, unit, name_of, left_blank)


def _without_running(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows, in which 截至5月底 is a running total beside another row of a time; alone it is how May is named."""
    if sum(r.time is not None for r in rows) < 2:
        return rows
    return [replace(r, role=Role.OTHER_TIME) if r.role is Role.MONTH and is_until(r.time_text) else r for r in rows]


def _of_the_rest(
    data: Sequence[Row], month: Month | None, unit: str, name_of: Mapping[str, str], left_blank: Sequence[Row]
) -> Picked | None:
    """The same where no row is labelled as the month's."""
    other = [r for r in data if r.role in (Role.MONTH, Role.OTHER_TIME) or _is_anothers(r, month)]
    named = [r for r in other if r.role is Role.MONTH]
    if named:
        return Picked(
            named[0], f"没有{month.zh if month else '统计时间所示月份'}的数据行，只有“{named[0].time_text}”等其他月份的"
        )
    rest = [r for r in data if r not in other]
    totals, parts = [r for r in rest if _is_total(r)], [r for r in rest if not _is_total(r)]
    if not parts:
        return _without_parts(totals, other, left_blank)
    if other:
        totals = []  # a total over several times
    if len(parts) == 1 and parts[0].role is not Role.PART_OF_MONTH:
        differs = next((t for t in totals if not sums_up(t, parts)), None)
        return Picked(parts[0], "“合计”行与数据行不等" if differs else "")
    return _total_of(totals, parts, unit, name_of)


def _is_this(row: Row, month: Month | None) -> bool:
    if row.role is not Role.MONTH:
        return False
    return isinstance(row.time, ThisMonth) or (
        isinstance(row.time, Named)
        and month is not None
        and row.time.month == month.month
        and row.time.year in (None, month.year)
    )


def _is_anothers(row: Row, month: Month | None) -> bool:
    """Whether a row is a part of another month: 4月下旬."""
    named = months_in(row.time_text) if row.role is Role.PART_OF_MONTH else frozenset()
    return month is not None and bool(named - {month.month})


def _differs(row: Row, places: list[Row]) -> str:
    """What is wrong with the month's row where it is the 合计 of places: 5月合计."""
    return (
        f"“{row.time_text}”行与各行之和不等" if places and is_total(row.time_text) and not sums_up(row, places) else ""
    )


def _is_total(row: Row) -> bool:
    return row.role in (Role.TOTAL, Role.SUBTOTAL)


def _without_parts(totals: list[Row], other: list[Row], left_blank: Sequence[Row]) -> Picked | None:
    if other:
        return Picked(other[0], f"没有本月的数据行，只有“{other[0].time_text}”等")
    if len(totals) == 1:
        return Picked(totals[0], "“合计”行与各行之和不等" if left_blank else "")
    if totals:
        return Picked(totals[0], "只有多个“合计”行")
    return None


def _total_of(totals: list[Row], parts: list[Row], unit: str, name_of: Mapping[str, str]) -> Picked:
    """The 合计 of several parts, where it is one."""
    where = f"有{len(parts)}行数据"
    own = [r for r in parts if unit and name_of.get(r.name) == unit]
    if len(own) > 1:
        return Picked(parts[0], f"“{unit}”有{len(own)}行数据")
    if others := [r.name for r in parts if name_of.get(r.name, unit) != unit]:
        return Picked(parts[0], f"{where}，“{others[0]}”是另一个单位")
    overall = [t for t in totals if t.role is Role.TOTAL] or totals
    if len(overall) != 1:
        return Picked(parts[0], f"{where}和多个“合计”行" if overall else f"{where}，没有“合计”行")
    if any(r.role not in _PARTS or r.of_kind or is_kind(r.name) for r in parts):
        return Picked(parts[0], f"{where}，有的没有写明是哪里的")
    if not sums_up(overall[0], parts):
        return Picked(parts[0], f"{where}，“合计”行与各行之和不等")
    return Picked(_with_answers(overall[0], parts))


def _with_answers(total: Row, parts: list[Row]) -> Row:
    """The 合计 row; where it leaves 是/否 open and all parts answer alike, with their answer: it cannot be summed."""
    answers: dict[str, Figure] = {}
    for key, figure in total.figures.items():
        filed_answers = {p.figures[key].value for p in parts}
        if figure.value is None and len(filed_answers) == 1 and isinstance(next(iter(filed_answers)), bool):
            answers[key] = parts[0].figures[key]
    return replace(total, figures=total.figures | answers)

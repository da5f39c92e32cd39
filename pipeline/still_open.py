"""What is still open: what arrived since the campaign began and has not been settled, and never more than is certain."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.county import County
from pipeline.model import Choice, Month, StillOpen, Value
from schemas.groups import Backlog

Flow = tuple[Month, int | None, int | None]
"""A month, how many arrived in it, and how many were settled; None where that is not known."""


def still_open(backlog: Backlog, flows: Sequence[Flow], now: Month) -> StillOpen:
    """What is open at the end of `now`, after those months.

    Of what is settled nobody knows when it arrived. All of it may have been the oldest, so of what is left at least so
    much is old as arrived long ago and exceeds all that was settled since.
    """
    unknown = tuple(month for month, _, settled in flows if settled is None)
    if unknown:
        return StillOpen(None, None, unknown)
    settled = sum(n or 0 for _, _, n in flows)
    arrived = sum(n or 0 for _, n, _ in flows)
    long_ago = sum(n or 0 for month, n, _ in flows if _days(month, now) > backlog.days) if backlog.days else None
    return StillOpen(
        amount=max(arrived - settled, 0),
        overdue=None if long_ago is None else max(long_ago - settled, 0),
        at_least=any(n is None for _, n, _ in flows),
    )


def flows_of(choice: Choice, county: County, unit: str, backlog: Backlog, now: Month) -> list[Flow]:
    """The unit's months until `now` that have the backlog's columns, under its former names too.

    A month in which returns are not asked for yet, and none came, is no month of it.
    """
    due = set(county.due_months_until(now))
    flows: list[Flow] = []
    for month in county.months_until(now):
        name = _name_in(county, unit, month)
        if not name or not {backlog.arrived, backlog.settled}.issubset(county.form(month).keys):
            continue
        if filed := choice.returns.get((name, month)):
            flows.append((month, _count(filed.value(backlog.arrived)), _count(filed.value(backlog.settled))))
        elif month in due:
            flows.append((month, None, None))
    return flows


def _name_in(county: County, unit: str, month: Month) -> str:
    """The name under which the unit stood on the roster in that month, '' where it did not."""
    while unit and not county.on_roster(unit, month):
        unit = county.former(unit)
    return unit


def _count(value: Value) -> int | None:
    return None if value is None else int(value)


def _days(month: Month, now: Month) -> int:
    """How many days before the end of `now` that month ended."""
    return (now.day(31) - month.day(31)).days

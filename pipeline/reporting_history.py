"""How each unit has reported each month: what 报送情况 says of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from pipeline.county import County
from pipeline.model import (
    AT_FAULT,
    EMPTY,
    IN_TIME,
    LATE,
    NOT_DUE,
    NOT_LISTED,
    NOT_REPORTED,
    OPEN,
    Choice,
    Finding,
    Month,
    ReportingStatus,
    Return,
)
from pipeline.rules import ERROR
from pipeline.sections import Unit
from schemas.columns import BLANK, MISSING


class ReportingHistory:
    """How each unit has reported each month."""

    def __init__(
        self, choice: Choice, findings: Mapping[Month, tuple[Finding, ...]], county: County, today: dt.date
    ) -> None:
        self._choice, self._county, self._today = choice, county, today
        self._at_fault = {
            (f.unit, m)
            for m, lines in findings.items()
            for f in lines
            if f.grade == ERROR and f.status == OPEN and f.month == m
        }
        # A column missing from a table of several units is one line, but every unit's fault.
        self._at_fault |= {key for key, filed in choice.returns.items() if _lacks_columns(filed)}

    def at_fault(self, unit: str, month: Month) -> bool:
        """Whether something in the unit's return of that month must be corrected."""
        return (unit, month) in self._at_fault

    def of(self, unit: Unit, month: Month) -> ReportingStatus:
        """What 报送情况 says of that unit and month: the first that holds."""
        if not unit.reports_in(month):
            return ReportingStatus(NOT_LISTED)
        filed, first = self._choice.returns.get((unit.name, month)), self._choice.first.get((unit.name, month))
        if filed is None:
            return ReportingStatus(NOT_DUE if self._today <= self._county.due(month) else NOT_REPORTED)
        if all(filed.figures[k].state in (BLANK, MISSING) for k in self._county.form(month).counts):
            return ReportingStatus(EMPTY, first)
        if first and not self._county.in_time(month, first):
            return ReportingStatus(LATE, first)
        return ReportingStatus(AT_FAULT if self.at_fault(unit.name, month) else IN_TIME, first)


def _lacks_columns(filed: Return) -> bool:
    return any(f.state == MISSING for f in filed.figures.values())

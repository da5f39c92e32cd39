"""What is sent up: the county's month among the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model.found import Finding, LedgerLine
from pipeline.model.month import Month
from pipeline.model.received import Person, Return, Source
from schemas.columns import Value
from schemas.form import Form

NOT_LISTED, NOT_DUE, NOT_REPORTED, EMPTY, LATE, AT_FAULT, IN_TIME = [
    "不在册",
    "未到期",
    "未报",
    "空表",
    "迟报",
    "有误",
    "按时",
]
"""What 报送情况 says of a unit's month, in the order in which the first that holds is taken."""

STATUSES = (IN_TIME, LATE, AT_FAULT, EMPTY, NOT_REPORTED, NOT_DUE)
"""What it says of a unit that is on the roster, the best first."""


@dataclass(frozen=True)
class UnitRow:
    """A unit of the roster in 汇总表; `filed` is None where nothing of it is counted.

    `moved_out`: what counted before is gone from the inbox.
    """

    unit: str
    kind: str
    filed: Return | None
    status: str
    remark: str
    received: dt.datetime | None
    at_fault: bool
    moved_out: bool = False


@dataclass(frozen=True)
class ReportingStatus:
    """A unit's month in 报送情况: what it says there, and when the first usable return came."""

    status: str
    received: dt.datetime | None = None


@dataclass(frozen=True)
class StillOpen:
    """What of a unit's backlog is open for certain: so many, and so many of them for longer than may be.

    None where a month's settled figure is missing: those months are `unknown`. `at_least`: a month's new ones are.
    """

    amount: int | None
    overdue: int | None
    unknown: tuple[Month, ...] = ()
    at_least: bool = False


@dataclass(frozen=True)
class UnitYear:
    """A unit's running months: how it reported each, and the sums of its figures in the year to date.

    `sums` holds the sum of each count, and what was filed last of a 是/否 or a stock, None where nothing counts; `missing` are the
    year's months in which it stood on the roster and nothing of it counts; `uncounted`: so many cells of its returns add
    nothing; `gone`: it has left the roster since; `moved_out`: the months whose return is gone from the inbox;
    `still_open`: for each backlog of the form what is open since the campaign began.
    """

    unit: str
    kind: str
    statuses: Mapping[Month, ReportingStatus]
    sums: Mapping[str, Value]
    missing: tuple[Month, ...]
    uncounted: int = 0
    gone: bool = False
    moved_out: tuple[Month, ...] = ()
    still_open: tuple[StillOpen, ...] = ()


@dataclass(frozen=True)
class MonthSum:
    """The county's month among others: how many of how many units are in, and its sums; none where no return came.

    `sums` holds the sum of each count of the month's form, and how many answered 是 to each 是/否.
    """

    month: Month
    reported: int
    units: int
    sums: Mapping[str, int]


@dataclass(frozen=True)
class Sent:
    """What a workbook that was sent up says of a month: its figures by unit and field, None where blank."""

    month: Month
    file: str
    figures: Mapping[str, Mapping[str, Value]]
    sha256: str = ""


@dataclass(frozen=True)
class Correction:
    """A figure that differs from what was sent up: old, new, the file and cell that caused it ('' where it is gone)."""

    month: Month
    unit: str
    key: str
    old: Value
    new: Value
    file: str
    cell: str
    sent: str


@dataclass(frozen=True)
class ChangedTotal:
    """A total of the county that is another than was sent up: old, new, and the file that was sent."""

    month: Month
    key: str
    old: int
    new: int
    sent: str


@dataclass(frozen=True)
class Listed:
    """A unit's people in 联络员名单, and the file they come from."""

    unit: str
    people: tuple[Person, ...]
    file: str


@dataclass(frozen=True)
class Traced:
    """One line of 来源台账: a table or a file, and what became of it."""

    source: Source
    sheet: str
    form: str
    unit: str
    month: str
    outcome: str
    note: str


@dataclass(frozen=True)
class CountyMonth:
    """The county's month: the rows of 汇总表, the findings, the contacts and what became of every file.

    `sent_up` are the findings that stand in the workbook that is sent up; `sources` are the rows of 来源台账.
    `form` is that of the month, `form_of_year` has the columns of all the year's months until then.
    `due_months` are those of 报送情况, `units` and `months` what 累计与趋势 adds up, `corrections` what has changed since
    it was sent up, `changed_totals` the county's sums that have. `calls` is what staff noted of calls, by unit.
    `without_narrative`: the units whose report in words has not come, none where no unit sends one.
    """

    month: Month
    form: Form
    form_of_year: Form
    today: dt.date
    rows: tuple[UnitRow, ...]
    findings: tuple[Finding, ...]
    sent_up: tuple[Finding, ...]
    contacts: tuple[Listed, ...]
    sources: tuple[Traced, ...]
    due_months: tuple[Month, ...] = ()
    units: tuple[UnitYear, ...] = ()
    months: tuple[MonthSum, ...] = ()
    corrections: tuple[Correction, ...] = ()
    changed_totals: tuple[ChangedTotal, ...] = ()
    staff_rows: tuple[LedgerLine, ...] = ()
    staff_columns: tuple[str, ...] = ()
    calls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    without_narrative: tuple[str, ...] = ()

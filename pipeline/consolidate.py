"""The returns that count, as the county's month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from pipeline.county import County
from pipeline.model import (
    AT_FAULT,
    EMPTY,
    IN_TIME,
    LATE,
    NOT_DUE,
    NOT_REPORTED,
    OPEN,
    Choice,
    Contacts,
    CountyMonth,
    Fate,
    Finding,
    Listed,
    Month,
    Return,
    Traced,
    UnitRow,
)
from pipeline.rules import MUST
from schemas import COUNTS
from schemas.contacts import ROLES
from schemas.vocabulary import BLANK, MISSING

_UNUSABLE = {
    "FILE-1": "报来文件无法读取",
    "FILE-3": "只报扫描件，待补表格",
    "FORM-3": "报表行次不清，待重报",
    "PERIOD-1": "报表无统计时间，待重报",
    "PERIOD-2": "报表统计时间有误，待重报",
}


def consolidate(
    choice: Choice, findings: tuple[Finding, ...], county: County, period: Month, today: dt.date
) -> CountyMonth:
    """The period's rows, contacts and fates of files, in the order of the roster."""
    roster = county.roster(period)
    at_fault = {f.unit for f in findings if f.grade == MUST and f.status == OPEN and f.month == period}
    # A column missing from a table of several units is one line, but every unit's fault.
    at_fault |= {r.unit for (_, m), r in choice.returns.items() if m == period and _lacks_columns(r)}
    rows = []
    for unit in roster:
        filed = choice.returns.get((unit.name, period))
        first, wrong = choice.first.get((unit.name, period)), unit.name in at_fault
        if filed is None or first is None:
            status = NOT_DUE if today <= county.due(period) else NOT_REPORTED
        else:
            status = _status(filed, in_time=county.in_time(period, first), at_fault=wrong)
        rows.append(
            UnitRow(unit.name, unit.kind, filed, status, _remark(status, choice.unusable.get(unit.name)), first, wrong)
        )
    return CountyMonth(
        month=period,
        today=today,
        rows=tuple(rows),
        findings=findings,
        contacts=tuple(_listed(u.name, choice.contacts[u.name]) for u in roster if u.name in choice.contacts),
        ledger=tuple(_traced(f) for f in choice.fates),
    )


def _status(filed: Return, *, in_time: bool, at_fault: bool) -> str:
    if all(filed.figures[k].state in (BLANK, MISSING) for k in COUNTS):
        return EMPTY
    if not in_time:
        return LATE
    return AT_FAULT if at_fault else IN_TIME


def _lacks_columns(filed: Return) -> bool:
    return any(f.state == MISSING for f in filed.figures.values())


def _remark(status: str, unusable: Fate | None) -> str:
    if status not in (NOT_DUE, NOT_REPORTED):
        return ""
    return _UNUSABLE[unusable.rule] if unusable else status


def _listed(unit: str, contacts: Contacts) -> Listed:
    order = list(ROLES)
    return Listed(unit, tuple(sorted(contacts.people, key=lambda p: order.index(p.role))), contacts.source.path)


def _traced(fate: Fate) -> Traced:
    table = fate.table
    form = "—" if table is None else "附件1" if isinstance(table, Return) else "附件2"
    month = table.month.zh if isinstance(table, Return) and table.month else ""
    notes: Iterable[str] = dict.fromkeys(n for n in (fate.why, *fate.reading.notes) if n)
    unit = table.unit or table.unit_stated.text if table else fate.unit
    return Traced(fate.source, table.sheet if table else "", form, unit, month, fate.outcome, "；".join(notes))

"""Consolidates the returns that count into the county's month, with its running totals and history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

from pipeline.county import County
from pipeline.model import (
    EMPTY,
    LATE,
    NARRATIVE,
    NOT_DUE,
    NOT_REPORTED,
    ChangedTotal,
    Choice,
    Contacts,
    Correction,
    CountyMonth,
    Disposition,
    Finding,
    Listed,
    Month,
    MonthSum,
    MovedOut,
    Return,
    Sent,
    Traced,
    UnitRow,
    UnitYear,
    Value,
)
from pipeline.reporting_history import ReportingHistory
from pipeline.rules import is_sent_up, rules_of
from pipeline.sections import Unit
from pipeline.sheets import EXPLANATION
from pipeline.still_open import flows_of, still_open
from schemas.columns import Column
from schemas.contacts import ANNEX, ROLES
from schemas.form import Form

MOVED_OUT = "原报表已移出收件夹"
_BY_PHONE = "电话报数，待补报表"
_UNUSABLE = {
    "FILE-1": "报来文件无法读取",
    "FILE-3": "只报扫描件，待补表格",
    "FORM-3": "报表行次不清，待重报",
    "PERIOD-1": "报表无统计时间，待重报",
    "PERIOD-2": "报表统计时间有误，待重报",
    "PERIOD-4": "报来的是以前月份的表，待重报",
}


def consolidate(
    choice: Choice,
    findings: Mapping[Month, tuple[Finding, ...]],
    county: County,
    period: Month,
    today: dt.date,
    sent: Sequence[Sent] = (),
    gone: Sequence[MovedOut] = (),
    kept: Sequence[Traced] = (),
) -> CountyMonth:
    """The period's rows, contacts, running months, corrections and dispositions of files, in the order of the roster.

    `findings` are those of the period and of the months before it, `sent` what has been sent up of these months, `gone`
    the returns that were moved out of the inbox, `kept` what 来源台账 still says of the tables that were.
    """
    history = ReportingHistory(choice, findings, county, today)
    missing = {(one.unit, one.month) for one in gone if not one.withdrawn}
    roster, due = county.roster(period), county.due_months_until(period)
    came = {month for _, month in choice.returns} | {period}
    year = [m for m in county.months_until(period) if m.year == period.year and (m in due or m in came)]
    form_of_year = county.forms.over(year)
    return CountyMonth(
        month=period,
        form=county.form(period),
        form_of_year=form_of_year,
        today=today,
        rows=tuple(_row(choice, unit, period, history, missing) for unit in roster),
        findings=findings[period],
        sent_up=tuple(_sent_up(findings[period], county, {u.name for u in roster})),
        contacts=tuple(_listed(u.name, choice.contacts[u.name]) for u in roster if u.name in choice.contacts),
        sources=(*(_traced(f.in_run(period), county) for f in choice.dispositions), *kept),
        due_months=due,
        units=tuple(
            _unit_year(choice, county, u, form_of_year, due, year, history, missing)
            for u in county.roster_of({*due, *year})
        ),
        months=tuple(_month_sum(choice, county, m) for m in year),
        without_narrative=_without_narrative(choice, [u.name for u in roster], period),
        corrections=tuple(c for one in sent for c in corrections_of(choice, county, one, missing)),
        changed_totals=tuple(t for one in sent for t in _changed_totals(choice, county, one)),
    )


# -- the month --------------------------------------------------------------------------------------------------------


def _sent_up(findings: Iterable[Finding], county: County, roster: Collection[str]) -> Iterable[Finding]:
    """The lines that bear on the county's figures or their completeness."""
    rules = rules_of(county.forms.whole)
    return (f for f in findings if f.rule not in rules or is_sent_up(rules[f.rule], f.unit, roster))


def _row(
    choice: Choice, unit: Unit, period: Month, history: ReportingHistory, missing: Collection[tuple[str, Month]]
) -> UnitRow:
    standing, moved_out = history.of(unit, period), (unit.name, period) in missing
    filed, unusable = choice.returns.get((unit.name, period)), choice.unusable.get((unit.name, period))
    return UnitRow(
        unit=unit.name,
        kind=unit.kind,
        filed=filed,
        status=standing.status,
        remark=MOVED_OUT if moved_out else _remark(standing.status, filed, unusable),
        received=standing.received,
        at_fault=history.at_fault(unit.name, period),
        moved_out=moved_out,
    )


def _remark(status: str, filed: Return | None, unusable: Disposition | None) -> str:
    """What 备注 says of how the unit has reported."""
    if status in (NOT_DUE, NOT_REPORTED):
        return _UNUSABLE[unusable.rule] if unusable else status
    by_phone = _BY_PHONE if filed and filed.source.by_phone else ""
    return "；".join(filter(None, (status if status in (EMPTY, LATE) else "", by_phone)))


def _without_narrative(choice: Choice, roster: Sequence[str], period: Month) -> tuple[str, ...]:
    """The units that owe a report in words; none where nobody has ever sent one."""
    sent = {(f.unit, f.month) for f in choice.dispositions if f.outcome == NARRATIVE and f.unit in roster}
    return tuple(u for u in roster if (u, period) not in sent) if sent else ()


def _listed(unit: str, contacts: Contacts) -> Listed:
    order = list(ROLES)
    return Listed(unit, tuple(sorted(contacts.people, key=lambda p: order.index(p.role))), contacts.source.path)


def _traced(disposition: Disposition, county: County) -> Traced:
    table = disposition.table
    form = "—" if table is None else county.annex if isinstance(table, Return) else ANNEX
    of_month = (
        table.month if isinstance(table, Return) else disposition.month if disposition.outcome == NARRATIVE else None
    )
    month = of_month.zh if of_month else ""
    said = f"{EXPLANATION}（表内）：{table.explanation}" if isinstance(table, Return) and table.explanation else ""
    notes: Iterable[str] = dict.fromkeys(n for n in (disposition.why, said, *disposition.reading.notes) if n)
    unit = table.unit or table.unit_stated.text if table else disposition.unit
    return Traced(
        disposition.source, table.sheet if table else "", form, unit, month, disposition.outcome, "；".join(notes)
    )


# -- the months together ----------------------------------------------------------------------------------------------


def _unit_year(
    choice: Choice,
    county: County,
    unit: Unit,
    form: Form,
    due: Sequence[Month],
    year: Sequence[Month],
    history: ReportingHistory,
    missing: Collection[tuple[str, Month]],
) -> UnitYear:
    here = [m for m in year if unit.reports_in(m)]
    filed = [r for m in here if (r := choice.returns.get((unit.name, m)))]
    gone = not unit.reports_in(year[-1])
    return UnitYear(
        unit=unit.name,
        kind=unit.kind,
        statuses={m: history.of(unit, m) for m in due},
        # How things stood in a unit that has left says nothing of the county now.
        sums={c.key: None if gone and not c.adds_up else _sum(filed, c) for c in form.columns},
        missing=tuple(m for m in here if m in due and (unit.name, m) not in choice.returns),
        uncounted=sum(f.value is None for r in filed for f in r.figures.values()),
        gone=gone,
        moved_out=tuple(m for m in here if (unit.name, m) in missing),
        still_open=()
        if gone
        else tuple(still_open(b, flows_of(choice, county, unit.name, b, year[-1]), year[-1]) for b in form.backlogs),
    )


def _sum(filed: Sequence[Return], column: Column) -> Value:
    """The sum of a count over months, else what was filed last; None where nothing was filed that counts."""
    values = [v for r in filed if (v := r.value(column.key)) is not None]
    if not values:
        return None
    return sum(values) if column.adds_up else values[-1]


def _month_sum(choice: Choice, county: County, month: Month) -> MonthSum:
    roster = county.roster(month)
    filed = [r for u in roster if (r := choice.returns.get((u.name, month)))]
    sums = {key: sum(int(r.figures[key].value or 0) for r in filed) for key in county.form(month).keys} if filed else {}
    return MonthSum(month, len(filed), len(roster), sums)


# -- what was sent up -------------------------------------------------------------------------------------------------


def _changed_totals(choice: Choice, county: County, sent: Sent) -> Iterable[ChangedTotal]:
    """The county's totals of that month that are no longer what was sent up, in the order of the form."""
    now = _month_sum(choice, county, sent.month).sums
    for key in county.form(sent.month).counts:
        old, new = sum(int(figures.get(key) or 0) for figures in sent.figures.values()), now.get(key, 0)
        if old != new:
            yield ChangedTotal(sent.month, key, old, new, sent.file)


def corrections_of(
    choice: Choice, county: County, sent: Sent, missing: Collection[tuple[str, Month]] = ()
) -> Iterable[Correction]:
    """The figures of that month that are no longer what was sent up, in the order of the roster and the form.

    Nobody has corrected those of a return that is `missing` from the inbox.
    """
    roster = [u.name for u in county.roster(sent.month)]
    for unit in dict.fromkeys(
        (*roster, *sent.figures)
    ):  # a unit that has left the roster since takes its figures along
        filed = choice.returns.get((unit, sent.month)) if unit in roster else None
        if filed is None and (unit, sent.month) in missing:
            continue
        old = sent.figures.get(unit, {})
        for key in county.form(sent.month).keys:
            figure = filed.figures[key] if filed else None
            new = figure.value if figure else None
            if new != old.get(key):
                file, cell = (filed.source.path, figure.cell) if filed and figure else ("", "")
                yield Correction(sent.month, unit, key, old.get(key), new, file, cell, sent.file)

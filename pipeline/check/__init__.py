"""Checking: the returns that count, against their forms, each other and the roster."""

from __future__ import annotations

import datetime as dt

from pipeline.check.contacts import contact_findings
from pipeline.check.figures import figure_findings
from pipeline.check.files import file_findings, form_findings, leads
from pipeline.check.lines import in_order
from pipeline.check.reporting import reporting_findings
from pipeline.check.versions import version_findings
from pipeline.county import County
from pipeline.model import Choice, Contacts, Finding, Month, Return


def check(choice: Choice, county: County, period: Month, today: dt.date) -> tuple[Finding, ...]:
    """The lines of the period's 差异清单, in their order."""
    roster = [u.name for u in county.roster(period)]
    returns = [choice.returns[u, period] for u in roster if (u, period) in choice.returns]
    arrived = [c for u in roster if (c := choice.contacts.get(u)) and county.belonging(c.source.due_month) == period]
    counted: list[Return | Contacts] = [*returns, *arrived]
    first = leads(returns)
    findings = [
        *file_findings(choice.fates, period),
        *version_findings(choice, county, period),
        *(f for table in counted for f in form_findings(table, period, first)),
        *figure_findings(returns, county, first),
        *reporting_findings(choice, county, period, today),
        *contact_findings(choice, county, period, today),
    ]
    return in_order(findings, roster)

"""Checking: the returns that count, against their forms, each other and the roster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from pipeline.check.contacts import contact_findings
from pipeline.check.figures import CheckedReturn, figure_findings, judge
from pipeline.check.files import file_findings, first_units, form_findings
from pipeline.check.ladder import ladder_findings
from pipeline.check.lines import in_order
from pipeline.check.moved import moved_out_findings
from pipeline.check.reporting import reporting_findings
from pipeline.check.versions import version_findings
from pipeline.county import County
from pipeline.model import Choice, Contacts, Finding, Month, MovedOut, Return
from pipeline.sections import Unit
from schemas.form import Form


def check(
    choice: Choice, county: County, months: Sequence[Month], today: dt.date, gone: Sequence[MovedOut] = ()
) -> dict[Month, tuple[Finding, ...]]:
    """The lines of each month's 差异清单, in their order; the returns of all months are judged together.

    `gone` are returns that counted in earlier runs and are no longer in the inbox.
    """
    verdicts = judge(choice.returns, county)
    found: dict[Month, tuple[Finding, ...]] = {}
    on_lists: dict[tuple[Form, tuple[Unit, ...]], list[Finding]] = {}
    for month in months:
        form, roster = county.form(month), county.roster(month)
        if (form, roster) not in on_lists:  # the lists in force are the same in every month
            on_lists[form, roster] = list(contact_findings(choice, county, form, roster, today))
        lines = [*_lines(choice, verdicts, county, month, today, gone), *on_lists[form, roster]]
        found[month] = in_order(form, lines, [u.name for u in roster])
    return found


def _lines(
    choice: Choice,
    verdicts: Mapping[tuple[str, Month], CheckedReturn],
    county: County,
    month: Month,
    today: dt.date,
    gone: Sequence[MovedOut],
) -> Iterator[Finding]:
    form, roster = county.form(month), [u.name for u in county.roster(month)]
    judged = [verdicts[u, month] for u in roster if (u, month) in verdicts]
    lists = [c for u in roster if (c := choice.contacts.get(u))]
    arrived = [c for c in lists if c.source.undated or county.belonging(c.source.due_month) == month]
    returns = [j.filed for j in judged]
    counted: list[Return | Contacts] = [*returns, *arrived]
    first = first_units(returns)
    yield from file_findings(form, choice.dispositions, month)
    yield from version_findings(choice, county, month)
    for table in counted:
        yield from form_findings(form, table, month, first)
    yield from figure_findings(judged, first)
    for filed in returns:
        yield from ladder_findings(form, filed)
    yield from moved_out_findings(form, gone, month)
    elsewhere = {u for u, m in choice.unusable if m == month}
    elsewhere |= {one.unit for one in gone if one.month == month and not one.withdrawn}
    yield from reporting_findings(choice, county, month, today, elsewhere)

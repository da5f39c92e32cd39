"""Returns against the roster: who has not reported, and who was late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from pipeline.check.lines import finding
from pipeline.county import County
from pipeline.model import Choice, Finding, Month, day_zh


def reporting_findings(
    choice: Choice, county: County, month: Month, today: dt.date, notified: Collection[str]
) -> Iterator[Finding]:
    """REP lines of the month's roster; no REP-1 for a unit that is `notified` of something else instead."""
    if not county.chased(month):
        return
    due, form = county.due(month), county.form(month)
    for unit in county.roster(month):
        first = choice.first.get((unit.name, month))
        if (unit.name, month) not in choice.returns:
            if today <= due or unit.name in notified:
                continue
            message = f"截至{day_zh(today)}未收到{month.zh}{form.annex}（{day_zh(due)}到期）。"
            yield finding(form, "REP-1", unit.name, month, message)
        elif first is not None and not county.in_time(month, first):
            message = f"{month.zh}{form.annex}于{day_zh(first)}{first:%H:%M}收到，晚于截止日{day_zh(due)}。"
            yield finding(
                form, "REP-2", unit.name, month, message, filed=f"{first:%Y-%m-%d}", reference=f"{due:%Y-%m-%d}"
            )

"""Which month a run is for, and why that one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.choose import most_named_month
from pipeline.county import County
from pipeline.errors import UsageError
from pipeline.model import Month, Reading, Return

AS_ASKED = "按指定月份"


def in_campaign(asked: Month | None, county: County) -> Month | None:
    """The month that was asked for, None where none was; UsageError where nobody reports it."""
    if asked and not county.in_campaign(asked):
        raise UsageError(f"{asked.zh}不在专项整治期内，请核对月份（配置中的 first_period 和 last_period）。")
    return asked


_YEARS_AFTER, _YEARS_WITHOUT_END = 2, 50


def in_reach(day: dt.date, county: County) -> dt.date:
    """The day that was typed as today's; UsageError where its year has nothing to do with the campaign."""
    first, last = county.campaign.first_period, county.campaign.last_period
    until = last.year + _YEARS_AFTER if last else first.year + _YEARS_WITHOUT_END
    if not first.year - 1 <= day.year <= until:
        raise UsageError(f"{day} 的年份与专项整治期（{first.zh}起）相差太远，请核对 --today 后面的日期。")
    return day


def default_period(readings: Sequence[Reading], county: County, today: dt.date) -> tuple[Month, str]:
    """The month to consolidate where none was asked for, and why it is that one."""
    before = Month.of(today).plus(-1)
    if county.in_campaign(before):
        return before, "今天的上一个月"
    named = most_named_month(readings, county)
    if named:
        return named, "上一个月不在专项整治期内，取收件夹中报表最多的月份"
    first, last = county.campaign.first_period, county.campaign.last_period
    return (last if last and before > last else first), "上一个月不在专项整治期内，取期内最近的月份"


def all_periods(readings: Sequence[Reading], county: County, today: dt.date) -> list[Month]:
    """The months of the campaign that have ended and in which returns are due or came."""
    last = min(Month.of(today).plus(-1), county.campaign.last_period or Month.of(today))
    came = {t.month for r in readings for t in r.tables if isinstance(t, Return) and t.unit}
    return [m for m in county.months_until(last) if county.chased(m) or m in came]

"""The whole job on one page: gather, think, write."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from pipeline.check import check
from pipeline.choose import choose, most_named_month
from pipeline.consolidate import consolidate
from pipeline.county import County, load
from pipeline.errors import UsageError
from pipeline.ledger import carried
from pipeline.model import CountyMonth, Month, Reading
from pipeline.read import read_inbox
from pipeline.read.ledger import read_ledger, read_month_before
from pipeline.slips import make_slips
from pipeline.slips.folder import settled
from pipeline.write import ledger_path, write


@dataclass(frozen=True)
class Job:
    """What one run is asked to do."""

    inbox: Path
    outbox: Path
    county: Path
    today: dt.date
    period: Month | None = None


@dataclass(frozen=True)
class Done:
    """What one run did: the month, why that month, the workbooks and slips written, and what staff should know."""

    month: CountyMonth
    why: str
    files: list[Path]
    slips: tuple[Path, ...] = ()
    notices: tuple[str, ...] = ()


def run(job: Job) -> Done:
    """Consolidates the inbox; PipelineError where that cannot be done, and then nothing was half written."""
    county = load(job.county)
    in_campaign(job.period, county)
    if not job.inbox.is_dir():
        raise UsageError(f"找不到收件夹 {job.inbox}，请新建该文件夹并放入收到的报表。")
    with ThreadPoolExecutor(1) as meanwhile:
        meanwhile.submit(import_module, "pandera.pandas")  # as slow as the readers are to start
        readings = read_inbox(job.inbox, county)
    period, why = (job.period, "按指定月份") if job.period else default_period(readings, county, job.today)
    choice = choose(readings, county, period)
    findings = check(choice, county, period, job.today)
    old = read_ledger(ledger_path(job.outbox, period), period)
    month_before = read_month_before(ledger_path(job.outbox, period.plus(-1)), period.plus(-1))
    kept = carried(findings, old, month_before, choice, period)
    month = consolidate(choice, kept.findings, county, period, job.today)
    month = replace(month, staff_rows=kept.staff_rows, staff_columns=kept.staff_columns)
    folder, arrived = ledger_path(job.outbox, period).parent, {r.source.sha256 for r in readings}
    slips, notices = settled(folder, make_slips(choice, kept.findings, county, job.inbox, job.today, period), arrived)
    files = write(month, county, job.outbox, slips)
    return Done(
        month, why, files, tuple(folder / name for name, data in slips.items() if data), (*kept.notices, *notices)
    )


def in_campaign(asked: Month | None, county: County) -> Month | None:
    """The month that was asked for, None where none was; UsageError where nobody reports it."""
    if asked and not county.in_campaign(asked):
        raise UsageError(f"{asked.zh}不在专项整治期内，请核对月份（配置中的 first_period 和 last_period）。")
    return asked


def default_period(readings: list[Reading], county: County, today: dt.date) -> tuple[Month, str]:
    """The month to consolidate where none was asked for, and why it is that one."""
    before = Month.of(today).plus(-1)
    if county.in_campaign(before):
        return before, "今天的上一个月"
    named = most_named_month(readings, county)
    if named:
        return named, "上一个月不在专项整治期内，取收件夹中报表最多的月份"
    first, last = county.campaign.first_period, county.campaign.last_period
    return (last if last and before > last else first), "上一个月不在专项整治期内，取期内最近的月份"

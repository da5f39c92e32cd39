"""The whole job on one page: gather, think, write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from pipeline.check import check
from pipeline.choose import choose
from pipeline.consolidate import consolidate
from pipeline.county import County, load
from pipeline.errors import UsageError
from pipeline.ledger import as_read, carried, confirmed, put_aside
from pipeline.model import Choice, CountyMonth, Month, OldLedger, Reading, Sent
from pipeline.period import AS_ASKED, all_periods, default_period, in_campaign
from pipeline.prove import prove
from pipeline.read import Progress, quietly, read_inbox
from pipeline.read.papers.ledger import read_confirmed, read_ledger, read_month_before
from pipeline.read.papers.sent import read_sent
from pipeline.renew import to_renew
from pipeline.slips import make_slips
from pipeline.slips.folder import explained, settled
from pipeline.write import books, ledger_path, place
from pipeline.write.alone import alone
from pipeline.write.record import NAME as RECORD
from pipeline.write.record import record


@dataclass(frozen=True)
class Job:
    """What one run is asked to do."""

    inbox: Path
    outbox: Path
    county: Path
    today: dt.date
    period: Month | None = None
    scheduler: str = ""


@dataclass(frozen=True)
class Done:
    """What was done for one month: the month, why that month, the workbooks, record and slips, and what staff should know.

    `to_renew` are the earlier months whose workbooks are out of date, `other` is a month that could be asked for as well.
    """

    month: CountyMonth
    why: str
    files: list[Path]
    record: Path
    slips: tuple[Path, ...] = ()
    notices: tuple[str, ...] = ()
    to_renew: tuple[Month, ...] = ()
    other: Month | None = None


@dataclass(frozen=True)
class Gathered:
    """What a run has to go by: every file's reading, what became of it, and the month it would take by itself, and why."""

    county: County
    readings: list[Reading]
    choice: Choice
    usual: tuple[Month, str]


@dataclass(frozen=True)
class Thought:
    """A month before it is written: its ledger as it was, what was sent up of it and the months before, what to tell."""

    month: CountyMonth
    old: OldLedger
    sent: list[Sent]
    notices: tuple[str, ...]


def run(job: Job, tell: Progress = quietly) -> Done:
    """Consolidates one month; PipelineError where that cannot be done, and then nothing was half written."""
    county = ready(job)
    with alone(job.outbox):
        gathered = gather(job, county, tell)
        period, why = (job.period, AS_ASKED) if job.period else gathered.usual
        (thought,) = think(job, gathered, [period])
        return write(job, gathered, thought, why)


def run_all(job: Job, tell: Progress = quietly) -> list[Done]:
    """Consolidates every month of the campaign that has ended and in which returns are due or came."""
    county = ready(job)
    with alone(job.outbox):
        gathered = gather(job, county, tell)
        periods = all_periods(gathered.choice, county, job.today) or [gathered.usual[0]]
        # All ledgers are read before the first file is written.
        return [write(job, gathered, thought, "全部月份") for thought in think(job, gathered, periods)]


def ready(job: Job) -> County:
    """The county, once nothing is wrong with what was asked for."""
    county = load(job.county)
    in_campaign(job.period, county)
    if not job.inbox.is_dir():
        raise UsageError(f"找不到收件夹 {job.inbox}，请新建该文件夹并放入收到的报表。")
    if job.outbox.resolve().is_relative_to(job.inbox.resolve()):
        raise UsageError(f"输出文件夹 {job.outbox} 不能在收件夹 {job.inbox} 里面，请另选一个文件夹。")
    return county


def gather(job: Job, county: County, tell: Progress) -> Gathered:
    """Reads every file of the inbox, and chooses which returns count."""
    with ThreadPoolExecutor(1) as meanwhile:
        meanwhile.submit(import_module, "pandera.pandas")  # as slow as the readers are to start
        readings = read_inbox(job.inbox, county.for_readers(), tell, job.scheduler)
    return Gathered(county, readings, choose(readings, county), default_period(readings, county, job.today))


def think(job: Job, gathered: Gathered, periods: Sequence[Month]) -> list[Thought]:
    """Checks all months until the last of the periods together, and consolidates each period."""
    county, choice, last = gathered.county, gathered.choice, max(periods)
    found = check(choice, county, county.months_until(last), job.today)
    sent, unread = read_sent(job.outbox, county, last)
    marked = {m: read_confirmed(ledger_path(job.outbox, m)) for m in found if m < last}
    thoughts = []
    coming: dict[Month, OldLedger] = {}
    for period in periods:
        old, before = read_ledger(ledger_path(job.outbox, period), period), period.plus(-1)
        month_before = coming.get(before) or read_month_before(ledger_path(job.outbox, before), before)
        kept = carried(found[period], old, month_before, choice, period)
        coming[period] = as_read(kept)
        findings = {m: confirmed(found[m], marked[m]) for m in found if m < period} | {period: kept.findings}
        known = [s for s in sent if s.month <= period]
        month = consolidate(choice, findings, county, period, job.today, known)
        month = replace(month, staff_rows=kept.staff_rows, staff_columns=kept.staff_columns)
        notices = (*unread, *kept.notices, *explained(gathered.readings, period))
        thoughts.append(Thought(month, old, known, notices))
    return thoughts


def write(job: Job, gathered: Gathered, thought: Thought, why: str) -> Done:
    """Makes the month's workbooks and slips, proves them, and puts them in their place."""
    county, choice, month = gathered.county, gathered.choice, thought.month
    folder = ledger_path(job.outbox, month.month).parent
    workbooks = books(month, county)
    prove(*workbooks.values())
    made = make_slips(choice, month.findings, county, job.inbox, job.today, month.month)
    slips, left_alone = settled(folder, made, {r.source.sha256 for r in gathered.readings})
    aside, put_by = put_aside(thought.old, month.month)
    outputs = workbooks | {name: data for name, data in slips.items() if data}
    beside = {**aside, **slips, RECORD: record(month, gathered.usual, county, thought.sent, outputs)}
    files = place(folder, workbooks, beside, thought.old.sha256)
    return Done(
        month=month,
        why=why,
        files=files,
        record=folder / RECORD,
        slips=tuple(folder / name for name, data in slips.items() if data),
        notices=(*thought.notices, *put_by, *left_alone),
        to_renew=to_renew(job.outbox, county, choice, month),
        other=next((m for m in (month.month.plus(-1), month.month.plus(1)) if county.in_campaign(m)), None),
    )

"""The whole job on one page: gather, think, write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from pipeline.check import check
from pipeline.choose import choose, most_named_month
from pipeline.consolidate import consolidate
from pipeline.county import County, load
from pipeline.errors import UsageError
from pipeline.ledger import as_read, carried, confirmed, put_aside
from pipeline.model import EXPLANATION, Choice, CountyMonth, Month, OldLedger, Reading, Return, Sent
from pipeline.prove import prove
from pipeline.read import Progress, quietly, read_inbox
from pipeline.read.ledger import read_confirmed, read_ledger, read_month_before
from pipeline.read.sent import read_sent
from pipeline.renew import to_renew
from pipeline.slips import make_slips
from pipeline.slips.folder import settled
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

    `to_renew` are the earlier months whose workbooks are out of date.
    """

    month: CountyMonth
    why: str
    files: list[Path]
    record: Path
    slips: tuple[Path, ...] = ()
    notices: tuple[str, ...] = ()
    to_renew: tuple[Month, ...] = ()


def run(job: Job, tell: Progress = quietly) -> Done:
    """Consolidates one month; PipelineError where that cannot be done, and then nothing was half written."""
    county = ready(job)
    with alone(job.outbox):
        choice, readings = gather(job, county, tell)
        period, why = (job.period, "按指定月份") if job.period else default_period(readings, county, job.today)
        (done,) = think_and_write(job, county, choice, readings, {period: why})
    return done


def run_all(job: Job, tell: Progress = quietly) -> list[Done]:
    """Consolidates every month of the campaign that has ended and in which returns are due or came."""
    county = ready(job)
    last = min(Month.of(job.today).plus(-1), county.campaign.last_period or Month.of(job.today))
    with alone(job.outbox):
        choice, readings = gather(job, county, tell)
        came = {month for _, month in choice.returns}
        periods = [m for m in county.months_until(last) if county.chased(m) or m in came]
        periods = periods or [default_period(readings, county, job.today)[0]]
        return think_and_write(job, county, choice, readings, dict.fromkeys(periods, "全部月份"))


def ready(job: Job) -> County:
    """The county, once nothing is wrong with what was asked for."""
    county = load(job.county)
    in_campaign(job.period, county)
    if not job.inbox.is_dir():
        raise UsageError(f"找不到收件夹 {job.inbox}，请新建该文件夹并放入收到的报表。")
    if job.outbox.resolve().is_relative_to(job.inbox.resolve()):
        raise UsageError(f"输出文件夹 {job.outbox} 不能在收件夹 {job.inbox} 里面，请另选一个文件夹。")
    return county


def gather(job: Job, county: County, tell: Progress) -> tuple[Choice, list[Reading]]:
    """What became of every file of the inbox."""
    with ThreadPoolExecutor(1) as meanwhile:
        meanwhile.submit(import_module, "pandera.pandas")  # as slow as the readers are to start
        readings = read_inbox(job.inbox, county.for_readers(), tell, job.scheduler)
    return choose(readings, county), readings


def think_and_write(
    job: Job, county: County, choice: Choice, readings: Sequence[Reading], periods: Mapping[Month, str]
) -> list[Done]:
    """Checks all months until the last of the periods together, then writes each period's workbooks and slips."""
    last = max(periods)
    found = check(choice, county, county.months_until(last), job.today)
    sent, unread = read_sent(job.outbox, county, last)
    notices = [f"“{name}”读不出汇总表，更正说明没有与它核对。" for name in unread]
    marked = {m: read_confirmed(ledger_path(job.outbox, m)) for m in found if m < last}
    usual = default_period(readings, county, job.today)
    thought = []
    coming: dict[Month, OldLedger] = {}
    for period in periods:  # all ledgers are read before the first file is written
        old = read_ledger(ledger_path(job.outbox, period), period)
        before = period.plus(-1)
        month_before = coming.get(before) or read_month_before(ledger_path(job.outbox, before), before)
        earlier = {m: confirmed(found[m], marked[m]) for m in found if m < period}
        kept = carried(found[period], old, month_before, choice, period)
        coming[period] = as_read(kept)
        findings = earlier | {period: kept.findings}
        known = [s for s in sent if s.month <= period]
        month = consolidate(choice, findings, county, period, job.today, known)
        month = replace(month, staff_rows=kept.staff_rows, staff_columns=kept.staff_columns)
        told = (*notices, *kept.notices, *explained(readings, period))
        thought.append(_Thought(month, periods[period], usual, told, known, old))
    arrived = {r.source.sha256 for r in readings}
    return [_written(job, county, choice, one, arrived) for one in thought]


@dataclass(frozen=True)
class _Thought:
    """A month before it is written: why that month, which would be the usual one, what to tell, what was sent up, the old ledger."""

    month: CountyMonth
    why: str
    usual: tuple[Month, str]
    told: tuple[str, ...]
    sent: list[Sent]
    old: OldLedger


def _written(job: Job, county: County, choice: Choice, thought: _Thought, arrived: set[str]) -> Done:
    """What was done for a month, once its workbooks have been proved and put in their place, and its slips."""
    month = thought.month
    folder = ledger_path(job.outbox, month.month).parent
    made = make_slips(choice, month.findings, county, job.inbox, job.today, month.month)
    slips, left_alone = settled(folder, made, arrived)
    workbooks = books(month, county)
    prove(*workbooks.values())
    written = record(month, thought.usual, county, thought.sent, workbooks | {n: d for n, d in slips.items() if d})
    aside, kept_words = put_aside(thought.old, month.month)
    files = place(folder, workbooks, {**aside, **slips, RECORD: written}, thought.old.sha256)
    sent_back = tuple(folder / name for name, data in slips.items() if data)
    told = (*thought.told, *kept_words, *left_alone)
    renew = to_renew(job.outbox, county, choice, month)
    return Done(month, thought.why, files, folder / RECORD, sent_back, told, renew)


def explained(readings: Sequence[Reading], period: Month) -> list[str]:
    """A sentence for each file in which a unit wrote something on its slip."""
    return [
        f"“{r.source.path}”的退回通知中，单位写了情况说明，见来源台账该文件的“说明”。"
        for r in readings
        if any(n.startswith(EXPLANATION) for n in r.notes)
        and any(isinstance(t, Return) and t.month == period for t in r.tables)
    ]


def in_campaign(asked: Month | None, county: County) -> Month | None:
    """The month that was asked for, None where none was; UsageError where nobody reports it."""
    if asked and not county.in_campaign(asked):
        raise UsageError(f"{asked.zh}不在专项整治期内，请核对月份（配置中的 first_period 和 last_period）。")
    return asked


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

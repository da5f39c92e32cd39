"""One run from start to finish: gather what it goes by, check and consolidate, write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path

from pipeline.carry_over import as_next_month_reads_it, carried, confirmed
from pipeline.check import check
from pipeline.choose import choose
from pipeline.consolidate import consolidate
from pipeline.county import County, load
from pipeline.drafts import set_aside
from pipeline.errors import UsageError
from pipeline.explanations import explanations_of
from pipeline.memory import confirmed_lines, gone_from_inbox, kept_rows, known_times, moved_out, outdated
from pipeline.model import Choice, CountyMonth, Finding, Month, MovedOut, OldLedger, Reading, Sent, Written
from pipeline.period import AS_ASKED, all_periods, default_period, in_campaign
from pipeline.prove import prove
from pipeline.read import Progress, no_progress, read_inbox
from pipeline.read.grids.received import clock_until
from pipeline.read.papers.ledger import read_ledger, read_month_before
from pipeline.read.papers.memory import read_written
from pipeline.read.papers.sent import read_sent
from pipeline.read.returns.names import Names
from pipeline.rules import rules_of
from pipeline.slips import make_slips
from pipeline.slips.folder import settled, unnumbered
from pipeline.write import books, ledger_path, place
from pipeline.write.outbox_lock import outbox_lock
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

    `to_renew` are the other months whose workbooks are out of date, `other` is a month that could be asked for as well,
    `unanswered` says which of the county's own answers its form lacks.
    """

    month: CountyMonth
    why: str
    files: list[Path]
    record: Path
    slips: tuple[Path, ...] = ()
    notices: tuple[str, ...] = ()
    to_renew: tuple[Month, ...] = ()
    other: Month | None = None
    unanswered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gathered:
    """All that a run reads: every file of the inbox, what earlier runs wrote, and what staff left in the outbox.

    `default` is the month that a run takes where none is asked for, and why; `ledgers` are those of the periods and of the
    months before them; `unread` are sentences about what could not be read.
    """

    county: County
    readings: list[Reading]
    written: list[Written]
    default: tuple[Month, str]
    periods: tuple[Month, ...]
    ledgers: Mapping[Month, OldLedger]
    sent: list[Sent]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class Judgement:
    """The result of checking for one month: which returns count, which have disappeared, and the findings of every month."""

    choice: Choice
    gone: tuple[MovedOut, ...]
    found: Mapping[Month, tuple[Finding, ...]]


@dataclass(frozen=True)
class MonthResult:
    """A month before it is written: its ledger as it was, what was sent up of it and the months before, and notices."""

    month: CountyMonth
    choice: Choice
    old: OldLedger
    sent: list[Sent]
    notices: tuple[str, ...]
    to_renew: tuple[Month, ...]


def run(job: Job, on_progress: Progress = no_progress) -> Done:
    """Consolidates one month; PipelineError where that cannot be done, and then no output is left half written."""
    county = prepare(job)
    with outbox_lock(job.outbox):
        gathered = gather(job, county, on_progress)
        (result,) = think(job, gathered)
        return write(job, gathered, result, AS_ASKED if job.period else gathered.default[1])


def run_all(job: Job, on_progress: Progress = no_progress) -> list[Done]:
    """Consolidates every month of the campaign that has ended and in which returns are due or came."""
    county = prepare(job)
    with outbox_lock(job.outbox):
        gathered = gather(job, county, on_progress, all_months=True)
        return [write(job, gathered, result, "全部月份") for result in think(job, gathered)]


def prepare(job: Job) -> County:
    """Loads the county, and validates the paths and the month that were asked for."""
    county = load(job.county)
    in_campaign(job.period, county)
    if not job.inbox.is_dir():
        raise UsageError(f"找不到收件夹 {job.inbox}，请新建该文件夹并放入收到的报表。")
    if job.outbox.resolve().is_relative_to(job.inbox.resolve()):
        raise UsageError(f"输出文件夹 {job.outbox} 不能在收件夹 {job.inbox} 里面，请另选一个文件夹。")
    return county


def gather(job: Job, county: County, on_progress: Progress, *, all_months: bool = False) -> Gathered:
    """Reads what earlier runs wrote, every file of the inbox, and what staff left for the periods that are to be written."""
    written, unread = read_written({m: ledger_path(job.outbox, m) for m in _campaign(job, county)}, county)
    with ThreadPoolExecutor(1) as meanwhile:
        meanwhile.submit(import_module, "pandera.pandas")  # as slow as the readers are to start
        clock = clock_until(job.today, county.first_period, known_times(written))
        readings = read_inbox(job.inbox, county.for_readers(), on_progress, job.scheduler, clock)
    default = default_period(readings, county, job.today)
    several = all_periods(readings, county, job.today) if all_months else []
    periods = tuple(several) or (job.period or default[0],)
    sent, refused = read_sent(job.outbox, county, max(periods))
    return Gathered(county, readings, written, default, periods, _ledgers(job, periods), sent, (*unread, *refused))


def _ledgers(job: Job, periods: Sequence[Month]) -> dict[Month, OldLedger]:
    """The ledgers of those months, none of which may be written over unread, and of the months before them."""
    before = {month.plus(-1) for month in periods} - {*periods}
    found = {month: read_ledger(ledger_path(job.outbox, month), month) for month in periods}
    return found | {month: read_month_before(ledger_path(job.outbox, month), month) for month in before}


def _campaign(job: Job, county: County) -> tuple[Month, ...]:
    """The months of which there can be a ledger."""
    return county.months_until(max(Month.of(job.today), job.period or Month.of(job.today)))


def think(job: Job, gathered: Gathered) -> list[MonthResult]:
    """Checks all months until the last of the periods together, and consolidates each period."""
    county, periods = gathered.county, gathered.periods
    rules, names = list(rules_of(county.forms.whole)), Names(county)
    marked = confirmed_lines(gathered.written, county)
    results = []
    ledgers = dict(gathered.ledgers)
    for period, judgement in zip(periods, judge(job, gathered), strict=True):
        choice, gone, found = judgement.choice, judgement.gone, judgement.found
        old, month_before = gathered.ledgers[period], ledgers[period.plus(-1)]
        called_now = partial(names.called_now, month=period)
        said = explanations_of(gathered.readings, choice, county).of(found[period])
        kept = carried(found[period], old, month_before, choice, period, rules, called_now, said)
        ledgers[period] = as_next_month_reads_it(kept)
        findings = {m: confirmed(found[m], marked.get(m, ())) for m in found if m < period} | {period: kept.findings}
        known = [s for s in gathered.sent if s.month <= period]
        rows = kept_rows(gathered.written, choice, gone)
        month = consolidate(choice, findings, county, period, job.today, known, gone, rows)
        calls = {called_now(unit): noted for unit, noted in old.calls.items()}
        month = replace(month, staff_rows=kept.staff_rows, staff_columns=kept.staff_columns, calls=calls)
        missing = gone_from_inbox(gone, period)
        notices = (*gathered.unread, *missing, *kept.notices, *unnumbered(gathered.readings, period))
        results.append(MonthResult(month, choice, old, known, notices, _to_renew(gathered, judgement, period)))
    return results


def judge(job: Job, gathered: Gathered) -> Iterator[Judgement]:
    """The judgement of each period's run; one serves all of them where it is known of every file when it came."""
    county, months = gathered.county, gathered.county.months_until(max(gathered.periods))
    judgement = None
    for period in gathered.periods:
        if judgement is None or any(r.source.undated for r in gathered.readings):
            choice = choose(gathered.readings, county, period)
            gone = moved_out(gathered.written, choice, county)
            judgement = Judgement(choice, gone, check(choice, county, months, job.today, gone))
        yield judgement


def _to_renew(gathered: Gathered, judgement: Judgement, period: Month) -> tuple[Month, ...]:
    """The other months whose workbooks are out of date, or not there although FILE-5 reports a change in them."""
    there = {one.month for one in gathered.written}
    changed = {f.month for f in judgement.found[period] if f.rule == "FILE-5" and f.month} - there
    return tuple(sorted({*changed, *outdated(gathered.written, judgement.choice, judgement.gone)} - {period}))


def write(job: Job, gathered: Gathered, result: MonthResult, why: str) -> Done:
    """Makes the month's workbooks and slips, proves them, and puts them in their place."""
    county, choice, month = gathered.county, result.choice, result.month
    folder = ledger_path(job.outbox, month.month).parent
    with ThreadPoolExecutor(1) as meanwhile:
        # Slips are made in processes of their own: nothing of them has to wait for the workbooks.
        slips_to_come = meanwhile.submit(make_slips, choice, month.findings, county, job.inbox, job.today, month.month)
        workbooks = books(month, county)
        prove(month.form, *workbooks.values())
        made, not_made = slips_to_come.result()
    slips, foreign = settled(folder, made)
    drafts = set_aside(folder, workbooks | slips, {r.source.sha256 for r in gathered.readings})
    outputs = workbooks | {name: data for name, data in slips.items() if data}
    beside = {**drafts.files, **slips, RECORD: record(month, gathered.default, county, result.sent, outputs)}
    files = place(
        folder, workbooks, beside, drafts.read | {ledger_path(job.outbox, month.month).name: result.old.sha256}
    )
    return Done(
        month=month,
        why=why,
        files=files,
        record=folder / RECORD,
        slips=tuple(folder / name for name, data in slips.items() if data),
        notices=(*result.notices, *drafts.notices, *not_made, *foreign),
        to_renew=result.to_renew,
        other=next((m for m in (month.month.plus(-1), month.month.plus(1)) if county.in_campaign(m)), None),
        unanswered=tuple(county.unanswered(month.form, job.county)),
    )

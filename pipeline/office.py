"""What the office does between runs: blank forms, entries after a phone call, one file while a clerk is on the phone."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from filecmp import cmp
from itertools import count
from pathlib import Path

from pipeline.check import check
from pipeline.choose import choose, earlier_returns
from pipeline.county import County, load
from pipeline.drafts import set_aside
from pipeline.errors import OutputError, UsageError
from pipeline.model import PHONE_FOLDER, Disposition, Finding, Month, Reading, Return
from pipeline.period import AS_ASKED, default_period, in_campaign
from pipeline.read import read_each, read_inbox
from pipeline.read.grids.inbox import pick_up
from pipeline.read.grids.received import clock_until
from pipeline.read.grids.unpack import INSIDE
from pipeline.read.returns.names import Names
from pipeline.refusals import refusal
from pipeline.run import Job
from pipeline.write.files import file_name, place_new, replace_all
from pipeline.write.form import annex1_form, annex2_form
from pipeline.write.outbox_lock import outbox_lock
from schemas.contacts import ANNEX as CONTACTS

_NOT_OF_ONE_FILE = ("REP-1", "REP-2", "CON-1")
"""What only the whole inbox can tell."""


# -- files that are dropped -------------------------------------------------------------------------------------------


def put_into(inbox: Path, files: Sequence[Path]) -> list[Path]:
    """Copies files, and all files of folders, into the inbox with their times; gives the copies of what was not there.

    One that has the name of another takes a new one.
    """
    copies = []
    for path in files:
        if not path.exists():
            raise UsageError(f"找不到文件 {path}，请核对路径。")
        for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if one.is_file() and not one.resolve().is_relative_to(inbox.resolve()):
                copies += _copied(one, inbox / one.relative_to(path.parent))
    return copies


def _copied(path: Path, wanted: Path) -> list[Path]:
    """The copy, none where the same file lies there already."""
    place = next(p for p in _names(wanted) if not p.exists() or cmp(p, path, shallow=False))
    if place.exists():
        return []
    part = place.with_name(f"{place.name}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, part)
        os.replace(part, place)
    except OSError as e:
        part.unlink(missing_ok=True)
        refused = refusal(e, place)
        raise OutputError(f"“{path.name}”不能放入收件夹（{refused.why}）；{refused.advice}。") from None
    return [place]


def _names(path: Path) -> Iterator[Path]:
    yield path
    yield from (path.with_stem(f"{path.stem}（{n}）") for n in count(2))


# -- blank forms ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Forms:
    """The blank forms of a month, why of that one, and what staff should know."""

    month: Month
    why: str
    files: list[Path]
    notices: list[str]


def forms(outbox: Path, county_file: Path, today: dt.date, asked: Month | None, inbox: Path | None = None) -> Forms:
    """Writes a month's blank Annex 1 and 2 of every unit on its roster, with what the inbox holds of its months before."""
    county = load(county_file)
    named = in_campaign(asked, county)
    month, why = (named, AS_ASKED) if named else default_period([], county, today)
    returns = _returns(inbox, county, today) if inbox else {}
    blank: dict[str, bytes] = {}
    for unit in county.roster(month):
        blank[f"{file_name(unit.name)}_{county.annex}（{month.zh}）.xlsx"] = annex1_form(
            county, unit.name, month, earlier=earlier_returns(returns, county, unit.name, month)
        )
        blank[f"{file_name(unit.name)}_{CONTACTS}.xlsx"] = annex2_form(county, unit.name, month)
    with outbox_lock(outbox):
        folder = outbox / f"空白表（{month.zh}）"
        drafts = set_aside(folder, blank)
        files = replace_all(folder, {**drafts.files, **blank}, drafts.read)
        return Forms(month, why, files[len(drafts.files) :], drafts.notices)


def _returns(inbox: Path, county: County, today: dt.date) -> Mapping[tuple[str, Month], Return]:
    """The returns that count, none where there is no inbox yet."""
    clock = clock_until(today, county.first_period)
    readings = read_inbox(inbox, county.for_readers(), clock=clock) if inbox.is_dir() else []
    return choose(readings, county).returns


# -- entries after a phone call ---------------------------------------------------------------------------------------


def phone_entry(job: Job, unit: str) -> Path:
    """Writes the unit's form with its last figures, for staff to enter what a unit says on the phone."""
    county = load(job.county)
    clock = clock_until(job.today, county.first_period)
    readings = read_inbox(job.inbox, county.for_readers(), clock=clock) if job.inbox.is_dir() else []
    month = in_campaign(job.period, county) or default_period(readings, county, job.today)[0]
    name = _on_roster(unit, county, month)
    returns = choose(readings, county).returns
    earlier = earlier_returns(returns, county, name, month)
    path = job.inbox / PHONE_FOLDER / f"{file_name(name)}_{county.annex}（{month.zh}）.xlsx"
    return place_new(path, annex1_form(county, name, month, returns.get((name, month)), earlier))


def _on_roster(text: str, county: County, month: Month) -> str:
    names = Names(county)
    unit = names.one(text, month)
    if unit is None or not unit.reports_in(month):
        likely = names.likely(text)
        raise UsageError(f"“{text}”不在{month.zh}的应报单位名单中" + (f"，是不是“{likely}”？" if likely else "。"))
    return unit.name


# -- one file ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Examined:
    """What one file, or one in an archive, is and would be answered: what became of its tables, and the findings about them.

    `annex` is what the monthly form is called.
    """

    path: str
    annex: str
    dispositions: tuple[Disposition, ...]
    findings: tuple[Finding, ...]


def examine(files: Sequence[Path], county_file: Path, today: dt.date) -> list[Examined]:
    """Reads those files as if they alone lay in the inbox; what only the whole inbox can tell is left out."""
    county = load(county_file)
    for path in files:
        if not path.is_file():
            raise UsageError(f"{path} 是文件夹，请写明文件。" if path.is_dir() else f"找不到文件 {path}，请核对路径。")
    clock = clock_until(today, county.first_period)
    given = [pick_up(path.absolute().parent, path.name, clock) for path in files]
    read = zip(files, read_each(Path(), given, county.for_readers(), clock=clock), strict=True)
    return [_examined(reading, path, county, today) for path, readings in read for reading in readings]


def _examined(reading: Reading, given: Path, county: County, today: dt.date) -> Examined:
    months = {t.month for t in reading.tables if isinstance(t, Return) and t.month} or set()
    months.add(county.belonging(reading.source.due_month))
    choice = choose([reading], county)
    findings = check(choice, county, sorted(months), today)
    found = {f.id: f for m in findings for f in findings[m] if f.rule not in _NOT_OF_ONE_FILE and f.month in (m, None)}
    _, *inner = reading.source.path.split(INSIDE)
    return Examined(INSIDE.join([str(given), *inner]), county.annex, choice.dispositions, tuple(found.values()))

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
from pipeline.choose import choose
from pipeline.county import County, load
from pipeline.errors import OutputError, UsageError
from pipeline.model import PHONE_FOLDER, Fate, Finding, Month, Reading, Return
from pipeline.period import AS_ASKED, default_period, in_campaign
from pipeline.read import read_all, read_inbox
from pipeline.read.grids.inbox import pick_up
from pipeline.read.grids.unpack import INSIDE
from pipeline.read.returns.names import Names
from pipeline.refusals import refusal
from pipeline.run import Job
from pipeline.write.alone import alone
from pipeline.write.files import file_name, place_new, replace_all
from pipeline.write.form import annex1_form, annex2_form

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


def forms(outbox: Path, county_file: Path, today: dt.date, asked: Month | None) -> tuple[Month, str, list[Path]]:
    """Writes a month's blank Annex 1 and 2 of every unit on its roster; gives the month, why that one, and their paths."""
    county = load(county_file)
    named = in_campaign(asked, county)
    month, why = (named, AS_ASKED) if named else default_period([], county, today)
    blank = {}
    for unit in county.roster(month):
        blank[f"{file_name(unit.name)}_附件1（{month.zh}）.xlsx"] = annex1_form(county, unit.name, month)
        blank[f"{file_name(unit.name)}_附件2.xlsx"] = annex2_form(county, unit.name, month)
    with alone(outbox):
        return month, why, replace_all(outbox / f"空白表（{month.zh}）", blank)


# -- entries after a phone call ---------------------------------------------------------------------------------------


def phone_entry(job: Job, unit: str) -> Path:
    """Writes the unit's form with its last figures where staff enter what they are told on the phone."""
    county = load(job.county)
    readings = read_inbox(job.inbox, county.for_readers()) if job.inbox.is_dir() else []
    month = in_campaign(job.period, county) or default_period(readings, county, job.today)[0]
    name = _on_roster(unit, county, month)
    filed = choose(readings, county).returns.get((name, month))
    path = job.inbox / PHONE_FOLDER / f"{file_name(name)}_附件1（{month.zh}）.xlsx"
    return place_new(path, annex1_form(county, name, month, filed))


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
    """What one file, or one in an archive, is and would be told: its tables' fates and the findings about them."""

    path: str
    fates: tuple[Fate, ...]
    findings: tuple[Finding, ...]


def examine(files: Sequence[Path], county_file: Path, today: dt.date) -> list[Examined]:
    """Reads those files as if they alone lay in the inbox; what only the whole inbox can tell is left out."""
    county = load(county_file)
    for path in files:
        if not path.is_file():
            raise UsageError(f"{path} 是文件夹，请写明文件。" if path.is_dir() else f"找不到文件 {path}，请核对路径。")
    tasks = [pick_up(path.absolute().parent, path.name) for path in files]
    given = {task.source.path: str(path) for task, path in zip(tasks, files, strict=True)}
    return [_examined(reading, given, county, today) for reading in read_all(Path(), tasks, county.for_readers())]


def _examined(reading: Reading, given: Mapping[str, str], county: County, today: dt.date) -> Examined:
    months = {t.month for t in reading.tables if isinstance(t, Return) and t.month} or set()
    months.add(county.belonging(reading.source.due_month))
    choice = choose([reading], county)
    told = check(choice, county, sorted(months), today)
    found = {f.id: f for m in told for f in told[m] if f.rule not in _NOT_OF_ONE_FILE and f.month in (m, None)}
    outer, *inner = reading.source.path.split(INSIDE)
    return Examined(INSIDE.join([given[outer], *inner]), choice.fates, tuple(found.values()))

"""Slips: the returns with something to correct, as workbooks to send back; each made in a process that it may take down."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pipeline.choose import as_filed
from pipeline.county import County
from pipeline.model import OPEN, Attachment, Choice, Finding, Month, Return, Source
from pipeline.read.attachment import read_attachment
from pipeline.read.grids.inbox import pick_up
from pipeline.read.grids.kinds import kind_of
from pipeline.read.grids.passwords import unlocked
from pipeline.read.grids.unpack import leaves
from pipeline.read.returns.names import Names
from pipeline.rules import ASK, MUST
from pipeline.slips.folder import FOLDER
from pipeline.slips.slip import Slip, on_the_form
from pipeline.workers import LostError, Work, in_workers, one_by_one
from pipeline.write.files import file_name
from pipeline.write.form import annex1_form
from schemas import TITLE_TAIL
from schemas.contacts import LIAISON

_SECONDS = 15.0
_SHARE = 20
_LONGEST_STEM = 60
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def make_slips(
    choice: Choice, findings: Iterable[Finding], county: County, inbox: Path, today: dt.date, period: Month
) -> dict[str, bytes]:
    """The slips of the period by their path below the month's folder, in the order of the roster."""
    slips = list(_to_make(choice, findings, county, today, period))
    made: dict[str, bytes] = {}
    for i, result in _made(slips, inbox, county):
        # What brought the process down may be in the unit's own file; the blank form is ours.
        made[slips[i].name] = _on_a_form(slips[i], county) if isinstance(result, LostError) else result
    return {f"{FOLDER}/{slip.name}": made[slip.name] for slip in slips}


def _made(slips: list[Slip], inbox: Path, county: County) -> Iterable[tuple[int, bytes | LostError]]:
    return in_workers(_maker, (inbox, county), slips, _SECONDS, _SHARE) if slips else ()


def _to_make(
    choice: Choice, findings: Iterable[Finding], county: County, today: dt.date, period: Month
) -> Iterable[Slip]:
    of_unit: dict[str, list[Finding]] = {}
    for f in findings:
        filed = choice.returns.get((f.unit, period))
        if filed and f.month == period and f.file == filed.source.path and f.status == OPEN and f.grade in (MUST, ASK):
            of_unit.setdefault(f.unit, []).append(_to_the_unit(f, filed))
    due, crowded = county.due(period), _crowded(choice)
    for unit in (u.name for u in county.roster(period) if u.name in of_unit):
        filed = choice.returns[unit, period]
        people = choice.contacts[unit].people if unit in choice.contacts else ()
        yield Slip(
            name=f"{file_name(f'{unit}_{_stem(filed.source)}')}.xlsx",
            filed=filed,
            findings=tuple(of_unit[unit]),
            alone=filed.source.path not in crowded,
            liaisons=tuple(p.name for p in people if p.role == LIAISON and p.name),
            office=county.county.office,
            title=f"{county.title}{TITLE_TAIL}",
            today=today,
            due=due if today <= due else None,
        )


_BY_PHONE = "请核对代填的数字，有误的改正，作为更正后的报表报回。"
_UNORDERED = "收到的几份不同，分不清先后，本表是现在采用的一份；请核实以哪份为准，有误的改正后报回。"


def _to_the_unit(f: Finding, filed: Return) -> Finding:
    """The line as a unit can act on it: what is said of versions is said to the office."""
    if f.rule != "FILE-5":
        return f
    return replace(f, advice=_BY_PHONE if filed.source.by_phone else _UNORDERED)


def _stem(source: Source) -> str:
    return file_name(_EXTENSION.sub("", source.name))[:_LONGEST_STEM].strip(" .")


def _crowded(choice: Choice) -> set[str]:
    """The paths of the workbooks that hold returns of several units, which are nobody else's business."""
    units: dict[str, str] = {}
    tables = (f.table for f in choice.fates)
    return {
        t.source.path for t in tables if isinstance(t, Return) and units.setdefault(t.source.path, t.unit) != t.unit
    }


# -- in a worker process ----------------------------------------------------------------------------------------------


def _maker(inbox: Path, county: County) -> Work:
    from pipeline.slips.marking import marked  # openpyxl takes 0.2 s, and many a month needs no slip

    names = Names(county)

    def make(slip: Slip) -> Iterator[bytes]:
        original = _original(inbox, slip.filed.source) if slip.alone else None
        if original is not None:
            with suppress(Exception):  # openpyxl's exceptions are open-ended
                made = marked(original, slip)
                if _reads_alike(made, slip, county, names):
                    yield made
                    return
        yield _on_a_form(slip, county)

    return one_by_one(make)


def _on_a_form(slip: Slip, county: County) -> bytes:
    from pipeline.slips.marking import marked

    filed = slip.filed
    month = filed.month or Month.of(slip.today)
    return marked(annex1_form(county, filed.unit, month, filed), on_the_form(slip))


def _original(inbox: Path, source: Source) -> bytes | None:
    """The workbook that was read, None where it is gone, has changed, or is none that openpyxl can keep."""
    inside = leaves(pick_up(inbox, source.outermost))
    data = next((a.data for a in inside if a.source.path == source.path and a.source.sha256 == source.sha256), None)
    if data is not None and kind_of(data) == "encrypted":
        data = unlocked(data)
    return data if data is not None and kind_of(data) == "xlsx" else None


def _reads_alike(made: bytes, slip: Slip, county: County, names: Names) -> bool:
    """Whether the slip, sent back as it is, is the same return again."""
    came = Attachment(replace(slip.filed.source, path=slip.name, subjects=()), made)
    tables = read_attachment(came, county, names).tables
    again = [t for t in tables if isinstance(t, Return) and (t.unit, t.month) == (slip.filed.unit, slip.filed.month)]
    return len(again) == 1 and as_filed(again[0]) == as_filed(slip.filed)

"""Slips: the returns with something to correct, as workbooks to send back; each made in a process that it may take down."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pipeline.choose import by_arrival, earlier_returns
from pipeline.county import County
from pipeline.model import COUNTED, DUPLICATE, SUPERSEDED, Choice, Finding, Month, Return
from pipeline.processes import LostError
from pipeline.slips.folder import FOLDER
from pipeline.slips.slip import Slip
from pipeline.workers import in_workers
from pipeline.write.files import file_name
from pipeline.write.notices import of_slip
from schemas.contacts import LIAISON

MAKER = "pipeline.slips.maker:maker"
_SECONDS = 15.0
_SLIPS_PER_WORKER = 20
_MAX_STEM_CHARS = 60
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def make_slips(
    choice: Choice, findings: Iterable[Finding], county: County, inbox: Path, today: dt.date, period: Month
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The slips of the period by their path below the month's folder, in the order of the roster.

    Behind them a sentence for each that could not be made: it costs no other.
    """
    slips = list(_to_make(choice, findings, county, today, period))
    made: dict[int, bytes | None] = {}
    for i, result in _made(slips, inbox, county):
        # What brought the process down may be in the unit's own file; the blank form is ours.
        made[i] = _without_the_file(slips[i], county) if isinstance(result, LostError) else result
    done = {f"{FOLDER}/{slip.name}": data for i, slip in enumerate(slips) if (data := made[i]) is not None}
    return done, tuple(f"“{slip.filed.unit}”的{_NOT_MADE}" for i, slip in enumerate(slips) if made[i] is None)


_NOT_MADE = "退回修改表没有生成（程序未能处理其中的内容），请按差异清单打电话通知，并把该单位的报表交给程序维护人员。"


def _without_the_file(slip: Slip, county: County) -> bytes | None:
    from pipeline.slips.maker import on_a_form  # openpyxl takes 0.2 s, and hardly ever is a worker lost

    return on_a_form(slip, county)


def _made(slips: list[Slip], inbox: Path, county: County) -> Iterable[tuple[int, bytes | LostError | None]]:
    return in_workers(MAKER, (inbox, county), slips, _SECONDS, _SLIPS_PER_WORKER) if slips else ()


def _to_make(
    choice: Choice, findings: Iterable[Finding], county: County, today: dt.date, period: Month
) -> Iterable[Slip]:
    of_unit: dict[str, list[Finding]] = {}
    for f in findings:
        of_unit.setdefault(f.unit, []).append(f)
    due, crowded, first = county.due(period), _crowded(choice), _first_names(choice, period)
    for unit in (u.name for u in county.roster(period)):
        filed = choice.returns.get((unit, period))
        asked = of_slip(of_unit.get(unit, ()), filed, period)
        if filed is None or not asked:
            continue
        people = choice.contacts[unit].people if unit in choice.contacts else ()
        yield Slip(
            name=f"{file_name(f'{unit}_{_stem(first[unit], unit)}')}.xlsx",
            filed=filed,
            findings=tuple(_to_the_unit(f, filed) for f in asked),
            alone=filed.source.path not in crowded,
            liaisons=tuple(p.name for p in people if p.role == LIAISON and p.name),
            office=county.county.office,
            title=f"{county.title}{county.form(period).title}",
            today=today,
            due=due if today <= due else None,
            earlier=earlier_returns(choice.returns, county, unit, period),
        )


_BY_PHONE = "请核对代填的数字，有误的改正，作为更正后的报表报回。"
_UNORDERED = "收到的几份不同，分不清先后，本表是现在采用的一份；请核实以哪份为准，有误的改正后报回。"


def _to_the_unit(f: Finding, filed: Return) -> Finding:
    """The line as a unit can act on it: what is said of versions is said to the office."""
    if f.rule != "FILE-5":
        return f
    return replace(f, advice=_BY_PHONE if filed.source.by_phone else _UNORDERED)


def _stem(name: str, unit: str) -> str:
    """What the slip is called behind its unit; a slip that came back gives the name it was made from."""
    stem = file_name(_EXTENSION.sub("", name))
    begins = f"{file_name(unit)}_"
    while stem.startswith(begins) and len(stem) > len(begins):
        stem = stem.removeprefix(begins)
    return stem[:_MAX_STEM_CHARS].strip(" .")


def _first_names(choice: Choice, period: Month) -> dict[str, str]:
    """The name of the first file that held each unit's return of the month: slips keep it from round to round."""
    tables = (f.table for f in choice.dispositions if f.outcome in (COUNTED, SUPERSEDED, DUPLICATE))
    of_month = [t for t in tables if isinstance(t, Return) and t.month == period]
    return {t.unit: t.source.name for t in reversed(by_arrival(of_month))}


def _crowded(choice: Choice) -> set[str]:
    """The paths of the workbooks that hold returns of several units, which are nobody else's business."""
    units: dict[str, str] = {}
    tables = (f.table for f in choice.dispositions)
    return {
        t.source.path for t in tables if isinstance(t, Return) and units.setdefault(t.source.path, t.unit) != t.unit
    }

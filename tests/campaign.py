"""A campaign from its blank forms to corrected returns, as plain values; run in copies of the project."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import openpyxl

from pipeline.county import load
from pipeline.model import BEIJING, CountyMonth, Month
from pipeline.office import forms
from pipeline.run import Job, run
from pipeline.write.form import figure_cell
from tests.builders import drop
from tests.office import sheet_of

MARCH, APRIL = Month(2024, 3), Month(2024, 4)
COUNTY = Path("schemas/county.toml")
INBOX, OUTBOX, TODAY = Path("inbox"), Path("outbox"), dt.date(2024, 5, 7)
CORRECTED = dt.datetime(2024, 5, 3, 9, tzinfo=BEIJING)


def filled(data: bytes, values: Mapping[str, object], month: Month = APRIL) -> bytes:
    """The month's form, or its slip, with those values in its fields."""
    form = load(COUNTY).form(month)
    book = openpyxl.load_workbook(io.BytesIO(data))
    for key, value in values.items():
        book[form.annex][figure_cell(form, key)] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def came(month: Month, right: Mapping[str, object], wrong: Mapping[str, Mapping[str, object]]) -> Path:
    """Every unit fills in its blank form with what is right, some with something wrong; gives one of the blank forms."""
    county = load(COUNTY)
    blank = [p for p in forms(OUTBOX, COUNTY, TODAY, month).files if county.annex in p.name]
    for unit in county.roster(month):
        path = next(p for p in blank if p.name.startswith(unit.name))
        data = filled(path.read_bytes(), {**right, **wrong.get(unit.name, {})}, month)
        drop(INBOX, path.name, data, dt.datetime(*month.plus(1), 2, 9, tzinfo=BEIJING))
    return blank[0]


def carried_out(
    before: Mapping[str, object], right: Mapping[str, object], wrong: Mapping[str, Mapping[str, object]]
) -> dict[str, object]:
    """What comes of a March and of an April in which some file something wrong, and then put it right on their slips."""
    annex = load(COUNTY).annex
    came(MARCH, before, {})
    blank = came(APRIL, right, wrong)
    done = run(Job(INBOX, OUTBOX, COUNTY, TODAY, APRIL))
    facts = {
        "names": [p.name for p in done.files],
        "lines": lines(done.month),
        "summary": rows(done.files[0], "汇总表"),
        "own": rows(done.files[0], annex)[5],
        "year": rows(done.files[0], "累计与趋势"),
        "coloured": coloured(done.files[0], "汇总表"),
        "slips": {p.name: coloured(p, annex) for p in done.slips},
        "printed": {sheet: printed(done.files[0], sheet) for sheet in ("汇总表", annex, "累计与趋势")},
        "form": printed(blank, annex),
    }
    for path in done.slips:
        unit = path.name.partition("_")[0]
        put_right = {key: right[key] for key in wrong[unit]}
        drop(INBOX, f"改/{path.name}", filled(path.read_bytes(), put_right), CORRECTED)
    again = run(Job(INBOX, OUTBOX, COUNTY, TODAY, APRIL))
    return facts | {"in the end": lines(again.month), "outcomes": sorted({t.outcome for t in again.month.sources})}


def lines(month: CountyMonth) -> list[list[str]]:
    """Rule, unit and labels of what is open and about a return."""
    return [[f.rule, f.unit, *f.labels] for f in month.findings if f.status == "待处理" and f.file]


def rows(path: Path, sheet: str) -> list[list[object]]:
    return [list(row) for row in sheet_of(path, sheet, stored=True)]


def printed(path: Path, sheet: str) -> dict[str, object]:
    """How the sheet is printed: the columns with which its further pages begin, those on every page, and the scale."""
    there = openpyxl.load_workbook(path)[sheet]
    breaks = [b.id for b in there.col_breaks.brk]
    return {"breaks": breaks, "repeated": there.print_title_cols, "scale": there.page_setup.scale}


def coloured(path: Path, sheet: str) -> list[str]:
    """The cells with figures that carry a grade's colour."""
    return list(_coloured(openpyxl.load_workbook(path)[sheet].iter_rows()))


def _coloured(cells: Iterable[Iterable[openpyxl.cell.Cell]]) -> Iterable[str]:
    for row in cells:
        for cell in row:
            if cell.fill.fill_type and cell.fill.fgColor.rgb in ("FFF8B4AE", "FFFFE699"):
                yield cell.coordinate

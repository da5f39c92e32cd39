"""A county's workbook in the inbox of its city: the county's return, with the rows and the lines behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import BookRow, CountyBook, Grid, Reading, Return, Source
from pipeline.read.papers.summary import Summary, read_summary
from pipeline.read.returns.names import Names
from pipeline.read.returns.recognise import tables_of
from pipeline.read.text import plain, squeeze
from pipeline.roster import Roster
from pipeline.sheets import DISCREPANCIES, NUMBER, STATUS, SUMMARY, TOTAL

_NOT_ON_THE_ROSTER = "不在名单中的单位的汇总工作簿"


def is_county_book(grids: Sequence[Grid], county: Roster) -> bool:
    """Whether those are the sheets of a workbook as it is sent up."""
    return {SUMMARY, DISCREPANCIES, county.forms.whole.annex} <= {grid.sheet for grid in grids}


def county_book(source: Source, grids: Sequence[Grid], county: Roster, names: Names) -> Reading | None:
    """The county's return; None where the workbook is our own office's, or nothing can be made of it."""
    sheets = {grid.sheet: grid for grid in grids}
    try:
        summary = read_summary(sheets[SUMMARY], county.forms)
    except (LookupError, StopIteration, ValueError):
        return None
    if not county.of_counties or squeeze(summary.office) == squeeze(county.office):
        return None
    tables, notes = tables_of(source, [sheets[county.forms.whole.annex]], county, names)
    filed = next((t for t in tables if isinstance(t, Return)), None)
    if filed is None or not filed.unit:
        return Reading(source, ignored=_NOT_ON_THE_ROSTER)
    return Reading(source, (replace(filed, book=_book(summary, grids)),), notes=notes)


def _book(summary: Summary, grids: Sequence[Grid]) -> CountyBook:
    rows = tuple(BookRow(unit, figures) for unit, figures in summary.units.items())
    lines = tuple(line for grid in grids if grid.sheet.startswith(DISCREPANCIES) for line in _lines(grid))
    return CountyBook(SUMMARY, rows, BookRow(TOTAL, summary.total), lines)


def _lines(grid: Grid) -> list[tuple[int, dict[str, str | float]]]:
    """The lines of a 差异清单 by heading, each with the number of its row on the sheet."""
    heads: list[str] = []
    found = []
    for r, row in enumerate(grid.rows, grid.top + 1):
        if heads:
            cells = {h: v if isinstance(v, int | float) else plain(v) for h, v in zip(heads, row, strict=False) if h}
            found.append((r, {h: v for h, v in cells.items() if v != ""}))
        elif {NUMBER, STATUS} <= {plain(v) for v in row}:
            heads = [plain(v) for v in row]
    return found

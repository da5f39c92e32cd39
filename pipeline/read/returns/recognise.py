"""Every table of a book that is one of the forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.model import Contacts, Grid, GridRow, Return, Source
from pipeline.read.returns.annex1 import annex1_returns
from pipeline.read.returns.annex2 import annex2_contacts
from pipeline.read.returns.captions import Above, above
from pipeline.read.returns.claims import TableContext
from pipeline.read.returns.fields import Annex1Header
from pipeline.read.returns.header import Annex2Header, annex1_headers, annex2_headers
from pipeline.read.returns.names import Names
from pipeline.read.returns.regions import regions, start_of, stop_of
from pipeline.read.returns.siblings import settled
from pipeline.roster import Roster


def tables_of(
    source: Source, grids: Sequence[Grid], county: Roster, names: Names
) -> tuple[tuple[Return | Contacts, ...], tuple[str, ...]]:
    """Every table of a book that is one of the two forms, in the order of its sheets, and notes on what is none."""
    return settled([*_in_order(source, grids, county, names)])


def _in_order(source: Source, grids: Sequence[Grid], county: Roster, names: Names) -> Iterator[Return | Contacts]:
    """The tables of each grid. In a document, what stands above a table may hold for the tables below it.

    Lines above a table that is no form stand above the next one.
    """
    said, carried = Above(), list[GridRow]()
    for grid in grids:
        if not grid.below:
            said, carried = Above(), []
        whole = replace(grid, rows=[*carried, *grid.rows], top=grid.top - len(carried)) if carried else grid
        tables, said = _on_sheet(TableContext(source, grid.sheet, county, names), whole, said)
        yield from tables
        carried = [] if tables else [*whole.rows[: max(-whole.top, 0)]]


def _on_sheet(place: TableContext, grid: Grid, said: Above) -> tuple[list[Return | Contacts], Above]:
    """The sheet's tables from above, and what they say for those below; `said` is what tables above the sheet say."""
    annex1, annex2 = annex1_headers(grid, place.county.forms.stages), annex2_headers(grid)
    found: list[tuple[int, list[Return | Contacts]]] = []
    for region in regions(grid, annex1, annex2):
        lines = above(grid, region.start, region.header.top)
        found.append((region.header.top, list(annex1_returns(place, grid, region, lines, said))))
        said = Above((*lines.captions, *said.captions))
    headers: list[Annex1Header | Annex2Header] = [*annex1, *annex2]
    for header in annex2:
        lines = above(grid, start_of(grid, header, headers), header.top)
        stop = stop_of(grid, header, headers)
        found.append((header.top, [*annex2_contacts(place, grid, header, lines, stop)]))
        said = Above((*lines.captions, *said.captions))
    return [table for _, tables in sorted(found, key=lambda f: f[0]) for table in tables], said

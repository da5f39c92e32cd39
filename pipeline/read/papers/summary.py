"""A 汇总表 read again: that of a copy in 已上报, and that of a county's workbook in a city's inbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.model import Figure, Grid, GridRow, Month
from pipeline.read.returns.caption_labels import PERIOD, UNIT
from pipeline.read.returns.captions import above
from pipeline.read.returns.header import annex1_headers
from pipeline.read.returns.labels import is_unit
from pipeline.read.returns.months import time_of
from pipeline.read.returns.spans import Named
from pipeline.read.returns.values import figure_of
from pipeline.read.text import plain, squeeze
from pipeline.sheets import TOTAL
from schemas.form import Forms

Figures = Mapping[str, Figure]


@dataclass(frozen=True)
class Summary:
    """What a 汇总表 says: whose it is, its month (None where it names none), the figures of its units and of 合计."""

    office: str
    month: Month | None
    units: Mapping[str, Figures]
    total: Figures


def read_summary(grid: Grid, forms: Forms, usual: Month | None = None) -> Summary:
    """The figures of a 汇总表 on the form of its month, else of the `usual` one. Whatever reading raises where it is none."""
    header = annex1_headers(grid, forms.stages)[0]
    said = above(grid, 0, header.top).captions
    times = (time_of(c.value) for c in said if c.what == PERIOD)
    month = next((Month(t.year, t.month) for t in times if isinstance(t, Named) and t.year), usual)
    form = forms.of(month) if month else forms.whole
    fields = header.fitted(form, month, grid.top, grid.left)
    column = next(c for c, text in fields.others.items() if is_unit(text))

    def figures(r: int, row: GridRow) -> Figures:
        cells = fields.cells(r + grid.top, grid.left)
        return {key: figure_of(kind, row[c], cell, measure) for key, kind, c, cell, measure in cells}

    units: dict[str, Figures] = {}
    total: Figures = {}
    for r, row in enumerate(grid.rows[header.bottom + 1 :], header.bottom + 1):
        if row[column] is not None:
            units[plain(row[column])] = figures(r, row)
        elif squeeze(plain(next((v for v in row if v is not None), ""))) == TOTAL:
            total = figures(r, row)
            break
    office = next((plain(c.value) for c in said if c.what == UNIT and c.value is not None), "")
    return Summary(office, month, units, total)

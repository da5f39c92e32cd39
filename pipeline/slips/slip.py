"""What a slip says: the return, the lines about it, to whom and by when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from pipeline.county import County
from pipeline.model import Finding, Month, Return
from pipeline.write.form import caption_addresses, figure_cell
from schemas.form import Form


@dataclass(frozen=True)
class Slip:
    """A return to be corrected. `alone`: no other unit's return is in its workbook; `due` is None once it is over.
    `earlier` are the unit's returns of the months before.

    `cells` are those the unit fills in; `on_form`: the figures were copied to a blank form.
    """

    name: str
    filed: Return
    findings: tuple[Finding, ...]
    alone: bool
    liaisons: tuple[str, ...]
    office: str
    title: str
    today: dt.date
    due: dt.date | None
    earlier: tuple[Return, ...] = ()
    on_form: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells the unit may have to change."""
        stated = (self.filed.unit_stated.cell, self.filed.month_stated.cell)
        return tuple(c for c in (*(f.cell for f in self.filed.figures.values()), *stated) if c)


def on_the_form(slip: Slip, county: County, month: Month) -> Slip:
    """The same slip where the figures stand on that month's blank form."""
    filed, form = slip.filed, county.form(month)
    around = caption_addresses(form, county)
    figures = {k: replace(f, cell=figure_cell(form, k)) for k, f in filed.figures.items()}
    moved = replace(
        filed,
        sheet=form.annex,
        figures=figures,
        unit_stated=replace(filed.unit_stated, cell=around[0]),
        month_stated=replace(filed.month_stated, cell=around[1]),
    )
    return replace(
        slip, filed=moved, findings=tuple(_on_the_form(form, around, f) for f in slip.findings), on_form=True
    )


def _on_the_form(form: Form, around: tuple[str, str], f: Finding) -> Finding:
    stated = {"UNIT": around[:1], "PERIOD": around[1:]}.get(f.rule.partition("-")[0], ())
    cells = tuple(figure_cell(form, k) for k in f.keys if k in form.column) if f.cells or f.rule == "FORM-1" else ()
    return replace(f, sheet=form.annex, cells=cells or stated)

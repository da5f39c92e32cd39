"""What a slip says: the return, the lines about it, to whom and by when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from pipeline.model import Finding, Return
from pipeline.write.form import MONTH_CELL, SHEET, UNIT_CELL, figure_cell
from schemas import KEYS


@dataclass(frozen=True)
class Slip:
    """A return to be corrected. `alone`: no other unit's return is in its workbook; `due` is None once it is over.

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
    on_form: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells the unit may have to change."""
        stated = (self.filed.unit_stated.cell, self.filed.month_stated.cell)
        return tuple(c for c in (*(f.cell for f in self.filed.figures.values()), *stated) if c)


def on_the_form(slip: Slip) -> Slip:
    """The same slip where the figures stand on the blank form."""
    filed = slip.filed
    figures = {k: replace(f, cell=figure_cell(k)) for k, f in filed.figures.items()}
    moved = replace(
        filed,
        sheet=SHEET,
        figures=figures,
        unit_stated=replace(filed.unit_stated, cell=UNIT_CELL),
        month_stated=replace(filed.month_stated, cell=MONTH_CELL),
    )
    return replace(slip, filed=moved, findings=tuple(map(_on_the_form, slip.findings)), on_form=True)


def _on_the_form(f: Finding) -> Finding:
    around = {"UNIT": (UNIT_CELL,), "PERIOD": (MONTH_CELL,)}.get(f.rule.partition("-")[0], ())
    cells = tuple(figure_cell(k) for k in f.keys if k in KEYS) if f.cells or f.rule == "FORM-1" else ()
    return replace(f, sheet=SHEET, cells=cells or around)

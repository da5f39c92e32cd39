"""The units' table: one row per unit under Annex 1's columns, the subtotal of each kind, and the total, as live formulas."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from xlsxwriter.utility import xl_rowcol_to_cell as address
from xlsxwriter.worksheet import Worksheet

from pipeline.sections import KINDS
from pipeline.sheets import TOTAL
from pipeline.write.book import Book
from schemas.columns import YES, Kind
from schemas.form import Form

BEFORE, AFTER = ("序号", "单位"), ("备注",)
UNIT, FIRST = 1, len(BEFORE)
ROW = 14.5
"""The height of a row, in points."""


def subtotal(kind: str) -> str:
    """The name of the subtotal row of a kind of unit."""
    return f"{KINDS[kind]}小计"


def is_subtotal(name: str) -> bool:
    """Whether a row of that name is a subtotal."""
    return name in map(subtotal, KINDS)


Shown = int | str | None
"""What a cell shows: a figure as filed, 是 or 否, None where nothing counts."""


class OfUnit(Protocol):
    """A row about one unit."""

    @property
    def unit(self) -> str:
        """Its name."""

    @property
    def kind(self) -> str:
        """Town or department."""


@dataclass(frozen=True)
class Layout:
    """Where things stand in a units' table: each unit's row, each kind's first and last one, its subtotal, the total."""

    form: Form
    units: dict[str, int]
    spans: dict[str, tuple[int, int]]
    subtotals: dict[str, int]
    total: int

    @property
    def last(self) -> int:
        """The column behind the figures."""
        return FIRST + len(self.form.columns)

    def column(self, key: str) -> int:
        """The column of a field; the unit's own for what is no field of this form."""
        return FIRST + self.form.keys.index(key) if key in self.form.column else UNIT

    def cell(self, unit: str, key: str = "") -> str:
        """The address of a unit's figure, of its name without a key; '' where it has no row."""
        if unit not in self.units:
            return ""
        return str(address(self.units[unit], self.column(key) if key else UNIT))

    def total_cell(self, key: str) -> str:
        """The address of a field's total."""
        return str(address(self.total, self.column(key)))


def layout_of(form: Form, rows: Sequence[OfUnit], at: int) -> Layout:
    """The places of those rows in a table whose first stands in row `at`: each kind's units, its subtotal, the total."""
    layout = Layout(form, {}, {}, {}, at)
    kinds = {r.kind for r in rows}
    for kind in KINDS:
        of_kind = [r.unit for r in rows if r.kind == kind]
        if of_kind:
            layout.units.update({unit: at + i for i, unit in enumerate(of_kind)})
            layout.spans[kind] = at, at + len(of_kind) - 1
            at += len(of_kind)
            if kinds != {"county"}:  # of counties alone 合计 says all
                layout.subtotals[kind] = at
                at += 1
    return replace(layout, total=at)


def total_of(form: Form, key: str, values: Sequence[Shown], listed: int) -> int | str:
    """What a total row holds: the sum of the counts, or how many of the `listed` units answered 是."""
    if form.column[key].kind == "yes_no":
        return f"{values.count(YES)}/{listed}"
    return sum(v for v in values if isinstance(v, int))


def draw_totals(
    book: Book,
    sheet: Worksheet,
    layout: Layout,
    figures: Mapping[str, Mapping[str, Shown]],
    gone: Collection[str] = (),
) -> None:
    """Writes the subtotals and the total under the units' figures; `gone` units are not asked for their 是/否 any more."""
    rows: list[tuple[str, int, list[tuple[int, int]], list[int]]]
    rows = [(subtotal(kind), at, [layout.spans[kind]], []) for kind, at in layout.subtotals.items()]
    rows.append((TOTAL, layout.total, list(layout.spans.values()), list(layout.subtotals.values())))
    look = book.look("total")
    for name, at, spans, parts in rows:
        units = [u for u, row in layout.units.items() if any(a <= row <= b for a, b in spans)]
        listed = [u for u in units if u not in gone]
        sheet.set_row(at, ROW)
        sheet.merge_range(at, 0, at, UNIT, name, look)
        for column, c in enumerate(layout.form.columns, FIRST):
            formula = _formula(c.kind, column, spans, parts, len(units) - len(listed))
            total = total_of(layout.form, c.key, [figures[u][c.key] for u in units], len(listed))
            sheet.write_formula(at, column, formula, look, total)
        sheet.write_blank(at, layout.last, None, look)


def _formula(kind: Kind, column: int, spans: list[tuple[int, int]], subtotals: list[int], gone: int) -> str:
    """The live formula of a total: of counts the sum (of subtotals where given), else 是 out of the units listed."""
    if kind == "yes_no":
        yes = "+".join(f'COUNTIF({_range(a, b, column)},"{YES}")' for a, b in spans)
        due = "+".join(f"COUNTA({_range(a, b, UNIT)})" for a, b in spans)
        return f'=({yes})&"/"&({due}{-gone if gone else ""})'
    if subtotals:
        return f"=SUM({','.join(address(at, column) for at in subtotals)})"
    return f"=SUM({','.join(_range(a, b, column) for a, b in spans)})"


def _range(first: int, last: int, column: int) -> str:
    return f"{address(first, column)}:{address(last, column)}"

"""Cells in bulk: what a worksheet does cell by cell, here for a row at once; stored and written are the same, in half the time.

xlsxwriter checks and spells each cell by itself, and a province's workbooks have a million. Whatever is not a text, a
number or a blank is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

_FUNCTION = re.compile(r"[A-Z.]+(?=\()")
_OLD = frozenset(("ABS", "AND", "COUNT", "COUNTA", "COUNTIF", "HYPERLINK", "IF", "MAX", "MIN", "OR", "SUM"))
"""Functions that a file names as they are typed; xlsxwriter looks each formula over for thirty others."""


class Sheet(Worksheet):  # type: ignore[misc]  # xlsxwriter says nothing of its types
    """A worksheet that spells its commonest cells at once."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: FBT001, FBT002
        if _OLD.issuperset(_FUNCTION.findall(formula)):
            return formula.removeprefix("=")
        return str(super()._prepare_formula(formula, expand_future_functions))

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = type(cell)
        if not cell.format or kind not in (CellStringTuple, CellNumberTuple, CellBlankTuple):
            super()._write_cell(row, col, cell)
            return
        begin = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"'
        if kind is CellStringTuple:
            self.fh.write(f'{begin} t="s"><v>{cell.string}</v></c>')
        elif kind is CellNumberTuple:
            self.fh.write(f"{begin}><v>{cell.number:.16G}</v></c>")
        else:
            self.fh.write(f"{begin}/>")


def fill_row(
    sheet: Worksheet, row: int, values: Sequence[str | int | float | None], form: Format, first: int = 0
) -> None:
    """Stores values from column `first` on, in one look: texts that a cell can hold, finite numbers, None as blanks."""
    if not values:
        return
    cells, number_of = sheet.table[row], sheet.str_table._get_shared_string_index
    sheet._check_dimensions(row, first)  # by these two the sheet knows how far it reaches
    sheet._check_dimensions(row, first + len(values) - 1)
    for column, value in enumerate(values, first):
        if value is None:
            cells[column] = CellBlankTuple(form)
        elif isinstance(value, str):
            cells[column] = CellStringTuple(number_of(value), form)
        else:
            cells[column] = CellNumberTuple(value, form)

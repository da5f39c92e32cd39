"""Rows stored and spelled in bulk: the workbook is byte for byte the one that xlsxwriter makes cell by cell."""

from __future__ import annotations

import datetime as dt
import io

import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.worksheet import Worksheet

from pipeline.write.cells import Sheet, fill_row

VALUES = st.one_of(st.none(), st.text(max_size=8), st.integers(-(10**15), 10**15), st.floats(-1e9, 1e9))
ROWS = st.lists(st.lists(VALUES, max_size=5), max_size=6)


def made(rows, kind, fill):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": dt.datetime(2023, 6, 1)})  # else the bytes tell when they were made
        sheet = book.add_worksheet("表", kind)
        boxed = book.add_format({"border": 1, "num_format": "0"})
        for at, values in enumerate(rows):
            fill(sheet, at, values, boxed)
        sheet.write_formula(9, 26, "=SUM(A1:A3)", boxed, 7)
        sheet.write_formula(9, 27, "=SUM(UNIQUE(A1:A3))", boxed, 7)
        sheet.write_number(9, 28, 5)
    return out.getvalue()


def cell_by_cell(sheet, row, values, form):
    for column, value in enumerate(values):
        if value is None:
            sheet.write_blank(row, column, None, form)
        elif isinstance(value, str):
            sheet._write_string(row, column, value, form)
        else:
            sheet.write_number(row, column, value, form)


@given(ROWS)
def test_the_bytes_are_those_of_xlsxwriter(rows):
    assert made(rows, Sheet, fill_row) == made(rows, Worksheet, cell_by_cell)

"""What calamine does not tell is read all the same: errors, merges, formulas without result."""

from __future__ import annotations

import io
import struct

import openpyxl

from pipeline.read.grids.book import pending_book
from pipeline.read.grids.xls import read_xls
from schemas.columns import UNREADABLE
from tests.builders import Sheet, annex1, cell_of, column_of, expected, figures_of, row_of, xlsx
from tests.fuzz import biff4
from tests.test_files import SHEET, is_as_sent, patched, the_return
from tests.xlsb import xlsb


def test_an_xlsb():
    assert is_as_sent(the_return(xlsb(annex1()), "城关镇附件1.xlsb"))


def test_errors_in_an_xlsb_are_no_blanks():
    errors = {
        (5, column_of("press")): (3, "#REF!"),
        (5, column_of("revised")): (11, "#DIV/0!"),
        (5, column_of("problems_found")): (3, "#N/A"),
    }
    filed = the_return(xlsb(annex1(inspections=None), errors=errors))
    assert figures_of(filed) == expected() | dict.fromkeys(("press", "revised", "problems_found", "inspections"))
    assert [(filed.figures[k].state, filed.figures[k].filed) for k in ("press", "revised", "problems_found")] == [
        (UNREADABLE, "#REF!"),
        (UNREADABLE, "#DIV/0!"),
        (UNREADABLE, "#N/A"),
    ]
    assert filed.figures["inspections"].state == "blank"


def hidden_under_a_merge() -> Sheet:
    sheet = annex1(press=777, broadcast=2)
    sheet.merged.append((5, column_of("broadcast"), 5, column_of("press")))
    return sheet


HIDDEN = expected() | {"press": None, "broadcast": 2}


def test_a_value_under_a_merge_of_an_xlsb_was_not_filed():
    assert figures_of(the_return(xlsb(hidden_under_a_merge()))) == HIDDEN


def test_a_total_row_named_by_a_formula_without_result_is_one():
    villages = [["甲村", *row_of(1)], ["乙村", *row_of(2)], ["合计", *row_of(3)]]
    book = openpyxl.load_workbook(io.BytesIO(xlsx(annex1(before=["村"], rows=villages))))
    book.active["A8"] = '=A6&"等村合计"'
    out = io.BytesIO()
    book.save(out)
    filed = the_return(out.getvalue())
    assert (filed.row_fault, figures_of(filed)["press"], filed.figures["press"].cell) == (
        "",
        3,
        cell_of("press", 8, right=1),
    )


def _merge(xml: bytes) -> bytes:
    return xml.replace(
        b"</mergeCells>", f'<mergeCell ref="{cell_of("broadcast")}:{cell_of("press")}"/></mergeCells>'.encode()
    )


def test_a_value_under_a_merge_of_an_xlsx_was_not_filed():
    data = patched(xlsx(annex1(press=777, broadcast=2)), SHEET, _merge)
    assert pending_book(data, "xlsx").plain
    assert figures_of(the_return(data)) == HIDDEN
    assert figures_of(the_return(patched(data, SHEET, lambda x: x.replace(b"<row ", b'<row hidden="0" ')))) == HIDDEN


def test_a_sheet_in_utf_16_with_a_value_under_a_merge():
    data = patched(
        xlsx(annex1(press=777, broadcast=2)),
        SHEET,
        lambda x: _merge(x).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
    )
    assert figures_of(the_return(data)) == HIDDEN


def test_a_value_under_a_merge_of_an_xls_was_not_filed():
    merged = struct.pack("<HH5H", 0x00E5, 10, 1, 5, 5, column_of("broadcast"), column_of("press"))
    data = biff4(annex1(press=777, broadcast=2))
    end = struct.pack("<HH", 0x000A, 0)
    (grid,) = read_xls(data.removesuffix(end) + merged + end).grids
    assert [grid.rows[5][column_of(k)] for k in ("broadcast", "press", "new_media")] == [2, None, 12]

"""Books of Excel 2 to 2003: their code pages, their own number formats, formulas nobody calculated, charts in a sheet."""

from __future__ import annotations

import datetime as dt
import struct

import pytest

from pipeline.model import Unresolved
from tests.builders import annex1
from tests.drawn import Cell, Drawn, as_xls, biff, drawn
from tests.fuzz import biff4
from tests.test_dangers import container
from tests.test_files import is_as_sent, readings, the_return
from tests.test_seen import kind_and_text, rows_of

FORM = Drawn({at: Cell(v) for at, v in annex1().cells.items()})  # type: ignore[arg-type]


@pytest.mark.parametrize("codepage", [1200, 1252, 936, 10008, 65001, None])
def test_texts_of_1997_are_unicode_whatever_the_code_page(codepage):
    assert is_as_sent(the_return(as_xls(FORM, codepage=codepage)))


@pytest.mark.parametrize("codepage", [936, 1252, 10008, 437, 65001, None])
def test_texts_of_1995_are_in_the_chinese_code_page_whatever_the_book_says(codepage):
    assert is_as_sent(the_return(as_xls(FORM, codepage=codepage, encoding="gbk")))


@pytest.mark.parametrize("codepage", [b"\xa8\x03", b"\xe4\x04", b""])
def test_texts_of_1992_are_too(codepage):
    record = biff(0x42, codepage) if codepage else b""
    assert is_as_sent(the_return(biff4(annex1()).replace(biff(0x42, b"\xa8\x03"), record)))


def test_one_spoiled_text_costs_no_other():
    data = as_xls(
        FORM, codepage=936, encoding="gbk", more=biff(0x204, struct.pack("<4H", 20, 0, 16, 3) + b"\xb5\xa5\xff")
    )
    assert is_as_sent(the_return(data))


def test_texts_of_the_west_keep_their_code_page():
    assert rows_of(as_xls(drawn(["été, café"]), codepage=1252, encoding="cp1252")) == [["été, café"]]


@pytest.mark.parametrize("number", [27, 28, 31, 36, 50, 57, 58])
def test_a_number_format_of_the_books_own_is_what_it_says(number):
    sheet = drawn([Cell(3, "0"), Cell(45047, "yyyy/m/d")])
    formats = {"0": number, "yyyy/m/d": 164}
    assert rows_of(as_xls(sheet, formats=formats)) == [[3, dt.date(2023, 5, 1)]]


@pytest.mark.parametrize("number", [27, 28, 31, 36, 50, 57, 58])
def test_without_one_it_is_a_date(number):
    data = as_xls(drawn([Cell(45047, "0")]), formats={"0": number})
    own = biff(0x41E, struct.pack("<HH", number, 1) + b"\x010\0")
    assert own in data
    assert rows_of(data.replace(own, biff(0x0FFF, own[4:]))) == [[dt.date(2023, 5, 1)]]


# -- formulas ---------------------------------------------------------------------------------------------------------


def formula(column: int, result: bytes, flags: int, kind: int = 0x06) -> bytes:
    return biff(kind, struct.pack("<3H", 1, column, 16) + result + struct.pack("<HIH", flags, 0, 3) + b"\x1e\x03\0")


def number(value: float) -> bytes:
    return struct.pack("<d", value)


def second_row(*formulas: bytes) -> list[tuple[str, str]]:
    return [kind_and_text(v) for v in rows_of(as_xls(drawn(["甲"]), more=b"".join(formulas)))[1]]


def test_a_zero_that_waits_for_its_calculation_is_no_result():
    assert second_row(formula(0, number(0), 2), formula(1, number(0), 3)) == [("Unresolved", "=公式")] * 2


@pytest.mark.parametrize("other", [number(5), bytes([1, 0, 1, 0, 0, 0, 255, 255])])
def test_where_other_formulas_have_results_zero_is_one(other):
    assert second_row(formula(0, number(0), 2), formula(1, other, 2))[0] == ("float", "0.0")


def test_a_zero_that_waits_for_nothing_is_a_result():
    assert second_row(formula(0, number(0), 0), formula(1, number(0), 1)) == [("float", "0.0")] * 2


def test_a_zero_beside_a_result_of_excel_still_waits():
    assert second_row(formula(0, number(0), 2), formula(1, number(5), 0)) == [("Unresolved", "=公式"), ("float", "5.0")]


@pytest.mark.parametrize("kind", [0x206, 0x406])
def test_formulas_in_records_of_older_books(kind):
    assert second_row(formula(0, number(7), 0, kind)) == [("float", "7.0")]


def test_errors_and_packed_numbers():
    packed = biff(0x27E, struct.pack("<3HI", 1, 0, 16, 7 << 2 | 2))
    several = biff(
        0xBD,
        struct.pack("<2H", 1, 1)
        + struct.pack("<HI", 16, 8 << 2 | 2)
        + struct.pack("<HI", 16, 950 << 2 | 3)
        + b"\x02\0",
    )
    error = biff(0x205, struct.pack("<3H", 1, 3, 16) + b"\x17\x01")
    rows = rows_of(as_xls(drawn(["甲"]), more=packed + several + error))
    assert rows[1] == [7, 8, 9.5, "#REF!"]
    assert isinstance(rows[1][3], Unresolved)


def test_what_a_chart_on_the_sheet_remembers_is_in_no_cell():
    chart = biff(0x809, struct.pack("<4H", 0x600, 0x20, 0, 0) + bytes(8)) + biff(
        0x203, struct.pack("<3H", 0, 0, 0) + number(99)
    )
    assert is_as_sent(the_return(as_xls(FORM, more=chart + biff(0x0A))))


def test_a_book_that_was_unlocked_in_place_still_says_that_it_is_locked():
    assert is_as_sent(the_return(as_xls(FORM).replace(biff(0x42, b"\xb0\x04"), biff(0x2F, bytes(2)))))


def test_a_damaged_record_is_reported():
    (reading,) = readings(as_xls(FORM, more=biff(0x203, bytes(7))))
    assert reading.rule == "FILE-1"


def test_an_ole_file_with_an_empty_book_is_reported():
    (reading,) = readings(container("Workbook"))
    assert reading.rule == "FILE-1"

"""What would take a reader's time or memory is bounded by counts and sizes, and costs one line at most."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest

from pipeline.read.attachment import UNREADABLE
from pipeline.read.grids import layout, package
from pipeline.read.grids.biff import stream_of
from pipeline.read.grids.layout import MAX_CELLS, TooLargeError
from tests.builders import Sheet, annex1, cell_of, xlsx
from tests.fuzz import biff4, flat_ods
from tests.test_files import SHEET, as_docx, as_html, as_text, is_as_sent, patched, readings, the_return

GOOD = xlsx(annex1())
SECONDS = 6.0
"""Far above what these take, far below what they took without limits."""


def quickly(data: bytes, path: str = "城关镇附件1.xls"):
    began = time.process_time()
    (reading,) = readings(data, path)
    assert time.process_time() - began < SECONDS
    return reading


@pytest.mark.slow
def test_a_million_formatted_blank_rows():
    blank = b"".join(b'<row r="%d" s="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(20, 1_048_577))
    reading = quickly(patched(GOOD, SHEET, lambda x: x.replace(b"</sheetData>", blank + b"</sheetData>")))
    assert is_as_sent(reading.tables[0])
    assert reading.notes == ("工作表过大，只读了前面的部分",)


@pytest.mark.slow
def test_a_sheet_that_is_cut_keeps_its_merges():
    blank = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(20, 600_000))
    change = lambda x: x.replace(b"</sheetData>", blank + b"</sheetData>").replace(  # noqa: E731
        b"</mergeCells>", f'<mergeCell ref="{cell_of("broadcast")}:{cell_of("press")}"/></mergeCells>'.encode()
    )
    filed = quickly(patched(xlsx(annex1(press=777)), SHEET, change)).tables[0]
    assert (filed.figures["press"].value, filed.figures["new_media"].value) == (None, 12)


def test_texts_or_styles_of_unbearable_size_are_reported():
    data = patched(GOOD, "xl/sharedStrings.xml", lambda x: x + b" " * (package._MAX_PART + 1))
    reading = quickly(data)
    assert (reading.rule, reading.detail) == ("FILE-1", UNREADABLE["large"][0])


@pytest.mark.parametrize("formula", [b"", pytest.param(b"<f>1+2</f>", marks=pytest.mark.slow)])
def test_a_sheet_full_of_cells_is_read_as_far_as_a_form_reaches(formula):
    row = b"".join(b"<c>%s<v>1</v></c>" % formula for _ in range(60))
    rows = (b"<row>" + row + b"</row>") * 5_000
    reading = quickly(patched(GOOD, SHEET, lambda x: x.replace(b"</sheetData>", rows + b"</sheetData>")))
    assert "内容过多，其余部分未读" in reading.notes


def test_more_sheets_and_more_cells_than_any_book_has(monkeypatch):
    sheets = [annex1(), *(Sheet(f"s{n}").put(0, 0, "x") for n in range(5))]
    monkeypatch.setattr(layout, "MAX_SHEETS", 3)
    reading = quickly(xlsx(*sheets))
    assert [is_as_sent(t) for t in reading.tables] == [True]
    assert reading.notes == ("其余工作表未读",)


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"1," * 20_000_000,
        lambda: b'"' + b"a\n" * 5_000_000,
        lambda: as_html(annex1()).encode() + b"<table><tr><td>" * 20_000,
        lambda: as_html(annex1()).encode() + b"<p>a</p>" * 300_000 + b"<table><tr><td>x</table>" * 200,
        lambda: as_html(annex1()).encode() + b"<table>" + (b"<tr>" + b"<td rowspan=9999 colspan=999>x" * 50) * 3_000,
        lambda: flat_ods(annex1()).replace(b"<table:table-row>", b"<a>" * 5_000),
    ],
)
def test_text_and_pages_without_end(make):
    assert quickly(make()).rule in ("", "FILE-1", "FILE-2")


@pytest.mark.parametrize(
    "more",
    [
        b"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl>" * 50_000,
        b"<w:p>" + b"<w:r><w:t>x</w:t></w:r>" * 200_000 + b"</w:p>",
        b"<w:tbl><w:tr><w:tc>" * 60 + b"<w:p/>" * 9_000 + b"</w:tc></w:tr></w:tbl>" * 60,
    ],
)
def test_word_documents_without_end(more):
    data = patched(
        as_docx(annex1(), captions_above=True),
        "word/document.xml",
        lambda x: x.replace(b"<w:sectPr", more + b"<w:sectPr", 1),
    )
    reading = quickly(data, "城关镇附件1.docx")
    assert is_as_sent(reading.tables[0])


def test_captions_are_looked_for_near_the_table_only():
    sheet = annex1(top=500)
    for r in range(400):
        sheet.put(r, 0, *["单位：统计时间：填表人：" * 50] * 20)
    assert quickly(xlsx(sheet)).rule == ""


@pytest.mark.slow
def test_an_xls_is_measured_before_it_is_read():
    end = struct.pack("<HH", 0x000A, 0)
    corner = struct.pack("<HHHHHd", 0x0203, 14, 16_000, 255, 0, 1.0)
    assert is_as_sent(the_return(biff4(annex1()).removesuffix(end) + corner * 500_000 + end))
    declared = struct.pack("<HH5H", 0x0200, 10, 0, 16_384, 0, 256, 0)
    assert is_as_sent(the_return(biff4(annex1())[:10] + declared + biff4(annex1())[10:]))
    blank = struct.pack("<HHHHH", 0x0201, 6, 14, 0, 0)
    assert is_as_sent(the_return(biff4(annex1()).removesuffix(end) + blank * 500_000 + end))
    near = struct.pack("<HHHHHd", 0x0203, 14, 100, 20, 0, 1.0)
    with pytest.raises(TooLargeError):
        stream_of(biff4(annex1()) + near * 400_001)


def test_repeated_rows_and_columns_of_open_document_are_not_laid_out():
    row = b'<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    data = flat_ods(annex1()).replace(b"</table:table>", row * 200 + b"</table:table>")
    assert is_as_sent(quickly(data).tables[0])


def test_a_workbook_with_a_broken_directory_is_one_broken_file():
    data = bytearray(GOOD)
    data[data.rindex(b"PK\x01\x02")] = 0
    reading = quickly(bytes(data))
    assert (reading.rule, reading.source.path) == ("FILE-1", "城关镇附件1.xls")


def test_no_text_of_a_cell_is_carried_on_at_any_length():
    assert MAX_CELLS * layout._LONG > layout.MAX_TEXT
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("a.csv", as_text(annex1(press="7" * 100_000), ","))
    (reading,) = readings(out.getvalue(), "城关镇.zip")
    assert len(reading.tables[0].figures["press"].filed) <= layout.MAX_TEXT

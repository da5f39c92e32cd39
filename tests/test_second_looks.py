"""What the first reader does not tell, or does not read, is looked up: errors, merges, and files only another one opens."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from pipeline.read.book import _xlrd_book
from schemas.vocabulary import UNREADABLE
from tests.builders import Sheet, annex1, expected, figures_of, xlsx
from tests.fuzz import biff4
from tests.test_files import SHEET, is_as_sent, patched, the_return

ERRORS = {"#DIV/0!": 7, "#REF!": 0x17, "#N/A": 0x2A}


def record(kind: int, body: bytes) -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(body)
    sizes = []
    while True:
        sizes.append(length & 0x7F | (0x80 if length > 0x7F else 0))
        length >>= 7
        if not length:
            return number + bytes(sizes) + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(sheet: Sheet, errors: dict[tuple[int, int], tuple[int, str]] | None = None) -> bytes:
    """The sheet as the least that is an .xlsb; `errors` maps cells to the record they stand in and what they show."""
    errors = errors or {}
    rows = sheet.grid().rows
    out = record(129, b"") + record(148, struct.pack("<4I", 0, len(rows), 0, len(rows[0]))) + record(145, b"")
    for r, row in enumerate(rows):
        out += record(0, struct.pack("<IIHBBBI", r, 0, 300, 0, 0, 0, 0))
        for c, v in enumerate(row):
            head = struct.pack("<II", c, 0)
            if (r, c) in errors:
                kind, shown = errors[r, c]
                formula = struct.pack("<HII", 0, 0, 0) if kind == 11 else b""
                out += record(kind, head + bytes([ERRORS[shown]]) + formula)
            elif isinstance(v, int):
                out += record(5, head + struct.pack("<d", v))
            elif v is not None:
                out += record(6, head + wide(str(v)))
    out += record(146, b"")
    merges = [m for m in sheet.merged if m[:2] != m[2:]]
    out += record(177, struct.pack("<I", len(merges)))
    out += b"".join(record(176, struct.pack("<4I", r1, r2, c1, c2)) for r1, c1, r2, c2 in merges)
    out += record(178, b"") + record(130, b"")
    book = record(131, b"") + record(143, b"") + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide(sheet.name))
    book += record(144, b"") + record(132, b"")
    rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as z:
        z.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>')
        z.writestr("xl/workbook.bin", book)
        z.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{rels}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        z.writestr("xl/worksheets/sheet1.bin", out)
    return made.getvalue()


def test_an_xlsb():
    assert is_as_sent(the_return(xlsb(annex1()), "城关镇附件1.xlsb"))


def test_errors_in_an_xlsb_are_no_blanks():
    errors = {(5, 15): (3, "#REF!"), (5, 13): (11, "#DIV/0!"), (5, 4): (3, "#N/A")}
    filed = the_return(xlsb(annex1(inspections=None), errors))
    assert figures_of(filed) == expected() | dict.fromkeys(("press", "revised", "problems_found", "inspections"))
    assert [(filed.figures[k].state, filed.figures[k].filed) for k in ("press", "revised", "problems_found")] == [
        (UNREADABLE, "#REF!"),
        (UNREADABLE, "#DIV/0!"),
        (UNREADABLE, "#N/A"),
    ]
    assert filed.figures["inspections"].state == "blank"


def hidden_under_a_merge() -> Sheet:
    sheet = annex1(press=777, broadcast=2)
    sheet.merged.append((5, 14, 5, 15))
    return sheet


HIDDEN = expected() | {"press": None, "broadcast": 2}


def test_a_value_under_a_merge_of_an_xlsb_was_not_filed():
    assert figures_of(the_return(xlsb(hidden_under_a_merge()))) == HIDDEN


def _merge(xml: bytes) -> bytes:
    return xml.replace(b"</mergeCells>", b'<mergeCell ref="O6:P6"/></mergeCells>')


@pytest.mark.parametrize("second", [False, True])
def test_a_value_under_a_merge_of_an_xlsx_was_not_filed_whoever_reads_it(second, monkeypatch):
    data = patched(xlsx(annex1(press=777, broadcast=2)), SHEET, _merge)
    if second:
        monkeypatch.setattr("pipeline.read.book._calamine_book", refusing)
    assert figures_of(the_return(data)) == HIDDEN


def refusing(*_: object, **__: object) -> None:
    raise ValueError


def test_a_sheet_in_utf_16_with_a_value_under_a_merge():
    data = patched(
        xlsx(annex1(press=777, broadcast=2)),
        SHEET,
        lambda x: _merge(x).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
    )
    assert figures_of(the_return(data)) == HIDDEN


def test_a_value_under_a_merge_of_an_xls_was_not_filed_whoever_reads_it():
    merged = struct.pack("<HH5H", 0x00E5, 10, 1, 5, 5, 14, 15)
    data = biff4(annex1(press=777, broadcast=2))
    end = struct.pack("<HH", 0x000A, 0)
    (grid,) = _xlrd_book(data.removesuffix(end) + merged + end, None).grids
    assert grid.rows[5][14:17] == [2, None, 12]

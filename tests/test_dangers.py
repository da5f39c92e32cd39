"""What real spreadsheets did to libraries, each danger once, on a generated file."""

from __future__ import annotations

import io
import os
import struct
import zipfile

import pytest

from pipeline.processes import Work
from pipeline.read.grids import book as reading_book
from pipeline.read.grids.kinds import _has_filepass, kind_of
from pipeline.read.grids.layout import FORMATS_UNKNOWN
from pipeline.workers import in_workers, one_by_one
from schemas.columns import UNREADABLE
from tests.builders import Sheet, annex1, xlsx
from tests.fuzz import flat_ods, ods
from tests.test_files import SHEET, is_as_sent, patched, readings, the_return
from tests.xlsb import xlsb

GOOD = xlsx(annex1())


def backtrace() -> Work:
    return one_by_one(lambda _: [os.environ["RUST_BACKTRACE"]])


def test_a_panicking_reader_writes_no_backtrace_in_which_it_may_hang(monkeypatch):
    monkeypatch.setenv("RUST_BACKTRACE", "1")
    assert [r for _, r in in_workers(backtrace, (), ["x"])] == ["0"]


class PanicError(BaseException):
    """As calamine's panics are: no Exception."""


@pytest.mark.parametrize("error", [PanicError, OSError, KeyError, IndexError, TypeError, zipfile.BadZipFile])
def test_whatever_one_reader_raises_the_other_is_tried(error, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(reading_book, "read_plain", broken)
    assert is_as_sent(the_return(GOOD))
    monkeypatch.setitem(reading_book.READERS, "xlsx", "tests.test_dangers:refuse")
    (reading,) = readings(GOOD)
    assert reading.rule == "FILE-1"


def refuse(*_: object, **__: object) -> None:
    raise ValueError


@pytest.mark.parametrize("kind", ["xlsx", "xlsb", "ods"])
def test_a_book_that_its_own_reader_refuses_is_read_without_its_looks_and_says_so(kind, monkeypatch):
    data = {
        "xlsx": patched(GOOD, SHEET, lambda x: x.replace(b"<row ", b'<row hidden="0" ')),
        "xlsb": xlsb(annex1()),
        "ods": ods(annex1()),
    }
    monkeypatch.setitem(reading_book.READERS, kind, "tests.test_dangers:refuse")
    (reading,) = readings(data[kind])
    assert [is_as_sent(t) for t in reading.tables] == [True]
    assert reading.notes == (FORMATS_UNKNOWN,)


@pytest.mark.parametrize("whole", [xlsb(annex1()), GOOD, ods(annex1())])
def test_a_file_cut_anywhere_is_read_or_reported(whole):
    for part in range(0, len(whole), max(len(whole) // 40, 1)):
        assert {r.rule for r in readings(whole[:part])} <= {"FILE-1", "FILE-2"}


def test_a_merged_whole_column_and_a_far_off_styled_cell():
    data = patched(
        GOOD,
        SHEET,
        lambda x: x.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>').replace(
            b"</mergeCells>", b'<mergeCell ref="Z1:Z1048576"/><mergeCell ref="A7:XFD1048576"/></mergeCells>'
        ),
    )
    assert is_as_sent(the_return(data))


def test_strict_open_xml():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            xml = old.read(info)
            for ours, strict in (
                (b"spreadsheetml/2006/main", b"spreadsheetml/main"),
                (b"officeDocument/2006/", b"officeDocument/"),
            ):
                xml = xml.replace(b"http://schemas.openxmlformats.org/" + ours, b"http://purl.oclc.org/ooxml/" + strict)
            new.writestr(info.filename, xml)
    assert is_as_sent(the_return(out.getvalue()))


@pytest.mark.parametrize("state", [b"hidden", b"veryHidden"])
def test_hidden_and_very_hidden_sheets(state):
    old = annex1(press=99)
    old.name = "old"
    data = patched(
        xlsx(annex1(), old), "xl/workbook.xml", lambda x: x.replace(b'name="old"', b'name="old" state="%s"' % state)
    )
    (reading,) = readings(data)
    assert [is_as_sent(t) for t in reading.tables] == [True]
    assert reading.notes == ("隐藏工作表“old”未读",)


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/sharedStrings.xml", lambda x: None),
        ("xl/workbook.xml", lambda x: x.replace(b"<sheet ", b"<!--").replace(b"/></sheets>", b"--></sheets>")),
        ("xl/_rels/workbook.xml.rels", lambda x: None),
    ],
)
def test_a_workbook_without_texts_sheets_or_relations_is_reported(part, change):
    (reading,) = readings(patched(GOOD, part, change))
    assert reading.rule in ("FILE-1", "FILE-2")


def test_shared_strings_in_odd_case():
    data = patched(GOOD, "[Content_Types].xml", lambda x: x.replace(b"sharedStrings", b"SharedStrings"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename.replace("sharedStrings", "SharedStrings"), old.read(info))
    assert is_as_sent(the_return(out.getvalue()))


def container(*names: str) -> bytes:
    """An OLE file with empty streams of those names."""

    def entry(name: str, kind: int, child: int, right: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le")
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, right, child)
            + bytes(36)
            + struct.pack("<IQ", 0xFFFFFFFE, 0)
        )

    entries = [entry("Root Entry", 5, 1 if names else 0xFFFFFFFF, 0xFFFFFFFF)]
    for i, name in enumerate(names, 1):
        entries.append(entry(name, 2, 0xFFFFFFFF, i + 1 if i < len(names) else 0xFFFFFFFF))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0) + b"\xff" * 432
    fat = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE).ljust(512, b"\xff")
    return head + fat + b"".join(entries).ljust(512, b"\0")[:512]


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("WordDocument", "Workbook"), "doc"),
        (("EncryptedPackage", "EncryptionInfo"), "encrypted"),
        (("Workbook",), "xls"),
        (("__properties_version1.0",), "msg"),
        (("PowerPoint Document",), "slides"),
    ],
)
def test_what_an_ole_file_holds_is_looked_at_before_any_reader(names, kind):
    assert kind_of(container(*names)) == kind


def test_a_password_on_an_xls_is_seen_in_its_records():
    start = struct.pack("<HH", 0x0809, 4) + bytes(4)
    assert _has_filepass(start + struct.pack("<HH", 0x002F, 2) + bytes(2))
    assert not _has_filepass(start + struct.pack("<HH", 0x0042, 2) + b"\x2f\x00")


ERROR = b'<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error" office:string-value=""><text:p>#DIV/0!</text:p></table:table-cell>'
NO_RESULT = b'<table:table-cell table:formula="of:=1+2"/>'
SPACED = b'<table:table-cell office:value-type="string"><text:p>1<text:s/>2</text:p></table:table-cell>'
COMMENTED = b'<table:table-cell office:value-type="float" office:value="777"><office:annotation><text:p>888</text:p></office:annotation><text:p>777</text:p></table:table-cell>'


@pytest.mark.parametrize(
    ("cell", "state", "shown"),
    [
        (ERROR, UNREADABLE, "#DIV/0!"),
        (NO_RESULT, UNREADABLE, "=1+2"),
        (SPACED, UNREADABLE, "1 2"),
        (COMMENTED, "ok", "777"),
    ],
)
@pytest.mark.parametrize("make", [ods, flat_ods])
def test_cells_of_open_document_that_are_not_what_they_seem(make, cell, state, shown):
    plain = b'<table:table-cell office:value-type="float" office:value="777"><text:p>777</text:p></table:table-cell>'
    calcext = b'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '

    def change(xml: bytes) -> bytes:
        return xml.replace(plain, cell).replace(b"xmlns:office=", calcext + b"xmlns:office=")

    data = make(annex1(press=777))
    figure = the_return(change(data) if make is flat_ods else patched(data, "content.xml", change)).figures["press"]
    assert (figure.state, figure.filed) == (state, shown)


def test_a_sheet_that_cannot_be_read_costs_no_other_sheet_of_an_xlsb():
    other = Sheet("图").put(0, 0, "x")
    (reading,) = readings(patched(xlsb(annex1(), other), "xl/worksheets/sheet2.bin", lambda x: b"\x00\x01\x00" + x))
    assert [is_as_sent(t) for t in reading.tables] == [True]
    assert reading.notes == ("工作表“图”读不出来",)

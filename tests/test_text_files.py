"""Text as programs export it: marks, stray bytes and breaks cost a cell at most."""

from __future__ import annotations

import re

import pytest

from pipeline.read.attachment import UNREADABLE
from tests.builders import FORM, annex1, expected, figures_of
from tests.fuzz import flat_ods, ods
from tests.test_files import as_text, is_as_sent, patched, readings, the_return


def text(delimiter: str = ",", **changes: object) -> str:
    return as_text(annex1(**changes), delimiter)


@pytest.mark.parametrize("first", ["sep=,\r\n", "\ufeffsep=,\r\n", '"sep=,"\r\n'])
def test_the_line_that_names_the_delimiter_is_no_row(first):
    filed = the_return((first + text()).encode("utf-8"), "城关镇附件1.csv")
    assert is_as_sent(filed)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_labels_with_breaks_in_quotation_marks(delimiter):
    sheet = annex1()
    for c in range(len(FORM.keys)):
        sheet.cells[4, c] = '"' + str(sheet.cells[4, c]).replace("(", "\n(") + '"'
    assert is_as_sent(the_return(as_text(sheet, delimiter).encode("gbk"), "城关镇附件1.csv"))


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-16"])
@pytest.mark.parametrize("stray", [b"\x00\x00", b"\x01\x00", b"\xff\xff"])
def test_a_stray_byte_in_a_title_spoils_nothing(encoding, stray):
    raw = text().encode(encoding)
    at = raw.index(TITLE.encode(encoding).removeprefix(b"\xff\xfe"))
    assert is_as_sent(the_return(raw[:at] + stray + raw[at:], "城关镇附件1.csv"))


TITLE = "乡村振兴领域"


def test_stray_bytes_around_a_name_and_in_a_label_are_passed_over():
    raw = text().encode("gbk").replace("城关镇".encode("gbk"), "城关镇\x00".encode("gbk"))
    assert is_as_sent(the_return(raw.replace("推动".encode("gbk"), "推动\x00".encode("gbk")), "附件1.csv"))


def test_a_lost_byte_in_a_figure_is_not_read_past():
    raw = text(press="7Q7").encode("gbk").replace(b"7Q7", b"7\xff7")
    assert figures_of(the_return(raw)) == expected() | {"press": None}


def test_a_lost_byte_in_a_month_is_not_read_past():
    raw = text(period="2023年1Q月").encode("gbk").replace(b"1Q", b"1\xff")
    assert the_return(raw, "城关镇.csv").month is None


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"{\\rtf1\\ansi hello}", "rtf"),
        (patched(ods(annex1()), "mimetype", lambda _: b"application/vnd.oasis.opendocument.text"), "odt"),
        (b"\x78\x9f\x3e\x22\x00", "tnef"),
    ],
)
def test_other_documents_are_reported_with_what_to_send_instead(data, kind):
    (reading,) = readings(data)
    assert (reading.rule, reading.detail, reading.advice) == ("FILE-1", *UNREADABLE[kind])


def test_a_flat_open_document():
    assert is_as_sent(the_return(flat_ods(annex1()), "城关镇附件1.fods"))


def test_hidden_sheets_of_a_flat_open_document_are_not_read():
    style = (
        b'<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><style:style style:name="ta2">'
        b'<style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body>'
    )
    data = flat_ods(annex1()).replace(b"<office:body>", style)
    table = re.search(rb"<table:table .*</table:table>", data, re.S)
    hidden = table[0].replace(b"<table:table ", b'<table:table table:style-name="ta2" ').replace(b">12<", b">13<")
    (reading,) = readings(data.replace(table[0], hidden + table[0]), "城关镇附件1.fods")
    assert reading.notes == ("隐藏工作表“附件1”未读",)
    assert [is_as_sent(t) for t in reading.tables] == [True]


# -- line ends, and what programs write around values -----------------------------------------------------------------


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\x0b", "\u2028"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_every_kind_of_line_end(end, delimiter):
    filed = the_return(text(delimiter).replace("\r\n", end).encode("utf-8"), "附件1.csv")
    assert is_as_sent(filed)
    assert filed.figures["press"].cell == "P6"


def test_line_ends_of_several_kinds_and_in_quotation_marks():
    mixed = (
        text().replace("\r\n", "\r", 2).replace("督导指导(次)", '"督导\r指导(次)"') + '\r"填表人：\r某某"\r备注：\r无'
    )
    assert is_as_sent(the_return(mixed.encode("gbk"), "附件1.csv"))


@pytest.mark.parametrize(
    ("written", "value"), [('="3"', 3), ('"=""3"""', 3), ('="03"', 3), ('="约3"', None), ("=3", None)]
)
def test_a_value_written_as_an_expression_is_the_value(written, value):
    assert figures_of(the_return(text(press=written).encode("gbk"), "附件1.csv")) == expected() | {"press": value}


@pytest.mark.parametrize("encoding", ["utf-32", "utf-16-be", "gb18030"])
def test_text_in_rare_encodings(encoding):
    assert is_as_sent(the_return(text("\t").encode(encoding), "附件1.tsv"))

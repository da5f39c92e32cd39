"""The program's own workbooks that come back, as whatever staff saved them, are no returns."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from pipeline.run import Job, run
from tests.builders import TODAY, Sheet, annex1, xlsx
from tests.inboxes import faulty_month
from tests.test_files import as_docx, as_html, is_as_sent, readings

OWN = ["汇总表", "差异清单", "联络员名单", "来源台账", "数据溯源"]


@pytest.fixture(scope="module")
def sheets(tmp_path_factory) -> dict[str, Sheet]:
    """The sheets of both workbooks, as bare cells."""
    root = tmp_path_factory.mktemp("own")
    faulty_month(root)
    done = run(Job(root / "inbox", root / "outbox", root / "county.toml", TODAY))
    found = {}
    for path in done.files:
        for ws in openpyxl.load_workbook(path, data_only=True):
            cells = {(c.row - 1, c.column - 1): c.value for row in ws for c in row if c.value is not None}
            found[ws.title] = Sheet("Sheet1", cells)
    return found


def as_csv(sheet: Sheet) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(sheet.grid().rows)
    return out.getvalue().encode("gbk", "replace")


@pytest.mark.parametrize("name", OWN)
def test_a_sheet_of_our_own_saved_as_text_is_ignored(sheets, name):
    (reading,) = readings(as_csv(sheets[name]), "导出.csv")
    assert reading.ignored == "本程序生成的文件"


@pytest.mark.parametrize("name", OWN)
def test_a_sheet_of_our_own_saved_as_html_or_alone_is_ignored(sheets, name):
    for data in (as_html(sheets[name]).encode(), xlsx(sheets[name])):
        (reading,) = readings(data, "导出.htm")
        assert reading.ignored == "本程序生成的文件"


def test_our_own_summary_in_a_word_document_is_ignored(sheets):
    (reading,) = readings(as_docx(sheets["汇总表"], captions_above=True), "导出.docx")
    assert reading.ignored == "本程序生成的文件"


def test_a_copy_of_our_summary_beside_a_form_takes_nothing_from_the_form(sheets):
    (reading,) = readings(xlsx(sheets["汇总表"], annex1()))
    assert [is_as_sent(t) for t in reading.tables] == [True]

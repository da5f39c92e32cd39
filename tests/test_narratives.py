"""文字材料: a report in words is known by its title, and is no form gone wrong."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
import pytest

from pipeline.model import NARRATIVE, Month
from tests.builders import Sheet, annex1, drop, read, xlsx
from tests.office import consolidated
from tests.test_explanations import UNIT, a_month, came


def document(*lines: str) -> bytes:
    out = io.BytesIO()
    paper = docx.Document()
    for line in lines:
        paper.add_paragraph(line)
    paper.save(out)
    return out.getvalue()


TEXT = document("张家塬镇乡村振兴领域专项整治", "2023年5月工作进展情况", "一、基本情况。我镇高度重视。")


@pytest.mark.parametrize(
    ("name", "data", "unit", "month"),
    [
        ("张家塬镇5月进展情况.docx", document("正文"), "张家塬镇", Month(2023, 5)),
        ("材料.docx", TEXT, "张家塬镇", Month(2023, 5)),
        ("城关镇工作总结.docx", document("一、"), "城关镇", None),
        ("城关镇关于专项整治情况的报告.doc", b"{\\rtf1 x}", "城关镇", None),
        ("城关镇4月情况汇报.pdf", b"%PDF-1.4\n", "城关镇", Month(2023, 4)),
        ("城关镇情况汇报.txt", "城关镇情况汇报\n一、".encode("gbk"), "城关镇", None),
    ],
)  # fmt: skip
def test_a_report_in_words_is_known_with_unit_and_month(name, data, unit, month):
    reading = read(data, name)
    assert (reading.narrative, reading.rule, reading.unit, reading.month) == (True, "", unit, month)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("关于报送工作进展情况的通知.docx", document("关于报送工作进展情况的通知")),
        ("张家塬镇.docx", document("现将我镇5月工作进展情况报上，请审阅。")),
        ("进展情况.xlsx", xlsx(Sheet("x").put(0, 0, "进展情况"))),
        ("城关镇工作情况统计表和进展情况.pdf", b"%PDF-1.4\n"),
        ("城关镇进展情况.jpg", b"\xff\xd8\xff\xe0" + bytes(99)),
        ("会议通知.docx", document("会议通知")),
    ],
)  # fmt: skip
def test_what_only_speaks_of_one_is_none(name, data):
    assert not read(data, name).narrative


def test_a_form_in_a_document_called_so_is_a_return():
    assert read(xlsx(annex1()), "城关镇5月工作进展情况.xlsx").tables


def calls(root: Path, done) -> str:
    sheet = openpyxl.load_workbook(done.files[1])["催报电话单"]
    return "\n".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value)


def test_it_has_its_outcome_and_no_line_and_whose_has_not_come_is_reported(tmp_path):
    assert "文字材料" not in calls(tmp_path, a_month(tmp_path))
    drop(tmp_path / "inbox", "材料.docx", TEXT, came(20))
    done = consolidated(tmp_path)
    (row,) = (t for t in done.month.sources if t.source.path == "材料.docx")
    assert (row.outcome, row.unit, row.month, row.form) == (NARRATIVE, UNIT, "2023年5月", "—")
    assert not [f for f in done.month.findings if f.file == "材料.docx"]
    assert "2023年5月文字材料还没有收到的有3家：城关镇、县住建局、县财政局。" in calls(tmp_path, done)

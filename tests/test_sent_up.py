"""What goes up: the lines that bear on the county's figures or completeness, closed ones grey, and no more printed than is read."""

from __future__ import annotations

import openpyxl
import pytest

from pipeline.model import LINE_HEADINGS
from pipeline.rules import ASK, MUST, SentUp, rules_of
from tests.builders import FORM, MAY
from tests.inboxes import faulty_month
from tests.test_ledger import consolidated, lines, type_in

OFFICE = {"FILE-2", "FILE-5", "FORM-2", "UNIT-3", "PERIOD-3", "REP-2", "CON-1", "CON-2", "CON-3", "CON-4"}
GREY, RED, YELLOW = "FF7F7F7F", "FFF8B4AE", "FFFFE699"


@pytest.fixture
def month(tmp_path):
    faulty_month(tmp_path)
    return tmp_path, consolidated(tmp_path)


def cells_of(path, line):
    """The cells of the line about that rule and unit, by heading."""
    sheet = openpyxl.load_workbook(path)["差异清单"]
    heads = [c.value for c in sheet[2]]
    rows = (dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=3))
    return next(row for row in rows if f"{row['规则'].value} {row['单位'].value}" == line)


def test_the_catalogue_says_of_each_rule_whose_lines_go_up():
    rules = rules_of(FORM)
    assert {r.id for r in rules.values() if r.sent_up is SentUp.OF_NOBODY} == OFFICE
    assert {r.id for r in rules.values() if r.sent_up is SentUp.OF_THE_ROSTER} == {"UNIT-1"}


def test_what_only_the_office_can_act_on_stays_with_it(month):
    _, done = month
    sent, office = (lines(path) for path in done.files)
    stay = {
        "FILE-2 None",
        "PERIOD-3 张家塬镇",
        "REP-2 县住建局",
        "UNIT-1 县公安局",
        "CON-1 县财政局",
        "CON-3 县住建局",
        "CON-4 城关镇",
    }
    assert {line for line in office if line.partition(" ")[0] in OFFICE} | {"UNIT-1 县公安局"} == stay & set(office)
    assert list(sent) == [line for line in office if line not in stay]
    assert "REP-1 县财政局" in sent


def test_a_figure_is_coloured_for_a_line_that_goes_up_alone(month):
    _, done = month
    sheet = openpyxl.load_workbook(done.files[0])["汇总表"]
    names = {row[1].value: row for row in sheet.iter_rows(min_row=6)}
    # 县住建局 is late, and its list has a wrong phone: neither is told of its figures.
    assert {c.fill.fgColor.rgb for c in names["县住建局"]} == {"00000000"}
    assert RED in {c.fill.fgColor.rgb for c in names["张家塬镇"]}


def test_a_closed_line_is_grey_and_an_open_one_has_its_colour(month):
    root, done = month
    assert cells_of(done.files[0], "PET-1 张家塬镇")["级别"].fill.fgColor.rgb == RED
    assert cells_of(done.files[0], "CELL-1 张家塬镇")["级别"].fill.fgColor.rgb == YELLOW
    type_in(done.files[1], {"PET-1 张家塬镇": {"状态": "已核实"}})
    for path in consolidated(root).files:
        closed = cells_of(path, "PET-1 张家塬镇")
        assert {c.font.color.rgb for c in closed.values() if c.value} == {GREY}
        assert {c.fill.fgColor.rgb for c in closed.values()} == {"00000000"}


def test_what_leads_back_to_the_cell_stands_behind_what_is_printed(month):
    for path in month[1].files:
        sheet = openpyxl.load_workbook(path)["差异清单"]
        heads = [c.value for c in sheet[2]]
        assert heads[: len(LINE_HEADINGS)] == list(LINE_HEADINGS[: len(heads)])
        assert sheet.print_area == f"'差异清单'!$A$1:$L${sheet.max_row}"
        assert heads[11] == "核实说明"


def test_grades_of_what_is_sent_up_are_those_of_the_office(month):
    sent, office = (lines(path) for path in month[1].files)
    assert {sent[line]["级别"] for line in sent} == {MUST, ASK, "提示性"}
    assert all(sent[line]["编号"] == office[line]["编号"] for line in sent)
    assert MAY.zh in {line["统计时间"] for line in sent.values()}

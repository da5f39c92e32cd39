"""What goes up: the lines that bear on the county's figures or completeness, closed ones grey, and no more printed than is read."""

from __future__ import annotations

import openpyxl
import pytest

from pipeline.model import Month
from pipeline.rules import ERROR, QUERY, SentUp, rules_of
from pipeline.run import Job, run
from pipeline.sheets import LINE_HEADINGS
from pipeline.write.summary import remark_of
from tests.builders import FORM, MAY, RECEIVED, TODAY, annex1, drop, remark_in, xlsx
from tests.inboxes import SMALL, faulty_month
from tests.office import sheet_of
from tests.test_carry_over import consolidated, lines, type_in

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
    assert {r.id for r in rules.values() if r.sent_up is SentUp.NEVER} == OFFICE
    assert {r.id for r in rules.values() if r.sent_up is SentUp.ROSTER_UNITS} == {"UNIT-1"}


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
    # 县住建局 is late, and its list has a wrong phone: neither says anything about its figures.
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


def test_sheets_to_search_in_are_not_printed_to_their_end(month):
    book = openpyxl.load_workbook(month[1].files[1])
    for name, columns in (("来源台账", "I"), ("数据溯源", "I")):
        rows = min(sum(1 for row in book[name].iter_rows(min_row=2, max_col=1) if row[0].value), 50)
        assert book[name].print_area == f"'{name}'!$A$1:${columns}${rows + 1}"


def test_grades_of_what_is_sent_up_are_those_of_the_office(month):
    sent, office = (lines(path) for path in month[1].files)
    assert {sent[line]["级别"] for line in sent} == {ERROR, QUERY, "提示性"}
    assert all(sent[line]["编号"] == office[line]["编号"] for line in sent)
    assert MAY.zh in {line["统计时间"] for line in sent.values()}


# -- 说明 and 汇总表 --------------------------------------------------------------------------------------------------


def about(root, month=MAY, today=TODAY):
    """The sentences of 说明 by their heading."""
    done = run(Job(root / "inbox", root / "outbox", root / "county.toml", today, month))
    found: dict[str, list[str]] = {}
    for row in sheet_of(done.files[0], "说明")[1:]:
        if row[0] in ("重点提示", "完整情况", "数字情况", "图例", "本表用到的审核规则"):
            found[row[0]] = []
        elif row[0]:
            found[list(found)[-1]].append(str(row[0]))
    return found


def spring(root, **filed):
    """A small county whose 城关镇 files those figures month by month, from March on."""
    (root / "county.toml").write_text(SMALL, encoding="utf-8")
    for unit in ("城关镇", "张家塬镇", "县住建局", "县财政局"):
        for i, m in enumerate((3, 4, 5)):
            month = Month(2023, m)
            changes = {k: v[i] for k, v in filed.items()} if unit == "城关镇" else {"press": i}
            drop(
                root / "inbox",
                f"{m}/{unit}.xlsx",
                xlsx(annex1(unit, month.zh, **changes)),
                RECEIVED.replace(month=m + 1, day=10),
            )


def test_a_quiet_month_has_nothing_to_point_out(tmp_path):
    spring(tmp_path, press=[1, 2, 1])
    assert about(tmp_path)["重点提示"] == ["没有需要特别提示的情况。"]


def test_what_moves_the_figures_most_comes_first(tmp_path):
    grows = {k: [n, 2 * n, 3 * n] for k, n in (("press", 1), ("broadcast", 2), ("new_media", 3), ("party_meetings", 4))}
    spring(tmp_path, **grows, projects=[6, 6, 20_000], petitions_total=[7, 7, 12])
    first = about(tmp_path)["重点提示"]
    assert first[0] == "1.可能填了累计数1家：城关镇，合计可能偏大，待核实。"
    assert first[1] == "2.城关镇公布成果“项目”报20000，明显偏大，占合计20018的100%，待核实。"
    assert first[2].startswith("3.受理群众信访举报情况合计：总计33与自办＋转办28相差5")
    assert len(first) == 3


def test_who_is_missing_again_and_again_and_what_was_told_by_phone(tmp_path):
    spring(tmp_path, press=[1, 2, 1])
    for m in (3, 4):
        (tmp_path / f"inbox/{m}/县财政局.xlsx").unlink()
    drop(tmp_path / "inbox", "电话更正/张家塬镇.xlsx", xlsx(annex1("张家塬镇", press=9)))
    first = about(tmp_path)["重点提示"]
    assert first == ["1.电话报数、待补报表1家：张家塬镇。", "2.未报两次以上1家：县财政局（2次）。"]
    done = run(Job(tmp_path / "inbox", tmp_path / "outbox", tmp_path / "county.toml", TODAY, MAY))
    sheet = openpyxl.load_workbook(done.files[0])["汇总表"]
    remarks = {row[1]: remark_in(row) for row in sheet.iter_rows(min_row=6, values_only=True)}
    assert remarks["张家塬镇"] == "电话报数，待补报表"


def test_only_the_rules_with_a_line_are_explained(month):
    _, done = month
    rows = sheet_of(done.files[0], "说明")
    explained = [row[0] for row in rows if row[0] in rules_of(FORM)]
    sent = {line["规则"] for line in lines(done.files[0]).values()}
    assert explained == [rule for rule in rules_of(FORM) if rule in sent]


def test_who_signs_and_the_countys_own_answer_come_from_its_configuration(tmp_path):
    faulty_month(tmp_path)
    (tmp_path / "county.toml").write_text(SMALL.replace("body_established = true\n", ""), encoding="utf-8")
    done = consolidated(tmp_path)
    (asked,) = done.unanswered
    assert "[county] 下加一行 body_established = true" in asked
    text = SMALL + '\n[report]\nprepared_by = "王芳"\nreviewed_by = "李强"\n'
    (tmp_path / "county.toml").write_text(text, encoding="utf-8")
    again = consolidated(tmp_path)
    book = openpyxl.load_workbook(again.files[0])
    assert again.unanswered == ()
    assert book["附件1"].cell(6, 1 + FORM.keys.index("body_established")).value == "是"
    signed = [c.value for row in book["汇总表"].iter_rows() for c in row if str(c.value).startswith("填表人")]
    assert signed == [f"填表人：王芳　　　审核人：李强　　　填报日期：{'　' * 6}"]


def test_a_remark_takes_two_lines_at_most(tmp_path):
    (tmp_path / "county.toml").write_text(SMALL, encoding="utf-8")
    wrong = ("party_meetings", "coordination_meetings", "clues_referred")
    lacking = dict.fromkeys([k for k in FORM.counts if k not in wrong][:11]) | dict.fromkeys(wrong, "约5")
    drop(tmp_path / "inbox", "a.xlsx", xlsx(annex1("城关镇", **lacking)))
    done = consolidated(tmp_path)
    (row,) = [r for r in done.month.rows if r.unit == "城关镇"]
    assert remark_of(done.month.form, row) == "3栏不能计入；11栏未填"

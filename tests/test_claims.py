"""Whose a table is and of which month: claims, and the decision that takes what has one reading."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.model import Return
from tests.builders import MAY, VALUES, annex1, read, xlsx

U, OTHER = "城关镇", "张家塬镇"
LINES = {"unit": f"填报单位：{U}", "month": "统计时间：2023年5月"}


def form(*above: tuple[int, int, object], path: str = "附件1.xlsx") -> Return:
    """A form with these cells above its table instead of its own captions."""
    sheet = annex1(top=3)
    sheet.cells = {at: v for at, v in sheet.cells.items() if at[0] > 5}
    sheet.merged.clear()
    for row, column, value in above:
        sheet.put(row, column, value)
    (table,) = read(xlsx(sheet), path).tables
    assert isinstance(table, Return)
    return table


FILED_BY = [
    "填报单位：{}", "填报单位（盖章）：{}", "填报单位（盖章）{}", "单位：（盖章）{}", "报送单位：{}", "上报单位： {}", "填表单位：{}", "编报单位：{}",
    "单位名称：{}", "单 位：{}", "填报单位 {}", "填报单位：{}（盖章）   2023年6月8日", "单位（公章）：{}", "填报单位{}", "单位:{}  联系人：张某  电话：0917-4240000",
    "填报单位（全称）：{}", "单位（镇、部门）：{}", "填报部门：{}", "填报单位∶{}", "单位：____{}____", "填报单位：{}/",
]  # fmt: skip


@pytest.mark.parametrize("caption", FILED_BY)
def test_labels_that_name_the_filer(caption):
    filed = form((3, 0, caption.format(U)), (3, 12, LINES["month"]))
    assert (filed.unit, filed.unit_stated.origin, filed.month, filed.unit_fault) == (U, "form", MAY, "")


@pytest.mark.parametrize(
    "label",
    ["制表", "主管", "牵头", "汇总", "责任", "配合", "帮扶", "包抓", "监督", "联系", "承办", "督办", "结对帮建"],
)
@pytest.mark.parametrize("where", [(4, 0), (4, 8), (3, 6)])
def test_labels_that_name_somebody_else(label, where):
    filed = form((3, 0, LINES["unit"]), (3, 12, LINES["month"]), (*where, f"{label}单位：{OTHER}"))
    assert (filed.unit, filed.unit_fault) == (U, "")
    alone = form((3, 0, f"{label}单位：{OTHER}"), (3, 12, LINES["month"]), path=f"{U}附件1.xlsx")
    assert (alone.unit, alone.unit_stated.origin) == (U, "file")


@pytest.mark.parametrize("label", ["受检单位", "制定机关：", "制表机关", "牵头部门："])
def test_a_label_beside_the_name_of_somebody_else(label):
    filed = form((3, 0, LINES["unit"]), (3, 12, LINES["month"]), (4, 0, label), (4, 1, OTHER))
    assert (filed.unit, filed.unit_fault) == (U, "")


@pytest.mark.parametrize(
    "value",
    ["（次、件）", "________镇", "次、人", "件/个", "（盖章）", "2023年5月", "", "XX镇", "（请填写单位全称）", "____"],
)
def test_what_is_no_name_leaves_the_unit_to_the_file(value):
    filed = form((3, 0, f"单位：{value}"), (3, 12, LINES["month"]), path=f"{U}附件1.xlsx")
    assert (filed.unit, filed.unit_stated.origin, filed.month) == (U, "file", MAY)


def test_a_month_beside_a_blank_unit_is_the_month():
    filed = form((3, 0, "单位："), (3, 12, "2023年5月"), path=f"{U}附件1.xlsx")
    assert (filed.unit, filed.month, filed.month_full) == (U, MAY, True)


@pytest.mark.parametrize("parted", ["、", "和", "，"])
def test_two_units_behind_one_label_are_none_and_said_to_be_two(parted):
    filed = form((3, 0, f"填报单位：{U}{parted}{OTHER}"), (3, 12, LINES["month"]))
    assert (filed.unit, filed.unit_fault, filed.unit_stated.likely) == ("", "填报单位处写着2个单位", "")


def test_two_units_on_one_form_are_none():
    filed = form((3, 0, LINES["unit"]), (4, 0, f"单位：{OTHER}"), (3, 12, LINES["month"]))
    assert (filed.unit, filed.unit_fault) == ("", f"表内写着“{U}”和“{OTHER}”两个单位")


def test_a_unit_in_its_row_that_is_not_the_one_above_is_none():
    sheet = annex1(U, before=["单位"], rows=[[OTHER, *VALUES.values()]])
    (table,) = read(xlsx(sheet), "附件1.xlsx").tables
    assert (table.unit, table.unit_fault) == ("", f"表内写着“{U}”和“{OTHER}”两个单位")


# -- the month --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "label",
    ["统计时间", "统计期间", "所属月份", "所属期", "报告期", "月份", "数据时间", "统计月份", "所属时期", "报表期间"],
)
def test_labels_that_name_the_month(label):
    filed = form((3, 0, LINES["unit"]), (3, 12, f"{label}：2023年5月"), (4, 0, "填表日期：2023年6月8日"))
    assert (filed.month, filed.month_full, filed.month_fault) == (MAY, True, "")


@pytest.mark.parametrize(
    "caption",
    ["导出时间：2023-06-08 10:11:12", "提交时间：2023年6月8日", "打印日期：2023年6月", "填报时间：2023年6月", "制表时间：2023.6.8", "报送日期：6月8日"]
    + ["截止时间：2023年6月25日", "更新时间：2023年6月", "2023年6月8日", "二〇二三年六月八日", "上传时间：2023年6月"],
)  # fmt: skip
@pytest.mark.parametrize("where", [(2, 0), (4, 0), (4, 15)])
def test_times_of_something_else_name_no_month(caption, where):
    filed = form((3, 0, LINES["unit"]), (3, 12, LINES["month"]), (*where, caption))
    assert (filed.month, filed.month_fault) == (MAY, "")
    alone = form((3, 0, LINES["unit"]), (*where, caption), path="5月附件1.xlsx")
    assert (alone.month, alone.month_stated.origin) == (MAY, "file")


@pytest.mark.parametrize(
    "cells",
    [[2023, "年", 5, "月"], ["2023年", "5月"], [2023, None, "年", 5, None, "月份"], ["2023", "年", "5", "月", "1日-31日"], [dt.date(2023, 5, 1)]],
)  # fmt: skip
def test_year_and_month_in_cells_of_their_own(cells):
    filed = form((3, 0, LINES["unit"]), (3, 10, "统计时间："), *((3, 11 + i, v) for i, v in enumerate(cells) if v))
    assert (filed.month, filed.month_full) == (MAY, True)


@pytest.mark.parametrize(
    "caption", ["统计时间（月）：5", "统计时间（年、月）：2023年5月", "统计月份：5", "统计时间（月份） 5月"]
)
def test_a_label_may_say_how_the_month_is_written(caption):
    filed = form((3, 0, LINES["unit"]), (3, 12, caption))
    assert (filed.month, filed.month_stated.origin, filed.month_fault) == (MAY, "form", "")


@pytest.mark.parametrize("said", ["2023年_5_月", "__2023__年__5__月", "今年5月", "2023年5月（当月数）"])
def test_a_month_as_it_is_typed_into_a_printed_line(said):
    filed = form((3, 0, LINES["unit"]), (3, 12, f"统计时间：{said}"))
    assert (filed.month, filed.month_fault) == (MAY, "")


def test_what_names_no_time_is_quoted():
    filed = form((3, 0, LINES["unit"]), (3, 12, "统计时间：第三批"))
    assert (filed.month, filed.month_fault) == (None, "看不出统计时间“第三批”是哪个月")
    assert filed.month_stated.cell == "M4"
    nothing = form((3, 0, LINES["unit"]), (3, 12, "统计时间："))
    assert (nothing.month, nothing.month_fault) == (None, "看不出统计时间")


@pytest.mark.parametrize("said", ["2023年6月8日", "2023-06-08 10:11:12", dt.date(2023, 6, 8)])
@pytest.mark.parametrize("label", ["时间：", "报告时间："])
def test_a_day_under_a_label_that_may_mean_that_of_writing_names_no_month(label, said):
    filed = form((3, 0, LINES["unit"]), (3, 12, LINES["month"]), (4, 6, label), (4, 7, said))
    assert (filed.month, filed.month_fault) == (MAY, "")
    alone = form((3, 0, LINES["unit"]), (3, 6, label), (3, 7, said), path="5月附件1.xlsx")
    assert (alone.month, alone.month_stated.origin) == (MAY, "file")


@pytest.mark.parametrize(
    ("cells", "month"),
    [(["统计时间：2023年1月", "至5月"], None), (["统计时间：", "2023年1月至", "5月"], None), (["统计时间：", "1月", "至", "5月"], None), (["统计时间：2023年1月", "—", "5月"], None)]
    + [(["统计时间：", dt.date(2023, 1, 1), "至", dt.date(2023, 5, 31)], None), (["统计时间：2023年5月1日", "至", "5月31日"], MAY)]
    + [(["统计时间：2023年5月", dt.date(2023, 6, 8)], MAY), (["统计时间：2023年5月", "6月8日"], MAY)],
)  # fmt: skip
def test_a_range_in_cells_of_their_own(cells, month):
    assert form((3, 0, LINES["unit"]), *((3, 10 + i, v) for i, v in enumerate(cells))).month == month


def test_labels_with_their_values_in_the_row_below():
    filed = form((3, 0, "单位"), (3, 1, "统计时间"), (4, 0, U), (4, 1, "2023年5月"))
    assert (filed.unit, filed.unit_stated.origin, filed.month, filed.month_stated.cell) == (U, "form", MAY, "B5")
    number = form((3, 0, "单位"), (3, 1, "统计月份"), (4, 0, U), (4, 1, 5), path="附件1.xlsx")
    assert (number.unit, number.month, number.month_stated.cell) == (U, MAY, "B5")


@pytest.mark.parametrize(
    "said", ["2023年1-5月", "2023年4、5月", "2023年5月上半月", "2023年5月（1-5月累计）", "2023年第二季度", "2023年5月1日-15日", "2023年上半年", "2023年Q2", "2023年第20周", "截至目前", "5月及以前", "2023年5月起"]
)  # fmt: skip
def test_what_is_no_whole_month_is_quoted(said):
    filed = form((3, 0, LINES["unit"]), (3, 12, f"统计时间：{said}"), path="5月附件1.xlsx")
    assert filed.month is None
    assert f"“{said.replace('（', '(').replace('）', ')')}”不是一个完整的月份" in filed.month_fault


@pytest.mark.parametrize(
    ("title", "fault"),
    [("2023年4月乡村振兴领域专项整治工作开展情况数据统计表", "不是同一个月"), ("2023年1-5月专项整治情况统计表", "不是一个完整的月份")]
    + [("累计数", "不是一个完整的月份"), ("乡村振兴领域专项整治2023年5月情况统计表", ""), ("2023年度专项整治情况统计表", "")],
)  # fmt: skip
def test_a_title_that_contradicts_the_label(title, fault):
    filed = form((1, 0, title), (3, 0, LINES["unit"]), (3, 12, LINES["month"]))
    assert fault in filed.month_fault
    assert (filed.month is None) == bool(fault)


@pytest.mark.parametrize(
    "note",
    [
        "填表说明：统计时间填写数据所属月份，如2023年3月",
        "根据2023年3月2日会议要求，每月25日前报送。",
        "注：1.本表报送2023年2月至12月各月数据",
    ],
)
def test_notes_above_the_table_name_nothing(note):
    filed = form((2, 0, note), (3, 0, LINES["unit"]), (3, 12, LINES["month"]))
    assert (filed.unit, filed.month) == (U, MAY)


# -- names around a table ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "unit"),
    [(f"报{U}5月统计表.xlsx", ""), (f"致{U}：附件1.xlsx", ""), (f"送{U}附件1.xlsx", ""), (f"报送{U}-5月统计表.xlsx", ""), (f"5月报{U}.xlsx", U)]
    + [(f"{OTHER}报{U}5月统计表.xlsx", OTHER), (f"{U}上报5月统计表.xlsx", U), (f"{U}、{OTHER}.xlsx", ""), (f"{U}/附件1.xlsx", U)]
    + [(f"{U}致县住建局函附表.xlsx", U), (f"{U}送县住建局.xlsx", U), (f"{U}和县住建局附件1.xlsx", ""), (f"{U}和平村附件1.xlsx", ""), (f"主送{U}.xlsx", "")]
    + [(f"附件1（报{U}）.xlsx", ""), (f"退回{U}附件1.xlsx", "")],
)  # fmt: skip
def test_the_addressee_is_not_the_filer(path, unit):
    (table,) = read(xlsx(annex1(unit=None)), path).tables
    assert table.unit == unit


@pytest.mark.parametrize("path", [f"报{OTHER}5月统计表.xlsx", f"致{OTHER}.xlsx"])
def test_the_addressee_is_no_other_unit_in_the_name(path):
    (table,) = read(xlsx(annex1(U)), path).tables
    assert (table.unit, table.units_in_name) == (U, ())


@pytest.mark.parametrize("name", ["附件1 5月", "附件1v2 5月 (2)", "表1 5月", "城关镇1 5月", "2023 05", "2023年 5月"])
def test_numbers_apart_in_a_name_are_two(name):
    assert form((3, 0, LINES["unit"]), path=f"{name}.xlsx").month == MAY


def test_a_week_in_a_name_is_no_month():
    assert form((3, 0, LINES["unit"]), path="5月第1周.xlsx").month_fault


def test_a_sheet_below_another_takes_what_is_said_above_both():
    sheet = annex1(U)
    annex1(None, None, sheet=sheet, top=9, press=4)
    for at in ((11, 0), (11, 12)):
        sheet.cells.pop(at)
    sheet.put(11, 0, "二、分表")
    tables = read(xlsx(sheet), "附件1.xlsx").tables
    assert [(t.unit, t.month) for t in tables] == [(U, MAY)] * 2


@pytest.mark.parametrize("row", [10, 12])
def test_captions_below_the_table_say_what_those_above_do_not(row):
    filed = form(
        (row, 0, "填报单位（盖章）：城关镇　　填表人：张某"),
        (row, 12, "统计时间：2023年5月"),
        (row + 1, 12, "2023年6月8日"),
    )
    assert (filed.unit, filed.unit_stated.origin, filed.month, filed.month_full) == (U, "form", MAY, True)
    blank = form(
        (3, 0, "单位："),
        (3, 12, "统计时间："),
        (row, 0, f"填报单位：{U}"),
        (row, 9, "填表时间：2023年6月"),
        path="5月.xlsx",
    )
    assert (blank.unit, blank.month_stated.origin) == (U, "file")


@pytest.mark.parametrize(
    "title",
    [f"{U}乡村振兴领域专项整治工作情况统计表", f"{U}2023年5月乡村振兴领域专项整治情况统计表", U, f"千阳县{U}（盖章）"],
)
def test_the_unit_in_a_title(title):
    filed = form((1, 0, title), (3, 12, LINES["month"]))
    assert (filed.unit, filed.unit_stated.origin) == (U, "form")


def test_the_measure_above_the_table_is_no_unit():
    filed = form((3, 0, LINES["unit"]), (3, 12, LINES["month"]), (3, 17, "单位：件"))
    assert (filed.unit, filed.month) == (U, MAY)


def _with_a_foot(*captions: str) -> Return:
    sheet = annex1()
    last = max(row for row, _ in sheet.cells)
    for n, caption in enumerate(captions, 1):
        sheet.put(last + n, 0, caption)
    (table,) = read(xlsx(sheet)).tables
    assert isinstance(table, Return)
    return table


@pytest.mark.parametrize(
    ("caption", "unit_fault", "month_fault"),
    [
        (f"填报单位（盖章）：{OTHER}", f"表内写着“{OTHER}”和“{U}”两个单位", ""),
        (f"填报单位（盖章）：{U}", "", ""),
        ("填报单位（盖章）：", "", ""),
        (f"主管单位：{OTHER}", "", ""),
        ("统计时间：2023年4月", "", "表内的“2023年5月”和“2023年4月”不是同一个月"),
        ("统计时间：2023年5月", "", ""),
        ("填表时间：2023年6月", "", ""),
    ],
)
def test_what_is_said_below_the_table_is_held_against_what_is_said_above(caption, unit_fault, month_fault):
    filed = _with_a_foot(caption)
    assert (filed.unit_fault, filed.month_fault) == (unit_fault, month_fault)


@pytest.mark.parametrize(
    "issued",
    [
        "附件1（2023年3月制）",
        "附件1（2023年3月修订）",
        "统计表（2023年3月印发）",
        "统计表（二〇二三年三月编制）",
        "报表（2023年3月版）",
    ],
)
def test_when_a_form_was_issued_is_not_its_month(issued):
    filed = form((3, 0, LINES["unit"]), (3, 12, LINES["month"]), (1, 0, issued))
    assert (filed.month, filed.month_fault) == (MAY, "")


def test_a_month_before_what_only_looks_like_an_issue_still_counts():
    title = "2023年4月制止违规占地专项整治统计表"
    filed = form((3, 0, LINES["unit"]), (3, 12, LINES["month"]), (1, 0, title))
    assert filed.month_fault == f"表内的“2023年5月”和“{title}”不是同一个月"


def test_a_sheet_says_nothing_for_the_sheets_behind_it():
    first, second = annex1("张家塬镇"), annex1(None)
    second.name = "第二张"
    second.cells = {at: v for at, v in second.cells.items() if v != "单位："}
    tables = read(xlsx(first, second), "报表.xlsx").tables
    assert [t.unit for t in tables] == ["张家塬镇", ""]


@pytest.mark.parametrize(
    ("unit_line", "month_line", "month"),
    [
        (f"填报单位：{U}2023年5月", "", MAY),
        (f"填报单位：{U}2023年4月", "统计时间：2023年5月", MAY),
        (f"填报单位：{U}2023年6月8日", "统计时间：2023年5月", MAY),
    ],
)
def test_a_month_behind_the_unit_stands_back_behind_that_of_a_label(unit_line, month_line, month):
    filed = form((3, 0, unit_line), *([(3, 12, month_line)] if month_line else []))
    assert (filed.unit, filed.month, filed.month_fault) == (U, month, "")


def test_a_month_without_its_year_is_not_stated_in_full():
    assert form((3, 0, LINES["unit"]), (3, 12, "统计时间：5月")).month_full is False
    assert form((2, 0, "2023年5月统计表"), (3, 0, LINES["unit"]), (3, 12, "统计时间：5月")).month_full is True


def test_a_part_of_a_unit_behind_the_label_is_not_on_the_roster():
    filed = form((3, 0, f"填报单位：{U}卫生院"), (3, 12, LINES["month"]))
    assert (filed.unit, filed.unit_fault) == ("", "填报单位不在应报单位名单中")


def test_a_unit_between_two_headers_begins_a_table_of_its_own():
    sheet = annex1(U)
    low = max(row for row, _ in sheet.cells) + 2
    annex1(OTHER, top=low, sheet=sheet)
    sheet.cells = {at: v for at, v in sheet.cells.items() if not low <= at[0] <= low + 2}
    sheet.merged.clear()
    sheet.put(low + 1, 0, f"填报单位：{OTHER}")
    assert [(t.unit, t.unit_fault) for t in read(xlsx(sheet)).tables] == [(U, ""), (OTHER, "")]

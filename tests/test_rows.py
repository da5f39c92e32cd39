"""Which row of a table is the return: roles of rows by their own labels, and one decision over them."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.model import Return
from tests.builders import FORM, MAY, VALUES, Sheet, annex1, expected, figures_of, read, read_one, xlsx

ROW = list(VALUES.values())
COUNTS = ROW[1:]


def times(n: int) -> list[object]:
    """A row of n times the figures."""
    return ["是", *(n * v for v in COUNTS)]


OLD, BLANK = times(7), [None] * len(ROW)


def table(*rows: tuple[object, list[object]], head: str = "类别", **more: object) -> Return:
    return read_one(annex1(before=[head], rows=[[label, *row] for label, row in rows], **more))


def picked(filed: Return) -> str:
    """`month` where the month's row was taken, else the number of times its figures stand there, or why none was."""
    if filed.row_fault:
        return filed.row_fault
    value = figures_of(filed)["inspections"]
    assert figures_of(filed) == expected(dict(zip(FORM.keys, times(value // VALUES["inspections"]), strict=True)))
    return str(value // VALUES["inspections"])


@pytest.mark.parametrize(
    "rows",
    [
        (("上月累计", OLD), ("本月发生", ROW), ("合计", times(8))),
        (("3月", OLD), ("4月", OLD), ("5月", ROW), ("合计", times(15))),
        (("本月数", ROW), ("累计数", OLD)),
        (("累计", OLD), ("当月", ROW)),
        (("上月", OLD), ("本月", ROW), ("合计", times(8))),
        (("2023年4月", OLD), ("2023年5月", ROW)),
        (("2022年5月", OLD), ("2023年5月", ROW)),
        (("1-4月累计", OLD), ("5月", ROW), ("1-5月累计", times(8))),
        (("本期", ROW), ("上年同期", OLD), ("增减", times(2))),
        (("上半月", OLD), ("下半月", OLD), ("本月", ROW)),
        ((None, ROW), ("累计", OLD)),
        (("城关镇", ROW), ("累计", OLD)),
        (("城关镇", ROW), ("合计", ROW)),
        ((None, ROW), ("合计", ROW)),
        (("全镇", ROW),),
        (("5月", ROW),),
        ((dt.date(2023, 5, 1), ROW), (dt.date(2023, 4, 1), OLD)),
        (("例", OLD), ("城关镇", ROW)),
        (("示例：", OLD), (None, ROW)),
        (("例：某某镇", OLD), ("城关镇", ROW), ("合计", ROW)),
        (("××镇", OLD), ("城关镇", ROW)),
        (("城关镇", ROW), ("去年同期", OLD), ("合计", times(8))),
        (("上月数据", OLD), ("本月数据", ROW), ("合计", times(8))),
        (("上报累计", OLD), ("本月上报", ROW), ("合计", times(8))),
        (("去年5月", OLD), ("今年5月", ROW)),
        (("城关镇4月", OLD), ("城关镇（5月）", ROW), ("合计", times(8))),
        (("××镇（示例）", OLD), ("城关镇", ROW)),
        (("样张", OLD), (None, ROW)),
        (("本月", ROW), ("截至本月底", OLD)),
        (("5月", ROW), ("截至5月底", OLD)),
        (("累计（截至5月）", OLD), ("5月新增", ROW)),
        (("截至5月底", ROW),),
        (("本级", ROW),),
        (("本单位", ROW),),
        (("城关镇政府", ROW),),
        (("城关镇乡村振兴办", ROW),),
        (("前进村", ROW), ("合计", ROW)),
    ],
)
def test_the_row_of_the_month(rows):
    assert picked(table(*rows)) == "1"


@pytest.mark.parametrize("head", ["类别", "月份", "单位", "名称", "序号", "项目", "时间", "统计期间"])
def test_the_label_counts_under_whatever_heading_it_stands(head):
    assert picked(table(("4月", OLD), ("5月", ROW), ("合计", times(8)), head=head)) == "1"


def test_a_number_under_months_is_a_month_and_one_that_counts_the_rows_is_none():
    assert picked(table((4, OLD), (5, ROW), head="月份")) == "1"
    assert picked(table((5, ROW), head="序号")) == "1"
    assert picked(table(("5", ROW), head="序号")) == "1"


@pytest.mark.parametrize(
    ("rows", "n"),
    [
        ((("前进村", ROW), ("光明村", ROW), ("合计", times(2))), "2"),
        ((("上半月", ROW), ("下半月", times(2)), ("合计", times(3))), "3"),
        ((("上旬", ROW), ("中旬", ROW), ("下旬", ROW), ("总计", times(3))), "3"),
        ((("张三", ROW), ("李四", ROW), ("合 计", times(2))), "2"),
        ((("机关", ROW), ("前进村", ROW), ("小计", times(2)), ("光明村", ROW), ("小计", ROW), ("合计", times(3))), "3"),
        ((("前进村", ROW), ("光明村", BLANK), ("合计", ROW)), "1"),
        ((("前进村", ROW), ("李四月", ROW), ("合计（2个）：", times(2))), "2"),
        ((("前进村", ROW), ("光明村", ROW), ("5月合计", times(2))), "2"),
        ((("前进村", ROW), ("光明村", ROW), ("全镇", times(2))), "2"),
        ((("前进村", ROW), ("光明村", ROW), ("Σ", times(2))), "2"),
        ((("前进村", ROW), ("光明村", ROW), ("Total", times(2))), "2"),
    ],
)
def test_a_total_over_parts_of_the_unit_or_of_the_month(rows, n):
    assert picked(table(*rows, head="单位")) == n


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ((("3月", OLD), ("4月", OLD)), "没有2023年5月的数据行，只有“3月”等其他月份的"),
        ((("累计", OLD),), "没有本月的数据行，只有“累计”等"),
        ((("上月", OLD), ("累计", OLD)), "没有本月的数据行，只有“上月”等"),
        ((("2022年5月", OLD),), "没有2023年5月的数据行，只有“2022年5月”等其他月份的"),
        ((("5月", ROW), ("本月", OLD)), "本月的数据有2行"),
        ((("2022年", ROW), ("2023年", ROW), ("合计", times(2))), "有2行数据，有的没有写明是哪里的"),
        ((("信访", ROW), ("举报", ROW), ("合计", times(2))), "有2行数据，有的没有写明是哪里的"),
        ((("线上", ROW), ("线下", ROW), ("合计", times(2))), "有2行数据，有的没有写明是哪里的"),
        ((("前进村", ROW), ("张家塬镇", ROW), ("合计", times(2))), "有2行数据，“张家塬镇”是另一个单位"),
        ((("城关镇", ROW), ("城关镇", ROW), ("合计", times(2))), "“城关镇”有2行数据"),
        ((("前进村", ROW), ("光明村", ROW)), "有2行数据，没有“合计”行"),
        ((("前进村", ROW),), "只有“前进村”一行数据，没有“合计”行"),
        ((("县扶贫办", ROW),), "只有“县扶贫办”一行数据，没有“合计”行"),
        ((("截至4月底", OLD), ("截至5月底", ROW)), "没有本月的数据行，只有“截至4月底”等"),
        ((("至4月底", OLD), ("至5月底", ROW)), "没有本月的数据行，只有“至4月底”等"),
        ((("截至上月", OLD), ("截至本月", ROW)), "没有本月的数据行，只有“截至上月”等"),
        ((("前进村", ROW), ("光明村", ROW), ("合计", ROW)), "有2行数据，“合计”行与各行之和不等"),
        ((("前进村", ROW), ("光明村", ROW), ("合计", times(2)), ("总计", times(2))), "有2行数据和多个“合计”行"),
        (((None, ROW), (None, ROW), ("合计", times(2))), "有2行数据，有的没有写明是哪里的"),
        ((("上半月", ROW), ("下半月", ROW)), "有2行数据，没有“合计”行"),
        ((("上半月", ROW),), "有1行数据，没有“合计”行"),
        ((("城关镇", ROW), ("合计", OLD)), "“合计”行与数据行不等"),
        ((("前进村", BLANK), ("光明村", BLANK), ("合计", ROW)), "“合计”行与各行之和不等"),
        (((None, ROW), ("4月", OLD)), "没有2023年5月的数据行，只有“4月”等其他月份的"),
        ((("截至5月累计", OLD),), "没有本月的数据行，只有“截至5月累计”等"),
        ((("前进村累计", OLD),), "没有本月的数据行，只有“前进村累计”等"),
        ((("前进村", ROW), ("光明村", ROW), ("5月合计", OLD)), "“5月合计”行与各行之和不等"),
        ((("4月下旬", ROW), ("5月上旬", ROW), ("合计", times(2))), "有1行数据，没有“合计”行"),
        ((("原报数", OLD), ("更正数", ROW), ("合计", times(8))), "有2行数据，有的没有写明是哪里的"),
        ((("城关镇", ["约5"] * len(ROW)), ("城关镇", ROW)), "“城关镇”有2行数据"),
    ],
)
def test_what_has_no_single_reading_is_reported(rows, fault):
    assert table(*rows).row_fault == fault


def test_an_example_alone_is_no_return():
    filed = table(("例", OLD), (None, BLANK))
    assert (filed.is_blank, filed.figures["press"].cell) == (True, "Q7")
    assert table(("示例", OLD)).is_blank
    assert table(("填表参考示例", OLD)).is_blank


@pytest.mark.parametrize("first", [1, 2, 3])
def test_a_printed_row_of_column_numbers_is_no_return(first):
    numbers = list(range(first, first + len(ROW)))
    assert read_one(annex1(rows=[numbers])).is_blank
    assert picked(read_one(annex1(rows=[numbers, ROW]))) == "1"
    assert picked(read_one(annex1(rows=[["-", *numbers[:-1]], ROW]))) == "1"
    assert picked(read_one(annex1(rows=[[f"({n})" for n in numbers], ROW]))) == "1"


@pytest.mark.parametrize("form", ["{}.", "第{}栏", "C{}", "({})"])
def test_column_numbers_in_other_clothes(form):
    numbers = [form.format(n + 1) for n in range(len(ROW))]
    assert read_one(annex1(rows=[numbers])).is_blank
    numbers[6], numbers[11] = "7=8+9", "12=13+14"
    assert picked(read_one(annex1(rows=[numbers, ROW]))) == "1"


def test_letters_of_columns_and_how_they_are_filled_in_are_no_figures():
    letters = [chr(ord("A") + n) for n in range(len(ROW))]
    assert picked(read_one(annex1(rows=[letters, ROW]))) == "1"
    assert picked(read_one(annex1(rows=[["是/否", *["必填"] * (len(ROW) - 1)], ROW]))) == "1"
    assert read_one(annex1(rows=[["必填"] * len(ROW)])).is_blank


def test_column_numbers_in_words_and_measures_behind_a_question():
    chinese = [*"一二三四五六七八九十", *(f"十{c}" for c in "一二三四五六七八九")]
    assert read_one(annex1(rows=[chinese])).is_blank
    assert picked(read_one(annex1(rows=[["（是/否）", *["（次）"] * (len(ROW) - 1)], ROW]))) == "1"
    assert picked(read_one(annex1(rows=[["—", "—", "—", "—", *["次"] * (len(ROW) - 4)], ROW]))) == "1"
    assert picked(read_one(annex1(rows=[["—", "—", *range(3, len(ROW) + 1)], ROW]))) == "1"
    assert picked(read_one(annex1(rows=[["请选择", *["次"] * (len(ROW) - 1)], ROW]))) == "1"


@pytest.mark.parametrize("day", ["2023年6月8日", "2023-06-08 10:11:12", dt.date(2023, 6, 8)])
def test_a_day_beside_the_figures_or_below_them_is_that_of_writing(day):
    assert picked(table((day, ROW), head="提交时间")) == "1"
    assert picked(table((day, ROW), head="日期")) == "1"
    assert picked(read_one(annex1(rows=[ROW, [day]]))) == "1"
    assert read_one(annex1(rows=[[None] * len(ROW), [day]])).is_blank


@pytest.mark.parametrize("head", ["填报人", "联系电话", "填报日期", "牵头单位"])
def test_who_filled_a_row_in_and_when_says_nothing_of_it(head):
    assert picked(table(("6月", ROW), head=head)) == "1"


@pytest.mark.parametrize("number", [1, "1.", "一、", "①"])
def test_the_number_of_a_row_is_nobodys_name(number):
    sheet = annex1(None, before=["序号", "单位"], rows=[[number, None, *ROW]])
    filed = read_one(sheet, path="城关镇附件1.xlsx")
    assert (picked(filed), filed.unit, filed.unit_stated.origin) == ("1", "城关镇", "file")


@pytest.mark.parametrize("note", ["5月", "合计", "累计"])
def test_a_label_alone_in_the_first_column_is_no_row(note):
    assert picked(read_one(annex1(rows=[ROW, [note]]))) == "1"


@pytest.mark.parametrize(
    "remark", ["正常", "含下属单位合计", "数字已汇总", "某村另报", "例行督导", "本月累计", "4月数", "上月"]
)
@pytest.mark.parametrize("head", ["备注", "情况说明", "说明", "工作方式"])
def test_a_remark_never_says_what_a_row_is(remark, head):
    assert picked(read_one(annex1(after=[head], rows=[[*ROW, remark]]))) == "1"
    rows = [["城关镇", *ROW, remark], ["张家塬镇", *OLD, None]]
    tables = read(xlsx(annex1(None, before=["单位"], after=[head], rows=rows)), "附件1.xlsx").tables
    assert [(t.unit, t.row_fault) for t in tables] == [("城关镇", ""), ("张家塬镇", "")]


def test_in_a_table_of_several_units_no_row_is_lost():
    rows = [["城关镇", *ROW], ["某某办公室", *OLD], ["张家塬镇", *ROW], [None, *OLD], ["合计", *times(16)]]
    tables = read(xlsx(annex1(None, before=["单位"], rows=rows)), "附件1.xlsx").tables
    assert [(t.unit, t.unit_stated.text) for t in tables] == [
        ("城关镇", "城关镇"),
        ("张家塬镇", "张家塬镇"),
        ("", "某某办公室"),
        ("", ""),
    ]


def test_rows_of_times_of_each_unit_in_a_table_of_several():
    rows = [["城关镇", "上月", *OLD], [None, "本月", *ROW], ["张家塬镇", "上月", *OLD], [None, "本月", *times(2)]]
    tables = read(xlsx(annex1(None, before=["单位", "类别"], rows=rows)), "附件1.xlsx").tables
    assert [(t.unit, picked(t)) for t in tables] == [("城关镇", "1"), ("张家塬镇", "2")]


def test_villages_of_each_unit_in_a_table_of_several():
    rows = [["城关镇", "甲村", *ROW], [None, "乙村", *ROW], [None, "小计", *times(2)], ["张家塬镇", "丙村", *ROW]]
    tables = read(xlsx(annex1(None, before=["单位", "村"], rows=rows)), "附件1.xlsx").tables
    assert [(t.unit, picked(t)) for t in tables] == [("城关镇", "2"), ("张家塬镇", "1")]
    del rows[2]
    tables = read(xlsx(annex1(None, before=["单位", "村"], rows=rows)), "附件1.xlsx").tables
    assert [(t.unit, t.row_fault) for t in tables] == [("城关镇", "有2行数据，没有“合计”行"), ("张家塬镇", "")]


def test_a_running_total_or_a_note_of_nobody_needs_no_line():
    rows = [["累计", *OLD], ["城关镇", *ROW], ["张家塬镇", *ROW], ["以上由各单位自行填报"]]
    tables = read(xlsx(annex1(None, before=["单位"], rows=rows)), "附件1.xlsx").tables
    assert [(t.unit, picked(t)) for t in tables] == [("城关镇", "1"), ("张家塬镇", "1")]


def test_notes_below_a_table_may_have_their_numbers_in_cells_of_their_own():
    sheet = annex1(rows=[ROW])
    sheet.put(6, 0, "注", 1, "本表由各单位填报").put(7, 1, 2, "按月报送")
    assert picked(read_one(sheet)) == "1"
    sheet.put(8, 0, *OLD)
    assert read_one(sheet).row_fault == "有2行数据，没有“合计”行"
    unlabelled = annex1(rows=[ROW]).put(6, 1, 2, "按月报送")
    assert read_one(unlabelled).row_fault == "有2行数据，没有“合计”行"


def test_a_total_of_all_units_is_none_of_the_last():
    rows = [[1, "城关镇", *ROW], [2, "张家塬镇", *ROW], ["合计", None, *times(2)]]
    tables = read(xlsx(annex1(None, before=["序号", "单位"], rows=rows)), "附件1.xlsx").tables
    assert [(t.unit, picked(t)) for t in tables] == [("城关镇", "1"), ("张家塬镇", "1")]


def test_a_unit_twice_in_a_table_of_several_is_reported():
    rows = [["城关镇", *ROW], ["张家塬镇", *ROW], ["城关镇", *OLD]]
    tables = read(xlsx(annex1(None, before=["单位"], rows=rows)), "附件1.xlsx").tables
    assert [(t.unit, t.row_fault) for t in tables] == [("城关镇", "“城关镇”有2行数据"), ("张家塬镇", "")]


def test_the_month_of_the_only_row_is_the_months_where_nothing_else_says_it():
    filed = read_one(annex1(period=None, before=["月份"], rows=[["2023年5月", *ROW]]), path="城关镇.xlsx")
    assert (filed.month, filed.month_stated.origin, filed.month_full, filed.header.added) == (MAY, "form", True, ())


# -- tables beside each other -----------------------------------------------------------------------------------------


def beside(*blocks: tuple[str, list[object]]) -> Sheet:
    """Tables side by side under one title, each with its heading."""
    sheet, width = annex1(rows=[blocks[0][1]]), len(ROW)
    sheet.cells = {(r + (r > 2), c): v for (r, c), v in sheet.cells.items()}
    sheet.merged.clear()
    for n, (heading, row) in enumerate(blocks):
        for r in (4, 5):
            for c in range(width):
                if (r, c) in sheet.cells:
                    sheet.put(r, n * width + c, sheet.cells[r, c])
        sheet.put(3, n * width, heading).put(6, n * width, *row)
    return sheet


@pytest.mark.parametrize(
    "headings", [("上月数", "本月数"), ("累计", "本月"), ("4月", "5月"), ("1-4月累计", "2023年5月")]
)
def test_of_blocks_side_by_side_the_one_of_the_month_counts(headings):
    tables = read(xlsx(beside((headings[0], OLD), (headings[1], ROW)))).tables
    assert [(picked(t), bool(t.aside)) for t in tables if not t.aside] == [("1", False)]
    tables = read(xlsx(beside((headings[1], ROW), (headings[0], OLD)))).tables
    assert [(picked(t), bool(t.aside)) for t in tables if not t.aside] == [("1", False)]


def test_blocks_that_nothing_tells_apart_are_none():
    tables = read(xlsx(beside(("", OLD), ("", ROW)))).tables
    assert {t.row_fault for t in tables} == {"同一工作表中有2张2023年5月的表，数字不同"}


def in_parts(*headings: str) -> Return:
    """A form with two columns under each label, of which the second holds the month's figures."""
    sheet = Sheet().put(2, 0, "单位：城关镇").put(2, 12, "统计时间：2023年5月")
    printed = annex1()
    for c, key in enumerate(FORM.keys):
        sheet.put(3, 2 * c, printed.cells.get((3, c))).put(4, 2 * c, printed.cells[4, c])
        sheet.put(5, 2 * c, *headings).put(6, 2 * c, OLD[c], VALUES[key])
    return read_one(sheet)


@pytest.mark.parametrize("headings", [("累计", "本月"), ("截至本月", "本月发生"), ("4月", "5月")])
def test_this_month_and_running_totals_under_every_label(headings):
    assert picked(in_parts(*headings)) == "1"


@pytest.mark.parametrize("headings", [("计划", "完成"), ("线上", "线下"), ("上半月", "下半月")])
def test_columns_under_every_label_of_which_none_is_the_months(headings):
    filed = in_parts(*headings)
    assert (filed.row_fault, filed.is_blank) == ("各栏目下分列填写，看不出哪一列是当月数", False)


def test_a_header_printed_again_goes_on_and_a_table_printed_twice_is_one():
    sheet = annex1(before=["单位"], rows=[["前进村", *ROW]])
    again = annex1(None, None, before=["单位"], rows=[["光明村", *ROW], ["合计", *times(2)]])
    sheet.cells |= {(r + 4, c): v for (r, c), v in again.cells.items() if r > 2}
    assert picked(read_one(sheet)) == "2"
    twice = annex1()
    twice.cells |= {(r + 4, c): v for (r, c), v in twice.cells.items() if r > 2}
    assert picked(read_one(twice)) == "1"


def test_a_sheet_of_running_totals_beside_the_months_is_none_of_them():
    month, running = annex1(), annex1(rows=[OLD])
    month.name, running.name = "5月", "累计"
    tables = read(xlsx(running, month)).tables
    assert [(t.sheet, bool(t.aside)) for t in tables] == [("累计", True), ("5月", False)]
    several = annex1(period="2023年1-5月", rows=[OLD])
    several.name = "汇总"
    assert [(t.sheet, bool(t.aside)) for t in read(xlsx(month, several)).tables] == [("5月", False), ("汇总", True)]
    assert read_one(several).month_fault


@pytest.mark.parametrize("name", ["上月", "截至5月累计"])
def test_a_sheet_named_after_another_time_is_none_of_the_months(name):
    month, other = annex1(), annex1(rows=[OLD])
    other.name = name
    assert [bool(t.aside) for t in read(xlsx(month, other)).tables] == [False, True]


@pytest.mark.parametrize("unit", ["城关镇", "XX镇"])
@pytest.mark.parametrize("figures", [ROW, BLANK])
def test_a_sheet_with_an_example_is_no_return(unit, figures):
    form, example = annex1(rows=[figures]), annex1(unit, rows=[OLD])
    example.name = "填报示例"
    (filed,) = read(xlsx(form, example)).tables
    assert (filed.sheet, filed.is_blank) == ("附件1", figures is BLANK)


# -- more figures than columns ----------------------------------------------------------------------------------------

_PUSHED = [*ROW[:12], 3, *ROW[12:]]


def test_a_row_with_more_figures_than_columns_has_no_single_reading():
    filed = read_one(annex1(rows=[_PUSHED]))
    assert filed.row_fault.startswith("数据比栏目多")
    assert f"“{ROW[-1]}”上面没有栏目" in filed.row_fault


def test_in_a_table_of_several_units_it_is_that_row():
    faults = {r.unit: bool(r.row_fault) for r in read(_two_units(_PUSHED, ROW)).tables if isinstance(r, Return)}
    assert faults == {"城关镇": True, "张家塬镇": False}


@pytest.mark.parametrize("beside", [["已核"], [None, 3], [sum(COUNTS)], ["13800138000"]])
def test_what_somebody_reckoned_or_noted_beside_the_table_is_no_figure_too_many(beside):
    filed = read_one(annex1(rows=[[*ROW, *beside]]))
    assert (filed.row_fault, figures_of(filed)) == ("", expected())


def test_a_number_beside_every_row_is_a_column_of_its_own():
    faults = [r.row_fault for r in read(_two_units([*ROW, 1], [*ROW, 2])).tables if isinstance(r, Return)]
    assert faults == ["", ""]


def _two_units(first: list[object], second: list[object]) -> bytes:
    return xlsx(annex1(None, before=["单位"], rows=[["城关镇", *first], ["张家塬镇", *second]]))

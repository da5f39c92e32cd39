"""The form, however it was bent, gives the same return."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Contacts, Month, Return
from schemas.columns import MISSING, UNREADABLE
from tests.builders import (
    FORM,
    MAY,
    VALUES,
    Formula,
    Sheet,
    annex1,
    annex2,
    cell_of,
    column_of,
    expected,
    figures_of,
    read,
    read_one,
    row_of,
    xlsx,
)

BLANKS = [None] * len(FORM.keys)
ROW = [VALUES[k] for k in FORM.keys]


def whole(filed: Return) -> tuple[object, ...]:
    return filed.unit, filed.month, figures_of(filed), filed.row_fault


AS_SENT = ("城关镇", MAY, expected(), "")


def test_the_form_as_it_was_sent_out():
    filed = read_one(annex1())
    assert whole(filed) == AS_SENT
    assert [f.cell for f in filed.figures.values()] == [cell_of(k) for k in FORM.keys]
    assert (filed.header.moved, filed.header.renamed, filed.header.added) == ((), {}, ())


@given(
    top=st.integers(0, 40),
    left=st.integers(0, 30),
    before=st.lists(st.sampled_from(["序号", "备注"]), unique=True, max_size=2),
    after=st.lists(st.sampled_from(["备注", "说明"]), unique=True, max_size=2),
    order=st.permutations(FORM.keys),
    counts=st.lists(st.integers(0, 10**6), min_size=len(FORM.counts), max_size=len(FORM.counts)),
)
@settings(max_examples=60, deadline=None)
def test_any_place_any_order_any_figures(top, left, before, after, order, counts):
    values = dict(zip(FORM.keys, row_of(0), strict=True)) | dict(zip(FORM.counts, counts, strict=True))
    sheet = annex1(top=top, left=left, before=before, after=after, order=order, **values)
    filed = read_one(sheet)
    assert whole(filed) == ("城关镇", MAY, expected(values), "")
    for key, f in filed.figures.items():
        (row, column) = next(at for at in sheet.cells if _address(*at) == f.cell)
        assert sheet.cells[row, column] == values[key]


def _address(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return xl_rowcol_to_cell(row, column)


def _regroup(sheet: Sheet, how: str) -> Sheet:
    groups = [(c, v) for (r, c), v in sheet.cells.items() if r == 3]
    ends = [c for c, _ in groups[1:]] + [len(FORM.keys)]
    for (c, v), end in zip(groups, ends, strict=True):
        if how == "merged":
            sheet.merged.append((3, c, 3, end - 1))
        elif how == "repeated":
            sheet.put(3, c, *[v] * (end - c))
    return sheet


@pytest.mark.parametrize("how", ["merged", "repeated", "once"])
def test_group_headings_merged_repeated_or_once(how):
    assert whole(read_one(_regroup(annex1(), how))) == AS_SENT


@pytest.mark.parametrize(
    "change",
    [lambda t: "\n".join(t), lambda t: t.replace("(", "（").replace(")", "）"), lambda t: t.partition("(")[0], lambda t: f" {t} "]
    + [lambda t: t.replace("线索", "线 索"), lambda t: t.replace("党委党组", "党委（党组）")],
)  # fmt: skip
def test_labels_with_breaks_spaces_and_brackets(change):
    sheet = annex1()
    for c in range(len(FORM.keys)):
        sheet.cells[4, c] = change(str(sheet.cells[4, c]))
    filed = read_one(sheet)
    assert whole(filed) == AS_SENT
    assert filed.header.renamed == {}


def test_a_label_in_other_words_is_known_and_reported():
    sheet = annex1().put(4, column_of("press"), "报刊宣传")
    assert read_one(sheet).header.renamed == {"press": "报刊宣传"}


def test_an_unknown_label_is_not_guessed():
    filed = read_one(annex1().put(4, column_of("concluded"), "未办结(件)"))
    assert filed.figures["concluded"].state == MISSING
    assert filed.header.added == ("未办结",)


def test_rows_of_measures_and_numbers_under_the_header_are_no_data():
    measures = [f"({FORM.column[k].measure})" if FORM.column[k].measure else None for k in FORM.keys]
    filed = read_one(annex1(rows=[measures, list(range(1, len(FORM.keys) + 1)), ROW]))
    assert whole(filed) == AS_SENT


@pytest.mark.parametrize(
    "rows",
    [
        [["例：某某镇", *[9] * len(FORM.keys)], ["城关镇", *ROW]],
        [["（示例）", *[9] * len(FORM.keys)], ["城关镇", *ROW], ["合计", *ROW]],
        [
            ["XX镇", *[9] * len(FORM.keys)],
            [None, *BLANKS],
            ["城关镇", *ROW],
            [None, *BLANKS],
            ["填表人：张某", None, "审核人：王某"],
        ],
        [["城关镇", *ROW], ["以上数据已核实"], ["联系电话：", 9174240000, None, 13800000000]],
        [["东村", *row_of(1)], ["西村", *row_of(2)], ["合 计", *row_of(3)]],
    ],
)
def test_rows_around_the_data_row(rows):
    filed = read_one(annex1(before=["单位"], rows=rows))
    values = VALUES if ROW in [r[1:] for r in rows] else dict(zip(FORM.keys, row_of(3), strict=True))
    assert whole(filed) == ("城关镇", MAY, expected(values), "")


def test_village_rows_whose_total_leaves_the_answer_open_take_the_villages_answer():
    total = [None if v == "是" else v for v in row_of(3)]
    rows = [["东村", *row_of(1)], ["西村", *row_of(2)], ["合计", *total]]
    filed = read_one(annex1(before=["村"], rows=rows))
    assert (filed.figures["body_established"].value, filed.figures["press"].cell) == (
        True,
        cell_of("press", 8, right=1),
    )


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([["东村", *ROW], ["西村", *ROW]], "有2行数据，没有“合计”行"),
        ([["东村", *ROW], ["西村", *ROW], ["合计", *ROW]], "有2行数据，“合计”行与各行之和不等"),
    ],
)
def test_several_rows_without_their_sum_are_not_guessed(rows, fault):
    assert read_one(annex1(before=["村"], rows=rows)).row_fault == fault


def test_several_units_in_one_table():
    rows = [["城关镇", *ROW], ["张家塬镇", *ROW], ["县住建局", *BLANKS], ["县公安局", *ROW], ["合计", *ROW]]
    tables = read(xlsx(annex1("县乡村振兴局", before=["单位"], rows=rows))).tables
    assert [(t.unit, t.unit_stated.text, t.shared) for t in tables] == [
        ("城关镇", "城关镇", True),
        ("张家塬镇", "张家塬镇", True),
        ("", "县公安局", True),
    ]


def test_an_empty_form_is_a_return():
    filed = read_one(annex1(rows=[BLANKS]))
    assert set(figures_of(filed).values()) == {None}
    assert filed.figures["press"].cell == cell_of("press")


def test_errors_and_formulas_without_result_are_no_blanks():
    sheet = annex1(
        press=Formula("=1/0", "#DIV/0!"), broadcast=Formula("=1+2"), created=Formula("=1+2", 3), inspections=None
    )
    figures = read_one(sheet).figures
    assert [(figures[k].state, figures[k].filed) for k in ("press", "broadcast")] == [
        (UNREADABLE, "#DIV/0!"),
        (UNREADABLE, "=1+2"),
    ]
    assert (figures["created"].value, figures["inspections"].state) == (3, "blank")


def test_a_row_of_nothing_but_formulas_without_result_is_still_the_row():
    filed = read_one(annex1(rows=[[Formula("=1+2")] * len(FORM.keys)]))
    assert {f.state for f in filed.figures.values()} == {UNREADABLE}


def test_what_lies_under_a_merge_was_not_filed():
    sheet = annex1()
    first, under = column_of("petitions_total"), column_of("self_handled")
    sheet.merged.append((5, first, 5, under))
    sheet.cells.pop((5, under))
    assert figures_of(read_one(sheet))["self_handled"] is None


@pytest.mark.parametrize(
    "captions",
    [
        {(2, 0): "填报单位（盖章）：城关镇", (2, 12): "统计期间：2023年5月"},
        {(2, 0): "单 位：城关镇　　　统 计 时 间：2023年5月"},
        {(2, 0): "单位名称", (2, 1): "城关镇", (2, 12): "所属月份", (2, 13): "2023-05"},
        {(2, 0): "单位：", (2, 2): "城关镇", (2, 10): "统计时间：", (2, 11): dt.date(2023, 5, 1)},
        {(0, 3): "统计时间：2023年5月", (2, 0): "单位：城关镇", (2, 12): "单位：件、次"},
        {(1, 0): "2023年5月乡村振兴领域专项整治工作开展情况数据统计表", (2, 0): "填报单位:城关镇"},
        {(1, 0): "城关镇乡村振兴领域专项整治工作开展情况数据统计表", (2, 0): "月份：2023年5月"},
    ],
)
def test_unit_and_month_in_other_words_and_places(captions):
    sheet = annex1()
    sheet.cells = {at: v for at, v in sheet.cells.items() if at[0] > 2} | captions
    filed = read_one(sheet)
    assert whole(filed) == AS_SENT
    assert (filed.unit_stated.origin, filed.month_stated.origin, filed.month_full) == ("form", "form", True)


@pytest.mark.parametrize(
    ("path", "sheet", "origin"),
    [
        ("5月/城关镇附件1.xlsx", "附件1", "folder"),
        ("城关镇5月报表.xlsx", "附件1", "file"),
        ("城关镇.xlsx", "2023年5月", "sheet"),
    ],
)
def test_the_month_is_looked_for_outwards(path, sheet, origin):
    one = annex1(period=None)
    one.name = sheet
    filed = read_one(one, path=path)
    assert (filed.month, filed.month_stated.origin, filed.month_full) == (MAY, origin, False)


def test_a_sheet_per_month_and_blank_months_to_come():
    sheets = []
    for m in range(3, 9):
        one = annex1(period=f"2023年{m}月", rows=[ROW if m <= 5 else BLANKS])
        one.name = f"{m}月"
        sheets.append(one)
    tables = read(xlsx(*sheets)).tables
    assert [t.month for t in tables] == [Month(2023, m) for m in (3, 4, 5)]


def test_hidden_sheets_are_not_read_and_that_is_said():
    old = annex1(press=99)
    old.name, old.hidden = "旧", True
    reading = read(xlsx(old, annex1()))
    assert [whole(t) for t in reading.tables] == [AS_SENT]
    assert reading.notes == ("隐藏工作表“旧”未读",)


@pytest.mark.parametrize("second_at", [0, 12])
def test_both_annexes_on_one_sheet(second_at):
    sheet = annex1(top=0 if second_at else 10)
    annex2(sheet=sheet, top=second_at)
    tables = read(xlsx(sheet)).tables
    by_kind = {type(t): t for t in tables}
    assert len(tables) == 2
    assert whole(by_kind[Return]) == AS_SENT
    assert [p.name for p in by_kind[Contacts].people] == ["张三", "李四"]


def test_an_annex_2_without_unit_belongs_to_the_annex_1_beside_it():
    tables = read(xlsx(annex1(), annex2(unit="")), path="报表.xlsx").tables
    assert [(t.unit, t.unit_stated.origin) for t in tables] == [("城关镇", "form")] * 2


def _contacts(sheet: Sheet) -> Contacts:
    (table,) = read(xlsx(sheet)).tables
    assert isinstance(table, Contacts)
    return table


def _people(table: Contacts) -> list[tuple[str, ...]]:
    return [(p.role, p.name, p.post, p.phone, p.cells["phone"]) for p in table.people]


@pytest.mark.parametrize(
    ("head", "rows", "cells"),
    [
        (
            ["姓名", "工作单位及职务", "联系方式"],
            [["分管领导：张 三", "副镇长", 13800000001], ["业务骨干:李四", "科员", "13800000002"]],
            "C5 C6",
        ),
        (
            ["类别", "姓名", "职务", "电话"],
            [["分管领导", "张三", "副镇长", 13800000001], ["联络员", "李四", "科员", "13800000002"]],
            "D5 D6",
        ),
        (
            ["姓名", "单位及职务", "联系电话"],
            [
                ["分管领导:"],
                ["张三", "副镇长", "13800000001"],
                ["业务骨干:"],
                ["李四", "科员", 13800000002],
                ["填表人：王某"],
            ],
            "C6 C8",
        ),
    ],
)
def test_annex_2_in_its_three_layouts(head, rows, cells):
    sheet = Sheet("附件2").put(0, 0, "附件2").put(2, 0, "单位:城关镇").put(3, 0, *head)
    for i, row in enumerate(rows):
        sheet.put(4 + i, 0, *row)
    first, second = cells.split()
    assert _people(_contacts(sheet)) == [
        ("leader", "张三", "副镇长", "13800000001", first),
        ("liaison", "李四", "科员", "13800000002", second),
    ]


def test_a_second_person_of_a_role_is_not_lost():
    sheet = annex2().put(6, 0, "王五", "科员", "13800000003")
    assert [(p.role, p.name) for p in _contacts(sheet).people] == [
        ("leader", "张三"),
        ("liaison", "李四"),
        ("liaison", "王五"),
    ]


@pytest.mark.parametrize(
    ("data", "rule"),
    [(b"", "FILE-1"), (b"\x00\x01\x02", "FILE-1"), (b"Rar!\x1a\x07", "FILE-1"), (b"just text", "FILE-2"), (b"%PDF-1.4", "FILE-3"), (b"\x89PNG\r\n", "FILE-3")]
    + [(xlsx(annex1())[:3000], "FILE-1"), (xlsx(Sheet().put(0, 0, "会议通知")), "FILE-2")],
)  # fmt: skip
def test_what_is_no_return_costs_its_own_line(data, rule):
    reading = read(data)
    assert (reading.rule, reading.unit, reading.tables) == (rule, "城关镇", ())
    assert reading.detail


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"), b"%PDF", b"\x09\x08"]),
)
@settings(max_examples=150, deadline=None)
def test_no_bytes_raise(data, magic):
    reading = read(magic + data)
    assert reading.rule in ("FILE-1", "FILE-2", "FILE-3")


@given(st.integers(0, 10**6), st.integers(0, 255))
@settings(max_examples=100, deadline=None)
def test_a_damaged_workbook_is_read_or_reported(place, byte):
    data = bytearray(xlsx(annex1()))
    data[place % len(data)] = byte
    reading = read(bytes(data))
    assert reading.tables or reading.rule


def _named(sheet: Sheet, name: str) -> Sheet:
    sheet.name = name
    return sheet


@pytest.mark.parametrize("blank_first", [True, False])
@pytest.mark.parametrize(
    "blank", [annex1(rows=[BLANKS]), annex1(None, None, rows=[BLANKS]), annex1(None, rows=[BLANKS])]
)
def test_a_blank_copy_of_the_form_beside_the_filled_one_is_a_template(blank, blank_first):
    sheets = [_named(blank, "空表"), annex1()][:: 1 if blank_first else -1]
    assert [whole(t) for t in read(xlsx(*sheets)).tables] == [AS_SENT]
    assert [whole(t) for t in read(xlsx(*sheets), "附件1.xlsx").tables] == [AS_SENT]


NOBODY = [("分管领导", "", None, None), ("业务骨干", "", None, None)]


def test_a_blank_annex_2_beside_a_filled_form_is_a_template():
    assert [whole(t) for t in read(xlsx(annex1(), annex2(people=NOBODY))).tables] == [AS_SENT]
    (table,) = read(xlsx(_named(annex2(people=NOBODY), "空表"), annex2())).tables
    assert [p.name for p in table.people] == ["张三", "李四"]
    (alone,) = read(xlsx(annex2(people=NOBODY))).tables
    assert [p.name for p in alone.people] == ["", ""]


def test_rows_of_units_nobody_knows_do_not_flood_the_list():
    from pipeline.read.returns.annex1 import MAX_UNKNOWN_ROWS

    unknown = [[f"无名{i}镇", *ROW] for i in range(MAX_UNKNOWN_ROWS + 20)]
    rows = [["城关镇", *ROW], *unknown, ["张家塬镇", *ROW]]
    tables = read(xlsx(annex1(before=["单位"], rows=rows))).tables
    assert [t.unit for t in tables if t.unit] == ["城关镇", "张家塬镇"]
    assert len(tables) == 2 + MAX_UNKNOWN_ROWS + 1
    assert tables[-1].unit_stated.text == "另有20行"

    sheet = Sheet("附件2").put(0, 0, "单位", "姓名", "工作单位及职务", "联系方式")
    for i, name in enumerate(["城关镇", *(r[0] for r in unknown)]):
        sheet.put(1 + i, 0, name, "分管领导：张三", "副镇长", "13800000001")
    lists = read(xlsx(sheet)).tables
    assert (len(lists), lists[-1].unit_stated.text) == (1 + MAX_UNKNOWN_ROWS + 1, "另有20家")

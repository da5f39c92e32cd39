"""The header, however its labels are dressed: numbered, doubled, on several levels, off their groups."""

from __future__ import annotations

import pytest

from schemas.columns import MISSING
from tests.builders import FORM, VALUES, Sheet, annex1, expected, figures_of, read_one

GROUP_ROW, LABEL_ROW, DATA_ROW = 3, 4, 5
AT = {key: i for i, key in enumerate(FORM.keys)}
DOUBLED = [k for k in FORM.keys if [c.label for c in FORM.columns].count(FORM.column[k].label) > 1]
ROW = list(VALUES.values())


def headed(change, row: int) -> Sheet:
    """The form with every heading of that row changed, given its text and its number among them."""
    sheet = annex1()
    for n, c in enumerate(sorted(c for r, c in sheet.cells if r == row)):
        sheet.cells[row, c] = change(str(sheet.cells[row, c]), n)
    return sheet


def is_as_sent(sheet: Sheet) -> bool:
    filed = read_one(sheet)
    return figures_of(filed) == expected() and (filed.header.renamed, filed.header.moved, filed.header.added) == (
        {},
        (),
        (),
    )


NUMBERS = [
    lambda n: f"{'一二三四五六七八九十'[n % 10]}、",
    lambda n: f"{n + 1}.",
    lambda n: f"（{n + 1}）",
    lambda n: f"{n + 1}、",
    lambda n: f"({'一二三四五六七八九十'[n % 10]})",
    lambda n: f"第{'一二三四五六七八九十'[n % 10]}部分 ",
    lambda n: f"{'一二三四五六七八九十'[n % 10]} ",
    lambda n: f"{'ⅠⅡⅢⅣⅤⅥ'[n % 6]} ",
    lambda n: f"{'壹贰叁肆伍陆'[n % 6]}、",
]


@pytest.mark.parametrize("row", [GROUP_ROW, LABEL_ROW])
@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_before_headings_change_nothing(row, number):
    assert is_as_sent(headed(lambda text, n: f"{number(n)}{text}", row))


@pytest.mark.parametrize("measure", ["（单位：次）", "(场次)", "（次数）", "(人次)", "（件/次）", ""])
def test_measures_in_brackets_change_nothing(measure):
    filed = read_one(headed(lambda text, _: text.replace("(次)", measure), LABEL_ROW))
    assert (figures_of(filed), filed.header.added) == (expected(), ())


@pytest.mark.parametrize("suffix", ["2", ".1", "_1", "1"])
def test_what_a_program_puts_behind_a_doubled_heading_changes_nothing(suffix):
    sheet = annex1()
    sheet.put(LABEL_ROW, AT[DOUBLED[-1]], f"{FORM.column[DOUBLED[-1]].printed}{suffix}")
    assert is_as_sent(sheet)


@pytest.mark.parametrize("keys", [("self_handled", "transferred"), ("created", "revised"), ("problems_found",)])
def test_a_level_between_group_and_label(keys):
    sheet = annex1()
    sheet.cells = {(r + (r >= LABEL_ROW), c): v for (r, c), v in sheet.cells.items()}
    for key, c in AT.items():
        if key not in keys:
            sheet.put(LABEL_ROW, c, sheet.cells.pop((LABEL_ROW + 1, c)))
    sheet.put(LABEL_ROW, AT[keys[0]], "其中")
    assert is_as_sent(sheet)


@pytest.mark.parametrize("off", [lambda n: (n - 1) // 2, lambda n: n - 1])
def test_groups_in_the_middle_or_at_the_end_of_their_columns(off):
    sheet = annex1()
    sheet.cells = {at: v for at, v in sheet.cells.items() if at[0] != GROUP_ROW}
    for g in FORM.groups:
        sheet.put(GROUP_ROW, AT[g.columns[0].key] + off(len(g.columns)), g.label)
    assert is_as_sent(sheet)


def test_a_doubled_label_whose_group_is_not_sure_is_missing():
    order = [*FORM.keys[1:], FORM.keys[0]]
    sheet = annex1(order=order)
    sheet.cells = {at: v for at, v in sheet.cells.items() if at[0] != GROUP_ROW}
    for n, g in enumerate(FORM.groups):
        sheet.put(GROUP_ROW, 3 * n + 1, g.label)
    filed = read_one(sheet)
    assert {k for k, f in filed.figures.items() if f.state == MISSING} == set(DOUBLED)
    assert {k: v for k, v in figures_of(filed).items() if k not in DOUBLED} == {
        k: v for k, v in expected().items() if k not in DOUBLED
    }


def test_a_label_that_stands_twice_in_its_group_is_missing():
    sheet = annex1(after=["x"], rows=[[*ROW, 40]])
    sheet.merged.clear()
    sheet.put(GROUP_ROW, len(ROW), FORM.group_of["press"].label).put(LABEL_ROW, len(ROW), FORM.column["press"].printed)
    filed = read_one(sheet)
    assert filed.figures["press"].state == MISSING
    assert {k: v for k, v in figures_of(filed).items() if k != "press"} == {
        k: v for k, v in expected().items() if k != "press"
    }


@pytest.mark.parametrize("head", ["月份", "类别", "名称", "单位", "序号", "备注", "时间", "单位名称", "情况说明"])
def test_columns_that_name_rows_or_hold_remarks_are_no_addition(head):
    filed = read_one(annex1(before=[head], rows=[["x", *ROW]] if head != "时间" else [["5月", *ROW]]))
    assert filed.header.added == ()
    assert read_one(annex1(before=["工作方式"], rows=[["x", *ROW]])).header.added == ("工作方式",)

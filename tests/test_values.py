"""The table of values of the contract, to the letter, and what must hold for every other text."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Unresolved
from pipeline.read.returns.values import chinese_number, figure_of
from pipeline.read.text import fold
from schemas.columns import BLANK, CLEANED, OK, UNREADABLE


def count(filed: object) -> tuple[object, str]:
    f = figure_of("count", filed, "D6")
    return f.value, f.state


@pytest.mark.parametrize("filed", [3, 3.0, "3", " 3 ", "\u30003\u200b", "３", "3.0", "03", 0.1 * 30])
def test_a_plain_number_is_taken_as_filed(filed):
    assert count(filed) == (3, OK)


@pytest.mark.parametrize(
    ("filed", "value"),
    [("3次", 3), ("0件", 0), ("３ 个", 3), ("三", 3), ("十二", 12), ("两", 2), ("二十三", 23), ("一百零五", 105), ("两百", 200)]
    + [("1,200", 1200), ("1，200", 1200), ("1,234,567", 1_234_567), ("三次", 3), ("'3", 3)]
    + [(zero, 0) for zero in "无 没有 / ／ — —— － - \\ 零 〇".split()],
)  # fmt: skip
def test_a_number_that_needs_cleaning_is_counted_and_reported(filed, value):
    assert count(filed) == (value, CLEANED)


@pytest.mark.parametrize("filed", [None, "", "   ", "\u3000", "\u200b", "\ufeff"])
def test_blank_is_blank(filed):
    assert count(filed) == (None, BLANK)


@pytest.mark.parametrize(
    "filed",
    ["约5", "5+", "5左右", "3-5", "3（其中电视2）", "2000万", "见附件", "第1批", "未报", "1,20", "3.", "1,200.", "①", "½", "一二", "三五", "3 5", "3\n5"]
    + ["1e3", "-3", "+3", "次", "=DISPIMG(\"ID\",1)", "9" * 16, 0.5, -1, 1e16, float("inf"), float("nan"), True]
    + [dt.date(2023, 3, 4), dt.datetime(2023, 3, 4, 5), dt.time(6), Unresolved("#REF!"), Unresolved("=1+2"), Unresolved("3")],
)  # fmt: skip
def test_what_is_no_whole_number_stays_out_of_the_sum(filed):
    assert count(filed) == (None, UNREADABLE)


@pytest.mark.parametrize(
    "filed", "是 √ ✓ ✔ 有 已建立 已成立 建立 成立 设立 Y TRUE 1".split() + [1, 1.0, True, " 是 ", "１"]
)
def test_yes(filed):
    assert figure_of("yes_no", filed, "A6").value is True


@pytest.mark.parametrize("filed", ["否", "未建立", "未成立", "无", "×", "N", "FALSE", "0", 0, 0.0, False])
def test_no(filed):
    assert figure_of("yes_no", filed, "A6").value is False


@pytest.mark.parametrize("filed", ["正在筹备", 2, "1个", dt.date(2023, 5, 1), Unresolved("#N/A"), "是否"])
def test_neither_yes_nor_no(filed):
    f = figure_of("yes_no", filed, "A6")
    assert (f.value, f.state) == (None, UNREADABLE)


@pytest.mark.parametrize(
    ("filed", "value"),
    [
        ("☑是 □否", True),
        ("□是 ☑否", False),
        ("是☑ 否□", True),
        ("是□/否■", False),
        ("√是　□否", True),
        ("○是 ●否", None),
    ]
    + [("□是 □否", None), ("☑是 ☑否", None)],
)
def test_both_answers_printed_with_a_box_each(filed, value):
    f = figure_of("yes_no", filed, "A6")
    assert (f.value, f.state) == (value, UNREADABLE if value is None else OK)


@given(st.integers(0, 10**15 - 1))
def test_every_whole_number_counts_exactly_however_it_is_typed(n):
    assert count(n) == count(str(n)) == count(f" {n}.0") == (n, OK)
    assert count(f"{n}次") == (n, CLEANED)
    if n >= 1000:
        assert count(f"{n:,}") == (n, CLEANED)


@given(st.text() | st.floats() | st.integers() | st.booleans() | st.dates() | st.datetimes())
def test_nothing_becomes_a_number_in_silence(filed):
    """A value is a whole number that the text itself says; everything else is blank, and never zero."""
    value, state = count(filed)
    assert (value is None) == (state in (BLANK, UNREADABLE))
    assert value is None or (isinstance(value, int) and value >= 0)
    if state == OK and isinstance(filed, str):
        assert value == float(fold(filed))  # spaces and marks that nobody sees are no part of a number


@given(st.integers(1, 99_999))
def test_chinese_numerals_round_trip(n):
    import cn2an

    assert chinese_number(cn2an.an2cn(n)) == n


def test_the_measure_that_a_column_prints_may_stand_behind_its_figure():
    assert figure_of("count", "12公里", "A1", "公里").value == 12
    assert figure_of("count", "12公里", "A1", "户").value is None
    assert figure_of("count", "3次", "A1", "公里").value == 3
    assert figure_of("count", "公里", "A1", "公里").value is None

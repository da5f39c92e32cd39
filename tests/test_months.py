"""Every way of naming a month that DOMAIN knows."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Month
from pipeline.read.returns.months import month_in_name, named_month

FIRST, LAST, JUNE = Month(2023, 2), Month(2023, 12), Month(2023, 6)


def month(value, named=named_month, received=JUNE):
    found = named(value)
    return found and (str(found.in_year_of(received, FIRST, LAST)), found.full)


@pytest.mark.parametrize(
    "text",
    ["2023年5月", "2023.5", "2023-05", "202305", "二〇二三年五月", "二○二三年五月", "2023年5月1日—5月31日", "2023年5月1日-31日"]
    + ["截至2023年5月31日", "2023/5", " 2023 年 5 月 ", "２０２３年５月", "2023年05月", "2023.05.31", "2023-05-01至2023-05-31", "20230531"]
    + ["2023年4月26日至5月25日", dt.date(2023, 5, 1), dt.datetime(2023, 5, 31, 12), 2023.5, 202305, 45047],
)  # fmt: skip
def test_month_and_year_in_full(text):
    assert month(text) == ("2023-05", True)


@pytest.mark.parametrize("text", ["5月份", "5月", "五月", "23年5月", 5, "5", "1-5月"])
def test_a_month_that_is_not_full_is_still_told(text):
    assert month(text) == ("2023-05", False)


@pytest.mark.parametrize("text", ["", None, "2023年", "第二季度", "见上", 0.5, True, 13, "2023年13月"])
def test_no_month(text):
    assert month(text) is None


def test_a_number_that_lost_its_last_zero_is_october_where_january_is_outside_the_campaign():
    assert month(2023.1) == ("2023-10", True)
    assert str(named_month(2023.1).in_year_of(JUNE, Month(2022, 6), None)) == "2023-01"


def test_a_range_over_new_year_ends_in_the_new_year():
    assert month("2022年12月26日-1月25日") == ("2023-01", True)


def test_running_totals_name_the_month_they_end_with():
    assert month("2023年1-5月") == month("2023年2月—5月") == ("2023-05", True)


@pytest.mark.parametrize(
    ("name", "found"),
    [("城关镇2023年5月附件1", "2023-05"), ("5月报表", "2023-05"), ("202305报表", "2023-05"), ("截至5月31日", "2023-05")]
    + [("2023年6月10日城关镇5月报表", "2023-05"), ("20230610城关镇5月报表", "2023-05")],
)  # fmt: skip
def test_a_name_tells_the_month(name, found):
    assert month(name, month_in_name)[0] == found


@pytest.mark.parametrize(
    "name", ["附件1(3)", "附件1_20230524", "2023-05-24", "5月24日", "城关镇附件1最终版2", "附件1 - 副本(1)"]
)
def test_the_day_of_sending_is_no_month(name):
    assert month_in_name(name) is None


@given(st.dates(dt.date(2001, 1, 1), dt.date(2098, 12, 31)))
def test_every_month_is_read_back(day):
    for text in (f"{day.year}年{day.month}月", f"{day:%Y-%m}", f"{day:%Y%m}", f"{day.year}.{day.month}", day):
        named = named_month(text)
        assert (named.year, named.month, named.full) == (day.year, day.month, True)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(-500, 500))
def test_months_add_up(day, n):
    m = Month.of(day)
    assert m.plus(n).plus(-n) == m
    assert Month.parse(str(m)) == m
    assert (m.plus(n) > m) == (n > 0)

"""Every way of naming a month that DOMAIN knows, and every way of naming something else."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Month
from pipeline.read.returns.months import ThisMonth, only_time, time_in_name, time_in_title, time_of
from pipeline.read.returns.spans import Named, NotOneMonth

FIRST, LAST, JUNE = Month(2023, 2), Month(2023, 12), Month(2023, 6)


def month(value, reading=time_of, received=JUNE):
    found = reading(value)
    return (str(found.in_year_of(received, FIRST, LAST)), found.full) if isinstance(found, Named) else found


@pytest.mark.parametrize(
    "text",
    ["2023年5月", "2023.5", "2023-05", "202305", "二〇二三年五月", "二○二三年五月", "2023年5月1日—5月31日", "2023年5月1日-31日"]
    + ["截至2023年5月31日", "2023/5", " 2023 年 5 月 ", "２０２３年５月", "2023年05月", "2023.05.31", "2023-05-01至2023-05-31", "20230531"]
    + ["2023年4月26日至5月25日", dt.date(2023, 5, 1), dt.datetime(2023, 5, 31, 12), 2023.5, 202305, 45047]
    + ["2023年5月（5月1日-5月31日）", "2023.05.01-05.31", "20230501-20230531", "2023年5月1-31日", "2023年度5月", "2023年5月份（当月）"],
)  # fmt: skip
def test_month_and_year_in_full(text):
    assert month(text) == ("2023-05", True)


@pytest.mark.parametrize(
    "text", ["5月份", "5月", "五月", "23年5月", 5, "5", "5.1-5.31", "5月1-31日", "4月26日-5月25日"]
)
def test_a_month_that_is_not_full_is_still_reported(text):
    assert month(text) == ("2023-05", False)


@pytest.mark.parametrize("number", [1, 12])
def test_the_numbers_of_the_months(number):
    assert time_of(number) == Named(None, number, False)


@pytest.mark.parametrize(
    "text", ["", None, "2023年", "2023年度", "见上", 0.5, True, 0, 13, "2023年13月", "10日", "8日10:30"]
)
def test_no_month(text):
    assert time_of(text) is None


SEVERAL = (
    ["1-5月", "2023年1-5月", "2023年2月—5月", "2023.1-5", "2023年4、5月", "4月、5月", "4月和5月", "2023年1至5月", "一至五月"]
    + ["2023年5月（1-5月累计）", "2023年5月累计", "第二季度", "二季度", "2023年上半年", "2023年前5个月", "2023年1月-2023年5月"]
    + ["2023年1月1日-5月31日", "2023年4-6月", "4月15日-5月14日", "2022年5月-2023年5月", "2023年5月（4月）", "去年5月", "上年5月份"]
)  # fmt: skip
PART = [
    "2023年5月上半月",
    "2023年5月1日-15日",
    "5月1日至15日",
    "5月1-15日",
    "5月上旬",
    "截至2023年5月10日",
    "2023年5月第一周",
    "5月10日",
    "2023年5月24日",
    "5月15日前",
    dt.date(2023, 5, 10),
]


@pytest.mark.parametrize("text", SEVERAL)
def test_several_months_and_running_totals_are_no_month(text):
    assert time_of(text) == NotOneMonth()


@pytest.mark.parametrize("text", PART)
def test_part_of_a_month_is_no_month(text):
    assert time_of(text) == NotOneMonth(part=True)


def test_a_number_that_lost_its_last_zero_is_october_where_january_is_outside_the_campaign():
    assert month(2023.1) == ("2023-10", True)
    assert str(time_of(2023.1).in_year_of(JUNE, Month(2022, 6), None)) == "2023-01"


def test_a_month_without_year_is_the_last_of_its_name_that_has_begun():
    may = time_of("5月")
    assert str(may.in_year_of(Month(2024, 6), FIRST, None)) == "2024-05"
    assert str(may.in_year_of(Month(2024, 4), FIRST, None)) == "2023-05"
    assert str(may.in_year_of(Month(2025, 6), FIRST, None)) == "2025-05"
    assert str(time_of("1月").in_year_of(Month(2023, 3), FIRST, None)) == "2023-01"
    assert str(time_of("12月").in_year_of(Month(2023, 1), FIRST, None)) == "2022-12"


def test_a_range_over_new_year_ends_in_the_new_year():
    assert month("2022年12月26日-1月25日") == ("2023-01", True)


@pytest.mark.parametrize(
    ("name", "found"),
    [("城关镇2023年5月附件1", "2023-05"), ("5月报表", "2023-05"), ("202305报表", "2023-05"), ("截至5月31日", "2023-05"), ("报表2023.5", "2023-05")]
    + [("2023年6月10日城关镇5月报表", "2023-05"), ("20230610城关镇5月报表", "2023-05"), ("城关镇附件1-5月", "2023-05"), ("附件1-2023年5月", "2023-05")],
)  # fmt: skip
def test_a_name_tells_the_month(name, found):
    assert month(name, time_in_name)[0] == found


@pytest.mark.parametrize(
    "name", ["附件1(3)", "附件1_20230524", "2023-05-24", "5月24日", "城关镇附件1最终版2", "附件1 - 副本(1)"]
)
def test_the_day_of_sending_is_no_month(name):
    assert time_in_name(name) is None


@pytest.mark.parametrize("name", ["城关镇1-5月报表", "城关镇累计", "上半年报表", "二季度统计表"])
def test_a_name_of_several_months_tells_none_of_them(name):
    assert time_in_name(name) == NotOneMonth()


def test_a_day_alone_in_a_title_is_that_of_writing():
    assert time_in_title("2023年6月8日") is None
    assert month("2023年5月统计表（2023年6月8日）", time_in_title) == ("2023-05", True)


@pytest.mark.parametrize(
    ("label", "time"),
    [("5月", Named(None, 5, full=False)), ("2023年5月份", Named(2023, 5, full=True)), ("5月合计", Named(None, 5, full=False))]
    + [(t, ThisMonth()) for t in ("本月", "本月数", "当期", "本月发生")]
    + [(t, NotOneMonth()) for t in ("上月", "累计数", "1-4月累计", "本年累计", "上月累计", "去年同期", "至本月累计", "上年结转", "二季度")]
    + [(t, NotOneMonth(part=True)) for t in ("上半月", "5月上旬", "5月1日-15日")]
    + [(t, None) for t in ("合计", "城关镇", "八月村", "东村", "5", "", "2023年")],
)  # fmt: skip
def test_the_label_of_a_row_tells_a_time_or_something_else(label, time):
    assert only_time(label) == time


@given(st.dates(dt.date(2001, 1, 1), dt.date(2098, 12, 31)))
def test_every_month_is_read_back(day):
    for text in (
        f"{day.year}年{day.month}月",
        f"{day:%Y-%m}",
        f"{day:%Y%m}",
        f"{day.year}.{day.month}",
        day.replace(day=1),
    ):
        named = time_of(text)
        assert (named.year, named.month, named.full) == (day.year, day.month, True)


@given(st.dates(dt.date(2001, 1, 1), dt.date(2098, 12, 31)), st.integers(0, 400))
def test_a_range_of_days_is_a_month_only_where_it_covers_one(first, days):
    last = first + dt.timedelta(days)
    said = time_of(f"{first:%Y-%m-%d}至{last:%Y-%m-%d}")
    if isinstance(said, Named):
        assert 28 <= days + 1 <= 31
        assert (said.year, said.month) == (last.year, last.month)
        assert last.month == first.month or last.day >= 20
    else:
        assert days < 27 or Month.of(first) != Month.of(last)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(-500, 500))
def test_months_add_up(day, n):
    m = Month.of(day)
    assert m.plus(n).plus(-n) == m
    assert Month.parse(str(m)) == m
    assert (m.plus(n) > m) == (n > 0)

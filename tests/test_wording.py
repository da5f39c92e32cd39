"""What words come to: a confirmation, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.carry_over import is_confirmed
from pipeline.model import CONFIRMED, OPEN
from pipeline.rules import ERROR, GRADES, NOTICE, QUERY
from pipeline.wording import same_words, says_nothing, says_true

TRUE = (
    "属实", "情况属实", "经核实，属实", "数据属实。", "属实，当月未开展", "经电话核实，单位称属实。", "经核 实属实", "数字没有错误，属实", "当月未开展督导情况属实",
    "不是笔误，属实", "确属实情", "核实属实（含以前月份）",
)  # fmt: skip
DOUBTED = (
    "不属实", "是否属实", "未核实属实", "未经核实是否属实", "属实？", "属实吗", "属实与否不清楚", "情况不完全属实", "尚未核实情况是否属实", "如属实请说明", "若数据属实",
    "请核实属实", "并非属实", "没有核实属实", "部分属实", "可能属实", "待核实属实", "属实不属实", "说属实，其实不属实", "无法确认属实", "难以核实属实", "属实性待查", "",
    "已核实", "真实", "是不是属实",
)  # fmt: skip


@pytest.mark.parametrize("words", TRUE)
def test_words_that_confirm(words):
    assert says_true(words)


@pytest.mark.parametrize("words", DOUBTED)
def test_words_that_do_not(words):
    assert not says_true(words)


@given(st.sampled_from(TRUE), st.sampled_from(DOUBTED), st.sampled_from("，。；\n "))
def test_a_doubt_anywhere_is_no_confirmation(words, doubt, between):
    doubtful = doubt not in ("", "已核实", "真实")
    assert says_true(f"{words}{between}{doubt}") != doubtful


@pytest.mark.parametrize("grade", GRADES)
def test_words_confirm_only_what_is_to_be_confirmed(grade):
    assert is_confirmed(grade, OPEN, "情况属实") == (grade == QUERY)
    assert is_confirmed(grade, CONFIRMED, "")
    assert {ERROR, NOTICE} < set(GRADES)


@pytest.mark.parametrize(
    "words", ["", " ", "无", "无。", "/", "／", "—", "——", "没有", "同上", "同上月", "见上表", "略", "0", "12", "暂无", "无需说明", "没有其他情况", "...", "（无）", "见附件", "本月无", "情况同上", "请填写", "收到"]
)  # fmt: skip
def test_words_that_say_nothing(words):
    assert says_nothing(words)


@pytest.mark.parametrize(
    "words", ["属实", "含3月受理的2件", "无误，已核对", "没有信访件是因为4月已全部办结", "办结含以前月份", "上月漏报", "见附件说明，含3月受理的", "已核实"]
)  # fmt: skip
def test_words_that_say_something(words):
    assert not says_nothing(words)


def test_the_same_words_however_they_are_typed():
    assert same_words("含3月受理的 2 件。", "含３月受理的2件")
    assert not same_words("含3月受理的2件", "含3月受理的3件")

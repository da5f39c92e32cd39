"""The form of a month: what is declared with months, and what cannot be a form."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.check.history import history_faults
from pipeline.model import Figure, Month, Return
from pipeline.rules import rules_of
from pipeline.write.header import FIGURE, FORM
from pipeline.write.paper import widths_of
from schemas import FORMS
from schemas.columns import year_month
from schemas.form import Form, Forms
from schemas.vocabulary import at_most, backlog, caveat, compared, count, group
from tests.builders import a_return

JUNE, JULY, AUGUST = (Month(2023, m) for m in (6, 7, 8))


def forms(*groups) -> Forms:
    return Forms(Form("附表", "月报表", "汇总表", groups))


def a_count(key, **dated):
    return count(key, f"{key}数", "个", "", **dated)


def test_a_form_that_never_changes_is_one_value():
    one = forms(group("g", "G", a_count("a"), a_count("b")))
    assert one.stages == (one.of(JUNE),)
    assert one.of(JUNE) is one.of(AUGUST) is one.over([JUNE, AUGUST]) is one.whole


def test_columns_come_and_go_with_both_months_included():
    dated = forms(group("g", "G", a_count("a", until="2023-07"), a_count("b"), a_count("c", since="2023-07")))
    assert [dated.of(m).keys for m in (JUNE, JULY, AUGUST)] == [("a", "b"), ("a", "b", "c"), ("b", "c")]
    assert dated.of(Month(2024, 1)) is dated.of(AUGUST)
    assert dated.over([JUNE, AUGUST]).keys == dated.whole.keys == ("a", "b", "c")


def test_the_year_ends_in_december():
    dated = forms(group("g", "G", a_count("a"), a_count("b", until="2023-12")))
    assert dated.of(Month(2023, 12)).keys == ("a", "b")
    assert dated.of(Month(2024, 1)).keys == ("a",)


def test_a_relation_ends_with_its_columns_and_a_group_with_its_last():
    dated = forms(
        group("g", "G", a_count("a"), a_count("b"), at_most("a", "b", rule="G-1", until="2023-06")),
        group(
            "h",
            "H",
            a_count("c", since="2023-08"),
            at_most("c", "a", rule="H-1"),
            at_most("b", "c", rule="H-2", since="2023-09"),
            backlog("未完成", "c", "a"),
            compared("对比", "a", "c"),
            caveat("可能重复。", "c"),
        ),
    )
    assert [[g.key for g in dated.of(m).groups] for m in (JULY, AUGUST)] == [["g"], ["g", "h"]]
    assert [list(dated.of(m).relations) for m in (JUNE, JULY, AUGUST)] == [["G-1"], [], ["H-1"]]
    assert [len(dated.of(m).backlogs + dated.of(m).compared + dated.of(m).caveats) for m in (JULY, AUGUST)] == [0, 3]


def test_a_column_under_another_label_keeps_its_key():
    renamed = forms(
        group(
            "g", "G", count("a", "会议", "次", "", until="2023-06"), count("a", "会议次数", "次", "", since="2023-07")
        )
    )
    assert [renamed.of(m).column["a"].label for m in (JUNE, JULY)] == ["会议", "会议次数"]
    assert [c.label for c in renamed.over([JUNE, JULY]).columns] == ["会议次数"]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ((a_count("a"), a_count("a")), "column a"),
        ((a_count("a"), count("b", "a数", "个", "")), "label"),
        ((count("a", "甲", "个", "", also=("丙",)), count("b", "乙", "个", "", also=("丙",))), "label .*丙"),
        ((count("a", "甲", "个", ""), count("b", "乙", "个", "", also=("甲",))), "label .*甲"),
        ((a_count("a"), a_count("b"), at_most("a", "b", rule="R-1"), at_most("b", "a", rule="R-1")), "rule R-1"),
        ((a_count("a"), at_most("a", "b", rule="R-1")), "g: no column is declared as b"),
        ((a_count("a"), compared("对比", "a", "d")), "no column is declared as d"),
        ((a_count("a", until="2023-08"), count("a", "另一", "", "", since="2023-08")), "column a"),
    ],
)
def test_what_cannot_be_a_form_is_refused(parts, message):
    with pytest.raises(ValueError, match=message):
        forms(group("g", "G", *parts))


@pytest.mark.parametrize("text", ["2023", "2023-13", "2023-7", "23-07", "2023/07"])
def test_a_month_is_declared_in_one_way(text):
    with pytest.raises(ValueError, match=text):
        year_month(text)


def test_a_form_is_the_same_in_another_process():
    there = pickle.loads(pickle.dumps(FORMS))
    assert there.of(JUNE).keys == FORMS.of(JUNE).keys
    assert rules_of(there.whole) == rules_of(FORMS.whole)


# -- what hangs on a column -------------------------------------------------------------------------------------------


def filed(form: Form, month: Month, **values: int | None) -> Return:
    figures = {
        k: Figure(values.get(k), "ok" if k in values else "blank", str(values.get(k, "")), "") for k in form.keys
    }
    return replace(a_return(month=month), figures=figures)


def history(form: Form, *rows: dict[str, int]) -> list[tuple[str, tuple[str, ...]]]:
    months = [Month(2023, 3).plus(i) for i in range(len(rows))]
    returns = [filed(form, m, **row) for m, row in zip(months, rows, strict=True)]
    return list(history_faults(form, returns[-1], returns[:-1]))


def test_a_jump_is_what_the_column_says():
    form = forms(group("g", "G", a_count("a"), a_count("b", jump=(2, 100)))).whole
    rows = [{"a": 20, "b": 20}, {"a": 21, "b": 21}, {"a": 20, "b": 22}]
    assert history(form, *rows, {"a": 70, "b": 70}) == [("HIST-4", ("a",))]
    assert history(form, *rows, {"a": 20, "b": 130}) == [("HIST-4", ("b",))]
    assert rules_of(form)["HIST-4"].holds.endswith(
        "2倍，或超过不多于100；不超过以前各月中位数的3倍，或超过不多于10（按栏目））"
    )


def test_how_things_stand_may_grow_but_running_totals_are_asked_about():
    counts = [a_count(k) for k in "abc"]
    stock = count("s", "在岗", "人", "", stock=True)
    form = replace(forms(group("g", "G", *counts, stock)).whole, rising=3)
    rising = [dict.fromkeys("abc", n) | {"s": 9 - n} for n in (1, 2, 3)]
    assert [rule for rule, _ in history(form, *rising)] == ["HIST-3"]
    standing = [{"a": 4, "b": 4 - n, "c": 4, "s": n} for n in (1, 2, 3)]
    assert history(form, *standing) == []


def test_months_are_compared_in_the_columns_that_both_have():
    dated = forms(group("g", "G", a_count("a"), a_count("b"), a_count("c", since="2023-04")))
    march, april = filed(dated.of(Month(2023, 3)), Month(2023, 3), a=1, b=2), Month(2023, 4)
    again = filed(dated.of(april), april, a=1, b=2, c=7)
    assert [rule for rule, _ in history_faults(dated.of(april), again, [march])] == ["HIST-2"]
    other = filed(dated.of(april), april, a=1, b=3, c=7)
    assert list(history_faults(dated.of(april), other, [march])) == []


# -- how wide it is ---------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.sampled_from([FIGURE, FORM]), st.booleans())
def test_every_page_can_be_read_and_no_column_is_lost(sizes, width, table):
    form = forms(
        *(group(f"g{i}", f"G{i}", *(a_count(f"c{i}_{n}") for n in range(m))) for i, m in enumerate(sizes))
    ).whole
    widths = widths_of(form, *width, *(((5, 16), (22,)) if table else ((), ())))
    assert len(widths.all) == sum(sizes) + 3 * table
    assert widths.scale * 10.5 / 100 > 7.9
    edges = [len(widths.before), *widths.breaks, len(widths.all)]
    assert edges == sorted(set(edges))
    assert widths.figure >= width[1]


def test_a_title_has_room_over_few_columns():
    form = forms(group("g", "G", a_count("a"), a_count("b"))).whole
    title = "千阳县安全生产领域专项整治隐患排查整治情况月报表"
    assert sum(widths_of(form, *FIGURE, title=title).all) > 2 * len(title)

"""Every rule of the catalogue broken once, the whole result asserted; and what hides what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.check import check
from pipeline.check.figures import judge
from pipeline.choose import choose
from pipeline.county import County
from pipeline.model import (
    BookRow,
    Contacts,
    CountyBook,
    Figure,
    Finding,
    Header,
    Month,
    MovedOut,
    Person,
    Reading,
    Return,
    Stated,
    Unresolved,
)
from pipeline.rules import rules_of
from schemas.columns import MISSING, Jump
from schemas.form import Form
from schemas.groups import Group
from tests.builders import FORM, MAY, RECEIVED, TODAY, a_county, a_return, a_source, cell_of

ONE = a_county([{"name": "城关镇", "kind": "town"}, {"name": "县住建局", "kind": "department", "until": "2023-02"}])
"""A county of which one unit reports."""

GOOD = a_return()
PHONES = ("13800000001", "13800000002")


def contacts(unit: str = "城关镇", **changes: object) -> Contacts:
    people = tuple(
        Person(role, name, "科员", phone, {"name": f"A{i}", "post": f"B{i}", "phone": f"C{i}"})
        for role, name, phone, i in zip(("leader", "liaison"), ("张三", "李四"), PHONES, (5, 6), strict=True)
    )
    source = a_source(f"{unit}附件2.xlsx", RECEIVED)
    return replace(Contacts(source, "附件2", unit, Stated(unit, "form", "A3"), people, (unit,)), **changes)  # type: ignore[arg-type]


def judged(
    *tables: Return | Contacts,
    county: County = ONE,
    today: dt.date = TODAY,
    extra: Sequence[Reading] = (),
    gone: Sequence[MovedOut] = (),
) -> tuple[Finding, ...]:
    readings = [Reading(t.source, (t,)) for t in tables]
    return check(choose([*readings, *extra], county), county, [MAY], today, gone)[MAY]


def missing(filed: Return, key: str) -> Return:
    figures = {**filed.figures, key: Figure(None, MISSING, "", "")}
    cells = {k: c for k, c in filed.header.cells.items() if k != key}
    return replace(filed, figures=figures, header=replace(filed.header, cells=cells))


def unread(rule: str) -> Reading:
    return Reading(a_source("城关镇附件1.xls", sha256="b"), rule=rule, detail="文件是空的（0字节）", unit="城关镇")


def at(filed: Return | Contacts, **changes: object) -> Return | Contacts:
    return replace(filed, **changes)  # type: ignore[arg-type]


def people(**changes: object) -> Contacts:
    first, second = contacts().people
    return contacts(people=(replace(first, **changes), second))  # type: ignore[arg-type]


RISING = ("party_meetings", "coordination_meetings", "press", "new_media")


def months(*changes: dict[str, object]) -> list[Return]:
    """The unit's returns of the months until May, each with its changes, received in time."""
    returns = []
    for i, changed in enumerate(changes):
        month = MAY.plus(i + 1 - len(changes))
        source = a_source(f"{month}.xlsx", RECEIVED.replace(month=month.month + 1), str(month))
        returns.append(at(a_return(month=month, **changed), source=source))
    return returns


LATE = a_source(received=RECEIVED.replace(day=26))

_ROW = BookRow("甲镇", {k: replace(f, value=99) if k == "press" else f for k, f in GOOD.figures.items()})
BOOK = CountyBook("汇总表", (_ROW,), BookRow("合计", GOOD.figures))

BROKEN: dict[str, tuple[Callable[[], Sequence[Finding]], tuple[object, ...]]] = {
    "FILE-1": (lambda: judged(contacts(), extra=[unread("FILE-1")]), ((), "城关镇附件1.xls", None, None, ())),
    "FILE-2": (lambda: judged(GOOD, contacts(), extra=[unread("FILE-2")]), ((), "城关镇附件1.xls", None, None, ())),
    "FILE-3": (lambda: judged(contacts(), extra=[unread("FILE-3")]), ((), "城关镇附件1.xls", None, None, ())),
    "FILE-5": (
        lambda: judged(at(a_return(inspections=9, press=None), source=a_source("a.xlsx", RECEIVED.replace(day=8))), GOOD, contacts()),
        (("督导指导", "报纸期刊宣传"), "督导指导 4、报纸期刊宣传 1", None, None, (cell_of("inspections"), cell_of("press"))),
    ),
    "FILE-6": (lambda: judged(contacts(), gone=[MovedOut("城关镇", MAY, a_source())]), ((), "", None, None, ())),
    "FORM-1": (lambda: judged(missing(GOOD, "press"), contacts()), (("报纸期刊宣传",), "", None, None, ())),
    "FORM-2": (
        lambda: judged(at(GOOD, header=Header({"press": "报刊"}, ("created",), ("其他",), GOOD.header.cells)), contacts()),
        (("新建", "报纸期刊宣传"), "", None, None, (cell_of("created", 5), cell_of("press", 5))),
    ),
    "FORM-3": (lambda: judged(at(GOOD, row_fault="有2行数据"), contacts()), ((), "", None, None, ())),
    "UNIT-1": (
        lambda: judged(GOOD, contacts(), at(GOOD, unit="", unit_stated=Stated("县公安局", "form", "A3"), source=a_source("b.xlsx", RECEIVED, "b"))),
        ((), "县公安局", None, None, ("A3",)),
    ),
    "UNIT-2": (lambda: judged(at(GOOD, units_in_name=("县住建局",)), contacts()), ((), "城关镇", "县住建局", None, ("A3",))),
    "UNIT-3": (lambda: judged(at(GOOD, unit_stated=Stated("城关镇附件1", "file", "A3")), contacts()), ((), "", None, None, ("A3",))),
    "PERIOD-1": (lambda: judged(at(GOOD, month=None, month_stated=Stated("", "", "M3")), contacts()), ((), "", None, None, ("M3",))),
    "PERIOD-2": (
        lambda: judged(at(GOOD, month=Month(2023, 6), month_stated=Stated("2023年6月", "form", "M3")), contacts()),
        ((), "2023年6月", None, None, ("M3",)),
    ),
    "PERIOD-3": (lambda: judged(at(GOOD, month_full=False, month_stated=Stated("5月", "form", "M3")), contacts()), ((), "5月", "2023年5月", None, ("M3",))),
    "PERIOD-4": (
        lambda: judged(at(GOOD, month=Month(2023, 4), month_stated=Stated("2023年4月", "form", "M3"), month_in_name=MAY), contacts()),
        ((), "2023年4月", None, None, ("M3",)),
    ),
    "CELL-1": (lambda: judged(a_return(press=None, created="", revised=2), contacts()), (("新建", "报纸期刊宣传"), "", None, None, (cell_of("created"), cell_of("press")))),
    "CELL-2": (lambda: judged(a_return(press="约5"), contacts()), (("报纸期刊宣传",), "约5", None, None, (cell_of("press"),))),
    "CELL-3": (lambda: judged(a_return(press="1次", created="三"), contacts()), (("新建", "报纸期刊宣传"), "新建 三、报纸期刊宣传 1次", None, None, (cell_of("created"), cell_of("press")))),
    "CELL-4": (lambda: judged(a_return(press=100_001), contacts()), (("报纸期刊宣传",), 100_001, 100_000, 1, (cell_of("press"),))),
    "CELL-5": (lambda: judged(a_return(**dict.fromkeys(FORM.counts, 0)), contacts()), ((), "", None, None, ())),
    "DEP-1": (lambda: judged(a_return(body_established="筹备中"), contacts()), (("是否建立机构",), "筹备中", None, None, (cell_of("body_established"),))),
    "DEP-2": (lambda: judged(a_return(body_established="否", coordination_meetings=0), contacts()), (("是否建立机构",), "否", "是", None, (cell_of("body_established"),))),
    "DEP-3": (
        lambda: judged(a_return(body_established="否"), contacts()),
        (("成员协调会议次数", "是否建立机构"), "成员协调会议次数 3、是否建立机构 否", 0, 3, (cell_of("coordination_meetings"), cell_of("body_established"))),
    ),
    "SUP-1": (lambda: judged(a_return(problems_rectified=12), contacts()), (("推动整改", "发现问题"), "推动整改 12、发现问题 9", 9, 3, (cell_of("problems_rectified"), cell_of("problems_found")))),
    "SUP-2": (lambda: judged(a_return(inspections=0), contacts()), (("发现问题", "督导指导"), "发现问题 9、督导指导 0", 0, 9, (cell_of("problems_found"), cell_of("inspections")))),
    "PET-1": (lambda: judged(a_return(petitions_total=12), contacts()), (("总计", "自办", "转办"), "总计 12、自办 4、转办 3", 7, 5, (cell_of("petitions_total"), cell_of("self_handled"), cell_of("transferred")))),
    "PET-2": (lambda: judged(a_return(concluded=8), contacts()), (("办结", "总计"), "办结 8、总计 7", 7, 1, (cell_of("concluded"), cell_of("petitions_total")))),
    "PET-3": (
        lambda: judged(a_return(clues_referred=20), contacts()),
        (("向纪检监察机关移交问题线索", "总计", "发现问题"), "向纪检监察机关移交问题线索 20、总计 7、发现问题 9", 16, 4, (cell_of("clues_referred"), cell_of("petitions_total"), cell_of("problems_found"))),
    ),
    "INS-1": (lambda: judged(a_return(created=1), contacts()), (("总计", "新建", "修改完善"), "总计 5、新建 1、修改完善 2", 3, 2, (cell_of("institutions_total"), cell_of("created"), cell_of("revised")))),
    "RES-1": (lambda: judged(a_return(batches=0), contacts()), (("批次", "项目"), "批次 0、项目 6", None, None, (cell_of("batches"), cell_of("projects")))),
    "RES-2": (lambda: judged(a_return(batches=8), contacts()), (("批次", "项目"), "批次 8、项目 6", 6, 2, (cell_of("batches"), cell_of("projects")))),
    "HIST-1": (
        lambda: judged(*months({"concluded": 7}, {"concluded": 9}), contacts()),
        (("办结", "总计"), "累计办结 16、累计总计 14", 14, 2, (cell_of("concluded"), cell_of("petitions_total"))),
    ),
    "HIST-2": (lambda: judged(*months({}, {}), contacts()), ((), "", "2023年4月", None, ())),
    "HIST-3": (
        lambda: judged(*months(*(dict.fromkeys(RISING, n) for n in (1, 2, 3))), contacts()),
        ((), "党委党组会议次数 1→2→3、成员协调会议次数 1→2→3、报纸期刊宣传 1→2→3、网络新媒体宣传 1→2→3", None, None, ()),
    ),
    "HIST-4": (
        lambda: judged(*months({"press": 2}, {"press": 3}, {"press": 9}, {"press": 14}), contacts()),
        (("报纸期刊宣传",), 14, 3, 11, (cell_of("press"),)),
    ),
    "LADDER-1": (lambda: judged(at(GOOD, book=BOOK), contacts()), (("报纸期刊宣传",), "", None, None, (cell_of("press"),))),
    "REP-1": (lambda: judged(contacts()), ((), "", None, None, ())),
    "REP-2": (lambda: judged(at(GOOD, source=LATE), contacts()), ((), "2023-06-26", "2023-06-25", None, ())),
    "CON-1": (lambda: judged(GOOD), ((), "", None, None, ())),
    "CON-2": (lambda: judged(GOOD, people(phone="", post="")), (("工作单位及职务", "联系方式"), "", None, None, ("B5", "C5"))),
    "CON-3": (lambda: judged(GOOD, people(phone="1380000000")), (("联系方式",), "1380000000", None, None, ("C5",))),
    "CON-4": (lambda: judged(GOOD, people(phone=PHONES[1])), (("联系方式",), PHONES[1], None, None, ("C5",))),
}  # fmt: skip


@pytest.mark.parametrize("rule", rules_of(FORM))
def test_each_rule_broken_once_gives_one_line(rule):
    break_it, about = BROKEN[rule]
    (line,) = break_it()
    assert (line.rule, line.grade) == (rule, rules_of(FORM)[rule].grade)
    assert (line.labels, line.filed, line.reference, line.difference, line.cells) == about
    assert line.unit == ("县公安局" if rule == "UNIT-1" else "城关镇")
    assert line.month == (None if rule.startswith("CON") else MAY)
    assert line.message.endswith("。")
    assert line.advice.endswith("。")
    assert line.id.startswith(f"{rule}-")
    assert (line.file != "") == (rule not in ("REP-1", "REP-2", "CON-1"))


def test_a_good_month_gives_no_line():
    assert judged(GOOD, contacts()) == ()


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"press": 200_000}, ["CELL-4"]),
        ({"press": "200,000"}, ["CELL-4"]),
        ({"body_established": "否"}, ["DEP-3"]),
        ({"batches": 3, "projects": 0}, ["RES-1", "RES-2"]),
        (dict.fromkeys(FORM.keys), ["CELL-5"]),
        (dict.fromkeys(FORM.counts, "无"), ["CELL-5"]),
        ({**dict.fromkeys(FORM.counts, 0), "press": "约5"}, ["CELL-2"]),
        ({"petitions_total": None}, ["CELL-1"]),
        ({"petitions_total": "约7", "concluded": 90}, ["CELL-2"]),
        ({"problems_rectified": 12, "petitions_total": 12}, ["PET-1", "SUP-1"]),
    ],
)
def test_one_cause_one_line(changes, rules):
    assert [f.rule for f in judged(a_return(**changes), contacts())] == rules


def test_a_missing_column_hides_its_blank_cell_only():
    assert [f.rule for f in judged(missing(a_return(created=None), "press"), contacts())] == ["FORM-1", "CELL-1"]


def test_before_the_month_of_mobilisation_no_body_is_asked_for():
    county = a_county([{"name": "城关镇", "kind": "town"}], mobilised_period="2023-06")
    assert judged(a_return(body_established="否", coordination_meetings=0), contacts(), county=county) == ()


@pytest.mark.parametrize(("today", "rules"), [(dt.date(2023, 6, 25), []), (dt.date(2023, 6, 26), ["REP-1"])])
def test_nobody_is_missing_before_the_due_day_is_over(today, rules):
    assert [f.rule for f in judged(contacts(), today=today)] == rules


def test_lines_stand_by_grade_and_weight():
    lines = judged(a_return(petitions_total=8, created=1, problems_rectified=12, press="1次"), contacts())
    assert [(f.rule, f.effect) for f in lines] == [("INS-1", 2), ("PET-1", 1), ("SUP-1", 3), ("CELL-3", 0)]


@pytest.mark.parametrize(
    ("field", "filed", "why"),
    [
        ("press", Unresolved("#REF!"), "显示为错误值"),
        ("press", Unresolved("=SUM(H6:H7)"), "是公式或图片，没有保存计算结果"),
        ("press", "约5", "应填0或正整数"),
        ("body_established", "正在筹备", "应填“是”或“否”"),
    ],
)
def test_a_line_says_why_a_cell_cannot_be_read(field, filed, why):
    (line,) = judged(a_return(**{field: filed}), contacts())
    assert why in line.message
    assert line.filed == str(filed)


def test_the_number_of_a_line_is_its_content():
    (first,), (again,) = (
        judged(a_return(petitions_total=12), contacts()),
        judged(a_return(petitions_total=12, press=9), contacts()),
    )
    (changed,) = judged(a_return(petitions_total=13), contacts())
    assert first.id == again.id != changed.id


@pytest.mark.parametrize(
    ("phone", "rules"),
    [("13800000001 / 0917-4240001", []), ("138-0000-0001、4240001", []), ("(0917)4240001", []), ("+86 13800000001", []), ("办公：4240001", [])]
    + [(t, []) for t in ("13800000001（微信同号）", "0917-2000000转801", "0917-2000000-801", "手机13800000001座机0917-4240000", "微信：13800000001")]
    + [(t, ["CON-3"]) for t in ("无", "见通讯录", "1380000000（微信同号）", "0917-20000转801")]
    + [("13800000001、123", ["CON-3"]), ("12、123", ["CON-3", "CON-3"]), ("1.39E+10", ["CON-3"]), ("12800000001", ["CON-3"])],
)  # fmt: skip
def test_several_numbers_in_a_cell_are_judged_each(phone, rules):
    assert [f.rule for f in judged(GOOD, people(phone=phone))] == rules


def test_one_person_in_both_roles_may_have_one_phone():
    first, second = contacts().people
    assert judged(GOOD, contacts(people=(first, replace(second, name=first.name, phone=first.phone)))) == ()


def test_no_message_carries_a_phone_or_a_name():
    lines = [*judged(GOOD, people(phone="1380000000")), *judged(GOOD, people(phone=PHONES[1]))]
    for word in ("1380000000", PHONES[1], "张三", "李四"):
        assert not any(word in f.message + f.advice + f.id for f in lines)


FIGURES = st.none() | st.integers(0, 30) | st.sampled_from(["约5", "3次", "无"])


@settings(max_examples=4)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(FORM.counts, FIGURES)), min_size=30, max_size=60))
def test_a_relation_is_judged_exactly_where_all_its_figures_are_there(filed):
    returns = [a_return(**figures) for figures in filed]
    verdicts = judge({(f"单位{i}", MAY): one for i, one in enumerate(returns)}, ONE)
    for one, verdict in zip(returns, verdicts.values(), strict=True):
        broken = relations_broken(one)
        assert {rule for rule, _ in verdict.faults} & set(broken) == {rule for rule, b in broken.items() if b}


def relations_broken(filed: Return) -> dict[str, bool]:
    """The plain arithmetic of the rule table."""
    v = {k: f.value for k, f in filed.figures.items()}

    def all_there(*keys: str) -> bool:
        return all(v[k] is not None for k in keys)

    return {
        "PET-1": all_there("petitions_total", "self_handled", "transferred") and v["petitions_total"] != v["self_handled"] + v["transferred"],
        "INS-1": all_there("institutions_total", "created", "revised") and v["institutions_total"] != v["created"] + v["revised"],
        "SUP-1": all_there("problems_rectified", "problems_found") and v["problems_rectified"] > v["problems_found"],
        "SUP-2": all_there("problems_found", "inspections") and v["problems_found"] > 0 == v["inspections"],
        "PET-2": all_there("concluded", "petitions_total") and v["concluded"] > v["petitions_total"],
        "PET-3": all_there("clues_referred", "petitions_total", "problems_found") and v["clues_referred"] > v["petitions_total"] + v["problems_found"],
        "RES-1": all_there("batches", "projects") and (v["batches"] == 0) != (v["projects"] == 0),
    }  # fmt: skip


def version(path: str, day: int, **changes: object) -> Return:
    return at(a_return(**changes), source=a_source(path, RECEIVED.replace(day=day), path))


@pytest.mark.parametrize(
    ("tables", "grade", "advice"),
    [
        ([version("a.xlsx", 8, press=9), version("b.xlsx", 9)], "提示性", "最后收到"),
        ([version("a.xlsx", 8, press=9), version("b.xlsx", 8)], "核实性", "分不清先后"),
        ([version("a.xlsx", 8, press=9), version("电话更正/b.xlsx", 9)], "核实性", "待补报表"),
        ([version("电话更正/b.xlsx", 9)], "核实性", "待补报表"),
    ],
)
def test_the_grade_of_a_version_line(tables, grade, advice):
    (line,) = judged(*tables, contacts())
    assert (line.rule, line.grade) == ("FILE-5", grade)
    assert advice in line.advice
    assert ("报纸期刊宣传 9→1" in line.message) == (len(tables) > 1)


def test_a_version_line_repeats_no_text_that_may_be_a_phone():
    (line,) = judged(version("a.xlsx", 8, press="问张三13800000001"), version("b.xlsx", 9), contacts())
    assert "报纸期刊宣传 不能计入的内容→1" in line.message


@pytest.mark.parametrize(("day", "expected"), [(24, []), (26, ["FILE-5"])])
def test_an_earlier_months_correction_since_the_previous_due_day_has_a_line(day, expected):
    april = Month(2023, 4)
    first, second = (at(version(p, 8, press=n), month=april) for p, n in (("a.xlsx", 9), ("b.xlsx", 7)))
    came = RECEIVED.replace(month=5, day=day)
    first, second = (
        at(first, source=replace(first.source, received=RECEIVED.replace(month=5, day=2))),
        at(second, source=replace(second.source, received=came)),
    )
    lines = judged(GOOD, first, second, contacts())
    assert [(f.rule, f.month) for f in lines] == [(rule, april) for rule in expected]


def test_the_fault_of_a_table_of_several_units_is_reported_once_with_one_that_counts():
    county = a_county([{"name": u, "kind": "town"} for u in ("城关镇", "张家塬镇")], contacts_due=None)
    rows = [missing(at(a_return(u), shared=True, source=a_source("总.xlsx")), "press") for u in ("城关镇", "张家塬镇")]
    assert [(f.rule, f.unit) for f in judged(*rows, county=county)] == [("FORM-1", "城关镇")]
    newer = at(a_return("城关镇"), source=a_source("新.xlsx", RECEIVED.replace(day=12), "n"))
    lines = [(f.rule, f.unit) for f in judged(*rows, newer, county=county)]
    assert ("FORM-1", "张家塬镇") in lines


def test_two_broken_files_keep_their_own_numbers():
    files = [
        replace(unread("FILE-1"), source=a_source("城关镇附件1.xls", RECEIVED.replace(day=12), sha))
        for sha in ("b", "c")
    ]
    both = {judged(GOOD, contacts(), extra=[f])[0].id for f in files}
    assert len(both) == 2


def with_jump(key: str, jump: Jump) -> Form:
    """The form on which that column jumps at other figures."""

    def changed(group: Group) -> Group:
        return replace(group, columns=tuple(replace(c, jump=jump) if c.key == key else c for c in group.columns))

    return replace(FORM, groups=tuple(map(changed, FORM.groups)))


def test_what_makes_a_jump_is_said_once_where_all_columns_agree_and_else_by_column():
    assert rules_of(FORM)["HIST-4"].holds == "数值不突增（不超过以前各月中位数的3倍，或超过不多于10）"
    assert rules_of(with_jump("press", Jump(times=5, above=100)))["HIST-4"].holds == (
        "数值不突增（不超过以前各月中位数的3倍，或超过不多于10；不超过以前各月中位数的5倍，或超过不多于100（按栏目））"
    )

"""Which of the returns counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.choose import choose, most_named_month
from pipeline.county import County
from pipeline.model import BEIJING, Disposition, Month, Reading, Return, Stated
from tests.builders import FORM, MAY, RECEIVED, a_county, a_return, a_source


def arriving(filed: Return, path: str, day: int = 10, sha256: str = "") -> Reading:
    source = a_source(path, RECEIVED.replace(day=day), sha256 or path)
    return Reading(source, (replace(filed, source=source),))


def dispositions(*readings: Reading, period: Month = MAY) -> list[tuple[str, str]]:
    return [
        (f.source.path, f.outcome)
        for f in (disposition.in_run(period) for disposition in choose(readings, a_county()).dispositions)
    ]


def rules(found: tuple[Disposition, ...]) -> list[str]:
    return [f.rule for f in found if f.rule]


def test_the_newest_version_counts():
    first, second = arriving(a_return(press=9), "a.xlsx", 8), arriving(a_return(), "b.xlsx", 12)
    assert dispositions(second, first) == [("a.xlsx", "被替代"), ("b.xlsx", "采用")]
    choice = choose([first, second], a_county())
    assert choice.returns["城关镇", MAY].figures["press"].value == 1
    assert choice.first["城关镇", MAY] == RECEIVED.replace(day=8)


@pytest.mark.parametrize(
    "bent",
    [
        a_return(press="1次"),
        replace(a_return(), unit_stated=Stated("城关镇", "file", "A3")),
        replace(a_return(), units_in_name=("县住建局",)),
        replace(a_return(), month_full=False),
        replace(a_return(), month_stated=Stated("5月", "file", "M3")),
        replace(a_return(), header=replace(a_return().header, renamed={"press": "报刊"})),
        replace(a_return(), header=replace(a_return().header, added=("合计",))),
    ],
)
def test_of_the_same_figures_a_form_put_right_is_judged_anew(bent):
    assert dispositions(arriving(bent, "a.xlsx", 8), arriving(a_return(), "b.xlsx", 12)) == [
        ("a.xlsx", "重复"),
        ("b.xlsx", "采用"),
    ]


def from_name(month: str) -> Return:
    """A return whose month stands in its file's name, written so."""
    return replace(a_return(), month_stated=Stated(month, "file", ""))


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (a_return(), a_return(press="1")),
        (a_return(), a_return(press=1.0)),
        (a_return(), a_return(press="１")),
        (a_return(), replace(a_return(), units_in_name=())),
        (from_name("5月"), from_name("2023年5月")),
    ],
)
def test_the_same_figures_on_the_same_form_change_nothing(first, again):
    assert dispositions(arriving(first, "a.xlsx", 8), arriving(again, "b.xlsx", 12)) == [
        ("a.xlsx", "采用"),
        ("b.xlsx", "重复"),
    ]


def test_a_phone_entry_nobody_filled_in_yet_is_no_return():
    blank = a_return(**dict.fromkeys(FORM.keys))
    assert dispositions(arriving(blank, "电话更正/a.xlsx")) == [("电话更正/a.xlsx", "忽略")]
    assert dispositions(arriving(blank, "a.xlsx")) == [("a.xlsx", "采用")]


def test_of_the_same_bytes_the_first_stays():
    copies = [arriving(a_return(), path, day, "same") for path, day in (("a.xlsx", 8), ("b.xlsx", 12))]
    assert dispositions(*copies) == [("a.xlsx", "采用"), ("b.xlsx", "重复")]


def test_a_phone_entry_wins_until_the_unit_sends_a_newer_one():
    own, phone = arriving(a_return(press=9), "a.xlsx", 8), arriving(a_return(), "电话更正/a.xlsx", 8)
    assert dispositions(phone, own) == [("a.xlsx", "被替代"), ("电话更正/a.xlsx", "采用")]
    later = arriving(a_return(press=7), "b.xlsx", 12)
    assert dispositions(own, phone, later) == [("a.xlsx", "被替代"), ("b.xlsx", "采用"), ("电话更正/a.xlsx", "被替代")]


def test_a_phone_entry_is_closed_by_the_same_figures_from_the_unit():
    phone, own = arriving(a_return(), "电话更正/a.xlsx", 8), arriving(a_return(), "b.xlsx", 12)
    assert dispositions(phone, own) == [("b.xlsx", "采用"), ("电话更正/a.xlsx", "重复")]
    again = arriving(a_return(), "电话更正/b.xlsx", 13)
    assert ("b.xlsx", "采用") in dispositions(own, again)


def test_what_staff_enter_again_after_a_call_counts_but_no_copy_of_an_old_file():
    old, new = arriving(a_return(press=9), "a.xlsx", 8), arriving(a_return(press=7), "b.xlsx", 12)
    entered = arriving(a_return(press=9), "电话更正/a.xlsx", 13)
    assert ("电话更正/a.xlsx", "采用") in dispositions(old, new, entered)
    copied = arriving(a_return(press=9), "电话更正/a.xlsx", 13, sha256="a.xlsx")
    assert {("b.xlsx", "采用"), ("电话更正/a.xlsx", "重复")} <= {*dispositions(old, new, copied)}


@pytest.mark.parametrize(
    ("one", "other", "ordered"),
    [
        (a_source("a.zip › 1.xlsx"), a_source("b.zip › 2.xlsx"), False),
        (a_source("a.xlsx"), a_source("b.zip › 2.xlsx"), False),
        (a_source("a.xlsx"), a_source("b.xlsx"), False),
        (a_source("a.xlsx", RECEIVED.replace(hour=8)), a_source("b.xlsx"), True),
        (replace(a_source("a.xlsx", RECEIVED.replace(hour=8)), undated=True), a_source("b.xlsx"), False),
        (a_source("a.xlsx"), a_source("电话更正/b.xlsx"), True),
        (a_source("a.zip › 1.xlsx"), a_source("a.zip › 2.xlsx"), True),
    ],
)
def test_whether_the_order_of_two_versions_is_known(one, other, ordered):
    one, other = (replace(s, moment=(2023, 6, i) if "›" in s.path else ()) for i, s in enumerate((one, other)))
    readings = [Reading(s, (replace(a_return(press=p), source=s),)) for p, s in ((2, one), (3, other))]
    assert choose(readings, a_county()).versions["城关镇", MAY].ordered is ordered


def test_of_several_unusable_files_of_a_unit_one_is_reported():
    broken = [
        Reading(
            a_source(f"坏{i}.xls", RECEIVED.replace(day=8 + i), f"x{i}"), rule="FILE-1", detail="坏了", unit="城关镇"
        )
        for i in (0, 1)
    ]
    assert [(f.source.path, f.outcome, f.rule) for f in choose(broken, a_county()).dispositions] == [
        ("坏0.xls", "无法读取", ""),
        ("坏1.xls", "无法读取", "FILE-1"),
    ]


def test_a_file_from_outside_the_campaign_is_reported_in_its_nearest_month():
    late = Reading(
        a_source("坏.xls", dt.datetime(2024, 3, 5, tzinfo=BEIJING), "x"), rule="FILE-1", detail="坏了", unit="城关镇"
    )
    assert [f.month for f in choose([late], a_county()).dispositions] == [Month(2023, 12)]


def test_a_broken_contact_list_is_not_closed_by_a_return():
    broken = Reading(a_source("城关镇联络员名单.xls", RECEIVED, "x"), rule="FILE-1", detail="坏了", unit="城关镇")
    assert dispositions(broken, arriving(a_return(), "好.xlsx", 12)) == [
        ("城关镇联络员名单.xls", "无法读取"),
        ("好.xlsx", "采用"),
    ]


@pytest.mark.parametrize("dated", [True, False])
def test_figures_of_an_earlier_version_that_come_again_change_nothing_and_are_asked_about_where_it_is_sure_they_did(
    dated,
):
    readings = [arriving(a_return(press=p), f"{i}.xlsx", 8 + i) for i, p in enumerate((1, 2, 1))]
    source = replace(readings[-1].source, dated=dated)
    readings[-1] = Reading(source, (replace(a_return(press=1), source=source),))
    assert [o for _, o in dispositions(*readings)] == ["被替代", "采用", "重复"]
    assert len(choose(readings, a_county()).versions["城关镇", MAY].again) == dated


@pytest.mark.parametrize(("month", "outcome"), [(4, "往期"), (5, "采用")])
def test_other_months_are_kept_for_their_own_runs(month, outcome):
    assert dispositions(arriving(a_return(month=Month(2023, month)), "a.xlsx")) == [("a.xlsx", outcome)]


def test_a_later_month_is_reported_as_later():
    assert dispositions(arriving(a_return(), "a.xlsx"), period=Month(2023, 4)) == [("a.xlsx", "后期")]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"unit": "", "unit_stated": Stated("县公安局", "form", "A3")}, "UNIT-1"),
        ({"month": None}, "PERIOD-1"),
        ({"month": Month(2023, 6)}, "PERIOD-2"),
        ({"month": Month(2022, 5)}, "PERIOD-2"),
        ({"row_fault": "有2行数据，没有“合计”行"}, "FORM-3"),
    ],
)
def test_what_cannot_be_placed_is_reported_once_in_the_month_it_belongs_to(change, rule):
    choice = choose([arriving(replace(a_return(), **change), "a.xlsx")], a_county())
    assert [(f.outcome, f.rule, f.month) for f in choice.dispositions] == [("未采用", rule, MAY)]
    assert choice.returns == {}
    assert set(choice.unusable) == ({("城关镇", MAY)} if rule != "UNIT-1" else set())


@pytest.mark.parametrize("fault", ["表内写着两个单位", ""])
def test_a_line_says_why_its_unit_cannot_be_told(fault):
    nobodys = replace(a_return(), unit="", unit_fault=fault)
    (disposition,) = choose([arriving(nobodys, "a.xlsx")], a_county()).dispositions
    assert (disposition.rule, disposition.why) == ("UNIT-1", fault or "填报单位不在应报单位名单中")


def test_a_unit_outside_its_months_is_not_on_the_roster():
    county = a_county(
        [{"name": "城关镇", "kind": "town", "until": "2023-04"}, {"name": "县住建局", "kind": "department"}]
    )
    assert rules(choose([arriving(a_return(), "a.xlsx")], county).dispositions) == ["UNIT-1"]


def test_an_unusable_file_is_closed_by_a_usable_one_of_the_same_time_or_later():
    broken = Reading(a_source("坏.xlsx", RECEIVED, "x"), rule="FILE-1", detail="坏了", unit="城关镇")
    assert dispositions(broken, arriving(a_return(), "好.xlsx", 10)) == [("坏.xlsx", "被替代"), ("好.xlsx", "采用")]
    assert dispositions(broken, arriving(a_return(), "好.xlsx", 9)) == [("坏.xlsx", "无法读取"), ("好.xlsx", "采用")]


def test_a_broken_contact_list_does_not_excuse_a_missing_return():
    broken = Reading(a_source("城关镇联络员名单.xlsx", RECEIVED, "x"), rule="FILE-1", detail="坏了", unit="城关镇")
    assert choose([broken], a_county()).unusable == {}


def test_copies_of_a_broken_file_are_reported_once():
    readings = [
        Reading(a_source(p, RECEIVED, "x"), rule="FILE-1", detail="坏了", unit="城关镇") for p in ("a.xls", "b.xls")
    ]
    assert dispositions(*readings) == [("a.xls", "无法读取"), ("b.xls", "重复")]


def test_a_scan_of_nobody_stands_in_the_ledger_only():
    scan = Reading(a_source("扫描.pdf"), rule="FILE-3", detail="扫描件")
    assert [(f.outcome, f.rule) for f in choose([scan], a_county()).dispositions] == [("扫描件", "")]


def test_the_month_most_returns_name_and_in_a_tie_the_later():
    readings = [arriving(a_return(month=Month(2023, m)), f"{i}.xlsx") for i, m in enumerate((3, 4, 4, 5, 5))]
    assert most_named_month(readings, a_county()) == MAY
    assert most_named_month([], a_county()) is None
    outside = [arriving(a_return(month=Month(2022, 7)), "x.xlsx")] * 9
    assert most_named_month([*readings, *outside], a_county()) == MAY


def test_a_return_is_in_time_until_midnight_of_the_due_day():
    county = a_county()
    last = dt.datetime(2023, 6, 25, 23, 59, 59, tzinfo=BEIJING)
    assert county.in_time(MAY, last)
    assert not county.in_time(MAY, last + dt.timedelta(seconds=1))


def test_what_the_unit_had_sent_before_does_not_undo_a_phone_entry():
    own, phone = arriving(a_return(press=9), "a.xlsx", 8), arriving(a_return(), "电话更正/a.xlsx", 9)
    slip = arriving(a_return(press=9), "退回.xlsx", 12)
    assert dispositions(own, phone, slip) == [("a.xlsx", "被替代"), ("电话更正/a.xlsx", "采用"), ("退回.xlsx", "重复")]


def test_the_same_bytes_again_do_not_undo_a_correction():
    first, again = (arriving(a_return(press=9), path, day, "same") for path, day in (("a.xlsx", 8), ("c.xlsx", 12)))
    assert dispositions(first, arriving(a_return(), "b.xlsx", 9), again) == [
        ("a.xlsx", "被替代"),
        ("b.xlsx", "采用"),
        ("c.xlsx", "重复"),
    ]


# -- where only the surroundings name the unit ------------------------------------------------------------------------


def around(unit: str, origin: str, **changes: object) -> Return:
    """A return on which no unit stands."""
    return replace(a_return(unit, **changes), unit_stated=Stated(unit, origin, "A3"))


def outcomes(*readings: Reading) -> list[tuple[str, str, str, str]]:
    return [(f.source.path, f.unit, f.outcome, f.rule) for f in choose(readings, a_county()).dispositions]


@pytest.mark.parametrize("origin", ["folder", "container", "file"])
def test_the_same_file_under_the_names_of_two_units_is_nobodys(origin):
    one = arriving(around("城关镇", origin), "城关镇/附件1.xlsx", sha256="x")
    other = arriving(around("张家塬镇", origin), "张家塬镇/附件1.xlsx", sha256="x")
    assert outcomes(one, other) == [
        ("城关镇/附件1.xlsx", "", "未采用", "UNIT-1"),
        ("张家塬镇/附件1.xlsx", "", "重复", ""),
    ]


def test_an_archive_with_returns_of_several_units_names_nobody():
    one = arriving(a_return("城关镇"), "城关镇.zip › 1.xlsx")
    nameless = arriving(around("城关镇", "container", press=3), "城关镇.zip › 2.xlsx")
    other = arriving(a_return("张家塬镇"), "城关镇.zip › 3.xlsx")
    assert outcomes(one, nameless, other)[1] == ("城关镇.zip › 2.xlsx", "", "未采用", "UNIT-1")
    in_its_folder = arriving(around("张家塬镇", "folder"), "城关镇.zip › 张家塬镇/2.xlsx")
    assert outcomes(one, in_its_folder)[1] == ("城关镇.zip › 张家塬镇/2.xlsx", "张家塬镇", "采用", "")
    assert outcomes(nameless) == [("城关镇.zip › 2.xlsx", "城关镇", "采用", "")]


# -- the month in the file's name -------------------------------------------------------------------------------------

APRIL = Month(2023, 4)


def misdated(**changes: object) -> Return:
    """April's form under a name that says May, which was due."""
    return replace(a_return(month=APRIL, **changes), month_in_name=MAY)


def reported_in(*readings: Reading, county: County | None = None) -> list[tuple[str, str, Month | None, str]]:
    choice = choose(readings, county or a_county())
    assert set(choice.unusable) == {(f.unit, f.reported_in) for f in choice.dispositions if f.rule}
    return [(f.source.path, f.outcome, f.reported_in, f.rule) for f in choice.dispositions]


def test_an_earlier_months_form_under_the_due_months_name_is_asked_about_and_counts_for_its_month():
    assert reported_in(arriving(misdated(), "城关镇5月.xlsx")) == [("城关镇5月.xlsx", "采用", MAY, "PERIOD-4")]
    assert choose([arriving(misdated(), "a.xlsx")], a_county()).returns.keys() == {("城关镇", APRIL)}


def test_no_return_is_missed_in_a_month_in_which_its_unit_owes_none():
    county = a_county(
        [{"name": "城关镇", "kind": "town", "until": "2023-04"}, {"name": "县住建局", "kind": "department"}]
    )
    assert reported_in(arriving(misdated(), "5月.xlsx"), county=county) == [("5月.xlsx", "采用", APRIL, "")]


def test_it_replaces_no_return_of_its_month():
    april = arriving(a_return(month=APRIL), "4月.xlsx", 8)
    assert reported_in(april, arriving(misdated(press=3), "5月.xlsx", 12)) == [
        ("4月.xlsx", "采用", APRIL, ""),
        ("5月.xlsx", "未采用", MAY, "PERIOD-4"),
    ]


def test_a_return_of_the_due_month_answers_it():
    may = arriving(a_return(press=3), "改.xlsx", 14)
    assert reported_in(arriving(misdated(), "5月.xlsx", 12), may) == [
        ("5月.xlsx", "采用", APRIL, ""),
        ("改.xlsx", "采用", MAY, ""),
    ]


@pytest.mark.parametrize("month", [None, Month(2023, 6), APRIL, Month(2023, 3)])
def test_names_without_a_month_of_sending_or_of_the_form_are_no_contradiction(month):
    filed = replace(a_return(month=APRIL), month_in_name=month)
    assert reported_in(arriving(filed, "a.xlsx"))[0][3] == ""


def test_it_is_not_judged_where_nobody_knows_when_it_came():
    reading = arriving(misdated(), "a.xlsx")
    undated = replace(reading.source, undated=True)
    assert reported_in(replace(reading, source=undated, tables=(replace(misdated(), source=undated),)))[0][3] == ""


@pytest.mark.parametrize(("named", "shown"), [(APRIL, APRIL), (Month(2022, 12), MAY)])
def test_what_is_no_return_is_shown_in_the_month_it_names_or_outside_the_campaign_in_that_of_its_arrival(named, shown):
    report = Reading(a_source("报告.docx", RECEIVED, "报告"), unit="城关镇", narrative=True, month=named)
    part = arriving(replace(a_return(month=named), aside="合计行"), "a.xlsx")
    choice = choose([report, part], a_county())
    assert {f.source.path: f.month for f in choice.dispositions} == {"报告.docx": shown, "a.xlsx": shown}


def test_a_blank_form_never_replaces_a_filled_return_and_is_no_version():
    blank = arriving(a_return(**dict.fromkeys(FORM.keys)), "b.xlsx", 12)
    choice = choose([arriving(a_return(), "a.xlsx", 8), blank], a_county())
    assert [(f.source.path, f.outcome) for f in choice.dispositions] == [("a.xlsx", "采用"), ("b.xlsx", "忽略")]
    assert len(choice.versions["城关镇", MAY].tables) == 1
    assert dispositions(blank) == [("b.xlsx", "采用")]


def test_a_return_on_which_no_unit_stands_never_replaces_one_on_which_it_does():
    nameless = replace(a_return(press=9), unit_stated=Stated("城关镇", "file", ""))
    first, second = arriving(a_return(), "a.xlsx", 8), arriving(nameless, "城关镇.xlsx", 12)
    choice = choose([first, second], a_county())
    assert [(f.outcome, f.rule) for f in choice.dispositions] == [("采用", ""), ("未采用", "UNIT-1")]
    assert dispositions(arriving(nameless, "城关镇.xlsx", 8), arriving(a_return(), "b.xlsx", 12)) == [
        ("b.xlsx", "采用"),
        ("城关镇.xlsx", "被替代"),
    ]


def test_the_same_bytes_under_the_names_of_two_units_count_for_neither():
    copies = [
        arriving(replace(a_return(unit), unit_stated=Stated(unit, "folder", "")), f"{unit}/a.xlsx", 8, "same")
        for unit in ("城关镇", "张家塬镇")
    ]
    choice = choose(copies, a_county())
    assert choice.returns == {}
    assert sorted((f.outcome, f.rule) for f in choice.dispositions) == [("未采用", "UNIT-1"), ("重复", "")]


def test_what_came_at_a_time_nobody_knows_belongs_to_the_run():
    source = replace(a_source("坏.xls", RECEIVED, "x"), undated=True)
    broken = Reading(source, rule="FILE-1", detail="坏了", unit="城关镇")
    for period in (MAY, MAY.plus(-2)):
        assert [f.month for f in choose([broken], a_county(), period).dispositions] == [period]


@pytest.mark.parametrize(
    ("days", "in_time"), [((None,), None), ((10, None), True), ((27, None), None), ((27,), False), ((27, 10), True)]
)
def test_a_unit_is_late_only_where_no_version_can_have_come_in_time(days, in_time):
    readings = [arriving(a_return(press=i), f"{i}.xlsx", day or 28) for i, day in enumerate(days)]
    for i, day in enumerate(days):
        source = replace(readings[i].source, undated=day is None)
        readings[i] = Reading(source, (replace(a_return(press=i), source=source),))
    first = choose(readings, a_county()).first["城关镇", MAY]
    assert (first and a_county().in_time(MAY, first)) is in_time

"""The months together: what they ask, what they add up to, and what has changed since it was sent up."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.check.history import history_faults, history_finding
from pipeline.model import Month
from pipeline.run import Done, Job, run, run_all
from tests.builders import FORM, RECEIVED, TODAY, VALUES, a_return, annex1, cell_of, drop, figures_in, remark_in, xlsx
from tests.inboxes import COUNTY_FILE, drop_month, faulty_month, many_months
from tests.office import sheet_of

MARCH, APRIL, MAY = (Month(2023, m) for m in (3, 4, 5))
YEAR = MARCH.until(Month(2023, 12))
END = dt.date(2024, 1, 28)
GROWING = ("party_meetings", "coordination_meetings", "press", "new_media", "broadcast")


def faults(*changes: dict[str, object], start: Month = MARCH) -> list[str]:
    """The HIST rules that the last of consecutive months breaks."""
    returns = [a_return(month=start.plus(i), **changed) for i, changed in enumerate(changes)]
    return [rule for rule, _ in history_faults(FORM, returns[-1], returns[:-1])]


OTHER = {"press": 2}
"""A month that is not the same as the one before."""


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        # running sums
        ([{"problems_rectified": 12}, OTHER], []),
        ([{"problems_rectified": 14}, OTHER], []),
        ([{"problems_rectified": 10}, OTHER | {"problems_rectified": 9}], []),
        ([{"problems_rectified": 10}, OTHER | {"problems_rectified": 10}], ["HIST-1"]),
        ([{"problems_rectified": 9}, OTHER | {"problems_rectified": 10}], ["HIST-1"]),
        ([{"problems_rectified": 12}, {"problems_rectified": 0}, OTHER | {"problems_rectified": 17}], []),
        ([{"problems_rectified": 12}, {"problems_rectified": 0}, OTHER | {"problems_rectified": 22}], ["HIST-1"]),
        ([{"problems_rectified": 14}], []),
        ([{"problems_rectified": 14}, OTHER | {"problems_found": "约9"}], []),
        ([{"problems_rectified": "约14"}, OTHER | {"problems_rectified": 14}], []),
        ([{"concluded": 9, "problems_rectified": 14}, {"concluded": 8, "problems_rectified": 10}], ["HIST-1", "HIST-1"]),
        # a row sent again
        ([{}, {}], ["HIST-2"]),
        ([{"press": "约5"}, {"press": "约5"}], ["HIST-2"]),
        ([{"press": "约5"}, {"press": "约6"}], []),
        ([{"press": "3次"}, {"press": 3}], ["HIST-2"]),
        ([{"press": None}, {"press": 0}], []),
        # running totals
        ([dict.fromkeys(GROWING[:4], n) for n in (1, 2, 3)], ["HIST-3"]),
        ([dict.fromkeys(GROWING[:3], n) for n in (1, 2, 3)], []),
        ([dict.fromkeys(GROWING[:4], n) for n in (1, 2)], []),
        ([dict.fromkeys(GROWING[:4], n) | {"projects": 9 - n} for n in (1, 2, 3)], []),
        ([dict.fromkeys(GROWING[:4], n) for n in (1, 2, 2)], ["HIST-2"]),
        ([dict.fromkeys(GROWING, n) | {"press": None} for n in (1, 2, 3)], ["HIST-3"]),
        # jumps, and small counts
        ([{"press": n} for n in (2, 3, 4, 14)], ["HIST-4"]),
        ([{"press": n} for n in (2, 3, 4, 13)], []),
        ([{"press": n} for n in (2, 4, 14)], []),
        ([{"press": n} for n in (20, 21, 22, 63)], []),
        ([{"press": n} for n in (20, 21, 22, 64)], ["HIST-4"]),
        ([{"press": n} for n in (None, 3, 4, 50)], []),
        ([{"press": n} for n in (3, None, 4, 5, 50)], ["HIST-4"]),
    ],
)  # fmt: skip
def test_what_months_ask_of_each_other(changes, rules):
    assert faults(*changes) == rules


def test_months_apart_are_not_in_a_row():
    march, may = a_return(month=MARCH), a_return(month=MAY)
    assert list(history_faults(FORM, may, [march])) == []


@given(
    st.lists(
        st.lists(st.none() | st.integers(0, 40), min_size=len(FORM.counts), max_size=len(FORM.counts)),
        min_size=1,
        max_size=6,
    )
)
def test_the_rules_hold_what_their_sentences_say(rows):
    """Held against plain arithmetic over the whole history."""
    changes = [dict(zip(FORM.counts, row, strict=True)) for row in rows]
    now, before = changes[-1], changes[:-1]

    def over(left: str, right: str) -> bool:
        both = [c for c in changes if c[left] is not None and c[right] is not None]
        ends = [sum(c[left] - c[right] for c in both[: i + 1]) for i in range(len(both))]
        return both[-1:] == [now] and len(both) > 1 and ends[-1] > max(0, *ends[:-1])

    def jumps(key: str) -> bool:
        earlier = sorted(c[key] for c in before if c[key] is not None)
        if now[key] is None or len(earlier) < 3:
            return False
        middle = (earlier[(len(earlier) - 1) // 2] + earlier[len(earlier) // 2]) / 2
        return now[key] > 3 * middle and now[key] > middle + 10

    found = faults(*changes)
    assert found.count("HIST-1") == over("problems_rectified", "problems_found") + over("concluded", "petitions_total")
    assert found.count("HIST-2") == (bool(before) and before[-1] == now)
    assert found.count("HIST-4") == sum(map(jumps, FORM.counts))


# -- a county's year --------------------------------------------------------------------------------------------------


def planted(filed: dict[tuple[str, Month], dict[str, object]]) -> set[tuple[object, ...]]:
    """Puts 40 faults into a clean year, and gives the lines they must make; a fault is made good in the next month."""
    units = list(dict.fromkeys(unit for unit, _ in filed))
    expected: set[tuple[object, ...]] = set()
    for unit in units[:10]:
        june, (october, november, december) = Month(2023, 6), YEAR[-3:]
        filed[unit, june] = dict(filed[unit, MAY])
        expected.add(("HIST-2", unit, june, ()))
        for i, month in enumerate((november, december), 1):
            filed[unit, month] = filed[unit, october] | {k: int(str(filed[unit, october][k])) + i for k in GROWING}
        expected.add(("HIST-3", unit, december, ()))
    for i, unit in enumerate(units[10:20]):
        august = YEAR[5]
        key, label = [("press", "报纸期刊宣传"), ("party_meetings", "党委党组会议次数")][i % 2]
        filed[unit, august][key] = 60
        expected.add(("HIST-4", unit, august, (label,)))
        left, right = [("problems_rectified", "problems_found"), ("concluded", "petitions_total")][i % 2]
        filed[unit, MARCH][left] = filed[unit, MARCH][right]
        filed[unit, APRIL][left] = int(str(filed[unit, APRIL][right])) + 1
        filed[unit, MAY] |= {left: 0}
        labels = [("推动整改", "发现问题"), ("办结", "总计")][i % 2]
        expected.add(("HIST-1", unit, APRIL, labels))
    return expected


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    root = tmp_path_factory.mktemp("year")
    _, filed = many_months(root / "inbox", YEAR)
    expected = planted(filed)
    drop_month(root / "inbox", filed)
    done = run_all(Job(root / "inbox", root / "outbox", COUNTY_FILE, END))
    return root, filed, expected, {d.month.month: d for d in done}


def sheet_rows(done: Done, name: str) -> list[tuple[object, ...]]:
    return sheet_of(done.files[0], name, stored=True)


def test_forty_faults_of_history_are_forty_lines(year):
    _, _, expected, done = year
    lines = [(f.rule, f.unit, f.month, f.labels) for d in done.values() for f in d.month.findings]
    assert len(expected) == len(lines) == 40
    assert set(lines) == expected


def test_a_line_names_the_earlier_month_its_figure_and_file(year):
    _, filed, _, done = year
    for month, d in done.items():
        for f in d.month.findings:
            assert any(m.zh in f.message and f"{m}/{f.unit}附件1.xlsx" in f.message for m in YEAR if m < month)
            assert f.file == f"{month}/{f.unit}附件1.xlsx"
            if f.rule == "HIST-4":
                key = "press" if f.labels == ("报纸期刊宣传",) else "party_meetings"
                assert f"{month.plus(-1).zh}为{filed[f.unit, month.plus(-1)][key]}" in f.message


def test_all_months_are_written_in_one_run(year):
    _, _, _, done = year
    assert tuple(done) == YEAR
    assert all(len(d.files) == 2 and d.files[0].exists() for d in done.values())


@pytest.mark.parametrize("month", [MARCH, Month(2023, 8), YEAR[-1]])
def test_a_month_written_with_the_others_is_the_month_written_alone(year, month, tmp_path):
    root, _, _, done = year
    alone = run(Job(root / "inbox", tmp_path, COUNTY_FILE, END, month))
    assert [p.read_bytes() for p in alone.files] == [p.read_bytes() for p in done[month].files]


def test_the_year_to_date_is_the_sum_of_the_months(year):
    _, filed, _, done = year
    rows = sheet_rows(done[YEAR[-1]], "累计与趋势")
    # Below the year to date the units are named again.
    sums = {row[1] or row[0]: figures_in(row, FORM.counts) for row in reversed(rows[4:]) if row[1] or row[0]}
    units = list(dict.fromkeys(unit for unit, _ in filed))
    for unit in units:
        assert list(sums[unit]) == [sum(int(str(filed[unit, m][k])) for m in YEAR) for k in FORM.counts]
    total = [sum(int(str(v[k])) for v in filed.values()) for k in FORM.counts]
    assert list(sums["合计"]) == list(sums["各月累计"]) == total
    for m in YEAR:
        assert list(sums[m.zh]) == [sum(int(str(filed[u, m][k])) for u in units) for k in FORM.counts]


def test_the_sheet_of_a_year_charts_what_the_groups_compare_and_how_units_reported(year):
    _, _, _, done = year
    sheet = openpyxl.load_workbook(done[YEAR[-1]].files[0])["累计与趋势"]
    assert len(sheet._charts) == len(FORM.compared) + 2


# -- gaps, units that come and go, corrections ------------------------------------------------------------------------

COMING = """
[county]
name = "千阳县"
office = "千阳县专班"
[campaign]
title = "乡村振兴领域专项整治"
first_period = "2023-02"
first_due_period = "2023-03"
last_period = "2023-12"
counting = "monthly"
due_day = 25
[[units]]
name = "城关镇"
kind = "town"
[[units]]
name = "张家塬镇"
kind = "town"
until = "2023-03"
[[units]]
name = "县住建局"
kind = "department"
since = "2023-04"
"""


@pytest.fixture
def coming(tmp_path):
    """城关镇 misses April and is late in May; a town leaves after March, a department comes in April with a blank form."""
    (tmp_path / "county.toml").write_text(COMING, encoding="utf-8")
    inbox = tmp_path / "inbox"
    drop(inbox, "a.xlsx", xlsx(annex1("城关镇", "2023年3月", press=2)), RECEIVED.replace(month=4))
    drop(inbox, "b.xlsx", xlsx(annex1("张家塬镇", "2023年3月")), RECEIVED.replace(month=4))
    drop(inbox, "c.xlsx", xlsx(annex1("县住建局", "2023年4月", **dict.fromkeys(FORM.keys))), RECEIVED.replace(month=5))
    drop(inbox, "d.xlsx", xlsx(annex1("城关镇", press="约5")), RECEIVED.replace(day=26))
    return tmp_path


def test_each_unit_and_month_says_the_first_that_holds(coming):
    done = run(Job(coming / "inbox", coming / "outbox", coming / "county.toml", TODAY, MAY))
    rows = sheet_rows(done, "报送情况")
    assert rows[1][:6] == ("序号", "单位", "类别", "2023年3月", "2023年4月", "2023年5月")
    statuses = {row[1]: row[3:6] for row in rows[2:5]}
    assert statuses == {
        "城关镇": ("按时", "未报", "迟报"),
        "张家塬镇": ("按时", "不在册", "不在册"),
        "县住建局": ("不在册", "空表", "未报"),
    }
    rates = {(row[1], row[2]): row[3:7] for row in rows[5:25]}
    assert rates["全县", "应报"] == (2, 2, 2, 6)
    assert rates["全县", "报送"] == (2, 0, 1, 3)
    assert rates["全县", "按时报送"] == (2, 0, 0, 2)
    assert rates["全县", "报送率"] == (1, 0, 0.5, 0.5)
    assert rates["镇", "及时率"] == (1, 0, 0, 0.5)
    assert rates["部门", "报送率"] == ("—", 0, 0, 0)
    assert rows[2][6:11] == (3, 2, 1, pytest.approx(2 / 3), pytest.approx(1 / 3))


def test_a_missing_month_is_missing_and_no_zero(coming):
    done = run(Job(coming / "inbox", coming / "outbox", coming / "county.toml", TODAY, MAY))
    rows = sheet_rows(done, "累计与趋势")
    units = {row[1] or row[0]: row for row in reversed(rows[4:]) if row[1] or row[0]}
    assert remark_in(units["城关镇"]) == "缺4月；有1格未计入"
    assert remark_in(units["张家塬镇"]) == "已不在册"
    assert set(figures_in(units["县住建局"], FORM.counts)) == {None}
    assert remark_in(units["县住建局"]) == f"缺5月；有{len(FORM.keys)}格未计入"
    assert figures_in(units["合计"], ["body_established"]) == ["1/2"]
    assert "2023年2月" not in units
    assert remark_in(units["2023年4月"]) == "1/2"
    assert remark_in(units["2023年5月"]) == "1/2"
    assert figures_in(units["合计"], ["press"]) == [
        3
    ]  # 报纸期刊宣传 of March; what cannot be counted in May adds nothing


def test_a_month_without_returns_is_blank(coming):
    (coming / "inbox" / "c.xlsx").unlink()
    done = run(Job(coming / "inbox", coming / "outbox", coming / "county.toml", TODAY, MAY))
    units = {row[1]: row for row in sheet_rows(done, "累计与趋势")[4:] if row[1]}
    april = units["2023年4月"]
    assert (set(figures_in(april)), remark_in(april)) == ({None}, "没有报表")


def test_before_the_due_day_a_month_is_not_due(coming):
    done = run(Job(coming / "inbox", coming / "outbox", coming / "county.toml", dt.date(2023, 6, 25), MAY))
    rows = sheet_rows(done, "报送情况")
    assert {row[1]: row[5] for row in rows[2:5]} == {"城关镇": "有误", "张家塬镇": "不在册", "县住建局": "未到期"}


@pytest.fixture
def sent(tmp_path):
    """May of the small county was sent up; 县财政局 reports afterwards, 张家塬镇 corrects, 县住建局 is taken out."""
    inbox = faulty_month(tmp_path)
    job = Job(inbox, tmp_path / "outbox", tmp_path / "county.toml", TODAY, MAY)
    up = run(job).files[0]
    folder = up.parent / "已上报"
    folder.mkdir()
    shutil.copy(up, folder / "报市里.xlsx")
    return job, inbox


def test_nothing_changed_needs_no_explanation(sent):
    job, _ = sent
    assert "更正说明" not in openpyxl.load_workbook(run(job).files[0]).sheetnames


def test_every_figure_that_differs_from_what_was_sent_up_is_listed(sent):
    job, inbox = sent
    corrected = {"petitions_total": 7, "press": 5, "created": "三项"}
    drop(inbox, "更正.xlsx", xlsx(annex1("张家塬镇", "2023年5月", broadcast=2, **corrected)), RECEIVED.replace(day=27))
    (inbox / "2023-06-26/县住建局.xlsx").unlink()
    rows = sheet_rows(run(job), "更正说明")
    heads = ("统计时间", "单位", "栏目", "指标", "原上报数", "更正后", "差额", "依据文件", "单元格", "原上报文件")
    assert rows[1] == heads
    old = "2023-05/已上报/报市里.xlsx"
    # Of the return that is gone from the inbox nothing was corrected, but it no longer counts either.
    totals = [row for row in rows[2:] if row[1] == "合计"]
    moved = {k: -int(VALUES[k]) for k in FORM.counts} | {"petitions_total": -5 - 7, "broadcast": 2 - 2, "press": 5 - 1}
    assert {row[3]: row[6] for row in totals} == {FORM.column[k].label: n for k, n in moved.items() if n}
    assert rows[2 + len(totals) :] == [
        (
            "2023年5月",
            "张家塬镇",
            "受理群众信访举报情况",
            "总计",
            12,
            7,
            -5,
            "更正.xlsx",
            cell_of("petitions_total"),
            old,
        ),
        ("2023年5月", "张家塬镇", "宣传报道情况", "广播电视宣传", "空白", 2, 2, "更正.xlsx", cell_of("broadcast"), old),
        ("2023年5月", "张家塬镇", "宣传报道情况", "报纸期刊宣传", "空白", 5, 5, "更正.xlsx", cell_of("press"), old),
    ]


def test_a_return_that_came_after_is_one_row(sent):
    job, inbox = sent
    drop(inbox, "补报.xlsx", xlsx(annex1("县财政局", "2023年5月")), RECEIVED.replace(day=27))
    rows = sheet_rows(run(job), "更正说明")[2:]
    (late,) = [row for row in rows if row[1] != "合计"]
    assert late == (
        *(
            "2023年5月",
            "县财政局",
            "补报",
            "各栏",
            "未报",
            "已报",
            None,
            "补报.xlsx",
            None,
            "2023-05/已上报/报市里.xlsx",
        ),
    )
    assert {row[3]: row[6] for row in rows if row[1] == "合计"} == {
        FORM.column[k].label: VALUES[k] for k in FORM.counts if VALUES[k]
    }


def test_the_newest_copy_is_what_was_sent_up_last(sent):
    job, inbox = sent
    drop(inbox, "更正.xlsx", xlsx(annex1("城关镇", "2023年5月", press=8)), RECEIVED.replace(day=12))
    up = run(job).files[0]
    shutil.copy(up, up.parent / "已上报" / "再报市里.xlsx")
    assert "更正说明" not in openpyxl.load_workbook(run(job).files[0]).sheetnames


def test_a_copy_that_cannot_be_read_is_reported(sent):
    job, _ = sent
    (job.outbox / "2023-05" / "已上报" / "坏.xlsx").write_bytes(b"PK\x03\x04")
    assert run(job).notices == ("“2023-05/已上报/坏.xlsx”读不出汇总表，更正说明没有与它核对。",)


def test_a_corrected_april_in_june_is_in_the_sums_and_the_list_of_corrections(coming):
    job = Job(coming / "inbox", coming / "outbox", coming / "county.toml", TODAY, MARCH)
    up = run(job).files[0]
    (up.parent / "已上报").mkdir()
    shutil.copy(up, up.parent / "已上报")
    came = RECEIVED.replace(day=20)
    drop(coming / "inbox", "三月更正.xlsx", xlsx(annex1("城关镇", "2023年3月", press=7)), came)
    done = run(replace(job, period=MAY))
    assert [row[:9] for row in sheet_rows(done, "更正说明")[2:]] == [
        ("2023年3月", "合计", "宣传报道情况", "报纸期刊宣传", 3, 8, 5, None, None),
        ("2023年3月", "城关镇", "宣传报道情况", "报纸期刊宣传", 2, 7, 5, "三月更正.xlsx", cell_of("press")),
    ]
    assert [(f.rule, f.month) for f in done.month.findings if f.rule == "FILE-5"] == [("FILE-5", MARCH)]
    rows = {row[1]: row for row in reversed(sheet_rows(done, "累计与趋势")) if row[1]}
    assert figures_in(rows["城关镇"], ["press"]) == [7]


def test_a_month_to_renew_is_named_until_its_workbook_is_renewed(coming):
    job = Job(coming / "inbox", coming / "outbox", coming / "county.toml", TODAY, MAY)
    drop(coming / "inbox", "三月更正.xlsx", xlsx(annex1("城关镇", "2023年3月", press=7)), RECEIVED.replace(day=20))
    assert run(job).to_renew == (MARCH,)
    run(replace(job, period=MARCH))
    assert run(job).to_renew == ()
    drop(coming / "inbox", "再更正.xlsx", xlsx(annex1("城关镇", "2023年3月", press=8)), RECEIVED.replace(day=21))
    assert run(job).to_renew == (MARCH,)


def test_a_unit_that_left_the_roster_after_its_figures_were_sent_up_is_listed(sent):
    job, _ = sent
    text = job.county.read_text(encoding="utf-8")
    job.county.write_text(text.replace('name = "城关镇"\n', 'name = "城关镇"\nuntil = "2023-04"\n'), encoding="utf-8")
    rows = [row for row in sheet_rows(run(job), "更正说明")[2:] if row[1] == "城关镇"]
    assert len(rows) == len(FORM.keys)
    assert {row[5] for row in rows} == {"空白"}


def test_a_row_sent_again_with_other_figures_is_another_line():
    numbers = set()
    for press in (1, 77):
        filed = [a_return(month=m, press=press) for m in (APRIL, MAY)]
        numbers.add(history_finding(FORM, "HIST-2", FORM.keys, filed[1], filed[:1]).id)
    assert len(numbers) == 2


@pytest.mark.parametrize(("before", "usual"), [((2, 2, 3, 3), "2.5"), ((2, 2, 4, 4), "3"), ((2, 3, 4), "3")])
def test_a_median_between_two_months_is_shown_as_it_is(before, usual):
    filed = [a_return(month=Month(2023, 2 + i), press=n) for i, n in enumerate((*before, 50))]
    found = history_finding(FORM, "HIST-4", ("press",), filed[-1], filed[:-1])
    assert f"以前{len(before)}个月中位数{usual}的" in found.message
    assert str(found.reference) == usual

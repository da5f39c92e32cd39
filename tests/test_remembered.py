"""What counted and when it came is not forgotten: tidied inboxes, copied folders, wrong clocks, months out of date."""

from __future__ import annotations

import datetime as dt
import os

import openpyxl
import pytest

from pipeline.model import BEIJING
from tests.builders import annex1, drop, xlsx
from tests.envelopes import mailed
from tests.office import sheet_of
from tests.worlds import APRIL, JUNE, MARCH, MAY, UNITS, World, filed, findings, remarks, sources

GONE = "原报表已移出收件夹"


@pytest.fixture
def world(tmp_path):
    return World.new(tmp_path)


# -- the inbox is tidied ----------------------------------------------------------------------------------------------


def test_returns_that_were_moved_out_are_one_line_a_month_and_no_unit_is_called_missing(world):
    world.send_all(MARCH, APRIL)
    for month in (MARCH, APRIL):
        world.send_up(world.run(month))
    world.send_all(MAY)
    for month in (MARCH, APRIL):
        world.move_out(str(month))
    done = world.run(MAY)
    lines = findings(done, "FILE-6")
    assert [(f.month, f.unit, f.grade, f.status) for f in lines] == [
        (m, "、".join(UNITS), "核实性", "待处理") for m in (MARCH, APRIL)
    ]
    assert done.month.corrections == ()
    assert [n[:7] for n in done.notices] == ["2023年3月", "2023年4月"]
    assert done.to_renew == ()
    (row,) = [r for r in sheet_of(done.files[0], "累计与趋势") if r[1] == "城关镇"][:1]
    assert row[21] == f"3月、4月{GONE}"
    again = world.run(APRIL)
    assert set(remarks(again).values()) == {GONE}
    assert findings(again, "REP-1") == []
    assert "催报电话单" in openpyxl.load_workbook(again.files[1]).sheetnames
    assert sheet_of(again.files[1], "催报电话单")[2][0] == "本月各单位均已报齐，没有需要催的事项。"
    assert f"{GONE}4家：{'、'.join(UNITS)}。" in [r[0] for r in sheet_of(again.files[0], "说明")]


def test_what_was_moved_out_is_known_after_several_runs_of_which_each_writes_one_month(world):
    world.send_all(APRIL)
    world.run(APRIL)
    world.move_out("2023-04/城关镇.xlsx")
    for month in (APRIL, APRIL, MAY, JUNE, APRIL):
        (line,) = findings(world.run(month), "FILE-6")
        assert (line.unit, line.month, line.file) == ("城关镇", APRIL, "2023-04/城关镇.xlsx")
    outcome = sources(world.ledger(APRIL))["2023-04/城关镇.xlsx"]
    assert outcome == ("移出", "原处理结果：采用")
    world.put_back("2023-04/城关镇.xlsx")
    done = world.run(APRIL)
    assert [f.status for f in findings(done, "FILE-6")] == ["已销号"]
    assert filed(done)["城关镇"] is not None


def test_a_return_is_withdrawn_by_its_line_and_is_then_missing(world):
    world.send_all(APRIL)
    world.send_up(world.run(APRIL))
    world.move_out("2023-04/城关镇.xlsx")
    world.run(APRIL)
    world.type_in(APRIL, "FILE-6", "城关镇", {"状态": "已核实", "核实说明": "报错了，已撤回"})
    for month in (APRIL, MAY, APRIL):
        done = world.run(month)
        assert [(f.unit, f.status) for f in findings(done, "FILE-6")] == [("城关镇", "已核实")]
        assert not [n for n in done.notices if "移出" in n]
    assert [f.unit for f in findings(done, "REP-1")] == ["城关镇"]
    assert remarks(done)["城关镇"] == "未报"
    assert {c.unit for c in done.month.corrections} == {"城关镇"}
    written = [p.read_bytes() for p in done.files]
    assert [p.read_bytes() for p in world.run(APRIL).files] == written


def test_of_those_withdrawn_together_one_that_comes_back_opens_no_line_again(world):
    world.send_all(APRIL)
    world.run(APRIL)
    world.move_out("2023-04")
    (line,) = findings(world.run(APRIL), "FILE-6")
    world.type_in(APRIL, "FILE-6", line.unit, {"状态": "已核实"})
    world.run(APRIL)
    world.send("县住建局", APRIL, "重报.xlsx", day=20)
    done = world.run(APRIL)
    assert [f.unit for f in findings(done, "REP-1") if f.status == "待处理"] == ["城关镇", "张家塬镇", "县财政局"]
    assert {f.status for f in findings(done, "FILE-6")} == {"已核实", "已销号"}
    world.move_out("重报.xlsx")
    assert [f.unit for f in findings(world.run(APRIL), "FILE-6") if f.status == "待处理"] == ["县住建局"]


def test_a_newer_return_takes_the_place_of_one_that_is_gone_and_an_older_one_does_not(world):
    world.send("城关镇", MAY, "旧.xlsx", day=8, press=1)
    world.send("城关镇", MAY, "新.xlsx", day=12, press=9)
    world.run(MAY)
    world.move_out("新.xlsx")
    done = world.run(MAY)
    (line,) = findings(done, "FILE-6")
    assert line.message == "原采用的2023年5月报表已移出收件夹，现采用较早收到的一份。"
    assert (filed(done)["城关镇"]["press"], remarks(done)["城关镇"]) == (1, GONE)
    world.send("城关镇", MAY, "更新.xlsx", day=14, press=7)
    done = world.run(MAY)
    assert [f.status for f in findings(done, "FILE-6")] == ["已销号"]
    assert (filed(done)["城关镇"]["press"], remarks(done)["城关镇"]) == (7, "")


def test_a_month_that_was_replaced_by_its_renamed_file_is_not_gone(world):
    world.send("城关镇", MAY)
    world.run(MAY)
    (world.inbox / "2023-05/城关镇.xlsx").rename(world.inbox / "城关镇（已收）.xlsx")
    assert findings(world.run(MAY), "FILE-6") == []


# -- the folder is copied ---------------------------------------------------------------------------------------------


def test_a_copied_folder_makes_nothing_newer_and_nobody_late(world):
    world.send("城关镇", MAY, "b新.xlsx", day=12, press=9)
    world.send("城关镇", MAY, "c旧.xlsx", day=8, press=1)
    world.send_all(MAY, units=UNITS[1:])
    before = world.run(MAY)
    for moment in (dt.datetime(2023, 6, 27, tzinfo=BEIJING), dt.datetime(2026, 1, 1, tzinfo=BEIJING)):
        world.copy_without_times()
        world.touch_all(moment)
        done = world.run(MAY)
        assert filed(done) == filed(before)
        assert [(f.rule, f.id) for f in done.month.findings] == [(f.rule, f.id) for f in before.month.findings]
        assert sources(done.files[1]) == sources(before.files[1])


def test_files_named_alike_every_month_keep_the_time_they_came_when_they_are_filed_away(world):
    path = world.send("城关镇", APRIL, "城关镇附件1.xlsx")
    world.run(APRIL)
    data = path.read_bytes()
    drop(world.inbox, "4月/城关镇附件1.xlsx", data, dt.datetime(2023, 6, 20, tzinfo=BEIJING))
    world.send("城关镇", MAY, "城关镇附件1.xlsx")
    done = world.run(MAY)
    assert done.month.units[0].statuses[APRIL].status == "按时"
    assert filed(done)["城关镇"] is not None


# -- clocks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [1980, 2022, 2032])
def test_a_file_whose_clock_nobody_believes_counts_and_its_time_is_unknown(world, year):
    path = world.send("城关镇", MAY)
    drop(world.inbox, "坏.xlsx", b"PK\x03\x04")
    wrong = dt.datetime(year, 6, 10, tzinfo=BEIJING).timestamp()
    for one in (path, world.inbox / "坏.xlsx"):
        os.utime(one, (wrong, wrong))
    for month in (MAY, APRIL):
        done = world.run(month, dt.date(2023, 6, 28))
        assert [f.month for f in findings(done, "FILE-1")] == [month]
    done = world.run(MAY)
    assert filed(done)["城关镇"] is not None
    assert findings(done, "REP-2") == []
    assert {r[5] for r in sheet_of(done.files[1], "来源台账") if r[0] in ("坏.xlsx", "2023-05/城关镇.xlsx")} == {"不明"}


def test_of_versions_whose_order_nobody_knows_the_last_path_counts_and_the_unit_is_asked(world):
    for name, press in (("a.xlsx", 1), ("b.xlsx", 9)):
        path = world.send("城关镇", MAY, name, press=press)
        os.utime(path, (0, 0))
    done = world.run(MAY)
    assert filed(done)["城关镇"]["press"] == 9
    assert [f.grade for f in findings(done, "FILE-5")] == ["核实性"]


@pytest.mark.parametrize(
    ("date", "received", "expected"),
    [
        ("Wed, 07 Jun 2023 17:30:00 CST", (), "2023-06-07 17:30:00"),
        ("Wed, 07 Jun 2023 17:30:00 +0800 (CST)", (), "2023-06-07 17:30:00"),
        ("Sat, 01 Jan 2000 00:00:00 +0800", ("Thu, 08 Jun 2023 01:02:03 +0000",), "2023-06-08 09:02:03"),
        ("Sat, 01 Jan 2000 00:00:00 +0800", ("Sat, 01 Jan 2000 00:00:00 +0800",), "2023-06-09 00:00:00"),
        ("Fri, 07 Jun 2033 17:30:00 +0800", (), "2023-06-09 00:00:00"),
    ],
)
def test_of_a_mails_times_the_first_believable_one_counts_then_the_folders_day(world, date, received, expected):
    mail = mailed(("a.xlsx", xlsx(annex1("城关镇", "2023年5月"))), date=None).as_bytes()
    lines = "".join([*(f"Received: from a by b; {when}\r\n" for when in received), f"Date: {date}\r\n"]).encode()
    drop(world.inbox, "2023-06-09/信.eml", lines + mail, dt.datetime(2023, 6, 10, tzinfo=BEIJING))
    rows = sheet_of(world.run(MAY).files[1], "来源台账")
    assert [r[5] for r in rows if str(r[0]).startswith("2023-06-09")] == [expected]


def test_a_folder_until_a_day_and_one_of_another_time_tell_no_day(world):
    for name in ("截至6月20日/a.xlsx", "2032-06-20/b.xlsx"):
        world.send("城关镇", MAY, name)
    rows = sheet_of(world.run(MAY).files[1], "来源台账")
    assert {r[5] for r in rows if str(r[0]).endswith((".xlsx",)) and "/" in str(r[0]) and "附件2" not in str(r[0])} == {
        "2023-06-10 09:30:15"
    }


def test_what_came_before_the_first_month_was_over_is_reported_in_its_run(world):
    drop(world.inbox, "坏.xlsx", b"PK\x03\x04", dt.datetime(2023, 2, 8, tzinfo=BEIJING))
    february = MARCH.plus(-1)
    assert [f.month for f in findings(world.run(february), "FILE-1")] == [february]


# -- months out of date -----------------------------------------------------------------------------------------------


def test_a_corrected_month_names_every_month_written_since(world):
    world.send_all(MARCH, APRIL, MAY)
    for month in (MARCH, APRIL, MAY):
        assert world.run(month).to_renew == ()
    world.send("城关镇", MARCH, "三月更正.xlsx", day=12, press=9)
    assert world.run(MAY).to_renew == (MARCH, APRIL)
    assert world.run(MARCH, dt.date(2023, 6, 28)).to_renew == (APRIL,)
    assert world.run(APRIL, dt.date(2023, 6, 28)).to_renew == ()
    assert world.run(MAY).to_renew == ()


def test_a_late_return_renews_the_months_that_did_without_it(world):
    world.send_all(APRIL, units=UNITS[1:])
    world.run(APRIL)
    world.run(MAY)
    world.send("城关镇", APRIL, day=29)
    assert world.run(APRIL, dt.date(2023, 6, 28)).to_renew == (MAY,)

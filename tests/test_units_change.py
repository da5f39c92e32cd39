"""Units are renamed, merged and join later; a name that is nearly right is closed by the right one."""

from __future__ import annotations

import pytest

from tests.builders import FORM, annex2, drop, xlsx
from tests.inboxes import people
from tests.office import sheet_of
from tests.worlds import APRIL, MARCH, MAY, UNITS, World, filed, findings

RENAMED = '[[units]]\nname = "县产业办（筹）"\nkind = "department"\n'
MERGED = """
[[units]]
name = "县农村工作局"
kind = "department"
since = "2023-05"
aliases = ["县财政局"]
"""


@pytest.fixture
def world(tmp_path):
    return World.new(tmp_path)


def test_a_unit_renamed_keeps_its_history_its_words_and_what_was_sent_up(tmp_path):
    world = World.new(tmp_path, RENAMED)
    units = (*UNITS, "县产业办（筹）")
    drop(world.inbox, "附件2/办.xlsx", xlsx(annex2("县产业办（筹）", people(9))))
    world.send_all(APRIL, MAY, units=units)
    world.send("县产业办（筹）", APRIL, petitions_total=40)
    world.send_up(world.run(APRIL))
    world.type_in(APRIL, "PET-1", "县产业办（筹）", {"处理结果": "已电话核实"})
    world.configure('name = "县产业办（筹）"', 'name = "县产业办"\naliases = ["县产业办（筹）"]')
    done = world.run(APRIL)
    assert [(f.unit, f.result) for f in findings(done, "PET-1")] == [("县产业办", "已电话核实")]
    assert done.month.corrections == ()
    assert findings(done, "FILE-6") == []
    may = world.run(MAY)
    assert filed(may)["县产业办"] is not None
    assert may.month.corrections == ()
    world.move_out("2023-04/县产业办（筹）.xlsx")
    assert [f.unit for f in findings(world.run(APRIL), "FILE-6")] == ["县产业办"]


def test_brackets_and_spaces_in_a_name_make_no_correction(tmp_path):
    world = World.new(tmp_path, RENAMED)
    world.send_all(MAY, units=(*UNITS, "县产业办（筹）"))
    world.send_up(world.run(MAY))
    assert world.run(MAY).month.corrections == ()


def test_a_unit_that_follows_another_goes_on_where_it_left_off(world):
    for month in (MARCH, APRIL):
        world.send("县财政局", month)
    world.configure(
        'name = "县财政局"\nkind = "department"\n', 'name = "县财政局"\nkind = "department"\nuntil = "2023-04"\n'
    )
    with (world.root / "county.toml").open("a", encoding="utf-8") as f:
        f.write(MERGED)
    april = {k: "是" if v is True else v for k, v in filed(world.run(APRIL))["县财政局"].items()}
    world.send("县农村工作局", MAY, "县财政局5月.xlsx", written="县财政局", **april)
    done = world.run(MAY)
    assert "县财政局" not in filed(done)
    assert filed(done)["县农村工作局"] is not None
    assert [f.unit for f in findings(done, "HIST-2")] == ["县农村工作局"]
    assert findings(done, "UNIT-2") == findings(done, "UNIT-1") == findings(done, "CON-1") == []
    assert [one.unit for one in done.month.contacts if one.unit == "县农村工作局"] == ["县农村工作局"]
    assert not [row for row in sheet_of(done.files[1], "催报电话单") if row[1] == "县财政局"]
    assert [p.name for p in done.slips] == ["县农村工作局_县财政局5月.xlsx"]


def test_a_unit_that_has_left_keeps_its_sums_and_has_nothing_still_open(world):
    for unit in ("县财政局", "城关镇"):
        world.send(unit, APRIL, problems_found=9, problems_rectified=2)
    world.configure(
        'name = "县财政局"\nkind = "department"\n', 'name = "县财政局"\nkind = "department"\nuntil = "2023-04"\n'
    )
    units = {u.unit: u for u in world.run(MAY).month.units}
    gone, there = units["县财政局"], units["城关镇"]
    assert (gone.gone, gone.sums["problems_found"], gone.still_open) == (True, 9, ())
    assert (there.gone, there.sums["problems_found"]) == (False, 9)
    assert len(there.still_open) == len(FORM.backlogs)


def test_a_unit_that_joins_later_owes_annex_2_with_its_first_return(world):
    with (world.root / "county.toml").open("a", encoding="utf-8") as f:
        f.write('[[units]]\nname = "县审计局"\nkind = "department"\nsince = "2023-05"\n')
    assert findings(world.run(MAY, MAY.plus(1).day(25)), "CON-1") == []
    assert [f.unit for f in findings(world.run(MAY, MAY.plus(1).day(26)), "CON-1")] == ["县审计局"]


def test_a_near_miss_is_mentioned_to_the_unit_it_likely_means_and_closed_by_its_return(world):
    world.send("张家塬镇", MAY, "镇里.xlsx", written="张家源镇")
    done = world.run(MAY)
    assert [(f.unit, f.likely) for f in findings(done, "UNIT-1")] == [("张家源镇", "张家塬镇")]
    (call,) = [row for row in sheet_of(done.files[1], "催报电话单") if row[1] == "张家塬镇"]
    assert "收到一份单位写作“张家源镇”的报表" in str(call[8])
    world.send("张家塬镇", MAY, day=12)
    done = world.run(MAY)
    assert [f.status for f in findings(done, "UNIT-1")] == ["已销号"]
    assert not [row for row in sheet_of(done.files[1], "催报电话单") if row[1] == "张家塬镇"]


def test_a_near_miss_that_came_later_with_other_figures_is_not_closed(world):
    world.send("张家塬镇", MAY)
    world.send("张家塬镇", MAY, "更正.xlsx", day=14, written="张家源镇", press=9)
    done = world.run(MAY)
    assert [f.status for f in findings(done, "UNIT-1")] == ["待处理"]
    (call,) = [row for row in sheet_of(done.files[1], "催报电话单") if row[1] == "张家塬镇"]
    assert "收到一份单位写作“张家源镇”的报表" in str(call[8])


def test_a_good_correction_makes_no_call_and_no_slip_and_is_no_problem(world):
    world.send("城关镇", MAY, "先.xlsx", day=8, press=1)
    world.send("城关镇", MAY, "后.xlsx", day=12, press=9)
    done = world.run(MAY)
    assert [f.grade for f in findings(done, "FILE-5")] == ["提示性"]
    assert done.slips == ()
    assert not [row for row in sheet_of(done.files[1], "催报电话单") if row[1] == "城关镇"]
    ranked = [row for row in sheet_of(done.files[0], "累计与趋势") if row[2] == "城关镇"]
    assert ranked == []

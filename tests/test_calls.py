"""催报电话单: whom to call about what."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl

from pipeline.run import Job, run
from tests.builders import MAY, RECEIVED, TODAY, Sheet, annex1, annex2, drop, xlsx
from tests.inboxes import SMALL, people


def calls(root: Path, today: dt.date = TODAY) -> list[tuple[object, ...]]:
    (root / "county.toml").write_text(SMALL, encoding="utf-8")
    (root / "inbox").mkdir(exist_ok=True)
    done = run(Job(root / "inbox", root / "outbox", root / "county.toml", today, MAY))
    sheet = openpyxl.load_workbook(done.files[1])["催报电话单"]
    return [tuple(r) for r in sheet.iter_rows(min_row=3, values_only=True)]


def test_the_most_urgent_come_first_one_row_for_a_unit(tmp_path):
    for i, unit in enumerate(("城关镇", "张家塬镇", "县住建局")):
        drop(tmp_path / "inbox", f"{unit}名单.xlsx", xlsx(annex2(unit, people(i))))
    drop(tmp_path / "inbox", "城关镇.xlsx", xlsx(annex1("城关镇", broadcast=None)))
    drop(tmp_path / "inbox", "张家塬镇.xlsx", xlsx(annex1("张家塬镇", petitions_total=12, broadcast=None)))
    drop(tmp_path / "inbox", "县住建局附件1.pdf", b"%PDF-1.4 scan")
    found = calls(tmp_path)
    assert [(r[0], r[1], r[2]) for r in found] == [
        (1, "县财政局", "未报2023年5月附件1；未报附件2"),
        (2, "县住建局", "2023年5月报表不能采用"),
        (3, "张家塬镇", "附件1有1处必须改正；附件1有1处需要核实"),
        (4, "城关镇", "附件1有1处需要核实"),
    ]
    assert found[2][3:8] == ("2023-06-25", "李四1", "13000000101", "张三1", "13000000100")
    assert found[0][4:8] == (None, None, None, None)
    assert found[0][8].startswith("您好，这里是千阳县专班。贵单位2023年5月的附件1应于6月25日前报送，现在还没有收到")


def test_before_the_due_day_it_lists_who_is_still_to_come(tmp_path):
    for i, unit in enumerate(("城关镇", "张家塬镇", "县住建局", "县财政局")):
        drop(tmp_path / "inbox", f"{unit}名单.xlsx", xlsx(annex2(unit, people(i))), RECEIVED.replace(month=3))
    drop(tmp_path / "inbox", "城关镇.xlsx", xlsx(annex1("城关镇")))
    found = calls(tmp_path, dt.date(2023, 6, 20))
    assert [(r[1], r[2], r[3]) for r in found] == [
        (unit, "2023年5月附件1未到期，尚未报送", "2023-06-25") for unit in ("张家塬镇", "县住建局", "县财政局")
    ]


def test_where_nothing_is_owed_a_sentence_says_so(tmp_path):
    for i, unit in enumerate(("城关镇", "张家塬镇", "县住建局", "县财政局")):
        drop(tmp_path / "inbox", f"{unit}.xlsx", xlsx(annex1(unit), annex2(unit, people(i))))
    drop(tmp_path / "inbox", "通知.docx", xlsx(Sheet("x").put(0, 0, "通知")))
    assert [r[0] for r in calls(tmp_path)] == ["本月各单位均已报齐，没有需要催的事项。"]

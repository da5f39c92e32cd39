"""催报电话单: whom to call about what."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl

from pipeline.model import CONFIRMED, EXPLAINED
from pipeline.run import Job, run
from tests.builders import MAY, RECEIVED, TODAY, Sheet, annex1, annex2, drop, xlsx
from tests.inboxes import SMALL, people
from tests.office import consolidated, set_status, sheet_of, slips, with_words
from tests.test_explanations import UNIT, WORDS, a_month, came


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


# -- what staff note of calls -----------------------------------------------------------------------------------------


def noted(path: Path, unit: str, *words: str) -> None:
    """Types date, who answered and what was said into the unit's row."""
    book = openpyxl.load_workbook(path)
    sheet = book["催报电话单"]
    heads = {c.value: c.column for c in sheet[2]}
    (row,) = (r for r in sheet.iter_rows(min_row=3) if r[heads["单位"] - 1].value == unit)
    for head, text in zip(("日期", "接听人", "答复"), words, strict=True):
        row[heads[head] - 1].value = text
    book.save(path)


def rows_of(path: Path) -> dict[object, tuple[object, ...]]:
    return {r[1]: r for r in sheet_of(path, "催报电话单")[2:]}


def test_what_is_noted_of_a_call_is_carried_by_unit_and_nothing_is_set_aside(tmp_path):
    done = a_month(tmp_path, ("县财政局",), petitions_total=12, broadcast=None)
    noted(done.files[1], UNIT, "6月21日", "王某", "下周报")
    for _ in range(2):
        done = consolidated(tmp_path)
        found = rows_of(done.files[1])
        assert found[UNIT][-3:] == ("6月21日", "王某", "下周报")
        assert found["县财政局"][-3:] == (None, None, None)
        assert not [n for n in done.notices if "另存" in n]
    drop(tmp_path / "inbox", "更正.xlsx", xlsx(annex1(UNIT)), came(22))
    row = rows_of(consolidated(tmp_path).files[1])[UNIT]
    assert (row[0], row[2], row[-3:]) == (None, "已不用催（保留记录）", ("6月21日", "王某", "下周报"))


def test_the_sentence_names_the_figures_of_several_lines_and_no_path(tmp_path):
    for month in (3, 4):
        filed = annex1(UNIT, f"2023年{month}月", press=month, problems_rectified=9)
        drop(tmp_path / "inbox", f"三四月/{month}月.xlsx", xlsx(filed), RECEIVED.replace(month=month + 1))
    done = a_month(tmp_path, petitions_total=12, created="约5", problems_rectified=19)
    (said,) = (str(r[8]) for r in rows_of(done.files[1]).values() if r[1] == UNIT)
    assert "总计应等于自办＋转办，现填总计 12、自办 4、转办 3" in said
    assert "“新建”现填“约5”，不能计入" in said
    assert "累计推动整改 37、累计发现问题 27，前者多出10" in said
    assert not any(part in said for part in ("/", ".xlsx", "三四月"))
    assert [r[1] for r in rows_of(done.files[1]).values()].count(UNIT) == 1


def test_an_explained_line_is_no_call_and_the_sheet_says_how_many_wait(tmp_path):
    done = a_month(tmp_path, problems_rectified=12)
    drop(tmp_path / "inbox", "回复.xlsx", with_words(slips(done)[UNIT], WORDS, "SUP-1"), came(20))
    done = consolidated(tmp_path)
    assert [f.status for f in done.month.findings] == [EXPLAINED]
    sheet = openpyxl.load_workbook(done.files[1])["催报电话单"]
    texts = [c.value for row in sheet.iter_rows(min_row=3) for c in row if c.value]
    assert texts[0] == "本月各单位均已报齐，没有需要催的事项。"
    assert texts[1].startswith("单位已说明、等待本专班核实的1条（张家塬镇1条）")
    set_status(tmp_path, "SUP-1", 状态=CONFIRMED)
    sheet = openpyxl.load_workbook(consolidated(tmp_path).files[1])["催报电话单"]
    assert sheet.max_row == 3


# -- texts to paste ---------------------------------------------------------------------------------------------------


def notices(path: Path) -> dict[str, str]:
    rows = sheet_of(path, "通知文本")[2:]
    return {str(r[0]): str(r[1]) for r in rows}


def test_before_the_due_day_the_notice_says_who_owes_what_by_when_and_after_it_who_is_late(tmp_path):
    a_month(tmp_path, ("县财政局", "县住建局"))
    (tmp_path / "inbox" / "附件2" / "城关镇.xlsx").unlink()
    before = notices(consolidated(tmp_path, today=dt.date(2023, 6, 20)).files[1])["工作群"]
    assert "2023年5月附件1请于2023年6月25日前（含当日）报送，尚未收到可用报表的有2家：县住建局、县财政局。" in before
    assert "还没有报送附件2的有1家：城关镇" in before
    drop(tmp_path / "inbox", "县住建局附件1.xlsx", xlsx(annex1("县住建局")), came(27))
    after = notices(consolidated(tmp_path).files[1])["工作群"]
    assert "应于2023年6月25日前报送，已逾期仍未收到可用报表的有1家：县财政局，请今天报来。" in after
    assert "逾期才报送的有1家：县住建局" in after


def test_each_slip_has_its_message_without_phones_and_names(tmp_path):
    done = a_month(tmp_path, petitions_total=12, press="13912345678李四")
    notes = notices(done.files[1])
    assert list(notes) == ["工作群", UNIT]
    assert "你单位2023年5月附件1有2处必须改正" in notes[UNIT]
    assert "现填总计 12、自办 4、转办 3" in notes[UNIT]
    assert not any(word in "".join(notes.values()) for word in ("1391234", "李四", "1300000", "张三"))


def test_where_all_is_well_the_notice_says_so(tmp_path):
    done = a_month(tmp_path, problems_rectified=9)
    assert notices(done.files[1]) == {"工作群": "各单位2023年5月附件1已报齐，没有需要修改的。感谢支持！"}

"""What staff typed into the ledger is never lost."""

from __future__ import annotations

import datetime as dt
import io
import random
import shutil
import string
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from pipeline.carry_over import carried
from pipeline.choose import choose
from pipeline.errors import OutputError
from pipeline.model import LedgerLine, Month, OldLedger
from pipeline.number import number, rule_of
from pipeline.read.papers.ledger import read_ledger
from pipeline.rules import rules_of
from pipeline.run import Done, Job, run
from pipeline.write import ledger_path, office_book
from tests.builders import FORM, MAY, RECEIVED, TODAY, a_county, annex1, annex2, drop, xlsx
from tests.inboxes import faulty_month, people
from tests.office import sheet_of


def consolidated(root: Path, month: Month = MAY, today: dt.date = TODAY) -> Done:
    return run(Job(root / "inbox", root / "outbox", root / "county.toml", today, month))


def lines(path: Path) -> dict[str, dict[str, object]]:
    """差异清单 by rule and unit."""
    rows = iter(sheet_of(path, "差异清单")[1:])
    heads = next(rows)
    found = (dict(zip(heads, row, strict=True)) for row in rows)
    return {f"{line['规则']} {line['单位']}": line for line in found}


def type_in(path: Path, words: dict[str, dict[str, str]]) -> None:
    """Types words into the ledger as staff do, and moves a column while at it."""
    book = openpyxl.load_workbook(path)
    sheet = book["差异清单"]
    heads = [c.value for c in sheet[2]]
    for row in sheet.iter_rows(min_row=3):
        about = f"{row[heads.index('规则')].value} {row[heads.index('单位')].value}"
        for head, text in words.get(about, {}).items():
            row[heads.index(head)].value = text
    sheet.append({heads.index("问题描述") + 1: "张家塬镇已电话联系，下周补报"})
    sheet.insert_cols(1)
    book.save(path)


WORDS = {
    "PET-1 张家塬镇": {"状态": "已核实", "核实说明": "转办两件漏填", "处理结果": "已退回"},
    "CELL-1 张家塬镇": {"核实说明": "属实，当月未开展"},
    "REP-1 县财政局": {"处理结果": "6月29日已催"},
}


@pytest.fixture(scope="module")
def typed_once(tmp_path_factory):
    root = tmp_path_factory.mktemp("typed")
    faulty_month(root)
    type_in(consolidated(root).files[1], WORDS)
    return root


@pytest.fixture
def typed(tmp_path, typed_once):
    shutil.copytree(typed_once, tmp_path, dirs_exist_ok=True)
    return tmp_path, ledger_path(tmp_path / "outbox", MAY)


def test_words_come_back_with_their_line(typed):
    root, ledger = typed
    done = consolidated(root)
    here, sent = lines(ledger), lines(done.files[0])
    assert [here["PET-1 张家塬镇"][h] for h in ("状态", "核实说明", "处理结果")] == ["已核实", "转办两件漏填", "已退回"]
    assert [here["CELL-1 张家塬镇"][h] for h in ("状态", "核实说明")] == ["已核实", "属实，当月未开展"]
    assert [here["REP-1 县财政局"][h] for h in ("状态", "处理结果")] == ["待处理", "6月29日已催"]
    assert [sent["PET-1 张家塬镇"][h] for h in ("状态", "核实说明")] == ["已核实", "转办两件漏填"]
    assert here["None None"]["问题描述"] == "张家塬镇已电话联系，下周补报"
    assert [line["状态"] for line in sent.values()] == sorted(
        (line["状态"] for line in sent.values()), reverse=False, key=["待处理", "已核实"].index
    )


def test_words_in_a_ledger_of_another_order_of_columns_come_back(typed):
    root, ledger = typed
    book = openpyxl.load_workbook(ledger)
    sheet = book["差异清单"]
    for row in sheet.iter_rows(min_row=2):
        for cell, value in zip(row, [c.value for c in reversed(row)], strict=True):
            cell.value = value
    book.save(ledger)
    here = lines(consolidated(root).files[1])
    assert [here["PET-1 张家塬镇"][h] for h in ("状态", "核实说明", "处理结果")] == ["已核实", "转办两件漏填", "已退回"]


def test_a_line_whose_cause_is_gone_is_closed_and_keeps_its_words(typed):
    root, ledger = typed
    drop(root / "inbox", "张家塬镇更正.xlsx", xlsx(annex1("张家塬镇")), RECEIVED.replace(day=12))
    for _ in range(2):
        consolidated(root)
        line = lines(ledger)["PET-1 张家塬镇"]
        assert (line["状态"], line["核实说明"], line["处理结果"]) == ("已销号", "转办两件漏填", "已退回")
        assert line["问题描述"].endswith("（已销号：已报“张家塬镇更正.xlsx”）")


def test_a_changed_value_is_a_new_line_and_the_old_explanation_lapses(typed):
    root, _ = typed
    drop(root / "inbox", "张家塬镇更正.xlsx", xlsx(annex1("张家塬镇", petitions_total=20)), RECEIVED.replace(day=12))
    found = [f for f in consolidated(root).month.findings if f.rule == "PET-1"]
    assert [(f.status, f.note) for f in found] == [("待处理", ""), ("已销号", "转办两件漏填")]


def test_a_third_run_changes_nothing(typed):
    root, _ = typed
    first = [p.read_bytes() for p in consolidated(root).files]
    assert [p.read_bytes() for p in consolidated(root).files] == first


@pytest.mark.skipif(sys.platform == "win32", reason="Windows is asked whether a book is open, not what lies beside it")
@pytest.mark.parametrize("lock", ["~$内部工作台账（2023年5月）.xlsx", ".~lock.内部工作台账（2023年5月）.xlsx#"])
def test_an_open_ledger_stops_the_run_before_anything_is_written(typed, lock):
    root, ledger = typed
    before = {p: p.read_bytes() for p in ledger.parent.rglob("*.xlsx")}
    (ledger.parent / lock).write_bytes(b"")
    drop(root / "inbox", "a.xlsx", xlsx(annex1("县财政局")))
    with pytest.raises(OutputError, match="正在打开"):
        consolidated(root)
    assert {p: p.read_bytes() for p in before} == before


def test_a_damaged_ledger_is_not_written_over(typed):
    root, ledger = typed
    ledger.write_bytes(ledger.read_bytes()[:2000])
    with pytest.raises(OutputError, match="读不出差异清单"):
        consolidated(root)
    assert len(ledger.read_bytes()) == 2000


# -- what staff do to the sheet ---------------------------------------------------------------------------------------


def edited(path: Path, change: Callable[[Any, list[str]], None]) -> None:
    """Opens the ledger, changes 差异清单 and saves it; `change` takes the sheet and its headings."""
    book = openpyxl.load_workbook(path)
    sheet = book["差异清单"]
    change(sheet, [c.value for c in sheet[2]])
    book.save(path)


def row_of(sheet: Any, heads: list[str], rule: str) -> int:
    return next(r for r in range(3, sheet.max_row + 1) if sheet.cell(r, heads.index("规则") + 1).value == rule)


def put(rule: str, head: str, value: object) -> Callable[[Any, list[str]], None]:
    def change(sheet: Any, heads: list[str]) -> None:
        sheet.cell(row_of(sheet, heads, rule), heads.index(head) + 1).value = value

    return change


TYPED: list[tuple[object, object]] = [
    ("  两端有空格 ", "两端有空格"),
    ("第一行\n第二行", "第一行\n第二行"),
    ("长" * 32_767, "长" * 32_767),
    (12, 12),
    (2.5, "2.5"),
    (True, "TRUE"),
    (dt.date(2023, 6, 29), "2023-06-29"),
    (dt.datetime(2023, 6, 29, 14, 30), "2023-06-29 14:30:00"),
    ("=TODAY()", "=TODAY()"),
    ("_x0041_不是换行", "_x0041_不是换行"),
    ("粘贴的_x000D_\n两行", "粘贴的\n两行"),
    (CellRichText("请", TextBlock(InlineFont(b=True), "尽快")), "请尽快"),
]


def test_whatever_staff_type_is_kept_as_it_reads(tmp_path):
    faulty_month(tmp_path)
    ledger = consolidated(tmp_path).files[1]
    places = [(row, head) for head in ("处理结果", "核实说明") for row in range(10)][: len(TYPED)]

    def change(sheet: Any, heads: list[str]) -> None:
        for (row, head), (value, _) in zip(places, TYPED, strict=True):
            sheet.cell(3 + row, heads.index(head) + 1).value = value

    edited(ledger, change)
    for _ in range(2):
        consolidated(tmp_path)
        here = list(lines(ledger).values())
        for (row, head), (_, kept) in zip(places, TYPED, strict=True):
            assert str(here[row][head]) == str(kept)


def test_columns_and_rows_of_staffs_own_are_kept_beside_and_below(tmp_path):
    faulty_month(tmp_path)
    ledger = consolidated(tmp_path).files[1]

    def change(sheet: Any, heads: list[str]) -> None:
        sheet.insert_cols(3, 2)
        sheet.cell(2, 3).value = "经办人"
        sheet.cell(2, sheet.max_column + 1).value = "状态"
        sheet.cell(3, 3).value = "小王"
        sheet.cell(4, 4).value = "没有标题的一栏"
        sheet.cell(4, sheet.max_column).value = "又一个状态"
        sheet.append(["", "", "小李", "", "自己加的一行"])

    edited(ledger, change)
    for _ in range(2):
        consolidated(tmp_path)
        rows = sheet_of(ledger, "差异清单")[1:]
        first = rows[0].index("经办人")
        assert rows[0][first:] == ("经办人", "附加栏", "状态（2）")
        assert [r[first:] for r in rows[1:3]] == [("小王", None, None), (None, "没有标题的一栏", "又一个状态")]
        assert (rows[-1][first], "自己加的一行" in rows[-1]) == ("小李", True)
    assert "经办人" not in [c.value for c in openpyxl.load_workbook(consolidated(tmp_path).files[0])["差异清单"][2]]


def test_sorted_filtered_and_hidden_rows_are_read_all_the_same(typed):
    root, ledger = typed

    def change(sheet: Any, heads: list[str]) -> None:
        rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=3)]
        for r, row in enumerate(reversed(rows), 3):
            for c, value in enumerate(row, 1):
                sheet.cell(r, c).value = value
            sheet.row_dimensions[r].hidden = r % 2 == 0
        sheet.column_dimensions["C"].hidden = True

    edited(ledger, change)
    consolidated(root)
    here = lines(ledger)
    assert {k: here[k]["处理结果"] for k in ("PET-1 张家塬镇", "REP-1 县财政局")} == {
        "PET-1 张家塬镇": "已退回",
        "REP-1 县财政局": "6月29日已催",
    }


def test_a_doubled_and_a_mistyped_number_are_kept_and_reported(typed):
    root, ledger = typed

    def change(sheet: Any, heads: list[str]) -> None:
        id_column = heads.index("编号") + 1
        first, other = row_of(sheet, heads, "PET-1"), row_of(sheet, heads, "REP-1")
        copy = [c.value for c in sheet[first]]
        copy[heads.index("处理结果")] = "重复行的话"
        sheet.append(copy)
        text = sheet.cell(other, id_column).value
        sheet.cell(other, id_column).value = text[:-2] + ("0" if text[-2] != "0" else "1") + text[-1]

    edited(ledger, change)
    for _ in range(2):
        done = consolidated(root)
        assert ["另存" in n for n in done.notices] == [False, False] + [True] * (len(done.notices) - 2)
        assert "有重复的行" in done.notices[0]
        assert "没有编过的编号" in done.notices[1]
        heads, *rows = sheet_of(ledger, "差异清单")[1:]
        result, rule, status = (heads.index(h) for h in ("处理结果", "规则", "状态"))
        kept = [r[result] for r in rows]
        assert (kept.count("已退回"), kept.count("重复行的话"), kept.count("6月29日已催")) == (1, 1, 1)
        assert next(r[result] for r in rows if r[rule] == "REP-1" and r[status] == "待处理") is None
        assert "已销号" not in {r[status] for r in rows}


def test_a_number_carries_a_check_digit():
    issued = number("PET-1", "城关镇", "2023-05")
    assert (rule_of(issued), rule_of(f"{issued}-2")) == ("PET-1", "PET-1")
    body = issued.rpartition("-")[2]
    for i, digit in enumerate(body):
        for wrong in set("0123456789ABCDEF") - {digit}:
            assert rule_of(f"PET-1-{body[:i]}{wrong}{body[i + 1 :]}") == ""
    assert rule_of(issued.replace("PET-1", "PET-2")) == ""


# -- closing and coming back ------------------------------------------------------------------------------------------


def closing(root: Path, rule: str) -> str:
    ledger = ledger_path(root / "outbox", MAY)
    return next(str(v["问题描述"]) for k, v in lines(ledger).items() if k.startswith(rule)).rpartition("（已销号：")[2]


def test_what_closed_a_line_is_named(typed):
    root, _ = typed
    drop(root / "inbox", "县财政局.xlsx", xlsx(annex1("县财政局")))
    drop(root / "inbox", "名单.xlsx", xlsx(annex2("县财政局", people(9))))
    (root / "inbox" / "附件1(3).xlsx").unlink()
    drop(root / "inbox", "张家塬镇附件1.xlsx", xlsx(annex1("张家塬镇", broadcast=None)))
    consolidated(root)
    assert closing(root, "REP-1") == "已报“县财政局.xlsx”）"
    assert closing(root, "CON-1") == "已报“名单.xlsx”）"
    assert closing(root, "UNIT-1") == "文件已移出）"
    assert closing(root, "PET-1") == "“张家塬镇附件1.xlsx”已换成新的文件）"


def test_what_a_changed_configuration_closed_says_so(typed):
    root, _ = typed
    toml = root / "county.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace('name = "县财政局"', 'name = "县公安局"'), encoding="utf-8"
    )
    consolidated(root)
    assert closing(root, "UNIT-1") == "配置已改）"


def test_a_closed_line_that_comes_back_takes_its_words_and_is_open(typed):
    root, ledger = typed
    newer = drop(root / "inbox", "张家塬镇更正.xlsx", xlsx(annex1("张家塬镇")), RECEIVED.replace(day=12))
    consolidated(root)
    newer.unlink()
    consolidated(root)
    line = lines(ledger)["PET-1 张家塬镇"]
    assert [line[h] for h in ("状态", "核实说明", "处理结果")] == ["待处理", "转办两件漏填", "已退回"]
    assert "已销号" not in line["问题描述"]


def test_lines_about_contacts_take_their_words_from_the_month_before(tmp_path):
    faulty_month(tmp_path)
    may, june = consolidated(tmp_path).files[1], Month(2023, 6)
    edited(may, put("CON-1", "核实说明", "属实，人员未定"))
    for how in (None, "open", "broken"):
        if how == "open":
            (may.parent / f"~${may.name}").write_bytes(b"")
        if how == "broken":
            may.write_bytes(b"PK broken")
            ledger_path(tmp_path / "outbox", june).unlink()
        done = consolidated(tmp_path, june, dt.date(2023, 7, 3))
        found = {(f.rule, f.status, f.note) for f in done.month.findings if f.rule == "CON-1"}
        assert found == {("CON-1", "待处理", "") if how == "broken" else ("CON-1", "已核实", "属实，人员未定")}


def test_words_about_a_contact_list_that_staff_typed_this_month_win(tmp_path):
    faulty_month(tmp_path)
    june = Month(2023, 6), dt.date(2023, 7, 3)
    edited(consolidated(tmp_path).files[1], put("CON-1", "核实说明", "属实，人员未定"))
    edited(consolidated(tmp_path, *june).files[1], put("CON-1", "核实说明", "7月补报"))
    assert {f.note for f in consolidated(tmp_path, *june).month.findings if f.rule == "CON-1"} == {"7月补报"}


def test_a_ledger_of_another_month_is_not_written_over(tmp_path):
    faulty_month(tmp_path)
    may = consolidated(tmp_path).files[1]
    june = ledger_path(tmp_path / "outbox", Month(2023, 6))
    june.parent.mkdir(parents=True)
    june.write_bytes(may.read_bytes())
    with pytest.raises(OutputError, match="是2023年5月的台账，不是2023年6月的"):
        consolidated(tmp_path, Month(2023, 6), dt.date(2023, 7, 3))
    assert june.read_bytes() == may.read_bytes()
    assert [p.name for p in june.parent.iterdir()] == [june.name]


# -- any words in any rows --------------------------------------------------------------------------------------------

WORDS_OF_STAFF = st.text(st.sampled_from("属实不清楚，。\n 12=+-@_x" + string.ascii_letters), max_size=30).map(
    str.strip
)


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    root = tmp_path_factory.mktemp("any")
    faulty_month(root)
    return root, consolidated(root)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.tuples(WORDS_OF_STAFF, WORDS_OF_STAFF, WORDS_OF_STAFF), min_size=10, max_size=10),
    seed=st.integers(0, 99),
)
def test_random_words_in_random_rows_survive(month, tmp_path, words, seed):
    _, done = month
    book = openpyxl.load_workbook(io.BytesIO(office_book(done.month, a_county())))
    sheet = book["差异清单"]
    heads = [c.value for c in sheet[2]]
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=3)]
    random.Random(seed).shuffle(rows)
    typed = {}
    for row, (note, result, own) in zip(rows, words, strict=True):
        row[heads.index("核实说明")], row[heads.index("处理结果")] = note or None, result or None
        typed[row[heads.index("编号")]] = (note, result, own)
    for r, row in enumerate(rows, 3):
        for c, value in enumerate([*row, typed[row[heads.index("编号")]][2] or None], 1):
            cell = sheet.cell(r, c)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    sheet.cell(2, len(heads) + 1).value = "经办"
    path = tmp_path / "台账.xlsx"
    book.save(path)
    from pipeline.choose import choose

    kept = carried(
        done.month.findings, read_ledger(path, MAY), OldLedger(), choose([], a_county()), MAY, list(rules_of(FORM))
    )
    assert {f.id: (f.note, f.result, dict(f.own).get("经办", "")) for f in kept.findings} == typed
    assert (kept.staff_rows, kept.notices, kept.staff_columns) == ((), (), ("经办",))


# -- what staff wrote elsewhere ---------------------------------------------------------------------------------------


def test_words_on_other_sheets_are_put_aside_and_reported(typed):
    root, ledger = typed
    book = openpyxl.load_workbook(ledger)
    book.create_sheet("我的备忘")["A1"] = "草碧镇下周一去"
    book["催报电话单"]["N3"] = "已打，明天报"
    book.save(ledger)
    before = ledger.read_bytes()
    done = consolidated(root)
    (aside,) = ledger.parent.glob("旧稿/*.xlsx")
    assert aside.read_bytes() == before
    assert [n for n in done.notices if "另存为" in n] == [
        f"“{ledger.name}”的“催报电话单”、“我的备忘”里有写出后填写、着色或批注的内容，不能带入新的文件，"
        f"原文件已另存为“旧稿/{ledger.stem}（保留1）.xlsx”；要保留的请写进差异清单。"
    ]
    again = consolidated(root)
    assert not [n for n in again.notices if "另存为" in n]
    assert aside.read_bytes() == before


def test_a_renamed_ledger_stops_the_run(typed):
    root, ledger = typed
    ledger.rename(ledger.with_name("台账改名.xlsx"))
    with pytest.raises(OutputError, match=r"“台账改名\.xlsx”像是改了名的台账"):
        consolidated(root)
    assert not ledger.exists()


def test_a_status_that_cannot_be_set_is_reported(typed):
    root, ledger = typed
    type_in(ledger, {"REP-1 县财政局": {"状态": "已解决"}})
    (notice,) = [n for n in consolidated(root).notices if "的状态不能用" in n]
    assert notice.startswith("台账有1行的状态不能用（编号 REP-1-")
    line = lines(ledger)["REP-1 县财政局"]
    assert (line["状态"], line["处理结果"]) == ("待处理", "6月29日已催；状态栏填过“已解决”")
    assert not [n for n in consolidated(root).notices if "的状态不能用" in n]


def test_a_line_that_staff_closed_themselves_stays_open_and_says_so(typed):
    root, ledger = typed
    type_in(ledger, {"REP-1 县财政局": {"状态": "已销号"}})
    assert [n for n in consolidated(root).notices if "“已销号”由程序填写" in n]
    assert lines(ledger)["REP-1 县财政局"]["状态"] == "待处理"
    drop(root / "inbox", "县财政局.xlsx", xlsx(annex1("县财政局")))
    for _ in range(2):
        assert not [n for n in consolidated(root).notices if "的状态不能用" in n]
        assert closing(root, "REP-1") == "已报“县财政局.xlsx”）"


def test_one_explanation_merged_over_several_lines_is_each_lines(typed):
    root, ledger = typed
    book = openpyxl.load_workbook(ledger)
    sheet = book["差异清单"]
    column = next(c.column for row in sheet.iter_rows(max_row=2) for c in row if c.value == "核实说明")
    sheet.cell(4, column).value = "属实，三处一并说明"
    sheet.merge_cells(start_row=4, start_column=column, end_row=6, end_column=column)
    book.save(ledger)
    consolidated(root)
    assert [line["核实说明"] for line in lines(ledger).values()].count("属实，三处一并说明") == 3


def test_a_name_typed_where_the_number_belongs_is_not_reported_on_the_screen():
    before = OldLedger(
        (LedgerLine("张某13900001111", {"编号": "张某13900001111"}), LedgerLine("X", {"编号": "PET-1-00"}))
    )
    notices = carried([], before, OldLedger(), choose([], a_county()), MAY, list(rules_of(FORM))).notices
    assert notices == (
        "台账里有本程序没有编过的编号：该行照原样放在清单末尾，请核对；自己加的行请把编号留空。",
        "台账里有本程序没有编过的编号“PET-1-00”：该行照原样放在清单末尾，请核对；自己加的行请把编号留空。",
    )


@pytest.mark.parametrize(("status", "shown"), [("", "有误"), ("已核实", "按时")])
def test_what_staff_confirmed_of_a_month_is_no_fault_of_it_in_the_next_run(tmp_path, status, shown):
    root = tmp_path
    faulty_month(root)
    april = xlsx(annex1("城关镇", "2023年4月", petitions_total=99))
    drop(root / "inbox", "城关镇4月.xlsx", april, RECEIVED.replace(month=5, day=10))
    ledger = consolidated(root, MAY.plus(-1), dt.date(2023, 5, 28)).files[1]
    type_in(ledger, {"PET-1 城关镇": {"状态": status}})
    statuses = {u.unit: u.statuses[MAY.plus(-1)].status for u in consolidated(root).month.units}
    assert statuses["城关镇"] == shown


def test_what_closed_a_line_is_named_where_it_was_another_months_file(tmp_path):
    faulty_month(tmp_path)
    for month, day in ((4, 10), (5, 11)):
        received = RECEIVED.replace(month=month + 1, day=day)
        drop(tmp_path / "inbox", f"县财政局{month}月.xlsx", xlsx(annex1("县财政局", f"2023年{month}月")), received)
    ledger = consolidated(tmp_path).files[1]
    assert "HIST-2 县财政局" in lines(ledger)
    better = xlsx(annex1("县财政局", "2023年4月", press=8))
    drop(tmp_path / "inbox", "县财政局4月改.xlsx", better, RECEIVED.replace(day=20))
    consolidated(tmp_path)
    assert lines(ledger)["HIST-2 县财政局"]["问题描述"].endswith("（已销号：已报“县财政局4月改.xlsx”）")


def test_a_unit_taken_off_the_roster_closes_its_lines_by_the_configuration(tmp_path):
    faulty_month(tmp_path)
    ledger = consolidated(tmp_path).files[1]
    config = tmp_path / "county.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('name = "县财政局"\n', 'name = "县财政局"\nuntil = "2023-04"\n'), encoding="utf-8")
    consolidated(tmp_path)
    assert lines(ledger)["REP-1 县财政局"]["问题描述"].endswith("（已销号：配置已改）")

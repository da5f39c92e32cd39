"""What staff typed into the ledger is never lost."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import OutputError
from pipeline.run import Done, Job, run
from tests.builders import MAY, RECEIVED, TODAY, annex1, drop, xlsx
from tests.inboxes import faulty_month


def consolidated(root: Path) -> Done:
    return run(Job(root / "inbox", root / "outbox", root / "county.toml", TODAY, MAY))


def lines(path: Path) -> dict[str, dict[str, object]]:
    """差异清单 by rule and unit."""
    rows = openpyxl.load_workbook(path)["差异清单"].iter_rows(min_row=2, values_only=True)
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
    sheet.append([None] * 10 + ["张家塬镇已电话联系，下周补报"])
    sheet.insert_cols(1)
    book.save(path)


WORDS = {
    "PET-1 张家塬镇": {"状态": "已核实", "核实说明": "转办两件漏填", "处理结果": "已退回"},
    "CELL-1 张家塬镇": {"核实说明": "属实，当月未开展"},
    "REP-1 县财政局": {"处理结果": "6月29日已催"},
}


@pytest.fixture
def typed(tmp_path):
    faulty_month(tmp_path)
    ledger = consolidated(tmp_path).files[1]
    type_in(ledger, WORDS)
    return tmp_path, ledger


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

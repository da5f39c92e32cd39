"""The issue's own story: thirty faults go out as slips, staff type, units answer, three times over; nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.run import Done, Job, run
from tests.builders import MAY, RECEIVED, TODAY, annex1, cell_of, drop, xlsx
from tests.inboxes import COUNTY_FILE, clean_month

FAULTY = 15
OPEN, CLOSED = "待处理", "已销号"
TOTAL, PRESS = "petitions_total", "press"


class Office:
    """The office's month: what each unit filed, and what the ledger must say of it by unit, rule and filed value."""

    def __init__(self, root: Path) -> None:
        self.root = root
        county, self.filed = clean_month(root / "inbox")
        self.units = [u.name for u in county.roster(MAY)][:FAULTY]
        self.lines: dict[tuple[str, str, str], tuple[str, str]] = {}
        self.reported: set[str] = set()
        self.round = 0
        for i, unit in enumerate(self.units):
            values = self.filed[unit]
            wrong = {TOTAL: int(str(values[TOTAL])) + 5, PRESS: f"约{i}"}
            drop(root / "inbox", f"{unit}附件1.xlsx", xlsx(annex1(unit, MAY.zh, **(values | wrong))))
            self.lines[unit, "PET-1", self.petitions(unit, 5)] = (OPEN, "")
            self.lines[unit, "CELL-2", f"约{i}"] = (OPEN, "")

    def petitions(self, unit: str, more: int) -> str:
        v = self.filed[unit]
        return f"总计 {int(str(v[TOTAL])) + more}、自办 {v['self_handled']}、转办 {v['transferred']}"

    def consolidate(self) -> Done:
        self.round += 1
        return run(Job(self.root / "inbox", self.root / "outbox", COUNTY_FILE, TODAY, MAY))

    def type_words(self, ledger: Path) -> None:
        """Staff write something of their own into every open line."""
        book = openpyxl.load_workbook(ledger)
        sheet = book["差异清单"]
        heads = [c.value for c in sheet[2]]
        column = {h: i for i, h in enumerate(heads)}
        for row in sheet.iter_rows(min_row=3):
            key = tuple(str(row[column[h]].value) for h in ("单位", "规则", "填报值"))
            if row[column["状态"]].value == OPEN and key in self.lines:
                words = f"第{self.round}次催 {key[0]} {key[1]}"
                row[column["处理结果"]].value = words
                self.lines[key] = (OPEN, words)  # type: ignore[index]
        book.save(ledger)

    def sent_back(self, unit: str, slips: dict[str, Path], **changes: Any) -> None:
        """The unit changes those cells of its slip and sends it back."""
        book = openpyxl.load_workbook(slips[unit])
        for key, value in changes.items():
            book["附件1"][cell_of(key)].value = value
        path = self.root / "inbox" / f"退回{self.round}" / slips[unit].name
        path.parent.mkdir(exist_ok=True)
        book.save(path)
        drop(
            self.root / "inbox",
            f"退回{self.round}/{path.name}",
            path.read_bytes(),
            RECEIVED.replace(day=25 + self.round),
        )
        if changes:
            self.reported.add(unit)

    def corrects(self, unit: str, slips: dict[str, Path]) -> None:
        self.sent_back(unit, slips, **{k: self.filed[unit][k] for k in (TOTAL, PRESS)})
        self.lines |= {k: (CLOSED, words) for k, (_, words) in self.lines.items() if k[0] == unit}

    def changes(self, unit: str, slips: dict[str, Path], text: str) -> None:
        """A wrong value becomes another wrong value: the old line closes, and a new one without words is open."""
        self.sent_back(unit, slips, **{PRESS: text})
        self.lines |= {k: (CLOSED, w) for k, (_, w) in self.lines.items() if k[:2] == (unit, "CELL-2")}
        self.lines[unit, "CELL-2", text] = (OPEN, "")

    def check(self, done: Done) -> dict[str, Path]:
        """Every line, state and word is as it must be, and the slips are those of the units with something open."""
        sheet = openpyxl.load_workbook(done.files[1])["差异清单"]
        heads, *rows = sheet.iter_rows(min_row=2, values_only=True)
        found = [dict(zip(heads, (v or "" for v in row), strict=True)) for row in rows]
        ours = {
            (r["单位"], r["规则"], str(r["填报值"])): (r["状态"], r["处理结果"]) for r in found if r["规则"] != "FILE-5"
        }
        assert ours == self.lines
        assert len(ours) == len([r for r in found if r["规则"] != "FILE-5"])
        assert {r["单位"] for r in found if r["规则"] == "FILE-5" and r["状态"] == OPEN} == self.reported
        reasons = [str(r["问题描述"]) for r in found if r["状态"] == CLOSED]
        assert all(text.count("（已销号：已报“退回") == 1 for text in reasons)
        waiting = {unit for (unit, _, _), (status, _) in self.lines.items() if status == OPEN}
        slips = {p.name.partition("_")[0]: p for p in done.slips}
        assert set(slips) == waiting
        folder = self.root / "outbox" / str(MAY) / "退回修改"
        assert (sorted(folder.iterdir()) if folder.exists() else []) == sorted(done.slips)
        assert done.notices == ()
        return slips


@pytest.mark.slow
def test_thirty_faults_three_rounds(tmp_path):
    office = Office(tmp_path)
    units = office.units
    first = office.consolidate()
    slips = office.check(first)
    assert len(office.lines) == 30
    office.type_words(first.files[1])

    for unit in units[:7]:
        office.corrects(unit, slips)
    for unit in units[7:10]:
        office.changes(unit, slips, "约99")
    for unit in units[10:12]:
        office.sent_back(unit, slips)
    second = office.consolidate()
    slips = office.check(second)
    assert (len(office.lines), len(slips)) == (33, 8)
    assert [t.outcome for t in second.month.sources if t.source.path.startswith("退回1/")].count("重复") == 2
    office.type_words(second.files[1])

    for unit in units[7:11]:
        office.corrects(unit, slips)
    office.changes(units[11], slips, "=cmd|x")
    third = office.consolidate()
    slips = office.check(third)
    assert set(slips) == set(units[11:])
    office.type_words(third.files[1])

    for unit in units[11:]:
        office.corrects(unit, slips)
    last = office.consolidate()
    assert office.check(last) == {}
    assert {status for status, _ in office.lines.values()} == {CLOSED}
    assert all(words for _, words in office.lines.values())
    before = {p: p.read_bytes() for p in last.files}
    office.consolidate()
    assert {p: p.read_bytes() for p in last.files} == before

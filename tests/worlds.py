"""A small county over several months and runs: what arrives, is moved, copied and typed in between."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from pipeline.model import BEIJING, Finding, Month
from pipeline.run import Done, Job, run
from pipeline.write import ledger_path
from tests.builders import annex1, annex2, drop, xlsx
from tests.inboxes import SMALL, people, steady
from tests.office import sheet_of

MARCH, APRIL, MAY, JUNE = (Month(2023, m) for m in (3, 4, 5, 6))
UNITS = ("城关镇", "张家塬镇", "县住建局", "县财政局")
_LATER = 1_900_000_000
"""A time at which the folder was copied by a program that keeps none."""


@dataclass
class World:
    """The folders of an office; months are consolidated on the 28th of the month after."""

    root: Path

    @classmethod
    def new(cls, root: Path, units: str = "") -> World:
        """A county of four units, which all have sent Annex 2; `units`: more lines of its configuration."""
        (root / "county.toml").write_text(SMALL + units, encoding="utf-8")
        for i, unit in enumerate(UNITS):
            came = dt.datetime(2023, 3, 2, 9, tzinfo=BEIJING)
            drop(root / "inbox", f"附件2/{unit}名单.xlsx", xlsx(annex2(unit, people(i))), came)
        return cls(root)

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    def configure(self, old: str, new: str) -> None:
        path = self.root / "county.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def send(
        self, unit: str, month: Month, name: str = "", day: int = 10, written: str | None = None, **changes: object
    ) -> Path:
        """A return arrives on that day of the month after; `written`: what stands for the unit on the form."""
        values = steady(random.Random(f"{unit}{month}")) | changes
        came = dt.datetime(*month.plus(1), day, 9, 30, 15, tzinfo=BEIJING)
        data = xlsx(annex1(unit if written is None else written, month.zh, **values))
        return drop(self.inbox, name or f"{month}/{unit}.xlsx", data, came)

    def send_all(self, *months: Month, units: Sequence[str] = UNITS) -> None:
        for month in months:
            for unit in units:
                self.send(unit, month)

    def run(self, period: Month, today: dt.date | None = None) -> Done:
        """Consolidates that month."""
        day = today or period.plus(1).day(28)
        return run(Job(self.inbox, self.root / "outbox", self.root / "county.toml", day, period))

    def ledger(self, month: Month) -> Path:
        return ledger_path(self.root / "outbox", month)

    def move_out(self, what: str) -> Path:
        """Moves a file or folder out of the inbox, and gives where it is now."""
        away = self.root / "away" / what
        away.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(self.inbox / what, away)
        return away

    def put_back(self, what: str) -> None:
        shutil.move(self.root / "away" / what, self.inbox / what)

    def copy_without_times(self) -> None:
        """Copies the inbox to another place and works on with the copy, of which all files are from today."""
        shutil.copytree(self.inbox, self.root / "copy", copy_function=shutil.copyfile)
        shutil.rmtree(self.inbox)
        (self.root / "copy").rename(self.inbox)

    def touch_all(self, moment: dt.datetime) -> None:
        for path in self.inbox.rglob("*.*"):
            os.utime(path, (moment.timestamp(), moment.timestamp()))

    def send_up(self, done: Done) -> None:
        """Puts a copy of the county workbook into 已上报."""
        folder = done.files[0].parent / "已上报"
        folder.mkdir(exist_ok=True)
        shutil.copy(done.files[0], folder)

    def type_in(self, month: Month, rule: str, unit: str, words: Mapping[str, str]) -> None:
        """Types words into the line of that rule and unit in a month's ledger."""
        book = openpyxl.load_workbook(self.ledger(month))
        sheet = book["差异清单"]
        heads = [c.value for c in sheet[2]]
        places = {head: heads.index(head) for head in ("规则", "单位", *words)}
        row = next(
            r for r in sheet.iter_rows(min_row=3) if (r[places["规则"]].value, r[places["单位"]].value) == (rule, unit)
        )
        for head, text in words.items():
            row[places[head]].value = text
        book.save(self.ledger(month))


def findings(done: Done, rule: str) -> list[Finding]:
    return [f for f in done.month.findings if f.rule == rule]


def remarks(done: Done) -> dict[str, str]:
    return {row.unit: row.remark for row in done.month.rows}


def filed(done: Done) -> dict[str, dict[str, object] | None]:
    """The figures of 汇总表 by unit."""
    return {r.unit: {k: f.value for k, f in r.filed.figures.items()} if r.filed else None for r in done.month.rows}


def sources(path: Path) -> dict[str, tuple[object, object]]:
    """The outcome and note of each file in 来源台账."""
    head, *rows = sheet_of(path, "来源台账")
    at = [head.index(name) for name in ("文件", "处理结果", "说明")]
    return {str(row[at[0]]): (row[at[1]], row[at[2]]) for row in rows if row[at[0]]}

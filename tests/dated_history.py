"""A spring of returns in the project it stands in, as plain values; run in copies of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from pipeline.model import BEIJING, Month
from pipeline.office import forms
from pipeline.run import Done, Job, run
from schemas import FORMS
from tests.builders import annex1, drop, xlsx
from tests.inboxes import SMALL
from tests.office import sheet_of

MARCH, APRIL, MAY, JUNE = MONTHS = [Month(2023, m) for m in (3, 4, 5, 6)]
END = dt.date(2023, 7, 28)
INBOX, OUTBOX, COUNTY = Path("inbox"), Path("outbox"), Path("county.toml")
LABEL = "惠及户数"


def come(unit: str, month: Month, keys: Sequence[str] = (), name: str = "", **changes: object) -> None:
    """A return on the month's form, or on one of other columns; what the form does not ask is not on it."""
    keys = keys or FORMS.of(month).keys
    asked = {k: v for k, v in changes.items() if k in keys}
    received = dt.datetime(*month.plus(1), 20 if name else 10, 9, tzinfo=BEIJING)
    drop(INBOX, f"{month}/{name or unit}.xlsx", xlsx(annex1(unit, month.zh, order=keys, **asked)), received)


def tell() -> dict[str, object]:
    """What comes of it; of the months' outputs their digests."""
    COUNTY.write_text(SMALL, encoding="utf-8")
    done, facts = {}, dict[str, object]()
    for i, month in enumerate(MONTHS):
        for unit in ("城关镇", "县住建局"):
            come(unit, month, press=i, households=10 + i)
        if month >= MAY:
            come("张家塬镇", month, press=i, households=(2, 50)[month > MAY])
        done[month] = run(Job(INBOX, OUTBOX, COUNTY, month.plus(1).day(28), month))
        facts[str(month)] = digests(done[month])
    facts["columns"] = {str(m): column(done[m], "汇总表") for m in MONTHS}
    facts["own"] = {str(m): column(done[m], FORMS.of(m).annex) for m in MONTHS}
    facts["year"] = column(done[JUNE], "累计与趋势")
    facts["year in april"] = column(done[APRIL], "累计与趋势")
    facts["rules"] = [str(m) for m in MONTHS if "RES-3" in first_column(done[m], "说明")]
    facts["traced"] = sum(r[2] == LABEL for r in rows(done[MAY].files[1], "数据溯源"))
    facts["checked"] = [str(m) for m in MONTHS if f"不大于{LABEL}" in on_forms(m)]
    return facts | after_changes(done)


def after_changes(done: dict[Month, Done]) -> dict[str, object]:
    """What comes of forms of another month, and of corrections to what was sent up."""
    for month in (APRIL, MAY):
        sent = done[month].files[0].parent / "已上报"
        sent.mkdir()
        shutil.copy(done[month].files[0], sent)
    come("县财政局", APRIL, keys=FORMS.of(JUNE).keys, press=8, households=77)
    come("县财政局", MAY, keys=FORMS.of(MARCH).keys)
    come("城关镇", APRIL, name="更正", press=5)
    come("城关镇", MAY, name="更正", press=2, households=13)
    again = {m: run(Job(INBOX, OUTBOX, COUNTY, END, m)) for m in (APRIL, MAY, JUNE)}
    lines = [f for d in again.values() for f in d.month.findings if f.rule[:4] in ("FORM", "HIST", "RES-", "CELL")]
    slips = [p for p in again[MAY].slips if "县财政局" in p.name]
    corrected = [c for c in again[JUNE].month.corrections if c.unit == "城关镇"]
    return {
        "lines": [[str(f.month), f.rule, f.unit, *f.labels] for f in lines],
        "corrections": [[str(c.month), c.key, c.old, c.new] for c in corrected],
        "slip": [r[3] for p in slips for r in rows(p, "退回通知") if r[1] == "必须改正"],
    }


def digests(done: Done) -> list[str]:
    """Those of the month's workbooks, slips and blank forms."""
    blank = forms(OUTBOX, COUNTY, END, done.month.month).files
    return [hashlib.sha256(p.read_bytes()).hexdigest() for p in (*done.files, *done.slips, *sorted(blank))]


def rows(path: Path, sheet: str) -> list[tuple[object, ...]]:
    return sheet_of(path, sheet, stored=True)


def first_column(done: Done, sheet: str) -> set[object]:
    return {row[0] for row in rows(done.files[0], sheet)}


def column(done: Done, sheet: str) -> dict[str, object] | None:
    """What stands on the sheet under the label, by the row's name; None where nothing is called so."""
    there = rows(done.files[0], sheet)
    at = [c for row in there for c, v in enumerate(row) if str(v).replace("\n", "").startswith(LABEL)]
    return {str(r[1] or r[0]): r[at[0]] for r in there if type(r[at[0]]) is int} if at else None


def on_forms(month: Month) -> str:
    """All that stands on the month's blank forms."""
    books = (openpyxl.load_workbook(p) for p in forms(OUTBOX, COUNTY, END, month).files)
    return "".join(str(c.value) for book in books for sheet in book for row in sheet.iter_rows() for c in row)

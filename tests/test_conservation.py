"""Nothing is lost and nothing counted twice, whatever lies in the inbox: random inboxes against an account of their own."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from pipeline.check import check
from pipeline.choose import choose
from pipeline.consolidate import consolidate
from pipeline.model import BEIJING, Attachment, CountyMonth, Month, Reading, Source
from pipeline.read.attachment import read_attachment
from pipeline.read.grids.inbox import pick_up
from pipeline.read.grids.unpack import leaves
from pipeline.read.returns.names import Names
from pipeline.write import books
from tests.builders import FORM, MAY, TODAY, VALUES, a_county, annex1, annex2, column_of, drop, figures_in, xlsx
from tests.test_files import zipped

COUNTY = a_county()
UNITS = [u.name for u in COUNTY.units]
APRIL = MAY.plus(-1)
FILED: dict[object, int | None] = {0: 0, 7: 7, 41: 41, "3次": 3, "三": 3, "无": 0, "约5": None, None: None, -1: None}
"""What a unit may type, and what it counts as."""

RETURNS = ("xlsx", "zip", "of two units")
OTHERS = ("contacts", "stranger", "no month", "letter", "scan", "broken", "empty zip")


@dataclass(frozen=True)
class Posted:
    """A file as somebody sends it; `other` is the second unit of a table of two."""

    kind: str
    unit: str
    other: str
    month: Month
    press: object
    new_media: int
    day: int

    def sheet(self, month: str | None = None, unit: str | None = None) -> bytes:
        changed = {"press": self.press, "new_media": self.new_media}
        return xlsx(annex1(unit or self.unit, self.month.zh if month is None else month, **changed))

    def data(self) -> bytes:
        rows = [[unit, *(self.values()[k] for k in FORM.keys)] for unit in self.units()]
        return {
            "xlsx": self.sheet,
            "zip": lambda: zipped(("内/表.xlsx", self.sheet()), ("说明.txt", b"see the sheet")),
            "of two units": lambda: xlsx(annex1(None, self.month.zh, rows, before=["单位"])),
            "contacts": lambda: xlsx(annex2(self.unit)),
            "stranger": lambda: self.sheet(unit="县公安局"),
            "no month": lambda: self.sheet(month=""),
            "letter": lambda: b"dear office",
            "scan": lambda: b"%PDF-1.4",
            "broken": lambda: b"PK\x03\x04broken",
            "empty zip": zipped,
        }[self.kind]()

    def values(self) -> dict[str, object]:
        return {**VALUES, "press": self.press, "new_media": self.new_media}

    def units(self) -> list[str]:
        return list(dict.fromkeys([self.unit, self.other])) if self.kind == "of two units" else [self.unit]


posted = st.builds(
    Posted,
    kind=st.sampled_from(RETURNS * 3 + OTHERS),
    unit=st.sampled_from(UNITS[:3]),
    other=st.sampled_from(UNITS[3:]),
    month=st.sampled_from([MAY, MAY, APRIL]),
    press=st.sampled_from(list(FILED)),
    new_media=st.integers(0, 50),
    day=st.integers(1, 27),
)
inboxes = st.lists(posted, min_size=1, max_size=9)


def received(i: int, one: Posted) -> dt.datetime:
    """No two at the same moment, so that it is known which came last."""
    return dt.datetime(2023, 6, one.day, 9, 0, i, tzinfo=BEIJING)


def readings(files: Sequence[Posted], folders: Sequence[str] = ("",)) -> list[Reading]:
    names, read = Names(COUNTY), []
    for i, one in enumerate(files):
        data, end = one.data(), ".zip" if "zip" in one.kind else ".xlsx"
        source = Source(f"{folders[i % len(folders)]}{i}{end}", hashlib.sha256(data).hexdigest(), received(i, one))
        read += [read_attachment(leaf, COUNTY, names) for leaf in leaves(Attachment(source, data))]
    return sorted(read, key=lambda r: r.source.path)


def thought(read: Sequence[Reading]) -> CountyMonth:
    choice = choose(read, COUNTY)
    found = check(choice, COUNTY, COUNTY.months_until(MAY), TODAY)
    return consolidate(choice, found, COUNTY, MAY, TODAY)


def account(files: Sequence[Posted]) -> dict[str, Posted]:
    """What counts for May, found without the program: the last that each unit sent."""
    in_order = (one for _, one in sorted(enumerate(files), key=lambda pair: received(*pair)))
    return {u: one for one in in_order if one.kind in RETURNS and one.month == MAY for u in one.units()}


def rows(book: bytes, sheet: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


@settings(max_examples=20)
@given(inboxes)
def test_every_file_has_its_outcome_and_every_figure_counts_once(files):
    read = readings(files)
    month = thought(read)
    there = {i: [t for t in month.sources if t.source.outermost.partition(".")[0] == str(i)] for i in range(len(files))}
    assert all(there[i] and all(t.outcome for t in there[i]) for i in there)
    assert {t.source.path for t in month.sources} == {r.source.path for r in read}
    last = account(files)
    counted = {u: one.values() | {"press": FILED[one.press]} for u, one in last.items()}
    assert {r.unit for r in month.rows if r.filed} == set(counted)

    county, office = books(month, COUNTY).values()
    shown = {
        str(row[1] or row[0]): figures_in(row, FORM.counts) for row in rows(county, "汇总表")[5:] if row[1] or row[0]
    }
    for unit in UNITS:
        filed = counted.get(unit, {})
        assert shown[unit] == ["" if (v := filed.get(k)) is None else v for k in FORM.counts]
    total = [sum(filed[k] or 0 for filed in counted.values()) for k in FORM.counts]
    own = rows(county, FORM.annex)[5]
    assert shown["合计"] == total == [own[column_of(k)] for k in FORM.counts]

    origins = rows(office, "数据溯源")[1:]
    assert max(Counter((row[0], row[1], row[2]) for row in origins).values(), default=1) == 1
    traced = Counter({(FORM.group_of[k].label, FORM.column[k].label): 0 for k in FORM.counts})
    for row in origins:
        if row[3] not in ("是", "否"):
            traced[row[1], row[2]] += row[3]
    assert list(traced.values()) == total

    # What was filed and does not count is asked about, each once.
    asked = Counter((f.unit, f.rule) for f in month.findings if f.keys == ("press",) and f.rule == "CELL-2")
    silent = [u for u, one in last.items() if one.press in ("约5", -1)]
    assert asked == Counter((u, "CELL-2") for u in silent)


@settings(max_examples=15)
@given(inboxes, st.integers(0, 99))
@pytest.mark.slow
def test_neither_the_order_nor_the_folders_of_files_matter(files, seed):
    read = readings(files)
    month = thought(read)
    shuffled = list(read)
    random.Random(seed).shuffle(shuffled)
    again = thought(shuffled)
    assert again.rows == month.rows
    assert again.findings == month.findings
    assert {(t.source.path, t.sheet, t.unit): t.outcome for t in again.sources} == {
        (t.source.path, t.sheet, t.unit): t.outcome for t in month.sources
    }
    moved = thought(readings(files, ["", "甲/", "甲/乙 丙/丁/"]))
    assert [(r.unit, r.status, r.remark, _figures(r)) for r in moved.rows] == [
        (r.unit, r.status, r.remark, _figures(r)) for r in month.rows
    ]
    assert sorted(f.id for f in moved.findings) == sorted(f.id for f in month.findings)
    assert Counter(t.outcome for t in moved.sources) == Counter(t.outcome for t in month.sources)


def _figures(row) -> object:
    return {k: (f.value, f.filed, f.cell) for k, f in row.filed.figures.items()} if row.filed else None


@settings(max_examples=15)
@given(inboxes, posted)
@pytest.mark.slow
def test_another_file_changes_only_what_it_must(files, one):
    before, after = (thought(readings(f)) for f in (files, [*files, one]))
    touched = set(one.units())
    others = [r for r in before.rows if r.unit not in touched]
    assert others == [r for r in after.rows if r.unit not in touched]

    def apart(month: CountyMonth) -> list[object]:
        # One phone for two persons is about every list that has it; a stranger's line is the file's own.
        return [f for f in month.findings if f.unit in UNITS and f.unit not in touched and f.rule != "CON-4"]

    assert apart(before) == apart(after)
    if one.kind not in RETURNS:
        assert [(r.unit, _figures(r)) for r in before.rows] == [(r.unit, _figures(r)) for r in after.rows]


# -- files as they lie on a disk --------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows sets no time zone for one process")
def test_the_machines_time_zone_does_not_matter(tmp_path, monkeypatch):
    drop(tmp_path, "a.xlsx", b"a", dt.datetime(2023, 6, 25, 23, 59, 59, tzinfo=BEIJING))
    drop(tmp_path, "5月24日/b.xlsx", b"b", dt.datetime(2023, 12, 31, 23, 30, tzinfo=BEIJING).replace(month=5))
    came = set()
    for zone in ("Asia/Shanghai", "UTC", "America/Los_Angeles", "Pacific/Kiritimati"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        came.add(tuple(str(pick_up(tmp_path, name).source.received) for name in ("a.xlsx", "5月24日/b.xlsx")))
    monkeypatch.undo()
    time.tzset()
    assert came == {("2023-06-25 23:59:59+08:00", "2023-05-24 00:00:00+08:00")}


@pytest.mark.parametrize("moment", [0, 1, -86_400, 2**31 + 5, 4_000_000_000])
def test_a_clock_in_1970_or_far_off_stops_nothing(tmp_path, moment):
    path = drop(tmp_path, "a.xlsx", xlsx(annex1()))
    os.utime(path, (moment, moment))
    source = pick_up(tmp_path, "a.xlsx").source
    assert source.received.tzinfo == BEIJING
    month = thought([replace(read_attachment(pick_up(tmp_path, "a.xlsx"), COUNTY, Names(COUNTY)), source=source)])
    assert len(month.sources) == 1


def test_a_file_that_changes_or_goes_while_it_is_read_is_read_once(tmp_path, monkeypatch):
    path = drop(tmp_path, "a.xlsx", b"first")
    read = []

    def changing(name: str, *how: object, **more: object) -> io.BytesIO:
        read.append(name)
        data = io.BytesIO(path.read_bytes())
        path.write_bytes(b"second")
        return data

    monkeypatch.setattr("pipeline.read.grids.inbox.open", changing, raising=False)
    picked = pick_up(tmp_path, "a.xlsx")
    assert [Path(name) for name in read] == [path]
    assert (picked.data, picked.source.sha256) == (b"first", hashlib.sha256(b"first").hexdigest())

    def gone(name: str, *how: object, **more: object) -> object:
        path.unlink()
        return path.open("rb")

    monkeypatch.setattr("pipeline.read.grids.inbox.open", gone, raising=False)
    picked = pick_up(tmp_path, "a.xlsx")
    assert (picked.source.sha256, picked.problem) == ("", "打不开（文件或文件夹不存在）")

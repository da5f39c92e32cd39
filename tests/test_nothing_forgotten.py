"""Any sequence of runs, moves, copies, corrections and typed words: no figure changes and no word goes in silence."""

from __future__ import annotations

import datetime as dt
import html
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from pipeline.model import BEIJING, Month
from pipeline.run import Done
from tests.worlds import APRIL, MAY, World, filed, findings

UNITS = ("城关镇", "县住建局")
TODAY = dt.date(2023, 6, 28)
PLACES = ("处理结果", "核实说明", "催报电话单", "批注", "说明", "备忘")

months, units = st.sampled_from([APRIL, MAY]), st.sampled_from(UNITS)
steps = st.one_of(
    st.tuples(st.just("send"), units, months, st.integers(1, 4), st.integers(1, 20)),
    st.tuples(st.just("move out"), st.integers(0, 9)),
    st.tuples(st.just("put back"), st.integers(0, 9)),
    st.tuples(st.just("copy")),
    st.tuples(st.just("type"), months, st.sampled_from(PLACES)),
    st.tuples(st.just("withdraw"), months),
    st.tuples(st.just("run"), months),
)


class Story:
    """A world in which those things happen, and what has to be found again."""

    def __init__(self, root: Path) -> None:
        self.world = World.new(root)
        self.number = 0
        self.words: dict[Month, list[str]] = {APRIL: [], MAY: []}
        self.shown: dict[tuple[Month, str], tuple[object, str]] = {}
        self.arrived: set[str] = set()

    def take(self, what: str, *how: object) -> None:
        getattr(self, f"_{what.replace(' ', '_')}")(*how)

    def _send(self, unit: str, month: Month, press: int, day: int) -> None:
        self.number += 1
        name = f"{unit}{self.number}.xlsx"
        self.world.send(unit, month, name, day=day, press=press)
        self.arrived.add(name)

    def _files(self, folder: Path) -> list[str]:
        return sorted(p.name for p in folder.glob("*.xlsx")) if folder.is_dir() else []

    def _move_out(self, which: int) -> None:
        if files := self._files(self.world.inbox):
            self.world.move_out(files[which % len(files)])

    def _put_back(self, which: int) -> None:
        if files := self._files(self.world.root / "away"):
            self.world.put_back(files[which % len(files)])

    def _copy(self) -> None:
        """Only what a run has seen can be known again by its bytes."""
        for month in (APRIL, MAY):
            self._run(month)
        self.world.copy_without_times()
        self.world.touch_all(dt.datetime(2023, 6, 27, tzinfo=BEIJING))
        self.arrived.clear()

    def _type(self, month: Month, place: str) -> None:
        path = self.world.ledger(month)
        if not path.exists():
            return
        self.number += 1
        word = f"话{self.number:04d}语"
        if place == "说明":
            path = next(path.parent.glob("*汇总表*.xlsx"))
        book = openpyxl.load_workbook(path)
        _write(book, place, word)
        book.save(path)
        self.words[month].append(word)

    def _withdraw(self, month: Month) -> None:
        path = self.world.ledger(month)
        if path.exists():
            book = openpyxl.load_workbook(path)
            for row, heads in _lines(book):
                if row[heads.index("规则")].value == "FILE-6":
                    row[heads.index("状态")].value = "已核实"
            book.save(path)

    def _run(self, month: Month) -> None:
        before = set(_files_with(self.world.ledger(month).parent, self.words[month]))
        done = self.world.run(month, TODAY)
        after = set(_files_with(self.world.ledger(month).parent, self.words[month]))
        assert {word for word, _ in before} == {word for word, _ in after}
        kept = {path for _, path in after - before if path.parent.name == "旧稿"}
        assert all(any(f"另存为“旧稿/{path.name}”" in n for n in done.notices) for path in kept)
        self._compare(month, done)
        written = [p.read_bytes() for p in done.files]
        assert [p.read_bytes() for p in self.world.run(month, TODAY).files] == written

    def _compare(self, month: Month, done: Done) -> None:
        reported = {
            u for rule in ("FILE-5", "FILE-6") for f in findings(done, rule) if f.month == month for u in f.units
        }
        for row in done.month.rows:
            file = row.filed.source.name if row.filed else ""
            press = filed(done)[row.unit]["press"] if row.filed else None  # type: ignore[index]
            old, old_file = self.shown.get((month, row.unit), (None, ""))
            if press != old and old_file:
                assert row.unit in reported or file in self.arrived, (
                    f"{row.unit} {month}: {old} {old_file} → {press} {file}"
                )
            self.shown[month, row.unit] = press, file


def _lines(book: openpyxl.Workbook) -> Iterator[tuple[tuple, list]]:
    sheet = book["差异清单"]
    heads = [c.value for c in sheet[2]]
    return ((row, heads) for row in sheet.iter_rows(min_row=3) if len(row) >= len(heads))


def _write(book: openpyxl.Workbook, place: str, word: str) -> None:
    if place == "批注":
        book["差异清单"]["A2"].comment = Comment(word, "王")
    elif place == "备忘":
        book.create_sheet(word[:6])["B2"] = word
    elif place in ("处理结果", "核实说明"):
        row, heads = next(_lines(book))
        cell = row[heads.index(place)]
        cell.value = f"{cell.value or ''}{word}"
    else:
        book[place]["H30"] = word


def _files_with(folder: Path, words: list[str]) -> Iterator[tuple[str, Path]]:
    """Each word with each workbook below the folder in which it stands."""
    for path in folder.rglob("*.xlsx"):
        with zipfile.ZipFile(path) as z:
            text = html.unescape(b"".join(z.read(name) for name in z.namelist()).decode("utf-8", "replace"))
        yield from ((word, path) for word in words if word in text)


@settings(max_examples=3)
@given(st.lists(steps, min_size=3, max_size=7))
def test_no_figure_changes_and_no_word_goes_in_silence(steps):
    hold(steps)


def hold(steps: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder))
        for step in [*steps, ("run", APRIL), ("run", MAY)]:
            story.take(*step)  # type: ignore[arg-type]

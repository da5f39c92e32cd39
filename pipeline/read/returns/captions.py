"""What stands above a table: labelled values (单位：…, 统计时间：…), title lines, and bare months."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.model import Grid, GridRow, Unresolved, cached_on_row
from pipeline.model.frozen import frozen
from pipeline.read.returns.caption_labels import PERIOD, UNIT, labels_in, starts_with_label
from pipeline.read.returns.months import is_a_day, only_time, time_in_title, time_of
from pipeline.read.returns.spans import Named, NotOneMonth
from pipeline.read.returns.values import MEASURE_WORDS
from pipeline.read.text import plain, squeeze

_MAX_ROWS_AWAY, _MAX_CAPTION_CHARS = 60, 400
"""Rows above a table that can name its unit and month, and characters of such a caption."""

_FIGURES = 2

_TIME_BEHIND = re.compile(r"(?:20[0-9]{2}|二[〇零○].{2}年|(?<![0-9])[0-9]{1,2}月).*$")
_HINT = re.compile(r"[Xx×*_＿—-]{2,}.*|.*(?:请.{0,6}填|请填|填写|全称|规范名称).*|(?:某|○)*[镇乡县局]?")
_SEALS = re.compile(r"^\(?(?:盖章|公章|签章|印章|加盖公章|章)\)?:?")
_TITLE_WORDS = re.compile("表$|表\\(|统计|情况|报表|月报|附件|汇总|整治|台账")
_MAX_TITLE_CHARS, _OF_SENTENCES = 80, re.compile("[。；;，]")
_CONNECTS = re.compile(r"\s*[至到—–~～、和及-]")
_OF_TIME = re.compile(r"[0-9一二三四五六七八九十〇零年月日号至到份度\-—–~.()上中下半旬季第累计]+")

_ONLY_MEASURES = re.compile(rf"(?:[{MEASURE_WORDS}]|万元|[、,/及和()])*")


@frozen
class Caption:
    """A labelled value above a table: what it is (unit, period, other), the value, and the row and column it stands in.

    `strong`: its label cannot mean anything else (填报单位, and not just 单位). `attached`: nothing parts label and
    value (填报单位城关镇), so it is one only if the value is a unit's name.
    """

    what: str
    value: object
    row: int
    column: int
    strong: bool = True
    attached: bool = False


@frozen
class Heading:
    """A text above a table that carries no label, and the row and column it stands in."""

    text: str
    row: int
    column: int

    @property
    def is_title(self) -> bool:
        """Whether it can be the title of a form; a sentence or a remark is none."""
        return _can_be_title(self.text)


@lru_cache(maxsize=2**10)
def _can_be_title(text: str) -> bool:
    return len(text) <= _MAX_TITLE_CHARS and not _OF_SENTENCES.search(text) and bool(_TITLE_WORDS.search(text))


@frozen
class Above:
    """What stands above a table, the nearest to it first; `shared`: the captions hold for its neighbours, too."""

    captions: tuple[Caption, ...] = ()
    headings: tuple[Heading, ...] = ()
    shared: bool = False

    def within(self, columns: range) -> Above:
        """What of it stands in those columns."""
        return Above(
            tuple(c for c in self.captions if c.column in columns),
            tuple(h for h in self.headings if h.column in columns),
        )


def above(grid: Grid, start: int, stop: int) -> Above:
    """What rows start … stop - 1 say."""
    captions: list[Caption] = []
    headings: list[Heading] = []
    under = _NOTHING
    for r in range(stop - 1, max(start, stop - _MAX_ROWS_AWAY) - 1, -1):
        row = grid.rows[r]
        found, texts = _of_row(row, under if _is_bare(row) else _NOTHING, r)
        captions += found
        headings += texts
        under = row
    return Above(tuple(captions), tuple(headings))


def below(grid: Grid, start: int, stop: int) -> tuple[Caption, ...]:
    """The captions of rows start … stop - 1 that stand under a table, not in it: 填报单位（盖章）：…"""
    rows = (r for r in range(start, min(stop, start + _MAX_ROWS_AWAY, len(grid.rows))) if not is_data(grid.rows[r]))
    return tuple(c for r in rows for c in _of_row(grid.rows[r], _NOTHING, r)[0])


def is_data(row: GridRow) -> bool:
    """Whether it is a row of figures, in which no caption stands."""
    kinds = [type(v) for v in row]
    return kinds.count(float) + kinds.count(int) >= _FIGURES


_NOTHING = GridRow()


@cached_on_row
def _is_bare(row: GridRow) -> bool:
    """Whether a row is one of several labels with nothing behind them."""
    labels = {c: found for c, text in row.texts if (found := labels_in(text[:_MAX_CAPTION_CHARS]))}
    return len(labels) > 1 and all(not found[-1][1] and ":" not in squeeze(str(row[c])) for c, found in labels.items())


@cached_on_row
def _of_row(row: GridRow, under: GridRow, number: int) -> tuple[tuple[Caption, ...], tuple[Heading, ...]]:
    """The captions of a row, and its texts without label; the values of a row of labels alone stand in the next one."""
    labels = {c: labels_in(text[:_MAX_CAPTION_CHARS]) for c, text in row.texts}
    found: list[Caption] = []
    taken: set[int] = set()
    for c, of_cell in labels.items():
        for n, (what, text, strong, attached) in enumerate(of_cell, 1):
            at, down = c, 0
            value: object = text
            last = n == len(of_cell)
            if text and last and what == PERIOD:
                cells, value = _ranged(row, c, text)
                taken.update(cells)
            if not text and last:
                cells, value = _beside(row, c, what)
                taken.update(cells)
                if cells:
                    at = cells[0]
                elif c < len(under) and not starts_with_label(plain(under[c])):
                    value, down = under[c], 1
            found += _settled(Caption(what, value, number + down, at, strong, attached))
    headings = [Heading(t[:_MAX_CAPTION_CHARS], number, c) for c, t in row.words if not labels[c] and c not in taken]
    return tuple(found), tuple(headings)


def _settled(caption: Caption) -> Iterator[Caption]:
    """The caption with what its value really is: no measures, no seal, no hint, and no month where a unit should stand."""
    value = caption.value
    if caption.what == UNIT and isinstance(value, str):
        name, time = _parted(squeeze(value))
        if time:
            yield Caption(PERIOD, time, caption.row, caption.column, strong=False)
        yield Caption(UNIT, name or None, caption.row, caption.column, caption.strong, caption.attached)
    else:
        yield replace(caption, value=None) if isinstance(value, Unresolved) or value == "" else caption


def _parted(value: str) -> tuple[str, str]:
    """A unit's name, and the time that was written behind it in the same cell; '' for what is none."""
    value = _SEALS.sub("", value).strip("_")
    if _ONLY_MEASURES.fullmatch(value):
        return "", ""  # 单位：件、次 tells the measure
    m = _TIME_BEHIND.search(value)
    name, time = (value[: m.start()], m[0]) if m else (value, "")
    if time and not isinstance(time_in_title(time), Named):
        time = ""
    return ("" if _HINT.fullmatch(name.strip("()")) else name.strip(":,、")), time


def _beside(row: GridRow, c: int, what: str) -> tuple[Sequence[int], object]:
    """What stands in the next filled cell to the right, unless it is a label itself, and in which columns it stands."""
    for at in range(c + 1, len(row)):
        value = row[at]
        if value is None:
            continue
        if isinstance(value, bool) or (isinstance(value, str) and starts_with_label(value)):
            break
        if what == UNIT and (not isinstance(value, str) or only_time(value)):
            break  # a unit left blank before the month
        if what == PERIOD:
            cells, text = _ranged(row, at, plain(value))
            if cells:
                return (at, *cells), text
            if not (isinstance(value, str) and isinstance(time_of(value), Named)):
                return _joined(row, at)
        return (at,), value
    return (), None


def _ranged(row: GridRow, at: int, text: str) -> tuple[Sequence[int], str]:
    """A time with the end of its range in the cells behind it (2023年1月 | 至 | 5月), and those cells."""
    pieces = _pieces(row, at + 1)
    connected = pieces and (_CONNECTS.match(next(iter(pieces.values()))) or _CONNECTS.match(text[-1:]))
    return (list(pieces), text + "".join(pieces.values())) if connected else ((), text)


def _joined(row: GridRow, at: int) -> tuple[Sequence[int], object]:
    """What stands in that cell with what goes on in the cells behind it: 2023 | 年 | 5 | 月."""
    pieces = {} if isinstance(row[at], dt.date) else _pieces(row, at)
    return (list(pieces), "".join(pieces.values())) if len(pieces) > 1 else ((at,), row[at])


def _pieces(row: GridRow, start: int) -> dict[int, str]:
    """The texts of time from that cell on, up to the first that is none."""
    pieces: dict[int, str] = {}
    for c, value in enumerate(row[start:], start):
        if value is None:
            continue
        if isinstance(value, bool) or not _OF_TIME.fullmatch(squeeze(text := plain(value))):
            break
        pieces[c] = text
    return pieces


def bare_times(headings: Sequence[Heading]) -> Iterator[Heading]:
    """The headings that are a month, a range or a running total and nothing else."""
    return (h for h in headings if isinstance(only_time(h.text), Named | NotOneMonth) and not is_a_day(h.text))

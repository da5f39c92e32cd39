"""Where a form's columns stand on a sheet: Annex 1's two levels of labels, Annex 2's three headings."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.model import Grid, Header, Words
from pipeline.read.text import LOST, plain, squeeze, unbracket
from schemas import COLUMN, COLUMNS, GROUPS, KEYS
from schemas.contacts import CONTACT_COLUMNS
from schemas.vocabulary import Column, Kind

ENOUGH = 10
"""So many of the 19 labels under their groups make an Annex 1."""

_GROUP_ROWS_ABOVE = 3
_LONGEST = 200
_MEASURES = {c.measure for c in COLUMNS if c.measure}
_IN_BRACKETS = re.compile(r"[(\[【（]([^()\[\]【】（）]*)[)\]】）]")
PLAIN_COLUMNS = re.compile(
    r"序号|编号|备注|说明|单位|单位名称|填报单位|报送单位|镇|部门|镇部门|镇、部门|乡镇|镇办|村|村名|村组|名称"
)
UNIT_COLUMNS = re.compile(r"单位|单位名称|填报单位|报送单位|镇|部门|镇部门|镇、部门|乡镇|镇办|名称")
REMARK_COLUMNS = re.compile(r"序号|编号|备注|说明")


@lru_cache(maxsize=2**15)
def label(text: str) -> str:
    """A printed label without spaces, brackets and the 计量单位 in them."""
    text = _IN_BRACKETS.sub(lambda m: "" if m[1] in _MEASURES or not m[1] else m[1], squeeze(text).replace(LOST, ""))
    return unbracket(text).strip(":：*、.")


def _spellings(columns: Iterable[Column]) -> Iterator[tuple[str, str]]:
    for c in columns:
        for text in (c.label, c.label + c.measure, *c.also):
            yield label(text), c.key


_GROUP_LABELS = {t: g.key for g in GROUPS for t in (label(g.label), label(g.label).removesuffix("情况"))}
_LABELS = {(g.key, text): key for g in GROUPS for text, key in reversed(list(_spellings(g.columns)))}
_LABEL_WORDS = {text for _, text in _LABELS}
_PRINTED = {key: {label(c.label), label(c.label + c.measure)} for key, c in COLUMN.items()}
_CONTACT_LABELS = dict(reversed(list(_spellings(CONTACT_COLUMNS))))


@dataclass(frozen=True, eq=False)
class Annex1Header:
    """An Annex 1 header in a grid: its first and last row, the grid column of each field, and of every other label."""

    top: int
    bottom: int
    columns: dict[str, int]
    others: dict[int, str]
    facts: Header

    @cached_property
    def figures(self) -> set[int]:
        """The grid columns of the fields."""
        return set(self.columns.values())

    @lru_cache(maxsize=64)  # noqa: B019  a few forms, each filled in in the same row
    def fields(self, row: int, left: int) -> tuple[tuple[str, Kind, int, str], ...]:
        """Each field's key, kind, grid column, and its address in that row of a sheet whose grid begins at `left`."""
        place = Grid("", [], left=left)
        return tuple((k, COLUMN[k].kind, c, place.address(row, c)) for k, c in self.columns.items())

    @cached_property
    def last(self) -> int:
        """The last grid column of a field."""
        return max(self.columns.values())

    @cached_property
    def first(self) -> int:
        """The first grid column of a field."""
        return min(self.columns.values())


@dataclass(frozen=True)
class Annex2Header:
    """An Annex 2 header in a grid: its row, the grid columns of name, post and phone, and that of the unit if any."""

    row: int
    columns: dict[str, int]
    unit: int | None

    @property
    def top(self) -> int:
        """Its first row."""
        return self.row

    @property
    def bottom(self) -> int:
        """Its last row."""
        return self.row


def _labels(row: Words) -> dict[int, str]:
    """The row's labels by column; what is longer is none."""
    return {c: label(t) for c, t in row if len(t) <= _LONGEST}


def annex1_headers(grid: Grid) -> list[Annex1Header]:
    """Every Annex 1 header of the grid, from above."""
    found: list[Annex1Header] = []
    for r, row in enumerate(grid.words):
        if len(row) >= ENOUGH and sum(t in _LABEL_WORDS for t in _labels(row).values()) >= ENOUGH:
            header = _header(r, row, *_groups_above(grid, r), grid.top, grid.left)
            if header:
                found.append(header)
    return found


@lru_cache(maxsize=64)  # nearly all units fill in the same form
def _header(row: int, words: Words, top: int, above: Words, down: int, left: int) -> Annex1Header | None:
    """The header with those words in its row and, in row `top`, those of its groups; the grid begins at `down`, `left`."""
    texts, groups = _labels(words), _labels(above)
    columns: dict[str, int] = {}
    others: dict[int, str] = {}
    group = ""
    for c in sorted({*groups, *texts}):
        over, here = groups.get(c, ""), texts.get(c, "")
        if over:
            group = _GROUP_LABELS.get(over, "")
        key = _LABELS.get((group, here)) if here else None
        if key and key not in columns:
            columns[key] = c
        elif here or (over and not group):
            others[c] = here or over
    if len(columns) < ENOUGH:
        return None
    place = Grid("", [], down, left)
    return Annex1Header(top, row, columns, others, _facts(place, row, dict(words), columns, others))


def _groups_above(grid: Grid, row: int) -> tuple[int, Words]:
    """The nearest row above that names groups, and its words."""
    for r in range(row - 1, max(row - 1 - _GROUP_ROWS_ABOVE, -1), -1):
        if any(t in _GROUP_LABELS for t in _labels(grid.words[r]).values()):
            return r, grid.words[r]
    return row, ()


def _facts(grid: Grid, row: int, words: dict[int, str], columns: dict[str, int], others: dict[int, str]) -> Header:
    printed = [k for k in KEYS if k in columns]
    filed = sorted(columns, key=columns.__getitem__)
    match = difflib.SequenceMatcher(None, printed, filed, autojunk=False)
    moved = {k for op, a, b, _, _ in match.get_opcodes() if op != "equal" for k in printed[a:b]}
    shown = {k: plain(words[c]) for k, c in columns.items()}
    return Header(
        renamed={k: squeeze(shown[k]) for k in printed if label(shown[k]) not in _PRINTED[k]},
        moved=tuple(k for k in KEYS if k in moved),
        added=tuple(t for t in others.values() if not PLAIN_COLUMNS.fullmatch(t)),
        cells={k: grid.address(row, c) for k, c in columns.items()},
    )


def annex2_headers(grid: Grid) -> list[Annex2Header]:
    """Every Annex 2 header of the grid: the three headings in one row."""
    found = []
    for r, row in enumerate(grid.words):
        columns: dict[str, int] = {}
        for c, text in _labels(row).items() if len(row) >= len(CONTACT_COLUMNS) else ():
            if key := _CONTACT_LABELS.get(text):
                columns.setdefault(key, c)
        if len(columns) == len(CONTACT_COLUMNS):
            units = (c for c, t in row if UNIT_COLUMNS.fullmatch(label(t)) and c not in columns.values())
            found.append(Annex2Header(r, columns, next(units, None)))
    return found

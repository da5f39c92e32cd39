"""Where a form's columns stand on a sheet: Annex 1's two levels of labels, Annex 2's three headings."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.model import Grid, Header, Line, Words, address, once
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

    @cached_property
    def remarks(self) -> set[int]:
        """The grid columns of numbers and remarks."""
        return {c for c, label in self.others.items() if REMARK_COLUMNS.fullmatch(label)}

    @cached_property
    def names(self) -> list[int]:
        """The grid columns that can name a row, the likeliest first: units', then those before the figures, the last first."""
        units = [c for c, label in self.others.items() if UNIT_COLUMNS.fullmatch(label)]
        before = range(self.first - 1, -1, -1)
        return [*units, *(c for c in before if c not in self.remarks and c not in units)]

    def is_beside(self, column: int) -> bool:
        """Whether what stands in that grid column can say what a row is."""
        return column not in self.figures and self.others.get(column, "") not in ("备注", "说明")

    @lru_cache(maxsize=64)  # noqa: B019  a few forms, each filled in in the same row
    def fields(self, row: int, left: int) -> tuple[tuple[str, Kind, int, str], ...]:
        """Each field's key, kind, grid column, and its address in that row of a sheet whose grid begins at `left`."""
        return tuple((k, COLUMN[k].kind, c, address(row, c + left)) for k, c in self.columns.items())

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


def _labels(words: Words) -> dict[int, str]:
    """A line's labels by column; what is longer is none."""
    return {c: label(t) for c, t in words if len(t) <= _LONGEST}


@once
def _may_be_annex1(line: Line) -> bool:
    return len(line.words) >= ENOUGH and sum(t in _LABEL_WORDS for t in _labels(line.words).values()) >= ENOUGH


@once
def _names_groups(line: Line) -> bool:
    return any(t in _GROUP_LABELS for t in _labels(line.words).values())


def annex1_headers(grid: Grid) -> list[Annex1Header]:
    """Every Annex 1 header of the grid, from above."""
    found = (_annex1_header(grid, r) for r, line in enumerate(grid.rows) if _may_be_annex1(line))
    return [header for header in found if header]


def _annex1_header(grid: Grid, row: int) -> Annex1Header | None:
    """The header whose labels stand in that row, those of the groups in the nearest row above that names any."""
    above = range(row - 1, max(row - 1 - _GROUP_ROWS_ABOVE, -1), -1)
    top = next((r for r in above if _names_groups(grid.rows[r])), row)
    groups = grid.rows[top].words if top < row else ()
    return _header(row, grid.rows[row].words, top, groups, grid.top, grid.left)


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
    cells = {k: address(row + down, c + left) for k, c in columns.items()}
    return Annex1Header(top, row, columns, others, _facts(dict(words), columns, others, cells))


def _facts(words: dict[int, str], columns: dict[str, int], others: dict[int, str], cells: dict[str, str]) -> Header:
    printed = [k for k in KEYS if k in columns]
    filed = sorted(columns, key=columns.__getitem__)
    match = difflib.SequenceMatcher(None, printed, filed, autojunk=False)
    moved = {k for op, a, b, _, _ in match.get_opcodes() if op != "equal" for k in printed[a:b]}
    shown = {k: plain(words[c]) for k, c in columns.items()}
    return Header(
        renamed={k: squeeze(shown[k]) for k in printed if label(shown[k]) not in _PRINTED[k]},
        moved=tuple(k for k in KEYS if k in moved),
        added=tuple(t for t in others.values() if not PLAIN_COLUMNS.fullmatch(t)),
        cells=cells,
    )


def annex2_headers(grid: Grid) -> list[Annex2Header]:
    """Every Annex 2 header of the grid: the three headings in one row."""
    found = ((r, _annex2_columns(line)) for r, line in enumerate(grid.rows))
    return [Annex2Header(r, *columns) for r, columns in found if columns]


@once
def _annex2_columns(line: Line) -> tuple[dict[str, int], int | None] | None:
    """Where the line's three headings stand, and that of the units; None where it has not all three."""
    columns: dict[str, int] = {}
    for c, text in _labels(line.words).items() if len(line.words) >= len(CONTACT_COLUMNS) else ():
        if key := _CONTACT_LABELS.get(text):
            columns.setdefault(key, c)
    if len(columns) < len(CONTACT_COLUMNS):
        return None
    units = (c for c, t in line.words if UNIT_COLUMNS.fullmatch(label(t)) and c not in columns.values())
    return columns, next(units, None)

"""Where a form's columns stand on a sheet: Annex 1's levels of labels, Annex 2's three headings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import Grid, GridRow, Words, cached_on_row
from pipeline.read.returns.fields import Annex1Header
from pipeline.read.returns.labels import (
    Labels,
    is_unit,
    label,
    labels_of,
)
from pipeline.read.returns.months import ThisMonth, only_time
from pipeline.read.returns.spans import Named, NotOneMonth
from schemas.contacts import CONTACT_COLUMNS
from schemas.form import Form

_GROUP_ROWS_ABOVE = 4
_LEVELS = 2
"""Rows of labels that may stand above and below the one that holds most of them."""

_MAX_PARTS = 4
_MAX_LABEL_CHARS = 200
_CONTACT_LABELS = {label(text): c.key for c in reversed(CONTACT_COLUMNS) for text in c.spellings}


def annex1_headers(grid: Grid, forms: tuple[Form, ...]) -> list[Annex1Header]:
    """Every Annex 1 header of the grid, from above and from left to right."""
    labels = labels_of(forms)
    found: list[Annex1Header] = []
    behind = 0
    for number, row in enumerate(grid.rows):
        if number < behind or _count(row, labels) < labels.min_labels_per_row:
            continue
        main = max(
            range(number, min(number + 1 + _LEVELS, len(grid.rows))), key=lambda r: (_count(grid.rows[r], labels), -r)
        )
        headers = _headers_at(grid, main, labels)
        found += headers
        behind = max((h.bottom for h in headers), default=number) + 1
    return found


@cached_on_row
def _count(row: GridRow, labels: Labels) -> int:
    """How many labels of a form stand in the row."""
    if len(row.words) < labels.min_labels_per_row:
        return 0
    return len({c for c, t in row.words if len(t) <= _MAX_LABEL_CHARS and labels.word(t)})


@cached_on_row
def _names_groups(row: GridRow, labels: Labels) -> bool:
    return any(len(t) <= _MAX_LABEL_CHARS and labels.group(t) for _, t in row.words)


def _headers_at(grid: Grid, main: int, labels: Labels) -> Sequence[Annex1Header]:
    """The headers whose labels stand in row `main`, and in rows above and below it where they have several levels."""
    above = range(main - 1, max(main - 1 - _GROUP_ROWS_ABOVE, -1), -1)
    top = next((r for r in above if _names_groups(grid.rows[r], labels)), main)
    if top == main:
        return ()
    bottom = main
    while (
        bottom - main < _LEVELS
        and bottom + 1 < len(grid.rows)
        and _goes_on(grid.rows[bottom], grid.rows[bottom + 1], labels)
    ):
        bottom += 1
    levels = tuple(grid.rows[r].words for r in range(top + 1, bottom + 1))
    return _headers(labels, top, bottom, grid.rows[top].words, levels)


def _goes_on(row: GridRow, below: GridRow, labels: Labels) -> bool:
    """Whether the row below holds labels too: those of a lower level, or 本月 and 累计 under each of them."""
    if not below.words or len(below.words) < len(below) - below.count(None):
        return False
    over = {c for c, t in row.words if labels.word(t)}
    texts = dict(below.words)
    return _are_parts(over, texts) or all(labels.word(t) and c not in over for c, t in texts.items())


def _are_parts(over: Set[int], texts: Mapping[int, str]) -> bool:
    """Whether texts below those labels tell parts of each of them apart: 本月 and 累计, 计划 and 完成."""
    if len(set(texts.values())) < 2 or len(texts) < len(over) // 2:
        return False
    times = all(isinstance(only_time(t), ThisMonth | NotOneMonth | Named) for t in texts.values())
    beside = [c for c in texts if c not in over and c > min(over, default=c)]
    return times or (len(beside) >= len(over) // 2 and len(set(texts.values())) <= _MAX_PARTS)


@lru_cache(maxsize=64)  # nearly all units fill in the same form
def _headers(
    labels: Labels, top: int, bottom: int, groups: Words, levels: tuple[Words, ...]
) -> tuple[Annex1Header, ...]:
    over, texts, parts = _short(groups), dict[int, str](), dict[int, str]()
    for level in levels:
        here = {c: t for c, t in _short(level).items() if not labels.word(t)}
        if _are_parts({c for c, t in texts.items() if labels.word(t)}, here):
            parts |= here
        for c, text in _short(level).items():
            if c in parts:
                continue
            if c not in texts or labels.word(text) or not labels.word(texts[c]):
                texts[c] = text
    placed, others = _placed(labels, over, texts)
    blocks = list(_blocks(labels, placed))
    alone = len(blocks) == 1
    return tuple(
        Annex1Header(
            *(top, bottom, dict(block), texts, _within(others, within), doubled, within, parts, alone, labels.meanings)
        )
        for block, within, doubled in blocks
    )


def _short(words: Words) -> dict[int, str]:
    return {c: t for c, t in words if t and len(t) <= _MAX_LABEL_CHARS}


def _within(others: Mapping[int, str], columns: range) -> dict[int, str]:
    return {c: t for c, t in others.items() if c in columns}


_Pair = tuple[str, str]


def _placed(
    labels: Labels, over: Mapping[int, str], texts: Mapping[int, str]
) -> tuple[dict[int, _Pair], dict[int, str]]:
    """The group and label of each column that a form has, and the headings of all others."""
    words = {c: word for c, t in sorted(texts.items()) if (word := labels.word(t))}
    groups = _groups_over(labels, over, [*words, *texts])
    sure = {c: (groups[c], w) for c, w in words.items() if (groups[c], w) in labels.pairs}
    if any(c not in sure and groups[c] and len(labels.groups_of(w)) == 1 for c, w in words.items()):
        sure = _off_their_groups(labels, words)
    others = {c: label(texts.get(c) or over[c]) for c in sorted({*texts, *over}) if c not in sure}
    of_a_group = {c for c, t in over.items() if c in others and c not in texts and labels.group(t)}
    return sure, {c: t for c, t in others.items() if t and c not in of_a_group}


def _groups_over(labels: Labels, over: Mapping[int, str], columns: Sequence[int]) -> dict[int, str]:
    """The group over each column: the one printed last before it, '' behind a heading that is no group's."""
    found: dict[int, str] = {}
    group = ""
    for c in sorted({*over, *columns}):
        if c in over:
            group = labels.group(over[c])
        found[c] = group
    return found


def _off_their_groups(labels: Labels, words: Mapping[int, str]) -> dict[int, _Pair]:
    """Labels whose groups are printed somewhere above them: all in printed order, or those that stand in one group only.

    A label of two groups is sure between two neighbours of one of them.
    """
    columns = sorted(words)
    for order in labels.order:
        if len(order) == len(columns) and all(
            words[c] in spelled for c, (_, spelled) in zip(columns, order, strict=True)
        ):
            return {c: (group, words[c]) for c, (group, _) in zip(columns, order, strict=True)}
    own = {c: next(iter(g)) for c, w in words.items() if len(g := labels.groups_of(w)) == 1}
    between = {
        c: own[a]
        for a, c, b in zip(columns, columns[1:], columns[2:], strict=False)
        if c not in own and own.get(a) and own.get(a) == own.get(b) in labels.groups_of(words[c])
    }
    return {c: (group, words[c]) for c, group in {**own, **between}.items()}


def _blocks(labels: Labels, placed: Mapping[int, _Pair]) -> Iterator[tuple[dict[int, _Pair], range, frozenset[_Pair]]]:
    """The tables that stand side by side, each with its columns from the first to the next one's."""
    blocks: list[dict[int, _Pair]] = [{}]
    for c, pair in sorted(placed.items()):
        if pair in blocks[-1].values() and len(set(blocks[-1].values())) >= labels.min_labels:
            blocks.append({})
        blocks[-1][c] = pair
    whole = [b for b in blocks if len(set(b.values())) >= labels.min_labels]
    for b in blocks:
        if b not in whole and whole:
            whole[-1 if min(b) > min(whole[-1]) else 0].update(b)  # a column that stands twice is no table
    starts = [0, *(min(b) for b in whole[1:]), 10_000]
    for block, start, end in zip(whole, starts, starts[1:], strict=False):
        doubled = frozenset(p for p, n in Counter(block.values()).items() if n > 1)
        yield block, range(start, end), doubled


# -- Annex 2 ----------------------------------------------------------------------------------------------------------


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


def annex2_headers(grid: Grid) -> list[Annex2Header]:
    """Every Annex 2 header of the grid: the three headings in one row."""
    found = ((r, _annex2_columns(row)) for r, row in enumerate(grid.rows) if len(row.words) >= len(CONTACT_COLUMNS))
    return [Annex2Header(r, *columns) for r, columns in found if columns]


@cached_on_row
def _annex2_columns(row: GridRow) -> tuple[dict[str, int], int | None] | None:
    """Where the row's three headings stand, and that of the units; None where it has not all three."""
    columns: dict[str, int] = {}
    labels = {c: label(t) for c, t in row.words if len(t) <= _MAX_LABEL_CHARS}
    for c, text in labels.items() if len(row.words) >= len(CONTACT_COLUMNS) else ():
        if key := _CONTACT_LABELS.get(text):
            columns.setdefault(key, c)
    if len(columns) < len(CONTACT_COLUMNS):
        return None
    units = (c for c, text in labels.items() if is_unit(text) and c not in columns.values())
    return columns, next(units, None)

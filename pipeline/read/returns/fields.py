"""What stands under a form's header on a sheet: which column holds which field, and how the columns differ from the form."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from pipeline.model import Header, Month, address
from pipeline.read.returns.caption_labels import is_of_writing
from pipeline.read.returns.labels import (
    is_helper,
    is_kind_of_figures,
    is_number,
    is_remark,
    is_time,
    is_unit,
    names_rows,
    of_form,
    printed,
    spellings,
)
from pipeline.read.returns.months import ThisMonth, only_time
from pipeline.read.returns.spans import Named
from pipeline.read.text import squeeze
from schemas.columns import Kind
from schemas.form import Form


@dataclass(frozen=True, eq=False)
class Annex1Header:
    """An Annex 1 header in a grid: its first and last row, and what is printed over each grid column.

    `labels`: the group and the label of every column of a form; `doubled`: those that stand twice, of which none is sure.
    `others`: the headings of all other columns. `within`: the columns of the table, where several stand side by side.
    `parts`: columns of one field (本月, 累计), by what is printed below its label. `meanings`: what the labels mean in all
    months.
    """

    top: int
    bottom: int
    labels: Mapping[int, tuple[str, str]]
    texts: Mapping[int, str]
    others: Mapping[int, str]
    doubled: frozenset[tuple[str, str]] = frozenset()
    within: range = range(0)
    parts: Mapping[int, str] = field(default_factory=dict)
    is_alone: bool = True
    meanings: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    @lru_cache(maxsize=64)  # noqa: B019  few headers, each on many forms
    def fitted(self, form: Form, month: Month | None, down: int, left: int) -> Fields:
        """The form's fields in this header on a sheet whose grid begins at `down`, `left`."""
        keys = self._keys(form)
        columns: dict[str, int] = {}
        extra: dict[int, str] = {}
        for c, pair in sorted(self.labels.items()):
            key = keys.get(pair)
            at = self._part(c, month) if key else None
            if key is None or pair in self.doubled or key in columns:
                extra[c] = pair[1]
            elif at is not None:
                columns[key] = at
        others = {**self.others, **extra}
        facts = _facts(form, columns, {k: self.texts[self._label_over(c)] for k, c in columns.items()}, others)
        cells = {k: address(self.bottom + down, self._label_over(c) + left) for k, c in columns.items()}
        return Fields(form, self, columns, others, Header(*facts, cells))

    def _keys(self, form: Form) -> dict[tuple[str, str], str]:
        """The field of each label: what it means on the form, else a field of the form that was called so in another month."""
        own = of_form(form)
        missing = form.column.keys() - {own.get(pair) for pair in self.labels.values()}
        others = {p: self.meanings.get(p, frozenset()) & missing for p in self.labels.values() if p not in own}
        return {**own, **{pair: next(iter(keys)) for pair, keys in others.items() if len(keys) == 1}}

    def _part(self, c: int, month: Month | None) -> int | None:
        """The column of a field that holds the month's figure; None where none of its columns does."""
        if not self.parts:
            return c
        end = min((other for other in (*self.labels, *self.others) if other > c), default=c + len(self.parts))
        own = {at: only_time(text) for at, text in self.parts.items() if c <= at < end}
        if not own:
            return c
        named = (at for at, t in own.items() if isinstance(t, Named) and month and t.month == month.month)
        return next((at for at, t in own.items() if isinstance(t, ThisMonth)), next(named, None))

    def _label_over(self, column: int) -> int:
        return max(c for c in self.labels if c <= column)


@dataclass(frozen=True, eq=False)
class Fields:
    """A form's fields in a header: the grid column of each, the other headings, and how they differ from the printed form."""

    form: Form
    header: Annex1Header
    columns: Mapping[str, int]
    others: Mapping[int, str]
    facts: Header

    @cached_property
    def in_order(self) -> tuple[str, ...]:
        """The fields as they stand on the sheet."""
        return tuple(sorted(self.columns, key=self.columns.__getitem__))

    @cached_property
    def figures(self) -> frozenset[int]:
        """The grid columns of the fields."""
        return frozenset(self.columns.values())

    @cached_property
    def first(self) -> int:
        """The first grid column of a field, or of a label whose column nobody knows."""
        return min(self.figures or self.header.labels)

    @cached_property
    def last(self) -> int:
        """The last grid column of a field, or of a label whose column nobody knows."""
        return max(self.figures or self.header.labels)

    @cached_property
    def end(self) -> int:
        """The grid column behind the last one that has a heading of any kind."""
        header = self.header
        return max((*self.figures, *self.others, *header.labels, *header.texts, *header.parts)) + 1

    @cached_property
    def naming(self) -> tuple[int, ...]:
        """The grid columns that can say what a row is, the likeliest first: units', then those left of the figures."""
        left = [c for c in range(self.first - 1, self.header.within.start - 1, -1) if c not in self.figures]
        left = [c for c in left if not (is_remark(text := self.others.get(c, "")) or is_of_writing(text))]
        headed = [c for c, text in self.others.items() if names_rows(text)]
        units = [c for c in headed if is_unit(self.others[c])]
        return tuple(dict.fromkeys((*units, *left, *headed)))

    @cached_property
    def numbering(self) -> frozenset[int]:
        """The grid columns that number the rows."""
        return frozenset(c for c, text in self.others.items() if is_number(text))

    @cached_property
    def times(self) -> frozenset[int]:
        """The grid columns in which a number is a month."""
        return frozenset(c for c, text in self.others.items() if is_time(text))

    @cached_property
    def kinds(self) -> frozenset[int]:
        """The grid columns that tell of what kind a row's figures are."""
        return frozenset(c for c, text in self.others.items() if is_kind_of_figures(text))

    @cached_property
    def units(self) -> frozenset[int]:
        """The grid columns that are headed as those of units."""
        return frozenset(c for c, text in self.others.items() if is_unit(text))

    @lru_cache(maxsize=64)  # noqa: B019  a few forms, each filled in in the same row
    def cells(self, row: int, left: int) -> tuple[tuple[str, Kind, int, str, str], ...]:
        """Each field's key, kind, grid column, its address in that row of a sheet whose grid begins at `left`, its measure."""
        fields = ((f, self.columns[f.key]) for f in self.form.columns if f.key in self.columns)
        return tuple((f.key, f.kind, c, address(row, c + left), f.measure) for f, c in fields)


def _facts(
    form: Form, columns: Mapping[str, int], texts: Mapping[str, str], others: Mapping[int, str]
) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """The fields under other labels, those out of their place, and the headings of columns that were added."""
    in_order = [k for k in form.keys if k in columns]
    filed = sorted(columns, key=columns.__getitem__)
    match = difflib.SequenceMatcher(None, in_order, filed, autojunk=False)
    moved = {k for op, a, b, _, _ in match.get_opcodes() if op != "equal" for k in in_order[a:b]}
    renamed = {k: squeeze(texts[k]) for k in in_order if printed(form)[k].isdisjoint(spellings(texts[k]))}
    added = tuple(t for t in others.values() if not is_helper(t))
    return renamed, tuple(k for k in form.keys if k in moved), added

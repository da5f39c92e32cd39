"""The form of a month, made from what is declared of all months."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from schemas.columns import UNREADABLE, Column, YearMonth, state
from schemas.groups import Backlog, Compared, Group
from schemas.relations import Relation

if TYPE_CHECKING:  # imported when they are needed: readers do without
    import pandas as pd
    import pandera.pandas as pa


@dataclass(frozen=True, eq=False)
class Form:
    """The monthly form as it is in one month, or as all of several months together.

    `annex` is what the form is called (附件1), `title` stands behind the campaign's own on it, `summary` behind the
    campaign's own on the workbook that is sent up; `called`: other words by which a file that holds it is known.
    Counts that do not only grow are no running totals: those are queried where for `in_a_row` months no count falls
    and so many as `rising` rise.
    """

    annex: str
    title: str
    summary: str
    groups: tuple[Group, ...]
    called: tuple[str, ...] = ()
    in_a_row: int = 3
    rising: int = 4

    @property
    def words(self) -> tuple[str, ...]:
        """The words by which a file that holds it is known."""
        return (self.annex, *self.called)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in printed order."""
        return tuple(c for g in self.groups for c in g.columns)

    @cached_property
    def column(self) -> Mapping[str, Column]:
        """The columns by key, in printed order."""
        return {c.key: c for c in self.columns}

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of the columns in printed order."""
        return tuple(self.column)

    @cached_property
    def counts(self) -> tuple[str, ...]:
        """The keys of those that are counts."""
        return tuple(c.key for c in self.columns if c.kind == "count")

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """The keys of those that are answered 是 or 否."""
        return tuple(c.key for c in self.columns if c.kind == "yes_no")

    @cached_property
    def flows(self) -> tuple[str, ...]:
        """The counts of what happened in the month. All of them 0 or blank is a form that nobody filled in (CELL-5)."""
        return tuple(c.key for c in self.columns if c.adds_up)

    @cached_property
    def group_of(self) -> Mapping[str, Group]:
        """Each column's group, by the column's key."""
        return {c.key: g for g in self.groups for c in g.columns}

    @cached_property
    def relations(self) -> Mapping[str, Relation]:
        """What must hold between the figures, by rule."""
        return {r.rule: r for g in self.groups for r in g.relations}

    @cached_property
    def backlogs(self) -> tuple[Backlog, ...]:
        """What may be still open."""
        return tuple(b for g in self.groups for b in g.backlogs)

    @cached_property
    def compared(self) -> tuple[Compared, ...]:
        """What is charted."""
        return tuple(c for g in self.groups for c in g.compared)

    @cached_property
    def caveats(self) -> tuple[str, ...]:
        """What readers of its totals must know."""
        return tuple(c.text for g in self.groups for c in g.caveats)

    @cached_property
    def measures(self) -> frozenset[str]:
        """The 计量单位 that it prints."""
        return frozenset(c.measure for c in self.columns if c.measure)

    @property
    def min_labels(self) -> int:
        """How many of its labels under their groups make a table this form: more than half."""
        return len(self.columns) // 2 + 1

    def schemas(self) -> Iterator[pa.DataFrameSchema]:
        """The pandera schemas that a frame of returns on this form is held against: the return's as a whole, each group's."""
        import pandera.pandas as pa

        yield pa.DataFrameSchema(checks=[pa.Check(self._is_filled_in, name="CELL-5")] if self.flows else [])
        yield from (g.schema() for g in self.groups)

    def _is_filled_in(self, frame: pd.DataFrame) -> pd.Series[bool]:
        """Whether something happened, by the row; a cell that cannot be read is neither 0 nor blank."""
        happened = (frame[list(self.flows)].fillna(0) != 0).any(axis=1)
        states = [s for k in self.flows if (s := state(k)) in frame]
        return happened | (frame[states] == UNREADABLE).any(axis=1)


@dataclass(frozen=True, eq=False)
class Forms:
    """All forms of a campaign; `declared` holds every column and relation with its months.

    A form is one value for all the months in which it stays the same. ValueError where what is declared cannot be a form.
    """

    declared: Form

    def __post_init__(self) -> None:
        for form in self.stages:
            _reject_duplicates(form)
        known = {c.key for c in self.declared.columns}
        for group in self.declared.groups:
            if unknown := group.names - known:
                raise ValueError(f"group {group.key}: no column is declared as {', '.join(sorted(unknown))}")

    def of(self, month: YearMonth) -> Form:
        """The form of that month."""
        return self.stages[bisect_right(self._changes, month)]

    def over(self, months: Iterable[YearMonth]) -> Form:
        """The columns that the form has in any of those months, as one form; where a column changed, as it was last."""
        stages = dict.fromkeys(map(self.of, months))
        return next(iter(stages)) if len(stages) == 1 else self._united(list(stages))

    @cached_property
    def whole(self) -> Form:
        """The columns of all months as one form."""
        return self.over([(0, 0), *self._changes])

    @cached_property
    def stages(self) -> tuple[Form, ...]:
        """The forms one after another, the first from whenever; each differs from the one before."""
        return tuple(self._in(month) for month in ((0, 0), *self._changes))

    @cached_property
    def _changes(self) -> tuple[YearMonth, ...]:
        """The months, but for the first of all, from which on the form is another."""
        dated = [c.months for c in self.declared.columns]
        dated += [r.months for g in self.declared.groups for r in g.relations]
        begin = {m.since for m in dated if m.since}
        return tuple(sorted(begin | {_after(m.until) for m in dated if m.until}))

    def _in(self, month: YearMonth) -> Form:
        columns = [c for c in self.declared.columns if month in c.months]
        relations = [r for g in self.declared.groups for r in g.relations if month in r.months]
        return self._with(columns, relations)

    def _united(self, stages: Collection[Form]) -> Form:
        columns = {c.key: c for form in stages for c in form.columns}
        relations = {r.rule: r for form in stages for r in form.relations.values()}
        return self._with(columns.values(), relations.values())

    def _with(self, columns: Collection[Column], relations: Collection[Relation]) -> Form:
        """The form that has only those columns, and of those relations the ones whose columns are among them."""
        kept, keys = {*map(id, columns)}, {c.key for c in columns}
        judged = {id(r) for r in relations if keys.issuperset(r.keys)}
        groups = (
            replace(
                g,
                columns=tuple(c for c in g.columns if id(c) in kept),
                relations=tuple(r for r in g.relations if id(r) in judged),
                backlogs=tuple(b for b in g.backlogs if keys.issuperset((b.arrived, b.settled))),
                compared=tuple(c for c in g.compared if keys.issuperset(c.keys)),
                caveats=tuple(c for c in g.caveats if keys.issuperset(c.keys)),
            )
            for g in self.declared.groups
        )
        return replace(self.declared, groups=tuple(g for g in groups if g.columns))


def _after(month: YearMonth) -> YearMonth:
    years, over = divmod(month[1], 12)
    return month[0] + years, over + 1


def _reject_duplicates(form: Form) -> None:
    """ValueError where two columns of a month share a key, or a label or spelling in their group, or two relations a rule."""
    labels = [(g.label, text) for g in form.groups for c in g.columns for text in {c.label, *c.also}]
    rules = [r.rule for g in form.groups for r in g.relations]
    for what, names in (("column", [c.key for c in form.columns]), ("label", labels), ("rule", rules)):
        if doubled := [str(name) for name, n in Counter[object](names).items() if n > 1]:
            raise ValueError(f"in one month {what} {', '.join(doubled)} is declared twice")

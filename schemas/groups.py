"""A column group of a form: its columns, what must hold between them, and what they are to leaders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.columns import Column
from schemas.relations import Relation

if TYPE_CHECKING:
    import pandera.pandas as pa


@dataclass(frozen=True)
class Backlog:
    """What is still open, summed up over months: what came in less what was settled; `days`: so long it may take."""

    label: str
    arrived: str
    settled: str
    days: int | None = None


@dataclass(frozen=True)
class Compared:
    """Fields that leaders compare month by month in one chart, and its title."""

    title: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Caveat:
    """What readers of the totals must know of those fields."""

    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """One column group of a form, the relations that are judged in it, and what its figures are to leaders."""

    key: str
    label: str
    columns: tuple[Column, ...]
    relations: tuple[Relation, ...] = ()
    backlogs: tuple[Backlog, ...] = ()
    compared: tuple[Compared, ...] = ()
    caveats: tuple[Caveat, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The keys of all columns, here or elsewhere, of which it says something."""
        of_relations = (k for r in self.relations for k in r.keys)
        of_backlogs = (k for b in self.backlogs for k in (b.arrived, b.settled))
        shown = (*(c.keys for c in self.compared), *(c.keys for c in self.caveats))
        return frozenset((*of_relations, *of_backlogs, *(k for keys in shown for k in keys)))

    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema of the group; it validates the frame of all returns of a form at once."""
        import pandera.pandas as pa

        columns = {name: column for c in self.columns for name, column in c.checks(pa).items()}
        return pa.DataFrameSchema(columns, checks=[r.check(pa) for r in self.relations], name=self.key)

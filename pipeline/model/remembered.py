"""What earlier runs wrote down: the rows of every 来源台账 of the outbox, and what they tell of returns that are gone."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model.decided import COUNTED, EARLIER, GONE
from pipeline.model.found import LedgerLine
from pipeline.model.month import Month
from pipeline.model.received import Source

WAS, WITHDRAWN = "原处理结果：", "已核实撤回"
"""What the note of a file that is gone begins with, and what it says of one that is to stay away."""


@dataclass(frozen=True)
class Remembered:
    """A row of a 来源台账: a table or file that an earlier run saw, under the name its unit has now."""

    source: Source
    sheet: str
    form: str
    unit: str
    month: Month | None
    outcome: str
    note: str

    @property
    def was(self) -> str:
        """What had become of it while it still lay in the inbox."""
        outcome = self.note.removeprefix(WAS).partition("；")[0] if self.outcome == GONE else self.outcome
        return COUNTED if outcome == EARLIER else outcome

    @property
    def withdrawn(self) -> bool:
        """Whether staff have confirmed that it is to stay away."""
        return self.outcome == GONE and WITHDRAWN in self.note


@dataclass(frozen=True)
class Written:
    """The ledger of a month as an earlier run wrote it: what it knew, and the lines staff have answered since."""

    month: Month
    rows: tuple[Remembered, ...]
    answered: tuple[LedgerLine, ...]


@dataclass(frozen=True)
class MovedOut:
    """A return that counted before and is gone from the inbox; no newer one has taken its place.

    `older`: an earlier version counts now. `withdrawn`: staff have confirmed that it is to stay away.
    """

    unit: str
    month: Month
    source: Source
    older: bool = False
    withdrawn: bool = False

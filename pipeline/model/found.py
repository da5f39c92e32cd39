"""What was found: the lines of 差异清单, and what staff made of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field

from pipeline.model.frozen import frozen
from pipeline.model.month import Month
from pipeline.model.received import Source
from pipeline.sheets import LINE_HEADINGS

OPEN, EXPLAINED, CONFIRMED, CLOSED = "待处理", "已说明", "已核实", "已销号"
"""状态 of a line. 已说明: its unit has answered, and staff have not yet judged that."""


@frozen
class Said:
    """What a unit said of a line, and the file in which it did."""

    text: str
    source: Source


@frozen
class LedgerLine:
    """A row of the office's 差异清单 as staff left it: its cells by heading."""

    id: str
    cells: Mapping[str, str | float]

    @property
    def own(self) -> tuple[tuple[str, str | float], ...]:
        """What stands in the columns that staff added."""
        return tuple((h, v) for h, v in self.cells.items() if h not in LINE_HEADINGS)

    def text(self, heading: str) -> str:
        """The cell under that heading as text."""
        return str(self.cells.get(heading, ""))


@frozen
class OldLedger:
    """The ledger of the run before: its rows, the columns staff added, and the SHA-256 of every file it knew.

    `calls` is what staff noted of calls, by unit. `data` is the workbook itself, b'' where there was none.
    """

    lines: tuple[LedgerLine, ...] = ()
    columns: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    calls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    data: bytes = field(default=b"", repr=False)

    @property
    def sha256(self) -> str:
        """The workbook's own SHA-256, '' where there was none."""
        return hashlib.sha256(self.data).hexdigest() if self.data else ""


@frozen
class Finding:
    """One line of 差异清单; `keys` are the fields it is about, `effect` its weight among lines of its grade.

    `own` is what staff typed into columns of their own. `cause` is what its number is made from besides rule and unit, ()
    where the unit is unknown; `likely`: the unit that is meant, where it is about a near miss of a name. `explanation` is
    what the unit says of it. `below`: it comes from a county's own list, with the county's status and words.
    """

    id: str
    grade: str
    rule: str
    unit: str
    month: Month | None
    message: str
    advice: str
    groups: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    filed: str | float = ""
    reference: str | float | None = None
    difference: float | None = None
    effect: float = 0
    file: str = ""
    sheet: str = ""
    cells: tuple[str, ...] = ()
    status: str = OPEN
    note: str = ""
    result: str = ""
    own: tuple[tuple[str, str | float], ...] = ()
    cause: tuple[str, ...] = ()
    likely: str = ""
    explanation: str = ""
    below: bool = False

    @property
    def units(self) -> tuple[str, ...]:
        """The units it is about: a line may join several."""
        return tuple(self.unit.split("、"))

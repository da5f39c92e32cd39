"""What was decided: which of the returns count, and what became of every file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from pipeline.model.frozen import frozen
from pipeline.model.month import Month
from pipeline.model.received import Contacts, Reading, Return, Source

COUNTED, EARLIER, LATER, SUPERSEDED, DUPLICATE, UNPLACED, SCAN, UNREAD, FOREIGN, IGNORED, GONE, NARRATIVE = [
    "采用",
    "往期",
    "后期",
    "被替代",
    "重复",
    "未采用",
    "扫描件",
    "无法读取",
    "非报表",
    "忽略",
    "移出",
    "文字材料",
]
"""处理结果 of 来源台账."""


@frozen
class Disposition:
    """What became of one table, or of a file without one. `month` is the run it belongs to, None for Annex 2 in use.

    `rule` names the FILE, UNIT, PERIOD or FORM rule for which it is not counted, `run` the month in whose run that is
    reported where it is another one.
    """

    source: Source
    table: Return | Contacts | None
    outcome: str
    month: Month | None
    reading: Reading
    rule: str = ""
    why: str = ""
    run: Month | None = None

    @property
    def reported_in(self) -> Month | None:
        """The month in whose run the line about it stands."""
        return self.run or self.month

    @property
    def unit(self) -> str:
        """The unit on the roster, '' where it is unknown."""
        return self.table.unit if self.table else self.reading.unit

    def in_run(self, period: Month) -> Disposition:
        """The disposition as the run for that period tells it: what another month counts is 往期 or 后期."""
        if self.outcome != COUNTED or self.month is None or self.month == period:
            return self
        return replace(self, outcome=EARLIER if self.month < period else LATER, why=f"属{self.month.zh}")


@frozen
class Versions:
    """The versions of one unit's return that differ, the one that counts last; `ordered`: that it is the newest is known.

    `again` are those that came after it, as a mail or a folder's name tells, with the figures of an earlier one.
    """

    tables: tuple[Return, ...]
    ordered: bool
    again: tuple[Return, ...] = ()


@frozen
class Choice:
    """Which returns count. `returns` by unit and month, `contacts` by unit.

    `first`: when the first usable version came, None where nobody knows and it may have been in time.

    `unusable`: the units and months of which only unusable files came, each with the last of them.
    """

    dispositions: tuple[Disposition, ...]
    returns: Mapping[tuple[str, Month], Return]
    versions: Mapping[tuple[str, Month], Versions]
    contacts: Mapping[str, Contacts]
    first: Mapping[tuple[str, Month], dt.datetime | None]
    unusable: Mapping[tuple[str, Month], Disposition]

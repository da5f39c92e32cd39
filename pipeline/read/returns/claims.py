"""Where a table stands, and how sure what is said of its unit and month is: `unit_claims` and `month_claims` decide by it.

Claims on the form itself come before the names around it (sheet, file, archive, mail, folders). On the form a label
(填报单位：…) is stronger than the table's own row, a title or a bare month; claims that contradict each other make a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from pipeline.model import CONTAINER, FILE, FOLDER, SHEET, Month, Source
from pipeline.model.frozen import frozen
from pipeline.read.returns.months import time_in_name
from pipeline.read.returns.names import Names
from pipeline.read.returns.spans import Named
from pipeline.roster import Roster, RosterUnit


class Strength(IntEnum):
    """How sure a claim on the form is, the surest first."""

    LABEL = 1
    SHORT_LABEL = 2
    ROW = 3
    TITLE = 4
    BARE = 5


@frozen
class TableContext:
    """Where a table was found: its file, sheet, and the names around it, the nearest first."""

    source: Source
    sheet: str
    county: Roster
    names: Names

    @property
    def stem(self) -> str:
        """The file's own name without its extension."""
        return _stem(self.source.name)

    def around(self) -> Iterator[tuple[str, str]]:
        """The names a table can be known by, with where they stand: sheet, file, then archive, mail and folders."""
        yield SHEET, self.sheet
        yield from around_file(self.source)

    def units_in_name(self, month: Month | None) -> tuple[str, ...]:
        """The units that stand on the roster in that month and that the file's own name mentions."""
        named = self.names.inside(self.stem)
        return tuple(name_in(u, month) for u in named if month is None or any(x.reports_in(month) for x in u))

    def month_in_name(self) -> Month | None:
        """The month that the file's own name tells, else the subject of its mail; None where it tells none."""
        for text in (self.stem, *self.source.subjects[:1]):
            if isinstance(time := time_in_name(text), Named):
                return self.month(time)
        return None

    def month(self, named: Named) -> Month:
        """The month that was named, in the year that is meant."""
        county = self.county
        return named.in_year_of(Month.of(self.source.received), county.first_period, county.last_period)


def around_file(source: Source) -> Iterator[tuple[str, str]]:
    """The names around a file, the nearest first: its own, then archive, mail and folders."""
    outer, *inner = source.path.split(" › ")
    *folders, outermost = outer.split("/")
    names = [(FILE, outermost)]
    for path in inner:
        *within, name = path.split("/")
        names = [(FILE, name), *((FOLDER, f) for f in reversed(within)), (CONTAINER, names[0][1]), *names[1:]]
    subjects = ((CONTAINER, subject) for subject in source.subjects)
    for origin, name in (*names, *subjects, *((FOLDER, f) for f in reversed(folders))):
        yield origin, _stem(name)


def _stem(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return stem if dot and stem and len(extension) <= 5 and extension.isalnum() and not extension.isdigit() else name


def name_in(units: tuple[RosterUnit, ...], month: Month | None) -> str:
    """The name of those units' first that reports in that month, else of the first."""
    here = [u for u in units if month is None or u.reports_in(month)]
    return (here or list(units))[0].name

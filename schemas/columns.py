"""A column of a form: what is asked, in which months, and what a cell of it may hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # pandera takes half a second to import, and readers do not need it
    import pandera.pandas as pa

Kind = Literal["count", "yes_no"]

OK, CLEANED, BLANK, UNREADABLE, MISSING = "ok", "cleaned", "blank", "unreadable", "missing"
"""What became of a cell: taken as filed, taken after cleaning, empty, not a value, its column not on the form."""

YES, NO = "是", "否"
"""The answers of a form's yes-or-no question."""

YearMonth = tuple[int, int]
"""A month as (year, month)."""


Value = int | bool | None
"""What a cell counts as: a whole number, 是 or 否, None where nothing counts."""


def shown(value: Value) -> int | str | None:
    """A value as sheets and sentences show it: an answer as 是 or 否, a count as itself, None where nothing counts."""
    return (YES if value else NO) if isinstance(value, bool) else value


def state(key: str) -> str:
    """The frame's column that holds the states of a field; it is there where one of them is not OK."""
    return f"{key}.state"


def year_month(text: str) -> YearMonth:
    """The month declared as YYYY-MM; ValueError for anything else."""
    m = re.fullmatch(r"([12][0-9]{3})-(0[1-9]|1[0-2])", text)
    if not m:
        raise ValueError(f"a month is declared as YYYY-MM, not {text!r}")
    return int(m[1]), int(m[2])


@dataclass(frozen=True)
class Months:
    """The months from `since` to `until`, both included; None where there is no such end."""

    since: YearMonth | None = None
    until: YearMonth | None = None

    def __contains__(self, month: YearMonth) -> bool:
        return (self.since is None or self.since <= month) and (self.until is None or month <= self.until)


ALWAYS = Months()


def months(since: str, until: str) -> Months:
    """The months between two declared as YYYY-MM, '' where there is no such end."""
    return Months(year_month(since) if since else None, year_month(until) if until else None)


@dataclass(frozen=True)
class Jump:
    """A figure jumps where it is more than `times` the median of the unit's months before, and more than `above` over it.

    Fewer `months` than these make no median.
    """

    times: int = 3
    above: int = 10
    months: int = 3


@dataclass(frozen=True)
class Column:
    """One field of a form: its English key, printed label, 计量单位 and meaning, and what a cell of it may hold.

    Above `ceiling` a count is queried, and where it jumps; what cannot be read breaks the rule `unreadable`. `also`:
    other labels that units print for it. `stock`: it says how things stand at the month's end, not what happened in it.
    """

    key: str
    label: str
    measure: str
    meaning: str
    kind: Kind = "count"
    ceiling: int = 10_000
    unreadable: str = "CELL-2"
    also: tuple[str, ...] = ()
    jump: Jump = Jump()
    stock: bool = False
    months: Months = ALWAYS

    @property
    def adds_up(self) -> bool:
        """Whether the figures of several months can be added up; of the others the last is how things stand."""
        return self.kind == "count" and not self.stock

    @property
    def printed(self) -> str:
        """The label with its 计量单位 in brackets, as the form prints it."""
        return f"{self.label}({self.measure})" if self.measure else self.label

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every label by which it is known on a form, the printed ones first."""
        return (self.label, self.label + self.measure, *self.also)

    def checks(self, pa: Any) -> dict[str, pa.Column]:
        """The pandera columns of this field: its value, and what became of its cells where not all are OK."""
        count = self.kind == "count"
        broken = {MISSING: "FORM-1", BLANK: "CELL-1", UNREADABLE: self.unreadable} | (
            {CLEANED: "CELL-3"} if count else {}
        )
        return {
            self.key: pa.Column(
                "Int64" if count else "boolean",
                [pa.Check.le(self.ceiling, name="CELL-4")] if count else [],
                nullable=True,
            ),
            state(self.key): pa.Column(str, [pa.Check.ne(s, name=r) for s, r in broken.items()], required=False),
        }

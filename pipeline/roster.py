"""What readers know of a county: its units, and the months of its campaign.

A county's configuration brings pydantic, which takes a worker as long to import as a thousand files to read; so the
workers are given the same in plain values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.model import Month
from schemas.form import Forms


class RosterUnit(Protocol):
    """A unit, the ways it is spelled, and the months in which it reports."""

    @property
    def name(self) -> str:
        """Its name on the roster."""

    @property
    def aliases(self) -> Sequence[str]:
        """Other spellings of it."""

    def reports_in(self, month: Month) -> bool:
        """Whether it stands on the roster in that month."""


class Roster(Protocol):
    """The county as its readers see it; County is one."""

    @property
    def name(self) -> str:
        """The county's name."""

    @property
    def title(self) -> str:
        """The campaign's title."""

    @property
    def first_period(self) -> Month:
        """The campaign's first month."""

    @property
    def last_period(self) -> Month | None:
        """The campaign's last month, None where it has none."""

    @property
    def units(self) -> Sequence[RosterUnit]:
        """All units, in the order of the configuration."""

    @property
    def forms(self) -> Forms:
        """The campaign's monthly form, in all months."""

    @property
    def office(self) -> str:
        """The office that consolidates."""

    @property
    def of_counties(self) -> bool:
        """Whether counties stand on the roster, whose workbooks are their returns."""


def stands(since: Month | None, until: Month | None, month: Month) -> bool:
    """Whether a unit that reports since … until does so in that month."""
    return (since is None or since <= month) and (until is None or month <= until)


@dataclass(frozen=True)
class PlainUnit:
    """A unit in plain values."""

    name: str
    aliases: tuple[str, ...]
    since: Month | None
    until: Month | None

    def reports_in(self, month: Month) -> bool:
        """Whether it stands on the roster in that month."""
        return stands(self.since, self.until, month)


@dataclass(frozen=True)
class PlainRoster:
    """A roster in plain values."""

    name: str
    title: str
    first_period: Month
    last_period: Month | None
    units: tuple[PlainUnit, ...]
    forms: Forms
    office: str = ""
    of_counties: bool = False

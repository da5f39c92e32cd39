"""Whose table it is and of which month: from the form, else the sheet's name, the file's name, then outwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model import Month, Source, Stated
from pipeline.read.returns.captions import Caption
from pipeline.read.returns.months import Named, month_in_name, named_month
from pipeline.read.returns.names import Names
from pipeline.read.text import plain, squeeze
from pipeline.roster import Roster, RosterUnit


@dataclass(frozen=True)
class Place:
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
        yield "sheet", self.sheet
        yield from around_file(self.source)

    def units_in_name(self, month: Month | None) -> tuple[str, ...]:
        """The units the file's own name mentions."""
        return tuple(_of_month(units, month) for units in self.names.inside(self.stem))


def around_file(source: Source) -> Iterator[tuple[str, str]]:
    """The names around a file, the nearest first: its own, then archive, mail and folders."""
    *folders, file = source.path.partition(" › ")[0].split("/")
    inner = re.split("/| › ", source.path.partition(" › ")[2]) if " › " in source.path else []
    own, *outwards = reversed([file, *inner])
    yield "file", _stem(own)
    for name in (*outwards, *source.subjects, *reversed(folders)):
        yield "outer", _stem(name)


def _stem(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return stem if dot and stem and len(extension) <= 5 and extension.isalnum() and not extension.isdigit() else name


def _of_month(units: tuple[RosterUnit, ...], month: Month | None) -> str:
    here = [u for u in units if month is None or u.reports_in(month)]
    return (here or list(units))[0].name


def month_of(place: Place, captions: list[Caption], titles: list[tuple[str, str]]) -> tuple[Month | None, Stated, bool]:
    """The month, what was said of it, and whether year and month stand on the form in full."""
    stated = [c for c in captions if c.what == "period" and c.value is not None]
    for c in stated:
        if named := named_month(c.value):
            return _month(place, named), Stated(plain(c.value), "form", c.cell), named.full
    for text, cell in titles:
        if named := month_in_name(text):
            return _month(place, named), Stated(text.strip(), "form", cell), named.full
    blank = next((c.cell for c in captions if c.what == "period"), "")
    for origin, text in place.around():
        if named := month_in_name(text):
            return _month(place, named), Stated(text, origin, blank), False
    return None, Stated(plain(stated[0].value) if stated else "", "", stated[0].cell if stated else blank), False


def _month(place: Place, named: Named) -> Month:
    county = place.county
    return named.in_year_of(Month.of(place.source.received), county.first_period, county.last_period)


def unit_of(
    place: Place,
    captions: list[Caption],
    titles: list[tuple[str, str]],
    month: Month | None,
    row: tuple[str, str] = ("", ""),
) -> tuple[str, Stated]:
    """The unit's name on the roster ('' where it cannot be told) and what was said of it.

    `row`: the name that stands in the row itself, and its cell. What the form says counts, also where nobody knows it.
    """
    stated = [(plain(c.value), c.cell) for c in captions if c.what == "unit" and c.value is not None]
    if row[0] and place.names.one(row[0], month):
        return on_form(place, *row, month)
    if stated:
        return on_form(place, *stated[0], month)
    title = place.county.title
    for text, cell in titles:
        if unit := place.names.one(squeeze(text).partition(squeeze(title))[0], month):
            return unit.name, Stated(unit.name, "form", cell)
    blank = next((c.cell for c in captions if c.what == "unit"), "")
    if row[0]:
        return on_form(place, *row, month)
    return unit_around(place.names, place.around(), month, blank)


def on_form(place: Place, text: str, cell: str, month: Month | None) -> tuple[str, Stated]:
    """The unit that a name on the form means, '' where nobody knows it, and what was said."""
    unit = place.names.one(text, month)
    return (
        (unit.name, Stated(text, "form", cell)) if unit else ("", Stated(text, "form", cell, place.names.likely(text)))
    )


def unit_around(
    names: Names, around: Iterator[tuple[str, str]], month: Month | None, cell: str = ""
) -> tuple[str, Stated]:
    """The unit that the names around a table or a file tell: the nearest name that tells just one."""
    for origin, text in around:
        units = (u,) if (u := names.one(text, month)) else tuple(x[0] for x in names.inside(text))
        found = {_of_month((u,), month) for u in units}
        if len(found) == 1:
            return found.pop(), Stated(text, origin, cell)
        if found:
            break
    return "", Stated(cell=cell)

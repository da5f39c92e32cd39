"""A grid's Annex 2 tables to contact lists."""

from __future__ import annotations

import re

from pipeline.model import Contacts, Grid, Month, Person, Unresolved
from pipeline.read.captions import captions, starts_with_label, titles
from pipeline.read.header import Annex2Header, words
from pipeline.read.place import Place, unit_of
from pipeline.read.text import fold, plain, squeeze
from schemas.contacts import CONTACT_COLUMNS, ROLE_WORDS

_ROLE = re.compile(rf"^(?P<role>{'|'.join(ROLE_WORDS)})(?:\([^)]*\))?(?::|$)(?P<name>.*)$")
_NAME = CONTACT_COLUMNS[0].key


def annex2_contacts(place: Place, grid: Grid, header: Annex2Header, start: int, stop: int) -> Contacts:
    """The contact list of one Annex 2: its captions stand from row `start` on, its rows end before row `stop`."""
    month = Month.of(place.source.received)
    around = captions(grid, start, header.row), titles(grid, start, header.row)
    unit, stated = unit_of(place, *around, month)
    people = tuple(_people(grid, header, stop))
    return Contacts(place.source, grid.sheet, unit, stated, people, place.units_in_name(month))


def _people(grid: Grid, header: Annex2Header, stop: int) -> list[Person]:
    """Everyone listed under a role; a role without anyone is listed with its blank cells."""
    people: list[Person] = []
    role = ""
    for r in range(header.row + 1, min(stop, len(grid.rows))):
        told, name = _role(grid, r)
        if not told and any(starts_with_label(t) for _, t in words(grid.rows[r])):
            continue
        role = told or role
        person = _person(grid, header, r, role, name)
        if told:
            people.append(person)
        elif role and _filled(person) == 0:
            continue
        elif role and people[-1].role == role and not _filled(people[-1]):
            people[-1] = person  # the person stands in the row below the role
        elif role and _filled(person) > 1:  # a second person of that role; a stray text alone is none
            people.append(person)
    return people


def _filled(person: Person) -> int:
    return sum(bool(text) for text in (person.name, person.post, person.phone))


def _role(grid: Grid, r: int) -> tuple[str, str | None]:
    """The role a row prints, and the name behind its colon (None: the name stands elsewhere)."""
    for _, text in words(grid.rows[r]):
        if m := _ROLE.match(squeeze(text)):
            return ROLE_WORDS[m["role"]], m["name"] or None
    return "", None


def _person(grid: Grid, header: Annex2Header, r: int, role: str, name: str | None) -> Person:
    row = grid.rows[r]
    found = {key: _text(row[c]) if c < len(row) else "" for key, c in header.columns.items()}
    if name is not None:
        found[_NAME] = name
    elif _ROLE.match(squeeze(found[_NAME])):
        found[_NAME] = ""
    # 张 三 is spaced to line up with three-character names.
    found[_NAME] = fold(found[_NAME])
    return Person(role, **found, cells={key: grid.address(r, c) for key, c in header.columns.items()})


def _text(value: object) -> str:
    return "" if isinstance(value, Unresolved) else plain(value).strip()

"""A grid's Annex 2 tables to contact lists."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.model import Contacts, Grid, Month, Person, Unresolved
from pipeline.read.returns.annex1 import MAX_UNKNOWN_ROWS
from pipeline.read.returns.caption_labels import starts_with_label
from pipeline.read.returns.captions import Above
from pipeline.read.returns.claims import TableContext
from pipeline.read.returns.header import Annex2Header
from pipeline.read.returns.unit_claims import decide_unit
from pipeline.read.text import fold, plain, squeeze
from schemas.contacts import CONTACT_COLUMNS, ROLE_WORDS

_ROLE = re.compile(rf"^(?P<role>{'|'.join(ROLE_WORDS)})(?:\((?P<inside>[^)]*)\))?(?::|$)(?P<name>.*)$")
_POST = re.compile("长|书记|主任|科员|干部|领导|骨干|联络|[^一-鿿·]|^.?$|.{5}")
"""What stands in brackets behind a role is the name, unless it is a post."""
_NAME = CONTACT_COLUMNS[0].key


def annex2_contacts(place: TableContext, grid: Grid, header: Annex2Header, above: Above, stop: int) -> list[Contacts]:
    """The contact lists of one Annex 2 below those lines; its rows end before row `stop`.

    A table with a column of units is one list for each unit in it.
    """
    month = Month.of(place.source.received)
    names = place.units_in_name(month)
    lists = []
    people_of = _people(grid, header, stop)
    unknown = [row for row in people_of if row[0] and not place.names.find(row[0])]
    for row in unknown[MAX_UNKNOWN_ROWS:]:
        people_of[f"另有{len(unknown) - MAX_UNKNOWN_ROWS}家", unknown[MAX_UNKNOWN_ROWS][1]] = people_of.pop(row)
    for row, people in people_of.items():
        unit = decide_unit(place, grid, above, month, row)
        lists.append(Contacts(place.source, grid.sheet, unit.unit, unit.stated, tuple(people), names))
    if len(lists) > 1:
        return [replace(one, units_in_name=()) for one in lists]
    return lists


def nobody(contacts: Contacts) -> bool:
    """Whether nobody was filled into the table."""
    return not any(map(_filled, contacts.people))


def _people(grid: Grid, header: Annex2Header, stop: int) -> dict[tuple[str, str], list[Person]]:
    """Everyone listed, by the unit in the row and its cell; a role without anyone is listed with its blank cells."""
    listed: dict[tuple[str, str], list[Person]] = {}
    role, unit = "", ("", "")
    for r in range(header.row + 1, min(stop, len(grid.rows))):
        stated_role, name = _role(grid, r)
        if not stated_role and any(starts_with_label(t) for _, t in grid.rows[r].words):
            continue
        role = stated_role or role
        # The unit's name is printed once, or merged, beside its two persons.
        named = _text(grid.rows[r][header.unit]) if header.unit is not None and header.unit < len(grid.rows[r]) else ""
        unit = (named, grid.address(r, header.unit or 0)) if named and named != unit[0] else unit
        _add(listed.setdefault(unit, []), _person(grid, header, r, role, name), stated_role)
    return {u: people for u, people in listed.items() if people} or {("", ""): []}


def _add(people: list[Person], person: Person, stated_role: str) -> None:
    """Adds the person of a row: to a role printed in the row, else to the role above."""
    if stated_role:
        people.append(person)
    elif person.role and people and people[-1].role == person.role and not _filled(people[-1]):
        if _filled(person):
            people[-1] = person  # the person stands in the row below the role
    elif person.role and _filled(person) > 1:  # a second person of that role; a stray text alone is none
        people.append(person)


def _filled(person: Person) -> int:
    return sum(bool(text) for text in (person.name, person.post, person.phone))


def _role(grid: Grid, r: int) -> tuple[str, str | None]:
    """The role a row prints, and the name behind its colon or a space (None: the name stands elsewhere)."""
    for _, text in grid.rows[r].words:
        first, *rest = text.split(maxsplit=1) or [""]
        spaced = f"{first}:{rest[0]}" if rest else ""
        if m := _ROLE.match(squeeze(text)) or _ROLE.match(squeeze(spaced)):
            inside = m["inside"] if m["inside"] and not _POST.search(m["inside"]) else None
            return ROLE_WORDS[m["role"]], m["name"] or inside
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

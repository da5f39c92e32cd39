"""The digest by which a workbook is known to be as it was written: of values, colours and comments, sheet by sheet.

What opening and saving in Excel, WPS or LibreOffice changes is left out: how numbers and formulas are spelled, default
colours, borders, widths, the order of lines. So what differs, somebody has typed, coloured or commented.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.number import rule_of
from pipeline.output_marker import LEDGER
from pipeline.sheets import (
    CALL_ANSWERS,
    CALLS,
    DISCREPANCIES,
    EXPLANATION,
    LINE_HEADINGS,
    LINES_KNOWN_BY,
    NOTE,
    NUMBER,
    RESULT,
    STATUS,
)

PROPERTY = "写出时内容"
"""The document properties that hold the digests."""

COMMENTS, DRAWINGS = "批注", "图形"
"""What belongs to the workbook as a whole."""

_CARRIED = {LEDGER: frozenset((STATUS, NOTE, EXPLANATION, RESULT))}
"""The columns of lines, by kind of workbook, whose words are carried into the next one."""

_TITLE = re.compile(r"[0-9]{4}年[0-9]{1,2}月报表差异清单")
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
_FORMULA_SPELLING = re.compile(r"[\s'$]|_xlfn\.|_xlws\.|(?<=TRUE)\(\)|(?<=FALSE)\(\)", re.I)
_TOKEN = re.compile(rb"\b([0-9a-f]{8}):([0-9a-f]{16})\b")
_TOGETHER = 9
"""Digests in one property: Excel takes 255 characters."""


class Written(NamedTuple):
    """A cell in which something stands, or that has a colour: its place from 0, value and look."""

    row: int
    column: int
    value: str
    look: str


def value_of(value: object) -> str:
    """A value as it is compared."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value) if isinstance(value, bool) else f"{value:.12g}"
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    text = str(value)
    if text.startswith("="):
        return _FORMULA_SPELLING.sub("", text).upper()
    return " ".join((_ESCAPED.sub(" ", text) if "_x" in text else text).split())


def look_of(fill: str, colour: str, *, struck: bool = False) -> str:
    """A look as it is compared, from the colours as RRGGBB; white paper and black letters are none."""
    fill, colour = fill.upper().lstrip("#")[-6:], colour.upper().lstrip("#")[-6:]
    parts = ("" if fill == "FFFFFF" else fill, "" if colour == "000000" else colour, "-" if struck else "")
    return "/".join(parts) if any(parts) else ""


def of_sheet(kind: str, name: str, cells: Iterable[tuple[int, int, str, str]]) -> str:
    """The digest of a sheet of that kind of workbook, of its cells as of `Written`; '' where nothing stands on it."""
    if name.startswith(DISCREPANCIES):
        cells = written = _filled(cells)
        if heads := _headings(written):
            return of_texts(sorted(_lines(written, *heads, _CARRIED.get(kind, frozenset()))))
    if (kind, name) == (LEDGER, CALLS):
        cells = _without_notes(_filled(cells))
    return of_texts(f"{row} {column} {value} {look}" for row, column, value, look in cells if value or look)


def _filled(cells: Iterable[tuple[int, int, str, str]]) -> list[Written]:
    return [Written(row, column, value, look) for row, column, value, look in cells if value or look]


def _without_notes(cells: Sequence[Written]) -> list[Written]:
    """The cells of 催报电话单 but for what staff noted of calls to units, which is carried."""
    head = next((c for c in cells if c.value == "单位"), Written(0, 0, "", ""))
    columns = {c.column for c in cells if c.row == head.row and c.value in CALL_ANSWERS}
    of_units = {c.row for c in cells if c.row > head.row and c.column == head.column}
    return [c for c in cells if not (c.row in of_units and c.column in columns and not c.look)]


def of_texts(texts: Iterable[str]) -> str:
    """The digest of texts in their order, '' where there are none."""
    joined = "\x1e".join(texts)
    return hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()[:16] if joined else ""


def _headings(cells: Sequence[Written]) -> tuple[int, dict[int, str]] | None:
    """The row of the headings of lines, and the headings by column; None where there are none."""
    rows: dict[int, dict[int, str]] = {}
    for c in cells:
        rows.setdefault(c.row, {})[c.column] = c.value
    found = ((row, heads) for row, heads in sorted(rows.items()) if set(heads.values()) >= LINES_KNOWN_BY)
    return next(found, None)


def _lines(cells: Sequence[Written], header: int, heads: Mapping[int, str], carried: frozenset[str]) -> Iterable[str]:
    """What is compared of lines, wherever they stand: the program's own words in them, and whatever is coloured.

    Rows and columns of staff's own are carried, so only their colours count.
    """
    compared = {column: head for column, head in heads.items() if head in LINE_HEADINGS and head not in carried}
    number_column = next(column for column, head in heads.items() if head == NUMBER)
    numbers: dict[int, str] = {}
    for c in cells:
        if c.row > header and c.column == number_column and rule_of(c.value) and c.value not in numbers.values():
            numbers[c.row] = c.value
    for c in cells:
        if c.row < header:
            if not _TITLE.match(c.value):
                yield f"{c.value} {c.look}"
        elif c.row > header and (c.look or (c.row in numbers and c.column in compared)):
            value = c.value if c.row in numbers and c.column in compared else ""
            yield f"{numbers.get(c.row, '')} {heads.get(c.column, '')} {value} {c.look}"


# -- in the workbook's properties -------------------------------------------------------------------------------------


def properties(digests: Mapping[str, str]) -> dict[str, str]:
    """The document properties that hold the digests of sheets by name."""
    tokens = [f"{_name(sheet)}:{digest}" for sheet, digest in digests.items() if digest]
    groups = [tokens[i : i + _TOGETHER] for i in range(0, len(tokens), _TOGETHER)]
    return {f"{PROPERTY}{i}": " ".join(group) for i, group in enumerate(groups, 1)}


def differing(digests: Mapping[str, str], custom: bytes) -> list[str]:
    """The sheets on which something stands that did not when it was written, as the part with the properties tells."""
    written = {name.decode(): digest.decode() for name, digest in _TOKEN.findall(custom)}
    return [sheet for sheet, digest in digests.items() if digest and written.get(_name(sheet)) != digest]


def _name(sheet: str) -> str:
    """What stands for a sheet's name: it may hold anything."""
    return hashlib.sha256(sheet.encode("utf-8", "replace")).hexdigest()[:8]

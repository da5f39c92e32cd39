"""Which rows under an Annex 1 header are returns: examples, totals, notes and blank rows told from data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise

from pipeline.model import Figure, Grid, Line, address, once
from pipeline.read.grids.layout import padded
from pipeline.read.returns.captions import starts_with_label
from pipeline.read.returns.header import Annex1Header
from pipeline.read.returns.values import figure_of
from pipeline.read.text import squeeze, unbracket
from schemas import COLUMN, COLUMNS, COUNTS
from schemas.contacts import is_phone
from schemas.vocabulary import BLANK, MISSING, UNREADABLE

_EXAMPLE = re.compile(r"^(?:填写|填报)?(?:例|示例|样例|范例|举例|样表)|^(?:某|XX|xx|××|\*\*|○○|〇〇)")
_TOTAL = re.compile(r"(?:合计|总计|小计|共计|汇总|总数)$")
_MEASURES = {f"{a}{c.measure}{b}" for c in COLUMNS if c.measure for a in ("", "(") for b in ("", ")")}
_EXAMPLE_MARK = re.compile(r"(?:填写|填报)?(?:例|示例|样例|范例|举例)行?")
_PHONES_IN_A_NOTE = 2
_LONGEST_COUNT = 6
"""No count of a unit has more digits; a lone number that has, and is a phone, belongs to a footer."""
_NUMBER = re.compile(r"\(?[0-9]{1,2}\)?")
_NUMBERING = 15
"""A run of so many consecutive numbers is the form's row of column numbers."""


@dataclass(frozen=True)
class Row:
    """A row of figures; `name` is what stands beside them (a unit, a village, 合计)."""

    number: int
    figures: dict[str, Figure]
    name: str = ""
    name_cell: str = ""

    @property
    def blank(self) -> bool:
        """Whether no figure is filled in."""
        return all(f.state in (BLANK, MISSING) for f in self.figures.values())


@dataclass(frozen=True)
class Rows:
    """The rows under a header: data, 合计 rows, and rows that hold one stray text only.

    `first` is where the data begin: the row under the header, its measures and its column numbers.
    """

    first: int
    data: list[Row] = field(default_factory=list)
    totals: list[Row] = field(default_factory=list)
    stray: list[Row] = field(default_factory=list)


def rows_under(grid: Grid, header: Annex1Header, stop: int) -> Rows:
    """The rows between the header and row `stop`, sorted by what they are."""
    found = Rows(header.bottom + 1)
    found_as: dict[_Sort, list[Row]] = {_Sort.DATA: found.data, _Sort.TOTAL: found.totals, _Sort.STRAY: found.stray}
    for r in range(header.bottom + 1, min(stop, len(grid.rows))):
        line = grid.rows[r]
        if line.count(None) == len(line):
            continue
        sort, row = _sorted(line, header, r, grid.top, grid.left)
        if sort is _Sort.NUMBERING:
            found = replace(found, first=r + 1) if r == found.first else found
        elif sort is not _Sort.AROUND:
            found_as[sort].append(row)
    return found


class _Sort(Enum):
    """What a row is; around the data stand examples, notes and what is blank."""

    NUMBERING = auto()
    AROUND = auto()
    TOTAL = auto()
    DATA = auto()
    STRAY = auto()


@once
def _sorted(line: Line, header: Annex1Header, r: int, top: int, left: int) -> tuple[_Sort, Row]:
    """What the line is, and its row, numbered `r` in a grid that begins at `top` and `left` of its sheet."""
    row = _row(line, header, r, top, left)
    if _is_numbering(line, row, header):
        return _Sort.NUMBERING, row
    if row.blank:
        return _Sort.AROUND, row
    told = {_told_by(t) for c, t in line.texts if c == header.first or header.is_beside(c)}
    marked = any(c in header.remarks and _EXAMPLE_MARK.fullmatch(unbracket(squeeze(t))) for c, t in line.texts)
    if _Sort.AROUND in told or marked or _is_note(line, header, row):
        return _Sort.AROUND, row
    if _Sort.TOTAL in told:
        return _Sort.TOTAL, row
    return _Sort.DATA if _is_data(row) else _Sort.STRAY, row


@lru_cache(maxsize=2**12)
def _told_by(text: str) -> _Sort | None:
    """What a text says of its row when it stands outside the figures, or in the first."""
    text = unbracket(squeeze(text))
    return _Sort.AROUND if _EXAMPLE.search(text) else _Sort.TOTAL if _TOTAL.search(text) else None


def row_at(grid: Grid, header: Annex1Header, number: int) -> Row:
    """The row with that number, blank where the sheet ends before it."""
    line = grid.rows[number] if number < len(grid.rows) else Line()
    return _row(line, header, number, grid.top, grid.left)


def _row(line: Line, header: Annex1Header, r: int, top: int, left: int) -> Row:
    if len(line) <= header.last:
        line = padded(line, header.last + 1)  # blank where the sheet ends in it
    figures = {key: figure_of(kind, line[c], cell) for key, kind, c, cell in header.fields(r + top, left)}
    if len(figures) < len(COLUMN):
        figures |= {key: Figure(None, MISSING, "", "") for key in COLUMN if key not in figures}
    for c in header.names:
        if isinstance(name := line[c] if c < len(line) else None, str):
            return Row(r, figures, name.strip(), address(r + top, c + left))
    return Row(r, figures)


def _is_note(line: Line, header: Annex1Header, row: Row) -> bool:
    """Whether the row is a line around the table (填表人：… 联系电话：…); a row of figures is none, whatever it says."""
    filled = [f for f in row.figures.values() if f.value is not None]
    if (
        filled
        and len(filled) <= _PHONES_IN_A_NOTE
        and all(is_phone(f.filed) and len(f.filed) > _LONGEST_COUNT for f in filled)
    ):
        return True
    if len(filled) >= len(header.columns) / 2:
        return False
    return any(c not in header.remarks and starts_with_label(t) for c, t in line.texts)


def _is_numbering(line: Line, row: Row, header: Annex1Header) -> bool:
    """Whether the row repeats the measures, (次) (个) …, or numbers the columns, 1 2 3 …."""
    if len(set(line)) < _NUMBERING and not any(squeeze(t) in _MEASURES for _, t in line.texts):
        return False  # seen at once
    filled = [t for key in header.columns if (t := squeeze(row.figures[key].filed))]
    if not _MEASURES.isdisjoint(filled) and all(t in _MEASURES or t in "-—/" for t in filled):
        return True
    if len(set(filled)) < _NUMBERING:
        return False
    numbers = [int(t.strip("()")) for t in filled if _NUMBER.fullmatch(t)]
    return len(numbers) >= _NUMBERING and all(b - a == 1 for a, b in pairwise(numbers))


def _is_data(row: Row) -> bool:
    filled = [f for f in row.figures.values() if f.state not in (BLANK, MISSING)]
    return len(filled) > 1 or any(f.state != UNREADABLE for f in filled)


def sums_up(total: Row, parts: list[Row]) -> bool:
    """Whether the 合计 row equals the sum of the other rows in every count that it gives as a number."""
    for key in COUNTS:
        if total.figures[key].state == UNREADABLE:
            continue
        filed = [p.figures[key] for p in parts]
        if any(f.state == UNREADABLE for f in filed):
            return False
        if (total.figures[key].value or 0) != sum(f.value or 0 for f in filed):
            return False
    return True

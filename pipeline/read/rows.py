"""Which rows under an Annex 1 header are returns: examples, totals, notes and blank rows told from data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.model import Figure, Grid
from pipeline.read.captions import starts_with_label
from pipeline.read.header import REMARK_COLUMNS, UNIT_COLUMNS, Annex1Header
from pipeline.read.text import plain, squeeze, unbracket
from pipeline.read.values import figure_of
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
    for r in range(header.bottom + 1, min(stop, len(grid.rows))):
        if grid.rows[r].count(None) == len(grid.rows[r]):
            continue
        row = _row(grid, header, r)
        if _is_numbering(row, header):
            found = Rows(r + 1, found.data, found.totals, found.stray) if r == found.first else found
        elif _is_example(grid, header, r) or _is_note(grid, header, row) or row.blank:
            continue
        elif any(_TOTAL.search(w) for w, _ in _words_beside(grid, header, r)):
            found.totals.append(row)
        elif _is_data(row):
            found.data.append(row)
        else:
            found.stray.append(row)
    return found


def row_at(grid: Grid, header: Annex1Header, number: int) -> Row:
    """The row with that number, blank where the sheet ends before it."""
    return _row(grid, header, number)


def _row(grid: Grid, header: Annex1Header, r: int) -> Row:
    cells = grid.rows[r] if r < len(grid.rows) else []
    # Blank where the sheet ends before the row or in it.
    cells = [*cells, *[None] * (header.last + 1 - len(cells))]
    fields = header.fields(r + grid.top, grid.left)
    figures = {key: figure_of(kind, cells[c], address) for key, kind, c, address in fields}
    if len(figures) < len(COLUMN):
        figures |= {key: Figure(None, MISSING, "", "") for key in COLUMN if key not in figures}
    return Row(r, figures, *_name(grid, header, r))


def _words_beside(grid: Grid, header: Annex1Header, r: int) -> list[tuple[str, str]]:
    """The texts that can say what a row is, with their cells: those outside the figures, and the first figure's."""
    return [
        (unbracket(squeeze(plain(v))), grid.address(r, c))
        for c, v in enumerate(grid.rows[r])
        if isinstance(v, str)
        and (c == header.first or (c not in header.figures and header.others.get(c, "") not in ("备注", "说明")))
    ]


def _name(grid: Grid, header: Annex1Header, r: int) -> tuple[str, str]:
    """The name of the row: from the unit column, else the last text before the figures."""
    if r >= len(grid.rows):
        return "", ""
    columns = [c for c, label in header.others.items() if UNIT_COLUMNS.fullmatch(label)]
    columns += [
        c
        for c in range(header.first - 1, -1, -1)
        if not REMARK_COLUMNS.fullmatch(header.others.get(c, "")) and c not in columns
    ]
    for c in columns:
        value = grid.rows[r][c] if c < len(grid.rows[r]) else None
        if isinstance(value, str):
            return value.strip(), grid.address(r, c)
    return "", ""


def _is_example(grid: Grid, header: Annex1Header, r: int) -> bool:
    if any(_EXAMPLE.search(w) for w, _ in _words_beside(grid, header, r)):
        return True
    remarks = [grid.rows[r][c] for c, label in header.others.items() if REMARK_COLUMNS.fullmatch(label)]
    return any(isinstance(v, str) and _EXAMPLE_MARK.fullmatch(unbracket(squeeze(v))) for v in remarks)


def _is_note(grid: Grid, header: Annex1Header, row: Row) -> bool:
    """Whether the row is a line around the table (填表人：… 联系电话：…); a row of figures is none, whatever it says."""
    filled = [f for f in row.figures.values() if f.value is not None]
    if (
        filled
        and len(filled) <= _PHONES_IN_A_NOTE
        and all(is_phone(f.filed) and len(f.filed) > _LONGEST_COUNT for f in filled)
    ):
        return True
    labelled = any(
        isinstance(v, str) and not REMARK_COLUMNS.fullmatch(header.others.get(c, "")) and starts_with_label(v)
        for c, v in enumerate(grid.rows[row.number])
    )
    return labelled and len(filled) < len(header.columns) / 2


def _is_numbering(row: Row, header: Annex1Header) -> bool:
    """Whether the row repeats the measures, (次) (个) …, or numbers the columns, 1 2 3 …."""
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

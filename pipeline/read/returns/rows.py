"""What the rows under an Annex 1 header are: every row gets its role from its own label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from pipeline.model import Figure, Grid, GridRow, Unresolved, address, cached_on_row
from pipeline.model.frozen import frozen
from pipeline.read.grids.layout import padded
from pipeline.read.grids.sight import STRUCK
from pipeline.read.returns.caption_labels import starts_with_label
from pipeline.read.returns.fields import Fields
from pipeline.read.returns.months import ThisMonth
from pipeline.read.returns.numbering import is_numbering
from pipeline.read.returns.roles import IN_DATA, Role, is_example, is_somebody, role_of
from pipeline.read.returns.spans import Time
from pipeline.read.returns.values import figure_of
from schemas.columns import BLANK, MISSING, OK, UNREADABLE
from schemas.contacts import is_phone

_PHONES_IN_A_NOTE = 2
_MIN_NOTE_CHARS = 4
_MAX_COUNT_DIGITS = 6
"""No count of a unit has more digits; a lone number that has, and is a phone, belongs to a footer."""


@frozen
class Row:
    """A row of figures. `name` is who or what it names and where; `time` what its label says of time, and where.

    `below`: the unit's cell is blank, and what it is stands behind that: a part of the unit above it. `of_kind`: its label
    tells of what kind its figures are. `beyond`: the number behind the last column that has a heading, and where.
    """

    number: int
    figures: dict[str, Figure]
    role: Role = Role.UNNAMED
    name: str = ""
    name_cell: str = ""
    time: Time | ThisMonth | None = None
    time_text: str = ""
    time_cell: str = ""
    below: bool = False
    of_kind: bool = False
    beyond: tuple[str, str] = ("", "")

    @property
    def blank(self) -> bool:
        """Whether no figure is filled in."""
        return all(f.state in (BLANK, MISSING) for f in self.figures.values())

    @property
    def figures_are_struck(self) -> bool:
        """Whether every figure that is filled in was struck out."""
        filled = [f for f in self.figures.values() if f.state not in (BLANK, MISSING)]
        return bool(filled) and all(f.state == UNREADABLE and STRUCK in f.filed for f in filled)

    @property
    def content(self) -> tuple[object, ...]:
        """What stands in it: two rows of one content say the same."""
        return self.name, self.time_text, tuple((f.filed, f.state) for f in self.figures.values())


@frozen
class Rows:
    """The rows under a header that hold data, and those of units whose row was left blank.

    `first` is where the data begin: behind the header, its measures, column numbers and examples.
    """

    first: int
    data: tuple[Row, ...] = ()
    left_blank: tuple[Row, ...] = field(default=())


def rows_under(grid: Grid, fields: Fields, stop: int, again: frozenset[int] = frozenset()) -> Rows:
    """The rows between the header and row `stop`; in the rows `again` the header is printed again."""
    repeats = min(again, default=stop)
    first = fields.header.bottom + 1
    data: list[Row] = []
    blank: list[Row] = []
    before: set[tuple[object, ...]] = set()
    noted = False
    for r in range(first, min(stop, len(grid.rows))):
        cells = grid.rows[r]
        if r in again or cells.count(None) == len(cells):
            continue
        row, passed = sorted_row(cells, fields, r, grid.top, grid.left)
        noted = noted or (bool(data) and row.role is Role.AROUND and _is_note(cells, fields, row))
        if passed and not data:
            first = r + 1
        elif noted and _goes_on_noting(row, fields):
            continue
        elif row.role in IN_DATA:
            if r < repeats or row.content not in before:  # else the table was printed twice
                data.append(row)
        elif row.blank and row.name:
            blank.append(row)
        if again and r < repeats:
            before.add(row.content)
    return Rows(first, tuple(_standing(data)), tuple(blank))


def _standing(rows: list[Row]) -> list[Row]:
    """The rows without those that were struck out as a whole, where another says the same thing's figures."""
    if len(rows) < 2:
        return rows
    struck = [row.figures_are_struck for row in rows]
    again = {row.name for row, gone in zip(rows, struck, strict=True) if not gone}
    return [row for row, gone in zip(rows, struck, strict=True) if not (gone and row.name in again)]


def row_at(grid: Grid, fields: Fields, number: int) -> Row:
    """The row with that number, blank where the sheet ends before it."""
    cells = grid.rows[number] if number < len(grid.rows) else GridRow()
    return _row(cells, fields, number, grid.top, grid.left)


@cached_on_row
def sorted_row(cells: GridRow, fields: Fields, r: int, top: int, left: int) -> tuple[Row, bool]:
    """The cells of a row with its role, and whether the data begin behind it."""
    row = _row(cells, fields, r, top, left)
    if is_numbering(row.figures, fields):
        return _as(row, Role.NUMBERING), True
    example = any(map(is_example, _labels(cells, fields)))
    if row.blank or example or _is_note(cells, fields, row):
        return _as(row, Role.AROUND), example
    if not _is_data(row):
        return _as(row, Role.AROUND), False
    return row, False


def _goes_on_noting(row: Row, fields: Fields) -> bool:
    """Whether a row below a note is one as well, its number in a cell of its own: 2 | 按月报送."""
    filled = [f for f in row.figures.values() if f.state not in (BLANK, MISSING)]
    says = any(f.state == UNREADABLE and len(f.filed) >= _MIN_NOTE_CHARS for f in filled)
    return row.role is Role.UNNAMED and says and len(filled) < len(fields.columns) / 2


def _as(row: Row, role: Role) -> Row:
    return Row(row.number, row.figures, role, row.name, row.name_cell)


def _labels(cells: GridRow, fields: Fields) -> list[str]:
    """The texts that can say what a row is; where nothing stands left of the figures, the first of them too."""
    columns = [*fields.naming, *([fields.first] if not isinstance(_cell(cells, fields.first), int | float) else [])]
    return [v for c in columns if isinstance(v := _cell(cells, c), str) and not isinstance(v, Unresolved)]


def _cell(cells: GridRow, c: int) -> object:
    return cells[c] if c < len(cells) else None


def _row(cells: GridRow, fields: Fields, r: int, top: int, left: int) -> Row:
    if len(cells) <= fields.last:
        cells = padded(cells, fields.last + 1)  # blank where the sheet ends in it
    filed = {
        key: figure_of(kind, cells[c], cell, measure) for key, kind, c, cell, measure in fields.cells(r + top, left)
    }
    figures = filed
    if len(filed) < len(fields.form.keys):
        missing = Figure(None, MISSING, "", "")
        figures = {key: filed.get(key, missing) for key in fields.form.keys}
    role, name = Role.UNNAMED, ("", "")
    time: tuple[Time | ThisMonth | None, str, str] = (None, "", "")
    labelled: list[int] = []
    of_kind = False
    for c in (*fields.naming, fields.first):
        value, at = _cell(cells, c), address(r + top, c + left)
        figure, counts = c == fields.first, c in fields.numbering
        label = role_of(value, number_is_month=c in fields.times, no_name=figure or counts, figure=figure)
        if label is None:
            continue
        labelled.append(c)
        if label.name and not name[0]:
            name = label.name, at
            of_kind = c in fields.kinds and not is_somebody(label.name)
        if label.role is not Role.NAMED and role in (Role.UNNAMED, Role.TOTAL, Role.SUBTOTAL):
            role, time = label.role, ((label.time, str(value).strip(), at) if label.time else time)
    if role is Role.UNNAMED and name[0]:
        role = Role.NAMED
    below = bool(fields.units and labelled) and min(labelled) > max(fields.units)
    return Row(
        r, figures, role, *name, time[0], time[1], time[2], below, of_kind, _beyond(cells, fields, r + top, left)
    )


def _beyond(cells: GridRow, fields: Fields, row: int, left: int) -> tuple[str, str]:
    """The number in the column behind the last heading, and its address; blank where none stands there."""
    c = fields.end
    if not fields.header.is_alone or c >= len(cells) or cells[c] is None:
        return "", ""
    figure = figure_of("count", cells[c], address(row, c + left))
    return (figure.filed, figure.cell) if figure.state == OK and len(figure.filed) <= _MAX_COUNT_DIGITS else ("", "")


def overruns(row: Row, rows: Sequence[Row]) -> bool:
    """Whether a row has more figures than its table has columns: they may have moved over.

    A number behind every row, or one that is the sum of its row, is somebody's own reckoning beside the table.
    """
    counts = [f.value for f in row.figures.values() if isinstance(f.value, int) and not isinstance(f.value, bool)]
    beside_all = len(rows) > 1 and all(r.beyond[0] for r in rows)
    return bool(row.beyond[0]) and not beside_all and float(row.beyond[0]) != sum(counts)


def _is_note(cells: GridRow, fields: Fields, row: Row) -> bool:
    """Whether the row is a caption around the table (填表人：… 联系电话：…); a row of figures is none, whatever it says."""
    filled = [f for f in row.figures.values() if f.value is not None]
    if (
        filled
        and len(filled) <= _PHONES_IN_A_NOTE
        and all(is_phone(f.filed) and len(f.filed) > _MAX_COUNT_DIGITS for f in filled)
    ):
        return True
    if len(filled) >= len(fields.columns) / 2:
        return False
    return any(starts_with_label(t) for c, t in cells.texts if c in fields.figures or c in fields.naming)


def _is_data(row: Row) -> bool:
    filled = [f for f in row.figures.values() if f.state not in (BLANK, MISSING)]
    return len(filled) > 1 or any(f.state != UNREADABLE for f in filled)


def sums_up(total: Row, parts: list[Row]) -> bool:
    """Whether the 合计 row equals the sum of the other rows in every count that it gives as a number."""
    for key, figure in total.figures.items():
        if isinstance(figure.value, bool) or figure.state == UNREADABLE:
            continue
        filed = [p.figures[key] for p in parts]
        if any(isinstance(f.value, bool) for f in filed):
            continue
        if any(f.state == UNREADABLE for f in filed):
            return False
        if (figure.value or 0) != sum(f.value or 0 for f in filed):
            return False
    return True

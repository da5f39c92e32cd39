"""Spreadsheet bytes to grids: with python-calamine, and with a second reader where that refuses a good file."""

from __future__ import annotations

import gc
import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pipeline.model import Grid, Line, Unresolved
from pipeline.read.grids.layout import MAX_AREA, MAX_COLUMNS, MAX_MERGES, MAX_ROWS, Book, Shelf, TooLargeError, padded
from pipeline.read.grids.package import bearable, is_small
from pipeline.read.grids.unresolved import Cells, Looks, Merge, xlrd_value
from pipeline.read.grids.xmlbook import read_flat_opendocument, read_opendocument, read_spreadsheetml


class BlankError(Exception):
    """A reader found nothing on any visible sheet."""


class DoubledNameError(Exception):
    """Two sheets share a name, by which calamine looks them up."""


@dataclass(frozen=True)
class Unread:
    """A spreadsheet before it is read; a large one has not been looked at either."""

    data: bytes
    kind: str
    looks: Looks | None


def unread_book(data: bytes, kind: str) -> Unread:
    """A spreadsheet of that kind."""
    with suppress(Exception):  # what is wrong with it its readers will say
        if kind == "xlsx" and is_small(data):
            return Unread(data, kind, Looks(data, kind))
    return Unread(data, kind, None)


def read_book(book: Unread) -> Book:
    """The book's visible sheets; whatever the last reader raises where none can read it, TooLargeError among others."""
    if book.looks:
        return _read(book.data, book.kind, book.looks)
    data, cut = bearable(book.data) if book.kind == "xlsx" else (book.data, False)
    read = _read(data, book.kind, Looks(data, book.kind))
    return replace(read, notes=(*read.notes, "工作表过大，只读了前面的部分")) if cut else read


def _read(data: bytes, kind: str, looks: Looks) -> Book:
    try:
        book = _FIRST[kind](data, looks) if kind in _FIRST else _calamine_book(data, looks, kind)
        # calamine passes over a sheet in UTF-16 as if it were blank.
        return book if book.grids or kind not in _SECOND else _second_book(data, kind, looks, BlankError())
    except BlankError:
        return book
    except (KeyboardInterrupt, SystemExit, MemoryError, RecursionError):
        raise
    except BaseException as refused:  # noqa: BLE001  calamine's panics are no Exceptions
        return _second_book(data, kind, looks, refused)


def _second_book(data: bytes, kind: str, looks: Looks, refused: BaseException) -> Book:
    """The book as its second reader sees it; where that refuses it too, what the first one said is what counts."""
    if kind not in _SECOND or (kind == "ods" and isinstance(refused, TooLargeError)):
        raise refused
    try:
        return _SECOND[kind](data, looks)
    except Exception:  # noqa: BLE001  openpyxl's and xlrd's exceptions are open-ended
        if isinstance(refused, DoubledNameError):
            return _calamine_book(data, looks, kind, doubled=True)
        raise refused from None
    finally:
        gc.collect(1)  # openpyxl's books are cycles that hold all their texts


# -- calamine ---------------------------------------------------------------------------------------------------------


def _calamine_book(data: bytes, looks: Looks, kind: str, *, doubled: bool = False) -> Book:
    if kind == "xls" and looks.area(0) > MAX_AREA:
        raise TooLargeError  # all sheets of an .xls are laid out at once
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    if len(set(book.sheet_names)) < len(book.sheet_names) and not doubled:
        raise DoubledNameError
    shelf = Shelf()
    sheets = [(i, about) for i, about in enumerate(book.sheets_metadata) if about.typ is SheetTypeEnum.WorkSheet]
    if not sheets:
        raise ValueError("no worksheet")
    seen: set[str] = set()
    for i, about in sheets:
        if about.visible is not SheetVisibleEnum.Visible:
            shelf.hidden(about.name)
        elif about.name in seen:
            shelf.note(f"同名工作表“{about.name}”只读了第一个")
        elif shelf.full:
            shelf.note("其余工作表未读")
            break
        elif grid := _grid_or_note(book, looks, i, shelf, kind):
            shelf.put(grid)
        seen.add(about.name)
    return shelf.book()


def _grid_or_note(book: CalamineWorkbook, looks: Looks, number: int, shelf: Shelf, kind: str) -> Grid | None:
    """The sheet; one that cannot be read costs no other where there is no second reader to try."""
    try:
        return _grid(book, looks, number, shelf, kind)
    except Exception:
        if kind in _SECOND or len(book.sheet_names) == 1:
            raise
        shelf.note(f"工作表“{book.sheet_names[number]}”读不出来")
        return None


def _grid(book: CalamineWorkbook, looks: Looks, number: int, shelf: Shelf, kind: str) -> Grid | None:
    """The sheet with that number, None where it is blank."""
    if kind == "xlsx" and looks.area(number) > MAX_AREA:
        raise TooLargeError
    sheet = book.get_sheet_by_index(number)
    if sheet.start is None:
        return None
    if sheet.height * sheet.width > MAX_AREA:
        raise TooLargeError
    top, left = sheet.start
    rows = shelf.rows(sheet.to_python(skip_empty_area=True, nrows=MAX_ROWS))
    if told := looks.unresolved(number):
        _put(rows, told, top, left)
    ranges = sheet.merged_cell_ranges or (looks.merged(number) if kind == "xlsb" else [])
    _clear_covered(rows, ranges[:MAX_MERGES], top, left)
    return Grid(sheet.name, rows, top, left)


def _put(rows: list[Line], cells: Cells, top: int = 0, left: int = 0, *, over: bool = False) -> None:
    """Puts what cells tell into those that are blank, or `over` what stands there.

    A reader's rectangle ends where the last value does, so it may grow.
    """
    for r, told in _by_row(cells, top, left).items():
        rows.extend(Line() for _ in range(r + 1 - len(rows)))
        row = [*rows[r], *[None] * (max(told) + 1 - len(rows[r]))]
        rows[r] = Line([told.get(c, v) if over or v is None else v for c, v in enumerate(row)])
    width = max(map(len, rows), default=0)
    rows[:] = [line if len(line) == width else padded(line, width) for line in rows]


def _by_row(cells: Cells, top: int, left: int) -> dict[int, dict[int, Unresolved]]:
    found: dict[int, dict[int, Unresolved]] = defaultdict(dict)
    for (r, c), told in cells.items():
        if top <= r < top + MAX_ROWS and left <= c < left + MAX_COLUMNS:
            found[r - top][c - left] = told
    return found


def _clear_covered(rows: list[Line], ranges: list[Merge], top: int, left: int) -> None:
    """Blanks what lies under a merge: staff do not see it, so it was not filed."""
    for (r1, c1), (r2, c2) in ranges:
        behind = max(c2 - left + 1, 0)
        for r in range(max(r1 - top, 0), min(r2 - top + 1, len(rows))):
            first = max(c1 - left + (r + top == r1), 0)
            covered = rows[r][first:behind]
            if covered.count(None) < len(covered):
                rows[r] = Line((*rows[r][:first], *[None] * len(covered), *rows[r][behind:]))


# -- other readers ----------------------------------------------------------------------------------------------------


def _openpyxl_book(data: bytes, looks: Looks) -> Book:
    """With openpyxl, for macro sheets, missing relationships and UTF-16 parts; read-only, for the rest hangs."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    shelf = Shelf()
    for number, sheet in enumerate(book._sheets):  # type: ignore[attr-defined]
        if sheet.sheet_state != "visible":
            shelf.hidden(sheet.title)
        elif shelf.full:
            shelf.note("其余工作表未读")
            break
        elif hasattr(sheet, "iter_rows"):  # a sheet that is all chart has none
            sheet.reset_dimensions()
            rows = shelf.rows(sheet.iter_rows(values_only=True, max_row=MAX_ROWS))
            if told := looks.unresolved(number):
                _put(rows, told, over=True)  # openpyxl gives an error as text
            _clear_covered(rows, looks.merged(number), 0, 0)
            shelf.put(Grid(sheet.title, rows))
    if shelf.is_empty:
        raise ValueError("no worksheet")
    return shelf.book()


def _xlrd_book(data: bytes, _: Looks) -> Book:
    """With xlrd, for BIFF 2 to 4 and what calamine refuses."""
    import xlrd

    about = {"file_contents": data, "logfile": io.StringIO(), "on_demand": True, "ragged_rows": True}
    try:
        book = xlrd.open_workbook(**about, formatting_info=True)  # with it come the merges
    except Exception:  # noqa: BLE001  it stumbles over styles that do not matter here
        book = xlrd.open_workbook(**about)
    shelf = Shelf()
    for i in range(book.nsheets):
        if shelf.full:
            shelf.note("其余工作表未读")
            break
        sheet = book.sheet_by_index(i)
        if sheet.visibility:
            shelf.hidden(sheet.name)
        else:
            rows = shelf.rows(_xlrd_rows(book, sheet))
            ranges = [((r1, c1), (r2 - 1, c2 - 1)) for r1, r2, c1, c2 in sheet.merged_cells[:MAX_MERGES]]
            _clear_covered(rows, ranges, 0, 0)
            shelf.put(Grid(sheet.name, rows))
        book.unload_sheet(i)
    return shelf.book()


def _xlrd_rows(book: Any, sheet: Any) -> Iterator[Iterator[object]]:
    for r in range(min(sheet.nrows, MAX_ROWS)):
        yield (xlrd_value(book, cell) for cell in sheet.row(r))


_Reader = Callable[[bytes, Looks], Book]
_FIRST: dict[str, _Reader] = {
    "biff": _xlrd_book,
    "spreadsheetml": lambda data, _: read_spreadsheetml(data),
    "ods": lambda data, _: read_opendocument(data),
    "fods": lambda data, _: read_flat_opendocument(data),
}
_SECOND: dict[str, _Reader] = {
    "xlsx": _openpyxl_book,
    "xls": _xlrd_book,
    "ods": lambda data, looks: _calamine_book(data, looks, "ods"),
}

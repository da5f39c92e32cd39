"""Second looks at a book that calamine reads: what it gives as blank though it is not, and what it lays out too large.

A blank cell is asked about (CELL-1), an error must be corrected (CELL-2); so both are told apart here, in the file's
own XML or records, which no style or extension can keep from being read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from typing import Any
from xml.etree import ElementTree

from pipeline.model import Unresolved
from pipeline.read.grids import biff12
from pipeline.read.grids.biff import Extent, extent_of
from pipeline.read.grids.layout import MAX_CELLS, MAX_MERGES, MAX_ROWS, TooLargeError
from pipeline.read.grids.package import Package, possible_sheets

Merge = tuple[tuple[int, int], tuple[int, int]]
Cells = dict[tuple[int, int], Unresolved]
_SUSPECT = re.compile(rb"<(?:\w+:)?f[\s>/]|\bt=[\"']e[\"']")
_MAYBE_FORMULA = re.compile(rb"f[\s>/]")
_FAR_OFF = re.compile(rb"r=[\"'](?:[A-Za-z]{3}[0-9]|[A-Za-z]{1,2}[0-9]{4})")
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_FORMULA = "=公式"
_FILLED = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\br=[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"'][^<>]*(?<!/)>\s*<")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^<>]*?\bref=[\"']([A-Za-z]{1,3}[0-9]{1,7}):([A-Za-z]{1,3}[0-9]{1,7})[\"']"
)


class Looks:
    """The second looks at one book; a book too odd for them gives nothing."""

    def __init__(self, data: bytes, kind: str) -> None:
        self._data, self._kind = data, kind
        self._extent = Extent(0, errors=True)
        self._xlrd: Any = None
        try:
            if kind in ("xls", "biff"):
                self._extent = extent_of(data)
        except TooLargeError:
            raise
        except Exception:  # noqa: BLE001, S110  the readers will say what is wrong
            pass
        self._plain = self._is_plain()

    @cached_property
    def _package(self) -> Package | None:
        with suppress(Exception):
            return Package(self._data)
        return None

    def _is_plain(self) -> bool:
        """Whether no part of an .xlsx can hold anything to look for; then nobody needs to know which sheet is which."""
        with suppress(Exception):
            return self._kind == "xlsx" and not any(map(_remarkable, possible_sheets(self._data)))
        return False

    def area(self, sheet: int) -> int:
        """The cells of the rectangle that holds every cell with content; 0 where that cannot be told beforehand."""
        if self._plain:
            return 0
        if self._kind == "xls":
            return self._extent.area
        places = _FILLED.findall(self._part(sheet)) if self._kind == "xlsx" else []
        if not places:
            return 0
        columns = [_column(letters.decode()) for letters in {p[0] for p in places}]
        rows = [int(row) for row in {p[1] for p in places}]
        return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)

    def unresolved(self, sheet: int) -> Cells:
        """Errors and formulas without result of the sheet with that number, by (row, column) from 0."""
        if self._plain:
            return {}
        try:
            if self._kind == "xls":
                return dict(self._in_xls(sheet))
            part = self._part(sheet)
            if self._kind == "xlsb":
                # A formula without result cannot be told from one whose result is 0 or an empty text.
                return {at: Unresolved(told) for at, told in biff12.errors(part)}
            return dict(_in_xml(part)) if _SUSPECT.search(part) else {}
        except Exception:  # noqa: BLE001  calamine has read the file; what this look cannot read stays blank
            return {}

    def merged(self, sheet: int) -> list[Merge]:
        """The merged ranges of the sheet, of an .xlsx or .xlsb."""
        part = self._part(sheet)
        if self._kind == "xlsb":
            return list(biff12.merges(part))[:MAX_MERGES]
        if part.startswith((b"\xff\xfe", b"\xfe\xff")):
            part = part.decode("utf-16", "replace").encode()
        corners = ((_position(m[1].decode()), _position(m[2].decode())) for m in _MERGED.finditer(part))
        return [(first, last) for first, last in corners if first and last][:MAX_MERGES]

    def _part(self, sheet: int) -> bytes:
        with suppress(Exception):
            return self._package.sheet(sheet) if self._package else b""
        return b""

    def _in_xls(self, sheet: int) -> Iterator[tuple[tuple[int, int], Unresolved]]:
        import xlrd

        if not self._extent.errors:
            return
        self._xlrd = self._xlrd or xlrd.open_workbook(file_contents=self._data, logfile=io.StringIO(), on_demand=True)
        cells = self._xlrd.sheet_by_index(sheet)
        for r in range(min(cells.nrows, MAX_ROWS)):
            for c, kind in enumerate(cells.row_types(r)):
                if kind == xlrd.XL_CELL_ERROR:
                    yield (r, c), Unresolved(xlrd.error_text_from_code.get(cells.cell_value(r, c), "#VALUE!"))
        self._xlrd.unload_sheet(sheet)


def _remarkable(part: bytes) -> bool:
    """Whether a part may hold errors, formulas or cells far off; nearly none does, and it is quickly seen."""
    if b'"e"' in part or b"'e'" in part:
        return True
    return bool(_MAYBE_FORMULA.search(part) or _FAR_OFF.search(part))


def _in_xml(xml: bytes) -> Iterator[tuple[tuple[int, int], Unresolved]]:
    at, seen = (-1, -1), 0
    for event, e in ElementTree.iterparse(io.BytesIO(xml), ("start", "end")):
        name = e.tag.rpartition("}")[2]
        if event == "start" and name == "row":
            at = (int(e.get("r", at[0] + 2)) - 1, -1)
        elif event == "start" and name == "c":
            at = _position(e.get("r")) or (at[0], at[1] + 1)
        elif event == "end" and name == "c":
            seen += 1
            told = _told({c.tag.rpartition("}")[2]: c.text or "" for c in e}, e.get("t"))
            if told:
                yield at, Unresolved(told)
        elif event == "end" and name == "row":
            e.clear()
        if at[0] > MAX_ROWS or seen > MAX_CELLS:
            return


def _told(parts: dict[str, str], kind: str | None) -> str:
    if kind == "e":
        return parts.get("v", "#VALUE!")
    if "f" in parts and not parts.get("v") and kind != "str":
        return f"={parts['f']}" if parts["f"] else _FORMULA
    return ""


def _position(reference: str | None) -> tuple[int, int] | None:
    m = _REFERENCE.fullmatch(reference or "")
    return (int(m[2]) - 1, _column(m[1])) if m else None


def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


def xlrd_value(book: Any, cell: Any) -> object:
    """A cell of xlrd as a grid holds it."""
    import xlrd

    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Unresolved(xlrd.error_text_from_code.get(cell.value, "#VALUE!"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):
            return cell.value
    return None if cell.value == "" else cell.value

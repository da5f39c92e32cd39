"""An .xls of any version to grids of what is seen, with xlrd."""

from __future__ import annotations

import io
from typing import Any

from pipeline.model import Unresolved
from pipeline.read.grids.biff import UNCALCULATED, Stream, stream_of
from pipeline.read.grids.codes import BUILT_IN, GENERAL
from pipeline.read.grids.formats import date_of
from pipeline.read.grids.layout import FORMATS_UNKNOWN, MAX_ROWS, Book, BookBuilder
from pipeline.read.grids.sheets import NO_HEIGHT, Sheet, put_sheets
from pipeline.read.grids.sight import PLAIN, Font, Look, Runs, seen_number, seen_text
from pipeline.read.grids.workbook import FORMULA

_TWIPS = 20
"""Twips, the unit of row heights, to a point."""

_NARROW = 25
"""In 1/256 of a character, the unit of column widths: a narrower column is not seen."""

_SHIFTS = {1: 1, 2: -1}
_BYTES = "latin_1"
"""8-bit texts are taken byte for byte; which characters they are is decided by all of them together."""


def read_xls(data: bytes) -> Book:
    """The visible sheets."""
    stream = stream_of(data)
    builder = BookBuilder()
    try:
        reader = _Reader(stream, formats=True)
    except Exception:  # noqa: BLE001  xlrd stumbles over styles that matter to nobody
        reader = _Reader(stream, formats=False)
        builder.note(FORMATS_UNKNOWN)
    sheets, damaged = list[Sheet](), False
    names = [reader.text(name) for name in reader.book.sheet_names()]
    for number, name in enumerate(names):
        try:
            sheet = reader.sheet(number, name)
        except Exception:  # noqa: BLE001  xlrd's exceptions are open-ended
            builder.damaged(name)
            damaged = True
            continue
        if sheet is None:
            builder.hidden(name)
        else:
            sheets.append(sheet)
    if damaged and not sheets:
        raise ValueError("no worksheet that can be read")
    put_sheets(builder, sheets)
    return builder.book()


class _Reader:
    """xlrd's book, and how its cells look."""

    def __init__(self, stream: Stream, *, formats: bool) -> None:
        import xlrd

        self.book = xlrd.open_workbook(
            file_contents=bytes(stream.records),
            logfile=io.StringIO(),
            on_demand=True,
            ragged_rows=True,
            formatting_info=formats,
            encoding_override=None if stream.unicode else _BYTES,
        )
        self._stream, self._formats = stream, formats
        self._fonts: dict[int, Font] = {}
        self._looks: dict[int, Look] = {}

    def sheet(self, number: int, name: str) -> Sheet | None:
        """The sheet with that number, None where it is hidden."""
        given = self.book.sheet_by_index(number)
        if given.visibility:
            return None
        sheet = Sheet(name)
        for r in range(min(given.nrows, MAX_ROWS)):
            for c, kind in enumerate(given.row_types(r)):
                sheet.put(r, c, self._seen(given, r, c, kind))
        _hide(sheet, given)
        for r1, r2, c1, c2 in given.merged_cells:
            sheet.merge((r1, c1), (r2 - 1, c2 - 1))
        self.book.unload_sheet(number)
        return sheet

    def _seen(self, given: Any, r: int, c: int, kind: int) -> object:
        import xlrd

        value = given.cell_value(r, c)
        look = self._look(given.cell_xf_index(r, c)) if self._formats else Look()
        if kind == xlrd.XL_CELL_TEXT:
            return seen_text(self._runs(value, given.rich_text_runlist_map.get((r, c), []), look.font), look)
        if kind == xlrd.XL_CELL_ERROR:
            return Unresolved(FORMULA if value == UNCALCULATED else xlrd.error_text_from_code.get(value, "#VALUE!"))
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(value) if look.font.is_plain else seen_text([(str(bool(value)).upper(), look.font)], look)
        from_1904 = bool(self.book.datemode)
        if kind == xlrd.XL_CELL_DATE and not self._formats:
            return date_of(value, from_1904=from_1904) or value
        if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            return seen_number(value, look, from_1904=from_1904, zeros=bool(given.show_zero_values))
        return None

    def text(self, text: str, font: Font = PLAIN) -> str:
        """The text in its own characters; a single byte in a symbol font is a picture's number, and stays one."""
        if self._stream.unicode or (font.symbols and len(text) == 1):
            return text
        return text.encode(_BYTES, "replace").decode(self._stream.encoding, "replace")

    def _runs(self, text: str, starts: list[tuple[int, int]], font: Font) -> Runs:
        """The text in pieces; one begins where the font changes."""
        if not starts or not self._formats:
            return [(self.text(text, font), font)]
        edges = [(0, font), *((at, self._font(number)) for at, number in starts)]
        ends = [at for at, _ in edges[1:]] + [len(text)]
        return [(self.text(text[at:end], own), own) for (at, own), end in zip(edges, ends, strict=True)]

    def _look(self, number: int) -> Look:
        if number not in self._looks:
            known = 0 <= number < len(self.book.xf_list)
            self._looks[number] = self._look_of(self.book.xf_list[number]) if known else Look()
        return self._looks[number]

    def _look_of(self, xf: Any) -> Look:
        number_format = self.book.format_map.get(xf.format_key)
        code = self.text(number_format.format_str) if number_format is not None and number_format.format_str else ""
        return Look(self._font(xf.font_index), code or BUILT_IN.get(xf.format_key, GENERAL))

    def _font(self, number: int) -> Font:
        if number not in self._fonts:
            known = self.book.font_list[number] if 0 <= number < len(self.book.font_list) else None
            self._fonts[number] = (
                Font(bool(known.struck_out), _SHIFTS.get(known.escapement, 0), self.text(known.name))
                if known
                else PLAIN
            )
        return self._fonts[number]


def _hide(sheet: Sheet, given: Any) -> None:
    for r, row in given.rowinfo_map.items():
        flat = not row.has_default_height and row.height is not None and row.height < NO_HEIGHT * _TWIPS
        if row.hidden or flat:
            sheet.hide_rows(r, r)
    for c, column in given.colinfo_map.items():
        # A column without a stored width has the 0 of its class.
        if column.hidden or vars(column).get("width", _NARROW) < _NARROW:
            sheet.hide_columns(c, c)

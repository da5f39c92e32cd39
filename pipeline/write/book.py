"""A workbook in the making: named looks, safe text, print set-up, and bytes that are the same from run to run."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import CellFormulaTuple, CellStringTuple, Worksheet

from pipeline import output_marker
from pipeline.digest import look_of, of_sheet, properties, value_of
from pipeline.model import clean
from pipeline.phones import FULL, masked
from pipeline.write.cells import Sheet, fill_row
from pipeline.write.paper import DEFAULT_FONT, MARGINS, Widths
from pipeline.write.room import row_height
from pipeline.write.style import GRADE_COLOUR, LOOKS, MARKED, marked

_OPTIONS = {
    "in_memory": True,
    # What a unit typed is text, whatever it looks like.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_MAX_CELL_CHARS = 32_767
"""The characters that Excel holds in a cell; xlsxwriter would leave a longer text out."""

_MAX_LINKS = 65_530
"""The links that Excel takes on a sheet; cells beyond them are written without one."""

_DEFAULT_COLUMN = 72
"""Pixels: by these xlsxwriter knows that a digit of the default font has eight, and where a chart begins and ends."""

_CUT = "……（过长，余略）"


_UNIX, _ENTRY_HEAD = 3, 46


class EmptyText(str):
    """An empty text as a stored result; xlsxwriter leaves the result out where it equals ''."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def safe(text: str) -> str:
    """The text as a workbook can hold it, and no longer than a cell."""
    if not text.isprintable():
        text = clean(text)
    return text if len(text) <= _MAX_CELL_CHARS else text[: _MAX_CELL_CHARS - len(_CUT)] + _CUT


def with_unix_origin(packed: bytes) -> bytes:
    """The archive as it is packed on Unix: of the system it was packed on zipfile leaves a note at each member."""
    end, whole = packed.rindex(b"PK\x05\x06"), bytearray(packed)
    at = int.from_bytes(packed[end + 16 : end + 20], "little")
    while at < end:
        whole[at + 5] = _UNIX
        at += _ENTRY_HEAD + sum(int.from_bytes(packed[at + n : at + n + 2], "little") for n in (28, 30, 32))
    return bytes(whole)


class Book:
    """An xlsx file in memory. Cells are addressed by row and column from 0.

    `phones` says how its reader may see them: unless in full, whatever text is written has them masked, wherever it is from.
    """

    def __init__(self, kind: str, title: str, office: str, today: dt.date, phones: str = FULL) -> None:
        self._phones = phones
        self._bytes = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._bytes,
            _OPTIONS | {"default_format_properties": dict(DEFAULT_FONT), "default_column_width": _DEFAULT_COLUMN},
        )
        # A fixed moment, so that the same inbox gives the same bytes.
        created = dt.datetime.combine(today, dt.time())
        self._book.set_properties({"title": safe(title), "author": safe(office), "created": created})
        self._kind = kind
        self._book.set_custom_property(output_marker.NAME, kind, "text")
        self._looks: dict[tuple[str, str], Format] = {}
        self._digested: dict[Format | None, str] = {None: ""}
        self._texts: list[str] = []

    def look(self, name: str, grade: str = "") -> Format:
        """The named look, in the colour and with the mark of a grade."""
        if (name, grade) not in self._looks:
            colour = {"bg_color": GRADE_COLOUR[grade]} if grade else {}
            mark = {"num_format": marked(grade)} if grade and name in MARKED else {}
            look = LOOKS[name] | colour | mark
            self._looks[name, grade] = self._book.add_format(look)
            colours = (str(look.get(key, "")) for key in ("bg_color", "font_color"))
            self._digested[self._looks[name, grade]] = look_of(*colours)
        return self._looks[name, grade]

    def table(self, name: str, widths: Widths, *, repeat: tuple[int, int] | None = None, head: str = "") -> Worksheet:
        """A sheet with a form's columns; where they take several pages, each has those before them, and `head` on top."""
        sheet = self.sheet(name, widths.all, repeat=repeat)
        if widths.breaks:
            sheet.set_print_scale(widths.scale)
            sheet.set_v_pagebreaks(list(widths.breaks))
            if head:
                sheet.set_header(f"&L{safe(head).replace('&', '&&')}")
            if widths.before:
                sheet.repeat_columns(0, len(widths.before) - 1)
        return sheet

    def sheet(self, name: str, widths: Sequence[float], *, repeat: tuple[int, int] | None = None) -> Worksheet:
        """A sheet that prints on A4 landscape, one page wide, with its header rows repeated and pages numbered."""
        sheet = self._book.add_worksheet(name, Sheet)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(**MARGINS)
        sheet.set_footer("&C&12第 &P 页，共 &N 页", {"margin": 0.25})
        if repeat:
            sheet.repeat_rows(*repeat)
        return sheet

    def name(self, name: str, sheet: Worksheet, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Gives a range of a sheet, by its first and last cell, a name: so it can be gone to and spoken of."""
        self._book.define_name(name, f"='{sheet.get_name()}'!{xl_range_abs(*first, *last)}")

    def chart(self, kind: dict[str, str]) -> Any:
        """A chart of that type, to be inserted into a sheet."""
        return self._book.add_chart(kind)

    def put(
        self, sheet: Worksheet, row: int, column: int, value: object, look: str, grade: str = "", link: str = ""
    ) -> None:
        """Writes one value as what it is: text as text, a number as a number, None as a blank with a border."""
        form = self.look(look, grade)
        held = self._held(value)
        if link and held is not None and sheet.hlink_count < _MAX_LINKS:
            sheet.write_url(row, column, f"internal:{link}", form, " ")
        if held is None and link:
            # A hyperlink on a blank cell is read back as its text by some programs; this shows and sums as blank.
            sheet.write_formula(row, column, f'=HYPERLINK("#{link}","")', form, EmptyText())
        else:
            fill_row(sheet, row, [held], form, column)

    def _held(self, value: object) -> str | int | float | None:
        """The value as a cell holds it: text as this workbook may show it, a number as a number, None where nothing is."""
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            raise TypeError("是/否 is written as text")
        return value if isinstance(value, int | float) else self.text(str(value))

    def formula(self, sheet: Worksheet, row: int, column: int, formula: str, look: str, result: object) -> None:
        """Writes a formula with what it comes to."""
        sheet.write_formula(
            row, column, f"={formula}", self.look(look), EmptyText() if result in ("", None) else result
        )

    def text(self, text: str) -> str:
        """The text as this workbook may show it."""
        return safe(text if self._phones == FULL else masked(text))

    def across(self, sheet: Worksheet, row: int, columns: tuple[int, int], text: str, look: str) -> None:
        """Writes a text over the columns from the first to the last, be it one."""
        first, last = columns
        if last > first:
            sheet.merge_range(row, first, row, last, self.text(text), self.look(look))
        else:
            sheet.write_string(row, first, self.text(text), self.look(look))

    def title(self, sheet: Worksheet, last: int, text: str) -> None:
        """Writes the sheet's title over the columns from the first to `last`."""
        sheet.merge_range(0, 0, 0, last, self.text(text), self.look("title"))
        sheet.set_row(0, 32)

    def row(
        self, sheet: Worksheet, row: int, values: Sequence[object], look: str, widths: Sequence[float] = ()
    ) -> None:
        """Writes one row of values from the first column on; where `widths` are given, high enough for their text."""
        fill_row(sheet, row, [self._held(value) for value in values], self.look(look))
        if widths:
            sheet.set_row(row, row_height(values, widths))

    def close(self) -> bytes:
        """The finished file, with the digests by which it is known whether anyone has typed into it since."""
        self._texts = [value_of(text) for text in self._book.str_table.string_table]
        sheets = {s.get_name(): of_sheet(self._kind, s.get_name(), self._written(s)) for s in self._book.worksheets()}
        for name, value in properties(sheets).items():
            self._book.set_custom_property(name, value, "text")
        self._book.close()
        return with_unix_origin(self._bytes.getvalue())

    def _written(self, sheet: Worksheet) -> Iterator[tuple[int, int, str, str]]:
        """The cells of a sheet as they are about to be stored, but for those that a merge hides."""
        hidden = {
            (r, c)
            for top, left, bottom, right in sheet.merge
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        } - {(top, left) for top, left, *_ in sheet.merge}
        for row, cells in sorted(sheet.table.items()):
            for column, cell in sorted(cells.items()):
                if not hidden or (row, column) not in hidden:
                    yield row, column, self._value_of(cell), self._digested[cell.format]

    def _value_of(self, cell: Any) -> str:
        """What xlsxwriter holds of a cell: a text by its number, a formula without its sign of equality."""
        if isinstance(cell, CellStringTuple):
            return self._texts[int(cell.string)]
        if isinstance(cell, CellFormulaTuple):
            return value_of(f"={cell.formula}")
        return value_of(getattr(cell, "number", None))

"""A workbook in the making: named looks, safe text, print set-up, and bytes that are the same from run to run."""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from pipeline import mark
from pipeline.write.style import GRADE_COLOUR, LOOKS, MARKED, marked

_OPTIONS = {
    "in_memory": True,
    # What a unit typed is text, whatever it looks like.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LONGEST = 32_767
"""So many characters Excel holds in a cell; xlsxwriter would leave a longer text out."""

_MOST_LINKS = 65_530
"""So many links Excel takes on a sheet; what is beyond them stands there without one."""

_CUT = "……（过长，余略）"

_LINE, _PADDING = 14.5, 5
_LONGEST_SHOWN = 400
"""Of a longer text no row shows more than this; Excel's rows end at 409 points."""

_UNIX, _ENTRY_HEAD = 3, 46

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class EmptyText(str):
    """An empty text as a stored result; xlsxwriter leaves the result out where it equals ''."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def safe(text: str) -> str:
    """The text without what a workbook cannot hold: control characters, lone surrogates, excess length."""
    if not text.isprintable():
        text = _UNWRITABLE.sub("\ufffd", text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT


def on_any_system(packed: bytes) -> bytes:
    """The archive as it is packed on Unix: of the system it was packed on zipfile leaves a note at each member."""
    end, whole = packed.rindex(b"PK\x05\x06"), bytearray(packed)
    at = int.from_bytes(packed[end + 16 : end + 20], "little")
    while at < end:
        whole[at + 5] = _UNIX
        at += _ENTRY_HEAD + sum(int.from_bytes(packed[at + n : at + n + 2], "little") for n in (28, 30, 32))
    return bytes(whole)


def row_height(values: Iterable[object], widths: Iterable[float]) -> float:
    """The height in points in which those values can be read in columns of those widths, wrapped."""
    return (
        _LINE * max([1, *(_lines(str(v), w) for v, w in zip(values, widths, strict=False) if v is not None)]) + _PADDING
    )


def _lines(text: str, width: float) -> int:
    if 2 * len(text) < width - 1 and text.isprintable():
        return 1  # however wide its characters are
    # A Chinese character is twice as wide as the digit that Excel's column widths count in.
    return sum(1 + int(_wide(part) / (width - 1)) for part in text[:_LONGEST_SHOWN].split("\n"))


def _wide(text: str) -> int:
    return len(text) if text.isascii() else sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


class Book:
    """An xlsx file in memory. Cells are addressed by row and column from 0."""

    def __init__(self, kind: str, title: str, office: str, today: dt.date) -> None:
        self._bytes = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._bytes, _OPTIONS)
        # A fixed moment, so that the same inbox gives the same bytes.
        created = dt.datetime.combine(today, dt.time())
        self._book.set_properties({"title": safe(title), "author": safe(office), "created": created})
        self._book.set_custom_property(mark.NAME, kind, "text")
        self._looks: dict[tuple[str, str], Format] = {}

    def look(self, name: str, grade: str = "") -> Format:
        """The named look, in the colour and with the mark of a grade."""
        if (name, grade) not in self._looks:
            colour = {"bg_color": GRADE_COLOUR[grade]} if grade else {}
            mark = {"num_format": marked(grade)} if grade and name in MARKED else {}
            self._looks[name, grade] = self._book.add_format(LOOKS[name] | colour | mark)
        return self._looks[name, grade]

    def sheet(self, name: str, widths: Sequence[float], *, repeat: tuple[int, int] | None = None) -> Worksheet:
        """A sheet that prints on A4 landscape, one page wide, with its header rows repeated and pages numbered."""
        sheet = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.set_footer("&C第 &P 页，共 &N 页")
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
        blank = value is None or value == ""
        if link and not blank and sheet.hlink_count < _MOST_LINKS:
            sheet.write_url(row, column, f"internal:{link}", form, " ")
        if blank and link:
            # A hyperlink on a blank cell is read back as its text by some programs; this shows and sums as blank.
            sheet.write_formula(row, column, f'=HYPERLINK("#{link}","")', form, EmptyText())
        elif blank:
            sheet.write_blank(row, column, None, form)
        elif isinstance(value, bool):
            raise TypeError("是/否 is written as text")
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, form)
        else:
            sheet.write_string(row, column, safe(str(value)), form)

    def title(self, sheet: Worksheet, last: int, text: str) -> None:
        """Writes the sheet's title over the columns from the first to `last`."""
        sheet.merge_range(0, 0, 0, last, safe(text), self.look("title"))
        sheet.set_row(0, 32)

    def row(
        self, sheet: Worksheet, row: int, values: Sequence[object], look: str, widths: Sequence[float] = ()
    ) -> None:
        """Writes one row of values from the first column on; where `widths` are given, high enough for their text."""
        for column, value in enumerate(values):
            self.put(sheet, row, column, value, look)
        if widths:
            sheet.set_row(row, row_height(values, widths))

    def close(self) -> bytes:
        """The finished file."""
        self._book.close()
        return on_any_system(self._bytes.getvalue())

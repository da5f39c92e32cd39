"""Excel's XML of 2003 to grids of what is seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree

from pipeline.model import Unresolved
from pipeline.read.grids.codes import GENERAL
from pipeline.read.grids.encodings import XML_DECLARATION, decoded
from pipeline.read.grids.formats import as_day
from pipeline.read.grids.layout import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Book, BookBuilder, TooLargeError
from pipeline.read.grids.markup import attributes, children, elements, is_on, local, whole
from pipeline.read.grids.sheets import NO_HEIGHT, Sheet, put_sheets
from pipeline.read.grids.sight import Font, Look, seen_number, seen_text

LARGEST = 32 * 2**20
_NAMED_FORMATS = {
    "General Number": GENERAL, "General Date": "yyyy/m/d h:mm", "Long Date": "yyyy/m/d", "Medium Date": "yyyy/m/d",
    "Short Date": "yyyy/m/d", "Long Time": "h:mm:ss", "Medium Time": "h:mm", "Short Time": "h:mm", "Currency": "¥#,##0.00",
    "Euro Currency": "¥#,##0.00", "Fixed": "0.00", "Standard": "#,##0.00", "Percent": "0.00%", "Scientific": "0.00E+00",
    "Yes/No": '"Yes";"Yes";"No"', "True/False": '"True";"True";"False"', "On/Off": '"On";"On";"Off"',
}  # fmt: skip
_SHIFTS = {"Superscript": 1, "Subscript": -1}
_STRIKES, _RAISED = ("S", "Strike", "Del"), {"Sup": 1, "Sub": -1}
"""What strikes out the text in it, and what raises or lowers it."""


@dataclass
class _Table:
    """A sheet in the making, how far down it is, and the looks of its columns."""

    sheet: Sheet
    looks: dict[str, Look]
    hidden: bool = False
    row: int = -1
    column: int = -1
    default: str = "Default"
    columns: dict[int, str] = field(default_factory=dict)
    covered: dict[tuple[int, int], int] = field(default_factory=dict)


def read_spreadsheetml(data: bytes) -> Book:
    """The visible sheets of an Excel XML file of 2003."""
    builder, sheets, looks = BookBuilder(), list[Sheet](), dict[str, Look]()
    table, room = _Table(Sheet(""), looks), MAX_CELLS
    for event, tag, e in elements(xml_of(data)):
        if event == "start":
            if tag == "Worksheet":
                table = _Table(Sheet(attributes(e).get("Name", "")), looks)
            elif tag == "Table":
                table.default = attributes(e).get("StyleID", "Default")
        elif tag == "Style":
            _add_look(looks, e)
        elif tag == "Row":
            room -= 1 + len(e)
            if room > 0:
                _add_row(table, e)
            e.clear()
        elif tag == "Worksheet":
            if table.hidden:
                builder.hidden(table.sheet.name)
            else:
                sheets.append(table.sheet)
            e.clear()
        else:
            _add_option(table, tag, e)
    put_sheets(builder, sheets)
    return builder.book()


def _add_option(table: _Table, tag: str, e: ElementTree.Element) -> None:
    if tag == "Visible":
        table.hidden = table.hidden or (e.text or "").startswith("Sheet")
    elif tag == "DoNotDisplayZeros":
        _hide_zeros(table.sheet)
    elif tag == "Column":
        _add_column(table, attributes(e))


def xml_of(data: bytes) -> bytes:
    """The bytes of an XML file in UTF-8; TooLargeError where no book is so large."""
    if len(data) > LARGEST:
        raise TooLargeError
    return XML_DECLARATION.sub("", decoded(data) or "").encode("utf-8", "surrogatepass")


def _add_look(looks: dict[str, Look], style: ElementTree.Element) -> None:
    about, parts = attributes(style), {tag: attributes(e) for tag, e in children(style)}
    look = looks.get(about.get("Parent", "Default"), Look())
    if "NumberFormat" in parts:
        code = parts["NumberFormat"].get("Format", GENERAL)
        look = replace(look, code=_NAMED_FORMATS.get(code, code))
    if "Font" in parts:
        declared = parts["Font"]
        name = declared.get("FontName", look.font.name)
        font = Font(is_on(declared.get("StrikeThrough")), _SHIFTS.get(declared.get("VerticalAlign", ""), 0), name)
        look = replace(look, font=font)
    looks[about.get("ID", "")] = look


def _hide_zeros(sheet: Sheet) -> None:
    """Drops the zeros of a sheet that shows none; the option stands behind its rows."""
    for place, value in sheet.cells.items():
        if isinstance(value, float) and value == 0:
            sheet.cells[place] = seen_number(value, Look(), zeros=False)


def _add_column(table: _Table, about: dict[str, str]) -> None:
    first = whole(about.get("Index"), table.column + 2) - 1
    table.column = last = first + whole(about.get("Span"), 0)
    if _is_unseen(about, "Width"):
        table.sheet.hide_columns(first, last)
    if "StyleID" in about:
        table.columns |= dict.fromkeys(range(max(first, 0), min(last + 1, MAX_COLUMNS)), about["StyleID"])


def _is_unseen(about: dict[str, str], size: str) -> bool:
    try:
        return is_on(about.get("Hidden")) or float(about.get(size, NO_HEIGHT)) < NO_HEIGHT
    except ValueError:
        return False


def _add_row(table: _Table, element: ElementTree.Element) -> None:
    about = attributes(element)
    row = whole(about.get("Index"), table.row + 2) - 1
    table.row = row + whole(about.get("Span"), 0)
    if row >= MAX_ROWS:
        return
    if _is_unseen(about, "Height"):
        table.sheet.hide_rows(row, table.row)
    column = -1
    for tag, cell in children(element):
        if tag == "Cell":
            column = _add_cell(table, row, column + 1, cell, about.get("StyleID"))
        if column >= MAX_COLUMNS:
            break


def _add_cell(table: _Table, row: int, column: int, cell: ElementTree.Element, style: str | None) -> int:
    """Puts a cell; the last column that it takes. Without a number of its own it stands beside what covers the row."""
    about = attributes(cell)
    if "Index" in about:
        column = whole(about["Index"], column + 1) - 1
    else:
        while (row, column) in table.covered:
            column += 1
    across, down = whole(about.get("MergeAcross"), 0), whole(about.get("MergeDown"), 0)
    last = column + max(across, 0)
    if across > 0 or down > 0:
        table.sheet.merge((row, column), (row + max(down, 0), last))
        for r in range(row + 1, min(row + down + 1, MAX_ROWS)):
            table.covered |= {(r, c): row for c in range(column, min(last + 1, MAX_COLUMNS))}
    name = about.get("StyleID") or style or table.columns.get(column) or table.default
    table.sheet.put(row, column, _seen(cell, about.get("Formula", ""), table.looks.get(name, Look())))
    return last


def _seen(cell: ElementTree.Element, formula: str, look: Look) -> object:
    data = next((e for tag, e in children(cell) if tag == "Data"), None)
    if data is None:
        return Unresolved(formula) if formula else None
    text, kind = "".join(data.itertext()), attributes(data).get("Type", "String")
    if kind == "Error":
        return Unresolved(text or "#VALUE!")
    try:
        if kind == "Number":
            return seen_number(float(text), look)
        if kind == "DateTime":
            # Two moments of different zones are equal where what the sheet shows is not.
            moment = as_day(dt.datetime.fromisoformat(text.strip()).replace(tzinfo=None))
            return moment if look.font.is_plain else seen_text([(str(moment), look.font)], Look(look.font))
    except ValueError:
        pass
    if kind == "Boolean" and look.font.is_plain:
        return text.strip() in ("1", "true", "True")
    return seen_text(list(_runs(data, look.font)), look)


def _runs(element: ElementTree.Element, font: Font) -> Iterator[tuple[str, Font]]:
    """The text of an element in pieces; it is written in HTML."""
    yield element.text or "", font
    for e in element:
        tag, face = local(e).capitalize(), attributes(e).get("Face", font.name)
        own = Font(font.struck or tag in _STRIKES, _RAISED.get(tag, font.shift), face)
        yield from _runs(e, own)
        yield e.tail or "", font

"""Spreadsheets written in XML to grids: Excel's XML of 2003, and OpenDocument where calamine refuses it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from itertools import chain, islice, repeat
from xml.etree import ElementTree

from pipeline.model import Grid, Unresolved
from pipeline.read.kinds import XML_DECLARATION, decoded
from pipeline.read.layout import MAX_COLUMNS, MAX_ROWS, Book, hidden, tidy

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"


def read_spreadsheetml(data: bytes) -> Book:
    """The visible sheets of an Excel XML file of 2003."""
    # The parser knows few encodings, GBK not among them.
    tree = ElementTree.fromstring(XML_DECLARATION.sub("", decoded(data) or ""))
    grids, notes = [], []
    for sheet in tree.iter(f"{_SS}Worksheet"):
        name = sheet.get(f"{_SS}Name", "")
        if (sheet.findtext(f".//{_EXCEL}Visible") or "").startswith("Sheet"):
            notes.append(hidden(name))
        else:
            grids.append(Grid(name, tidy(_sheet_rows(sheet))))
    return Book(tuple(grids), tuple(notes))


def _sheet_rows(sheet: ElementTree.Element) -> list[list[object]]:
    rows: list[list[object]] = []
    for element in sheet.iter(f"{_SS}Row"):
        at = int(element.get(f"{_SS}Index", len(rows) + 1))
        if at > MAX_ROWS:
            break
        rows += [[] for _ in range(at - 1 - len(rows))]
        row: list[object] = []
        for cell in element.iter(f"{_SS}Cell"):
            column = min(int(cell.get(f"{_SS}Index", len(row) + 1)), MAX_COLUMNS)
            row += [None] * (column - 1 - len(row))
            row += [_data(cell), *[None] * min(int(cell.get(f"{_SS}MergeAcross", 0)), MAX_COLUMNS)]
        rows.append(row)
    return rows


def _data(cell: ElementTree.Element) -> object:
    element = cell.find(f"{_SS}Data")
    formula = cell.get(f"{_SS}Formula", "")
    if element is None:
        return Unresolved(formula) if formula else None
    text, kind = "".join(element.itertext()), element.get(f"{_SS}Type", "String")
    if kind == "Error":
        return Unresolved(text or "#VALUE!")
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return text == "1" if kind == "Boolean" else text


# -- OpenDocument -----------------------------------------------------------------------------------------------------

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def read_opendocument(data: bytes) -> Book:
    """The visible sheets of an .ods."""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return _opendocument(ElementTree.fromstring(z.read("content.xml")))


def read_flat_opendocument(data: bytes) -> Book:
    """The visible sheets of an .fods, the same in one XML file."""
    return _opendocument(ElementTree.fromstring(XML_DECLARATION.sub("", decoded(data) or "")))


def _opendocument(tree: ElementTree.Element) -> Book:
    unseen = {
        style.get(f"{_STYLE}name", "")
        for style in tree.iter(f"{_STYLE}style")
        if any(p.get(f"{_TABLE}display") == "false" for p in style)
    }
    grids, notes = [], []
    for table in tree.iter(f"{_TABLE}table"):
        name = table.get(f"{_TABLE}name", "")
        if table.get(f"{_TABLE}style-name") in unseen:
            notes.append(hidden(name))
        else:
            grids.append(Grid(name, tidy(_ods_rows(table))))
    return Book(tuple(grids), tuple(notes))


def _ods_rows(table: ElementTree.Element) -> Iterator[list[object]]:
    for row in table.iter(f"{_TABLE}table-row"):
        cells = chain.from_iterable(_ods_cells(cell) for cell in row)
        yield from repeat(list(islice(cells, MAX_COLUMNS)), int(row.get(f"{_TABLE}number-rows-repeated", 1)))


def _ods_cells(cell: ElementTree.Element) -> Iterator[object]:
    # A covered cell lies under a merge.
    value = _ods_value(cell) if cell.tag == f"{_TABLE}table-cell" else None
    return repeat(value, int(cell.get(f"{_TABLE}number-columns-repeated", 1)))


def _ods_value(cell: ElementTree.Element) -> object:
    text = "\n".join("".join(p.itertext()) for p in cell.iter(f"{_TEXT}p"))
    kinds = [v for k, v in cell.attrib.items() if k.endswith("}value-type")]
    formula = cell.get(f"{_TABLE}formula", "")
    if "error" in kinds or (formula and not kinds and not text and not len(cell)):
        return Unresolved(text or formula)
    try:
        if cell.get(f"{_OFFICE}value") is not None:
            return float(cell.get(f"{_OFFICE}value", ""))
        if cell.get(f"{_OFFICE}date-value") is not None:
            return dt.datetime.fromisoformat(cell.get(f"{_OFFICE}date-value", ""))
    except ValueError:
        return text
    return text or None

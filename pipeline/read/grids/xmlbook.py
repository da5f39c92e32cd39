"""Spreadsheets written in XML to grids: Excel's XML of 2003, and OpenDocument where calamine refuses it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from itertools import chain, islice, repeat
from xml.etree import ElementTree

from pipeline.model import Grid, Unresolved
from pipeline.read.grids.kinds import XML_DECLARATION, decoded
from pipeline.read.grids.layout import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Book, Shelf, TooLargeError

_LARGEST = 32 * 2**20
_DEEPEST = 60
_MOST_EVENTS = 4_000_000
_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"


def read_spreadsheetml(data: bytes) -> Book:
    """The visible sheets of an Excel XML file of 2003."""
    shelf = Shelf()
    name, unseen, room = "", False, MAX_CELLS
    rows: list[list[object]] = []
    for event, e in _events(_xml(data)):
        if event == "start":
            if e.tag == f"{_SS}Worksheet":
                name, unseen, rows = e.get(f"{_SS}Name", ""), False, []
        elif e.tag == f"{_EXCEL}Visible":
            unseen = unseen or (e.text or "").startswith("Sheet")
        elif e.tag == f"{_SS}Row":
            room -= 1 + len(e)
            if room > 0:
                _add_row(rows, e)
            e.clear()
        elif e.tag == f"{_SS}Worksheet":
            if unseen:
                shelf.hidden(name)
            elif not shelf.full:
                shelf.put(Grid(name, shelf.rows(rows)))
            e.clear()
    return shelf.book()


def _xml(data: bytes) -> str:
    # The parser knows few encodings, GBK not among them.
    if len(data) > _LARGEST:
        raise TooLargeError
    return XML_DECLARATION.sub("", decoded(data) or "")


def _events(xml: str | bytes) -> Iterator[tuple[str, ElementTree.Element]]:
    """The parser's events; TooLargeError for a tree deeper or wider than a book's."""
    source = io.BytesIO(xml.encode("utf-8", "surrogatepass") if isinstance(xml, str) else xml)
    depth = 0
    for count, (event, e) in enumerate(ElementTree.iterparse(source, ("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST or count > _MOST_EVENTS:
            raise TooLargeError
        yield event, e


def _add_row(rows: list[list[object]], element: ElementTree.Element) -> None:
    at = int(element.get(f"{_SS}Index", len(rows) + 1))
    if at > MAX_ROWS:
        return
    rows += [[] for _ in range(at - 1 - len(rows))]
    row: list[object] = []
    for cell in element.iter(f"{_SS}Cell"):
        column = min(int(cell.get(f"{_SS}Index", len(row) + 1)), MAX_COLUMNS)
        row += [None] * (column - 1 - len(row))
        row += [_data(cell), *[None] * min(int(cell.get(f"{_SS}MergeAcross", 0)), MAX_COLUMNS)]
        if len(row) > MAX_COLUMNS:
            break
    rows.append(row)


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
            return _as_shown(text)
    except ValueError:
        return text
    return text == "1" if kind == "Boolean" else text


def _as_shown(text: str) -> dt.datetime:
    # Two moments of different zones are equal where what the sheet shows is not.
    return dt.datetime.fromisoformat(text).replace(tzinfo=None)


# -- OpenDocument -----------------------------------------------------------------------------------------------------

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def read_opendocument(data: bytes) -> Book:
    """The visible sheets of an .ods."""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        name = next(n for n in z.namelist() if n.lower() == "content.xml")
        if z.getinfo(name).file_size > _LARGEST:
            raise TooLargeError
        return _opendocument(z.read(name))


def read_flat_opendocument(data: bytes) -> Book:
    """The visible sheets of an .fods, the same in one XML file."""
    return _opendocument(_xml(data))


def _opendocument(xml: str | bytes) -> Book:
    shelf = Shelf()
    unseen: set[str] = set()
    for name, style, rows in _ods_tables(xml, unseen):
        if style in unseen:
            shelf.hidden(name)
        elif not shelf.full:
            shelf.put(Grid(name, shelf.rows(rows)))
    return shelf.book()


def _ods_tables(xml: str | bytes, unseen: set[str]) -> Iterator[tuple[str, str, list[list[object]]]]:
    """The name, style and rows of each table; the styles, which come first, that hide theirs are added to `unseen`."""
    style = ""
    rows: list[list[object]] = []
    depth, room = 0, MAX_CELLS
    for event, e in _events(xml):
        if e.tag == f"{_TABLE}table":
            depth += 1 if event == "start" else -1
            if event == "end" and not depth:
                yield e.get(f"{_TABLE}name", ""), e.get(f"{_TABLE}style-name", ""), rows
                rows = []
                e.clear()
        elif e.tag == f"{_STYLE}style":
            style = e.get(f"{_STYLE}name", "")
        elif e.tag == f"{_STYLE}table-properties" and e.get(f"{_TABLE}display") == "false":
            unseen.add(style)
        elif event == "end" and e.tag == f"{_TABLE}table-row" and depth == 1:
            room -= 1 + len(e)
            rows += _ods_row(e, MAX_ROWS - len(rows)) if room > 0 else []
            e.clear()


def _ods_row(row: ElementTree.Element, room: int) -> list[list[object]]:
    cells = list(islice(chain.from_iterable(_ods_cells(cell) for cell in row), MAX_COLUMNS))
    return [cells] * min(int(row.get(f"{_TABLE}number-rows-repeated", 1)), room)


def _ods_cells(cell: ElementTree.Element) -> Iterator[object]:
    # A covered cell lies under a merge.
    value = _ods_value(cell) if cell.tag == f"{_TABLE}table-cell" else None
    return repeat(value, min(int(cell.get(f"{_TABLE}number-columns-repeated", 1)), MAX_COLUMNS))


def _ods_value(cell: ElementTree.Element) -> object:
    about = {k.rpartition("}")[2]: v for k, v in cell.attrib.items()}
    text = "\n".join(_ods_text(p) for p in cell.findall(f"{_TEXT}p"))  # those of a comment stand deeper
    kind, formula = about.get("value-type", ""), about.get("formula", "")
    if "error" in [v for k, v in cell.attrib.items() if k.endswith("}value-type")]:
        return Unresolved(text or "#VALUE!")
    if formula and not kind and not len(cell):
        # A formula whose result is an empty text has no value-type, but an (empty) paragraph.
        return Unresolved("=" + formula.rpartition(":=")[2].removeprefix("="))
    try:
        if "value" in about:
            return float(about["value"])
        if "date-value" in about:
            return _as_shown(about["date-value"])
    except ValueError:
        return text
    return about["boolean-value"] == "true" if "boolean-value" in about else text or None


def _ods_text(paragraph: ElementTree.Element) -> str:
    """The paragraph's text; spaces and breaks are elements there."""
    if not len(paragraph):
        return paragraph.text or ""
    pieces = [paragraph.text or ""]
    for e in paragraph:
        gap = " " if e.tag in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break") else ""
        pieces += [gap or "".join(e.itertext()), e.tail or ""]
    return "".join(pieces)

"""Tables that are no spreadsheets to grids: delimited text, HTML, Word documents.

In a document what stands above a table stands in rows above the grid's own, and a cell's address is its place in the
table. All passes are linear, and go no farther than a form can reach: a hostile page costs what a long one does.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from pipeline.model import Grid
from pipeline.read.grids.kinds import XML_DECLARATION, decoded
from pipeline.read.grids.layout import MAX_COLUMNS, MAX_ROWS, Book, Shelf, TooLargeError

_MOST_BYTES = 2**22
"""No form takes a twentieth of it."""

_NAMES_DELIMITER = re.compile(r'\A"?sep=.{1,2}"?\r?\n', re.I)
_DELIMITERS = "\t,;|"
_CAPTIONS = 40
"""So many lines above a table can say whose it is."""

_TABLES = 100
_PIECES = 300
"""A cell or a paragraph with more pieces of text holds no figure and no caption."""

_UNSEEN = ("script", "style", "head")
Span = tuple[object, int, int]
"""A cell's value, and how many rows and columns it covers."""


def read_tables(data: bytes, kind: str) -> Book:
    """The tables of a text, html or docx file; whatever their parsers raise for a broken one."""
    if kind == "docx":
        return _shelved(_word_tables(_main_part(data)))
    whole = len(data) <= _MOST_BYTES
    text = decoded(data[:_MOST_BYTES], whole=whole)
    if text is None:
        raise ValueError("no text")
    return _shelved(_html_tables(text) if kind == "html" else _delimited(text), whole=whole)


_Table = tuple[str, list[str], Iterable[Iterable[object]]]
"""A table's name, the lines above it and its rows."""


def _shelved(tables: Iterator[_Table], *, whole: bool = True) -> Book:
    shelf = Shelf()
    for name, above, rows in islice(tables, _TABLES):
        if shelf.full:
            break
        captions = [line for text in above for line in text.splitlines() if line.strip()][-_CAPTIONS:]
        shelf.put(Grid(name, shelf.rows([*([line] for line in captions), *rows]), top=-len(captions)))
    if not whole or next(tables, None):
        shelf.note("其余部分过长，未读")
    return shelf.book(document=True)


def _delimited(text: str) -> Iterator[_Table]:
    """Comma- or tab-separated text; the delimiter is the one that gives the widest rows."""
    csv.field_size_limit(_MOST_BYTES)
    text = _NAMES_DELIMITER.sub("", text)
    read = [list(islice(csv.reader(io.StringIO(text), delimiter=d), MAX_ROWS)) for d in _DELIMITERS]
    widths = [sum(len(row) - 1 for row in rows) for rows in read]
    yield "", [], read[widths.index(max(widths))]


# -- HTML -------------------------------------------------------------------------------------------------------------


def _html_tables(text: str) -> Iterator[_Table]:
    from lxml import etree, html

    tree: Any = html.document_fromstring(XML_DECLARATION.sub("", text) or "<p></p>")
    above: deque[str] = deque(maxlen=_CAPTIONS)
    inside = number = 0
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment")):
        if event != "comment" and (element.tag == "table" or element.tag in _UNSEEN):
            inside += 1 if event == "start" else -1
        if event == "start" and element.tag == "table":
            number += 1
            yield f"表{number}", list(above), _laid_out(_html_rows(element))
        said = element.text if event == "start" else element.tail
        if said and not inside:
            above.append(said)


def _html_rows(table: Any) -> Iterator[list[Span]]:
    for child in table:
        for row in (child,) if child.tag == "tr" else child:
            if row.tag == "tr":
                yield [_html_cell(cell) for cell in islice(row, MAX_COLUMNS) if cell.tag in ("td", "th")]


def _html_cell(cell: Any) -> Span:
    # Pieces stay apart: 1 and 2 in two paragraphs are no 12.
    return "\n".join(islice(cell.itertext(), _PIECES)), _span(cell.get("rowspan")), _span(cell.get("colspan"))


def _span(text: str | None) -> int:
    return min(max(int(text), 1), MAX_COLUMNS) if text and re.fullmatch(r"\s*[0-9]{1,5}\s*", text) else 1


def _laid_out(rows: Iterable[Sequence[Span]]) -> Iterator[list[object]]:
    """Rows of spanning cells as those of a grid, each value in its first cell."""
    covered: dict[int, int] = {}
    for cells in rows:
        row: list[object] = []
        below = {c: n - 1 for c, n in covered.items() if n > 1}
        for value, height, width in cells:
            while len(row) in covered:
                row.append(None)
            if len(row) >= MAX_COLUMNS:
                break
            below |= {c: height - 1 for c in range(len(row), len(row) + width) if height > 1}
            row += [value, *[None] * (width - 1)]
        yield row
        covered = below


# -- Word -------------------------------------------------------------------------------------------------------------

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT, _TRANSITIONAL = b"http://purl.oclc.org/ooxml/wordprocessingml/main", _W[1:-1].encode()


def _main_part(data: bytes) -> Any:
    """The document itself; python-docx would read every other part too, however large."""
    from docx.oxml.parser import parse_xml

    with zipfile.ZipFile(io.BytesIO(data)) as z:
        names = [
            i for i in z.infolist() if re.fullmatch(r"word/document[0-9]*\.xml", i.filename.replace("\\", "/"), re.I)
        ]
        if names[0].file_size > 2 * _MOST_BYTES:
            raise TooLargeError
        return parse_xml(z.read(names[0]).replace(_STRICT, _TRANSITIONAL))


def _word_tables(document: Any) -> Iterator[_Table]:
    from lxml import etree

    above: deque[str] = deque(maxlen=_CAPTIONS)
    inside = number = 0
    for event, element in etree.iterwalk(document, events=("start", "end"), tag=(f"{_W}p", f"{_W}tbl")):
        if element.tag == f"{_W}tbl":
            inside += 1 if event == "start" else -1
            if event == "start":
                number += 1
                yield f"表{number}", list(above), _word_rows(element)
        elif event == "start" and not inside:
            above.append(_word_text(element))


def _word_rows(table: Any) -> Iterator[list[object]]:
    # row.cells of python-docx would take quadratic time and repeat merged cells.
    for tr in islice(_in_controls(table, f"{_W}tr"), MAX_ROWS):
        row: list[object] = [None] * min(tr.grid_before, MAX_COLUMNS)
        for tc in islice(_in_controls(tr, f"{_W}tc"), MAX_COLUMNS):
            text = "\n".join(_word_text(p) for p in islice(tc.iter(f"{_W}p"), _PIECES))
            row += [None if tc.vMerge == "continue" else text, *[None] * (min(tc.grid_span, MAX_COLUMNS) - 1)]
        yield row


def _in_controls(parent: Any, tag: str) -> Iterator[Any]:
    """The children with that tag; rows and cells may stand in content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag == f"{_W}sdt":
            yield from (e for content in child.iter(f"{_W}sdtContent") for e in content if e.tag == tag)


def _word_text(paragraph: Any) -> str:
    """The text a paragraph shows: insertions and controls too, deletions and hidden text not."""
    pieces = islice(paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br"), _PIECES)
    return "".join((p.text or "") if p.tag == f"{_W}t" else "\n" for p in pieces if _is_shown(p))


def _is_shown(piece: Any) -> bool:
    run = piece.getparent()
    return run.tag == f"{_W}r" and run.find(f"{_W}rPr/{_W}vanish") is None

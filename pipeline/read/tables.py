"""Tables that are no spreadsheets to grids: delimited text, HTML, Word documents.

In a document what stands above a table stands in rows above the grid's own, and a cell's address is its place in the
table.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from pipeline.model import Grid
from pipeline.read.kinds import XML_DECLARATION, decoded
from pipeline.read.layout import MAX_COLUMNS, MAX_ROWS, Book, tidy

_MOST_BYTES = 2**23
"""No form takes a hundredth of it."""

_NAMES_DELIMITER = re.compile(r'\A"?sep=.{1,2}"?\r?\n', re.I)
_DELIMITERS = "\t,;|"
_CAPTIONS = 40
"""So many lines above a table can say whose it is."""

_TABLES = 100
Span = tuple[object, int, int]
"""A cell's value, and how many rows and columns it covers."""


def read_tables(data: bytes, kind: str) -> Book:
    """The tables of a text, html or docx file; whatever their parsers raise for a broken one."""
    if kind == "docx":
        return _docx(data)
    text = decoded(data[:_MOST_BYTES], whole=len(data) <= _MOST_BYTES)
    if text is None:
        raise ValueError("no text")
    book = _html(text) if kind == "html" else _delimited(text)
    return replace(book, notes=("过长的部分未读",)) if len(data) > _MOST_BYTES else book


def _delimited(text: str) -> Book:
    """Comma- or tab-separated text; the delimiter is the one that gives the widest rows."""
    csv.field_size_limit(_MOST_BYTES)
    text = _NAMES_DELIMITER.sub("", text)
    read = (list(islice(csv.reader(io.StringIO(text), delimiter=d), MAX_ROWS)) for d in _DELIMITERS)
    widest = max(read, key=lambda rows: sum(len(r) - 1 for r in rows))
    return Book((Grid("", tidy(widest)),), document=True)


def _html(text: str) -> Book:
    from lxml import html

    tree: Any = html.document_fromstring(XML_DECLARATION.sub("", text) or "<p></p>")
    grids: list[Grid] = []
    for table in islice(tree.iter("table"), _TABLES):
        above = table.xpath(
            "preceding::text()[not(ancestor::table or ancestor::script or ancestor::style or ancestor::head)]"
        )
        rows = [[_html_cell(cell) for cell in row.xpath("./td|./th")] for row in table.xpath("./tr|./*/tr")]
        grids.append(_grid(f"表{len(grids) + 1}", [str(t) for t in above], _laid_out(rows)))
    return Book(tuple(grids), document=True)


def _html_cell(cell: Any) -> Span:
    # Pieces stay apart: 1 and 2 in two paragraphs are no 12.
    return "\n".join(cell.itertext()), _span(cell.get("rowspan")), _span(cell.get("colspan"))


def _span(text: str | None) -> int:
    return min(max(int(text), 1), MAX_COLUMNS) if text and re.fullmatch(r"\s*[0-9]{1,5}\s*", text) else 1


def _docx(data: bytes) -> Book:
    import docx

    grids: list[Grid] = []
    body: Any = docx.Document(io.BytesIO(data)).element.body
    for table in islice(body.xpath(".//w:tbl"), _TABLES):
        above = [_docx_text(p) for p in table.xpath("preceding::w:p[not(ancestor::w:tbl)]")]
        grids.append(_grid(f"表{len(grids) + 1}", above, _docx_rows(table)))
    return Book(tuple(grids), document=True)


def _docx_rows(table: Any) -> list[list[object]]:
    # Rows and cells may stand in content controls; and row.cells would take quadratic time and repeat merged cells.
    rows = []
    for tr in table.xpath("./w:tr|./w:sdt/w:sdtContent/w:tr")[:MAX_ROWS]:
        row: list[object] = [None] * tr.grid_before
        for tc in tr.xpath("./w:tc|./w:sdt/w:sdtContent/w:tc"):
            text = "\n".join(_docx_text(p) for p in tc.xpath(".//w:p"))
            row += [None if tc.vMerge == "continue" else text, *[None] * (min(tc.grid_span, MAX_COLUMNS) - 1)]
        rows.append(row)
    return rows


def _docx_text(paragraph: Any) -> str:
    """The text a paragraph shows: insertions and controls too, deletions and hidden text not."""
    pieces = paragraph.xpath(".//w:t[not(ancestor::w:r/w:rPr/w:vanish)]|.//w:tab[parent::w:r]|.//w:br")
    return "".join((p.text or "") if p.tag.endswith("}t") else "\n" for p in pieces)


def _grid(name: str, above: Sequence[str], rows: list[list[object]]) -> Grid:
    captions = [line for text in above for line in text.splitlines() if line.strip()][-_CAPTIONS:]
    return Grid(name, tidy([*([line] for line in captions), *rows]), top=-len(captions))


def _laid_out(rows: Iterable[Sequence[Span]]) -> list[list[object]]:
    """Rows of spanning cells as a grid, each value in its first cell."""
    grid: list[list[object]] = []
    covered: dict[int, int] = {}
    for cells in rows:
        if len(grid) >= MAX_ROWS:
            break
        row: list[object] = []
        below = {c: n - 1 for c, n in covered.items() if n > 1}
        for value, height, width in cells:
            while len(row) in covered:
                row.append(None)
            if len(row) >= MAX_COLUMNS:
                break
            below |= {c: height - 1 for c in range(len(row), len(row) + width) if height > 1}
            row += [value, *[None] * (width - 1)]
        grid.append(row)
        covered = below
    return grid

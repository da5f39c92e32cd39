"""Tables that are no spreadsheets to grids: delimited text, web pages, Word documents.

In a document what stands above a table stands in rows above the grid's own, and a cell's address is its place in the
table. All passes are linear, and go no farther than a form can reach: a hostile page costs what a long one does.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

from pipeline.model import Grid, GridRow
from pipeline.read.grids.book import pending_book, read_book
from pipeline.read.grids.delimited import read_delimited
from pipeline.read.grids.encodings import decoded
from pipeline.read.grids.kinds import DOCUMENTS, SPREADSHEETS, kind_of
from pipeline.read.grids.layout import Book, BookBuilder, padded
from pipeline.read.grids.links import lies_elsewhere
from pipeline.read.grids.webpage import WebPage
from pipeline.read.grids.word import Block, Word
from pipeline.read.grids.wordfile import open_word

_MAX_BYTES = 2**22
"""No form takes a twentieth of it."""

_CAPTIONS = 40
"""Lines above a table that can name its unit and month."""

_TABLES = 100
_EMBEDDED = "嵌入"


def read_tables(data: bytes, kind: str) -> Book:
    """The tables of a text, a page or a Word document; whatever their parsers raise for a broken one."""
    return _word_book(data, kind) if kind in ("docx", "wordxml") else _text_book(data, kind)


def _text_book(data: bytes, kind: str) -> Book:
    whole, builder = len(data) <= _MAX_BYTES, BookBuilder()
    text = decoded(data[:_MAX_BYTES], whole=whole)
    if text is None:
        raise ValueError("no text")
    if kind == "html":
        page = WebPage(text)
        _put(builder, page.blocks(), page.notes)
    else:
        builder.put(Grid("", builder.rows(read_delimited(text))))
    if not whole:
        builder.note(_REST)
    book = builder.book(document=True)
    return replace(book, instead="link") if book.nearly_empty and lies_elsewhere(text) is not None else book


_REST = "其余部分过长，未读"


def _word_book(data: bytes, kind: str) -> Book:
    """The document's tables, those of the files inserted into it, and the sheets of the workbooks embedded in it."""
    builder, file = BookBuilder(), open_word(data, kind)
    word = Word(file)
    _put(builder, word.blocks(), word.notes)
    unread = False
    for number, inner in enumerate((*file.embedded, *file.inserted), 1):
        grids = _inner_grids(inner)
        unread = unread or grids is None
        for grid in grids or ():
            builder.put(Grid(f"{_EMBEDDED}{number}-{grid.sheet}", grid.rows, grid.top, grid.left))
    return builder.book(document=True, instead="embedded" if unread else "")


def _inner_grids(data: bytes) -> tuple[Grid, ...] | None:
    """The grids of a file in a document, None where it cannot be read; of a document in it only its own."""
    kind = kind_of(data)
    with suppress(Exception):
        if kind in SPREADSHEETS:
            return read_book(pending_book(data, kind)).grids
        if kind in DOCUMENTS:
            return _text_book(data, kind).grids if kind in ("html", "text") else _own_grids(data, kind)
    return None


def _own_grids(data: bytes, kind: str) -> tuple[Grid, ...]:
    builder, word = BookBuilder(), Word(open_word(data, kind))
    _put(builder, word.blocks(), ())
    return builder.book().grids


def _put(builder: BookBuilder, blocks: Iterator[Block], notes: Iterable[str]) -> None:
    """Puts tables in the book, each below the lines between it and the one before; where there is none, the lines alone.

    Of the lines below the last table those that name something stand in rows of its grid, too.
    """
    above: deque[str] = deque(maxlen=_CAPTIONS)
    below: deque[str] = deque(maxlen=_CAPTIONS)
    found: list[tuple[list[GridRow], int]] = []
    for block in blocks:
        if isinstance(block, str):
            lines = [line for line in block.split("\n") if line.strip()]
            above.extend(lines)
            below.extend(line for line in lines if ":" in line or "：" in line)
        elif len(found) == _TABLES or builder.full:
            builder.note(_REST)
            break
        else:
            captions = [_parted(line) for line in above]
            above.clear()
            found.append((builder.rows([*captions, *block]), len(captions)))
            below.clear()
    for number, (rows, captions_above) in enumerate(found, 1):
        width = len(rows[0]) if rows else 0
        last = builder.rows(map(_parted, below)) if number == len(found) else ()
        builder.put(
            Grid(f"表{number}", [*rows, *(padded(line, width) for line in last)], top=-captions_above, below=number > 1)
        )
    if not found and above:
        builder.put(Grid("正文", builder.rows([line] for line in above)))
    for note in notes:
        builder.note(note)


def _parted(line: str) -> list[object]:
    """The captions that tabs part in a line."""
    return [*re.split("\t+", line)]

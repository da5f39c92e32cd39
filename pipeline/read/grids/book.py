"""Spreadsheet bytes to grids: which reader answers for which kind, and what is tried where it refuses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pkgutil import resolve_name

from pipeline.model.frozen import frozen
from pipeline.read.grids.layout import FORMATS_UNKNOWN, Book, TooLargeError
from pipeline.read.grids.plain import read_plain
from pipeline.read.grids.styles import is_plain_book

Reader = Callable[[bytes], Book]

_PACKAGE = "pipeline.read.grids."

READERS = {
    "xlsx": f"{_PACKAGE}xlsx:read_xlsx",  # but for plain ones, see below
    "xlsb": f"{_PACKAGE}xlsb:read_xlsb",
    "xls": f"{_PACKAGE}xls:read_xls",
    "biff": f"{_PACKAGE}xls:read_xls",
    "ods": f"{_PACKAGE}opendocument:read_opendocument",
    "fods": f"{_PACKAGE}opendocument:read_flat_opendocument",
    "spreadsheetml": f"{_PACKAGE}spreadsheetml:read_spreadsheetml",
}
"""Who answers for what is seen of a book: each knows hidden rows and columns, merges, fonts and number formats.

A module of them is read in with the first book of its kind: most months bring none but .xlsx.
"""

CALAMINE_FALLBACK = ("xlsx", "xlsb", "ods")
"""Where calamine is tried when the first reader refuses a book: it is lenient, and sees nothing but values."""


@frozen
class PendingBook:
    """A spreadsheet before it is read. `plain`: nothing in it needs a second look, so calamine reads it in no time.

    `sent_up`: it carries the mark of a workbook that was sent up.
    """

    data: bytes
    kind: str
    plain: bool = False
    sent_up: bool = False


def pending_book(data: bytes, kind: str) -> PendingBook:
    """A spreadsheet of that kind."""
    with suppress(Exception):  # what is wrong with it its readers will say
        return PendingBook(data, kind, plain=kind == "xlsx" and is_plain_book(data))
    return PendingBook(data, kind)


def read_book(book: PendingBook) -> Book:
    """The book's visible sheets; whatever its own reader raises where none can read it, TooLargeError among others."""
    return replace(read, sent_up=True) if (read := _read(book)) and book.sent_up else read


def _read(book: PendingBook) -> Book:
    if book.plain and (read := _by_calamine(book.data)):
        return read
    try:
        reader: Reader = resolve_name(READERS[book.kind])
        return reader(book.data)
    except (KeyboardInterrupt, SystemExit, MemoryError, RecursionError, TooLargeError):
        raise
    except Exception:  # what readers raise is open-ended
        read = _by_calamine(book.data) if book.kind in CALAMINE_FALLBACK else None
        if read is None:
            raise
        return replace(read, notes=(*read.notes, FORMATS_UNKNOWN))


def _by_calamine(data: bytes) -> Book | None:
    try:
        return read_plain(data)
    except (KeyboardInterrupt, SystemExit, MemoryError, RecursionError):
        raise
    except BaseException:  # noqa: BLE001  its panics are no Exceptions
        return None

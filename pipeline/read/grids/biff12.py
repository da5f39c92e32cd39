"""What calamine leaves out of an .xlsb: errors and merges, from the records of the sheet ([MS-XLSB] 2.1.4)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

_ROW, _CELL_ERROR, _FORMULA_ERROR, _SHEET, _MERGE = 0, 3, 11, 156, 176
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_MOST_RECORDS = 1_000_000

Record = tuple[int, bytes]


def errors(part: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """The cells of a sheet's part that show an error, by (row, column) from 0."""
    row = -1
    for kind, body in _records(part):
        if kind == _ROW:
            row = _number(body, 0)
        elif kind in (_CELL_ERROR, _FORMULA_ERROR) and len(body) > 8:
            yield (row, _number(body, 0)), _ERRORS.get(body[8], "#VALUE!")


def merges(part: bytes) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """The merged ranges of a sheet's part: their first and last cells."""
    for kind, body in _records(part):
        if kind == _MERGE and len(body) >= 16:
            top, bottom, left, right = (_number(body, at) for at in (0, 4, 8, 12))
            yield (top, left), (bottom, right)


def sheet_ids(part: bytes) -> list[str]:
    """The relation ids of the sheets that a workbook's part lists."""
    return [_text(body, 8) for kind, body in _records(part) if kind == _SHEET]


def _records(stream: bytes) -> Iterator[Record]:
    return islice(_all_records(stream), _MOST_RECORDS)


def _all_records(stream: bytes) -> Iterator[Record]:
    """The records of a part: a number of one or two bytes, a length of up to four, seven bits in each, and a body."""
    at = 0
    while at < len(stream):
        kind = stream[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | (stream[at] & 0x7F) << 7
            at += 1
        length = shift = 0
        for byte in stream[at : at + 4]:
            length |= (byte & 0x7F) << shift
            shift += 7
            at += 1
            if not byte & 0x80:
                break
        yield kind, stream[at : at + length]
        at += length


def _number(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 4], "little")


def _text(body: bytes, at: int) -> str:
    return body[at + 4 : at + 4 + 2 * _number(body, at)].decode("utf-16-le")

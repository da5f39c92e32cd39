"""What the records of an .xls tell beforehand: how far its cells reach, and how many there are ([MS-XLS] 2.3)."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

import olefile

from pipeline.read.grids.layout import TooLargeError

_DIMENSIONS = (0x0000, 0x0200)
_FORMULAS, _BOOL_OR_ERROR = (0x0006, 0x0206, 0x0406), (0x0005, 0x0205)
_VALUES = (0x0002, 0x0003, 0x0004, 0x0203, 0x0204, 0x00BD, 0x00D6, 0x00FD, 0x027E)
_CELLS = {*_FORMULAS, *_BOOL_OR_ERROR, *_VALUES}
_STARTS = (0x0009, 0x0209, 0x0409, 0x0809)
_HEAD, _PLACE = struct.Struct("<HH"), struct.Struct("<HH")
_MOST_CELLS = 400_000
"""xlrd keeps each of them."""


@dataclass(frozen=True)
class Extent:
    """The cells of the rectangles that calamine would lay out, one for each sheet, and whether a cell may show an error."""

    area: int
    errors: bool


def extent_of(data: bytes) -> Extent:
    """The extent of an .xls, in its container or without; TooLargeError where no reader can bear its cells."""
    if data.startswith(olefile.MAGIC):
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            name = next(n for n in ole.listdir() if n[-1].lower() in ("workbook", "book"))
            data = ole.openstream(name).read()
    area = done = count = rows = columns = at = 0
    errors = False
    while at + 8 <= len(data):
        kind, length = _HEAD.unpack_from(data, at)
        if kind in _CELLS:
            r, c = _PLACE.unpack_from(data, at + 4)
            rows, columns, count = max(rows, r + 1), max(columns, c + 1), count + 1
            area = max(area, done + rows * columns)
            errors = errors or kind in _FORMULAS or kind in _BOOL_OR_ERROR
        elif kind in _STARTS:
            rows = columns = 0
            done = area
        elif kind in _DIMENSIONS:
            area = max(area, done + _declared(data[at + 4 : at + 4 + length]))
        if count > _MOST_CELLS:
            raise TooLargeError
        at += 4 + length
    return Extent(area, errors)


def _declared(body: bytes) -> int:
    """The cells a sheet says it has; calamine makes room for them."""
    form = {14: "<IIHH", 10: "<HHHH", 8: "<HHHH"}.get(len(body))
    if form is None:
        return 0
    top, bottom, left, right = struct.unpack_from(form, body)
    return int(max(bottom - top, 0) * max(right - left, 0))

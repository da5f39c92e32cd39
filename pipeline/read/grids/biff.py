"""What the records of an .xls tell before it is read ([MS-XLS] 2.3): how much there is of it, in which code page, and more.

xlrd reads the records; what it does not look at is looked at here.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import olefile

from pipeline.read.grids.layout import MAX_COLUMNS, MAX_ROWS, TooLargeError

_FORMULAS, _BLANKS, _MULTIPLE = (0x0006, 0x0206, 0x0406), (0x0001, 0x0201, 0x00BE), (0x00BD,)
_CELLS = {
    *_FORMULAS, *_BLANKS, *_MULTIPLE,
    0x0002, 0x0003, 0x0004, 0x0005, 0x0203, 0x0204, 0x0205, 0x00D6, 0x00FD, 0x027E,
}  # fmt: skip
_LABEL_2, _LABELS, _STRINGS, _BOUNDSHEET, _CODEPAGE = 0x0004, (0x0204, 0x00D6), (0x0007, 0x0207), 0x0085, 0x0042
_STARTS = {0x0009: 2, 0x0209: 3, 0x0409: 4, 0x0809: 5}
_UNICODE = b"\x00\x06"
_LOCKED = 0x002F
_HEAD, _PLACE = struct.Struct("<HH"), struct.Struct("<HH")
_MAX_CELLS = 400_000
"""xlrd keeps each of them."""

_IGNORED_RECORD = 0x0FFF
"""The number of no record; readers pass over it."""

_ON_LOAD = 2
"""The flag of a formula that is to be calculated when the book is opened."""

UNCALCULATED = 0xEE
"""The code of no error; it takes the place of a result that nobody calculated."""

_CHINESE = "gb18030"
_TRUSTED = {932: "cp932", 949: "cp949", 950: "cp950", 1251: "cp1251"}
_NAMED = {
    936: _CHINESE,
    10008: _CHINESE,
    1252: "cp1252",
    10000: "mac_roman",
    437: "cp437",
    850: "cp850",
    32769: "cp1252",
}


@dataclass
class Stream:
    """The records of a book, without those no form reaches, and the code page in which its 8-bit texts are written."""

    records: bytearray
    version: int = 0
    codepage: int | None = None
    texts: list[bytes] = field(default_factory=list)
    zeros: list[int] = field(default_factory=list)
    calculated: bool = False

    @property
    def unicode(self) -> bool:
        """Whether its texts are not 8-bit ones."""
        return self.version >= 8

    @cached_property
    def encoding(self) -> str:
        """The code page of the texts: the Chinese one where they all can be read in it, whatever the book says."""
        if self.codepage in _TRUSTED:
            return _TRUSTED[self.codepage]
        found = [t for t in self.texts if not t.isascii()]
        if found and sum(map(_is_chinese, found)) * 10 >= len(found) * 9:
            return _CHINESE
        return _NAMED.get(self.codepage or 0, "cp1252")


def _is_chinese(text: bytes) -> bool:
    try:
        text.decode("gbk")
    except UnicodeDecodeError:
        return False
    return True


def stream_of(data: bytes) -> Stream:
    """The records of an .xls, in its container or without; TooLargeError where there are more cells than xlrd can keep.

    Results of formulas that were never calculated are an error there: programs write 0 and ask for a calculation when the
    book is opened. Where any such formula has another result, or none asks, the results are what they are.
    """
    if data.startswith(olefile.MAGIC):
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            names = {path[-1].lower(): path for path in ole.listdir()}
            # A book saved for Excel 95 and 97 is there twice.
            data = ole.openstream(names["workbook"] if "workbook" in names else names["book"]).read()
    stream, count = Stream(bytearray(data)), 0
    for at, kind, length in _records(data):
        if kind in _CELLS:
            count += _cell(stream, at, kind, length)
            if count > _MAX_CELLS:
                raise TooLargeError
        else:
            if kind == _LOCKED:  # what was unlocked in place still says that it is locked
                _HEAD.pack_into(stream.records, at - 4, _IGNORED_RECORD, length)
            _take(stream, kind, data[at : at + length])
    for at in () if stream.calculated else stream.zeros:
        stream.records[at : at + 8] = bytes([2, 0, UNCALCULATED, 0, 0, 0, 0xFF, 0xFF])
    return stream


def _take(stream: Stream, kind: int, body: bytes) -> None:
    """Takes what a record tells that is no cell."""
    if kind in _STARTS and not stream.version:
        stream.version = 8 if body.startswith(_UNICODE) and _STARTS[kind] == 5 else _STARTS[kind]
    elif kind == _CODEPAGE and len(body) >= 2:
        stream.codepage = int.from_bytes(body[:2], "little")
    elif kind == _BOUNDSHEET and not stream.unicode:
        stream.texts.append(body[7:])
    elif kind in _STRINGS and not stream.unicode:
        stream.texts.append(body[1 if stream.version == 2 else 2 :])


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Where the body of each record begins, its kind and its length."""
    at = 0
    while at + 4 <= len(data):
        kind, length = _HEAD.unpack_from(data, at)
        yield at + 4, kind, length
        at += 4 + length


def _cell(stream: Stream, at: int, kind: int, length: int) -> int:
    """How many cells the record counts as; blank ones and those farther off than a form reaches are taken out."""
    if length < 4:
        return 0
    row, column = _PLACE.unpack_from(stream.records, at)
    if kind in _BLANKS or row >= MAX_ROWS or column >= MAX_COLUMNS:
        _HEAD.pack_into(stream.records, at - 4, _IGNORED_RECORD, length)
        return 0
    if kind in _FORMULAS:
        _formula(stream, at, length)
    elif not stream.unicode and (kind in _LABELS or kind == _LABEL_2):
        stream.texts.append(bytes(stream.records[at + 8 : at + length]))
    return length // 2 if kind in _MULTIPLE else 1


def _formula(stream: Stream, at: int, length: int) -> None:
    """Looks at the result of a formula that asks to be calculated when the book is opened."""
    result = at + (7 if stream.version == 2 else 6)
    if length < result + 10 - at:
        return
    value, flags = bytes(stream.records[result : result + 8]), stream.records[result + 8]
    if flags & _ON_LOAD and not any(value):
        stream.zeros.append(result)
    elif flags & _ON_LOAD and (value[6:] != b"\xff\xff" or value[0] not in (2, 3)):
        stream.calculated = True

"""An .xlsb to grids of what is seen, from its records ([MS-XLSB] 2.1.4).

calamine gives neither errors nor merges of it, takes days for numbers, and stops at a sheet that is all chart.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pipeline.model import Unresolved
from pipeline.read.grids.codes import BUILT_IN, GENERAL
from pipeline.read.grids.layout import MAX_ROWS, Book, BookBuilder
from pipeline.read.grids.package import Listed, Package
from pipeline.read.grids.sheets import NO_HEIGHT, Sheet
from pipeline.read.grids.sight import PLAIN, Font, Look, Runs, seen_number, seen_text
from pipeline.read.grids.workbook import FORMULA, LOST_TEXT, Results, read_sheets
from pipeline.read.text import MAX_TEXT

_ROW, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = 0, 2, 3, 4, 5, 6, 7
_FORMULA_TEXT, _FORMULA_REAL, _FORMULA_BOOL, _FORMULA_ERROR, _RICH_TEXT = 8, 9, 10, 11, 62
_SHARED_TEXT, _FONT, _FORMAT, _LOOK, _COLUMNS, _VIEW = 19, 43, 44, 47, 60, 137
_BOOK_PROPERTIES, _SHEET, _CALCULATION, _MERGE, _LOOKS, _LOOKS_END = 153, 156, 157, 176, 617, 618
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_MAX_RECORDS = 1_000_000
_HIDDEN_ROW, _HIDDEN_COLUMN, _ZEROS, _STRUCK, _RICH = 0x10, 0x01, 0x10, 0x08, 0x01
_TWIPS, _NARROW = 20, 25
_SHIFTS = {1: 1, 2: -1}

Record = tuple[int, bytes]


@dataclass(frozen=True)
class _Common:
    """What all sheets of a book share; a text comes with the places where its font changes."""

    looks: list[Look]
    fonts: list[Font]
    texts: list[tuple[str, list[tuple[int, int]]]]
    from_1904: bool
    results: Results


def read_xlsb(data: bytes) -> Book:
    """The visible sheets; a damaged one costs itself and a note."""
    package, builder = Package(data), BookBuilder()
    listed, from_1904, asked = _workbook(package)
    fonts, looks = _looks(package)
    common = _Common(looks, fonts, _texts(package), from_1904, Results(asked))
    read_sheets(listed, lambda one: _sheet(one.name, package.sheet(one.part), common), builder, common.results)
    return builder.book()


def _workbook(package: Package) -> tuple[list[Listed], bool, bool]:
    listed, from_1904, asked = list[Listed](), False, False
    for kind, body in _records(package.part(package.workbook)):
        if kind == _SHEET:
            relation, at = _text(body, 8)
            listed.append(Listed(_text(body, at)[0], _number(body, 0) != 0, *package.target(relation)))
        elif kind == _BOOK_PROPERTIES:
            from_1904 = bool(_number(body, 0) & 1)
        elif kind == _CALCULATION:
            asked = bool(body[24:25] and body[24] & 1)
    return listed, from_1904, asked


def _looks(package: Package) -> tuple[list[Font], list[Look]]:
    fonts, looks, codes, cells = list[Font](), list[Look](), dict[int, str](), False
    for kind, body in _records(_part(package, "styles")):
        if kind == _FONT:
            struck, shift = bool(_short(body, 2) & _STRUCK), _SHIFTS.get(_short(body, 6), 0)
            fonts.append(Font(struck, shift, _text(body, 21)[0]))
        elif kind == _FORMAT:
            codes[_short(body, 0)] = _text(body, 2)[0]
        elif kind in (_LOOKS, _LOOKS_END):
            cells = kind == _LOOKS
        elif kind == _LOOK and cells:
            code, font = _short(body, 2), _short(body, 4)
            looks.append(
                Look(fonts[font] if font < len(fonts) else PLAIN, codes.get(code) or BUILT_IN.get(code, GENERAL))
            )
    return fonts, looks


def _texts(package: Package) -> list[tuple[str, list[tuple[int, int]]]]:
    return [_rich(body, 0) for kind, body in _records(_part(package, "sharedStrings")) if kind == _SHARED_TEXT]


def _part(package: Package, ending: str) -> bytes:
    name = package.related(ending)
    try:
        return package.part(name) if name else b""
    except KeyError:
        return b""


# -- a sheet ----------------------------------------------------------------------------------------------------------


def _sheet(name: str, part: bytes, common: _Common) -> Sheet:
    sheet, row, zeros = Sheet(name), -1, True
    for kind, body in _records(part):
        if kind == _ROW:
            row = _number(body, 0)
            if body[11] & _HIDDEN_ROW or _short(body, 8) < NO_HEIGHT * _TWIPS:
                sheet.hide_rows(row, row)
        elif kind == _COLUMNS:
            if _short(body, 16) & _HIDDEN_COLUMN or _number(body, 8) < _NARROW:
                sheet.hide_columns(_number(body, 0), _number(body, 4))
        elif kind == _VIEW:
            zeros = bool(_short(body, 0) & _ZEROS)
        elif kind == _MERGE:
            top, bottom, left, right = (_number(body, at) for at in (0, 4, 8, 12))
            sheet.merge((top, left), (bottom, right))
        elif (_RK <= kind <= _FORMULA_ERROR or kind == _RICH_TEXT) and row < MAX_ROWS:
            _put(sheet, row, kind, body, common, zeros=zeros)
    return sheet


def _put(sheet: Sheet, row: int, kind: int, body: bytes, common: _Common, *, zeros: bool) -> None:
    column, number = _number(body, 0), _number(body, 4) & 0xFFFFFF
    look = common.looks[number] if number < len(common.looks) else Look()
    value = _stored(kind, body, common, look)
    if _FORMULA_TEXT <= kind <= _FORMULA_ERROR:
        common.results.note(sheet, (row, column), FORMULA, value)
    if isinstance(value, float):
        value = seen_number(value, look, from_1904=common.from_1904, zeros=zeros)
    elif isinstance(value, list):
        value = seen_text(value, look)
    sheet.put(row, column, value)


def _stored(kind: int, body: bytes, common: _Common, look: Look) -> object:
    """What a cell holds: a number, a text in pieces, a bool or an error."""
    if kind in (_ERROR, _FORMULA_ERROR):
        return Unresolved(_ERRORS.get(body[8], "#VALUE!"))
    if kind in (_BOOL, _FORMULA_BOOL):
        return bool(body[8]) if look.font.is_plain else [(str(bool(body[8])).upper(), look.font)]
    if kind == _RK:
        return _packed(_number(body, 8))
    if kind in (_REAL, _FORMULA_REAL):
        return float(struct.unpack_from("<d", body, 8)[0])
    if kind == _SHARED:
        number = _number(body, 8)
        return _runs(common.texts[number], common, look) if number < len(common.texts) else Unresolved(LOST_TEXT)
    return _runs(_rich(body, 8) if kind == _RICH_TEXT else (_text(body, 8)[0], []), common, look)


def _packed(number: int) -> float:
    """A number kept in four bytes: the first half of a float or a whole number, perhaps a hundredfold."""
    if number & 2:
        value = float((number ^ 1 << 31) - (1 << 31) >> 2)
    else:
        value = float(struct.unpack("<d", bytes(4) + struct.pack("<I", number & 0xFFFFFFFC))[0])
    return value / 100 if number & 1 else value


def _runs(rich: tuple[str, list[tuple[int, int]]], common: _Common, look: Look) -> Runs:
    text, starts = rich
    edges = [(0, look.font)]
    edges += [(at, common.fonts[n] if n < len(common.fonts) else PLAIN) for at, n in starts]
    ends = [at for at, _ in edges[1:]] + [len(text)]
    return [(text[at:end], font) for (at, font), end in zip(edges, ends, strict=True)]


# -- records ----------------------------------------------------------------------------------------------------------


def _records(stream: bytes) -> Iterator[Record]:
    return islice(_all_records(stream), _MAX_RECORDS)


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


def _short(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 2], "little")


def _text(body: bytes, at: int) -> tuple[str, int]:
    """The text that begins there, and where it ends."""
    end = at + 4 + 2 * _number(body, at)
    return body[at + 4 : min(end, at + 4 + 2 * MAX_TEXT)].decode("utf-16-le", "replace"), end


def _rich(body: bytes, at: int) -> tuple[str, list[tuple[int, int]]]:
    """A text and where its font changes to which."""
    text, end = _text(body, at + 1)
    count = _number(body, end) if body[at] & _RICH else 0
    return text, [
        (_short(body, p), _short(body, p + 2)) for p in range(end + 4, min(end + 4 + 4 * count, len(body)), 4)
    ]

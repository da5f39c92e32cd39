"""The looks of an .xlsx's cells from its styles part, and the signs by which a part shows that it is not plain."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from xml.etree import ElementTree

from pipeline.archive import archive
from pipeline.read.grids.codes import BUILT_IN, GENERAL
from pipeline.read.grids.formats import is_plain
from pipeline.read.grids.markup import children, utf8
from pipeline.read.grids.package import is_small
from pipeline.read.grids.sight import Font, Look

_STYLES, _TEXTS = "xl/styles.xml", "xl/sharedStrings.xml"
_SHEETS, _NEVER_ODD = "xl/worksheets/sheet", ("docProps/", "xl/theme/", "[Content_Types]", "xl/workbook.xml")
_MUCH = 4 * 2**20
_FONT_SIGNS = (b"strike", b"vertAlign", b"ings", b"ymbol", b"ingbats", b"arlett", b"Sorts", b"\0")
_TEXT_SIGNS = (*_FONT_SIGNS, b"_x0")
_SHEET_SIGNS = (b"hidden", b' ht="0', b'width="0', b"inlineStr", b"showZeros", b" </")
_ODD_BYTES, _DECLARATION = (b"'", b"\n", b"\r", b"\t", b"\0"), 80
"""No program that writes plain sheets has such a byte behind the XML declaration; so the other signs are those in '"'."""

_SHEET_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        rb'="[bde]"',  # true and false, dates, errors
        rb"f[\s>/]",  # a formula
        rb"v>\s",
        rb'r="(?:[A-Za-z]{3}[0-9]|[A-Za-z]{1,2}[0-9]{4})',  # a far-off cell
        rb'ref="(?:[0-9]|[A-Z]+:)',  # whole rows or columns
    )
]
_ELSEWHERE = (b"sheetData", b"sst", b"cellXfs", b"\0")
"""What shows that a part of another name is a sheet, the texts or the styles."""

_CODE = re.compile(r'numFmtId="([0-9]+)" formatCode="([^"]*)"')
_ENCODING = re.compile(rb"encoding=[\"'](?!utf-?8[\"'])", re.I)
_DATES = {*range(14, 37), *range(45, 59)}
"""The numbers of built-in dates; some readers go by them whatever code a book gives to the number."""


def is_plain_book(data: bytes) -> bool:
    """Whether an .xlsx can hold nothing but plain values in plain cells, as nearly all do.

    False where that is not seen at once: a formula, an error, something hidden, a format that shows another number, struck
    out or raised text, a far-off cell, an encoding that is not UTF-8. Whatever zipfile raises where it is no archive.
    """
    if not is_small(data):
        return False
    found = archive(data)
    parts = [(n, size) for n, size in found.sizes if n[-4:].lower() == ".xml" and not n.startswith(_NEVER_ODD)]
    if sum([size for _, size in parts]) > _MUCH:
        return False
    return all(_is_plain_part(name, found.read(name)) for name, _ in parts)


def _is_plain_part(name: str, part: bytes) -> bool:
    if _ENCODING.search(part, 0, 100):
        return False
    if name == _STYLES:
        return _styles_are_plain(part)
    if name == _TEXTS:
        return not _holds(part, _TEXT_SIGNS)
    if name.startswith(_SHEETS):
        return _is_plain_sheet(part)
    return not _holds(part, _ELSEWHERE)


def _is_plain_sheet(part: bytes) -> bool:
    if max(part.find(byte, _DECLARATION) for byte in _ODD_BYTES) >= 0 or _holds(part, _SHEET_SIGNS):
        return False
    return not any(pattern.search(part) for pattern in _SHEET_PATTERNS)


def _holds(part: bytes, signs: tuple[bytes, ...]) -> bool:
    for sign in signs:  # noqa: SIM110  any() over a generator takes twice as long, and every file is looked at
        if sign in part:
            return True
    return False


@lru_cache(maxsize=128)
def _styles_are_plain(part: bytes) -> bool:
    """Whether no cell can look like anything but what it holds; forms that come from one office have the same styles."""
    codes = _CODE.findall(part.decode("utf-8", "replace"))
    if part.count(b"formatCode") > len(codes) or any(int(number) in _DATES for number, _ in codes):
        return False
    if not _holds(part, _FONT_SIGNS) and all(is_plain(unescape(code)) for _, code in codes):
        return True
    try:
        return all(look.is_plain for look in (*looks_of(part), *conditional_looks_of(part)))
    except (ElementTree.ParseError, ValueError):
        return False


# -- the looks --------------------------------------------------------------------------------------------------------


def looks_of(xml: bytes) -> tuple[Look, ...]:
    """The looks of cells, by the number by which they name theirs."""
    parts = dict(children(ElementTree.fromstring(utf8(xml))))
    codes = (
        {e.get("numFmtId", ""): e.get("formatCode", "") for _, e in children(parts["numFmts"])}
        if "numFmts" in parts
        else {}
    )
    fonts = [font_of(e) for _, e in children(parts["fonts"])] if "fonts" in parts else []
    return tuple(_look(e, fonts, codes) for _, e in children(parts["cellXfs"])) if "cellXfs" in parts else ()


def conditional_looks_of(xml: bytes) -> tuple[Look, ...]:
    """The looks that conditional formats give, by the number by which they name theirs."""
    parts = dict(children(ElementTree.fromstring(utf8(xml))))
    return tuple(_difference(dict(children(e))) for _, e in children(parts["dxfs"])) if "dxfs" in parts else ()


def _difference(parts: dict[str, ElementTree.Element]) -> Look:
    code = parts["numFmt"].get("formatCode", GENERAL) if "numFmt" in parts else GENERAL
    return Look(font_of(parts["font"]) if "font" in parts else Font(), code)


def _look(xf: ElementTree.Element, fonts: list[Font], codes: dict[str, str]) -> Look:
    number, font = xf.get("numFmtId", "0"), int(xf.get("fontId", 0))
    code = codes.get(number) or BUILT_IN.get(int(number), GENERAL)
    return Look(fonts[font] if 0 <= font < len(fonts) else Font(), code)


def font_of(element: ElementTree.Element) -> Font:
    """The font that an element describes, of a cell or of a piece of its text."""
    parts = dict(children(element))
    struck = any(name in parts and parts[name].get("val", "1") not in ("0", "false") for name in ("strike", "dstrike"))
    shift = parts["vertAlign"].get("val", "") if "vertAlign" in parts else ""
    name = next((parts[n].get("val", "") for n in ("rFont", "name") if n in parts), "")
    return Font(struck, {"superscript": 1, "subscript": -1}.get(shift, 0), name)

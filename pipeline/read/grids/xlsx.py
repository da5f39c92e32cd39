"""An .xlsx to grids of what is seen, where anything about it is more than plain values in plain cells.

calamine reads the plain ones, nearly all of them, in a tenth of the time.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from pipeline.model import Unresolved
from pipeline.read.grids.conditional import take_conditional
from pipeline.read.grids.formats import as_day
from pipeline.read.grids.layout import MAX_COLUMNS, MAX_ROWS, Book, BookBuilder
from pipeline.read.grids.markup import children, elements, is_on, utf8
from pipeline.read.grids.package import WORKSHEET, Listed, Package
from pipeline.read.grids.sheets import NO_HEIGHT, Position, Sheet, position, range_of
from pipeline.read.grids.sight import Font, Look, seen_number, seen_text
from pipeline.read.grids.styles import conditional_looks_of, font_of, looks_of
from pipeline.read.grids.workbook import FORMULA, LOST_TEXT, Results, read_sheets
from pipeline.read.text import MAX_TEXT

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?\bref=[\"']([^\"'<>]*)[\"']")
_NARROW = 0.1

Texts = list[tuple[tuple[str, Font | None], ...]]
"""The texts that sheets share, each in pieces; a piece without a font has that of its cell."""


@dataclass(frozen=True)
class _Common:
    """What all sheets of a book share."""

    looks: tuple[Look, ...]
    conditional: tuple[Look, ...]
    texts: Texts
    from_1904: bool
    results: Results


def read_xlsx(data: bytes) -> Book:
    """The visible sheets; a damaged one costs itself and a note. ValueError where none can be read."""
    package, builder = Package(data), BookBuilder()
    listed, common = _workbook(package)
    read_sheets(listed, lambda one: _sheet(one.name, package.sheet(one.part), common), builder, common.results)
    if package.cut:
        builder.note("工作表过大，只读了前面的部分")
    return builder.book()


def formulas_without_result(data: bytes) -> dict[int, set[Position]]:
    """The places of formulas that nobody calculated, and of those that show an error, by the number of their sheet."""
    try:
        package = Package(data)
        listed, common = _workbook(package)
        worksheets = [(number, one) for number, one in enumerate(listed) if one.kind == WORKSHEET]
        read = {number: _sheet(one.name, package.sheet(one.part), common) for number, one in worksheets}
    except Exception:  # noqa: BLE001  a book too odd for this look has none that it could tell
        return {}
    common.results.settle()
    return {
        number: {at for at, v in sheet.cells.items() if isinstance(v, Unresolved) and v.startswith(("=", "#"))}
        for number, sheet in read.items()
    }


def _workbook(package: Package) -> tuple[list[Listed], _Common]:
    """The sheets as they are listed, and what they share."""
    listed, from_1904, asked = list[Listed](), False, False
    for e in ElementTree.fromstring(utf8(package.part(package.workbook))).iter():
        name = e.tag.rpartition("}")[2]
        if name == "workbookPr":
            from_1904 = is_on(e.get("date1904"))
        elif name == "calcPr":
            asked = is_on(e.get("fullCalcOnLoad"))
        elif name == "sheet":
            relation = next((v for k, v in e.attrib.items() if k.endswith("}id")), "")
            kind, part = package.target(relation)
            hidden = e.get("state", "") in ("hidden", "veryHidden")
            listed.append(Listed(e.get("name", ""), hidden, kind, part))
    looks, conditional = _looks(package)
    return listed, _Common(looks, conditional, _texts(package), from_1904, Results(asked))


def _looks(package: Package) -> tuple[tuple[Look, ...], tuple[Look, ...]]:
    """The looks of cells, and those that conditional formats give them."""
    part = package.related("styles")
    try:
        styles = package.part(part or "")
        return looks_of(styles), conditional_looks_of(styles)
    except (KeyError, ElementTree.ParseError):
        return (), ()


def _texts(package: Package) -> Texts:
    """The shared texts; the parser's error where they are damaged, for then nobody knows what is missing."""
    part = package.related("sharedStrings")
    try:
        xml = package.part(part) if part else b""
    except KeyError:
        return []
    texts: Texts = []
    for event, name, e in elements(xml) if xml.strip() else ():
        if event == "end" and name == "si":
            texts.append(tuple(_pieces(e)))
            e.clear()
    return texts


def _pieces(element: ElementTree.Element) -> Iterator[tuple[str, Font | None]]:
    """The pieces of a text; what is written above it to say how it is pronounced is none."""
    for name, e in children(element):
        if name == "t":
            yield _unescaped(e.text or ""), None
        elif name == "r":
            parts = dict(children(e))
            font = font_of(parts["rPr"]) if "rPr" in parts else None
            yield _unescaped((parts["t"].text or "") if "t" in parts else ""), font


def _unescaped(text: str) -> str:
    text = text[:MAX_TEXT]
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


# -- a sheet ----------------------------------------------------------------------------------------------------------


def _sheet(name: str, xml: bytes, common: _Common) -> Sheet:
    sheet, at, zeros = Sheet(name), -1, True
    formatting: list[ElementTree.Element] = []
    for event, tag, e in elements(xml):
        if event == "start":
            if tag == "row":
                at = int(e.get("r", at + 2)) - 1
            elif tag == "sheetView":
                zeros = e.get("showZeros", "1") not in ("0", "false")
        elif tag == "row":
            if at < MAX_ROWS:
                _row(sheet, at, e, common, zeros=zeros)
            e.clear()
            if sheet.full:
                for m in _MERGED.finditer(xml):  # they stand behind the rows, which are not read to their end
                    sheet.merge(*range_of(m[1].decode("ascii", "replace")))
                break
        elif tag == "conditionalFormatting":
            formatting.append(e)
        else:
            _take(sheet, tag, e)
    take_conditional(sheet, formatting, common.conditional, from_1904=common.from_1904, zeros=zeros)
    return sheet


def _take(sheet: Sheet, tag: str, e: ElementTree.Element) -> None:
    """Takes what stands on a sheet around its rows."""
    if tag == "col" and _is_unseen(e, "width", _NARROW):
        sheet.hide_columns(int(e.get("min", 1)) - 1, int(e.get("max", 1)) - 1)
    elif tag == "mergeCell":
        sheet.merge(*range_of(e.get("ref", "")))
    elif tag == "sheetData":
        e.clear()


def _is_unseen(e: ElementTree.Element, size: str, least: float) -> bool:
    """Whether a row or a column is hidden, or too small to be seen."""
    try:
        return is_on(e.get("hidden")) or float(e.get(size, least)) < least
    except ValueError:
        return False


def _row(sheet: Sheet, at: int, row: ElementTree.Element, common: _Common, *, zeros: bool) -> None:
    if _is_unseen(row, "ht", NO_HEIGHT):
        sheet.hide_rows(at, at)
    column = -1
    for name, c in children(row):
        if name != "c":
            continue
        place = position(c.get("r", ""))
        column = place[1] if place else column + 1
        if column < MAX_COLUMNS:
            _put(sheet, (at, column), c, common, zeros=zeros)


def _put(sheet: Sheet, place: Position, c: ElementTree.Element, common: _Common, *, zeros: bool) -> None:
    parts, kind = dict(children(c)), c.get("t", "n")
    stored = (parts["v"].text or "") if "v" in parts else ""
    formula = f"={parts['f'].text}" if "f" in parts and parts["f"].text else FORMULA
    if "f" in parts and not stored.strip() and kind != "str":
        sheet.put(*place, Unresolved(formula))
        return
    value = _stored(kind, stored, parts.get("is"), common)
    if "f" in parts:
        common.results.note(sheet, place, formula, value)
    number = int(c.get("s", 0)) if c.get("s", "0").isdecimal() else 0
    look = common.looks[number] if number < len(common.looks) else Look()
    sheet.put(*place, _seen(value, look, common, zeros=zeros))


def _stored(kind: str, stored: str, inline: ElementTree.Element | None, common: _Common) -> object:
    """What a cell holds: a number, a text in pieces, a bool, a date or an error; None where it is blank."""
    if kind == "inlineStr":
        return tuple(_pieces(inline)) if inline is not None else None
    if kind == "str":
        return ((_unescaped(stored), None),)
    bare = stored.strip()
    return _READ.get(kind, _number)(bare, common.texts) if bare else None


def _shared(bare: str, texts: Texts) -> object:
    number = int(bare)
    return texts[number] if 0 <= number < len(texts) else Unresolved(LOST_TEXT)


def _number(bare: str, _: Texts) -> object:
    try:
        return float(bare.replace("_", "?"))  # Python's own 1_000 is no number to anyone else
    except ValueError:
        return ((bare, None),)


def _date(bare: str, _: Texts) -> object:
    try:
        return as_day(dt.datetime.fromisoformat(bare).replace(tzinfo=None))
    except ValueError:
        return ((bare, None),)


_READ: dict[str, Callable[[str, Texts], object]] = {
    "s": _shared,
    "d": _date,
    "e": lambda bare, _: Unresolved(bare),
    "b": lambda bare, _: bare.lower() in ("1", "true"),
}


def _seen(value: object, look: Look, common: _Common, *, zeros: bool) -> object:
    if isinstance(value, tuple):
        return seen_text([(text, look.font if font is None else font) for text, font in value], look)
    if isinstance(value, float):
        return seen_number(value, look, from_1904=common.from_1904, zeros=zeros)
    if isinstance(value, bool) and not look.font.is_plain:
        return seen_text([(str(value).upper(), look.font)], Look(look.font))
    return value

"""OpenDocument spreadsheets, packed or flat, to grids of what is seen (OpenDocument 1.3, part 3)."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from xml.etree import ElementTree

from pipeline.model import Unresolved
from pipeline.read.grids.formats import ANOTHER, NUMBER, Shown, as_day, shown_as
from pipeline.read.grids.layout import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Book, BookBuilder, TooLargeError
from pipeline.read.grids.markup import attributes, children, elements, whole
from pipeline.read.grids.odstyles import Style, add_style, styles_of
from pipeline.read.grids.sheets import Sheet, put_sheets
from pipeline.read.grids.sight import Font, Look, seen_text
from pipeline.read.grids.spreadsheetml import LARGEST, xml_of

_UNSEEN = ("collapse", "filter")
_GROUPS = ("table-row-group", "table-column-group")
_NO_TEXT = ("annotation", "ruby-text", "note")


@dataclass
class _Table:
    """A sheet in the making, and how far it is."""

    sheet: Sheet
    hidden: bool
    row: int = 0
    column: int = 0
    folded: int = 0
    columns: list[str] = field(default_factory=list)


def read_opendocument(data: bytes) -> Book:
    """The visible sheets of an .ods."""
    with zipfile.ZipFile(BytesIO(data)) as z:
        names = {n.lower(): n for n in z.namelist()}
        for name in ("content.xml", "styles.xml"):
            if name in names and z.getinfo(names[name]).file_size > LARGEST:
                raise TooLargeError
        styles = styles_of(z.read(names["styles.xml"])) if "styles.xml" in names else {}
        return _book(z.read(names["content.xml"]), styles)


def read_flat_opendocument(data: bytes) -> Book:
    """The visible sheets of an .fods, the same in one XML file."""
    return _book(xml_of(data), {})


# -- tables -----------------------------------------------------------------------------------------------------------


def _book(xml: bytes, styles: dict[str, Style]) -> Book:
    builder, sheets = BookBuilder(), list[Sheet]()
    for table in _tables(xml, styles):
        if table.hidden:
            builder.hidden(table.sheet.name)
        else:
            sheets.append(table.sheet)
    put_sheets(builder, sheets)
    return builder.book()


def _tables(xml: bytes, styles: dict[str, Style]) -> Iterator[_Table]:
    """The tables; the styles come first and are added to those given. A table in a cell is none of its own."""
    table, depth, room = _Table(Sheet(""), hidden=False), 0, MAX_CELLS
    for event, tag, e in elements(xml):
        if tag == "table":
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                table = _begun(attributes(e), styles)
            elif event == "end" and not depth:
                yield table
                e.clear()
        elif tag in _GROUPS and attributes(e).get("display") == "false":
            table.folded += 1 if event == "start" else -1
        elif event == "end" and tag == "style":
            add_style(styles, e)
        elif event == "end" and depth == 1 and tag in ("table-column", "table-row"):
            room -= 1 + len(e)
            if room > 0:
                (_add_rows if tag == "table-row" else _add_columns)(table, e, styles)
            e.clear()


def _begun(about: dict[str, str], styles: dict[str, Style]) -> _Table:
    style = styles.get(about.get("style-name", ""), Style())
    return _Table(Sheet(about.get("name", "")), style.hidden or about.get("display") == "false")


def _add_columns(table: _Table, element: ElementTree.Element, styles: dict[str, Style]) -> None:
    about = attributes(element)
    count = whole(about.get("number-columns-repeated"), 1)
    if _is_unseen(table, about, styles):
        table.sheet.hide_columns(table.column, table.column + count - 1)
    room = max(min(count, MAX_COLUMNS - len(table.columns)), 0)
    table.columns += [about.get("default-cell-style-name", "")] * room
    table.column += count


def _is_unseen(table: _Table, about: dict[str, str], styles: dict[str, Style]) -> bool:
    style = styles.get(about.get("style-name", ""), Style())
    return table.folded > 0 or style.hidden or about.get("visibility") in _UNSEEN


def _add_rows(table: _Table, element: ElementTree.Element, styles: dict[str, Style]) -> None:
    """Puts a row as many times as it is repeated."""
    about = attributes(element)
    count = whole(about.get("number-rows-repeated"), 1)
    if _is_unseen(table, about, styles):
        table.sheet.hide_rows(table.row, table.row + count - 1)
    cells = list(islice(_cells(table, element, about.get("default-cell-style-name", ""), styles), MAX_COLUMNS))
    filled = any(value is not None for _, value in cells)
    for row in range(table.row, min(table.row + count, MAX_ROWS) if filled else table.row):
        for column, value in cells:
            table.sheet.put(row, column, value)
        if table.sheet.full:
            break
    table.row += count


def _cells(
    table: _Table, row: ElementTree.Element, style: str, styles: dict[str, Style]
) -> Iterator[tuple[int, object]]:
    """The columns of a row with what is seen there; a covered cell lies under a merge."""
    column = 0
    for tag, cell in children(row):
        if tag not in ("table-cell", "covered-table-cell"):
            continue
        about = attributes(cell)
        count = min(whole(about.get("number-columns-repeated"), 1), MAX_COLUMNS - column)
        across, down = whole(about.get("number-columns-spanned"), 1), whole(about.get("number-rows-spanned"), 1)
        if across > 1 or down > 1:
            table.sheet.merge((table.row, column), (table.row + max(down, 1) - 1, column + max(across, 1) - 1))
        if tag == "table-cell" and (len(cell) or "formula" in about or "value-type" in about):
            default = table.columns[column] if column < len(table.columns) else ""
            font = styles.get(about.get("style-name") or style or default, Style()).font
            value = _seen(cell, about, font, styles)
            yield from ((column + n, value) for n in range(count if value is not None else 0))
        column += count
        if column >= MAX_COLUMNS:
            return


# -- a cell -----------------------------------------------------------------------------------------------------------


def _seen(cell: ElementTree.Element, about: dict[str, str], font: Font, styles: dict[str, Style]) -> object:
    paragraphs = [e for tag, e in children(cell) if tag == "p"]  # those of a comment stand deeper
    runs = list(_joined(paragraphs, font, styles))
    text, kind, formula = "".join(t for t, _ in runs), about.get("value-type", ""), about.get("formula", "")
    if "error" in [v for k, v in cell.attrib.items() if k.endswith("}value-type")]:
        return Unresolved(text or "#VALUE!")
    # A formula whose result is an empty text has no value-type, but an (empty) paragraph.
    if formula and not paragraphs and (not kind or about.get("value") == "0"):
        return Unresolved("=" + formula.rpartition(":=")[2].removeprefix("="))
    try:
        if "value" in about:
            return _number(float(about["value"]), runs, font, has_text=bool(paragraphs))
        value = _moment_or_answer(about) if all(own.is_plain for _, own in runs) else None
    except ValueError:
        return text
    return seen_text(runs or [(about.get("string-value", ""), font)], Look(font)) if value is None else value


def _moment_or_answer(about: dict[str, str]) -> object:
    """The date or the bool of a cell, None where it holds neither."""
    if "date-value" in about:
        # Two moments of different zones are equal where what the sheet shows is not.
        return as_day(dt.datetime.fromisoformat(about["date-value"]).replace(tzinfo=None))
    return about["boolean-value"] == "true" if "boolean-value" in about else None


def _number(value: float, runs: list[tuple[str, Font]], font: Font, *, has_text: bool) -> object:
    """What is seen of a number; a program that writes no text (it is not `has_text`) shows the number itself."""
    text = "".join(t for t, _ in runs)
    if has_text and not text.strip():
        return Unresolved(f"{value:.15g}（不显示）")
    shown = shown_as(text, value) if has_text else Shown(f"{value:.15g}", NUMBER)
    if shown.says == NUMBER and all(own.is_plain for _, own in runs or [("", font)]):
        return value
    seen = seen_text(runs or [(shown.text, font)], Look())
    return Unresolved(seen) if shown.says == ANOTHER and isinstance(seen, str) else seen


def _joined(paragraphs: list[ElementTree.Element], font: Font, styles: dict[str, Style]) -> Iterator[tuple[str, Font]]:
    for number, paragraph in enumerate(paragraphs):
        if number:
            yield "\n", font
        yield from _runs(paragraph, font, styles)


def _runs(element: ElementTree.Element, font: Font, styles: dict[str, Style]) -> Iterator[tuple[str, Font]]:
    """A text in pieces, each with its font; spaces and breaks are elements there."""
    if element.text:
        yield element.text, font
    for tag, e in children(element):
        if tag in ("s", "tab", "line-break"):
            yield " ", font
        elif tag not in _NO_TEXT:
            yield from _runs(e, _span_font(attributes(e), font, styles), styles)
        if e.tail:
            yield e.tail, font


def _span_font(about: dict[str, str], font: Font, styles: dict[str, Style]) -> Font:
    """The font of a piece of text: its style's, where that says anything of it."""
    own = styles.get(about.get("style-name", ""), Style()).font
    return Font(font.struck or own.struck, own.shift or font.shift, own.name or font.name)

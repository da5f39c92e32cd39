"""Cells that calamine gives as blank though they are not: errors, and formulas saved without their result.

A blank cell is asked about (CELL-1), an error must be corrected (CELL-2); so both are told apart here, in the file's
own XML, which no style or extension can keep from being read.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from pipeline.model import Unresolved
from pipeline.read import biff12

Merge = tuple[tuple[int, int], tuple[int, int]]
Cells = dict[tuple[int, int], Unresolved]
_SUSPECT = re.compile(rb"<(?:\w+:)?f[\s>/]|\bt=[\"']e[\"']")
_SUSPECT_ODS = re.compile(rb"table:formula=|value-type=[\"']error[\"']")
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_FORMULA = "=公式"
_LARGEST_PART = 64 * 2**20
_FILLED = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\br=[\"']([A-Za-z]{1,3}[0-9]{1,7})[\"'][^<>]*(?<!/)>\s*<")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^<>]*?\bref=[\"']([A-Za-z]{1,3}[0-9]{1,7}):([A-Za-z]{1,3}[0-9]{1,7})[\"']"
)
_FAR = 2**40
_WIDEST = 300


def unresolved(data: bytes, kind: str, sheet: int) -> Cells:
    """Errors and formulas without result of the sheet with that number, by (row, column) from 0.

    A file too odd for this second look gives none.
    """
    look = {"xlsx": _xlsx, "xls": _xls, "ods": _ods, "xlsb": _xlsb}.get(kind)
    try:
        return dict(look(data, sheet)) if look else {}
    except Exception:  # noqa: BLE001  calamine has read the file; what this look cannot read stays blank
        return {}


def _xlsx(data: bytes, sheet: int) -> Iterator[tuple[tuple[int, int], Unresolved]]:
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        xml = _part(z, _sheet_part(z, sheet))
    if not _SUSPECT.search(xml):
        return
    at = (-1, -1)
    for event, e in ElementTree.iterparse(io.BytesIO(xml), ("start", "end")):
        name = e.tag.rpartition("}")[2]
        if event == "start" and name == "row":
            at = (int(e.get("r", at[0] + 2)) - 1, -1)
        elif event == "start" and name == "c":
            at = _position(e.get("r")) or (at[0], at[1] + 1)
        elif event == "end" and name == "c":
            told = _told({c.tag.rpartition("}")[2]: c.text or "" for c in e}, e.get("t"))
            e.clear()
            if told:
                yield at, Unresolved(told)


def _told(parts: dict[str, str], kind: str | None) -> str:
    if kind == "e":
        return parts.get("v", "#VALUE!")
    if "f" in parts and not parts.get("v") and kind != "str":
        return f"={parts['f']}" if parts["f"] else _FORMULA
    return ""


def _position(reference: str | None) -> tuple[int, int] | None:
    m = _REFERENCE.fullmatch(reference or "")
    if not m:
        return None
    column = 0
    for letter in m[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(m[2]) - 1, column - 1


def _sheet_part(z: zipfile.ZipFile, sheet: int) -> str:
    """The name of the part that holds the sheet with that number."""
    book = next(n for n in z.namelist() if n.replace("\\", "/").lower().endswith("workbook.xml"))
    folder, _, name = book.replace("\\", "/").rpartition("/")
    tree = ElementTree.fromstring(_part(z, book))
    ids = [
        next(v for k, v in e.attrib.items() if k.endswith("}id"))
        for e in tree.iter()
        if e.tag.rpartition("}")[2] == "sheet"
    ]
    folder = f"{folder}/" if folder else ""
    relations = ElementTree.fromstring(_part(z, f"{folder}_rels/{name}.rels"))
    target = {r.get("Id"): r.get("Target", "") for r in relations}[ids[sheet]]
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}{target}")


def _part(z: zipfile.ZipFile, name: str) -> bytes:
    wanted = name.replace("\\", "/").lower()
    info = next(i for i in z.infolist() if i.filename.replace("\\", "/").lower() == wanted)
    if info.file_size > _LARGEST_PART:
        raise ValueError(name)
    return z.read(info)


def cell_area(data: bytes, kind: str, sheet: int) -> int:
    """The cells of the rectangle that holds every cell with content; 0 where that cannot be told beforehand."""
    if kind != "xlsx":
        return 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            xml = _part(z, _sheet_part(z, sheet))
    except ValueError:
        return _FAR
    except Exception:  # noqa: BLE001  calamine will say what is wrong
        return 0
    places = [p for m in _FILLED.finditer(xml) if (p := _position(m[1].decode()))]
    if not places:
        return 0
    rows, columns = ({p[i] for p in places} for i in (0, 1))
    return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)


def xlrd_value(book: Any, cell: Any) -> object:
    """A cell of xlrd as a grid holds it."""
    import xlrd

    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Unresolved(xlrd.error_text_from_code.get(cell.value, "#VALUE!"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):
            return cell.value
    return None if cell.value == "" else cell.value


def _xls(data: bytes, sheet: int) -> Iterator[tuple[tuple[int, int], Unresolved]]:
    import xlrd

    book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=True)
    cells = book.sheet_by_index(sheet)
    for r in range(cells.nrows):
        for c, kind in enumerate(cells.row_types(r)):
            if kind == xlrd.XL_CELL_ERROR:
                yield (r, c), Unresolved(xlrd.error_text_from_code.get(cells.cell_value(r, c), "#VALUE!"))


def _xlsb(data: bytes, sheet: int) -> Iterator[tuple[tuple[int, int], Unresolved]]:
    # A formula without result cannot be told from one whose result is 0 or an empty text.
    yield from ((at, Unresolved(told)) for at, told in biff12.errors(data, sheet))


def _ods(data: bytes, sheet: int) -> Iterator[tuple[tuple[int, int], Unresolved]]:
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        xml = _part(z, "content.xml")
    if not _SUSPECT_ODS.search(xml):
        return
    table = [e for e in ElementTree.fromstring(xml).iter() if e.tag.endswith("}table")][sheet]
    r = 0
    for row in (e for e in table.iter() if e.tag.endswith("}table-row")):
        c = 0
        for cell in row:
            told = _told_ods(cell)
            if told:
                yield (r, c), Unresolved(told)
            c += _repeated(cell, "columns")
        r += _repeated(row, "rows")


def merged(data: bytes, kind: str, sheet: int) -> list[Merge]:
    """The merged ranges of a sheet whose reader does not tell them; none where this look fails."""
    try:
        if kind == "xlsb":
            return list(biff12.merges(data, sheet))
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            xml = _part(z, _sheet_part(z, sheet))
    except Exception:  # noqa: BLE001  as above
        return []
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        xml = xml.decode("utf-16", "replace").encode()
    corners = ((_position(m[1].decode()), _position(m[2].decode())) for m in _MERGED.finditer(xml))
    return [(first, last) for first, last in corners if first and last]


def covered(data: bytes, kind: str, sheet: int) -> list[tuple[int, int]]:
    """The cells under merges of an .ods, which calamine gives with the values hidden there and without the merges."""
    if kind != "ods":
        return []
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        xml = _part(z, "content.xml")
    if b"covered-table-cell" not in xml:
        return []
    table = [e for e in ElementTree.fromstring(xml).iter() if e.tag.endswith("}table")][sheet]
    found, r = [], 0
    for row in (e for e in table.iter() if e.tag.endswith("}table-row")):
        c = 0
        for cell in row:
            width = _repeated(cell, "columns")
            if cell.tag.endswith("}covered-table-cell"):
                found += [(r, at) for at in range(c, c + min(width, _WIDEST))]
            c += width
        r += _repeated(row, "rows")
    return found


def _told_ods(cell: ElementTree.Element) -> str:
    about = {k.rpartition("}")[2]: v for k, v in cell.attrib.items()}
    kinds = [v for k, v in cell.attrib.items() if k.endswith("}value-type")]
    if "error" in kinds:
        return "".join(cell.itertext()) or "#VALUE!"
    # A formula whose result is an empty text has no value-type, but an (empty) paragraph.
    if "formula" in about and not kinds and len(cell) == 0:
        return "=" + about["formula"].rpartition(":=")[2].removeprefix("=")
    return ""


def _repeated(element: ElementTree.Element, what: str) -> int:
    return next((int(v) for k, v in element.attrib.items() if k.endswith(f"}}number-{what}-repeated")), 1)

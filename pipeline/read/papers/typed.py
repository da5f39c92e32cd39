"""What staff have typed, coloured or commented in a workbook of the outbox since it was written."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree
from python_calamine import CalamineWorkbook

from pipeline import digest
from pipeline.digest import COMMENTS, DRAWINGS, Written
from pipeline.output_marker import marker_of

_PROPERTIES = "docProps/custom.xml"
_COMMENTS = re.compile(r"xl/(?:.*/)?(?:threaded)?comments?[^/]*/?[^/]*\.xml", re.I)
_DRAWING = re.compile(r"xl/drawings/[^/]+\.xml")
_MEDIA = re.compile(r"xl/media/")


def typed_on(data: bytes) -> list[str]:
    """The sheets on which something stands that did not when the program wrote the workbook, 批注 and 图形 among them."""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        custom = z.read(_PROPERTIES) if _PROPERTIES in z.namelist() else b""
    return digest.differing(digests_of(data), custom)


def digests_of(data: bytes) -> dict[str, str]:
    """The digest of each sheet of an .xlsx, and those of its comments and drawings."""
    import openpyxl

    kind = marker_of(data)
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    plain = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found = {
        sheet.title: digest.of_sheet(kind, sheet.title, _cells(sheet, _covered(plain, sheet.title)))
        for sheet in book.worksheets
    }
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        found[COMMENTS] = digest.of_texts(sorted(_texts(z, _COMMENTS, "comment", "threadedComment")))
        media = [name for name in z.namelist() if _MEDIA.match(name)]
        found[DRAWINGS] = digest.of_texts(
            [*sorted(_texts(z, _DRAWING, "txBody")), *([str(len(media))] if media else [])]
        )
    return found


def _covered(book: CalamineWorkbook, name: str) -> set[tuple[int, int]]:
    """The cells that a merge hides: programs keep or drop what is in them."""
    covered: set[tuple[int, int]] = set()
    for first, last in book.get_sheet_by_name(name).merged_cell_ranges or ():
        covered |= {(r, c) for r in range(first[0], last[0] + 1) for c in range(first[1], last[1] + 1)} - {first}
    return covered


def _cells(sheet: Any, covered: set[tuple[int, int]]) -> Iterator[Written]:
    sheet.reset_dimensions()
    looks: dict[int, str] = {}
    for row in sheet.iter_rows():
        for cell in row:
            style = getattr(cell, "_style_id", None)
            if style is None:  # nothing is there
                continue
            if style not in looks:
                looks[style] = _look(cell)
            place = cell.row - 1, cell.column - 1
            if place not in covered and (looks[style] or cell.value is not None):
                yield Written(*place, digest.value_of(getattr(cell.value, "text", cell.value)), looks[style])


def _look(cell: Any) -> str:
    fill, font = cell.fill, cell.font
    kind = getattr(fill, "fill_type", "gradient")
    paper = "" if kind in (None, "none") else _colour(getattr(fill, "fgColor", None)) or str(kind)
    return digest.look_of(paper, _colour(font.color), struck=bool(font.strike))


def _colour(colour: Any) -> str:
    """A colour as RRGGBB, or as what stands for it; '' for the one that a program takes by itself."""
    if colour is None:
        return ""
    if colour.type == "rgb":
        return str(colour.rgb)
    if colour.type == "theme":
        return "" if colour.theme in (0, 1) and not colour.tint else f"T{colour.theme}{colour.tint:+.2f}"[:6]
    return "" if colour.type == "indexed" and colour.indexed >= 64 else f"I{colour.value}"


def _texts(z: zipfile.ZipFile, part: re.Pattern[str], *elements: str) -> Iterator[str]:
    """The texts of those elements in the parts so named."""
    for name in z.namelist():
        if part.fullmatch(name):
            root = etree.fromstring(z.read(name), etree.XMLParser(resolve_entities=False, huge_tree=True))
            for element in root.iter(*(f"{{*}}{e}" for e in elements)):
                if text := digest.value_of("".join(element.itertext())):
                    yield text

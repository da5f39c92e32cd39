"""The styles of OpenDocument files: of their texts, and of rows, columns and sheets that are not seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from xml.etree import ElementTree

from pipeline.read.grids.markup import attributes, children, elements
from pipeline.read.grids.sight import PLAIN, Font

_NO_SIZE = 0.3
"""Millimetres: a row or a column less high or wide shows nothing that could be read."""

_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 0.353, "pc": 4.23, "px": 0.265}
_CELL = "table-cell"
_FAMILIES = (_CELL, "table", "table-row", "table-column", "text")


@dataclass(frozen=True)
class Style:
    """What matters of a style: the font of its text, and whether it leaves anything to be seen."""

    font: Font = PLAIN
    hidden: bool = False


def styles_of(xml: bytes) -> dict[str, Style]:
    """The styles of a part, by their names."""
    found: dict[str, Style] = {}
    try:
        for event, tag, e in elements(xml):
            if event == "end" and tag in ("style", "default-style"):
                add_style(found, e)
    except ElementTree.ParseError:
        pass  # what stands before the damage is good
    return found


def add_style(styles: dict[str, Style], element: ElementTree.Element) -> None:
    """Adds a style, with what it has from the one it is based on."""
    about = attributes(element)
    if about.get("family", _CELL) not in (_FAMILIES if "name" in about else (_CELL,)):
        return
    style = styles.get(about.get("parent-style-name", ""), Style())
    for _, e in children(element):
        declared = attributes(e)
        style = replace(style, font=_font(declared, style.font), hidden=style.hidden or _is_nothing(declared))
    styles[about.get("name", "")] = style


def _is_nothing(declared: dict[str, str]) -> bool:
    """Whether a sheet, a row or a column of that style is not seen."""
    size = declared.get("row-height") or declared.get("column-width") or ""
    try:
        small = bool(size) and float(size[:-2]) * _MILLIMETRES.get(size[-2:], 1.0) < _NO_SIZE
    except ValueError:
        small = False
    return declared.get("display") == "false" or small


def _font(declared: dict[str, str], font: Font) -> Font:
    lines = [declared[name] for name in ("text-line-through-style", "text-line-through-type") if name in declared]
    if lines:
        font = replace(font, struck=all(line != "none" for line in lines))
    if "text-position" in declared:
        font = replace(font, shift=_shift(declared["text-position"].partition(" ")[0]))
    name = declared.get("font-name") or declared.get("font-family")
    return replace(font, name=name.strip("'\"")) if name else font


def _shift(position: str) -> int:
    if position in ("super", "sub"):
        return 1 if position == "super" else -1
    try:
        height = float(position.rstrip("%"))
    except ValueError:
        return 0
    return (height > 0) - (height < 0)

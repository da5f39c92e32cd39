"""What a Word document shows: its lines and its tables, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from pipeline.model import Unresolved
from pipeline.read.grids.layout import MAX_COLUMNS, MAX_ROWS
from pipeline.read.grids.sight import PLAIN, Font, Look, seen_text
from pipeline.read.grids.wordcontrols import settle_controls, shown_by
from pipeline.read.grids.wordfile import WordFile
from pipeline.read.grids.wordxml import (
    attribute,
    child,
    elements,
    first,
    inside,
    is_covered,
    is_deleted,
    is_hidden,
    name,
    number,
    signed,
    toggled,
)

_PIECES = 300
"""A cell or a paragraph with more pieces of text holds no figure and no caption."""

_MAX_DEPTH = 8
"""How deep tables are nested at most."""

_UNSEEN = {"del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "rubyPr", "Fallback", "rPr", "pPr", "sdtPr", "fldData", "ffData", "pict", "object", "drawing", "p", "tbl", "txbxContent", "binData"}  # fmt: skip
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\u00ad"}
_NOTES = ("footnoteReference", "endnoteReference")

Row = list[object]
Block = str | list[Row]
"""A line of text, or the rows of a table."""

Run = tuple[str, Font, int]
"""A piece of text, its font, and by how many half points it stands above its line."""


@dataclass
class Word:
    """A document being read; `notes` tell what of it is not seen, once its blocks were taken."""

    file: WordFile
    notes: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._styles = {attribute(s, "styleId"): s for s in elements(self.file.styles, "style")}
        for root in (self.file.body, *self.file.headers):
            settle_controls(root)
        if next(elements(self.file.body, "del", "moveFrom"), None) is not None:
            self.notes["修订中删除或移走的内容未读"] = None

    def blocks(self) -> Iterator[Block]:
        """What is seen, from above: of the page headers the lines that name something, then the text with its tables."""
        for header in self.file.headers:
            yield from (line for line in self._lines(header) if ":" in line or "：" in line)
        body = child(self.file.body, "body")
        yield from self._blocks(self.file.body if body is None else body, 0)

    def _lines(self, parent: Any) -> Iterator[str]:
        for p in elements(parent, "p"):
            if text := self._line(p):
                yield text

    def _blocks(self, parent: Any, depth: int) -> Iterator[Block]:
        for element in inside(parent, ("p", "tbl")):
            if name(element) == "p":
                yield from self._paragraph(element, depth)
            elif depth < _MAX_DEPTH:
                yield from self._table(element, depth)

    def _paragraph(self, p: Any, depth: int) -> Iterator[Block]:
        """A paragraph's line, and what stands in the text boxes that hang on it."""
        if text := self._line(p):
            yield text
        for box in elements(p, "txbxContent") if depth < _MAX_DEPTH else ():
            yield from self._blocks(box, depth + 1)
        yield from (text for path in elements(p, "textpath") if (text := attribute(path, "string")))

    def _line(self, p: Any) -> str:
        seen = _seen(list(self._runs(p)))
        return seen if type(seen) is str else ""

    def _table(self, tbl: Any, depth: int) -> Iterator[Block]:
        """The lines of the text boxes in a table, its rows, and where it holds tables what stands in its cells."""
        rows = list(islice(inside(tbl, ("tr",)), MAX_ROWS))
        for box in elements(tbl, "txbxContent"):
            yield from self._lines(box)
        hidden = {number: tr for number, tr in enumerate(rows, 1) if is_hidden(tr)}
        if hidden:
            self.notes[f"隐藏的行（第{'、'.join(map(str, islice(hidden, _PIECES)))}行）未读"] = None
        yield [[] if number in hidden else self._row(tr) for number, tr in enumerate(rows, 1)]
        if any(True for _ in islice(elements(tbl, "tbl"), 1, 2)):
            for tr in rows:
                for tc in inside(tr, ("tc",)):
                    yield from self._blocks(tc, depth + 1)

    def _row(self, tr: Any) -> Row:
        row: Row = [None] * number(child(child(tr, "trPr"), "gridBefore"), 0)
        for tc in islice(inside(tr, ("tc",)), MAX_COLUMNS):
            about = child(tc, "tcPr")
            if child(about, "cellDel") is not None:
                continue  # deleted while changes were tracked: the cells behind it have moved up
            row += [None if is_covered(about) else self._cell(tc)]
            row += [None] * (number(child(about, "gridSpan"), 1) - 1)
        return row

    def _cell(self, tc: Any) -> object:
        runs: list[Run] = []
        for p in islice(self._paragraphs_of_cell(tc), _PIECES):
            here = list(self._runs(p))
            # Paragraphs stay apart: 1 and 2 in two of them are no 12.
            runs += [("\n", PLAIN, 0), *here] if runs and here else here
        return _seen(runs) or _formula(tc)

    def _paragraphs_of_cell(self, tc: Any) -> Iterator[Any]:
        """The paragraphs of a cell; those of a table in it of one cell, which is but a frame, are its own."""
        for element in inside(tc, ("p", "tbl")):
            if name(element) == "p":
                yield element
            elif len(cells := list(islice(elements(element, "tc"), 2))) == 1:
                yield from inside(cells[0], ("p",))

    # -- runs -----------------------------------------------------------------------------------------------------

    def _runs(self, p: Any) -> Iterator[Run]:
        """The pieces of text that a paragraph shows."""
        style = attribute(child(child(p, "pPr"), "pStyle"), "val")
        return islice(self._pieces(p, style, (PLAIN, 0), []), _PIECES)

    def _pieces(self, node: Any, style: str, look: tuple[Font, int] | None, fields: list[bool]) -> Iterator[Run]:
        """Those under a node. `look` is None where text is hidden; `fields` tell of each open field if its result has begun."""
        for element in node:
            what = name(element)
            if what in _UNSEEN or is_deleted(element):
                continue
            if what == "den" and look:  # a fraction's lower half
                yield "/", *look
            if what == "r":
                inner = self._look(element, style)
                if inner and look and look[0].shift:  # a formula's exponent stands high, whatever its font says
                    inner = replace(inner[0], shift=look[0].shift), inner[1]
                yield from self._pieces(element, style, inner, fields)
            elif what == "fldChar":
                yield from _field(element, fields, look)
            elif (text := _text(element, what)) is not None:
                if look and all(fields):
                    font = Font(shift=1) if what in _NOTES else _symbol(element, look[0])
                    yield text, font, look[1]
            elif what in ("sup", "sub"):
                raised = (replace(look[0], shift=1 if what == "sup" else -1), look[1]) if look else None
                yield from self._pieces(element, style, raised, fields)
            else:
                yield from self._pieces(element, style, look, fields)

    def _look(self, run: Any, paragraph_style: str) -> tuple[Font, int] | None:
        """The font of a run and how high it stands, None where it is hidden."""
        about = child(run, "rPr")
        if not (self._styles or (about is not None and len(about))):
            return PLAIN, 0
        levels = [self._properties(attribute(child(about, "rStyle"), "val")), self._properties(paragraph_style)]
        if toggled("vanish", about, levels):
            self.notes["隐藏的文字未读"] = None
            return None
        every = [about, *levels[0], *levels[1]]
        shift = {"superscript": 1, "subscript": -1}.get(first(every, "vertAlign", "val"), 0)
        struck = toggled("strike", about, levels) or toggled("dstrike", about, levels)
        font = first(every, "rFonts", "ascii") or first(every, "rFonts", "hAnsi")
        return Font(struck, shift, font), signed(first(every, "position", "val"))

    def _properties(self, style: str) -> Sequence[Any]:
        """The run properties of a style and of those it is based on, the nearest first."""
        found, seen = [], set[str]()
        while style in self._styles and style not in seen:
            seen.add(style)
            found.append(child(self._styles[style], "rPr"))
            style = attribute(child(self._styles[style], "basedOn"), "val")
        return found


def _seen(runs: Sequence[Run]) -> object:
    """What is seen of pieces of text. Text that all stands as high is on its line, wherever that is."""
    heights = {height for text, _, height in runs if text.strip()}
    if len(heights) > 1:
        runs = [(text, replace(font, shift=font.shift or (h > 0) - (h < 0)), h) for text, font, h in runs]
    seen = seen_text([(text, font) for text, font, _ in runs], Look())
    return seen or None


def _formula(tc: Any) -> Unresolved | None:
    """The formula in a cell that shows nothing: one that was never calculated."""
    codes = (
        *(e.text or "" for e in elements(tc, "instrText")),
        *(attribute(e, "instr") for e in elements(tc, "fldSimple")),
    )
    return next((Unresolved(code.strip()) for code in codes if code.strip().startswith("=")), None)


def _text(element: Any, what: str) -> str | None:
    """What an element of a run shows, None where it is no text."""
    if what == "t":
        return element.text or ""
    if what == "sym":
        return _character(attribute(element, "char"))
    return "*" if what in _NOTES else _SIGNS.get(what)


@lru_cache(maxsize=256)
def _character(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return "?"


def _symbol(element: Any, font: Font) -> Font:
    """The font of a piece; a symbol names its own."""
    return replace(font, name=attribute(element, "font")) if name(element) == "sym" else font


def _field(mark: Any, fields: list[bool], look: tuple[Font, int] | None) -> Iterator[Run]:
    """Takes a field's begin, middle or end; a form's box or list shows what was ticked or chosen."""
    kind = attribute(mark, "fldCharType")
    if kind == "begin":
        if look and all(fields) and (chosen := shown_by(child(mark, "ffData"))):
            yield chosen, PLAIN, look[1]
        fields.append(False)
    elif fields and kind == "separate":
        fields[-1] = True
    elif fields and kind == "end":
        fields.pop()

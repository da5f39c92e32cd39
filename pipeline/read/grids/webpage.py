"""What a web page shows: its lines and its tables, without what its styles hide; also Excel's own pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pipeline.model import Unresolved
from pipeline.read.grids.encodings import XML_DECLARATION
from pipeline.read.grids.layout import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from pipeline.read.grids.sight import PLAIN, Font, Look, seen_text
from pipeline.read.grids.webstyle import Style, rules, styled
from pipeline.read.grids.word import Block, Row

_PIECES = 300
"""A cell with more pieces of text holds no figure and no caption."""

_MAX_DEPTH = 12
_UNSEEN = {
    "script",
    "style",
    "head",
    "title",
    "template",
    "noscript",
    "rt",
    "rp",
    "select",
    "textarea",
    "object",
    "svg",
}
_BREAKING = {"p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "dt", "dd", "blockquote", "pre", "table"}  # fmt: skip
_SPACES = re.compile(r"[\t\n\r ]+")
_TICKED, _UNTICKED = "√", "□"


@dataclass
class WebPage:
    """A page being read; `notes` tell what of it is not seen, once its blocks were taken."""

    text: str
    notes: dict[str, None] = field(default_factory=dict)

    def blocks(self) -> Iterator[Block]:
        """What is seen, from above: lines of text, and the rows of each table."""
        from lxml import html

        tree: Any = html.document_fromstring(XML_DECLARATION.sub("", self.text) or "<p></p>")
        self._rules = rules(s.text or "" for s in tree.iter("style"))
        yield from self._blocks(tree, Style(), 0)

    def _blocks(self, parent: Any, style: Style, depth: int) -> Iterator[Block]:
        """The blocks in an element: the text between two tables or paragraphs is a line."""
        runs: list[tuple[str, Font]] = []
        for what in self._flow(parent, style):
            if isinstance(what, tuple):
                runs.append(what)
                continue
            yield from _line(runs)
            runs = []
            if what is not None and depth < _MAX_DEPTH:
                element, own = what
                yield from self._table(element, own, depth)
        yield from _line(runs)

    def _flow(self, parent: Any, style: Style, *, inside: bool = False) -> Iterator[Any]:
        """The runs of text in an element, None where a line ends, and each table with its style."""
        if not style.blank:
            yield from _run(parent.text, style)
        for element in parent:
            what = element.tag if isinstance(element.tag, str) else "comment"
            own = self._style(element, style) if what != "comment" else style
            if what == "br":
                yield None if not inside else ("\n", PLAIN)
            elif what == "comment" or what in _UNSEEN or own.gone:
                pass
            elif what == "table":
                yield [element, own]
            elif what == "input":
                yield from _run(_ticked(element), own)
            else:
                yield from (
                    self._parted(element, own, inside=inside)
                    if what in _BREAKING
                    else self._flow(element, own, inside=inside)
                )
            if not style.blank:
                yield from _run(element.tail, style)

    def _parted(self, element: Any, style: Style, *, inside: bool) -> Iterator[Any]:
        yield ("\n", PLAIN) if inside else None
        yield from self._flow(element, style, inside=inside)
        yield ("\n", PLAIN) if inside else None

    # -- tables ---------------------------------------------------------------------------------------------------

    def _table(self, table: Any, style: Style, depth: int) -> Iterator[Block]:
        """The table's caption, its rows, and where it holds tables what stands in its cells."""
        for caption in table.iterchildren("caption"):
            yield from self._blocks(caption, style, depth)
        rows = [(tr, self._style(tr, s)) for tr, s in islice(self._rows(table, style), MAX_ROWS)]
        yield self._laid_out(rows, self._hidden_columns(table))
        if next(table.iterdescendants("table"), None) is not None:
            for tr, of_row in rows:
                for td in tr if not of_row.gone else ():
                    if td.tag in ("td", "th") and not (own := self._style(td, of_row)).gone:
                        yield from self._blocks(td, own, depth + 1)

    def _rows(self, table: Any, style: Style) -> Iterator[tuple[Any, Style]]:
        for element in table:
            if element.tag == "tr":
                yield element, style
            elif element.tag in ("thead", "tbody", "tfoot"):
                own = self._style(element, style)
                yield from ((tr, own) for tr in element if tr.tag == "tr")

    def _hidden_columns(self, table: Any) -> set[int]:
        """The columns that the table's <col> elements hide."""
        hidden, at = set[int](), 0
        for col in islice(table.iter("col"), MAX_COLUMNS):
            width = _span(col.get("span"))
            style = self._style(col, Style())
            if style.gone or style.blank:
                hidden.update(range(at, min(at + width, MAX_COLUMNS)))
            at += width
        return hidden

    def _laid_out(self, rows: list[tuple[Any, Style]], hidden: set[int]) -> list[Row]:
        """Rows of spanning cells as those of a grid, each value in the first of its cells that is seen."""
        covered: dict[int, int] = {}
        found: list[Row] = []
        unseen, left_out = set[int](), set[int]()
        room = MAX_CELLS
        for number, (tr, style) in enumerate(rows, 1):
            room -= len(tr)
            if room < -MAX_COLUMNS:  # more than any book takes
                break
            row: Row = []
            below = {c: n - 1 for c, n in covered.items() if n > 1}
            for td in islice(tr, MAX_COLUMNS):
                own = self._style(td, style) if td.tag in ("td", "th") else Style(gone=True)
                if own.gone and not style.gone:
                    continue
                while len(row) in covered:
                    row.append(None)
                if len(row) >= MAX_COLUMNS:
                    break
                height, width = _span(td.get("rowspan")), _span(td.get("colspan"))
                place = next((c for c in range(len(row), len(row) + width) if c not in hidden), None)
                below |= {c: height - 1 for c in range(len(row), len(row) + width) if height > 1}
                row += [None] * width
                if place is not None and not (style.gone or own.blank):
                    row[place] = self._cell(td, own)
                elif any(text.strip() for text in islice(td.itertext(), _PIECES)):
                    (unseen if style.gone or own.blank else left_out).add(
                        number if style.gone or own.blank else len(row)
                    )
            found.append(row)
            covered = below
        self._note("行", unseen)
        self._note("列", left_out)
        return found

    def _note(self, what: str, numbers: set[int]) -> None:
        if numbers:
            listing = "、".join(map(str, sorted(numbers)[:_PIECES]))
            self.notes[f"隐藏的{what}（第{listing}{what}）未读"] = None

    def _cell(self, td: Any, style: Style) -> object:
        if td.get("x:err") is not None:
            return Unresolved(td.get("x:err") or "#")
        runs = [what for what in islice(self._flow(td, style, inside=True), _PIECES) if isinstance(what, tuple)]
        seen = _seen(runs)
        stored = _number(td.get("x:num"))
        shown = _number(seen) if type(seen) is str else None
        # Excel keeps beside what it shows the number that it stands for.
        return Unresolved(seen) if stored is not None and shown is not None and shown != stored else seen

    def _style(self, element: Any, around: Style) -> Style:
        return styled(element, around, self._rules)


# -- text -------------------------------------------------------------------------------------------------------------


def _run(text: str | None, style: Style) -> Iterator[tuple[str, Font]]:
    if text:
        yield _SPACES.sub(" ", text), style.font


def _ticked(element: Any) -> str:
    """What a field of a form shows."""
    if (element.get("type") or "text").lower() in ("checkbox", "radio"):
        return _TICKED if element.get("checked") is not None else _UNTICKED
    return "" if (element.get("type") or "").lower() in ("hidden", "submit", "button") else element.get("value") or ""


def _seen(runs: list[tuple[str, Font]]) -> object:
    seen = seen_text(runs, Look())
    return type(seen)(seen.strip("\n")) if isinstance(seen, str) else seen


def _line(runs: list[tuple[str, Font]]) -> Iterator[str]:
    seen = _seen(runs)
    if type(seen) is str and seen.strip():
        yield seen


def _number(text: object) -> float | None:
    try:
        return float(str(text).replace(",", "")) if text else None
    except ValueError:
        return None


def _span(text: str | None) -> int:
    return min(max(int(text), 1), MAX_COLUMNS) if text and re.fullmatch(r"\s*[0-9]{1,5}\s*", text) else 1

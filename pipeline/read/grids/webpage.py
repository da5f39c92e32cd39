"""What a web page shows: its lines and its tables, without what its styles hide; also Excel's own pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from pipeline.model import Unresolved
from pipeline.read.grids.kinds import XML_DECLARATION
from pipeline.read.grids.layout import MAX_COLUMNS, MAX_ROWS
from pipeline.read.grids.sight import PLAIN, Font, Look, seen_text
from pipeline.read.grids.word import Block, Row

_PIECES = 300
"""A cell with more pieces of text holds no figure and no caption."""

_DEEPEST = 12
_MOST_RULES = 2_000
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
_STRUCK = {"s", "strike", "del"}
_SHIFT = {"sup": 1, "sub": -1}
_BREAKING = {"p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "dt", "dd", "blockquote", "pre", "table"}  # fmt: skip
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.S)
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?(?:([.#])([\w-]+))?", re.I)
_SPACES = re.compile(r"[\t\n\r ]+")
_NOTHING = re.compile(r"0+(?:\.0*)?(?:px|pt|in|cm|mm|em|%)?")
_TICKED, _UNTICKED = "√", "□"


@dataclass(frozen=True)
class _Style:
    """What styles make of an element: `gone` leaves no room, `blank` does, `font` is that of its text."""

    gone: bool = False
    blank: bool = False
    font: Font = PLAIN


@dataclass
class WebPage:
    """A page being read; `notes` tell what of it is not seen, once its blocks were taken."""

    text: str
    notes: dict[str, None] = field(default_factory=dict)

    def blocks(self) -> Iterator[Block]:
        """What is seen, from above: lines of text, and the rows of each table."""
        from lxml import html

        tree: Any = html.document_fromstring(XML_DECLARATION.sub("", self.text) or "<p></p>")
        self._rules = _rules("".join(s.text or "" for s in tree.iter("style")))
        yield from self._blocks(tree, _Style(), 0)

    def _blocks(self, parent: Any, style: _Style, depth: int) -> Iterator[Block]:
        """The blocks in an element: the text between two tables or paragraphs is a line."""
        runs: list[tuple[str, Font]] = []
        for what in self._flow(parent, style):
            if isinstance(what, tuple):
                runs.append(what)
                continue
            yield from _line(runs)
            runs = []
            if what is not None and depth < _DEEPEST:
                yield from self._table(*what, depth)
        yield from _line(runs)

    def _flow(self, parent: Any, style: _Style, *, inside: bool = False) -> Iterator[Any]:
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

    def _parted(self, element: Any, style: _Style, *, inside: bool) -> Iterator[Any]:
        yield ("\n", PLAIN) if inside else None
        yield from self._flow(element, style, inside=inside)
        yield ("\n", PLAIN) if inside else None

    # -- tables ---------------------------------------------------------------------------------------------------

    def _table(self, table: Any, style: _Style, depth: int) -> Iterator[Block]:
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

    def _rows(self, table: Any, style: _Style) -> Iterator[tuple[Any, _Style]]:
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
            style = self._style(col, _Style())
            if style.gone or style.blank:
                hidden.update(range(at, min(at + width, MAX_COLUMNS)))
            at += width
        return hidden

    def _laid_out(self, rows: list[tuple[Any, _Style]], hidden: set[int]) -> list[Row]:
        """Rows of spanning cells as those of a grid, each value in the first of its cells that is seen."""
        covered: dict[int, int] = {}
        found: list[Row] = []
        unseen, left_out = set[int](), set[int]()
        for number, (tr, style) in enumerate(rows, 1):
            row: Row = []
            below = {c: n - 1 for c, n in covered.items() if n > 1}
            for td in islice(tr, MAX_COLUMNS):
                own = self._style(td, style) if td.tag in ("td", "th") else _Style(gone=True)
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
            told = "、".join(map(str, sorted(numbers)[:_PIECES]))
            self.notes[f"隐藏的{what}（第{told}{what}）未读"] = None

    def _cell(self, td: Any, style: _Style) -> object:
        if td.get("x:err") is not None:
            return Unresolved(td.get("x:err") or "#")
        runs = [what for what in islice(self._flow(td, style, inside=True), _PIECES) if isinstance(what, tuple)]
        seen = _seen(runs)
        stored = _number(td.get("x:num"))
        shown = _number(seen) if type(seen) is str else None
        # Excel keeps beside what it shows the number that it stands for.
        return Unresolved(seen) if stored is not None and shown is not None and shown != stored else seen

    # -- styles ---------------------------------------------------------------------------------------------------

    def _style(self, element: Any, around: _Style) -> _Style:
        """What is made of an element within another."""
        told = _told(element, self._rules)
        display, visibility = told.get("display", ""), told.get("visibility", "")
        size = told.get("width" if element.tag == "col" else "height", "")
        gone = (
            display == "none"
            or told.get("mso-hide") == "all"
            or element.get("hidden") is not None
            or (element.tag in ("tr", "col") and (visibility == "collapse" or bool(_NOTHING.fullmatch(size))))
        )
        blank = visibility in ("hidden", "collapse") or (around.blank and visibility != "visible")
        decoration = told.get("text-decoration", "") + told.get("text-decoration-line", "")
        struck = around.font.struck or element.tag in _STRUCK or "line-through" in decoration
        shift = {"super": 1, "sub": -1}.get(told.get("vertical-align", ""), _SHIFT.get(element.tag, around.font.shift))
        name = (told.get("font-family") or element.get("face") or "").split(",")[0].strip(" '\"") or around.font.name
        return _Style(gone, blank, replace(around.font, struck=struck, shift=shift, name=name))


Rules = Mapping[str, Mapping[str, str]]
"""What a style sheet says of elements, by tag, .class or #id."""


def _rules(sheet: str) -> Rules:
    found: dict[str, dict[str, str]] = {}
    for m in islice(_RULE.finditer(_COMMENT.sub("", sheet[: 2**20])), _MOST_RULES):
        for selector in m[1].split(","):
            # A rule that asks for more than one thing is not followed: it may hold for another element.
            if (s := _SELECTOR.fullmatch(selector.strip())) and selector.strip():
                key = f"{(s[1] or '').lower()}{s[2] or ''}{s[3] or ''}"
                found.setdefault(key, {}).update(_declarations(m[2]))
    return found


def _declarations(text: str) -> dict[str, str]:
    """Properties with their values; `!important` changes nothing here."""
    pairs = (part.partition(":") for part in text[:4_000].split(";"))
    return {k.strip().lower(): v.replace("!important", "").strip().lower() for k, colon, v in pairs if colon}


def _told(element: Any, rules: Rules) -> dict[str, str]:
    """All that is said of an element's style, the nearest last."""
    told: dict[str, str] = {}
    if rules:
        classes = (element.get("class") or "").split()
        keys = [element.tag, *(f".{c}" for c in classes), *(f"{element.tag}.{c}" for c in classes)]
        for key in (*keys, f"#{element.get('id')}"):
            told |= rules.get(key, {})
    if height := element.get("height"):
        told.setdefault("height", height.strip())
    if width := element.get("width"):
        told.setdefault("width", width.strip())
    if style := element.get("style"):
        told |= _declarations(style)
    return told


# -- text -------------------------------------------------------------------------------------------------------------


def _run(text: str | None, style: _Style) -> Iterator[tuple[str, Font]]:
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

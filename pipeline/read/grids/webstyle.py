"""What styles make of an element of a web page: whether it is seen, and how its text is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from pipeline.read.grids.sight import PLAIN, Font

_MAX_RULES = 2_000
_MAX_SHEET_CHARS, _MAX_DECLARATIONS = 2**20, 4_000
_STRUCK = {"s", "strike", "del"}
_PLAIN = {"td", "th", "tr", "tbody", "table", "p", "div", "span", "b"}
"""Elements that show what is in them as it would be shown around them."""

_SHIFT = {"sup": 1, "sub": -1}
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.S)
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?(?:([.#])([\w-]+))?", re.I)
_NOTHING = re.compile(r"0+(?:\.0*)?(?:px|pt|in|cm|mm|em|%)?")
Rules = Mapping[str, Mapping[str, str]]
"""What a style sheet says of elements, by tag, .class or #id."""


@dataclass(frozen=True)
class Style:
    """What styles make of an element: `gone` leaves no room, `blank` does, `font` is that of its text."""

    gone: bool = False
    blank: bool = False
    font: Font = PLAIN


def rules(sheets: Iterable[str]) -> Rules:
    """What style sheets say; a rule that asks for more than one thing is not followed: it may hold for another element."""
    found: dict[str, dict[str, str]] = {}
    sheet = _COMMENT.sub("", "".join(sheets)[:_MAX_SHEET_CHARS])
    for m in islice(_RULE.finditer(sheet), _MAX_RULES):
        for selector in filter(None, map(str.strip, m[1].split(","))):
            if s := _SELECTOR.fullmatch(selector):
                key = f"{(s[1] or '').lower()}{s[2] or ''}{s[3] or ''}"
                found.setdefault(key, {}).update(_declarations(m[2]))
    return found


def styled(element: Any, around: Style, rules: Rules) -> Style:
    """What is made of an element within another."""
    declared = _declared(element, rules)
    if not declared and element.tag in _PLAIN and not element.keys():
        return replace(around, gone=False) if around.gone else around
    visibility, font = declared.get("visibility", ""), around.font
    struck = (
        element.tag in _STRUCK
        or "line-through" in f"{declared.get('text-decoration')} {declared.get('text-decoration-line')}"
    )
    raised = {"super": 1, "sub": -1}.get(declared.get("vertical-align", ""), _SHIFT.get(element.tag, font.shift))
    name = (declared.get("font-family") or element.get("face") or "").split(",")[0].strip(" '\"")
    return Style(
        _is_gone(element, declared),
        visibility in ("hidden", "collapse") or (around.blank and visibility != "visible"),
        replace(font, struck=font.struck or struck, shift=raised, name=name or font.name),
    )


def _is_gone(element: Any, declared: Mapping[str, str]) -> bool:
    if declared.get("display") == "none" or declared.get("mso-hide") == "all" or element.get("hidden") is not None:
        return True
    size = declared.get("width" if element.tag == "col" else "height", "")
    flat = declared.get("visibility") == "collapse" or bool(_NOTHING.fullmatch(size))
    return flat and element.tag in ("tr", "col")


def _declarations(text: str) -> dict[str, str]:
    """Properties with their values; `!important` changes nothing here."""
    pairs = (part.partition(":") for part in text[:_MAX_DECLARATIONS].split(";"))
    return {k.strip().lower(): v.replace("!important", "").strip().lower() for k, colon, v in pairs if colon}


def _declared(element: Any, rules: Rules) -> dict[str, str]:
    """All that is said of an element's style, the nearest last."""
    declared = {key: size.strip() for key in ("height", "width") if (size := element.get(key))}
    if rules:
        classes = (element.get("class") or "").split()
        named = (*(f".{c}" for c in classes), *(f"{element.tag}.{c}" for c in classes), f"#{element.get('id')}")
        for key in (element.tag, *named):
            declared |= rules.get(key, {})
    return declared | _declarations(element.get("style") or "")

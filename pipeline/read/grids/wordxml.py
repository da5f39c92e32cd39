"""The elements of a Word document, whatever wraps them: found by their names, asked for their properties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.read.grids.layout import MAX_COLUMNS

_WRAPPERS = {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice", "content", "sect", "sub-section", "body", "annotation", "txbxContent"}  # fmt: skip
"""What may stand between a document, a table or a row and what is in it."""

_OFF = ("0", "false", "off", "none")


def name(element: Any) -> str:
    """The name of an element without its namespace, which differs from one wrapping to the next."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, key: str) -> str:
    """An attribute by its name without namespace, '' where it is missing."""
    if element is None:
        return ""
    return next((v for k, v in element.items() if k.endswith(key) and k.rpartition("}")[2] == key), "")


def child(element: Any, key: str) -> Any:
    """The first child with that name, None where there is none."""
    return next((e for e in element if name(e) == key), None) if element is not None else None


def inside(parent: Any, names: Sequence[str]) -> Iterator[Any]:
    """The elements of those names in a parent, what only wraps them aside."""
    for element in parent:
        what = name(element)
        if what in names:
            yield element
        elif what in _WRAPPERS and not is_deleted(element):
            yield from inside(element, names)


def elements(parent: Any, *names: str) -> Iterator[Any]:
    """All elements of those names under a parent, itself included; of what is written twice the newer way."""
    if parent is None:
        return iter(())
    found = parent.iter(*(f"{{*}}{n}" for n in names))
    return (e for e in found if "txbxContent" not in names or not _is_fallback(e))


def _is_fallback(element: Any) -> bool:
    return any(name(e) == "Fallback" for e in element.iterancestors())


def is_deleted(element: Any) -> bool:
    """Whether Word 2003 has marked what is in an element as deleted, or as a comment."""
    return name(element) == "annotation" and attribute(element, "type") in ("Word.Deletion", "Word.Comment")


def is_hidden(tr: Any) -> bool:
    """Whether a row is not seen: hidden, or deleted while changes were tracked."""
    about = child(tr, "trPr")
    return is_on(child(about, "hidden")) or child(about, "del") is not None


def is_covered(about: Any) -> bool:
    """Whether a cell lies under the one above or before it."""
    for key in ("vMerge", "vmerge", "hMerge", "hmerge"):
        merge = child(about, key)
        if merge is not None and attribute(merge, "val") != "restart":
            return True
    return False


def is_on(element: Any) -> bool:
    """Whether a property is there and not switched off."""
    return element is not None and attribute(element, "val").lower() not in _OFF


def toggled(key: str, about: Any, levels: Sequence[Sequence[Any]]) -> bool:
    """Whether a property is on: what the run says, else it is on where one of its two styles turns it on, not both."""
    own = child(about, key)
    if own is not None:
        return is_on(own)
    declared = [next((e for p in level if (e := child(p, key)) is not None), None) for level in levels]
    return sum(map(is_on, declared)) % 2 == 1


def first(properties: Sequence[Any], key: str, value: str) -> str:
    """The value of the first of those properties that has one, '' where none has."""
    return next((v for p in properties if (v := attribute(child(p, key), value))), "")


def number(element: Any, default: int) -> int:
    """The number an element tells, not larger than matters."""
    text = attribute(element, "val")
    return min(int(text), MAX_COLUMNS) if text.isascii() and text.isdigit() and len(text) < 6 else default


def signed(text: str) -> int:
    """The number in a text, 0 where it is none."""
    try:
        return int(text[:6])
    except ValueError:
        return 0

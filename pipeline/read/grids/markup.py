"""XML as books are written in: in any encoding, under any prefix, and no larger than a book's."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree

from pipeline.read.grids.layout import TooLargeError

_MAX_DEPTH = 60
_MAX_EVENTS = 4_000_000
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"'][^>]*\?>")
_KNOWN = ("utf-8", "utf8", "utf-16", "us-ascii")


def utf8(xml: bytes) -> bytes:
    """XML in an encoding that the parser knows; it knows few, GBK not among them."""
    declared = _DECLARED.match(xml[:200])
    encoding = declared[1].decode().lower() if declared else "utf-8"
    if not declared or encoding in _KNOWN:
        return xml
    try:
        return xml[declared.end() :].decode(codecs.lookup(encoding).name).encode()
    except LookupError:
        return xml


def elements(xml: bytes) -> Iterator[tuple[str, str, ElementTree.Element]]:
    """The parser's events: start or end, the element's name without its namespace, the element.

    TooLargeError for a tree deeper or wider than a book's.
    """
    depth = 0
    for count, (event, e) in enumerate(ElementTree.iterparse(BytesIO(utf8(xml)), ("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > _MAX_DEPTH or count > _MAX_EVENTS:
            raise TooLargeError
        yield event, local(e), e


def local(e: ElementTree.Element) -> str:
    """The element's name without its namespace."""
    return e.tag.rpartition("}")[2]


def children(e: ElementTree.Element) -> Iterator[tuple[str, ElementTree.Element]]:
    """The elements in an element, with their names without namespace."""
    return ((local(c), c) for c in e)


def attributes(e: ElementTree.Element) -> dict[str, str]:
    """The attributes of an element, by their names without namespace."""
    return {k.rpartition("}")[2]: v for k, v in e.attrib.items()}


def is_on(value: str | None) -> bool:
    """Whether an attribute says yes."""
    return value in ("1", "true", "on")


def whole(value: str | None, default: int) -> int:
    """An attribute as a whole number, else the default."""
    try:
        return int(value) if value else default
    except ValueError:
        return default

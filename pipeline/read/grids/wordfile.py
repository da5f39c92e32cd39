"""A Word document's parts, in whichever of its four wrappings: .docx, its flat XML, its Strict form, Word 2003's XML."""

from __future__ import annotations

import base64
import binascii
import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.read.grids.layout import TooLargeError
from pipeline.read.grids.wordxml import attribute, child, name

_MAX_XML_BYTES = 2**23
_MAX_EMBEDDED_BYTES = 2**24
_MAIN = re.compile(r"word/document[0-9]*\.xml", re.I)
_EMBEDDED, _CHUNK, _HEADER, _STYLES = ("package", "oleobject"), ("afchunk",), ("header",), ("styles",)
_MAX_EMBEDDINGS = 10
_TELLING = (b":vanish", b"strike", b":vertAlign", b":position", b"ingdings", b"ebdings", b"ingbats", b"Symbol")
"""What a style that changes what is seen has in it; a search for words is faster than the parser."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class WordFile:
    """A document's main part, its styles and page headers as XML, and the files that are embedded in it or inserted."""

    body: Any
    styles: Any = None
    headers: tuple[Any, ...] = ()
    embedded: tuple[bytes, ...] = ()
    inserted: tuple[bytes, ...] = ()


def open_word(data: bytes, kind: str) -> WordFile:
    """The document; whatever its parsers raise for a broken one, TooLargeError among others."""
    if kind == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            return _related(_Zipped(z))
    root = _xml(data)
    return _related(_Flat(root)) if name(root) == "package" else WordFile(root, child(root, "styles"))


class _Zipped:
    """The parts of a .docx by their names, spelled with / and in lower case, as programs that are careless mean them."""

    def __init__(self, z: zipfile.ZipFile) -> None:
        self._zip = z
        self._infos = {i.filename.replace("\\", "/").lstrip("/").lower(): i for i in z.infolist()}

    def main(self) -> str:
        return next(n for n in self._infos if _MAIN.fullmatch(n))

    def read(self, part: str, most: int) -> bytes:
        info = self._infos[part.lower()]
        if info.file_size > most:
            raise TooLargeError
        return self._zip.read(info)

    def xml(self, part: str) -> Any:
        return _xml(self.read(part, _MAX_XML_BYTES))

    def styles(self, part: str) -> Any:
        """The styles, None where none of them changes what is seen: they are most of a small document."""
        data = self.read(part, _MAX_XML_BYTES)
        return _xml(data) if any(sign in data for sign in _TELLING) or data[:2] in _UTF_16 else None


class _Flat:
    """The same parts in one XML file."""

    def __init__(self, root: Any) -> None:
        self._parts = {attribute(p, "name").lstrip("/").lower(): p for p in root if name(p) == "part"}

    def main(self) -> str:
        return next(n for n in self._parts if _MAIN.fullmatch(n))

    def read(self, part: str, most: int) -> bytes:
        text = "".join(child(self._parts[part.lower()], "binaryData").itertext())
        if len(text) > 2 * most:
            raise TooLargeError
        try:
            return base64.b64decode(text)
        except binascii.Error:
            return b""

    def xml(self, part: str) -> Any:
        return child(self._parts[part.lower()], "xmlData")[0]

    styles = xml


def _related(parts: _Zipped | _Flat) -> WordFile:
    main = parts.main()
    about = _relations(parts, main)
    headers = [_or_none(parts.xml, target) for target in _of_kind(about, _HEADER)]
    return WordFile(
        parts.xml(main),
        next((_or_none(parts.styles, target) for target in _of_kind(about, _STYLES)), None),
        tuple(h for h in headers if h is not None),
        _files(parts, _of_kind(about, _EMBEDDED)),
        _files(parts, _of_kind(about, _CHUNK)),
    )


def _relations(parts: _Zipped | _Flat, main: str) -> Mapping[str, str]:
    """What the main part refers to inside the file: each target with the last word of its type."""
    folder, file = posixpath.split(main)
    root = _or_none(parts.xml, f"{folder}/_rels/{file}.rels")
    return {
        posixpath.normpath(posixpath.join("/" + folder, attribute(r, "Target").replace("\\", "/"))).lstrip(
            "/"
        ): attribute(r, "Type").rpartition("/")[2].lower()
        for r in (root if root is not None else ())
        if attribute(r, "TargetMode") != "External"
    }


def _of_kind(about: Mapping[str, str], kinds: tuple[str, ...]) -> list[str]:
    return [target for target, kind in about.items() if kind in kinds][:_MAX_EMBEDDINGS]


def _files(parts: _Zipped | _Flat, targets: list[str]) -> tuple[bytes, ...]:
    return tuple(f for target in targets if (f := _or_none(lambda t: parts.read(t, _MAX_EMBEDDED_BYTES), target)))


def _or_none(read: Any, target: str) -> Any:
    """A part that the document can be read without: what is missing or broken of it is not looked at."""
    try:
        return read(target)
    except (KeyError, IndexError, TypeError, zipfile.BadZipFile, OSError, SyntaxError, TooLargeError):
        return None


def _xml(data: bytes) -> Any:
    """The root of an XML part; a SyntaxError, which lxml's own are, where it is broken."""
    from lxml import etree

    return etree.fromstring(
        data, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    )

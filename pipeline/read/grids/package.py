"""An .xlsx or .xlsb as the archive it is: its parts, cut to a size that can be read, and which sheet stands in which."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree

from pipeline.archive import archive
from pipeline.read.grids.layout import TooLargeError
from pipeline.read.grids.markup import utf8

MAX_SHEET = 16 * 2**20
_MAX_PART = 32 * 2**20
_MAX_PARTS = 10_000
_DATA = re.compile(rb"<(\w+:)?sheetData")
_TAIL = 2**20
WORKSHEET = "worksheet"


@dataclass(frozen=True)
class Listed:
    """A sheet as the workbook lists it: its name, whether it is seen, and where it stands ('' where nobody knows)."""

    name: str
    hidden: bool
    kind: str
    part: str


class Package:
    """The parts of a workbook; KeyError and the like where there is none of that name."""

    def __init__(self, data: bytes) -> None:
        self._archive = archive(data)
        if len(self._archive.sizes) > _MAX_PARTS:
            raise TooLargeError
        self._sizes = dict(self._archive.sizes)
        self._names = {n.replace("\\", "/").lower(): n for n, _ in self._archive.sizes}
        self.cut = False

    @cached_property
    def workbook(self) -> str:
        """The name of the part that lists the sheets."""
        return next(n for n in self._names if n.endswith(("workbook.xml", "workbook.bin")))

    def part(self, name: str) -> bytes:
        """A part by its name, in whatever case and with whatever slashes it is spelled."""
        found = self._names[name.replace("\\", "/").lower()]
        if self._sizes[found] > _MAX_PART:
            raise TooLargeError
        return self._archive.read(found)

    def sheet(self, name: str) -> bytes:
        """The part of a sheet; a very large one is cut where no form reaches."""
        found = self._names[name.replace("\\", "/").lower()]
        if self._sizes[found] <= MAX_SHEET:
            return self._archive.read(found)
        self.cut = True
        return _head(self._archive.zip, found)

    def related(self, ending: str) -> str | None:
        """The name of the workbook's part of that kind, styles or sharedStrings; None where it has none."""
        return next((target for kind, target in self._relations.values() if kind.lower() == ending.lower()), None)

    def target(self, number: str) -> tuple[str, str]:
        """The kind and the name of the part with that relation id, both '' where there is none."""
        return self._relations.get(number, ("", ""))

    @cached_property
    def _relations(self) -> dict[str, tuple[str, str]]:
        folder, _, name = self.workbook.rpartition("/")
        folder = f"{folder}/" if folder else ""
        found = {}
        for e in ElementTree.fromstring(utf8(self.part(f"{folder}_rels/{name}.rels"))):
            to = e.get("Target", "").replace("\\", "/")
            to = to.lstrip("/") if to.startswith("/") else posixpath.normpath(f"{folder}{to}")
            found[e.get("Id", "")] = e.get("Type", "").rpartition("/")[2], to
        return found


def is_small(data: bytes) -> bool:
    """Whether all parts together are no larger than one may be, as nearly always; whatever zipfile raises for no archive."""
    sizes = archive(data).sizes
    return len(sizes) < _MAX_PARTS and sum([size for _, size in sizes]) <= MAX_SHEET


def _head(z: zipfile.ZipFile, name: str) -> bytes:
    """The first rows of a large sheet, and what stands behind its rows (the merges)."""
    with z.open(name) as f:
        part = f.read(MAX_SHEET)
        behind = b""
        while chunk := f.read(_TAIL):
            behind = behind[-_TAIL:] + chunk
    opened = _DATA.search(part)
    if not opened:
        raise TooLargeError
    prefix = opened[1] or b""
    last = part.rfind(b"<" + prefix + b"row")
    closing = b"</" + prefix + b"sheetData>"
    end = behind.rfind(closing)
    rest = behind[end:] if end >= 0 else closing + b"</" + prefix + b"worksheet>"
    return part[: max(last, opened.end())] + rest

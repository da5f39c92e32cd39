"""An .xlsx or .xlsb as the archive it is: cut to a size that every reader can bear, and its sheets' own parts."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from xml.etree import ElementTree

from pipeline.archive import archive
from pipeline.read.grids import biff12
from pipeline.read.grids.layout import TooLargeError

MAX_SHEET = 16 * 2**20
MAX_SHEETS = 64 * 2**20
_MAX_OTHER = 32 * 2**20
_SHEET_PART = re.compile(r"xl[/\\]worksheets[/\\][^/\\]*\.xml", re.I)
_NOT_READ = re.compile(r"xl[/\\](?:media|drawings|embeddings|charts|pivotcache|printersettings)[/\\]", re.I)
_NO_SHEET = {
    "[Content_Types].xml", "docProps/app.xml", "docProps/core.xml", "docProps/custom.xml",
    "xl/sharedStrings.xml", "xl/styles.xml", "xl/theme/theme1.xml", "xl/workbook.xml",
}  # fmt: skip
_MUCH, _MANY = 4 * 2**20, 10_000
_DATA = re.compile(rb"<(\w+:)?sheetData")
_TAIL = 2**20


def bearable(data: bytes) -> tuple[bytes, bool]:
    """The workbook, its very large sheets cut where no form reaches; whether any was.

    TooLargeError where its texts or styles are too large to be read at all.
    """
    try:
        if is_small(data):
            return data, False
        found = archive(data)
        infos = [i for i in found.zip.infolist() if not _NOT_READ.match(i.filename)]
        sheets = [i for i in infos if _SHEET_PART.fullmatch(i.filename)]
        others = [i.file_size for i in infos if i not in sheets] if len(infos) < _MANY else [_MAX_OTHER + 1]
        if max(others, default=0) > _MAX_OTHER:
            raise TooLargeError
        if all(i.file_size <= MAX_SHEET for i in sheets) and sum(i.file_size for i in sheets) <= MAX_SHEETS:
            return data, False
        return _cut(found.zip, infos), True
    except (TooLargeError, MemoryError):
        raise
    except Exception:  # noqa: BLE001  what is wrong with the archive its readers will say
        return data, False


def is_small(data: bytes) -> bool:
    """Whether all parts together are no larger than one may be, as nearly always; whatever zipfile raises for no archive."""
    sizes = archive(data).sizes
    return len(sizes) < _MANY and sum([size for _, size in sizes]) <= MAX_SHEET


def _cut(z: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> bytes:
    out, room = io.BytesIO(), MAX_SHEETS
    with zipfile.ZipFile(out, "w") as short:
        for info in infos:
            if not _SHEET_PART.fullmatch(info.filename):
                short.writestr(info.filename, z.read(info))
                continue
            part = _head(z, info, min(MAX_SHEET, room))
            room -= len(part)
            short.writestr(info.filename, part)
    return out.getvalue()


def _head(z: zipfile.ZipFile, info: zipfile.ZipInfo, size: int) -> bytes:
    """So many bytes of a sheet's rows, and what stands behind its rows (the merges)."""
    with z.open(info) as f:
        part = f.read(size)
        behind = b""
        while chunk := f.read(_TAIL):
            behind = behind[-_TAIL:] + chunk
    if not behind:
        return part
    opened = _DATA.search(part)
    prefix = (opened[1] or b"") if opened else b""
    last = part.rfind(b"<" + prefix + b"row")
    closing = b"</" + prefix + b"sheetData>"
    end = behind.rfind(closing)
    rest = behind[end:] if end >= 0 else closing + b"</" + prefix + b"worksheet>"
    return part[:last] + rest if opened and last > opened.end() else b""


def possible_sheets(data: bytes) -> list[bytes]:
    """The parts of an .xlsx that can be a sheet, also in a very odd one; TooLargeError where that is much to look at."""
    found = archive(data)
    parts = [(name, size) for name, size in found.sizes if name not in _NO_SHEET and name[-4:].lower() == ".xml"]
    if sum(size for _, size in parts) > _MUCH:
        raise TooLargeError
    return [found.read(name) for name, _ in parts]


class Package:
    """The parts of a workbook, by the number of the sheet; KeyError and the like where it is too odd for this look."""

    def __init__(self, data: bytes) -> None:
        self._archive = archive(data)
        self._names = {n.replace("\\", "/").lower(): n for n, _ in self._archive.sizes}
        book = next(n for n in self._names if n.endswith(("workbook.xml", "workbook.bin")))
        folder, _, name = book.rpartition("/")
        folder = f"{folder}/" if folder else ""
        ids = biff12.sheet_ids(self.part(book)) if book.endswith(".bin") else _sheet_ids(self.part(book))
        relations = ElementTree.fromstring(self.part(f"{folder}_rels/{name}.rels"))
        targets = {r.get("Id"): r.get("Target", "") for r in relations}
        self._sheets = [
            t.lstrip("/") if t.startswith("/") else posixpath.normpath(f"{folder}{t}")
            for t in (targets.get(i, "") for i in ids)
        ]

    def part(self, name: str) -> bytes:
        """A part by its name, in whatever case and with whatever slashes it is spelled."""
        return self._archive.read(self._names[name.replace("\\", "/").lower()])

    def sheet(self, number: int) -> bytes:
        """The part of the sheet with that number."""
        return self.part(self._sheets[number])


def _sheet_ids(xml: bytes) -> list[str]:
    sheets = (e for e in ElementTree.fromstring(xml).iter() if e.tag.rpartition("}")[2] == "sheet")
    return [next((v for k, v in e.attrib.items() if k.endswith("}id")), "") for e in sheets]

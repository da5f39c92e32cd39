"""An archive's directory, read once for all the looks that one file gets."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import cached_property

_ENTRY, _END = b"PK\x01\x02", b"PK\x05\x06"
_ENTRY_HEAD, _END_HEAD = struct.Struct("<4s4xHH4x3I3H8xI"), struct.Struct("<4s4H2IH")
_NAME_AND_EXTRA, _LOCAL_HEAD = struct.Struct("<HH"), 30
_STORED, _DEFLATED = _KNOWN = 0, 8
_HARMLESS = 0x80E
"""Flags of a member that change nothing here: the compression level, sizes given behind the data, a name in UTF-8."""

Member = tuple[int, int, int, int, int]
"""How a member is packed, its checksum, packed size, size, and where it begins."""


class Archive:
    """The members of an archive; whatever zipfile raises where it is none.

    zipfile takes as long over a directory as calamine over the whole form, so a plain one is read here; what is odd in
    the least is left to zipfile, which decides what it is.
    """

    def __init__(self, data: bytes) -> None:
        self.data, self._plain = data, _directory(data)
        self.sizes = (
            [(name, member[3]) for name, member in self._plain.items()]
            if self._plain
            else [(i.filename, i.file_size) for i in self.zip.infolist()]
        )

    @cached_property
    def zip(self) -> zipfile.ZipFile:
        """The same for zipfile; not to be closed."""
        return zipfile.ZipFile(io.BytesIO(self.data))

    def read(self, name: str) -> bytes:
        """A member's bytes."""
        member = self._plain.get(name)
        unpacked = _unpacked(self.data, *member) if member else None
        return self.zip.read(name) if unpacked is None else unpacked


_latest: list[Archive] = []


def archive(data: bytes) -> Archive:
    """The archive; the one that was asked for last is not read again."""
    if not _latest or _latest[0].data is not data:
        _latest[:] = [Archive(data)]
    return _latest[0]


def _directory(data: bytes) -> dict[str, Member]:
    """The members of a plain archive; none where anything about it is odd."""
    at = len(data) - _END_HEAD.size
    if at < 0 or data[at : at + 4] != _END:
        return {}
    _, disk, first, here, count, size, start, comment = _END_HEAD.unpack_from(data, at)
    if disk or first or comment or here != count or start + size != at:
        return {}
    names: list[bytes] = []
    members: list[Member] = []
    end, at = at, start
    for _ in range(count):
        if at + _ENTRY_HEAD.size > end:
            return {}
        head, flags, how, checksum, packed, size, name, extra, note, begin = _ENTRY_HEAD.unpack_from(data, at)
        if head != _ENTRY or flags & ~_HARMLESS or how not in _KNOWN or (packed | size) >> 31:
            return {}
        at += _ENTRY_HEAD.size
        names.append(data[at : at + name])
        members.append((how, checksum, packed, size, begin))
        at += name + extra + note
    spelled = b"\n".join(names)
    if at != end or not spelled.isascii() or b"\0" in spelled or b"\\" in spelled:
        return {}
    found = dict(zip(spelled.decode("ascii").split("\n"), members, strict=False))
    return found if len(found) == count == spelled.count(b"\n") + 1 else {}


def _unpacked(data: bytes, how: int, checksum: int, packed: int, size: int, begin: int) -> bytes | None:
    """The bytes of a member that is as its directory says, None where it is not."""
    if data[begin : begin + 4] != b"PK\x03\x04" or begin + _LOCAL_HEAD > len(data):
        return None
    start = begin + _LOCAL_HEAD + sum(_NAME_AND_EXTRA.unpack_from(data, begin + _LOCAL_HEAD - _NAME_AND_EXTRA.size))
    content = data[start : start + packed]
    if how == _DEFLATED:
        try:
            content = zlib.decompressobj(-15).decompress(content, size + 1)
        except zlib.error:
            return None
    return content if len(content) == size and zlib.crc32(content) == checksum else None

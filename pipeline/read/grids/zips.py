"""The members of a .zip, also where its directory is damaged or lies about the spelling of names."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator

from pipeline.read.grids.budget import Budget, Member, RefusedError
from pipeline.read.grids.inbox import SYSTEM_FILE

_ENTRY, _END = b"PK\x01\x02", b"PK\x05\x06"
_ENTRY_HEAD, _END_HEAD = struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_OFFICE_PART = re.compile(r"\[Content_Types\]\.xml$|_rels[/\\]\.rels$|xl[/\\]|word[/\\]document", re.I)
_UTF_8 = 0x800
_LOCKED = 0x1
_METHODS = {
    1: "Shrink",
    6: "Implode",
    9: "Deflate64",
    20: "Zstandard",
    93: "Zstandard",
    95: "XZ",
    98: "PPMd",
    99: "AES",
}
MAX_ENTRIES = 50_000
"""A directory with more entries is not even opened."""


def zip_members(data: bytes, budget: Budget) -> Iterator[Member]:
    """The archive's members from first to last; RefusedError where it has too many."""
    if data.count(_ENTRY) > MAX_ENTRIES:
        raise RefusedError(f"里面的文件超过{MAX_ENTRIES}个，没有打开")
    archive, broken = _opened(data)
    with archive:
        if any(_OFFICE_PART.match(i.filename) for i in archive.infolist()):
            raise zipfile.BadZipFile  # a workbook too broken to be known as one
        infos = [i for i in archive.infolist() if not _is_folder(i)]
        for n, info in enumerate(infos):
            budget.count(left=len(infos) - n + broken)
            yield _member(archive, info, budget)
    for n in range(broken):
        budget.count(left=broken - n)
        yield Member(f"目录已损坏的第{n + 1}个文件", problem="在压缩包的目录中已损坏，取不出来")


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.is_dir() or (not info.file_size and info.filename.endswith("\\"))


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> Member:
    name = _name(info)
    if "__MACOSX/" in name:
        return Member(name, ignored=SYSTEM_FILE)
    if info.flag_bits & _LOCKED:
        return Member(name, problem="压缩包设有密码")
    if refused := budget.refuses(info.file_size):
        return Member(name, problem=refused)
    try:
        with archive.open(info) as f:
            # No more is unpacked than the archive declares; what is longer fails its checksum.
            data = f.read(info.file_size + 1)
    except NotImplementedError:
        return Member(name, problem=f"压缩方法（{_METHODS.get(info.compress_type, info.compress_type)}）解不开")
    except Exception:  # noqa: BLE001  zipfile and zlib raise whatever; the other members are read all the same
        return Member(name, problem="压缩包中的这个文件已损坏")
    budget.take(len(data))
    return Member(name, data, moment=info.date_time)


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name: UTF-8 where it is flagged or valid, else GBK, which Chinese Windows writes."""
    try:
        raw = b"" if info.flag_bits & _UTF_8 else info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename  # given in a field of its own
    for encoding in ("utf-8", "gb18030") if raw else ():
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


# -- damaged directories ----------------------------------------------------------------------------------------------

# zipfile loses all members by one broken entry of the directory. stream-unzip does without a directory, but also without
# the members behind a damaged one, and brings two compiled packages; repair tools are not on an office PC.


def _opened(data: bytes) -> tuple[zipfile.ZipFile, int]:
    """The archive, and how many entries of its directory are broken: zipfile would give up the others with them."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        if len(archive.infolist()) >= data.count(_ENTRY, archive.start_dir):
            return archive, 0
    except Exception:  # noqa: BLE001  as above
        archive = None
    mended, broken = _mended(data)
    return (zipfile.ZipFile(io.BytesIO(mended)) if mended or not archive else archive), broken


def _mended(data: bytes) -> tuple[bytes, int]:
    """The archive with the readable entries of its directory, b"" where there are none, and how many are broken."""
    end = data.rfind(_END)
    if end < 0 or len(data) - end < _END_HEAD.size:
        return b"", 0
    size, offset = _END_HEAD.unpack_from(data, end)[5:7]
    start = end - size
    entries, broken = _entries(data, start, end) if start >= 0 else ([], 0)
    if not entries:
        return b"", 0
    whole = bytearray(data[:start])
    directory = b"".join([_spelled(entry, whole, start - offset) for entry in entries])
    count = len(entries)
    return bytes(whole + directory + _END_HEAD.pack(_END, 0, 0, count, count, len(directory), offset, 0)), broken


def _entries(data: bytes, start: int, end: int) -> tuple[list[bytes], int]:
    """The directory's readable entries, and the number of those that are not."""
    good: list[bytes] = []
    broken, at = 0, start
    while at + _ENTRY_HEAD.size <= end:
        following = data.find(_ENTRY, at + 4, end)
        following = end if following < 0 else following
        stop = at + _ENTRY_HEAD.size + sum(_ENTRY_HEAD.unpack_from(data, at)[10:13])
        if data[at : at + 4] == _ENTRY and stop <= following and _readable(data[at:stop]):
            good.append(data[at:stop])
            at = stop
        else:
            broken += 1
            at = following
    return good, broken


def _readable(entry: bytes) -> bool:
    """Whether zipfile takes the entry, its name aside."""
    flags = int.from_bytes(entry[8:10], "little") & ~_UTF_8
    alone = entry[:8] + flags.to_bytes(2, "little") + entry[10:]
    try:
        zipfile.ZipFile(io.BytesIO(alone + _END_HEAD.pack(_END, 0, 0, 1, 1, len(alone), 0, 0))).close()
    except Exception:  # noqa: BLE001  as above
        return False
    return True


def _spelled(entry: bytes, whole: bytearray, shift: int) -> bytes:
    """The entry without the flag that its name is UTF-8 where it is not, and so in the member's own head."""
    head = _ENTRY_HEAD.unpack_from(entry)
    name = entry[_ENTRY_HEAD.size : _ENTRY_HEAD.size + head[10]]
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        own = shift + head[16] + 6
        if 0 <= own < len(whole) - 2:
            whole[own + 1] &= ~(_UTF_8 >> 8)
        return entry[:9] + bytes([entry[9] & ~(_UTF_8 >> 8)]) + entry[10:]
    return entry

"""Archives that were split into several files, of which none can be read alone."""

from __future__ import annotations

import re

_VOLUME = re.compile(r"\.(?:z[0-9]{2}|r[0-9]{2}|part[0-9]+\.rar|(?:zip|7z|rar)\.[0-9]{3}|[0-9]{3})$", re.I)
_RAR_5, _RAR_4 = b"Rar!\x1a\x07\x01\x00", b"Rar!\x1a\x07\x00"


def is_volume(name: str) -> bool:
    """Whether a file is named like a part of a split archive."""
    return bool(_VOLUME.search(name))


def volume_or(kind: str, data: bytes) -> str:
    """The kind of an archive, unless its head says that it is one of several volumes."""
    if data.startswith(_RAR_4):
        return "volume" if len(data) > 10 and data[10] & 1 else kind
    if data.startswith(_RAR_5) and len(data) > 20:
        # Behind the checksum three numbers of variable length: the size of the head, its kind, and its flags.
        fields, at = list[int](), len(_RAR_5) + 4
        while len(fields) < 5 and at < min(len(data), 40):
            if not data[at] & 0x80:
                fields.append(data[at])
            at += 1
        has_extra = len(fields) > 2 and fields[2] & 1
        return "volume" if len(fields) == 5 and fields[1] == 1 and fields[4 if has_extra else 3] & 1 else kind
    return kind

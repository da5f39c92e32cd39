"""Photos in files that are no pictures themselves: somebody put the signed and sealed form into a document or on a sheet."""

from __future__ import annotations

import re
from contextlib import suppress

import olefile

from pipeline.archive import archive

PHOTO = 10 * 2**10
"""The least bytes of a photo on which a form can be read; a logo or a seal has fewer."""

_PICTURE = re.compile(
    r"(?:^|[/\\])(?:media|pictures)[/\\][^/\\]+\.(?:png|jpe?g|jpe|bmp|gif|tiff?|emf|wmf|webp|wdp|heic)$", re.I
)
_IN_XML = re.compile(rb"<(?:\w+:)?(?:binData|binaryData)\b[^>]*>([^<]*)<")
_BEGINS = (b"\xff\xd8\xff", b"\x89PNG\r\n")
_ENCODED = (b"/9j/", b"iVBOR", b"R0lGOD")


def holds_photo(data: bytes) -> bool:
    """Whether a picture as large as a photo lies in a document or a workbook."""
    if data.startswith(b"PK"):
        with suppress(Exception):  # whatever zipfile raises for an archive that only its reader could mend
            return any(size >= PHOTO and _PICTURE.search(name) for name, size in archive(data).sizes)
        return False
    if data.startswith(olefile.MAGIC):
        # A picture's own bytes, parted by heads of records; what else is there takes little room beside a photo.
        return len(data) >= PHOTO and any(mark in data for mark in _BEGINS)
    return any(len(m[1]) * 3 // 4 >= PHOTO and m[1].lstrip().startswith(_ENCODED) for m in _IN_XML.finditer(data))

"""The finished file: the same bytes from run to run, and a fingerprint by which it is known whether anyone changed it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import zipfile

from pipeline.write.book import on_any_system

FINGERPRINT = "退回修改表校验"
UNKNOWN = "0" * 64
_PROPERTIES, _CORE = "docProps/custom.xml", "docProps/core.xml"
_SAVED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(<)")
_KEPT = re.compile(rf"{FINGERPRINT}.{{0,200}}?([0-9a-f]{{64}})".encode(), re.S)
_MOMENT = (1980, 1, 1, 0, 0, 0)


def packed(data: bytes, today: dt.date) -> bytes:
    """The workbook as if it had been saved at the first moment of that day, with its fingerprint."""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        parts = {info.filename: z.read(info) for info in z.infolist()}
    parts[_CORE] = _SAVED.sub(rb"\g<1>%sT00:00:00Z\g<2>" % today.isoformat().encode(), parts[_CORE])
    parts[_PROPERTIES] = parts[_PROPERTIES].replace(UNKNOWN.encode(), _fingerprint(parts).encode())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, part in parts.items():
            z.writestr(zipfile.ZipInfo(name, _MOMENT), part, zipfile.ZIP_DEFLATED)
    return on_any_system(out.getvalue())


def is_untouched(data: bytes) -> bool:
    """Whether a slip is as it was written; one that was saved since may hold what somebody typed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            parts = {info.filename: z.read(info) for info in z.infolist()}
    except Exception:  # noqa: BLE001  a broken file is not as it was written
        return False
    kept = _KEPT.search(parts.get(_PROPERTIES, b""))
    return kept is not None and kept[1].decode() == _fingerprint(parts)


def _fingerprint(parts: dict[str, bytes]) -> str:
    found = hashlib.sha256()
    for name, part in sorted(parts.items()):
        if name != _PROPERTIES:
            found.update(name.encode() + b"\0" + hashlib.sha256(part).digest())
    return found.hexdigest()

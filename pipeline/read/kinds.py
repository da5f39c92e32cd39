"""What kind of file some bytes are. The bytes decide, never the name."""

from __future__ import annotations

import io
import zipfile

import olefile

PICTURE_OR_SCAN = {
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"BM": "picture",
    b"II*\x00": "picture",
    b"MM\x00*": "picture",
}
_OFD = "OFD.xml"  # the national standard for fixed-layout documents, GB/T 33190


def kind_of(data: bytes) -> str:
    """empty, xlsx, xlsb, ods, docx, zip, xls, encrypted, doc, ole, pdf, picture or other."""
    if not data:
        return "empty"
    for magic, kind in PICTURE_OR_SCAN.items():
        if data.startswith(magic):
            return kind
    if (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or data[4:12] in (b"ftypheic", b"ftypmif1"):
        return "picture"
    if data[:2] == b"PK":
        return _zip_kind(data)
    if data.startswith(olefile.MAGIC):
        return _ole_kind(data)
    return "other"


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            names = [n.replace("\\", "/").lower() for n in z.namelist()]
            if "mimetype" in names and b"opendocument.spreadsheet" in z.read("mimetype")[:100]:
                return "ods"
    except Exception:  # noqa: BLE001  any fault of a broken archive; the reader will say so
        return "zip"
    if any(n.endswith("workbook.bin") for n in names):
        return "xlsb"
    if any(n.startswith("xl/") for n in names):
        return "xlsx"
    if any(n.startswith("word/") for n in names):
        return "docx"
    return "pdf" if _OFD.lower() in names else "zip"


def _ole_kind(data: bytes) -> str:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            names = {"/".join(path) for path in ole.listdir()}
    except Exception:  # noqa: BLE001  as above
        return "ole"
    if "EncryptedPackage" in names:
        return "encrypted"
    if names & {"Workbook", "Book", "WORKBOOK", "BOOK"}:
        return "xls"
    return "doc" if "WordDocument" in names else "ole"

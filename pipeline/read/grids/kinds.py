"""What kind of file some bytes are. The bytes decide, never the name."""

from __future__ import annotations

import io
import re
import zipfile
from functools import lru_cache

import olefile

from pipeline.archive import archive
from pipeline.read.text import LOST

_MAGIC = {
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"II*\x00": "picture",
    b"MM\x00*": "picture",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gz",
    b"{\\rt": "rtf",
    b"\x78\x9f\x3e\x22": "tnef",
    b"\x09\x08\x10\x00": "biff",
    b"\x09\x08\x08\x00": "biff",
    b"\x09\x04\x06\x00": "biff",
    b"\x09\x02\x06\x00": "biff",
    b"\x09\x00\x04\x00": "biff",
}
_OTHER_OPEN_DOCUMENTS = re.compile(rb"application/vnd\.(?:oasis\.opendocument|sun\.xml)\.")
_MOST_ENTRIES, _SMALLEST_ENTRY = 50_000, 46
_FLAT_ODS = "urn:oasis:names:tc:opendocument:xmlns:office"
_OFD = "ofd.xml"  # the national standard for fixed-layout documents, GB/T 33190
_MAIL_FIELD = re.compile(rb"(?:[!-9;-~]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2}")
_MAIL = re.compile(
    rb"^(?:from|to|date|subject|mime-version|received|return-path|message-id|content-type):", re.I | re.M
)
_BEFORE_MAIL = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:>?From [^\r\n]*\r?\n)?")
_HTML = re.compile(r"<(?:!doctype\s+html|html|table|head|body)\b", re.I)
_SPREADSHEET_ML = "urn:schemas-microsoft-com:office:spreadsheet"
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HEAD = 8_192
_FILEPASS = 0x2F


def kind_of(data: bytes) -> str:
    """What the bytes are, in one word.

    Spreadsheets: xlsx, xlsb, ods, fods, xls, biff (an .xls without its container), spreadsheetml. Tables of other kinds:
    html, text, docx. Containers: zip, mail. The rest: empty, pdf, picture, encrypted, doc, rtf, odt (and its kin), msg,
    tnef, ole, rar, 7z, gz, other.
    """
    if not data:
        return "empty"
    if data[:2] == b"PK":
        return _zip_kind(data)
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            return kind
    if _is_picture(data):
        return "picture"
    if data.startswith(olefile.MAGIC):
        return _ole_kind(data)
    return _text_kind(data)


def _is_picture(data: bytes) -> bool:
    """Whether the bytes are a picture that a few letters in front do not tell: BMP, WebP, HEIC."""
    bitmap = data[:2] == b"BM" and int.from_bytes(data[2:6], "little") == len(data)
    return bitmap or (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or data[4:12] in (b"ftypheic", b"ftypmif1")


def mail_text(data: bytes) -> bytes:
    """A mail without what some programs put before its first field: a mark, blank lines, the line of a mailbox."""
    return _BEFORE_MAIL.sub(b"", data, count=1)


def _zip_kind(data: bytes) -> str:
    if len(data) > _MOST_ENTRIES * _SMALLEST_ENTRY and data.count(b"PK\x01\x02") > _MOST_ENTRIES:
        return "zip"
    try:
        found = archive(data)
        names = "\n".join(["", *[name for name, _ in found.sizes], ""]).lower()
        kind_by_parts = _usual_kind if len(names) < _HEAD else _kind_by_parts
        return (_open_document(found.zip) if "\nmimetype\n" in names else "") or kind_by_parts(names)
    except Exception:  # noqa: BLE001  any fault of a broken archive; the reader will say so
        return "zip"


def _open_document(z: zipfile.ZipFile) -> str:
    with z.open("mimetype") as f:
        told = f.read(100)
    if b"opendocument.spreadsheet" in told:
        return "encrypted" if _ods_locked(z) else "ods"
    return "odt" if _OTHER_OPEN_DOCUMENTS.match(told) else ""


def _kind_by_parts(names: str) -> str:
    """The kind that the names of an archive's members tell, each on a line of its own."""
    names = names.replace("\\", "/")
    if "\n[content_types].xml\n" not in names and "\nxl/workbook" not in names:
        return "pdf" if f"\n{_OFD}\n" in names else "zip"
    if "workbook.bin\n" in names:
        return "xlsb"
    if "\nword/" in names:
        return "docx"
    return "xlsx" if "\nxl/" in names or "workbook.xml\n" in names else "other"


_usual_kind = lru_cache(maxsize=64)(_kind_by_parts)
"""The same, remembered: most workbooks have parts of the same names."""


def _ods_locked(z: zipfile.ZipFile) -> bool:
    if "META-INF/manifest.xml" not in z.namelist():
        return False
    with z.open("META-INF/manifest.xml") as f:
        return b"encryption-data" in f.read(2**20)


def _ole_kind(data: bytes) -> str:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            names = {"/".join(path) for path in ole.listdir()}
            book = next((n for n in names if n.lower() in ("workbook", "book")), None)
            start = ole.openstream(book).read(_HEAD) if book else b""
    except Exception:  # noqa: BLE001  as above
        return "xls"
    if "EncryptedPackage" in names:
        return "encrypted"
    # A Word document may hold a workbook; the document is what it is.
    if "WordDocument" in names:
        return "doc"
    if book:
        return "encrypted" if _has_filepass(start) else "xls"
    return "msg" if any(n.startswith("__properties_version1") for n in names) else "ole"


def _has_filepass(stream: bytes) -> bool:
    """Whether a BIFF stream carries the record that says that what follows is encrypted."""
    at = 0
    while at + 4 <= len(stream):
        record, length = (
            int.from_bytes(stream[at : at + 2], "little"),
            int.from_bytes(stream[at + 2 : at + 4], "little"),
        )
        if record == _FILEPASS:
            return True
        at += 4 + length
    return False


def _text_kind(data: bytes) -> str:
    head = mail_text(data[:_HEAD])
    if _MAIL_FIELD.match(head) and len({m.lower() for m in _MAIL.findall(head)}) >= 2:
        return "mail"
    text = decoded(data[:_HEAD], whole=len(data) <= _HEAD)
    if text is None:
        return "other"
    if _SPREADSHEET_ML in text:
        return "spreadsheetml"
    if _FLAT_ODS in text:
        return "fods"
    return "html" if _HTML.search(text) else "text"


def decoded(data: bytes, *, whole: bool = True) -> str | None:
    """The bytes as text, None where they are none: UTF-8 or UTF-16 by their mark or by being valid, else GBK.

    Not `whole`: a character may be cut at the end. A few bytes that are no text are replaced: they spoil their own cell.
    """
    for encoding in _encodings(data):
        for cut in (0,) if whole else (0, 1, 2, 3):
            try:
                text = data[: len(data) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            if (cleaned := _cleaned(text)) is not None:
                return cleaned
    attempts = (data.decode(encoding, "replace") for encoding in _encodings(data))
    best = min(attempts, key=lambda text: text.count(LOST))
    return _cleaned(best) if best.count(LOST) <= _spoiled(best) else None


def _encodings(data: bytes) -> list[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ["utf-16"]
    even, odd = data[0::2].count(0), data[1::2].count(0)
    # GBK and UTF-8 text holds no NUL but a stray one; in UTF-16 each ASCII character has one, on the same side.
    if max(even, odd) > _spoiled(data):
        return ["utf-16-le" if odd >= even else "utf-16-be"]
    return ["utf-8-sig", "gb18030"]


def _cleaned(text: str) -> str | None:
    """The text with its stray control characters as the replacement mark; None where they are more than stray."""
    cleaned, found = _CONTROLS.subn(LOST, text)
    return cleaned if found <= _spoiled(text) else None


def _spoiled(text: bytes | str) -> int:
    """So many bad bytes or characters a text of that length may have and still be one."""
    return len(text) // 200 + (len(text) > 20)

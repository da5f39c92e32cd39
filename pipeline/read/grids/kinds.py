"""What kind of file some bytes are. The bytes decide, never the name."""

from __future__ import annotations

import io
import re
import zipfile
from functools import lru_cache

import olefile

from pipeline.archive import archive
from pipeline.read.grids.encodings import decoded
from pipeline.read.grids.volumes import volume_or

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
    b"L\x00\x00\x00\x01\x14\x02\x00": "link",
    b"\x00\x05\x16\x07": "system",
    b"\x00\x05\x16\x00": "system",
    b"ID;P": "sylk",
    b"%TSD-Header": "guarded",
    b"\x62\x14\x23\x65": "guarded",
    b"\x09\x08\x10\x00": "biff",
    b"\x09\x08\x08\x00": "biff",
    b"\x09\x04\x06\x00": "biff",
    b"\x09\x02\x06\x00": "biff",
    b"\x09\x00\x04\x00": "biff",
}
_OTHER_OPEN_DOCUMENTS = re.compile(rb"application/vnd\.(?:oasis\.opendocument|sun\.xml)\.")
_GUARDS = re.compile(
    rb"E-SafeNet|TSD-Header|IP-?guard|ViaControl|CDG(?:SAFE|Secure)|SmartSec|LVDUN|DRM(?:ONE|Content)", re.I
)
"""What the guards of companies, which encrypt every file of an office, write at the head of theirs."""

_END, _SPANNED = b"PK\x05\x06", b"PK\x07\x08"
_PACKAGES = (
    (
        re.compile(
            r"\n(?:[^\n]*\.(?:numbers|pages|key)/)?(?:index/[^\n]*\.iwa|index\.zip|index\.apxl|index\.xml\.gz)\n"
        ),
        "iwork",
    ),
    (
        re.compile(r"\nmeta-inf/manifest\.mf\n|\nandroidmanifest\.xml\n|\npayload/[^\n]*\.app/|\.dist-info/wheel\n"),
        "program",
    ),
    (re.compile(r"\n(?:meta-inf/container\.xml|doc\.kml)\n"), "data"),
)
"""Programs, books and the like that are zip archives too, by the names of what is in them."""

_MAX_ENTRIES, _MIN_ENTRY_BYTES = 50_000, 46
_OFD = "ofd.xml"  # the national standard for fixed-layout documents, GB/T 33190
_MAIL_FIELD = re.compile(rb"(?:[!-9;-~]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2}")
_MAIL = re.compile(
    rb"^(?:from|to|date|subject|mime-version|received|return-path|message-id|content-type):", re.I | re.M
)
_BEFORE_MAIL = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:>?From [^\r\n]*\r?\n)?")
_WORD_XML = re.compile(
    r"<(?:\w+:)?package\s[^>]*schemas\.microsoft\.com/office/2006/xmlPackage|<\w+:wordDocument\b|progid=[\"']Word\.Document"
)
_LINK = re.compile(
    r"^\[InternetShortcut\]|<plist\b[^>]*>\s*<dict>\s*<key>URL</key>|\A\s*\[Desktop Entry\][^\0]*^URL(?:\[\w+\])?=",
    re.M,
)
"""How Windows, macOS and Linux write down a link to a page."""

SPREADSHEETS = ("xlsx", "xls", "xlsb", "ods", "fods", "biff", "spreadsheetml")
"""Kinds that `book.READERS` read."""

DOCUMENTS = ("docx", "wordxml", "html", "text")
"""Kinds whose tables `tables.read_tables` reads."""

_HEAD = 8_192
_FILEPASS = 0x2F


def kind_of(data: bytes) -> str:
    """What the bytes are, in one word.

    Spreadsheets: xlsx, xlsb, ods, fods, xls, biff (an .xls without its container), spreadsheetml. Tables of other kinds:
    html, text, docx, wordxml. Containers: zip, mail, mailbox. Not read: system. The rest, each with a sentence
    of its own (see UNREADABLE): empty, pdf, picture, encrypted, guarded, doc, rtf, odt (and its kin), slides, msg, tnef,
    link, sylk, iwork, program, data, volume, ole, rar, 7z, gz, scrambled, other.
    """
    if not data:
        return "empty"
    if data[:2] == b"PK":
        return _zip_kind(data)
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            return volume_or(kind, data)
    if _is_picture(data):
        return "picture"
    if data.startswith(olefile.MAGIC):
        return _ole_kind(data)
    return "guarded" if _GUARDS.search(data[:_GUARDED]) else _text_kind(data)


_GUARDED = 256


def _is_picture(data: bytes) -> bool:
    """Whether the bytes are a picture that a few letters in front do not tell: BMP, WebP, HEIC."""
    bitmap = data[:2] == b"BM" and int.from_bytes(data[2:6], "little") == len(data)
    return bitmap or (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or data[4:12] in (b"ftypheic", b"ftypmif1")


def mail_text(data: bytes) -> bytes:
    """A mail without what some programs put before its first field: a mark, blank lines, the line of a mailbox."""
    return _BEFORE_MAIL.sub(b"", data, count=1)


def _zip_kind(data: bytes) -> str:
    end = data.rfind(_END)
    if data.startswith(_SPANNED) or (end >= 0 and data[end + 4 : end + 8] not in (b"", bytes(4), b"\xff" * 4)):
        return "volume"  # the last of several: it says how many there are
    if len(data) > _MAX_ENTRIES * _MIN_ENTRY_BYTES and data.count(b"PK\x01\x02") > _MAX_ENTRIES:
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
        mimetype = f.read(100)
    if b"opendocument.spreadsheet" in mimetype:
        return "encrypted" if _ods_locked(z) else "ods"
    return "odt" if _OTHER_OPEN_DOCUMENTS.match(mimetype) else ""


def _kind_by_parts(names: str) -> str:
    """The kind that the names of an archive's members tell, each on a line of its own."""
    names = names.replace("\\", "/")
    if "\n[content_types].xml\n" not in names and "\nxl/workbook" not in names:
        if f"\n{_OFD}\n" in names:
            return "pdf"
        return next((kind for signs, kind in _PACKAGES if signs.search(names)), "zip")
    if "workbook.bin\n" in names:
        return "xlsb"
    if "\nword/" in names:
        return "docx"
    if "\nppt/" in names:
        return "slides"
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
        return "guarded" if any("DRM" in n for n in names) else "encrypted"
    # A Word document may hold a workbook; the document is what it is.
    if "WordDocument" in names:
        return "doc"
    if "PowerPoint Document" in names:
        return "slides"
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
        return "mailbox" if _is_mailbox(data) else "mail"
    text = decoded(data[:_HEAD], whole=len(data) <= _HEAD)
    if text is None:
        return "link" if data.startswith(b"bplist") and b"://" in data[:_HEAD] else _unknown(data[:_HEAD])
    return next((kind for sign, kind in _SIGNS_IN_TEXT if sign.search(text)), "text")


_SIGNS_IN_TEXT = (
    (re.compile(re.escape("urn:schemas-microsoft-com:office:spreadsheet")), "spreadsheetml"),
    (re.compile(re.escape("urn:oasis:names:tc:opendocument:xmlns:office")), "fods"),
    (_WORD_XML, "wordxml"),
    (_LINK, "link"),
    (re.compile(r"<(?:!doctype\s+html|html|table|head|body)\b", re.I), "html"),
)


def _unknown(head: bytes) -> str:
    """What bytes are of which nothing is known: such as no byte stands out among are encrypted, or packed."""
    most = max(map(head.count, range(256)))
    return "scrambled" if len(head) >= _SAMPLE and most * 256 < _EVEN * len(head) else "other"


_SAMPLE, _EVEN = 1024, 5


def _is_mailbox(data: bytes) -> bool:
    """Whether several mails stand in the bytes, each behind a line that begins with From and a space."""
    return data.lstrip()[:5] == b"From " and MAIL_BEGINS.search(data, 5) is not None


MAIL_BEGINS = re.compile(rb"(?:\A|\n\r?\n)(?=From [^\r\n]*[0-9]{2}:[0-9]{2}[^\r\n]*\r?\n[!-9;-~]+:)")
"""What stands before each mail of a mailbox."""

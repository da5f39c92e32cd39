"""The mark by which the program knows its own files, also after Excel, WPS or LibreOffice saved them as something else."""

from __future__ import annotations

import codecs
import io

import olefile

from pipeline.archive import archive

NAME = "专项整治报表汇总程序"
COUNTY, LEDGER, SLIP, FORM = "汇总工作簿", "内部工作台账", "退回修改表", "空白报表"
RECORD = "运行记录"
KINDS = (COUNTY, LEDGER, SLIP, FORM)
ANSWERED = (SLIP, FORM)
"""What units fill in and send back: then it is a return like any other."""

KEPT = "（保留"
"""In the name of a file that was set aside with what staff wrote in it, before its number."""
RECORD_HEAD = f"{NAME}　{RECORD}"
"""The first line of the one output that is plain text."""

_PARTS = ("docProps/custom.xml", "meta.xml")
_STREAM = "\x05DocumentSummaryInformation"
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le")
_RECORDS = tuple(
    mark + RECORD_HEAD.encode(encoding)
    for encoding in _ENCODINGS
    for mark in (b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF8 + codecs.BOM_UTF16_LE)
)
_LARGEST = 2**20


def marker_of(data: bytes) -> str:
    """Which of the program's outputs these bytes are, '' where they are none."""
    if data.startswith(_RECORDS):
        return RECORD
    try:
        properties = _of_ole(data) if data.startswith(olefile.MAGIC) else _of_zip(data)
    except Exception:  # noqa: BLE001  a broken file carries no mark
        return ""
    for encoding in _ENCODINGS:
        if NAME.encode(encoding) in properties:
            return next((kind for kind in KINDS if kind.encode(encoding) in properties), "")
    return ""


def _of_zip(data: bytes) -> bytes:
    found = archive(data)
    return b"".join([found.read(name) for name, size in found.sizes if name in _PARTS and size <= _LARGEST])


def _of_ole(data: bytes) -> bytes:
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        return bytes(ole.openstream(_STREAM).read(_LARGEST)) if ole.exists(_STREAM) else b""

"""The mark by which the program knows its own workbooks, also after Excel, WPS or LibreOffice saved them as something else."""

from __future__ import annotations

import io
import zipfile

import olefile

NAME = "专项整治报表汇总程序"
COUNTY, LEDGER, SLIP, FORM = "汇总工作簿", "内部工作台账", "退回修改表", "空白报表"
KINDS = (COUNTY, LEDGER, SLIP, FORM)
ANSWERED = (SLIP, FORM)
"""What units fill in and send back: then it is a return like any other."""

LEDGER_SHEETS = ("催报电话单", "差异清单", "联络员名单", "来源台账", "数据溯源")
KEPT = "（保留）"
"""In the name of a ledger that was put aside with what staff wrote outside 差异清单."""

_PARTS = ("docProps/custom.xml", "meta.xml")
_STREAM = "\x05DocumentSummaryInformation"
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le")
_LARGEST = 2**20


def mark_of(data: bytes) -> str:
    """Which of the program's workbooks these bytes are, '' where they are none."""
    try:
        properties = _of_ole(data) if data.startswith(olefile.MAGIC) else _of_zip(data)
    except Exception:  # noqa: BLE001  a broken file carries no mark
        return ""
    for encoding in _ENCODINGS:
        if NAME.encode(encoding) in properties:
            return next((kind for kind in KINDS if kind.encode(encoding) in properties), "")
    return ""


def _of_zip(data: bytes) -> bytes:
    if not any(part.encode() in data for part in _PARTS):
        return b""  # seen without opening it: nearly all files of an inbox are other people's
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        parts = [z.getinfo(name) for name in _PARTS if name in z.namelist()]
        return b"".join(z.read(info) for info in parts if info.file_size <= _LARGEST)


def _of_ole(data: bytes) -> bytes:
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        return bytes(ole.openstream(_STREAM).read(_LARGEST)) if ole.exists(_STREAM) else b""

"""What staff typed into the office's own workbook of the run before."""

from __future__ import annotations

import io
from pathlib import Path

from pipeline.errors import OutputError, why
from pipeline.model import LedgerLine

SHEET = "差异清单"
_NEEDED = {"编号", "状态", "核实说明"}
_LOCKS = ("~${}", ".~lock.{}#", ".~{}")
"""What Excel, LibreOffice and WPS put beside a file that is open."""


def read_ledger(path: Path) -> list[LedgerLine]:
    """The lines of the ledger as they stand there, none where there is no ledger yet.

    OutputError where it is open or cannot be read: then nothing may be written over what staff typed.
    """
    if any((path.parent / lock.format(path.name)).exists() for lock in _LOCKS):
        raise OutputError(f"“{path}”正在打开，没有写入任何文件；请保存并关闭后再运行一次。")
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as e:
        raise OutputError(f"“{path}”打不开（{why(e)}），没有写入任何文件；请关闭后再运行一次。") from None
    try:
        return _lines(data)
    except Exception:  # noqa: BLE001  openpyxl's exceptions are open-ended
        raise OutputError(
            f"“{path}”已损坏或被改动，读不出差异清单；为免丢失其中填写的内容，没有写入任何文件，请恢复或移走它后再运行。"
        ) from None


def _lines(data: bytes) -> list[LedgerLine]:
    import openpyxl

    rows = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)[SHEET].iter_rows(values_only=True)
    for row in rows:
        heads = ["" if v is None else str(v).strip() for v in row]
        if set(heads) >= _NEEDED:
            break
    else:
        raise ValueError("no header")
    cells = ({h: _text(v) for h, v in zip(heads, row, strict=False) if h and v is not None} for row in rows)
    return [LedgerLine(str(line.get("编号", "")), line) for line in cells if any(str(v) for v in line.values())]


def _text(value: object) -> str | int:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else str(value).strip()

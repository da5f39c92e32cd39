"""旧稿/: workbooks in which staff typed, coloured or commented what no run carries are set aside there, and reported."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.output_marker import FORM, KEPT, LEDGER, RECORD_HEAD, SLIP, marker_of
from pipeline.phones import MASKED, shown
from pipeline.read.papers.typed import typed_on
from pipeline.write.files import sha256
from pipeline.write.record import NAME as RECORD

FOLDER = "旧稿"
_WRITTEN = re.compile(r"^ *([0-9a-f]{64})  ", re.M)
_WHAT_NOW = {
    LEDGER: "要保留的请写进差异清单",
    SLIP: "如是单位改好的表，请移入收件夹",
    FORM: "如是单位填好的表，请移入收件夹",
}


@dataclass
class Drafts:
    """The old files to be set aside by their new names, a sentence for each, and what was read, by SHA-256."""

    files: dict[str, bytes] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)


def set_aside(folder: Path, outputs: Mapping[str, bytes | None], known: Collection[str] = ()) -> Drafts:
    """What of the folder's files has to be kept before the outputs take their places (None: before they go).

    `known` are the SHA-256 of bytes that are not lost with the file.
    """
    drafts = Drafts()
    known = {*known, *_as_written(folder)}
    for name, new in outputs.items():
        old = _read(folder / name)
        if old is None or old == new or not (kind := marker_of(old)):
            continue
        drafts.read[name] = sha256(old)
        if drafts.read[name] not in known and (sheets := _typed_on(old)):
            draft = _name(folder, name, old, drafts.files)
            drafts.files[draft] = old
            drafts.notices.append(_sentence(name, kind, sheets, draft))
    return drafts


def _as_written(folder: Path) -> Iterator[str]:
    """The SHA-256 of the files that the last run wrote there, as its record tells."""
    record = (_read(folder / RECORD) or b"").decode("utf-8-sig", "replace")
    return (m[1] for m in _WRITTEN.finditer(record.partition("【写出】")[2])) if RECORD_HEAD in record else iter(())


def _typed_on(old: bytes) -> list[str]:
    try:
        return typed_on(old)
    except Exception:  # noqa: BLE001  what a damaged workbook raises is open-ended, and what is in it nobody knows
        return ["全部内容"]


def _name(folder: Path, name: str, old: bytes, taken: Collection[str]) -> str:
    """A name that no other file has, or that of the same file set aside before."""
    stem = Path(name).stem
    number = 1
    while True:
        draft = f"{FOLDER}/{stem}{KEPT}{number}）.xlsx"
        if draft not in taken and _read(folder / draft) in (None, old):
            return draft
        number += 1


def _sentence(name: str, kind: str, sheets: Collection[str], draft: str) -> str:
    where = "、".join(f"“{shown(sheet, MASKED)}”" for sheet in sheets)
    now = f"；{_WHAT_NOW[kind]}" if kind in _WHAT_NOW else ""
    return f"“{name}”的{where}里有写出后填写、着色或批注的内容，不能带入新的文件，原文件已另存为“{draft}”{now}。"


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None

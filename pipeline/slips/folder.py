"""退回修改/: which slips are written, and which go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.model import Month, Reading, Return
from pipeline.output_marker import SLIP, marker_of

FOLDER = "退回修改"


def settled(month: Path, slips: Mapping[str, bytes]) -> tuple[dict[str, bytes | None], list[str]]:
    """What is to be written below the month's folder (None: to go), and a sentence for each file that is not ours."""
    files: dict[str, bytes | None] = dict(slips)
    messages = []
    for path in sorted((month / FOLDER).glob("*.xlsx")):
        name = f"{FOLDER}/{path.name}"
        if marker_of(_read(path)) == SLIP:
            files.setdefault(name, None)
        elif files.pop(name, None) is not None:
            messages.append(f"“{name}”不是本程序生成的文件，没有覆盖；请把它移走或改名后再运行。")
    return files, messages


def unnumbered(readings: Iterable[Reading], period: Month) -> list[str]:
    """A sentence for each file of the period in which a unit wrote something where no number tells what it is about."""
    return [
        f"“{r.source.path}”的退回通知中，有情况说明所在的行没有编号，分不清说的是哪一条，见来源台账该文件的“说明”。"
        for r in readings
        if any(not one.number for one in r.explanations) and _belongs(r, period)
    ]


def _belongs(reading: Reading, period: Month) -> bool:
    months = {t.month for t in reading.tables if isinstance(t, Return)}
    return period in (months or {reading.source.due_month})


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""

"""退回修改/: which slips are written, which go, and which somebody has put his hand to."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from pipeline.mark import SLIP, mark_of
from pipeline.model import EXPLANATION, Month, Reading, Return
from pipeline.slips.package import is_untouched

FOLDER = "退回修改"


def settled(
    month: Path, slips: Mapping[str, bytes], arrived: Collection[str]
) -> tuple[dict[str, bytes | None], list[str]]:
    """What is to be written below the month's folder (None: to go), and a sentence for each file that is left alone.

    `arrived` are the SHA-256 of the inbox: what lies there too is not lost when its place here is taken.
    """
    there = {f"{FOLDER}/{path.name}": _read(path) for path in sorted((month / FOLDER).glob("*.xlsx"))}
    files: dict[str, bytes | None] = dict(slips)
    told = []
    for name, old in there.items():
        ours = mark_of(old) == SLIP
        if ours and (is_untouched(old) or hashlib.sha256(old).hexdigest() in arrived):
            files.setdefault(name, None)
        elif ours:
            files.pop(name, None)
            told.append(f"“{name}”写出后被改动过，没有更新或删除；如是单位改好的表，请移入收件夹，否则请删除。")
        elif files.pop(name, None) is not None:
            told.append(f"“{name}”不是本程序生成的文件，没有覆盖；请把它移走或改名后再运行。")
    return files, told


def explained(readings: Iterable[Reading], period: Month) -> list[str]:
    """A sentence for each file of the period in which a unit wrote something on its slip."""
    return [
        f"“{r.source.path}”的退回通知中，单位写了情况说明，见来源台账该文件的“说明”。"
        for r in readings
        if any(n.startswith(EXPLANATION) for n in r.notes)
        and any(isinstance(t, Return) and t.month == period for t in r.tables)
    ]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""

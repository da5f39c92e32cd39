"""Reading: the files of the inbox to readings, each in a process that it cannot take the run down with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipeline.county import County
from pipeline.model import Attachment, Reading
from pipeline.read.attachment import read_attachment, unread
from pipeline.read.inbox import files, pick_up
from pipeline.read.names import Names
from pipeline.read.unpack import leaves
from pipeline.workers import LostError, in_workers

_LOST = ("使读取程序中断或超时，可能已损坏或含有异常内容", "请用 Excel 或 WPS 打开核对，另存为 .xlsx 后重新报送。")


def read_inbox(inbox: Path, county: County) -> list[Reading]:
    """At least one reading for every file below the inbox, in the order of paths."""
    return read_all(inbox, files(inbox), county)


def read_all(inbox: Path, tasks: Sequence[str | Attachment], county: County) -> list[Reading]:
    """The readings of those files, given by their path below the inbox or with their bytes."""
    results: list[list[Reading]] = [[] for _ in tasks]
    for i, result in in_workers(_reader, (inbox, county), tasks):
        results[i] = _of_lost(inbox, tasks[i], county) if isinstance(result, LostError) else result
    return [reading for readings in results for reading in readings]


def _of_lost(inbox: Path, task: str | Attachment, county: County) -> list[Reading]:
    """The readings of a file whose reader was lost: of a container each member is tried by itself."""
    outer = pick_up(inbox, task) if isinstance(task, str) else task
    ((_, inside),) = in_workers(_unpacker, (), [outer])
    members = [] if isinstance(inside, LostError) else inside
    if len(members) <= 1 and all(m.source.path == outer.source.path for m in members):
        return [unread(outer.source, Names(county), *_LOST)]
    return read_all(inbox, members, county)


def _reader(inbox: Path, county: County) -> Callable[[str | Attachment], list[Reading]]:
    names = Names(county)

    def read(task: str | Attachment) -> list[Reading]:
        outer = pick_up(inbox, task) if isinstance(task, str) else task
        return [read_attachment(leaf, county, names) for leaf in leaves(outer)]

    return read


def _unpacker() -> Callable[[Any], list[Attachment]]:
    return leaves

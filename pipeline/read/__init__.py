"""Reading: the files of the inbox to readings, each in a process that it cannot take the run down with."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from pipeline.cluster import on_cluster
from pipeline.model import Attachment, Reading
from pipeline.processes import LostError
from pipeline.read.grids.inbox import files, pick_up
from pipeline.read.grids.received import ANY_TIME, Clock
from pipeline.roster import Roster
from pipeline.workers import in_workers

READER, _LISTER = "pipeline.read.reader:reader", "pipeline.read.reader:lister"
"""What reads is read in by the workers alone."""

_Task = tuple[str | Attachment, int]
"""A file, by its path below the inbox or with its bytes, and how many of the files in it are done."""

_LOST = ("使读取程序中断或超时，可能已损坏或含有异常内容", "请用 Excel 或 WPS 打开核对，另存为 .xlsx 后重新报送。")
_LEFT = "在同一压缩包或邮件中另有文件使读取程序中断，没有读取"
MAX_LOSSES = 3
"""Members of one container that may crash their reader; the rest are then reported unread."""

_RETRY_SECONDS = 60.0
"""Seconds for which members of such a container are tried, within the limit above."""

Progress = Callable[[int, int], None]
"""Called with the number of files read and the number of all files."""


def no_progress(done: int, of: int) -> None:
    """Ignores progress."""


def read_inbox(
    inbox: Path, county: Roster, on_progress: Progress = no_progress, scheduler: str = "", clock: Clock = ANY_TIME
) -> list[Reading]:
    """At least one reading for every file below the inbox, in the order of paths; read on a cluster where one is named."""
    each = read_each(inbox, files(inbox), county, on_progress, scheduler, clock)
    return [reading for readings in each for reading in readings]


def read_each(
    inbox: Path,
    given: Sequence[str | Attachment],
    county: Roster,
    on_progress: Progress = no_progress,
    scheduler: str = "",
    clock: Clock = ANY_TIME,
) -> list[list[Reading]]:
    """The readings of each of those files, given by their path below the inbox or with their bytes."""
    results: list[list[Reading]] = [[] for _ in given]
    lost: list[int] = []
    begun = 0
    tasks: list[_Task] = [(one, 0) for one in given]
    for i, result in (
        on_cluster(scheduler, READER, (Path(), county, clock), tasks, partial(_with_bytes, inbox, clock))
        if scheduler
        else in_workers(READER, (inbox, county, clock), tasks)
    ):
        if not results[i]:
            begun += 1
            on_progress(begun, len(given))
        if isinstance(result, LostError):
            lost.append(i)
        else:
            results[i].append(result)
    for i in lost:
        results[i] = _after_loss(inbox, given[i], results[i], county, clock)
    return results


def _with_bytes(inbox: Path, clock: Clock, task: _Task) -> tuple[_Task, int]:
    """A task that can be done where nobody sees the inbox, and its size."""
    one, done = task
    attachment = pick_up(inbox, one, clock) if isinstance(one, str) else one
    return (attachment, done), len(attachment.data)


def _after_loss(
    inbox: Path, task: str | Attachment, done: list[Reading], county: Roster, clock: Clock
) -> list[Reading]:
    """The readings of a file whose reader was lost after those: of a container the members behind it are tried too."""
    from pipeline.read.attachment import unread
    from pipeline.read.returns.names import Names

    outer = pick_up(inbox, task, clock) if isinstance(task, str) else task
    names, began = Names(county), time.monotonic()
    inside = [s for _, s in in_workers(_LISTER, (clock,), [outer]) if not isinstance(s, LostError)] or [outer.source]
    for _ in range(MAX_LOSSES):
        done = [*done, *(unread(source, names, *_LOST) for source in inside[len(done) : len(done) + 1])]
        if len(done) >= len(inside) or time.monotonic() - began > _RETRY_SECONDS:
            break
        results = [result for _, result in in_workers(READER, (inbox, county, clock), [(task, len(done))])]
        done += [r for r in results if not isinstance(r, LostError)]
        if not any(isinstance(r, LostError) for r in results):
            return done
    return [*done, *(unread(source, names, _LEFT, _LOST[1]) for source in inside[len(done) :])]

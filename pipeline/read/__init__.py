"""Reading: the files of the inbox to readings, each in a process that it cannot take the run down with."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from pipeline.cluster import on_cluster
from pipeline.model import Attachment, Reading
from pipeline.read.attachment import opened, read_attachment, read_opened, seen, unread
from pipeline.read.grids.inbox import files, pick_up
from pipeline.read.grids.unpack import leaves
from pipeline.read.returns.names import Names
from pipeline.roster import Roster
from pipeline.workers import LostError, Work, in_workers, one_by_one

_LOST = ("使读取程序中断或超时，可能已损坏或含有异常内容", "请用 Excel 或 WPS 打开核对，另存为 .xlsx 后重新报送。")
_LEFT = "在同一压缩包或邮件中另有文件使读取程序中断，没有读取"
_TOGETHER = 2**20
"""Files of so many bytes, packed as they are, are read together; see README, How fast."""

_WAITING = 0.1
"""Seconds that files wait for each other between two steps of reading."""

MAX_LOSSES = 3
"""So many members of one container may cost their reader; the rest are then told, and not tried."""

_PATIENCE = 60.0
"""Seconds after which no other member of such a container is tried, behind the limit above."""

T = TypeVar("T")

_Task = tuple[str | Attachment, int]
"""A file, by its path below the inbox or with its bytes, and how many of the files in it are done."""


Progress = Callable[[int, int], None]
"""Is told how many of how many files are read."""


def quietly(done: int, of: int) -> None:
    """Tells nobody."""


def read_inbox(inbox: Path, county: Roster, tell: Progress = quietly, scheduler: str = "") -> list[Reading]:
    """At least one reading for every file below the inbox, in the order of paths; read on a cluster where one is named."""
    return read_all(inbox, files(inbox), county, tell, scheduler)


def read_all(
    inbox: Path,
    given: Sequence[str | Attachment],
    county: Roster,
    tell: Progress = quietly,
    scheduler: str = "",
) -> list[Reading]:
    """The readings of those files, given by their path below the inbox or with their bytes."""
    results: list[list[Reading]] = [[] for _ in given]
    lost: list[int] = []
    begun = 0
    tasks: list[_Task] = [(one, 0) for one in given]
    for i, result in (
        on_cluster(scheduler, _reader, (Path(), county), tasks, partial(_with_bytes, inbox))
        if scheduler
        else in_workers(_reader, (inbox, county), tasks)
    ):
        if not results[i]:
            begun += 1
            tell(begun, len(given))
        if isinstance(result, LostError):
            lost.append(i)
        else:
            results[i].append(result)
    for i in lost:
        results[i] = _after_loss(inbox, given[i], results[i], county)
    return [reading for readings in results for reading in readings]


def _with_bytes(inbox: Path, task: _Task) -> tuple[_Task, int]:
    """A task that can be done where nobody sees the inbox, and its size."""
    one, done = task
    attachment = pick_up(inbox, one) if isinstance(one, str) else one
    return (attachment, done), len(attachment.data)


def _after_loss(inbox: Path, task: str | Attachment, done: list[Reading], county: Roster) -> list[Reading]:
    """The readings of a file whose reader was lost after those: of a container the members behind it are tried too."""
    outer, names, began = pick_up(inbox, task) if isinstance(task, str) else task, Names(county), time.monotonic()
    inside = [s for _, s in in_workers(_lister, (), [outer]) if not isinstance(s, LostError)] or [outer.source]
    for _ in range(MAX_LOSSES):
        done = [*done, *(unread(source, names, *_LOST) for source in inside[len(done) : len(done) + 1])]
        if len(done) >= len(inside) or time.monotonic() - began > _PATIENCE:
            break
        results = [result for _, result in in_workers(_reader, (inbox, county), [(task, len(done))])]
        done += [r for r in results if not isinstance(r, LostError)]
        if not any(isinstance(r, LostError) for r in results):
            return done
    return [*done, *(unread(source, names, _LEFT, _LOST[1]) for source in inside[len(done) :])]


def _reader(inbox: Path, county: Roster) -> Work:
    names = Names(county)

    def read(tasks: Sequence[_Task]) -> Iterator[tuple[int, Reading]]:
        for few in _few_at_a_time(inbox, tasks):
            if len(few) == 1:
                ((i, outer, done),) = few
                yield from ((i, read_attachment(leaf, county, names)) for leaf in islice(leaves(outer), done, None))
            else:
                yield from _together(few, county, names)

    return read


_Picked = tuple[int, Attachment, int]
"""A task's place, its file with its bytes, and how many of the files in it are done."""


def _few_at_a_time(inbox: Path, tasks: Sequence[_Task]) -> Iterator[list[_Picked]]:
    """The files of tasks, as many at a time as go through the steps of reading together."""
    few: list[_Picked] = []
    size = 0
    for i, (one, done) in enumerate(tasks):
        outer = pick_up(inbox, one) if isinstance(one, str) else one
        if few and size + len(outer.data) > _TOGETHER:
            yield few
            few, size = [], 0
        few.append((i, outer, done))
        size += len(outer.data)
    if few:
        yield few


def _together(few: Sequence[_Picked], county: Roster, names: Names) -> Iterator[tuple[int, Reading]]:
    """The readings of several files, in their order: they take each step of reading one after another.

    So they are read in three quarters of the time. Where the memory ends, none is blamed: a MemoryError is raised.
    """
    looked = ((i, leaf, seen(leaf)) for i, outer, done in few for leaf in islice(leaves(outer), done, None))
    for waiting in _groups(looked):
        books = ((i, leaf, opened(found)) for i, leaf, found in waiting)
        for ready in _groups(books):
            for i, leaf, book in ready:
                yield i, read_opened(leaf, book, county, names)


def _groups(items: Iterable[T]) -> Iterator[list[T]]:
    """The items, those together that come within so many seconds."""
    group, began = list[T](), time.monotonic()
    for item in items:
        group.append(item)
        if time.monotonic() - began > _WAITING:
            yield group
            group, began = [], time.monotonic()
    yield group


def _lister() -> Work:
    """Tells of the files in a file, one by one, without their bytes."""
    return one_by_one(lambda outer: (leaf.source for leaf in leaves(outer)))

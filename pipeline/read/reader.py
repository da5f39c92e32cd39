"""What a worker does with files: picks them up, looks into them, opens them, recognises what is in them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from pipeline.model import Attachment, Reading
from pipeline.processes import Work
from pipeline.read.attachment import opened, read_attachment, read_opened, seen
from pipeline.read.grids.inbox import pick_up
from pipeline.read.grids.received import ANY_TIME, Clock
from pipeline.read.grids.unpack import leaves
from pipeline.read.returns.names import Names
from pipeline.roster import Roster
from pipeline.workers import one_by_one

_TOGETHER = 2**20
"""Bytes of files read together, as packed; see tests/README.md, How fast."""

_WAITING = 0.1
"""Seconds for which files are collected between two steps of reading."""

T = TypeVar("T")

_Task = tuple[str | Attachment, int]
"""A file, by its path below the inbox or with its bytes, and how many of the files in it are done."""


def reader(inbox: Path, county: Roster, clock: Clock = ANY_TIME) -> Work:
    """Gives the readings of tasks: at least one of every file, members of containers each by itself."""
    names = Names(county)

    def read(tasks: Sequence[_Task]) -> Iterator[tuple[int, Reading]]:
        for few in _few_at_a_time(inbox, tasks, clock):
            if len(few) == 1:
                ((i, outer, done),) = few
                yield from (
                    (i, read_attachment(leaf, county, names)) for leaf in islice(leaves(outer, clock), done, None)
                )
            else:
                yield from _together(few, county, names, clock)

    return read


_Picked = tuple[int, Attachment, int]
"""A task's place, its file with its bytes, and how many of the files in it are done."""


def _few_at_a_time(inbox: Path, tasks: Sequence[_Task], clock: Clock) -> Iterator[list[_Picked]]:
    """The files of tasks, as many at a time as go through the steps of reading together."""
    few: list[_Picked] = []
    size = 0
    for i, (one, done) in enumerate(tasks):
        outer = pick_up(inbox, one, clock) if isinstance(one, str) else one
        if few and size + len(outer.data) > _TOGETHER:
            yield few
            few, size = [], 0
        few.append((i, outer, done))
        size += len(outer.data)
    if few:
        yield few


def _together(few: Sequence[_Picked], county: Roster, names: Names, clock: Clock) -> Iterator[tuple[int, Reading]]:
    """The readings of several files, in their order: they take each step of reading one after another.

    So they are read in three quarters of the time. Where the memory ends, none is blamed: a MemoryError is raised.
    """
    looked = ((i, leaf, seen(leaf)) for i, outer, done in few for leaf in islice(leaves(outer, clock), done, None))
    for waiting in _groups(looked):
        books = ((i, leaf, opened(found)) for i, leaf, found in waiting)
        for ready in _groups(books):
            for i, leaf, book in ready:
                yield i, read_opened(leaf, book, county, names)


def _groups(items: Iterable[T]) -> Iterator[list[T]]:
    """The items in groups, each collected for _WAITING seconds."""
    group, began = list[T](), time.monotonic()
    for item in items:
        group.append(item)
        if time.monotonic() - began > _WAITING:
            yield group
            group, began = [], time.monotonic()
    yield group


def lister(clock: Clock = ANY_TIME) -> Work:
    """Tells of the files in a file, one by one, without their bytes."""
    return one_by_one(lambda outer: (leaf.source for leaf in leaves(outer, clock)))

"""Work shared out to processes: one that panics, aborts, hangs or eats memory costs the task it was at, and no other.

A pool library would be shorter by some lines, but the best of them shares pipes and locks between its workers, and one
killed at the wrong moment can leave the others waiting for ever. Here each worker has a pipe of its own.
"""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import Any

from pipeline.errors import PipelineError
from pipeline.processes import Done, LostError, Make, Process, Ready, Work, started

SECONDS = 10.0
"""Per result, behind all other limits: no good file takes a tenth of it."""

_TASK_FACTOR = 6
"""A task with many results may take this many times as long."""

_BATCH = 128
"""Tasks sent together: pickle writes what they share once, and larger batches keep a worker waiting."""

_FILES_PER_WORKER = 300
"""Reading this many files takes as long as starting a worker, so fewer need no second one."""

_START_SECONDS = 120.0


@dataclass
class _Worker:
    process: Process
    since: float
    began: float = 0.0
    ready: bool = False
    careful: bool = False
    batch: deque[int] = field(default_factory=deque)

    def late(self, seconds: float) -> bool:
        now = time.monotonic()
        if not self.ready:
            return now - self.since > _START_SECONDS
        return bool(self.batch) and (now - self.since > seconds or now - self.began > _TASK_FACTOR * seconds)


@dataclass
class _Tasks:
    """What is still to be done.

    A worker that dies while it holds results back leaves open which task it was at. Then its tasks are done again with
    care, each result reported at once, which shows it; those `reported` before are not reported again.
    """

    all: Sequence[object]
    todo: deque[int]
    careful: set[int] = field(default_factory=set)
    reported: Counter[int] = field(default_factory=Counter)
    again: Counter[int] = field(default_factory=Counter)

    def next(self, *, careful: bool) -> list[int]:
        """Takes the next tasks off the list, all of them to be done in the same way."""
        batch: list[int] = []
        while self.todo and len(batch) < _BATCH and (self.todo[0] in self.careful) == careful:
            batch.append(self.todo.popleft())
        return batch

    def give_back(self, numbers: Iterable[int], *, careful: bool) -> None:
        """Puts tasks that were not done back in front."""
        numbers = list(numbers)
        self.todo.extendleft(reversed(numbers))
        if careful:
            self.careful.update(numbers)

    def is_new(self, number: int) -> bool:
        """Whether a task's result has not been reported before."""
        if self.again[number]:
            self.again[number] -= 1
            return False
        self.reported[number] += 1
        return True


def in_workers(
    make: Make,
    about: tuple[object, ...],
    tasks: Sequence[object],
    seconds: float = SECONDS,
    share: int = _FILES_PER_WORKER,
) -> Iterator[tuple[int, Any]]:
    """Each task's number with its results, one by one, in the order in which they come.

    `make(*about)` makes, once in every worker, the function that does tasks; all of it must be picklable. A LostError ends
    the results of a task that could not be done to its end. `share`: how many tasks are worth a worker of their own.
    """
    open_tasks = _Tasks(tasks, deque(range(len(tasks))))
    workers: list[_Worker] = []
    count = min(os.cpu_count() or 1, 1 + len(tasks) // share)
    try:
        while open_tasks.todo or any(w.batch for w in workers):
            workers += [
                _Worker(started(make, about), time.monotonic())
                for _ in range(min(count - len(workers), len(open_tasks.todo)))
            ]
            for worker in workers:
                _feed(worker, open_tasks)
            wait([w.process.pipe for w in workers], timeout=1.0)
            for worker in list(workers):
                yield from _results(worker, open_tasks)
                ended = worker.process.ended
                if ended:
                    yield from _results(worker, open_tasks)  # what it sent since it was last looked at
                if ended or worker.late(seconds):
                    workers.remove(worker)
                    yield from _give_up(worker, open_tasks)
    finally:
        for worker in workers:
            worker.process.stop()


def one_by_one(work: Callable[[Any], Iterable[Any]]) -> Work:
    """Does each task by itself."""
    return lambda tasks: ((i, result) for i, task in enumerate(tasks) for result in work(task))


def _feed(worker: _Worker, tasks: _Tasks) -> None:
    if not worker.ready or worker.batch or not tasks.todo:
        return
    worker.careful = tasks.todo[0] in tasks.careful
    worker.batch.extend(tasks.next(careful=worker.careful))
    worker.since = worker.began = time.monotonic()
    try:
        worker.process.pipe.send((worker.careful, [(i, tasks.all[i]) for i in worker.batch]))
    except OSError:
        worker.process.kill()


def _results(worker: _Worker, tasks: _Tasks) -> Iterator[tuple[int, Any]]:
    try:
        while worker.process.pipe.poll():
            for number, result in worker.process.pipe.recv():
                if result is Ready:
                    worker.ready = True
                elif result is Done:
                    worker.batch.popleft()
                    worker.began = time.monotonic()
                elif tasks.is_new(number):
                    yield number, result
            worker.since = time.monotonic()
    except (EOFError, OSError):
        worker.process.end()


def _give_up(worker: _Worker, tasks: _Tasks) -> Iterator[tuple[int, Any]]:
    """The task the worker was at is lost, where that is known; the rest of its batch goes to another."""
    started = worker.ready
    worker.process.stop()
    if not started:
        raise PipelineError("读取程序无法启动，请重新启动电脑后再运行；仍不行的请重新安装本程序。")
    if worker.batch and worker.careful:
        yield worker.batch.popleft(), LostError()
    for number in worker.batch:
        tasks.again[number] = tasks.reported[number]
    tasks.give_back(worker.batch, careful=not worker.careful)

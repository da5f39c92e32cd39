"""Worker processes: one that panics, aborts, hangs or eats memory costs the task it was at, and no other.

A pool library would be shorter by some lines, but the best of them shares pipes and locks between its workers, and one
killed at the wrong moment can leave the others waiting for ever. Here each worker has a pipe of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from pipeline.errors import PipelineError
from pipeline.limits import limit_memory

MEMORY = 640 * 2**20
SECONDS = 10.0
"""Per result, behind all other limits: no good file takes a tenth of it."""

_WHOLE = 6
"""A task with many results may take so many times as long."""

_BATCH = 16
_START_SECONDS = 120.0
_READY = -1


class _Done:
    """Ends the results of a task."""


class LostError(Exception):
    """The result of a task whose worker died, or ran out of time or memory."""


@dataclass
class _Worker:
    process: SpawnProcess
    pipe: Connection
    since: float
    began: float = 0.0
    ready: bool = False
    batch: deque[int] = field(default_factory=deque)

    def late(self, seconds: float) -> bool:
        now = time.monotonic()
        if not self.ready:
            return now - self.since > _START_SECONDS
        return bool(self.batch) and (now - self.since > seconds or now - self.began > _WHOLE * seconds)


def in_workers(
    make: Callable[..., Callable[[Any], Iterable[Any]]],
    about: tuple[object, ...],
    tasks: Sequence[object],
    seconds: float = SECONDS,
) -> Iterator[tuple[int, Any]]:
    """Each task's number with its results, one by one, in the order in which they come.

    `make(*about)` makes, once in every worker, the function that gives a task's results; all of it must be picklable. A
    LostError ends the results of a task that could not be done to its end.
    """
    todo = deque(range(len(tasks)))
    workers: list[_Worker] = []
    count = min(os.cpu_count() or 1, 1 + len(tasks) // _BATCH)
    try:
        while todo or any(w.batch for w in workers):
            workers += [_start(make, about) for _ in range(min(count - len(workers), len(todo)))]
            for worker in workers:
                _feed(worker, todo, tasks)
            wait([w.pipe for w in workers], timeout=1.0)
            for worker in list(workers):
                yield from _results(worker)
                ended = worker.process.exitcode is not None
                if ended:
                    yield from _results(worker)  # what it sent since it was last looked at
                if ended or worker.late(seconds):
                    workers.remove(worker)
                    yield from _give_up(worker, todo)
    finally:
        for worker in workers:
            _stop(worker)


def _start(make: Callable[..., Callable[[Any], Iterable[Any]]], about: tuple[object, ...]) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, make, about), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours, time.monotonic())


def _feed(worker: _Worker, todo: deque[int], tasks: Sequence[object]) -> None:
    if not worker.ready or worker.batch or not todo:
        return
    worker.batch.extend(todo.popleft() for _ in range(min(_BATCH, len(todo))))
    worker.since = worker.began = time.monotonic()
    try:
        worker.pipe.send([(i, tasks[i]) for i in worker.batch])
    except OSError:
        worker.process.kill()


def _results(worker: _Worker) -> Iterator[tuple[int, Any]]:
    try:
        while worker.pipe.poll():
            number, result = worker.pipe.recv()
            worker.since = time.monotonic()
            if number == _READY:
                worker.ready = True
            elif isinstance(result, _Done):
                worker.batch.popleft()
                worker.began = worker.since
            else:
                yield number, result
    except (EOFError, OSError):
        worker.process.join(timeout=5)
        worker.process.kill()
        worker.process.join()


def _give_up(worker: _Worker, todo: deque[int]) -> Iterator[tuple[int, Any]]:
    """The task the worker was at is lost; the rest of its batch goes to another."""
    started = worker.ready
    _stop(worker)
    if not started:
        raise PipelineError("读取程序无法启动，请重新启动电脑后再运行；仍不行的请重新安装本程序。")
    if worker.batch:
        yield worker.batch.popleft(), LostError()
        todo.extendleft(reversed(worker.batch))


def _stop(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()


def _serve(pipe: Connection, make: Callable[..., Callable[[Any], Iterable[Any]]], about: tuple[object, ...]) -> None:
    # A panicking library writes to the terminal, and with a backtrace it may hang instead of dying.
    os.environ["RUST_BACKTRACE"] = "0"
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    work = make(*about)
    limit_memory(MEMORY)
    pipe.send((_READY, None))
    while True:
        try:
            batch = pipe.recv()
        except EOFError:
            return
        for number, task in batch:
            try:
                for result in work(task):
                    pipe.send((number, result))
            except MemoryError:
                pipe.send((number, LostError()))
            pipe.send((number, _Done()))

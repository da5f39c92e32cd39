"""Worker processes, started and stopped: each serves one kind of work over a pipe of its own.

A process takes about as long to read in what it works with as the program itself does. So those that are sure to be
needed can be started ahead, and read it in meanwhile.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.process import BaseProcess
from pkgutil import resolve_name
from typing import Any

from pipeline.limits import collect_rarely, limit_memory

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Pipe
    from multiprocessing.context import SpawnContext as Context

    def _context(module: str) -> Context:  # noqa: ARG001  nothing can be read in beforehand
        """Windows starts every worker from nothing, and each imports what it needs."""
        return multiprocessing.get_context("spawn")

else:
    from multiprocessing.connection import Connection as Pipe
    from multiprocessing.context import ForkServerContext as Context

    def _context(module: str) -> Context:
        """A server that has read that module in makes all workers; the first of them says which."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([module])
        return context


MEMORY = 640 * 2**20
_HELD = 0.1
"""Seconds for which a worker collects results before it sends them."""

Work = Callable[[Sequence[Any]], Iterable[tuple[int, Any]]]
"""Gives the results of tasks, in their order, each with the place of its task among them."""

Make = Callable[..., Work] | str
"""What makes the function that does tasks, itself or as "module:name", which only the worker has to read in."""


class Ready:
    """Says that a worker has started."""


class Done:
    """Ends the results of a task."""


class LostError(Exception):
    """The result of a task whose worker died, or ran out of time or memory."""


@dataclass(frozen=True)
class Process:
    """A worker process and our end of its pipe."""

    process: BaseProcess
    pipe: Pipe

    @property
    def ended(self) -> bool:
        """Whether the process has ended."""
        return self.process.exitcode is not None

    def kill(self) -> None:
        """Ends it, without waiting for it."""
        self.process.kill()

    def end(self) -> None:
        """Waits until one that closed its pipe is no more."""
        self.process.join(timeout=5)
        self.process.kill()
        self.process.join()

    def stop(self) -> None:
        """Kills it, even in the middle of a task."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


_ahead: dict[str, Future[Process]] = {}


def start_ahead(*modules: str) -> None:
    """Starts a worker for each of those modules; whoever first asks for one of its kind gets it."""
    with_nothing_else = ThreadPoolExecutor(1)  # to start a process is to wait for it
    for module in (m for m in modules if m not in _ahead):
        _ahead[module] = with_nothing_else.submit(_begun, module)
    with_nothing_else.shutdown(wait=False)


def started(make: Make, about: tuple[object, ...]) -> Process:
    """A worker that makes its work by `make(*about)`, all of which must be picklable."""
    module = make.partition(":")[0] if isinstance(make, str) else make.__module__
    ahead = _ahead.pop(module, None)
    worker = ahead.result() if ahead else _begun(module)
    with suppress(OSError):  # that it has ended is seen when its results are asked for
        worker.pipe.send((make, about))
    return worker


def _begun(module: str) -> Process:
    context = _context(module)
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, module), daemon=True)
    process.start()
    theirs.close()
    return Process(process, ours)


# -- in the worker ----------------------------------------------------------------------------------------------------


def _serve(pipe: Pipe, module: str) -> None:
    # Whoever stops the run from the keyboard stops the workers too: they end with their pipe, and have nothing to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A panicking library writes to the terminal, and with a backtrace it may hang instead of dying.
    os.environ["RUST_BACKTRACE"] = "0"
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    import_module(module)
    try:
        make, about = pipe.recv()
    except EOFError:
        return
    work = (resolve_name(make) if isinstance(make, str) else make)(*about)
    collect_rarely()
    limit_memory(MEMORY)
    pipe.send([(0, Ready)])
    while True:
        try:
            careful, batch = pipe.recv()
        except EOFError:
            return
        if not careful:
            # A MemoryError ends the worker: nobody knows which task took the memory, and all are done with care.
            _do(batch, work, pipe.send, _HELD)
        for number, task in batch if careful else ():
            try:
                _do([(number, task)], work, pipe.send, 0.0)
            except MemoryError:
                pipe.send([(number, LostError()), (number, Done)])


def _do(batch: Sequence[tuple[int, object]], work: Work, send: Callable[[object], None], held: float) -> None:
    """Does a batch of tasks and sends their results, those of `held` seconds together."""
    results: list[tuple[int, object]] = []
    numbers = [number for number, _ in batch]
    done, sent = 0, time.monotonic()
    for at, result in work([task for _, task in batch]):
        results += [(number, Done) for number in numbers[done:at]]
        results.append((numbers[at], result))
        done = at
        if (now := time.monotonic()) - sent >= held:
            send(results)
            results, sent = [], now
    send([*results, *((number, Done) for number in numbers[done:])])

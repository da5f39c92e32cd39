"""Tasks on a Dask cluster: batches of them travel to the workers, and each runs in the same worker processes as here.

No path is shared: what a task is about travels with it. A file that kills its reader costs its line and not the cluster's
worker; a worker that goes costs nothing, for its batches go to another.
"""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.commands import cluster_setup
from pipeline.errors import ClusterError, UsageError
from pipeline.processes import Make
from pipeline.workers import in_workers

_FILES, _BYTES = 500, 4 * 2**20
"""The most tasks in a batch, and the size in bytes at which it is sent."""

_WAITING = 3
"""Batches in flight for each thread of the cluster, which bounds the bytes held here."""

_PATIENCE = "10s"
_START = "dask worker 调度器地址 --no-nanny"

Told = list[tuple[int, Any]]


def on_cluster(
    address: str,
    make: Make,
    about: tuple[object, ...],
    tasks: Sequence[object],
    loaded: Callable[[Any], tuple[object, int]],
) -> Iterator[tuple[int, Any]]:
    """Each task's number with its results, as `in_workers` gives them; ClusterError where the cluster cannot be used.

    `loaded` gives a task with all it needs, and how many bytes that is.
    """
    distributed = _distributed()
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
    except ValueError:
        raise UsageError(f"“{address}”不是调度器的地址，应如 tcp://192.168.1.10:8786。") from None
    except OSError:
        raise ClusterError(f"连不上调度器 {address}，请核对地址，并确认 dask scheduler 正在运行。") from None
    with client:
        room = _WAITING * _checked(client)
        done = distributed.as_completed(loop=client.loop)
        try:
            for batch in _batches(tasks, loaded):
                done.add(client.submit(do_batch, fingerprint(), make, about, batch, pure=False))
                if done.count() >= room:
                    yield from next(done).result()
            for future in done:
                yield from future.result()
        except (distributed.KilledWorker, distributed.CancelledError, OSError):
            raise ClusterError("集群中的工作进程中断，没有写入任何文件；请检查各台机器后再运行。") from None


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise UsageError(f"没有安装集群组件 dask distributed，请运行 {cluster_setup()}。") from None
    return distributed


def _checked(client: Any) -> int:
    """The threads of the cluster; ClusterError where a worker is not this program, or there is none."""
    marks = client.run(fingerprint, on_error="return")
    if not marks:
        raise ClusterError(f"调度器上没有工作进程，请在各台机器上运行 {_START}。")
    others = sorted(worker for worker, mark in marks.items() if mark != fingerprint())
    if others:
        raise ClusterError(_other_version("、".join(others)))
    return sum(client.nthreads().values())


def _other_version(workers: str) -> str:
    return f"工作进程 {workers} 上的程序与本机版本不同，请在那里装上同一版本后重新启动，再运行一次。"


def _batches(
    tasks: Sequence[object], loaded: Callable[[Any], tuple[object, int]]
) -> Iterator[list[tuple[int, object]]]:
    batch: list[tuple[int, object]] = []
    size = 0
    for number, task in enumerate(tasks):
        full, more = loaded(task)
        batch.append((number, full))
        size += more
        if len(batch) >= _FILES or size >= _BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


# -- on the cluster ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Tells this program from another version of it: the SHA-256 of its sources."""
    root = Path(__file__).parent.parent
    found = hashlib.sha256()
    for path in sorted(p for part in ("pipeline", "schemas") for p in (root / part).rglob("*.py")):
        found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()


def do_batch(mark: str, make: Make, about: tuple[object, ...], batch: list[tuple[int, object]]) -> Told:
    """The results of a batch of tasks, from a worker process of this machine."""
    if mark != fingerprint():  # one that joined after the others were asked
        raise ClusterError(_other_version(multiprocessing.current_process().name))
    if multiprocessing.current_process().daemon:
        raise ClusterError(f"工作进程不能再启动读取程序，请加上 --no-nanny 启动：{_START}。")
    numbers = [number for number, _ in batch]
    results = in_workers(make, about, [task for _, task in batch], share=len(batch) + 1)
    return [(numbers[i], result) for i, result in results]

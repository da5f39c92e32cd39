"""Where a run spends its time: wall and CPU seconds of its stages, worker processes included."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from pipeline import run
from pipeline.limits import collect_rarely
from pipeline.model import Month

STAGES = ("read_inbox", "choose", "check", "consolidate", "make_slips", "books", "prove", "place")


def cpu_seconds() -> float:
    """Of this process, its children, and those they have waited for (Linux)."""
    return sum(map(_used, family(os.getpid())))


def family(root: int) -> list[int]:
    """A process and all below it."""
    found = [root]
    for pid in found:
        try:
            found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split())
        except OSError:
            continue
    return found


def _used(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def timed(name: str, stage: Callable[..., Any]) -> Callable[..., Any]:
    """The stage, telling what it took."""

    def timed_stage(*args: Any, **more: Any) -> Any:
        wall, cpu = time.perf_counter(), cpu_seconds()
        try:
            return stage(*args, **more)
        finally:
            print(f"{name} {time.perf_counter() - wall:.2f} {cpu_seconds() - cpu:.2f}", flush=True)

    return timed_stage


if __name__ == "__main__":
    root, period, today = Path(sys.argv[1]), Month.parse(sys.argv[2]), dt.date.fromisoformat(sys.argv[3])
    import_module("pandera.pandas")  # a run does so while its readers start; here it would count as reading
    collect_rarely()
    for stage in STAGES:
        setattr(run, stage, timed(stage, getattr(run, stage)))
    run.run(run.Job(root / "inbox", root / "profiled", root / "county.toml", today, period))

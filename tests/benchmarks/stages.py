"""Where a run spends its time: wall and CPU seconds of its stages, worker processes included."""

from __future__ import annotations

import datetime as dt
import gc
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline import run
from pipeline.model import Month

STAGES = ("read_inbox", "choose", "check", "consolidate", "make_slips", "books", "prove", "place")


def cpu_seconds() -> float:
    """Of this process and the children it has waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def timed(name: str, stage: Callable[..., Any]) -> Callable[..., Any]:
    """The stage, telling what it took."""

    def told(*args: Any, **more: Any) -> Any:
        wall, cpu = time.perf_counter(), cpu_seconds()
        try:
            return stage(*args, **more)
        finally:
            print(f"{name} {time.perf_counter() - wall:.2f} {cpu_seconds() - cpu:.2f}", flush=True)

    return told


if __name__ == "__main__":
    root, period, today = Path(sys.argv[1]), Month.parse(sys.argv[2]), dt.date.fromisoformat(sys.argv[3])
    gc.set_threshold(50_000)
    for stage in STAGES:
        setattr(run, stage, timed(stage, getattr(run, stage)))
    run.run(run.Job(root / "inbox", root / "profiled", root / "county.toml", today, period))

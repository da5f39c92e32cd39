"""`make bench`: what a run costs, beside the floor and a plain script, from one county's month to a province's year."""

from __future__ import annotations

import argparse
import ctypes
import itertools
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.inbox import FIRST, SIZES, Size, fill, write_county
from tests.benchmarks.stages import family

_SUBREAPER = 36
_SAMPLE = 200
"""So many files the plain script is run on; its cost is scaled to the rest."""

_REPEATED = 1_000
"""Smaller inboxes are run three times, and the middle one counts."""


@dataclass(frozen=True)
class Cost:
    """Wall and CPU seconds, and the most memory that all processes had together, in MB."""

    wall: float
    cpu: float
    peak: float

    def times(self, factor: float) -> Cost:
        """The cost of so many times the work."""
        return Cost(self.wall * factor, self.cpu * factor, self.peak)


def cost_of(command: list[str]) -> Cost:
    """The cost of a command in a process of its own, its children included."""
    began, peak, ended = time.perf_counter(), [0.0], threading.Event()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    watch = threading.Thread(target=_watch, args=(process.pid, peak, ended))
    watch.start()
    _, status, used = os.wait4(process.pid, 0)
    wall, cpu = time.perf_counter() - began, used.ru_utime + used.ru_stime
    ended.set()
    watch.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return Cost(wall, cpu + _left_behind(), max(peak[0], used.ru_maxrss / 1024))


def _adopt() -> None:
    """Makes this process wait for what its children leave behind: the server of their workers (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def _left_behind() -> float:
    """The CPU seconds of the processes that a command left behind."""
    cpu = 0.0
    while True:
        try:
            _, _, used = os.wait4(-1, 0)
        except ChildProcessError:
            return cpu
        cpu += used.ru_utime + used.ru_stime


def _watch(root: int, peak: list[float], ended: threading.Event) -> None:
    """Keeps the most memory that the process and its children have had together (Linux; else that of the largest)."""
    while not ended.wait(0.1) and Path("/proc/self/smaps_rollup").exists():
        peak[0] = max(peak[0], sum(map(_share, family(root))) / 1024)


def _share(pid: int) -> int:
    """The kB that a process takes up; of what several share, as readers do what their server read in, its part."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return next(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def measured(size: Size, root: Path) -> dict[str, Cost]:
    """The three costs of an inbox of that size, which is made below `root`."""
    root.mkdir(parents=True, exist_ok=True)
    if not (root / "county.toml").exists():
        fill(root / "inbox", size)
        write_county(root / "county.toml", size)
    few = min(size.returns, _SAMPLE)
    python, inbox = [sys.executable, "-m"], str(root / "inbox")
    floor = [*python, "tests.benchmarks.floor", inbox]
    plain = [*python, "tests.benchmarks.plain_script", inbox, str(root / "plain.xlsx"), str(few)]
    return {
        "a": _middle(floor, size, root),
        "b": _middle(plain, size, root).times(size.returns / few),
        "c": _middle([*python, "pipeline", "consolidate", *_job(size, root)], size, root),
    }


def _job(size: Size, root: Path) -> list[str]:
    where = ["--inbox", str(root / "inbox"), "--outbox", str(root / "outbox"), "--county", str(root / "county.toml")]
    return [*where, "--period", str(_last(size)), "--today", _today(size)]


def _last(size: Size) -> object:
    return FIRST.plus(size.months - 1)


def _today(size: Size) -> str:
    return f"{FIRST.plus(size.months)}-28"


def _middle(command: list[str], size: Size, root: Path) -> Cost:
    """The middle cost of three runs of a small inbox, that of one run of a large one; nothing is there beforehand."""
    costs = []
    for _ in range(3 if size.returns < _REPEATED else 1):
        subprocess.run(["rm", "-rf", str(root / "outbox")], check=True)
        costs.append(cost_of(command))
    return sorted(costs, key=lambda c: c.wall)[len(costs) // 2]


def row(size: Size, costs: dict[str, Cost]) -> str:
    """A line of the table."""
    a, b, c = costs["a"], costs["b"], costs["c"]
    cells = [
        f"{size.returns:,}",
        f"{a.wall:.2f} / {a.cpu:.2f}",
        f"{b.wall:.1f} / {b.cpu:.1f}" + ("" if size.returns <= _SAMPLE else " (scaled)"),
        f"{c.wall:.2f} / {c.cpu:.2f}",
        f"{1000 * c.cpu / size.returns:.2f}",
        f"{c.peak:.0f} MB",
        f"{b.wall / c.wall:.1f} ×",
    ]
    return f"| {' | '.join(cells)} |"


HEAD = (
    "| returns | (a) calamine, wall / CPU s | (b) plain script, wall / CPU s | (c) consolidate, wall / CPU s "
    "| (c) CPU ms a return | (c) memory, all processes | (c) faster than (b) |\n|--|--|--|--|--|--|--|"
)


def main() -> None:
    """Measures and prints the table, the growth and the stages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1].returns, help="leave out larger inboxes")
    parser.add_argument("--keep", type=Path, help="where the inboxes are kept for the next time")
    asked = parser.parse_args()
    _adopt()
    sizes = [s for s in SIZES if s.returns <= asked.most]
    with tempfile.TemporaryDirectory() as made:
        root = asked.keep or Path(made)
        print(HEAD)
        costs = {}
        for size in sizes:
            costs[size] = measured(size, root / str(size.returns))
            print(row(size, costs[size]), flush=True)
        for small, large in itertools.pairwise(sizes):
            power = math.log(costs[large]["c"].cpu / costs[small]["c"].cpu) / math.log(large.returns / small.returns)
            print(f"growth of CPU from {small.returns:,} to {large.returns:,} returns: exponent {power:.2f}")
        last = sizes[-1]
        print(f"\nstages of {last.returns:,} returns: name, wall s, CPU s (floor: {costs[last]['a'].cpu:.2f} s)")
        where = str(root / str(last.returns))
        stages = [sys.executable, "-m", "tests.benchmarks.stages", where, str(_last(last)), _today(last)]
        subprocess.run(stages, check=True)


if __name__ == "__main__":
    main()

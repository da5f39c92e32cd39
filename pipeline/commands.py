"""What a clerk runs on this machine: on Windows the .cmd files, by a double click; elsewhere make."""

from __future__ import annotations

import re
import sys

_PROGRAM = re.compile(r"python -m pipeline ([a-z-]+)")
CMD = {"consolidate": "汇总.cmd", "check": "检查.cmd", "forms": "空白表.cmd", "phone-entry": "电话更正.cmd"}


def command(month: object, what: str = "consolidate") -> str:
    """How that is run for a month."""
    return f"{CMD[what]} {month}" if sys.platform == "win32" else f"make {what} PERIOD={month}"


def as_run_here(text: str) -> str:
    """A help text that names what a clerk runs on this machine."""
    return _PROGRAM.sub(lambda m: CMD.get(m[1], m[0]), text) if sys.platform == "win32" else text


def cluster_setup() -> str:
    """How what reading on a cluster needs is installed."""
    windows = "py -3 pipeline\\start.py --install pipeline\\cluster.lock"
    return windows if sys.platform == "win32" else "make cluster"


def usage() -> str:
    """How the commands and their options are listed."""
    return f"{CMD['consolidate']} --help" if sys.platform == "win32" else ".venv/bin/python -m pipeline --help"

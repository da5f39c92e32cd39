"""What the tests share."""

from __future__ import annotations

import gc
import multiprocessing
import sys

import pytest
from hypothesis import settings

# The test command's time is the clerk's patience, not a place to measure in.
# The test command judges the code, not the luck of the day; `make check-all` draws other examples.
settings.register_profile("default", deadline=None, derandomize=True, max_examples=40)
settings.register_profile("anew", deadline=None, max_examples=300)
settings.load_profile("default")

# Hundreds of runs in one process, each with a county of objects: looking for cycles after every 700 costs a tenth.
gc.set_threshold(100_000, 20, 20)


if sys.platform != "win32":
    from multiprocessing import forkserver

    # A test that runs the program starts its workers anew; here they find all read in that any of them works with.
    multiprocessing.get_context("forkserver").set_forkserver_preload(["pipeline.read.reader", "pipeline.slips.maker"])
    forkserver.ensure_running()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-goldens", action="store_true", help="write the golden texts anew")

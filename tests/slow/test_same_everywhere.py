"""The same inbox gives the same parts of every output on each Python found, whatever the locale, hash seed and workers.

Pythons that hold the libraries of requirements.lock are taken from PATH, and from PYTHONS (paths, separated as PATH is).
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.builders import TODAY, drop
from tests.inboxes import COUNTY_FILE, clean_month, faulty_month
from tests.test_lost_nothing import tree

WITH_WORKERS = "import os, sys; os.cpu_count = lambda: {}; from pipeline.cli import main; main(sys.argv[1:])"
LIBRARIES = "import pandera, openpyxl, xlsxwriter, python_calamine, docx, cn2an, msoffcrypto, xlrd, pydantic, click, sys; print('%d.%d.%d' % sys.version_info[:3])"
WORLDS = [
    {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "America/Los_Angeles"},
    {"PYTHONHASHSEED": "424242", "LC_ALL": "POSIX", "TZ": "Pacific/Kiritimati"},
    {"PYTHONHASHSEED": "random", "LANG": "zh_CN.GB18030", "TZ": "Asia/Shanghai"},
]


def pythons() -> dict[str, str]:
    """The versions found that can run the program, each with its path."""
    named = [shutil.which(f"python3.{minor}") for minor in (11, 12, 13)]
    found = {}
    for path in [sys.executable, *os.environ.get("PYTHONS", "").split(os.pathsep), *filter(None, named)]:
        if path:
            done = subprocess.run([path, "-c", LIBRARIES], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                found.setdefault(done.stdout.strip(), path)
    return found


PYTHONS = pythons()


def parts(outbox: Path) -> dict[str, bytes]:
    """Every part of every output: how it was compressed is the library's business."""
    found = {}
    for name, data in tree(outbox).items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(data)) as z:
                found |= {f"{name}/{part}": z.read(part) for part in z.namelist()}
        else:
            found[name] = data
    return found


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    root = tmp_path_factory.mktemp("world")
    faulty_month(root)
    clean_month(root / "inbox" / "全县")
    for i in range(40):
        drop(root / "inbox", f"信/{i}.txt", b"a letter")
    return root, made(root, sys.executable, WORLDS[0], 1)


def made(root: Path, python: str, world: dict[str, str], workers: int) -> dict[str, bytes]:
    outbox = root / "outbox"
    shutil.rmtree(outbox, ignore_errors=True)
    at = ["--inbox", root / "inbox", "--outbox", outbox, "--county", COUNTY_FILE, "--period", "2023-05"]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))} | world
    program = [python, "-c", WITH_WORKERS.format(workers), "consolidate"]
    done = subprocess.run([*program, *map(str, at), "--today", str(TODAY)], env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return parts(outbox)


@pytest.mark.parametrize("version", PYTHONS)
@pytest.mark.parametrize(("number", "workers"), [(0, 3), (1, 2), (2, 1), (3, 4)])
def test_the_same_parts(world, version, number, workers):
    root, expected = world
    found = made(root, PYTHONS[version], WORLDS[number], workers)
    assert [name for name in expected if expected[name] != found.get(name)] == []
    assert set(found) == set(expected)


def test_which_pythons_were_found():
    missing = {"3.11", "3.12", "3.13"} - {version.rpartition(".")[0] for version in PYTHONS}
    if missing:
        pytest.skip(f"held against each other: {', '.join(PYTHONS)}; not found: {', '.join(sorted(missing))}")

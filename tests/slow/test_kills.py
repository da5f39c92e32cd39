"""The real command, killed at random moments and on a full disk: old or new, staff's words kept, the next run puts all right."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.write import ledger_path
from tests.builders import MAY, TODAY, annex1, drop, xlsx
from tests.inboxes import faulty_month
from tests.test_carry_over import WORDS, type_in
from tests.test_lost_nothing import tree

KILLS, IN_A_ROW = 100, 5
_AFTER = (0.0, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032)
"""Seconds after the first file is begun; all are written in a few hundredths of one."""

LEDGER = ledger_path(Path(), MAY).as_posix()
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and mount are not of this system")


def command(root: Path, outbox: Path) -> list[str]:
    at = ["--inbox", root / "inbox", "--outbox", outbox, "--county", root / "county.toml"]
    return [sys.executable, "-m", "pipeline", "consolidate", *map(str, at), "--today", str(TODAY), "-q"]


def finished(root: Path, outbox: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(root, outbox), capture_output=True, text=True, encoding="utf-8", check=False)


def put(files: dict[str, bytes], outbox: Path) -> None:
    shutil.rmtree(outbox, ignore_errors=True)
    for name, data in files.items():
        (outbox / name).parent.mkdir(parents=True, exist_ok=True)
        (outbox / name).write_bytes(data)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A month that is written anew: its outputs with staff's words before, and after an undisturbed run."""
    root = tmp_path_factory.mktemp("world")
    faulty_month(root)
    assert finished(root, root / "outbox").returncode == 0
    type_in(root / "outbox" / LEDGER, WORDS)
    old = tree(root / "outbox")
    drop(root / "inbox", "县财政局.xlsx", xlsx(annex1("县财政局", press="约3")))
    drop(root / "inbox", "改/张家塬镇.xlsx", xlsx(annex1("张家塬镇", created="三项", broadcast=None)))
    began = time.monotonic()
    assert finished(root, root / "outbox").returncode == 0
    return root, old, tree(root / "outbox"), time.monotonic() - began


def killed(rng: random.Random, root: Path, outbox: Path, seconds: float, *, while_writing: bool) -> str:
    """Kills a run with all its workers at a moment of its own, or soon after it has begun to write; says when it was."""
    process = subprocess.Popen(command(root, outbox), start_new_session=True, stdout=subprocess.DEVNULL)
    until = time.monotonic() + (4 * seconds if while_writing else rng.uniform(0, 1.1 * seconds))
    while time.monotonic() < until and process.poll() is None:
        if while_writing and list(outbox.rglob("*.tmp")):
            time.sleep(rng.choice(_AFTER))
            break
        time.sleep(0.0005 if while_writing else 0.005)
    ended = process.poll() is not None
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        ended = True
    process.wait()
    return "ended before" if ended else "while writing" if list(outbox.rglob("*.tmp")) else "while thinking"


def test_a_hundred_kills(world, tmp_path, record_property):
    root, old, new, seconds = world
    rng, moments = random.Random(7), []
    outbox = tmp_path / "outbox"
    for number in range(3 * KILLS):  # on a busy machine many a run has ended before its moment comes
        if number % IN_A_ROW == 0:
            if number >= KILLS and moments.count("while writing") > KILLS / 10:
                break
            put(old, outbox)
        moments.append(killed(rng, root, outbox, seconds, while_writing=number % 2 == 0))
        there = {name: data for name, data in tree(outbox).items() if not name.endswith((".tmp", ".lock"))}
        assert set(there) <= {*old, *new}, number
        assert all(data in (old.get(name), new.get(name)) for name, data in there.items()), number
        assert {n for n in old if n in new} <= set(there), number
        if number % IN_A_ROW == IN_A_ROW - 1:
            done = finished(root, outbox)
            assert (done.returncode, done.stderr) == (0, ""), number
            assert tree(outbox) == new, number
    counts = {moment: moments.count(moment) for moment in moments}
    record_property("kills", counts)
    assert counts.get("while writing", 0) > KILLS / 10


def mounted(folder: Path, size: str) -> bool:
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, check=False
    )
    return done.returncode == 0


def test_a_full_disk(world, tmp_path):
    root, old, new, _ = world
    disk = tmp_path / "disk"
    if not shutil.which("mount") or not mounted(disk, "2m"):
        pytest.skip("a small disk can only be mounted by root")
    outbox, ballast = disk / "outbox", disk / "ballast"
    refused = 0
    try:
        for spare in (0, 4, 8, 16, 24, 32, 48, 64, 96, 128):
            ballast.unlink(missing_ok=True)
            put(old, outbox)
            free = shutil.disk_usage(disk).free
            ballast.write_bytes(bytes(max(free - spare * 1024, 0)))
            done = finished(root, outbox)
            there = tree(outbox)
            if done.returncode:
                refused += 1
                assert (done.returncode, "磁盘空间不足" in done.stderr, len(done.stderr.splitlines())) == (1, True, 1)
                assert there == old, spare
            else:
                assert there == new, spare
        assert refused >= 3
        ballast.unlink()
        assert finished(root, outbox).returncode == 0
        assert tree(outbox) == new
    finally:
        subprocess.run(["umount", disk], check=True)


def test_an_outbox_nobody_may_write(world, tmp_path):
    root, old, new, _ = world
    outbox = tmp_path / "disk"
    if not shutil.which("mount") or not mounted(outbox, "2m"):
        pytest.skip("a disk can only be made read-only by root")
    try:
        for name, data in old.items():
            (outbox / name).parent.mkdir(parents=True, exist_ok=True)
            (outbox / name).write_bytes(data)
        subprocess.run(["mount", "-o", "remount,ro", outbox], check=True)
        done = finished(root, outbox)
        assert (done.returncode, "磁盘是只读的" in done.stderr, tree(outbox)) == (1, True, old)
        subprocess.run(["mount", "-o", "remount,rw", outbox], check=True)
        assert finished(root, outbox).returncode == 0
        assert tree(outbox) == new
    finally:
        subprocess.run(["umount", outbox], check=True)


def test_ten_thousand_files(tmp_path, record_property):
    inbox = faulty_month(tmp_path)
    before = {p: p.stat().st_mtime_ns for p in inbox.rglob("*")}
    for i in range(10_000 - 9):
        drop(inbox, f"{i % 50}/{i}.txt", b"a letter") if i % 10 else drop(
            inbox, f"{i % 50}/{i}.xlsx", xlsx(annex1("县财政局", press=i))
        )
    began = time.monotonic()
    done = finished(tmp_path, tmp_path / "outbox")
    record_property("seconds", round(time.monotonic() - began, 1))
    assert (done.returncode, done.stderr) == (0, "")
    record = (tmp_path / "outbox" / "2023-05" / "运行记录.txt").read_text(encoding="utf-8-sig")
    assert "  10000个文件，登记10000行：" in record
    assert {p: p.stat().st_mtime_ns for p in before if p.is_file()} == {p: t for p, t in before.items() if p.is_file()}

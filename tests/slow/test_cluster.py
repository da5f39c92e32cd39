"""Reading on a real Dask cluster on this machine: the same bytes, whoever dies, and only by the same program."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import pipeline.cluster
from pipeline.errors import ClusterError, UsageError
from pipeline.run import Job, run
from tests.builders import MAY, TODAY, a_county, annex1, drop, xlsx
from tests.inboxes import COUNTY_FILE, clean_month, faulty_month

pytest.importorskip("distributed")

ROOT = Path(__file__).parent.parent.parent
SILENT = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def dask(*command: str, root: Path = ROOT) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.Popen([sys.executable, "-m", "dask", *command], cwd=root, env=environment, **SILENT)  # type: ignore[call-overload]


def worker(address: str, root: Path = ROOT) -> subprocess.Popen[bytes]:
    own = ["--no-nanny", "--no-dashboard", "--nthreads", "1", "--host", "127.0.0.1"]
    return dask("worker", address, *own, root=root)


@contextmanager
def cluster(workers: int = 2, root: Path = ROOT) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler with so many workers, and the processes of these."""
    from distributed import Client

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    started = [worker(address, root) for _ in range(workers)]
    try:
        if workers:
            with Client(address, timeout="60s", set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=60)
        else:
            wait_for(port)
        yield address, started
    finally:
        for process in (*started, scheduler):
            process.kill()
            process.wait()


def wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as s:
            if not s.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)


def written(inbox: Path, outbox: Path, county: Path, scheduler: str = "") -> dict[str, bytes]:
    run(Job(inbox, outbox, county, TODAY, MAY, scheduler))
    return {p.relative_to(outbox).as_posix(): p.read_bytes() for p in outbox.rglob("*") if p.is_file()}


def test_a_cluster_gives_the_same_bytes(tmp_path):
    inbox = faulty_month(tmp_path)
    drop(inbox, "坏.xlsx", b"PK\x03\x04" + bytes(500))
    here = written(inbox, tmp_path / "here", tmp_path / "county.toml")
    with cluster() as (address, _):
        there = written(inbox, tmp_path / "there", tmp_path / "county.toml", address)
    assert there == here


def test_a_worker_killed_in_mid_run_costs_nothing(tmp_path, monkeypatch):
    clean_month(tmp_path / "inbox")
    here = written(tmp_path / "inbox", tmp_path / "here", COUNTY_FILE)
    monkeypatch.setattr(pipeline.cluster, "_FILES", 4)
    finished = []
    with cluster() as (address, workers):

        def kill_one(done: int, of: int) -> None:
            if not finished:
                workers[0].send_signal(signal.SIGKILL)
            finished.append(done)

        run(Job(tmp_path / "inbox", tmp_path / "there", COUNTY_FILE, TODAY, MAY, address), kill_one)
        assert workers[0].wait(10) == -signal.SIGKILL
    assert len(finished) == 54
    there = tmp_path / "there"
    assert {p.relative_to(there).as_posix(): p.read_bytes() for p in there.rglob("*") if p.is_file()} == here


def test_a_file_that_kills_its_reader_does_not_kill_the_clusters_worker(tmp_path, monkeypatch):
    import pipeline.read
    from tests.test_workers import reader

    monkeypatch.setattr(pipeline.read, "READER", reader)
    drop(tmp_path, "死.xlsx", xlsx(annex1("城关镇")))
    drop(tmp_path, "好.xlsx", xlsx(annex1("张家塬镇")))
    with cluster(1) as (address, workers):
        found = pipeline.read.read_inbox(tmp_path, a_county(), scheduler=address)
        assert workers[0].poll() is None
    assert {r.source.path: r.rule for r in found} == {"好.xlsx": "", "死.xlsx": "FILE-1"}


def test_a_worker_of_another_version_is_refused(tmp_path):
    other = tmp_path / "other"
    for part in ("pipeline", "schemas"):
        shutil.copytree(ROOT / part, other / part)
    with (other / "pipeline" / "rules.py").open("a", encoding="utf-8") as f:
        f.write("# another version\n")
    (tmp_path / "inbox").mkdir()
    with cluster(1, other) as (address, _), pytest.raises(ClusterError, match="版本不同"):
        written(tmp_path / "inbox", tmp_path / "out", COUNTY_FILE, address)


def test_a_cluster_that_cannot_be_used_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "inbox").mkdir()
    monkeypatch.setattr(pipeline.cluster, "_PATIENCE", "1s")
    with pytest.raises(ClusterError, match="连不上"):
        written(tmp_path / "inbox", tmp_path / "out", COUNTY_FILE, "tcp://127.0.0.1:9")
    with pytest.raises(UsageError, match="不是调度器的地址"):
        written(tmp_path / "inbox", tmp_path / "out", COUNTY_FILE, "quatsch://")
    with cluster(0) as (address, _), pytest.raises(ClusterError, match="没有工作进程"):
        written(tmp_path / "inbox", tmp_path / "out", COUNTY_FILE, address)
    assert not (tmp_path / "out").exists()

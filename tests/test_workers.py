"""A worker that dies costs the task it was at, and no other."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

import pipeline.read
import pipeline.read.reader
from pipeline import processes
from pipeline.county import County
from pipeline.errors import PipelineError
from pipeline.model import Attachment, Reading
from pipeline.processes import LostError, Work
from pipeline.read import read_inbox
from pipeline.read.attachment import read_attachment
from pipeline.read.grids.inbox import files, pick_up
from pipeline.read.grids.received import Clock
from pipeline.read.grids.unpack import leaves
from pipeline.read.returns.names import Names
from pipeline.workers import in_workers, one_by_one
from tests.builders import a_county, annex1, drop, figures_of, xlsx
from tests.test_files import zipped


def make(scale: int) -> Work:
    """Does what a task says, as hostile bytes make a library do."""

    def work(task: str) -> Iterator[int]:
        if task == "abort":
            os.abort()
        if task == "exit":
            os._exit(0)
        if task == "crash":
            ctypes.string_at(0)
        if task == "hang":
            time.sleep(600)
        if task == "memory":
            yield len(bytearray(8 * processes.MEMORY))
        yield int(task) * scale

    return one_by_one(work)


def test_every_task_has_its_result_or_is_lost():
    tasks = ["1", "abort", *(str(n) for n in range(40)), "exit", "memory", "2", "hang", "3", "crash"]
    results = dict(in_workers(make, (10,), tasks, seconds=2))
    assert sorted(results) == list(range(len(tasks)))
    for i, task in enumerate(tasks):
        assert (results[i] == int(task) * 10) if task.isdigit() else isinstance(results[i], LostError)


def test_workers_are_made_from_nothing_as_on_windows_too(monkeypatch):
    monkeypatch.setattr(processes, "_context", lambda module: multiprocessing.get_context("spawn"))
    assert dict(in_workers(make, (10,), ["1", "2"])) == {0: 10, 1: 20}


@pytest.mark.parametrize("module", ["pipeline.__main__", "pipeline.clicked"])
def test_a_worker_neither_runs_the_program_again_nor_reads_it_in(module):
    """What a worker on Windows does first: it imports the module that the program was started with, under another name."""
    code = f"import runpy, sys; runpy.run_module({module!r}, run_name='__mp_main__')\n"
    code += "print([m for m in sys.modules if m.startswith(('pipeline.', 'click', 'schemas'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert (done.stdout, done.stderr) == ("[]\n", "")


def broken() -> Work:
    raise RuntimeError


def test_workers_that_cannot_start_are_no_fault_of_the_files():
    with pytest.raises(PipelineError, match="无法启动"):
        list(in_workers(broken, (), ["1"]))


def counter() -> Work:
    def work(task: str) -> Iterator[int]:
        yield from range(int(task))
        os.abort()

    return one_by_one(work)


def test_what_came_before_a_loss_is_kept():
    (*numbers, last) = [result for _, result in in_workers(counter, (), ["3"])]
    assert numbers == [0, 1, 2]
    assert isinstance(last, LostError)


def reader(inbox: Path, county: County, clock: Clock) -> Work:
    """The reader of files, killed by whatever is called 死."""
    names = Names(county)

    def work(task: tuple[object, int]) -> Iterator[Reading]:
        one, done = task
        outer = one if isinstance(one, Attachment) else pick_up(inbox, str(one))
        for leaf in islice(leaves(outer), done, None):
            if "死" in leaf.source.path:
                os.abort()
            yield read_attachment(leaf, county, names)

    return one_by_one(work)


def test_a_deadly_file_costs_its_own_line_and_a_deadly_member_no_other_member(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline.read, "READER", reader)
    drop(tmp_path, "外.zip", zipped(("死.xlsx", b"x"), ("城关镇附件1.xlsx", xlsx(annex1()))))
    drop(tmp_path, "死.xlsx", xlsx(annex1("城关镇")))
    drop(tmp_path, "好.xlsx", xlsx(annex1("张家塬镇")))
    found = {r.source.path: r for r in read_inbox(tmp_path, a_county())}
    assert {path: r.rule for path, r in found.items()} == {
        "外.zip › 城关镇附件1.xlsx": "",
        "外.zip › 死.xlsx": "FILE-1",
        "好.xlsx": "",
        "死.xlsx": "FILE-1",
    }
    assert figures_of(found["外.zip › 城关镇附件1.xlsx"].tables[0])["press"] == 1


def test_an_archive_of_deadly_files_is_given_up_and_every_member_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline.read, "READER", reader)
    deadly = [(f"{i}死.xlsx", b"x") for i in range(pipeline.read.MAX_LOSSES + 2)]
    drop(tmp_path, "外.zip", zipped(("好.xlsx", xlsx(annex1())), *deadly))
    found = read_inbox(tmp_path, a_county())
    assert [r.rule for r in found] == ["", *["FILE-1"] * len(deadly)]
    assert ["没有读取" in r.detail for r in found[1:]] == [False, False, False, True, True]


def slow_counter() -> Work:
    def work(task: str) -> Iterator[int]:
        for n in range(int(task)):
            time.sleep(0.15)  # longer than results are held back
            yield n
        os.abort()

    return one_by_one(work)


def test_what_was_reported_before_a_loss_is_not_reported_again():
    results = list(in_workers(slow_counter, (), ["2", "1"]))
    assert [(i, r) for i, r in results if not isinstance(r, LostError)] == [(0, 0), (0, 1), (1, 0)]
    assert [i for i, r in results if isinstance(r, LostError)] == [0, 1]


def test_files_read_together_are_read_like_one_alone(tmp_path):
    for name, data in (
        ("1.xlsx", xlsx(annex1("城关镇", press=7))),
        ("2.zip", zipped(("城关镇.xlsx", xlsx(annex1())), ("坏.xlsx", b"PK\x03\x04"))),
        ("3.xlsx", b""),
        ("4.xlsx", xlsx(annex1("张家塬镇"))),
        ("5.xlsx", b"\0" * (pipeline.read.reader._TOGETHER + 1)),
        ("~$6.xlsx", b"x"),
    ):
        drop(tmp_path, name, data)
    tasks = [(path, 0) for path in files(tmp_path)]
    read = pipeline.read.reader.reader(tmp_path, a_county())
    alone = [(i, reading) for i, task in enumerate(tasks) for _, reading in read([task])]
    assert list(read(tasks)) == alone
    assert [(i, r.source.name, r.rule) for i, r in alone] == [
        (0, "1.xlsx", ""),
        (1, "城关镇.xlsx", ""),
        (1, "坏.xlsx", "FILE-1"),
        (2, "3.xlsx", "FILE-1"),
        (3, "4.xlsx", ""),
        (4, "5.xlsx", "FILE-1"),
        (5, "~$6.xlsx", ""),
    ]


@pytest.mark.parametrize("step", ["_look", "read_book", "_recognised"])
def test_where_the_memory_ends_a_file_is_blamed_only_if_it_was_alone(step, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise MemoryError

    drop(tmp_path, "1.xlsx", xlsx(annex1("城关镇")))
    drop(tmp_path, "2.xlsx", xlsx(annex1("张家塬镇")))
    read = pipeline.read.reader.reader(tmp_path, a_county())
    monkeypatch.setattr(f"pipeline.read.attachment.{step}", full)
    with pytest.raises(MemoryError):
        list(read([("1.xlsx", 0), ("2.xlsx", 0)]))
    assert [(i, r.source.name, r.rule) for i, r in read([("1.xlsx", 0)])] == [(0, "1.xlsx", "FILE-1")]


def test_the_readings_are_the_same_from_any_number_of_workers(tmp_path, monkeypatch):
    for i in range(9):
        drop(tmp_path, f"{i}.xlsx", xlsx(annex1("张家塬镇", press=i)))
    drop(tmp_path, "坏.xlsx", b"PK\x03\x04")
    found = []
    for count in (1, 2, 3):
        monkeypatch.setattr(os, "cpu_count", lambda count=count: count)
        monkeypatch.setattr(
            pipeline.read, "in_workers", lambda make, about, tasks: in_workers(make, about, tasks, share=2)
        )
        found.append(read_inbox(tmp_path, a_county()))
    assert found[0] == found[1] == found[2]

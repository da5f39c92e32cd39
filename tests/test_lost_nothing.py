"""Each output is the old one or the new one, whatever stops a run; one run at a time; the ledger last."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline import refusals
from pipeline.cli import main
from pipeline.errors import OutputError
from pipeline.output_marker import RECORD, RECORD_HEAD, marker_of
from pipeline.run import Job, run, run_all
from pipeline.write import files, ledger_path
from pipeline.write.files import file_name, place_new, replace_all
from pipeline.write.outbox_lock import outbox_lock
from tests.builders import MAY, TODAY, annex1, drop, xlsx
from tests.inboxes import faulty_month
from tests.test_carry_over import type_in

OURS, OURS_TOO = (f"{RECORD_HEAD}\n{i}".encode() for i in "12")


def job(root: Path, month=MAY) -> Job:
    return Job(root / "inbox", root / "outbox", root / "county.toml", TODAY, month)


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# -- one set of files for another -------------------------------------------------------------------------------------


class Stopped(BaseException):
    """What no part of the program expects: the process is gone."""


def stopped_at(step: int, error: BaseException) -> Callable[[Any], Any]:
    """Lets the calls that change the disk pass until that many have been made."""
    left = iter(range(step))

    def step_of(real):
        def call(*args, **more):
            if next(left, None) is None:
                raise error
            return real(*args, **more)

        return call

    return step_of


STEPS = 12


@pytest.mark.parametrize("step", range(STEPS))
@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "full"), PermissionError(errno.EACCES, "in use"), KeyboardInterrupt()], ids=repr
)
def test_where_one_step_fails_all_files_are_as_they_were(tmp_path, monkeypatch, step, error):
    old = {"a.txt": OURS, "slips/b.txt": OURS, "slips/gone.txt": OURS, "ledger.txt": OURS}
    replace_all(tmp_path, old)
    before = tree(tmp_path)
    passes = stopped_at(step, error)
    with monkeypatch.context() as patched:
        patched.setattr(refusals, "PATIENCE", 0.0)
        patched.setattr(files.os, "fsync", passes(os.fsync))
        patched.setattr(files.os, "replace", passes(os.replace))
        patched.setattr(Path, "unlink", passes(Path.unlink))
        new = {"a.txt": OURS_TOO, "slips/b.txt": OURS_TOO, "slips/gone.txt": None, "ledger.txt": OURS_TOO}
        try:
            replace_all(tmp_path, new)
            done = True
        except (OutputError, KeyboardInterrupt):
            done = False
    outputs = {name: data for name, data in tree(tmp_path).items() if not name.endswith(".tmp")}
    # A disk that fails goes on failing here, the way back included: then each file is the old or the new one.
    assert all(data in (old.get(name), new[name]) for name, data in outputs.items())
    assert done or outputs["ledger.txt"] == OURS or outputs == {n: d for n, d in new.items() if d}
    assert before == outputs or step > 2  # all three are written out before the first is renamed


def test_a_disk_that_is_full_for_a_moment_leaves_all_as_it_was(tmp_path, monkeypatch):
    replace_all(tmp_path, {"a.txt": OURS, "b.txt": OURS, "c.txt": OURS})
    before, real, left = tree(tmp_path), os.replace, iter(range(2))

    def refuse(a: Path, b: Path) -> None:
        if next(left, None) == 1:
            raise OSError(errno.ENOSPC, "full")
        real(a, b)

    monkeypatch.setattr(files.os, "replace", refuse)
    with pytest.raises(OutputError, match="磁盘空间不足"):
        replace_all(tmp_path, {"a.txt": OURS_TOO, "b.txt": OURS_TOO, "c.txt": None})
    assert tree(tmp_path) == before


def test_nothing_is_left_of_a_folder_in_which_nothing_could_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(files.os, "fsync", stopped_at(1, OSError(errno.ENOSPC, "full"))(os.fsync))
    with pytest.raises(OutputError):
        replace_all(tmp_path / "2023-05", {"a.txt": OURS, "退回修改/b.txt": OURS})
    assert not (tmp_path / "2023-05").exists()


def test_a_file_that_is_saved_by_somebody_while_we_write_is_kept(tmp_path, monkeypatch):
    replace_all(tmp_path, {"a.txt": OURS, "b.txt": OURS})

    def saved_meanwhile(path: Path, data: bytes) -> None:
        path.write_bytes(data)
        (tmp_path / "b.txt").write_bytes(b"typed")

    monkeypatch.setattr(files, "_write", saved_meanwhile)
    with pytest.raises(OutputError, match="在汇总期间被改动"):
        replace_all(tmp_path, {"a.txt": OURS_TOO, "b.txt": OURS_TOO})
    assert (tmp_path / "b.txt").read_bytes() == b"typed"


def test_words_saved_in_the_ledger_while_the_run_thinks_are_kept(tmp_path, monkeypatch):
    faulty_month(tmp_path)
    ledger = run(job(tmp_path)).files[1]
    drop(tmp_path / "inbox", "县财政局.xlsx", xlsx(annex1("县财政局")))
    before = tree(tmp_path / "outbox")

    def saved_meanwhile(*books: bytes) -> None:
        type_in(ledger, {"PET-1 张家塬镇": {"核实说明": "刚刚填的"}})

    monkeypatch.setattr("pipeline.run.prove", saved_meanwhile)
    with pytest.raises(OutputError, match="在汇总期间被改动"):
        run(job(tmp_path))
    after = tree(tmp_path / "outbox")
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {ledger.relative_to(tmp_path / "outbox").as_posix()}


# -- after a kill -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A job of which one month is to be written anew: the outputs before, with words in the ledger, and after."""
    root = tmp_path_factory.mktemp("whole")
    faulty_month(root)
    type_in(run(job(root)).files[1], {"PET-1 张家塬镇": {"核实说明": "转办两件漏填"}})
    drop(root / "inbox", "县财政局.xlsx", xlsx(annex1("县财政局", press="约3")))
    drop(root / "inbox", "改/张家塬镇.xlsx", xlsx(annex1("张家塬镇")))
    before = tree(root / "outbox")
    run(job(root))
    return job(root), before, tree(root / "outbox")


@pytest.mark.parametrize("at", [0, 2, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 3))])
def test_after_a_kill_between_two_renames_another_run_gives_what_an_undisturbed_one_gives(
    tmp_path, monkeypatch, undisturbed, at
):
    whole, before, after = undisturbed
    killed = replace(whole, outbox=tmp_path)
    for name, data in before.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    with monkeypatch.context() as patched:
        patched.setattr(files.os, "replace", stopped_at(at, Stopped())(os.replace))
        patched.setattr(files, "_restore", lambda changed: None)
        patched.setattr(Path, "unlink", lambda self, **more: None)
        with pytest.raises(Stopped):
            run(killed)
    left = tree(tmp_path)
    assert [name for name in left if name.endswith(".tmp")]
    ledger = ledger_path(Path(), MAY).as_posix()
    assert left[ledger] == before[ledger]
    run(killed)
    assert tree(tmp_path) == after


@pytest.mark.slow
def test_all_months_at_once_give_the_same_in_one_go_and_month_by_month(tmp_path):
    """Words of a month's contact lines reach the months after it in the same run."""
    faulty_month(tmp_path)
    first = run(job(tmp_path, MAY.plus(-2)))
    type_in(first.files[1], {"CON-1 县财政局": {"核实说明": "属实，人员未定"}})
    run_all(job(tmp_path, None))
    before = tree(tmp_path / "outbox")
    run_all(job(tmp_path, None))
    assert tree(tmp_path / "outbox") == before
    done = run(job(tmp_path))
    assert {f.status for f in done.month.findings if f.rule == "CON-1" and f.unit == "县财政局"} == {"已核实"}


def test_what_a_killed_run_left_is_no_output_and_goes(tmp_path):
    faulty_month(tmp_path)
    done = run(job(tmp_path))
    other = tmp_path / "outbox" / "2023-04" / "退回修改"
    other.mkdir(parents=True)
    left = [files._part(path) for path in (*done.files, done.slips[0], other / "a.xlsx", other.parent / "b.xlsx")]
    for part in left:
        part.write_bytes(b"half")
    staffs = done.files[0].parent / ".tmp"
    staffs.write_bytes(b"theirs")
    before = {name: data for name, data in tree(tmp_path / "outbox").items() if data != b"half"}
    run(job(tmp_path))
    assert tree(tmp_path / "outbox") == before
    assert not other.parent.exists()


# -- one run at a time ------------------------------------------------------------------------------------------------

HOLD = "import sys, time; from pathlib import Path; from pipeline.write.outbox_lock import outbox_lock\n"
HOLD += "with outbox_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"


def test_a_second_run_says_so_and_leaves_and_the_lock_dies_with_its_process(tmp_path):
    faulty_month(tmp_path)
    args = ["consolidate", "--inbox", str(tmp_path / "inbox"), "--outbox", str(tmp_path / "outbox")]
    args += ["--county", str(tmp_path / "county.toml"), "--today", str(TODAY)]
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "outbox")], stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline().strip() == b"held"
        second = CliRunner().invoke(main, args)
        other.kill()
        assert second.exit_code == 1
        refusal = f"另一次运行正在写“{tmp_path / 'outbox'}”，本次没有写入任何文件；请等它结束后再运行一次。"
        assert second.output.strip() == refusal
        assert set(tree(tmp_path / "outbox")) == {".lock"}
    assert CliRunner().invoke(main, args).exit_code == 0
    assert not (tmp_path / "outbox" / ".lock").exists()


def test_the_lock_is_let_go_when_the_run_fails_and_leaves_no_folder(tmp_path):
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), outbox_lock(tmp_path / "outbox"):
            raise ZeroDivisionError
    assert not (tmp_path / "outbox").exists()


@pytest.mark.parametrize("what", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_an_outbox_that_cannot_be_written_is_one_sentence(tmp_path, monkeypatch, what):
    def refuse(self: Path, *args: object, **more: object) -> None:
        raise OSError(what, "no")

    (tmp_path / "outbox").mkdir()
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(OutputError, match=r"输出文件夹.*不能写入（.*）.*。$"), outbox_lock(tmp_path / "outbox"):
        pass


def test_the_outbox_may_not_lie_in_the_inbox(tmp_path):
    faulty_month(tmp_path)
    for outbox in ("inbox", "inbox/结果"):
        args = ["consolidate", "--inbox", str(tmp_path / "inbox"), "--outbox", str(tmp_path / outbox)]
        done = CliRunner().invoke(main, [*args, "--county", str(tmp_path / "county.toml")])
        assert (done.exit_code, "不能在收件夹" in done.output) == (2, True)
    assert not (tmp_path / "inbox" / "结果").exists()


# -- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("城关镇", "城关镇"),
        ("CON", "_CON"),
        ("nul.tar", "_nul.tar"),
        ("Com1", "_Com1"),
        ("LPT9 .x", "_LPT9 .x"),
        ("COM10", "COM10"),
        ("CONTROL", "CONTROL"),
        ("城关镇. ", "城关镇"),
        (" .城关镇", "城关镇"),
        ('a\\b/c:d*e?f"g<h>i|j\x00k\x1f', "a_b_c_d_e_f_g_h_i_j_k_"),
        ("长" * 300, "长" * 71),
    ],
)
def test_a_name_that_windows_allows_too(text, name):
    assert file_name(text) == name


def test_long_names_and_paths_are_written_or_reported(tmp_path):
    deep = tmp_path / "/".join(["很深的文件夹" * 5] * 3)
    assert len(str(deep / "汇总表.xlsx")) < 255
    name = file_name("长" * 300) + ".xlsx"
    replace_all(deep, {name: OURS})
    assert (deep / name).read_bytes() == OURS
    with pytest.raises(OutputError, match="名称或路径过长"):
        replace_all(tmp_path, {"x" * 300: OURS})


def test_an_entry_after_a_call_is_never_written_over(tmp_path):
    place_new(tmp_path / "a.xlsx", OURS)
    with pytest.raises(OutputError, match="已经有"):
        place_new(tmp_path / "a.xlsx", OURS_TOO)
    assert tree(tmp_path) == {"a.xlsx": OURS}


# -- the mark of the record -------------------------------------------------------------------------------------------


def test_a_text_is_ours_where_it_begins_with_the_mark():
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert marker_of(f"{RECORD_HEAD}\r\n…".encode(encoding)) == RECORD
    assert marker_of(f"见{RECORD_HEAD}".encode()) == ""

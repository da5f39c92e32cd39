"""Each refusal of the system names its cause and what to do; open books are left alone; a moment is waited."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from pipeline import refusals
from pipeline.errors import OutputError
from pipeline.refusals import ensure_closed, refusal
from pipeline.write import files
from pipeline.write.files import replace_all
from tests.test_lost_nothing import OURS, OURS_TOO, tree

NAME = "内部工作台账（2023年5月）.xlsx"


def refused(code: int, winerror: int | None = None) -> OSError:
    """What Python raises; with a winerror as on Windows."""
    error = OSError(code, "no")
    if winerror is not None:
        error.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
    return error


CAUSES = {
    refusals.OPEN: [refused(errno.EACCES, 32), refused(errno.EACCES, 33), refused(errno.EBUSY)],
    refusals.NO_RIGHTS: [refused(errno.EACCES, 5), refused(errno.EPERM)],
    refusals.FULL: [refused(errno.ENOSPC), refused(errno.ENOSPC, 112), refused(errno.EDQUOT)],
    refusals.READ_ONLY_DISK: [refused(errno.EROFS), refused(errno.EACCES, 19)],
    refusals.TOO_LONG: [refused(errno.ENAMETOOLONG), refused(errno.ENOENT, 206)],
    refusals.NOT_THERE: [refused(errno.ENOENT), refused(errno.ENOENT, 3)],
    refusals.UNREACHABLE: [refused(errno.ENOENT, 53), refused(errno.EINVAL, 59), refused(errno.EIO)],
    refusals.UNKNOWN: [refused(errno.EINVAL), OSError("no")],
}


@pytest.mark.parametrize(("cause", "error"), [(c, e) for c, errors in CAUSES.items() for e in errors], ids=repr)
def test_each_cause_has_its_own_sentence(tmp_path, cause, error):
    assert refusal(error, tmp_path / NAME) is cause


def test_no_two_causes_are_reported_alike():
    causes = [cause for cause in vars(refusals).values() if isinstance(cause, refusals.Refusal)]
    assert len({cause.why for cause in causes}) == len(causes)


def test_windows_does_not_find_what_is_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    long = tmp_path / ("长" * 100) / ("长" * 100) / ("长" * 50)
    assert refusal(refused(errno.ENOENT, 3), long) is refusals.TOO_LONG
    assert refusal(refused(errno.ENOENT, 2), tmp_path / NAME) is refusals.NOT_THERE


def test_a_file_that_is_set_to_read_only_is_told_from_one_without_rights(tmp_path, monkeypatch):
    (tmp_path / NAME).write_bytes(OURS)
    # As root one may write to all files here; the question is what the answer makes of it.
    monkeypatch.setattr(refusals.os, "access", lambda path, mode: False)
    assert refusal(refused(errno.EACCES, 5), tmp_path / NAME) is refusals.READ_ONLY
    assert refusal(refused(errno.EACCES, 5), tmp_path / "new.xlsx") is refusals.NO_RIGHTS


# -- a moment's block -------------------------------------------------------------------------------------------------


@contextmanager
def blocked(times: int) -> Iterator[None]:
    """So many renames are refused, as by a virus scanner."""
    real, tried = os.replace, count()

    def replace(old: Path, new: Path) -> None:
        if next(tried) < times:
            raise refused(errno.EACCES, 5)
        real(old, new)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(files.os, "replace", replace)
        yield


def test_a_rename_that_is_blocked_for_a_moment_is_tried_again(tmp_path):
    replace_all(tmp_path, {"a.txt": OURS})
    with blocked(5):
        replace_all(tmp_path, {"a.txt": OURS_TOO})
    assert tree(tmp_path) == {"a.txt": OURS_TOO}


def test_one_that_stays_blocked_is_reported_and_leaves_all_as_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(refusals, "PATIENCE", 0.1)
    replace_all(tmp_path, {"a.txt": OURS})
    with blocked(10_000), pytest.raises(OutputError, match=r"a\.txt”不能写入（没有权限），没有写入任何文件；请核对"):
        replace_all(tmp_path, {"a.txt": OURS_TOO})
    assert tree(tmp_path) == {"a.txt": OURS}


def test_a_full_disk_is_reported_at_once(tmp_path, monkeypatch):
    def full(old: Path, new: Path) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(files.os, "replace", full)
    monkeypatch.setattr(refusals.time, "sleep", lambda seconds: pytest.fail("waited"))
    with pytest.raises(OutputError, match="磁盘空间不足"):
        replace_all(tmp_path, {"a.txt": OURS})


# -- open books -------------------------------------------------------------------------------------------------------

LOCKS = {
    "Excel": f"~${NAME}",
    "Word's way": f"~${NAME[2:]}",
    "LibreOffice": f".~lock.{NAME}#",
    "WPS, one character": f".~{NAME[1:]}",
    "WPS, two characters": f".~{NAME[2:]}",
    "WPS, none": f".~{NAME}",
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows is asked whether a book is open, not what lies beside it")
@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_a_book_is_known_to_be_open_by_what_lies_beside_it(tmp_path, lock):
    (tmp_path / NAME).write_bytes(OURS)
    ensure_closed(tmp_path / NAME)
    (tmp_path / lock).write_bytes(b"")
    with pytest.raises(OutputError) as raised:
        ensure_closed(tmp_path / NAME)
    assert str(raised.value) == (
        f"“{tmp_path / NAME}”正在打开，没有写入任何文件；请保存并关闭后再运行一次。（确已关闭的，请删除“{tmp_path / lock}”。）"
    )


def test_what_lies_beside_another_book_is_none_of_its_locks(tmp_path):
    (tmp_path / NAME).write_bytes(OURS)
    for other in (f"~$别的{NAME}", f".~lock.{NAME}x#", f".~{NAME[3:]}", f"{NAME}~"):
        (tmp_path / other).write_bytes(b"")
    ensure_closed(tmp_path / NAME)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """A program has the book open: on Windows it keeps others from writing, elsewhere its lock file tells."""
    if sys.platform == "win32":
        import _winapi

        handle = _winapi.CreateFile(str(path), 0x8000_0000, 1, 0, 3, 0, 0)  # to read; others may read
        yield
        _winapi.CloseHandle(handle)
    else:
        lock = path.with_name(f".~lock.{path.name}#")
        lock.write_bytes(b"")
        yield
        lock.unlink()


def test_no_file_of_a_set_is_replaced_while_one_is_open(tmp_path):
    replace_all(tmp_path, {"a.txt": OURS, NAME: OURS})
    with held(tmp_path / NAME):
        replace_all(tmp_path, {NAME: OURS})  # nothing to change
        with pytest.raises(OutputError, match=f"{NAME}”正在打开"):
            replace_all(tmp_path, {"a.txt": OURS_TOO, NAME: OURS_TOO})
        assert (tmp_path / "a.txt").read_bytes() == OURS
    replace_all(tmp_path, {"a.txt": OURS_TOO, NAME: OURS_TOO})


def test_what_a_broken_down_program_left_beside_a_book_strands_nobody_on_windows(tmp_path, monkeypatch):
    (tmp_path / NAME).write_bytes(OURS)
    (tmp_path / f"~${NAME}").write_bytes(b"")
    monkeypatch.setattr(sys, "platform", "win32")
    ensure_closed(tmp_path / NAME)
    monkeypatch.setattr(refusals, "_held", lambda path: True)
    with pytest.raises(OutputError, match=r"正在打开，没有写入任何文件；请保存并关闭后再运行一次。$"):
        ensure_closed(tmp_path / NAME)

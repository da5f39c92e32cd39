"""A double click, files dropped on the icon, and what is typed or dragged into the window."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pipeline.clicked import arguments, asked, clicked, dropped_on
from pipeline.commands import CMD, command, usage
from pipeline.console import _encoding, prepare
from tests.builders import annex1, drop, xlsx

ROOT = Path(__file__).parent.parent
CMD_EXE = r"C:\WINDOWS\system32\cmd.exe"


def line(rest: str, name: str = "检查.cmd") -> str:
    """As Explorer starts a command file of this folder."""
    return f'{CMD_EXE} /c ""{ROOT / name}" {rest}"'


@pytest.mark.parametrize(
    ("rest", "files"),
    [
        ("", []),
        (r"D:\a&b.xlsx ", [r"D:\a&b.xlsx"]),
        (r'"D:\城关镇 (1).xlsx" D:\100%PATH%!^.xlsx', [r"D:\城关镇 (1).xlsx", r"D:\100%PATH%!^.xlsx"]),
        (r'"D:\a b.xlsx" "D:\c & d.xlsx"', [r"D:\a b.xlsx", r"D:\c & d.xlsx"]),
        (r"D:\a(1),b;c=d.xlsx", [r"D:\a(1),b;c=d.xlsx"]),
    ],
)
def test_files_dropped_on_the_icon_come_whole(rest, files):
    assert dropped_on(line(rest)) == files


@pytest.mark.parametrize(
    "started",
    ["", CMD_EXE, f'"{CMD_EXE}" ', f'{CMD_EXE} /c ""{ROOT.parent / "job.cmd"}" x"', f"{CMD_EXE} /c 检查.cmd x"],
)
def test_a_typed_command_has_its_own_arguments(started):
    assert dropped_on(started) is None


@pytest.mark.parametrize(
    ("typed", "files"),
    [
        (r'"D:\a b.xlsx"', [r"D:\a b.xlsx"]),
        (r'"D:\a b.xlsx""D:\c d.xlsx"', [r"D:\a b.xlsx", r"D:\c d.xlsx"]),
        (r"D:\a&b.xlsx D:\c.xlsx", [r"D:\a&b.xlsx", r"D:\c.xlsx"]),
        ("", []),
    ],
)
def test_files_dragged_into_the_window(monkeypatch, typed, files):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\r\n"))
    assert asked("check", "?") == files


def test_one_file_with_spaces_that_the_window_did_not_quote(tmp_path, monkeypatch):
    drop(tmp_path, "城 关 镇.xlsx", b"x")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{tmp_path / '城 关 镇.xlsx'}\n"))
    assert asked("check", "?") == [str(tmp_path / "城 关 镇.xlsx")]


@pytest.mark.parametrize(
    ("typed", "args"),
    [("城关镇\n2023-05\n", ["城关镇", "2023-05"]), ("城关镇\n\n", ["城关镇"]), ("\n", []), ("", [])],
)
def test_a_phone_entry_asks_for_unit_and_month(monkeypatch, typed, args):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert asked("phone-entry", "?") == args


@pytest.mark.parametrize(
    ("what", "args", "made"),
    [
        ("consolidate", ["2023-05"], ["--period", "2023-05"]),
        ("consolidate", ["all", "--strict"], ["--period", "all", "--strict"]),
        ("consolidate", ["--period", "2023-05"], ["--period", "2023-05"]),
        ("consolidate", ["a.xlsx", "--outbox", "b"], ["./a.xlsx", "--outbox", "./b"]),
        ("forms", ["2023年6月"], ["--period", "2023年6月"]),
        ("check", ["a.xlsx", "2023-05"], ["./a.xlsx", "./2023-05"]),
        ("check", ["-h"], ["-h"]),
        ("phone-entry", ["城关镇", "2023-05"], ["城关镇", "2023-05"]),
    ],
)
def test_paths_lead_from_where_they_were_typed(tmp_path, what, args, made):
    here = [str(tmp_path / arg[2:]) if arg.startswith("./") else arg for arg in made]
    assert arguments(what, args, str(tmp_path)) == [what, *here]


@pytest.fixture
def by_click(monkeypatch):
    monkeypatch.setenv("STARTED_IN", "")

    def run(what: str, rest: str = "", typed: str = "") -> int:
        monkeypatch.setenv("STARTED_LINE", line(rest, CMD[what]))
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return clicked(what, ["not this: cmd has spoiled it"])

    return run


def test_check_takes_what_is_dropped_on_it(tmp_path, by_click, capsys):
    path = drop(tmp_path, "城关镇 (1)&%PATH%!.xlsx", xlsx(annex1()))
    assert by_click("check", f'"{path}"') == 0
    assert f"文件：{path}\n" in capsys.readouterr().out


def test_check_asks_for_a_file(tmp_path, by_click, capsys):
    path = drop(tmp_path, "城关镇.xlsx", xlsx(annex1()))
    assert by_click("check", typed=f'"{path}"\n') == 0
    asked_for, answer, *_ = capsys.readouterr().out.splitlines()
    assert (asked_for, answer) == ("请把要检查的文件拖到这个窗口里，再按回车：", f"文件：{path}")


def test_forms_need_no_files_but_may_have_a_month(tmp_path, by_click, monkeypatch, capsys):
    done = []
    monkeypatch.setattr("pipeline.clicked._run", lambda what, args: done.append([what, *args]) or 0)
    assert by_click("forms", f'2023-05 "{tmp_path / "a b.xlsx"}"') == 0
    assert (done, capsys.readouterr().out) == ([["forms", "2023-05"]], "这里用不到文件，没有理会拖来的文件。\n")


def test_where_nothing_is_typed_nothing_is_done(by_click, capsys):
    assert by_click("phone-entry", typed="\n") == 2
    assert capsys.readouterr().out.splitlines()[-1] == "没有输入内容，什么也没有做。"


@pytest.mark.parametrize("what", CMD)
def test_the_screen_names_what_runs_there(monkeypatch, what):
    for platform, named in (("win32", CMD[what]), ("linux", f"make {what}")):
        monkeypatch.setattr("sys.platform", platform)
        assert command("2023-05", what).startswith(named)
        assert usage()


# -- the screen -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "used"),
    [("cp936", "gb18030"), ("gbk", "gb18030"), ("utf-8", "utf-8"), ("cp437", "utf-8"), ("latin-1", "utf-8")]
    + [("ascii", "utf-8"), ("gb18030", "gb18030")],
)
def test_chinese_is_never_a_question_mark(own, used):
    assert _encoding(io.TextIOWrapper(io.BytesIO(), encoding=own)) == used


def test_no_colours_where_they_are_not_wanted(monkeypatch):
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        with monkeypatch.context() as patched:
            patched.setenv(name, value)
            patched.setattr("sys.stdout", None)
            patched.setattr("sys.stderr", None)
            assert prepare() is False

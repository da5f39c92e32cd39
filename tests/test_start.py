"""The start on a bare machine: .venv is made when it has to be, whole or not at all, and what is lacking is one sentence."""

from __future__ import annotations

import ast
import importlib.util
import io
import re
import sys
import tokenize
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from pipeline.cli import main
from pipeline.commands import CMD

ROOT = Path(__file__).parent.parent
START = ROOT / "pipeline" / "start.py"


class Office:
    """A folder with start.py in it, and what it has other programs do there instead of doing it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.done: list[str] = []
        self.pip_succeeds: Callable[[list[str]], bool] = lambda command: True
        (folder / "pipeline").mkdir(parents=True)
        (folder / "pipeline" / "start.py").write_bytes(START.read_bytes())
        (folder / "requirements.lock").write_text("click==8.5.1\n")

    def started(self, *args: str, python: str | None = None) -> int:
        """The exit code of start.py in this folder."""
        start = self.module()
        if python:
            start.sys = SimpleNamespace(**(vars(sys) | {"base_prefix": python}))
        return start.main(list(args))

    def module(self) -> ModuleType:
        spec = importlib.util.spec_from_file_location("start", self.folder / "pipeline" / "start.py")
        assert spec
        assert spec.loader
        start = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(start)
        start._succeeds = self.succeeds
        start._run = self.ran
        return start

    def succeeds(self, command: list[str]) -> bool:
        if "venv" in command:
            self.done.append("venv")
            for folder in ("Scripts", "bin"):
                (self.folder / ".venv" / folder).mkdir(parents=True)
                for name in ("python", "python.exe"):
                    (self.folder / ".venv" / folder / name).touch()
            return True
        assert "--require-hashes" in command
        self.done.append("wheels" if "--no-index" in command else "network")
        return self.pip_succeeds(command)

    def ran(self, module: str, args: list[str]) -> int:
        self.done.append(f"{module} {' '.join(args)}")
        return 0

    def since(self) -> list[str]:
        """What was done since this was last asked."""
        done, self.done = self.done, []
        return done


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path / "县 办公室")


MADE = ["venv", "network", "pipeline check a.xlsx"]


def test_what_is_whole_is_not_made_again(office):
    assert office.started("check", "a.xlsx") == 0
    assert office.since() == MADE
    assert office.started("check", "a.xlsx") == 0
    assert office.since() == MADE[2:]


def moved(office: Office) -> Office:
    office.folder = office.folder.rename(office.folder.with_name("搬到这里"))
    return office


def changed_lock(office: Office) -> Office:
    (office.folder / "requirements.lock").write_text("click==8.5.2\n")
    return office


def half_removed(office: Office) -> Office:
    for name in ("bin/python", "Scripts/python.exe"):
        (office.folder / ".venv" / name).unlink()
    return office


@pytest.mark.parametrize("change", [moved, changed_lock, half_removed])
def test_it_is_made_again_when_lock_file_or_folder_changed(office, change):
    office.started("check", "a.xlsx")
    office.since()
    (office.folder / ".venv" / "old").touch()
    change(office).started("check", "a.xlsx")
    assert office.since() == MADE
    assert not (office.folder / ".venv" / "old").exists()


def test_it_is_made_again_for_another_python(office):
    office.started("check", "a.xlsx")
    office.since()
    office.started("check", "a.xlsx", python="/another/python")
    assert office.since() == MADE


def test_line_ends_of_the_lock_file_are_no_change(office):
    office.started("check", "a.xlsx")
    office.since()
    (office.folder / "requirements.lock").write_bytes(b"click==8.5.1\r\n")
    office.started("check", "a.xlsx")
    assert office.since() == MADE[2:]


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, SystemExit])
def test_what_was_stopped_half_way_is_made_again(office, stopped):
    def stop(command: list[str]) -> bool:
        raise stopped

    office.pip_succeeds = stop
    with suppress(SystemExit):  # a kill
        assert office.started("check", "a.xlsx") == 1
    assert (office.folder / ".venv").is_dir()
    office.pip_succeeds = lambda command: True
    office.since()
    office.started("check", "a.xlsx")
    assert office.since() == MADE


def test_wheels_come_before_the_network(office):
    (office.folder / "wheels").mkdir()
    office.started("check", "a.xlsx")
    assert office.since() == ["venv", "wheels", "pipeline check a.xlsx"]


def test_where_the_wheels_are_for_another_system_the_network_helps(office):
    (office.folder / "wheels").mkdir()
    office.pip_succeeds = lambda command: "--no-index" not in command
    assert office.started("check", "a.xlsx") == 0
    assert office.since() == ["venv", "wheels", "network", "pipeline check a.xlsx"]


def test_what_cannot_be_installed_is_one_sentence_and_is_tried_again(office, capsys):
    office.pip_succeeds = lambda command: False
    for _ in range(2):
        assert office.started("consolidate") == 1
        assert office.since() == ["venv", "network"]
        _, message = capsys.readouterr().out.splitlines()
        assert message.startswith("没有装上所需的组件")
        assert message.count("。") == 1


def test_other_lock_files_are_added_once(office):
    (office.folder / "tests").mkdir()
    (office.folder / "tests" / "requirements.lock").write_text("pytest==9.0.0\n")
    for done in (["venv", "network", "network"], []):
        assert office.started("--install", "tests/requirements.lock") == 0
        assert office.since() == done


def test_a_click_is_told_from_a_typed_command(office):
    office.started("汇总.cmd", "consolidate", "2023-05")
    assert office.since()[2:] == ["pipeline.clicked 汇总.cmd consolidate 2023-05"]


@pytest.mark.parametrize(
    ("version", "size", "message"),
    [
        ((3, 10, 9), 2**63 - 1, "64 位的 Python 3.10"),
        ((2, 7, 18), 2**31 - 1, "32 位的 Python 2.7"),
        ((3, 13, 0), 2**31 - 1, "32 位的 Python 3.13"),
    ],
)
def test_a_python_that_cannot_be_used_says_so_in_one_sentence(office, capsys, version, size, message):
    start = office.module()
    start.sys = SimpleNamespace(version_info=version, maxsize=size, stdout=sys.stdout, platform=sys.platform)
    for args in (["consolidate"], ["--suits"]):
        assert start.main(args) == start.UNFIT
        said = capsys.readouterr().out
        assert said == f"需要 64 位的 Python 3.11 或更新的版本，本机找到的是 {message}，请安装后再运行一次。\n"
    assert not office.done


def test_of_several_pythons_one_suits_for_which_there_are_wheels(office):
    start = office.module()
    assert start.main(["--suits"]) == 0
    (office.folder / "wheels").mkdir()
    (office.folder / "wheels" / "numpy-2.4.6-cp39-cp39-win_amd64.whl").touch()
    assert start.main(["--suits"]) == start.UNFIT
    this = "cp{}{}".format(*sys.version_info[:2])
    (office.folder / "wheels" / f"numpy-2.4.6-{this}-{this}-win_amd64.whl").touch()
    assert start.main(["--suits"]) == 0
    assert not office.done


# -- what old Pythons and cmd can read --------------------------------------------------------------------------------

NOT_IN_PYTHON_2 = (
    ast.AnnAssign, ast.AsyncFor, ast.AsyncFunctionDef, ast.AsyncWith, ast.Await, ast.JoinedStr, ast.Match, ast.MatMult,
    ast.NamedExpr, ast.Nonlocal, ast.YieldFrom,
)  # fmt: skip


def not_in_python_2(text: str) -> list[str]:
    """What of a module Python 2.7 could not parse."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.arguments):
            odd = node.kwonlyargs or node.posonlyargs or any(a.annotation for a in (*node.args, node.vararg) if a)
        elif isinstance(node, ast.FunctionDef):
            odd = node.returns
        elif isinstance(node, ast.Raise):
            odd = node.cause
        elif isinstance(node, ast.Call):
            after = [isinstance(a, ast.Starred) for a in node.args]
            odd = sum(after) > 1 or (any(after) and not after[-1])
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            odd = any(isinstance(e, ast.Starred) for e in node.elts)
        elif isinstance(node, ast.Dict):
            odd = None in node.keys
        elif isinstance(node, ast.ClassDef):
            odd = node.keywords
        else:
            odd = isinstance(node, NOT_IN_PYTHON_2)
        if odd:
            found.append(ast.unparse(node))
    code = [t.string for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type != tokenize.COMMENT]
    found += [t for t in code if re.fullmatch(r"[0-9]\w*_\w*|(?:[rR][bB]|[fF])['\"].*", t)]
    found += [
        "*… ,)"
        for a, b, c, d in zip(code, code[1:], code[2:], code[3:], strict=False)
        if (a[:1], c, d) == ("*", ",", ")") and b.isidentifier()
    ]
    return found


def test_python_2_can_read_it():
    text = START.read_text(encoding="utf-8")
    assert not_in_python_2(text) == []
    assert text.startswith("# -*- coding: utf-8 -*-\n")
    modules = {alias.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for alias in node.names}
    assert modules <= sys.stdlib_module_names


@pytest.mark.parametrize(
    "text",
    ["f'{a}'", "a: int = 1", "def f(*, a): pass", "def f(a) -> int: pass", "def f():\n raise A from b", "(a := 1)"]
    + ["[*a, b]", "f(*a, b)", "{**a}", "1_000", "rb'a'", "f(*a,)", "class A(metaclass=B): pass"],
)
def test_the_look_for_newer_syntax_finds_it(text):
    assert not_in_python_2(text)


def test_the_command_files_are_read_alike_in_every_code_page():
    files = sorted(ROOT.glob("*.cmd"))
    assert {path.name for path in files} == set(CMD.values())
    assert set(CMD) == set(main.commands)
    for path in (*files, ROOT / "pipeline" / "start.cmd"):
        data = path.read_bytes()
        assert data.isascii()
        assert data.count(b"\n") == data.count(b"\r\n") > 0
    for command, name in CMD.items():
        assert (ROOT / name).read_bytes() == f'@"%~dp0pipeline\\start.cmd" "%~nx0" {command} %*\r\n'.encode()
    for page in re.findall(r"%~dp0([\w.]+\.html)", (ROOT / "pipeline" / "start.cmd").read_text()):
        assert "Python" in (ROOT / "pipeline" / page).read_text(encoding="utf-8")

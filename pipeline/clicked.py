"""A command for whoever clicks on its .cmd file: with what was dropped on it or is asked for, then again if wanted."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_NOTHING_DONE = 2
_TAKE_FILES, _TAKE_A_MONTH = ("check", "consolidate"), ("consolidate", "forms")
_PATHS = ("--inbox", "--outbox", "--county")
_MONTH = re.compile(r"all|[0-9]{4}[-年./]?[0-9]{1,2}月?")
_LINE = re.compile(r'/c\s+""([^"]*\.cmd)"(.*)"\s*', re.I | re.S)
_WORD = re.compile(r'"([^"]*)"|([^\s"]+)')

_NEEDED = {
    "check": "请把要检查的文件拖到这个窗口里，再按回车：",
    "phone-entry": "哪个单位？请输入名称，再按回车：",
}
_AGAIN = {
    "consolidate": "要汇总别的月份，请输入年月（如 2023-05，全部月份输入 all），再按回车；不要的，直接按回车：",
    "forms": "要别的月份的空白表，请输入年月（如 2023-05），再按回车；不要的，直接按回车：",
    "check": "还要检查别的文件，请拖到这个窗口里，再按回车；不要的，直接按回车：",
    "phone-entry": "还有别的单位，请输入名称，再按回车；没有的，直接按回车：",
}
_WHICH_MONTH = "哪个月？请输入年月（如 2023-05），再按回车；上一个月的，直接按回车："


def clicked(command: str, typed: Sequence[str]) -> int:
    """Runs the command as often as is wanted; gives the last exit code."""
    dropped = dropped_on(os.environ.get("STARTED_LINE", ""))
    args = list(typed) if dropped is None else dropped
    if command not in _TAKE_FILES and any(map(os.path.isabs, args)):
        _say("这里用不到文件，没有理会拖来的文件。")
        args = [arg for arg in args if not os.path.isabs(arg)]  # noqa: PTH117  a text
    if not args and command in _NEEDED and not (args := asked(command, _NEEDED[command])):
        _say("没有输入内容，什么也没有做。")
        return _NOTHING_DONE
    code = _run(command, args)
    while dropped is not None and sys.stdin.isatty() and (args := asked(command, _AGAIN[command])):
        code = _run(command, args)
    return code


def dropped_on(line: str) -> list[str] | None:
    """What was dropped on the icon, by the line that Explorer gave cmd; None where the command was typed instead.

    Explorer quotes no name without a space, and of the arguments that cmd makes of it those with & are cut and those with %
    may be others.
    """
    m = _LINE.search(line)
    return words(m[2]) if m and os.path.realpath(Path(m[1]).parent) == os.path.realpath(_ROOT) else None


def words(text: str) -> list[str]:
    """The parts of a line, those in quotes as they are."""
    return [quoted or plain for quoted, plain in _WORD.findall(text)]


def asked(command: str, question: str) -> list[str]:
    """The arguments that somebody types or drags into the window; none where he only presses Enter."""
    answer = _answer(question)
    if command == "phone-entry":
        return [text for text in (answer, answer and _answer(_WHICH_MONTH)) if text]
    return [answer] if Path(answer).is_file() else words(answer)


def _answer(question: str) -> str:
    _say(question)
    return sys.stdin.readline().strip()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _run(command: str, args: Sequence[str]) -> int:
    from pipeline.cli import main

    try:
        main(arguments(command, args, os.environ.get("STARTED_IN", "")), prog_name="python -m pipeline")
    except SystemExit as e:
        return e.code if isinstance(e.code, int) else 1
    return 0


def arguments(command: str, args: Sequence[str], folder: str) -> list[str]:
    """The command line: a month by itself is the period, and paths lead from the folder in which they were typed."""
    made = [command]
    for before, arg in pairwise([command, *args]):
        by_itself = not before.startswith("--") and not arg.startswith("-")
        if by_itself and command in _TAKE_A_MONTH and _MONTH.fullmatch(arg):
            made += ["--period", arg]
        elif before in _PATHS or (by_itself and command in _TAKE_FILES):
            made.append(os.path.join(folder, arg))  # noqa: PTH118  an empty folder, and an absolute path, change nothing
        else:
            made.append(arg)
    return made


# A worker process on Windows imports this module too.
if __name__ == "__main__":
    from pipeline.console import prepare

    prepare()
    sys.exit(clicked(sys.argv[2], sys.argv[3:]))

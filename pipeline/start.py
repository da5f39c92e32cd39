# -*- coding: utf-8 -*-
"""Makes what the program runs with, then runs it: behind the .cmd files and the Makefile.

    python pipeline/start.py [NAME.cmd] COMMAND …       a command of the program, in .venv
    python pipeline/start.py --install [LOCK FILE …]    only makes .venv, with the packages of other lock files too
    python pipeline/start.py --wheels 3.11 3.12 3.13    fetches the packages for these Pythons on Windows into wheels/
    python pipeline/start.py --suits                    whether this Python can be used: 0, or 3 and a sentence

Only the standard library, and no syntax that Python 2.7 does not know: whatever Python there is can say what it lacks.
"""

from __future__ import print_function, unicode_literals

import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

OLDEST = (3, 11)
FAILED, UNFIT = 1, 3

_WINDOWS = os.name == "nt"


class StartError(Exception):
    """The program cannot be started; the text is one Chinese sentence."""


def main(args):
    """Does what the command line says, and gives the exit code."""
    reason = _unfit()
    if reason:
        _say(reason)
        return UNFIT
    if args == ["--suits"]:
        return 0 if _has_wheels() else UNFIT
    try:
        return _start(args)
    except StartError as e:
        _say("%s" % e)
        return FAILED
    except KeyboardInterrupt:
        return FAILED


def _start(args):
    _make_ready()
    if args[:1] == ["--install"]:
        for lock in args[1:]:
            _add(lock)
        return 0
    if args[:1] == ["--wheels"]:
        return _run("pipeline.wheels", args[1:])
    return _run("pipeline.clicked" if args and args[0].endswith(".cmd") else "pipeline", args)


def _run(module, args):
    """Runs a module of the program in the project's folder, and gives its exit code."""
    process = subprocess.Popen([_python(), "-m", module] + args, cwd=_here())
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue  # the program has it too, and ends by itself
        return FAILED if code < 0 else code


def _say(text):
    """Prints a Chinese line, by any Python and to any console."""
    out = getattr(sys.stdout, "buffer", sys.stdout)
    try:
        out.write((text + "\n").encode(sys.stdout.encoding or "utf-8"))
    except UnicodeError:
        out.write((text + "\n").encode("utf-8"))
    out.flush()


def _here(*names):
    """A path in the project's folder."""
    return os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), *names)


# -- the Python -------------------------------------------------------------------------------------------------------


def _unfit():
    """Why this Python cannot be used, '' where it can."""
    bits = 64 if sys.maxsize > 2**32 else 32
    if sys.version_info[:2] >= OLDEST and bits == 64:
        return ""
    this = "%d 位的 Python %d.%d" % (bits, sys.version_info[0], sys.version_info[1])
    return "需要 64 位的 Python %d.%d 或更新的版本，本机找到的是 %s，请安装后再运行一次。" % (OLDEST + (this,))


def _has_wheels():
    """Whether wheels/, where there is such a folder, was fetched for this Python too."""
    tag = "-cp%d%d-" % sys.version_info[:2]
    names = os.listdir(_here("wheels")) if os.path.isdir(_here("wheels")) else []
    return not names or any(tag in name for name in names)


def _python():
    return _here(".venv", "Scripts", "python.exe") if _WINDOWS else _here(".venv", "bin", "python")


# -- its packages -----------------------------------------------------------------------------------------------------


def _make_ready():
    """Makes .venv where there is none yet, or one for another lock file, Python or folder, or one that was not finished."""
    if _is_ready():
        return
    with _alone():
        if _is_ready():
            return
        _say("正在准备运行环境（第一次运行，或者程序、Python、文件夹有变动），约需一两分钟，请不要关闭……")
        _clear()
        base = getattr(sys, "_base_executable", sys.executable)
        if not _succeeds([base, "-I", "-m", "venv", _here(".venv")]):
            raise StartError(
                "建不了运行环境（.venv）：请核对文件夹能否写入、磁盘空间和 Python 的安装是否完整，再运行一次。"
            )
        _install(_here("requirements.lock"))
        _note(_ready_file(), _state())


def _is_ready():
    return _noted(_ready_file()) == _state() and os.path.exists(_python())


def _ready_file():
    """Written last of all: without it .venv is one that somebody stopped half-way."""
    return _here(".venv", "ready.txt")


def _state():
    """What .venv is made for; a drive letter that stands for a network folder may be another one tomorrow."""
    python = "%d.%d %s" % (sys.version_info[:2] + (os.path.realpath(sys.base_prefix),))
    return "\n".join([_digest(_here("requirements.lock")), python, os.path.realpath(_here())])


def _add(lock):
    """Installs another lock file too, once."""
    noted = _here(".venv", lock.replace("/", "-").replace("\\", "-") + ".txt")
    if _noted(noted) != _digest(_here(lock)):
        _install(_here(lock))
        _note(noted, _digest(_here(lock)))


def _install(lock):
    """Installs from wheels/ where that is there and has all of it, else from the network."""
    pip = [_python(), "-I", "-m", "pip", "--disable-pip-version-check", "-q", "--log", _here(".venv", "install.log")]
    pip += ["install", "--require-hashes", "--retries", "2", "-r", lock]
    offline = ["--no-index", "--find-links", _here("wheels")]
    for source in [offline, []] if os.path.isdir(_here("wheels")) else [[]]:
        if _succeeds(pip + source):
            return
    raise StartError(
        "没有装上所需的组件（Python %d.%d）：请接通网络再运行一次，或者从能上网的电脑复制 wheels 文件夹到本文件夹；"
        "文件夹的路径过长或磁盘已满也会这样，经过记在 .venv 的 install.log 里。" % sys.version_info[:2]
    )


def _succeeds(command):
    """Runs a command that has nothing to say to a clerk."""
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False) == 0


def _clear():
    """Removes .venv, first of all what says that it is whole."""
    try:
        if os.path.exists(_ready_file()):
            os.remove(_ready_file())
        if os.path.islink(_here(".venv")):
            os.remove(_here(".venv"))
        elif os.path.exists(_here(".venv")):
            shutil.rmtree(_here(".venv"))
    except OSError:
        raise StartError("旧的运行环境（.venv）正在使用或不能删除：请关闭本程序的其他窗口，再运行一次。")


@contextmanager
def _alone():
    """Waits until no other window makes .venv; the system lets the lock go when its process ends, however it ends."""
    with open(_here("requirements.lock"), "rb") as lock:
        if not _held(lock):
            _say("另一个窗口正在准备运行环境，请稍候……")
            while not _held(lock):
                time.sleep(1)
        yield


def _held(lock):
    """Whether the lock is ours now; also where the system has no locks for such files."""
    try:
        if sys.platform == "win32":
            import msvcrt

            lock.seek(2**30)  # behind the end: what is locked there nobody reads
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.set_inheritable(lock.fileno(), True)  # should this be killed, pip may still be at it
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        pass
    return True


def _digest(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read().replace(b"\r\n", b"\n")).hexdigest()


def _noted(path):
    try:
        with open(path, "rb") as f:
            return f.read().decode("utf-8")
    except (OSError, UnicodeError):
        return ""


def _note(path, text):
    with open(path, "wb") as f:
        f.write(text.encode("utf-8"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

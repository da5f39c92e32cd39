"""Other systems, terminals and disks than the one the program was written on."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.run import Job, run
from tests.builders import MAY, TODAY, annex1, drop, xlsx
from tests.inboxes import SMALL, faulty_month
from tests.test_lost_nothing import tree

SOURCES = sorted(path for folder in ("pipeline", "schemas") for path in Path(folder).rglob("*.py"))

POSIX_MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "posix", "readline"}
POSIX_NAMES = {
    "os": """chown chroot ctermid fchdir fchmod fchown fork forkpty getegid geteuid getgid getgroups getloadavg getpgid
        getpgrp getpriority getresuid getsid getuid killpg lchown lockf mkfifo mknod nice openpty pathconf
        posix_fadvise posix_fallocate posix_spawn pread pwrite register_at_fork sched_getaffinity sched_setaffinity
        sendfile setegid seteuid setgid setpgid setpriority setsid setuid statvfs sync sysconf tcgetpgrp ttyname uname
        wait3 wait4 waitid getxattr setxattr listxattr eventfd O_DIRECTORY O_NOFOLLOW O_NONBLOCK O_CLOEXEC O_SYNC
        WIFEXITED WIFSIGNALED WEXITSTATUS WNOHANG""",
    "signal": """SIGKILL SIGALRM SIGHUP SIGUSR1 SIGUSR2 SIGCHLD SIGQUIT SIGPIPE SIGSTOP SIGCONT alarm setitimer pause
        pthread_kill pthread_sigmask sigwait siginterrupt""",
    "time": "tzset clock_settime pthread_getcpuclockid",
    "select": "poll epoll kqueue",
    "socket": "AF_UNIX socketpair",
}
"""What Python's documentation marks `Availability: Unix`."""

POSIX_CALLS = {f"{module}.{name}" for module, names in POSIX_NAMES.items() for name in names.split()}
POSIX_METHODS = {"is_mount", "hardlink_to", "symlink_to", "lchmod"}


def unguarded(tree_of: ast.AST) -> Iterator[ast.AST]:
    """All of a module that runs on Windows too: but for what stands under a question for the platform."""
    for node in ast.iter_child_nodes(tree_of):
        if isinstance(node, ast.If) and "sys.platform" in ast.unparse(node.test):
            continue
        yield node
        yield from unguarded(node)


def faults(text: str) -> list[str]:
    found = []
    for node in unguarded(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name in POSIX_MODULES]
        elif isinstance(node, ast.ImportFrom):
            whole = [f"{node.module}.{a.name}" for a in node.names]
            found += [name for name in whole if name in POSIX_CALLS or node.module in POSIX_MODULES]
        elif isinstance(node, ast.Attribute):
            name = ast.unparse(node)
            found += [name] if name in POSIX_CALLS else []
        elif isinstance(node, ast.Call):
            found += _of_call(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "%-" in node.value:
            found.append(f"strftime {node.value!r}")
    return found


def _of_call(node: ast.Call) -> list[str]:
    """Methods that Windows lacks, and texts read or written in whatever encoding the system has."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    options = {k.arg for k in node.keywords}
    texts = name in ("read_text", "write_text") and "encoding" not in options
    return [name] if (name in POSIX_METHODS and not node.args) or texts else []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.as_posix())
def test_no_call_exists_on_posix_only(path):
    assert faults(path.read_text(encoding="utf-8")) == []


def test_the_search_finds_what_it_looks_for():
    assert faults("import fcntl") == ["fcntl"]
    assert faults("import os\nos.fork()") == ["os.fork"]
    assert faults("from signal import SIGKILL") == ["signal.SIGKILL"]
    assert faults("p.read_text()\nf'{d:%-d}'") == ["read_text", "strftime '%-d'"]
    assert faults("import sys\nif sys.platform != 'win32':\n    import resource") == []


def snapshot(folder: Path) -> dict[str, object]:
    """Everything a run may not change: names, bytes, times to the nanosecond, rights; of folders too."""
    found: dict[str, object] = {}
    for path in (folder, *sorted(folder.rglob("*"))):
        about = path.lstat()
        data = path.read_bytes() if path.is_file() else None
        found[str(path)] = data, about.st_mtime_ns, about.st_ctime_ns, about.st_mode, about.st_ino
    return found


WORLD = {
    "LC_ALL": "C",
    "LANG": "C",
    "PYTHONIOENCODING": "latin-1",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "TZ": "America/Los_Angeles",
    "PYTHONHASHSEED": "7",
    "COLUMNS": "20",
}


@pytest.mark.slow
def test_a_run_in_a_strange_world_leaves_the_inbox_alone_and_gives_the_same_bytes(tmp_path):
    inbox = faulty_month(tmp_path)
    long = f"{'很长的文件夹名' * 9}/{'很长的文件名' * 12}.xlsx"
    drop(inbox, long, xlsx(annex1("县财政局")))
    assert len(str(inbox / long)) > 150
    empty = inbox / "空"
    empty.mkdir()
    folders = [inbox, *(p for p in inbox.rglob("*") if p.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    before = snapshot(inbox)
    usual = run(Job(inbox, tmp_path / "usual", tmp_path / "county.toml", TODAY, MAY))
    command = [sys.executable, "-m", "pipeline", "consolidate", "--inbox", str(inbox), "--outbox", "strange"]
    done = subprocess.run(
        [*command, "--county", "county.toml", "--today", str(TODAY), "--period", "2023-05"],
        cwd=tmp_path,
        env={**os.environ, **WORLD, "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        check=False,
    )
    after = snapshot(inbox)
    for folder in folders:
        folder.chmod(0o755)
    assert (done.returncode, done.stderr) == (0, b"")
    output = done.stdout.decode("utf-8")  # the encoding asked for has no Chinese
    assert output.startswith("统计时间：2023年5月")
    assert "?" not in output
    assert after == before
    assert tree(tmp_path / "strange") == tree(tmp_path / "usual")
    assert usual.month.rows[3].status == "按时"


SCREENS = {
    "closed": "import os, sys; sys.stdout = None; sys.stderr = None\n",
    "full": "import sys; sys.stdout = open('/dev/full', 'w')\n",
    "gone": "import os, sys; r, w = os.pipe(); os.close(r); os.dup2(w, 1)\n",
}


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_that_takes_nothing_does_not_undo_the_run(tmp_path, screen):
    if screen == "full" and (sys.platform == "win32" or not Path("/dev/full").exists()):
        pytest.skip("Windows and macOS have no such device")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "county.toml").write_text(SMALL, encoding="utf-8")
    program = SCREENS[screen] + "from pipeline.cli import main; main(sys.argv[1:])"
    at = ["--inbox", tmp_path / "inbox", "--outbox", tmp_path / "outbox", "--county", tmp_path / "county.toml"]
    command = [sys.executable, "-c", program, "consolidate", *map(str, at), "--period", "2023-05"]
    done = subprocess.run([*command, "--today", str(TODAY)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(tree(tmp_path / "outbox")) == 3

"""The start with a real Python, a real pip and no network: a folder is carried about, installed, stopped and moved."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
OFFLINE = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_EXTRA_INDEX_URL": "", "PIP_CONFIG_FILE": os.devnull}
PROGRAM = "import sys\nfrom tiny import WORD\nprint(WORD, sys.argv[1:])\nsys.exit(3)\n"


def wheel(folder: Path) -> str:
    """A package with one word in it; gives its line in a lock file."""
    about = "tiny-1.0.dist-info"
    parts = {
        "tiny.py": "WORD = '好'\n",
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    folder.mkdir(parents=True)
    path, record = folder / "tiny-1.0-py3-none-any.whl", ""
    with zipfile.ZipFile(path, "w") as z:
        for name, text in parts.items():
            z.writestr(name, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(text.encode())}\n"
        z.writestr(f"{about}/RECORD", f"{record}{about}/RECORD,,\n")
    return f"tiny==1.0 \\\n    --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture
def office(tmp_path):
    folder = tmp_path / "县 办公室(1)"
    (folder / "pipeline").mkdir(parents=True)
    (folder / "pipeline" / "start.py").write_bytes((ROOT / "pipeline" / "start.py").read_bytes())
    (folder / "pipeline" / "__init__.py").touch()
    (folder / "pipeline" / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    (folder / "requirements.lock").write_text(wheel(folder / "wheels"), encoding="utf-8")
    return folder


def command(office: Path) -> list[str]:
    return [sys.executable, str(office / "pipeline" / "start.py"), "consolidate", "一 二"]


def started(office: Path) -> list[str]:
    """What is printed, after the exit code."""
    environment = {**os.environ, **OFFLINE, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command(office), capture_output=True, check=False, env=environment, cwd=office.parent)
    return [str(done.returncode), *done.stdout.decode().splitlines(), *done.stderr.decode().splitlines()]


RAN = ["3", "好 ['consolidate', '一 二']"]


def test_a_folder_is_installed_offline_once_and_again_where_it_is_moved_to(office):
    first = started(office)
    assert (first[0], len(first), first[-1]) == ("3", 3, RAN[-1])
    assert started(office) == RAN
    there = office.rename(office.with_name("搬到这里"))
    assert len(started(there)) == 3
    assert started(there) == RAN


def test_what_was_killed_at_any_moment_is_made_again(office):
    environment = {**os.environ, **OFFLINE}
    for seconds in (0.1, 0.5, 1.5, 3.0):
        with subprocess.Popen(command(office), env=environment, stdout=subprocess.DEVNULL) as process:
            time.sleep(seconds)
            process.kill()
    assert started(office)[-1] == RAN[-1]
    assert started(office) == RAN


def test_two_windows_at_once_make_one(office):
    environment = {**os.environ, **OFFLINE, "PYTHONIOENCODING": "utf-8"}
    both = [subprocess.Popen(command(office), env=environment, stdout=subprocess.PIPE) for _ in range(2)]
    output = [process.communicate()[0].decode().splitlines() for process in both]
    assert [lines[-1] for lines in output] == [RAN[-1]] * 2
    assert sum("正在准备运行环境（" in line for lines in output for line in lines) == 1


def test_without_wheels_and_network_one_sentence_says_what_to_do(office):
    (office / "wheels" / "tiny-1.0-py3-none-any.whl").write_bytes(b"damaged on the way")
    code, _, output = started(office)
    assert code == "1"
    assert output.startswith("没有装上所需的组件")

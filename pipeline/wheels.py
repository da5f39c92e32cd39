"""Fetches the packages of the lock file for Windows, on any system: a folder with them installs without a network."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from packaging.markers import Marker

_ROOT = Path(__file__).parent.parent
_REQUIREMENT = re.compile(r"^([^\s#;]+)\s*(?:;([^\\\n]*?))?\s*((?:\\\n\s+--hash=\S+\s*)+)", re.M)
_VERSION = re.compile(r"3\.[0-9]+")
_PATCHES = ("0", "99")
"""The first and last patch release of a Python there may be: a line that holds for either is fetched."""

_WINDOWS = {
    "sys_platform": "win32",
    "os_name": "nt",
    "platform_system": "Windows",
    "platform_machine": "AMD64",
    "platform_release": "10",
    "platform_version": "10.0",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "extra": "",
}


def requirements(lock: str, python: str) -> list[str]:
    """The lines of a lock file that hold on Windows with that Python, without their markers, with their hashes."""
    found = ((name, marker.strip(), hashes) for name, marker, hashes in _REQUIREMENT.findall(lock))
    return [f"{name} {hashes.strip()}" for name, marker, hashes in found if not marker or _holds(marker, python)]


def _holds(marker: str, python: str) -> bool:
    return any(
        Marker(marker).evaluate(
            _WINDOWS
            | {
                "python_version": python,
                "python_full_version": f"{python}.{n}",
                "implementation_version": f"{python}.{n}",
            }
        )
        for n in _PATCHES
    )


def fetch(versions: Sequence[str], lock: Path, into: Path) -> int:
    """Fetches what those Pythons need into a folder, their hashes checked; gives pip's exit code."""
    text = lock.read_text(encoding="utf-8")
    for version in versions:
        if code := _download(requirements(text, version), version, into):
            return code
    for old in _outdated(into, text):
        old.unlink()
    return 0


def _download(lines: Sequence[str], version: str, into: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        wanted.write_text("\n".join(lines), encoding="utf-8")
        target = ["--platform", "win_amd64", "--implementation", "cp", "--python-version", version]
        pip = [sys.executable, "-I", "-m", "pip", "--disable-pip-version-check", "-qq", "download", "-d", str(into)]
        pip += ["--no-deps", "--require-hashes", "--only-binary=:all:", *target, "-r", str(wanted)]
        return subprocess.call(pip)  # noqa: S603  our own arguments


def _outdated(folder: Path, lock: str) -> Iterator[Path]:
    """The packages that the lock file no longer names."""
    for path in sorted(folder.glob("*.whl")):
        if hashlib.sha256(path.read_bytes()).hexdigest() not in lock:
            yield path


def main(versions: Sequence[str]) -> int:
    """Fetches into wheels/, and says so."""
    if not versions or not all(map(_VERSION.fullmatch, versions)):
        sys.stderr.write("请写明 Python 的版本，如 3.11 3.12 3.13。\n")
        return 2
    if fetch(versions, _ROOT / "requirements.lock", _ROOT / "wheels"):
        sys.stderr.write("没有取到全部组件：请核对网络后再运行一次。\n")
        return 1
    sys.stdout.write(f"已放入 wheels 文件夹：Windows 上 Python {'、'.join(versions)} 所需的组件。\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

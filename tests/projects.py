"""Copies of the project with other schemas, and what they do."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def a_copy(folder: Path) -> Path:
    """The project's code in that folder."""
    for part in ("pipeline", "schemas", "tests"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Puts one text in the place of another, which stands there once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def said(project: Path, script: str) -> list[str]:
    """What a script prints that runs there."""
    command = [sys.executable, "-X", "utf8", "-c", script]
    done = subprocess.run(command, check=False, cwd=project, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()

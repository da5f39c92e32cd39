"""Which program this is: its version, the digest of its sources, and that of the libraries it is pinned to."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_SOURCES = ("pipeline", "schemas")
_VERSION = re.compile(rb'^version = "([^"]+)"', re.M)


def version() -> str:
    """The version of the project, '' where its description was not copied along."""
    m = _VERSION.search(_text(_ROOT / "pyproject.toml"))
    return m[1].decode() if m else ""


@cache
def sources() -> str:
    """The SHA-256 of all source files by their paths: the same wherever and by whichever Git they were checked out."""
    found = hashlib.sha256()
    files = (path for folder in _SOURCES for path in (_ROOT / folder).rglob("*.py"))
    for name, path in sorted((path.relative_to(_ROOT).as_posix(), path) for path in files):
        found.update(f"{name}\0{hashlib.sha256(_text(path)).hexdigest()}\n".encode())
    return found.hexdigest()


def libraries() -> str:
    """The SHA-256 of the list of pinned libraries, '' where it was not copied along."""
    text = _text(_ROOT / "requirements.lock")
    return hashlib.sha256(text).hexdigest() if text else ""


def _text(path: Path) -> bytes:
    """A text with the line ends it is kept with, whatever the system made of them."""
    return path.read_bytes().replace(b"\r\n", b"\n") if path.is_file() else b""

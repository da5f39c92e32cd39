"""Puts finished files in their place: the old one or the new one, never half of one, and only over our own."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pipeline.errors import OutputError
from pipeline.output_marker import marker_of
from pipeline.refusals import ensure_closed, patiently, refusal

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])\s*(?:\..*)?", re.I | re.S)
"""Names that Windows keeps for devices, whatever their extension."""

_MAX_NAME_BYTES = 215
"""Bytes of a name, in UTF-8: most systems take 255, and month and extension come behind it."""

_PART = re.compile(r"\.[0-9a-f]{16}\.tmp")

_Change = tuple[bytes | None, bytes | None]
"""What a file is to be and what it was, None where there is none."""


def file_name(text: str) -> str:
    """The text as a file name that Windows allows too, and short enough for every system."""
    name = _FORBIDDEN.sub("_", text).encode("utf-8", "replace")[:_MAX_NAME_BYTES].decode("utf-8", "ignore").strip(" .")
    return f"_{name}" if _DEVICES.fullmatch(name) else name


def replace_all(folder: Path, files: Mapping[str, bytes | None], read: Mapping[str, str] | None = None) -> list[Path]:
    """Writes the files below the folder, in that order; OutputError, and all old files stay, where one cannot be.

    All are written out beside their places before the first is renamed. None stands for a file that is to go.
    A file that would not change is left alone, and one without the program's mark is never touched. `read` holds the
    SHA-256 of files that were read before ('' where there was none): who has saved one since shall not lose his words.
    """
    changed: dict[Path, _Change] = {}
    for name, data in files.items():
        old = _old(folder / name)
        if old is not None and not marker_of(old):
            raise OutputError(f"“{folder / name}”不是本程序生成的文件，为免覆盖没有写入；请把它移走或改名后再运行。")
        if read and name in read and read[name] != sha256(old):
            raise _meanwhile(folder / name)
        if old != data:
            changed[folder / name] = data, old
    _replace(changed)
    return [folder / name for name, data in files.items() if data is not None]


def sha256(data: bytes | None) -> str:
    """The SHA-256 of a file's bytes, '' where there is none."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


def _replace(changed: Mapping[Path, _Change]) -> None:
    path = Path()
    for path, (_, old) in changed.items():
        if old is not None:
            ensure_closed(path)
    try:
        for path, (data, _) in changed.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if data is not None:
                _write(_part(path), data)
        for path, (data, old) in changed.items():
            if _old(path) != old:
                raise _meanwhile(path)
            _put(path, data)
    except BaseException as e:  # whatever stops it, a key pressed too: the workbooks of a month belong together
        _restore(changed)
        if isinstance(e, OSError):
            raise _refused(path, e) from None
        raise
    finally:
        for part in sorted(map(_part, changed), key=lambda p: -len(p.parts)):
            with suppress(OSError):
                part.unlink(missing_ok=True)
                part.parent.rmdir()  # where nothing came of it, no empty folder stays


def _put(path: Path, data: bytes | None) -> None:
    """Renames the part to its file, or removes the file, and its folder where nothing else lies there."""
    if data is not None:
        patiently(lambda: os.replace(_part(path), path))
        _settle(path.parent)
        return
    patiently(path.unlink)
    with suppress(OSError):
        path.parent.rmdir()


def place_new(path: Path, data: bytes) -> Path:
    """Writes a file where there is none yet; OutputError where there is one, for staff may have typed into it."""
    if path.exists():
        raise OutputError(f"已经有“{path}”，请直接打开修改；要重新生成，请先把它移走。")
    _replace({path: (data, None)})
    return path


def sweep(folder: Path) -> None:
    """Removes the parts that a run killed in that folder left behind, and the folder where nothing else lies there."""
    with suppress(OSError):
        parts = [path for path in folder.iterdir() if _PART.fullmatch(path.name)]
        for part in parts:
            part.unlink()
        if parts:
            folder.rmdir()


def _old(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as e:
        raise _refused(path, e) from None


def _part(path: Path) -> Path:
    """Where the file is written out: a short name, for the file's own may be as long as the system allows."""
    return path.with_name(f".{hashlib.sha256(path.name.encode('utf-8', 'replace')).hexdigest()[:16]}.tmp")


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as f:
        f.write(data)
        f.flush()
        os.fsync(f.fileno())


def _settle(folder: Path) -> None:
    """Lets the rename reach the disk before the next one; Windows does not open folders, and sees to it itself."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _restore(changed: Mapping[Path, _Change]) -> None:
    """Puts back what was replaced before one file could not be: the workbooks of a month belong together."""
    for path, (new, old) in changed.items():
        with suppress(OSError, OutputError):
            there = _old(path)
            if there == old or there != new:  # what somebody else has put there is not ours to undo
                continue
            if old is not None:
                path.parent.mkdir(exist_ok=True)
                _write(_part(path), old)
            _put(path, old)


def _refused(path: Path, error: OSError) -> OutputError:
    refused = refusal(error, path)
    return OutputError(f"“{path}”不能写入（{refused.why}），没有写入任何文件；{refused.advice}。")


def _meanwhile(path: Path) -> OutputError:
    return OutputError(f"“{path}”在汇总期间被改动，没有覆盖它；请保存并关闭后再运行一次。")

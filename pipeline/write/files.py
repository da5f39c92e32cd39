"""Puts finished files in their place: the old one or the new one, never half of one, and only over our own."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pipeline.errors import OutputError, why
from pipeline.mark import mark_of

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


def file_name(text: str) -> str:
    """The text as a file name that Windows allows too."""
    return _FORBIDDEN.sub("_", text).strip(" .")


def replace_all(folder: Path, files: Mapping[str, bytes | None]) -> list[Path]:
    """Writes the files below the folder, in that order; OutputError, and all old files stay, where one cannot be.

    All are written out beside their places before the first is renamed. None stands for a file that is to go.

    A file that would not change is left alone, and one without the program's mark is never touched.
    """
    changed: dict[Path, tuple[bytes | None, bytes | None]] = {}
    for name, data in files.items():
        old = _old(folder / name)
        if old is not None and not mark_of(old):
            raise OutputError(f"“{folder / name}”不是本程序生成的文件，为免覆盖没有写入；请把它移走或改名后再运行。")
        if old != data:
            changed[folder / name] = data, old
    path = folder
    try:
        for path, (data, _) in changed.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if data is not None:
                _write(_part(path), data)
        for path, (data, _) in changed.items():
            if data is None:
                _remove(path)
            else:
                os.replace(_part(path), path)
    except OSError as e:
        _restore(changed)
        raise _refused(path, e) from None
    finally:
        for part in map(_part, changed):
            with suppress(OSError):
                part.unlink(missing_ok=True)
    return [folder / name for name, data in files.items() if data is not None]


def _remove(path: Path) -> None:
    """Removes a file, and its folder where nothing else lies there."""
    path.unlink()
    with suppress(OSError):
        path.parent.rmdir()


def place_new(path: Path, data: bytes) -> Path:
    """Writes a file where there is none yet; OutputError where there is one, for staff may have typed into it."""
    if path.exists():
        raise OutputError(f"已经有“{path}”，请直接打开修改；要重新生成，请先把它移走。")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(_part(path), data)
        os.replace(_part(path), path)
    except OSError as e:
        raise _refused(path, e) from None
    finally:
        with suppress(OSError):
            _part(path).unlink(missing_ok=True)
    return path


def _old(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as e:
        raise _refused(path, e) from None


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.tmp")


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as f:
        f.write(data)
        f.flush()
        os.fsync(f.fileno())


def _restore(changed: Mapping[Path, tuple[bytes | None, bytes | None]]) -> None:
    """Puts back what was replaced before one file could not be: the workbooks of a month belong together."""
    for path, (new, old) in changed.items():
        with suppress(OSError):
            if old is None and path.exists() and path.read_bytes() == new:
                path.unlink()
            elif old is not None and (not path.exists() or path.read_bytes() != old):
                path.parent.mkdir(exist_ok=True)
                _write(_part(path), old)
                os.replace(_part(path), path)


def _refused(path: Path, error: OSError) -> OutputError:
    return OutputError(f"“{path}”不能写入（{why(error)}）；如果它正在 Excel 或 WPS 中打开，请关闭后再运行一次。")

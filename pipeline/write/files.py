"""Puts finished files in their place: the old one or the new one, never half of one, and only over our own."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import OutputError
from pipeline.mark import mark_of

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


def file_name(text: str) -> str:
    """The text as a file name that Windows allows too."""
    return _FORBIDDEN.sub("_", text).strip(" .")


def replace_all(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Writes the files into the folder, in that order; OutputError, and the old files stay, where one cannot be.

    A file that would not change is left alone, and one without the program's mark is never touched.
    """
    changed = {}
    for name, data in files.items():
        old = _old(folder / name)
        if old is not None and not mark_of(old):
            raise OutputError(f"“{folder / name}”不是本程序生成的文件，为免覆盖没有写入；请把它移走或改名后再运行。")
        if old != data:
            changed[folder / name] = data
    _put(folder, changed)
    return [folder / name for name in files]


def _old(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as e:
        raise _refused(path, e) from None


def _put(folder: Path, changed: Mapping[Path, bytes]) -> None:
    """All new files are written out before the first takes its place."""
    waiting: list[tuple[Path, Path]] = []
    path = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, data in changed.items():
            part = path.with_name(f".{path.name}.tmp")
            waiting.append((part, path))
            with part.open("wb") as f:
                f.write(data)
                f.flush()
                os.fsync(f.fileno())
        for part, path in waiting:
            os.replace(part, path)
    except OSError as e:
        raise _refused(path, e) from None
    finally:
        for part, _ in waiting:
            part.unlink(missing_ok=True)


def _refused(path: Path, error: OSError) -> OutputError:
    why = error.strerror or "系统拒绝"
    return OutputError(f"“{path}”不能写入（{why}）；如果它正在 Excel 或 WPS 中打开，请关闭后再运行一次。")

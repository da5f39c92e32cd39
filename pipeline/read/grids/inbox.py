"""Walks the inbox: every file once, in the order of paths, with the time it was received."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from pipeline.errors import why
from pipeline.model import Attachment, clean_name
from pipeline.read.grids.received import ANY_TIME, Clock, moment_of

MAX_BYTES = 100 * 2**20
_KEEPER = ".gitkeep"  # keeps the empty inbox in the repository
_LOOK = "请核对该文件能否打开、是否有权限读取，然后再运行一次。"
_ONLY_THE_FORM = "请只报送报表本身（.xlsx）。"
SYSTEM_FILE = "系统文件或临时文件"
_IGNORED_NAMES = {"thumbs.db", "desktop.ini", ".ds_store", ".gitignore", "__macosx"}


def files(inbox: Path) -> list[str]:
    """The paths of all files below the inbox, in order; of a folder that cannot be opened, its own."""
    found, folders = [], [""]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(inbox / folder))
        except OSError:
            found.append(folder.rstrip("/"))
            continue
        for entry in entries:
            path = f"{folder}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                folders.append(f"{path}/")
            elif path != _KEEPER:
                found.append(path)
    return sorted(found)


def pick_up(inbox: Path, name: str, clock: Clock = ANY_TIME) -> Attachment:
    """The file at that path below the inbox, read once. Links, lock files and system files come as ignored."""
    path, modified = f"{inbox}/{name}", None
    name = _spelled(name)
    try:
        about = os.lstat(path)
        modified = moment_of(about.st_mtime)
        ignored = "链接，不读取" if stat.S_ISLNK(about.st_mode) else why_ignored(name.rpartition("/")[2])
        problem, advice = ("", "") if ignored else _not_to_be_read(about)
        if ignored or problem:
            return Attachment(clock.of_file(name, "", modified), b"", ignored, problem, advice)
        with open(path, "rb", buffering=0) as f:  # noqa: PTH123  a Path takes as long to make as its file to read
            data = f.read()
    except OSError as e:
        modified = modified or moment_of(inbox.stat().st_mtime)
        return Attachment(clock.of_file(name, "", modified), b"", problem=f"打不开（{why(e)}）", advice=_LOOK)
    return Attachment(clock.of_file(name, hashlib.sha256(data).hexdigest(), modified), data)


def _not_to_be_read(about: os.stat_result) -> tuple[str, str]:
    """Why a file of that kind or size is not read and what to do then, '' where it is."""
    if not stat.S_ISREG(about.st_mode):
        return "不是普通文件，或文件夹打不开", _LOOK
    return (f"超过{MAX_BYTES >> 20}MB", _ONLY_THE_FORM) if about.st_size > MAX_BYTES else ("", "")


def _spelled(path: str) -> str:
    """A path as it can be shown: names that are no valid text, as Linux allows, in GBK, which they mostly are."""
    return "/".join(clean_name(_as_text(name)) for name in path.split("/"))


def _as_text(name: str) -> str:
    """A name without lone surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        pass
    else:
        return name
    try:
        return name.encode("utf-8", "surrogateescape").decode("gb18030", "replace")
    except UnicodeEncodeError:
        return name.encode("utf-8", "replace").decode()


def why_ignored(name: str) -> str:
    """Why a file of that name is no business of ours, '' where it may be."""
    name = name.lower()
    if name.startswith(("~$", ".~", "._")) or name in _IGNORED_NAMES or name.endswith(".tmp"):
        return SYSTEM_FILE
    return ""

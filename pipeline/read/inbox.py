"""Walks the inbox: every file once, in the order of paths, with the time it was received."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from pipeline.model import BEIJING, Attachment, Source

MAX_BYTES = 100 * 2**20
_IGNORED_NAMES = {"thumbs.db", "desktop.ini", ".ds_store", ".gitkeep", ".gitignore", "__macosx"}
_DAYS = (
    re.compile(r"(?<![0-9])(?P<year>20[0-9]{2})[-年./](?P<month>[0-9]{1,2})[-月./](?P<day>[0-9]{1,2})(?![0-9])"),
    re.compile(r"(?<![0-9])(?P<year>20[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])"),
    # Without a year only in so many words: 1-7号镇 and 附件1.2 are no days.
    re.compile(r"(?<![0-9年])(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})(?=[日号]|$)"),
)


def files(inbox: Path) -> list[str]:
    """The paths of all files below the inbox, in order; of a folder that cannot be opened, its own."""
    return sorted(path.relative_to(inbox).as_posix() for path in _walk(inbox))


def _walk(folder: Path) -> Iterator[Path]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        else:
            yield Path(entry.path)


def attachment(inbox: Path, name: str) -> Attachment:
    """The file at that path below the inbox, read once. Links, lock files and system files come as ignored."""
    path, received = inbox / name, _moment(inbox.stat().st_mtime)
    ignored = "链接，不读取" if path.is_symlink() else why_ignored(path.name)
    if ignored:
        return Attachment(Source(name, "", received), b"", ignored=ignored)
    try:
        about = path.stat()
        received = received_at(name, _moment(about.st_mtime))
        if not stat.S_ISREG(about.st_mode):
            return Attachment(Source(name, "", received), b"", problem="不是普通文件或文件夹打不开")
        if about.st_size > MAX_BYTES:
            return Attachment(Source(name, "", received), b"", problem=f"文件超过{MAX_BYTES >> 20}MB")
        data = path.read_bytes()
    except OSError as e:
        return Attachment(Source(name, "", received), b"", problem=f"文件打不开（{e.strerror or '系统拒绝'}）")
    return Attachment(Source(name, hashlib.sha256(data).hexdigest(), received), data)


def why_ignored(name: str) -> str:
    """Why a file of that name is no business of ours, '' where it may be."""
    name = name.lower()
    if name.startswith(("~$", ".~", "._")) or name in _IGNORED_NAMES or name.endswith(".tmp"):
        return "系统文件或临时文件"
    return ""


def _moment(timestamp: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(timestamp, BEIJING)


def received_at(path: str, modified: dt.datetime) -> dt.datetime:
    """When a file came: the day its nearest folder is named with, else the time it was last modified."""
    for folder in reversed(path.split("/")[:-1]):
        for form in _DAYS:
            if (m := form.search(folder)) and (day := _day(m, modified)):
                return day
    return modified


def _day(m: re.Match[str], modified: dt.datetime) -> dt.datetime | None:
    """That day's first moment; without a year, the latest such day on which the file was there already."""
    named = m.groupdict().get("year")
    year = int(named or modified.year)
    try:
        day = dt.datetime(year, int(m["month"]), int(m["day"]), tzinfo=BEIJING)
        return day.replace(year=year - 1) if not named and day > modified else day
    except ValueError:
        return None

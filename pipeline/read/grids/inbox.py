"""Walks the inbox: every file once, in the order of paths, with the time it was received."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import stat
from functools import lru_cache
from pathlib import Path

from pipeline.model import BEIJING, Attachment, Source
from pipeline.refusals import refusal

MAX_BYTES = 100 * 2**20
_JUNCTION = 0xA000_0003
_LATEST = 7_000_000_000  # the year 2191
_KEEPER = ".gitkeep"  # keeps the empty inbox in the repository
_LOOK = "请核对该文件能否打开、是否有权限读取，然后再运行一次。"
_ONLY_THE_FORM = "请只报送报表本身（.xlsx）。"
_IGNORED_NAMES = {"thumbs.db", "desktop.ini", ".ds_store", ".gitignore", "__macosx"}
_IGNORED = re.compile(
    r"~\$.*|\.[~_].*|.*\.tmp|.*~"  # lock files, what macOS adds, copies that editors keep
    r"|~wr[a-z]\d{4}(\..*)?"  # Word's, while it saves
    r"|(?!20\d\d[01]\d[0-3]\d)[0-9a-f]{8}"  # Excel's, while it saves; a day is none of them
)
_DOWNLOAD = ("没有下载完", "请重新下载完整，再放入收件夹。")
_LINK = ("只是一个快捷方式，文件本身没有发来", "请把快捷方式所指的文件放入收件夹；单位发来的，请单位发送文件本身。")
_WEB_LINK = ("只是一个网址，文件本身没有发来", "请打开这个网址，把下载的文件放入收件夹；打不开的，请单位发送文件本身。")
_NO_FILES = {
    ".lnk": _LINK,
    ".url": _WEB_LINK,
    ".webloc": _WEB_LINK,
    ".crdownload": _DOWNLOAD,
    ".part": _DOWNLOAD,
    ".partial": _DOWNLOAD,
    ".download": _DOWNLOAD,
    ".opdownload": _DOWNLOAD,
    ".xltd": _DOWNLOAD,
    ".td": _DOWNLOAD,
}
"""What programs put in a file's place: whatever is in it, it is not what was sent."""

_DAYS = (
    re.compile(r"(?<![0-9])(?P<year>20[0-9]{2})[-年./](?P<month>[0-9]{1,2})[-月./](?P<day>[0-9]{1,2})(?![0-9])"),
    re.compile(r"(?<![0-9])(?P<year>20[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])"),
    # Without a year only in so many words: 1-7号镇 and 附件1.2 are no days.
    re.compile(r"(?<![0-9年])(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})(?=[日号]|$)"),
)


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
            if entry.is_dir(follow_symlinks=False) and not is_link(entry.stat(follow_symlinks=False)):
                folders.append(f"{path}/")
            elif path != _KEEPER:
                found.append(path)
    return sorted(found)


def is_link(about: os.stat_result) -> bool:
    """Whether that is of a link, or of what Windows has for one between folders, a junction."""
    return stat.S_ISLNK(about.st_mode) or getattr(about, "st_reparse_tag", 0) == _JUNCTION


def pick_up(inbox: Path, name: str) -> Attachment:
    """The file at that path below the inbox, read once. Links, lock files and system files come as ignored."""
    path, received = f"{inbox}/{name}", None
    name = _spelled(name)
    try:
        about = os.lstat(path)
        received = received_at(name, _moment(about.st_mtime))
        ignored = "链接，不读取" if is_link(about) else why_ignored(name.rpartition("/")[2])
        if ignored:
            return Attachment(Source(name, "", received), b"", ignored=ignored)
        if not stat.S_ISREG(about.st_mode):
            return Attachment(Source(name, "", received), b"", problem="不是普通文件，或文件夹打不开", advice=_LOOK)
        if about.st_size > MAX_BYTES:
            return Attachment(
                Source(name, "", received), b"", problem=f"超过{MAX_BYTES >> 20}MB", advice=_ONLY_THE_FORM
            )
        with open(path, "rb", buffering=0) as f:  # noqa: PTH123  a Path takes as long to make as its file to read
            data = f.read()
    except OSError as e:
        received = received or _moment(inbox.stat().st_mtime)
        return Attachment(
            Source(name, "", received), b"", problem=f"打不开（{refusal(e, Path(path)).why}）", advice=_LOOK
        )
    problem, advice = why_no_file(name)
    return Attachment(Source(name, hashlib.sha256(data).hexdigest(), received), data, problem=problem, advice=advice)


def _spelled(path: str) -> str:
    """A path whose names are no valid text, as Linux allows, with those in GBK, which they mostly are."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return "/".join(map(_respelled, path.split("/")))
    return path


def _respelled(name: str) -> str:
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
    return "系统文件或临时文件" if name in _IGNORED_NAMES or _IGNORED.fullmatch(name) else ""


def why_no_file(name: str) -> tuple[str, str]:
    """What a file of that name is instead of the one that was meant, and what to do; '' where it may be one."""
    return _NO_FILES.get(os.path.splitext(name.lower())[1], ("", ""))  # noqa: PTH122  a name is no path


def _moment(timestamp: float) -> dt.datetime:
    # fromtimestamp fails for what the system's clock cannot say; a wrong clock is no reason to stop.
    return dt.datetime(1970, 1, 1, 8, tzinfo=BEIJING) + dt.timedelta(seconds=min(max(timestamp, 0), _LATEST))


def received_at(path: str, modified: dt.datetime) -> dt.datetime:
    """When a file came: the day its nearest folder is named with, else the time it was last modified."""
    for folder in reversed(path.split("/")[:-1]):
        for form in _DAYS:
            if days := _days(folder, form, modified.year):
                return days[0] if len(days) == 1 else min(days, key=lambda day: abs(day - modified))
    return modified


@lru_cache(maxsize=2**10)  # many files lie in one folder
def _days(folder: str, form: re.Pattern[str], year: int) -> tuple[dt.datetime, ...]:
    """The first moment of the day that a folder is named with; without a year, in that year and those around it."""
    m = form.search(folder)
    if not m:
        return ()
    named = m.groupdict().get("year")
    days = []
    for y in (int(named),) if named else range(year - 1, year + 2):
        try:
            days.append(dt.datetime(y, int(m["month"]), int(m["day"]), tzinfo=BEIJING))
        except ValueError:
            continue
    return tuple(days)

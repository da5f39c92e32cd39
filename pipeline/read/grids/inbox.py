"""Walks the inbox: every file once, in the order of paths, with the time it was received."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path

from pipeline.model import Attachment, clean_name
from pipeline.read.grids.received import ANY_TIME, Clock, moment_of
from pipeline.refusals import refusal

MAX_BYTES = 100 * 2**20
_JUNCTION = 0xA000_0003
_KEEPER = ".gitkeep"  # keeps the empty inbox in the repository
_LOOK = "请核对该文件能否打开、是否有权限读取，然后再运行一次。"
_ONLY_THE_FORM = "请只报送报表本身（.xlsx）。"
SYSTEM_FILE = "系统文件或临时文件"
_IGNORED_NAMES = {"thumbs.db", "desktop.ini", ".ds_store", ".gitignore", "__macosx"}
_IGNORED = re.compile(
    r"~\$.*|\.[~_].*|.*\.tmp|.*~"  # lock files, what macOS adds, copies that editors keep
    r"|~wr[a-z]\d{4}(\..*)?"  # Word's, while it saves
    r"|(?!20\d\d[01]\d[0-3]\d)[0-9a-f]{8}"  # Excel's, while it saves; a day is none of them
)
_DOWNLOAD = ("没有下载完", "请重新下载完整，再放入收件夹。")
_LINK = ("只是一个快捷方式，文件本身没有寄来", "请把快捷方式所指的文件放入收件夹；单位发来的，请单位发送文件本身。")
_WEB_LINK = ("只是一个网址链接，文件本身没有寄来", "请打开链接，把下载的文件放入收件夹；打不开的，请单位发送文件本身。")
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


def pick_up(inbox: Path, name: str, clock: Clock = ANY_TIME) -> Attachment:
    """The file at that path below the inbox, read once. Links, lock files and system files come as ignored."""
    path, modified = f"{inbox}/{name}", None
    name = _spelled(name)
    try:
        about = os.lstat(path)
        modified = moment_of(about.st_mtime)
        ignored = "链接，不读取" if is_link(about) else why_ignored(name.rpartition("/")[2])
        problem, advice = ("", "") if ignored else _not_to_be_read(about)
        if ignored or problem:
            return Attachment(clock.of_file(name, "", modified), b"", ignored, problem, advice)
        with open(path, "rb", buffering=0) as f:  # noqa: PTH123  a Path takes as long to make as its file to read
            data = f.read()
    except OSError as e:
        modified = modified or moment_of(inbox.stat().st_mtime)
        problem = f"打不开（{refusal(e, Path(path)).why}）"
        return Attachment(clock.of_file(name, "", modified), b"", problem=problem, advice=_LOOK)
    problem, advice = why_no_file(name)
    source = clock.of_file(name, hashlib.sha256(data).hexdigest(), modified)
    return Attachment(source, data, problem=problem, advice=advice)


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
    """Why a file of that name is not read, '' where it is."""
    name = name.lower()
    return SYSTEM_FILE if name in _IGNORED_NAMES or _IGNORED.fullmatch(name) else ""


def why_no_file(name: str) -> tuple[str, str]:
    """What a file of that name is instead of the one that was meant, and what to do; '' where it may be one."""
    return _NO_FILES.get(os.path.splitext(name.lower())[1], ("", ""))  # noqa: PTH122  a name is no path

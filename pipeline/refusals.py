"""Why the system does not let a file be read or written, in words a clerk can act on; and which books are open."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import OutputError


@dataclass(frozen=True)
class Refusal:
    """What the system said, and what is to be done, both as parts of a Chinese sentence."""

    why: str
    advice: str


_AGAIN = "，再运行一次"
OPEN = Refusal("正在另一个程序中打开", f"请在 Excel、WPS 等程序中关闭它{_AGAIN}")
READ_ONLY = Refusal("设置成了只读", f"请在它的“属性”里去掉“只读”{_AGAIN}")
TOO_LONG = Refusal("名称或路径过长", f"请缩短文件夹和文件的名称，或把整个文件夹移到上级层次少的位置{_AGAIN}")
FULL = Refusal("磁盘空间不足", f"请清理磁盘{_AGAIN}")
READ_ONLY_DISK = Refusal("磁盘是只读的", f"请把整个文件夹复制到可以写入的磁盘{_AGAIN}")
NO_RIGHTS = Refusal("没有权限", f"请核对它的权限，如果它正在 Excel 或 WPS 中打开，请关闭{_AGAIN}")
NOT_THERE = Refusal("文件或文件夹不存在", f"请核对它的位置{_AGAIN}")
NO_FOLDER = Refusal("上级不是文件夹", f"请把同名的文件移走或改名{_AGAIN}")
A_FOLDER = Refusal("是文件夹，不是文件", f"请把同名的文件夹移走或改名{_AGAIN}")
UNREACHABLE = Refusal("连不上它所在的网络位置或磁盘", f"请核对网络和磁盘{_AGAIN}")
UNKNOWN = Refusal("系统拒绝", f"请核对它的位置、权限和磁盘{_AGAIN}")

_BY_ERRNO = {
    errno.EACCES: NO_RIGHTS,
    errno.EPERM: NO_RIGHTS,
    errno.EBUSY: OPEN,
    errno.ETXTBSY: OPEN,
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY_DISK,
    errno.ENOENT: NOT_THERE,
    errno.ENOTDIR: NO_FOLDER,
    errno.EEXIST: NO_FOLDER,
    errno.EISDIR: A_FOLDER,
    errno.ENAMETOOLONG: TOO_LONG,
    errno.EIO: UNREACHABLE,
    errno.ESTALE: UNREACHABLE,
}
_BY_WINERROR = {
    19: READ_ONLY_DISK,  # ERROR_WRITE_PROTECT
    32: OPEN,  # ERROR_SHARING_VIOLATION
    33: OPEN,  # ERROR_LOCK_VIOLATION
    39: FULL,  # ERROR_HANDLE_DISK_FULL
    112: FULL,  # ERROR_DISK_FULL
    1295: FULL,  # ERROR_DISK_QUOTA_EXCEEDED
    206: TOO_LONG,  # ERROR_FILENAME_EXCED_RANGE
    21: UNREACHABLE,  # ERROR_NOT_READY
    53: UNREACHABLE,  # ERROR_BAD_NETPATH
    59: UNREACHABLE,  # ERROR_UNEXP_NET_ERR
    64: UNREACHABLE,  # ERROR_NETNAME_DELETED
    67: UNREACHABLE,  # ERROR_BAD_NET_NAME
    121: UNREACHABLE,  # ERROR_SEM_TIMEOUT
    1231: UNREACHABLE,  # ERROR_NETWORK_UNREACHABLE
}
"""What Windows tells more finely than by errno."""

_MAX_FOLDER_CHARS = 247
"""Beyond this length of a folder's path Windows reports a file as missing when its path is too long."""

PATIENCE, _PAUSE = 1.0, 0.05
_BLOCKED = (errno.EACCES, errno.EPERM, errno.EBUSY)


def refusal(error: OSError, path: Path) -> Refusal:
    """Why the system refused to read or write that file."""
    code = getattr(error, "winerror", None) or 0
    found = _BY_WINERROR.get(code) or _BY_ERRNO.get(error.errno or 0, UNKNOWN)
    if found is NOT_THERE and sys.platform == "win32" and len(str(path.absolute())) > _MAX_FOLDER_CHARS:
        return TOO_LONG
    return _closer(path) if found is NO_RIGHTS else found


def _closer(path: Path) -> Refusal:
    """Why it is not permitted: of a file that is not to be replaced the system says the same, whatever the reason."""
    if path.is_file() and not os.access(path, os.W_OK):
        return READ_ONLY
    return OPEN if sys.platform == "win32" and _held(path) else NO_RIGHTS


def patiently(change: Callable[[], object]) -> None:
    """Makes a change to a folder; what a virus scanner or a sync client blocks for a moment is tried again for a second."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            change()
        except OSError as e:
            if e.errno not in _BLOCKED or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


# -- open books -------------------------------------------------------------------------------------------------------


def ensure_closed(path: Path) -> None:
    """OutputError where the book is open in Excel, WPS or LibreOffice: what is typed into it would be lost."""
    if sys.platform == "win32":
        # What lies beside it may have been left by a program that broke down; the system knows.
        if _held(path):
            raise OutputError(f"“{path}”正在打开，没有写入任何文件；请保存并关闭后再运行一次。")
    elif lock := next((lock for lock in _locks(path) if lock.exists()), None):
        raise OutputError(
            f"“{path}”正在打开，没有写入任何文件；请保存并关闭后再运行一次。（确已关闭的，请删除“{lock}”。）"
        )


def _held(path: Path) -> bool:
    """Whether a program on Windows, here or across a network, keeps the file from being replaced."""
    try:
        patiently(lambda: os.rename(path, path))  # noqa: PTH104  opening it to write does not say why it cannot be
    except OSError as e:
        return _BY_WINERROR.get(getattr(e, "winerror", None) or 0) is OPEN
    return False


def _locks(path: Path) -> list[Path]:
    """The files that tell that a book is open, if they are there.

    Excel puts ~$ before its name, LibreOffice .~lock. with a # behind, WPS .~, in place of the first one or two characters.
    """
    names = [f".~lock.{path.name}#", *(f"{mark}{path.name[cut:]}" for mark in ("~$", ".~") for cut in range(3))]
    return [path.with_name(name) for name in names]

"""Standard output as whoever reads it can show it: Chinese without question marks, colours where there are colours.

colorama asks Windows for colours in the same two calls; the encoding, which is most of this, no library sets.
"""

from __future__ import annotations

import os
import sys
from typing import TextIO

_SAMPLE = "汇"
_GBK = ("gbk", "cp936", "gb2312")


def prepare() -> bool | None:
    """Makes both streams take every Chinese text; gives whether there may be colours, None where that hangs on the stream."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # as in a program without a window
            stream.reconfigure(encoding=_encoding(stream), errors="replace")  # type: ignore[union-attr]
    return False if os.environ.get("NO_COLOR") or not _understands_colours() else None


def _encoding(stream: TextIO) -> str:
    """The stream's own encoding where that has Chinese, all of it: GBK lacks signs and rare names that GB 18030 adds."""
    encoding = (stream.encoding or "").lower()
    if encoding in _GBK:
        return "gb18030"
    try:
        _SAMPLE.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return "utf-8"
    return encoding


if sys.platform == "win32":
    import ctypes

    _OUTPUT, _VIRTUAL_TERMINAL = -11, 4

    def _understands_colours() -> bool:
        """Whether the window takes escape sequences for what they are, which it has to be asked for."""
        kernel, mode = ctypes.WinDLL("kernel32"), ctypes.c_ulong()
        window = ctypes.c_void_p(kernel.GetStdHandle(_OUTPUT))
        known = kernel.GetConsoleMode(window, ctypes.byref(mode))
        return bool(known and kernel.SetConsoleMode(window, mode.value | _VIRTUAL_TERMINAL))

else:

    def _understands_colours() -> bool:
        return os.environ.get("TERM") != "dumb"

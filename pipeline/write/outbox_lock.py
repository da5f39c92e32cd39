"""One run at a time: a lock in the output folder that the system lets go when its process ends, however it ends.

The library filelock leaves its file behind on POSIX, which a folder for staff should not hold.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import OutputError
from pipeline.refusals import refusal
from pipeline.write.files import sweep

_LOCK = ".lock"
_REOPENS = 9


@contextmanager
def outbox_lock(outbox: Path) -> Iterator[None]:
    """No other run writes into the outbox meanwhile; OutputError where one does, or where nothing can be written.

    What a run that was killed has left half written is cleared away first. The lock file goes at the end; one that a
    killed run leaves behind holds nobody up.
    """
    new = not outbox.exists()
    lock = _locked(outbox)
    try:
        for folder in [*outbox.glob("*/*/"), *outbox.glob("*/")]:  # the deeper ones first: their folder goes too
            sweep(folder)
        yield
    finally:
        _let_go(lock, outbox / _LOCK)
        if new:
            with suppress(OSError):
                outbox.rmdir()


def _locked(outbox: Path) -> BinaryIO:
    """The lock file, opened and held."""
    path = outbox / _LOCK
    for _ in range(_REOPENS):
        try:
            outbox.mkdir(parents=True, exist_ok=True)
            lock = path.open("ab")
        except OSError as e:
            raise _refused(outbox, e) from None
        try:
            _hold(lock.fileno())
            if os.path.samestat(os.fstat(lock.fileno()), path.stat()):
                return lock
        except FileNotFoundError:
            pass  # the run before has ended and removed it between our opening and locking it
        except BlockingIOError:
            lock.close()
            break
        except OSError as e:
            lock.close()
            raise _refused(outbox, e) from None
        lock.close()
    raise OutputError(f"另一次运行正在写“{outbox}”，本次没有写入任何文件；请等它结束后再运行一次。")


def _refused(outbox: Path, error: OSError) -> OutputError:
    refused = refusal(error, outbox)
    return OutputError(f"输出文件夹“{outbox}”不能写入（{refused.why}），没有写入任何文件；{refused.advice}。")


if sys.platform == "win32":
    import msvcrt

    def _hold(file: int) -> None:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            raise BlockingIOError from None

    def _let_go(lock: BinaryIO, path: Path) -> None:
        lock.close()  # Windows removes no open file, this run's or the next one's
        with suppress(OSError):
            path.unlink()

else:
    import fcntl

    def _hold(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _let_go(lock: BinaryIO, path: Path) -> None:
        with suppress(OSError):
            path.unlink()  # while it is held: what the next run opens then is another file, and it sees that
        lock.close()

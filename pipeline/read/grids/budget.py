"""What the containers of one file may unpack to, and the members that come out of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

MAX_DEPTH = 5
MAX_MEMBERS = 2_000
MAX_MEMBER = 100 * 2**20
MAX_TOTAL = 400 * 2**20


class RefusedError(Exception):
    """A container that is not opened, or not read to its end; the text says why."""


@dataclass
class Budget:
    """What may still be unpacked, one for all containers that lie in each other."""

    members: int = MAX_MEMBERS
    bytes: int = MAX_TOTAL

    def count(self, left: int) -> None:
        """Takes one member; RefusedError, with how many are `left`, where there were too many."""
        if self.members <= 0:
            raise RefusedError(f"里面的文件超过{MAX_MEMBERS}个，其余{left}个没有读取")
        self.members -= 1

    def refuses(self, size: int) -> str:
        """Why a member of that size is not unpacked, '' where it is."""
        if size > MAX_MEMBER:
            return f"解压后超过{MAX_MEMBER >> 20}MB"
        return f"连同前面的文件，解压后超过{MAX_TOTAL >> 20}MB，没有读取" if size > self.bytes else ""

    def take(self, size: int) -> None:
        """Takes what was unpacked."""
        self.bytes -= size


@dataclass(frozen=True)
class Member:
    """A file in a container: its bytes, or why there are none and what to do. `moment` is its own time in an archive.

    `times` are the times at which its mail says that it came, the most telling first. `quoted`: it is a text in which
    somebody else's stands again.
    """

    name: str
    data: bytes = b""
    ignored: str = ""
    problem: str = ""
    advice: str = ""
    moment: tuple[int, ...] = ()
    times: tuple[dt.datetime, ...] = ()
    subject: str = ""
    quoted: bool = False

"""What does not fit one sheet: Excel's rows end, so the rest stands on further sheets of the same name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SHEET_ROWS = 1_048_576
"""The rows of an Excel sheet."""


@dataclass(frozen=True)
class Page:
    """A sheet that holds the lines from `start` up to `stop`."""

    name: str
    start: int
    stop: int


def pages(name: str, lines: int, above: int, below: int = 0) -> list[Page]:
    """The sheets for so many lines, with so many rows above and below them: 差异清单, 差异清单（2） …."""
    room = SHEET_ROWS - above - below
    count = max(1, -(-lines // room))
    names = [name, *(f"{name}（{i}）" for i in range(2, count + 1))]
    return [Page(page, i * room, min(lines, (i + 1) * room)) for i, page in enumerate(names)]


def page_note(of: Sequence[Page], lines: int) -> str:
    """What the first sheet says of the others, '' where it holds all."""
    return f"共{lines}行，分在{len(of)}张工作表中：{'、'.join(p.name for p in of)}" if len(of) > 1 else ""

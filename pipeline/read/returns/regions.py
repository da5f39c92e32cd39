"""Where the tables of a sheet begin and end: from which row on captions are theirs, and before which row their rows end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Grid
from pipeline.model.frozen import frozen
from pipeline.read.returns.caption_labels import PERIOD, UNIT
from pipeline.read.returns.captions import above, is_data
from pipeline.read.returns.fields import Annex1Header
from pipeline.read.returns.header import Annex2Header
from pipeline.read.returns.months import only_time


@frozen
class Region:
    """An Annex 1 table: from row `start` on its captions stand, before row `stop` its rows end.

    In the rows `again` its header is printed again.
    """

    header: Annex1Header
    start: int
    stop: int
    again: frozenset[int] = frozenset()


def regions(grid: Grid, headers: Sequence[Annex1Header], others: Sequence[Annex2Header]) -> list[Region]:
    """The Annex 1 tables of a grid. A header that is printed again, with nothing said above it, is no new table."""
    found: list[Region] = []
    every: list[Annex1Header | Annex2Header] = [*headers, *others]
    tops, ends = sorted({h.top for h in every}), [h.bottom for h in every]
    for header in headers:
        stop = next((t for t in tops if t > header.top), len(grid.rows))
        start = _behind_data(grid, max((e + 1 for e in ends if e < header.top), default=0), header.top)
        above_it = next((r for r in reversed(found) if r.stop == header.top and _is_again(r.header, header)), None)
        if above_it and not _says_anything(grid, start, header):
            again = above_it.again | frozenset(range(header.top, header.bottom + 1))
            found[found.index(above_it)] = replace(above_it, stop=stop, again=again)
        else:
            found.append(Region(header, start, stop))
    return found


def start_of(grid: Grid, header: Annex2Header, headers: Sequence[Annex1Header | Annex2Header]) -> int:
    """The row from which on the captions of an Annex 2 stand."""
    return _behind_data(grid, max((h.bottom + 1 for h in headers if h.bottom < header.top), default=0), header.top)


def stop_of(grid: Grid, header: Annex2Header, headers: Sequence[Annex1Header | Annex2Header]) -> int:
    """The row before which the rows of an Annex 2 end."""
    return min((h.top for h in headers if h.top > header.top), default=len(grid.rows))


def _behind_data(grid: Grid, start: int, stop: int) -> int:
    """The first row behind those of the table above."""
    return next((r + 1 for r in range(stop - 1, start - 1, -1) if is_data(grid.rows[r])), start) if start else 0


def _is_again(one: Annex1Header, other: Annex1Header) -> bool:
    return one.within == other.within and dict(one.labels) == dict(other.labels)


def _says_anything(grid: Grid, start: int, header: Annex1Header) -> bool:
    """Whether a unit, a time or a title stands between two headers, so that the second one begins another table."""
    said = above(grid, start, header.top).within(header.within)
    if any(c.what in (UNIT, PERIOD) and c.value is not None for c in said.captions):
        return True
    alone = [h for h in said.headings if len(grid.rows[h.row]) - grid.rows[h.row].count(None) == 1]
    return any(h.is_title or only_time(h.text) is not None for h in alone)

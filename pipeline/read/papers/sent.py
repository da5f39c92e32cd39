"""What has been sent up: the copies that staff keep in 已上报."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from pipeline.county import County
from pipeline.model import Grid, Month, Sent
from pipeline.read.grids.book import read_book, unread_book
from pipeline.read.grids.inbox import why_ignored
from pipeline.read.grids.kinds import kind_of
from pipeline.read.returns.captions import captions
from pipeline.read.returns.header import UNIT_COLUMNS, annex1_headers
from pipeline.read.returns.months import named_month
from pipeline.read.returns.values import figure
from pipeline.read.text import plain, squeeze

FOLDER = "已上报"
_SHEET = "汇总表"


def read_sent(outbox: Path, county: County, period: Month) -> tuple[list[Sent], list[str]]:
    """The newest copy sent up of each month until that one, by month; and a sentence for each that cannot be read."""
    copies: dict[Month, tuple[float, str, Sent]] = {}
    refused = []
    for month in county.months_until(period):
        folder = outbox / str(month) / FOLDER
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if not path.is_file() or why_ignored(path.name):
                continue
            name = path.relative_to(outbox).as_posix()
            sent = read_summary(path, name, month)
            if sent is None:
                refused.append(f"“{name}”读不出汇总表，更正说明没有与它核对。")
            elif sent.month <= period:
                this = (path.stat().st_mtime, name, sent)
                copies[sent.month] = max(copies.get(sent.month, this), this, key=lambda c: c[:2])
    return [copies[m][2] for m in sorted(copies)], refused


def read_summary(path: Path, name: str, month: Month) -> Sent | None:
    """What a county workbook says, None where there is none or it cannot be read."""
    try:
        data = path.read_bytes()
        grids = read_book(unread_book(data, kind_of(data))).grids
        grid = next(g for g in grids if g.sheet == _SHEET)
        return replace(_sent(grid, name, month), sha256=hashlib.sha256(data).hexdigest())
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001  what readers raise is open-ended, and calamine's panics are no Exceptions
        return None


def _sent(grid: Grid, name: str, month: Month) -> Sent:
    """The figures of a 汇总表; the month is the one it names, else its folder's."""
    header = annex1_headers(grid)[0]
    units = next(c for c, text in header.others.items() if UNIT_COLUMNS.fullmatch(text))
    named = (named_month(c.value) for c in captions(grid, 0, header.top) if c.what == "period" and c.value is not None)
    stated = next((Month(n.year, n.month) for n in named if n and n.year), month)
    rows = {squeeze(plain(row[units])): row for row in grid.rows[header.bottom + 1 :] if row[units] is not None}
    return Sent(
        stated,
        name,
        {unit: {key: figure(key, row[c], "").value for key, c in header.columns.items()} for unit, row in rows.items()},
    )

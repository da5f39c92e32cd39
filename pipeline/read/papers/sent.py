"""What has been sent up: the copies that staff keep in 已上报."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from pipeline.county import County
from pipeline.model import Grid, Month, Sent
from pipeline.read.grids.book import pending_book, read_book
from pipeline.read.grids.inbox import why_ignored
from pipeline.read.grids.kinds import kind_of
from pipeline.read.papers.summary import read_summary
from pipeline.read.returns.names import Names
from pipeline.sheets import SUMMARY

FOLDER = "已上报"


def read_sent(outbox: Path, county: County, period: Month) -> tuple[list[Sent], list[str]]:
    """The newest copy sent up of each month until that one, by month; and a sentence for each that cannot be read."""
    names = Names(county)
    copies: dict[Month, tuple[float, str, Sent]] = {}
    refused = []
    for month in county.months_until(period):
        folder = outbox / str(month) / FOLDER
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if not path.is_file() or why_ignored(path.name):
                continue
            name = path.relative_to(outbox).as_posix()
            sent = _read_summary(path, name, month, county, names)
            if sent is None:
                refused.append(f"“{name}”读不出汇总表，更正说明没有与它核对。")
            elif sent.month <= period:
                this = (path.stat().st_mtime, name, sent)
                copies[sent.month] = max(copies.get(sent.month, this), this, key=lambda c: c[:2])
    return [copies[m][2] for m in sorted(copies)], refused


def _read_summary(path: Path, name: str, month: Month, county: County, names: Names) -> Sent | None:
    """What a county workbook says, None where there is none or it cannot be read."""
    try:
        data = path.read_bytes()
        grids = read_book(pending_book(data, kind_of(data))).grids
        grid = next(g for g in grids if g.sheet == SUMMARY)
        return replace(_sent(grid, name, month, county, names), sha256=hashlib.sha256(data).hexdigest())
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001  what readers raise is open-ended, and calamine's panics are no Exceptions
        return None


def _sent(grid: Grid, name: str, month: Month, county: County, names: Names) -> Sent:
    """The figures of a 汇总表 by the names its units have now; the month is the one it names, else its folder's."""
    summary = read_summary(grid, county.forms, month)
    stated = summary.month or month
    units = ((names.called_now(text, stated), figures) for text, figures in summary.units.items())
    return Sent(stated, name, {unit: {key: f.value for key, f in figures.items()} for unit, figures in units})

"""What stands above a table: 单位：…, 统计时间：…, and the title lines."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model import Grid, Unresolved
from pipeline.read.text import plain, squeeze
from schemas import COLUMNS

_UNIT = r"(?:填报|报送|上报|填表|呈报|汇报|报告|编报)?单位(?:名称|全称)?"
_PERIOD = r"(?:统计|报告|报表|所属|数据|填报|报送)?(?:时段|期间|所属期|所属月份|月份|月度|年月|期别|周期)|统计时间|报告期|所属时间|数据时间|时间"
_OTHER = r"填表人|填报人|制表人?|审核人?|负责人|单位负责人|主要负责人|联系人|联系电话|电话|填报日期|填报时间|填表日期|填表时间|报送日期|报送时间|上报日期|上报时间|报出日期|日期|计量单位|附件|备注|说明|注"
_SEAL = r"(?:\((?:盖章|公章|签章|章|加盖公章)\)|盖章|公章)?"
_LABEL = re.compile(rf"(?:(?P<other>{_OTHER})|(?P<unit>{_UNIT})|(?P<period>{_PERIOD})){_SEAL}(?P<colon>:|$)")
_MEASURES = {c.measure for c in COLUMNS if c.measure}
_ONLY_MEASURES = re.compile(f"[{''.join(sorted(_MEASURES))}、,，/]*")


@dataclass(frozen=True)
class Caption:
    """A labelled value: what it is (unit, period, other), the value as it stands in its cell, and the cell."""

    what: str
    value: object
    cell: str


def captions(grid: Grid, start: int, stop: int) -> list[Caption]:
    """The labelled values of rows start … stop - 1, the nearest to the table first."""
    found = []
    for r in range(stop - 1, start - 1, -1):
        for c, value in enumerate(grid.rows[r]):
            if isinstance(value, str):
                found += list(_in_cell(grid, r, c, value))
    return found


def titles(grid: Grid, start: int, stop: int) -> list[tuple[str, str]]:
    """The texts of those rows that carry no label, with their cells, the nearest to the table first."""
    return [
        (value, grid.address(r, c))
        for r in range(stop - 1, start - 1, -1)
        for c, value in enumerate(grid.rows[r])
        if isinstance(value, str) and not isinstance(value, Unresolved) and not _LABEL.match(squeeze(value))
    ]


def starts_with_label(text: str) -> bool:
    """Whether a text begins with a label that stands around tables, not in them (单位：, 填表人：, 注：)."""
    return bool(_LABEL.match(squeeze(text)))


def _in_cell(grid: Grid, r: int, c: int, text: str) -> Iterator[Caption]:
    spelled = squeeze(text)
    labels = list(_LABEL.finditer(spelled))
    # A bare word is a label only where it is the whole cell: 单位 | 城关镇.
    labels = [m for m in labels if m["colon"] == ":" or m.span() == (0, len(spelled))]
    ends = [*(m.start() for m in labels[1:]), len(spelled)]
    for m, end in zip(labels, ends, strict=False):
        what = "other" if m["other"] else "unit" if m["unit"] else "period"
        value: object = spelled[m.end() : end]
        at = c
        if not value and end == len(spelled):
            at, value = _beside(grid, r, c)
        if what == "unit" and _ONLY_MEASURES.fullmatch(squeeze(plain(value))):
            value = None  # 单位：件、次 tells the measure
        yield Caption(what, None if isinstance(value, Unresolved) else value or None, grid.address(r, at))


def _beside(grid: Grid, r: int, c: int) -> tuple[int, object]:
    """The next filled cell to the right, unless it is a label itself."""
    for at in range(c + 1, len(grid.rows[r])):
        value = grid.rows[r][at]
        if value is None:
            continue
        if isinstance(value, str) and _LABEL.match(squeeze(value)):
            break
        if isinstance(value, str | int | float | dt.date) and not isinstance(value, bool):
            return at, value
        break
    return c, None

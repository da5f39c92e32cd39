"""What stands above a table: 单位：…, 统计时间：…, and the title lines."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import Grid, Line, Unresolved, address, once
from pipeline.read.text import squeeze
from schemas import COLUMNS

_UNIT = r"(?:填报|报送|上报|填表|呈报|汇报|报告|编报)?单位(?:名称|全称)?"
_PERIOD = r"(?:统计|报告|报表|所属|数据|填报|报送)?(?:时段|期间|所属期|所属月份|月份|月度|年月|期别|周期)|统计时间|报告期|所属时间|数据时间|时间"
_OTHER = (
    r"(?:分管|主管|主要|单位)?(?:领导|负责人)(?:签字|签章|签名)?|(?:填表|填报|制表|审核|复核|审批|经办|联系|统计|报送|录入|校对)(?:人员?|单位负责人)"
    r"|制表|审核|复核|经办|联络员|统计员|联系电话|联系方式|联系手机|电话|手机号?码?|座机|传真|邮箱|电子邮箱"
    r"|(?:填报|填表|报送|上报|制表|报出)?(?:日期)|(?:填报|填表|报送|上报|制表|报出)时间|计量单位|附件|备注|说明|自检|注"
)
_SEAL = r"(?:\((?:盖章|公章|签章|章|加盖公章)\)|盖章|公章)?"
_LABEL = re.compile(rf"(?:(?P<other>{_OTHER})|(?P<unit>{_UNIT})|(?P<period>{_PERIOD})){_SEAL}(?P<colon>:|)")
_FARTHEST = 60
_LONGEST = 400
"""So many rows above a table can say whose it is, and no line of them is longer."""

_MEASURES = {c.measure for c in COLUMNS if c.measure}
_MONTH_BEHIND = re.compile(r"(?:20[0-9]{2}|二[〇零○].{2}年|[0-9]{1,2}月).*$")
_ONLY_MEASURES = re.compile(f"[{''.join(sorted(_MEASURES))}、,，/]*")


@dataclass(frozen=True)
class Caption:
    """A labelled value: what it is (unit, period, other), the value as it stands in its cell, and the cell."""

    what: str
    value: object
    cell: str


def captions(grid: Grid, start: int, stop: int) -> list[Caption]:
    """The labelled values of rows start … stop - 1, the nearest to the table first."""
    return [
        caption
        for r in range(stop - 1, max(start, stop - _FARTHEST) - 1, -1)
        for caption in _captions(grid.rows[r], r + grid.top, grid.left)
    ]


def titles(grid: Grid, start: int, stop: int) -> list[tuple[str, str]]:
    """The texts of those rows that carry no label, with their cells, the nearest to the table first."""
    return [
        title
        for r in range(stop - 1, max(start, stop - _FARTHEST) - 1, -1)
        for title in _titles(grid.rows[r], r + grid.top, grid.left)
    ]


@once
def _captions(line: Line, row: int, left: int) -> tuple[Caption, ...]:
    """Those of a line in that row of the sheet, its first cell in column `left`."""
    return tuple(
        caption
        for c, text in line.texts
        if (labelled := _labelled(text[:_LONGEST]))
        for caption in _in_cell(line, c, labelled, row, left)
    )


@once
def _titles(line: Line, row: int, left: int) -> tuple[tuple[str, str], ...]:
    return tuple([(text[:_LONGEST], address(row, left + c)) for c, text in line.words if not starts_with_label(text)])


@lru_cache(maxsize=2**12)
def starts_with_label(text: str) -> bool:
    """Whether a text begins with a label that stands around tables, not in them (单位：, 填表人：, 注：)."""
    m = _LABEL.match(spelled := squeeze(text))
    return m is not None and bool(m["colon"] or m.end() == len(spelled))


@lru_cache(maxsize=2**12)  # what is printed on a form stands on all of them
def _labelled(text: str) -> tuple[tuple[str, str], ...]:
    """The labels in a text: what each is (unit, period, other), and what stands behind it in the text."""
    spelled = squeeze(text)
    found = _LABEL.finditer(spelled)
    labels = [m for m in found if m["colon"] or m.span() == (0, len(spelled)) or _spaced(m, text)]
    ends = [*(m.start() for m in labels[1:]), len(spelled)]
    return tuple(
        ("other" if m["other"] else "unit" if m["unit"] else "period", spelled[m.end() : end])
        for m, end in zip(labels, ends, strict=False)
    )


def _in_cell(line: Line, c: int, labelled: tuple[tuple[str, str], ...], row: int, left: int) -> Iterator[Caption]:
    """The captions of a cell; the value of its last label may stand in the next one."""
    for n, (what, text) in enumerate(labelled, 1):
        value: object
        at, value = (c, text) if text or n < len(labelled) else _beside(line, c)
        if what == "unit" and isinstance(value, str):
            value, period = _split(squeeze(value))
            if period:
                yield Caption("period", period, address(row, left + at))
        yield Caption(what, None if isinstance(value, Unresolved) else value or None, address(row, left + at))


def _spaced(m: re.Match[str], text: str) -> bool:
    """Whether a label stands without its colon but apart: 填报单位 城关镇, or before a date: 统计时间2023年5月."""
    if m["period"] and len(m["period"]) > 2 and re.match("[0-9二]", m.string[m.end() :]):
        return True
    return m.start() == 0 and len(m[0]) > 2 and squeeze(text.strip().split(maxsplit=1)[0]) == m[0]


def _split(value: str) -> tuple[str | None, str]:
    """A unit's name, and the month that was written behind it in the same cell."""
    if _ONLY_MEASURES.fullmatch(value):
        return None, ""  # 单位：件、次 tells the measure
    m = _MONTH_BEHIND.search(value)
    return (value[: m.start()], m[0]) if m and m.start() else (value, "")


def _beside(line: Line, c: int) -> tuple[int, object]:
    """The next filled cell to the right, unless it is a label itself."""
    for at in range(c + 1, len(line)):
        value = line[at]
        if value is None:
            continue
        if isinstance(value, str) and starts_with_label(value):
            break
        if isinstance(value, str | int | float | dt.date) and not isinstance(value, bool):
            return at, value
        break
    return c, None

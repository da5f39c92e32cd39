"""The program's own sheets, known by what only they have: their mark is lost where they were saved as text or HTML."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.model import Grid, GridRow, cached_on_row
from pipeline.read.text import squeeze

_CAPTION = re.compile(r"实报[0-9]+/[0-9]+,含强制性问题[0-9]+家")
_TOTALS = re.compile(r".{1,4}小计|合计")
_HEADS = (
    {"编号", "级别", "规则", "填报值", "问题描述", "处理建议"},  # 差异清单
    {"文件", "表式", "收到时间", "SHA-256", "处理结果"},  # 来源台账
    {"计入值", "填报值", "来源文件", "SHA-256", "单元格"},  # 数据溯源
    {"序号", "单位", "类别", "姓名", "来源文件"},  # 联络员名单
)
_ANY_HEAD = {"规则", "表式", "计入值", "来源文件"}
"""One of each of them."""

_ROWS = 60
"""Captions and headings stand above."""

_HEAD, _SUMS, _TOTAL = "heading", "caption of 汇总表", "total"


def is_own(grid: Grid) -> bool:
    """Whether the sheet is one of those the program writes."""
    begins = {sign for row in grid.rows[:_ROWS] for sign in _signs(row)}
    return _HEAD in begins or (_SUMS in begins and any(_TOTAL in _signs(row) for row in grid.rows))


@cached_on_row
def _signs(row: GridRow) -> frozenset[str]:
    """What in the row only the program's own sheets have."""
    signs = {_sign(text) for _, text in row.words}
    if _HEAD in signs and not any(heads <= {squeeze(t) for _, t in row.words} for heads in _HEADS):
        signs.remove(_HEAD)
    return frozenset(signs)


@lru_cache(maxsize=2**12)
def _sign(text: str) -> str:
    """What the text may be on one of those sheets, '' where it is nothing of theirs."""
    text = squeeze(text)
    if text in _ANY_HEAD:
        return _HEAD
    return _TOTAL if _TOTALS.fullmatch(text) else _SUMS if _CAPTION.fullmatch(text) else ""

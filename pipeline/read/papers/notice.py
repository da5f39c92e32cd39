"""What a unit wrote on the 退回通知 that it sent back, bound to its line by 编号 and never by its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.model import Explanation, Grid, GridRow, cached_on_row, clean
from pipeline.number import rule_of
from pipeline.read.text import plain, squeeze
from pipeline.sheets import EXPLANATION

_ANSWER = re.compile("情况说明|(?:单位)?(?:说明|回复|答复|反馈|原因)(?:$|\\()")
_BESIDE = ("编号", "序号", "类别", "单元格", "栏目", "填报内容", "问题", "请这样处理")
_MIN_BESIDE = 2
_DASHES = str.maketrans("‐‑–—－−", "------")
_MAX_HEAD_CHARS = 20


def explanations(grids: Sequence[Grid]) -> tuple[Explanation, ...]:
    """The words in the column 情况说明 of every notice there is, on whatever sheet, with the number in the same row."""
    return tuple(one for grid in grids for one in _on_sheet(grid))


def notes_of(explained: Sequence[Explanation]) -> list[str]:
    """The same as 来源台账 keeps it."""
    return [f"{EXPLANATION}（{one.number or '没有编号'}）：{one.text}" for one in explained]


def _on_sheet(grid: Grid) -> Iterator[Explanation]:
    columns: list[int] = []
    for row in grid.rows:
        if len(row.words) > _MIN_BESIDE and (heads := _answer_columns(row)):
            columns = heads
        elif columns and (text := "；".join(filter(None, (_words(row, c) for c in columns)))):
            yield Explanation(_number(row), text)


@cached_on_row
def _answer_columns(row: GridRow) -> list[int]:
    """The columns for a unit's words, where the row is a notice's heading; else []."""
    heads = {c: squeeze(text) for c, text in row.words if len(text) <= _MAX_HEAD_CHARS}
    beside = sum(head.startswith(_BESIDE) for head in heads.values())
    return [c for c, head in heads.items() if _ANSWER.match(head)] if beside >= _MIN_BESIDE else []


def _words(row: GridRow, column: int) -> str:
    return clean(plain(row[column])).strip() if column < len(row) else ""


def _number(row: GridRow) -> str:
    """The number of a line of 差异清单 in that row, '' where there is none; a mistyped one is none."""
    texts = (squeeze(text).translate(_DASHES).upper() for _, text in row.words)
    return next((text for text in texts if rule_of(text)), "")

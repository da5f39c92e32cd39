"""The rows of a form that number its columns or say how each is filled in: no data, though numbers may stand in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from pipeline.model import Figure
from pipeline.read.returns.fields import Fields
from pipeline.read.returns.values import MEASURE_WORDS, chinese_number
from pipeline.read.text import squeeze

_MEASURES = {f"{a}{m}{b}" for m in MEASURE_WORDS for a, b in (("", ""), ("(", ")"))}
_NUMBER = re.compile(r"\(?(?:第|栏|[A-Z])?([0-9]{1,3})\)?[.、栏列]?(?:=[0-9()+-]+)?")
_CHINESE = re.compile("[一二三四五六七八九十]{1,3}")
_LETTER = re.compile("\\(?([A-Za-z])\\)?")
_TO_FILL_IN = re.compile(r"\(?(?:必填项?|选填|非必填|自动(?:计算|生成)?|公式|(?:填)?(?:整数|数字)|是/否|下拉选择)\)?")
"""What forms print below their labels: how a column is filled in."""

_MIN_NUMBERS, _LATEST_START = 4, 6
"""A row of column numbers has at least this many of them, and its first number is at most this."""

_BEGIN = 4
"""Two columns may lack a number: two of the first four have one, or it is no such row."""


def is_numbering(figures: Mapping[str, Figure], fields: Fields) -> bool:
    """Whether the row repeats the measures, (次) (个) …, numbers the columns, 1 2 3 …, A B C … or 一 二 三=1+2 …, or says
    how each is filled in: 必填 …."""
    filed = [(key, text) for key in fields.in_order if (text := figures[key].filed)]
    begin = [n for _, t in filed[:_BEGIN] if (n := _number_in(squeeze(t))) is not None]
    if len(begin) > 1 and begin[0] <= _LATEST_START and _one_by_one(begin):
        least = max(_MIN_NUMBERS, len(fields.columns) - 2)
        numbers = [n for _, t in filed if (n := _number_in(squeeze(t))) is not None]
        return len(numbers) >= least and _one_by_one(numbers)
    if any(t.isdigit() for _, t in filed[:_BEGIN]):
        return False
    return _explains(fields, [(key, squeeze(t)) for key, t in filed])


def _one_by_one(numbers: list[int]) -> bool:
    return all(b - a == 1 for a, b in pairwise(numbers))


def _explains(fields: Fields, filed: list[tuple[str, str]]) -> bool:
    """Whether what stands under the labels are their measures, or says how each is filled in."""
    counts = [t for key, t in filed if fields.form.column[key].kind == "count"]
    measures = _MEASURES | {f"{a}{m}{b}" for m in fields.form.measures for a, b in (("", ""), ("(", ")"))}
    if not measures.isdisjoint(counts) and all(t in measures or t in "-—/" for t in counts):
        return True
    return len(filed) > 1 and all(_TO_FILL_IN.fullmatch(t) for _, t in filed)


def _number_in(text: str) -> int | None:
    """The number of a column as it is printed: 7, (7), 第7栏, 七, G, or 7=8+9 where it is a sum."""
    if m := _NUMBER.fullmatch(text):
        return int(m[1])
    if m := _LETTER.fullmatch(text):
        return ord(m[1].upper()) - ord("A")
    return chinese_number(text) if _CHINESE.fullmatch(text) else None

"""The row 情况说明 of a form: what the unit says of its own figures."""

from __future__ import annotations

import re
from itertools import islice

from pipeline.model import Grid, GridRow, cached_on_row, clean
from pipeline.read.text import plain

_LABEL = re.compile(r"\s*情\s*况\s*说\s*明\s*(?:[（(][^）)]*[）)])?\s*(?:[:：]|$)")


def explanation_under(grid: Grid, first: int, stop: int) -> str:
    """The unit's words in the rows first … stop - 1, '' where there is no such row or nothing stands in it."""
    return next(filter(None, map(_explanation, islice(grid.rows, first, stop))), "")


@cached_on_row
def _explanation(row: GridRow) -> str:
    """What stands behind the label, in its cell or beside it."""
    for c, text in row.words:
        if label := _LABEL.match(text):
            beside = (plain(v) for v in row[c + 1 :] if v is not None)
            return clean("".join(filter(None, (text[label.end() :], *beside)))).strip()
    return ""

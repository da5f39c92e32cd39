"""Delimited text to rows: commas, tabs and the like, as programs of every system export them."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice

from pipeline.read.grids.layout import MAX_ROWS

_NAMES_DELIMITER = re.compile(r'\A\s*"?sep=.{1,2}"?\n', re.I)
_DELIMITERS = "\t,;|"
_MAX_FIELD_CHARS = 2**22
_EXPRESSION = re.compile(r'\s*="((?:[^"]|"")*)"\s*')
"""How a program exports a text that Excel shall not take for anything else: ="3"."""

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def read_delimited(text: str) -> list[list[object]]:
    """The rows of the text's one table; the delimiter is the one that gives the widest rows."""
    csv.field_size_limit(_MAX_FIELD_CHARS)
    # A csv reader takes a lone carriage return, which Macs and labels write, for the end of everything.
    text = _NAMES_DELIMITER.sub("", _LINE_ENDS.sub("\n", text))
    read = [list(islice(csv.reader(io.StringIO(text), delimiter=d), MAX_ROWS)) for d in _DELIMITERS]
    widths = [sum(len(row) - 1 for row in rows) for rows in read]
    return [[_value(cell) for cell in row] for row in read[widths.index(max(widths))]]


def _value(cell: str) -> str:
    """A cell as it is seen."""
    shown = _EXPRESSION.fullmatch(cell) if "=" in cell else None
    return shown[1].replace('""', '"') if shown else cell

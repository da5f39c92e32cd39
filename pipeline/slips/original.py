"""The unit's own workbook, where it can be sent back to it: nobody else's return is in it, and nothing in it reaches outside."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from html import unescape
from pathlib import Path

from pipeline.county import County
from pipeline.model import Attachment, Contacts, Return, Source
from pipeline.read.attachment import read_attachment
from pipeline.read.grids.inbox import pick_up
from pipeline.read.grids.kinds import kind_of
from pipeline.read.grids.passwords import unlocked
from pipeline.read.grids.unpack import leaves
from pipeline.read.returns.names import Names

_HIDES = re.compile(
    rb"""\s(?:(?:hidden|zeroHeight|state)=["'][^"']*|(?:ht|width|defaultRowHeight|defaultColWidth)=["']0(?:\.0*)?)["']"""
)
_SHEETS = re.compile(r"xl[/\\](?:workbook|worksheets[/\\][^/\\]+)\.xml", re.I)
_REACHES_OUT = re.compile(r"xl[/\\](?:externalLinks|queryTables|connections\.xml|webextensions)", re.I)
_FORMULA = re.compile(r"<(?:\w+:)?(?:f|formula[12]?|definedName)\b[^>]*>([^<]*)<")
_OUTSIDE = re.compile(
    r"""\[[^\]]+\][^'"\[\]!(),;+*/&<>=]*'?!|\b(?:WEBSERVICE|RTD|CALL|REGISTER\.ID|IMAGE)\(|\|'|https?:|\\\\""", re.I
)
"""Another book ([1]表!A1, '[a.xls]表'!A1, a path), a service, a program (DDE: excel|'…'!…)."""


def original(inbox: Path, filed: Return, county: County, names: Names) -> bytes | None:
    """The workbook that was read, None where it is gone, has changed, cannot be kept by openpyxl or must not travel."""
    data = _bytes(inbox, filed.source)
    if (
        data is None
        or kind_of(data) != "xlsx"
        or reaches_out(data)
        or (filed.book is None and _holds_others(data, filed, county, names))
    ):
        return None
    return data


def _bytes(inbox: Path, source: Source) -> bytes | None:
    inside = leaves(pick_up(inbox, source.outermost))
    data = next((a.data for a in inside if a.source.path == source.path and a.source.sha256 == source.sha256), None)
    return unlocked(data) if data is not None and kind_of(data) == "encrypted" else data


def reaches_out(data: bytes) -> bool:
    """Whether a formula, a rule or a name in the workbook takes something from outside it."""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        if any(_REACHES_OUT.match(name) for name in z.namelist()):
            return True
        parts = (z.read(name).decode("utf-8", "replace") for name in z.namelist() if _SHEETS.fullmatch(name))
        return any(_OUTSIDE.search(unescape(m[1])) for part in parts for m in _FORMULA.finditer(part))


def _holds_others(data: bytes, filed: Return, county: County, names: Names) -> bool:
    """Whether anybody else's table stands in the workbook, on hidden sheets, rows and columns too."""
    shown = Attachment(replace(filed.source, subjects=()), _unhidden(data))
    return any(_is_anothers(table, filed.unit) for table in read_attachment(shown, county, names).tables)


def _is_anothers(table: Return | Contacts, unit: str) -> bool:
    return table.unit != unit and bool(table.unit or table.unit_stated.text)


def _unhidden(data: bytes) -> bytes:
    """The workbook with all its sheets, rows and columns to be seen."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as z, zipfile.ZipFile(out, "w") as bare:
        for info in z.infolist():
            part = z.read(info)
            bare.writestr(info.filename, _HIDES.sub(b"", part) if _SHEETS.fullmatch(info.filename) else part)
    return out.getvalue()

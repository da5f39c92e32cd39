"""What a clerk and a unit do between runs: answer a slip, set a status, look up a line."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl

from pipeline.model import Finding, Month
from pipeline.run import Done, Job, run
from pipeline.sheets import NOTICE
from pipeline.write import ledger_path
from tests.builders import MAY, TODAY
from tests.inboxes import SMALL


def consolidated(root: Path, month: Month = MAY, today: dt.date = TODAY) -> Done:
    (root / "inbox").mkdir(exist_ok=True)
    (root / "county.toml").write_text(SMALL, encoding="utf-8")
    return run(Job(root / "inbox", root / "outbox", root / "county.toml", today, month))


def slips(done: Done) -> dict[str, bytes]:
    """The slips by their units."""
    return {path.name.partition("_")[0]: path.read_bytes() for path in done.slips}


def notice_rows(data: bytes) -> list[dict[str, object]]:
    """The rows of a slip's notice by their headings."""
    rows = sheet_of(io.BytesIO(data), NOTICE)
    at = next(i for i, row in enumerate(rows) if "编号" in row)
    return [dict(zip(map(str, rows[at]), row, strict=True)) for row in rows[at + 1 :] if isinstance(row[0], int)]


def with_words(data: bytes, words: str, rule: str, change: Callable[[Any], None] = lambda book: None) -> bytes:
    """The slip with a unit's words beside the lines of that rule, saved; `change`: what else was done to the book."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[NOTICE]
    heads = {str(c.value): c.column for row in sheet.iter_rows() for c in row if c.value}
    answered = [row for row in sheet.iter_rows() if any(str(c.value or "").startswith(f"{rule}-") for c in row)]
    assert answered
    for row in answered:
        sheet.cell(row[0].row, heads["情况说明（请填写）"]).value = words
    change(book)
    return saved(book)


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def set_status(root: Path, rule: str, unit: str = "张家塬镇", month: Month = MAY, **cells: str) -> None:
    """Types into the office's list, in the line of that rule and unit that is not closed."""
    path = ledger_path(root / "outbox", month)
    book = openpyxl.load_workbook(path)
    sheet = book["差异清单"]
    heads = {str(c.value): c.column for c in sheet[2]}
    at = {h: heads[h] - 1 for h in ("规则", "单位", "状态")}
    (row,) = (
        r
        for r in sheet.iter_rows(min_row=3)
        if (r[at["规则"]].value, r[at["单位"]].value) == (rule, unit) and r[at["状态"]].value != "已销号"
    )
    for head, text in cells.items():
        row[heads[head] - 1].value = text
    book.save(path)


def lines_under(done: Done, rule: str, unit: str = "张家塬镇") -> list[tuple[str, str, str]]:
    """Status, staff's words and the unit's words of the lines of that rule and unit."""
    return [(f.status, f.note, f.explanation) for f in _lines(done, rule, unit)]


def _lines(done: Done, rule: str, unit: str) -> Iterator[Finding]:
    return (f for f in done.month.findings if (f.rule, f.unit) == (rule, unit))


def sheet_of(book: Path | io.BytesIO, name: str, *, stored: bool = False) -> list[tuple[Any, ...]]:
    """The values of one sheet, row by row; `stored`: of formulas their results. No other sheet is read."""
    opened = openpyxl.load_workbook(book, read_only=True, data_only=stored)
    rows = [tuple(row) for row in opened[name].iter_rows(values_only=True)]
    opened.close()
    return rows


def line_in(path: Path, rule: str, unit: str = "张家塬镇") -> dict[str, object]:
    """The line of a 差异清单 by its headings."""
    head, *rows = sheet_of(path, "差异清单")[1:]
    found = (dict(zip(map(str, head), row, strict=True)) for row in rows)
    return next(line for line in found if (line["规则"], line["单位"]) == (rule, unit))

"""The proof: the finished workbooks are read again, and every figure and every total is held against 数据溯源.

Nothing of what the writer meant to write is used: only what stands in the bytes counts, as their reader will see it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from python_calamine import CalamineWorkbook

from pipeline.errors import ProofError
from pipeline.model import Grid, GridRow
from pipeline.read.returns.fields import Fields
from pipeline.read.returns.header import annex1_headers
from pipeline.read.text import plain
from pipeline.rules import first_of
from pipeline.sheets import SUMMARY, TOTAL, TRACE
from pipeline.write.table import UNIT, is_subtotal
from schemas.form import Form

Origins = dict[tuple[str, str], object]
"""What 数据溯源 says that each unit's field counts as."""


def prove(form: Form, county_book: bytes, office_book: bytes) -> None:
    """Adds 汇总表 and the county's own form up again from 数据溯源; ProofError with the first cell that differs."""
    county = CalamineWorkbook.from_filelike(io.BytesIO(county_book))
    origins = _origins(form, CalamineWorkbook.from_filelike(io.BytesIO(office_book)))
    summary, own = _table(form, county, SUMMARY), _table(form, county, form.annex)
    left, part, whole = dict(origins), list[str](), list[str]()
    for row in range(summary.fields.header.bottom + 1, len(summary.grid.rows)):
        name = summary.name(row)
        if is_subtotal(name) or name == TOTAL:
            units = whole if name == TOTAL else part
            _must_be(form, summary, row, {key: _total(form, origins, units, key) for key in form.keys})
            part = []
        else:
            _must_be(form, summary, row, {key: left.pop((name, key), "") for key in form.keys})
            part.append(name)
            whole.append(name)
        if name == TOTAL:
            break
    if left:
        raise ProofError(
            f"写出前核对未通过：“{SUMMARY}”中找不到{'、'.join(sorted({u for u, _ in left}))}的数字；{_STOPPED}"
        )
    _must_be(form, own, own.fields.header.bottom + 1, {key: _total(form, origins, whole, key) for key in form.counts})


_STOPPED = "没有写入任何文件，请把收件夹和本提示交给程序维护人员。"


@dataclass(frozen=True)
class _Table:
    """A sheet with Annex 1's columns, as it is stored."""

    sheet: str
    grid: Grid
    fields: Fields

    def name(self, row: int) -> str:
        """The name of a row; that of a total begins one column further left."""
        cells = self.grid.rows[row]
        return str(cells[UNIT] or cells[0])


def _table(form: Form, book: CalamineWorkbook, sheet: str) -> _Table:
    grid = Grid(sheet, [GridRow(row) for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)])
    header = annex1_headers(grid, (form,))[0]
    return _Table(sheet, grid, header.fitted(form, None, 0, 0))


def _must_be(form: Form, table: _Table, row: int, expected: Mapping[str, object]) -> None:
    for key, value in expected.items():
        column = table.fields.columns[key]
        there = table.grid.rows[row][column]
        if not _same(there, value):
            where = f"“{table.sheet}”{table.grid.address(row, column)}（{form.column[key].label}）"
            raise ProofError(
                f"写出前核对未通过：{where}为“{plain(there)}”，按“{TRACE}”应为“{plain(value)}”；{_STOPPED}"
            )


def _same(one: object, other: object) -> bool:
    """Whether two values are the same in the digits that a sheet keeps."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return f"{one:.{_DIGITS}g}" == f"{other:.{_DIGITS}g}"
    return one == other


_DIGITS = 15


def _total(form: Form, origins: Origins, units: Sequence[str], key: str) -> object:
    values = [origins.get((unit, key), "") for unit in units]
    if form.column[key].kind == "yes_no":
        return f"{values.count('是')}/{len(units)}"
    return sum(v for v in values if isinstance(v, int | float))


def _origins(form: Form, book: CalamineWorkbook) -> Origins:
    keys = {(form.group_of[c.key].label, c.label): c.key for c in form.columns}
    found: Origins = {}
    for path, group, label, value in _traced(book):
        where = first_of(str(path)), keys[str(group), str(label)]
        parts = found.get(where)
        # A county's figure is the sum of its units'.
        found[where] = parts + value if isinstance(parts, float) and isinstance(value, float) else value
    return found


def _traced(book: CalamineWorkbook) -> Iterator[tuple[object, object, object, object]]:
    """Unit, group, label and value of every row of 数据溯源, however many sheets it takes."""
    for sheet in book.sheet_names:
        if sheet.startswith(TRACE):
            rows = iter(book.get_sheet_by_name(sheet).to_python())
            heads = next(rows)
            at = [heads.index(head) for head in ("单位", "栏目", "指标", "计入值")]
            for row in rows:
                unit, group, label, value = (row[c] for c in at)
                yield unit, group, label, value

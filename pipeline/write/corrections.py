"""更正说明: the county's totals that have changed, then every figure that is no longer what was sent up, and its cause."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.county import County
from pipeline.model import Correction, CountyMonth, Month, Value
from pipeline.sheets import CORRECTIONS, TOTAL
from pipeline.write.book import Book
from schemas.columns import shown

_PRINTED = 8
"""Columns printed, from the first."""

COLUMNS = (
    ("统计时间", 10.5), ("单位", 12.0), ("栏目", 16.0), ("指标", 20.0), ("原上报数", 9.0), ("更正后", 9.0), ("差额", 8.0),
    ("依据文件", 48.0), ("单元格", 9.0), ("原上报文件", 40.0),
)  # fmt: skip
_HEADER, _FIRST = 1, 2
_CENTRED = range(4, 7)
_GONE = "原报表已移出收件夹"
_LATER, _ALL_COLUMNS = "补报", "各栏"


def write_corrections(book: Book, month: CountyMonth, county: County) -> None:
    """Writes the sheet, where there is something to say."""
    if not month.corrections and not month.changed_totals:
        return
    widths = [width for _, width in COLUMNS]
    sheet = book.sheet(CORRECTIONS, widths, repeat=(_HEADER, _HEADER))
    book.title(sheet, _PRINTED - 1, "已上报数字更正说明")
    book.row(sheet, _HEADER, [name for name, _ in COLUMNS], "head")
    rows = [*_totals(month, county), *_figures(month, county)]
    for i, (values, look) in enumerate(rows, _FIRST):
        book.row(sheet, i, values, "text", widths[:_PRINTED])
        for column in range(_CENTRED.stop) if look == "total" else _CENTRED:
            book.put(sheet, i, column, values[column], look)
    sheet.autofilter(_HEADER, 0, _HEADER + len(rows), len(COLUMNS) - 1)
    sheet.print_area(0, 0, _HEADER + len(rows), _PRINTED - 1)
    sheet.freeze_panes(_FIRST, 2)


def _totals(month: CountyMonth, county: County) -> Iterator[tuple[list[object], str]]:
    for t in month.changed_totals:
        form = county.form(t.month)
        about = [form.group_of[t.key].label, form.column[t.key].label]
        yield [t.month.zh, TOTAL, *about, t.old, t.new, t.new - t.old, "", "", t.sent], "total"


def _figures(month: CountyMonth, county: County) -> Iterator[tuple[list[object], str]]:
    """A row for each figure; of a return that came after all was sent up one for all of it."""
    of_return: dict[tuple[Month, str, str], list[Correction]] = {}
    for c in month.corrections:
        of_return.setdefault((c.month, c.unit, c.sent), []).append(c)
    for (of, unit, sent), corrections in of_return.items():
        form, first = county.form(of), corrections[0]
        if first.file and len(corrections) > 1 and all(c.old is None for c in corrections):
            yield [of.zh, unit, _LATER, _ALL_COLUMNS, "未报", "已报", None, first.file, "", sent], "centre"
            continue
        for c in corrections:
            column, group = form.column[c.key], form.group_of[c.key]
            difference = (c.new or 0) - (c.old or 0) if column.kind == "count" else None
            values = [of.zh, unit, group.label, column.label, _shown(c.old), _shown(c.new), difference]
            yield [*values, c.file or _GONE, c.cell, sent], "centre"


def _shown(value: Value) -> int | str:
    found = shown(value)
    return "空白" if found is None else found

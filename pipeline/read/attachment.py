"""One file of the inbox to a reading: whatever is in it, it costs its own line and nothing else."""

from __future__ import annotations

from pipeline.county import County
from pipeline.mark import COUNTY, LEDGER, mark_of
from pipeline.model import Attachment, Contacts, Grid, Reading, Return, Source
from pipeline.read.annex1 import annex1_returns, is_blank
from pipeline.read.annex2 import annex2_contacts
from pipeline.read.book import read_book
from pipeline.read.header import Annex1Header, Annex2Header, annex1_headers, annex2_headers
from pipeline.read.kinds import kind_of
from pipeline.read.names import Names
from pipeline.read.place import Place, around_file, unit_around

_SPREADSHEETS = ("xlsx", "xls", "ods", "xlsb")
_BROKEN = {
    "empty": ("文件是空的（0字节）", ""),
    "encrypted": ("文件设有打开密码", "请取消打开密码，另存为 .xlsx 后重新报送。"),
    "zip": (
        "压缩包或损坏的文件，不能直接读取",
        "请把压缩包中的表格文件解压出来放入收件夹；如果是表格打不开，请另存为 .xlsx 后重新报送。",
    ),
    "docx": ("是 Word 文档，不是表格", "请把表格填入原 Excel 表式后重新报送。"),
    "doc": ("是 Word 文档，不是表格", "请把表格填入原 Excel 表式后重新报送。"),
}
_UNKNOWN = ("文件已损坏，或不是能读取的表格格式", "")


def read_attachment(attachment: Attachment, county: County, names: Names) -> Reading:
    """What the file holds: its tables, or the rule it breaks and why."""
    source = attachment.source
    if attachment.ignored:
        return Reading(source, ignored=attachment.ignored)
    if attachment.problem:
        return _unread(source, names, attachment.problem)
    kind = kind_of(attachment.data)
    if kind in ("pdf", "picture"):
        return Reading(source, rule="FILE-3", detail="只有扫描件或图片，没有表格", unit=_unit(source, names))
    if kind not in _SPREADSHEETS:
        return _unread(source, names, *_BROKEN.get(kind, _UNKNOWN))
    if kind == "xlsx" and mark_of(attachment.data) in (COUNTY, LEDGER):
        return Reading(source, ignored="本程序生成的文件")
    return _read_spreadsheet(attachment, kind, county, names)


def _read_spreadsheet(attachment: Attachment, kind: str, county: County, names: Names) -> Reading:
    source = attachment.source
    try:
        book = read_book(attachment.data, kind)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001  calamine's panics are no Exceptions
        return _unread(source, names, *_UNKNOWN)
    tables = [t for grid in book.grids for t in _tables(Place(source, grid.sheet, county, names), grid)]
    tables = _without_templates(tables)
    if not tables:
        detail = "；".join(("未找到附件1或附件2的表头", *book.notes))
        return Reading(source, rule="FILE-2", detail=detail, unit=_unit(source, names), notes=book.notes)
    return Reading(source, tuple(_with_neighbour(t, tables) for t in tables), notes=book.notes)


def _tables(place: Place, grid: Grid) -> list[Return | Contacts]:
    """The sheet's tables from above; each one's captions begin where the one before ends."""
    headers: list[Annex1Header | Annex2Header] = [*annex1_headers(grid), *annex2_headers(grid)]
    headers.sort(key=lambda h: h.top)
    stops = [*(h.top for h in headers[1:]), len(grid.rows)]
    starts = [0, *(h.bottom + 1 for h in headers)]
    found: list[Return | Contacts] = []
    for header, start, stop in zip(headers, starts, stops, strict=False):
        if isinstance(header, Annex1Header):
            found += annex1_returns(place, grid, header, start, stop)
        else:
            found.append(annex2_contacts(place, grid, header, start, stop))
    return found


def _without_templates(tables: list[Return | Contacts]) -> list[Return | Contacts]:
    """The tables without the empty forms of months to come that stand beside a filled one in the same book."""
    filled = [t for t in tables if isinstance(t, Return) and not is_blank(t)]
    if not filled:
        return tables
    return [
        t
        for t in tables
        if not isinstance(t, Return) or not is_blank(t) or (t.month is not None and t.month <= t.source.due_month)
    ]


def _with_neighbour(table: Return | Contacts, tables: list[Return | Contacts]) -> Return | Contacts:
    """An Annex 2 that names no unit belongs to the one unit whose Annex 1 stands in the same book."""
    units = {t.unit: t for t in tables if isinstance(t, Return)}
    if not isinstance(table, Contacts) or table.unit_stated.origin == "form" or len(units) != 1:
        return table
    ((unit, filed),) = units.items()
    return Contacts(table.source, table.sheet, unit, filed.unit_stated, table.people, table.units_in_name)


def _unread(source: Source, names: Names, detail: str, advice: str = "") -> Reading:
    return Reading(source, rule="FILE-1", detail=detail, advice=advice, unit=_unit(source, names))


def _unit(source: Source, names: Names) -> str:
    return unit_around(names, around_file(source), source.due_month)[0]

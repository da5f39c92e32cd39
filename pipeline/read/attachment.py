"""One file to a reading: whatever is in it, it costs its own line and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pipeline.mark import ANSWERED, RECORD, mark_of
from pipeline.model import Attachment, Contacts, Grid, Reading, Return, Source
from pipeline.read.grids.book import Unread, read_book, unread_book
from pipeline.read.grids.kinds import kind_of
from pipeline.read.grids.layout import Book, TooLargeError
from pipeline.read.grids.passwords import unlocked
from pipeline.read.grids.tables import read_tables
from pipeline.read.papers.own import explanations, is_own
from pipeline.read.returns.annex1 import annex1_returns, is_blank
from pipeline.read.returns.annex2 import annex2_contacts, nobody
from pipeline.read.returns.header import Annex1Header, Annex2Header, annex1_headers, annex2_headers
from pipeline.read.returns.names import Names
from pipeline.read.returns.place import Place, around_file, unit_around
from pipeline.roster import Roster

SPREADSHEETS = ("xlsx", "xls", "xlsb", "ods", "fods", "biff", "spreadsheetml")
DOCUMENTS = ("docx", "html", "text")
SCANS = ("pdf", "picture")

_SAVE_AS = "请用 Excel 或 WPS 打开后另存为 .xlsx，重新报送。"
_UNPACK = "请不要压缩，直接发送表格文件（.xlsx）。"
_NO_WORD = "请把数字填入原 Excel 表式，存为 .xlsx 后重新报送。"
UNREADABLE = {
    "empty": ("是空文件（0字节）", "请核对后重新发送原文件。"),
    "encrypted": ("设有打开密码", "请取消打开密码后重新报送。"),
    "doc": ("是旧版 Word 文档，不能读取", _NO_WORD),
    "rtf": ("是 RTF 文档，不能读取", _NO_WORD),
    "odt": ("是 OpenDocument 文档，不是表格", _NO_WORD),
    "tnef": (
        "是 Outlook 专用格式的附件（winmail.dat），不能读取",
        "请把表格（.xlsx）作为普通附件重新发送，或在 Outlook 中另存附件后放入收件夹。",
    ),
    "msg": ("是 Outlook 邮件，不能读取", "请把邮件中的附件另存出来，单独放入收件夹。"),
    "rar": ("是 RAR 压缩包，不能读取", _UNPACK),
    "7z": ("是 7z 压缩包，不能读取", _UNPACK),
    "gz": ("是 gz 压缩包，不能读取", _UNPACK),
    "ole": ("已损坏，或不是表格", _SAVE_AS),
    "large": ("表格范围过大，超出任何报表的需要", "请把报表部分复制到新的工作簿，存为 .xlsx 后重新报送。"),
    "other": ("已损坏，或不是能读取的表格格式", _SAVE_AS),
}
_OWN_SHEETS = ({"汇总表", "差异清单", "报送情况"}, {"差异清单", "来源台账", "数据溯源"})
"""By these the office's own older outputs are known where their mark was lost."""

_OUR_FAULT = "请把该文件交给程序维护人员，并请该单位按原表式重新报送。"
_SPREADSHEET_NAME = re.compile(r"\.(?:xlsx?|xlsm|xlsb|xlt|et|ett|f?ods|csv|eml)$", re.I)
_OWN, _LARGE = "own", "large"

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True)
class Document:
    """A file that is no spreadsheet, but may hold tables."""

    data: bytes
    kind: str


Seen = Unread | Document | str
"""What is to be read, or the one word for what the file is instead; '' where nobody needs to look."""


def read_attachment(attachment: Attachment, county: Roster, names: Names) -> Reading:
    """What the file holds: its tables, or the rule it breaks and why. It raises for nothing that a file can hold."""
    try:
        return read_opened(attachment, opened(seen(attachment)), county, names)
    except MemoryError:
        return _told(attachment.source, _LARGE, names)


def seen(attachment: Attachment) -> Seen:
    """The first step of reading a file: what it is. Like the others it raises a MemoryError and nothing else."""
    return _tried(_look, attachment)


def opened(found: Seen) -> Book | str:
    """The second step: its tables, or the one word for what it is instead."""
    return _tried(_book, found)


def read_opened(attachment: Attachment, book: Book | str, county: Roster, names: Names) -> Reading:
    """The last step: what its tables are."""
    source = attachment.source
    if attachment.ignored:
        return Reading(source, ignored=attachment.ignored)
    if attachment.empty:
        return Reading(source, rule="FILE-2", detail=attachment.empty, quiet=True)
    if attachment.problem:
        return unread(source, names, attachment.problem, attachment.advice)
    if not isinstance(book, Book):
        return _told(source, book, names)
    try:
        return _recognised(source, book, county, names)
    except MemoryError:
        raise
    except Exception as e:  # noqa: BLE001  our own fault: it costs the file its line, and says so
        return unread(source, names, f"程序未能处理（{type(e).__name__}）", _OUR_FAULT)


def _tried(step: Callable[[S], T], of: S) -> T | str:
    """What a step gives, or the one word for the file that is in its way."""
    try:
        return step(of)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except (RecursionError, TooLargeError):
        return _LARGE
    except BaseException:  # noqa: BLE001  what hostile bytes raise is open-ended, and calamine's panics are no Exceptions
        return "other"


def unread(source: Source, names: Names, detail: str, advice: str = "") -> Reading:
    """The reading of a file that cannot be read; its unit comes from its name."""
    return Reading(source, rule="FILE-1", detail=detail, advice=advice, unit=_unit(source, names))


def _look(attachment: Attachment) -> Seen:
    if attachment.ignored or attachment.empty or attachment.problem:
        return ""
    data, kind = attachment.data, attachment.kind or kind_of(attachment.data)
    if kind == "encrypted" and (plain := unlocked(data)) is not None:
        # What was unlocked in place still says in its head that it is locked.
        data, kind = plain, {"encrypted": "xls"}.get(found := kind_of(plain), found)
    if kind in SPREADSHEETS:
        return _OWN if mark_of(data) not in ("", *ANSWERED) else unread_book(data, kind)
    if kind == "text" and mark_of(data) == RECORD:
        return _OWN
    return Document(data, kind) if kind in DOCUMENTS else kind


def _book(found: Seen) -> Book | str:
    if isinstance(found, Unread):
        return read_book(found)
    return read_tables(found.data, found.kind) if isinstance(found, Document) else found


def _told(source: Source, kind: str, names: Names) -> Reading:
    if kind == _OWN:
        return Reading(source, ignored="本程序生成的文件")
    if kind in SCANS:
        return Reading(source, rule="FILE-3", detail="只有扫描件或图片，没有表格", unit=_unit(source, names))
    return unread(source, names, *UNREADABLE.get(kind, UNREADABLE["other"]))


def _recognised(source: Source, book: Book, county: Roster, names: Names) -> Reading:
    sheets = {grid.sheet for grid in book.grids}
    if any(own <= sheets for own in _OWN_SHEETS):
        return _told(source, _OWN, names)
    grids = [grid for grid in book.grids if not is_own(grid)]
    tables = [t for grid in grids for t in _tables(Place(source, grid.sheet, county, names), grid)]
    # A unit may have put a copy of 汇总表 beside its own form.
    if len(grids) < len(book.grids) and (book.document or not tables):
        return _told(source, _OWN, names)
    tables = _without_templates(tables)
    if tables:
        notes = (*explanations(book.grids), *book.notes)
        return Reading(source, tuple([_with_neighbour(t, tables) for t in tables]), notes=notes)
    # A letter or a note is no form gone wrong; a spreadsheet, or what is named like one, may be.
    quiet = book.document and not _SPREADSHEET_NAME.search(source.name)
    detail = "不是附件1或附件2（找不到表头）"
    return Reading(source, rule="FILE-2", detail=detail, unit=_unit(source, names), notes=book.notes, quiet=quiet)


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
            found += annex2_contacts(place, grid, header, start, stop)
    return found


def _without_templates(tables: list[Return | Contacts]) -> list[Return | Contacts]:
    """The tables without the empty forms that stand beside a filled one in the same book.

    Empty forms of months that are over count where no form of that month is filled: the unit may have had nothing to tell.
    """
    if len(tables) < 2:
        return tables
    filled = [t for t in tables if isinstance(t, Return) and not is_blank(t)]
    lists = [t for t in tables if isinstance(t, Contacts) and not nobody(t)]
    told = {(t.unit, t.month) for t in filled}

    def template(t: Return | Contacts) -> bool:
        if isinstance(t, Contacts):
            return nobody(t) and bool(filled or lists)
        over = t.unit and t.month is not None and t.month <= t.source.due_month
        return is_blank(t) and bool(filled) and (not over or (t.unit, t.month) in told)

    return [t for t in tables if not template(t)]


def _with_neighbour(table: Return | Contacts, tables: list[Return | Contacts]) -> Return | Contacts:
    """An Annex 2 that names no unit belongs to the one unit whose Annex 1 stands in the same book."""
    if not isinstance(table, Contacts) or table.unit_stated.origin == "form":
        return table
    units = {t.unit: t for t in tables if isinstance(t, Return)}
    if len(units) != 1:
        return table
    ((unit, filed),) = units.items()
    return Contacts(table.source, table.sheet, unit, filed.unit_stated, table.people, table.units_in_name)


def _unit(source: Source, names: Names) -> str:
    return unit_around(names, around_file(source), source.due_month)[0]

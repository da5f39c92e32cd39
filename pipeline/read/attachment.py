"""One file to a reading: whatever is in it, it costs its own line and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from pipeline.model import Attachment, Contacts, Reading, Return, Source
from pipeline.model.frozen import frozen
from pipeline.output_marker import ANSWERED, COUNTY, RECORD, marker_of
from pipeline.read.grids.book import PendingBook, pending_book, read_book
from pipeline.read.grids.inbox import SYSTEM_FILE
from pipeline.read.grids.kinds import DOCUMENTS, SPREADSHEETS, kind_of
from pipeline.read.grids.layout import Book, TooLargeError
from pipeline.read.grids.passwords import unlocked
from pipeline.read.grids.pictures import holds_photo
from pipeline.read.grids.tables import read_tables
from pipeline.read.grids.volumes import is_volume
from pipeline.read.papers.county_book import county_book, is_county_book
from pipeline.read.papers.narratives import narrative
from pipeline.read.papers.notice import explanations, notes_of
from pipeline.read.papers.own import is_own
from pipeline.read.returns.annex2 import nobody
from pipeline.read.returns.claims import around_file
from pipeline.read.returns.names import Names
from pipeline.read.returns.recognise import tables_of
from pipeline.read.returns.unit_claims import unit_around
from pipeline.read.unreadable import UNREADABLE
from pipeline.roster import Roster
from pipeline.sheets import DISCREPANCIES, REPORTING, SOURCES, SUMMARY, TRACE
from schemas.contacts import ANNEX

_PHOTO = "picture"
SCANS = ("pdf", _PHOTO)
_SYSTEM = "system"

_OWN_SHEETS = ({SUMMARY, DISCREPANCIES, REPORTING}, {DISCREPANCIES, SOURCES, TRACE})
"""By these the office's own older outputs are known where their mark was lost."""

_PARTS = ("other", "scrambled", "rar", "7z")
"""What one of the files of a split archive may look like."""

_ANSWER = "退回通知的回复，没有报表"
_QUOTED = "邮件中引用的空白表，不是报来的"
_OUR_FAULT = "请把该文件交给程序维护人员，并请该单位按原表式重新报送。"
_SPREADSHEET_NAME = re.compile(r"\.(?:xlsx?|xlsm|xlsb|xlt|et|ett|f?ods|csv|eml)$", re.I)
_OWN, _LARGE = "own", "large"

S = TypeVar("S")
T = TypeVar("T")


@frozen
class Document:
    """A file that is no spreadsheet, but may hold tables."""

    data: bytes
    kind: str


Seen = PendingBook | Document | str
"""What is to be read, or the one word for what the file is instead; '' where nobody needs to look."""


def read_attachment(attachment: Attachment, county: Roster, names: Names) -> Reading:
    """What the file holds: its tables, or the rule it breaks and why. It raises for nothing that a file can hold."""
    try:
        return read_opened(attachment, opened(seen(attachment)), county, names)
    except MemoryError:
        return _told(attachment.source, _LARGE, county, names)


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
        return _told(source, book, county, names)
    try:
        return _recognised(attachment, book, county, names)
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
        mark = marker_of(data)
        if mark == COUNTY:
            return replace(pending_book(data, kind), sent_up=True)
        return _OWN if mark not in ("", *ANSWERED) else pending_book(data, kind)
    if kind == "text" and marker_of(data) == RECORD:
        return _OWN
    return Document(data, kind) if kind in DOCUMENTS else kind


def _book(found: Seen) -> Book | str:
    if isinstance(found, PendingBook):
        return read_book(found)
    return read_tables(found.data, found.kind) if isinstance(found, Document) else found


def _told(source: Source, kind: str, county: Roster, names: Names) -> Reading:
    if kind == _OWN:
        return Reading(source, ignored="本程序生成的文件")
    if kind == _SYSTEM:
        return Reading(source, ignored=SYSTEM_FILE)
    if is_volume(source.name) and kind in _PARTS:
        kind = "volume"
    if kind != _PHOTO and (report := narrative(source, kind, (), county, names)):
        return report
    if kind in SCANS:
        return Reading(source, rule="FILE-3", detail="只有扫描件或图片，没有表格", unit=_unit(source, names))
    return unread(source, names, *UNREADABLE.get(kind, UNREADABLE["other"]))


def _recognised(attachment: Attachment, book: Book, county: Roster, names: Names) -> Reading:
    source = attachment.source
    sheets = {grid.sheet for grid in book.grids}
    explained = explanations(book.grids)
    if book.sent_up or any(own <= sheets for own in _OWN_SHEETS):
        if is_county_book(book.grids, county) and (found := county_book(source, book.grids, county, names)):
            all_notes = (*notes_of(explained), *book.notes, *found.notes)
            return replace(found, notes=all_notes, explanations=explained) if found.tables else found
        return _told(source, _OWN, county, names)
    grids = [grid for grid in book.grids if not is_own(grid)]
    tables, notes = tables_of(source, grids, county, names)
    # A unit may have put a copy of 汇总表 beside its own form.
    if len(grids) < len(book.grids) and (book.document or not tables):
        return _told(source, _OWN, county, names)
    if attachment.quoted and tables and all(map(_is_unfilled, tables)):
        return Reading(source, ignored=_QUOTED, notes=book.notes)
    all_notes = (*notes_of(explained), *book.notes, *notes)
    if tables:
        return Reading(source, tables, notes=all_notes, explanations=explained)
    return replace(_without_form(attachment, book, county, names), notes=all_notes, explanations=explained)


def _without_form(attachment: Attachment, book: Book, county: Roster, names: Names) -> Reading:
    source = attachment.source
    if explanations(book.grids):  # the notice alone came back: an answer, and no form gone wrong
        return Reading(source, rule="FILE-2", detail=_ANSWER, quiet=True)
    if book.document and (report := narrative(source, "docx", book.grids, county, names)):
        return report
    if instead := book.instead or (_PHOTO if book.nearly_empty and holds_photo(attachment.data) else ""):
        return _told(source, instead, county, names)
    # A letter or a note is no form gone wrong; a spreadsheet, or what is named like one, may be.
    quiet = book.document and not _SPREADSHEET_NAME.search(source.name)
    detail = f"不是{county.forms.declared.annex}或{ANNEX}（找不到表头）"
    return Reading(source, rule="FILE-2", detail=detail, unit=_unit(source, names), quiet=quiet)


def _is_unfilled(table: Return | Contacts) -> bool:
    return table.is_blank if isinstance(table, Return) else nobody(table)


def _unit(source: Source, names: Names) -> str:
    return unit_around(names, around_file(source), source.due_month)[0]

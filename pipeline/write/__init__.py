"""Writing: the county's month as the two workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from pipeline import mark
from pipeline.county import County
from pipeline.model import CountyMonth, Month
from pipeline.write.about import write_about
from pipeline.write.book import Book
from pipeline.write.calls import write_calls
from pipeline.write.contacts import write_contacts
from pipeline.write.discrepancies import lines, write_discrepancies
from pipeline.write.files import file_name, replace_all
from pipeline.write.own_form import write_own_form
from pipeline.write.phones import FULL
from pipeline.write.reporting import write_reporting
from pipeline.write.sources import write_ledger, write_origins
from pipeline.write.summary import write_summary


def write(
    month: CountyMonth, county: County, outbox: Path, beside: Mapping[str, bytes | None] = MappingProxyType({})
) -> list[Path]:
    """Writes the month's workbooks and gives their paths; the office's own is replaced last, after all `beside` it."""
    ledger = ledger_path(outbox, month.month)
    first, last = {county_file(month, county): county_book(month, county)}, {ledger.name: office_book(month, county)}
    sent_up, *_, office = replace_all(ledger.parent, {**first, **beside, **last})
    return [sent_up, office]


def county_file(month: CountyMonth, county: County) -> str:
    """The name of the workbook that is sent up."""
    return file_name(f"{county.name}{county.title}工作开展情况数据统计汇总表（{month.month.zh}）") + ".xlsx"


def ledger_path(outbox: Path, month: Month) -> Path:
    """Where the workbook of that month stands that stays in the office."""
    return outbox / str(month) / f"{mark.LEDGER}（{month.zh}）.xlsx"


def county_book(month: CountyMonth, county: County) -> bytes:
    """The workbook that is sent up."""
    title = f"{county.name}{county.title}汇总表（{month.month.zh}）"
    book = Book(mark.COUNTY, title, county.county.office, month.today)
    write_summary(book, month, county, lines(month.findings))
    write_own_form(book, month, county)
    write_discrepancies(book, month, county.report.phones)
    write_reporting(book, month)
    write_contacts(book, month, county.report.phones)
    write_about(book, month, county)
    return book.close()


def office_book(month: CountyMonth, county: County) -> bytes:
    """The workbook that stays in the office."""
    book = Book(mark.LEDGER, f"{mark.LEDGER}（{month.month.zh}）", county.county.office, month.today)
    write_calls(book, month, county)
    write_discrepancies(book, month, FULL, staff=True)
    write_contacts(book, month, FULL)
    write_ledger(book, month)
    write_origins(book, month)
    return book.close()

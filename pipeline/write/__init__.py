"""Writing: the county's month as the two workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline import output_marker
from pipeline.county import County
from pipeline.model import CountyMonth, Month
from pipeline.phones import FULL
from pipeline.write.about import write_about
from pipeline.write.book import Book
from pipeline.write.calls import write_calls
from pipeline.write.contacts import write_contacts
from pipeline.write.corrections import write_corrections
from pipeline.write.discrepancies import lines, write_discrepancies
from pipeline.write.files import file_name, replace_all
from pipeline.write.notices import write_notices
from pipeline.write.own_form import write_own_form
from pipeline.write.reporting import write_reporting
from pipeline.write.sources import write_sources, write_trace
from pipeline.write.summary import write_summary
from pipeline.write.trend import write_trend


def books(month: CountyMonth, county: County) -> dict[str, bytes]:
    """The month's two workbooks by their names: the one that is sent up, and the office's own."""
    sent_up, office = county_book(month, county), office_book(month, county)
    return {county_file(month.month, county): sent_up, ledger_name(month.month): office}


def place(
    folder: Path, workbooks: Mapping[str, bytes], beside: Mapping[str, bytes | None], read: Mapping[str, str]
) -> list[Path]:
    """Puts the workbooks into the month's folder and gives their paths; the office's own comes last, after all `beside`.

    `read` holds the SHA-256 of files as they were read, '' where there was none.
    """
    (sent_up, first), (office, last) = workbooks.items()
    replace_all(folder, {sent_up: first, **beside, office: last}, read)
    return [folder / name for name in workbooks]


def county_file(month: Month, county: County) -> str:
    """The name of the workbook that is sent up."""
    return file_name(f"{county.name}{county.title}{county.form(month).summary}（{month.zh}）") + ".xlsx"


def ledger_path(outbox: Path, month: Month) -> Path:
    """Where the workbook of that month stands that stays in the office."""
    return outbox / str(month) / ledger_name(month)


def ledger_name(month: Month) -> str:
    """Its name."""
    return f"{output_marker.LEDGER}（{month.zh}）.xlsx"


def county_book(month: CountyMonth, county: County) -> bytes:
    """The workbook that is sent up."""
    title = f"{county.name}{county.title}汇总表（{month.month.zh}）"
    book = Book(output_marker.COUNTY, title, county.county.office, month.today, county.report.phones)
    write_summary(book, month, county, lines(month.sent_up))
    write_own_form(book, month, county)
    write_discrepancies(book, month)
    write_reporting(book, month)
    write_trend(book, month)
    write_contacts(book, month, county.report.phones)
    write_corrections(book, month, county)
    write_about(book, month, county)
    return book.close()


def office_book(month: CountyMonth, county: County) -> bytes:
    """The workbook that stays in the office."""
    book = Book(output_marker.LEDGER, f"{output_marker.LEDGER}（{month.month.zh}）", county.county.office, month.today)
    write_calls(book, month, county)
    write_notices(book, month, county)
    write_discrepancies(book, month, staff=True)
    write_contacts(book, month, FULL)
    write_sources(book, month)
    write_trace(book, month)
    return book.close()

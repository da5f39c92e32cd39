"""联络员名单: Annex 2 of all units, one row per person."""

from __future__ import annotations

from pipeline.model import CountyMonth
from pipeline.phones import OMIT, shown
from pipeline.sheets import CONTACTS
from pipeline.write.book import Book
from schemas.contacts import ANNEX, CONTACT_COLUMNS, ROLES, TITLE

_HEADER = 1
_WIDTHS = {"name": 14, "post": 36, "phone": 24}


def write_contacts(book: Book, month: CountyMonth, phones: str) -> None:
    """Writes the sheet, phones as `phones` says; a unit without a list has a row that says so."""
    columns = [c for c in CONTACT_COLUMNS if not (c.key == "phone" and phones == OMIT)]
    heads = ["序号", "单位", "类别", *(c.label for c in columns), "来源文件"]
    widths = [6, 18, 12, *(_WIDTHS[c.key] for c in columns), 34]
    sheet = book.sheet(CONTACTS, widths, repeat=(_HEADER, _HEADER))
    book.title(sheet, len(heads) - 1, TITLE)
    book.row(sheet, _HEADER, heads, "head")
    lists = {one.unit: one for one in month.contacts}
    at = _HEADER + 1
    for number, row in enumerate(month.rows, 1):
        one = lists.get(row.unit)
        if one is None:
            book.row(sheet, at, [number, row.unit, f"未报{ANNEX}", *[""] * len(columns), ""], "centre", widths)
            at += 1
            continue
        for person in one.people:
            values = {"name": person.name, "post": person.post, "phone": shown(person.phone, phones)}
            book.row(
                sheet,
                at,
                [number, row.unit, ROLES[person.role], *(values[c.key] for c in columns), one.file],
                "centre",
                widths,
            )
            at += 1
    sheet.freeze_panes(_HEADER + 1, 2)

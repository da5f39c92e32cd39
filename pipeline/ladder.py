"""What a county's workbook adds up to."""

from __future__ import annotations

from pipeline.model import BookRow, CountyBook, Return


def adds_up(filed: Return, key: str) -> bool:
    """Whether the rows of a county's units add up to its 合计, and that is what its Annex 1 says."""
    book = filed.book
    return book is not None and sum_of(book, key) == value_in(book.total, key) == int(filed.value(key) or 0)


def sum_of(book: CountyBook, key: str) -> int:
    """The sum of a field over the county's units."""
    return sum(value_in(row, key) for row in book.rows)


def value_in(row: BookRow, key: str) -> int:
    """What a field counts as in a row."""
    figure = row.figures.get(key)
    return int(figure.value or 0) if figure else 0

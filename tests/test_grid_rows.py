"""Rows of sheets: what many forms have in common is one line, and what was found out about it is known again."""

from __future__ import annotations

import datetime as dt
from itertools import zip_longest

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import GridRow, Unresolved, cached_on_row
from pipeline.read.grids.layout import MAX_COLUMNS, BookBuilder
from pipeline.read.text import MAX_TEXT, fold
from tests.builders import annex1, read
from tests.fuzz import flat_ods

texts = st.text(st.sampled_from("单位：城关镇 　\n\u200b1"), max_size=6) | st.sampled_from(["长" * 100, "长" * 3_000])
cells = st.none() | texts | texts.map(Unresolved) | st.integers(-2, 2) | st.floats(-2, 2) | st.booleans()
cells |= st.sampled_from([dt.datetime(2023, 5, 1), dt.date(2023, 5, 1)])


def held(value: object) -> object:
    """A cell as a grid holds it, said in one line."""
    return (type(value)(value[:MAX_TEXT]) if fold(value) else None) if isinstance(value, str) else value


@given(st.lists(st.lists(cells, max_size=5), max_size=6))
def test_a_grid_holds_what_the_reader_gave(rows):
    expected = [[held(v) for v in row] for row in rows]
    while expected and not any(v is not None for v in expected[-1]):
        expected.pop()
    width = max(map(len, expected), default=0)
    expected = [row + [None] * (width - len(row)) for row in expected]
    found = BookBuilder().rows(rows)
    assert [[(type(v), v) for v in row] for row in found] == [[(type(v), v) for v in row] for row in expected]


def test_what_is_printed_on_two_forms_is_one_line_and_what_only_looks_alike_is_not():
    alike = ["1", Unresolved("1"), 1, 1.0, True]
    first, second = (BookBuilder().rows([["单位", v] for v in alike]) for _ in range(2))
    assert all(a is b for a, b in zip_longest(first, second))
    assert len({id(line) for line in first}) == len(alike)
    assert [[type(v) for v in line[1:]] for line in first] == [[type(v)] for v in alike]


def test_a_row_with_a_long_text_is_not_kept_and_no_row_is_longer_than_a_form():
    rows = [["注" * 200, "城关镇"], ["城"] * (MAX_COLUMNS + 1)]
    first, second = BookBuilder().rows(rows), BookBuilder().rows(rows)
    assert first == second
    assert first[0] is not second[0]
    assert len(first[1]) == MAX_COLUMNS


def test_a_fact_is_found_once_for_a_line_as_long_as_it_stands_where_it_stood():
    asked = []

    @cached_on_row
    def place(line: GridRow, row: int) -> tuple[object, int]:
        asked.append(row)
        return line[0], row

    line = GridRow(["城关镇"])
    found = [place(line, row) for row in (0, 0, 3, 3, 0)]
    assert found == [("城关镇", 0)] * 2 + [("城关镇", 3)] * 2 + [("城关镇", 0)]
    assert asked == [0, 3, 0]
    assert place(GridRow(["张家塬镇"]), 0) == ("张家塬镇", 0)


def test_days_that_are_equal_moments_in_other_zones_are_not_taken_for_each_other():
    def form(day: str) -> bytes:
        sheet = annex1(period="")
        sheet.put(2, 13, 99_999)
        number = b'office:value-type="float" office:value="99999"'
        return flat_ods(sheet).replace(number, f'office:value-type="date" office:date-value="{day}"'.encode())

    may, april = "2023-05-01T00:00:00+08:00", "2023-04-30T16:00:00+00:00"
    for days in ((may, april), (april, may)):
        read_one = [read(form(day), "城关镇.fods").tables[0] for day in days]
        assert [str(t.month) for t in read_one] == [day[:7] for day in days]

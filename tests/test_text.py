"""Text from outside is made fit for every place it can go, by one function."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import LOST, clean, clean_name
from pipeline.model.grid import Grid
from pipeline.read.grids.layout import BookBuilder

ANY = st.text(st.characters(exclude_categories=[]), max_size=60)


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("城关镇\t5月\n", "城关镇\t5月\n"),
        ("a\r\nb\rc\x0bd\u2028e", "a\nb\nc\nd\ne"),
        ("a\x00b\x1b[31mc\x7f\x9b", f"a{LOST}b{LOST}[31mc{LOST}{LOST}"),
        ("a\ud800b", f"a{LOST}b"),
        ("\u202d13900001111\u202c", "13900001111"),
        ("\u200e2\u200f", "2"),
        ("a\u202egnp.exe", f"a{LOST}gnp.exe"),
        ("1\u200b2", "1\u200b2"),
    ],
)
def test_what_becomes_of_a_text(text, fit):
    assert clean(text) == fit


@given(ANY)
def test_no_control_character_is_left_and_cleaning_twice_changes_nothing(text):
    fit = clean(text)
    assert not [c for c in fit if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n"]
    assert not set(fit) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert clean(fit) == fit
    fit.encode()


@given(ANY)
def test_a_name_is_one_line_and_parts_nothing(text):
    name = clean_name(text)
    assert len(name) <= 200
    assert not set(name) & set("\n\t\r›")


def test_what_a_sheet_holds_is_clean():
    builder = BookBuilder()
    builder.put(Grid("表\x01", builder.rows([["a\x02", "长\x03" * 200, 1]])))
    builder.note("x\x04")
    book = builder.book()
    (grid,) = book.grids
    assert (grid.sheet, grid.rows[0][0], str(grid.rows[0][1])[:2], book.notes) == (
        f"表{LOST}",
        f"a{LOST}",
        f"长{LOST}",
        (f"x{LOST}",),
    )

"""A short run of the fuzz target; `make fuzz` is the long one."""

from __future__ import annotations

import random

import pytest

from tests.builders import a_county, annex1
from tests.fuzz import biff4, mutated, ods, originals, run_chunk
from tests.test_files import is_as_sent, patched, the_return


def test_damaged_files_are_never_lost():
    files, rng = originals(), random.Random(7)
    outcomes = run_chunk([mutated(rng, files) for _ in range(300)], a_county())
    assert outcomes["表"] > 30
    assert outcomes["FILE-1"] > 30


@pytest.mark.slow
def test_the_originals_are_good():
    for data in originals():
        outcomes = run_chunk([data], a_county())
        assert set(outcomes) == {"表"}, outcomes


def test_excel_4_and_bare_ods():
    assert is_as_sent(the_return(biff4(annex1())))
    assert is_as_sent(the_return(ods(annex1())))


def test_an_ods_that_one_reader_refuses():
    data = patched(ods(annex1()), "content.xml", lambda x: x.replace(b"<table:table-row>", b"<table:table-row>x"))
    assert is_as_sent(the_return(data))


def test_what_lies_under_a_merge_of_an_ods_was_not_filed():
    cell = b'<table:table-cell office:value-type="float" office:value="777">'
    change = lambda x: x.replace(cell, cell.replace(b"table-cell", b"covered-table-cell")).replace(  # noqa: E731
        b"<text:p>777</text:p></table:table-cell>", b"<text:p>777</text:p></table:covered-table-cell>"
    )
    figures = the_return(patched(ods(annex1(press=777)), "content.xml", change)).figures
    assert (figures["press"].value, figures["new_media"].value) == (None, 12)

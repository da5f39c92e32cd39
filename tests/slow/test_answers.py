"""A slip that a unit answers in another program: LibreOffice saves it as .xlsx, .xls and .ods, and its words are bound."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipeline.model import EXPLAINED
from tests.builders import drop
from tests.office import consolidated, lines_under, slips, with_words
from tests.slow.test_libreoffice import SOFFICE, converted
from tests.test_explanations import ODD, UNIT, WORDS, a_month, came

pytestmark = pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "et"])
def test_words_come_back_through_another_program(tmp_path: Path, kind: str):
    done = a_month(tmp_path, **ODD, batches=0)
    source = tmp_path / "typed" / "回复.xlsx"
    source.parent.mkdir()
    source.write_bytes(with_words(slips(done)[UNIT], WORDS, "SUP-1"))
    path = converted(source, "xls" if kind == "et" else kind, tmp_path)
    drop(tmp_path / "inbox", f"回复.{kind}", path.read_bytes(), came(20))
    done = consolidated(tmp_path)
    assert lines_under(done, "SUP-1", UNIT) == [(EXPLAINED, "", WORDS)]
    assert {f.rule for f in done.month.findings if f.rule.startswith(("FILE", "FORM", "UNIT"))} == set()


def test_another_program_shows_the_same_results_of_a_slip(tmp_path: Path):
    from pipeline.write.form import annex1_form
    from tests.builders import MAY, a_county, a_return

    source = tmp_path / "表.xlsx"
    source.write_bytes(annex1_form(a_county(), UNIT, MAY, a_return(UNIT, petitions_total=12)))
    shown = openpyxl.load_workbook(source, data_only=True)
    again = openpyxl.load_workbook(converted(source, "xlsx", tmp_path / "again"), data_only=True)
    for sheet in shown:
        for row in sheet.iter_rows():
            for cell in row:
                assert (cell.value or None) == (again[sheet.title][cell.coordinate].value or None), cell.coordinate

"""自检 and the rules are one thing said twice: LibreOffice calculates the forms of 1,000 random units, the program judges them."""

from __future__ import annotations

import io
import random
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from pipeline.sheets import REFERENCE
from pipeline.write.calculation import Formula
from pipeline.write.form import caption_addresses
from tests.builders import FORM, cell_of
from tests.histories import COUNTY, Units, a_unit, reference, typed, verdicts
from tests.slow.test_libreoffice import SOFFICE, converted

UNITS, IN_A_BOOK = 1_000, 100
CAPTION = caption_addresses(FORM, COUNTY)[1]
pytestmark = pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")


def forms_of(units: Units) -> bytes:
    """The forms of those units in one book, without any stored results."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for i, (now, earlier) in enumerate(units):
        form, behind = book.add_worksheet(f"F{i}"), book.add_worksheet(f"R{i}")
        ref = reference(now, earlier)
        for key in FORM.keys:
            if (value := typed(now, key)) is not None:
                form.write(cell_of(key), value)
        form.write(CAPTION, "统计时间：2023年5月")
        for cell, formula in (*ref.cells().items(), *zip(("Y1", "Y2"), ref.verdicts(), strict=True)):
            here = str(formula).replace(f"'{FORM.annex}'!", f"'F{i}'!").replace(f"'{REFERENCE}'!", f"'R{i}'!")
            behind.write(cell, f"={here}" if isinstance(formula, Formula) else formula)
    book.close()
    return out.getvalue()


def test_the_formulas_on_the_form_agree_with_the_rules(tmp_path: Path):
    rng = random.Random(5)
    units = [a_unit(rng, f"单位{i}") for i in range(UNITS)]
    judged = verdicts(units)
    for first in range(0, UNITS, IN_A_BOOK):
        some = units[first : first + IN_A_BOOK]
        source = tmp_path / f"typed{first}" / "forms.xlsx"
        source.parent.mkdir()
        source.write_bytes(forms_of(some))
        calculated = openpyxl.load_workbook(converted(source, "xlsx", tmp_path), data_only=True)
        for i, ((now, earlier), expected) in enumerate(zip(some, judged[first:], strict=False)):
            ref, sheet = reference(now, earlier), calculated[f"R{i}"]
            failing = {(c.rule, c.keys) for c, at in zip(ref.checks, ref.results(), strict=True) if sheet[at].value}
            assert failing == expected, (now.unit, [typed(now, k) for k in FORM.keys])
            words = f"{sheet['Y1'].value}{sheet['Y2'].value}"
            assert all(c.said in words for c in ref.checks if (c.rule, c.keys) in expected) or "尚未填写" in words

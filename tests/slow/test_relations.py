"""自检 and the rules are one thing said twice: LibreOffice recalculates 1,000 random rows, pandera judges the same."""

from __future__ import annotations

import io
import random
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell as address

from pipeline.check.figures import broken_rules, frame_of
from pipeline.write.form import verdict
from tests.builders import FORM, MAY, a_county, a_return
from tests.slow.test_libreoffice import SOFFICE, converted

ROWS = 1_000
pytestmark = pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")


def filed(rng: random.Random) -> dict[str, object]:
    """What a unit may fill in; small numbers, so that relations hold and fail about equally often."""
    counts = {k: rng.choice([0, 0, 1, 1, 2, 2, 3, 4, None, "约3", "无数据", 0.5, -1]) for k in FORM.counts}
    return counts | {k: rng.choice(["是", "否", None, "待定"]) for k, c in FORM.column.items() if c.kind == "yes_no"}


def test_the_formulas_on_the_form_agree_with_the_rules(tmp_path: Path):
    rng = random.Random(5)
    rows = [filed(rng) for _ in range(ROWS)]
    months = [rng.choice([MAY, MAY.plus(-3)]) for _ in rows]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for r, (row, month) in enumerate(zip(rows, months, strict=True)):
        for c, key in enumerate(FORM.keys):
            if row[key] is not None:
                sheet.write(r, c, row[key])

        def at(key: str, r: int = r, due: bool = month == MAY) -> str:
            return address(r, FORM.keys.index(key)) if key in FORM.keys else "TRUE" if due else "FALSE"

        for c, relation in enumerate(FORM.relations.values(), len(FORM.keys)):
            sheet.write_formula(r, c, f"={verdict(FORM, relation, at)}")
    book.close()
    source = tmp_path / "typed" / "rows.xlsx"
    source.parent.mkdir()
    source.write_bytes(out.getvalue())
    told = openpyxl.load_workbook(converted(source, "xlsx", tmp_path), data_only=True).active
    returns = [a_return(month=m, **row) for row, m in zip(rows, months, strict=True)]
    broken = broken_rules(FORM, frame_of(FORM, returns, a_county()))
    seen = {"√": 0, "×": 0, "": 0}
    for r, faults in enumerate(broken):
        for c, rule in enumerate(FORM.relations, len(FORM.keys)):
            said = str(told.cell(r + 1, c + 1).value or "")[:1]
            seen[said] += 1
            assert (said == "×") == (rule in faults), (rule, {k: rows[r][k] for k in FORM.relations[rule].keys}, said)
            whole = all(returns[r].figures[k].value is not None for k in FORM.relations[rule].keys)
            assert (said == "") == (not whole), (rule, {k: rows[r][k] for k in FORM.relations[rule].keys}, said)
    assert min(seen.values()) > ROWS / 2

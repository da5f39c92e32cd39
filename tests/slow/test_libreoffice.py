"""What another program makes of the workbooks: LibreOffice recalculates, and reads and writes .xls and .ods."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from pipeline.model import Return
from pipeline.office import forms
from pipeline.read.papers.typed import typed_on
from pipeline.run import Job, run
from tests.builders import MAY, TODAY, Formula, Sheet, annex1, expected, figures_of, read, xlsx
from tests.inboxes import COUNTY_FILE, clean_month, faulty_month

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")


# Of a file that Excel may have written LibreOffice takes the stored results, unless it is told to calculate.
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item>
</oor:items>
"""


def converted(source: Path, kind: str, folder: Path) -> Path:
    """The file as LibreOffice writes it, recalculated."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    (folder / "profile" / "user").mkdir(parents=True, exist_ok=True)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    assert SOFFICE
    subprocess.run(
        [SOFFICE, "--headless", profile, "--convert-to", kind, "--outdir", folder, source],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / f"{source.stem}.{kind.partition(':')[0]}"


@pytest.mark.parametrize("month", ["clean", "faulty"])
def test_every_formula_recalculates_to_its_stored_result(tmp_path, month):
    if month == "clean":
        clean_month(tmp_path / "inbox")
    else:
        faulty_month(tmp_path)
    county = COUNTY_FILE if month == "clean" else tmp_path / "county.toml"
    done = run(Job(tmp_path / "inbox", tmp_path / "outbox", county, TODAY, MAY))
    formulas = 0
    for path in done.files:
        again = openpyxl.load_workbook(converted(path, "xlsx", tmp_path), data_only=True)
        live, stored = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
        for sheet in live:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        formulas += 1
                        ours, theirs = (b[sheet.title][cell.coordinate].value for b in (stored, again))
                        assert (ours or None) == (theirs or None) or ours == pytest.approx(theirs), cell
    assert formulas > 80


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_other_formats_give_the_same_return(tmp_path, kind):
    sheet = annex1(press=Formula("=1/0", "#DIV/0!"), created=Formula("=1+2", 3))
    sheet.merged.append((5, 14, 5, 14))
    source = tmp_path / "a.xlsx"
    source.write_bytes(xlsx(sheet, Sheet("空白").put(0, 0, "说明")))
    (filed,) = read(converted(source, kind, tmp_path).read_bytes(), f"城关镇.{kind}").tables
    assert isinstance(filed, Return)
    assert figures_of(filed) == expected() | {"press": None}
    assert filed.figures["press"].filed == "#DIV/0!"
    assert [f.cell for f in filed.figures.values()] == [f"{chr(65 + i)}6" for i in range(19)]


def test_opening_and_saving_is_no_word_of_staff(tmp_path):
    faulty_month(tmp_path)
    outbox, county = tmp_path / "outbox", tmp_path / "county.toml"
    done = run(Job(tmp_path / "inbox", outbox, county, TODAY, MAY))
    for path in (*done.files, *done.slips, *forms(outbox, county, TODAY, MAY).files[:2]):
        assert typed_on(converted(path, "xlsx", tmp_path / "saved").read_bytes()) == []

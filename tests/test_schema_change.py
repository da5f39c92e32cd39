"""A 20th column with a relation is one edit in one file: reader, checks and workbook follow."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

EDIT = (
    '    at_most("batches", "projects", rule="RES-2"),\n',
    '    at_most("batches", "projects", rule="RES-2"),\n'
    '    count("households", "惠及户数", "户", "当月公布项目惠及的户数"),\n'
    '    at_most("projects", "households", rule="RES-3"),\n',
)

SCRIPT = """
from pathlib import Path
import openpyxl
from pipeline.run import Job, run
from tests.builders import FORM, MAY, TODAY, annex1, drop, xlsx
from tests.inboxes import SMALL

assert len(FORM.keys) == 20
inbox = Path("in")
Path("county.toml").write_text(SMALL, encoding="utf-8")
drop(inbox, "a.xlsx", xlsx(annex1("城关镇", households="12户")))
drop(inbox, "b.xlsx", xlsx(annex1("县住建局", households=4)))
drop(inbox, "c.xlsx", xlsx(annex1("县财政局", order=FORM.keys[:-1])))
done = run(Job(inbox, Path("out"), Path("county.toml"), TODAY, MAY))
sheet = openpyxl.load_workbook(done.files[0], data_only=True)["汇总表"]
rows = {r[1] or r[0]: r[21] for r in sheet.iter_rows(min_row=6, values_only=True)}
print(sheet["V5"].value, rows["城关镇"], rows["县住建局"], rows["县财政局"], rows["合计"])
print([(f.rule, f.unit, f.labels, f.cells) for f in done.month.findings if f.keys])
"""


def test_a_20th_column_is_one_edit(tmp_path):
    for folder in ("pipeline", "schemas", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    edited = tmp_path / "schemas" / "results.py"
    text = edited.read_text(encoding="utf-8")
    assert EDIT[0] in text
    edited.write_text(text.replace(*EDIT), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", SCRIPT],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "惠及户数⏎(户)".replace("⏎", "\n").splitlines()[0],
        "(户) 12 4 None 16",
        "[('FORM-1', '县财政局', ('惠及户数',), ()), ('RES-3', '县住建局', ('项目', '惠及户数'), ('S6', 'T6')), "
        "('CELL-3', '城关镇', ('惠及户数',), ('T6',))]",
    ]

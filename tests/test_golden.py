"""The two workbooks of a small month as text, reviewed in the diff. Renew with `make goldens`."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipeline.run import Job, run
from tests.builders import MAY, TODAY
from tests.inboxes import faulty_month

GOLDENS = Path(__file__).parent / "goldens"


def as_text(path: Path) -> str:
    """Every filled cell, `address value`; a formula with its stored result behind ⇒."""
    live, stored = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    out = []
    for sheet in live:
        merged = " ".join(sorted(str(m) for m in sheet.merged_cells.ranges))
        out += [f"== {sheet.title}", f"   freeze {sheet.freeze_panes} filter {sheet.auto_filter.ref} merged {merged}"]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    value = str(cell.value).replace("\n", "⏎")
                    result = f" ⇒ {stored[sheet.title][cell.coordinate].value}" if cell.data_type == "f" else ""
                    link = f" → {cell.hyperlink.location}" if cell.hyperlink else ""
                    out.append(f"{cell.coordinate} {value}{result}{link}")
    return "\n".join(out) + "\n"


@pytest.mark.parametrize("which", ["county", "office"])
def test_the_workbook_as_text(tmp_path, request, which):
    inbox = faulty_month(tmp_path)
    done = run(Job(inbox, tmp_path / "outbox", tmp_path / "county.toml", TODAY, MAY))
    text = as_text(done.files[0 if which == "county" else 1])
    golden = GOLDENS / f"{which}.txt"
    if request.config.getoption("--renew-goldens"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")

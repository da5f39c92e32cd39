"""(a) The floor: python-calamine reading every cell of every file, and nothing else."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from python_calamine import CalamineWorkbook


def read_every_cell(inbox: Path) -> int:
    """How many cells all sheets of all files have."""
    cells = 0
    for path in inbox.rglob("*.xlsx"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        for name in book.sheet_names:
            cells += sum(map(len, book.get_sheet_by_name(name).to_python()))
    return cells


if __name__ == "__main__":
    print(read_every_cell(Path(sys.argv[1])))

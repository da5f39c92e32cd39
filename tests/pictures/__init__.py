"""The README's pictures, made from the demo by one command: `make pictures` (needs LibreOffice and poppler)."""

from __future__ import annotations

import hashlib
import html
import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

from pipeline.commands import CMD
from pipeline.run import Done
from pipeline.screen import report, width
from tests import demo
from tests.test_golden import as_text

FOLDER = Path(__file__).parent
MADE_FROM = FOLDER / "made-from.txt"
"""The fingerprint of the demo that the pictures show; a test holds it current."""

_SLIP = "草碧镇"
_DOTS_PER_INCH = 90


def fingerprint(done: Sequence[Done]) -> str:
    """Changes with what the pictures show."""
    last = done[-1]
    slips = [as_text(path) for path in last.slips if path.name.startswith(_SLIP)]
    shown = "\f".join([*map(as_text, last.files), *slips, _screen(last)])
    return hashlib.sha256(shown.encode()).hexdigest()


def make_pictures() -> None:
    """Renders the sheets of the demo's 汇总表 that matter, a slip and what the screen says, and notes what they were made from."""
    with tempfile.TemporaryDirectory() as folder:
        done = demo.make(Path(folder) / "demo")
        last = done[-1]
        _render(
            last.files[0],
            {"summary": 1, "discrepancies": 3, "reporting": 5, "trend": 6, "still_open": 7, "about": 12},
            Path(folder),
        )
        (slip,) = (path for path in last.slips if path.name.startswith(_SLIP))
        _render(slip, {"notice": 1, "slip": 2}, Path(folder))
        (FOLDER / "terminal.svg").write_text(_drawn(_screen(last).splitlines()), encoding="utf-8")
        MADE_FROM.write_text(fingerprint(done) + "\n", encoding="utf-8")


def _render(book: Path, pages: dict[str, int], folder: Path) -> None:
    soffice = shutil.which("soffice")
    assert soffice, "LibreOffice is not installed"
    convert = ["--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf", "--outdir"]
    subprocess.run([soffice, *convert, folder, book], check=True, capture_output=True)
    for name, page in pages.items():
        only = ["-f", str(page), "-l", str(page), "-singlefile", "-r", str(_DOTS_PER_INCH), "-png"]
        subprocess.run(["pdftoppm", *only, folder / f"{book.stem}.pdf", FOLDER / name], check=True)


def _screen(done: Done) -> str:
    """What the run says where there is make, with paths that lead from the project's folder."""
    said = io.StringIO()
    with redirect_stdout(said):
        report([done], quiet=False)
    outbox = str(done.files[0].parent.parent)
    shown = said.getvalue().replace(outbox, "outbox").replace("\\", "/")
    return re.sub(rf"{CMD['consolidate']} (?=[0-9])", "make consolidate PERIOD=", shown)


def _drawn(lines: Sequence[str]) -> str:
    """The lines as a terminal shows them: a Chinese character takes two places."""
    lines = ["$ make consolidate PERIOD=2023-05", *lines]
    across, down = 8.4 * max(map(width, lines)) + 24, 22 * len(lines) + 20
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{across:.0f}" height="{down}">']
    out.append('<rect width="100%" height="100%" rx="6" fill="#1e1e1e"/>')
    for row, line in enumerate(lines, 1):
        at, pieces = 0, []
        for c in line:
            if c != " ":
                pieces.append(f'<tspan x="{12 + 8.4 * at:.1f}">{html.escape(c)}</tspan>')
            at += width(c)
        out.append(
            f'<text y="{22 * row + 6}" font-family="monospace" font-size="14" fill="#e6e6e6">{"".join(pieces)}</text>'
        )
    return "\n".join([*out, "</svg>", ""])

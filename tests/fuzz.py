"""Damaged files without end, through the whole ingest: `make fuzz`, or `python -m tests.fuzz --inputs 200000`.

Every input is a valid file of a supported format, mutated: flipped, cut, spliced, its archive's entries exchanged, their
XML rewritten. What must hold: no run stops, every input has its line, and the workbooks that tell of it can be opened.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import shutil
import struct
import subprocess
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl

from pipeline.check import check
from pipeline.choose import choose
from pipeline.consolidate import consolidate
from pipeline.county import County
from pipeline.model import Attachment, Source
from pipeline.read import read_each
from pipeline.write import county_book, office_book
from tests.builders import MAY, RECEIVED, TODAY, Formula, Sheet, a_county, annex1, annex2, xlsx
from tests.drawn import RAISED, STRUCK, WRITERS, Cell, Drawn
from tests.test_files import as_docx, as_html, as_text, mailed, zipped
from tests.xlsb import xlsb

CHUNK = 400


def biff4(sheet: Sheet) -> bytes:
    """The sheet as an .xls of Excel 4: records of two numbers and a body, and no container."""

    def record(number: int, body: bytes) -> bytes:
        return struct.pack("<HH", number, len(body)) + body

    out = record(0x0409, struct.pack("<HHH", 0, 0x10, 0)) + record(0x0042, struct.pack("<H", 936))
    for (r, c), v in sorted(sheet.cells.items()):
        if isinstance(v, int | float):
            out += record(0x0203, struct.pack("<HHHd", r, c, 0, v))
        else:
            text = str(v).encode("gbk")
            out += record(0x0204, struct.pack("<HHHH", r, c, 0, len(text)) + text)
    return out + record(0x000A, b"")


def ods(sheet: Sheet) -> bytes:
    """The sheet as the least that is an .ods."""
    spaces = " ".join(
        f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for p, n in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    rows = []
    for row in sheet.grid().rows:
        cells = (
            "<table:table-cell/>"
            if v is None
            else f'<table:table-cell office:value-type="float" office:value="{v}"><text:p>{v}</text:p></table:table-cell>'
            if isinstance(v, int)
            else f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>'
            for v in row
        )
        rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="附件1">{"".join(rows)}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        z.writestr("META-INF/manifest.xml", manifest)
        z.writestr("content.xml", content)
    return out.getvalue()


def flat_ods(sheet: Sheet) -> bytes:
    """The sheet as an .fods: the content of an .ods with another name around it."""
    with zipfile.ZipFile(io.BytesIO(ods(sheet))) as z:
        return z.read("content.xml").replace(b"office:document-content", b"office:document")


def originals() -> list[bytes]:
    """A valid file of every format that can be made here; .xls and .xlsb as LibreOffice writes them where it is there."""
    plain = xlsx(annex1())
    odd = annex1(
        press=Formula("=1/0", "#DIV/0!"),
        created=Formula("=1+2"),
        before=["序号", "单位"],
        rows=[[1, "城关镇", *range(19)], ["合计"]],
    )
    odd.merged += [(3, 2, 3, 4), (5, 3, 5, 4)]
    files = [
        plain,
        xlsx(odd, annex2()),
        ods(annex1()),
        flat_ods(annex1()),
        xlsb(odd),
        biff4(annex1()),
        *(write(_with_looks()) for write in WRITERS.values()),
        as_text(annex1(), "\t").encode("gbk"),
        as_text(annex1(), ",").encode("utf-16"),
        as_html(annex1()).encode(),
        as_docx(annex1(), captions_above=True),
        zipped(("城关镇.xlsx", plain), ("二/附件2.xlsx", xlsx(annex2())), gbk=True),
        mailed(("城关镇.xlsx", plain), ("里.zip", zipped(("a.csv", as_text(annex1(), ",").encode())))).as_bytes(),
    ]
    return files + _by_libreoffice(plain)


def _with_looks() -> Drawn:
    """The form with a hidden row and column, something struck out, a raised mark and number formats."""
    cells = {at: Cell(v) for at, v in annex1().cells.items()}  # type: ignore[arg-type]
    cells |= {(7, 0): Cell(3, '0"万"'), (7, 1): Cell((("5", STRUCK), ("3", RAISED))), (7, 2): Cell(45047, "yyyy/m/d")}
    return Drawn(cells, hidden_rows=(6,), hidden_columns=(18,), merges=((1, 0, 1, 18),))


def _by_libreoffice(data: bytes) -> list[bytes]:
    soffice = shutil.which("soffice")
    if not soffice:
        return []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "a.xlsx"
        source.write_bytes(data)
        command = [
            soffice,
            "--headless",
            f"-env:UserInstallation=file://{folder}/p",
            "--convert-to",
            "xls",
            "--outdir",
            folder,
            source,
        ]
        done = subprocess.run(command, check=False, capture_output=True, timeout=120)
        made = source.with_suffix(".xls")
        return [made.read_bytes()] if done.returncode == 0 and made.exists() else []


def mutated(rng: random.Random, files: list[bytes]) -> bytes:
    """One of the files, damaged."""
    data = rng.choice(files)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        how = rng.choice((_flip, _flip, _cut, _repeat, _splice, _entries, _entries, _entries, _rewrite))
        data = how(rng, data, files)
    return data


def _flip(rng: random.Random, data: bytes, _: list[bytes]) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 2, 8, 64)) if out else 0):
        out[rng.randrange(len(out))] = rng.choice((0, 255, rng.randrange(256)))
    return bytes(out)


def _cut(rng: random.Random, data: bytes, _: list[bytes]) -> bytes:
    a, b = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return rng.choice((data[:a], data[a:], data[:a] + data[b:]))


def _repeat(rng: random.Random, data: bytes, _: list[bytes]) -> bytes:
    a, b = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return data[:b] + data[a:b] * rng.choice((1, 2, 5)) + data[b:]


def _splice(rng: random.Random, data: bytes, files: list[bytes]) -> bytes:
    other = rng.choice(files)
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other)) :]


def _entries(rng: random.Random, data: bytes, files: list[bytes]) -> bytes:
    """An archive with an entry damaged inside, exchanged, left out, doubled or renamed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            entries = [(i.filename, z.read(i)) for i in z.infolist()]
    except Exception:  # noqa: BLE001  whatever a broken archive raises
        return _flip(rng, data, files)
    if not entries:
        return data
    at = rng.randrange(len(entries))
    name, content = entries[at]
    entries[at : at + 1] = rng.choice(
        (
            [(name, _rewrite(rng, content, files))],
            [(name, _rewrite(rng, content, files))],
            [(name, _flip(rng, content, files))],
            [(name, rng.choice(entries)[1])],
            [],
            [(name, content), (name, _cut(rng, content, files))],
            [(rng.choice(("", "/", "\\", "..", "x" * 300, name.upper())) + name, content)],
        )
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as z:
        for entry, content in entries:
            z.NameToInfo.clear()  # or zipfile warns of the doubled names that are wanted here
            z.writestr(zipfile.ZipInfo(entry.replace("\0", "0")[:60_000] or "x"), content)
    return out.getvalue()


_NUMBERS = ("-1", "0", "1", "65536", "1048576", "16385", "4294967296", "1e308", "NaN", "", "１", "约5", "\x01")


def _rewrite(rng: random.Random, data: bytes, _: list[bytes]) -> bytes:
    """Text or XML with numbers, references or whole elements changed."""
    text = data.decode("utf-8", "surrogateescape")
    places = list(re.finditer(rng.choice((r"[0-9]+", r'"[^"<>]{0,40}"', r"<[^<>]{1,200}>", r">[^<>]{1,60}<")), text))
    for m in rng.sample(places, min(len(places), rng.choice((1, 1, 3, 20)))):
        new = rng.choice(
            (*_NUMBERS, f'"{rng.choice(_NUMBERS)}"', m[0] * 2, rng.choice(places)[0], "A1:XFD1048576", "&lol;", "]]>")
        )
        text = text[: m.start()] + new + text[m.end() :]
    return text.encode("utf-8", "surrogateescape")


def run_chunk(inputs: list[bytes], county: County, first: int = 0) -> Counter[str]:
    """Takes the inputs through the whole ingest; AssertionError where one is lost. What became of them."""
    tasks = [
        Attachment(Source(f"城关镇{first + i}.xls", f"{first + i:064x}", RECEIVED), data)
        for i, data in enumerate(inputs)
    ]
    readings = [reading for of_task in read_each(Path(), tasks, county) for reading in of_task]
    accounted_for = {r.source.outermost for r in readings}
    lost = [t.source.path for t in tasks if t.source.path not in accounted_for]
    assert not lost, f"no line for {lost}"
    choice = choose(readings, county)
    assert {f.source.path for f in choice.dispositions} == {r.source.path for r in readings}
    month = consolidate(choice, check(choice, county, [MAY], TODAY), county, MAY, TODAY)
    for book in (county_book(month, county), office_book(month, county)):
        openpyxl.load_workbook(io.BytesIO(book), read_only=True)
    return Counter(r.rule or ("忽略" if r.ignored else "表") for r in readings) + Counter(
        "读取程序中断" for r in readings if r.detail.startswith("使读取程序")
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    files, county, began = originals(), a_county(), time.monotonic()
    outcomes: Counter[str] = Counter()
    for first in range(0, asked.inputs, CHUNK):
        rng = random.Random(f"{asked.seed}/{first}")
        outcomes += run_chunk([mutated(rng, files) for _ in range(min(CHUNK, asked.inputs - first))], county, first)
        if first % (50 * CHUNK) == 0:
            print(f"{first + CHUNK:>8} inputs  {time.monotonic() - began:6.0f} s  {dict(outcomes)}", flush=True)  # noqa: T201
    print(f"{asked.inputs} inputs, seed {asked.seed}: none lost, {time.monotonic() - began:.0f} s, {dict(outcomes)}")  # noqa: T201


if __name__ == "__main__":
    main()

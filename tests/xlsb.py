"""The least that is an .xlsb, which nothing at hand writes ([MS-XLSB] 2.1.4)."""

from __future__ import annotations

import io
import struct
import zipfile

from tests.builders import Formula, Sheet

ERRORS = {"#DIV/0!": 7, "#REF!": 0x17, "#N/A": 0x2A}


def record(kind: int, body: bytes) -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(body)
    sizes = []
    while True:
        sizes.append(length & 0x7F | (0x80 if length > 0x7F else 0))
        length >>= 7
        if not length:
            return number + bytes(sizes) + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


Errors = dict[tuple[int, int], tuple[int, str]]


def xlsb(*sheets: Sheet, errors: Errors | None = None) -> bytes:
    """The sheets as a workbook; `errors` maps cells to the record they stand in and what they show."""
    rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    book, targets = record(131, b"") + record(143, b""), ""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as z:
        z.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>')
        for n, sheet in enumerate(sheets, 1):
            book += record(156, struct.pack("<II", 0, n) + wide(f"rId{n}") + wide(sheet.name))
            targets += f'<Relationship Id="rId{n}" Type="{rels}/worksheet" Target="worksheets/sheet{n}.bin"/>'
            z.writestr(f"xl/worksheets/sheet{n}.bin", part(sheet, errors or {}))
        z.writestr("xl/workbook.bin", book + record(144, b"") + record(132, b""))
        z.writestr(
            "xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{package}/relationships">{targets}</Relationships>'
        )
    return made.getvalue()


def part(sheet: Sheet, errors: Errors) -> bytes:
    """One sheet's records."""
    rows = sheet.grid().rows
    out = record(129, b"") + record(148, struct.pack("<4I", 0, len(rows), 0, len(rows[0]))) + record(145, b"")
    for r, row in enumerate(rows):
        out += record(0, struct.pack("<IIHBBBI", r, 0, 300, 0, 0, 0, 0))
        for c, v in enumerate(row):
            head = struct.pack("<II", c, 0)
            if (r, c) in errors:
                kind, shown = errors[r, c]
                formula = struct.pack("<HII", 0, 0, 0) if kind == 11 else b""
                out += record(kind, head + bytes([ERRORS[shown]]) + formula)
            elif isinstance(v, int | Formula):
                out += record(5, head + struct.pack("<d", v if isinstance(v, int) else 3))
            elif v is not None:
                out += record(6, head + wide(str(v)))
    merges = [m for m in sheet.merged if m[:2] != m[2:]]
    out += record(146, b"") + record(177, struct.pack("<I", len(merges)))
    out += b"".join(record(176, struct.pack("<4I", r1, r2, c1, c2)) for r1, c1, r2, c2 in merges)
    return out + record(178, b"") + record(130, b"")

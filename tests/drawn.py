"""Small books in every format, with the looks of their cells: what a test says once, each of the formats says its way."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font as OpenpyxlFont
from openpyxl.utils import get_column_letter

from pipeline.read.grids.sight import PLAIN, Font
from tests.envelopes import zipped
from tests.xlsb import record, wide

STRUCK, RAISED, LOWERED = Font(struck=True), Font(shift=1), Font(shift=-1)
SONG, GENERAL = "宋体", "General"
Runs = tuple[tuple[str, Font], ...]


@dataclass(frozen=True)
class Cell:
    """A value and how it looks; `shown` is what a program writes beside it where the format of the file asks for that."""

    value: float | str | bool | Runs
    code: str = "General"
    font: Font = PLAIN
    shown: str | None = None

    @property
    def runs(self) -> Runs:
        return self.value if isinstance(self.value, tuple) else ((str(self.value), self.font),)

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs)


@dataclass
class Drawn:
    """A sheet with its looks."""

    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    flat_rows: tuple[int, ...] = ()
    merges: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def rows(self) -> list[list[Cell | None]]:
        width = max((c for _, c in self.cells), default=0) + 1
        return [[self.cells.get((r, c)) for c in range(width)] for r in range(max(r for r, _ in self.cells) + 1)]


def drawn(*rows: Sequence[Cell | float | str | None], **about: object) -> Drawn:
    """A sheet of those rows."""
    cells = {
        (r, c): v if isinstance(v, Cell) else Cell(v)
        for r, row in enumerate(rows)
        for c, v in enumerate(row)
        if v is not None
    }
    return Drawn(cells, **about)  # type: ignore[arg-type]


# -- xlsx -------------------------------------------------------------------------------------------------------------

_LINES = {1: "superscript", -1: "subscript"}


def as_xlsx(sheet: Drawn) -> bytes:
    book = openpyxl.Workbook()
    made = book.active
    made.title = "附件1"
    for (r, c), cell in sheet.cells.items():
        there = made.cell(r + 1, c + 1)
        there.value = _rich(cell.value) if isinstance(cell.value, tuple) else cell.value
        there.number_format = cell.code
        there.font = OpenpyxlFont(
            name=cell.font.name or SONG, strike=cell.font.struck or None, vertAlign=_LINES.get(cell.font.shift)
        )
    for r in sheet.hidden_rows:
        made.row_dimensions[r + 1].hidden = True
    for r in sheet.flat_rows:
        made.row_dimensions[r + 1].height = 0.25
    for c in sheet.hidden_columns:
        made.column_dimensions[get_column_letter(c + 1)].hidden = True
    out = io.BytesIO()
    for r1, c1, r2, c2 in sheet.merges:
        made.merged_cells.add(f"{get_column_letter(c1 + 1)}{r1 + 1}:{get_column_letter(c2 + 1)}{r2 + 1}")
    book.save(out)
    return out.getvalue()


def _rich(runs: Runs) -> CellRichText:
    blocks = (
        TextBlock(InlineFont(rFont=f.name or SONG, strike=f.struck or None, vertAlign=_LINES.get(f.shift)), text)
        for text, f in runs
    )
    return CellRichText(*blocks)


# -- xls --------------------------------------------------------------------------------------------------------------


class _Looks:
    """The fonts, formats and looks of a book, each numbered once."""

    def __init__(self) -> None:
        self.fonts: list[Font] = [PLAIN]
        self.codes: list[str] = []
        self.looks: list[tuple[int, int]] = [(0, 0)]

    def look(self, cell: Cell) -> int:
        return _numbered(self.looks, (self.font(cell.font), self.code(cell.code)))

    def font(self, font: Font) -> int:
        return _numbered(self.fonts, font)

    def code(self, code: str) -> int:
        return 0 if code == "General" else 164 + _numbered(self.codes, code)


def _numbered(values: list, value: object) -> int:
    if value not in values:
        values.append(value)
    return values.index(value)


def biff(kind: int, body: bytes = b"") -> bytes:
    """A record of an .xls."""
    return struct.pack("<HH", kind, len(body)) + body


def as_xls(
    sheet: Drawn,
    *,
    codepage: int | None = 1200,
    encoding: str = "",
    formats: dict[str, int] | None = None,
    more: bytes = b"",
) -> bytes:
    """The records of an Excel 97 book, or with an `encoding` those of an Excel 95 book in it; no container around them.

    `formats` gives codes numbers of their own, `more` are further records of the sheet.
    """
    looks = _Looks()
    body = _sheet_records(sheet, looks, encoding)
    head = biff(0x42, struct.pack("<H", codepage)) if codepage else b""
    head += _look_records(looks, encoding, formats or {})
    start = (
        struct.pack("<H", 0x500 if encoding else 0x600),
        struct.pack("<2H", 0x0DBB, 1996) + bytes(0 if encoding else 8),
    )
    book, first = (biff(0x809, start[0] + struct.pack("<H", what) + start[1]) for what in (5, 0x10))
    listed = struct.pack("<BB", 0, 0) + _text("附件1", "<B", encoding)
    at = len(book) + len(head) + len(biff(0x85, bytes(4) + listed)) + len(biff(0x0A))
    return book + head + biff(0x85, struct.pack("<L", at) + listed) + biff(0x0A) + first + body + more + biff(0x0A)


def _text(value: str, size: str, encoding: str) -> bytes:
    if encoding:
        # The characters of a symbol font are bytes of their own.
        raw = value.encode("latin_1" if len(value) == 1 and value < "\u0100" else encoding, "replace")
        return struct.pack(size, len(raw)) + raw
    return struct.pack(size, len(value)) + b"\x01" + value.encode("utf-16-le")


def _sheet_records(sheet: Drawn, looks: _Looks, encoding: str) -> bytes:
    body = b"".join(biff(0x7D, struct.pack("<6H", c, c, 2048, 15, 1, 0)) for c in sheet.hidden_columns)
    for r in (*sheet.hidden_rows, *sheet.flat_rows):
        height, flags = (0 if r in sheet.flat_rows else 300), (0x120 if r in sheet.hidden_rows else 0x140)
        body += biff(0x208, struct.pack("<6HI", r, 0, 10, height, 0, 0, flags))
    for (r, c), cell in sorted(sheet.cells.items()):
        at = struct.pack("<3H", r, c, 16 + looks.look(cell))
        if isinstance(cell.value, bool):
            body += biff(0x205, at + bytes([cell.value, 0]))
        elif isinstance(cell.value, int | float):
            body += biff(0x203, at + struct.pack("<d", cell.value))
        elif isinstance(cell.value, str):
            body += biff(0x204, at + _text(cell.value, "<H", encoding))
        else:
            body += biff(0xD6, at + _text(cell.text, "<H", encoding) + _changes(cell.value, looks, encoding))
    ranges = b"".join(struct.pack("<4H", r1, r2, c1, c2) for r1, c1, r2, c2 in sheet.merges)
    return body + (biff(0xE5, struct.pack("<H", len(sheet.merges)) + ranges) if sheet.merges else b"")


def _look_records(looks: _Looks, encoding: str, formats: dict[str, int]) -> bytes:
    out = b""
    for f in looks.fonts:
        about = struct.pack("<5H4B", 200, 8 * f.struck, 0x7FFF, 400, {1: 1, -1: 2}.get(f.shift, 0), 0, 0, 134, 0)
        out += biff(0x31, about + _text(f.name or SONG, "<B", encoding))
    numbers = [formats.get(code, 164 + n) for n, code in enumerate(looks.codes)]
    for number, code in zip(numbers, looks.codes, strict=True):
        out += biff(0x41E, struct.pack("<H", number) + _text(code, "<B" if encoding else "<H", encoding))
    tail = bytes(10 if encoding else 14)
    out += biff(0xE0, struct.pack("<3H", 0, 0, 0xFFF5) + tail) * 16
    for font, code in looks.looks:
        out += biff(0xE0, struct.pack("<3H", font + (font >= 4), numbers[code - 164] if code else 0, 1) + tail)
    return out


def _changes(runs: Runs, looks: _Looks, encoding: str) -> bytes:
    """Where the font of a text changes, and to which."""
    size = "<B" if encoding else "<H"
    found, at = [], 0
    for text, font in runs:
        number = looks.font(font)
        found.append((at, number + (number >= 4)))
        at += len(text.encode(encoding)) if encoding else len(text)
    return struct.pack(size, len(found)) + b"".join(struct.pack(size + size[1], *pair) for pair in found)


# -- xlsb -------------------------------------------------------------------------------------------------------------


def as_xlsb(sheet: Drawn) -> bytes:
    looks = _Looks()
    body = record(129, b"")
    for c in sheet.hidden_columns:
        body += record(60, struct.pack("<4IH", c, c, 2048, 0, 1))
    body += record(145, b"")
    for r, row in enumerate(sheet.rows):
        height, flags = (0 if r in sheet.flat_rows else 300), (0x10 if r in sheet.hidden_rows else 0)
        body += record(0, struct.pack("<IIHBBBI", r, 0, height, 0, flags, 0, 0))
        for c, cell in enumerate(row):
            if cell is not None:
                body += _binary(c, cell, looks)
    body += record(146, b"") + b"".join(
        record(176, struct.pack("<4I", r1, r2, c1, c2)) for r1, c1, r2, c2 in sheet.merges
    )
    styles = b"".join(record(44, struct.pack("<H", 164 + n) + wide(code)) for n, code in enumerate(looks.codes))
    for f in looks.fonts:
        about = struct.pack("<4H4B", 200, 8 * f.struck, 400, {1: 1, -1: 2}.get(f.shift, 0), 0, 0, 0, 0)
        styles += record(43, about + bytes(8) + b"\0" + wide(f.name or SONG))
    styles += record(617, b"") + b"".join(
        record(47, struct.pack("<5H", 0, code, font, 0, 0)) for font, code in looks.looks
    )
    rels, package = (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://schemas.openxmlformats.org/package/2006",
    )
    targets = "".join(
        f'<Relationship Id="{i}" Type="{rels}/{i}" Target="{t}"/>'
        for i, t in (("worksheet", "worksheets/sheet1.bin"), ("styles", "styles.bin"))
    )
    return zipped(
        ("[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>'.encode()),
        ("xl/worksheets/sheet1.bin", body + record(130, b"")),
        ("xl/styles.bin", styles + record(618, b"")),
        ("xl/workbook.bin", record(156, struct.pack("<II", 0, 1) + wide("worksheet") + wide("附件1"))),
        (
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{package}/relationships">{targets}</Relationships>'.encode(),
        ),
    )


def _binary(column: int, cell: Cell, looks: _Looks) -> bytes:
    head = struct.pack("<II", column, looks.look(cell))
    if isinstance(cell.value, bool):
        return record(4, head + bytes([cell.value]))
    if isinstance(cell.value, int | float):
        return record(5, head + struct.pack("<d", cell.value))
    if isinstance(cell.value, str):
        return record(6, head + wide(cell.value))
    changes, at = [], 0
    for text, font in cell.value:
        changes.append(struct.pack("<2H", at, looks.font(font)))
        at += len(text)
    return record(62, head + b"\x01" + wide(cell.text) + struct.pack("<I", len(changes)) + b"".join(changes))


# -- OpenDocument -----------------------------------------------------------------------------------------------------

_SPACES = " ".join(
    f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
    for p, n in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)


def as_fods(sheet: Drawn) -> bytes:
    return f"<office:document {_SPACES}>{_content(sheet)}</office:document>".encode()


def as_ods(sheet: Drawn) -> bytes:
    return zipped(
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", f"<office:document-content {_SPACES}>{_content(sheet)}</office:document-content>".encode()),
    )


def _content(sheet: Drawn) -> str:
    looks, rows = _Looks(), list[str]()
    width = len(sheet.rows[0])
    hidden = ' table:visibility="collapse"'
    columns = "".join(f"<table:table-column{hidden if c in sheet.hidden_columns else ''}/>" for c in range(width))
    spans = {(r1, c1): (r2 - r1 + 1, c2 - c1 + 1) for r1, c1, r2, c2 in sheet.merges}
    for r, row in enumerate(sheet.rows):
        about = ' table:visibility="filter"' if r in sheet.hidden_rows else ""
        about += ' table:style-name="flat"' if r in sheet.flat_rows else ""
        cells = "".join(_open_cell(cell, looks, spans.get((r, c))) for c, cell in enumerate(row))
        rows.append(f"<table:table-row{about}>{cells}</table:table-row>")
    styles = "".join(
        f'<style:style style:name="{family[0]}{n}" style:family="{family}"><style:text-properties {_properties(f)}/></style:style>'
        for n, f in enumerate(looks.fonts)
        for family in ("cell", "text")
    ).replace('family="cell"', 'family="table-cell"')
    flat = '<style:style style:name="flat" style:family="table-row"><style:table-row-properties style:row-height="0cm"/></style:style>'
    return (
        f"<office:automatic-styles>{styles}{flat}</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="附件1">{columns}{"".join(rows)}</table:table></office:spreadsheet></office:body>'
    )


def _properties(font: Font) -> str:
    line = "solid" if font.struck else "none"
    position = {1: "super 58%", -1: "sub 58%"}.get(font.shift, "0% 100%")
    return f'style:text-line-through-style="{line}" style:text-position="{position}" style:font-name={quoteattr(font.name or SONG)}'


def _open_cell(cell: Cell | None, looks: _Looks, span: tuple[int, int] | None) -> str:
    about = f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"' if span else ""
    if cell is None:
        return f"<table:table-cell{about}/>"
    about += f' table:style-name="c{looks.font(cell.font)}"'
    if isinstance(cell.value, bool):
        value = f' office:value-type="boolean" office:boolean-value="{str(cell.value).lower()}"'
    elif isinstance(cell.value, int | float):
        value = f' office:value-type="float" office:value="{cell.value}"'
    else:
        value = ' office:value-type="string"'
    if isinstance(cell.value, tuple):
        inner = "".join(f'<text:span text:style-name="t{looks.font(f)}">{escape(t)}</text:span>' for t, f in cell.value)
    else:
        inner = escape(cell.text if cell.shown is None else cell.shown)
    return f"<table:table-cell{about}{value}><text:p>{inner}</text:p></table:table-cell>"


# -- Excel's XML of 2003 ----------------------------------------------------------------------------------------------


def as_spreadsheetml(sheet: Drawn) -> bytes:
    looks, rows = _Looks(), list[str]()
    spans = {(r1, c1): (r2 - r1, c2 - c1) for r1, c1, r2, c2 in sheet.merges}
    for r, row in enumerate(sheet.rows):
        about = ' ss:Hidden="1"' if r in sheet.hidden_rows else ""
        about += ' ss:Height="0"' if r in sheet.flat_rows else ""
        cells = "".join(_xml_cell(c, cell, looks, spans.get((r, c))) for c, cell in enumerate(row) if cell is not None)
        rows.append(f"<Row{about}>{cells}</Row>")
    columns = "".join(f'<Column ss:Index="{c + 1}" ss:Hidden="1"/>' for c in sheet.hidden_columns)
    styles = "".join(
        f'<Style ss:ID="s{n}"><Font {_xml_font(looks.fonts[font])}/>'
        f"<NumberFormat ss:Format={quoteattr(looks.codes[code - 164] if code else GENERAL)}/></Style>"
        for n, (font, code) in enumerate(looks.looks)
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Styles>{styles}'
        f'</Styles><Worksheet ss:Name="附件1"><Table>{columns}{"".join(rows)}</Table></Worksheet></Workbook>'
    ).encode()


def _xml_font(font: Font) -> str:
    line = {1: "Superscript", -1: "Subscript"}.get(font.shift, "None")
    return f'ss:FontName={quoteattr(font.name or SONG)} ss:StrikeThrough="{int(font.struck)}" ss:VerticalAlign="{line}"'


def _xml_cell(column: int, cell: Cell, looks: _Looks, span: tuple[int, int] | None) -> str:
    kind = "Boolean" if isinstance(cell.value, bool) else "Number" if isinstance(cell.value, int | float) else "String"
    inner, space = escape(str(int(cell.value) if kind == "Boolean" else cell.value)), ""
    if isinstance(cell.value, tuple):
        space = ' xmlns="http://www.w3.org/TR/REC-html40"'
        inner = "".join(_html(text, font) for text, font in cell.value)
    about = f' ss:MergeDown="{span[0]}" ss:MergeAcross="{span[1]}"' if span else ""
    data = f'<ss:Data ss:Type="{kind}"{space}>{inner}</ss:Data>'
    return f'<Cell ss:Index="{column + 1}" ss:StyleID="s{looks.look(cell)}"{about}>{data}</Cell>'


def _html(text: str, font: Font) -> str:
    out = f"<Font Face={quoteattr(font.name or SONG)}>{escape(text)}</Font>"
    out = f"<S>{out}</S>" if font.struck else out
    return {1: f"<Sup>{out}</Sup>", -1: f"<Sub>{out}</Sub>"}.get(font.shift, out)


WRITERS: dict[str, Callable[[Drawn], bytes]] = {
    "xlsx": as_xlsx,
    "xlsb": as_xlsb,
    "xls": as_xls,
    "xls of 1995": lambda sheet: as_xls(sheet, codepage=936, encoding="gbk"),
    "ods": as_ods,
    "fods": as_fods,
    "xml of 2003": as_spreadsheetml,
}

"""Books that are good, or good but for another sheet, and that some reader refuses or misreads: each oddity on its own."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font

from pipeline.read.grids.book import pending_book
from pipeline.read.grids.plain import read_plain
from pipeline.read.grids.xlsx import read_xlsx
from schemas.columns import UNREADABLE
from tests.builders import MAY, VALUES, Formula, Sheet, annex1, expected, figures_of, xlsx
from tests.drawn import as_fods, as_spreadsheetml, as_xlsb, drawn
from tests.test_files import SHEET, is_as_sent, patched, readings, the_return
from tests.test_seen import book_of, kind_and_text, rows_of
from tests.xlsb import record, xlsb

GOOD = xlsx(annex1())
TEXTS, STYLES, BOOK = "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"
OTHER = "xl/worksheets/sheet2.xml"


def two_sheets() -> bytes:
    return xlsx(annex1(), Sheet("别的").put(0, 0, "甲", 1))


# -- what a plain book is ---------------------------------------------------------------------------------------------


def test_the_form_as_it_was_sent_out_is_plain():
    assert pending_book(GOOD, "xlsx").plain


values = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9),
    st.booleans(),
    st.text("城关镇 3次ü、a<&\n", min_size=1, max_size=8),
)


@given(st.lists(st.lists(values, min_size=1, max_size=5), min_size=1, max_size=6))
def test_both_readers_of_a_plain_book_see_the_same(rows):
    sheet = Sheet()
    for r, row in enumerate(rows):
        sheet.put(r, 0, *row)
    data = xlsx(sheet)
    fast, careful = read_plain(data).grids, read_xlsx(data).grids
    assert [_cells(g) for g in fast] == [_cells(g) for g in careful if _cells(g)]


def _cells(grid) -> dict[tuple[int, int], tuple[type, object]]:
    # Blanks at the ends of a text are nobody's concern, and calamine drops them.
    return {
        (r + grid.top, c + grid.left): (str, v.strip()) if isinstance(v, str) else (type(v) is bool, v)
        for r, row in enumerate(grid.rows)
        for c, v in enumerate(row)
        if v is not None
    }


# -- another sheet ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x[: len(x) // 2],
        lambda x: x.replace(b"<row ", b'<row hidden="0" ').replace(b"</row>", b"</raw>"),
        lambda x: b"",
    ],
)
def test_a_damaged_sheet_costs_itself_and_a_note(change):
    (reading,) = readings(patched(two_sheets(), OTHER, change))
    assert [is_as_sent(t) for t in reading.tables] == [True]
    assert reading.notes == ("工作表“别的”读不出来",)


def test_a_text_that_is_not_there_costs_its_cell():
    (reading,) = readings(patched(two_sheets(), OTHER, lambda x: re.sub(rb"<v>[0-9]+</v>", b"<v>9999</v>", x, count=1)))
    assert [is_as_sent(t) for t in reading.tables] == [True]


def test_a_damaged_form_is_reported():
    (reading,) = readings(patched(GOOD, SHEET, lambda x: x[: len(x) // 3]))
    assert reading.rule == "FILE-1"


@pytest.mark.parametrize("name", [SHEET, OTHER])
@pytest.mark.parametrize("reference", ["A:A", "Z:XFD", "40:41", "$Y$1:$Z$2", "Z1", "", "没有"])
def test_merges_of_any_kind(name, reference):
    merged = f'<mergeCells><mergeCell ref="{reference}"/>'.encode()

    def change(x: bytes) -> bytes:
        more, there = re.subn(rb"<mergeCells[^>]*>", merged, x)
        return more if there else x.replace(b"</sheetData>", b"</sheetData>" + merged + b"</mergeCells>")

    data = patched(two_sheets(), name, change)
    if name == SHEET and reference == "A:A":
        assert rows_of_first(data)[1][0] is None
    else:
        assert is_as_sent(readings(data)[0].tables[0])


def rows_of_first(data: bytes) -> list[list[object]]:
    return [list(row) for row in book_of(data).grids[0].rows]


# -- XML --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", [b" ", b"\n", b"\t"])
@pytest.mark.parametrize("behind", [False, True])
def test_blanks_around_a_value(blank, behind):
    def change(x: bytes) -> bytes:
        return x.replace(b"</v>", blank + b"</v>") if behind else x.replace(b"<v>", b"<v>" + blank)

    assert is_as_sent(the_return(patched(GOOD, SHEET, change)))


def prefixed(xml: bytes) -> bytes:
    return re.sub(rb"<(/?)(?![?!])([A-Za-z])", rb"<\1x:\2", xml).replace(b'xmlns="', b'xmlns:x="')


def hide_last(xml: bytes) -> bytes:
    return re.sub(rb"<((?:x:)?)row r=\"6\"", rb'<\1row hidden="1" r="6"', xml)


@pytest.mark.parametrize("hidden", [False, True])
def test_elements_under_a_prefix(hidden):
    data = GOOD
    for name in (SHEET, TEXTS, BOOK, STYLES):
        data = patched(data, name, prefixed)
    if hidden:
        assert all(f.filed == "" for f in the_return(patched(data, SHEET, hide_last)).figures.values())
    else:
        assert is_as_sent(the_return(data))


@pytest.mark.parametrize("encoding", ["utf-16", "gbk", "gb18030", "utf-8-sig"])
@pytest.mark.parametrize("name", [SHEET, TEXTS, STYLES])
def test_parts_in_other_encodings(encoding, name):
    declared = encoding.removesuffix("-sig").upper()

    def change(x: bytes) -> bytes:
        return x.decode().replace('encoding="UTF-8"', f'encoding="{declared}"').encode(encoding)

    assert is_as_sent(the_return(patched(GOOD, name, change)))


@pytest.mark.parametrize(
    ("word", "value"), [(b"false", False), (b"true", True), (b"0", False), (b"1", True), (b"TRUE", True)]
)
@pytest.mark.parametrize("careful", [False, True])
def test_answers_in_words(word, value, careful):
    def change(xml: bytes) -> bytes:
        xml = re.sub(rb'<c r="A6"[^>]*>.*?</c>', b'<c r="A6" t="b"><v>%s</v></c>' % word, xml)
        return xml.replace(b"<row ", b'<row hidden="0" ') if careful else xml

    assert the_return(patched(GOOD, SHEET, change)).figures["body_established"].value is value


def test_what_is_said_over_a_text_is_no_part_of_it():
    def change(x: bytes) -> bytes:
        return x.replace(b"</t></si>", b"</t><rPh sb='0' eb='1'><t>pin 9</t></rPh><phoneticPr fontId='1'/></si>")

    data = patched(GOOD, TEXTS, change)
    assert is_as_sent(the_return(data))
    assert is_as_sent(the_return(patched(data, SHEET, lambda x: x.replace(b"<row ", b'<row hidden="0" '))))


@pytest.mark.parametrize("careful", [False, True])
def test_days_counted_from_1904(careful):
    data = patched(
        xlsx(annex1(period=dt.date(2019, 4, 30))),
        BOOK,
        lambda x: x.replace(b"<workbookPr ", b'<workbookPr date1904="1" '),
    )
    if careful:
        data = patched(data, SHEET, lambda x: x.replace(b"<row ", b'<row hidden="0" '))
    assert the_return(data).month == MAY


# -- formulas that nobody calculated ----------------------------------------------------------------------------------


def calculated(load: bool, **results: object) -> dict[str, str]:
    """How the figures with those stored results come out, in a book that asks to be calculated or does not."""
    data = xlsx(annex1(**{key: Formula("=1+2", stored) for key, stored in results.items()}))
    if not load:
        data = patched(data, BOOK, lambda x: x.replace(b' fullCalcOnLoad="1"', b""))
    figures = the_return(data).figures
    return {key: figures[key].state if figures[key].value is None else str(figures[key].value) for key in results}


def test_zeros_of_a_program_that_cannot_calculate():
    assert calculated(load=True, press=0, broadcast=0) == {"press": UNREADABLE, "broadcast": UNREADABLE}


def test_an_empty_text_shows_no_calculation():
    assert calculated(load=True, press=0, broadcast="")["press"] == UNREADABLE


def test_zeros_beside_results():
    assert calculated(load=True, press=0, broadcast=3) == {"press": "0", "broadcast": "3"}


def test_zeros_in_a_book_that_asks_for_nothing():
    assert calculated(load=False, press=0, broadcast=0) == {"press": "0", "broadcast": "0"}


def test_a_hidden_sheet_may_show_that_all_was_calculated():
    other = Sheet("明细", hidden=True).put(0, 0, Formula("=1+2", 3))
    figures = the_return(xlsx(annex1(press=Formula("=明细!A2", 0)), other)).figures
    assert figures["press"].value == 0


def test_formulas_that_openpyxl_wrote():
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    press = the_return(GOOD).figures["press"].cell
    book.active[press] = "=SUM(A1:A2)"
    out = io.BytesIO()
    book.save(out)
    figure = the_return(out.getvalue()).figures["press"]
    assert (figure.state, figure.filed) == (UNREADABLE, "=SUM(A1:A2)")


def test_a_row_struck_out_as_a_whole_is_none_beside_the_one_that_stands():
    book = openpyxl.load_workbook(io.BytesIO(xlsx(annex1(rows=[[9] * len(VALUES), list(VALUES.values())]))))
    below = max(cell.row for row in book.active.iter_rows() for cell in row if cell.value is not None)
    for cell in book.active[below - 1]:
        cell.font = Font(strike=True)
    out = io.BytesIO()
    book.save(out)
    assert is_as_sent(the_return(out.getvalue()))


def test_a_struck_out_figure_of_the_form_is_asked_about():
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    book.active[the_return(GOOD).figures["press"].cell].font = Font(strike=True)
    out = io.BytesIO()
    book.save(out)
    filed = the_return(out.getvalue())
    assert figures_of(filed) == expected() | {"press": None}
    assert filed.figures["press"].state == UNREADABLE


# -- xlsb -------------------------------------------------------------------------------------------------------------


def test_a_sheet_that_is_all_chart_costs_an_xlsb_nothing():
    data = xlsb(annex1(), Sheet("图").put(0, 0, "x"))
    rels = "xl/_rels/workbook.bin.rels"
    data = patched(
        data,
        rels,
        lambda x: x.replace(b'worksheet" Target="worksheets/sheet2', b'chartsheet" Target="chartsheets/sheet2'),
    )
    (reading,) = readings(data)
    assert ([is_as_sent(t) for t in reading.tables], reading.notes) == ([True], ())


@pytest.mark.parametrize(("stored", "value"), [((0.0, 0.0), "Unresolved"), ((0.0, 3.0), "float")])
def test_formulas_of_an_xlsb_that_nobody_calculated(stored, value):
    cells = b"".join(record(9, struct.pack("<IId", c, 0, v) + bytes(10)) for c, v in enumerate(stored, 1))
    data = patched(
        as_xlsb(drawn(["甲"])),
        "xl/worksheets/sheet1.bin",
        lambda x: x.replace(record(146, b""), cells + record(146, b"")),
    )
    data = patched(data, "xl/workbook.bin", lambda x: x + record(157, bytes(24) + b"\1\0"))
    assert type(rows_of(data)[0][1]).__name__ == value


# -- OpenDocument -----------------------------------------------------------------------------------------------------


def folded(opening: str) -> list[list[object]]:
    data = as_fods(drawn(["甲"], ["乙"], ["丙"])).decode()
    _, second, _ = re.findall("<table:table-row>.*?</table:table-row>", data)
    return rows_of(data.replace(second, f"{opening}{second}</table:table-row-group>").encode())


def test_rows_of_a_group_that_is_folded_or_not():
    assert folded('<table:table-row-group table:display="false">') == [["甲"], [None], ["丙"]]
    assert folded("<table:table-row-group>") == [["甲"], ["乙"], ["丙"]]


def test_a_style_has_what_its_parent_has():
    change = '<style:style style:name="c0"'
    parent = '<style:style style:name="划去" style:family="table-cell"><style:text-properties style:text-line-through-type="double"/></style:style>'
    data = as_fods(drawn([8])).decode().replace('style:text-line-through-style="none"', "")
    data = data.replace(change, f'{parent}{change} style:parent-style-name="划去"')
    assert kind_and_text(rows_of(data.encode())[0][0]) == ("Unresolved", "8（已划去）")


def test_the_look_of_a_column_is_that_of_its_cells_without_one():
    data = as_fods(drawn([8])).decode().replace('line-through-style="none"', 'line-through-style="solid"')
    data = data.replace(' table:style-name="c0"', "").replace(
        "<table:table-column/>", '<table:table-column table:default-cell-style-name="c0"/>'
    )
    assert kind_and_text(rows_of(data.encode())[0][0]) == ("Unresolved", "8（已划去）")


@pytest.mark.parametrize(("text", "value"), [("", "Unresolved"), ("<text:p>0</text:p>", "float")])
def test_a_formula_of_opendocument_with_nothing_but_a_zero(text, value):
    data = as_fods(drawn([0])).decode().replace("<text:p>0</text:p>", text)
    data = data.replace(' office:value-type="float"', ' table:formula="of:=[.A2]" office:value-type="float"')
    assert type(rows_of(data.encode())[0][0]).__name__ == value


# -- Excel's XML of 2003 ----------------------------------------------------------------------------------------------


def spreadsheetml(table: str) -> list[list[object]]:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return rows_of(
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="甲"><Table>{table}</Table></Worksheet></Workbook>'.encode()
    )


def cell(text: object, about: str = "") -> str:
    return f'<Cell {about}><Data ss:Type="{"Number" if isinstance(text, int) else "String"}">{text}</Data></Cell>'


DOWN, ACROSS, CALAMINE_FALLBACK = 'ss:MergeDown="1"', 'ss:MergeAcross="1"', 'ss:Index="2"'


def test_cells_without_a_number_stand_beside_what_covers_them():
    table = f"<Row>{cell('序号', DOWN)}{cell('组', ACROSS)}</Row><Row>{cell('甲')}{cell('乙')}</Row>"
    assert spreadsheetml(table) == [["序号", "组", None], [None, "甲", "乙"]]


def test_cells_with_a_number_stand_where_it_says():
    table = f"<Row>{cell('序号', DOWN)}</Row><Row {CALAMINE_FALLBACK}>{cell('甲', CALAMINE_FALLBACK)}</Row>"
    assert spreadsheetml(table) == [["序号", None], [None, "甲"]]


def test_rows_that_span_others():
    assert spreadsheetml(f'<Row ss:Span="1"/><Row>{cell(3)}</Row>') == [[None], [None], [3]]


def test_attributes_without_a_prefix():
    bare = CALAMINE_FALLBACK.removeprefix("ss:")
    assert spreadsheetml(f"<Row {bare}>{cell(3, bare)}</Row>") == [[None, None], [None, 3]]


def test_a_hidden_sheet_of_2003():
    options = '</Table><WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>'
    book = book_of(as_spreadsheetml(drawn([3])).replace(b"</Table>", options.encode()))
    assert (book.grids, book.notes) == ((), ("隐藏工作表“附件1”未读",))


@pytest.mark.parametrize(("named", "value"), [("Short Date", "date"), ("Percent", "float"), ("Fixed", "float")])
def test_named_formats(named, value):
    data = as_spreadsheetml(drawn([45047])).replace(b'ss:Format="General"', f'ss:Format="{named}"'.encode())
    assert type(rows_of(data)[0][0]).__name__ == value

"""A grid holds what is seen on the printed sheet, in every format that can say it."""

from __future__ import annotations

import datetime as dt
import io
import struct

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Unresolved
from pipeline.read.grids.book import pending_book, read_book
from pipeline.read.grids.formats import is_plain, shown_as, shown_number, shown_text
from pipeline.read.grids.kinds import kind_of
from pipeline.read.grids.layout import Book
from pipeline.read.grids.sight import Font, Look, seen_number
from tests.drawn import LOWERED, PLAIN, RAISED, STRUCK, WRITERS, Cell, as_xls, biff, drawn

every_format = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
with_codes = pytest.mark.parametrize("write", [w for n, w in WRITERS.items() if "ods" not in n])
opendocument = pytest.mark.parametrize("write", [WRITERS["ods"], WRITERS["fods"]])


def book_of(data: bytes) -> Book:
    return read_book(pending_book(data, kind_of(data)))


def rows_of(data: bytes) -> list[list[object]]:
    (grid,) = book_of(data).grids
    assert (grid.top, grid.left) == (0, 0)
    return [list(row) for row in grid.rows]


def seen(cell: Cell, write) -> object:
    """What the grid holds of the cell; another beside it is always there."""
    ((value, _),) = rows_of(write(drawn([cell, "旁"])))
    return value


def kind_and_text(value: object) -> tuple[str, str]:
    return type(value).__name__, str(value)


@every_format
def test_plain_cells(write):
    sheet = drawn(["单位：城关镇", 3, 2.5], [None, None, "完"])
    assert rows_of(write(sheet)) == [["单位：城关镇", 3, 2.5], [None, None, "完"]]
    assert book_of(write(sheet)).notes == ()


# -- hidden -----------------------------------------------------------------------------------------------------------


@every_format
def test_hidden_rows_and_columns_are_blank_where_they_stand(write):
    sheet = drawn(["甲", "乙", 1], ["丙", 99, 2], ["丁", "戊", 3], hidden_rows=(1,), hidden_columns=(1,))
    book = book_of(write(sheet))
    assert [list(r) for r in book.grids[0].rows] == [["甲", None, 1], [None, None, None], ["丁", None, 3]]
    assert book.notes == ("工作表“附件1”隐藏的行（第2行）未读", "工作表“附件1”隐藏的列（B列）未读")


@every_format
def test_a_row_of_no_height_is_hidden(write):
    sheet = drawn(["甲"], [8], [9], [10], ["丁"], flat_rows=(1, 2, 3))
    book = book_of(write(sheet))
    assert [list(r) for r in book.grids[0].rows] == [["甲"], [None], [None], [None], ["丁"]]
    assert book.notes == ("工作表“附件1”隐藏的行（第2—4行）未读",)


@every_format
def test_hidden_rows_with_nothing_in_them_are_not_worth_a_word(write):
    assert book_of(write(drawn(["甲"], [None], ["丁"], hidden_rows=(1,)))).notes == ()


@every_format
def test_a_value_merged_over_a_hidden_cell_is_seen_in_the_first_visible_one(write):
    sheet = drawn(["组", None, "别"], ["甲", "乙", "丙"], merges=((0, 0, 0, 1),), hidden_columns=(0,))
    assert rows_of(write(sheet)) == [[None, "组", "别"], [None, "乙", "丙"]]


@every_format
def test_what_lies_under_a_merge_is_not_seen(write):
    sheet = drawn(["甲", "下", "乙"], ["下", 7, "丙"], merges=((0, 0, 1, 1),))
    rows = rows_of(write(sheet))
    assert rows == [["甲", None, "乙"], [None, None, "丙"]]


# -- text -------------------------------------------------------------------------------------------------------------


@every_format
@pytest.mark.parametrize(
    ("runs", "value"),
    [
        ((("5", STRUCK), ("3", PLAIN)), "3"),
        ((("单位：", PLAIN), ("水沟镇", STRUCK), ("城关镇", PLAIN)), "单位：城关镇"),
        ((("督导", PLAIN), ("①", RAISED)), "督导"),
        ((("12", PLAIN), ("1", RAISED)), Unresolved("12¹")),
        ((("12", PLAIN), ("3", LOWERED)), Unresolved("12₃")),
        ((("8", STRUCK), (" ", PLAIN)), Unresolved("8（已划去）")),
        ((("统计时间：", STRUCK), ("2023年4月", STRUCK)), None),
        ((("是", PLAIN), ("ü", Font(name="Wingdings"))), "是√"),
    ],
)
def test_pieces_of_a_text(write, runs, value):
    assert kind_and_text(seen(Cell(runs), write)) == kind_and_text(value)


@every_format
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (Cell(8, font=STRUCK), Unresolved("8（已划去）")),
        (Cell("8次", font=STRUCK), Unresolved("8次（已划去）")),
        (Cell("单位：水沟镇", font=STRUCK), None),
        (Cell("12", font=RAISED), "12"),
        (Cell("ü", font=Font(name="Wingdings")), "√"),
        (Cell("ý", font=Font(name="Wingdings")), "×"),
        (Cell("R", font=Font(name="Wingdings 2")), "√"),
        (Cell("S", font=Font(name="Wingdings 2")), "×"),
        (Cell("a", font=Font(name="Webdings")), "√"),
        (Cell("\uf0fc", font=Font(name="Wingdings")), "√"),
        (Cell("否", font=Font(name="Wingdings")), "否"),
        (Cell("8", font=Font(name="Wingdings")), Unresolved("8")),
        (Cell("12", font=Font(name="Symbol")), "12"),
    ],
)
def test_the_font_of_a_cell(write, cell, value):
    if "\uf0fc" in cell.text and write is WRITERS["xls of 1995"]:
        pytest.skip("no 8-bit text holds it")
    assert kind_and_text(seen(cell, write)) == kind_and_text(value)


@every_format
def test_a_number_in_a_font_that_has_no_digits(write):
    assert kind_and_text(seen(Cell(8, font=Font(name="Wingdings")), write)) == ("Unresolved", "8")


# -- shown ------------------------------------------------------------------------------------------------------------

NUMBERS = [
    (3, '0"万"', Unresolved("3万")),
    (3, '"约"0', Unresolved("约3")),
    (3, '"第"0"批"', Unresolved("第3批")),
    (3, '0"余"', Unresolved("3余")),
    (3, '0"%"', Unresolved("3%")),
    (3, '0"0"', Unresolved("30")),
    (3000, "0,", Unresolved("3")),
    (30_000, '0!.0,"万"', Unresolved("3.0万")),
    (-3, "0;0", Unresolved("3")),
    (8, ";;;", Unresolved("8（不显示）")),
    (0, "0;-0;;@", Unresolved("0（不显示）")),
    (0, "#", Unresolved("0（不显示）")),
    (8, '"无"', Unresolved("无")),
    (3, 'G/通用格式"次"', 3.0),
    (3, "0次", 3.0),
    (9, '#,##0"个";[红色]\\-0', 9.0),
    (1, '[>=1]0"次";"无"', 1.0),
    (0, '[>=1]0"次";"无"', 0.0),
    (0, '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ ', 0.0),
    (2.6, "0", 2.6),
    (4, "0.00%", 4.0),
    (3, "0.00E+00", 3.0),
    (3, "# ?/?", 3.0),
    (12, "[DBNum1][$-804]General", 12.0),
    (3, "000", 3.0),
    (5, '"￥"#,##0.00', 5.0),
    (1, '[=1]"是";[=0]"否"', "是"),
    (0, '[=1]"是";[=0]"否"', "否"),
    (5, '"2023年"0"月"', "2023年5月"),
    (202305, '0000"年"00"月"', "2023年05月"),
    (13800000001, "000-0000-0000", "138-0000-0001"),
    (12, '0"●"', 12.0),
    (45047, "yyyy/m/d", dt.date(2023, 5, 1)),
    (45047, 'yyyy"年"m"月"', dt.date(2023, 5, 1)),
    (45047.5, "yyyy/m/d h:mm", dt.datetime(2023, 5, 1, 12)),
    (45047, '[$-804]yyyy"年"m"月";@', dt.date(2023, 5, 1)),
    (3, "m-d", dt.date(1900, 1, 3)),
    (-3, "yyyy/m/d", Unresolved("####")),
]


@with_codes
@pytest.mark.parametrize(("value", "code", "expected"), NUMBERS)
def test_a_number_under_its_format(write, value, code, expected):
    assert kind_and_text(seen(Cell(value, code), write)) == kind_and_text(expected)


@given(st.text('0#?.,%;/E+-"\\_*@[]<=>1万约第次ymdhsGeneral年月 ', max_size=24), st.floats())
def test_no_format_and_no_number_stop_a_reader(code, value):
    assert shown_number(code, value).says in ("number", "date", "elapsed", "text", "another", "hidden")
    assert isinstance(shown_text(code, "城关镇"), str)
    seen_number(value, Look(code=code))
    assert is_plain(code) in (True, False)


@given(st.text("0-9.,%-#/Err:约万次 ", max_size=12), st.floats(allow_nan=False, allow_infinity=False))
def test_whatever_is_said_to_be_shown_is_compared(text, value):
    assert shown_as(text, value).says in ("number", "text", "another")


@with_codes
@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("城关镇", '"单位："@', "单位：城关镇"),
        ("城关", '@"镇"', "城关镇"),
        ("城关镇", ";;;", None),
        ("8", ";;;", Unresolved("8（不显示）")),
        ("城关镇", "0;@", "城关镇"),
        ("城关镇", "@", "城关镇"),
        ("城关镇", '@"○"', "城关镇"),
    ],
)
def test_a_text_under_its_format(write, text, code, expected):
    assert kind_and_text(seen(Cell(text, code), write)) == kind_and_text(expected)


def under_a_condition(value: float, condition: dict[str, object], code: str = ";;;", struck: bool = False) -> object:
    """What is seen of a number in F6 under a conditional format that Excel wrote."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "甲")
    sheet.write(5, 5, value)
    about = {"num_format": code} if not struck else {"font_strikeout": True}
    sheet.conditional_format("F6:G9", condition | {"format": book.add_format(about)})
    book.close()
    return rows_of(out.getvalue())[-1][-1]


def compared(criteria: str, value: float) -> dict[str, object]:
    return {"type": "cell", "criteria": criteria, "value": value}


@pytest.mark.parametrize(
    ("value", "condition", "holds"),
    [
        (0, compared("==", 0), True),
        (5, compared("==", 0), False),
        (5, compared(">", 4), True),
        (5, compared("<=", 4), False),
        (5, {"type": "cell", "criteria": "between", "minimum": 4, "maximum": 6}, True),
        (7, {"type": "cell", "criteria": "between", "minimum": 4, "maximum": 6}, False),
        (7, {"type": "cell", "criteria": "not between", "minimum": 4, "maximum": 6}, True),
        (5, {"type": "formula", "criteria": "=F6=0"}, False),
        (0, {"type": "formula", "criteria": "=$F6=0"}, True),
        (5, {"type": "formula", "criteria": "=G6=0"}, True),
        (5, {"type": "blanks"}, False),
    ],
)
def test_a_conditional_format_that_hides_a_number(value, condition, holds):
    expected = Unresolved(f"{value}（不显示）") if holds else float(value)
    assert kind_and_text(under_a_condition(value, condition)) == kind_and_text(expected)


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"code": '0"万"'}, Unresolved("5万")),
        ({"code": "0_ "}, 5.0),
        ({"code": '0"次"'}, 5.0),
        ({"struck": True}, Unresolved("5（已划去）")),
    ],
)
def test_what_a_conditional_format_does_to_a_number(about, expected):
    assert kind_and_text(under_a_condition(5, compared(">", 4), **about)) == kind_and_text(expected)


@opendocument
@pytest.mark.parametrize(
    ("value", "shown", "expected"),
    [
        (3, "3万", Unresolved("3万")),
        (3, "约3", Unresolved("约3")),
        (3000, "3", Unresolved("3")),
        (8, "", Unresolved("8（不显示）")),
        (0, "#DIV/0!", Unresolved("#DIV/0!")),
        (0, "#NAME?", Unresolved("#NAME?")),
        (0, "Err:502", Unresolved("Err:502")),
        (3, "3次", 3.0),
        (1234, "1,234", 1234.0),
        (4, "400.00%", 4.0),
        (2.6, "3", 2.6),
        (12345, "1.23E+04", 12345.0),
        (0, "-", 0.0),
        (0, "无", 0.0),
        (1, "是", "是"),
        (3, "三", "三"),
        (202305, "2023年05月", "2023年05月"),
        (13800000001, "138-0000-0001", "138-0000-0001"),
    ],
)
def test_what_opendocument_says_is_shown_of_a_number(write, value, shown, expected):
    assert kind_and_text(seen(Cell(value, shown=shown), write)) == kind_and_text(expected)


@every_format
def test_a_box_that_is_ticked(write):
    assert seen(Cell(value=True), write) is True
    assert seen(Cell(value=False), write) is False


def test_a_sheet_that_shows_no_zeros():
    sheet = drawn([0, 3])
    options = b"</Table><WorksheetOptions><DoNotDisplayZeros/></WorksheetOptions>"
    for data in (
        _in(WRITERS["xlsx"](sheet), b"<sheetView ", b'<sheetView showZeros="0" '),
        WRITERS["xml of 2003"](sheet).replace(b"</Table>", options),
        as_xls(sheet, more=biff(0x23E, struct.pack("<H", 0x6A6) + bytes(16))),
    ):
        assert [kind_and_text(v) for v in rows_of(data)[0]] == [("Unresolved", "0（不显示）"), ("float", "3.0")]


def _in(data: bytes, old: bytes, new: bytes) -> bytes:
    from tests.test_files import SHEET, patched

    return patched(data, SHEET, lambda xml: xml.replace(old, new))

"""Nothing is printed smaller than can be read, no more pages than a leader reads, and titles over their own columns only."""

from __future__ import annotations

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from pipeline.run import Job, run
from pipeline.write.paper import DEFAULT_FONT
from tests.benchmarks.inbox import FIRST, Size, fill, write_county

POINTS_OF_A_DIGIT = 6.0
"""Of the default font: 8 pixels."""

TABLES, TEXTS = ("汇总表", "附件1", "累计与趋势"), ("差异清单", "报送情况", "联络员名单", "说明", "更正说明")
ACROSS, DOWN = 841.89, 595.28
INCH = 72


@pytest.fixture(scope="module", params=[(27, 2), (27, 12), (100, 2)], ids=lambda p: f"{p[0]} units, {p[1]} months")
def book(request, tmp_path_factory):
    root, (units, months) = tmp_path_factory.mktemp("printed"), request.param
    size = Size(units, months, units * months - 3)
    fill(root / "inbox", size)
    write_county(root / "county.toml", size)
    last = FIRST.plus(months - 1)
    done = run(Job(root / "inbox", root / "outbox", root / "county.toml", last.plus(1).day(28), last))
    return openpyxl.load_workbook(done.files[0]), units


def printed(sheet):
    """The rows and columns that are printed."""
    if not sheet.print_area:
        return sheet.max_row, sheet.max_column
    _, _, columns, rows = range_boundaries(sheet.print_area.rpartition("!")[2].replace("$", ""))
    return rows, columns


def widths(sheet):
    """The width of each printed column in points, as Excel counts."""
    stored = {c: d.width for d in sheet.column_dimensions.values() for c in range(d.min, d.max + 1)}
    return [POINTS_OF_A_DIGIT * stored.get(c, 9.0) for c in range(1, printed(sheet)[1] + 1)]


def height(sheet):
    return sum(sheet.row_dimensions[r].height or 15 for r in range(1, printed(sheet)[0] + 1))


def scale(sheet):
    """At what scale the sheet is printed."""
    m, setup = sheet.page_margins, sheet.page_setup
    across = (ACROSS - INCH * (m.left + m.right)) / sum(widths(sheet))
    if not sheet.sheet_properties.pageSetUpPr or not sheet.sheet_properties.pageSetUpPr.fitToPage:
        assert setup.scale / 100 <= across, f"{sheet.title} is wider than its page"
        return setup.scale / 100
    down = (DOWN - INCH * (m.top + m.bottom)) / height(sheet) if setup.fitToHeight in (None, 1) else 1
    return min(1, across, down)


def smallest(sheet):
    rows, columns = printed(sheet)
    cells = (c for row in sheet.iter_rows(max_row=rows, max_col=columns) for c in row if c.value is not None)
    return min(c.font.sz for c in cells) * scale(sheet)


def test_all_prints_on_a4_landscape_with_letters_that_can_be_read(book):
    for sheet in book[0].worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        least = 8 if sheet.title in TABLES else 9
        assert smallest(sheet) >= least - 0.05, sheet.title
        assert sheet.title in (*TABLES, *TEXTS)


def test_a_county_of_27_units_fits_its_pages(book):
    workbook, units = book
    if units > 27:
        return
    for name in ("汇总表", "附件1", "报送情况"):
        sheet = workbook[name]
        room = (DOWN - INCH * (sheet.page_margins.top + sheet.page_margins.bottom)) / scale(sheet)
        assert height(sheet) <= room, name


def test_print_titles_are_rows_of_the_sheets_own_table(book):
    for sheet in book[0].worksheets:
        if sheet.print_title_rows:
            first, last = (int(r) for r in sheet.print_title_rows.replace("$", "").split(":"))
            assert all(sheet.cell(last, c).value or sheet.cell(first, c).value for c in (1, 2)), sheet.title
            assert last < 8


def test_widths_are_counted_in_digits_that_are_as_wide_everywhere(book):
    assert book[0]._fonts[0].name == DEFAULT_FONT["font_name"]
    assert book[0]._fonts[0].sz == DEFAULT_FONT["font_size"]
    assert get_column_letter(1) in book[0]["汇总表"].column_dimensions

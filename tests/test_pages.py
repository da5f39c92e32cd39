"""What does not fit one sheet stands on further ones, the first says so, and nothing is lost between them."""

from __future__ import annotations

import openpyxl

from pipeline.run import Job, run
from pipeline.write import pages
from tests.builders import MAY, TODAY
from tests.inboxes import faulty_month


def books(root, **more):
    done = run(Job(root / "inbox", root / "outbox", root / "county.toml", TODAY, MAY))
    return [openpyxl.load_workbook(path, **more) for path in done.files]


def rows(book, name):
    """The rows under the header of all sheets of that name, and the names of these."""
    sheets = [s for s in book if s.title == name or s.title.startswith(f"{name}（")]
    above = 2 if name == "差异清单" else 1
    width = sum(c.value is not None for c in sheets[-1][above])
    lines = [r[:width] for s in sheets for r in s.iter_rows(min_row=above + 1, values_only=True) if r[0]]
    return lines, [s.title for s in sheets]


def test_what_does_not_fit_one_sheet_goes_on_on_the_next(tmp_path, monkeypatch):
    faulty_month(tmp_path)
    whole = books(tmp_path)
    monkeypatch.setattr(pages, "SHEET_ROWS", 27)
    (tmp_path / "outbox").rename(tmp_path / "whole")
    split = books(tmp_path)
    for name, of in (("数据溯源", 1), ("来源台账", 1)):
        lines, sheets = rows(split[of], name)
        assert len(sheets) > 1
        assert lines == rows(whole[of], name)[0]
        assert (
            split[of][name].cell(1, 10).value == f"共{len(lines)}行，分在{len(sheets)}张工作表中：{'、'.join(sheets)}"
        )


def test_lines_on_further_sheets_are_led_to_counted_and_carried(tmp_path, monkeypatch):
    faulty_month(tmp_path)
    whole = books(tmp_path)
    (tmp_path / "outbox").rename(tmp_path / "whole")
    monkeypatch.setattr(pages, "SHEET_ROWS", 6)
    monkeypatch.setattr("pipeline.write.sources._BELOW", 0)
    county, office = books(tmp_path)
    for book, other in ((county, whole[0]), (office, whole[1])):
        lines, sheets = rows(book, "差异清单")
        assert len(sheets) > 1
        assert lines == rows(other, "差异清单")[0]
        assert "、".join(sheets) in book["差异清单"].cell(1, 1).value
    for row in county["汇总表"].iter_rows():
        for cell in row:
            if cell.hyperlink and cell.hyperlink.location:
                sheet, _, at = cell.hyperlink.location.rpartition("!")
                assert county[sheet.strip("'")][at].value
    last = rows(office, "差异清单")[1][-1]
    sheet = office[last]
    note = [c.value for c in sheet[2]].index("核实说明") + 1
    at = [c.value for c in sheet[2]].index("编号")
    number = sheet.cell(3, at + 1).value
    sheet.cell(3, note).value = "属实，已核对"
    (path,) = (tmp_path / "outbox").rglob("内部工作台账*.xlsx")
    office.save(path)
    again = rows(books(tmp_path)[1], "差异清单")[0]
    assert {line[at]: line[note - 1] for line in again}[number] == "属实，已核对"
    assert len(again) == len({line[at] for line in again})


def test_a_sheet_with_more_links_than_excel_takes_keeps_its_words(tmp_path, monkeypatch):
    faulty_month(tmp_path)
    whole = books(tmp_path)[0]["汇总表"]
    (tmp_path / "outbox").rename(tmp_path / "whole")
    monkeypatch.setattr("pipeline.write.book._MAX_LINKS", 3)
    few = books(tmp_path)[0]["汇总表"]
    linked = [c.coordinate for row in few.iter_rows() for c in row if c.hyperlink]
    assert linked == [c.coordinate for row in whole.iter_rows() for c in row if c.hyperlink][:3]
    assert [[c.value for c in row] for row in few.iter_rows()] == [[c.value for c in row] for row in whole.iter_rows()]

"""No word of staff is lost without a word: whatever they type, colour or comment is carried, or set aside with a notice."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from pipeline.cli import main
from pipeline.errors import OutputError
from pipeline.read.papers.typed import typed_on
from tests.builders import MAY
from tests.worlds import UNITS, World

YELLOW = PatternFill("solid", fgColor="FFFFFF00")


@pytest.fixture(scope="module")
def consolidated_once(tmp_path_factory):
    world = World.new(tmp_path_factory.mktemp("once"))
    world.send_all(MAY, units=UNITS[:3])
    world.send("张家塬镇", MAY, petitions_total=40)
    world.run(MAY)
    return world


@pytest.fixture
def world(tmp_path, consolidated_once):
    return World(shutil.copytree(consolidated_once.root, tmp_path / "world"))


def changed(path: Path, change: Callable[[Any], None]) -> bytes:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path.read_bytes()


def put(sheet: str, cell: str, value: object) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


def comment(sheet: str, cell: str) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet][cell].comment = Comment("请小李核实", "王")

    return change


def fill(sheet: str, cell: str) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet][cell].fill = YELLOW

    return change


def letters(sheet: str, cell: str) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet][cell].font = Font(color="FFFF0000")

    return change


def copied(book: Any) -> None:
    sheet = book.copy_worksheet(book["差异清单"])
    sheet.title = "差异清单 (2)"


def new_sheet(book: Any) -> None:
    book.create_sheet("备忘")["C7"] = "下周一去"


def boxed(data: bytes) -> bytes:
    """The workbook with a text box."""
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as z, zipfile.ZipFile(out, "w") as new:
        for name in z.namelist():
            new.writestr(name, z.read(name))
        new.writestr(
            "xl/drawings/drawing9.xml",
            '<d:wsDr xmlns:d="urn:d" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
            "<d:txBody><a:p><a:r><a:t>记得</a:t></a:r></a:p></d:txBody></d:wsDr>",
        )
    return out.getvalue()


LEDGER, COUNTY, SLIP = "内部工作台账", "汇总表", "退回修改/张家塬镇"

TYPED = [
    (LEDGER, comment("差异清单", "G3"), "批注"),
    pytest.param(LEDGER, fill("差异清单", "E3"), "差异清单", marks=pytest.mark.slow),
    pytest.param(LEDGER, letters("差异清单", "R3"), "差异清单", marks=pytest.mark.slow),
    (LEDGER, put("差异清单", "I3", "这句改过"), "差异清单"),
    (LEDGER, put("催报电话单", "N3", "已打"), "催报电话单"),
    pytest.param(LEDGER, put("联络员名单", "F3", "13800000009"), "联络员名单", marks=pytest.mark.slow),
    pytest.param(LEDGER, put("来源台账", "I3", "这份作废"), "来源台账", marks=pytest.mark.slow),
    pytest.param(LEDGER, put("数据溯源", "D3", 999), "数据溯源", marks=pytest.mark.slow),
    (LEDGER, copied, "差异清单 (2)"),
    pytest.param(LEDGER, new_sheet, "备忘", marks=pytest.mark.slow),
    pytest.param(COUNTY, put("汇总表", "C6", 99), "汇总表", marks=pytest.mark.slow),
    (COUNTY, put("说明", "A40", "报送前再核一次"), "说明"),
    pytest.param(COUNTY, comment("附件1", "D6"), "批注", marks=pytest.mark.slow),
    (COUNTY, fill("报送情况", "D4"), "报送情况"),
    (SLIP, put("退回通知", "H7", "转办漏填"), "退回通知"),
]


def path_of(world: World, which: str) -> Path:
    (path,) = [p for p in world.ledger(MAY).parent.rglob("*.xlsx") if which in str(p) and "旧稿" not in str(p)]
    return path


@pytest.mark.parametrize(("which", "change", "sheet"), TYPED)
def test_what_no_run_carries_is_set_aside_and_reported(world, which, change, sheet):
    path = path_of(world, which)
    typed = changed(path, change)
    done = world.run(MAY)
    (draft,) = (world.ledger(MAY).parent / "旧稿").iterdir()
    assert draft.read_bytes() == typed
    (notice,) = [n for n in done.notices if "另存" in n]
    assert f"“{sheet}”" in notice
    assert f"旧稿/{path.stem}（保留1）.xlsx" in notice
    assert not [n for n in world.run(MAY).notices if "另存" in n]


def test_a_second_draft_has_the_next_number(world):
    for n in (1, 2):
        changed(world.ledger(MAY), put("催报电话单", "N3", f"第{n}次"))
        world.run(MAY)
    drafts = sorted(p.name for p in (world.ledger(MAY).parent / "旧稿").iterdir())
    assert drafts == [f"{world.ledger(MAY).stem}（保留{n}）.xlsx" for n in (1, 2)]


def test_a_text_box_is_set_aside(world):
    path = world.ledger(MAY)
    path.write_bytes(boxed(path.read_bytes()))
    assert [n for n in world.run(MAY).notices if "“图形”" in n]


def test_words_above_the_lines_are_set_aside(world):
    def change(book: Any) -> None:
        sheet = book["差异清单"]
        sheet.insert_rows(2)
        sheet["A2"] = "本周内办结"

    changed(world.ledger(MAY), change)
    assert [n for n in world.run(MAY).notices if "另存" in n]


def test_opening_and_saving_sorting_and_what_is_carried_are_without_a_notice(world):
    for path in world.ledger(MAY).parent.rglob("*.xlsx"):
        changed(path, lambda book: None)
        assert typed_on(path.read_bytes()) == []

    def carried(book: Any) -> None:
        sheet = book["差异清单"]
        heads = [c.value for c in sheet[2]]
        for row in (3, 4):
            sheet.cell(row, heads.index("核实说明") + 1).value = "情况已核"
        sheet.cell(2, len(heads) + 1).value = "经办"
        sheet.cell(4, len(heads) + 1).value = "小王"
        sheet.append(["", "自己加的一行"])

    changed(world.ledger(MAY), carried)
    assert not [n for n in world.run(MAY).notices if "另存" in n]


def as_excel_saves(data: bytes) -> bytes:
    """The workbook with what other programs spell otherwise: formulas, default colours, empty styled cells."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "f":
                    cell.value = re.sub(r"'([^'!\"]+)'!", r"\1!", cell.value).replace("(TRUE)", "(TRUE())")
                if type(cell).__name__ == "Cell" and cell.font.color is None:
                    cell.font = Font(name=cell.font.name, sz=cell.font.sz, b=cell.font.b, color="FF000000")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_other_spellings_of_the_same_are_no_words(world):
    for path in world.ledger(MAY).parent.rglob("*.xlsx"):
        assert typed_on(as_excel_saves(path.read_bytes())) == []


@pytest.mark.parametrize("suffix", [".xls", ".et", ".ods"])
@pytest.mark.parametrize("alone", [True, False])
def test_a_ledger_saved_as_another_type_stops_the_run(world, suffix, alone):
    ledger = world.ledger(MAY)
    other = ledger.with_suffix(suffix)
    other.write_bytes(b"typed")
    before = ledger.read_bytes()
    if alone:
        ledger.unlink()
    with pytest.raises(OutputError, match=f"另存成了“{other.name}”.*请打开它另存为"):
        world.run(MAY)
    assert alone or ledger.read_bytes() == before
    assert other.read_bytes() == b"typed"
    if alone:
        ledger.write_bytes(before)
    import os

    os.utime(other, (0, 0))
    world.run(MAY)


def test_a_figure_typed_into_a_blank_form_is_set_aside(world):
    args = [
        "forms",
        "--outbox",
        str(world.root / "outbox"),
        "--county",
        str(world.root / "county.toml"),
        "--period",
        "2023-05",
    ]
    assert CliRunner().invoke(main, args).exit_code == 0
    form = world.root / "outbox/空白表（2023年5月）/城关镇_附件1（2023年5月）.xlsx"
    written = form.read_bytes()
    typed = changed(form, put("附件1", "C6", 5))
    output = CliRunner().invoke(main, args).output
    assert "另存为“旧稿/城关镇_附件1（2023年5月）（保留1）.xlsx”" in output
    assert form.read_bytes() == written
    assert (form.parent / "旧稿/城关镇_附件1（2023年5月）（保留1）.xlsx").read_bytes() == typed
    assert "另存" not in CliRunner().invoke(main, args).output

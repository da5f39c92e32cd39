"""退回修改: the unit's own workbook with what is to be corrected in it, and nothing else changed."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter

import pipeline.slips
from pipeline.choose import choose
from pipeline.county import load
from pipeline.model import Return
from pipeline.output_marker import SLIP, marker_of
from pipeline.read import read_inbox
from pipeline.read.grids.passwords import BUILT_IN
from pipeline.run import Done, Job, run
from pipeline.sheets import NOTICE
from tests.builders import (
    FORM,
    MAY,
    RECEIVED,
    TODAY,
    VALUES,
    Formula,
    Sheet,
    annex1,
    annex2,
    cell_of,
    column_of,
    drop,
    figures_of,
    read,
    xlsx,
)
from tests.envelopes import zipped
from tests.inboxes import SMALL, people
from tests.office import sheet_of

FAULT = {"petitions_total": 12}


def official(sheet: Sheet, *, more: bool = True) -> bytes:
    """The form as an office makes it: widths, validation, print set-up, a comment, protection, rich text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": dt.datetime(2023, 6, 1), "author": "某办"})
    ws = book.add_worksheet(sheet.name)
    for r1, c1, r2, c2 in sheet.merged:
        if (r1, c1) != (r2, c2):
            ws.merge_range(r1, c1, r2, c2, "", book.add_format({"border": 1}))
    for (r, c), v in sheet.cells.items():
        if isinstance(v, Formula):
            ws.write_formula(r, c, v.text, None, v.stored)
        else:
            ws.write(r, c, v)
    if more:
        ws.set_column(0, 4, 7.5)
        ws.set_column(5, len(FORM.keys) - 1, 11.25)
        ws.set_row(5, 33)
        ws.data_validation(
            f"{cell_of(FORM.keys[1])}:{cell_of(FORM.keys[-1])}",
            {"validate": "integer", "criteria": ">=", "value": 0, "error_message": "请填整数"},
        )
        ws.data_validation(cell_of("body_established"), {"validate": "list", "source": ["是", "否"]})
        ws.conditional_format(
            cell_of("petitions_total"),
            {"type": "cell", "criteria": ">", "value": 99, "format": book.add_format({"bold": 1})},
        )
        ws.write_comment(cell_of("petitions_total"), "含市局转来的", {"author": "老王"})
        ws.write_rich_string("A9", "填表人：", book.add_format({"bold": 1}), "某某", " 审核人：某某")
        ws.set_landscape()
        ws.set_paper(8)
        ws.fit_to_pages(1, 1)
        ws.set_margins(left=0.3, right=0.4)
        ws.set_header("&C内部")
        ws.repeat_rows(3, 4)
        ws.print_area(f"A1:{cell_of(FORM.keys[-1], 9)}")
        ws.center_horizontally()
        ws.freeze_panes(5, 1)
        ws.protect("", {"format_columns": True})
        hidden = book.add_worksheet("旧数据")
        hidden.write(0, 0, "去年")
        hidden.hide()
    book.close()
    return out.getvalue()


def consolidated(root: Path, today: dt.date = TODAY) -> Done:
    (root / "county.toml").write_text(SMALL, encoding="utf-8")
    return run(Job(root / "inbox", root / "outbox", root / "county.toml", today, MAY))


def slip_of(root: Path, data: bytes, name: str = "张家塬镇附件1.xlsx") -> bytes:
    """The one slip of an inbox with that return."""
    drop(root / "inbox", name, data)
    (slip,) = consolidated(root).slips
    return slip.read_bytes()


def parts(data: bytes, title: str) -> dict[str, object]:
    """A sheet's XML by element, in a form that two writers of the same thing agree in."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        tree = ElementTree.fromstring(z.read(f"xl/worksheets/sheet{book.sheetnames.index(title) + 1}.xml"))
    found: dict[str, object] = {}
    for name in "mergeCells dataValidations pageSetup printOptions pageMargins headerFooter".split():
        found[name] = sorted(_flat(e) for e in tree.iter() if e.tag.endswith(f"}}{name}"))
    for e in tree.iter():
        if e.tag.endswith("}col"):
            span = range(int(e.attrib["min"]), int(e.attrib["max"]) + 1)
            found |= {f"width {i}": round(float(e.attrib["width"]), 2) for i in span}
        if e.tag.endswith("}row") and "ht" in e.attrib:
            found[f"height {e.attrib['r']}"] = float(e.attrib["ht"])
    sheet = book[title]
    found |= {"titles": sheet.print_title_rows, "area": sheet.print_area, "freeze": sheet.freeze_panes}
    found["protection"] = dict(sheet.protection)
    found["conditional"] = [str(c.sqref) for c in sheet.conditional_formatting]
    return found


def _flat(e: ElementTree.Element) -> tuple[object, ...]:
    ours = {k: v for k, v in e.attrib.items() if not k.endswith("}id") and v not in ("0", "")}
    # An element with nothing in it says what its absence says.
    inside = sorted((_flat(c) for c in e if c.attrib or c.text or len(c)), key=repr)
    return e.tag.rpartition("}")[2], tuple(sorted(ours.items())), (e.text or "").strip(), tuple(inside)


def test_the_layout_is_kept_part_by_part(tmp_path):
    original = official(annex1("张家塬镇", **FAULT))
    slip = slip_of(tmp_path, original)
    before, after = parts(original, "附件1"), parts(slip, "附件1")
    assert before["mergeCells"]
    assert before["dataValidations"]
    assert {k: (v, after.get(k)) for k, v in before.items() if after.get(k) != v} == {}
    book = openpyxl.load_workbook(io.BytesIO(slip), rich_text=True)
    assert [(s.title, s.sheet_state) for s in book] == [
        (NOTICE, "visible"),
        ("附件1", "visible"),
        ("旧数据", "hidden"),
    ]
    assert type(book["附件1"]["A9"].value).__name__ == "CellRichText"
    assert [s.title for s in book if s.sheet_view.tabSelected] == [NOTICE]
    assert (marker_of(slip), book.properties.creator) == (SLIP, "某办")


def test_the_cells_in_question_are_coloured_commented_and_open(tmp_path):
    changes = FAULT | {"broadcast": None, "press": "约5", "created": "三"}
    drop(tmp_path / "inbox", "名单.xlsx", xlsx(annex2("张家塬镇", people(1))))
    sheet = openpyxl.load_workbook(io.BytesIO(slip_of(tmp_path, official(annex1("张家塬镇", **changes)))))["附件1"]
    colours = {c.coordinate: c.fill.fgColor.rgb for c in sheet[6] if c.fill.fill_type}
    red, yellow = "FFF8B4AE", "FFFFE699"
    assert colours == {
        cell_of("petitions_total"): red,
        cell_of("self_handled"): red,
        cell_of("transferred"): red,
        cell_of("press"): red,
        cell_of("broadcast"): yellow,
    }
    assert sheet[cell_of("petitions_total")].comment.text.startswith("含市局转来的\n【退回修改】总计应等于自办＋转办：")
    assert sheet[cell_of("press")].comment.text == (
        "【退回修改】“报纸期刊宣传”应填0或正整数，未计入合计。请改填整数后重新报送。"
    )
    assert sheet[cell_of("self_handled")].comment is not None
    assert sheet[cell_of("concluded")].comment is None
    assert not any(sheet.cell(6, c).protection.locked for c in range(1, len(FORM.keys) + 1))
    assert sheet["A5"].protection.locked


@pytest.mark.parametrize(
    ("today", "by"), [(TODAY, "于收到本通知后3个工作日内"), (dt.date(2023, 6, 25), "于2023年6月25日前（含当日）")]
)
def test_the_notice_says_what_to_whom_and_by_when(tmp_path, today, by):
    drop(tmp_path / "inbox", "张家塬镇附件1.xlsx", xlsx(annex1("张家塬镇", **FAULT)))
    drop(tmp_path / "inbox", "名单.xlsx", xlsx(annex2("张家塬镇", people(1))))
    (slip,) = consolidated(tmp_path, today).slips
    rows = [[v for v in r if v is not None] for r in sheet_of(slip, NOTICE)]
    assert slip.name == "张家塬镇_张家塬镇附件1.xlsx"
    assert rows[:2] == [["退回修改通知"], ["张家塬镇（联络员：李四1）："]]
    assert "2023年6月10日报来的2023年5月" in rows[2][0]
    assert "有1处必须改正，列于下表" in rows[2][0]
    assert by in rows[3][0]
    assert rows[5][:4] == [
        1,
        "必须改正",
        "、".join(map(cell_of, ("petitions_total", "self_handled", "transferred"))),
        "总计、自办、转办",
    ]
    assert rows[5][4] == "总计 12、自办 4、转办 3"
    assert rows[-2:] == [["千阳县专班"], [f"{today.year}年{today.month}月{today.day}日"]]


VILLAGES = [
    ["甲村", *VALUES.values()],
    ["乙村", *VALUES.values()],
    ["合计", "是", *(Formula(f"=SUM({chr(66 + i)}6:{chr(66 + i)}7)", 2 * int(v)) for i, v in enumerate([*VALUES.values()][1:], 1))],  # type: ignore[call-overload]
]  # fmt: skip


def summed() -> bytes:
    """A table of villages whose 合计 are formulas, and one of the parts, too; 办结 of the whole is too large."""
    rows = [list(r) for r in VILLAGES]
    rows[0][1 + column_of("problems_found")] = Formula("=4+5", 9)
    concluded = 1 + column_of("concluded")
    rows[2][concluded] = Formula("=99", 99)
    rows[1][concluded], rows[0][concluded] = 93, 6
    return official(annex1("张家塬镇", before=["村名"], rows=rows), more=False)


def unresulted() -> bytes:
    """Formulas without a stored result, an error, and one that came to an empty text."""
    odd = {"press": Formula("=SUM(Z1:Z2)", ""), "created": Formula("=1/0", "#DIV/0!"), "petitions_total": 12}
    data = official(annex1("张家塬镇", **odd), more=False)
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        files = {n: z.read(n) for n in z.namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert b"<v></v>" in files[name] or b"<v>0</v>" in files[name]
    files[name] = files[name].replace(b"<f>SUM(Z1:Z2)</f><v></v>", b"<f>SUM(Z1:Z2)</f>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for n, part in files.items():
            z.writestr(n, part)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (official(annex1("张家塬镇", **FAULT)), "张家塬镇附件1.xlsx"),
        pytest.param(summed(), "张家塬镇5月.xlsx", marks=pytest.mark.slow),
        (unresulted(), "张家塬镇.xlsm"),
        pytest.param(
            xlsx(annex1("张家塬镇", press="3次", created="约5", broadcast=None)), "x.xlsx", marks=pytest.mark.slow
        ),
        pytest.param(xlsx(annex1(None, "5月", **FAULT)), "张家塬镇.xlsx", marks=pytest.mark.slow),
        (xlsx(annex1("张家塬镇", **FAULT), annex2("张家塬镇", people(1))), "两表.xlsx"),
        ("\n".join(["单位：张家塬镇,统计时间：2023年5月"]).encode(), ""),
    ],
)
def test_a_slip_sent_back_unchanged_and_unopened_changes_nothing(tmp_path, data, name):
    if not name:
        name, data = "张家塬镇.csv", as_csv(annex1("张家塬镇", **FAULT))
    slip = slip_of(tmp_path, data, name)
    first = consolidated(tmp_path)
    drop(tmp_path / "inbox", "退回/" + first.slips[0].name, slip, RECEIVED.replace(day=26))
    again = consolidated(tmp_path)
    assert again.month.findings == first.month.findings
    assert {t.outcome for t in again.month.sources if t.source.path.startswith("退回/") and t.form == "附件1"} == {
        "重复"
    }
    assert [p.read_bytes() for p in again.slips] == [slip]


def as_csv(sheet: Sheet) -> bytes:
    rows = sheet.grid().rows
    return "\n".join(",".join("" if v is None else f'"{v}"' for v in row) for row in rows).encode("gb18030")


def test_what_is_no_workbook_or_holds_other_units_is_answered_on_the_blank_form(tmp_path):
    drop(tmp_path / "inbox", "张家塬镇.csv", as_csv(annex1("张家塬镇", press="约5", **FAULT)))
    rows = [["县住建局", *VALUES.values()], ["县财政局", *(VALUES | FAULT).values()]]
    drop(tmp_path / "inbox", "两局.xlsx", xlsx(annex1(None, before=["单位"], rows=rows)))
    slips = {p.name: p.read_bytes() for p in consolidated(tmp_path).slips}
    assert list(slips) == ["张家塬镇_张家塬镇.xlsx", "县财政局_两局.xlsx"]
    for (name, data), press in zip(slips.items(), ("约5", "1"), strict=True):
        (filed,) = read(data, name).tables if name.startswith("张") else [None]
        if isinstance(filed, Return):
            assert figures_of(filed) | {"press": None} == figures_of(filed)
            assert filed.figures["press"].filed == press
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert book.sheetnames == [NOTICE, "附件1", "填报参考"]
        assert book["附件1"][cell_of("petitions_total")].fill.fgColor.rgb == "FFF8B4AE"
        assert "原样填入" in book[NOTICE]["A4"].value
        assert "县住建局" not in "".join(str(c.value) for s in book for r in s.iter_rows() for c in r)


def test_a_file_that_takes_its_process_down_is_answered_on_the_blank_form(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline.slips, "_SECONDS", 2.0)
    sheet = annex1("张家塬镇", **FAULT)
    sheet.merged.append((0, 30, 1_048_575, 40))
    out = io.BytesIO()
    book = openpyxl.load_workbook(io.BytesIO(xlsx(annex1("张家塬镇", **FAULT))))
    book.save(out)
    with zipfile.ZipFile(out) as z:
        files = {n: z.read(n) for n in z.namelist()}
    name = "xl/worksheets/sheet1.xml"
    files[name] = files[name].replace(b"</mergeCells>", b'<mergeCell ref="AE1:AO1048576"/></mergeCells>')
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for n, part in files.items():
            z.writestr(n, part)
    slip = slip_of(tmp_path, out.getvalue())
    assert "原样填入" in openpyxl.load_workbook(io.BytesIO(slip))[NOTICE]["A4"].value


def test_a_slip_that_comes_back_with_another_fault_carries_no_old_marks(tmp_path):
    slip = slip_of(tmp_path, official(annex1("张家塬镇", press="约5", **FAULT)))
    book = openpyxl.load_workbook(io.BytesIO(slip))
    book["附件1"][cell_of("petitions_total")] = 7
    out = io.BytesIO()
    book.save(out)
    drop(tmp_path / "inbox", "再报.xlsx", out.getvalue(), RECEIVED.replace(day=26))
    (path,) = consolidated(tmp_path).slips
    again = openpyxl.load_workbook(path)
    assert again.sheetnames == [NOTICE, "附件1", "旧数据"]
    sheet = again["附件1"]
    assert {c.coordinate for c in sheet[6] if c.fill.fill_type} == {cell_of("press")}
    assert sheet[cell_of("petitions_total")].comment.text == "含市局转来的"
    assert sheet[cell_of("press")].comment.text.count("【退回修改】") == 1
    assert [r[0].value for r in again[NOTICE].iter_rows(min_row=6, max_row=7)] == [1, None]


def test_a_unit_with_nothing_open_has_no_slip_and_staffs_own_files_stay(tmp_path):
    slip = slip_of(tmp_path, xlsx(annex1("张家塬镇", **FAULT)))
    folder = tmp_path / "outbox" / "2023-05" / "退回修改"
    (folder / "说明.txt").write_text("staff")
    (folder / "样表.xlsx").write_bytes(xlsx(annex1("张家塬镇")))
    (folder / "县财政局_旧.xlsx").write_bytes(slip)
    drop(tmp_path / "inbox", "更正.xlsx", xlsx(annex1("张家塬镇")), RECEIVED.replace(day=26))
    done = consolidated(tmp_path)
    assert (done.slips, done.notices) == ((), ())
    assert sorted(p.name for p in folder.iterdir()) == ["样表.xlsx", "说明.txt"]


def test_a_slip_somebody_typed_into_is_set_aside_unless_it_lies_in_the_inbox(tmp_path):
    drop(tmp_path / "inbox", "张家塬镇附件1.xlsx", xlsx(annex1("张家塬镇", **FAULT)))
    (path,) = consolidated(tmp_path).slips
    written, draft = path.read_bytes(), path.parent.parent / "旧稿" / f"{path.stem}（保留1）.xlsx"
    book = openpyxl.load_workbook(path)
    book["附件1"][cell_of("petitions_total")] = 7
    book.save(path)
    typed = path.read_bytes()
    done = consolidated(tmp_path)
    assert (path.read_bytes(), draft.read_bytes()) == (written, typed)
    assert "另存为“旧稿/" in done.notices[0]
    assert "请移入收件夹" in done.notices[0]
    path.write_bytes(typed)
    draft.unlink()
    drop(tmp_path / "inbox", "更正.xlsx", typed, RECEIVED.replace(day=26))
    done = consolidated(tmp_path)
    assert (done.slips, done.notices, path.exists(), draft.exists()) == ((), (), False, False)


def test_a_slip_that_was_only_opened_and_saved_goes_its_way(tmp_path):
    drop(tmp_path / "inbox", "张家塬镇附件1.xlsx", xlsx(annex1("张家塬镇", **FAULT)))
    (path,) = consolidated(tmp_path).slips
    openpyxl.load_workbook(path).save(path)
    drop(tmp_path / "inbox", "更正.xlsx", xlsx(annex1("张家塬镇")), RECEIVED.replace(day=26))
    done = consolidated(tmp_path)
    assert (done.slips, done.notices, path.exists()) == ((), (), False)


def test_slips_are_the_same_from_run_to_run_and_left_alone(tmp_path):
    drop(tmp_path / "inbox", "a.xlsx", official(annex1("张家塬镇", **FAULT)))
    drop(tmp_path / "inbox", "b.csv", as_csv(annex1("县住建局", **FAULT)))
    first = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in consolidated(tmp_path).slips}
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in consolidated(tmp_path).slips} == first


@pytest.mark.parametrize(
    ("name", "slip"),
    [
        ("附件1（城关镇）：5月.xlsx", "城关镇_附件1（城关镇）：5月.xlsx"),
        ("长" * 70 + ".xlsx", f"城关镇_{'长' * 60}.xlsx"),
        ('a?b*"c.xlsx', "城关镇_a_b__c.xlsx"),
    ],
)
def test_the_name_of_a_slip(tmp_path, name, slip):
    # Only in an archive may a name hold what Windows forbids.
    drop(tmp_path / "inbox", "外.zip", zipped((name, xlsx(annex1("城关镇", **FAULT)))))
    assert [p.name for p in consolidated(tmp_path).slips] == [slip]


def test_a_workbook_with_excels_built_in_password_is_answered_unlocked(tmp_path):
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(official(annex1("张家塬镇", **FAULT)))).encrypt(BUILT_IN, out)
    book = openpyxl.load_workbook(io.BytesIO(slip_of(tmp_path, out.getvalue())))
    assert book.sheetnames == [NOTICE, "附件1", "旧数据"]


def test_a_month_that_only_the_mail_named_stands_on_the_blank_form(tmp_path):
    drop(tmp_path / "inbox", "4月补报/附件1.xlsx", xlsx(annex1("张家塬镇", None, **FAULT)))
    drop(tmp_path / "inbox", "2023年5月/附件1.xlsx", xlsx(annex1("县住建局", None, **FAULT)))
    (slip,) = consolidated(tmp_path).slips
    (filed,) = read(slip.read_bytes(), slip.name).tables
    assert isinstance(filed, Return)
    assert (filed.unit, filed.month, filed.figures["petitions_total"].value) == ("县住建局", MAY, 12)
    assert "原样填入" in openpyxl.load_workbook(slip)[NOTICE]["A4"].value


def test_a_workbook_with_macros_becomes_one_without(tmp_path):
    with zipfile.ZipFile(io.BytesIO(official(annex1("张家塬镇", **FAULT)))) as z:
        files = {n: z.read(n) for n in z.namelist()}
    plain, macro = b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
    types = files["[Content_Types].xml"].replace(b"openxmlformats-officedocument." + plain, macro)
    files |= {"[Content_Types].xml": types, "xl/vbaProject.bin": b"macro"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for n, part in files.items():
            z.writestr(n, part)
    slip = slip_of(tmp_path, out.getvalue(), "张家塬镇.xlsm")
    with zipfile.ZipFile(io.BytesIO(slip)) as z:
        assert plain in z.read("[Content_Types].xml")
        assert not [n for n in z.namelist() if "vba" in n]


def test_a_return_gone_from_the_inbox_meanwhile_is_answered_on_the_blank_form(tmp_path):
    drop(tmp_path / "inbox", "a.xlsx", xlsx(annex1("张家塬镇", **FAULT)))
    done = consolidated(tmp_path)
    county, source = load(tmp_path / "county.toml"), tmp_path / "inbox" / "a.xlsx"
    choice = choose(read_inbox(tmp_path / "inbox", county), county)
    source.write_bytes(xlsx(annex1("张家塬镇", petitions_total=99)))
    made, _ = pipeline.slips.make_slips(choice, done.month.findings, county, tmp_path / "inbox", TODAY, MAY)
    (slip,) = made.values()
    book = openpyxl.load_workbook(io.BytesIO(slip))
    assert "原样填入" in book[NOTICE]["A4"].value
    assert book["附件1"][cell_of("petitions_total")].value == 12


# -- several versions -------------------------------------------------------------------------------------------------


def notice_of(slip: Path) -> tuple[str, dict[str, str]]:
    """The notice's first paragraph, and of its only line the cells and what is to be done."""
    rows = sheet_of(slip, NOTICE)
    at = next(i for i, row in enumerate(rows) if row[0] == "序号")
    (line,) = (row for row in rows[at + 1 :] if row[0] == 1)
    return str(rows[2][0]), {"cells": line[2], "filed": line[4], "advice": line[6]}


def test_what_was_told_on_the_phone_goes_back_to_be_confirmed_and_is_by_coming_back(tmp_path):
    drop(tmp_path / "inbox", "张家塬镇附件1.xlsx", xlsx(annex1("张家塬镇", press=9)))
    drop(tmp_path / "inbox", "电话更正/张家塬镇_附件1.xlsx", xlsx(annex1("张家塬镇")), RECEIVED + dt.timedelta(1))
    (slip,) = consolidated(tmp_path).slips
    said, line = notice_of(slip)
    assert said.startswith("　　你单位2023年6月11日来电更正的2023年5月《")
    assert "已由我专班代填（“张家塬镇_附件1.xlsx”）。经审核，有1处需要核实" in said
    assert line == {
        "cells": cell_of("press"),
        "filed": "报纸期刊宣传 1",
        "advice": "请核对代填的数字，有误的改正，作为更正后的报表报回。",
    }
    drop(tmp_path / "inbox", "报回.xlsx", slip.read_bytes(), RECEIVED + dt.timedelta(2))
    done = consolidated(tmp_path)
    assert done.slips == ()
    assert [(t.source.path, t.outcome) for t in done.month.sources] == [
        ("张家塬镇附件1.xlsx", "被替代"),
        ("报回.xlsx", "采用"),
        ("电话更正/张家塬镇_附件1.xlsx", "重复"),
    ]


def test_of_versions_whose_order_nobody_knows_the_one_that_counts_goes_back(tmp_path):
    for name, press in (("a.xlsx", 9), ("b.xlsx", 1)):
        drop(tmp_path / "inbox", name, xlsx(annex1("张家塬镇", press=press)))
    (slip,) = consolidated(tmp_path).slips
    assert slip.name == "张家塬镇_a.xlsx"
    assert notice_of(slip)[1] == {
        "cells": cell_of("press"),
        "filed": "报纸期刊宣传 1",
        "advice": "收到的几份不同，分不清先后，本表是现在采用的一份；请核实以哪份为准，有误的改正后报回。",
    }
    drop(tmp_path / "inbox", "报回.xlsx", slip.read_bytes(), RECEIVED + dt.timedelta(2))
    assert len(consolidated(tmp_path).slips) == 1  # it says no more than b.xlsx did
    drop(tmp_path / "inbox", "报回.xlsx", xlsx(annex1("张家塬镇", press=8)), RECEIVED + dt.timedelta(2))
    assert consolidated(tmp_path).slips == ()


# -- what must not travel, what must not stop the others --------------------------------------------------------------


def note_of(slip: bytes) -> str:
    return str(openpyxl.load_workbook(io.BytesIO(slip))[NOTICE]["A4"].value)


def changed(data: bytes, change) -> bytes:
    """The workbook after openpyxl has changed it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ORIGINAL, ON_A_FORM = "现将原表退回", "原样填入"


@pytest.mark.parametrize("unit", ["城关镇", "某某办公室"])
def test_a_book_with_anothers_return_on_a_hidden_sheet_is_answered_on_the_blank_form(tmp_path, unit):
    other = annex1(unit, sheet=Sheet("旧", hidden=True))
    data = xlsx(annex1("张家塬镇", **FAULT), other)
    assert ON_A_FORM in note_of(slip_of(tmp_path, data))


def test_a_book_with_anothers_row_hidden_is_answered_on_the_blank_form(tmp_path):
    data = official(annex1("张家塬镇", **FAULT))
    rows = {"A30": "单位：城关镇", "M30": "统计时间：2023年5月"}

    def put(book):
        sheet = book["附件1"]
        for address, text in rows.items():
            sheet[address] = text
        for r in (4, 5, 6):
            for c in range(1, 20):
                sheet.cell(r + 27, c).value = sheet.cell(r, c).value
        for r in range(30, 34):
            sheet.row_dimensions[r].hidden = True

    drop(tmp_path / "inbox", "a.xlsx", changed(data, put))
    (slip,) = (path for path in consolidated(tmp_path).slips if path.name.startswith("张家塬镇"))
    assert ON_A_FORM in note_of(slip.read_bytes())


def test_the_units_own_old_return_on_a_hidden_sheet_stays(tmp_path):
    data = xlsx(annex1("张家塬镇", **FAULT), annex1("张家塬镇", "2023年4月", sheet=Sheet("4月", hidden=True)))
    assert ORIGINAL in note_of(slip_of(tmp_path, data))


@pytest.mark.parametrize(
    "formula",
    [
        "=[1]表!A1",
        pytest.param("='[外.xlsx]表'!A1", marks=pytest.mark.slow),
        "=WEBSERVICE(A1)",
        "=excel|'a'!b",
        pytest.param(r"='\\机器\[a.xls]表'!A1", marks=pytest.mark.slow),
        '=HYPERLINK("http://x")',
    ],
)
def test_a_formula_that_reaches_outside_is_not_sent_back(tmp_path, formula):
    def put(book):
        book["附件1"]["A40"] = formula

    assert ON_A_FORM in note_of(slip_of(tmp_path, changed(xlsx(annex1("张家塬镇", **FAULT)), put)))


def test_a_formula_within_the_book_is_sent_back(tmp_path):
    def put(book):
        book.create_sheet("明细")["A1"] = 3
        book["附件1"]["A40"] = "=SUM(明细!A1:A9)&'明细'!A1"

    assert ORIGINAL in note_of(slip_of(tmp_path, changed(xlsx(annex1("张家塬镇", **FAULT)), put)))


def test_a_slip_that_cannot_be_made_costs_no_other(tmp_path, monkeypatch):
    drop(tmp_path / "inbox", "a.xlsx", xlsx(annex1("张家塬镇", **FAULT)))
    drop(tmp_path / "inbox", "b.xlsx", xlsx(annex1("城关镇", **FAULT)))
    whole = pipeline.slips.in_workers

    def one_lost(*about: object):
        for i, result in whole(*about):
            yield i, pipeline.slips.LostError() if i == 1 else result

    def fails(*_: object):
        raise ValueError("a fault of our own")

    monkeypatch.setattr(pipeline.slips, "in_workers", one_lost)
    monkeypatch.setattr("pipeline.slips.maker.annex1_form", fails)
    done = consolidated(tmp_path)
    assert [p.name for p in done.slips] == ["城关镇_b.xlsx"]
    assert [n for n in done.notices if n.startswith("“张家塬镇”的退回修改表没有生成")]


def test_control_characters_in_a_comment_and_a_name_stop_nothing(tmp_path):
    data = official(annex1("张家塬镇", **FAULT))
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        given = {n: z.read(n).replace("含市局转来的".encode(), "含_x0001_\u202e市局".encode()) for n in z.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, part in given.items():
            z.writestr(name, part)
    slip = slip_of(tmp_path, out.getvalue(), "张家塬镇\x01\u202e附件1.xlsx")
    assert not [
        c
        for c in note_of(slip) + str(openpyxl.load_workbook(io.BytesIO(slip))["附件1"]["G6"].comment.text)
        if c in "\x01\u202e"
    ]

"""The two workbooks, read back as their reader would."""

from __future__ import annotations

import datetime as dt
import errno
import io
import os
import zipfile
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from pipeline.errors import OutputError
from pipeline.model import Month
from pipeline.output_marker import COUNTY, LEDGER, marker_of
from pipeline.run import Done, Job, run
from pipeline.slips.package import packed
from pipeline.write.book import Book, safe
from pipeline.write.room import row_height
from tests.builders import (
    FORM,
    MAY,
    RECEIVED,
    TODAY,
    annex1,
    annex2,
    column_of,
    drop,
    figures_in,
    remark_in,
    row_of,
    xlsx,
)
from tests.inboxes import COUNTY_FILE, clean_month, faulty_month


def consolidated(root: Path, period: Month | None = MAY, county: Path | None = None, today: dt.date = TODAY) -> Done:
    (root / "inbox").mkdir(exist_ok=True)
    return run(Job(root / "inbox", root / "outbox", county or COUNTY_FILE, today, period))


def opened(path: Path, *, stored: bool = True) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=stored)


def rows_of(sheet: openpyxl.worksheet.worksheet.Worksheet) -> dict[str, list[object]]:
    """汇总表 by the name of the row."""
    return {
        str(row[1] or row[0]): list(row) for row in sheet.iter_rows(min_row=6, values_only=True) if row[1] or row[0]
    }


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    root = tmp_path_factory.mktemp("clean")
    _, filed = clean_month(root / "inbox")
    return consolidated(root), filed


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    root = tmp_path_factory.mktemp("faulty")
    faulty_month(root)
    return consolidated(root, county=root / "county.toml")


def test_a_clean_month_of_27_returns_gives_no_finding(clean):
    done, _ = clean
    assert done.month.findings == ()
    assert {r.status for r in done.month.rows} == {"按时"}
    assert len(done.month.rows) == 27


def test_every_figure_stands_where_it_belongs_and_sums_agree(clean):
    done, filed = clean
    rows = rows_of(opened(done.files[0])["汇总表"])
    for unit, values in filed.items():
        assert figures_in(rows[unit]) == list(values.values())
    for name, kind in (("镇小计", "town"), ("部门小计", "department"), ("合计", "")):
        units = [r.unit for r in done.month.rows if kind in ("", r.kind)]
        assert figures_in(rows[name], FORM.counts) == [sum(filed[u][k] for u in units) for k in FORM.counts]
        assert figures_in(rows[name], FORM.answers) == [f"{len(units)}/{len(units)}"]


def test_totals_are_live_formulas(clean):
    done, _ = clean
    rows = rows_of(opened(done.files[0], stored=False)["汇总表"])
    for name in ("镇小计", "部门小计", "合计"):
        assert all(str(v).startswith("=") for v in figures_in(rows[name]))


def test_the_county_form_equals_the_total(clean):
    done, _ = clean
    book = opened(done.files[0])
    total = rows_of(book["汇总表"])["合计"]
    own = next(book["附件1"].iter_rows(min_row=6, max_row=6, values_only=True))
    assert [own[column_of(k)] for k in FORM.counts] == figures_in(total, FORM.counts)
    assert [own[column_of(k)] for k in FORM.answers] == [None]


def test_sheets_and_columns_of_the_contract(faulty):
    county, office = (opened(p) for p in faulty.files)
    assert county.sheetnames == ["汇总表", "附件1", "差异清单", "报送情况", "累计与趋势", "联络员名单", "说明"]
    assert office.sheetnames == ["催报电话单", "通知文本", "差异清单", "联络员名单", "来源台账", "数据溯源"]
    heads = "级别 单位 统计时间 栏目 指标 填报值 参考值 差额 问题描述 处理建议 状态 核实说明 编号 规则 来源文件 工作表 单元格".split()
    assert [c.value for c in county["差异清单"][2]] == heads
    assert [c.value for c in office["差异清单"][2]] == [*heads, "单位说明", "处理结果"]
    assert [
        c.value for c in office["来源台账"][1]
    ] == "文件 工作表 表式 单位 统计时间 收到时间 SHA-256 处理结果 说明".split()
    assert county.active.title == "汇总表"
    assert faulty.files[0].name == "千阳县乡村振兴领域专项整治工作开展情况数据统计汇总表（2023年5月）.xlsx"
    assert [marker_of(p.read_bytes()) for p in faulty.files] == [COUNTY, LEDGER]


def test_every_file_has_its_line(faulty):
    office = opened(faulty.files[1])["来源台账"]
    rows = list(office.iter_rows(min_row=2, values_only=True))
    dispositions = {row[0]: row[7] for row in rows if row[0]}
    assert dispositions == {
        "2023-06-26/县住建局.xlsx": "采用",
        "~$城关镇附件1.xlsx": "忽略",
        "城关镇附件1.xlsx": "采用",
        "张家塬镇附件1.xlsx": "采用",
        "通知.xlsx": "非报表",
        "附件1(3).xlsx": "未采用",
        "附件2/县住建局名单.xlsx": "采用",
        "附件2/城关镇名单.xlsx": "采用",
        "附件2/张家塬镇名单.xlsx": "采用",
    }
    balance = {row[7]: row[8] for row in rows if not row[0]}
    assert balance == {
        "核对：收件夹中9个文件，登记9行": None, "处理结果": "行数", None: None,
        "采用": 6, "忽略": 1, "非报表": 1, "未采用": 1, "合计": 9,
    }  # fmt: skip


def test_a_faulty_cell_leads_to_its_line_and_the_line_to_the_cell(faulty):
    county = opened(faulty.files[0], stored=False)
    sheet, lines = county["汇总表"], county["差异清单"]
    row = next(r for r in range(6, 20) if sheet.cell(r, 2).value == "张家塬镇")
    column = 3 + FORM.keys.index("petitions_total")
    link = sheet.cell(row, column).hyperlink.location
    line = int(link.rpartition("A")[2])
    cells = dict(zip((c.value for c in lines[2]), (c.value for c in lines[line]), strict=True))
    assert [cells[h] for h in ("规则", "单位", "指标")] == ["PET-1", "张家塬镇", "总计、自办、转办"]
    assert lines.cell(line, 1).hyperlink.location == f"'汇总表'!{sheet.cell(row, column).coordinate}"
    blank = sheet.cell(row, 3 + FORM.keys.index("press"))
    assert blank.value.startswith("=HYPERLINK(\"#'差异清单'!A")
    assert opened(faulty.files[0])["汇总表"][blank.coordinate].value in (None, "")


def test_every_figure_leads_back_to_its_cell(faulty):
    office = opened(faulty.files[1])["数据溯源"]
    rows = list(office.iter_rows(min_row=2, values_only=True))
    sums = dict.fromkeys(FORM.counts, 0)
    labels = {(FORM.column[k].label, FORM.group_of[k].label): k for k in FORM.counts}
    for unit, group, label, value, filed, file, sha, sheet, cell in rows:
        assert all((unit, filed, file, len(sha) == 64, sheet, cell))
        if (label, group) in labels:
            sums[labels[label, group]] += value
    total = rows_of(opened(faulty.files[0])["汇总表"])["合计"]
    assert list(sums.values()) == figures_in(total, FORM.counts)


def test_who_reported_and_how_many(faulty):
    sheet = opened(faulty.files[0])["报送情况"]
    rows = {row[1]: row for row in sheet.iter_rows(min_row=3, values_only=True) if row[1]}
    may = next(sheet.iter_rows(min_row=2, max_row=2, values_only=True)).index("2023年5月")
    assert {u: rows[u][may] for u in ("城关镇", "张家塬镇", "县住建局", "县财政局")} == {
        "城关镇": "按时",
        "张家塬镇": "有误",
        "县住建局": "迟报",
        "县财政局": "未报",
    }
    rates = {row[2]: row[may] for row in sheet.iter_rows(min_row=3, values_only=True) if row[1] == "全县"}
    assert rates == {"应报": 4, "报送": 3, "按时报送": 2, "报送率": 0.75, "及时率": 0.5}
    row = rows_of(opened(faulty.files[0])["汇总表"])["县财政局"]
    assert (set(figures_in(row)), remark_in(row)) == ({None}, "未报")


def test_phones_are_masked_in_what_is_sent_up(faulty):
    county, office = (opened(p)["联络员名单"] for p in faulty.files)
    assert [c.value for c in county["F"]][2:4] == ["130****0000", "130****0001"]
    assert [c.value for c in office["F"]][2:4] == ["13000000000", "13000000001"]


def test_the_same_inbox_gives_the_same_bytes_and_leaves_the_files_alone(tmp_path):
    faulty_month(tmp_path)
    first = consolidated(tmp_path, county=tmp_path / "county.toml")
    bytes_of, times = [p.read_bytes() for p in first.files], [p.stat().st_mtime_ns for p in first.files]
    again = consolidated(tmp_path, county=tmp_path / "county.toml")
    assert [p.read_bytes() for p in again.files] == bytes_of
    assert [p.stat().st_mtime_ns for p in again.files] == times


def test_an_empty_inbox_is_a_normal_state(tmp_path):
    done = consolidated(tmp_path)
    assert {f.rule for f in done.month.findings} == {"REP-1", "CON-1"}
    total = figures_in(rows_of(opened(done.files[0])["汇总表"])["合计"])
    assert total == [0 if v == 0 else "0/27" for v in row_of(0)]


def test_own_workbooks_in_the_inbox_are_no_returns(tmp_path):
    faulty_month(tmp_path)
    done = consolidated(tmp_path, county=tmp_path / "county.toml")
    for path in done.files:
        drop(tmp_path / "inbox", f"旧/{path.name}", path.read_bytes())
    again = consolidated(tmp_path, county=tmp_path / "county.toml")
    assert {t.outcome for t in again.month.sources if t.source.path.startswith("旧/")} == {"忽略"}
    assert again.month.findings == done.month.findings


def test_a_file_that_is_not_ours_is_not_replaced(tmp_path):
    faulty_month(tmp_path)
    done = consolidated(tmp_path, county=tmp_path / "county.toml")
    theirs = xlsx(annex1())
    done.files[0].write_bytes(theirs)
    done.files[1].unlink()
    with pytest.raises(OutputError, match="不是本程序生成的文件"):
        consolidated(tmp_path, county=tmp_path / "county.toml")
    assert done.files[0].read_bytes() == theirs
    assert not done.files[1].exists()


def test_hostile_text_stays_text(tmp_path):
    nasty = [
        "=1+1",
        "+cmd|x",
        "@SUM(1)",
        r"\\host\share",
        "http://x.invalid",
        "../../x.xlsx",
        "a\x01b\x0b",
        "\ud800",
        "长" * 40_000,
    ]
    book = Book(COUNTY, "t", "o", TODAY)
    sheet = book.sheet("s", [10])
    for i, text in enumerate(nasty):
        book.put(sheet, i, 0, text, "text")
    data = book.close()
    cells = [c for (c,) in openpyxl.load_workbook(io.BytesIO(data))["s"].iter_rows()]
    assert [c.data_type for c in cells] == ["s"] * len(nasty)
    assert all(c.hyperlink is None for c in cells)
    assert [c.value for c in cells][:6] == nasty[:6]
    assert len(cells[-1].value) <= 32_767
    assert safe("a\x01\ud800") == "a\ufffd\ufffd"


def test_a_whole_number_of_lines_is_high_enough():
    assert row_height(["一二三四五六七八九十"], [11]) > row_height(["一二三四五"], [11])
    assert row_height([None, ""], [5, 5]) == row_height(["短"], [9])


@pytest.mark.parametrize("received", [RECEIVED, RECEIVED.replace(day=25, hour=23, minute=59)])
def test_the_newest_contact_list_counts(tmp_path, received):
    faulty_month(tmp_path)
    drop(
        tmp_path / "inbox",
        "新名单.xlsx",
        xlsx(
            annex2("城关镇", [("分管领导", "赵六", "镇长", "13700000001"), ("业务骨干", "钱七", "科员", "13700000002")])
        ),
        received,
    )
    done = consolidated(tmp_path, county=tmp_path / "county.toml")
    assert [p.name for one in done.month.contacts if one.unit == "城关镇" for p in one.people] == ["赵六", "钱七"]


def test_workbooks_are_whole_zip_files(clean):
    done, _ = clean
    for path in done.files:
        with zipfile.ZipFile(path) as z:
            assert z.testzip() is None
    assert not [p for p in done.files[0].parent.iterdir() if p not in (*done.files, done.record)]


def test_a_correction_of_an_earlier_month_marks_no_cell_of_this_one(tmp_path):
    clean_month(tmp_path / "inbox")
    for path, day, press in (("4月/a.xlsx", 5, 8), ("4月/b.xlsx", 30, 9)):
        drop(
            tmp_path / "inbox",
            path,
            xlsx(annex1("城关镇", "2023年4月", press=press)),
            RECEIVED.replace(month=5, day=day),
        )
    done = consolidated(tmp_path)
    assert [(f.rule, str(f.month)) for f in done.month.findings] == [("FILE-5", "2023-04")]
    row = rows_of(opened(done.files[0])["汇总表"])["城关镇"]
    assert remark_in(row) is None
    assert opened(done.files[0])["差异清单"]["A3"].hyperlink is None


def test_grades_are_seen_by_colour(faulty):
    sheet = opened(faulty.files[0])["汇总表"]
    colours = {
        sheet.cell(7, 3 + FORM.keys.index(k)).fill.fgColor.rgb
        for k in ("petitions_total", "broadcast", "created", "inspections")
    }
    assert colours == {"FFF8B4AE", "FFFFE699", "FFCFE2F3", "00000000"}


@pytest.mark.parametrize(("how", "shown"), [("full", "13000000000"), ("masked", "130****0000"), ("omit", None)])
def test_phones_as_configured(tmp_path, how, shown):
    faulty_month(tmp_path)
    county = tmp_path / "county.toml"
    county.write_text(county.read_text(encoding="utf-8") + f'[report]\nphones = "{how}"\n', encoding="utf-8")
    sheet = opened(consolidated(tmp_path, county=county).files[0])["联络员名单"]
    heads = [c.value for c in sheet[2]]
    assert ("联系方式" in heads) == (shown is not None)
    assert shown is None or sheet.cell(3, heads.index("联系方式") + 1).value == shown


def test_where_one_file_cannot_be_replaced_none_is(tmp_path, monkeypatch):
    faulty_month(tmp_path)
    first = consolidated(tmp_path, county=tmp_path / "county.toml")
    before = [p.read_bytes() for p in first.files]
    drop(tmp_path / "inbox", "县财政局.xlsx", xlsx(annex1("县财政局")))
    real = os.replace

    def refusing(old: Path, new: Path) -> None:
        if new == first.files[1]:
            raise PermissionError(errno.EACCES, "in use")
        real(old, new)

    monkeypatch.setattr("pipeline.write.files.os.replace", refusing)
    with pytest.raises(OutputError, match="没有权限"):
        consolidated(tmp_path, county=tmp_path / "county.toml")
    assert [p.read_bytes() for p in first.files] == before
    there = {p for p in first.files[0].parent.rglob("*") if p.is_file()}
    assert there == {*first.files, first.record, *first.slips}


def test_hostile_words_of_a_unit_stay_words_through_a_whole_run(tmp_path):
    faulty_month(tmp_path)
    nasty = '=HYPERLINK("http://x.invalid")'
    sheet = annex1(nasty, "2023年5月", press="+cmd|x", broadcast="@SUM(1)")
    sheet.name = "=1+1"
    drop(
        tmp_path / "inbox",
        "=cmd.xlsx",
        xlsx(sheet, annex2(nasty, [("分管领导", "=1+1", "@x", "-1"), ("业务骨干", "", "", "")])),
    )
    done = consolidated(tmp_path, county=tmp_path / "county.toml")
    for path in done.files:
        for ws in openpyxl.load_workbook(path):
            formulas = [c.value for row in ws.iter_rows() for c in row if c.data_type == "f"]
            assert not any("x.invalid" in f or "cmd" in f or f in ("=1+1",) for f in formulas)
            assert not any(c.hyperlink and c.hyperlink.target for row in ws.iter_rows() for c in row)


def test_the_same_bytes_are_packed_on_windows(tmp_path, monkeypatch):
    faulty_month(tmp_path)
    drop(tmp_path / "inbox", "县财政局.xlsx", xlsx(annex1("县财政局", self_handled=9)))
    done = consolidated(tmp_path, county=tmp_path / "county.toml")
    before = {path: path.read_bytes() for path in (*done.files, *done.slips)}
    systems = {info.create_system for path in before for info in zipfile.ZipFile(path).infolist()}
    monkeypatch.setattr(zipfile, "sys", SimpleNamespace(platform="win32"))
    assert zipfile.ZipInfo().create_system == 0
    assert packed(before[done.slips[0]], TODAY) == before[done.slips[0]]
    book = Book(COUNTY, "x", "y", TODAY)
    book.sheet("一", [9])
    on_windows = book.close()
    monkeypatch.undo()
    book = Book(COUNTY, "x", "y", TODAY)
    book.sheet("一", [9])
    assert (systems, on_windows) == ({3}, book.close())

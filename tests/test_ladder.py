"""A county's workbook is a return for the city: its figures, its lines and its proof come along, and nothing is judged twice."""

from __future__ import annotations

import io
import random
import shutil
import subprocess

import openpyxl
import pytest

from pipeline.model import IGNORED, Month
from tests.builders import FORM, MAY, RECEIVED, VALUES, annex1, drop, figures_in, xlsx
from tests.ladder import COUNTIES, UNITS, a_city_run, a_county_run, city_toml, totals
from tests.office import sheet_of

CAME = RECEIVED.replace(month=6, day=20)


def sent(done):
    return done.files[0].read_bytes()


def deliver(city, done, name="a.xlsx"):
    return drop(city / "inbox", name, sent(done), CAME)


@pytest.fixture
def city(tmp_path):
    city_toml(tmp_path / "city")
    return tmp_path / "city"


@pytest.fixture
def county(tmp_path):
    """A county's run with a broken relation, an odd figure, a unit that is missing, and a line that stays in the office."""
    returns = {"城关镇": [{"petitions_total": 12}], "东风镇": [{"created": "三项", "projects": 20_000}]}
    return a_county_run(tmp_path / "county", "千阳县", returns)


def changed(data, change):
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def outcomes(done):
    return {t.source.path: (t.outcome, t.note) for t in done.month.sources}


# -- the sums ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2, 3))])
def test_the_city_adds_up_what_all_returns_add_up_to(seed, tmp_path, city):
    rng, whole = random.Random(seed), dict.fromkeys(FORM.counts, 0)
    for name in COUNTIES:
        returns = {}
        for unit in UNITS:
            versions = [
                {k: rng.choice([rng.randrange(30), f"{rng.randrange(9)}次", None, "约5"]) for k in FORM.counts}
                for _ in range(rng.randrange(3))
            ]
            returns[unit] = versions
        done = a_county_run(tmp_path / name, name, returns)
        deliver(city, done, f"{rng.choice('甲乙丙')}{name}/汇总.xlsx")
        whole = {k: whole[k] + n for k, n in totals(done).items()}
    up = a_city_run(city)
    assert totals(up) == whole
    assert {r.unit: r.filed is not None for r in up.month.rows} == dict.fromkeys(COUNTIES, True)
    assert not [f for f in up.month.findings if f.rule == "LADDER-1"]
    sheet = openpyxl.load_workbook(up.files[0], data_only=True)["汇总表"]
    (row,) = [r for r in sheet.iter_rows(values_only=True) if r[0] == "合计"]
    assert figures_in(row, FORM.counts) == list(whole.values())


def test_a_figure_leads_to_the_countys_unit_and_cell(city, county):
    deliver(city, county)
    up = a_city_run(city)
    rows = sheet_of(up.files[1], "数据溯源")
    of_press = [dict(zip(rows[0], r, strict=True)) for r in rows[1:] if r[2] == FORM.column["press"].label]
    assert [r["单位"] for r in of_press] == ["千阳县 › 城关镇", "千阳县 › 东风镇"]
    book = openpyxl.load_workbook(io.BytesIO(sent(county)), data_only=True)
    for r in of_press:
        assert (r["工作表"], book["汇总表"][r["单元格"]].value, r["来源文件"]) == ("汇总表", r["计入值"], "a.xlsx")


# -- the lines --------------------------------------------------------------------------------------------------------


def test_the_countys_own_lines_come_along_and_nothing_is_judged_again(city, county):
    deliver(city, county)
    up = a_city_run(city)
    theirs = {(f.rule, f"千阳县 › {f.unit}", f.status) for f in county.month.sent_up}
    assert {(f.rule, f.unit, f.status) for f in up.month.findings if f.below} == theirs
    assert {f.rule for f in up.month.findings if not f.below} == {"REP-1"}
    assert {f.unit for f in up.month.findings if not f.below} == {"陇县", "麟游县"}
    assert {f.rule for f in up.month.sent_up if f.below} == {f.rule for f in county.month.sent_up}


def test_the_countys_status_and_words_come_along(city, county, tmp_path):
    book = openpyxl.load_workbook(county.files[1])
    sheet = book["差异清单"]
    heads = [c.value for c in sheet[2]]
    for row in sheet.iter_rows(min_row=3):
        if row[heads.index("规则")].value == "PET-1":
            row[heads.index("状态")].value, row[heads.index("核实说明")].value = "已核实", "转办未计"
    book.save(county.files[1])
    again = a_county_run(tmp_path / "county", "千阳县", {})
    deliver(city, again)
    up = a_city_run(city)
    (line,) = [f for f in up.month.findings if f.rule == "PET-1"]
    assert (line.status, line.explanation) == ("已核实", "转办未计")
    shown = openpyxl.load_workbook(up.files[0])["差异清单"]
    heads = [c.value for c in shown[2]]
    (row,) = [r for r in shown.iter_rows(min_row=3, values_only=True) if r[heads.index("规则")] == "PET-1"]
    assert (row[heads.index("单位")], row[heads.index("核实说明")]) == ("千阳县 › 城关镇", "转办未计")
    assert a_city_run(city).month.findings == up.month.findings


def test_what_the_county_has_closed_does_not_come_along(city, county, tmp_path):
    drop(tmp_path / "county/inbox", "改.xlsx", xlsx(annex1("城关镇", MAY.zh)), RECEIVED.replace(day=20))
    again = a_county_run(tmp_path / "county", "千阳县", {})
    assert [f.status for f in again.month.sent_up if f.rule == "PET-1"] == ["已销号"]
    deliver(city, again)
    assert not [f for f in a_city_run(city).month.findings if f.rule == "PET-1"]


def test_a_workbook_that_is_sent_again_brings_its_lines_up_to_date(city, county, tmp_path):
    deliver(city, county)
    book = openpyxl.load_workbook(county.files[1])
    sheet = book["差异清单"]
    heads = [c.value for c in sheet[2]]
    for row in sheet.iter_rows(min_row=3):
        if row[heads.index("规则")].value == "PET-1":
            row[heads.index("状态")].value = "已核实"
    book.save(county.files[1])
    again = a_county_run(tmp_path / "county", "千阳县", {})
    drop(city / "inbox", "b.xlsx", sent(again), CAME.replace(day=22))
    up = a_city_run(city)
    assert [f.status for f in up.month.findings if f.rule == "PET-1"] == ["已核实"]
    assert {name: outcome for name, (outcome, _) in outcomes(up).items()} == {"a.xlsx": "重复", "b.xlsx": "采用"}
    assert not [f for f in up.month.findings if f.rule == "FILE-5"]


# -- what is wrong with a workbook ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sheet", "find"), [("汇总表", "城关镇"), ("汇总表", "合计"), ("附件1", None)])
def test_a_changed_cell_is_reported(sheet, find, city, county):
    column = FORM.keys.index("press")

    def change(book):
        row = next(r for r in book[sheet].iter_rows(min_row=6) if find is None or find in (r[0].value, r[1].value))
        cell = row[column + (0 if find is None else 2)]
        cell.value = int(cell.value or 0) + 5

    drop(city / "inbox", "a.xlsx", changed(sent(county), change), CAME)
    up = a_city_run(city)
    (line,) = [f for f in up.month.findings if f.rule == "LADDER-1"]
    assert (line.grade, line.unit, line.labels, line.effect) == (
        "强制性",
        "千阳县",
        (FORM.column["press"].label,),
        0 if find == "合计" else 5,
    )
    (slip,) = up.slips
    assert openpyxl.load_workbook(slip).sheetnames[0] == "退回通知"
    assert "汇总表" in openpyxl.load_workbook(slip).sheetnames


def test_a_cell_that_was_emptied_is_0_beside_the_sums(city, county):
    def change(book):
        next(book["附件1"].iter_rows(min_row=6))[FORM.keys.index("press")].value = None

    drop(city / "inbox", "a.xlsx", changed(sent(county), change), CAME)
    (line,) = [f for f in a_city_run(city).month.findings if f.rule == "LADDER-1"]
    assert "报纸期刊宣传：汇总表各行之和为2、合计为2、附件1为0" in line.message


def test_a_slip_that_comes_back_unchanged_changes_nothing(city, county):
    def change(book):
        book["附件1"].cell(6, 1 + FORM.keys.index("press")).value = 77

    drop(city / "inbox", "a.xlsx", changed(sent(county), change), CAME)
    (slip,) = a_city_run(city).slips
    drop(city / "inbox", "回.xlsx", slip.read_bytes(), CAME.replace(day=21))
    up = a_city_run(city)
    assert outcomes(up)["回.xlsx"][0] == "重复"
    assert [f.rule for f in up.month.findings if not f.below and f.unit == "千阳县"] == ["LADDER-1"]


# -- which workbook it is ---------------------------------------------------------------------------------------------


def unmarked(data):
    """The workbook as a program saves it that keeps no properties."""
    return changed(data, lambda book: book.custom_doc_props.props.clear())


def test_a_workbook_is_known_by_its_sheets_where_its_mark_is_lost(city, county):
    drop(city / "inbox", "报市里的表.xlsx", unmarked(sent(county)), CAME)
    up = a_city_run(city)
    (row,) = [r for r in up.month.rows if r.unit == "千阳县"]
    assert row.filed is not None
    assert row.filed.book is not None


def test_our_own_workbook_and_ledgers_and_strangers_are_no_returns(tmp_path, city, county):
    stranger = a_county_run(tmp_path / "other", "岐山县", {"城关镇": [{"press": 9}]})
    deliver(city, stranger, "岐山.xlsx")
    drop(city / "inbox", "台账.xlsx", county.files[1].read_bytes(), CAME)
    deliver(city, county)
    up = a_city_run(city)
    deliver(city, up, "自己的.xlsx")
    again = a_city_run(city)
    assert {name: outcomes(again)[name][0] for name in ("岐山.xlsx", "台账.xlsx", "自己的.xlsx")} == dict.fromkeys(
        ("岐山.xlsx", "台账.xlsx", "自己的.xlsx"), IGNORED
    )
    assert not [f for f in again.month.findings if "岐山" in f.unit + f.message]
    assert again.month.findings == up.month.findings


def test_a_county_ignores_its_own_workbook(tmp_path, county):
    drop(tmp_path / "county/inbox", "x.xlsx", sent(county), CAME)
    again = a_county_run(tmp_path / "county", "千阳县", {})
    assert outcomes(again)["x.xlsx"] == (IGNORED, "本程序生成的文件")


def test_a_bare_annex_of_a_county_is_a_return_but_its_figures_may_be_large(city):
    drop(city / "inbox", "a.xlsx", xlsx(annex1("千阳县", projects=20_000, petitions_total=12)), CAME)
    up = a_city_run(city)
    assert {f.rule for f in up.month.findings if f.unit == "千阳县"} == {"PET-1"}


# -- a level further up -----------------------------------------------------------------------------------------------


def test_a_citys_workbook_is_a_return_for_the_province(tmp_path, city, county):
    deliver(city, county)
    up = a_city_run(city)
    province = tmp_path / "province"
    city_toml(province, ["宝鸡市", "咸阳市"])
    text = (
        (province / "county.toml")
        .read_text(encoding="utf-8")
        .replace('name = "宝鸡市"\noffice = "宝鸡市专班"', 'name = "陕西省"\noffice = "省专班"')
    )
    (province / "county.toml").write_text(text, encoding="utf-8")
    deliver(province, up)
    top = a_city_run(province)
    assert totals(top) == totals(county)
    assert {f.unit for f in top.month.findings if f.rule == "PET-1"} == {"宝鸡市 › 千阳县 › 城关镇"}


def test_months_go_on_in_the_city(tmp_path, city):
    for month in (Month(2023, 4), MAY):
        done = a_county_run(tmp_path / "c", "千阳县", {"城关镇": [{"press": month.month}]}, month)
        drop(city / "inbox", f"{month}.xlsx", sent(done), RECEIVED.replace(month=month.month + 1, day=15))
    up = a_city_run(city)
    (year,) = [u for u in up.month.units if u.unit == "千阳县"]
    assert year.sums["press"] == 9
    assert VALUES["press"] == 1


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice")
def test_a_workbook_saved_as_xls_is_the_same_return(tmp_path, city, county):
    (tmp_path / "a.xlsx").write_bytes(sent(county))
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "xls", "--outdir", str(tmp_path), str(tmp_path / "a.xlsx")],
        capture_output=True,
        check=True,
    )
    drop(city / "inbox", "a.et", (tmp_path / "a.xls").read_bytes(), CAME)
    up = a_city_run(city)
    assert totals(up) == totals(county)
    assert not [f for f in up.month.findings if f.rule == "LADDER-1"]

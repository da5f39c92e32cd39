"""自检: the form says of itself, by its own formulas, what the program will say of it."""

from __future__ import annotations

import io
import random

import openpyxl
import pytest

from pipeline.model import Return
from pipeline.office import forms
from pipeline.rules import NOTICE, rules_of
from pipeline.sheets import REFERENCE
from pipeline.write.calculation import Calculation, Formula
from pipeline.write.form import annex1_form, caption_addresses
from tests.builders import FORM, MAY, RECEIVED, TODAY, VALUES, a_county, a_return, annex1, cell_of, drop, read, xlsx
from tests.histories import COUNTY, a_unit, reference, typed, verdicts
from tests.inboxes import SMALL
from tests.office import saved, sheet_of

CAPTION = caption_addresses(FORM, COUNTY)[1]


def calculated(now: Return, earlier: list[Return], month: str = "2023年5月") -> tuple[set[object], list[str]]:
    """The checks that say ×, and the two texts of 自检."""
    ref = reference(now, earlier)
    form: dict[str, object] = {cell_of(k): typed(now, k) for k in FORM.keys} | {CAPTION: f"统计时间：{month}"}
    form |= dict(zip(("B7", "B8"), ref.verdicts(), strict=True))
    calculation = Calculation({FORM.annex: form, REFERENCE: ref.cells()})
    failing = {
        (c.rule, c.keys)
        for c, cell in zip(ref.checks, ref.results(), strict=True)
        if calculation.value(REFERENCE, cell)
    }
    return failing, [str(calculation.value(FORM.annex, cell)) for cell in ("B7", "B8")]


def test_on_random_units_with_history_the_form_and_the_program_agree():
    rng, seen = random.Random(3), set[str]()
    units = [a_unit(rng, f"单位{i}") for i in range(120)]
    for (now, earlier), judged in zip(units, verdicts(units), strict=True):
        failing, _ = calculated(now, earlier)
        assert failing == judged, ([typed(now, k) for k in FORM.keys], earlier)
        seen |= {rule for rule, _ in judged}
    own = ("CELL", "DEP", "SUP", "PET", "INS", "RES", "HIST")
    assert seen == {r for r, rule in rules_of(FORM).items() if r.startswith(own) and rule.grade != NOTICE}


def test_what_must_be_corrected_and_what_is_asked_stand_apart_and_blanks_are_named():
    now = a_return(petitions_total=12, broadcast=None, created=None, projects=0)
    _, (must, ask) = calculated(now, [])
    assert must == "必须改正：×总计应等于自办＋转办；"
    assert ask == "请核实：×“新建”未填写；“广播电视宣传”未填写；批次与项目应同为零或同不为零；批次一般不大于项目；"
    assert calculated(a_return(), [])[1] == ["必须改正：√", "请核实：√"]


def test_a_blank_form_is_not_filled_in_and_says_so():
    blank = a_return(**dict.fromkeys(FORM.keys))
    assert calculated(blank, [])[1] == ["必须改正：尚未填写", "请核实：尚未填写"]


def test_a_form_of_another_month_than_it_was_made_for_judges_no_history_and_says_so():
    earlier = [a_return(month=MAY.plus(-1))]
    assert calculated(a_return(), earlier)[1][1] == "请核实：×各项数字与上月完全相同；"
    said = "请核实：√（统计时间不是2023年5月，没有与以前各月核对）"
    assert calculated(a_return(), earlier, "2023年6月")[1][1] == said
    assert calculated(a_return(), earlier, "2023年 05月")[1][1] == "请核实：×各项数字与上月完全相同；"


def test_the_months_before_stand_on_the_form_and_cannot_be_typed_into():
    earlier = [a_return(month=MAY.plus(i), press=n, created="约5") for i, n in ((-3, 2), (-2, 3), (-1, 4))]
    book = openpyxl.load_workbook(io.BytesIO(annex1_form(COUNTY, "城关镇", MAY, earlier=earlier)))
    assert book.sheetnames == [FORM.annex, REFERENCE]
    sheet = book[REFERENCE]
    head, *rows = list(sheet.iter_rows(min_row=4, max_row=4 + len(FORM.keys), values_only=True))
    (press,) = (dict(zip(head, row, strict=True)) for row in rows if str(row[1]).startswith("报纸"))
    assert (press["上月（2023年4月）"], press["本年累计（截至2023年4月）"]) == (4, 9)
    assert [press[f"2023年{m}月"] for m in (2, 3, 4)] == [2, 3, 4]
    assert sheet.protection.sheet
    assert all(c.protection.locked for row in sheet.iter_rows() for c in row)
    answers = [book[FORM.annex][cell_of(k)].value for k in FORM.keys]
    assert set(answers) == {None}


def test_a_form_shows_its_results_where_nothing_calculates():
    filed = a_return(petitions_total=12)
    shown = openpyxl.load_workbook(io.BytesIO(annex1_form(COUNTY, "城关镇", MAY, filed)), data_only=True)[FORM.annex]
    assert (shown["B7"].value, shown["B8"].value) == ("必须改正：×总计应等于自办＋转办；", "请核实：√")


def test_what_a_unit_typed_is_never_a_formula():
    earlier = [a_return(month=MAY.plus(-1), press="=1+1")]
    book = openpyxl.load_workbook(
        io.BytesIO(annex1_form(COUNTY, "城关镇", MAY, a_return(press="=cmd|'/C'!A0"), earlier))
    )
    cells = [c for s in book for row in s.iter_rows() for c in row if str(c.value) in ("=1+1", "=cmd|'/C'!A0")]
    assert {c.data_type for c in cells} == {"s"}
    assert len(cells) == 3


def test_words_and_signers_have_their_place_and_only_the_words_are_read():
    book = openpyxl.load_workbook(io.BytesIO(annex1_form(a_county(), "城关镇", MAY)))
    sheet = book.active
    for key, value in VALUES.items():
        sheet[cell_of(key)] = value
    said = {c.value: c for row in sheet.iter_rows() for c in row if isinstance(c.value, str)}
    sheet.cell(said["情况说明："].row, 2).value = "含3月受理的2件"
    for label in ("填表人：", "审核人：", "联系电话："):
        said[label].value = f"{label}13800000001"
    (filed,) = read(saved(book)).tables
    assert isinstance(filed, Return)
    assert filed.explanation == "含3月受理的2件"
    assert {f.state for f in filed.figures.values()} == {"ok"}
    assert "13800000001" not in repr(filed)


def test_blank_forms_take_their_history_from_the_inbox_and_are_renewed_without_a_word(tmp_path):
    (tmp_path / "county.toml").write_text(SMALL, encoding="utf-8")
    drop(tmp_path / "inbox", "四月.xlsx", xlsx(annex1("城关镇", "2023年4月", press=7)), RECEIVED.replace(month=5))

    def written() -> tuple[object, list[str]]:
        done = forms(tmp_path / "out", tmp_path / "county.toml", TODAY, MAY, tmp_path / "inbox")
        path = next(p for p in done.files if p.name.startswith("城关镇_附件1"))
        rows = sheet_of(path, REFERENCE)[4:]
        return next(row[3] for row in rows if str(row[1]).startswith("报纸")), done.notices

    assert written() == (7, [])
    drop(tmp_path / "inbox", "四月更正.xlsx", xlsx(annex1("城关镇", "2023年4月", press=8)), RECEIVED.replace(day=2))
    assert written() == (8, [])


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=IF(1>2,1/0,3)", None),
        ("=IF(1>2,MEDIAN(Z1:Z2),3)", 3),
        ('=COUNTIF(A1:A4,">0")', 2),
        ("=MEDIAN(A1:A4)", 2),
        ('=A3=""', True),
        ("=A3=0", True),
        ('="A"="a"', True),
        ('=EXACT("A","a")', False),
        ('=LEN(TRIM(" a  b "))', 3),
        ('=(2)+3*2-1&"x"', "7x"),
        ("=AND(TRUE,A1=1,NOT(FALSE))", True),
        ('=SUBSTITUTE("a b c"," ","")', "abc"),
        ("=-A1+INT(2.7)", 1),
        ('=A4>5', True),
    ],
)  # fmt: skip
def test_a_formula_comes_to_what_excel_makes_of_it(formula, value):
    calculation = Calculation({"s": {"A1": 1, "A2": 3, "A4": "x", "B1": Formula(formula[1:])}})
    if value is None:
        with pytest.raises(ValueError, match=r"1/0"):
            calculation.value("s", "B1")
    else:
        assert calculation.value("s", "B1") == value

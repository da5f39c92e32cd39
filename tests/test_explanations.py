"""What a unit explains is not typed again: its words come back to their line, and staff judge them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.model import BEIJING, CONFIRMED, EXPLAINED, OPEN
from pipeline.office import phone_entry
from pipeline.run import Done, Job
from pipeline.sheets import NOTICE
from pipeline.write.form import annex1_form
from tests.builders import FORM, MAY, RECEIVED, TODAY, VALUES, a_county, annex1, annex2, cell_of, drop, xlsx
from tests.envelopes import mailed, zipped
from tests.inboxes import people
from tests.office import consolidated, line_in, lines_under, notice_rows, saved, set_status, slips, with_words

UNIT, ODD, WRONG = "张家塬镇", {"problems_rectified": 12}, {"problems_rectified": 12, "petitions_total": 12}
WORDS = "含3月发现的3个问题"


def came(day: int) -> dt.datetime:
    return dt.datetime(2023, 6, day, 9, tzinfo=BEIJING)


def a_month(root: Path, missing: Sequence[str] = (), **changes: object) -> Done:
    """A month in which one unit has filed that, the others nothing at fault, and those `missing` nothing at all."""
    for unit in (u for u in ("城关镇", "县住建局", "县财政局") if u not in missing):
        drop(root / "inbox", f"{unit}附件1.xlsx", xlsx(annex1(unit)), came(10))
    drop(root / "inbox", f"{UNIT}附件1.xlsx", xlsx(annex1(UNIT, **(changes or ODD))), came(10))
    for i, unit in enumerate(("城关镇", UNIT, "县住建局", "县财政局")):
        drop(root / "inbox", f"附件2/{unit}.xlsx", xlsx(annex2(unit, people(i))), came(2))
    return consolidated(root)


def answer(root: Path, done: Done, words: str = WORDS, rule: str = "SUP-1", day: int = 20, name: str = "") -> Done:
    """The unit sends its slip back with those words, and the office runs again."""
    drop(root / "inbox", name or f"回复{day}.xlsx", with_words(slips(done)[UNIT], words, rule), came(day))
    return consolidated(root)


def test_words_on_the_notice_reach_their_line_and_nobody_is_asked_again(tmp_path):
    done = answer(tmp_path, a_month(tmp_path))
    assert lines_under(done, "SUP-1") == [(EXPLAINED, "", WORDS)]
    assert done.slips == ()
    calls = openpyxl.load_workbook(done.files[1])["催报电话单"]
    assert UNIT not in {c.value for row in calls.iter_rows() for c in row if c.column == 2}
    line = line_in(done.files[1], "SUP-1")
    assert (line["状态"], line["单位说明"], line["核实说明"]) == (EXPLAINED, WORDS, None)
    again = consolidated(tmp_path)
    assert [p.read_bytes() for p in again.files] == [p.read_bytes() for p in done.files]


def test_what_must_be_corrected_stays_with_the_words_beside_it(tmp_path):
    done = a_month(tmp_path, **WRONG)
    done = answer(tmp_path, done, "转办的漏了", "PET-1")
    assert lines_under(done, "PET-1") == [(OPEN, "", "转办的漏了")]
    rows = {str(r["编号"]).rpartition("-")[0]: r for r in notice_rows(slips(done)[UNIT])}
    assert "你单位已说明：“转办的漏了”" in str(rows["PET-1"]["请这样处理"])
    assert rows["PET-1"]["情况说明（请填写）"] is None


def test_staff_accept_and_the_units_words_go_up_where_they_wrote_none(tmp_path):
    done = answer(tmp_path, a_month(tmp_path), f"{WORDS}，联系人13912345678")
    set_status(tmp_path, "SUP-1", 状态=CONFIRMED)
    done = consolidated(tmp_path)
    assert lines_under(done, "SUP-1") == [(CONFIRMED, "", f"{WORDS}，联系人13912345678")]
    sent_up = line_in(done.files[0], "SUP-1")
    assert (sent_up["状态"], sent_up["核实说明"]) == (CONFIRMED, f"{WORDS}，联系人139****5678")
    assert "单位说明" not in sent_up
    set_status(tmp_path, "SUP-1", 核实说明="已与镇上核对")
    assert line_in(consolidated(tmp_path).files[0], "SUP-1")["核实说明"] == "已与镇上核对"


def test_staff_refuse_and_only_different_words_are_an_answer(tmp_path):
    done = answer(tmp_path, a_month(tmp_path))
    set_status(tmp_path, "SUP-1", 状态=OPEN)
    done = consolidated(tmp_path)
    assert lines_under(done, "SUP-1") == [(OPEN, "", WORDS)]
    (row,) = notice_rows(slips(done)[UNIT])
    assert f"你单位已说明：“{WORDS}”。请进一步说明原因。" in str(row["请这样处理"])
    assert lines_under(consolidated(tmp_path), "SUP-1") == [(OPEN, "", WORDS)]
    done = answer(tmp_path, done, f" {WORDS}。", day=21)
    assert lines_under(done, "SUP-1") == [(OPEN, "", WORDS)]
    done = answer(tmp_path, done, "3月有3个问题5月才整改完", day=22)
    assert lines_under(done, "SUP-1") == [(EXPLAINED, "", "3月有3个问题5月才整改完")]
    assert done.slips == ()
    set_status(tmp_path, "SUP-1", 状态=OPEN)
    done = consolidated(tmp_path)
    done = answer(tmp_path, done, WORDS, day=23)
    assert lines_under(done, "SUP-1") == [(OPEN, "", "3月有3个问题5月才整改完")]


def test_a_changed_value_lapses_the_words_and_the_source_ledger_keeps_them(tmp_path):
    done = answer(tmp_path, a_month(tmp_path))
    drop(tmp_path / "inbox", "更正.xlsx", xlsx(annex1(UNIT, problems_rectified=13)), came(22))
    done = consolidated(tmp_path)
    assert lines_under(done, "SUP-1") == [(OPEN, "", ""), ("已销号", "", WORDS)]
    drop(tmp_path / "inbox", "再更正.xlsx", xlsx(annex1(UNIT)), came(23))
    done = consolidated(tmp_path)
    assert any(WORDS in t.note for t in done.month.sources)
    assert {s for s, _, _ in lines_under(done, "SUP-1")} == {"已销号"}


def test_words_stand_while_the_value_does_even_where_their_file_is_gone(tmp_path):
    done = answer(tmp_path, a_month(tmp_path))
    (tmp_path / "inbox" / "回复20.xlsx").unlink()
    assert lines_under(consolidated(tmp_path), "SUP-1") == [(EXPLAINED, "", WORDS)]
    assert done.slips == ()


@pytest.mark.parametrize("words", ["无", "/", "同上", " 。 "])
def test_words_that_say_nothing_are_no_answer(tmp_path, words):
    done = answer(tmp_path, a_month(tmp_path), words)
    assert lines_under(done, "SUP-1") == [(OPEN, "", "")]


# -- what becomes of a notice on its way ------------------------------------------------------------------------------


def _rows_sorted(book: Any) -> None:
    sheet = book[NOTICE]
    rows = [r for r in range(1, sheet.max_row + 1) if isinstance(sheet.cell(r, 1).value, int)]
    values = [[c.value for c in sheet[r]] for r in rows]
    for r, row in zip(rows, reversed(values), strict=True):
        for c, value in enumerate(row, 1):
            sheet.cell(r, c).value = value


def _columns_added(book: Any) -> None:
    book[NOTICE].insert_cols(1, 2)
    book[NOTICE].insert_rows(1, 3)


def _renamed(book: Any) -> None:
    book[NOTICE].title = "Sheet1"


def _alone(book: Any) -> None:
    for sheet in book.worksheets[1:]:
        del book[sheet.title]


@pytest.mark.parametrize("change", [_rows_sorted, _columns_added, _renamed, _alone])
def test_words_are_bound_by_number_and_never_by_place(tmp_path, change):
    done = a_month(tmp_path, **ODD, batches=0, broadcast=None)
    data = with_words(slips(done)[UNIT], WORDS, "SUP-1", change)
    drop(tmp_path / "inbox", "回复.xlsx", data, came(20))
    done = consolidated(tmp_path)
    assert lines_under(done, "SUP-1") == [(EXPLAINED, "", WORDS)]
    assert lines_under(done, "RES-1") == [(OPEN, "", "")]
    assert {f.rule for f in done.month.findings if f.status == OPEN and f.rule.startswith("FILE-2")} == set()


def test_words_beside_no_number_are_reported_and_bind_nothing(tmp_path):
    done = a_month(tmp_path)

    def mistyped(book: Any) -> None:
        for row in book[NOTICE].iter_rows():
            for c in row:
                if str(c.value).startswith("SUP-1-"):
                    c.value = f"{str(c.value)[:-1]}{'0' if str(c.value)[-1] != '0' else '1'}"

    drop(tmp_path / "inbox", "回复.xlsx", with_words(slips(done)[UNIT], WORDS, "SUP-1", mistyped), came(20))
    done = consolidated(tmp_path)
    assert lines_under(done, "SUP-1") == [(OPEN, "", "")]
    assert "没有编号" in done.notices[0]
    assert any(WORDS in t.note for t in done.month.sources)


@pytest.mark.parametrize("way", ["zip", "mail"])
def test_words_come_in_an_archive_and_in_a_mail(tmp_path, way):
    done = a_month(tmp_path)
    part = ("回复.xlsx", with_words(slips(done)[UNIT], WORDS, "SUP-1"))
    data = zipped(part) if way == "zip" else mailed(part, date="Tue, 20 Jun 2023 09:00:00 +0800").as_bytes()
    drop(tmp_path / "inbox", "回复.zip" if way == "zip" else "回复.eml", data, came(20))
    assert lines_under(consolidated(tmp_path), "SUP-1") == [(EXPLAINED, "", WORDS)]


# -- words on the form ------------------------------------------------------------------------------------------------


def said_on_form(words: str, month: str = "2023年5月", **changes: object) -> bytes:
    """A return with a row 情况说明 below its figures."""
    return xlsx(annex1(UNIT, month, **changes).put(7, 0, "情况说明：", words))


@pytest.mark.parametrize(("words", "status"), [(WORDS, EXPLAINED), ("无", OPEN), ("同上月", OPEN)])
def test_words_on_the_form_answer_what_is_to_be_confirmed(tmp_path, words, status):
    drop(tmp_path / "inbox", "报.xlsx", said_on_form(words, **ODD, batches=0, institutions_total=9), came(10))
    done = consolidated(tmp_path)
    kept = words if status == EXPLAINED else ""
    assert (lines_under(done, "SUP-1", UNIT), lines_under(done, "RES-1", UNIT)) == (
        [(status, "", kept)],
        [(status, "", kept)],
    )
    assert lines_under(done, "INS-1", UNIT) == [(OPEN, "", "")]
    assert any(f"表内）：{words}" in t.note for t in done.month.sources)


def test_words_on_the_form_lapse_with_the_value_they_were_about(tmp_path):
    drop(tmp_path / "inbox", "报.xlsx", said_on_form(WORDS, **ODD), came(10))
    drop(tmp_path / "inbox", "再报.xlsx", said_on_form(WORDS, problems_rectified=14, batches=0), came(12))
    done = consolidated(tmp_path)
    assert lines_under(done, "SUP-1") == [(OPEN, "", "")]
    drop(tmp_path / "inbox", "三报.xlsx", said_on_form(WORDS, problems_rectified=12, broadcast=None), came(14))
    done = consolidated(tmp_path)
    assert lines_under(done, "SUP-1")[0] == (EXPLAINED, "", WORDS)
    assert lines_under(done, "CELL-1") == [(OPEN, "", "")]


def test_words_copied_from_the_month_before_are_no_answer(tmp_path):
    drop(tmp_path / "inbox", "四月.xlsx", said_on_form(WORDS, "2023年4月", **ODD), RECEIVED.replace(month=5))
    drop(tmp_path / "inbox", "五月.xlsx", said_on_form(WORDS, batches=0, broadcast=1), came(10))
    assert lines_under(consolidated(tmp_path), "RES-1") == [(OPEN, "", "")]
    drop(tmp_path / "inbox", "五月二.xlsx", said_on_form("当月只公布项目", batches=0, broadcast=1), came(11))
    assert lines_under(consolidated(tmp_path), "RES-1") == [(EXPLAINED, "", "当月只公布项目")]


# -- the month as it is played ----------------------------------------------------------------------------------------


def test_a_played_month_of_three_rounds_needs_no_word_typed_twice(tmp_path):
    """A clerk, two units, three rounds: a unit explains, another corrects and explains, one word is not enough."""
    other = "县住建局"
    a_month(tmp_path)
    drop(tmp_path / "inbox", f"{other}附件1.xlsx", xlsx(annex1(other, petitions_total=12, batches=0)), came(10))
    first = consolidated(tmp_path)
    assert set(slips(first)) == {UNIT, other}

    drop(tmp_path / "inbox", "第二轮/1.xlsx", with_words(slips(first)[UNIT], "有结转", "SUP-1"), came(20))

    def corrected(book: Any) -> None:
        book["附件1"]["G6"] = 7

    back = with_words(slips(first)[other], "5月只公布项目，6月补公布批次", "RES-1", corrected)
    drop(tmp_path / "inbox", f"第二轮/{first.slips[-1].name}", back, came(20))
    second = consolidated(tmp_path)
    assert lines_under(second, "RES-1", other) == [(EXPLAINED, "", "5月只公布项目，6月补公布批次")]
    assert [s for s, _, _ in lines_under(second, "PET-1", other)] == ["已销号"]
    assert second.slips == ()

    set_status(tmp_path, "RES-1", other, 状态=CONFIRMED)
    set_status(tmp_path, "SUP-1", UNIT, 状态=OPEN)
    third = consolidated(tmp_path)
    assert set(slips(third)) == {UNIT}
    drop(tmp_path / "inbox", "第三轮/1.xlsx", with_words(slips(third)[UNIT], WORDS, "SUP-1"), came(24))
    last = consolidated(tmp_path)
    assert lines_under(last, "SUP-1", UNIT) == [(EXPLAINED, "", WORDS)]
    set_status(tmp_path, "SUP-1", UNIT, 状态=CONFIRMED)
    up = consolidated(tmp_path).files[0]
    assert line_in(up, "SUP-1", UNIT)["核实说明"] == WORDS
    assert line_in(up, "RES-1", other)["核实说明"] == "5月只公布项目，6月补公布批次"


def test_words_that_staff_enter_after_a_call_are_the_units(tmp_path):
    a_month(tmp_path)
    job = Job(tmp_path / "inbox", tmp_path / "outbox", tmp_path / "county.toml", TODAY, MAY)
    path = phone_entry(job, UNIT)
    book = openpyxl.load_workbook(path)
    (label,) = (c for row in book[FORM.annex].iter_rows() for c in row if c.value == "情况说明：")
    book[FORM.annex].cell(label.row, 2).value = WORDS
    book.save(path)
    done = consolidated(tmp_path)
    assert lines_under(done, "SUP-1") == [(EXPLAINED, "", WORDS)]
    assert lines_under(done, "FILE-5") == []


def test_words_about_sums_lapse_where_a_month_before_has_changed(tmp_path):
    april = xlsx(annex1(UNIT, "2023年4月", problems_rectified=9, press=2))
    drop(tmp_path / "inbox", "四月.xlsx", april, RECEIVED.replace(month=5))
    drop(tmp_path / "inbox", "五月.xlsx", said_on_form(WORDS, **ODD), came(10))
    assert lines_under(consolidated(tmp_path), "HIST-1") == [(EXPLAINED, "", WORDS)]
    newer = xlsx(annex1(UNIT, "2023年4月", problems_rectified=8, press=2))
    drop(tmp_path / "inbox", "四月更正.xlsx", newer, came(12))
    assert lines_under(consolidated(tmp_path), "HIST-1") == [(OPEN, "", ""), ("已销号", "", WORDS)]


# -- slips ------------------------------------------------------------------------------------------------------------


def test_a_slips_name_does_not_grow_from_round_to_round(tmp_path):
    done = a_month(tmp_path, **WRONG)
    name = done.slips[0].name
    assert name == f"{UNIT}_{UNIT}附件1.xlsx"
    for day, press in ((20, 3), (21, 4)):

        def corrected(book: Any, press: int = press) -> None:
            book["附件1"]["P6"] = press

        drop(tmp_path / "inbox", f"{day}/{name}", with_words(slips(done)[UNIT], WORDS, "PET-1", corrected), came(day))
        done = consolidated(tmp_path)
        assert [p.name for p in done.slips] == [name]
    (tmp_path / "inbox" / f"{UNIT}附件1.xlsx").unlink()
    assert [p.name for p in consolidated(tmp_path).slips] == [name]


def test_a_slip_on_the_blank_form_shows_its_checks_and_the_words_of_its_row_are_read(tmp_path):
    form = openpyxl.load_workbook(io.BytesIO(annex1_form(a_county(), UNIT, MAY)))
    for key, value in (VALUES | WRONG).items():
        form.active[cell_of(key)] = value
    a_month(tmp_path, problems_rectified=9)
    drop(tmp_path / "inbox", f"{UNIT}报表.xlsx", saved(form), came(12))
    data = slips(consolidated(tmp_path))[UNIT]
    shown = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["附件1"]
    assert shown["B7"].value == "必须改正：×总计应等于自办＋转办；"
    assert shown["B8"].value == "请核实：×推动整改一般不大于发现问题；"
    live = openpyxl.load_workbook(io.BytesIO(data))["附件1"]
    assert str(live["B7"].value).startswith("=")


def test_the_slip_about_running_totals_says_what_to_do_about_the_months_before(tmp_path):
    grown = ("party_meetings", "coordination_meetings", "press", "new_media")
    for month in (3, 4, 5):
        filed = annex1(UNIT, f"2023年{month}月", **dict.fromkeys(grown, 2 * month))
        drop(tmp_path / "inbox", f"{month}.xlsx", xlsx(filed), RECEIVED.replace(month=month + 1))
    (row,) = notice_rows(slips(consolidated(tmp_path))[UNIT])
    assert "2023年3月、2023年4月填的也是累计数的，请各月分别用空白表改填当月数" in str(row["请这样处理"])

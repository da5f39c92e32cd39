"""The blank forms, entries after a phone call, and one file looked at by itself."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from pipeline import output_marker
from pipeline.cli import main
from pipeline.commands import command
from pipeline.model import Contacts, Month, Return
from pipeline.output_marker import marker_of
from pipeline.write.form import annex1_form, annex2_form
from tests.builders import (
    FORM,
    MAY,
    RECEIVED,
    VALUES,
    Sheet,
    a_county,
    a_return,
    annex1,
    annex2,
    cell_of,
    drop,
    expected,
    figures_of,
    read,
    xlsx,
)
from tests.inboxes import SMALL, faulty_month

NAME = "城关镇_附件1（2023年5月）.xlsx"


def filled(data: bytes, values: dict[str, object]) -> bytes:
    """The form as a clerk fills it in and saves it, without the results of its formulas."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for cell, value in values.items():
        book.active[cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def invoke(root: Path, *args: str) -> Result:
    (root / "county.toml").write_text(SMALL, encoding="utf-8")
    return CliRunner().invoke(main, [*args, "--county", str(root / "county.toml"), "--today", "2023-06-28"])


def test_a_form_filled_in_is_read_as_it_was_filled():
    data = filled(annex1_form(a_county(), "城关镇", MAY), {cell_of(k): v for k, v in VALUES.items()})
    (filed,) = read(data, NAME).tables
    assert isinstance(filed, Return)
    assert figures_of(filed) == expected()
    assert {f.state for f in filed.figures.values()} == {"ok"}
    assert (filed.unit, filed.unit_stated.origin, filed.month, filed.month_full) == ("城关镇", "form", MAY, True)
    assert (filed.row_fault, filed.header.renamed, filed.header.moved, filed.header.added) == ("", {}, (), ())
    assert marker_of(data) == output_marker.FORM


def test_forms_filled_in_and_sent_back_give_no_notice(tmp_path):
    assert invoke(tmp_path, "forms", "--outbox", str(tmp_path / "out")).exit_code == 0
    names = ["城关镇", "张家塬镇", "县住建局", "县财政局"]
    for i, path in enumerate(sorted((tmp_path / "out").rglob("*.xlsx"))):
        if "附件1" in path.name:
            data = filled(path.read_bytes(), {cell_of(k): v for k, v in VALUES.items()})
        else:
            people = {"A5": "分管领导：张三", "B5": "副镇长", "C5": f"138{i:08d}"}
            people |= {"A6": "业务骨干：李四", "B6": "科员", "C6": f"139{i:08d}"}
            data = filled(path.read_bytes(), people)
        drop(tmp_path / "inbox", path.name, data)
    again = ["consolidate", "--inbox", str(tmp_path / "inbox"), "--outbox", str(tmp_path / "out")]
    lines = invoke(tmp_path, *again).output.splitlines()
    assert lines[2].split()[1:] == [str(len(names)), "4", *["0"] * 8]
    assert lines[3] == "文件：采用 8"


def test_only_answers_words_and_signers_can_be_typed_into_and_each_answer_is_validated():
    sheet = openpyxl.load_workbook(io.BytesIO(annex1_form(a_county(), "城关镇", MAY)))["附件1"]
    answers = {cell_of(k) for k in FORM.keys}
    open_rows = {c.row for row in sheet.iter_rows() for c in row if not c.protection.locked} - {6}
    assert [sheet.cell(r, 1).value for r in sorted(open_rows)] == ["情况说明：", "填表人："]
    assert answers == {c.coordinate for c in sheet[6] if not c.protection.locked}
    assert (sheet.protection.sheet, sheet.protection.password) == (True, None)
    rules = {str(v.sqref): v for v in sheet.data_validations.dataValidation}
    assert set(rules) == answers
    validations = {(v.type, v.operator, v.formula1) for v in rules.values()}
    assert validations == {("list", None, '"是,否"'), ("whole", "greaterThanOrEqual", "0")}
    assert all(v.error and v.showErrorMessage and v.prompt for v in rules.values())
    assert any("表式版本" in str(row[0].value) for row in sheet.iter_rows())


def test_a_form_keeps_what_was_filed_in_its_own_words():
    data = annex1_form(
        a_county(), "城关镇", MAY, a_return(press="约5", created="3次", body_established="√", batches=None)
    )
    (filed,) = read(data, NAME).tables
    assert isinstance(filed, Return)
    assert [filed.figures[k].filed for k in ("body_established", "press", "created", "batches")] == [
        "是",
        "约5",
        "3次",
        "",
    ]


def test_the_blank_contact_list_is_recognised_and_the_filled_one_whole():
    data = annex2_form(a_county(), "城关镇", MAY)
    people = {
        "A5": "分管领导：张三",
        "B5": "副镇长",
        "C5": "13800000001",
        "A6": "业务骨干：李四",
        "B6": "科员",
        "C6": "13800000002",
    }
    blank, full = (read(d, "城关镇_附件2.xlsx").tables[0] for d in (data, filled(data, people)))
    assert isinstance(blank, Contacts)
    assert isinstance(full, Contacts)
    assert {(p.name, p.post, p.phone) for p in blank.people} == {("", "", "")}
    assert [(p.role, p.name, p.phone) for p in full.people] == [
        ("leader", "张三", "13800000001"),
        ("liaison", "李四", "13800000002"),
    ]


def test_forms_are_the_same_from_run_to_run(tmp_path):
    first, second = (
        {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in (tmp_path / "空白表（2023年5月）").iterdir()}
        for _ in range(2)
        if invoke(tmp_path, "forms", "--outbox", str(tmp_path)).exit_code == 0
    )
    assert first == second
    assert len(first) == 8


def test_forms_say_for_which_month_they_are_and_why(tmp_path):
    for asked, said in (
        ((), f"2023年5月（今天的上一个月；要别的月份的，请运行 {command('年-月', 'forms')}）"),
        (("--period", "2023年6月"), "2023年6月（按指定月份）"),
    ):
        lines = invoke(tmp_path, "forms", "--outbox", str(tmp_path), *asked).output.splitlines()
        where = tmp_path / f"空白表（{said[:7]}）"
        assert lines == [f"统计时间：{said}", f"已写出：{where}（空白表 8 份）"]


@pytest.mark.parametrize("typed", ["2023-05", "2023-5", "2023.5", "2023/05", "202305", "2023年5月", " 2023-05 "])
def test_a_month_is_taken_as_people_type_it(typed):
    assert Month.typed(typed) == MAY


@pytest.mark.parametrize(
    "typed", ["月", "5月", "2023", "20235", "2023-13", "2023-00", "23-05", "2023-05-01", "２０２３"]
)
def test_what_is_no_month_is_refused(typed):
    with pytest.raises(ValueError, match=typed):
        Month.typed(typed)


# -- phone-entry ------------------------------------------------------------------------------------------------------


def phone(root: Path, *args: str) -> Result:
    return invoke(root, "phone-entry", *args, "--inbox", str(root / "inbox"))


def outcomes(root: Path) -> str:
    args = ["consolidate", "--inbox", str(root / "inbox"), "--outbox", str(root / "out"), "--period", "2023-05"]
    return invoke(root, *args).output.splitlines()[3]


def test_a_phone_entry_is_a_copy_until_it_is_changed_and_then_it_wins(tmp_path):
    drop(tmp_path / "inbox", "城关镇.xlsx", xlsx(annex1(press="3次", broadcast="约5")))
    assert phone(tmp_path, "千阳县城关镇", "2023-05").exit_code == 0
    entry = tmp_path / "inbox" / "电话更正" / NAME
    assert outcomes(tmp_path) == "文件：采用 1，重复 1"
    entry.write_bytes(filled(entry.read_bytes(), {cell_of("broadcast"): 5}))
    assert outcomes(tmp_path) == "文件：被替代 1，采用 1"


def test_a_phone_entry_never_replaces_what_staff_typed(tmp_path):
    assert phone(tmp_path, "城关镇").exit_code == 0
    entry = tmp_path / "inbox" / "电话更正" / NAME
    before = entry.read_bytes()
    again = phone(tmp_path, "城关镇")
    assert (again.exit_code, "已经有" in again.output) == (1, True)
    assert entry.read_bytes() == before
    assert outcomes(tmp_path) == "文件：忽略 1"


@pytest.mark.parametrize(
    ("args", "message"), [(["城管镇"], "城关镇"), (["城关镇", "2024-05"], "不在专项整治期内"), ([], "用法")]
)
def test_a_phone_entry_of_nobody_is_wrong_use(tmp_path, args, message):
    done = phone(tmp_path, *args)
    assert (done.exit_code, message in done.output) == (2, True)


# -- check ------------------------------------------------------------------------------------------------------------


def test_one_file_is_looked_at_by_itself(tmp_path):
    inbox = faulty_month(tmp_path)
    done = invoke(tmp_path, "check", str(inbox / "张家塬镇附件1.xlsx"), str(inbox / "附件1(3).xlsx"))
    output = done.output.splitlines()
    assert done.exit_code == 0
    assert output[0] == f"文件：{inbox / '张家塬镇附件1.xlsx'}"
    assert output[1] == "  附件1　单位：张家塬镇　统计时间：2023年5月　可以采用"
    assert [line.split()[1] for line in output[2:7]] == ["PET-1", "CELL-2", "CELL-1", "PERIOD-3", "CELL-3"]
    assert "  附件1　单位：不在名单中　统计时间：2023年5月　不能采用" in output
    assert not list(tmp_path.glob("out*"))


def test_what_is_told_of_one_file_carries_no_phone_and_no_name(tmp_path):
    people = [("分管领导", "张三", "副镇长", "1380000"), ("业务骨干", "李四", "科员", "13800000002")]
    drop(tmp_path, "名单.xlsx", xlsx(annex2("城关镇", people)), RECEIVED)
    output = invoke(tmp_path, "check", str(tmp_path / "名单.xlsx")).output
    assert "CON-3" in output
    assert not any(word in output for word in ("张三", "李四", "1380000"))


def test_a_file_that_is_no_return_or_not_there(tmp_path):
    drop(tmp_path, "通知.xlsx", xlsx(Sheet("通知").put(0, 0, "关于召开会议的通知")))
    output = invoke(tmp_path, "check", str(tmp_path / "通知.xlsx"))
    assert (output.exit_code, "FILE-2" in output.output) == (0, True)
    assert invoke(tmp_path, "check", str(tmp_path / "没有.xlsx")).exit_code == 2

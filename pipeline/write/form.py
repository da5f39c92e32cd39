"""The forms as units fill them in: Annex 1 with drop-down, validation and 自检, Annex 2; all from the schemas."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from xlsxwriter.utility import xl_rowcol_to_cell as address
from xlsxwriter.worksheet import Worksheet

from pipeline import output_marker
from pipeline.county import County
from pipeline.model import Month, Return
from pipeline.rules import ERROR, QUERY
from pipeline.write.book import Book
from pipeline.write.checks import History
from pipeline.write.header import ANSWERS, caption_cells, draw_form, form_widths
from pipeline.write.reference import FAILS, HOLDS, Reference, draw_reference
from schemas.columns import NO, YES, Column
from schemas.contacts import ANNEX as CONTACTS
from schemas.contacts import CONTACT_COLUMNS, ROLES
from schemas.contacts import TITLE as CONTACTS_TITLE
from schemas.form import Form

_CHECKS = ANSWERS + 1, ANSWERS + 2
_WORDS, _SIGNERS, _NOTE = range(ANSWERS + 3, ANSWERS + 6)
CHECK_LABEL = "自检："
_SIGNED = ("填表人：", "审核人：", "联系电话：")

_ADVICE = (
    f"注：1.只需填写表格中的空白栏，填当月数；没有发生的填0，不要空着。2.自检由公式自动核对：{HOLDS}没有发现问题；“必须改正”的请改正，"
    f"“请核实”的请核对，有误的更正，确属实情的在“情况说明”一行写明原因，不用另外打电话。3.以前各月的数字见“填报参考”。4.填好后存为 Excel 表格（.xlsx）报送。"
)
_MAY = {"format_columns": True, "format_rows": True}


def figure_cell(form: Form, key: str) -> str:
    """Where a field's answer stands on the form."""
    return str(address(ANSWERS, form.keys.index(key)))


def caption_addresses(form: Form, county: County) -> tuple[str, str]:
    """Where 单位 and 统计时间 stand on it."""
    (unit, _), (month, _) = caption_cells(form_widths(form, county))
    return str(address(2, unit)), str(address(2, month))


def version(form: Form) -> str:
    """Changes with the form, and with nothing else."""
    printed = repr([(g.label, [c.printed for c in g.columns]) for g in form.groups])
    return hashlib.sha256(printed.encode()).hexdigest()[:6]


def annex1_form(
    county: County, unit: str, month: Month, filed: Return | None = None, earlier: Sequence[Return] = ()
) -> bytes:
    """A unit's form for that month, blank or with the figures as they were filed, and what it filed of months before."""
    form = county.form(month)
    book = Book(output_marker.FORM, f"{unit}{form.annex}（{month.zh}）", county.county.office, month.day(1))
    sheet = draw_form(book, form.annex, county, unit, month)
    answers = {c.key: filed.figures[c.key].as_typed if filed else None for c in form.columns}
    for column, c in enumerate(form.columns):
        book.put(sheet, ANSWERS, column, answers[c.key], "answer")
        sheet.data_validation(ANSWERS, column, ANSWERS, column, _validation(c))
    sheet.set_row(ANSWERS, 36)
    _draw_checks(book, sheet, county, month, earlier, answers)
    _draw_words(book, sheet, form_widths(form, county).first_page)
    advice = f"{_ADVICE}　表式版本 {version(form)}"
    book.across(sheet, _NOTE, form_widths(form, county).first_page, advice, "note")
    sheet.set_row(_NOTE, 48)
    sheet.protect("", _MAY)
    sheet.activate()
    sheet.set_selection(ANSWERS, 0, ANSWERS, 0)
    return book.close()


def reference_of(county: County, month: Month, earlier: Sequence[Return]) -> Reference:
    """What stands behind the form of that month of a unit with those months before."""
    form, since = county.form(month), county.campaign.mobilised_period
    here = f"'{form.annex}'!"
    answers = {key: here + figure_cell(form, key) for key in form.keys}
    caption = here + caption_addresses(form, county)[1]
    return Reference(form, History(month, tuple(earlier)), answers, caption, bool(since and since <= month))


def _draw_checks(
    book: Book, sheet: Worksheet, county: County, month: Month, earlier: Sequence[Return], answers: Mapping[str, object]
) -> None:
    """Two rows: what must be corrected and what is asked, calculated on 填报参考; coloured where there is something."""
    form, caption = county.form(month), caption_addresses(county.form(month), county)[1]
    reference = reference_of(county, month, earlier)
    there = {key: figure_cell(form, key) for key in form.keys}
    verdicts = dict(zip(_CHECKS, reference.verdicts(), strict=True))
    held = {there[k]: v for k, v in answers.items()} | {caption: f"统计时间：{month.zh}"}
    held |= {str(address(row, 1)): formula for row, formula in verdicts.items()}
    calculation = draw_reference(book, reference, form.annex, held)
    last = max(form_widths(form, county).first_page[1], 1)
    for (row, formula), grade in zip(verdicts.items(), (ERROR, QUERY), strict=True):
        sheet.write_string(row, 0, CHECK_LABEL, book.look("check"))
        book.across(sheet, row, (1, last), "", "check")
        book.formula(sheet, row, 1, formula, "check", calculation.value(form.annex, str(address(row, 1))))
        failing = {"type": "text", "criteria": "containing", "value": FAILS, "format": book.look("check", grade)}
        sheet.conditional_format(row, 1, row, last, failing)
        sheet.set_row(row, 48)


def _draw_words(book: Book, sheet: Worksheet, page: tuple[int, int]) -> None:
    """The row in which a unit explains its figures, and the places of those who sign."""
    last = max(page[1], 1)
    sheet.write_string(_WORDS, 0, "情况说明：", book.look("check"))
    book.across(sheet, _WORDS, (1, last), "", "answer_text")
    sheet.set_row(_WORDS, 40)
    third = (last + 1) // len(_SIGNED)
    for i, text in enumerate(_SIGNED if third else ()):
        book.across(
            sheet, _SIGNERS, (i * third, last if i == len(_SIGNED) - 1 else (i + 1) * third - 1), text, "signed"
        )
    sheet.set_row(_SIGNERS, 24)


def _validation(column: Column) -> dict[str, object]:
    wording = {"input_title": column.label, "input_message": column.meaning, "error_title": "请核对填写内容"}
    if column.kind == "yes_no":
        only = f"只能填“{YES}”或“{NO}”，请从下拉列表中选择。"
        return wording | {"validate": "list", "source": [YES, NO], "error_message": only}
    whole = "请填不小于0的整数，不要带单位和文字；没有发生的填0。"
    return wording | {"validate": "integer", "criteria": ">=", "value": 0, "error_message": whole}


# -- Annex 2 ----------------------------------------------------------------------------------------------------------


def annex2_form(county: County, unit: str, month: Month) -> bytes:
    """A unit's blank Annex 2; names are written behind the colons."""
    book = Book(output_marker.FORM, f"{unit}{CONTACTS}", county.county.office, month.day(1))
    sheet = book.sheet(CONTACTS, [30, 50, 30])
    sheet.write_string(0, 0, CONTACTS, book.look("caption"))
    sheet.merge_range(1, 0, 1, 2, CONTACTS_TITLE, book.look("title"))
    sheet.set_row(1, 36)
    sheet.merge_range(2, 0, 2, 2, f"单位：{unit}", book.look("caption"))
    sheet.set_row(2, 24)
    book.row(sheet, 3, [c.label for c in CONTACT_COLUMNS], "head")
    for row, role in enumerate(ROLES.values(), 4):
        book.row(sheet, row, [f"{role}：", *[None] * (len(CONTACT_COLUMNS) - 1)], "person")
        sheet.set_row(row, 36)
    sheet.set_row(3, 28)
    note = "注：姓名写在冒号后面；联系方式填11位手机号，或带区号的座机号。业务骨干为联络员。人员有变动的，请及时重新报送本表。"
    sheet.merge_range(6, 0, 6, 2, note, book.look("note"))
    sheet.set_row(6, 36)
    sheet.protect("", _MAY)
    sheet.set_selection(4, 0, 4, 0)
    return book.close()

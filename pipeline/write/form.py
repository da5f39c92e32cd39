"""The forms as units fill them in: Annex 1 with drop-down, validation and 自检, Annex 2; all from the schemas."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from xlsxwriter.utility import xl_rowcol_to_cell as address
from xlsxwriter.worksheet import Worksheet

from pipeline import mark
from pipeline.county import County
from pipeline.model import Figure, Month, Return
from pipeline.rules import MUST, rules_of
from pipeline.write.book import Book, EmptyText
from pipeline.write.header import ANSWERS, caption_cells, draw_form, form_widths
from schemas.columns import NO, YES, Column
from schemas.contacts import ANNEX as CONTACTS
from schemas.contacts import CONTACT_COLUMNS, ROLES
from schemas.contacts import TITLE as CONTACTS_TITLE
from schemas.form import Form
from schemas.relations import Address, Relation

_CHECKS, _NOTE = ANSWERS + 1, ANSWERS + 2
_CHECK_LABEL = "自检："
_HOLDS, _FAILS = "√", "×"

_ADVICE = (
    f"注：1.只需填写表格中的空白栏，填当月数；没有发生的填0，不要空着。2.自检一行由公式自动核对：{_HOLDS}相符；{_FAILS}并变红的，请核对更正，"
    f"确属实情的请在报送时说明原因。3.填好后存为 Excel 表格（.xlsx）报送。"
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


def annex1_form(county: County, unit: str, month: Month, filed: Return | None = None) -> bytes:
    """A unit's form for that month, blank or with the figures as they were filed."""
    form = county.form(month)
    book = Book(mark.FORM, f"{unit}{form.annex}（{month.zh}）", county.county.office, month.day(1))
    sheet = draw_form(book, form.annex, county, unit, month)
    for column, c in enumerate(form.columns):
        book.put(sheet, ANSWERS, column, _answer(filed.figures[c.key]) if filed else None, "answer")
        sheet.data_validation(ANSWERS, column, ANSWERS, column, _validation(c))
    sheet.set_row(ANSWERS, 36)
    since = county.campaign.mobilised_period
    _draw_checks(book, sheet, form, mobilised=bool(since and since <= month))
    advice = f"{_ADVICE}　表式版本 {version(form)}"
    book.across(sheet, _NOTE, form_widths(form, county).first_page, advice, "note")
    sheet.set_row(_NOTE, 36)
    sheet.protect("", _MAY)
    sheet.set_selection(ANSWERS, 0, ANSWERS, 0)
    return book.close()


def _answer(figure: Figure) -> object:
    """A figure as it is typed: what counts where that says the same, else the filed text."""
    if isinstance(figure.value, bool):
        return YES if figure.value else NO
    return figure.value if figure.value is not None and str(figure.value) == figure.filed else figure.filed


def _validation(column: Column) -> dict[str, object]:
    told = {"input_title": column.label, "input_message": column.meaning, "error_title": "请核对填写内容"}
    if column.kind == "yes_no":
        only = f"只能填“{YES}”或“{NO}”，请从下拉列表中选择。"
        return told | {"validate": "list", "source": [YES, NO], "error_message": only}
    whole = "请填不小于0的整数，不要带单位和文字；没有发生的填0。"
    return told | {"validate": "integer", "criteria": ">=", "value": 0, "error_message": whole}


# -- 自检 -------------------------------------------------------------------------------------------------------------


def _draw_checks(book: Book, sheet: Worksheet, form: Form, *, mobilised: bool) -> None:
    """One cell under each group that says which of its relations hold; red where one does not."""

    def at(key: str) -> str:
        return figure_cell(form, key) if key in form.column else "TRUE" if mobilised else "FALSE"

    look = book.look("check")
    red = {"type": "text", "criteria": "containing", "value": _FAILS, "format": book.look("check", MUST)}
    sheet.write_string(_CHECKS, 0, _CHECK_LABEL, look)
    for first, last, relations in _check_cells(form):
        book.across(sheet, _CHECKS, (first, last), "", "check")
        if relations:
            formula = "&".join(verdict(form, r, at) for r in relations)
            sheet.write_formula(_CHECKS, first, f"={formula}", look, EmptyText())
        sheet.conditional_format(_CHECKS, first, _CHECKS, last, red)
    sheet.set_row(_CHECKS, 84)


def _check_cells(form: Form) -> Iterator[tuple[int, int, tuple[Relation, ...]]]:
    """Under each group the first and last column of its cell, and what is judged there.

    The label stands in the first column, where a reader knows by it that this row is no return; a first group that has no
    other column is judged under the next.
    """
    end, waiting = 0, tuple[Relation, ...]()
    for group in form.groups:
        first, end = max(end, 1), end + len(group.columns)
        relations = (*waiting, *group.relations)
        waiting = relations if first == end else ()
        if first < end:
            yield first, end - 1, relations
    if waiting:
        yield 1, 1, waiting


def verdict(form: Form, relation: Relation, at: Address) -> str:
    """A formula that says √ where the relation holds, × and its sentence where not, nothing where a figure is missing."""
    sentence = rules_of(form)[relation.rule].holds
    judged = f'IF({relation.formula(at)},"{_HOLDS}","{_FAILS}{sentence}　")'
    for condition in _filled(form, relation, at):
        judged = f'IF({condition},{judged},"")'
    return judged


def _filled(form: Form, relation: Relation, at: Address) -> list[str]:
    """Formulas that are TRUE where all its figures are there; each is asked only where those behind it hold."""
    counts = [at(k) for k in relation.keys if form.column[k].kind == "count"]
    answers = [at(k) for k in relation.keys if form.column[k].kind == "yes_no"]
    asked = [f'OR({a}="{YES}",{a}="{NO}")' for a in answers]
    if counts:
        whole = ",".join(f"{c}=INT({c})" for c in counts)
        asked += [f"AND(MIN({','.join(counts)})>=0,{whole})", f"COUNT({','.join(counts)})={len(counts)}"]
    return asked


# -- Annex 2 ----------------------------------------------------------------------------------------------------------


def annex2_form(county: County, unit: str, month: Month) -> bytes:
    """A unit's blank Annex 2; names are written behind the colons."""
    book = Book(mark.FORM, f"{unit}{CONTACTS}", county.county.office, month.day(1))
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

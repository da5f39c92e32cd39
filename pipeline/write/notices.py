"""通知文本: texts to paste into a group or a message, without phones and names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipeline.county import County
from pipeline.model import LATE, OPEN, CountyMonth, Finding, Month, Return, UnitRow, day_zh
from pipeline.rules import ERROR, QUERY
from pipeline.sheets import NOTICES
from pipeline.write.book import Book
from pipeline.write.room import row_height
from pipeline.write.spoken import all_spoken
from schemas.contacts import ANNEX as CONTACTS

_GROUP = "工作群"
_COLUMNS = (("发给", 16.0), ("内容（复制粘贴即可）", 110.0))
_HEADER = 1


def of_slip(findings: Iterable[Finding], filed: Return | None, period: Month) -> list[Finding]:
    """The open lines of a return that go to its unit: those on its slip."""
    return [
        f
        for f in findings
        if filed
        and (f.unit, f.month, f.file) == (filed.unit, period, filed.source.path)
        and f.status == OPEN
        and f.grade in (ERROR, QUERY)
    ]


def write_notices(book: Book, month: CountyMonth, county: County) -> None:
    """Writes the sheet: the notice for the group, then the message that goes with each slip."""
    widths = [width for _, width in _COLUMNS]
    sheet = book.sheet(NOTICES, widths, repeat=(_HEADER, _HEADER))
    book.title(sheet, len(_COLUMNS) - 1, f"{month.month.zh}{NOTICES}")
    book.row(sheet, _HEADER, [name for name, _ in _COLUMNS], "head")
    rows = [(_GROUP, group_notice(month, county)), *messages(month, county)]
    for at, row in enumerate(rows, _HEADER + 1):
        book.row(sheet, at, row, "text", widths)
        sheet.set_row(at, row_height(row, widths))
    sheet.freeze_panes(_HEADER + 1, 1)


def group_notice(month: CountyMonth, county: County) -> str:
    """Who owes what by when; once that day is over, who is late."""
    sentences = list(_owing(month, county))
    if corrected := [unit for unit, _ in messages(month, county)]:
        sentences.append(f"已报但需修改或说明的{_units(corrected)}，请按退回修改表{_until(month, county)}报回。")
    if not sentences:
        return f"各单位{month.month.zh}{month.form.annex}已报齐，没有需要修改的。感谢支持！"
    return f"各单位：{''.join(sentences)}——{county.county.office}"


def _owing(month: CountyMonth, county: County) -> Iterator[str]:
    due, zh, annex = county.due(month.month), month.month.zh, month.form.annex
    if county.chased(month.month):
        open_rows = [r for r in month.rows if r.filed is None and not r.moved_out]
        late = [r.unit for r in month.rows if r.status == LATE]
        if month.today <= due:
            if open_rows:
                yield f"{zh}{annex}请于{day_zh(due)}前（含当日）报送，尚未收到可用报表的{_names(open_rows)}。"
        else:
            if open_rows:
                yield f"{zh}{annex}应于{day_zh(due)}前报送，已逾期仍未收到可用报表的{_names(open_rows)}，请今天报来。"
            if late:
                yield f"逾期才报送的{_units(late)}，下次请按时报送。"
    if contacts := [f.unit for f in month.findings if f.rule == "CON-1" and f.status == OPEN]:
        yield f"还没有报送{CONTACTS}的{_units(contacts)}，请尽快报送。"
    if month.without_narrative:
        yield f"还没有报送{zh}文字材料的{_units(month.without_narrative)}，请一并报送。"


def messages(month: CountyMonth, county: County) -> list[tuple[str, str]]:
    """For each unit with a slip the message that goes with it."""
    found, of_unit = [], defaultdict[str, list[Finding]](list)
    for f in month.findings:
        of_unit[f.unit].append(f)
    for row in month.rows:
        if lines := of_slip(of_unit[row.unit], row.filed, month.month):
            found.append((row.unit, _message(row, lines, month, county)))
    return found


def _message(row: UnitRow, lines: Sequence[Finding], month: CountyMonth, county: County) -> str:
    counted = "、".join(
        f"{n}处{what}"
        for grade, what in ((ERROR, "必须改正"), (QUERY, "需要核实"))
        if (n := sum(f.grade == grade for f in lines))
    )
    figures = [f for f in lines if f.rule != "FILE-5"]
    said = f"：{all_spoken(month.form, figures, plainly=True)}" if figures else ""
    return (
        f"{row.unit}：你单位{month.month.zh}{month.form.annex}有{counted}{said}。详见随附的退回修改表，有误的请改正，"
        f"确属实情的请在“情况说明”栏写明原因，{_until(month, county)}报回。——{county.county.office}"
    )


def _until(month: CountyMonth, county: County) -> str:
    due = county.due(month.month)
    return f"于{day_zh(due)}前" if month.today <= due else "于3个工作日内"


def _names(rows: Iterable[UnitRow]) -> str:
    return _units([r.unit for r in rows])


def _units(names: Sequence[str]) -> str:
    return f"有{len(names)}家：{'、'.join(names)}"

"""催报电话单: whom to call about what, the most urgent first, with a sentence to read out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.county import County
from pipeline.model import EXPLAINED, NOT_DUE, OPEN, CountyMonth, Finding, Person, UnitRow
from pipeline.phones import MASKED, shown
from pipeline.rules import ERROR, QUERY, UNUSABLE
from pipeline.sheets import CALL_ANSWERS, CALL_HEADINGS, CALLS
from pipeline.write.book import Book
from pipeline.write.room import row_height
from pipeline.write.spoken import all_spoken, without_paths
from schemas.contacts import ANNEX, LEADER, LIAISON, NAME

_WIDTHS = (5, 10, 18, 11, 8, 13, 8, 13, 42, 8, 8, 18)
_COLUMNS = tuple(zip((*CALL_HEADINGS, *CALL_ANSWERS), _WIDTHS, strict=True))
_HEADER = 1
_DONE = "已不用催（保留记录）"
_NOBODY = "本月各单位均已报齐，没有需要催的事项。"

_MISSING, _UNUSABLE, _WRONG, _ODD, _CONTACTS, _NOT_YET = range(6)
"""What can be owed, the most urgent first."""

_OUR_OWN = "FILE-6"
"""A return that the office itself has moved is no matter for its unit."""

_UNUSABLE_RULES = (*UNUSABLE, "FILE-2", "UNIT-1")


@dataclass(frozen=True)
class Owed:
    """One thing a unit owes: how urgent it is, what it is in a few words, by when, and what to say about it."""

    urgency: int
    what: str
    due: str
    said: str


def write_calls(book: Book, month: CountyMonth, county: County) -> None:
    """Writes the sheet: one row per unit that owes something, then what was noted of other units, and what else waits."""
    widths = [width for _, width in _COLUMNS]
    sheet = book.sheet(CALLS, widths, repeat=(_HEADER, _HEADER))
    book.title(sheet, len(_COLUMNS) - 1, f"{month.month.zh}{CALLS}")
    book.row(sheet, _HEADER, [name for name, _ in _COLUMNS], "head")
    rows = _rows(month, county)
    for at, row in enumerate(rows, _HEADER + 1):
        book.row(sheet, at, row, "text", widths)
    below = [*_waiting(month)] if owed(month, county) else [_NOBODY, *_waiting(month)]
    for at, text in enumerate(below, _HEADER + 1 + len(rows)):
        book.across(sheet, at, (0, len(_COLUMNS) - 1), text, "text")
        sheet.set_row(at, row_height([text], [sum(widths)]))
    sheet.freeze_panes(_HEADER + 1, 2)


def _rows(month: CountyMonth, county: County) -> list[list[object]]:
    """A row for each call to make; then the units that owe nothing any more, of which something was noted."""
    people = {one.unit: one.people for one in month.contacts}
    calls = owed(month, county)
    rows: list[list[object]] = []
    for number, (unit, things) in enumerate(calls.items(), 1):
        said = "；".join(t.said for t in things)
        reached = (*_reached(people.get(unit, ()), LIAISON), *_reached(people.get(unit, ()), LEADER))
        what = "；".join(t.what for t in things)
        hello = f"您好，这里是{county.county.office}。{said}。谢谢！"
        rows.append([number, unit, what, things[0].due, *reached, hello, *month.calls.get(unit, ())])
    for unit, noted in month.calls.items():
        if unit not in calls:
            rows.append([None, unit, _DONE, *[None] * (len(CALL_HEADINGS) - 3), *noted])
    return rows


def _waiting(month: CountyMonth) -> Iterator[str]:
    """What staff have to do themselves, and whose report in words has not come."""
    explained = Counter(f.unit for f in month.findings if f.status == EXPLAINED)
    if explained:
        units = "、".join(f"{unit}{n}条" for unit, n in explained.items())
        yield (
            f"单位已说明、等待本专班核实的{explained.total()}条（{units}）：请看差异清单“单位说明”，认可的把状态改为“已核实”，"
            f"还要单位补充的改回“{OPEN}”。不用打电话。"
        )
    if month.without_narrative:
        yield f"{month.month.zh}文字材料还没有收到的有{len(month.without_narrative)}家：{'、'.join(month.without_narrative)}。"


def _reached(people: tuple[Person, ...], role: str) -> tuple[str, str]:
    of_role = [p for p in people if p.role == role]
    return "、".join(p.name for p in of_role if p.name), "、".join(p.phone for p in of_role if p.phone)


def owed(month: CountyMonth, county: County) -> dict[str, list[Owed]]:
    """What each unit owes, the most urgent unit and thing first; in one urgency in the order of the roster."""
    found: dict[str, list[Owed]] = {}
    of_unit: dict[str, list[Finding]] = {}
    for f in month.findings:
        if f.status == OPEN:
            of_unit.setdefault(f.likely or f.unit, []).append(f)
    for row in month.rows:
        mine = of_unit.get(row.unit, [])
        things = sorted(_of_unit(mine, row, month, county), key=lambda o: o.urgency)
        if things:
            found[row.unit] = things
    return dict(sorted(found.items(), key=lambda item: item[1][0].urgency))


def _of_unit(findings: list[Finding], row: UnitRow, month: CountyMonth, county: County) -> Iterator[Owed]:
    due = county.due(month.month)
    day, zh, annex = f"{due:%Y-%m-%d}", month.month.zh, month.form.annex
    near = "".join(map(_near_miss, (f for f in findings if f.likely)))
    findings = [f for f in findings if f.rule != _OUR_OWN and not f.likely]
    here = [f for f in findings if f.month == month.month]
    if any(f.rule == "REP-1" for f in here):
        said = f"贵单位{zh}的{annex}应于{due.month}月{due.day}日前报送，现在还没有收到，请今天报来{near}"
        yield Owed(_MISSING, f"未报{zh}{annex}", day, said)
    unusable = [f for f in here if f.rule in _UNUSABLE_RULES]
    if unusable:
        said = f"贵单位报来的{zh}文件不能采用：{_why_unusable(unusable[0])}。{unusable[0].advice.rstrip('。')}"
        yield Owed(_UNUSABLE, f"{zh}报表不能采用", day, said)
    by_phone = [f for f in here if f.rule == "FILE-5" and f.grade == QUERY]
    if by_phone:
        said = f"贵单位{zh}的{annex}请以更正后的报表为准再报一份。{by_phone[0].advice.rstrip('。')}"
        yield Owed(_ODD, f"待补报{zh}{annex}", day, said)
    of_return = [f for f in here if f not in unusable and f not in by_phone and not f.rule.startswith("REP")]
    for urgency, grade, what, do in (
        (_WRONG, ERROR, "必须改正", "请按退回修改表改正后重报"),
        (_ODD, QUERY, "需要核实", "请核实，有误的改正重报，属实的请说明原因"),
    ):
        lines = [f for f in of_return if f.grade == grade]
        if lines:
            said = f"贵单位{zh}的{annex}有{len(lines)}处{what}：{all_spoken(month.form, lines)}，{do}"
            yield Owed(urgency, f"{annex}有{len(lines)}处{what}", day, said)
    if near and row.filed:
        yield Owed(_ODD, "另有一份单位名称不符", day, f"贵单位{zh}的{annex}已收到{near}")
    contacts = [f for f in findings if f.month is None]
    if contacts:
        missing = any(f.rule == "CON-1" for f in contacts)
        what = f"未报{ANNEX}" if missing else f"{ANNEX}有{len(contacts)}处问题"
        said = f"贵单位的{ANNEX}（{NAME}）" + ("还没有收到，请报送" if missing else "不完整或号码有误，请核对后重报")
        by = county.campaign.contacts_due
        yield Owed(_CONTACTS, what, f"{by:%Y-%m-%d}" if by else "", said)
    if row.status == NOT_DUE and county.chased(month.month) and not unusable and not row.moved_out:
        said = f"贵单位{zh}的{annex}请于{due.month}月{due.day}日前报送{near}"
        yield Owed(_NOT_YET, f"{zh}{annex}未到期，尚未报送", day, said)


def _near_miss(f: Finding) -> str:
    """That a return has come under a name that resembles the unit's."""
    return f"（收到一份单位写作“{shown(str(f.filed), MASKED)}”的报表，如是贵单位报的，请改正单位名称后重报）"


def _why_unusable(f: Finding) -> str:
    """What is the matter with a file, without its name."""
    return without_paths(f.message.removeprefix(f"“{f.filed}”")).rstrip("。")

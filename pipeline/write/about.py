"""说明: what the workbook is, how complete it is, the facts that matter most, the legend and the rules."""

from __future__ import annotations

from collections import Counter

from pipeline.county import County
from pipeline.model import EMPTY, LATE, NOT_DUE, NOT_REPORTED, OPEN, CountyMonth
from pipeline.rules import GRADES, MEANING, MUST, RULES
from pipeline.write.book import Book, row_height
from pipeline.write.style import GRADE_FRAME, GRADE_MARK
from pipeline.write.summary import completeness, sum_of
from schemas import COLUMN, COUNTS, GROUP_OF, GROUPS

SHEET = "说明"
_MOST = 5
"""So many of the gravest lines are told in sentences."""


def write_about(book: Book, month: CountyMonth, county: County) -> None:
    """Writes the sheet."""
    widths = [12, 12, 50, 60]
    sheet = book.sheet(SHEET, widths)
    book.title(sheet, 3, f"{county.name}{month.month.zh}报表说明")
    at = 1
    for sentence in facts(month, county):
        sheet.merge_range(at, 0, at, 3, sentence, book.look("note"))
        sheet.set_row(at, row_height([sentence], [sum(widths)]))
        at += 1
    sheet.write_string(at, 0, "图例", book.look("section"))
    for i, grade in enumerate(GRADES, 1):
        book.put(sheet, at + i, 0, GRADE_MARK[grade], "centre", grade)
        book.put(sheet, at + i, 1, grade, "centre", grade)
        book.put(sheet, at + i, 2, f"{MEANING[grade]}（{GRADE_FRAME[grade]}）", "text")
    at += len(GRADES) + 1
    sheet.write_string(at, 0, "审核规则", book.look("section"))
    book.row(sheet, at + 1, ["规则", "级别", "应当符合", "不符合时怎么办"], "head")
    for i, rule in enumerate(RULES.values(), at + 2):
        book.row(sheet, i, [rule.id, rule.grade, rule.holds, rule.advice], "text", widths)


def facts(month: CountyMonth, county: County) -> list[str]:
    """The month in sentences, the weightiest first."""
    due = county.due(month.month)
    told = [
        f"本工作簿由{county.county.office}汇总，统计时间为{month.month.zh}，各单位应于{due.year}年{due.month}月{due.day}日（含）前报送，"
        f"汇总日期{month.today.year}年{month.today.month}月{month.today.day}日。各单位数字均按原报数字列示，未作改动。",
        f"{completeness(month)}。",
        _sums(month),
    ]
    for status, words in ((NOT_REPORTED, "未报"), (NOT_DUE, "尚未报送（未到期）"), (EMPTY, "报来空表"), (LATE, "迟报")):
        units = [r.unit for r in month.rows if r.status == status]
        if units:
            told.append(f"{words}{len(units)}家：{'、'.join(units)}。")
    if month.corrections:
        told.append(f"与已上报的数字相比有{len(month.corrections)}项更正，详见“更正说明”。")
    grades = Counter(f.grade for f in month.findings if f.status == OPEN)
    told.append("待处理问题：" + "，".join(f"{g}{grades[g]}条" for g in GRADES) + "，详见“差异清单”。")
    grave = [f for f in month.findings if f.status == OPEN and f.grade == MUST and f.rule != "REP-1"]
    roster = {r.unit for r in month.rows}
    told += [f"{f.unit if f.unit in roster else f.file}：{f.message}" for f in grave[:_MOST]]
    return told


def _sums(month: CountyMonth) -> str:
    """The county's figures of the month in one sentence, group by group; those of the month before behind them."""
    before = next((m for m in month.months if m.month == month.month.plus(-1) and m.reported), None)
    parts = []
    for key in COUNTS:
        last = f"（上月{before.sums[key]}）" if before else ""
        parts.append(f"{COLUMN[key].label}{sum_of(month.rows, key)}{COLUMN[key].measure}{last}")
    groups = {g.label: [p for k, p in zip(COUNTS, parts, strict=True) if GROUP_OF[k] is g] for g in GROUPS}
    return "本月全县合计：" + "；".join(f"{name}，{'、'.join(told)}" for name, told in groups.items()) + "。"

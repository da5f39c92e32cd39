"""说明: what the workbook is, how complete it is, the facts that matter most, the legend and the rules."""

from __future__ import annotations

from collections import Counter

from pipeline.county import County
from pipeline.model import EMPTY, LATE, OPEN, CountyMonth, day_zh
from pipeline.rules import GRADES, MEANING, MUST, rules_of
from pipeline.write.book import Book, row_height
from pipeline.write.style import GRADE_MARK
from pipeline.write.summary import gaps, sum_of

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
        sheet.merge_range(at, 0, at, 3, book.text(sentence), book.look("note"))
        sheet.set_row(at, row_height([sentence], [sum(widths)]))
        at += 1
    sheet.write_string(at, 0, "图例", book.look("section"))
    for i, grade in enumerate(GRADES, 1):
        book.put(sheet, at + i, 0, GRADE_MARK[grade], "grade", grade)
        book.put(sheet, at + i, 1, grade, "grade", grade)
        book.put(sheet, at + i, 2, MEANING[grade], "text")
    at += len(GRADES) + 1
    sheet.write_string(at, 0, "审核规则", book.look("section"))
    book.row(sheet, at + 1, ["规则", "级别", "应当符合", "不符合时怎么办"], "head")
    for i, rule in enumerate(rules_of(month.form).values(), at + 2):
        book.row(sheet, i, [rule.id, rule.grade, rule.holds, rule.advice], "text", widths)


def facts(month: CountyMonth, county: County) -> list[str]:
    """The month in sentences, the weightiest first."""
    due = county.due(month.month)
    told = [
        f"本工作簿由{county.county.office}汇总，统计时间为{month.month.zh}，各单位应于{day_zh(due)}（含）前报送，"
        f"汇总日期{day_zh(month.today)}。数字均按各单位原报数列示；"
        "带单位、汉字等不规范填写按“差异清单”所列换算，不能识别的不计入。",
        _sums(month),
        *gaps(month),
    ]
    for status, words in ((EMPTY, "报来空表"), (LATE, "迟报")):
        units = [r.unit for r in month.rows if r.status == status]
        if units:
            told.append(f"{words}{len(units)}家：{'、'.join(units)}。")
    if month.corrections:
        told.append(f"与已上报的数字相比有{len(month.corrections)}项更正，详见“更正说明”。")
    grades = Counter(f.grade for f in month.findings if f.status == OPEN)
    told.append("待处理问题：" + "，".join(f"{g}{grades[g]}条" for g in GRADES) + "，详见“差异清单”。")
    return told + _grave(month)


def _grave(month: CountyMonth) -> list[str]:
    """How the lines that must be corrected are divided, and the weightiest of those about figures."""
    reported, roster = {r.unit for r in month.rows if r.filed}, {r.unit for r in month.rows}
    grave = [f for f in month.findings if f.status == OPEN and f.grade == MUST]
    counts = Counter(
        "已报单位" if f.unit in reported else "未报单位" if f.unit in roster else "名单外的来件" for f in grave
    )
    divided = [f"强制性问题中：{'，'.join(f'{who}{n}条' for who, n in counts.items())}。"] if grave else []
    return divided + [f"{f.unit}：{f.message}" for f in grave if f.unit in reported][:_MOST]


def _sums(month: CountyMonth) -> str:
    """The county's figures of the month in one sentence, group by group; those of the month before behind them."""
    before = next((m for m in month.months if m.month == month.month.plus(-1) and m.reported), None)
    form, parts = month.form, []
    for key in form.counts:
        last = f"（上月{before.sums[key]}）" if before and key in before.sums else ""
        parts.append(f"{form.column[key].label}{sum_of(month, key)}{form.column[key].measure}{last}")
    if before and before.reported != (reported := sum(r.filed is not None for r in month.rows)):
        comparable = f"本月实报{reported}家，上月{before.reported}家，与上月不能直接比较。"
    else:
        comparable = ""
    groups: dict[str, list[str]] = {}
    for key, part in zip(form.counts, parts, strict=True):
        groups.setdefault(form.group_of[key].label, []).append(part)
    return (
        "本月全县合计：" + "；".join(f"{name}，{'、'.join(told)}" for name, told in groups.items()) + f"。{comparable}"
    )

"""A county's workbook as a return: whether it adds up to what it says, and the lines of its own list that come along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.check.lines import on_return
from pipeline.ladder import adds_up, sum_of, value_in
from pipeline.model import CLOSED, CONFIRMED, EXPLAINED, OPEN, CountyBook, Finding, Month, Return
from pipeline.number import number, rule_of
from pipeline.phones import masked
from pipeline.rules import GRADES, UNIT_SEPARATOR
from pipeline.sheets import DISCREPANCIES, NOTE, NUMBER, STATUS
from schemas.form import Form


def ladder_findings(form: Form, filed: Return) -> Iterator[Finding]:
    """The lines about a return that is a county's workbook, and those it brings along."""
    if filed.book:
        yield from _does_not_add_up(form, filed, filed.book)
        for row, line in filed.book.lines:
            if carried := _carried(form, filed, row, line):
                yield carried


def _does_not_add_up(form: Form, filed: Return, book: CountyBook) -> Iterator[Finding]:
    wrong = [key for key in form.counts if not adds_up(filed, key)]
    if wrong:
        listing = "；".join(
            f"{form.column[k].label}：{book.sheet}各行之和为{sum_of(book, k)}、合计为{value_in(book.total, k)}、{form.annex}为{filed.value(k) or 0}"
            for k in wrong
        )
        most = max(abs(sum_of(book, k) - int(filed.value(k) or 0)) for k in wrong)
        yield on_return(
            form, "LADDER-1", filed, f"报来的工作簿前后不一致，已按{form.annex}计入（{listing}）。", wrong, value=most
        )


def _carried(form: Form, filed: Return, row: int, line: Mapping[str, str | float]) -> Finding | None:
    """A line of the county's own list under the path of its unit; None for what is closed, or is no line."""
    theirs, status = str(line.get(NUMBER, "")), str(line.get(STATUS, ""))
    rule, grade = rule_of(theirs), str(line.get("级别", ""))
    if not rule or grade not in GRADES or status == CLOSED:
        return None
    path = f"{filed.unit}{UNIT_SEPARATOR}{line.get('单位', '')}".removesuffix(UNIT_SEPARATOR)
    groups, labels = _texts(line, "栏目"), _texts(line, "指标")
    about = (k for k in form.keys if form.column[k].label in labels and form.group_of[k].label in groups)
    difference, value = (_number(line.get(head)) for head in ("差额", "填报值"))
    return Finding(
        id=number(rule, path, theirs),
        grade=grade,
        rule=rule,
        unit=path,
        month=Month.of_zh(str(line.get("统计时间", ""))) or filed.month,
        message=masked(str(line.get("问题描述", ""))),
        advice=str(line.get("处理建议", "")),
        groups=groups,
        labels=labels,
        keys=tuple(about),
        filed=line.get("填报值", ""),
        reference=line.get("参考值"),
        difference=difference,
        effect=abs(difference if difference is not None else value or 0),
        file=filed.source.path,
        sheet=DISCREPANCIES,
        cells=(f"A{row}",),
        status=status if status in (EXPLAINED, CONFIRMED) else OPEN,
        explanation=str(line.get(NOTE, "")),
        below=True,
    )


def _texts(line: Mapping[str, str | float], head: str) -> tuple[str, ...]:
    text = str(line.get(head, ""))
    return tuple(text.split("、")) if text else ()


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) else None

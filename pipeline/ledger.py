"""差异清单 as the office keeps it: what staff typed is carried from run to run, and closed lines stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.model import CLOSED, CONFIRMED, OPEN, Choice, Finding, LedgerLine, Month
from pipeline.rules import ASK, RULES

_TRUE = "属实"
_NOTHING_FOUND = "本期没有发现问题。"
_PHONE_RULES = ("CON-3", "CON-4")


def carried(
    findings: Sequence[Finding], before: Sequence[LedgerLine], choice: Choice, period: Month
) -> tuple[tuple[Finding, ...], tuple[LedgerLine, ...]]:
    """The lines with what staff typed, then those whose cause is gone; and the rows that are staff's own."""
    numbered: dict[str, LedgerLine] = {}
    own = []
    for line in before:
        if line.rule in RULES and line.id not in numbered:
            numbered[line.id] = line
        elif not any(_NOTHING_FOUND in str(v) for v in line.cells.values()):
            own.append(line)
    used = {unit: filed.source.path for (unit, month), filed in choice.returns.items() if month == period}
    there = {fate.source.path for fate in choice.fates}
    now = [_with_words(f, numbered[f.id]) if f.id in numbered else f for f in findings]
    current = {f.id for f in findings}
    gone = [_closed(line, used, there) for number, line in numbered.items() if number not in current]
    order = (OPEN, CONFIRMED, CLOSED)
    return tuple(sorted((*now, *gone), key=lambda f: order.index(f.status))), tuple(own)


def _with_words(f: Finding, line: LedgerLine) -> Finding:
    status = line.text("状态") if line.text("状态") in (OPEN, CONFIRMED) else OPEN
    note = line.text("核实说明")
    if f.grade == ASK and note.startswith(_TRUE):
        status = CONFIRMED
    return replace(f, status=status, note=note, result=line.text("处理结果"))


def _closed(line: LedgerLine, used: Mapping[str, str], files: set[str]) -> Finding:
    message = line.text("问题描述")
    if line.text("状态") != CLOSED:
        message += f"（{CLOSED}：{_why(line, used, files)}）"
    month = line.text("统计时间")
    return Finding(
        id=line.id,
        grade=line.text("级别"),
        rule=line.rule,
        unit=line.text("单位"),
        month=Month.of_zh(month),
        message=message,
        advice=line.text("处理建议"),
        groups=(line.text("栏目"),),
        labels=(line.text("指标"),),
        filed=line.cells.get("填报值", ""),
        reference=line.cells.get("参考值"),
        difference=d if isinstance(d := line.cells.get("差额"), int) else None,
        file=line.text("来源文件"),
        sheet=line.text("工作表"),
        cells=(line.text("单元格"),),
        status=CLOSED,
        note=line.text("核实说明"),
        result=line.text("处理结果"),
        phones=line.rule in _PHONE_RULES,
    )


def _why(line: LedgerLine, used: Mapping[str, str], files: set[str]) -> str:
    file, newest = line.text("来源文件"), used.get(line.text("单位"), "")
    if newest and newest != file:
        return f"已报“{newest}”"
    return "文件已移出" if file and file not in files else "配置已改或情况已变"

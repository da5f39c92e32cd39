"""A line that is no longer found stays as closed, and says what closed it."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import CLOSED, Choice, Contacts, Finding, LedgerLine, Month, OldLedger, Return, Source
from pipeline.number import rule_of

CLOSED_BY = f"（{CLOSED}："
"""Begins what a closed line says of what closed it."""

ANNEX_2 = "CON-"
"""Begins the names of the rules about contact lists."""


def closed(number: str, line: LedgerLine, before: OldLedger, choice: Choice, period: Month) -> Finding:
    """The row of the ledger before as a closed line."""
    message, rule = line.text("问题描述"), rule_of(number)
    if CLOSED_BY not in message:
        message += f"{CLOSED_BY}{_why(line, rule, before, choice, period)}）"
    return Finding(
        id=number,
        grade=line.text("级别"),
        rule=rule,
        unit=line.text("单位"),
        month=Month.of_zh(line.text("统计时间")),
        message=message,
        advice=line.text("处理建议"),
        groups=(line.text("栏目"),),
        labels=(line.text("指标"),),
        filed=line.cells.get("填报值", ""),
        reference=line.cells.get("参考值"),
        difference=d if isinstance(d := line.cells.get("差额"), int | float) else None,
        file=line.text("来源文件"),
        sheet=line.text("工作表"),
        cells=(line.text("单元格"),),
        status=CLOSED,
        own=line.own,
    )


def _why(line: LedgerLine, rule: str, before: OldLedger, choice: Choice, period: Month) -> str:
    """What closed a line: a newer file, the old one moved out, else the configuration."""
    file, used = line.text("来源文件"), _in_use(line, rule, choice, period)
    there = {disposition.source.path: disposition.source.sha256 for disposition in choice.dispositions}
    if used and used != file and used not in before.files:
        return f"已报“{used}”"
    if file in there and before.files.get(file, there[file]) != there[file]:
        return f"“{file}”已换成新的文件"
    if file and file not in there:
        return "文件已移出" + (f"，现采用“{used}”" if used else "")
    newer = [t.path for t in _others(line, rule, choice) if before.files.get(t.path) != t.sha256]
    if newer:
        return f"已报“{newer[-1]}”"
    if set(before.files) - set(there):
        return "文件已移出"
    return f"已采用“{used}”" if used and used != file else "配置已改"


def _others(line: LedgerLine, rule: str, choice: Choice) -> list[Source]:
    """What else a line may hang on: the unit's returns of other months, or the contact lists of all units, by arrival."""
    unit, lists = line.text("单位"), rule.startswith(ANNEX_2)
    tables: Iterable[Return | Contacts] = choice.contacts.values() if lists else choice.returns.values()
    return sorted((t.source for t in tables if lists or t.unit == unit), key=lambda s: (s.received, s.path))


def _in_use(line: LedgerLine, rule: str, choice: Choice, period: Month) -> str:
    """The file that counts now for what the line was about."""
    unit, month = line.text("单位"), Month.of_zh(line.text("统计时间")) or period
    table = choice.contacts.get(unit) if rule.startswith(ANNEX_2) else choice.returns.get((unit, month))
    unusable = choice.unusable.get((unit, month))
    return table.source.path if table else unusable.source.path if unusable else ""

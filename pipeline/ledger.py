"""差异清单 as the office keeps it: what staff typed is carried from run to run, and closed lines stay."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.mark import KEPT, LEDGER
from pipeline.model import CLOSED, CONFIRMED, LINE_HEADINGS, OPEN, Choice, Finding, LedgerLine, Month, OldLedger
from pipeline.number import rule_of
from pipeline.rules import ASK, GRADES, RULES

_TRUE = "属实"
_NOTHING_FOUND = "本期没有发现问题。"
_PHONE_RULES = ("CON-3", "CON-4")
_ANNEX_2 = "CON-"
_NUMBER, _STATUS, _NOTE, _RESULT = (LINE_HEADINGS[i] for i in (0, -3, -2, -1))


@dataclass(frozen=True)
class Carried:
    """The lines with what staff typed, then the closed ones; the rows and columns that are staff's own; what to tell."""

    findings: tuple[Finding, ...]
    staff_rows: tuple[LedgerLine, ...]
    staff_columns: tuple[str, ...]
    notices: tuple[str, ...]


def carried(
    findings: Sequence[Finding], before: OldLedger, month_before: OldLedger, choice: Choice, period: Month
) -> Carried:
    """The run's lines with the words of the ledger before; CON lines also with those of the month before."""
    numbered, own, notices = _sorted_out(before.lines)
    older = {line.text(_NUMBER): line for line in reversed(month_before.lines)}
    now = [_with_words(f, numbered.get(f.id) or _of_month_before(f, older)) for f in findings]
    current = {f.id for f in findings}
    gone = [_closed(n, line, before, choice, period) for n, line in numbered.items() if n not in current]
    order = (OPEN, CONFIRMED, CLOSED)
    listed = sorted((*now, *sorted(gone, key=_place)), key=lambda f: order.index(f.status))
    return Carried(tuple(listed), tuple(own), before.columns, tuple(notices))


def put_aside(old: OldLedger, month: Month) -> tuple[dict[str, bytes], list[str]]:
    """The ledger as it was, under a name of its own, where staff wrote what is not carried; and a sentence that says so."""
    if not old.elsewhere:
        return {}, []
    name = f"{LEDGER}（{month.zh}）{KEPT}{hashlib.sha256(old.data).hexdigest()[:8]}.xlsx"
    where = "、".join(f"“{sheet}”" for sheet in old.elsewhere)
    return {name: old.data}, [
        f"台账{where}里自己写的内容不能带入新的台账，原台账已另存为“{name}”；请把要保留的写进差异清单。"
    ]


def confirmed(findings: Sequence[Finding], numbers: Collection[str]) -> tuple[Finding, ...]:
    """The lines of an earlier month, those that staff have confirmed in its ledger no longer open."""
    return tuple(replace(f, status=CONFIRMED) if f.id in numbers else f for f in findings)


def _sorted_out(lines: Iterable[LedgerLine]) -> tuple[dict[str, LedgerLine], list[LedgerLine], list[str]]:
    """The program's own rows by number, staff's rows, and a sentence for each number that is doubled or nobody's."""
    numbered: dict[str, LedgerLine] = {}
    own: list[LedgerLine] = []
    doubled: list[str] = []
    unknown: list[str] = []
    for line in lines:
        number = line.text(_NUMBER)
        if rule_of(number) in RULES and number not in numbered:
            numbered[number] = line
        elif list(line.cells.values()) != [_NOTHING_FOUND]:
            own.append(line)
            if number:
                (doubled if number in numbered else unknown).append(number)
    told = [
        f"台账里编号 {n} 有重复的行：已按第一行处理，其余照原样放在清单末尾，请核对。" for n in dict.fromkeys(doubled)
    ]
    told += [
        f"台账里有本程序没有编过的编号“{n}”：该行照原样放在清单末尾，请核对；自己加的行请把编号留空。"
        for n in dict.fromkeys(unknown)
    ]
    told += [
        f"台账编号 {n} 的状态“{s}”不可用，已按“{OPEN}”处理；只能填“{OPEN}”或“{CONFIRMED}”。"
        for n, line in numbered.items()
        if (s := line.text(_STATUS)) not in ("", OPEN, CONFIRMED, CLOSED)
    ]
    return numbered, own, told


def _of_month_before(f: Finding, older: Mapping[str, LedgerLine]) -> LedgerLine | None:
    return older.get(f.id) if f.rule.startswith(_ANNEX_2) else None


def _with_words(f: Finding, line: LedgerLine | None) -> Finding:
    if line is None:
        return f
    status, note = line.text(_STATUS), line.text(_NOTE)
    confirmed = status == CONFIRMED or (f.grade == ASK and note.startswith(_TRUE))
    return replace(f, status=CONFIRMED if confirmed else OPEN, note=note, result=line.text(_RESULT), own=line.own)


def _place(f: Finding) -> tuple[object, ...]:
    grade = GRADES.index(f.grade) if f.grade in GRADES else len(GRADES)
    return grade, list(RULES).index(f.rule), f.unit, f.id


def _closed(number: str, line: LedgerLine, before: OldLedger, choice: Choice, period: Month) -> Finding:
    message, rule = line.text("问题描述"), rule_of(number)
    if line.text(_STATUS) != CLOSED:
        message += f"（{CLOSED}：{_why(line, rule, before, choice, period)}）"
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
        note=line.text(_NOTE),
        result=line.text(_RESULT),
        phones=rule in _PHONE_RULES,
        own=line.own,
    )


def _why(line: LedgerLine, rule: str, before: OldLedger, choice: Choice, period: Month) -> str:
    """What closed a line: a newer file, the old one moved out, else the configuration."""
    file, used = line.text("来源文件"), _in_use(line, rule, choice, period)
    there = {fate.source.path: fate.source.sha256 for fate in choice.fates}
    if used and used != file and used not in before.files:
        return f"已报“{used}”"
    if file in there and before.files.get(file, there[file]) != there[file]:
        return f"“{file}”已换成新的文件"
    if file and file not in there:
        return "文件已移出" + (f"，现采用“{used}”" if used else "")
    if not file and not used:
        return "文件已移出"
    return f"已采用“{used}”" if used and used != file else "配置已改"


def _in_use(line: LedgerLine, rule: str, choice: Choice, period: Month) -> str:
    """The file that counts now for what the line was about."""
    unit, month = line.text("单位"), Month.of_zh(line.text("统计时间")) or period
    table = choice.contacts.get(unit) if rule.startswith(_ANNEX_2) else choice.returns.get((unit, month))
    unusable = choice.unusable.get((unit, month))
    return table.source.path if table else unusable.source.path if unusable else ""

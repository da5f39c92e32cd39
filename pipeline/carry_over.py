"""差异清单 as the office keeps it: what staff typed is carried from run to run, and closed lines stay."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from pipeline.closing import ANNEX_2, CLOSED_BY, closed
from pipeline.model import CLOSED, CONFIRMED, EXPLAINED, OPEN, Choice, Finding, LedgerLine, Month, OldLedger, Said
from pipeline.number import number, rule_of
from pipeline.rules import GRADES, QUERY
from pipeline.sheets import EXPLANATION, NO_LINES, NOTE, NUMBER, RESULT, STATUS
from pipeline.wording import same_words, says_true

_LIKE_A_NUMBER = re.compile(r"[A-Za-z]{2,4}-?[0-9]{1,2}[-0-9A-Za-z]{0,16}")
_NOBODY: Mapping[str, Sequence[Said]] = MappingProxyType({})


@dataclass(frozen=True)
class Carried:
    """The lines with what staff typed, then the closed ones; the rows and columns that are staff's own; notices."""

    findings: tuple[Finding, ...]
    staff_rows: tuple[LedgerLine, ...]
    staff_columns: tuple[str, ...]
    notices: tuple[str, ...]


def carried(
    findings: Sequence[Finding],
    before: OldLedger,
    month_before: OldLedger,
    choice: Choice,
    period: Month,
    rules: Sequence[str],
    called_now: Callable[[str], str] = str,
    said: Mapping[str, Sequence[Said]] = _NOBODY,
) -> Carried:
    """The run's lines with the words of the ledger before; CON lines also with those of the month before.

    `rules` are all that lines were ever made by, in their order; `called_now` gives the present name of a unit that has
    another one in those ledgers; `said` is what units say of lines, by number and in the order of arrival.
    """
    numbered, own, notices = _sorted_out(_renumbered(before.lines, findings, called_now), rules)
    older = {line.text(NUMBER): line for line in reversed(_renumbered(month_before.lines, findings, called_now))}
    known = before.files
    now = [_with_words(f, _line_of(f, numbered, older), said.get(f.id, ()), known) for f in findings]
    current = {f.id for f in findings}
    gone = [
        replace(
            closed(n, line, before, choice, period),
            note=line.text(NOTE),
            result=_result(line),
            explanation=_explained(line, said.get(n, ()), known)[0],
        )
        for n, line in numbered.items()
        if n not in current
    ]
    order = (OPEN, EXPLAINED, CONFIRMED, CLOSED)
    listed = sorted((*now, *sorted(gone, key=partial(_place, rules))), key=lambda f: order.index(f.status))
    return Carried(tuple(listed), tuple(own), before.columns, tuple(notices))


def as_next_month_reads_it(kept: Carried) -> OldLedger:
    """The month's ledger as the next month will read it once it is written."""
    typed = (
        (f, {STATUS: f.status, NOTE: f.note, EXPLANATION: f.explanation, RESULT: f.result, **dict(f.own)})
        for f in kept.findings
    )
    return OldLedger(tuple(LedgerLine(f.id, {NUMBER: f.id, **words}) for f, words in typed))


def confirmed(findings: Sequence[Finding], numbers: Collection[str]) -> tuple[Finding, ...]:
    """The lines of an earlier month, those that staff have confirmed in its ledger no longer open."""
    return tuple(replace(f, status=CONFIRMED) if f.id in numbers else f for f in findings)


def _renumbered(
    lines: Sequence[LedgerLine], findings: Iterable[Finding], called_now: Callable[[str], str]
) -> list[LedgerLine]:
    """The rows, those of a unit that was renamed under the numbers that their lines have by its present name."""
    of_unit: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for f in findings:
        of_unit[f.rule, f.unit].append(f)
    entries = [(line, line.text("单位"), rule_of(line.text(NUMBER))) for line in lines]
    return [
        _renumber(line, before, of_unit[rule, now]) if rule and (now := called_now(before)) != before else line
        for line, before, rule in entries
    ]


def _renumber(line: LedgerLine, before: str, findings: Iterable[Finding]) -> LedgerLine:
    same = (f.id for f in findings if f.cause and number(f.rule, before, *f.cause) == line.text(NUMBER))
    now = next(same, line.text(NUMBER))
    return LedgerLine(now, {**line.cells, NUMBER: now})


def _sorted_out(
    lines: Iterable[LedgerLine], rules: Collection[str]
) -> tuple[dict[str, LedgerLine], list[LedgerLine], list[str]]:
    """The program's own rows by number, staff's rows, and a sentence for each number that is doubled or unknown."""
    numbered: dict[str, LedgerLine] = {}
    own: list[LedgerLine] = []
    doubled: list[str] = []
    unknown: list[str] = []
    for line in lines:
        number = line.text(NUMBER)
        if rule_of(number) in rules and number not in numbered:
            numbered[number] = line
        elif list(line.cells.values()) != [NO_LINES]:
            own.append(line)
            if number:
                (doubled if number in numbered else unknown).append(number)
    sentences = [
        f"台账里编号 {n} 有重复的行：已按第一行处理，其余照原样放在清单末尾，请核对。" for n in dict.fromkeys(doubled)
    ]
    # What is no number at all may be a name or a phone, which no message shows; nor does one show what stands for a status.
    shown = dict.fromkeys(f"“{n}”" if _LIKE_A_NUMBER.fullmatch(n) else "" for n in unknown)
    sentences += [
        f"台账里有本程序没有编过的编号{n}：该行照原样放在清单末尾，请核对；自己加的行请把编号留空。" for n in shown
    ]
    if odd := [n for n, line in numbered.items() if _odd_status(line)]:
        sentences.append(
            f"台账有{len(odd)}行的状态不能用（编号 {'、'.join(odd)}），已按“{OPEN}”处理，所填的话移入“{RESULT}”；"
            f"状态只能填“{OPEN}”或“{CONFIRMED}”，“{CLOSED}”由程序填写。"
        )
    return numbered, own, sentences


def _odd_status(line: LedgerLine) -> str:
    """What staff typed as a status that is none they may set; '' where they did not."""
    status = line.text(STATUS)
    by_program = status == CLOSED and CLOSED_BY in line.text("问题描述")
    by_program = by_program or (status == EXPLAINED and bool(line.text(EXPLANATION)))
    return "" if by_program or status in ("", OPEN, CONFIRMED) else status


def _result(line: LedgerLine) -> str:
    """What staff typed as a result, and what they typed as a status that is none."""
    odd, result = _odd_status(line), line.text(RESULT)
    return "；".join(filter(None, (result, f"状态栏填过“{odd}”" if odd else "")))


def _line_of(f: Finding, numbered: Mapping[str, LedgerLine], older: Mapping[str, LedgerLine]) -> LedgerLine | None:
    """The line with the words; one about a contact list may still have them in the month before only."""
    line = numbered.get(f.id)
    if f.rule.startswith(ANNEX_2) and (line is None or not _answered(line)):
        return older.get(f.id, line)
    return line


def _answered(line: LedgerLine) -> bool:
    return bool(line.text(NOTE) or line.text(RESULT) or line.own or line.text(STATUS) == CONFIRMED)


def _with_words(f: Finding, line: LedgerLine | None, said: Sequence[Said], known: Mapping[str, str]) -> Finding:
    """The line with what staff typed and what its unit says of it; staff's status comes before the unit's words."""
    line = line or LedgerLine(f.id, {})
    if f.below:  # its county answers for it, unless staff here have confirmed it too
        here = CONFIRMED if is_confirmed(f.grade, line.text(STATUS), line.text(NOTE)) else f.status
        return replace(f, status=here, note=line.text(NOTE), result=_result(line), own=line.own)
    explanation, refused = _explained(line, said, known)
    status, note = line.text(STATUS), line.text(NOTE)
    if f.status == CONFIRMED or is_confirmed(f.grade, status, note):
        now = CONFIRMED
    else:
        now = EXPLAINED if explanation and f.grade == QUERY and not refused else OPEN
    return replace(f, status=now, note=note, result=_result(line), own=line.own, explanation=explanation)


def _explained(line: LedgerLine, said: Sequence[Said], known: Mapping[str, str]) -> tuple[str, bool]:
    """The words that hold, '' where there are none, and whether staff set back to 待处理 what these had explained.

    `said` are the unit's words in the order of arrival, `known` the files of the ledger in which the line stands, with
    their SHA-256. Words are new where no file that the ledger knew says them, nor the ledger itself.
    """
    standing = line.text(EXPLANATION)
    old = [standing, *(s.text for s in said if known.get(s.source.path) == s.source.sha256)]
    new = [s.text for s in said if not any(same_words(s.text, text) for text in old)]
    if new:
        return new[-1], False
    return standing or old[-1], bool(standing) and line.text(STATUS) in ("", OPEN)


def is_confirmed(grade: str, status: str, note: str) -> bool:
    """Whether staff have confirmed a line of that grade."""
    return status == CONFIRMED or (grade == QUERY and says_true(note))


def _place(rules: Sequence[str], f: Finding) -> tuple[object, ...]:
    grade = GRADES.index(f.grade) if f.grade in GRADES else len(GRADES)
    return grade, rules.index(f.rule), f.unit, f.id

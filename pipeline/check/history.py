"""A unit's months against each other: running sums, a row sent again, running totals, jumps (HIST-1 … HIST-4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median

from pipeline.check.lines import on_return, whole_row
from pipeline.model import Finding, Month, Return
from schemas import COLUMN, COUNTS, KEYS, RELATIONS
from schemas.vocabulary import Relation

HISTORY = ("HIST-1", "HIST-2", "HIST-3", "HIST-4")

_RUN = 3
"""So many months in a row tell running totals from a busy quarter."""

_RISING = 4
"""So many counts rise from each of these months to the next."""

_TIMES, _ABOVE = 3, 10
"""A jump is more than so many times the median of the earlier months, and so far above it: 1 to 4 is none."""


def history_faults(filed: Return, earlier: Sequence[Return]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The HIST rules a return breaks, each with the fields it is about.

    `earlier`: the unit's returns of the months before, in order. A figure that is not there makes its rule silent.
    """
    if not earlier:
        return
    for relation in RELATIONS.values():
        if relation.running and _overrun(relation, filed, earlier) > 0:
            yield relation.running, relation.keys
    if _sent_again(filed, earlier[-1]):
        yield "HIST-2", KEYS
    if _only_grows([*earlier[1 - _RUN :], filed]):
        yield "HIST-3", KEYS
    for key in COUNTS:
        value = filed.figures[key].value
        if value is not None and value > _ABOVE and _jumps(value, _values(earlier, key)):
            yield "HIST-4", (key,)


def history_finding(rule: str, keys: tuple[str, ...], filed: Return, earlier: Sequence[Return]) -> Finding:
    """The line about a HIST rule; it names the earlier month, its figure and file."""
    if rule == "HIST-2":
        return _again(filed, earlier[-1])
    if rule == "HIST-3":
        return _running_totals([*earlier[1 - _RUN :], filed])
    if rule == "HIST-4":
        return _jump(keys[0], filed, earlier)
    relation = next(r for r in RELATIONS.values() if r.running == rule and r.keys == keys)
    return _sums(rule, relation, filed, earlier)


# -- running sums -----------------------------------------------------------------------------------------------------


def _months(relation: Relation, filed: Return, earlier: Sequence[Return]) -> list[Mapping[str, int]]:
    """The relation's figures in the months that have them all; none where the judged one has not, or stands alone."""
    here = _all_there(relation, filed)
    before = [v for r in earlier if (v := _all_there(relation, r))] if here else []
    return [*before, here] if before else []


def _all_there(relation: Relation, filed: Return) -> dict[str, int]:
    values = {key: filed.figures[key].value for key in relation.keys}
    return {k: int(v) for k, v in values.items() if v is not None} if None not in values.values() else {}


def _excess(relation: Relation, values: Mapping[str, int]) -> int:
    """By how much the left side of one month is larger than the right."""
    return values[relation.left] - sum(values[k] for k in relation.right)


def _overrun(relation: Relation, filed: Return, earlier: Sequence[Return]) -> int:
    return sum(_excess(relation, v) for v in _months(relation, filed, earlier))


def _sums(rule: str, relation: Relation, filed: Return, earlier: Sequence[Return]) -> Finding:
    months = _months(relation, filed, earlier)
    sums = {key: sum(v[key] for v in months) for key in relation.keys}
    right = sum(sums[k] for k in relation.right)
    worst = max(
        (r for r in earlier if _all_there(relation, r)), key=lambda r: _excess(relation, _all_there(relation, r))
    )
    then = "、".join(f"{COLUMN[k].label}{v}" for k, v in _all_there(relation, worst).items())
    names = "＋".join(COLUMN[k].label for k in relation.right)
    message = (
        f"截至{_zh(filed)}共{len(months)}个月，累计{COLUMN[relation.left].label}{sums[relation.left]}大于累计{names}{right}"
        f"（{_zh(worst)}{then}，见“{worst.source.path}”）。"
    )
    told = "、".join(f"累计{COLUMN[k].label} {v}" for k, v in sums.items())
    return on_return(
        rule, filed, message, relation.keys, filed=told, reference=right, difference=sums[relation.left] - right
    )


# -- a row sent again, running totals ---------------------------------------------------------------------------------


def _sent_again(filed: Return, before: Return) -> bool:
    return _follows(before, filed) and all(_content(filed, key) == _content(before, key) for key in KEYS)


def _follows(before: Return, filed: Return) -> bool:
    return before.month is not None and before.month.plus(1) == filed.month


def _content(filed: Return, key: str) -> object:
    figure = filed.figures[key]
    return figure.filed if figure.value is None else figure.value


def _again(filed: Return, before: Return) -> Finding:
    message = f"各项数字与{_zh(before)}（“{before.source.path}”）所报完全相同。"
    total = sum(int(filed.figures[key].value or 0) for key in COUNTS)
    return on_return("HIST-2", filed, message, reference=_zh(before), value=total, basis=whole_row(filed))


def _only_grows(run: Sequence[Return]) -> bool:
    if len(run) < _RUN or not all(_follows(a, b) for a, b in pairwise(run)):
        return False
    return all(min(s := _steps(a, b), default=-1) >= 0 and sum(x > 0 for x in s) >= _RISING for a, b in pairwise(run))


def _steps(before: Return, after: Return) -> list[int]:
    """By how much each count that both months have rose or fell."""
    pairs = ((before.figures[key].value, after.figures[key].value) for key in COUNTS)
    return [int(b) - int(a) for a, b in pairs if a is not None and b is not None]


def _running_totals(run: Sequence[Return]) -> Finding:
    rising = [k for k in COUNTS if None not in (v := [r.figures[k].value for r in run]) and v == sorted(set(v))]  # type: ignore[type-var]
    told = "、".join(f"{COLUMN[k].label} {'→'.join(str(r.figures[k].value) for r in run)}" for k in rising)
    files = "、".join(f"{_zh(r)}“{r.source.path}”" for r in run[:-1])
    message = f"自{_zh(run[0])}起连续{len(run)}个月有{len(rising)}项逐月增加、没有一项减少，可能填了累计数（{files}）。"
    total = sum(int(run[-1].figures[key].value or 0) for key in COUNTS)
    return on_return("HIST-3", run[-1], message, filed=told, value=total)


# -- jumps ------------------------------------------------------------------------------------------------------------


def _values(earlier: Sequence[Return], key: str) -> list[int]:
    return [int(v) for r in earlier if (v := r.figures[key].value) is not None]


def _jumps(value: int, before: Sequence[int]) -> bool:
    if len(before) < _RUN:
        return False
    usual = median(before)
    return value > _TIMES * usual and value - usual > _ABOVE


def _jump(key: str, filed: Return, earlier: Sequence[Return]) -> Finding:
    there = [r for r in earlier if r.figures[key].value is not None]
    usual, value = median(_values(there, key)), int(filed.figures[key].value or 0)
    usual = int(usual) if usual == int(usual) else usual
    last = there[-1]
    message = (
        f"“{COLUMN[key].label}”{value}，超过以前{len(there)}个月中位数{usual}的{_TIMES}倍"
        f"（{_zh(last)}为{last.figures[key].value}，见“{last.source.path}”），已计入合计。"
    )
    return on_return("HIST-4", filed, message, (key,), filed=value, reference=usual, difference=value - usual)


def _zh(filed: Return) -> str:
    month: Month | None = filed.month
    return month.zh if month else ""

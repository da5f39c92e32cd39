"""A unit's months against each other: running sums, a row sent again, running totals, jumps (HIST-1 … HIST-4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from pipeline.check.lines import on_return, whole_row
from pipeline.model import Finding, Month, Return
from pipeline.running import all_there, content, excess, excesses, follows, only_grows
from schemas.columns import Jump
from schemas.form import Form
from schemas.relations import Relation

HISTORY = ("HIST-1", "HIST-2", "HIST-3", "HIST-4")


def history_faults(form: Form, filed: Return, earlier: Sequence[Return]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The HIST rules a return breaks, each with the fields it is about.

    `earlier`: the unit's returns of the months before, in order, on the forms of those months. A figure that is not there
    makes its rule silent; a month whose form has not the column is no month of it.
    """
    if not earlier:
        return
    for relation in form.relations.values():
        if relation.running and _grows(relation, filed, earlier):
            yield relation.running, relation.keys
    if _sent_again(filed, earlier[-1]):
        yield "HIST-2", form.keys
    run = _run(form, filed, earlier)
    if len(run) == form.in_a_row and only_grows(form, run):
        yield "HIST-3", form.keys
    for key in form.counts:
        value, jump = filed.value(key), form.column[key].jump
        if value is not None and value > jump.above and _jumps(jump, value, _values(earlier, key)):
            yield "HIST-4", (key,)


def history_finding(form: Form, rule: str, keys: tuple[str, ...], filed: Return, earlier: Sequence[Return]) -> Finding:
    """The line about a HIST rule; it names the earlier month, its figure and file."""
    if rule == "HIST-2":
        return _again(form, filed, earlier[-1])
    if rule == "HIST-3":
        return _running_totals(form, _run(form, filed, earlier))
    if rule == "HIST-4":
        return _jump(form, keys[0], filed, earlier)
    relation = next(r for r in form.relations.values() if r.running == rule and r.keys == keys)
    return _sums(form, rule, relation, filed, earlier)


# -- running sums -----------------------------------------------------------------------------------------------------


def _months(relation: Relation, filed: Return, earlier: Sequence[Return]) -> list[Return]:
    """The months that have the relation's figures; none where the judged one has not, or stands alone."""
    before = [r for r in earlier if all_there(relation, r)] if all_there(relation, filed) else []
    return [*before, filed] if before else []


def _grows(relation: Relation, filed: Return, earlier: Sequence[Return]) -> bool:
    """Whether the left side's sum is larger than the right's, and by more than at any earlier month's end.

    What was asked then is not asked again; a first month's own excess was asked by the relation itself.
    """
    this = all_there(relation, filed)
    if not this or excess(relation, this) <= 0:
        return False  # the sums' excess can only grow by the month's own
    *before, now = [0, *excesses(relation, _months(relation, filed, earlier))]
    return now > max(before, default=0)


def _sums(form: Form, rule: str, relation: Relation, filed: Return, earlier: Sequence[Return]) -> Finding:
    months = [all_there(relation, r) for r in _months(relation, filed, earlier)]
    sums = {key: sum(v[key] for v in months) for key in relation.keys}
    right = sum(sums[k] for k in relation.right)
    worst = max((r for r in earlier if all_there(relation, r)), key=lambda r: excess(relation, all_there(relation, r)))
    then = "、".join(f"{form.column[k].label}{v}" for k, v in all_there(relation, worst).items())
    names = "＋".join(form.column[k].label for k in relation.right)
    message = (
        f"截至{_zh(filed)}共{len(months)}个月，累计{form.column[relation.left].label}{sums[relation.left]}大于累计{names}{right}"
        f"（{_zh(worst)}{then}，见“{worst.source.path}”）。"
    )
    listing = "、".join(f"累计{form.column[k].label} {v}" for k, v in sums.items())
    return on_return(
        form,
        rule,
        filed,
        message,
        relation.keys,
        filed=listing,
        reference=right,
        difference=sums[relation.left] - right,
    )


# -- a row sent again, running totals ---------------------------------------------------------------------------------


def _sent_again(filed: Return, before: Return) -> bool:
    """Whether all columns that both months have say the same."""
    both = filed.figures.keys() & before.figures.keys()
    return bool(both) and follows(before, filed) and all(content(filed, k) == content(before, k) for k in both)


def _again(form: Form, filed: Return, before: Return) -> Finding:
    message = f"各项数字与{_zh(before)}（“{before.source.path}”）所报完全相同。"
    value = _together(form, filed)
    return on_return(form, "HIST-2", filed, message, reference=_zh(before), value=value, basis=whole_row(filed))


def _together(form: Form, filed: Return) -> int:
    """The sum of a return's counts: what a doubt about all of them weighs."""
    return sum(int(v) for key in form.counts if (v := filed.value(key)))


def _run(form: Form, filed: Return, earlier: Sequence[Return]) -> list[Return]:
    """The last months, as many as it takes to tell running totals from a busy quarter."""
    return [*earlier[max(len(earlier) - form.in_a_row + 1, 0) :], filed]


def _running_totals(form: Form, run: Sequence[Return]) -> Finding:
    rising = [k for k in form.flows if None not in (v := [r.value(k) for r in run]) and v == sorted(set(v))]  # type: ignore[type-var]
    listing = "、".join(f"{form.column[k].label} {'→'.join(str(r.value(k)) for r in run)}" for k in rising)
    files = "、".join(f"{_zh(r)}“{r.source.path}”" for r in run[:-1])
    message = f"自{_zh(run[0])}起连续{len(run)}个月有{len(rising)}项逐月增加、没有一项减少，可能填了累计数（{files}）。"
    before = "、".join(_zh(r) for r in run[:-1])
    advice = (
        f"如填的是累计数：请把{_zh(run[-1])}的改成当月数报回，{before}填的也是累计数的，请各月分别用空白表改填当月数，每月一份，一并重报；"
        "确是当月数的，请说明原因。"
    )
    return on_return(form, "HIST-3", run[-1], message, filed=listing, value=_together(form, run[-1]), advice=advice)


# -- jumps ------------------------------------------------------------------------------------------------------------


def _values(earlier: Sequence[Return], key: str) -> list[int]:
    return [int(v) for r in earlier if (v := r.value(key)) is not None]


def _jumps(jump: Jump, value: int, before: Sequence[int]) -> bool:
    if len(before) < jump.months:
        return False
    usual = median(before)
    return value > jump.times * usual and value - usual > jump.above


def _jump(form: Form, key: str, filed: Return, earlier: Sequence[Return]) -> Finding:
    there = [r for r in earlier if r.value(key) is not None]
    usual, value = median(_values(there, key)), int(filed.figures[key].value or 0)
    usual = int(usual) if usual == int(usual) else usual
    last = there[-1]
    message = (
        f"“{form.column[key].label}”{value}，超过以前{len(there)}个月中位数{usual}的{form.column[key].jump.times}倍"
        f"（{_zh(last)}为{last.figures[key].value}，见“{last.source.path}”），已计入合计。"
    )
    return on_return(form, "HIST-4", filed, message, (key,), filed=value, reference=usual, difference=value - usual)


def _zh(filed: Return) -> str:
    month: Month | None = filed.month
    return month.zh if month else ""

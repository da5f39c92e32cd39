"""自检: the rules that a form can judge by itself, as formulas; what one hides is what hides in the program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.model import Month, Return
from pipeline.rules import ERROR, NOTICE, rules_of
from pipeline.running import excesses, only_grows
from schemas.columns import Column
from schemas.form import Form
from schemas.relations import Relation

FILLED, EMPTY, UNREADABLE = "数", "空", "误"
"""What a cell of the form is, to 自检: a value, nothing, or no value."""


@dataclass(frozen=True)
class Check:
    """A rule about those fields: a formula that is TRUE where it is broken, and what is said then."""

    rule: str
    keys: tuple[str, ...]
    broken: str
    said: str


class Places(Protocol):
    """Where on 填报参考 things stand, as addresses or ranges."""

    def value(self, key: str) -> str:
        """What counts of the form's cell."""

    def state(self, key: str) -> str:
        """FILLED, EMPTY or UNREADABLE."""

    def months(self, key: str) -> str:
        """The values of all months before."""

    def rose(self, key: str) -> str:
        """1, 0 or -1 where it rose, stayed or fell since the month before."""

    def same(self, key: str) -> str:
        """1 where it is what the month before had."""

    @property
    def same_month(self) -> str:
        """A condition: the form is of the month it was made for."""


@dataclass(frozen=True)
class History:
    """A unit's months before that one, in order."""

    month: Month
    earlier: Sequence[Return]

    @property
    def last(self) -> Return | None:
        """The return of the month just before."""
        return next((r for r in self.earlier if r.month == self.month.plus(-1)), None)


def checks_of(form: Form, history: History, at: Places, *, mobilised: bool) -> list[Check]:
    """All that is judged on the form of that month, the graver first and in the order of the form."""
    found = [
        *_of_cells(form, at),
        *(_of_relation(form, r, at, mobilised=mobilised) for r in form.relations.values()),
        *(_guarded(check, at) for check in _of_history(form, history, at)),
    ]
    rules = rules_of(form)
    return sorted((c for c in found if rules[c.rule].grade != NOTICE), key=lambda c: rules[c.rule].grade != ERROR)


def hidden_by(form: Form, check: Check, checks: Sequence[Check]) -> list[int]:
    """The places of the checks that, where they are broken, hide this one."""
    rules = rules_of(form)
    return [
        i
        for i, other in enumerate(checks)
        if check.rule in rules[other.rule].hides and set(check.keys) & set(other.keys)
    ]


# -- one return by itself ---------------------------------------------------------------------------------------------


def _of_cells(form: Form, at: Places) -> Iterator[Check]:
    for c in form.columns:
        yield Check("CELL-1", (c.key,), f'{at.state(c.key)}="{EMPTY}"', f"“{_name(form, c)}”未填写；")
        wrong = "应填0或正整数" if c.kind == "count" else "应填是或否"
        yield Check(c.unreadable, (c.key,), f'{at.state(c.key)}="{UNREADABLE}"', f"“{_name(form, c)}”{wrong}；")
        if c.kind == "count":
            over = _where(form, at, (c.key,), f"{at.value(c.key)}>{c.ceiling}")
            yield Check("CELL-4", (c.key,), over, f"“{_name(form, c)}”超过{c.ceiling}；")
    if form.flows:
        happened = [f'COUNTIF({at.value(k)},">0")' for k in form.flows]
        unreadable = [f'COUNTIF({at.state(k)},"{UNREADABLE}")' for k in form.flows]
        yield Check("CELL-5", form.keys, f"{'+'.join((*happened, *unreadable))}=0", "各项数字全部为0或空白；")


def _name(form: Form, column: Column) -> str:
    """The label, with its group where another column is called the same."""
    doubled = sum(c.label == column.label for c in form.columns) > 1
    return f"{form.group_of[column.key].label}：{column.label}" if doubled else column.label


def _of_relation(form: Form, relation: Relation, at: Places, *, mobilised: bool) -> Check:
    def address(key: str) -> str:
        return at.value(key) if key in form.column else str(mobilised).upper()

    broken = _where(form, at, relation.keys, f"NOT({relation.formula(address)})")
    return Check(relation.rule, relation.keys, broken, f"{rules_of(form)[relation.rule].holds}；")


def _where(form: Form, at: Places, keys: Sequence[str], broken: str) -> str:
    """Broken, and all its figures are there."""
    there = ",".join(f'{at.state(k)}="{FILLED}"' for k in keys if k in form.column)
    return f"IF(AND({there}),{broken},FALSE)"


# -- the months together ----------------------------------------------------------------------------------------------


def _guarded(check: Check, at: Places) -> Check:
    """On a form of another month than it was made for its months before are others, too."""
    return Check(check.rule, check.keys, f"IF({at.same_month},{check.broken},FALSE)", check.said)


def _of_history(form: Form, history: History, at: Places) -> Iterator[Check]:
    for relation in form.relations.values():
        if relation.running and (before := excesses(relation, history.earlier)):
            yield _running(form, relation, before, at)
    if history.last:
        yield from _since_last(form, history, history.last, at)
    for key in form.counts:
        jump = form.column[key].jump
        if sum(r.value(key) is not None for r in history.earlier) >= jump.months:
            value, usual = at.value(key), f"MEDIAN({at.months(key)})"
            broken = f"AND({value}>{jump.times}*{usual},{value}-{usual}>{jump.above})"
            said = f"“{_name(form, form.column[key])}”比以前各月突增；"
            yield Check("HIST-4", (key,), _where(form, at, (key,), broken), said)


def _running(form: Form, relation: Relation, before: Sequence[int], at: Places) -> Check:
    """The excess at the end of this month against that of all months before."""
    right = "".join(f"-{at.value(k)}" for k in relation.right)
    broken = f"({before[-1]})+{at.value(relation.left)}{right}>{max(0, *before)}"
    names = "＋".join(form.column[k].label for k in relation.right)
    so_far = f"（截至上月已多出{before[-1]}）" if before[-1] > 0 else ""
    said = f"各月累计{form.column[relation.left].label}大于累计{names}{so_far}；"
    return Check(relation.running, relation.keys, _where(form, at, relation.keys, broken), said)


def _since_last(form: Form, history: History, last: Return, at: Places) -> Iterator[Check]:
    both = [k for k in form.keys if k in last.figures]
    if both:
        same = "+".join(f"N({at.same(k)})" for k in both)
        yield Check("HIST-2", form.keys, f"{same}={len(both)}", "各项数字与上月完全相同；")
    run = list(history.earlier[max(len(history.earlier) - form.in_a_row + 1, 0) :])
    if form.flows and len(run) == form.in_a_row - 1 and run[-1] is last and only_grows(form, run):
        rose, fell, seen = (
            "+".join(f"COUNTIF({at.rose(k)},{asked})" for k in form.flows) for asked in ('">0"', '"<0"', '">-2"')
        )
        broken = f"AND({seen}>0,{fell}=0,{rose}>={form.rising})"
        yield Check("HIST-3", form.keys, broken, "各项数字连续只增不减，像是累计数（应填当月数）；")

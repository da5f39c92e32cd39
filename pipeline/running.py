"""A unit's months one after another: running sums, and whether one follows on the other. Rules and 自检 judge by the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

from pipeline.model import Return
from schemas.form import Form
from schemas.relations import Relation


def all_there(relation: Relation, filed: Return) -> dict[str, int]:
    """The relation's figures in a return, none where one of them is missing."""
    values = {key: filed.value(key) for key in relation.keys}
    return {k: int(v) for k, v in values.items() if v is not None} if None not in values.values() else {}


def excess(relation: Relation, values: Mapping[str, int]) -> int:
    """By how much the left side of one month is larger than the right."""
    return values[relation.left] - sum(values[k] for k in relation.right)


def excesses(relation: Relation, returns: Sequence[Return]) -> list[int]:
    """By how much the left side's sum is larger than the right's, at the end of each month that has all the figures."""
    return list(accumulate(excess(relation, values) for r in returns if (values := all_there(relation, r))))


def follows(before: Return, filed: Return) -> bool:
    """Whether the one is of the month after the other."""
    return before.month is not None and before.month.plus(1) == filed.month


def only_grows(form: Form, run: Sequence[Return]) -> bool:
    """Whether from month to month no count falls, and so many rise as make running totals likely."""
    steps = (list(_steps(form, before, after)) for before, after in pairwise(run))
    in_a_row = all(follows(before, after) for before, after in pairwise(run))
    return in_a_row and all(min(s, default=-1) >= 0 and sum(x > 0 for x in s) >= form.rising for s in steps)


def _steps(form: Form, before: Return, after: Return) -> Iterator[int]:
    """By how much each count that both months have rose or fell; one that says how things stand may well only grow."""
    for key in form.flows:
        was, now = before.value(key), after.value(key)
        if was is not None and now is not None:
            yield int(now) - int(was)


def content(filed: Return, key: str) -> int | str:
    """What a figure counts as, its own text where that is nothing."""
    figure = filed.figures[key]
    return figure.filed if figure.value is None else figure.value

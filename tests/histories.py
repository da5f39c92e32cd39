"""Random units with a history, and what the program says of their return: what 自检 has to say too."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from pipeline.check.figures import judge
from pipeline.model import Return
from pipeline.rules import NOTICE, rules_of
from pipeline.write.form import reference_of
from pipeline.write.reference import Reference
from tests.builders import FORM, MAY, a_county, a_return

COUNTY = a_county()


def figures(rng: random.Random, before: dict[str, object] | None) -> dict[str, object]:
    """What a unit may fill in: small numbers, the month before again, running totals, a jump, blanks and what is no number."""
    kind = rng.randrange(8)
    if before and kind == 0:
        return dict(before)
    if before and kind in (1, 2):
        grown = {k: v + rng.choice([0, 1, 2]) if isinstance(v, int) else v for k, v in before.items()}
        return grown if kind == 1 else {**grown, "press": rng.choice([0, 60])}
    if kind == 3:
        return dict.fromkeys(FORM.keys, rng.choice([0, None])) | {"body_established": "是"}
    odd = [None, "约3", 0.5, -1, 20_000, 200_000] if kind == 4 else [40, 11]
    filed: dict[str, object] = {k: rng.choice([0, 1, 1, 2, 2, 3, 4, rng.choice(odd)]) for k in FORM.counts}
    return filed | {"body_established": rng.choice(["是", "是", "否", *([None, "待定"] if kind == 4 else [])])}


def a_unit(rng: random.Random, unit: str) -> tuple[Return, list[Return]]:
    """A return of a month, and those of the months before; some months are missing."""
    months, before = [MAY.plus(i) for i in range(-rng.randrange(6), 1)], None
    returns = []
    for month in months:
        before = figures(rng, before)
        filed = a_return(unit, month, **before)
        returns.append(replace(filed, source=replace(filed.source, path=f"{month}.xlsx")))
    *earlier, now = returns
    return now, [r for r in earlier if rng.random() > 0.1]


Units = Sequence[tuple[Return, list[Return]]]


def verdicts(units: Units) -> list[set[tuple[str, tuple[str, ...]]]]:
    """The rules and fields of the program's lines about each unit, without its notices."""
    returns = {(r.unit, r.month): r for now, earlier in units for r in (*earlier, now) if r.month}
    judged, rules = judge(returns, COUNTY), rules_of(FORM)
    faults = (judged[now.unit, now.month or MAY].faults for now, _ in units)
    return [{(rule, keys) for rule, keys in of_unit if rules[rule].grade != NOTICE} for of_unit in faults]


def reference(now: Return, earlier: list[Return]) -> Reference:
    return reference_of(COUNTY, now.month or MAY, earlier)


def typed(filed: Return, key: str) -> object:
    figure = filed.figures[key]
    if isinstance(figure.value, bool):
        return "是" if figure.value else "否"
    if figure.value is not None:
        return figure.value
    try:
        return float(figure.filed)
    except ValueError:
        return figure.filed or None

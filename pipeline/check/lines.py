"""Faults to the lines of 差异清单: hidden, joined, numbered and sorted as the catalogue says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pipeline.model import OPEN, Finding, Month, Return, Source
from pipeline.number import number
from pipeline.phones import masked
from pipeline.rules import GRADES, rules_of
from schemas.form import Form


def finding(
    form: Form,
    rule: str,
    unit: str,
    month: Month | None,
    message: str,
    *,
    known: bool = True,
    source: Source | None = None,
    sheet: str = "",
    keys: Iterable[str] = (),
    cells: Iterable[str] = (),
    labels: Iterable[str] = (),
    filed: str | float = "",
    reference: str | float | None = None,
    difference: float | None = None,
    value: float = 0,
    basis: str = "",
    advice: str = "",
    grade: str = "",
    likely: str = "",
) -> Finding:
    """One open line, in the words of the form. Where no single value is in question, `basis` says what its number is made from.

    Where the unit is not `known`, the file's SHA-256 and the cell stand for it in the line's number.
    """
    keys, cells = tuple(keys), tuple(c for c in cells if c)
    labels = tuple(labels) or tuple(form.column[k].label for k in keys)
    # Two files of one unit can be at fault alike, and neither must take the other's number when that one goes.
    known = (known and not rule.startswith("FILE-")) or rule in ("FILE-5", "FILE-6")
    who = unit if unit and known else f"{source.sha256 if source else ''}{''.join(cells)}"
    cause = (str(month or ""), *keys, *labels, basis or str(filed))
    broken = rules_of(form)[rule]
    return Finding(
        id=number(rule, who, *cause),
        grade=grade or broken.grade,
        rule=rule,
        unit=unit,
        month=month,
        message=masked(message),
        advice=advice or broken.advice,
        groups=tuple(dict.fromkeys(form.group_of[k].label for k in keys)),
        labels=labels,
        keys=keys,
        filed=filed,
        reference=reference,
        difference=difference,
        effect=abs(difference if difference is not None else value),
        file=source.path if source else "",
        sheet=sheet,
        cells=cells,
        cause=cause if who == unit else (),
        likely=likely,
    )


def on_return(
    form: Form,
    rule: str,
    of: Return,
    message: str,
    keys: Iterable[str] = (),
    cells: Iterable[str] | None = None,
    **more: Any,
) -> Finding:
    """A line about a return; where `cells` are not given they are those of the fields `keys`."""
    keys = tuple(keys)
    cells = [of.figures[k].cell for k in keys] if cells is None else cells
    return finding(
        form, rule, of.unit, of.month, message, source=of.source, sheet=of.sheet, keys=keys, cells=cells, **more
    )


def in_order(form: Form, findings: Iterable[Finding], roster: Iterable[str]) -> tuple[Finding, ...]:
    """The lines as they are listed: open first, by grade, effect on the county's figures, roster and form."""
    place = {unit: i for i, unit in enumerate(roster)}
    rules, keys = list(rules_of(form)), list(form.keys)

    def rank(f: Finding) -> tuple[object, ...]:
        # A line about an earlier month may be about a column that has gone since.
        first = keys.index(f.keys[0]) if f.keys and f.keys[0] in keys else -1
        return (
            f.status != OPEN,
            GRADES.index(f.grade),
            -f.effect,
            place.get(f.unit, len(place)),
            first,
            rules.index(f.rule) if f.rule in rules else len(rules),
            f.file,
            f.id,
        )

    return tuple(_unique(sorted(findings, key=rank)))


def whole_row(filed: Return) -> str:
    """What a line about a whole return is numbered by: all its values."""
    return "、".join(str(f.filed if f.value is None else f.value) for f in filed.figures.values())


def _unique(findings: Iterable[Finding]) -> Iterable[Finding]:
    """The lines with a number of their own each; two files can be at fault alike."""
    seen: dict[str, int] = {}
    for f in findings:
        seen[f.id] = seen.get(f.id, 0) + 1
        yield f if seen[f.id] == 1 else replace(f, id=f"{f.id}-{seen[f.id]}")


def visible(form: Form, faults: Mapping[str, list[tuple[str, ...]]]) -> list[tuple[str, tuple[str, ...]]]:
    """The faults of one return (rule to the key tuples it broke) that no other one hides, as (rule, keys)."""
    rules = rules_of(form)
    flat = [(rule, keys) for rule, broken in faults.items() for keys in broken]
    return [
        (rule, keys)
        for rule, keys in flat
        if not any(rule in rules[other].hides and set(keys) & set(about) for other, about in flat)
    ]

"""The figures of all returns as one typed frame, held against the pandera schemas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.check.history import HISTORY, history_faults, history_finding
from pipeline.check.lines import on_return, visible, whole_row
from pipeline.check.validation import failures
from pipeline.county import County
from pipeline.model import Figure, Finding, Month, Return
from pipeline.rules import rules_of
from schemas.columns import NO, OK, YES, Column, state
from schemas.form import Form

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

JOINED = ("FORM-1", "CELL-1", "CELL-3")
"""Rules with one line per return, labels and cells joined."""


@dataclass(frozen=True)
class CheckedReturn:
    """A return on its month's form, with what it breaks and no other fault hides, as (rule, fields); the earlier ones."""

    form: Form
    filed: Return
    faults: tuple[tuple[str, tuple[str, ...]], ...]
    earlier: tuple[Return, ...]


_TOO_LARGE = "CELL-4"
"""Not applied to counties: a ceiling is meant for a single unit."""


def judge(returns: Mapping[tuple[str, Month], Return], county: County) -> dict[tuple[str, Month], CheckedReturn]:
    """The verdict on every return that counts, by unit and month; those on one form are one frame, judged at once."""
    in_time = sorted(returns.items(), key=lambda item: item[0][1])
    earlier: dict[str, list[Return]] = defaultdict(list)
    verdicts = {}
    for form, on_it in groupby(in_time, key=lambda item: county.form(item[0][1])):
        filed_on_it = list(on_it)
        broken = broken_rules(form, frame_of(form, [filed for _, filed in filed_on_it], county))
        for ((unit, month), filed), faults in zip(filed_on_it, broken, strict=True):
            if unit not in earlier:  # a unit that was renamed goes on where it left off
                earlier[unit] += earlier.get(county.former(unit), ())
            before = tuple(earlier[unit])
            if filed.book:
                faults.clear()  # its county has judged what it is the sum of
            else:
                for rule, keys in history_faults(form, filed, before):
                    faults[rule].append(keys)
                if county.is_county(unit):
                    faults.pop(_TOO_LARGE, None)
            verdicts[unit, month] = CheckedReturn(form, filed, tuple(visible(form, faults)) if faults else (), before)
            earlier[unit].append(filed)
    return verdicts


def figure_findings(verdicts: Sequence[CheckedReturn], first_units: Collection[str]) -> Iterator[Finding]:
    """The lines about the figures of those returns.

    A fault of a table of several units is reported once, under its unit in `first_units`.
    """
    for verdict in verdicts:
        form, filed = verdict.form, verdict.filed
        for rule in JOINED:
            joined = [k for r, about in verdict.faults if r == rule for k in about]
            if joined and (rule != "FORM-1" or filed.unit in first_units):
                yield _joined(form, rule, filed, sorted(joined, key=form.keys.index))
        for rule, keys in verdict.faults:
            if rule in form.relations:
                yield _relation(form, rule, filed)
            elif rule in HISTORY:
                yield history_finding(form, rule, keys, filed, verdict.earlier)
            elif rule not in JOINED:
                yield _single(form, rule, filed, keys)


def frame_of(form: Form, returns: Sequence[Return], county: County) -> pd.DataFrame:
    """One row per return: each field's value (Int64 or boolean, nullable) and whether the body is due.

    A field's states stand beside it only where one of them is not OK: most fields of a month are clean, and validating
    their states would take as long as validating the figures.
    """
    import pandas as pd

    data: dict[str, object] = {}
    for c in form.columns:
        figures = [r.figures[c.key] for r in returns]
        data[c.key] = pd.Series([f.value for f in figures], dtype="Int64" if c.kind == "count" else "boolean")
        states = [f.state for f in figures]
        if any(s != OK for s in states):
            data[state(c.key)] = pd.Series(states, dtype="str")
    since = county.campaign.mobilised_period
    data["mobilised"] = pd.Series([bool(since and r.month and since <= r.month) for r in returns], dtype="boolean")
    return pd.DataFrame(data)


def broken_rules(form: Form, frame: pd.DataFrame) -> list[dict[str, list[tuple[str, ...]]]]:
    """For every row of the frame the rules it breaks, each with the fields it is about; one validation per group."""
    broken: list[dict[str, list[tuple[str, ...]]]] = [defaultdict(list) for _ in range(len(frame))]
    for schema in _schemas(form) if len(frame) else ():
        for rule, column, rows in failures(rules_of(form), schema, frame):
            for row in rows:
                broken[row][rule].append(_about(form, rule, column))
    return broken


@lru_cache(maxsize=8)
def _schemas(form: Form) -> tuple[pa.DataFrameSchema, ...]:
    """The schemas of a form; all months of a run are judged on the same few."""
    return tuple(form.schemas())


def _about(form: Form, rule: str, column: str) -> tuple[str, ...]:
    """The fields a rule is about; one about the whole return hides what is said of single cells."""
    if rule in form.relations:
        return form.relations[rule].keys
    key = column.partition(".")[0]
    return (key,) if key in form.column else form.keys


def _joined(form: Form, rule: str, filed: Return, keys: list[str]) -> Finding:
    labels = "、".join(form.column[k].label for k in keys)
    if rule == "FORM-1":
        others = f"，另有{len(filed.header.added)}个不认识的栏目" if filed.header.added else ""
        return on_return(form, rule, filed, f"表中缺少“{labels}”栏{others}，所缺栏目未计入合计。", keys)
    if rule == "CELL-1":
        return on_return(form, rule, filed, f"“{labels}”未填写。", keys)
    said = _filed(form, filed, keys)
    counted = "、".join(str(filed.figures[k].value) for k in keys)
    return on_return(form, rule, filed, f"“{labels}”填写不规范，已按 {counted} 计入。", keys, filed=said)


def _filed(form: Form, filed: Return, keys: Sequence[str]) -> str | int:
    """The filed value, or `总计 12、自办 5、转办 4`."""
    if len(keys) == 1:
        return filed.figures[keys[0]].as_typed
    return "、".join(f"{form.column[k].label} {filed.figures[k].as_typed}" for k in keys)


def _relation(form: Form, rule: str, filed: Return) -> Finding:
    relation = form.relations[rule]
    values = {k: int(filed.figures[k].value or 0) for k in relation.keys}
    reference = relation.reference(values)
    difference = values[relation.left] - reference if isinstance(reference, int) else None
    said = _filed(form, filed, relation.keys)
    right = "＋".join(form.column[k].label for k in relation.right)
    sums = f"，{right}为 {reference}" if len(relation.right) > 1 else ""
    against = f"{sums}，相差 {abs(difference)}" if difference and reference else ""
    return on_return(
        form,
        rule,
        filed,
        f"{rules_of(form)[rule].holds}：现填 {said}{against}。",
        relation.keys,
        filed=said,
        reference=reference,
        difference=difference,
        value=max(values.values()) if form.column[relation.left].kind == "count" else 0,
    )


def _single(form: Form, rule: str, filed: Return, keys: tuple[str, ...]) -> Finding:
    if rule == "CELL-5":
        return on_return(form, rule, filed, "各项数字全部为0或空白。", basis=whole_row(filed))
    (key,) = keys
    column, figure = form.column[key], filed.figures[key]
    if rule == "CELL-4":
        message = f"“{column.label}”数值超过 {column.ceiling}，已计入合计。"
        over = int(figure.value or 0) - column.ceiling
        return on_return(
            form, rule, filed, message, keys, filed=figure.as_typed, reference=column.ceiling, difference=over
        )
    return on_return(
        form, rule, filed, _unreadable(column, figure), keys, filed=figure.filed, value=_size(figure.filed)
    )


def _size(text: str) -> int:
    """How large a number is that cannot be counted (-700, 0.5); 0 where the text is none."""
    try:
        return int(abs(float(text)))
    except (ValueError, OverflowError):
        return 0


def _unreadable(column: Column, figure: Figure) -> str:
    label, count = column.label, column.kind == "count"
    if figure.filed.startswith("#"):
        why = "显示为错误值"
    elif figure.filed.startswith("="):
        why = "是公式或图片，没有保存计算结果"
    else:
        # The text itself stands in 填报值; it may hold anything, a phone too.
        why = "应填0或正整数" if count else f"应填“{YES}”或“{NO}”"
    return f"“{label}”{why}，" + ("未计入合计。" if count else "未计入。")

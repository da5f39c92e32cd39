"""Conditional formats of an .xlsx that strike figures out or show other numbers than are stored."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from xml.etree import ElementTree

from pipeline.read.grids.markup import children, whole
from pipeline.read.grids.sheets import Position, Sheet, position, range_of
from pipeline.read.grids.sight import Look, seen_number

_MAX_RULES, _MAX_RANGES = 20, 200
"""Rules of one sheet that are looked at, and ranges of one; no form has a tenth of them that change what is seen."""

_OPERATORS = {
    "=": "equal",
    "<>": "notEqual",
    ">": "greaterThan",
    ">=": "greaterThanOrEqual",
    "<": "lessThan",
    "<=": "lessThanOrEqual",
}
_OF_ITSELF = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+)\s*(=|<>|>=|<=|>|<)\s*(-?[0-9]+(?:\.[0-9]+)?)")
"""A formula that compares the first cell of its ranges with a number: F6=0."""

_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "equal": operator.eq,
    "notEqual": operator.ne,
    "greaterThan": operator.gt,
    "greaterThanOrEqual": operator.ge,
    "lessThan": operator.lt,
    "lessThanOrEqual": operator.le,
}


def take_conditional(
    sheet: Sheet, formatting: Sequence[ElementTree.Element], looks: Sequence[Look], *, from_1904: bool, zeros: bool
) -> None:
    """Leaves in the sheet's cells what is seen of their numbers under those conditionalFormatting elements.

    `looks` are the differential formats of the book. A rule whose condition is not a comparison with numbers may hold.
    """
    for e, rule, look in [*_telling(formatting, looks)][:_MAX_RULES]:
        ranges = [range_of(r) for r in e.get("sqref", "").split()[:_MAX_RANGES]]
        for at, value in [*sheet.cells.items()]:
            if isinstance(value, float) and any(_is_in(at, r) for r in ranges) and _may_hold(rule, value, ranges[0][0]):
                sheet.put(*at, seen_number(value, look, from_1904=from_1904, zeros=zeros))


def _telling(
    formatting: Sequence[ElementTree.Element], looks: Sequence[Look]
) -> Iterator[tuple[ElementTree.Element, ElementTree.Element, Look]]:
    """The rules that change what is seen of a number, each with the element it stands in and its look."""
    for e in formatting:
        for name, rule in children(e):
            number = whole(rule.get("dxfId"), -1)
            if name == "cfRule" and 0 <= number < len(looks) and not looks[number].is_plain:
                yield e, rule, looks[number]


def _is_in(at: Position, area: tuple[Position, Position]) -> bool:
    (top, left), (bottom, right) = area
    return top <= at[0] <= bottom and left <= at[1] <= right


def _may_hold(rule: ElementTree.Element, value: float, first: Position) -> bool:
    """Whether the condition holds for that number, or nobody knows; `first` is the cell for which it is written."""
    texts = [f.text or "" for name, f in children(rule) if name == "formula"]
    kind, compared = rule.get("type", ""), rule.get("operator", "")
    of_itself = _OF_ITSELF.fullmatch(texts[0].strip()) if kind == "expression" and len(texts) == 1 else None
    if of_itself and position(of_itself[1] + of_itself[2]) == first:
        kind, compared, texts = "cellIs", _OPERATORS[of_itself[3]], [of_itself[4]]
    if kind == "containsBlanks":
        return False
    try:
        operands = [float(text) for text in texts]
    except ValueError:
        return True
    if kind != "cellIs" or not operands:
        return True
    if compared in ("between", "notBetween"):
        return (min(operands) <= value <= max(operands)) == (compared == "between")
    return _COMPARED[compared](value, operands[0]) if compared in _COMPARED else True

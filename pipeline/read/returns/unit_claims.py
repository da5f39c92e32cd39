"""Whose a table is: everything that says so is a claim, and one decision takes what has one reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.model import FORM, Grid, Month, Stated
from pipeline.model.frozen import frozen
from pipeline.read.returns.caption_labels import UNIT
from pipeline.read.returns.captions import Above
from pipeline.read.returns.claims import Strength, TableContext, name_in
from pipeline.read.returns.names import Names
from pipeline.read.text import plain, squeeze


@frozen
class UnitClaim:
    """A text on the form that names a unit, and the unit of the roster that it means, '' where nobody knows it."""

    text: str
    cell: str
    strength: Strength
    unit: str


@frozen
class DecidedUnit:
    """A table's unit on the roster, '' where it has not exactly one, what was said of it, and what is wrong with that."""

    unit: str
    stated: Stated
    fault: str = ""


def decide_unit(
    place: TableContext, grid: Grid, above: Above, month: Month | None, row: tuple[str, str] = ("", "")
) -> DecidedUnit:
    """The unit of a table below those lines; `row`: the name that stands in its only row, and its cell."""
    claims = list(_unit_claims(place, grid, above, month, row))
    for strength in Strength:
        here = [c for c in claims if c.strength == strength]
        known = [c for c in here if c.unit]
        if not here:
            continue
        if not known:
            first = here[0]
            if (several := len(place.names.inside(first.text))) > 1:
                return DecidedUnit("", Stated(first.text, FORM, first.cell), f"填报单位处写着{several}个单位")
            likely = place.names.likely(first.text, month)
            return DecidedUnit("", Stated(first.text, FORM, first.cell, likely), "填报单位不在应报单位名单中")
        first = known[0]
        stated = Stated(first.text, FORM, first.cell)
        if other := next((c for c in claims if c.unit not in ("", first.unit)), None):
            return DecidedUnit("", stated, f"表内写着“{first.text}”和“{other.text}”两个单位")
        return DecidedUnit(first.unit, stated)
    blank = next((grid.address(c.row, c.column) for c in above.captions if c.what == UNIT), "")
    unit, stated = unit_around(place.names, place.around(), month, blank)
    return DecidedUnit(unit, stated, "" if unit else "表内和文件名都看不出填报单位")


def _unit_claims(
    place: TableContext, grid: Grid, above: Above, month: Month | None, row: tuple[str, str]
) -> Iterator[UnitClaim]:
    names = place.names
    for c in above.captions:
        if c.what != UNIT or c.value is None:
            continue
        unit = names.one(text := plain(c.value), month)
        if unit or not (c.attached or _only_measures(text, place.county.forms.whole.measures)):
            strength = Strength.LABEL if c.strong else Strength.SHORT_LABEL
            yield UnitClaim(text, grid.address(c.row, c.column), strength, unit.name if unit else "")
    if row[0]:
        unit = names.one(row[0], month)
        yield UnitClaim(*row, Strength.ROW, unit.name if unit else "")
    for h in above.headings:
        if unit_name := _unit_in_title(names, place.county.title, h.text, month):
            yield UnitClaim(unit_name, grid.address(h.row, h.column), Strength.TITLE, unit_name)


@lru_cache(maxsize=2**10)  # the titles of forms are all alike
def _unit_in_title(names: Names, campaign: str, text: str, month: Month | None) -> str:
    """The unit that stands alone in a line, or before the campaign's title; '' where none does.

    县乡村振兴局： is whom a letter is written to.
    """
    if squeeze(text).endswith(":"):
        return ""
    before, title, _ = squeeze(text).partition(squeeze(campaign))
    if unit := names.one(before, month):
        return unit.name
    mentioned = names.inside(before) if title else ()
    return name_in(mentioned[0], month) if len(mentioned) == 1 else ""


@lru_cache(maxsize=2**10)
def _only_measures(text: str, measures: frozenset[str]) -> bool:
    """Whether 单位：… tells in what the figures are measured."""
    for measure in sorted(measures, key=len, reverse=True):
        text = text.replace(measure, "")
    return not re.sub(r"[、,，/\s及和]", "", text)


def on_form(place: TableContext, text: str, cell: str, month: Month | None) -> DecidedUnit:
    """The unit that a name in a row of a table of several units means, '' where nobody knows it."""
    if unit := place.names.one(text, month):
        return DecidedUnit(unit.name, Stated(text, FORM, cell))
    likely = place.names.likely(text, month)
    return DecidedUnit("", Stated(text, FORM, cell, likely), "填报单位不在应报单位名单中")


def unit_around(
    names: Names, around: Iterator[tuple[str, str]], month: Month | None, cell: str = ""
) -> tuple[str, Stated]:
    """The unit that the names around a table or a file tell: the nearest name that tells just one."""
    for origin, text in around:
        named = ((u,),) if (u := names.one(text, month)) else names.inside(text)
        found = {name_in(units, month) for units in named}
        if len(found) == 1:
            return found.pop(), Stated(text, origin, cell)
        if found:
            break
    return "", Stated(cell=cell)

"""Returns whose unit only their surroundings name: none, where the same surroundings name several units or hold theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pipeline.model import CONTAINER, COUNTED, FORM, UNPLACED, Disposition, Reading, Return, Stated

_TWO_NAMES = "表内没有填写单位，同一文件放在几个单位名下，分不清是哪个单位的"
_TOGETHER = "表内没有填写单位，同一压缩包或邮件里有几个单位的报表，分不清是哪个单位的"


@dataclass(frozen=True)
class Surroundings:
    """The files, by SHA-256, that lie under names of several units, and the containers that hold returns of several."""

    of_two_units: frozenset[str]
    of_several: frozenset[str]

    def of(self, disposition: Disposition) -> Disposition:
        """What becomes of a return by that: it belongs to no unit where only such a name says whose it is."""
        table = disposition.table
        if disposition.outcome != COUNTED or not isinstance(table, Return) or table.unit_stated.origin == FORM:
            return disposition
        if disposition.source.sha256 in self.of_two_units:
            return _nobodys(disposition, table, _TWO_NAMES)
        if table.unit_stated.origin == CONTAINER and disposition.source.outermost in self.of_several:
            return _nobodys(disposition, table, _TOGETHER)
        return disposition


def surroundings(readings: Iterable[Reading]) -> Surroundings:
    """What the places of all returns tell about those that do not say whose they are."""
    of_file: dict[str, set[str]] = defaultdict(set)
    of_container: dict[str, set[str]] = defaultdict(set)
    for reading, table in _returns(readings):
        origin = table.unit_stated.origin
        if origin != FORM:
            of_file[reading.source.sha256].add(table.unit)
        if origin != CONTAINER and reading.source.outermost != reading.source.path:
            of_container[reading.source.outermost].add(table.unit)
    return Surroundings(_several(of_file), _several(of_container))


def _returns(readings: Iterable[Reading]) -> Iterator[tuple[Reading, Return]]:
    return ((r, t) for r in readings for t in r.tables if isinstance(t, Return) and t.unit)


def _several(units: dict[str, set[str]]) -> frozenset[str]:
    return frozenset(place for place, names in units.items() if len(names) > 1)


def _nobodys(disposition: Disposition, table: Return, why: str) -> Disposition:
    nameless = replace(table, unit="", unit_stated=Stated(), unit_fault=why)
    return replace(disposition, table=nameless, outcome=UNPLACED, rule="UNIT-1", why=why)

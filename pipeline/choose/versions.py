"""The versions of one return: their order, which of them counts, and which say nothing new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from pipeline.model import DUPLICATE, IGNORED, SUPERSEDED, UNPLACED, CountyBook, Disposition, Return, Source, Versions
from schemas.columns import OK

_UNIT_NOT_ON_FORM = "表内没有填写单位，不能替代写明单位的报表"


class Arrived(Protocol):
    """What came at some time."""

    @property
    def source(self) -> Source:
        """Its file."""


T = TypeVar("T", bound=Arrived)


def by_arrival(versions: Iterable[T]) -> list[T]:
    """The versions in the order in which they came.

    What came at a time nobody knows stands before or behind all others: the path that sorts last decides.
    """
    known, unknown = list[T](), list[T]()
    for version in versions:
        (unknown if version.source.undated else known).append(version)
    known.sort(key=lambda v: age(v.source))
    unknown.sort(key=lambda v: (v.source.by_phone, v.source.path))
    if known and unknown and known[-1].source.path > unknown[-1].source.path:
        return [*unknown, *known]
    return [*known, *unknown]


def age(source: Source) -> tuple[object, ...]:
    """Sorts by arrival. A member's own time orders inside one archive only; at last the path decides."""
    return source.received, source.by_phone, source.outermost, source.moment, source.path


def known_order(one: Source, other: Source) -> bool:
    """Whether it is known which of two came first; what by_arrival tells apart by path alone is not."""
    if one.undated or other.undated:
        return False
    if (one.received, one.by_phone) != (other.received, other.by_phone):
        return True
    return one.outermost == other.outermost and one.moment != other.moment


@dataclass
class Settled:
    """What became of the versions of one return: `used` counts, `others` do not; `again`: see Versions."""

    used: Disposition
    others: list[Disposition] = field(default_factory=list)
    again: list[Disposition] = field(default_factory=list)

    @property
    def dispositions(self) -> list[Disposition]:
        """All of them, the one that counts last."""
        return [*self.others, self.used]

    def versions(self) -> Versions:
        """Those that differ, the one that counts last."""
        distinct = [*(f for f in self.others if f.outcome == SUPERSEDED), self.used]
        ordered = len(distinct) < 2 or known_order(distinct[-2].source, distinct[-1].source)
        return Versions(_returns(distinct), ordered, _returns(self.again))


def _returns(dispositions: Iterable[Disposition]) -> tuple[Return, ...]:
    return tuple(f.table for f in dispositions if isinstance(f.table, Return))


def settle(versions: Sequence[Disposition]) -> Settled:
    """Takes the newest version that says something new; a blank form says nothing beside a filled one."""
    filled = [f for f in versions if not _is_blank(f)]
    blank = [replace(f, outcome=IGNORED, why="空白表，不替代已填的报表") for f in versions if filled and _is_blank(f)]
    first, *later = by_arrival(filled or versions)
    settled = Settled(first, blank)
    earlier = [first]
    for disposition in later:
        _take(settled, disposition, earlier)
        earlier.append(disposition)
    return settled


def _take(settled: Settled, disposition: Disposition, earlier: Sequence[Disposition]) -> None:
    """One more version, by which what counts is replaced, or not."""
    used = settled.used
    known = _said_before(disposition, earlier)
    if known and content(disposition) != content(used):
        settled.others.append(replace(disposition, outcome=DUPLICATE, why=f"与“{known.source.path}”内容相同"))
        if disposition.source.dated:
            settled.again.append(disposition)
    elif content(disposition) != content(used):
        _replace(settled, disposition)
    elif disposition.source.by_phone or _judged(disposition) == _judged(used):
        settled.others.append(replace(disposition, outcome=DUPLICATE, why=f"与“{used.source.path}”内容相同"))
    else:
        # The same figures on a form that was put right otherwise: the newer form is the one to judge.
        settled.others.append(replace(used, outcome=DUPLICATE, why=f"与后收到的“{disposition.source.path}”数字相同"))
        settled.used = disposition


def _said_before(disposition: Disposition, earlier: Sequence[Disposition]) -> Disposition | None:
    """The version that said the same before: a slip comes back uncorrected. What staff enter after a call is meant."""
    same = (f for f in earlier if content(f) == content(disposition))
    return next(
        (f for f in same if not disposition.source.by_phone or f.source.sha256 == disposition.source.sha256), None
    )


def _replace(settled: Settled, disposition: Disposition) -> None:
    used = replace(settled.used, rule="", run=None)
    if _on_form(used) and not _on_form(disposition):
        settled.others.append(replace(disposition, outcome=UNPLACED, rule="UNIT-1", why=_UNIT_NOT_ON_FORM))
        return
    settled.others.append(replace(used, outcome=SUPERSEDED, why=f"已由“{disposition.source.path}”替代"))
    settled.used = disposition


def _on_form(disposition: Disposition) -> bool:
    """Whether the unit stands on the form; a contact list need not say whose it is."""
    return not isinstance(disposition.table, Return) or disposition.table.unit_stated.origin == "form"


def _is_blank(disposition: Disposition) -> bool:
    """Whether nothing at all was filled into a return."""
    return isinstance(disposition.table, Return) and all(not f.filed for f in disposition.table.figures.values())


def content(disposition: Disposition) -> object:
    """The figures or the people of a table."""
    if isinstance(disposition.table, Return):
        return {key: f.value if f.value is not None else f.filed for key, f in disposition.table.figures.items()}
    return [(p.role, p.name, p.post, p.phone) for p in disposition.table.people] if disposition.table else None


def _judged(disposition: Disposition) -> object:
    """What else a table is judged by: two that agree in it and in their figures get the same findings."""
    table = disposition.table
    if table is None:
        return None
    stated = table.unit_stated
    others = bool(table.units_in_name) and table.unit not in table.units_in_name
    form, behind = (as_filed(table), table.book and _behind(table.book)) if isinstance(table, Return) else ((), None)
    return disposition.source.by_phone, stated.text if stated.origin == "form" else "", others, form, behind


def _behind(book: CountyBook) -> object:
    """What stands behind a county's figures: those of its units, and its lines wherever they stand."""
    rows = tuple((row.unit, tuple(f.value for f in row.figures.values())) for row in (*book.rows, book.total))
    return rows, tuple(line for _, line in book.lines)


def as_filed(filed: Return) -> object:
    """What a return says and how its form was bent; where it stands does not matter."""
    month, header = filed.month_stated, filed.header
    # A value that needed no cleaning counts as what it is, however it was typed.
    figures = {k: (f.value, f.state, "" if f.state == OK else f.filed) for k, f in filed.figures.items()}
    form = (dict(header.renamed), header.moved, header.added, set(header.cells))
    return figures, form, filed.month_full, month.text if month.origin == "form" else ""

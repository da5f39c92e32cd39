"""The words the forms are written in: columns, groups and the relations between figures.

Everything the program knows of a column is said once, with these words; the header match, the printed headers, the
pandera schemas and the README's tables derive from it. Nothing here knows of files, sheets or screens.

What takes `since` and `until` stands on the form from the one month to the other, both included: since="2023-07". A
relation also ends where the form has not all of its columns.
"""

from __future__ import annotations

from schemas.columns import YES, Column, Jump, months
from schemas.groups import Backlog, Caveat, Compared, Group
from schemas.relations import AddsUp, AtMost, BothOrNeither, Grade, OnlyWith, Relation, YesOnce


def group(key: str, label: str, *parts: Column | Relation | Backlog | Compared | Caveat) -> Group:
    """A column group: its columns in printed order, its relations, and what its figures are to leaders."""
    return Group(
        key,
        label,
        tuple(p for p in parts if isinstance(p, Column)),
        tuple(p for p in parts if isinstance(p, Relation)),
        tuple(p for p in parts if isinstance(p, Backlog)),
        tuple(p for p in parts if isinstance(p, Compared)),
        tuple(p for p in parts if isinstance(p, Caveat)),
    )


# -- columns ----------------------------------------------------------------------------------------------------------


def count(
    key: str,
    label: str,
    measure: str,
    meaning: str,
    *,
    ceiling: int = 10_000,
    jump: tuple[int, int] = (3, 10),
    stock: bool = False,
    also: tuple[str, ...] = (),
    since: str = "",
    until: str = "",
) -> Column:
    """A whole number, zero or more; above `ceiling` it is queried. `also`: other labels units print for it.

    `jump`: queried, too, where it is more than that many times the median of the unit's months before, and that much above
    it. `stock`: how things stand at the month's end; it is never summed over months.
    """
    dated = months(since, until)
    return Column(key, label, measure, meaning, ceiling=ceiling, jump=Jump(*jump), stock=stock, also=also, months=dated)


def yes_no(
    key: str, label: str, meaning: str, *, rule: str, also: tuple[str, ...] = (), since: str = "", until: str = ""
) -> Column:
    """是 or 否; anything else breaks `rule`."""
    return Column(key, label, "", meaning, kind="yes_no", unreadable=rule, also=also, months=months(since, until))


# -- relations --------------------------------------------------------------------------------------------------------

CORRECT = "请核对这几项数字，改正后重新报送。"
CONFIRM = "请核实；数字有误的改正后重报，确属实情的请说明原因。"


def adds_up(total: str, *parts: str, rule: str, grade: Grade = "强制性", since: str = "", until: str = "") -> Relation:
    """The total equals the sum of its parts."""
    sentence = f"{{{total}}}应等于{_sum(parts)}"
    return AddsUp(rule, grade, total, parts, sentence, CORRECT, months=months(since, until))


def at_most(
    part: str, *whole: str, rule: str, running: str = "", grade: Grade = "核实性", since: str = "", until: str = ""
) -> Relation:
    """The part is not larger than the (sum of the) whole; `running` judges the same of the sums over months."""
    sentence = f"{{{part}}}一般不大于{_sum(whole)}"
    return AtMost(rule, grade, part, whole, sentence, CONFIRM, running, months=months(since, until))


def only_with(
    what: str,
    needs: str,
    *,
    rule: str,
    without: str = "没有{{{needs}}}",
    hides: tuple[str, ...] = (),
    grade: Grade = "核实性",
    since: str = "",
    until: str = "",
) -> Relation:
    """`what` is zero unless `needs` is yes, or more than zero; `without` says that it is not.

    `hides`: the rules that say nothing more where this one is broken.
    """
    sentence = f"{without.format(needs=needs)}的，一般没有{{{what}}}"
    return OnlyWith(rule, grade, what, (needs,), sentence, CONFIRM, hides=hides, months=months(since, until))


def both_or_neither(
    one: str, other: str, *, rule: str, grade: Grade = "核实性", since: str = "", until: str = ""
) -> Relation:
    """The two are zero together, or neither is."""
    sentence = f"{{{one}}}与{{{other}}}应同为零或同不为零"
    return BothOrNeither(rule, grade, one, (other,), sentence, CONFIRM, months=months(since, until))


def yes_once(key: str, *, once: str, rule: str, grade: Grade = "核实性", since: str = "", until: str = "") -> Relation:
    """The answer is 是 in the months in which the campaign is `once` (mobilised)."""
    sentence = f"动员部署阶段已过，{{{key}}}一般应为“{YES}”"
    return YesOnce(rule, grade, key, (), sentence, CONFIRM, months=months(since, until), once=once)


def _sum(keys: tuple[str, ...]) -> str:
    return "＋".join(f"{{{k}}}" for k in keys)


# -- what figures are to leaders --------------------------------------------------------------------------------------


def backlog(label: str, arrived: str, settled: str, *, days: int | None = None) -> Backlog:
    """What is still open: the sum over months of what arrived less what was settled; it should be within `days`."""
    return Backlog(label, arrived, settled, days)


def compared(title: str, *keys: str) -> Compared:
    """Figures that are charted side by side, month by month."""
    return Compared(title, keys)


def caveat(text: str, *keys: str) -> Caveat:
    """What stands below the totals for those who read these figures."""
    return Caveat(text, keys)

"""The words the forms are written in: columns, groups and the relations between figures.

Everything the program knows of a column is said once, with these words; the header match, the printed headers, the
pandera schemas and the README's table derive from it. Nothing here knows of files, sheets or screens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # pandera takes half a second to import, and readers do not need it
    import pandera.pandas as pa

Grade = Literal["强制性", "核实性", "提示性"]
Kind = Literal["count", "yes_no"]
Address = Callable[[str], str]
"""Where a field's answer stands on a form (H6), by its key."""

OK, CLEANED, BLANK, UNREADABLE, MISSING = "ok", "cleaned", "blank", "unreadable", "missing"
"""What became of a cell: taken as filed, taken after cleaning, empty, not a value, its column not on the form."""


YES, NO = "是", "否"
"""The answers of a form's yes-or-no question."""


def state(key: str) -> str:
    """The frame's column that holds the states of a field."""
    return f"{key}.state"


@dataclass(frozen=True)
class Column:
    """One field of a form: its English key, printed label, 计量单位 and meaning, and what a cell of it may hold."""

    key: str
    label: str
    measure: str
    meaning: str
    kind: Kind = "count"
    ceiling: int = 10_000
    unreadable: str = "CELL-2"
    also: tuple[str, ...] = ()

    @property
    def printed(self) -> str:
        """The label with its 计量单位 in brackets, as the form prints it."""
        return f"{self.label}({self.measure})" if self.measure else self.label

    def checks(self, pa: Any) -> dict[str, pa.Column]:
        """The pandera columns of this field: its value, and what became of the cell it stood in."""
        count = self.kind == "count"
        told = {MISSING: "FORM-1", BLANK: "CELL-1", UNREADABLE: self.unreadable} | (
            {CLEANED: "CELL-3"} if count else {}
        )
        return {
            self.key: pa.Column(
                "Int64" if count else "boolean",
                [pa.Check.le(self.ceiling, name="CELL-4")] if count else [],
                nullable=True,
            ),
            state(self.key): pa.Column(str, [pa.Check.ne(s, name=rule) for s, rule in told.items()]),
        }


@dataclass(frozen=True)
class Relation:
    """What must hold between figures of one return.

    `holds` takes the frame of all returns (one column per field, nullable) and gives one boolean per row, missing where
    a figure is missing; `reference` takes one row's figures and gives what the right side comes to. `formula` says the
    same as `holds` to a spreadsheet: it takes the address of a field's cell and gives a formula that is TRUE there.
    `running` is the rule that the same must hold of the sums over several months, '' where it need not.
    """

    rule: str
    grade: Grade
    left: str
    right: tuple[str, ...]
    holds: Callable[[Any], Any]
    reference: Callable[[Mapping[str, int]], int | str | None]
    sentence: str
    advice: str
    formula: Callable[[Address], str]
    running: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields it is about, the left side first."""
        return (self.left, *self.right)

    def check(self, pa: Any) -> Any:
        """The frame-wide pandera check; a row it cannot judge passes."""
        return pa.Check(lambda frame: self.holds(frame).fillna(True).astype(bool), name=self.rule)


@dataclass(frozen=True)
class Group:
    """One column group of a form, with the relations that are judged in it."""

    key: str
    label: str
    columns: tuple[Column, ...]
    relations: tuple[Relation, ...]

    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema of the group; it validates the frame of all returns of a run at once."""
        import pandera.pandas as pa

        columns = {name: column for c in self.columns for name, column in c.checks(pa).items()}
        return pa.DataFrameSchema(columns, checks=[r.check(pa) for r in self.relations], name=self.key)


def count(
    key: str, label: str, measure: str, meaning: str, *, ceiling: int = 10_000, also: tuple[str, ...] = ()
) -> Column:
    """A whole number, zero or more; above `ceiling` it is asked about. `also`: other labels units print for it."""
    return Column(key, label, measure, meaning, ceiling=ceiling, also=also)


def yes_no(key: str, label: str, meaning: str, *, rule: str, also: tuple[str, ...] = ()) -> Column:
    """是 or 否; anything else breaks `rule`."""
    return Column(key, label, "", meaning, kind="yes_no", unreadable=rule, also=also)


def group(key: str, label: str, *parts: Column | Relation) -> Group:
    """A column group: its columns in printed order, and its relations."""
    columns = tuple(p for p in parts if isinstance(p, Column))
    return Group(key, label, columns, tuple(p for p in parts if isinstance(p, Relation)))


CORRECT = "请核对这几项数字，改正后重新报送。"
CONFIRM = "请核实；数字有误的改正后重报，确属实情的请说明原因。"


def adds_up(total: str, *parts: str, rule: str, grade: Grade = "强制性") -> Relation:
    """The total equals the sum of its parts."""
    return Relation(
        rule,
        grade,
        total,
        parts,
        lambda f: f[total] == sum(f[p] for p in parts),
        lambda v: sum(v[p] for p in parts),
        f"{{{total}}}应等于{'＋'.join(f'{{{p}}}' for p in parts)}",
        CORRECT,
        lambda at: f"{at(total)}={'+'.join(map(at, parts))}",
    )


def at_most(part: str, *whole: str, rule: str, running: str = "", grade: Grade = "核实性") -> Relation:
    """The part is not larger than the (sum of the) whole; `running` judges the same of the sums over months."""
    return Relation(
        rule,
        grade,
        part,
        whole,
        lambda f: f[part] <= sum(f[w] for w in whole),
        lambda v: sum(v[w] for w in whole),
        f"{{{part}}}一般不大于{'＋'.join(f'{{{w}}}' for w in whole)}",
        CONFIRM,
        lambda at: f"{at(part)}<={'+'.join(map(at, whole))}",
        running,
    )


def only_with(
    what: str, needs: str, *, rule: str, without: str = "没有{{{needs}}}", grade: Grade = "核实性"
) -> Relation:
    """`what` is zero unless `needs` is yes, or more than zero; `without` says that it is not."""
    return Relation(
        rule,
        grade,
        what,
        (needs,),
        lambda f: (f[what] == 0) | (f[needs].astype("Int64") > 0),
        lambda v: 0,
        f"{without.format(needs=needs)}的，一般没有{{{what}}}",
        CONFIRM,
        # An answer is 是 where the other is a count, and N() of a text is 0.
        lambda at: f'OR({at(what)}=0,{at(needs)}="{YES}",N({at(needs)})>0)',
    )


def both_or_neither(one: str, other: str, *, rule: str, grade: Grade = "核实性") -> Relation:
    """The two are zero together, or neither is."""
    return Relation(
        rule,
        grade,
        one,
        (other,),
        lambda f: (f[one] == 0) == (f[other] == 0),
        lambda v: None,
        f"{{{one}}}与{{{other}}}应同为零或同不为零",
        CONFIRM,
        lambda at: f"({at(one)}=0)=({at(other)}=0)",
    )


def yes_once(key: str, *, once: str, rule: str, grade: Grade = "核实性") -> Relation:
    """The answer is 是 wherever the frame's column `once` is true."""
    return Relation(
        rule,
        grade,
        key,
        (),
        lambda f: f[key] | ~f[once],
        lambda v: "是",
        f"动员部署阶段已过，{{{key}}}一般应为“是”",
        CONFIRM,
        lambda at: f'OR({at(key)}="{YES}",NOT({at(once)}))',
    )

"""What must hold between the figures of one return, as plain values that can be sent to another process."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from schemas.columns import ALWAYS, YES, Months

Grade = Literal["强制性", "核实性", "提示性"]
Address = Callable[[str], str]
"""Where a field's answer stands on a form (H6), by its key."""


@dataclass(frozen=True)
class Relation(ABC):
    """What must hold between `left` and `right`, in those months in which the form has all these fields.

    `running` is the rule that the same must hold of the sums over several months, '' where it need not; `hides` are the
    rules that say nothing more where this one is broken.
    """

    rule: str
    grade: Grade
    left: str
    right: tuple[str, ...]
    sentence: str
    advice: str
    running: str = ""
    hides: tuple[str, ...] = ()
    months: Months = ALWAYS

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields it is about, the left side first."""
        return (self.left, *self.right)

    @abstractmethod
    def holds(self, frame: Any) -> Any:
        """One boolean per row of the frame of returns (one column per field, nullable), missing where a figure is."""

    @abstractmethod
    def reference(self, values: Mapping[str, int]) -> int | str | None:
        """What the right side of one return comes to."""

    @abstractmethod
    def formula(self, at: Address) -> str:
        """The same as `holds`, said to a spreadsheet: TRUE where it holds."""

    def check(self, pa: Any) -> Any:
        """The frame-wide pandera check; a row it cannot judge passes."""
        return pa.Check(lambda frame: self.holds(frame).fillna(True).astype(bool), name=self.rule)


class AddsUp(Relation):
    """The left side equals the sum of the right."""

    def holds(self, frame: Any) -> Any:
        return frame[self.left] == sum(frame[k] for k in self.right)

    def reference(self, values: Mapping[str, int]) -> int:
        return sum(values[k] for k in self.right)

    def formula(self, at: Address) -> str:
        return f"{at(self.left)}={'+'.join(map(at, self.right))}"


class AtMost(Relation):
    """The left side is not larger than the sum of the right."""

    def holds(self, frame: Any) -> Any:
        return frame[self.left] <= sum(frame[k] for k in self.right)

    def reference(self, values: Mapping[str, int]) -> int:
        return sum(values[k] for k in self.right)

    def formula(self, at: Address) -> str:
        return f"{at(self.left)}<={'+'.join(map(at, self.right))}"


class OnlyWith(Relation):
    """The left side is zero unless the right is yes, or more than zero."""

    def holds(self, frame: Any) -> Any:
        (needs,) = self.right
        return (frame[self.left] == 0) | (frame[needs].astype("Int64") > 0)

    def reference(self, values: Mapping[str, int]) -> int:
        return 0

    def formula(self, at: Address) -> str:
        (needs,) = map(at, self.right)
        # An answer is 是 where the other is a count, and N() of a text is 0.
        return f'OR({at(self.left)}=0,{needs}="{YES}",N({needs})>0)'


class BothOrNeither(Relation):
    """Both sides are zero together, or neither is."""

    def holds(self, frame: Any) -> Any:
        (other,) = self.right
        return (frame[self.left] == 0) == (frame[other] == 0)

    def reference(self, values: Mapping[str, int]) -> None:
        return None

    def formula(self, at: Address) -> str:
        (other,) = map(at, self.right)
        return f"({at(self.left)}=0)=({other}=0)"


@dataclass(frozen=True)
class YesOnce(Relation):
    """The answer is 是 wherever the frame's column `once` is true."""

    once: str = ""

    def holds(self, frame: Any) -> Any:
        return frame[self.left] | ~frame[self.once]

    def reference(self, values: Mapping[str, int]) -> str:
        return YES

    def formula(self, at: Address) -> str:
        return f'OR({at(self.left)}="{YES}",NOT({at(self.once)}))'

"""What .xlsx and .xlsb have in common: sheets read one by one, and formulas that nobody calculated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.model import Unresolved
from pipeline.read.grids.layout import MAX_CELLS, MAX_SHEETS, BookBuilder, TooLargeError
from pipeline.read.grids.package import WORKSHEET, Listed
from pipeline.read.grids.sheets import Position, Sheet, put_sheets

FORMULA = "=公式"
"""What stands for a formula whose text nobody knows."""

LOST_TEXT = "（文字缺失）"
"""What stands for a text that the sheets share, and that is not there."""


@dataclass
class Results:
    """What a book's formulas show, if its program asked for them to be calculated when it is opened.

    Such a program wrote 0 for results that it did not know. Where any formula shows something else, it knew them.
    """

    asked: bool = False
    known: bool = False
    zeros: list[tuple[Sheet, Position, str]] = field(default_factory=list)

    def note(self, sheet: Sheet, place: Position, formula: str, value: object) -> None:
        """Takes the result of a formula."""
        if not self.asked or self.known:
            return
        if isinstance(value, float) and value == 0:
            self.zeros.append((sheet, place, formula))
        elif not (value is None or isinstance(value, Unresolved) or _is_blank(value)):
            self.known = True

    def settle(self) -> None:
        """Leaves no 0 that nobody calculated."""
        if not self.known:
            for sheet, place, formula in self.zeros:
                sheet.put(*place, Unresolved(formula))


def _is_blank(value: object) -> bool:
    """Whether a result is a text without characters, in pieces."""
    return isinstance(value, tuple | list) and not any(text.strip() for text, _ in value)


def read_sheets(listed: list[Listed], read: Callable[[Listed], Sheet], builder: BookBuilder, results: Results) -> None:
    """Puts the visible sheets in the book; ValueError where there is none that can be read.

    Hidden ones are read only where they may tell whether the formulas of all were calculated.
    """
    sheets, damaged, room = list[Sheet](), False, MAX_CELLS
    for one in listed:
        if one.hidden:
            builder.hidden(one.name)
        if one.kind != WORKSHEET or (one.hidden and not results.asked):
            continue
        try:
            sheet = read(one)
        except (TooLargeError, MemoryError):
            raise
        except Exception:  # noqa: BLE001  a damaged part raises whatever its archive and its parser raise
            if not one.hidden:
                damaged = True
                builder.damaged(one.name)
            continue
        if not one.hidden:
            sheets.append(sheet)
        room -= len(sheet.cells)
        if room < 0 or len(sheets) > MAX_SHEETS:
            break
    if not sheets and (damaged or all(one.kind != WORKSHEET for one in listed)):
        raise ValueError("no worksheet that can be read")
    results.settle()
    put_sheets(builder, sheets, more=room < 0)

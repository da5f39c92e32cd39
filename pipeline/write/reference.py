"""填报参考: the second sheet of a blank form, with the unit's months before, and what 自检 makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlsxwriter.utility import xl_cell_to_rowcol as place
from xlsxwriter.utility import xl_rowcol_to_cell as address
from xlsxwriter.worksheet import Worksheet

from pipeline.model import Return
from pipeline.phones import masked
from pipeline.rules import ERROR, rules_of
from pipeline.running import content
from pipeline.sheets import REFERENCE
from pipeline.write.book import Book
from pipeline.write.calculation import Calculation, Formula
from pipeline.write.checks import EMPTY, FILLED, UNREADABLE, Check, History, checks_of, hidden_by
from schemas.columns import NO, YES, Column, shown
from schemas.form import Form

_SAME, _HEADER, _FIRST = 2, 3, 4
_GROUP, _LABEL, _NOW, _LAST, _YEAR, _MONTHS = range(6)
_RESULT, _BROKEN, _SAID = _NOW, _LAST, _YEAR
"""Where of a check stands ×, whether its rule is broken, and all that is said down to it."""

HOLDS, FAILS = "√", "×"
_WHAT = {True: "必须改正", False: "请核实"}
_WIDTH = 9.0


@dataclass(frozen=True)
class Reference:
    """The sheet as it is laid out: its cells by address, what the form's rows 自检 are to show, as formulas."""

    form: Form
    history: History
    answers: Mapping[str, str]
    caption: str
    mobilised: bool

    # -- where things stand (see checks.Places) ----------------------------------------------------------------------

    def value(self, key: str) -> str:
        """What counts of the form's cell."""
        return str(address(self._row(key), _NOW))

    def state(self, key: str) -> str:
        """What that cell is."""
        return str(address(self._row(key), self._after))

    def rose(self, key: str) -> str:
        """Whether it rose since the month before."""
        return str(address(self._row(key), self._after + 1))

    def same(self, key: str) -> str:
        """Whether it is what the month before had."""
        return str(address(self._row(key), self._after + 2))

    def months(self, key: str) -> str:
        """Its values in the months before."""
        row = self._row(key)
        return f"{address(row, _MONTHS)}:{address(row, self._after - 1)}"

    @property
    def same_month(self) -> str:
        """A condition: the form is of the month it was made for."""
        return f'{address(_SAME, _NOW)}="{YES}"'

    def _row(self, key: str) -> int:
        return _FIRST + self.form.keys.index(key)

    @property
    def _after(self) -> int:
        """The column behind the months."""
        return _MONTHS + len(self.history.earlier)

    @property
    def checks(self) -> list[Check]:
        """All that is judged."""
        return checks_of(self.form, self.history, self, mobilised=self.mobilised)

    def results(self) -> list[str]:
        """Where each check shows × if its rule is broken and no other one hides it."""
        return [str(address(_FIRST + len(self.form.keys) + 2 + i, _RESULT)) for i in range(len(self.checks))]

    # -- what stands in the cells --------------------------------------------------------------------------------------

    def cells(self) -> dict[str, object]:
        """Values and formulas by address."""
        placed = [*self._heads(), *self._figures(), *self._judged()]
        return {str(address(row, column)): value for row, column, value in placed if value is not None}

    def _heads(self) -> Iterator[tuple[int, int, object]]:
        month, last = self.history.month, self.history.month.plus(-1)
        yield 0, 0, REFERENCE
        yield (
            1,
            0,
            f"本表不用填写。以前各月是本单位报来并采用的数字，本月一栏取自报表，供填报和自检使用。本表为{month.zh}制作。",
        )
        yield _SAME, _LABEL, f"报表统计时间是{month.zh}"
        yield _SAME, _NOW, Formula(f'IF({self._is_month()},"{YES}","{NO}")')
        heads = ["栏目", "指标", "本月", f"上月（{last.zh}）", f"本年累计（截至{last.zh}）"]
        heads += [r.month.zh for r in self.history.earlier if r.month]
        for column, head in enumerate((*heads, "状态", "升降", "同上月")):
            yield _HEADER, column, head

    def _is_month(self) -> str:
        """Whether the caption names the month the form was made for, however it is spaced."""
        bare = self.caption
        for old, new in ((" ", ""), ("　", ""), ("年0", "年")):
            bare = f'SUBSTITUTE({bare},"{old}","{new}")'
        zh = self.history.month.zh
        return f'LEN(SUBSTITUTE({bare},"{zh}",""))=LEN({bare})-{len(zh)}'

    def _figures(self) -> Iterator[tuple[int, int, object]]:
        earlier, last = self.history.earlier, self.history.last
        for c in self.form.columns:
            row = self._row(c.key)
            yield row, _GROUP, self.form.group_of[c.key].label
            yield row, _LABEL, c.printed
            yield row, _NOW, Formula(f'IF({self.state(c.key)}="{FILLED}",{self.answers[c.key]},"")')
            yield row, _LAST, said_before(last, c.key) if last else None
            yield row, _YEAR, self._to_date(c)
            yield from ((row, _MONTHS + i, said_before(r, c.key)) for i, r in enumerate(earlier))
            yield row, self._after, Formula(self._state_of(c))
            if last and c.key in last.figures:
                now, before = self.value(c.key), address(row, _LAST)
                yield (
                    row,
                    self._after + 1,
                    Formula(f'IF(AND(ISNUMBER({now}),ISNUMBER({before})),SIGN({now}-{before}),"")'),
                )
                yield row, self._after + 2, Formula(f'IF(EXACT({self.answers[c.key]}&"",{before}&""),1,0)')

    def _to_date(self, column: Column) -> int | None:
        """The sum of the year's months before."""
        of_year = [r for r in self.history.earlier if r.month and r.month.year == self.history.month.plus(-1).year]
        values = [int(v) for r in of_year if (v := r.value(column.key)) is not None]
        return sum(values) if values and column.adds_up else None

    def _state_of(self, column: Column) -> str:
        cell = self.answers[column.key]
        if column.kind == "yes_no":
            return f'IF(LEN(TRIM({cell}))=0,"{EMPTY}",IF(OR({cell}="{YES}",{cell}="{NO}"),"{FILLED}","{UNREADABLE}"))'
        whole = f'IF(AND({cell}>=0,{cell}=INT({cell})),"{FILLED}","{UNREADABLE}")'
        return f'IF(ISNUMBER({cell}),{whole},IF(LEN(TRIM({cell}))=0,"{EMPTY}","{UNREADABLE}"))'

    # -- what is judged ------------------------------------------------------------------------------------------------

    def _judged(self) -> Iterator[tuple[int, int, object]]:
        checks, top = self.checks, _FIRST + len(self.form.keys) + 1
        yield from ((top, i, head) for i, head in enumerate(("自检", "应核对的", "结果", "不符", "提示")))
        first, before = top + 1, ""
        for i, check in enumerate(checks):
            must, row = self._is_must(check), first + i
            hiding = [str(address(first + j, _BROKEN)) for j in hidden_by(self.form, check, checks)]
            broken, result = address(row, _BROKEN), address(row, _RESULT)
            shown = f"AND({broken},NOT(OR({','.join(hiding)})))" if hiding else broken
            so_far = f"{before}&" if before and self._is_must(checks[i - 1]) == must else ""
            yield row, 0, _WHAT[must]
            yield row, 1, check.said
            yield row, _RESULT, Formula(f'IF({shown},"{FAILS}","")')
            yield row, _BROKEN, Formula(check.broken)
            yield row, _SAID, Formula(f'{so_far}IF({result}="{FAILS}","{check.said}","")')
            before = str(address(row, _SAID))

    def verdicts(self) -> tuple[Formula, Formula]:
        """What the form's two rows of 自检 are to show: what must be corrected, and what is asked."""
        checks, first = self.checks, _FIRST + len(self.form.keys) + 2
        nothing = f"{'+'.join(f'LEN({cell})' for cell in self.answers.values())}=0"
        said = []
        for must, what in _WHAT.items():
            last = max((i for i, c in enumerate(checks) if self._is_must(c) == must), default=None)
            answer = f"'{REFERENCE}'!{address(first + last, _SAID)}" if last is not None else '""'
            said.append(f'"{what}："&IF({nothing},"尚未填写",IF({answer}="","{HOLDS}","{FAILS}"&{answer}))')
        other = f"（统计时间不是{self.history.month.zh}，没有与以前各月核对）"
        history = f'&IF(\'{REFERENCE}\'!{self.same_month},"","{other}")' if self.history.earlier else ""
        return Formula(said[0]), Formula(f"{said[1]}{history}")

    def _is_must(self, check: Check) -> bool:
        return rules_of(self.form)[check.rule].grade == ERROR


def said_before(filed: Return, key: str) -> object:
    """A figure of a month before, in the unit's own words where it is no value."""
    if key not in filed.figures:
        return None
    value = content(filed, key)
    return masked(value) or None if isinstance(value, str) else shown(value)


def draw_reference(book: Book, reference: Reference, sheet_of_form: str, of_form: Mapping[str, object]) -> Calculation:
    """Draws the sheet behind the form, and calculates both; `of_form` is what stands in the form's cells."""
    cells = reference.cells()
    calculation = Calculation({sheet_of_form: of_form, REFERENCE: cells})
    months = len(reference.history.earlier)
    sheet = book.sheet(REFERENCE, [22, 40, _WIDTH, 14, 18, *[_WIDTH] * months, 6, 6, 6], repeat=(_HEADER, _HEADER))
    for cell, value in cells.items():
        _put(book, sheet, cell, value, calculation)
    sheet.set_row(_HEADER, 32)
    sheet.print_area(0, 0, _FIRST + len(reference.form.keys) - 1, _MONTHS + months - 1)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    return calculation


def _put(book: Book, sheet: Worksheet, cell: str, value: object, calculation: Calculation) -> None:
    row, column = place(cell)
    look = "head" if row == _HEADER else "caption" if row < _HEADER else "check"
    if isinstance(value, Formula):
        book.formula(sheet, row, column, value, look, calculation.value(REFERENCE, cell))
    else:
        book.put(sheet, row, column, value, look)

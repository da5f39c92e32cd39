"""The frozen values that travel from the inbox to the outbox."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

BEIJING = dt.timezone(dt.timedelta(hours=8))

PHONE_FOLDER = "电话更正"
"""What lies below a folder of this name was entered by staff after a phone call."""


class Month(NamedTuple):
    """A calendar month; prints as 2023-05 and sorts in time."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def zh(self) -> str:
        """As staff write it: 2023年5月."""
        return f"{self.year}年{self.month}月"

    def until(self, last: Month) -> tuple[Month, ...]:
        """The months from this one to `last`, both included; none where that lies before."""
        months = (last.year - self.year) * 12 + last.month - self.month + 1
        return tuple(self.plus(i) for i in range(months))

    def plus(self, months: int) -> Month:
        """The month so many months later."""
        years, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(years, month + 1)

    def day(self, day: int) -> dt.date:
        """That day of the month, or the month's last day where it has fewer."""
        last = (dt.date(*self.plus(1), 1) - dt.timedelta(days=1)).day
        return dt.date(self.year, self.month, min(day, last))

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def of_zh(cls, text: str) -> Month | None:
        """The month written 2023年5月, None for anything else."""
        m = re.fullmatch(r"([0-9]{4})年([0-9]{1,2})月", text)
        return cls(int(m[1]), int(m[2])) if m else None

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written YYYY-MM; ValueError for anything else."""
        m = re.fullmatch(r"([12][0-9]{3})-(0[1-9]|1[0-2])", text)
        if not m:
            raise ValueError(text)
        return cls(int(m[1]), int(m[2]))


# -- what was received ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """A file of the inbox: its path below it, its SHA-256 ('' where its bytes could not be had), when it came.

    In `path` folders end in '/', and what lies in an archive or a mail stands behind ' › '. `received` is Beijing time.
    `moment` is an archive member's own time, which only orders versions inside one archive; `subjects` are those of the
    mails it came in, the innermost first.
    """

    path: str
    sha256: str
    received: dt.datetime
    moment: tuple[int, ...] = ()
    subjects: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file's own name."""
        return re.split("/| › ", self.path)[-1]

    @property
    def outermost(self) -> str:
        """The file of the inbox that it is, or lies in."""
        return self.path.partition(" › ")[0]

    @property
    def by_phone(self) -> bool:
        """Whether staff entered it after a phone call."""
        return PHONE_FOLDER in self.path and PHONE_FOLDER in self.outermost.split("/")[:-1]

    @property
    def due_month(self) -> Month:
        """The month before it was received: where a file belongs that does not say."""
        return Month.of(self.received).plus(-1)


@dataclass(frozen=True)
class Attachment:
    """A file as it lies in the inbox, or inside another.

    `ignored` says why it is no business of ours, `problem` why it cannot be opened and `advice` what to do then, `empty`
    why there is nothing in it; `kind` is what its bytes are, where somebody has looked.
    """

    source: Source
    data: bytes = field(repr=False)
    ignored: str = ""
    problem: str = ""
    advice: str = ""
    empty: str = ""
    kind: str = ""


class Unresolved(str):
    """A cell that shows no value of its own: an error (#REF!) or a formula saved without its result (=SUM(H6:H7))."""


Words = tuple[tuple[int, str], ...]
"""The texts of a row with their columns."""


@dataclass(frozen=True)
class Grid:
    """One visible sheet. rows[r][c] is text, number, bool, date or Unresolved, None where blank or under a merge.

    `top` and `left` say where on the sheet rows[0][0] stands, counted from 0; in a document the table is the sheet.
    """

    sheet: str
    rows: list[list[object]]
    top: int = 0
    left: int = 0

    @cached_property
    def words(self) -> tuple[Words, ...]:
        """The texts of each row; a number, a date or an error is none."""
        return tuple([tuple([(c, v) for c, v in enumerate(row) if type(v) is str]) for row in self.rows])

    def address(self, row: int, column: int) -> str:
        """The cell's address on the sheet, H6; '' for a line that stands above a table of a document."""
        if row + self.top < 0:
            return ""
        return f"{_letters(column + self.left)}{row + self.top + 1}"


@lru_cache(maxsize=512)
def _letters(column: int) -> str:
    """The letters of a column counted from 0: A, B … Z, AA …."""
    letters, n = "", column + 1
    while n:
        n, rest = divmod(n - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True)
class Stated:
    """What a file says of unit or month: the words, where they stand (form, sheet, file, outer, ''), and the cell.

    `likely` is the unit that may be meant by a name nobody knows.
    """

    text: str = ""
    origin: str = ""
    cell: str = ""
    likely: str = ""


Value = int | bool | None
"""What a cell counts as: a whole number, 是 or 否, None where nothing counts."""


@dataclass(frozen=True)
class Figure:
    """One cell of a return: the value it counts as (None: blank), what became of it, the filed text and its address."""

    value: Value
    state: str
    filed: str
    cell: str


@dataclass(frozen=True)
class Header:
    """How a return's columns differ from the printed form: labels in the unit's words, cells of the labels."""

    renamed: Mapping[str, str]
    moved: tuple[str, ...]
    added: tuple[str, ...]
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Return:
    """One unit's Annex 1 for one month, as filed.

    `unit` is its name on the roster, '' where it cannot be told; `month` is None where it cannot be told.
    `row_fault` says why its rows are not one data row ('' where they are). `shared`: the table holds several units.
    """

    source: Source
    sheet: str
    unit: str
    unit_stated: Stated
    month: Month | None
    month_stated: Stated
    figures: Mapping[str, Figure]
    header: Header
    row_fault: str = ""
    month_full: bool = True
    units_in_name: tuple[str, ...] = ()
    shared: bool = False


@dataclass(frozen=True)
class Person:
    """One row of Annex 2; cells maps name, post and phone to their addresses."""

    role: str
    name: str
    post: str
    phone: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Contacts:
    """One unit's Annex 2."""

    source: Source
    sheet: str
    unit: str
    unit_stated: Stated
    people: tuple[Person, ...]
    units_in_name: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What one file of the inbox came to. `rule` is the FILE rule it broke, `ignored` why it is no business of ours.

    `unit` is what the file's name tells, for files whose inside tells nothing. `quiet`: it stands in 来源台账 only.
    """

    source: Source
    tables: tuple[Return | Contacts, ...] = ()
    rule: str = ""
    ignored: str = ""
    detail: str = ""
    advice: str = ""
    unit: str = ""
    notes: tuple[str, ...] = ()
    quiet: bool = False


# -- what was decided -------------------------------------------------------------------------------------------------

COUNTED, EARLIER, LATER, SUPERSEDED, DUPLICATE, UNPLACED, SCAN, UNREAD, FOREIGN, IGNORED = [
    "采用",
    "往期",
    "后期",
    "被替代",
    "重复",
    "未采用",
    "扫描件",
    "无法读取",
    "非报表",
    "忽略",
]
"""处理结果 of 来源台账."""


@dataclass(frozen=True)
class Fate:
    """What became of one table, or of a file without one. `month` is the run it belongs to, None for Annex 2 in use.

    `rule` names the FILE, UNIT, PERIOD or FORM rule for which it is not counted.
    """

    source: Source
    table: Return | Contacts | None
    outcome: str
    month: Month | None
    reading: Reading
    rule: str = ""
    why: str = ""

    @property
    def unit(self) -> str:
        """The unit on the roster, '' where it cannot be told."""
        return self.table.unit if self.table else self.reading.unit

    def in_run(self, period: Month) -> Fate:
        """The fate as the run for that period tells it: what another month counts is 往期 or 后期."""
        if self.outcome != COUNTED or self.month is None or self.month == period:
            return self
        return replace(self, outcome=EARLIER if self.month < period else LATER, why=f"属{self.month.zh}")


@dataclass(frozen=True)
class Versions:
    """The versions of one unit's return that differ, the one that counts last; `ordered`: that it is the newest is known."""

    tables: tuple[Return, ...]
    ordered: bool


@dataclass(frozen=True)
class Choice:
    """Which returns count. `returns` by unit and month, `contacts` by unit, `first` the first usable arrival.

    `unusable`: the units and months of which only unusable files came, each with the last of them.
    """

    fates: tuple[Fate, ...]
    returns: Mapping[tuple[str, Month], Return]
    versions: Mapping[tuple[str, Month], Versions]
    contacts: Mapping[str, Contacts]
    first: Mapping[tuple[str, Month], dt.datetime]
    unusable: Mapping[tuple[str, Month], Fate]


# -- what was found ---------------------------------------------------------------------------------------------------

OPEN, CONFIRMED, CLOSED = "待处理", "已核实", "已销号"


CALL_HEADINGS = ("序号", "单位", "催什么", "期限", "联络员", "联络员电话", "分管领导", "分管领导电话", "可以这样说")
"""The columns of 催报电话单."""

EXPLANATION = "单位说明"
"""Begins the note in 来源台账 of what a unit wrote on its slip."""

LINE_HEADINGS = (
    *("编号", "级别", "规则", "单位", "统计时间", "栏目", "指标", "填报值", "参考值", "差额", "问题描述", "处理建议"),
    *("来源文件", "工作表", "单元格", "状态", "核实说明", "处理结果"),
)
"""The columns of 差异清单 in the office's own workbook; what stands in others staff added themselves."""


@dataclass(frozen=True)
class LedgerLine:
    """A row of the office's 差异清单 as staff left it: its cells by heading."""

    id: str
    cells: Mapping[str, str | float]

    @property
    def own(self) -> tuple[tuple[str, str | float], ...]:
        """What stands in the columns that staff added."""
        return tuple((h, v) for h, v in self.cells.items() if h not in LINE_HEADINGS)

    def text(self, heading: str) -> str:
        """The cell under that heading as text."""
        return str(self.cells.get(heading, ""))


@dataclass(frozen=True)
class OldLedger:
    """The ledger of the run before: its rows, the columns staff added, and the SHA-256 of every file it knew.

    `elsewhere` names the sheets on which staff wrote what is not carried, `data` is the workbook itself.
    """

    lines: tuple[LedgerLine, ...] = ()
    columns: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Finding:
    """One line of 差异清单; `keys` are the fields it is about, `effect` its weight among lines of its grade.

    `phones`: what was filed is a phone, to be shown as the reader may see it. `own` is what staff typed into columns of
    their own.
    """

    id: str
    grade: str
    rule: str
    unit: str
    month: Month | None
    message: str
    advice: str
    groups: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    filed: str | float = ""
    reference: str | float | None = None
    difference: float | None = None
    effect: float = 0
    file: str = ""
    sheet: str = ""
    cells: tuple[str, ...] = ()
    status: str = OPEN
    note: str = ""
    result: str = ""
    phones: bool = False
    own: tuple[tuple[str, str | float], ...] = ()


# -- what is sent up --------------------------------------------------------------------------------------------------


NOT_LISTED, NOT_DUE, NOT_REPORTED, EMPTY, LATE, AT_FAULT, IN_TIME = [
    "不在册",
    "未到期",
    "未报",
    "空表",
    "迟报",
    "有误",
    "按时",
]
"""What 报送情况 says of a unit's month, in the order in which the first that holds is taken."""

STATUSES = (IN_TIME, LATE, AT_FAULT, EMPTY, NOT_REPORTED, NOT_DUE)
"""What it says of a unit that is on the roster, the best first."""


@dataclass(frozen=True)
class UnitRow:
    """A unit of the roster in 汇总表; `filed` is None where nothing of it is counted."""

    unit: str
    kind: str
    filed: Return | None
    status: str
    remark: str
    received: dt.datetime | None
    at_fault: bool


@dataclass(frozen=True)
class Standing:
    """A unit's month in 报送情况: what it says there, and when the first usable return came."""

    status: str
    received: dt.datetime | None = None


@dataclass(frozen=True)
class UnitYear:
    """A unit's running months: how it reported each, and the sums of its figures in the year to date.

    `sums` holds the sum of each count and the latest answer to each 是/否, None where nothing counts; `missing` are the
    year's months in which it stood on the roster and nothing of it counts; `uncounted`: so many cells of its returns add
    nothing; `gone`: it has left the roster since.
    """

    unit: str
    kind: str
    standings: Mapping[Month, Standing]
    sums: Mapping[str, Value]
    missing: tuple[Month, ...]
    uncounted: int = 0
    gone: bool = False


@dataclass(frozen=True)
class MonthSum:
    """The county's month among others: how many of how many units are in, and its sums; none where no return came.

    `sums` holds the sum of each count, and how many answered 是 to each 是/否.
    """

    month: Month
    reported: int
    units: int
    sums: Mapping[str, int]


@dataclass(frozen=True)
class Sent:
    """What a workbook that was sent up says of a month: its figures by unit and field, None where blank."""

    month: Month
    file: str
    figures: Mapping[str, Mapping[str, Value]]


@dataclass(frozen=True)
class Correction:
    """A figure that differs from what was sent up: old, new, the file and cell that caused it ('' where it is gone)."""

    month: Month
    unit: str
    key: str
    old: Value
    new: Value
    file: str
    cell: str
    sent: str


@dataclass(frozen=True)
class Listed:
    """A unit's people in 联络员名单, and the file they come from."""

    unit: str
    people: tuple[Person, ...]
    file: str


@dataclass(frozen=True)
class Traced:
    """One line of 来源台账: a table or a file, and what became of it."""

    source: Source
    sheet: str
    form: str
    unit: str
    month: str
    outcome: str
    note: str


@dataclass(frozen=True)
class CountyMonth:
    """The county's month: the rows of 汇总表, the findings, the contacts and the fate of every file.

    `due_months` are those of 报送情况, `units` and `months` what 累计与趋势 adds up, `corrections` what has changed since
    it was sent up.
    """

    month: Month
    today: dt.date
    rows: tuple[UnitRow, ...]
    findings: tuple[Finding, ...]
    contacts: tuple[Listed, ...]
    ledger: tuple[Traced, ...]
    due_months: tuple[Month, ...] = ()
    units: tuple[UnitYear, ...] = ()
    months: tuple[MonthSum, ...] = ()
    corrections: tuple[Correction, ...] = ()
    staff_rows: tuple[LedgerLine, ...] = ()
    staff_columns: tuple[str, ...] = ()

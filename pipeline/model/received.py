"""What was received: files, sheets, and the two forms as filed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field

from pipeline.model.frozen import frozen
from pipeline.model.month import Month
from schemas.columns import Value, shown

PHONE_FOLDER = "电话更正"
"""What lies below a folder of this name was entered by staff after a phone call."""


@frozen
class Source:
    """A file of the inbox: its path below it, its SHA-256 ('' where its bytes could not be had), when it came.

    In `path` folders end in '/', and what lies in an archive or a mail stands behind ' › '. `received` is Beijing time, to
    the second. `dated`: a mail or the name of a folder tells it. `undated`: nothing does that can be believed, and
    `received` is the last moment at which it can have come. `moment` is an archive member's own time, which only orders
    versions inside one archive; `subjects` are those of the mails it came in, the innermost first.
    """

    path: str
    sha256: str
    received: dt.datetime
    moment: tuple[int, ...] = ()
    subjects: tuple[str, ...] = ()
    dated: bool = False
    undated: bool = False

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rpartition("/")[2].rpartition(" › ")[2]

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


@frozen
class Attachment:
    """A file as it lies in the inbox, or inside another.

    `ignored` says why it is not read, `problem` why it cannot be opened and `advice` what to do then, `empty`
    why there is nothing in it; `kind` is what its bytes are, where somebody has looked. `quoted`: it is a mail's text with
    somebody else's in it.
    """

    source: Source
    data: bytes = field(repr=False)
    ignored: str = ""
    problem: str = ""
    advice: str = ""
    empty: str = ""
    kind: str = ""
    quoted: bool = False


FORM, SHEET, FILE, CONTAINER, FOLDER = "form", "sheet", "file", "container", "folder"
"""Where something is said of a table: on it, or in a name around it, the nearest first."""


@frozen
class Stated:
    """What is said of unit or month: the words, where they stand (one of the places above, '' nowhere), and the cell.

    `likely` is the unit that may be meant by a name nobody knows.
    """

    text: str = ""
    origin: str = ""
    cell: str = ""
    likely: str = ""


@frozen
class Figure:
    """One cell of a return: the value it counts as (None: blank), what became of it, the filed text and its address."""

    value: Value
    state: str
    filed: str
    cell: str

    @property
    def as_typed(self) -> int | str:
        """The figure as one would type it: what counts where that says the same, else the filed text."""
        value = shown(self.value)
        return value if value is not None and (isinstance(value, str) or str(value) == self.filed) else self.filed


@frozen
class Header:
    """How a return's columns differ from the printed form: labels in the unit's words, cells of the labels."""

    renamed: Mapping[str, str]
    moved: tuple[str, ...]
    added: tuple[str, ...]
    cells: Mapping[str, str]


@frozen
class Explanation:
    """What a unit wrote on a 退回通知 about the line with that number; '' where no number stands beside it."""

    number: str
    text: str


@frozen
class BookRow:
    """A row of a county's 汇总表: the unit it names, and its figures with their addresses."""

    unit: str
    figures: Mapping[str, Figure]


@frozen
class CountyBook:
    """What a county's workbook says beside its Annex 1: the rows of its units and of 合计, and its lines by heading.

    `sheet` is where the rows stand. `lines` have the number of their row in front.
    """

    sheet: str
    rows: tuple[BookRow, ...]
    total: BookRow
    lines: tuple[tuple[int, Mapping[str, str | float]], ...] = ()


@frozen
class Return:
    """One unit's Annex 1 for one month, as filed.

    `unit` is its name on the roster and `month` the month, '' and None where that has not exactly one reading; then
    `unit_fault` and `month_fault` say why. `figures` are those of the month's form, in its order. `row_fault` says why its
    rows are not one data row, '' where they are. `shared`: the table holds several units. `explanation` is what its row
    情况说明 says, `month_in_name` the month that the file's name gives. `aside` says why it is no return of its own, as a
    running total beside the month is none; '' where it is one. `book` is the county's workbook it stands in.
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
    unit_fault: str = ""
    month_fault: str = ""
    month_in_name: Month | None = None
    aside: str = ""
    explanation: str = ""
    book: CountyBook | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled into it."""
        return not self.row_fault and all(not f.filed for f in self.figures.values())

    def value(self, key: str) -> Value:
        """What was filed as that field, None where nothing counts or the month's form has no such column."""
        figure = self.figures.get(key)
        return figure.value if figure else None


@frozen
class Person:
    """One row of Annex 2; cells maps name, post and phone to their addresses."""

    role: str
    name: str
    post: str
    phone: str
    cells: Mapping[str, str]


@frozen
class Contacts:
    """One unit's Annex 2."""

    source: Source
    sheet: str
    unit: str
    unit_stated: Stated
    people: tuple[Person, ...]
    units_in_name: tuple[str, ...] = ()


@frozen
class Reading:
    """What one file of the inbox came to. `rule` is the FILE rule it broke, `ignored` why it was not read.

    `unit` is what the file's name tells, for files whose inside tells nothing. `quiet`: it stands in 来源台账 only.
    `explanations` are what the unit wrote on a 退回通知. `narrative`: it is a report in words, of `month` where it says so.
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
    explanations: tuple[Explanation, ...] = ()
    narrative: bool = False
    month: Month | None = None

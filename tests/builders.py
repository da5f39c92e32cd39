"""Valid by default: a county, a return, a contact list, and the sheets they come on. A test changes one thing."""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

from pipeline.county import County
from pipeline.model import BEIJING, Attachment, Figure, Grid, GridRow, Header, Month, Return, Source, Stated, address
from pipeline.read.attachment import read_attachment
from pipeline.read.returns.names import Names
from pipeline.read.returns.values import figure_of
from pipeline.write.book import with_unix_origin
from schemas import FORMS
from schemas.contacts import TITLE as TITLE_2

MAY = Month(2023, 5)
FORM = FORMS.of(MAY)
"""The form of the month that tests are about."""

TITLE_1 = f"乡村振兴领域专项整治{FORM.title}"

RECEIVED = dt.datetime(2023, 6, 10, 9, tzinfo=BEIJING)
TODAY = dt.date(2023, 6, 28)

_FILED: dict[str, object] = {
    "body_established": "是", "party_meetings": 2, "coordination_meetings": 3,
    "inspections": 4, "problems_found": 9, "problems_rectified": 5,
    "petitions_total": 7, "self_handled": 4, "transferred": 3, "concluded": 6, "clues_referred": 1,
    "institutions_total": 5, "created": 3, "revised": 2,
    "broadcast": 2, "press": 1, "new_media": 12,
    "batches": 2, "projects": 6,
}  # fmt: skip
VALUES: dict[str, object] = {key: _FILED.get(key, 9) for key in FORM.keys}
"""What a unit files that breaks no rule."""


def values_of(month: Month = MAY, **changes: object) -> dict[str, object]:
    """What a unit files on that month's form."""
    return {key: _FILED.get(key, 9) for key in FORMS.of(month).keys} | changes


def column_of(key: str) -> int:
    """The column of a field on the form as it was sent out, from 0."""
    return FORM.keys.index(key)


def span_of(group: str) -> tuple[int, int]:
    """The first and last column of a group there."""
    columns = [column_of(k) for k in FORM.keys if FORM.group_of[k].key == group]
    return columns[0], columns[-1]


def row_of(figure: object) -> list[object]:
    """A row in which every question is answered 是, and every count is that figure."""
    return [figure if c.kind == "count" else "是" for c in FORM.columns]


_BESIDE = 2
"""The units' tables have 序号 and 单位 before their figures."""


def figures_in(row: Sequence[object], keys: Sequence[str] = FORM.keys) -> list[object]:
    """Those fields of a row of a units' table."""
    return [row[_BESIDE + column_of(k)] for k in keys]


def remark_in(row: Sequence[object]) -> object:
    """What stands behind the figures there."""
    return row[_BESIDE + len(FORM.keys)]


def cell_of(key: str, row: int = 6, *, right: int = 0) -> str:
    """The address of a field on the form as it was sent out: in the row of its answers, or elsewhere on another sheet."""
    return address(row - 1, column_of(key) + right)


CONFIG: dict[str, object] = {
    "county": {"name": "千阳县", "office": "千阳县专班"},
    "campaign": {
        "title": "乡村振兴领域专项整治",
        "first_period": "2023-02",
        "first_due_period": "2023-03",
        "last_period": "2023-12",
        "mobilised_period": "2023-03",
        "counting": "monthly",
        "due_day": 25,
        "contacts_due": "2023-03-31",
    },
    "units": [
        {"name": "城关镇", "kind": "town", "aliases": ["城关镇人民政府"]},
        {"name": "张家塬镇", "kind": "town"},
        {"name": "县乡村振兴局", "kind": "department"},
        {"name": "县住建局", "kind": "department", "aliases": ["住房和城乡建设局"]},
        {"name": "县农业农村局", "kind": "department"},
    ],
}


def a_county(units: Sequence[Mapping[str, object]] | None = None, **campaign: object) -> County:
    """The county of the tests, with other units or another calendar."""
    changed = {k: v for k, v in {**CONFIG["campaign"], **campaign}.items() if v is not None}  # type: ignore[dict-item]
    return County.model_validate({**CONFIG, "campaign": changed, "units": units or CONFIG["units"]})


def a_source(path: str = "城关镇附件1.xlsx", received: dt.datetime = RECEIVED, sha256: str = "a" * 64) -> Source:
    return Source(path, sha256, received)


def a_return(unit: str = "城关镇", month: Month | None = MAY, **changes: object) -> Return:
    """A return as read; `changes` are filed values by field."""
    form = FORMS.of(month or MAY)
    filed = values_of(month or MAY, **changes)
    cells = {key: address(5, i) for i, key in enumerate(form.keys)}
    figures: dict[str, Figure] = {k: figure_of(form.column[k].kind, filed[k], cells[k]) for k in form.keys}
    return Return(
        source=a_source(f"{unit}附件1.xlsx"),
        sheet=FORM.annex,
        unit=unit,
        unit_stated=Stated(unit, "form", "A3"),
        month=month,
        month_stated=Stated(month.zh if month else "", "form", "M3"),
        figures=figures,
        header=Header({}, (), (), {k: address(4, i) for i, k in enumerate(form.keys)}),
        units_in_name=(unit,),
    )


@dataclass
class Sheet:
    """Cells and merged ranges of one sheet, written down as people do."""

    name: str = FORM.annex
    cells: dict[tuple[int, int], object] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False

    def put(self, row: int, column: int, *values: object) -> Sheet:
        self.cells.update({(row, column + i): v for i, v in enumerate(values) if v is not None})
        return self

    def grid(self) -> Grid:
        height, width = (max(at) + 1 for at in zip(*self.cells, strict=True))
        return Grid(self.name, [GridRow([self.cells.get((r, c)) for c in range(width)]) for r in range(height)])


@dataclass(frozen=True)
class Formula:
    text: str
    stored: object = ""


def annex1(
    unit: str | None = "城关镇",
    period: object = "2023年5月",
    rows: Sequence[Sequence[object]] | None = None,
    *,
    order: Sequence[str] = FORM.keys,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
    top: int = 0,
    left: int = 0,
    sheet: Sheet | None = None,
    **changes: object,
) -> Sheet:
    """An Annex 1 as it was sent out, filled in. `rows` replaces the one data row; `changes` are filed values."""
    s = sheet or Sheet()
    width = len(before) + len(order) + len(after)
    s.put(top, left, FORM.annex).put(top + 1, left, TITLE_1)
    s.merged.append((top + 1, left, top + 1, left + width - 1))
    s.put(top + 2, left, f"单位：{unit or ''}")
    if isinstance(period, str) or period is None:
        s.put(top + 2, left + 12, f"统计时间：{period or ''}")
    else:
        s.put(top + 2, left + 12, "统计时间：", period)
    first, shown = left + len(before), None
    for i, text in [*enumerate(before, left), *enumerate(after, first + len(order))]:
        s.put(top + 3, i, text).merged.append((top + 3, i, top + 4, i))
    for i, key in enumerate(order):
        group = FORMS.whole.group_of[key].label
        s.put(top + 3, first + i, group if group != shown else None)
        s.put(top + 4, first + i, FORMS.whole.column[key].printed)
        shown = group
    data = rows or [[*[None] * len(before), *({**_FILED, **changes}.get(k, 9) for k in order)]]
    for i, row in enumerate(data):
        s.put(top + 5 + i, left, *row)
    return s


PEOPLE = (("分管领导", "张三", "副镇长", "13800000001"), ("业务骨干", "李四", "科员", "13800000002"))


def annex2(
    unit: str = "城关镇", people: Sequence[Sequence[object]] = PEOPLE, sheet: Sheet | None = None, top: int = 0
) -> Sheet:
    """An Annex 2, names behind the colon."""
    s = sheet or Sheet("附件2")
    s.put(top, 0, "附件2").put(top + 1, 0, TITLE_2).put(top + 2, 0, f"单位:{unit}")
    s.put(top + 3, 0, "姓名", "工作单位及职务", "联系方式")
    for i, (role, name, post, phone) in enumerate(people):
        s.put(top + 4 + i, 0, f"{role}:{name or ''}", post, phone)
    return s


def xlsx(*sheets: Sheet) -> bytes:
    """The sheets as a workbook."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": dt.datetime(2023, 6, 1)})
    day = book.add_format({"num_format": "yyyy年m月"})
    for s in sheets:
        ws = book.add_worksheet(s.name)
        if s.hidden:
            ws.hide()
        for r1, c1, r2, c2 in s.merged:
            if (r1, c1) != (r2, c2):
                ws.merge_range(r1, c1, r2, c2, "")
        for (r, c), v in s.cells.items():
            if isinstance(v, Formula):
                ws.write_formula(r, c, v.text, None, v.stored)
            elif isinstance(v, dt.date):
                ws.write_datetime(r, c, v, day)
            elif isinstance(v, str):
                ws.write_string(r, c, v)
            else:
                ws.write(r, c, v)
    if sheets[0].hidden:
        book.worksheets()[-1].activate()
    book.close()
    return with_unix_origin(out.getvalue())


def read(data: bytes, path: str = "城关镇附件1.xlsx", county: County | None = None, received: dt.datetime = RECEIVED):
    """The reading of a file with those bytes."""
    county = county or a_county()
    return read_attachment(Attachment(a_source(path, received), data), county, Names(county))


def read_one(*sheets: Sheet, path: str = "城关镇附件1.xlsx", county: County | None = None) -> Return:
    """The one return of a workbook."""
    (table,) = read(xlsx(*sheets), path, county).tables
    assert isinstance(table, Return)
    return table


def figures_of(filed: Return) -> dict[str, object]:
    return {k: f.value for k, f in filed.figures.items()}


def expected(values: Mapping[str, object] = VALUES) -> dict[str, object]:
    """Those filed values as they count."""
    return {c.key: {"是": True, "否": False}.get(values[c.key], values[c.key]) for c in FORM.columns}  # type: ignore[call-overload]


def drop(inbox: Path, name: str, data: bytes, received: dt.datetime = RECEIVED) -> Path:
    """Puts a file into the inbox as if it had come at that time."""
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (received.timestamp(), received.timestamp()))
    return path

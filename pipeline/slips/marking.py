"""A workbook to a slip: the cells in question coloured and commented, the notice in front, all else as it was."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import PatternFill, Protection
from openpyxl.workbook import Workbook

from pipeline import output_marker
from pipeline.digest import PROPERTY
from pipeline.model import Finding
from pipeline.read.grids.xlsx import formulas_without_result
from pipeline.rules import GRADES
from pipeline.sheets import NOTICE, REFERENCE
from pipeline.slips.notice import add_notice, put
from pipeline.slips.package import packed
from pipeline.slips.results import results_of, with_results
from pipeline.slips.slip import Slip
from pipeline.write.book import safe
from pipeline.write.form import CHECK_LABEL
from pipeline.write.style import GRADE_COLOUR

_OURS = "【退回修改】"
"""Begins our part of a comment; what stands before it is the unit's own."""

_COLOURS = {g: f"FF{c[1:]}" for g, c in GRADE_COLOUR.items()}
_CREATED = b"dcterms:created"


def marked(data: bytes, slip: Slip) -> bytes:
    """The workbook as the slip; KeyError where it has no such sheet, and whatever openpyxl raises."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # what openpyxl does not know it leaves out; layout and answers are not among it
        book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
        _settle_formulas(book, data)
        if output_marker.marker_of(data) == output_marker.SLIP:
            _clear(book)
        sheet = book[slip.filed.sheet]
        for cell in map(sheet.__getitem__, slip.cells):
            _own(sheet, cell).protection = Protection(locked=False)
        for address, findings in _by_cell(slip).items():
            _mark(_own(sheet, sheet[address]), findings, slip.office)
        add_notice(book, slip)
        _open_at_notice(book)
        _set_properties(book, data, slip)
        results = results_of(book)
        out = io.BytesIO()
        book.save(out)
    return packed(with_results(out.getvalue(), results), slip.today)


def _own(sheet: Any, cell: Any) -> Any:
    """The cell that is seen at its place: under a merge the merge's first."""
    if not isinstance(cell, MergedCell):
        return cell
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return cell


def _by_cell(slip: Slip) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for f in slip.findings:
        for cell in f.cells:
            found.setdefault(cell, []).append(f)
    return found


def _mark(cell: Any, findings: list[Finding], office: str) -> None:
    worst = min((f.grade for f in findings), key=GRADES.index)
    cell.fill = PatternFill("solid", fgColor=_COLOURS[worst])
    said = "\n".join(f"{f.message}{f.advice}" for f in findings)
    before = f"{cell.comment.text}\n" if cell.comment else ""
    author = cell.comment.author if cell.comment else office
    comment = Comment(safe(f"{before}{_OURS}{said}"), safe(author or ""))
    comment.width, comment.height = 320, 60 + 18 * (len(comment.text) // 24 + comment.text.count("\n"))
    cell.comment = comment


# -- what must not come back as something else ------------------------------------------------------------------------


def _settle_formulas(book: Workbook, data: bytes) -> None:
    """Formulas become their stored values, for saving loses those; one without stays. Those of 自检 are no figures."""
    if not any(cell.data_type == "f" for sheet in book.worksheets for cell in _cells(sheet)):
        return
    stored = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    without = formulas_without_result(data)
    for number, sheet in enumerate(book._sheets):  # type: ignore[attr-defined]
        if not hasattr(sheet, "_cells"):  # a sheet that is one chart
            continue
        lacking = without.get(number, set())
        if sheet.title == REFERENCE:
            continue
        checks = {c.row for c in _cells(sheet) if isinstance(c.value, str) and c.value.startswith(CHECK_LABEL)}
        for cell in _cells(sheet):
            if cell.data_type != "f" or cell.row in checks:
                continue
            if (cell.row - 1, cell.column - 1) in lacking:
                continue
            result = stored._sheets[number]._cells.get((cell.row, cell.column))  # type: ignore[attr-defined]
            if result is not None and result.value is not None:
                put(cell, result.value)
                cell.data_type = result.data_type
            else:
                cell.value = None


def _cells(sheet: Any) -> Iterator[Any]:
    """The cells there are; iter_rows would make all those between them, too."""
    yield from list(sheet._cells.values())


def _clear(book: Workbook) -> None:
    """Takes off what an earlier slip put on, for this one came back."""
    if NOTICE in book.sheetnames:
        del book[NOTICE]
    for sheet in book.worksheets:
        for cell in _cells(sheet):
            comment = getattr(cell, "comment", None)
            if comment is None or _OURS not in comment.text:
                continue
            before = comment.text.partition(_OURS)[0].rstrip("\n")
            cell.comment = Comment(before, comment.author) if before else None
            if cell.fill.fgColor.rgb in _COLOURS.values():
                cell.fill = PatternFill()


def _open_at_notice(book: Workbook) -> None:
    """Selects the notice alone: two selected sheets would both take what is typed into one."""
    book.active = 0
    for sheet in book._sheets:  # type: ignore[attr-defined]
        for view in (getattr(sheet, "views", None) and sheet.views.sheetView) or ():
            view.tabSelected = sheet.title == book.active.title  # type: ignore[union-attr]
    for window in book.views:
        window.firstSheet = 0


def _set_properties(book: Workbook, data: bytes, slip: Slip) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        core = next((z.read(n) for n in z.namelist() if n.endswith("core.xml")), b"")
    if _CREATED not in core:
        book.properties.created = dt.datetime.combine(slip.today, dt.time())
    own = book.custom_doc_props  # type: ignore[attr-defined]
    for name in [n for n in own.names if n == output_marker.NAME or n.startswith(PROPERTY)]:
        del own[name]
    own.append(StringProperty(name=output_marker.NAME, value=output_marker.SLIP))

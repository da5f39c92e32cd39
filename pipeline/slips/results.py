"""What the formulas of 自检 come to, stored in a slip beside them: openpyxl saves a formula without its result."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from lxml import etree
from openpyxl.workbook import Workbook

from pipeline.sheets import REFERENCE
from pipeline.write.calculation import Calculation, Formula, Value

_PART = "xl/worksheets/sheet{}.xml"


def results_of(book: Workbook) -> dict[str, dict[str, Value]]:
    """The results of all formulas of the book by the part they stand in and their address; none of what is not known."""
    calculation = Calculation({s.title: {c.coordinate: _held(c) for c in _cells(s)} for s in book.worksheets})
    found: dict[str, dict[str, Value]] = {}
    # Formulas of the form take from those of 填报参考, which go on from one row to the next.
    for sheet in sorted(book.worksheets, key=lambda s: s.title != REFERENCE):
        of_sheet = found.setdefault(_PART.format(book.worksheets.index(sheet) + 1), {})
        for cell in _cells(sheet):
            with suppress(ValueError, RecursionError):
                if cell.data_type == "f":
                    of_sheet[cell.coordinate] = calculation.value(sheet.title, cell.coordinate)
    return found


def _held(cell: Any) -> object:
    return Formula(str(cell.value).removeprefix("=")) if cell.data_type == "f" else cell.value


def _cells(sheet: Any) -> Iterator[Any]:
    yield from (cell for _, cell in sorted(sheet._cells.items()))


def with_results(data: bytes, results: Mapping[str, Mapping[str, Value]]) -> bytes:
    """The workbook with those results stored beside its formulas."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as z, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as filled:
        for info in z.infolist():
            part = z.read(info)
            stored = results.get(info.filename)
            filled.writestr(info, _stored(part, stored) if stored else part)
    return out.getvalue()


def _stored(part: bytes, results: Mapping[str, Value]) -> bytes:
    root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, huge_tree=True))
    for cell in root.iter("{*}c"):
        if cell.find("{*}f") is not None and cell.get("r") in results:
            _store(cell, results[cell.get("r")])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _store(cell: Any, result: Value) -> None:
    value = cell.find("{*}v")
    if value is None:
        value = etree.SubElement(cell, f"{{{etree.QName(cell).namespace}}}v")
    if isinstance(result, bool):
        cell.set("t", "b")
        value.text = str(int(result))
    elif isinstance(result, int | float):
        cell.attrib.pop("t", None)
        value.text = str(result)
    else:
        cell.set("t", "str")
        value.text = result or ""

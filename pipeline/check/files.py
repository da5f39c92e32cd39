"""Files and forms: what cannot be read or placed, and how forms differ from the printed one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pipeline.check.lines import finding, on_return
from pipeline.model import COUNTED, Contacts, Disposition, Finding, Month, Return, Stated
from schemas.form import Form


def file_findings(form: Form, dispositions: tuple[Disposition, ...], month: Month) -> Iterator[Finding]:
    """The lines about files and tables that belong to the month and are not counted."""
    for disposition in dispositions:
        if disposition.rule and disposition.reported_in == month:
            yield (
                _unread(form, disposition)
                if disposition.table is None
                else _unplaced(form, disposition, disposition.table)
            )


def _unread(form: Form, disposition: Disposition) -> Finding:
    name = disposition.source.name
    message = f"“{name}”{disposition.why}。"
    return finding(
        form,
        disposition.rule,
        disposition.unit,
        disposition.month,
        message,
        source=disposition.source,
        filed=name,
        advice=disposition.reading.advice,
    )


def _unplaced(form: Form, disposition: Disposition, table: Return | Contacts) -> Finding:
    of_month = isinstance(table, Return) and disposition.rule.startswith("PERIOD")
    stated = table.month_stated if isinstance(table, Return) and of_month else table.unit_stated
    about = Stated() if disposition.rule == "FORM-3" else stated
    likely = f"，可能是“{about.likely}”" if about.likely else ""
    return finding(
        form,
        disposition.rule,
        table.unit or table.unit_stated.text,
        disposition.reported_in,
        f"{disposition.why}{likely}，{_counted(disposition)}。",
        known=bool(table.unit),
        source=disposition.source,
        sheet=table.sheet,
        cells=(about.cell,),
        filed=about.text,
        likely=about.likely,
    )


def _counted(disposition: Disposition) -> str:
    if disposition.outcome != COUNTED or disposition.month is None or disposition.run is None:
        return "未计入合计"
    return f"已作为{disposition.month.zh}的采用，{disposition.run.zh}的还没有收到"


def first_units(returns: Sequence[Return]) -> set[str]:
    """The units under which the faults of their table are reported: of a table of several units the first that counts."""
    first: dict[object, str] = {}
    for filed in returns:
        table = (filed.source.path, filed.sheet, *sorted(filed.header.cells.items())) if filed.shared else filed.unit
        first.setdefault(table, filed.unit)
    return set(first.values())


def form_findings(
    form: Form, filed: Return | Contacts, month: Month, first_units: Collection[str]
) -> Iterator[Finding]:
    """The lines about the form itself of a table that counts."""
    stated = filed.unit_stated
    about = {"source": filed.source, "sheet": filed.sheet, "cells": (stated.cell,)}
    shared = isinstance(filed, Return) and filed.shared
    others = "、".join(filed.units_in_name)
    if stated.origin == "form" and filed.units_in_name and filed.unit not in filed.units_in_name and not shared:
        message = f"表内单位是“{filed.unit}”，文件名是“{others}”，已按表内单位采用。"
        yield finding(form, "UNIT-2", filed.unit, month, message, filed=stated.text, reference=others, **about)  # type: ignore[arg-type]
    if stated.origin != "form":
        message = f"表内没有填写单位，单位取自“{stated.text}”。"
        yield finding(form, "UNIT-3", filed.unit, month, message, **about)  # type: ignore[arg-type]
    if isinstance(filed, Return) and filed.unit in first_units:
        yield from _period_and_columns(form, filed)


def _period_and_columns(form: Form, filed: Return) -> Iterator[Finding]:
    stated, header = filed.month_stated, filed.header
    if filed.month and not (filed.month_full and stated.origin == "form"):
        where = "填写不全" if stated.origin == "form" else f"没有填写，取自“{stated.text}”"
        message = f"统计时间{where}，已按{filed.month.zh}处理。"
        yield on_return(
            form, "PERIOD-3", filed, message, filed=stated.text, reference=filed.month.zh, cells=(stated.cell,)
        )
    if filed.book:
        return  # the program drew its columns
    missing = set(form.keys) - set(header.cells)
    odd = {*header.moved, *header.renamed}
    # An unknown column beside a missing one is reported with the missing one: it may be the same column under another name.
    added = () if missing else header.added
    if odd or added:
        changes = [f"“{form.column[k].label}”写作“{v}”" for k, v in header.renamed.items()]
        if header.moved:
            changes.append(f"“{'、'.join(form.column[k].label for k in header.moved)}”不在原来的位置")
        if added:
            changes.append(f"增加了{len(added)}栏")
        keys = [k for k in form.keys if k in odd]
        cells = [header.cells[k] for k in keys]
        yield on_return(form, "FORM-2", filed, f"表式有变动：{'；'.join(changes)}。", keys, cells)

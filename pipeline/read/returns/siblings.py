"""The tables of one book beside each other: templates, running totals, tables that take their unit from a neighbour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import FORM, Contacts, Return
from pipeline.read.returns.annex2 import nobody
from pipeline.read.returns.months import tells_another_time, time_in_name
from pipeline.read.returns.roles import is_example
from pipeline.read.returns.spans import NotOneMonth

Table = Return | Contacts


def settled(tables: Sequence[Table]) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """The tables that are returns of their own, those on other sheets that are not, with the reason, and notes on the rest.

    Left out are templates, and what stands beside the month's figures on one sheet.
    """
    if len(tables) == 1:
        return tuple(tables), ()
    kept = _without_templates(tables)
    kept = [_beside_a_month(t, kept) if isinstance(t, Return) else t for t in kept]
    on_its_sheet = [t for t in kept if isinstance(t, Return) and t.aside and _holds_more(t, kept)]
    kept = [t for t in kept if t not in on_its_sheet]
    kept = [_one_of_several(t, kept) if isinstance(t, Return) else t for t in kept]
    notes = tuple(f"“{t.sheet}”表中“{t.month_stated.text}”的数字不是当月数，未采用" for t in on_its_sheet)
    return tuple(_with_neighbour(t, kept) for t in kept), notes


def _holds_more(table: Return, tables: Sequence[Table]) -> bool:
    """Whether its sheet holds a return of its unit as well."""
    return any(isinstance(t, Return) and not t.aside and (t.sheet, t.unit) == (table.sheet, table.unit) for t in tables)


def _without_templates(tables: Sequence[Table]) -> list[Table]:
    """The tables without examples beside a form, and without the empty forms beside a filled one in the same book.

    Empty forms of months that are over count where no form of that month is filled: the unit may have had nothing to tell.
    """
    tables = [t for t in tables if not is_example(t.sheet)] or tables
    filled = [t for t in tables if isinstance(t, Return) and not t.is_blank]
    lists = [t for t in tables if isinstance(t, Contacts) and not nobody(t)]
    filled_for = {(t.unit, t.month) for t in filled}

    def template(t: Table) -> bool:
        if isinstance(t, Contacts):
            return nobody(t) and bool(filled or lists)
        over = t.unit and t.month is not None and t.month <= t.source.due_month
        return t.is_blank and bool(filled) and (not over or (t.unit, t.month) in filled_for)

    return [t for t in tables if not template(t)]


def _beside_a_month(table: Return, tables: Sequence[Table]) -> Return:
    """A table of another time than one month is none of the month's where one of the same unit beside it is."""
    months = [t for t in tables if isinstance(t, Return) and t is not table and t.month and not t.row_fault]
    of_unit = [t for t in months if t.unit == table.unit and not _runs_on(t)]
    if table.month_fault and of_unit:
        return replace(table, aside=f"{table.month_fault}；同一文件中另有{of_unit[-1].month.zh}的表")  # type: ignore[union-attr]
    same = [t for t in of_unit if t.month == table.month]
    return (
        replace(table, aside="工作表名称表明不是当月数，同一文件中另有当月的表") if _runs_on(table) and same else table
    )


def _runs_on(table: Return) -> bool:
    """Whether the sheet's name says that its figures are those of several months or of another one."""
    return isinstance(time_in_name(table.sheet), NotOneMonth) or tells_another_time(table.sheet)


def _one_of_several(table: Return, tables: Sequence[Table]) -> Return:
    """A table that differs from another one of its unit and month on the same sheet is no return: none of them is the one."""
    if table.aside or table.row_fault or not table.unit or not table.month:
        return table
    place = (table.sheet, table.unit, table.month)
    others = [t for t in tables if isinstance(t, Return) and (t.sheet, t.unit, t.month) == place and not t.aside]
    if len({tuple(f.filed for f in t.figures.values()) for t in others}) < 2:
        return table
    return replace(table, row_fault=f"同一工作表中有{len(others)}张{table.month.zh}的表，数字不同")


def _with_neighbour(table: Table, tables: Sequence[Table]) -> Table:
    """An Annex 2 that names no unit belongs to the one unit whose Annex 1 stands in the same book."""
    if not isinstance(table, Contacts) or table.unit_stated.origin == FORM:
        return table
    units = {t.unit: t for t in tables if isinstance(t, Return)}
    if len(units) != 1:
        return table
    ((unit, filed),) = units.items()
    return Contacts(table.source, table.sheet, unit, filed.unit_stated, table.people, table.units_in_name)

"""What counted before is not forgotten: the ledgers of earlier runs held against the inbox as it is now."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.carry_over import is_confirmed
from pipeline.choose import age, by_arrival
from pipeline.county import County
from pipeline.model import (
    CONFIRMED,
    COUNTED,
    EARLIER,
    GONE,
    SUPERSEDED,
    WAS,
    WITHDRAWN,
    Choice,
    LedgerLine,
    Month,
    MovedOut,
    Remembered,
    Source,
    Traced,
    Written,
)
from pipeline.number import rule_of
from pipeline.rules import Rule, rules_of
from pipeline.sheets import NOTE, STATUS

_Key = tuple[str, Month]
"""A unit and a month."""

_RULE = "FILE-6"


def known_times(written: Iterable[Written]) -> dict[str, dict[str, dt.datetime]]:
    """The earliest time at which a file was received at each path, by the SHA-256 of its bytes."""
    known: dict[str, dict[str, dt.datetime]] = defaultdict(dict)
    for source in (row.source for row in _rows(written)):
        if source.sha256 and not source.undated:
            paths = known[source.sha256]
            paths[source.path] = min(source.received, paths.get(source.path, source.received))
    return dict(known)


def confirmed_lines(written: Iterable[Written], county: County) -> dict[Month, frozenset[str]]:
    """The numbers of the lines that staff have confirmed, by the month whose ledger they stand in."""
    rules = rules_of(county.forms.whole)
    return {one.month: frozenset(line.id for line in one.answered if _is_confirmed(line, rules)) for one in written}


def _rows(written: Iterable[Written]) -> Iterator[Remembered]:
    return (row for one in written for row in one.rows)


def _is_confirmed(line: LedgerLine, rules: Mapping[str, Rule]) -> bool:
    rule = rules.get(rule_of(line.id))
    return rule is not None and is_confirmed(rule.grade, line.text(STATUS), line.text(NOTE))


# -- returns that are gone --------------------------------------------------------------------------------------------


def moved_out(written: Sequence[Written], choice: Choice, county: County) -> tuple[MovedOut, ...]:
    """The returns that counted before, are gone from the inbox and were not replaced, by month in the order of the roster."""
    there = {f.source.sha256 for f in choice.dispositions}
    withdrawn = _withdrawn(written, rules_of(county.forms.whole))
    counted: dict[_Key, dict[str, Remembered]] = defaultdict(dict)
    for row in _rows(written):
        if row.was == COUNTED and row.month and county.on_roster(row.unit, row.month):
            counted[row.unit, row.month].setdefault(row.source.sha256, row)
    months = sorted({month for _, month in counted})
    keys = [(unit.name, month) for month in months for unit in county.roster(month) if (unit.name, month) in counted]
    return tuple(one for key in keys for one in _gone(key, counted[key].values(), there, withdrawn, choice))


def _gone(
    key: _Key, counted: Iterable[Remembered], there: set[str], withdrawn: set[tuple[_Key, str]], choice: Choice
) -> Iterator[MovedOut]:
    """What is missing of a unit's month: each return that was withdrawn, and the newest of the others."""
    used, standing = choice.returns.get(key), list[Remembered]()
    for row in counted:
        if (key, row.source.sha256) not in withdrawn:
            standing.append(row)
        elif row.source.sha256 not in there and not (used and _came_last(used.source, row.source)):
            yield MovedOut(*key, row.source, withdrawn=True)
    last = by_arrival(standing)[-1] if standing else None
    if last and last.source.sha256 not in there and not (used and _came_last(used.source, last.source)):
        yield MovedOut(*key, last.source, older=used is not None)


def _came_last(source: Source, other: Source) -> bool:
    """Whether the first of two files came after the other."""
    by_path = source.undated or other.undated
    return source.path > other.path if by_path else age(source) >= age(other)


def _withdrawn(written: Sequence[Written], rules: Mapping[str, Rule]) -> set[tuple[_Key, str]]:
    """The returns of units and months that staff have confirmed to stay away, by the SHA-256 of their bytes."""
    found = {((r.unit, r.month), r.source.sha256) for r in _rows(written) if r.month and r.withdrawn}
    for one in written:
        gone = [r for r in one.rows if r.month and r.outcome == GONE and r.was == COUNTED]
        for line in one.answered:
            if rule_of(line.id) == _RULE and _is_confirmed(line, rules):
                found |= {((r.unit, r.month), r.source.sha256) for r in gone if r.month and _is_about(line, r)}
    return found


def _is_about(line: LedgerLine, row: Remembered) -> bool:
    """Whether a line of FILE-6 tells of that return; one about several names no file."""
    same = Month.of_zh(line.text("统计时间")) == row.month and row.unit in line.text("单位").split("、")
    return same and line.text("来源文件") in ("", row.source.path)


def gone_from_inbox(gone: Sequence[MovedOut], period: Month) -> Iterator[str]:
    """A sentence for each month up to that one of which returns are missing that staff have not withdrawn."""
    units: dict[Month, list[str]] = defaultdict(list)
    for one in gone:
        if not one.withdrawn and one.month <= period:
            units[one.month].append(one.unit)
    for month, names in sorted(units.items()):
        yield (
            f"{month.zh}有{len(names)}家原采用的报表已移出收件夹，没有计入：{'、'.join(names)}。请把文件放回收件夹再汇总；"
            f"确需撤回的，在台账差异清单 {_RULE} 那一条的状态填“{CONFIRMED}”。"
        )


def kept_rows(written: Sequence[Written], choice: Choice, gone: Sequence[MovedOut]) -> tuple[Traced, ...]:
    """The rows of 来源台账 for the tables that are gone, in the order of paths."""
    there = {f.source.sha256 for f in choice.dispositions}
    withdrawn = {(one.unit, one.month, one.source.sha256) for one in gone if one.withdrawn}
    kept: dict[tuple[object, ...], Remembered] = {}
    for row in _rows(written):
        if row.was in (COUNTED, SUPERSEDED) and row.source.sha256 not in there:
            key = (row.source.sha256, row.sheet, row.unit, row.month)
            kept[key] = min(
                row, kept.get(key, row), key=lambda r: (r.was != COUNTED, r.source.undated, r.source.received)
            )
    rows = sorted(kept.values(), key=lambda r: (r.source.path, r.sheet, r.unit))
    return tuple(_traced(row, withdrawn=(row.unit, row.month, row.source.sha256) in withdrawn) for row in rows)


def _traced(row: Remembered, *, withdrawn: bool) -> Traced:
    note = f"{WAS}{row.was}" + (f"；{WITHDRAWN}" if withdrawn else "")
    return Traced(row.source, row.sheet, row.form, row.unit, row.month.zh if row.month else "", GONE, note)


# -- months to renew --------------------------------------------------------------------------------------------------


def outdated(written: Sequence[Written], choice: Choice, gone: Sequence[MovedOut]) -> list[Month]:
    """The months whose workbooks show, or add up, returns that are no longer those that count."""
    missing = {(one.unit, one.month) for one in gone if not one.withdrawn}
    now = {key: filed.source.sha256 for key, filed in choice.returns.items() if key not in missing}
    return [one.month for one in written if _shown(one, missing) != _until(now, one.month)]


def _shown(one: Written, missing: set[_Key]) -> Mapping[_Key, str]:
    shown = {(r.unit, r.month): r.source.sha256 for r in one.rows if r.month and r.outcome in (COUNTED, EARLIER)}
    return {key: sha256 for key, sha256 in shown.items() if key not in missing}


def _until(now: Mapping[_Key, str], month: Month) -> Mapping[_Key, str]:
    return {key: sha256 for key, sha256 in now.items() if key[1] <= month}

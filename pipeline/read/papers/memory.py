"""The ledgers of all months, read for what earlier runs knew: every file's time and outcome, and what staff answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.county import County
from pipeline.errors import OutputError
from pipeline.model import BEIJING, OPEN, LedgerLine, Month, Remembered, Source, Written
from pipeline.read.papers.ledger import Rows, hold_against, quick_rows, refuse_other_types
from pipeline.read.returns.names import Names
from pipeline.sheets import DISCREPANCIES, NOTE, NUMBER, SOURCES, STATUS

STORED = "%Y-%m-%d %H:%M:%S"
"""How 来源台账 holds a time."""

_LONG_AGO = dt.datetime(1970, 1, 1, 8, tzinfo=BEIJING)
_KNOWN_BY = ("文件", "处理结果", "SHA-256")
_ANSWERED = (NUMBER, "规则", "单位", "统计时间", "来源文件", STATUS, NOTE)


def read_written(ledgers: Mapping[Month, Path], county: County) -> tuple[list[Written], list[str]]:
    """What those ledgers tell, by month, and a sentence for each that is there and cannot be read."""
    names, written, unread = Names(county), [], []
    for month, path in sorted(ledgers.items()):
        try:
            refuse_other_types(path)
            if path.is_file():
                written.append(_written(path.read_bytes(), month, names))
        except (KeyboardInterrupt, SystemExit):
            raise
        except OutputError as e:
            unread.append(str(e))
        except BaseException:  # noqa: BLE001  what readers raise is open-ended, and calamine's panics are no Exceptions
            unread.append(
                f"{month.zh}的台账读不出，其中采用过的报表没有核对是否还在收件夹；请打开核对或恢复“{path.name}”。"
            )
    return written, unread


def _written(data: bytes, month: Month, names: Names) -> Written:
    lines = quick_rows(data, DISCREPANCIES)
    hold_against(month, (v for row in lines[:2] for v in row))
    rows = tuple(_remembered(row, names) for row in _table(quick_rows(data, SOURCES), _KNOWN_BY) if row["文件"])
    return Written(month, rows, tuple(_answered(_table(lines, _ANSWERED), names)))


def _table(rows: Rows, needed: Sequence[str]) -> Iterator[dict[str, str]]:
    """The rows under the heading that has all the `needed` names, as text by heading; ValueError where there is none."""
    at = next((i for i, row in enumerate(rows) if set(needed) <= {str(v).strip() for v in row}), None)
    if at is None:
        raise ValueError(needed)
    heads = [str(v).strip() for v in rows[at]]
    for row in rows[at + 1 :]:
        cells = {head: "" if v is None else str(v).strip() for head, v in zip(heads, row, strict=False)}
        if cells[needed[0]] != needed[0]:  # the heading of a further sheet
            yield cells


def _remembered(row: Mapping[str, str], names: Names) -> Remembered:
    month = Month.of_zh(row.get("统计时间", ""))
    return Remembered(
        source=_source(row["文件"], row["SHA-256"], row.get("收到时间", "")),
        sheet=row.get("工作表", ""),
        form=row.get("表式", ""),
        unit=names.called_now(row.get("单位", ""), month),
        month=month,
        outcome=row["处理结果"],
        note=row.get("说明", ""),
    )


def _source(path: str, sha256: str, received: str) -> Source:
    try:
        return Source(path, sha256, dt.datetime.strptime(received, STORED).replace(tzinfo=BEIJING))
    except ValueError:
        return Source(path, sha256, _LONG_AGO, undated=True)


def _answered(rows: Iterable[Mapping[str, str]], names: Names) -> Iterator[LedgerLine]:
    for row in rows:
        if row[NUMBER] and (row[STATUS] not in ("", OPEN) or row[NOTE]):
            month = Month.of_zh(row["统计时间"])
            units = "、".join(names.called_now(text, month) for text in row["单位"].split("、"))
            yield LedgerLine(row[NUMBER], {head: row[head] for head in _ANSWERED} | {"单位": units})

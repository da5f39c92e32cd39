"""Earlier months whose workbooks no longer say what counts: a later version has come since they were written."""

from __future__ import annotations

from pathlib import Path

from pipeline.consolidate import corrections_of
from pipeline.county import County
from pipeline.model import Choice, CountyMonth, Month
from pipeline.read.papers.sent import read_summary
from pipeline.write import county_file, ledger_path


def to_renew(outbox: Path, county: County, choice: Choice, month: CountyMonth) -> tuple[Month, ...]:
    """The months before that FILE-5 tells of in this run, and whose workbook is not there or has other figures."""
    told = {f.month for f in month.findings if f.rule == "FILE-5" and f.month and f.month < month.month}
    return tuple(m for m in sorted(told) if not _is_current(outbox, county, choice, m))


def _is_current(outbox: Path, county: County, choice: Choice, month: Month) -> bool:
    written = read_summary(ledger_path(outbox, month).parent / county_file(month, county), "", month)
    return written is not None and not any(corrections_of(choice, county, written))

"""What a worker does to make slips; a unit's own file may take it down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pipeline.choose import as_filed
from pipeline.county import County
from pipeline.model import Attachment, Month, Return
from pipeline.processes import Work
from pipeline.read.attachment import read_attachment
from pipeline.read.returns.names import Names
from pipeline.slips.marking import marked
from pipeline.slips.original import original
from pipeline.slips.slip import Slip, on_the_form
from pipeline.workers import one_by_one
from pipeline.write.form import annex1_form


def maker(inbox: Path, county: County) -> Work:
    """Makes slips: of the unit's own workbook where it can be, else on the blank form; None where even that cannot be made."""
    names = Names(county)

    def make(slip: Slip) -> Iterator[bytes | None]:
        with suppress(Exception):  # openpyxl's exceptions are open-ended
            data = original(inbox, slip.filed, county, names) if slip.alone else None
            if data is not None:
                made = marked(data, slip)
                if _reads_alike(made, slip, county, names):
                    yield made
                    return
        yield on_a_form(slip, county)

    return one_by_one(make)


def on_a_form(slip: Slip, county: County) -> bytes | None:
    """The slip on the blank form, None where even that cannot be made."""
    filed = slip.filed
    month = filed.month or Month.of(slip.today)
    try:
        return marked(annex1_form(county, filed.unit, month, filed, slip.earlier), on_the_form(slip, county, month))
    except Exception:  # noqa: BLE001  whatever it is, the workbooks and the other slips are made without it
        return None


def _reads_alike(made: bytes, slip: Slip, county: County, names: Names) -> bool:
    """Whether the slip, sent back as it is, is the same return again."""
    came = Attachment(replace(slip.filed.source, path=slip.name, subjects=()), made)
    tables = read_attachment(came, county, names).tables
    again = [t for t in tables if isinstance(t, Return) and (t.unit, t.month) == (slip.filed.unit, slip.filed.month)]
    return len(again) == 1 and as_filed(again[0]) == as_filed(slip.filed)

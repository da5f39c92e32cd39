"""Returns that counted before and are gone from the inbox (FILE-6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from pipeline.check.lines import finding
from pipeline.model import CONFIRMED, Finding, Month, MovedOut
from schemas.form import Form

_MAX_EXAMPLES = 3
"""More units of one month are one line: somebody has tidied the inbox."""


def moved_out_findings(form: Form, gone: Sequence[MovedOut], period: Month) -> Iterator[Finding]:
    """The lines about returns of the period and of earlier months; what was withdrawn is confirmed already."""
    past = sorted((one for one in gone if one.month <= period), key=lambda one: (one.month, one.withdrawn))
    for (month, withdrawn), group in groupby(past, key=lambda one: (one.month, one.withdrawn)):
        same = list(group)
        for line in [_joined(form, same, month)] if len(same) > _MAX_EXAMPLES else map(partial(_single, form), same):
            yield replace(line, status=CONFIRMED) if withdrawn else line


def _single(form: Form, one: MovedOut) -> Finding:
    now = "现采用较早收到的一份" if one.older else "数字未计入"
    message = f"原采用的{one.month.zh}报表已移出收件夹，{now}。"
    return finding(form, "FILE-6", one.unit, one.month, message, source=one.source, basis=one.source.sha256)


def _joined(form: Form, gone: Sequence[MovedOut], month: Month) -> Finding:
    units = "、".join(one.unit for one in gone)
    older = [one.unit for one in gone if one.older]
    now = f"，其中{'、'.join(older)}现采用较早收到的一份" if older else ""
    message = f"{month.zh}有{len(gone)}家原采用的报表已移出收件夹{now}，移出的没有计入。"
    return finding(form, "FILE-6", units, month, message)

"""文字材料: a unit's report in words, known by the title in its name or its first lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from pipeline.model import Grid, Reading, Source
from pipeline.read.returns.claims import TableContext
from pipeline.read.returns.months import time_in_title
from pipeline.read.returns.names import Names
from pipeline.read.returns.spans import Named
from pipeline.read.returns.unit_claims import unit_around
from pipeline.read.text import squeeze
from pipeline.roster import Roster

KINDS = ("docx", "wordxml", "html", "text", "doc", "rtf", "odt", "ole", "pdf")
"""What a report can be written in."""

_TITLE = re.compile(
    "进展情况|(?:工作|整治|阶段(?:性)?|半年|全年|年度?|[0-9一二三四五六七八九十]月份?)总结|情况的?(?:汇报|报告)"
)
_ASKS = re.compile("通知|通报|方案|模板|范文|样式|提纲|要求|转发")
"""What asks for reports, and is none."""

_FORM = re.compile("统计表|汇总表|报表|一览表|明细表|台账")
_ATTACHMENT = re.compile(r"\.(?:xlsx?|xlsm|xlsb|et|ett|f?ods|csv|eml|jpe?g|png|bmp|gif|tiff?|webp)$", re.I)
_FIRST_LINES, _MAX_HEADING_CHARS = 8, 40
_SENTENCE = re.compile("[，。；;、：:！？]")
_MAIL_TEXT = re.compile(r"正文\.(?:txt|html)$")


def narrative(source: Source, kind: str, grids: Sequence[Grid], county: Roster, names: Names) -> Reading | None:
    """A document without a form as a report in words, None where neither its name nor its first lines say that."""
    if kind not in KINDS or _ATTACHMENT.search(source.name):
        return None
    titles = [] if _MAIL_TEXT.search(source.name) else [source.name.rpartition(".")[0] or source.name]
    titles += _first_lines(grids)
    if not any(map(_is_title, titles)) or _names_form(source.name, county):
        return None
    place = TableContext(source, "", county, names)
    # 城关镇乡村振兴领域专项整治…: the unit stands before the campaign's title.
    around = [*(("", title.partition(squeeze(county.title))[0]) for title in titles), *place.around()]
    month = place.month_in_name() or next(
        (place.month(t) for x in titles if isinstance(t := time_in_title(x), Named)), None
    )
    return Reading(source, unit=unit_around(names, iter(around), month)[0], narrative=True, month=month)


def _is_title(text: str) -> bool:
    title = squeeze(text)
    return bool(_TITLE.search(title)) and not _ASKS.search(title)


def _names_form(name: str, county: Roster) -> bool:
    """Whether a file is called a form: then it may hold one that cannot be read."""
    return bool(_FORM.search(name)) or county.forms.declared.annex in name


def _first_lines(grids: Sequence[Grid]) -> list[str]:
    """What may be the document's title: short, and no sentence; a title can take several lines."""
    texts = [squeeze(text) for text in _texts(grids[:1])]
    lines = [t for t in texts[:_FIRST_LINES] if t and len(t) <= _MAX_HEADING_CHARS and not _SENTENCE.search(t)]
    return [*lines, *("".join(pair) for pair in pairwise(lines))]


def _texts(grids: Iterable[Grid]) -> Iterator[str]:
    return (
        part for g in grids for line in g.rows[:_FIRST_LINES] for _, text in line.words for part in text.split("\n")
    )

"""运行记录.txt: what was read, chosen and written, by which program and rules; the same inputs give the same text."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pipeline import output_marker, version
from pipeline.county import County
from pipeline.model import CLOSED, CONFIRMED, EXPLAINED, GONE, OPEN, CountyMonth, Month, Sent, day_zh
from pipeline.phones import masked
from pipeline.rules import rules_of

NAME = f"{output_marker.RECORD}.txt"
_NONE = "—"
_INDENT = "  "


def record(
    month: CountyMonth, default: tuple[Month, str], county: County, sent: Sequence[Sent], outputs: Mapping[str, bytes]
) -> bytes:
    """The month's record as a text that every editor on Windows shows; no one's name and no phone is in it.

    `default` is the month that a run takes by default, and why: how this one was asked for changes no output.
    """
    sections = {
        "程序": _program(month),
        "配置": _configuration(month, default, county),
        "收件夹": _files(month, {r.unit for r in month.rows} | {u.unit for u in month.units}),
        "已上报": [f"{s.sha256}  {s.month.zh}  {masked(s.file)}" for s in sent],
        "差异": _findings(month),
        "写出": [f"{hashlib.sha256(data).hexdigest()}  {masked(name)}" for name, data in outputs.items()],
    }
    lines = [output_marker.RECORD_HEAD, "本记录由程序写出，供查对，请不要改动；不含姓名和电话。"]
    for head, entries in sections.items():
        lines += ["", f"【{head}】", *(_INDENT + _on_one_line(text) for text in entries or [_NONE])]
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")


def _program(month: CountyMonth) -> Iterator[str]:
    catalogue = rules_of(month.form)
    rules = "\n".join(f"{r.id} {r.grade} {r.holds} {r.advice} {r.hides}" for r in catalogue.values())
    yield f"版本：{version.version() or _NONE}"
    yield f"源程序 SHA-256：{version.sources()}"
    yield f"所用软件包清单 SHA-256：{version.libraries() or _NONE}"
    yield f"审核规则：{len(catalogue)}条，SHA-256：{hashlib.sha256(rules.encode()).hexdigest()}"


def _configuration(month: CountyMonth, default: tuple[Month, str], county: County) -> Iterator[str]:
    yield f"县配置 SHA-256：{county.sha256 or _NONE}"
    yield f"统计时间：{month.month.zh}（不指定月份时取{default[0].zh}：{default[1]}）"
    yield f"汇总日期：{day_zh(month.today)}"
    yield f"应报单位：{len(month.rows)}个，报送截止：{day_zh(county.due(month.month))}"


def _files(month: CountyMonth, roster: set[str]) -> Iterator[str]:
    """Every table and file with its outcome. What a unit calls itself is no name to be trusted: only the roster's stand here."""
    files = len({t.source.outermost for t in month.sources if t.outcome != GONE})
    outcomes = Counter(t.outcome for t in month.sources)
    entries = "，".join(f"{outcome}{n}" for outcome, n in outcomes.items())
    yield f"{files}个文件，登记{len(month.sources)}行" + (f"：{entries}" if entries else "")
    for t in month.sources:
        what = [t.form, t.unit if t.unit in roster else "", t.month]
        about = " ".join(text for text in what if text and text != _NONE)
        yield f"{t.source.sha256 or _NONE:64}  {t.outcome}{f'（{about}）' if about else ''}  {masked(t.source.path)}"


def _findings(month: CountyMonth) -> Iterator[str]:
    """How many lines of each rule stand in 差异清单."""
    for rule in rules_of(month.form).values():
        states = Counter(f.status for f in month.findings if f.rule == rule.id)
        if states:
            entries = "，".join(
                f"{status}{states[status]}" for status in (OPEN, EXPLAINED, CONFIRMED, CLOSED) if states[status]
            )
            yield f"{rule.id} {rule.grade}：{entries}"


def _on_one_line(text: str) -> str:
    """A file's name may hold line ends and other signs that would pass for lines of the record."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)

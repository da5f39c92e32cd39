"""Several versions of one return: what changed, and whether it is known which is the newest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from pipeline.check.lines import on_return
from pipeline.county import County
from pipeline.model import Choice, Figure, Finding, Month, Return, Versions
from pipeline.rules import QUERY
from schemas.columns import shown
from schemas.form import Form

_BY_PHONE = "电话更正，待补报表：请补报更正后的报表。"
_AGAIN = "先后报来的数字又变回从前的，请与单位核实以哪份为准；要改用最后一份的，请单位注明更正后重报。"
_UNORDERED = "收到时间相同或不明，分不清先后，已采用路径排序最后的一份；请核实以哪份为准，把多余的移出收件夹。"


def version_findings(choice: Choice, county: County, period: Month) -> Iterator[Finding]:
    """FILE-5 of the period, and of earlier months whose newest version came since the previous due day."""
    since = county.due(period.plus(-1))
    for (_, month), versions in sorted((k, v) for k, v in choice.versions.items() if _to_tell(v)):
        source = versions.tables[-1].source
        fresh = month < period and not source.undated and source.received.date() > since
        if month == period or fresh:
            yield _line(county.form(month), versions, versions.tables[-1])


def _to_tell(versions: Versions) -> bool:
    return len(versions.tables) > 1 or versions.tables[-1].source.by_phone or bool(versions.again)


def _line(form: Form, versions: Versions, used: Return) -> Finding:
    keys = [k for k in form.keys if len({_shown(t.figures[k]) for t in versions.tables}) > 1]
    changes = "、".join(f"{form.column[k].label} {_history(versions, k)}" for k in keys)
    name = partial(_name, [*versions.tables, *versions.again])
    files, again = ("、".join(map(name, tables)) for tables in (versions.tables[:-1], versions.again))
    message = (
        f"采用{name(used)}"
        + (f"，替代{files}" if files else "")
        + (f"：{changes}" if changes else "")
        + (f"；后来又收到{again}，与更早的一份相同，没有改用" if again else "")
        + "。"
    )
    more = {}
    if used.source.by_phone:
        more = {"grade": QUERY, "advice": _BY_PHONE}
    elif versions.again:
        more = {"grade": QUERY, "advice": _AGAIN}
    elif not versions.ordered:
        more = {"grade": QUERY, "advice": _UNORDERED}
    filed = "、".join(f"{form.column[k].label} {_shown(used.figures[k])}" for k in keys)
    if versions.again:
        more["basis"] = "\x1f".join((filed, *(t.source.sha256 for t in versions.again)))
    return on_return(form, "FILE-5", used, message, keys, filed=filed, value=_weight(versions, keys), **more)


def _name(tables: Sequence[Return], one: Return) -> str:
    """A version's file, with its sheet where one file holds several."""
    several = sum(t.source.path == one.source.path for t in tables) > 1
    return f"“{one.source.path}”" + (f"的“{one.sheet}”表" if several else "")


def _history(versions: Versions, key: str) -> str:
    """old → new, through every version in which the figure changed."""
    filed = [_shown(t.figures[key]) for t in versions.tables]
    return "→".join(s for i, s in enumerate(filed) if i == 0 or s != filed[i - 1])


def _shown(figure: Figure) -> str:
    if figure.value is not None:
        return str(shown(figure.value))
    # What cannot be counted may hold anything, a phone too; it stands in 填报值 of its own line.
    return "不能计入的内容" if figure.filed else "空白"


def _weight(versions: Versions, keys: list[str]) -> int:
    before, used = versions.tables[-2:] if len(versions.tables) > 1 else versions.tables * 2
    return sum(abs(int(used.figures[k].value or 0) - int(before.figures[k].value or 0)) for k in keys)

"""Several versions of one return: what changed, and whether it is known which is the newest."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.check.lines import on_return
from pipeline.county import County
from pipeline.model import Choice, Figure, Finding, Month, Return, Versions
from pipeline.rules import ASK
from schemas.form import Form

_BY_PHONE = "电话更正，待补报表：请补报更正后的报表。"
_UNORDERED = "收到时间相同，分不清先后，已采用路径排序最后的一份；请核实以哪份为准，把多余的移出收件夹。"


def version_findings(choice: Choice, county: County, period: Month) -> Iterator[Finding]:
    """FILE-5 of the period, and of earlier months whose newest version came since the previous due day."""
    since = county.due(period.plus(-1))
    several = {k: v for k, v in choice.versions.items() if len(v.tables) > 1 or v.tables[-1].source.by_phone}
    for (_, month), versions in sorted(several.items()):
        used = versions.tables[-1]
        fresh = month < period and used.source.received.date() > since
        if month == period or fresh:
            yield _line(county.form(month), versions, used)


def _line(form: Form, versions: Versions, used: Return) -> Finding:
    keys = [k for k in form.keys if len({_shown(t.figures[k]) for t in versions.tables}) > 1]
    changes = "、".join(f"{form.column[k].label} {_history(versions, k)}" for k in keys)
    files = "、".join(f"“{t.source.path}”" for t in versions.tables[:-1])
    message = (
        f"采用“{used.source.path}”" + (f"，替代{files}" if files else "") + (f"：{changes}" if changes else "") + "。"
    )
    more = {}
    if used.source.by_phone:
        more = {"grade": ASK, "advice": _BY_PHONE}
    elif not versions.ordered:
        more = {"grade": ASK, "advice": _UNORDERED}
    filed = "、".join(f"{form.column[k].label} {_shown(used.figures[k])}" for k in keys)
    return on_return(form, "FILE-5", used, message, keys, filed=filed, value=_weight(versions, keys), **more)


def _history(versions: Versions, key: str) -> str:
    """old → new, through every version in which the figure changed."""
    shown = [_shown(t.figures[key]) for t in versions.tables]
    return "→".join(s for i, s in enumerate(shown) if i == 0 or s != shown[i - 1])


def _shown(figure: Figure) -> str:
    if isinstance(figure.value, bool):
        return "是" if figure.value else "否"
    if figure.value is not None:
        return str(figure.value)
    # What cannot be counted may hold anything, a phone too; it stands in 填报值 of its own line.
    return "不能计入的内容" if figure.filed else "空白"


def _weight(versions: Versions, keys: list[str]) -> int:
    before, used = versions.tables[-2:] if len(versions.tables) > 1 else versions.tables * 2
    return sum(abs(int(used.figures[k].value or 0) - int(before.figures[k].value or 0)) for k in keys)

"""What a clerk sees on the screen: progress while it takes long, then a short table, what to know, and the paths."""

from __future__ import annotations

import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

from pipeline.commands import command
from pipeline.model import EXPLAINED, OPEN, STATUSES, CountyMonth, clean
from pipeline.phones import masked
from pipeline.rules import ERROR, GRADES, QUERY
from pipeline.run import Done

_LONG = 100
"""From this number of files on, progress is shown."""

_BAR_WIDTH = 70
"""More columns of a terminal than what is drawn."""

_COLOURS = {ERROR: "red", QUERY: "yellow"}


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A callback that draws the number of files read on a terminal."""
    drawn = not quiet and sys.stdout is not None and sys.stdout.isatty()  # a program without a window has None
    yield _draw if drawn else lambda done, of: None
    if drawn:
        click.echo(f"\r{' ' * _BAR_WIDTH}\r", nl=False)


def _draw(done: int, of: int) -> None:
    if of >= _LONG and (done % 20 == 0 or done == of):
        width = 30 * done // of
        click.echo(f"\r正在读取 {'█' * width}{'░' * (30 - width)} {done}/{of}", nl=False)


def report(months: Sequence[Done], *, quiet: bool) -> None:
    """Prints what was done; when quiet, only what staff should know."""
    notices = list(dict.fromkeys(n for done in months for n in done.notices))
    if quiet:
        _lines("请注意：", notices)
        return
    last = months[-1]
    if len(months) == 1:
        other = f"；要汇总别的月份，如{last.other.zh}，请运行 {command(last.other)}" if last.other else ""
        say(f"统计时间：{last.month.month.zh}（{last.why}{other}）")
    click.echo("\n".join(table([_HEADS, *(_row(done.month) for done in months)])))
    outcomes = Counter(t.outcome for t in last.month.sources)
    click.echo("文件：" + ("，".join(f"{o} {n}" for o, n in outcomes.items()) or "收件夹是空的"))
    if len(months) == 1:
        _lines("往期更正：", list(_renewals(last)))
    _lines("请填写：", last.unanswered)
    _lines("请核实：", [text for done in months if (text := _explained(done.month))])
    _lines("请注意：", notices)
    for done in months:
        _lines("已写出：", [str(path) for path in (*done.files, done.record)])
        if done.slips:
            say(f"已写出：{done.slips[0].parent}（退回修改表 {len(done.slips)} 份）")


def say(text: str, *, err: bool = False) -> None:
    """Prints a line as everyone may see it, whatever stands in it from outside."""
    click.echo(masked(clean(text)), err=err)


def _renewals(done: Done) -> Iterator[str]:
    """How the workbooks of other months are renewed that show, or add up, what no longer counts."""
    for m in done.to_renew:
        what = "有更正的报表" if m < done.month.month else "的累计数有变动"
        yield f"{m.zh}{what}，请运行 {command(m)} 更新该月的工作簿"
    if len(done.to_renew) > 1:
        yield f"也可以运行 {command('all')} 一次更新全部月份"


def _lines(begin: str, texts: Sequence[str]) -> None:
    for text in texts:
        say(begin + text)


def _explained(month: CountyMonth) -> str:
    """How many lines units have answered and staff have not judged, '' where there are none."""
    n = sum(f.status == EXPLAINED for f in month.findings)
    return f"{month.month.zh}有{n}条单位已说明，等待核实，见台账差异清单的“单位说明”" if n else ""


_HEADS = ["统计时间", "应报", *STATUSES, *GRADES]


def _row(month: CountyMonth) -> list[str]:
    statuses = Counter(r.status for r in month.rows)
    grades = Counter(f.grade for f in month.findings if f.status == OPEN)
    counts = [len(month.rows), *(statuses[s] for s in STATUSES)]
    coloured = [click.style(str(grades[g]), fg=_COLOURS.get(g) if grades[g] else None) for g in GRADES]
    return [month.month.zh, *map(str, counts), *coloured]


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines in which columns align, the first to the left: a Chinese character is two letters wide."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(_padded(text, w, left=not i) for i, (text, w) in enumerate(zip(row, widths, strict=True))).rstrip()
        for row in rows
    ]


def width(text: str) -> int:
    """How many columns of a terminal the text takes, colours left out."""
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in click.unstyle(text))


def _padded(text: str, to: int, *, left: bool) -> str:
    spaces = " " * (to - width(text))
    return text + spaces if left else spaces + text

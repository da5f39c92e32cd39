"""The click commands: parse, call one function, print, exit."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:  # a command imports what it needs when it runs, so that --help answers at once
    from pipeline.run import Done

WRONG_USE, NOT_WRITTEN, STILL_WRONG = 2, 1, 3


ALL = "all"


class _Month(click.ParamType[Any]):
    name = "YYYY-MM"

    def __init__(self, *, or_all: bool = False) -> None:
        self._or_all = or_all

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        from pipeline.model import Month

        if value == ALL and self._or_all:
            return value
        try:
            return Month.parse(str(value))
        except ValueError:
            self.fail(f"“{value}”不是月份，请写成 2023-05 的形式。", param, ctx)


class _Day(click.ParamType[Any]):
    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        try:
            return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}”不是日期，请写成 2023-06-25 的形式。", param, ctx)


class _Program(click.Group):
    """A group whose own complaints are Chinese sentences too."""

    def main(self, *args: Any, **more: Any) -> Any:
        try:
            return super().main(*args, **{**more, "standalone_mode": False})
        except click.UsageError as e:
            click.echo(f"用法有误：{_complaint(e)}（查看用法：python -m pipeline --help）", err=True)
            sys.exit(WRONG_USE)
        except click.Abort:
            click.echo("已中断，没有写入任何文件。", err=True)
            sys.exit(NOT_WRITTEN)


def _complaint(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有 {error.option_name} 这个选项"
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter):
        return error.message.rstrip("。")
    if isinstance(error, click.BadOptionUsage):
        return f"{error.option_name} 后面缺少内容"
    return "命令或参数不对"


_help = click.help_option("-h", "--help", help="显示本说明")


@click.group(cls=_Program)
@_help
def main() -> None:
    """汇总各单位报来的附件1、附件2。

    \b
    例：python -m pipeline consolidate --period 2023-05
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot print Chinese shows question marks; it must not stop the run.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]


@main.command()
@click.option("--inbox", type=click.Path(path_type=Path), default=Path("inbox"), help="收件夹，默认 inbox/")
@click.option("--outbox", type=click.Path(path_type=Path), default=Path("outbox"), help="输出文件夹，默认 outbox/")
@click.option(
    "--county",
    type=click.Path(path_type=Path),
    default=Path("schemas/county.toml"),
    help="本县配置，默认 schemas/county.toml",
)
@click.option("--period", type=_Month(or_all=True), help="汇总哪个月，如 2023-05，all 为全部月份；默认上一个月")
@click.option("--today", type=_Day(), help="按哪一天计算是否到期，默认今天")
@_help
@click.option("--strict", is_flag=True, help="还有待处理的强制性问题时，以退出码3结束")
def consolidate(inbox: Path, outbox: Path, county: Path, period: object, today: dt.date | None, strict: bool) -> None:
    """读取收件夹，写出汇总工作簿和内部工作台账。

    \b
    例：python -m pipeline consolidate --period 2023-05
    退出码：0 已写出；1 未能写出；2 用法或配置有误；3 仅 --strict，仍有强制性问题
    """
    from pipeline.errors import ConfigurationError, PipelineError, UsageError
    from pipeline.model import BEIJING, Month
    from pipeline.run import Job, run, run_all

    asked = period if isinstance(period, Month) else None
    job = Job(inbox, outbox, county, today or dt.datetime.now(BEIJING).date(), asked)
    try:
        done = run_all(job) if period == ALL else [run(job)]
    except PipelineError as e:
        click.echo(str(e), err=True)
        sys.exit(WRONG_USE if isinstance(e, ConfigurationError | UsageError) else NOT_WRITTEN)
    for one in done:
        _report(one)
    if strict and any(map(_must, done)):
        sys.exit(STILL_WRONG)


def _must(done: Done) -> int:
    from pipeline.model import OPEN
    from pipeline.rules import MUST

    return sum(f.grade == MUST and f.status == OPEN for f in done.month.findings)


def _command(month: object) -> str:
    """How the month is consolidated on this machine: Windows seldom has make."""
    if sys.platform == "win32":
        return f".venv\\Scripts\\python -m pipeline consolidate --period {month}"
    return f"make consolidate PERIOD={month}"


def _report(done: Done) -> None:
    """The short summary a clerk reads, then the paths written."""
    from collections import Counter

    from pipeline.model import OPEN
    from pipeline.rules import GRADES

    month, other = done.month, done.month.month.plus(-1)
    click.echo(f"统计时间：{month.month.zh}（{done.why}；要汇总别的月份，如{other.zh}，请运行 {_command(other)}）")
    statuses = Counter(r.status for r in month.rows)
    outcomes = Counter(t.outcome for t in month.ledger)
    grades = Counter(f.grade for f in month.findings if f.status == OPEN)
    click.echo(f"报送：应报 {len(month.rows)} 家，" + "，".join(f"{s} {n}" for s, n in statuses.items()))
    click.echo("文件：" + ("，".join(f"{o} {n}" for o, n in outcomes.items()) or "收件夹是空的"))
    click.echo("问题：" + "，".join(f"{g} {grades[g]}" for g in GRADES))
    for earlier in sorted(
        {f.month for f in month.findings if f.rule == "FILE-5" and f.month and f.month < month.month}
    ):
        click.echo(f"往期更正：{earlier.zh}有更正的报表，请运行 {_command(earlier)} 更新该月的工作簿")
    for note in done.notes:
        click.echo(f"提醒：{note}")
    for path in done.files:
        click.echo(f"已写出：{path}")

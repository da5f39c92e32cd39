"""The click commands: parse, call one function, print, exit."""

from __future__ import annotations

import datetime as dt
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.commands import command
from pipeline.console import prepare
from pipeline.options import (
    ALL,
    NOT_WRITTEN,
    STILL_WRONG,
    WRONG_USE,
    Command,
    FilesCommand,
    MonthType,
    Program,
    county_option,
    help_option,
    inbox_option,
    outbox_option,
    today_option,
)

if TYPE_CHECKING:  # a command imports what it needs when it runs, so that --help answers at once
    from pipeline.model import Month
    from pipeline.office import Examined
    from pipeline.run import Done


@click.group(cls=Program)
@help_option
def main() -> None:
    """汇总各单位每月报来的报表和联络员名单。

    \b
    例：python -m pipeline consolidate --period 2023-05
    """
    click.get_current_context().color = prepare()


@contextmanager
def _as_sentences() -> Iterator[None]:
    """What the program itself fails at is one sentence and an exit code."""
    from pipeline.errors import ConfigurationError, PipelineError, UsageError
    from pipeline.screen import say

    try:
        yield
    except PipelineError as e:
        say(str(e), err=True)
        sys.exit(WRONG_USE if isinstance(e, ConfigurationError | UsageError) else NOT_WRITTEN)
    except Exception as e:  # noqa: BLE001  a traceback would show what stands in the files, names and phones too
        where = f"{type(e).__name__}，{_where(e)}"
        say(f"程序出错（{where}），没有写坏任何文件；请把收件夹和本提示交给程序维护人员。", err=True)
        sys.exit(NOT_WRITTEN)


def _where(error: Exception) -> str:
    """The last line of the program that the error came through."""
    here = Path(__file__).parent
    ours = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(here)]
    return f"{Path(ours[-1].filename).relative_to(here.parent).as_posix()}:{ours[-1].lineno}"


@contextmanager
def _seen_or_not() -> Iterator[None]:
    """What is written stays written where the screen takes no more: a closed pipe, a full disk."""
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        # What is left in the stream would fail again when the program ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _day(typed: dt.date | None, county: Path) -> dt.date:
    """The day to go by: a typed one must be near the campaign, for a slip of a digit would change every due day."""
    if typed is None:
        from pipeline.model import BEIJING

        return dt.datetime.now(BEIJING).date()
    from pipeline.county import load
    from pipeline.period import in_reach

    return in_reach(typed, load(county))


@main.command(cls=Command)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[文件...]")
@inbox_option
@outbox_option
@county_option
@click.option("--period", type=MonthType(or_all=True), help="汇总哪个月，如 2023-05，all 为全部月份；默认上一个月")
@today_option
@help_option
@click.option("--strict", is_flag=True, help="还有待处理的强制性问题时，以退出码3结束")
@click.option("-q", "--quiet", is_flag=True, help="不显示进度和汇总情况，只显示需要注意的事")
@click.option("--scheduler", metavar="tcp://主机:8786", default="", help="在这个 Dask 集群上读取文件，默认在本机读取")
def consolidate(
    files: tuple[Path, ...],
    inbox: Path,
    outbox: Path,
    county: Path,
    period: Month | str | None,
    today: dt.date | None,
    strict: bool,
    quiet: bool,
    scheduler: str,
) -> None:
    """读取收件夹，写出汇总工作簿和内部工作台账。写明文件的，先把它们复制进收件夹。

    \b
    例：python -m pipeline consolidate --period 2023-05
    退出码：0 已写出；1 未能写出；2 用法或配置有误；3 仅 --strict，仍有强制性问题
    """
    with _as_sentences():
        from pipeline.processes import start_ahead

        start_ahead("pipeline.read.reader", "pipeline.slips.maker")  # they are read in beside what follows
        from pipeline.limits import collect_rarely
        from pipeline.run import Job, run, run_all
        from pipeline.screen import progress, report, say

        collect_rarely()
        every = period == ALL
        job = Job(inbox, outbox, county, _day(today, county), None if isinstance(period, str) else period, scheduler)
        if files:
            from pipeline.office import put_into

            for path in put_into(inbox, files):
                say(f"已放入收件夹：{path}")
        with progress(quiet=quiet) as on_progress:
            done = run_all(job, on_progress) if every else [run(job, on_progress)]
    with _seen_or_not():
        report(done, quiet=quiet)
    if strict and any(map(_must, done)):
        sys.exit(STILL_WRONG)


@main.command(cls=Command)
@inbox_option
@outbox_option
@county_option
@click.option("--period", type=MonthType(), help="填报哪个月的表，如 2023-05；默认上一个月")
@today_option
@help_option
def forms(inbox: Path, outbox: Path, county: Path, period: Month | None, today: dt.date | None) -> None:
    """写出发给各单位填报的空白报表和联络员名单，单位和统计时间已填好。

    \b
    例：python -m pipeline forms --period 2023-05
    """
    with _as_sentences():
        from pipeline.office import forms as write_forms
        from pipeline.screen import say

        done = write_forms(outbox, county, _day(today, county), period, inbox)
        other = "" if period else f"；要别的月份的，请运行 {command('年-月', 'forms')}"
        say(f"统计时间：{done.month.zh}（{done.why}{other}）")
        for notice in done.notices:
            say(f"请注意：{notice}")
        say(f"已写出：{done.files[0].parent}（空白表 {len(done.files)} 份）")


@main.command("phone-entry", cls=Command)
@click.argument("unit", metavar="单位")
@click.argument("period", type=MonthType(), required=False, metavar="[月份]")
@inbox_option
@county_option
@today_option
@help_option
def phone_entry(unit: str, period: Month | None, inbox: Path, county: Path, today: dt.date | None) -> None:
    """在收件夹的“电话更正”中写出该单位的报表，已填最近报来的数，供改好保存。

    \b
    例：python -m pipeline phone-entry 城关镇 2023-05
    """
    with _as_sentences():
        from pipeline.office import phone_entry as write_entry
        from pipeline.run import Job
        from pipeline.screen import say

        path = write_entry(Job(inbox, Path(), county, _day(today, county), period), unit)
        say(f"已写出：{path}")
        say("请打开它，按电话中说的改好并保存，然后再运行一次汇总；没有改动的不影响汇总。")


@main.command(cls=FilesCommand)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="文件...")
@county_option
@today_option
@help_option
def check(files: tuple[Path, ...], county: Path, today: dt.date | None) -> None:
    """检查单个文件，列出其中的问题；不写任何文件。

    \b
    例：python -m pipeline check inbox/城关镇报表.xlsx
    """
    with _as_sentences():
        from pipeline.office import examine

        for one in examine(files, county, _day(today, county)):
            _tell(one)


def _tell(one: Examined) -> None:
    """What a clerk says on the phone; no one's name and no number."""
    from pipeline.model import Return
    from pipeline.screen import say
    from schemas.contacts import ANNEX

    say(f"文件：{one.path}")
    for disposition in one.dispositions:
        table = disposition.table
        if table is None:
            say(f"  {disposition.outcome}：{disposition.why}")
            continue
        month = f"　统计时间：{table.month.zh if table.month else '看不出'}" if isinstance(table, Return) else ""
        form = one.annex if isinstance(table, Return) else ANNEX
        usable = "不能采用" if disposition.rule else "可以采用"
        say(f"  {form}　单位：{table.unit or '不在名单中'}{month}　{usable}")
    for f in one.findings:
        say(f"  {f.grade} {f.rule} {'、'.join(f.cells)} {f.message}{f.advice}")
    if not one.findings and any(disposition.table for disposition in one.dispositions):
        say("  没有发现问题（只查这一个文件；与以前各月、与其他文件的比较见汇总结果）。")


def _must(done: Done) -> int:
    from pipeline.model import OPEN
    from pipeline.rules import ERROR

    return sum(f.grade == ERROR and f.status == OPEN for f in done.month.findings)

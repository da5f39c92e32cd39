"""What the commands take: months, days, folders, files, and what is said where they are used wrongly."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands import as_run_here, usage

if TYPE_CHECKING:
    from click.decorators import FC

WRONG_USE, NOT_WRITTEN, STILL_WRONG = 2, 1, 3
"""Exit codes beside 0."""

ALL = "all"
"""In the place of a month: every month of the campaign that has begun."""


class MonthType(click.ParamType[Any]):
    """A month as a clerk types it; ALL where every month may be meant."""

    name = "YYYY-MM"

    def __init__(self, *, or_all: bool = False) -> None:
        self._or_all = or_all

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """The month typed; a sentence where it is none."""
        from pipeline.model import Month

        if value == ALL and self._or_all:
            return value
        try:
            return Month.typed(str(value))
        except ValueError:
            self.fail(f"“{value}”不是月份，请写成 2023-05 的形式。", param, ctx)


class DayType(click.ParamType[Any]):
    """A day, as 2023-06-25."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """The day typed; a sentence where it is none."""
        try:
            return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}”不是日期，请写成 2023-06-25 的形式。", param, ctx)


class Program(click.Group):
    """A group whose own complaints are Chinese sentences too."""

    def main(self, *args: Any, **more: Any) -> Any:
        """Runs the command that is named; what is wrong with the call is one sentence and an exit code."""
        try:
            return super().main(*args, **{**more, "standalone_mode": False})
        except click.UsageError as e:
            click.echo(f"用法有误：{_complaint(e)}（查看用法：{usage()}）", err=True)
            sys.exit(WRONG_USE)
        except click.Abort:
            click.echo("已中断，没有写坏任何文件；再运行一次即可。", err=True)
            sys.exit(NOT_WRITTEN)


class Command(click.Command):
    """A command whose help shows how the program is started here."""

    def get_help(self, ctx: click.Context) -> str:
        """The help, its examples written as the program is started here."""
        return as_run_here(super().get_help(ctx))


def _complaint(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有 {error.option_name} 这个选项"
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter):
        return error.message.rstrip("。")
    if isinstance(error, click.BadOptionUsage):
        return f"{error.option_name} 后面缺少内容"
    return "命令或参数不对"


class FilesCommand(Command):
    """A command that takes files, also one that is named like an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Takes what begins with a hyphen for a file where there is one of that name."""
        known = {name for p in self.params for name in p.opts}
        return super().parse_args(
            ctx, [f"./{a}" if a[:1] == "-" and a not in known and _exists(a) else a for a in args]
        )


def _exists(name: str) -> bool:
    return Path(name).is_file()


help_option = click.help_option("-h", "--help", help="显示本说明")


def _folder(option: str, description: str) -> Callable[[FC], FC]:
    return click.option(
        option, type=click.Path(path_type=Path), default=Path(option[2:]), help=f"{description}，默认 {option[2:]}/"
    )


inbox_option, outbox_option = _folder("--inbox", "收件夹"), _folder("--outbox", "输出文件夹")
county_option = click.option(
    "--county",
    type=click.Path(path_type=Path),
    default=Path("schemas/county.toml"),
    help="本县配置，默认 schemas/county.toml",
)
today_option = click.option("--today", type=DayType(), help="按哪一天计算是否到期，默认今天")

"""The commands as a clerk types them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.commands import CMD, command
from pipeline.screen import width
from tests.builders import annex1, drop, xlsx
from tests.inboxes import SMALL, faulty_month


def invoke(root: Path, *more: str) -> Result:
    (root / "inbox").mkdir(exist_ok=True)
    if not (root / "county.toml").exists():
        (root / "county.toml").write_text(SMALL, encoding="utf-8")
    at = ["--inbox", str(root / "inbox"), "--outbox", str(root / "outbox"), "--county", str(root / "county.toml")]
    return CliRunner().invoke(main, ["consolidate", *at, *more])


def test_a_run_tells_the_month_the_counts_and_the_files(tmp_path):
    faulty_month(tmp_path)
    result = invoke(tmp_path, "--today", "2023-06-28")
    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[0].startswith("统计时间：2023年5月（今天的上一个月；")
    assert command("2023-04") in lines[0]
    assert lines[1] == "统计时间   应报  按时  迟报  有误  空表  未报  未到期  强制性  核实性  提示性"
    assert lines[2].split() == ["2023年5月", *"4 1 1 1 0 1 0 4 3 3".split()]
    assert lines[3] == "文件：采用 6，忽略 1，非报表 1，未采用 1"
    assert [line.startswith("已写出：") for line in lines[4:]] == [True] * 4


def test_a_quiet_run_tells_only_what_needs_attention(tmp_path):
    faulty_month(tmp_path)
    assert invoke(tmp_path, "--today", "2023-06-28", "--quiet").output == ""
    sent = tmp_path / "outbox" / "2023-05" / "已上报"
    sent.mkdir()
    (sent / "坏.xlsx").write_bytes(b"PK")
    warning = "请注意：“2023-05/已上报/坏.xlsx”读不出汇总表，更正说明没有与它核对。\n"
    assert invoke(tmp_path, "--today", "2023-06-28", "--quiet").output == warning


def test_all_months_are_one_table(tmp_path):
    faulty_month(tmp_path)
    lines = invoke(tmp_path, "--today", "2023-06-28", "--period", "all").output.splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["统计时间", "2023年3月", "2023年4月", "2023年5月"]
    assert len({width(line) for line in lines[:4]}) == 1
    assert sum(line.startswith("已写出：") for line in lines) == 10


def test_nothing_but_text_is_printed_where_there_is_no_terminal(tmp_path):
    for i in range(120):
        drop(tmp_path / "inbox", f"{i}.txt", b"x")
    output = invoke(tmp_path, "--today", "2023-06-28").output
    assert "\033" not in output
    assert "正在读取" not in output


@pytest.mark.parametrize(
    ("month_of_returns", "today", "period", "why"),
    [
        ("2023年5月", "2023-06-28", "2023年5月", "今天的上一个月"),
        ("2023年5月", "2024-06-28", "2023年5月", "报表最多的月份"),
        (None, "2024-06-28", "2023年12月", "最近的月份"),
        (None, "2022-06-28", "2023年2月", "最近的月份"),
    ],
)
def test_the_default_month(tmp_path, month_of_returns, today, period, why):
    if month_of_returns:
        drop(tmp_path / "inbox", "a.xlsx", xlsx(annex1(period=month_of_returns)))
    first = invoke(tmp_path, "--today", today).output.splitlines()[0]
    assert first.startswith(f"统计时间：{period}（")
    assert why in first


@pytest.mark.parametrize(("strict", "code"), [([], 0), (["--strict"], 3)])
def test_strict_ends_with_3_while_something_must_be_corrected(tmp_path, strict, code):
    faulty_month(tmp_path)
    assert invoke(tmp_path, "--today", "2023-06-28", *strict).exit_code == code


@pytest.mark.parametrize(
    "more",
    [["--period", "2023-13"], ["--period", "五月"], ["--today", "昨天"], ["--period", "2024-01"], ["--nonsense"]],
)
def test_wrong_use_ends_with_2(tmp_path, more):
    assert invoke(tmp_path, *more).exit_code == 2
    assert not (tmp_path / "outbox").exists()


def test_a_missing_inbox_is_reported_in_one_sentence(tmp_path):
    (tmp_path / "county.toml").write_text(SMALL, encoding="utf-8")
    args = ["consolidate", "--inbox", str(tmp_path / "nowhere"), "--county", str(tmp_path / "county.toml")]
    result = CliRunner().invoke(main, args)
    assert result.exit_code == 2
    assert "请新建该文件夹" in result.output


def test_an_output_folder_that_cannot_be_made_is_reported_in_one_sentence(tmp_path):
    (tmp_path / "outbox").write_text("a file")
    result = invoke(tmp_path, "--period", "2023-05")
    assert result.exit_code == 1
    assert "不能写入" in result.output


def test_help_needs_no_heavy_library():
    code = "import runpy, sys; sys.argv=['x','--help']\ntry:\n runpy.run_module('pipeline', run_name='__main__')\n"
    code += "except SystemExit: pass\n"
    code += "print([m for m in ('pandas', 'pandera', 'openpyxl', 'pydantic', 'cn2an') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_help_text_names_what_runs_there(monkeypatch):
    for what in main.commands:
        monkeypatch.setattr("sys.platform", "win32")
        there = CliRunner().invoke(main, [what, "--help"], prog_name="python -m pipeline").output
        monkeypatch.setattr("sys.platform", "linux")
        here = CliRunner().invoke(main, [what, "--help"], prog_name="python -m pipeline").output
        assert there == here.replace(f"python -m pipeline {what}", CMD[what]) != here


def test_files_are_put_into_the_inbox_first(tmp_path):
    faulty_month(tmp_path)
    new, other = xlsx(annex1("县财政局")), xlsx(annex1("县财政局", press=8))
    drop(tmp_path / "来", "县财政局.xlsx", new)
    drop(tmp_path / "来", "夹/县财政局.xlsx", other)
    at = (tmp_path / "来" / "县财政局.xlsx").stat().st_mtime
    dropped = [str(tmp_path / "来" / name) for name in ("县财政局.xlsx", "夹")]
    first = invoke(tmp_path, *dropped, "--today", "2023-06-28")
    put = [tmp_path / "inbox" / name for name in ("县财政局.xlsx", "夹/县财政局.xlsx")]
    assert first.output.splitlines()[:2] == [f"已放入收件夹：{path}" for path in put]
    assert [path.read_bytes() for path in put] == [new, other]
    assert put[0].stat().st_mtime == at
    again = invoke(tmp_path, *dropped, str(put[0]), "--today", "2023-06-28")
    assert not again.output.startswith("已放入")
    renamed = invoke(tmp_path, str(put[1]), str(tmp_path / "来" / "夹" / "县财政局.xlsx"), "--today", "2023-06-28")
    assert renamed.output.splitlines()[0] == f"已放入收件夹：{tmp_path / 'inbox' / '县财政局（2）.xlsx'}"
    assert sorted(path.name for path in (tmp_path / "inbox").glob("县财政局*")) == [
        "县财政局.xlsx",
        "县财政局（2）.xlsx",
    ]


def test_a_file_that_is_not_there_is_reported_and_nothing_is_written(tmp_path):
    result = invoke(tmp_path, str(tmp_path / "nowhere.xlsx"))
    assert (result.exit_code, result.output) == (2, f"找不到文件 {tmp_path / 'nowhere.xlsx'}，请核对路径。\n")
    assert not (tmp_path / "outbox").exists()


def test_output_carries_no_phone_and_no_name(tmp_path):
    faulty_month(tmp_path)
    output = invoke(tmp_path, "--today", "2023-06-28").output
    assert "1300000" not in output
    assert "张三" not in output


def test_a_corrected_earlier_month_names_the_command_that_renews_it(tmp_path):
    faulty_month(tmp_path)
    for path, press in (("a.xlsx", 8), ("b.xlsx", 9)):
        drop(tmp_path / "inbox", f"2023-05-2{press}/{path}", xlsx(annex1("城关镇", "2023年4月", press=press)))
    assert command("2023-04") in invoke(tmp_path, "--today", "2023-06-28").output


@pytest.mark.parametrize("day", ["0203-06-20", "2203-06-20", "2021-06-20", "2032-06-20"])
@pytest.mark.parametrize("command", ["consolidate", "forms", "phone-entry", "check"])
def test_a_typed_year_that_is_far_off_is_refused(tmp_path, day, command):
    faulty_month(tmp_path)
    more = {"phone-entry": ["城关镇"], "check": [str(tmp_path / "inbox" / "城关镇附件1.xlsx")]}.get(command, [])
    done = CliRunner().invoke(main, [command, *more, "--county", str(tmp_path / "county.toml"), "--today", day])
    assert done.exit_code == 2
    assert done.output == f"{day} 的年份与专项整治期（2023年2月起）相差太远，请核对 --today 后面的日期。\n"


@pytest.mark.parametrize("day", ["2022-12-20", "2024-01-26", "2025-06-20"])
def test_a_typed_year_near_the_campaign_is_taken(tmp_path, day):
    faulty_month(tmp_path)
    assert invoke(tmp_path, "--today", day).exit_code == 0


@pytest.mark.parametrize(
    "name", ["-附件1.xlsx", "--today.xlsx", "-h.xlsx", "a b.xlsx", "a\x01\u202eb.xlsx", "a › b.xlsx", "a\udcb3.xlsx", "%s.xlsx", "a\nb.xlsx"]
)  # fmt: skip
def test_check_takes_any_file_name(tmp_path, monkeypatch, name):
    faulty_month(tmp_path)
    monkeypatch.chdir(tmp_path)
    try:
        Path(name).write_bytes(xlsx(annex1("城关镇")))
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system knows no such name")
    done = CliRunner().invoke(main, ["check", name, "--county", "county.toml", "--today", "2023-06-28"])
    assert done.exit_code == 0, done.output
    assert "附件1　单位：城关镇　统计时间：2023年5月　可以采用" in done.output
    assert not {"\x01", "\u202e"} & set(done.output)


def test_check_tells_two_files_of_one_name_apart(tmp_path):
    faulty_month(tmp_path)
    paths = [
        drop(tmp_path, f"{folder}/附件1.xlsx", xlsx(annex1(unit)))
        for folder, unit in (("甲", "城关镇"), ("乙", "县住建局"))
    ]
    at = ["--county", str(tmp_path / "county.toml"), "--today", "2023-06-28"]
    lines = CliRunner().invoke(main, ["check", *map(str, paths), *at]).output.splitlines()
    assert [line for line in lines if line.startswith("文件")] == [f"文件：{path}" for path in paths]
    assert [("城关镇" in line, "县住建局" in line) for line in lines if "单位：" in line] == [
        (True, False),
        (False, True),
    ]

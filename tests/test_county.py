"""Mistakes in the configuration: one sentence with the key's path and the text in question."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.county import load
from pipeline.errors import ConfigurationError
from pipeline.model import Month
from tests.builders import a_county
from tests.inboxes import COUNTY_FILE, SMALL


def test_the_configuration_that_is_delivered_loads():
    county = load(Path("schemas/county.toml"))
    kinds = [u.kind for u in county.roster(county.campaign.first_period)]
    assert kinds == sorted(kinds, reverse=True)
    assert {"town", "department"} == set(kinds)


def test_towns_stand_before_departments_each_in_the_order_of_the_list():
    roster = load(COUNTY_FILE).roster(Month(2023, 5))
    assert [u.kind for u in roster] == ["town"] * 7 + ["department"] * 20
    assert (roster[0].name, roster[7].name, roster[-1].name) == ("城关镇", "县乡村振兴局", "县产业办")
    assert roster[6].code == "610328107"


ELLIPSIS = "或它前面的格式有误：请核对引号、方括号和等号，同一项不能写两次"
# What is changed to what, and the sentence: key, fault, the text in question.
MISTAKES = [
    ('name = "千阳县"', 'nome = "千阳县"', '的 county.nome：不是可用的配置项，请核对拼写（现为 "千阳县"）'),
    ('name = "千阳县"', 'name = 千阳县', '第3行（name = 千阳县）⋯'),
    ('name = "千阳县"', 'name = 3', '的 county.name：应为带引号的文字（现为 3）'),
    ('name = "千阳县"', 'name = ["千阳县"]', '的 county.name：应为带引号的文字（现为 ["千阳县"]）'),
    ('name = "千阳县"', 'name = ""', '的 county.name：不能为空（现为 ""）'),
    ('name = "千阳县"', 'name = " \u3000"', '的 county.name：不能为空（现为 " \u3000"）'),
    ('name = "千阳县"', 'name = "千阳\\n县"', '的 county.name：不能含有换行、制表符等看不见的字符（现为 "千阳\\n县"）'),
    ('name = "千阳县"', 'name = "长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长"', '的 county.name：不能超过60个字（现为 "长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长…）'),
    ('office = "千阳县专班"\n', '', '的 county.office：缺少这一项'),
    ('office = "千阳县专班"', 'office = true', '的 county.office：应为带引号的文字（现为 true）'),
    ('office = "千阳县专班"', 'office = "千阳县专班', '第4行（office = "千阳县专班）⋯'),
    ('office = "千阳县专班"', 'office = "a"\noffice = "b"', '第5行（office = "b"）⋯'),
    ('body_established = true', 'body_established = "是"', '的 county.body_established：应为 true 或 false（现为 "是"）'),
    ('body_established = true', 'body_established = 1', '的 county.body_established：应为 true 或 false（现为 1）'),
    ('body_established = true', 'body_established = 是', '第5行（body_established = 是）⋯'),
    ('[county]', '[county', '第2行（[county）⋯'),
    ('[county]', '[ county2 ]', '的 county2：不是可用的配置项，请核对拼写'),
    ('[county]', '[[county]]', '的 county：应为一个小节，即方括号中的名称和它下面的各项（现为 [{"name": "千阳县", "office": "千阳县专班", "bod…）'),
    ('[county]', 'county = 1\n[x]', '的 x：不是可用的配置项，请核对拼写'),
    ('[campaign]', '[campain]', '的 campain：不是可用的配置项，请核对拼写'),
    ('[campaign]', '[[campaign]]', '的 campaign：应为一个小节，即方括号中的名称和它下面的各项（现为 [{"title": "乡村振兴领域专项整治", "first_period":…）'),
    ('title = "乡村振兴领域专项整治"\n', '', '的 campaign.title：缺少这一项'),
    ('title = "乡村振兴领域专项整治"', 'title = 2023', '的 campaign.title：应为带引号的文字（现为 2023）'),
    ('first_period = "2023-02"', 'first_period = "2023-2"', '的 campaign.first_period：应为带引号的年月，如 "2023-05"（现为 "2023-2"）'),
    ('first_period = "2023-02"', 'first_period = 202302', '的 campaign.first_period：应为带引号的年月，如 "2023-05"（现为 202302）'),
    ('first_period = "2023-02"', 'first_period = 2023-02-01', '的 campaign.first_period：应为带引号的年月，如 "2023-05"（现为 2023-02-01）'),
    ('first_period = "2023-02"', 'first_period = "2023年2月"', '的 campaign.first_period：应为带引号的年月，如 "2023-05"（现为 "2023年2月"）'),
    ('first_period = "2023-02"', 'first_period = "2023-13"', '的 campaign.first_period：应为带引号的年月，如 "2023-05"（现为 "2023-13"）'),
    ('first_period = "2023-02"', 'first_period = "２０２３-02"', '的 campaign.first_period：应为带引号的年月，如 "2023-05"（现为 "２０２３-02"）'),
    ('first_period = "2023-02"\n', '', '的 campaign.first_period：缺少这一项'),
    ('first_due_period = "2023-03"', 'first_due_period = "2023-01"', '的 campaign.first_due_period：first_due_period（2023-01）早于 first_period（2023-02）'),
    ('first_due_period = "2023-03"', 'first_due_period = "2024-01"', '的 campaign.first_due_period：first_due_period（2024-01）晚于 last_period（2023-12）'),
    ('first_due_period = "2023-03"', 'first_due_periode = "2023-03"', '的 campaign.first_due_periode：不是可用的配置项，请核对拼写（现为 "2023-03"）'),
    ('last_period = "2023-12"', 'last_period = "2023-01"', '的 campaign.last_period：last_period（2023-01）早于 first_period（2023-02）'),
    ('last_period = "2023-12"', 'last_period = false', '的 campaign.last_period：应为带引号的年月，如 "2023-05"（现为 false）'),
    ('mobilised_period = "2023-03"', 'mobilised_period = "三月"', '的 campaign.mobilised_period：应为带引号的年月，如 "2023-05"（现为 "三月"）'),
    ('counting = "monthly"', 'counting = "cumulative"', '的 campaign.counting：只能是 "monthly"（现为 "cumulative"）'),
    ('counting = "monthly"', 'counting = "Monthly"', '的 campaign.counting：只能是 "monthly"（现为 "Monthly"）'),
    ('counting = "monthly"\n', '', '的 campaign.counting：缺少这一项'),
    ('due_day = 25', 'due_day = 32', '的 campaign.due_day：应在1至31之间（现为 32）'),
    ('due_day = 25', 'due_day = 0', '的 campaign.due_day：应在1至31之间（现为 0）'),
    ('due_day = 25', 'due_day = -1', '的 campaign.due_day：应在1至31之间（现为 -1）'),
    ('due_day = 25', 'due_day = "25"', '的 campaign.due_day：应为整数（现为 "25"）'),
    ('due_day = 25', 'due_day = 25.0', '的 campaign.due_day：应为整数（现为 25.0）'),
    ('due_day = 25', 'due_day = true', '的 campaign.due_day：应为整数（现为 true）'),
    ('due_day = 25\n', '', '的 campaign.due_day：缺少这一项'),
    ('due_day = 25', 'due_day = 25号', '第13行（due_day = 25号）⋯'),
    ('due_day = 25', 'due_day 25', '第13行（due_day 25）⋯'),
    ('contacts_due = "2023-03-31"', 'contacts_due = "2023-02-30"', '的 campaign.contacts_due：应为日期，如 "2023-03-31"（现为 "2023-02-30"）'),
    ('contacts_due = "2023-03-31"', 'contacts_due = 2023-03-31T08:00:00', '的 campaign.contacts_due：应为日期，如 "2023-03-31"（现为 2023-03-31T08:00:00）'),
    ('contacts_due = "2023-03-31"', 'contacts_due = "3月31日"', '的 campaign.contacts_due：应为日期，如 "2023-03-31"（现为 "3月31日"）'),
    ('contacts_due = "2023-03-31"', 'contacts_due = 20230331', '的 campaign.contacts_due：应为日期，如 "2023-03-31"（现为 20230331）'),
    ('[campaign]', '[report]\nphones = "some"\n[campaign]', '的 report.phones：只能是 "masked"、"full" 或 "omit"（现为 "some"）'),
    ('[campaign]', '[report]\nphones = false\n[campaign]', '的 report.phones：只能是 "masked"、"full" 或 "omit"（现为 false）'),
    ('[campaign]', '[report]\nphone = "full"\n[campaign]', '的 report.phone：不是可用的配置项，请核对拼写（现为 "full"）'),
    ('[campaign]', 'report = "full"\n[campaign]', '的 county.report：不是可用的配置项，请核对拼写（现为 "full"）'),
    ('kind = "town"', 'kind = "village"', '的 units[1].kind：只能是 "town"、"department" 或 "county"（现为 "village"）'),
    ('kind = "town"', 'kind = ["town"]', '的 units[1].kind：只能是 "town"、"department" 或 "county"（现为 ["town"]）'),
    ('kind = "town"\n', '', '的 units[1].kind：缺少这一项'),
    ('kind = "town"', 'kind = "town"\nalias = ["城关"]', '的 units[1].alias：不是可用的配置项，请核对拼写（现为 ["城关"]）'),
    ('name = "城关镇"\n', '', '的 units[1].name：缺少这一项'),
    ('name = "张家塬镇"', 'name = "城关镇"', '的 units[2].name：“城关镇”同时是 units[1] 和 units[2] 的名称或别名'),
    ('name = "张家塬镇"', 'name = "城 关 镇"', '的 units[2].name：“城关镇”同时是 units[1] 和 units[2] 的名称或别名'),
    ('name = "张家塬镇"', 'name = "合计"', '的 units[2].name：“合计”是合计行的名称，不能作单位的名称或别名'),
    ('name = "县住建局"', 'name = "县住建局"\naliases = ["城关镇"]', '的 units[3].aliases：“城关镇”同时是 units[1] 和 units[3] 的名称或别名'),
    ('name = "县住建局"', 'name = "县住建局"\naliases = "住建局"', '的 units[3].aliases：应为方括号中的列表（现为 "住建局"）'),
    ('name = "县住建局"', 'name = "县住建局"\naliases = ["住建局", 5]', '的 units[3].aliases[2]：应为带引号的文字（现为 5）'),
    ('name = "县住建局"', 'name = "县住建局"\naliases = [""]', '的 units[3].aliases[1]：不能为空（现为 ""）'),
    ('name = "县住建局"', 'name = "县住建局"\naliases = ["部门小计"]', '的 units[3].aliases：“部门小计”是合计行的名称，不能作单位的名称或别名'),
    ('name = "县住建局"', 'name = "县住建局"\naliases = ["住建局" "建设局"]', '第23行（aliases = ["住建局" "建设局"]）⋯'),
    ('name = "县住建局"', 'name = "县住建局"\ncode = 610328', '的 units[3].code：应为带引号的文字（现为 610328）'),
    ('name = "县住建局"', 'name = "县住建局"\nsince = "2023-5"', '的 units[3].since：应为带引号的年月，如 "2023-05"（现为 "2023-5"）'),
    ('name = "县住建局"', 'name = "县住建局"\nuntil = 2023', '的 units[3].until：应为带引号的年月，如 "2023-05"（现为 2023）'),
    ('name = "县住建局"', 'name = "县住建局"\nsince = "2023-05"\nuntil = "2023-04"', '的 units[3].until：“县住建局”的 until（2023-04）早于 since（2023-05）'),
    ('name = "县住建局"', 'name = "县住建局"\n{坏} = 1', '第23行（{坏} = 1）⋯'),
    ('name = "县住建局"', 'name = "县住建局"\nname = "住建局"', '第23行（name = "住建局"）⋯'),
]  # fmt: skip


MISTAKES += [
    ('name = "张家塬镇"', 'name = "张家/塬镇"', '的 units[2].name：用来给文件起名，不能含有 \\ / : * ? " < > |，也不能以句点开头或结尾（现为 "张家/塬镇"）'),
    ('name = "张家塬镇"', 'name = "张家塬镇."', '的 units[2].name：用来给文件起名，不能含有 \\ / : * ? " < > |，也不能以句点开头或结尾（现为 "张家塬镇."）'),
    ('name = "城关镇"\nkind = "town"\n[[units]]\nname = "张家塬镇"', 'name = "A局"\nkind = "town"\n[[units]]\nname = "a局"', "的 units[2].name：“a局”同时是 units[1] 和 units[2] 的名称或别名"),
]  # fmt: skip


def test_there_are_fifty_kinds_of_mistake():
    assert len({message for *_, message in MISTAKES}) >= 50


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES)
def test_a_mistake_is_one_sentence_that_names_it(tmp_path, old, new, message):
    assert old in SMALL
    path = tmp_path / "county.toml"
    path.write_text(SMALL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError) as failed:
        load(path)
    message = message.replace("⋯", ELLIPSIS) if "⋯" in message else message.replace("：", " 有误：", 1)
    assert str(failed.value) == f"配置文件 {path} {message}。"


def test_a_mistake_ends_the_run_with_2_before_anything_is_written(tmp_path):
    (tmp_path / "inbox").mkdir()
    (tmp_path / "county.toml").write_text(SMALL.replace("due_day = 25", "due_day = 32"), encoding="utf-8")
    at = ["--inbox", str(tmp_path / "inbox"), "--county", str(tmp_path / "county.toml")]
    for command in (["consolidate", *at], ["phone-entry", "城关镇", "2023-05", *at], ["forms", *at[2:]]):
        out = [] if command[0] == "phone-entry" else ["--outbox", str(tmp_path / "outbox")]
        done = CliRunner().invoke(main, [*command, *out])
        message = f"配置文件 {tmp_path / 'county.toml'} 的 campaign.due_day 有误：应在1至31之间（现为 32）。\n"
        assert (done.exit_code, done.output) == (2, message)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["county.toml", "inbox"]


def test_missing_unreadable_and_empty_files(tmp_path):
    (tmp_path / "gbk.toml").write_bytes("# 配置".encode("gbk"))
    (tmp_path / "empty.toml").write_text("")
    (tmp_path / "utf16.toml").write_text(SMALL, encoding="utf-16")
    for name, message in (
        ("no.toml", "找不到"),
        ("gbk.toml", "UTF-8"),
        ("empty.toml", "county"),
        (".", "打不开"),
        ("utf16.toml", "UTF-8"),
    ):
        with pytest.raises(ConfigurationError, match=message):
            load(tmp_path / name)


def test_one_alias_may_serve_two_units_in_different_months():
    units = [
        {"name": "旧局", "kind": "department", "aliases": ["某局"], "until": "2023-05"},
        {"name": "新局", "kind": "department", "aliases": ["某局"], "since": "2023-06"},
    ]
    assert [u.name for u in a_county(units).roster(Month(2023, 6))] == ["新局"]


def test_the_due_day_and_short_months():
    county = a_county(due_day=31)
    assert county.due(Month(2023, 5)) == dt.date(2023, 6, 30)
    assert county.due(Month(2023, 12)) == dt.date(2024, 1, 31)

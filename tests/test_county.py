"""Mistakes in the configuration: one sentence with the key's path and the text in question."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.county import load
from pipeline.errors import ConfigurationError
from pipeline.model import Month
from tests.builders import a_county
from tests.inboxes import SMALL


def test_the_real_roster():
    county = load(Path("schemas/county.toml"))
    roster = county.roster(Month(2023, 5))
    assert [u.kind for u in roster] == ["town"] * 7 + ["department"] * 20
    assert (roster[0].name, roster[7].name, roster[-1].name) == ("城关镇", "县乡村振兴局", "县产业办")
    assert roster[6].code == "610328107"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "千阳县"', 'nome = "千阳县"', "county.nome"),
        ('kind = "town"', 'kind = "village"', "units[1].kind"),
        ('first_period = "2023-02"', 'first_period = "2023-2"', "campaign.first_period"),
        ('first_period = "2023-02"', "first_period = 202302", "202302"),
        ('counting = "monthly"', 'counting = "cumulative"', "cumulative"),
        ("due_day = 25", "due_day = 32", "32"),
        ("due_day = 25", 'due_day = "25"', "campaign.due_day"),
        ("due_day = 25", "", "campaign.due_day"),
        ('contacts_due = "2023-03-31"', 'contacts_due = "2023-02-30"', "2023-02-30"),
        ('last_period = "2023-12"', 'last_period = "2023-01"', "last_period（2023-01）"),
        ('first_due_period = "2023-03"', 'first_due_period = "2023-01"', "first_due_period（2023-01）"),
        ('name = "张家塬镇"', 'name = "城关镇"', "“城关镇”同时是 units[1] 和 units[2]"),
        ('name = "县住建局"', 'name = "县住建局"\naliases = ["城关镇"]', "units[3]"),
        ('name = "县住建局"', 'name = "县住建局"\naliases = "城关镇"', "units[3].aliases"),
        ('name = "县住建局"', 'name = "县住建局"\nsince = "2023-05"\nuntil = "2023-04"', "早于 since"),
        ('name = "县住建局"', 'name = " "', "units[3].name"),
        ("[county]", "[county", "格式有误"),
        ("body_established = true", 'body_established = "是"', "county.body_established"),
        ("[campaign]", "[report]\nphones = \"some\"\n[campaign]", "report.phones"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence_that_names_it(tmp_path, old, new, told):
    assert old in SMALL
    path = tmp_path / "county.toml"
    path.write_text(SMALL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError) as failed:
        load(path)
    assert told in str(failed.value)
    assert str(failed.value).endswith("。")
    assert "\n" not in str(failed.value)


def test_missing_unreadable_and_empty_files(tmp_path):
    (tmp_path / "gbk.toml").write_bytes("# 配置".encode("gbk"))
    (tmp_path / "empty.toml").write_text("")
    for name, told in (("no.toml", "找不到"), ("gbk.toml", "UTF-8"), ("empty.toml", "county"), (".", "打不开")):
        with pytest.raises(ConfigurationError, match=told):
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

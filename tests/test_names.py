"""Who a name means: exactly, by alias, or with the words of office stripped. Never by guess."""

from __future__ import annotations

import pytest

from pipeline.model import Month
from pipeline.read.returns.names import Names
from tests.builders import MAY, a_county

NAMES = Names(a_county())


@pytest.mark.parametrize(
    "text",
    [
        "城关镇",
        "城关镇人民政府",
        "千阳县城关镇",
        "中共城关镇委员会",
        "城关镇（盖章）",
        "城 关 镇",
        "中共千阳县城关镇委员会",
        "城关镇党委（公章）",
    ],
)
def test_ways_of_writing_a_town(text):
    assert NAMES.one(text, MAY).name == "城关镇"


@pytest.mark.parametrize(
    ("text", "unit"),
    [("农业农村局", "县农业农村局"), ("千阳县农业农村局", "县农业农村局"), ("住房和城乡建设局", "县住建局"), ("千阳县住建局（盖章）", "县住建局")]
    + [("县乡村振兴局", "县乡村振兴局"), ("乡村振兴局", "县乡村振兴局")],
)  # fmt: skip
def test_ways_of_writing_a_department(text, unit):
    assert NAMES.one(text, MAY).name == unit


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("张家源镇", "张家塬镇"),
        ("城关镇乡村振兴办", "城关镇"),
        ("县公安局", ""),
        ("县人民政府", ""),
        ("千阳县", ""),
        ("", ""),
    ],
)
def test_a_near_miss_is_nobody_but_tells_whom_it_may_mean(text, likely):
    assert NAMES.one(text, MAY) is None
    assert NAMES.likely(text) == likely


@pytest.mark.parametrize(
    ("name", "units"),
    [("城关镇附件1最终版2", ["城关镇"]), ("附件1：统计表（城关镇）", ["城关镇"]), ("附件1 - 副本(1)", []), ("城关镇乡村振兴办附件1", [])]
    + [("城关镇、张家塬镇", ["城关镇", "张家塬镇"]), ("千阳县农业农村局5月报表", ["县农业农村局"]), ("乡村振兴领域统计表", [])]
    + [("宝鸡市住建局", []), ("城关镇中学", []), ("凤翔县住建局附件1", []), ("凤翔县城关镇", []), ("关于报送县住建局的表", ["县住建局"])],
)  # fmt: skip
def test_units_in_a_file_name(name, units):
    assert [u[0].name for u in NAMES.inside(name)] == units


def test_an_alias_passes_from_one_unit_to_the_next_when_offices_merge():
    county = a_county(
        [
            {"name": "县扶贫办", "kind": "department", "aliases": ["振兴局"], "until": "2023-05"},
            {"name": "县振兴中心", "kind": "department", "aliases": ["振兴局"], "since": "2023-06"},
        ]
    )
    names = Names(county)
    assert [names.one("振兴局", Month(2023, m)).name for m in (5, 6)] == ["县扶贫办", "县振兴中心"]


def test_a_county_of_two_letters_is_never_named_by_one():
    county = a_county()
    short = county.model_copy(update={"county": county.county.model_copy(update={"name": "辉县"})})
    assert [Names(short).one(text, MAY) is not None for text in ("辉县城关镇", "辉城关镇")] == [True, False]
    assert NAMES.one("千阳城关镇", MAY).name == "城关镇"


def test_a_name_outside_its_months_means_the_only_unit_that_ever_bore_it():
    town, office = {"name": "城关镇", "kind": "town"}, {"name": "县农业局", "kind": "department", "since": "2023-06"}
    names = Names(a_county([town, office]))
    assert names.one("县农业局", MAY).name == "县农业局"
    before, after = office | {"name": "县农业局（筹）", "until": "2023-03", "since": None}, office
    both = [town, {**before, "aliases": ["农业局"]}, {**after, "aliases": ["农业局"]}]
    names = Names(a_county([{k: v for k, v in unit.items() if v is not None} for unit in both]))
    assert names.one("农业局", MAY) is None
    assert names.one("农业局", Month(2023, 3)).name == "县农业局（筹）"
    assert names.one("农业局", Month(2023, 6)).name == "县农业局"
    assert names.one("农业局", None) is None


LEFT = Names(
    a_county(
        [
            {"name": "张家塬镇", "kind": "town", "until": "2023-04", "aliases": ["张塬"]},
            {"name": "县住建局", "kind": "department"},
        ]
    )
)


@pytest.mark.parametrize(("month", "likely"), [(Month(2023, 4), "张家塬镇"), (MAY, ""), (None, "张家塬镇")])
def test_a_near_miss_is_like_a_unit_that_reports_in_that_month(month, likely):
    assert LEFT.likely("张家源镇", month) == likely


def test_a_unit_of_an_earlier_paper_has_the_rosters_name_and_another_keeps_its_own():
    assert LEFT.called_now("张塬", Month(2023, 4)) == "张家塬镇"
    assert LEFT.called_now("某某镇", Month(2023, 4)) == "某某镇"

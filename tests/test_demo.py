"""The made-up months stay in their folder, and the README's pictures show them as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import demo
from tests.pictures import FOLDER, MADE_FROM, fingerprint
from tests.readme import README

pytestmark = pytest.mark.slow

REAL = ("inbox", "outbox")


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    before = {p for folder in REAL for p in Path(folder).rglob("*")}
    made = demo.make(tmp_path_factory.mktemp("demo") / "演示")
    assert {p for folder in REAL for p in Path(folder).rglob("*")} == before
    return made


def test_the_demo_shows_every_kind_of_outcome(done):
    last = done[-1].month
    assert [d.month.month.zh for d in done] == ["2023年3月", "2023年4月", "2023年5月"]
    assert {f.grade for f in last.findings} == {"强制性", "核实性", "提示性"}
    assert {f.status for f in last.findings} == {"待处理", "已说明", "已核实"}
    assert {r.status for r in last.rows} == {"按时", "迟报", "有误", "未报"}
    assert last.corrections
    assert done[-1].slips


def test_the_city_adds_up_its_counties_and_finds_the_figure_that_was_changed(done, tmp_path):
    city = demo.make_city(tmp_path, done[-1])
    assert [(r.unit, r.filed is not None) for r in city.month.rows] == [
        ("千阳县", True),
        ("陇县", True),
        ("麟游县", True),
    ]
    (line,) = [f for f in city.month.findings if f.rule == "LADDER-1"]
    assert (line.unit, line.labels) == ("陇县", ("报纸期刊宣传",))
    theirs = {f"千阳县 › {f.unit}" for f in done[-1].month.sent_up if f.status != "已销号"}
    assert theirs == {f.unit for f in city.month.findings if f.unit.startswith("千阳县 › ")}
    assert [path.name for path in city.slips] == ["陇县_陇县报.xlsx"]


def test_the_pictures_are_current(done):
    assert MADE_FROM.read_text(encoding="utf-8").strip() == fingerprint(done), "run `make pictures`"


def test_every_picture_of_the_readme_is_there():
    text = README.read_text(encoding="utf-8")
    for path in FOLDER.iterdir():
        if path.suffix in (".png", ".svg"):
            assert f"(tests/pictures/{path.name})" in text

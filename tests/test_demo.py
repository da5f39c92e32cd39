"""The made-up months stay in their folder, and the README's pictures show them as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import demo
from tests.pictures import FOLDER, MADE_FROM, fingerprint
from tests.readme import README

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


def test_the_pictures_are_current(done):
    assert MADE_FROM.read_text(encoding="utf-8").strip() == fingerprint(done), "run `make pictures`"


def test_every_picture_of_the_readme_is_there():
    text = README.read_text(encoding="utf-8")
    for path in FOLDER.iterdir():
        if path.suffix in (".png", ".svg"):
            assert f"(tests/pictures/{path.name})" in text

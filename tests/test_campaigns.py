"""Another campaign is another schemas/: nothing else is touched, and everything works."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.projects import ROOT, a_copy, said

OURS = ("deployment", "institutions", "petitions", "publicity", "results", "supervision")
_BLOCK = re.compile(r"^ +`(schemas/[a-z_]+\.(?:py|toml))`\n\n +```[a-z]+\n(.*?)^ +```$", re.M | re.S)


def with_schemas(project: Path, files: dict[str, str]) -> Path:
    """The project with those files in place of the groups it has."""
    for name in OURS:
        (project / "schemas" / f"{name}.py").unlink()
    for name, text in files.items():
        (project / name).write_text(text, encoding="utf-8")
    return project


Filed = dict[str, object]


def carried_out(project: Path, before: Filed, right: Filed, wrong: dict[str, Filed]) -> dict[str, object]:
    script = (
        "import json; from tests.campaign import carried_out\n"
        f"print(json.dumps(carried_out({before!r}, {right!r}, {wrong!r}), ensure_ascii=False))"
    )
    return json.loads(said(project, script)[-1])


# -- the worked example -----------------------------------------------------------------------------------------------

RIGHT = {
    "sites_checked": 8, "hazards_found": 6, "hazards_fixed": 5,
    "plan_made": "是", "sessions": 2, "people": 60, "officers": 4,
}  # fmt: skip


def worked_example() -> dict[str, str]:
    """The files that schemas/README.md tells to write."""
    text = (ROOT / "schemas" / "README.md").read_text(encoding="utf-8")
    return {name: re.sub(r"^   ", "", block, flags=re.M) for name, block in _BLOCK.findall(text)}


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    project = with_schemas(a_copy(tmp_path_factory.mktemp("campaign")), worked_example())
    wrong = {
        "南寨镇": {"hazards_fixed": 9, "people": 0},
        "县应急局": {"sessions": "两三场", "plan_made": "未定"},
    }
    return carried_out(project, RIGHT | {"sessions": 3, "officers": 5}, RIGHT, wrong)


def test_the_readme_says_every_file_to_write():
    assert list(worked_example()) == [
        f"schemas/{name}" for name in ("hazards.py", "training.py", "__init__.py", "county.toml")
    ]


def test_another_campaign_is_read_checked_and_added_up(example):
    assert example["names"] == [
        "千阳县安全生产领域专项整治隐患排查整治情况汇总表（2024年4月）.xlsx",
        "内部工作台账（2024年4月）.xlsx",
    ]
    assert example["lines"] == [
        ["TRA-1", "县应急局", "是否制定方案"],
        ["CELL-2", "县应急局", "培训场次"],
        ["HIST-1", "南寨镇", "完成整改", "发现隐患"],
        ["TRA-3", "南寨镇", "培训场次", "参训人次"],
    ]
    sums = {row[1] or row[0]: row[2:9] for row in example["summary"]}
    assert sums["南寨镇"] == [8, 6, 9, "是", 2, 0, 4]
    assert sums["县应急局"] == [8, 6, 5, None, None, 60, 4]
    assert sums["合计"] == [24, 18, 19, "2/3", 4, 120, 12]
    assert example["own"] == [24, 18, 19, "是", 4, 120, 12]


def test_its_year_adds_up_what_happened_and_shows_how_things_stand(example):
    year = {row[1] or row[0]: row[2:9] for row in reversed(example["year"])}  # the first of a name counts
    assert year["城关镇"] == [16, 12, 10, "是", 5, 120, 4]
    assert year["2024年3月"] == [24, 18, 15, "3/3", 9, 180, 15]
    assert year["各月累计"] == [48, 36, 34, None, 13, 300, None]
    assert year["合计"] == [48, 36, 34, "3/3", 13, 300, 12]


def test_its_slips_are_coloured_and_put_right(example):
    assert {name.partition("_")[0]: cells for name, cells in example["slips"].items()} == {
        "南寨镇": ["B6", "C6", "E6", "F6"],
        "县应急局": ["D6", "E6"],
    }
    assert {rule for rule, *_ in example["in the end"]} == {"FILE-5"}
    assert example["outcomes"] == ["往期", "被替代", "采用"]


# -- forty columns ----------------------------------------------------------------------------------------------------

GROUPS = ("first", "second", "third", "fourth")
FORTY = {f"c{n}": n % 7 + n // 2 for n in range(1, 41)}


def forty_columns() -> dict[str, str]:
    """Schemas of four groups of ten columns, with the county of the worked example."""
    files = {}
    for i, name in enumerate(GROUPS):
        counts = (
            f'    count("c{n}", "第{n}项工作", "次", "当月第{n}项工作"),\n' for n in range(10 * i + 1, 10 * i + 11)
        )
        relation = f'    at_most("c{10 * i + 9}", "c{10 * i + 10}", rule="ROW-{i + 1}"),\n'
        group = f'GROUP = group(\n    "{name}", "第{i + 1}组情况",\n{"".join(counts)}{relation})\n'
        files[f"schemas/{name}.py"] = f"from schemas.vocabulary import at_most, count, group\n\n{group}"
    imports = "".join(f"from schemas.{name} import GROUP as {name.upper()}\n" for name in GROUPS)
    form = (
        f'Form(annex="附件7", title="工作月报表", summary="工作汇总表", groups=({", ".join(map(str.upper, GROUPS))}))'
    )
    files["schemas/__init__.py"] = f"from schemas.form import Form, Forms\n{imports}\nFORMS = Forms({form})\n"
    county = worked_example()["schemas/county.toml"].replace("plan_made = true\n", "")
    return files | {"schemas/county.toml": county}


@pytest.fixture(scope="module")
def forty(tmp_path_factory):
    project = with_schemas(a_copy(tmp_path_factory.mktemp("forty")), forty_columns())
    return carried_out(project, FORTY | {"c1": 2}, FORTY, {"南寨镇": {"c39": 50}, "县应急局": {"c30": "约五"}})


@pytest.mark.slow
def test_forty_columns_are_read_checked_and_added_up(forty):
    assert forty["lines"] == [
        ["CELL-2", "县应急局", "第30项工作"],
        ["ROW-4", "南寨镇", "第39项工作", "第40项工作"],
    ]
    sums = [3 * n for n in FORTY.values()]
    sums[29] -= FORTY["c30"]
    sums[38] += 50 - FORTY["c39"]
    assert next(row for row in forty["summary"] if row[0] == "合计")[2:42] == forty["own"] == sums
    assert {name.partition("_")[0]: cells for name, cells in forty["slips"].items()} == {
        "南寨镇": ["AM6", "AN6"],
        "县应急局": ["AD6"],
    }
    assert {"AO7", "AP7", "AF9"} <= set(forty["coloured"])
    assert {rule for rule, *_ in forty["in the end"]} == {"FILE-5"}


@pytest.mark.slow
def test_forty_columns_take_several_pages_that_can_be_read(forty):
    for sheet, first in (("汇总表", 2), ("累计与趋势", 2), ("附件7", 0)):
        how = forty["printed"][sheet]
        assert how["breaks"] == [first + 20]
        assert how["repeated"] == ("$A:$B" if first else None)
        assert how["scale"] * 10.5 / 100 >= 8


def test_a_printed_row_of_forty_numbers_is_no_return(tmp_path):
    project = with_schemas(a_copy(tmp_path), forty_columns())
    script = """
from pathlib import Path
from pipeline.county import load
from tests.builders import FORM, annex1, figures_of, read_one
county = load(Path("schemas/county.toml"))
filed = read_one(annex1("城关镇", "2024年4月", rows=[list(range(1, 41)), [7] * 40]), county=county)
print(filed.row_fault, set(figures_of(filed).values()))
"""
    assert said(project, script) == [" {7}"]

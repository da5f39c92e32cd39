"""A 20th column with a relation is one edit in one file, also in the middle of the campaign: everything follows the month."""

from __future__ import annotations

import json

import pytest

from tests.projects import a_copy, edit, said

COLUMN = '    count("households", "惠及户数", "户", "当月公布项目惠及的户数"{dated}),\n'
RELATION = '    at_most("projects", "households", rule="RES-3"),\n'
BEFORE = '    count("projects", "项目", "个",'


def with_a_column(project, dated=""):
    """The project with a column in the middle of a group, and a relation of it."""
    results = project / "schemas" / "results.py"
    edit(results, BEFORE, COLUMN.format(dated=dated) + BEFORE)
    edit(
        results,
        '    at_most("batches", "projects", rule="RES-2"),\n',
        f'{RELATION}    at_most("batches", "projects", rule="RES-2"),\n',
    )
    return project


SCRIPT = """
from pathlib import Path
import openpyxl
from pipeline.run import Job, run
from tests.builders import FORM, MAY, TODAY, annex1, cell_of, drop, figures_in, xlsx
from tests.inboxes import SMALL

inbox = Path("in")
Path("county.toml").write_text(SMALL, encoding="utf-8")
drop(inbox, "a.xlsx", xlsx(annex1("城关镇", households="12户")))
drop(inbox, "b.xlsx", xlsx(annex1("县住建局", households=4)))
drop(inbox, "c.xlsx", xlsx(annex1("县财政局", order=[k for k in FORM.keys if k != "households"])))
done = run(Job(inbox, Path("out"), Path("county.toml"), TODAY, MAY))
sheet = openpyxl.load_workbook(done.files[0], data_only=True)["汇总表"]
rows = {r[1] or r[0]: figures_in(r, ["households"])[0] for r in sheet.iter_rows(min_row=5, values_only=True)}
print("".join(rows[None].split()).partition("(")[0], rows["城关镇"], rows["县住建局"], rows["县财政局"], rows["合计"])
for f in done.month.findings:
    if f.keys:
        print(f.rule, f.unit, *f.labels, f.cells == tuple(map(cell_of, f.keys)))
"""


def test_a_20th_column_is_one_edit(tmp_path):
    project = with_a_column(a_copy(tmp_path))
    assert said(project, SCRIPT) == [
        "惠及户数 12 4 None 16",
        "FORM-1 县财政局 惠及户数 False",
        "RES-3 县住建局 项目 惠及户数 True",
        "CELL-3 城关镇 惠及户数 True",
    ]


# -- a column that comes in the middle of the campaign ----------------------------------------------------------------


@pytest.fixture(scope="module")
def histories(tmp_path_factory):
    """The same spring in a project whose form never changes, and in one with a column more from May on."""
    plain = a_copy(tmp_path_factory.mktemp("plain"))
    dated = with_a_column(a_copy(tmp_path_factory.mktemp("dated")), ', since="2023-05"')
    script = "import json; from tests.dated_history import tell; print(json.dumps(tell(), ensure_ascii=False))"
    return tuple(json.loads(said(project, script)[-1]) for project in (plain, dated))


@pytest.mark.slow
def test_a_column_from_may_on_changes_no_byte_of_the_months_before(histories):
    plain, dated = histories
    months = ("2023-03", "2023-04", "2023-05", "2023-06")
    assert [m for m in months if plain[m] == dated[m]] == ["2023-03", "2023-04"]


@pytest.mark.slow
def test_the_sheets_follow_the_month(histories):
    _, facts = histories
    units = {"城关镇": 12, "张家塬镇": 2, "镇小计": 14, "县住建局": 12, "部门小计": 12, "合计": 26}
    assert [facts["columns"][m] for m in ("2023-03", "2023-04", "2023-05")] == [None, None, units]
    assert facts["own"]["2023-04"] is None
    assert list(facts["own"]["2023-05"].values()) == [26]
    assert facts["traced"] == 3
    assert facts["rules"] == ["2023-05"]  # in which it was broken
    assert facts["checked"] == ["2023-05", "2023-06"]


@pytest.mark.slow
def test_the_year_has_the_columns_of_all_its_months(histories):
    _, facts = histories
    year = {"城关镇": 25, "张家塬镇": 52, "镇小计": 77, "县住建局": 25, "部门小计": 25, "合计": 102}
    months = {"2023年5月": 26, "2023年6月": 76, "各月累计": 102}
    assert (facts["year"], facts["year in april"]) == (year | months, None)


@pytest.mark.slow
def test_a_form_of_another_month_is_one_line_and_counts_as_far_as_it_goes(histories):
    _, facts = histories
    assert facts["lines"] == [
        ["2023-04", "FORM-2", "县财政局"],
        ["2023-05", "FORM-1", "县财政局", "惠及户数"],
        ["2023-05", "RES-3", "张家塬镇", "项目", "惠及户数"],
    ]
    assert facts["slip"] == ["惠及户数"]


@pytest.mark.slow
def test_what_was_sent_up_is_held_against_the_form_of_its_month(histories):
    _, facts = histories
    assert facts["corrections"] == [["2023-04", "press", 1, 5], ["2023-05", "households", 12, 13]]


# -- a column that gets another label ---------------------------------------------------------------------------------

LABELS = """
from tests.builders import annex1, column_of, read_one
for label in ("成员协调会议次数(次)", "协调会议场次(场)"):
    sheet = annex1("城关镇", "2023年4月").put(4, column_of("coordination_meetings"), label)
    print(read_one(sheet).figures["coordination_meetings"].value)
"""


def test_a_column_under_another_label_is_known_by_both(tmp_path):
    project = a_copy(tmp_path)
    old = '    count("coordination_meetings", "成员协调会议次数", "次", "当月工作机构召开的成员协调会议", also=("成员协调会议",)),\n'
    new = old.replace("also=", 'until="2023-04", also=')
    new += '    count("coordination_meetings", "协调会议场次", "场", "当月召开的协调会议", since="2023-05"),\n'
    edit(project / "schemas" / "deployment.py", old, new)
    assert said(project, LABELS) == ["3", "3"]

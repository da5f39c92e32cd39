"""What was written is read again before it takes its place."""

from __future__ import annotations

import pytest

from pipeline import prove, run
from pipeline.errors import ProofError
from pipeline.run import Job
from pipeline.write import own_form, sources, summary, table
from tests.builders import MAY, RECEIVED, TODAY, annex1, cell_of, drop, xlsx
from tests.inboxes import faulty_month


@pytest.fixture
def job(tmp_path):
    inbox = faulty_month(tmp_path)
    return Job(inbox, tmp_path / "outbox", tmp_path / "county.toml", TODAY, MAY)


def one_more(module, name, **about):
    """The function of that module, one too high for the field it is asked about."""
    right = getattr(module, name)

    def wrong(first, key, *rest):
        value = right(first, key, *rest)
        return value + 1 if isinstance(value, int) and key == about["key"] else value

    return wrong


@pytest.mark.parametrize(
    ("module", "name", "cell"),
    [
        (summary, "value_of", f"“汇总表”{cell_of('self_handled', right=2)}（自办）为“5”，按“数据溯源”应为“4”"),
        (sources, "value_of", f"“汇总表”{cell_of('self_handled', right=2)}（自办）为“4”，按“数据溯源”应为“5”"),
        (table, "total_of", f"“汇总表”{cell_of('self_handled', 8, right=2)}（自办）为“9”，按“数据溯源”应为“8”"),
        (own_form, "sum_of", f"“附件1”{cell_of('self_handled')}（自办）为“13”，按“数据溯源”应为“12”"),
    ],
)
def test_a_figure_or_total_that_differs_stops_the_run(job, monkeypatch, module, name, cell):
    wrong = one_more(module, name, key="self_handled")
    monkeypatch.setattr(module, name, wrong)
    with pytest.raises(ProofError) as raised:
        run.run(job)
    assert str(raised.value) == f"写出前核对未通过：{cell}；没有写入任何文件，请把收件夹和本提示交给程序维护人员。"
    assert not job.outbox.exists()


def test_a_figure_without_its_row_stops_the_run(job, monkeypatch):
    right = prove._traced
    monkeypatch.setattr(prove, "_traced", lambda book: [*right(book), ("龙泉镇", "督导检查情况", "督导指导", 3.0)])
    with pytest.raises(ProofError, match="找不到龙泉镇的数字"):
        run.run(job)


@pytest.mark.parametrize("count", [10**15 - 1, 999_999_999_999_998])
def test_figures_as_long_as_a_sheet_can_hold_are_proved(tmp_path, count):
    inbox = faulty_month(tmp_path)
    for unit in ("城关镇", "张家塬镇", "县住建局", "县财政局"):
        drop(inbox, f"{unit}更正.xlsx", xlsx(annex1(unit, press=count, new_media=count)), RECEIVED.replace(day=27))
    done = run.run(Job(inbox, tmp_path / "outbox", tmp_path / "county.toml", TODAY, MAY))
    assert [row.filed.figures["press"].value for row in done.month.rows] == [count] * 4

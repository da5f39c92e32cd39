"""运行记录.txt: enough to explain a run, the same from run to run, and nobody's name in it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from pipeline import version
from pipeline.errors import OutputError
from pipeline.output_marker import RECORD_HEAD
from pipeline.run import Job, run
from pipeline.write.record import record
from tests.builders import MAY, RECEIVED, TODAY, a_county, drop
from tests.inboxes import faulty_month


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    root = tmp_path_factory.mktemp("record")
    faulty_month(root)
    return Job(root / "inbox", root / "outbox", root / "county.toml", TODAY, MAY)


@pytest.fixture(scope="module")
def done(job):
    return run(job)


def sections(text: str) -> dict[str, list[str]]:
    head, *rest = text.split("【")
    return {"": head.splitlines()} | {
        name: body.strip("\r\n").splitlines() for name, _, body in (part.partition("】\r\n") for part in rest)
    }


def test_it_tells_what_was_read_chosen_and_written(job, done):
    record = sections(done.record.read_bytes().decode("utf-8-sig"))
    assert record[""][0] == RECORD_HEAD
    assert list(record) == ["", "程序", "配置", "收件夹", "已上报", "差异", "写出"]
    assert record["程序"][:2] == [f"  版本：{version.version()}", f"  源程序 SHA-256：{version.sources()}"]
    # The same text counts as the same configuration, whatever its line ends.
    configured = hashlib.sha256(job.county.read_text(encoding="utf-8").encode()).hexdigest()
    assert record["配置"] == [
        f"  县配置 SHA-256：{configured}",
        "  统计时间：2023年5月（不指定月份时取2023年5月：今天的上一个月）",
        "  汇总日期：2023年6月28日",
        "  应报单位：4个，报送截止：2023年6月25日",
    ]
    assert record["收件夹"][0] == "  9个文件，登记9行：采用6，忽略1，非报表1，未采用1"
    sha = hashlib.sha256((job.inbox / "城关镇附件1.xlsx").read_bytes()).hexdigest()
    assert f"  {sha}  采用（附件1 城关镇 2023年5月）  城关镇附件1.xlsx" in record["收件夹"]
    assert len(record["收件夹"]) == 1 + 9
    assert "  PET-1 强制性：待处理1" in record["差异"]
    written = {p.relative_to(done.record.parent).as_posix(): p.read_bytes() for p in (*done.files, *done.slips)}
    assert record["写出"] == [
        f"  {hashlib.sha256(written[n]).hexdigest()}  {n}" for n in sorted(written, key=_as_listed)
    ]


def _as_listed(name: str) -> int:
    return "汇总表 内部 退回".split().index(next(w for w in ("汇总表", "内部", "退回") if w in name))


def test_a_second_run_changes_nothing_and_a_foreign_text_stays(job, done):
    before = done.record.read_bytes(), done.record.stat().st_mtime_ns
    assert run(job).record.stat().st_mtime_ns == before[1]
    done.record.write_text("办公室的备忘", encoding="utf-8")
    with pytest.raises(OutputError, match=r"运行记录\.txt”不是本程序生成的文件"):
        run(job)
    done.record.write_bytes(before[0])


def test_copies_sent_up_stand_in_it_and_a_record_in_the_inbox_is_ignored(tmp_path, done):
    faulty_month(tmp_path)
    sent = tmp_path / "outbox" / "2023-05" / "已上报" / "报.xlsx"
    sent.parent.mkdir(parents=True)
    sent.write_bytes(done.files[0].read_bytes())
    drop(tmp_path / "inbox", "运行记录.txt", done.record.read_bytes(), RECEIVED)
    again = run(Job(tmp_path / "inbox", tmp_path / "outbox", tmp_path / "county.toml", TODAY, MAY))
    record = sections(again.record.read_bytes().decode("utf-8-sig"))
    assert record["已上报"] == [f"  {hashlib.sha256(sent.read_bytes()).hexdigest()}  2023年5月  2023-05/已上报/报.xlsx"]
    assert [line.split()[1] for line in record["收件夹"] if line.endswith("运行记录.txt")] == ["忽略"]


def test_a_name_cannot_forge_a_line(done):
    one = done.month.sources[0]
    forged = replace(one, source=replace(one.source, path="a\r\n【写出】\n\x1b[2J.xlsx"), unit="张三")
    text = record(replace(done.month, sources=(forged,)), (MAY, "今天的上一个月"), a_county(), [], {}).decode(
        "utf-8-sig"
    )
    assert text.count("\n【写出】") == 1
    assert "\x1b" not in text
    assert "张三" not in text


def test_the_digest_of_the_sources_follows_every_line_but_no_line_ends(tmp_path, monkeypatch):
    for name, text in (("pyproject.toml", b'version = "9.8"\n'), ("pipeline/a.py", b"1\r\n"), ("schemas/b.py", b"")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text)
    monkeypatch.setattr(version, "_ROOT", tmp_path)
    fresh = version.sources.__wrapped__
    before = fresh()
    assert (version.version(), version.libraries()) == ("9.8", "")
    (tmp_path / "pipeline/a.py").write_bytes(b"1\n")
    assert fresh() == before
    (tmp_path / "pipeline/a.py").write_bytes(b"2\n")
    assert fresh() != before

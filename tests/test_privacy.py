"""Names and phones stand where CONTRACT says, and nowhere else: every byte of every output is looked through."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from openpyxl.comments import Comment

from pipeline.cli import main
from tests.builders import FORM, RECEIVED, annex1, annex2, column_of, drop, xlsx
from tests.inboxes import SMALL

# Nobody's: no mobile number has 0000 behind its first three digits' group.
LISTED, DOUBLED = "13900001111", "13900002222"
SHORT = "1390000333"
FOOTER, REMARK, COMMENTED, LOOSE = "13900004444", "13900005555", "13900006666", "13900007777"
LEADER, LIAISON, OTHER = "欧阳测甲", "司马测乙", "诸葛测丙"
FILLER, CHECKER, NOTED, WRITER = "上官测丁", "夏侯测戊", "东方测己", "皇甫测庚"
NAMES = (LEADER, LIAISON, OTHER, FILLER, CHECKER, NOTED, WRITER)
PHONES = (LISTED, DOUBLED, SHORT, FOOTER, REMARK, COMMENTED, LOOSE)


def with_people(data: bytes) -> bytes:
    """The return with names and phones in every place where units write them: footer, remark, comment, author."""
    book = load_workbook(io.BytesIO(data))
    sheet = book.active
    sheet.cell(8, 1).value = f"填表人：{FILLER}　审核人：{CHECKER}　联系电话：{FOOTER}"
    sheet.cell(6, 5).comment = Comment(f"{NOTED} {COMMENTED}", NOTED)
    book.properties.creator = book.properties.lastModifiedBy = FILLER
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """A whole run over an inbox full of people: where each text of an output stands, and what was printed."""
    root = tmp_path_factory.mktemp("privacy")
    inbox = root / "inbox"
    (root / "county.toml").write_text(SMALL, encoding="utf-8")
    remark = [*annex1().cells.values()][-len(FORM.keys) :]
    one = annex1(after=["备注"], rows=[[*remark, f"联系人{NOTED}{REMARK}"]], petitions_total=99)
    one.cells[5, column_of("petitions_total")] = 99
    drop(inbox, "城关镇附件1.xlsx", with_people(xlsx(one)))
    drop(inbox, "说明.txt", f"{WRITER} {LOOSE}".encode())
    mail = f"From: {WRITER} <{LOOSE}@x.invalid>\nTo: a\nSubject: 附件1\n\n{WRITER} {LOOSE}\n".encode()
    drop(inbox, "a.eml", mail)
    drop(inbox, "张家塬镇.csv", f"单位：张家塬镇\n填表人：{WRITER} {LOOSE}\n".encode())
    drop(inbox, "坏.xlsx", f"PK\x03\x04{WRITER}{LOOSE}".encode())
    town = [("分管领导", LEADER, "副镇长", LISTED), ("业务骨干", LIAISON, "科员", DOUBLED)]
    bureau = [("分管领导", OTHER, "副局长", SHORT), ("业务骨干", LIAISON + "子", "", DOUBLED)]
    drop(inbox, "名单1.xlsx", xlsx(annex2("城关镇", town)), RECEIVED.replace(day=2))
    drop(inbox, "名单2.xlsx", xlsx(annex2("县住建局", bureau)), RECEIVED.replace(day=2))
    at = ["--county", str(root / "county.toml"), "--today", "2023-06-28"]
    done = CliRunner().invoke(main, ["consolidate", "--inbox", str(inbox), "--outbox", str(root / "outbox"), *at])
    assert done.exit_code == 0, done.output
    looked = CliRunner().invoke(main, ["check", *map(str, sorted(inbox.iterdir())), *at])
    assert looked.exit_code == 0, looked.output
    texts = {"打印": done.output, "查看": looked.output}
    for path in sorted((root / "outbox").rglob("*")):
        if path.is_file():
            texts |= {f"{_place(path)}/{part}": text for part, text in parts(path.read_bytes())}
    return texts


def _place(path: Path) -> str:
    return (
        "slip" if path.parent.name == "退回修改" else next(w for w in ("汇总表", "台账", "运行记录") if w in path.name)
    )


def parts(data: bytes) -> list[tuple[str, str]]:
    """Every part of a file as text; sheets by their names, with the texts their cells show."""
    if not data.startswith(b"PK"):
        return [("", data.decode("utf-8-sig"))]
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        found = [(name, z.read(name).decode("utf-8", "replace")) for name in z.namelist()]
    found = [(n, t) for n, t in found if n != "xl/sharedStrings.xml" and "worksheets/sheet" not in n]
    book = load_workbook(io.BytesIO(data))
    for sheet in book:
        cells = (str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None)
        found.append((sheet.title, "\n".join(cells)))
    return found


def where(texts: dict[str, str], what: str) -> set[str]:
    return {place for place, text in texts.items() if what in re.sub(r"(?<=\d)[-\s](?=\d)", "", text)}


def test_the_run_is_one_to_look_at(texts):
    slips = {place for place in texts if place.startswith("slip/")}
    assert {"slip/退回通知", "slip/附件1", "汇总表/联络员名单", "台账/催报电话单", "运行记录/"} <= set(texts)
    assert slips
    assert {"台账/联络员名单", "台账/催报电话单"} <= where(texts, LISTED)
    assert {"汇总表/联络员名单", "台账/联络员名单", "slip/退回通知"} <= where(texts, LIAISON)
    assert "slip/附件1" in where(texts, FOOTER)
    assert "slip/附件1" in where(texts, REMARK)
    assert any("comments" in place for place in where(texts, COMMENTED))
    assert "CON-3" in texts["台账/差异清单"]
    assert "CON-4" in texts["台账/差异清单"]


@pytest.mark.parametrize("phone", PHONES)
def test_a_full_phone_stands_in_the_offices_own_workbook_only(texts, phone):
    lists = {"台账/联络员名单", "台账/催报电话单", "台账/差异清单"}
    # A slip is the unit's own return, footer, remark and comment included: it goes back to whoever wrote them.
    own = (
        {p for p in texts if p.startswith("slip/") and p != "slip/退回通知"}
        if phone in (FOOTER, REMARK, COMMENTED)
        else set()
    )
    assert where(texts, phone) <= (lists if phone in (LISTED, DOUBLED, SHORT) else own)


def test_phones_are_masked_in_what_is_sent_up(texts):
    assert "139****1111" in texts["汇总表/联络员名单"]
    assert where(texts, "139****2222") <= {"汇总表/联络员名单", "汇总表/差异清单"}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stands_in_the_lists_the_calls_and_the_notice_only(texts, name):
    allowed = {"汇总表/联络员名单", "台账/联络员名单", "台账/催报电话单", "slip/退回通知"}
    own = {p for p in texts if p.startswith("slip/") and p != "slip/退回通知"}
    assert where(texts, name) <= (allowed if name in (LEADER, LIAISON, OTHER) else own)


def test_nobody_is_named_on_the_screen_or_in_the_record(texts):
    for place in ("打印", "查看", "运行记录/"):
        assert not [p for p in (*NAMES, *PHONES) if p in texts[place]]


def test_a_fault_of_our_own_tells_where_it_is_and_nothing_of_the_data(tmp_path, monkeypatch):
    def faulty(*args: object) -> None:
        raise ValueError(f"{LEADER} {LISTED}")

    (tmp_path / "inbox").mkdir()
    (tmp_path / "county.toml").write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr("pipeline.run.choose", faulty)
    at = [
        "--inbox",
        str(tmp_path / "inbox"),
        "--outbox",
        str(tmp_path / "o"),
        "--county",
        str(tmp_path / "county.toml"),
    ]
    done = CliRunner().invoke(main, ["consolidate", *at])
    assert done.exit_code == 1
    assert LEADER not in done.output
    assert LISTED not in done.output
    assert re.fullmatch(
        r"程序出错（ValueError，[\w./]+:\d+），没有写坏任何文件；请把收件夹和本提示交给程序维护人员。\n", done.output
    )
    assert not (tmp_path / "o").exists()
    assert sys.exc_info() == (None, None, None)

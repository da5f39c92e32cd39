"""What looks like a phone is masked wherever phones are, whatever field it stands in."""

from __future__ import annotations

import io

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.phones import FULL, MASKED, OMIT, masked, shown
from tests.builders import Sheet, annex1, annex2, drop, xlsx
from tests.inboxes import SMALL
from tests.test_privacy import parts


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("张三13900001111", "张三139****1111"),
        ("139 0000 1111", "139****1111"),
        ("139-0000-1111", "139****1111"),
        ("1390 000 1111", "139****1111"),
        ("1 3 9 0 0 0 0 1 1 1 1", "139****1111"),
        ("１３９００００１１１１", "139****1111"),
        ("139\u200b0000\u200b1111", "139****1111"),
        ("+86 13900001111。", "+861****1111。"),
        ("座机0917-2000111转8", "座机091****0111转8"),
        ("（0917）2000111", "（0917）****0111"),
        ("电话：2000111", "电话：****0111"),
        ("联系人 200011", "联系人 ****11"),
    ],
)
def test_a_phone_in_any_text(text, seen):
    assert masked(text) == seen


@pytest.mark.parametrize(
    "text",
    ["2023年5月", "20230608", "2023-06-08 10:11", "IMG_20230608131415.jpg", "mmexport1686211234567.jpg", "1234567", "123456789012345", "总计 12、自办 5", "15 3 2 4 1 5 6 7 8 9 10", "PET-1-A7K2", "138"],
)  # fmt: skip
def test_what_is_no_phone_stays(text):
    assert masked(text) == text


def test_a_phone_in_its_own_column():
    assert [shown("13900001111 2000111", how) for how in (FULL, MASKED, OMIT)] == [
        "13900001111 2000111",
        "139****0111",
        "",
    ]


PHONES = [f"1390000{n:04d}" for n in range(1111, 9999, 1111)]
CAPTION, TAB, CELL, NAME, FILE, LABEL, SUBJECT, STRANGER = PHONES


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """A run over phones in every field there is, with the texts of each workbook."""
    root = tmp_path_factory.mktemp("phones")
    (root / "county.toml").write_text(SMALL, encoding="utf-8")
    inbox = root / "inbox"
    sheet = annex1(f"城关镇（{CAPTION}）", sheet=Sheet(f"表{TAB}"), press=f"见{CELL}", petitions_total=99)
    drop(inbox, f"城关镇{FILE}.xlsx", xlsx(sheet))
    drop(inbox, "名单.xlsx", xlsx(annex2("张家塬镇", [("分管领导", f"某甲{NAME}", "镇长", "12345")])))
    odd = annex1("张家塬镇")
    odd.cells[4, 5] = f"推动整改{LABEL}"
    drop(inbox, "b.xlsx", xlsx(odd))
    drop(inbox, f"{SUBJECT}/坏.xlsx", b"PK\x03\x04")
    drop(inbox, "c.xlsx", xlsx(annex1(f"某某站{STRANGER}")))
    at = ["--county", str(root / "county.toml"), "--today", "2023-06-28"]
    done = CliRunner().invoke(main, ["consolidate", "--inbox", str(inbox), "--outbox", str(root / "out"), *at])
    looked = CliRunner().invoke(main, ["check", *map(str, sorted(inbox.rglob("*.xlsx"))), *at])
    assert (done.exit_code, looked.exit_code) == (0, 0), done.output + looked.output
    found = {"screen": done.output + looked.output}
    for path in sorted((root / "out").rglob("*")):
        if path.is_file():
            text = "\n".join(t for n, t in parts(path.read_bytes()) if n != "附件1" and not n.startswith("表"))
            found[path.name if path.suffix == ".txt" else path.parent.name + path.name[:4]] = text
            if path.suffix == ".xlsx" and "台账" in path.name:
                book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
                found["messages"] = "\n".join(str(row[10].value) for row in book["差异清单"].iter_rows())
    return found


@pytest.mark.parametrize("phone", PHONES)
def test_no_field_shows_a_phone_outside_the_offices_own_lists(texts, phone):
    places = {place for place, text in texts.items() if phone in text}
    assert {p for p in places if "内部" not in p} == set()
    assert any("****" in text for text in texts.values())


def test_the_office_sees_where_they_stand(texts):
    (office,) = (text for place, text in texts.items() if "内部" in place)
    assert f"城关镇{FILE}.xlsx" in office


def test_the_workbook_that_goes_up_shows_them_in_full_where_the_county_says_so(tmp_path):
    (tmp_path / "county.toml").write_text(SMALL + '[report]\nphones = "full"\n', encoding="utf-8")
    drop(tmp_path / "inbox", "城关镇.xlsx", xlsx(annex1("城关镇", press=f"见{CELL}")))
    at = [
        "--inbox",
        str(tmp_path / "inbox"),
        "--outbox",
        str(tmp_path / "out"),
        "--county",
        str(tmp_path / "county.toml"),
    ]
    done = CliRunner().invoke(main, ["consolidate", *at, "--today", "2023-06-28"])
    assert done.exit_code == 0, done.output
    (up,) = (tmp_path / "out" / "2023-05").glob("*汇总表*.xlsx")
    assert f"见{CELL}" in "\n".join(text for _, text in parts(up.read_bytes()))

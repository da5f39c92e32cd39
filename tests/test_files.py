"""Whatever arrives is read, or answered in one sentence."""

from __future__ import annotations

import datetime as dt
import io
import stat
import sys
import zipfile
from email.message import EmailMessage
from types import SimpleNamespace

import docx
import pytest

from pipeline.model import BEIJING, CONTAINER, Attachment, Contacts, Reading, Return
from pipeline.read.attachment import UNREADABLE, read_attachment
from pipeline.read.grids.budget import MAX_DEPTH, Budget
from pipeline.read.grids.inbox import files, is_link, pick_up
from pipeline.read.grids.kinds import kind_of
from pipeline.read.grids.layout import MAX_ROWS
from pipeline.read.grids.received import ANY_TIME
from pipeline.read.grids.unpack import leaves
from pipeline.read.returns.names import Names
from tests.builders import (
    MAY,
    RECEIVED,
    Sheet,
    a_county,
    a_source,
    annex1,
    annex2,
    cell_of,
    drop,
    expected,
    figures_of,
    span_of,
    xlsx,
)
from tests.envelopes import as_docx, as_html, as_text, mailed, zipped

COUNTY = a_county()
NAMES = Names(COUNTY)


def readings(data: bytes, path: str = "城关镇附件1.xls") -> list[Reading]:
    return [read_attachment(leaf, COUNTY, NAMES) for leaf in leaves(Attachment(a_source(path), data))]


def the_return(data: bytes, path: str = "城关镇附件1.xls") -> Return:
    (reading,) = readings(data, path)
    assert reading.rule == "", reading
    (table,) = reading.tables
    assert isinstance(table, Return)
    return table


def is_as_sent(filed: Return) -> bool:
    return (filed.unit, filed.month, figures_of(filed)) == ("城关镇", MAY, expected())


# -- formats ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_delimited_text_in_every_encoding(delimiter, encoding):
    filed = the_return(as_text(annex1(), delimiter).encode(encoding))
    assert is_as_sent(filed)
    assert filed.figures["press"].cell == cell_of("press")


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-16"])
def test_html_called_xls(encoding):
    sheet = annex1(before=["序号"], after=["备注"], rows=[[1, *expected_row(), "无"]])
    sheet.merged += [(3, first + 1, 3, last + 1) for first, last in map(span_of, ("deployment", "petitions"))]
    filed = the_return(as_html(sheet, f'<meta charset="{encoding}">').encode(encoding))
    assert is_as_sent(filed)
    assert filed.figures["press"].cell == cell_of("press", right=1)


def expected_row() -> list[object]:
    from tests.builders import VALUES

    return list(VALUES.values())


def test_excels_xml_of_2003():
    rows = []
    for r, row in enumerate(annex1().grid().rows):
        cells = "".join(
            f'<Cell ss:Index="{c + 1}"><Data ss:Type="{"Number" if isinstance(v, int) else "String"}">{v}</Data></Cell>'
            for c, v in enumerate(row)
            if v is not None
        )
        rows.append(f'<Row ss:Index="{r + 1}">{cells}</Row>')
    text = (
        '<?xml version="1.0" encoding="gb2312"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="附件1"><Table>{"".join(rows)}</Table></Worksheet></Workbook>'
    )
    filed = the_return(text.encode("gbk"))
    assert is_as_sent(filed)
    assert (filed.sheet, filed.figures["press"].cell) == ("附件1", cell_of("press"))


@pytest.mark.parametrize(("captions_above", "cell"), [(True, cell_of("press", 3)), (False, cell_of("press"))])
def test_a_word_table_with_merged_cells(captions_above, cell):
    filed = the_return(as_docx(annex1(), captions_above=captions_above), "城关镇附件1.docx")
    assert is_as_sent(filed)
    assert filed.figures["press"].cell == cell
    assert filed.unit_stated.origin == "form"


@pytest.mark.parametrize("name", ["城关镇.txt", "城关镇.doc", "城关镇.pdf", "城关镇"])
def test_bytes_decide_not_the_name(name):
    assert is_as_sent(the_return(xlsx(annex1()), name))


# -- containers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gbk", [True, False])
def test_zip_names_in_gbk_and_utf_8(gbk):
    (reading,) = readings(zipped(("城关镇附件1.xlsx", xlsx(annex1())), gbk=gbk), "下载.zip")
    assert reading.source.path == "下载.zip › 城关镇附件1.xlsx"
    assert is_as_sent(reading.tables[0])


def test_archives_and_mails_in_each_other():
    inner = mailed(("城关镇附件1.xlsx", xlsx(annex1())), date="Wed, 07 Jun 2023 01:00:00 +0000")
    outer = mailed(("里.zip", zipped(("转发/来信.eml", inner.as_bytes()))))
    (reading,) = readings(outer.as_bytes(), "信.eml")
    assert reading.source.path == "信.eml › 里.zip › 转发/来信.eml › 城关镇附件1.xlsx"
    assert reading.source.received == dt.datetime(2023, 6, 7, 9, tzinfo=BEIJING)
    assert is_as_sent(reading.tables[0])


def test_a_forwarded_mail_is_opened():
    outer = mailed()
    outer.add_attachment(mailed(("附件1.xlsx", xlsx(annex1()))))
    (reading,) = readings(outer.as_bytes(), "信.eml")
    assert is_as_sent(reading.tables[0])


def test_unit_and_month_are_looked_for_in_archive_subject_and_folders():
    mail = mailed(("附件1.xlsx", xlsx(annex1(unit=None, period=None))), subject="城关镇5月报表")
    (reading,) = readings(mail.as_bytes(), "2023-06-24/信.eml")
    table = reading.tables[0]
    assert (table.unit, table.month, table.unit_stated.origin) == ("城关镇", MAY, CONTAINER)


@pytest.mark.parametrize(
    ("data", "outcome"),
    [(zipped(), "压缩包是空的"), (mailed().as_bytes(), "邮件没有附件")],
)
def test_a_container_that_holds_nothing_stands_for_itself(data, outcome):
    (reading,) = readings(data, "空.zip")
    assert (reading.source.path, reading.detail, reading.quiet) == ("空.zip", outcome, True)


def test_containers_nested_too_deep_are_reported():
    data = xlsx(annex1())
    for _ in range(MAX_DEPTH + 1):
        data = zipped(("里.zip", data))
    (reading,) = readings(data, "外.zip")
    assert reading.rule == "FILE-1"
    assert "嵌套" in reading.detail


def test_a_zip_bomb_costs_its_own_line():
    bomb, good = b"\0" * (101 * 2**20), xlsx(annex1())
    big, small = readings(zipped(("大.xlsx", bomb), ("城关镇附件1.xlsx", good)), "外.zip")
    assert (big.rule, big.detail) == ("FILE-1", "解压后超过100MB")
    assert is_as_sent(small.tables[0])


def test_a_locked_member_is_reported():
    data = bytearray(zipped(("a.xlsx", xlsx(annex1()))))
    for marker, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(marker) + at if at == 8 else at] |= 1
    (reading,) = readings(bytes(data), "城关镇.zip")
    assert (reading.rule, reading.detail, reading.unit) == ("FILE-1", "压缩包设有密码", "城关镇")


def test_system_files_in_archives_and_pictures_in_letters_are_ignored():
    found = readings(
        zipped(
            ("__MACOSX/._a.xlsx", b"x"), ("Thumbs.db", b"x"), ("~$a.xlsx", b"x"), ("城关镇附件1.xlsx", xlsx(annex1()))
        ),
        "a.zip",
    )
    assert [bool(r.ignored) for r in found] == [True, True, True, False]
    mail = mailed()
    mail.add_attachment(
        b"\x89PNG", maintype="image", subtype="png", disposition="inline", cid="<logo>", filename="image001.png"
    )
    assert [r.ignored for r in readings(mail.as_bytes(), "城关镇.eml")] == ["邮件正文中的图片"]


@pytest.mark.parametrize(
    "name", ["../../x.xlsx", "/etc/passwd", "C:\\x.xlsx", "a\x00b.xlsx", "", "=cmd|x.xlsx", "长" * 300 + ".xlsx"]
)
def test_a_members_name_is_only_a_name(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["To"] = "a@example.invalid", "报表", "b@example.invalid"
    mail.set_content("x")
    mail.add_attachment(xlsx(annex1()), maintype="application", subtype="x", filename=name or None)
    (reading,) = readings(mail.as_bytes(), "信.eml")
    assert is_as_sent(reading.tables[0])
    assert list(tmp_path.iterdir()) == []


# -- what cannot be read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"Rar!\x1a\x07\x00", "rar"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x1f\x8b\x08", "gz"),
        (b"", "empty"),
        (b"\x00\x01\x02\x03", "other"),
    ],
)
def test_kinds_nobody_here_can_read_are_reported_with_what_to_send_instead(data, kind):
    (reading,) = readings(data)
    assert (reading.rule, reading.detail, reading.advice) == ("FILE-1", *UNREADABLE[kind])


@pytest.mark.parametrize(
    ("name", "text", "quiet"),
    [
        ("说明.txt", "请查收", True),
        ("城关镇附件1.xls", "请查收", False),
        ("通知.html", "<html><body>会议", True),
        ("a.csv", "1,2,3", False),
    ],
)
def test_a_letter_is_no_form_gone_wrong(name, text, quiet):
    (reading,) = readings(text.encode("gbk"), name)
    assert (reading.rule, reading.quiet) == ("FILE-2", quiet)


def test_a_word_document_without_a_form_is_only_listed():
    document = docx.Document()
    document.add_paragraph("关于召开会议的通知")
    out = io.BytesIO()
    document.save(out)
    (reading,) = readings(out.getvalue(), "通知.docx")
    assert (reading.rule, reading.quiet) == ("FILE-2", True)


# -- what real spreadsheets do ----------------------------------------------------------------------------------------


def patched(data: bytes, part: str, change) -> bytes:
    """The workbook with one of its parts changed (None: left out)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == part:
                content = change(content)
            if content is not None:
                new.writestr(info.filename, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_stray_value_in_the_farthest_corner():
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    data = patched(xlsx(annex1()), SHEET, lambda x: x.replace(b"</sheetData>", far))
    assert is_as_sent(the_return(data))


def test_a_wrong_dimension():
    for wrong in (b'<dimension ref="A1"/>', b'<dimension ref="A1:XFD1048576"/>', b""):
        data = patched(xlsx(annex1()), SHEET, lambda x, wrong=wrong: _without_dimension(x, wrong))
        assert is_as_sent(the_return(data))


def _without_dimension(xml: bytes, instead: bytes) -> bytes:
    start = xml.index(b"<dimension")
    return xml[:start] + instead + xml[xml.index(b"/>", start) + 2 :]


def test_formatted_but_empty_rows_without_end():
    empty = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(100, 60_000))
    data = patched(xlsx(annex1()), SHEET, lambda x: x.replace(b"</sheetData>", empty + b"</sheetData>"))
    assert is_as_sent(the_return(data))


def test_more_rows_than_any_form_has():
    sheet = Sheet()
    for r in range(MAX_ROWS + 50):
        sheet.put(r, 0, "x")
    (reading,) = readings(xlsx(sheet))
    assert reading.rule == "FILE-2"


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/styles.xml", lambda x: x.replace(b"<cellXfs", b"<cellXxx").replace(b"</cellXfs", b"</cellXxx")),
        (
            "xl/sharedStrings.xml",
            lambda x: x.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
        ),
        ("docProps/app.xml", lambda x: None),
    ],
)
def test_good_files_that_one_reader_refuses(part, change):
    assert is_as_sent(the_return(patched(xlsx(annex1()), part, change)))


def test_backslash_names_in_the_archive():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(annex1()))) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            renamed = zipfile.ZipInfo(info.filename)
            renamed.filename = info.filename.replace("/", "\\") if info.filename.startswith("xl/") else info.filename
            new.writestr(renamed, old.read(info))
    assert is_as_sent(the_return(out.getvalue()))


def test_billions_of_characters_in_a_few_shared_strings():
    long = b"<t>" + b"x" * 2_000_000
    data = patched(
        xlsx(annex1(party_meetings="秘")), "xl/sharedStrings.xml", lambda x: x.replace("<t>秘".encode(), long)
    )
    filed = the_return(data)
    assert filed.figures["party_meetings"].value is None
    assert len(filed.figures["party_meetings"].filed) <= 4_000


def test_entities_that_explode():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    data = patched(
        xlsx(annex1()),
        "xl/sharedStrings.xml",
        lambda x: x.replace(b"<sst", bomb + b"<sst").replace(b"<t>", b"<t>&b;", 1),
    )
    (reading,) = readings(data)
    assert reading.rule == "FILE-1" or is_as_sent(reading.tables[0])


def test_sheets_that_share_a_name_and_sheets_of_other_kinds():
    one, two = annex1(), annex2()
    two.name = "附件一"
    data = patched(xlsx(one, two), "xl/workbook.xml", lambda x: x.replace("附件一".encode(), "附件1".encode()))
    (reading,) = readings(data)
    assert [type(t) for t in reading.tables] == [Return, Contacts]


def test_a_date_format_of_china_and_the_1904_system():
    sheet = annex1(period=dt.date(2023, 5, 1))
    data = patched(xlsx(sheet), "xl/styles.xml", lambda x: x.replace(b'numFmtId="164"', b'numFmtId="57"'))
    assert is_as_sent(the_return(data))
    later = patched(
        xlsx(annex1(period=dt.date(2019, 4, 30))),
        "xl/workbook.xml",
        lambda x: x.replace(b"<workbookPr ", b'<workbookPr date1904="1" '),
    )
    assert the_return(later).month == MAY


def test_a_looping_ole_chain():
    header = bytearray(512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    header[24:34] = bytes.fromhex("3e000300feff09000600")
    header[44:48] = (1).to_bytes(4, "little")
    header[76:80] = (0).to_bytes(4, "little")
    fat = b"".join((n % 2).to_bytes(4, "little") for n in range(128))
    (reading,) = readings(bytes(header) + fat + fat)
    assert reading.rule == "FILE-1"


# -- the inbox --------------------------------------------------------------------------------------------------------


def test_the_walk_takes_every_file(tmp_path):
    for name in ("b.xlsx", "一/二/a.xlsx", "一/~$a.xlsx", "Thumbs.db"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    assert files(tmp_path) == ["Thumbs.db", "b.xlsx", "一/~$a.xlsx", "一/二/a.xlsx"]
    ignored = {name: bool(pick_up(tmp_path, name).ignored) for name in files(tmp_path)}
    assert ignored == {"Thumbs.db": True, "b.xlsx": False, "一/二/a.xlsx": False, "一/~$a.xlsx": True}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets only administrators make links")
def test_no_link_is_followed(tmp_path):
    drop(tmp_path, "b.xlsx", xlsx(annex1()))
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "b.xlsx")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert files(tmp_path) == ["b.xlsx", "link.xlsx", "loop"]
    assert [pick_up(tmp_path, name).ignored for name in files(tmp_path)] == ["", *["链接，不读取"] * 2]


def test_a_junction_of_windows_is_a_link():
    junction = SimpleNamespace(st_mode=stat.S_IFDIR, st_reparse_tag=0xA000_0003)
    placeholder = SimpleNamespace(st_mode=stat.S_IFREG, st_reparse_tag=0x9000_001A)  # of OneDrive: a file to be read
    assert (is_link(junction), is_link(placeholder)) == (True, False)


@pytest.mark.parametrize(
    "name",
    [
        *("a.xlsx~", "~$a.xlsx", ".~a.xlsx", ".~lock.a.xlsx#", "a.tmp", "A.TMP", "._a.xlsx", "desktop.ini"),
        *("~wrd0001.doc", "~WRL0003.tmp", "~WRD0000", "5A7F3200", "b9f63100", "12345670"),
    ],
)
def test_what_programs_leave_while_they_save_is_ignored(tmp_path, name):
    drop(tmp_path, name, xlsx(annex1()))
    inside = zipped((f"夹/{name}", xlsx(annex1())))
    for found in (pick_up(tmp_path, name), *leaves(Attachment(a_source("外.zip"), inside))):
        assert read_attachment(found, COUNTY, NAMES).ignored == "系统文件或临时文件"


@pytest.mark.parametrize("name", ["20230524", "5A7F320", "5A7F32001", "5A7F3200.xlsx", "~城关镇.xlsx", "城关镇"])
def test_what_is_only_named_a_little_like_that_is_read(tmp_path, name):
    drop(tmp_path, name, xlsx(annex1()))
    assert is_as_sent(read_attachment(pick_up(tmp_path, name), COUNTY, NAMES).tables[0])


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("城关镇附件1.xlsx.lnk", "快捷方式"),
        ("城关镇附件1.url", "链接，文件本身没有寄来"),
        ("城关镇附件1.URL", "网址"),
        ("城关镇附件1.xlsx.crdownload", "没有下载完"),
        ("城关镇附件1.xlsx.part", "没有下载完"),
    ],
)
def test_what_stands_in_a_files_place_is_reported(tmp_path, name, what):
    drop(tmp_path, name, xlsx(annex1()))
    inside = zipped((f"夹/{name}", xlsx(annex1())))
    for found in (pick_up(tmp_path, name), *leaves(Attachment(a_source("外.zip"), inside))):
        reading = read_attachment(found, COUNTY, NAMES)
        assert (reading.rule, reading.unit, what in reading.detail) == ("FILE-1", "城关镇", True)
        assert (bool(reading.source.sha256), bool(reading.advice)) == (True, True)


def test_a_file_that_vanished_has_its_line(tmp_path):
    gone = pick_up(tmp_path, "城关镇.xlsx")
    assert "打不开" in gone.problem
    assert read_attachment(gone, COUNTY, NAMES).rule == "FILE-1"


@pytest.mark.parametrize(
    ("path", "received"),
    [
        ("2023-05-24/a.xlsx", dt.datetime(2023, 5, 24, tzinfo=BEIJING)),
        ("5月24日/a.xlsx", dt.datetime(2023, 5, 24, tzinfo=BEIJING)),
        ("12月30日/a.xlsx", dt.datetime(2022, 12, 30, tzinfo=BEIJING)),
        ("2023年5月24日收/城关镇/a.xlsx", dt.datetime(2023, 5, 24, tzinfo=BEIJING)),
        ("20230524/a.xlsx", dt.datetime(2023, 5, 24, tzinfo=BEIJING)),
        ("2023-05/a.xlsx", RECEIVED),
        ("2023-05-24.xlsx", RECEIVED),
        ("2023-02-30/a.xlsx", RECEIVED),
        ("6月12日/a.xlsx", dt.datetime(2023, 6, 12, tzinfo=BEIJING)),
        *((f"{name}/a.xlsx", RECEIVED) for name in ("附件1.2", "第1-2批", "1-7号镇", "3.15专项")),
    ],
)
def test_received_is_the_folders_day_else_the_files_time(path, received):
    assert ANY_TIME.of_file(path, "", RECEIVED).received == received


def test_a_mail_without_a_date_came_when_the_file_did():
    (reading,) = readings(mailed(("a.xlsx", xlsx(annex1())), date=None).as_bytes(), "信.eml")
    assert reading.source.received == RECEIVED


@pytest.mark.parametrize("data", [b"From: a\r\n", b"a: b\nc: d\n\n", "时间: 5月\n单位: 城关镇\n".encode()])
def test_text_with_colons_is_no_mail(data):
    assert kind_of(data) == "text"


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\n", b"From - Thu Jun  8 16:20:00 2023\r\n"])
def test_a_mail_as_programs_save_it(before):
    (reading,) = readings(before + mailed(("城关镇附件1.xlsx", xlsx(annex1()))).as_bytes(), "信.eml")
    assert is_as_sent(reading.tables[0])


def test_a_form_pasted_into_a_mail():
    mail = mailed()
    mail.add_alternative(as_html(annex1()), subtype="html")
    (reading,) = readings(mail.as_bytes(), "信.eml")
    assert is_as_sent(reading.tables[0])


@pytest.mark.parametrize("password", ["VelvetSweatshop", "secret"])
def test_the_built_in_password_is_no_password(password):
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(xlsx(annex1()))).encrypt(password, out)
    (reading,) = readings(out.getvalue())
    if password == "secret":
        assert (reading.rule, reading.detail) == ("FILE-1", "设有打开密码")
    else:
        assert is_as_sent(reading.tables[0])


def test_an_archive_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("pipeline.read.grids.unpack.Budget", lambda: Budget(members=3))
    found = readings(zipped(*((f"{i}.txt", b"x") for i in range(5))), "a.zip")
    assert [r.source.path for r in found] == ["a.zip › 0.txt", "a.zip › 1.txt", "a.zip › 2.txt", "a.zip"]
    assert found[-1].detail == "里面的文件超过2000个，其余2个没有读取"


def test_a_fault_of_our_own_costs_the_file_its_line_and_says_so(monkeypatch):
    def broken(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr("pipeline.read.attachment.tables_of", broken)
    (reading,) = readings(xlsx(annex1()))
    assert (reading.rule, reading.detail) == ("FILE-1", "程序未能处理（KeyError）")


def test_own_workbooks_are_known_by_their_mark_alone(monkeypatch, tmp_path):
    from pipeline.write.book import Book
    from tests.builders import TODAY

    book = Book("汇总工作簿", "t", "o", TODAY)
    book.sheet("s", [10])
    assert [r.ignored for r in readings(book.close())] == ["本程序生成的文件"]


def test_pieces_of_an_html_cell_are_not_one_number():
    text = as_html(annex1(press="SPLIT")).replace("SPLIT", "<p>1</p><p>2</p>")
    assert the_return(text.encode()).figures["press"].value is None


def test_word_cells_in_content_controls_and_tracked_changes():
    data = patched(
        as_docx(annex1(press="777", broadcast="888"), captions_above=False), "word/document.xml", _controlled
    )
    figures = the_return(data, "城关镇附件1.docx").figures
    assert (figures["press"].value, figures["broadcast"].value, figures["new_media"].value) == (7770, 88, 12)


def _controlled(xml: bytes) -> bytes:
    """888 with its last digit deleted, and 777 in a content control with a digit inserted."""
    text = xml.decode()
    text = text.replace(
        "<w:r><w:t>888</w:t></w:r>",
        "<w:r><w:t>88</w:t></w:r><w:del w:id='1'><w:r><w:delText>8</w:delText></w:r></w:del>",
    )
    text = text.replace(
        "<w:r><w:t>777</w:t></w:r>", "<w:r><w:t>777</w:t></w:r><w:ins w:id='2'><w:r><w:t>0</w:t></w:r></w:ins>"
    )
    start = text.rindex("<w:tc>", 0, text.index("777"))
    end = text.index("</w:tc>", start) + len("</w:tc>")
    return (text[:start] + "<w:sdt><w:sdtContent>" + text[start:end] + "</w:sdtContent></w:sdt>" + text[end:]).encode()

"""One bad member of an archive or a mail costs its own line; names come in every spelling that programs write."""

from __future__ import annotations

import base64
import binascii
import io
import os
import sys
import zipfile

import pytest

from pipeline.read import read_inbox
from pipeline.read.grids import budget, zips
from pipeline.read.grids.budget import Budget
from pipeline.read.grids.inbox import _spelled
from pipeline.read.grids.kinds import kind_of
from tests.builders import a_county, annex1, xlsx
from tests.test_files import as_html, is_as_sent, mailed, readings, zipped

GOOD = xlsx(annex1())


def outcomes(data: bytes, path: str = "外.zip") -> dict[str, str]:
    """What became of each file in a container; '' where it is the return as it was sent."""
    return {
        r.source.path.partition(" › ")[2]: r.detail
        or r.ignored
        or str(not is_as_sent(r.tables[0])).replace("False", "")
        for r in readings(data, path)
    }


# -- archives ---------------------------------------------------------------------------------------------------------


def entry(data: bytes, number: int) -> int:
    """Where that entry of the archive's directory begins."""
    at = data.rindex(b"PK\x05\x06")
    at = int.from_bytes(data[at + 16 : at + 20], "little")
    for _ in range(number):
        at = data.index(b"PK\x01\x02", at + 4)
    return at


def test_a_member_that_bursts_the_budget_is_refused_by_itself(monkeypatch):
    monkeypatch.setattr("pipeline.read.grids.unpack.Budget", lambda: Budget(bytes=4 * len(GOOD)))
    data = zipped(
        ("一.xlsx", b"\0" * 5 * len(GOOD)), ("里.zip", zipped(("二.bin", b"\0" * 2 * len(GOOD)))), ("三.xlsx", GOOD)
    )
    assert outcomes(data) == {
        "一.xlsx": "连同前面的文件，解压后超过400MB，没有读取",
        "里.zip › 二.bin": "连同前面的文件，解压后超过400MB，没有读取",
        "三.xlsx": "",
    }


def test_an_archive_that_lies_about_a_size_costs_that_member():
    data = bytearray(zipped(("一.xlsx", b"\0" * 1000), ("二.xlsx", GOOD)))
    at = entry(data, 0) + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    assert outcomes(bytes(data)) == {"一.xlsx": "压缩包中的这个文件已损坏", "二.xlsx": ""}


@pytest.mark.parametrize(
    ("number", "at", "byte"),
    [(n, at, byte) for n in range(3) for at, byte in ((0, 0), (6, 255))] + [(0, 28, 77), (1, 28, 77)],
)
def test_a_broken_directory_entry_costs_that_member(number, at, byte):
    data = bytearray(zipped(*((f"{n}.xlsx", GOOD) for n in range(3))))
    data[entry(data, number) + at] = byte
    rest = {f"{n}.xlsx": "" for n in range(3) if n != number}
    assert outcomes(bytes(data)) == rest | {"目录已损坏的第1个文件": "在压缩包的目录中已损坏，取不出来"}


def test_a_name_in_gbk_that_is_flagged_as_utf_8():
    data = bytearray(zipped(("城关镇附件1.xlsx", GOOD), ("b.xlsx", GOOD), gbk=True))
    data[entry(data, 0) + 9] |= 8
    data[7] |= 8
    assert outcomes(bytes(data)) == {"城关镇附件1.xlsx": "", "b.xlsx": ""}


def test_a_name_in_a_field_of_its_own():
    name = "城关镇.xlsx".encode()
    field = b"\x01" + binascii.crc32(b"a.xlsx").to_bytes(4, "little") + name
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        info = zipfile.ZipInfo("a.xlsx")
        info.extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
        z.writestr(info, GOOD)
    assert list(outcomes(out.getvalue()).values()) == [""]


def test_more_members_than_are_read_are_counted(monkeypatch):
    monkeypatch.setattr(zips, "MAX_ENTRIES", 5)
    assert outcomes(zipped(*((f"{i}.txt", b"x") for i in range(6)))) == {"": "里面的文件超过5个，没有打开"}


def test_members_are_unpacked_one_after_the_other():
    from pipeline.model import Attachment
    from pipeline.read.grids.unpack import leaves
    from tests.builders import a_source

    found = leaves(
        Attachment(a_source("外.zip"), zipped(("a.xlsx", GOOD), ("大.xlsx", b"\0" * (budget.MAX_MEMBER + 1))))
    )
    assert next(found).source.path == "外.zip › a.xlsx"


# -- mails ------------------------------------------------------------------------------------------------------------


def letter(*parts: bytes, head: bytes = b"") -> bytes:
    body = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts)
    head = head or b"Date: Thu, 08 Jun 2023 16:20:00 +0800\r\nSubject: t\r\n"
    return (
        b"From: a@example.invalid\r\n"
        + head
        + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
        + body
        + b"--x--\r\n"
    )


def attached(fields: bytes, data: bytes = GOOD) -> bytes:
    return fields + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data)


NAME = "城关镇附件1.xlsx"


@pytest.mark.parametrize(
    "fields",
    [
        b'Content-Type: application/octet-stream; name="' + NAME.encode("gbk") + b'"',
        b'Content-Disposition: attachment; filename="' + NAME.encode() + b'"',
        b'Content-Disposition: attachment; filename="=?GBK?B?' + base64.b64encode(NAME.encode("gbk")) + b'?="',
        b'Content-Disposition: attachment;\r\n filename="=?gb2312?B?'
        + base64.b64encode(NAME.encode("gbk")[:7])
        + b'?=\r\n =?gb2312?B?'
        + base64.b64encode(NAME.encode("gbk")[7:])
        + b'?="',
        b"Content-Disposition: attachment; filename*=GBK''" + b"".join(b"%%%02X" % b for b in NAME.encode("gbk")),
        b"Content-Disposition: attachment; filename*0*=UTF-8''"
        + b"".join(b"%%%02X" % b for b in NAME[:3].encode())
        + b"; filename*1*=" + b"".join(b"%%%02X" % b for b in NAME[3:].encode()),
    ],
)  # fmt: skip
def test_attachment_names_in_every_spelling(fields):
    assert outcomes(letter(attached(fields)), "信.eml") == {NAME: ""}


def test_a_subject_in_raw_gbk_tells_unit_and_month():
    head = "Subject: 城关镇2023年5月报表\r\n".encode("gbk")
    plain = xlsx(annex1(unit=None, period=None))
    (reading,) = readings(letter(attached(b"Content-Type: application/x; name=a.xlsx", plain), head=head), "信.eml")
    assert is_as_sent(reading.tables[0])


def test_a_forwarded_mail_that_is_encoded_like_a_file():
    inner = mailed((NAME, GOOD)).as_bytes()
    data = letter(attached(b"Content-Type: message/rfc822", inner))
    assert outcomes(data, "信.eml") == {f"转发邮件.eml › {NAME}": ""}


def test_an_attachment_in_the_text_as_old_programs_write_it():
    lines = b"".join(binascii.b2a_uu(GOOD[i : i + 45]) for i in range(0, len(GOOD), 45))
    text = (
        "请查收。\r\n\r\nbegin 644 城关镇附件1.xlsx\r\n".encode("gbk") + lines.replace(b"\n", b"\r\n") + b"`\r\nend\r\n"
    )
    head = b"From: a@example.invalid\r\nDate: Thu, 08 Jun 2023 16:20:00 +0800\r\nSubject: t\r\n\r\n"
    assert outcomes(head + text, "信.eml") == {NAME: ""}


def test_a_broken_attachment_costs_no_other():
    broken = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nA"
    fields = b'Content-Type: application/x; name="a.xlsx"'
    assert outcomes(letter(broken, attached(fields)), "信.eml") == {
        "转发邮件.eml": "邮件中的这个附件已损坏",
        "a.xlsx": "",
    }


def test_outlooks_own_wrapping_is_reported():
    (reading,) = readings(
        letter(attached(b"Content-Type: application/ms-tnef; name=winmail.dat", b"\x78\x9f\x3e\x22xx"))
    )
    assert (reading.rule, "winmail.dat" in reading.detail, "普通附件" in reading.advice) == ("FILE-1", True, True)


def test_a_form_pasted_beside_a_logo_or_a_notice_is_not_lost():
    logo = b"Content-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\n\r\n\x89PNG"
    notice = attached(b"Content-Type: application/x; name=a.pdf", b"%PDF-1.4")
    body = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    body += base64.encodebytes(as_html(annex1()).encode())
    assert outcomes(letter(body, logo), "信.eml") == {"正文.html": "", "logo.png": "邮件正文中的图片"}
    assert outcomes(letter(body, notice), "信.eml") == {"正文.html": "", "a.pdf": "只有扫描件或图片，没有表格"}
    plain = b"Content-Type: text/html\r\n\r\n<table><td>hello</table>"
    assert outcomes(letter(plain, notice), "信.eml") == {"a.pdf": "只有扫描件或图片，没有表格"}


def test_fields_and_lines_without_end_are_cut_or_refused(monkeypatch):
    long = b'Content-Disposition: attachment; filename="' + b"=?gbk?b?" * 200_000 + b'"'
    (reading,) = readings(letter(attached(long)), "信.eml")
    assert is_as_sent(reading.tables[0])
    monkeypatch.setattr("pipeline.read.grids.mails._MAX_LINES", 100)
    assert outcomes(letter(b"\r\n" * 101), "信.eml") == {"": "邮件行数过多，没有打开"}


def test_a_mail_is_a_mail():
    assert kind_of(letter()) == "mail"


# -- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps names as text")
def test_a_file_whose_name_is_gbk_on_a_system_of_utf_8(tmp_path):
    place = os.fsencode(str(tmp_path)) + b"/" + "城关镇5月.xlsx".encode("gbk")
    try:
        with open(place, "wb") as f:  # noqa: PTH123  a path of bytes
            f.write(xlsx(annex1(None, None)))
    except OSError:
        pytest.skip("this file system keeps names as text")
    (reading,) = read_inbox(tmp_path, a_county())
    assert reading.source.path == "城关镇5月.xlsx"
    assert reading.tables[0].unit == "城关镇"


@pytest.mark.parametrize(
    ("name", "clean"), [("城关镇.xlsx", "城关镇.xlsx"), ("a\ud800.xlsx", "a?.xlsx"), ("\udcb3\udcc7.xlsx", "城.xlsx")]
)
def test_no_name_keeps_a_lone_surrogate(name, clean):
    assert _spelled(name) == clean


def test_a_members_name_keeps_no_lone_surrogate():
    name = b'Content-Type: application/x; name="=?utf-7?Q?+2AA-?=.xlsx"'
    (reading,) = readings(letter(attached(name)), "信.eml")
    reading.source.path.encode()
    assert is_as_sent(reading.tables[0])

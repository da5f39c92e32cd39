"""What bytes are: kinds that nobody here can read have a sentence of their own, and never a wrong one."""

from __future__ import annotations

import plistlib
import random

import olefile
import pytest

from pipeline.read.grids.kinds import kind_of
from pipeline.read.grids.pictures import holds_photo
from pipeline.read.unreadable import UNREADABLE
from tests.builders import annex1, xlsx
from tests.documents import photo
from tests.envelopes import zipped
from tests.test_files import is_as_sent, readings

IWA = b"\x00\x20\x01\x00\x80\x02" + bytes(range(64))
NUMBERS = zipped(("Index/Document.iwa", IWA), ("Metadata/Properties.plist", b"bplist00"), ("preview.jpg", photo()))
RAR_5 = b"Rar!\x1a\x07\x01\x00" + b"\x33\x92\xb5\xe5\x0a\x01\x05\x06%c\x01\x00" + bytes(20)
RAR_4 = b"Rar!\x1a\x07\x00\xcf\x90\x73%c\x00\x0d\x00" + bytes(20)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (NUMBERS, "iwork"),
        (zipped(("附件1.numbers/Index.zip", b"x"), ("附件1.numbers/preview.jpg", b"x")), "iwork"),
        (zipped(("META-INF/MANIFEST.MF", b"x"), ("a/B.class", b"x")), "program"),
        (zipped(("AndroidManifest.xml", b"x"), ("classes.dex", b"x")), "program"),
        (zipped(("META-INF/container.xml", b"x"), ("a.html", b"<p>")), "data"),
        (zipped(("[Content_Types].xml", b"x"), ("ppt/presentation.xml", b"x")), "slides"),
        (b"%TSD-Header-###%" + bytes(range(256)) * 20, "guarded"),
        (b"\x62\x14\x23\x65" + bytes(range(256)), "guarded"),
        (bytes(20) + b"E-SafeNet LOCK" + bytes(range(256)), "guarded"),
        (random.Random(1).randbytes(4_000), "scrambled"),
        (b"[InternetShortcut]\r\nURL=https://example.invalid/\r\n", "link"),
        (b"[{000214A0-0000-0000-C000-000000000046}]\r\nProp3=19,2\r\n[InternetShortcut]\r\nURL=https://a.invalid\r\n", "link"),
        (b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", "link"),
        (plistlib.dumps({"URL": "https://example.invalid/"}), "link"),
        (plistlib.dumps({"URL": "https://example.invalid/"}, fmt=plistlib.FMT_BINARY), "link"),
        (b"[Desktop Entry]\nType=Link\nURL=https://example.invalid/\n", "link"),
        (b"ID;PWXL;N;E\r\nC;Y1;X1;K\"a\"\r\nE\r\n", "sylk"),
        (b"PK\x07\x08PK\x03\x04" + bytes(40), "volume"),
        (RAR_5 % 0, "rar"),
        (RAR_5 % 1, "volume"),
        (RAR_4 % 0, "rar"),
        (RAR_4 % 1, "volume"),
        (b"\0\x01\x02", "other"),
    ],
)  # fmt: skip
def test_a_kind_nobody_can_read_has_its_own_sentence(data, kind):
    (reading,) = readings(data, "城关镇附件1.xlsx")
    assert kind_of(data) == kind
    assert (reading.rule, reading.detail, reading.advice) == ("FILE-1", *UNREADABLE[kind])
    assert reading.unit == "城关镇"


def test_the_sentences_say_what_to_do():
    said = {kind: "".join(words) for kind, words in UNREADABLE.items()}
    assert "Numbers" in said["iwork"]
    assert "解密" in said["guarded"]
    assert "没有寄来" in said["link"]


def test_the_last_of_several_volumes():
    data = bytearray(zipped(("a.xlsx", xlsx(annex1()))))
    data[data.rindex(b"PK\x05\x06") + 4] = 2
    (reading,) = readings(bytes(data), "城关镇.zip")
    assert reading.detail == UNREADABLE["volume"][0]


@pytest.mark.parametrize("name", ["城关镇.zip.001", "城关镇.z01", "城关镇.part2.rar", "城关镇.7z.002", "城关镇.r00"])
def test_a_volume_that_only_its_name_tells(name):
    (reading,) = readings(zipped(("a.xlsx", xlsx(annex1())))[:2_000] if "zip" in name else b"\x01\x02\x03" * 99, name)
    assert (reading.detail, reading.unit) == (UNREADABLE["volume"][0], "城关镇")


def test_a_whole_archive_that_is_named_like_a_volume_is_read():
    (reading,) = readings(zipped(("a.xlsx", xlsx(annex1()))), "城关镇.zip.001")
    assert is_as_sent(reading.tables[0])


def test_a_method_of_packing_nobody_has_is_named_and_costs_its_member():
    data = bytearray(zipped(("a.xlsx", xlsx(annex1())), ("b.xlsx", xlsx(annex1()))))
    end = data.rindex(b"PK\x05\x06")
    at = int.from_bytes(data[end + 16 : end + 20], "little")  # where its directory begins
    data[8:10] = data[at + 10 : at + 12] = (9).to_bytes(2, "little")
    broken, good = readings(bytes(data), "城关镇.zip")
    assert (broken.rule, broken.detail) == ("FILE-1", "压缩方法（Deflate64）解不开")
    assert is_as_sent(good.tables[0])


def test_what_macos_puts_beside_a_file_is_ignored():
    (reading,) = readings(b"\x00\x05\x16\x07" + bytes(90), "城关镇附件1.xlsx")
    assert reading.ignored


def test_one_name_twice_in_an_archive_is_two_files():
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = zipped(("附件1.xlsx", xlsx(annex1())), ("附件1.xlsx", xlsx(annex1("县住建局"))))
    assert [r.tables[0].unit for r in readings(data, "报表.zip")] == ["城关镇", "县住建局"]


def test_only_a_photo_on_a_sheet_is_a_scan():
    import io

    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    noise = random.Random(1).randbytes(40_000)
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))

    raw = b"".join(b"\0" + noise[i : i + 100] for i in range(0, 40_000, 100))
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2L5B", 100, 400, 8, 0, 0, 0, 0))
    png += chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    sheet.insert_image("A1", "p.png", {"image_data": io.BytesIO(png)})
    book.close()
    (reading,) = readings(out.getvalue(), "城关镇附件1.xlsx")
    assert (reading.rule, reading.unit) == ("FILE-3", "城关镇")


@pytest.mark.parametrize(
    ("data", "photo_in_it"),
    [
        (olefile.MAGIC + bytes(2_000) + photo(), True),
        (olefile.MAGIC + photo(2_000), False),
        (olefile.MAGIC + bytes(20_000), False),
        (zipped(("Pictures/a.png", photo())), True),
        (zipped(("xl/media/image1.jpeg", photo())), True),
        (zipped(("xl/worksheets/sheet1.xml", photo())), False),
        (b"PK\x03\x04", False),
    ],
)
def test_a_photo_is_found_in_every_kind_of_file(data, photo_in_it):
    assert holds_photo(data) == photo_in_it

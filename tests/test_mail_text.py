"""Mails: what was sent and what was not, and what only travels with a letter."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest

from tests.builders import annex1, xlsx
from tests.documents import photo
from tests.envelopes import as_html, as_text, mailed
from tests.test_files import is_as_sent, readings

GOOD = xlsx(annex1())
BLANK = annex1(None, None, [[None] * 19])


def letter(
    html: str = "", *attached: tuple[str, bytes], text: str = "请查收。", subject: str = "城关镇5月报表"
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.invalid", "b@example.invalid", subject
    mail["Date"] = "Thu, 08 Jun 2023 16:20:00 +0800"
    mail.set_content(text, cte="8bit")
    if html:
        mail.add_alternative(html, subtype="html", cte="8bit")
    for name, data in attached:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail


def outcomes(mail: EmailMessage | bytes, name: str = "信.eml") -> list[tuple[str, str]]:
    """What came of each file of a mail: its name, and 'as sent' or the rule or reason."""
    data = mail if isinstance(mail, bytes) else mail.as_bytes()
    return [
        (r.source.name, "as sent" if r.tables and is_as_sent(r.tables[0]) else r.ignored or f"{r.rule}：{r.detail}")
        for r in readings(data, name)
    ]


AS_SENT = ("附件1.xlsx", "as sent")

# -- tables in the text -----------------------------------------------------------------------------------------------


def test_a_table_typed_with_tabs_is_read():
    assert outcomes(letter(text=as_text(annex1(), "\t"))) == [("正文.txt", "as sent")]


def test_a_table_that_stands_in_both_texts_is_read_once():
    assert outcomes(letter(as_html(annex1()), text=as_text(annex1(), "\t"))) == [("正文.html", "as sent")]


def test_a_table_aligned_by_spaces_is_reported():
    ((name, why),) = outcomes(letter(text=as_text(annex1(), "   ")))
    assert (name, why.partition("：")[0], "空格对齐" in why) == ("正文.txt", "FILE-1", True)


def test_a_letter_that_speaks_of_the_groups_is_no_table():
    text = "一、安排部署情况\n开会两次\n二、督导检查情况\n督导三次\n三、宣传报道情况\n"
    assert outcomes(letter(text=text)) == [("信.eml", "FILE-2：邮件没有附件")]


# -- what is quoted ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quote",
    ["<blockquote>{}</blockquote>", "<div>------ 原始邮件 ------</div>{}", "<div>发件人：a<br>发送时间：x</div>{}", "<div class=gmail_quote>{}</div>"],
)  # fmt: skip
def test_a_blank_form_quoted_in_a_reply_is_ignored(quote):
    html = f"<p>已填好</p>{quote.format(as_html(BLANK))}"
    assert outcomes(letter(html, ("附件1.xlsx", GOOD))) == [AS_SENT, ("正文.html", "邮件中引用的空白表，不是报来的")]


def test_a_filled_form_that_is_handed_on_is_read():
    html = f"<p>请查收</p><div>------ 原始邮件 ------</div>{as_html(annex1())}"
    assert outcomes(letter(html, subject="转发：报表")) == [("正文.html", "as sent")]


def bounce(head: str = "Content-Type: multipart/report; boundary=y", sender: str = "a@example.invalid") -> bytes:
    inner = letter("", ("城关镇附件1.xlsx", GOOD)).as_bytes()
    return (
        f"From: {sender}\r\nSubject: x\r\nDate: Thu, 08 Jun 2023 09:01:00 +0800\r\n{head}\r\n\r\n".encode()
        + b"--y\r\nContent-Type: text/plain\r\n\r\nfull\r\n--y\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n"
        + b"--y\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--y--\r\n"
    )  # fmt: skip


PLAIN = "Content-Type: multipart/mixed; boundary=y"


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        ("Content-Type: multipart/report; boundary=y", "a@example.invalid"),
        (f"Auto-Submitted: auto-replied\r\n{PLAIN}", "a@example.invalid"),
        (f"X-Failed-Recipients: b@example.invalid\r\n{PLAIN}", "a@example.invalid"),
        (PLAIN, "MAILER-DAEMON@example.invalid"),
        (PLAIN, "<Postmaster@example.invalid>"),
    ],
)
def test_what_comes_back_replaces_nobody(head, sender):
    assert outcomes(bounce(head, sender)) == [("转发邮件.eml", "退信、回执或自动回复带回的原邮件，不是新报来的")]


def test_a_mail_that_hands_on_another_is_no_bounce():
    assert outcomes(bounce(f"Auto-Submitted: no\r\n{PLAIN}")) == [("城关镇附件1.xlsx", "as sent")]


# -- what was not sent ------------------------------------------------------------------------------------------------

LEFT = "<div>从QQ邮箱发来的超大附件</div><a href='https://mail.example.invalid/ftn/download?k=1'>城关镇附件1.xlsx</a> (12.4K)"
NOT_SENT = "FILE-1：没有随邮件寄来，只有下载链接"


@pytest.mark.parametrize(
    ("html", "name"),
    [
        (LEFT, "城关镇附件1.xlsx"),
        ("从网易163邮箱发来的云附件 <a href='https://mail.example.invalid/x'>报表.zip</a>", "报表.zip"),
        ("报表见 <a href='https://kdocs.example.invalid/l/abc'>【金山文档】报表</a>", "报表（链接）"),
        ("链接：https://pan.example.invalid/s/1 提取码：abcd", "报表（链接）"),
        ("请点击下载：https://example.invalid/1/城关镇5月.xls", "城关镇5月.xls"),
    ],
)
def test_a_link_instead_of_the_file_is_reported(html, name):
    assert outcomes(letter(f"<p>{html}</p>")) == [(name, NOT_SENT)]
    ((plain, why),) = outcomes(letter(text=html))
    assert (plain, why) == (name, NOT_SENT)


def test_an_attachment_left_behind_is_reported_beside_one_that_came():
    assert outcomes(letter(LEFT, ("附件1.xlsx", GOOD))) == [AS_SENT, ("城关镇附件1.xlsx", NOT_SENT)]


@pytest.mark.parametrize(
    "html",
    [
        "<p>收到</p><blockquote>空白表请到 https://kdocs.example.invalid/l/abc 下载</blockquote>",
        "<p>详见 https://www.example.invalid/news</p>",
    ],
)
def test_a_link_that_somebody_else_sent_or_to_nothing_kept_is_none(html):
    assert outcomes(letter(html)) == [("信.eml", "FILE-2：邮件没有附件")]


def test_a_link_in_a_mail_that_is_handed_on_is_reported():
    html = f"<p>请查收</p><div>------ 原始邮件 ------</div>{LEFT}"
    assert outcomes(letter(html, subject="Fwd: 报表")) == [("城关镇附件1.xlsx", NOT_SENT)]


def test_a_signature_with_a_link_beside_the_form_is_none():
    assert outcomes(letter("见附件。网盘 https://pan.example.invalid/s/1", ("附件1.xlsx", GOOD))) == [AS_SENT]


# -- pictures, signatures, calendars ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "what"), [(20_000, "FILE-3"), (3_000, "邮件正文中的图片")])
@pytest.mark.parametrize("where", [{"cid": "<p1>"}, {"disposition": "inline"}])
def test_a_photo_in_the_text_is_a_scan_and_a_logo_is_none(size, what, where):
    mail = letter()
    mail.add_attachment(
        photo(size), maintype="image", subtype="png", filename="p.png", **{"disposition": "inline"} | where
    )
    ((name, why),) = outcomes(mail)
    assert (name, why.partition("：")[0]) == ("p.png", what)


def test_a_photo_in_the_page_itself_is_a_scan():
    page = f'<p>见图</p><img src="data:image/png;base64,{base64.b64encode(photo()).decode()}">'
    ((name, why),) = outcomes(letter(page))
    assert (name, why.partition("：")[0]) == ("正文图片.png", "FILE-3")
    assert outcomes(letter(page.replace(base64.b64encode(photo()).decode(), "AAAA"))) == [
        ("信.eml", "FILE-2：邮件没有附件")
    ]


@pytest.mark.parametrize(
    ("kind", "name", "what"),
    [
        ("application/pkcs7-signature", "smime.p7s", "电子签名"),
        ("application/octet-stream", "smime.p7s", "电子签名"),
        ("application/pgp-signature", "a.asc", "电子签名"),
        ("text/calendar", "invite.ics", "日程或名片"),
        ("application/octet-stream", "名片.vcf", "日程或名片"),
    ],
)
def test_signatures_and_calendars_are_ignored(kind, name, what):
    mail = letter("", ("附件1.xlsx", GOOD))
    main, _, sub = kind.partition("/")
    mail.add_attachment(b"x", maintype=main, subtype=sub, filename=name)
    assert outcomes(mail) == [AS_SENT, (name, what)]


def test_a_sealed_mail_is_reported():
    mail = letter()
    mail.add_attachment(b"0\x80", maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    assert outcomes(mail) == [("smime.p7m", "FILE-1：是加密或签名封装的邮件，不能读取")]


def test_an_attachment_that_lies_elsewhere_is_reported():
    part = b'--x\r\nContent-Type: message/external-body; access-type=URL; URL="https://a.invalid"; name=a.xlsx\r\n\r\nContent-Type: application/x\r\n\r\n'
    head = b"From: a@example.invalid\r\nDate: Thu, 08 Jun 2023 16:20:00 +0800\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    assert outcomes(head + part + b"--x--\r\n") == [("a.xlsx", "FILE-1：没有随邮件寄来，只有链接")]


# -- mailboxes, names -------------------------------------------------------------------------------------------------


def test_every_mail_of_a_mailbox_is_read():
    one = b"From - Thu Jun 08 16:20:00 2023\r\n" + letter("", ("附件1.xlsx", GOOD)).as_bytes() + b"\r\n"
    other = b"From a@b Fri Jun  9 16:20:00 2023\r\n" + letter("", ("附件1.xlsx", xlsx(annex1("县住建局")))).as_bytes()
    found = readings(one + other, "收件箱.mbox")
    assert [r.source.path for r in found] == [f"收件箱.mbox › 第{n}封邮件.eml › 附件1.xlsx" for n in (1, 2)]
    assert [r.tables[0].unit for r in found] == ["城关镇", "县住建局"]


def test_a_mail_that_quotes_the_line_of_a_mailbox_is_one_mail():
    text = "请查收。\n\nFrom now on: 每月报\n\nFrom a 10:00\nx"
    assert outcomes(
        b"From - Thu Jun 08 16:20:00 2023\r\n" + letter("", ("附件1.xlsx", GOOD), text=text).as_bytes()
    ) == [AS_SENT]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\x01b.xlsx", "a\ufffdb.xlsx"),
        ("a\u202excod.xlsx", "a\ufffdxcod.xlsx"),
        ("\u200e城关镇.xlsx", "城关镇.xlsx"),
        ("a › b.xlsx", "a > b.xlsx"),
        ("a\nb.xlsx", "a b.xlsx"),
        ("长" * 300 + "5月.xlsx", "长" * 170 + "…" + "长" * 22 + "5月.xlsx"),
    ],
)
def test_a_name_is_clean_and_short(name, shown):
    encoded = base64.b64encode(name.encode()).decode()
    part = f'Content-Type: application/x; name="=?utf-8?B?{encoded}?="\r\nContent-Transfer-Encoding: base64\r\n\r\n'.encode()
    head = b"From: a@example.invalid\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
    assert outcomes(head + part + base64.encodebytes(GOOD) + b"\r\n--x--\r\n") == [(shown, "as sent")]


def test_a_mail_with_nothing_in_it_is_only_listed():
    (reading,) = readings(mailed().as_bytes(), "信.eml")
    assert reading.quiet

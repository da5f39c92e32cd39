"""A mail's own text: the form that was typed or pasted into it, pictures of it, links in place of it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from pipeline.read.grids.budget import Member
from pipeline.read.grids.encodings import decoded
from pipeline.read.grids.links import left_in_the_cloud, lies_elsewhere
from pipeline.read.grids.pictures import PHOTO
from schemas import FORMS

Text = tuple[str, bytes]
"""A text of a mail: plain or html, and its bytes."""

_MAX_BODY_CHARS = 2**19
"""Characters of a letter searched for words and links; its tables are read to their usual limits."""

_SOME_GROUPS = min(3, len(FORMS.whole.groups))
"""A text that names this many column groups holds the form."""

_QUOTES = re.compile(
    r"<blockquote|原始邮件|邮件原件|转发的?邮件(?:信息)?|original message|forwarded message|isreplycontent|gmail_quote|ntes-mailmaster-quote"
    r"|divrplyfwdmsg|(?:发件人|from)[ \xa0]{0,3}[:：][^\n]{0,200}(?:发送时间|日期|sent|date)[ \xa0]{0,3}[:：]"
    r"|(?:^|\n)[ \t]{0,9}(?:在|于|on)[^\n]{0,80}(?:写道|wrote)[ ]{0,3}[:：]",
    re.I,
)
"""Where what somebody else wrote before begins."""

_HANDED_ON = re.compile(r"^\s*(?:转发|fwd?)\s*[:：]", re.I)
_IN_PAGE = re.compile(rb"""<img\b[^<>]{0,2000}?src=["']data:image/([a-z]{3,4})[^,"']{0,40};base64,([^"']+)""", re.I)
_MAX_IN_PAGE = 20
_ONLY_LINK = "没有随邮件寄来，只有下载链接"
_SEND_IT = "请把表格（.xlsx）本身作为附件重新发送，不要只发链接。"
_UNNAMED = "报表（链接）"
_NOT_ALIGNED = "里的表用空格对齐，分不清哪个数字在哪一栏"
_FILL_IN = "请把数字填入原 Excel 表式，存为 .xlsx，作为附件重新报送。"


def letter_members(texts: Sequence[Text], subject: str, *, attached: bool) -> Iterator[Member]:
    """What a mail's texts bring: the form, pictures of it, or a link; nothing where they only say hello.

    `attached`: whether a file came with the mail, beside which a text matters only where the form stands in it.
    """
    shown = [(kind, data, (decoded(data) or "")[:_MAX_BODY_CHARS]) for kind, data in texts]
    form = list(_forms(shown, attached=attached))
    yield from form
    for kind, data, _ in shown:
        if kind == "html":
            yield from islice(_pictures(data), _MAX_IN_PAGE)
    if link := _link(shown, subject, alone=not (attached or form)):
        yield link


def _forms(shown: Sequence[tuple[str, bytes, str]], *, attached: bool) -> Iterator[Member]:
    """The pages with a table; where none holds the form, the plain text with one."""
    pages = [(data, text) for kind, data, text in shown if kind == "html" and "<td" in text.lower()]
    for data, text in pages:
        if not attached or _holds_form(text):
            yield Member("正文.html", data, quoted=bool(_QUOTES.search(text)))
    for kind, data, text in shown:
        if kind == "plain" and _holds_form(text) and not any(_holds_form(page) for _, page in pages):
            quoted = bool(_QUOTES.search(text))
            if "\t" in text:
                yield Member("正文.txt", data, quoted=quoted)
            elif not quoted and not attached and any(map(_holds_form, text.splitlines())):
                yield Member("正文.txt", problem=_NOT_ALIGNED, advice=_FILL_IN)


def _holds_form(text: str) -> bool:
    return sum(g.label in text for g in FORMS.whole.groups) >= _SOME_GROUPS


def _pictures(page: bytes) -> Iterator[Member]:
    """The photos that a page holds in its own text."""
    for m in _IN_PAGE.finditer(page):
        if len(m[2]) * 3 // 4 >= PHOTO:
            try:
                yield Member(f"正文图片.{m[1].decode()}", base64.b64decode(m[2]))
            except binascii.Error:
                continue


def _link(shown: Sequence[tuple[str, bytes, str]], subject: str, *, alone: bool) -> Member | None:
    """What was left behind a link: of what is quoted only in a mail that hands it on."""
    own = [text if _HANDED_ON.match(subject) else _QUOTES.split(text, maxsplit=1)[0] for _, _, text in shown]
    for text in own:
        name = left_in_the_cloud(text)
        name = lies_elsewhere(text) if name is None and alone else name
        if name is not None:
            return Member(name or _UNNAMED, problem=_ONLY_LINK, advice=_SEND_IT)
    return None

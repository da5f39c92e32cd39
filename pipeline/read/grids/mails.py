"""The mails of a mailbox, the attachments of a mail, and what stands in its text."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any, TypeAlias, cast

from pipeline.model import BEIJING
from pipeline.read.grids.budget import Budget, Member, RefusedError
from pipeline.read.grids.kinds import MAIL_BEGINS, mail_text
from pipeline.read.grids.mail_text import letter_members
from pipeline.read.grids.pictures import PHOTO

Part: TypeAlias = "Message[Any, Any]"
_MAX_LINES = 2_000_000
_MAX_HEADER_CHARS = 4_000
"""The parsers of fields take quadratic time."""

_BROKEN = "邮件中的这个附件已损坏"
_FORWARDED = "message/rfc822"
_FOLD = re.compile(r"\r?\n[ \t]+")
_CHINA = re.compile(r"\bCST\b(?!\s*[+-])")
"""Elsewhere the three letters mean central America's time."""
_UUENCODED = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.M)
_MAX_UUENCODED = 50
_IN_TEXT, _SIGNATURE, _CALENDAR, _RETURNED = (
    "邮件正文中的图片",
    "电子签名",
    "日程或名片",
    "退信、回执或自动回复带回的原邮件，不是新报来的",
)
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_CALENDARS = ("text/calendar", "text/x-vcard", "text/vcard", "text/directory")
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
_SEALED_WHY = "是加密或签名封装的邮件，不能读取", "请关闭邮件的加密和签名功能，把表格（.xlsx）作为普通附件重新发送。"
_ELSEWHERE = "message/external-body"
_ELSEWHERE_WHY = "没有随邮件寄来，只有链接", "请把表格（.xlsx）本身作为附件重新发送。"
_BOUNCES = re.compile(
    r"^\s*(?:系统退信|退信|自动回复|自动答复|已读[:：]|已读回执|未送达|undeliver|delivery status|mail delivery|returned mail|automatic reply|out of office|read:)",
    re.I,
)
_DAEMONS = re.compile(r"mailer-daemon|postmaster@|mail delivery (?:sub)?system", re.I)


def mailbox_members(data: bytes, budget: Budget) -> Iterator[Member]:
    """The mails of a mailbox, one by one."""
    starts = [m.end() for m in islice(MAIL_BEGINS.finditer(data), budget.members + 1)]
    for n, (start, end) in enumerate(zip(starts, [*starts[1:], len(data)], strict=True)):
        budget.count(left=len(starts) - n)
        yield Member(f"第{n + 1}封邮件.eml", data[start:end])


def mail_members(data: bytes, budget: Budget) -> Iterator[Member]:
    """The mail's attachments; its own text too where the form stands in it, or nothing is attached."""
    if data.count(b"\n") > _MAX_LINES:
        raise RefusedError("邮件行数过多，没有打开")
    mail = message_from_bytes(mail_text(data))
    times, subject = tuple(_times(mail)), _field(mail, "subject")
    parts = list(_parts(mail))
    returned = _is_returned(mail, subject)
    for n, member in enumerate(_members(parts, subject, returned=returned)):
        budget.count(left=max(len(parts) - n, 1))
        problem = member.problem or budget.refuses(len(member.data))
        data = b"" if problem else member.data
        budget.take(len(data))
        yield replace(member, data=data, problem=problem, times=times, subject=subject)


def _members(parts: list[Part], subject: str, *, returned: bool) -> Iterator[Member]:
    """What a mail's parts bring, its own text last."""
    brought = [(part, member) for part in parts for member in _files(part)]
    for _, member in brought:
        yield replace(member, ignored=_RETURNED) if returned else member
    attached = any(not member.ignored and not _is_picture_in_text(part) for part, member in brought)
    texts = [(p.get_content_subtype(), _content(p)) for p in parts if not _is_attached(p)]
    if not returned:
        yield from letter_members(texts, subject, attached=attached)


def _is_returned(mail: Part, subject: str) -> bool:
    """Whether a machine sent the mail, which brings back what somebody had sent: a bounce, a receipt, an automatic reply."""
    return (
        mail.get_content_type() == "multipart/report"
        or _raw(mail, "auto-submitted").strip().lower().startswith("auto-replied")
        or bool(_raw(mail, "x-failed-recipients"))
        or bool(_DAEMONS.search(_field(mail, "from")))
        or bool(_BOUNCES.match(subject))
    )


def _parts(mail: Part) -> Iterator[Part]:
    """The mail's parts that hold no parts; a forwarded mail is one, whose own parts are not this mail's."""
    if mail.is_multipart() and mail.get_content_type() not in (_FORWARDED, _ELSEWHERE):
        for part in cast("list[Part]", mail.get_payload()):
            yield from _parts(part)
    else:
        yield mail


def _is_attached(part: Part) -> bool:
    disposition = part.get_content_disposition()
    return bool(_name(part)) or disposition == "attachment" or part.get_content_maintype() != "text"


def _is_picture_in_text(part: Part) -> bool:
    where = part.get_content_disposition()
    placed = part.get("Content-ID") or part.get("Content-Location") or where == "inline"
    return bool(placed) and where != "attachment" and part.get_content_maintype() == "image"


def _files(part: Part) -> Iterator[Member]:
    """The files that a part brings; a letter brings none, but those that old programs wrote into it."""
    kind, name = part.get_content_type(), _name(part)
    if kind == _FORWARDED:
        yield _member(name or "转发邮件.eml", _forwarded(part))
    elif kind in _SEALED:
        yield Member(name or "smime.p7m", problem=_SEALED_WHY[0], advice=_SEALED_WHY[1])
    elif kind == _ELSEWHERE:
        yield Member(name or "附件", problem=_ELSEWHERE_WHY[0], advice=_ELSEWHERE_WHY[1])
    elif _is_attached(part):
        content = _content(part)
        yield Member(name, content, _why_ignored(part, kind, name, len(content)))
    else:
        yield from (_member(*file) for file in islice(_uuencoded(_content(part)), _MAX_UUENCODED))


def _member(name: str, content: bytes | None) -> Member:
    """A file, or that its bytes cannot be had."""
    return Member(name, problem=_BROKEN) if content is None else Member(name, content)


def _why_ignored(part: Part, kind: str, name: str, size: int) -> str:
    if kind in _SIGNATURES or name.lower().endswith((".p7s", ".asc")):
        return _SIGNATURE
    if kind in _CALENDARS or name.lower().endswith((".ics", ".vcf")):
        return _CALENDAR
    return _IN_TEXT if _is_picture_in_text(part) and size < PHOTO else ""


def _uuencoded(text: bytes) -> Iterator[tuple[str, bytes | None]]:
    at = 0
    while (m := _UUENCODED.search(text, at)) and (end := text.find(b"\nend", m.end())) >= 0:
        yield _readable(m[1].strip()), _from_uu(text[m.end() : end])
        at = end


def _content(part: Part) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _forwarded(part: Part) -> bytes | None:
    """The bytes of a mail in a mail; some programs encode it like any file, against the standard."""
    inner = cast("list[Part] | str", part.get_payload())
    try:
        whole = inner[0].as_bytes() if isinstance(inner, list) and inner else _content(part)
        encoded = str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64"
        return base64.b64decode(whole) if encoded else bytes(whole)
    except Exception:  # noqa: BLE001  what a broken mail raises when it is written out again is open-ended
        return None


def _from_uu(body: bytes) -> bytes | None:
    """A uuencoded file; the module `uu` has left the standard library, and binascii refuses lines that are padded."""
    try:
        return b"".join(binascii.a2b_uu(line[: _uu_length(line)]) for line in body.splitlines() if line)
    except binascii.Error:
        return None


def _uu_length(line: bytes) -> int:
    """The length of a line by its first character; some writers pad it beyond."""
    return 1 + (((line[0] - 32) & 63) + 2) // 3 * 4


# -- fields -----------------------------------------------------------------------------------------------------------


def _name(part: Part) -> str:
    """The name a part is sent under, in whatever way it is spelled."""
    about: Part = Message()
    for field in ("content-disposition", "content-type"):
        if raw := _raw(part, field):
            about[field] = raw
    return _decoded(str(about.get_filename() or ""))


def _field(mail: Part, name: str) -> str:
    return _decoded(_raw(mail, name))


def _raw(part: Part, field: str) -> str:
    """A field on one line; bytes that are not ASCII, which no standard allows, as the UTF-8 or GBK they are."""
    return _line(next((v for k, v in part.raw_items() if k.lower() == field), ""))


def _line(raw: object) -> str:
    return _readable(_FOLD.sub(" ", str(raw)[:_MAX_HEADER_CHARS]).encode("utf-8", "surrogateescape"))


def _readable(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("gb18030", "replace")


def _decoded(text: str) -> str:
    """A field's text with its encoded words decoded."""
    if "=?" not in text:
        return text
    try:
        pieces = decode_header(text)
    except (ValueError, MessageError):
        return text
    return "".join(p if isinstance(p, str) else _in_charset(p, charset) for p, charset in pieces)


def _in_charset(piece: bytes, charset: str | None) -> str:
    try:
        # gb18030 holds all of gb2312 and GBK, and what programs write under these names beyond them.
        return piece.decode("gb18030" if charset in ("gb2312", "gbk") else charset or "raw-unicode-escape")
    except (LookupError, UnicodeDecodeError):
        return _readable(piece)


def _times(mail: Part) -> Iterator[dt.datetime]:
    """When the mail came, in Beijing time: its Date, then what the servers on its way wrote down, the last one first."""
    # A server writes its time behind the last semicolon.
    passed = (_line(v).rpartition(";")[2] for k, v in mail.raw_items() if k.lower() == "received")
    for text in (_raw(mail, "date"), *passed):
        try:
            date = parsedate_to_datetime(_CHINA.sub("+0800", text))
            yield (date if date.tzinfo else date.replace(tzinfo=BEIJING)).astimezone(BEIJING)
        except (TypeError, ValueError, OverflowError):
            continue

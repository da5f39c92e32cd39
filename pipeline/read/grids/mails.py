"""The attachments of a mail, and the form that was pasted into its text."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any, TypeAlias, cast

from pipeline.model import BEIJING
from pipeline.read.grids.budget import Budget, Member, RefusedError
from pipeline.read.grids.kinds import decoded, mail_text
from schemas import GROUPS

Part: TypeAlias = "Message[Any, Any]"
_MOST_LINES = 2_000_000
_LONGEST_FIELD = 4_000
"""The parsers of fields take quadratic time."""

_BROKEN = "邮件中的这个附件已损坏"
_FORWARDED = "message/rfc822"
_FOLD = re.compile(r"\r?\n[ \t]+")
_UUENCODED = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.M)
_MOST_UUENCODED = 50
_SOME_GROUPS = 3
"""A text that names so many column groups holds the form."""


def mail_members(data: bytes, budget: Budget) -> Iterator[Member]:
    """The mail's attachments; its own text too where the form stands in it, or nothing is attached."""
    if data.count(b"\n") > _MOST_LINES:
        raise RefusedError("邮件行数过多，没有打开")
    mail = message_from_bytes(mail_text(data))
    received, subject = _date(mail), _field(mail, "subject")
    parts = list(_parts(mail))
    attached = any(_is_attached(p) and not _is_picture_in_text(p) for p in parts)
    for n, part in enumerate(parts):
        ignored = "邮件正文中的图片" if _is_picture_in_text(part) else ""
        for name, content in _files(part, attached=attached):
            budget.count(left=len(parts) - n)
            problem = _BROKEN if content is None else budget.refuses(len(content))
            data = b"" if problem or content is None else content
            budget.take(len(data))
            yield Member(name, data, ignored, problem, received=received, subject=subject)


def _parts(mail: Part) -> Iterator[Part]:
    """The mail's parts that hold no parts; a forwarded mail is one, whose own parts are not this mail's."""
    if mail.is_multipart() and mail.get_content_type() != _FORWARDED:
        for part in cast("list[Part]", mail.get_payload()):
            yield from _parts(part)
    else:
        yield mail


def _is_attached(part: Part) -> bool:
    disposition = part.get_content_disposition()
    return bool(_name(part)) or disposition == "attachment" or part.get_content_maintype() != "text"


def _is_picture_in_text(part: Part) -> bool:
    inline = part.get("Content-ID") and part.get_content_disposition() != "attachment"
    return bool(inline) and part.get_content_maintype() == "image"


def _files(part: Part, *, attached: bool) -> Iterator[tuple[str, bytes | None]]:
    """The names of what a part brings with the bytes, None where they cannot be had; a letter brings nothing."""
    if part.get_content_type() == _FORWARDED:
        yield _name(part) or "转发邮件.eml", _forwarded(part)
    elif _is_attached(part):
        yield _name(part), _content(part)
    else:
        text = _content(part)
        yield from islice(_uuencoded(text), _MOST_UUENCODED)
        if part.get_content_subtype() == "html" and b"<td" in text.lower() and (not attached or _holds_form(text)):
            yield "正文.html", text


def _uuencoded(text: bytes) -> Iterator[tuple[str, bytes | None]]:
    at = 0
    while (m := _UUENCODED.search(text, at)) and (end := text.find(b"\nend", m.end())) >= 0:
        yield _readable(m[1].strip()), _from_uu(text[m.end() : end])
        at = end


def _holds_form(text: bytes) -> bool:
    readable = decoded(text) or ""
    return sum(g.label in readable for g in GROUPS) >= _SOME_GROUPS


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
    try:
        return b"".join(binascii.a2b_uu(line[: _uu_length(line)]) for line in body.splitlines() if line)
    except binascii.Error:
        return None


def _uu_length(line: bytes) -> int:
    """What a line tells of its own length; some writers pad it beyond."""
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
    raw = next((str(v) for k, v in part.raw_items() if k.lower() == field), "")[:_LONGEST_FIELD]
    return _readable(_FOLD.sub(" ", raw).encode("utf-8", "surrogateescape"))


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


def _date(mail: Part) -> dt.datetime | None:
    try:
        date = parsedate_to_datetime(_raw(mail, "date"))
        return (date if date.tzinfo else date.replace(tzinfo=BEIJING)).astimezone(BEIJING)
    except (TypeError, ValueError, OverflowError):
        return None

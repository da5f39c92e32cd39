"""Archives and mails to the files in them, in memory: no member ever touches the disk under its own name."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any

from pipeline.model import BEIJING, Attachment
from pipeline.read.inbox import why_ignored
from pipeline.read.kinds import kind_of, mail_text

MAX_DEPTH = 5
MAX_MEMBERS = 2_000
MAX_MEMBER = 100 * 2**20
MAX_TOTAL = 400 * 2**20
INSIDE = " › "

_PLAIN = "请该单位不要压缩、不设密码，直接发送表格文件（.xlsx）。"


@dataclass
class _Budget:
    members: int = MAX_MEMBERS
    bytes: int = MAX_TOTAL

    def take(self, size: int) -> None:
        self.members -= 1
        self.bytes -= size
        if self.members < 0 or self.bytes < 0:
            raise _RefusedError("解压后的文件过多或过大")


class _RefusedError(Exception):
    """An archive, or a member of one, that is not opened; the text says why."""


@dataclass(frozen=True)
class _Member:
    name: str
    data: bytes = b""
    ignored: str = ""
    problem: str = ""
    moment: tuple[int, ...] = ()
    received: dt.datetime | None = None
    subject: str = ""


def leaves(outer: Attachment) -> list[Attachment]:
    """The files in an attachment that are no containers themselves; the attachment where it is none.

    A container that holds nothing or cannot be opened stands for itself, with the reason.
    """
    return list(_leaves(outer, _Budget(), MAX_DEPTH))


def _leaves(outer: Attachment, budget: _Budget, depth: int) -> Iterator[Attachment]:
    kind = "" if outer.ignored or outer.problem else kind_of(outer.data)
    if kind not in ("zip", "mail"):
        yield outer
        return
    if depth == 0:
        yield replace(outer, problem=f"压缩包或邮件嵌套超过{MAX_DEPTH}层", advice=_PLAIN)
        return
    count = 0
    try:
        for member in (_zip_members if kind == "zip" else _mail_members)(outer.data, budget):
            count += 1
            yield from _leaves(_inside(outer, member, count), budget, depth - 1)
    except _RefusedError as e:
        yield replace(outer, problem=str(e), advice=_PLAIN)
    except Exception:  # noqa: BLE001  zipfile and email raise whatever a broken file makes them
        yield replace(outer, problem="已损坏，打不开", advice="请该单位核对后重新发送原文件。")
    else:
        if not count:
            yield replace(outer, empty="压缩包是空的" if kind == "zip" else "邮件没有附件")


def _inside(outer: Attachment, member: _Member, number: int) -> Attachment:
    source = outer.source
    name = member.name.replace("\\", "/").strip("/") or f"附件{number}"
    return Attachment(
        replace(
            source,
            path=f"{source.path}{INSIDE}{name}",
            sha256=hashlib.sha256(member.data).hexdigest() if member.data or not member.problem else "",
            received=member.received or source.received,
            moment=member.moment or source.moment,
            subjects=(member.subject, *source.subjects) if member.subject else source.subjects,
        ),
        member.data,
        ignored=member.ignored or why_ignored(name.rpartition("/")[2]),
        problem=member.problem,
        advice=_PLAIN if member.problem else "",
    )


def _zip_members(data: bytes, budget: _Budget) -> Iterator[_Member]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            name = _zip_name(info)
            if "__MACOSX/" in name:
                budget.take(0)
                yield _Member(name, ignored="系统文件或临时文件")
                continue
            if info.file_size > MAX_MEMBER:
                budget.take(0)
                yield _Member(name, problem=f"解压后超过{MAX_MEMBER >> 20}MB")
                continue
            budget.take(info.file_size)
            yield _zip_member(archive, info, name)


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> _Member:
    if info.flag_bits & 1:
        return _Member(name, problem="压缩包设有密码")
    try:
        with archive.open(info) as f:
            # The size an archive declares need not be the size it unpacks to.
            data = f.read(info.file_size + 1)
    except Exception:  # noqa: BLE001  as above; the other members are read all the same
        return _Member(name, problem="压缩包中的这个文件已损坏")
    return _Member(name, data, moment=info.date_time)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The member's name: UTF-8 where it is flagged or valid, else GBK, which Chinese Windows writes."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _mail_members(data: bytes, budget: _Budget) -> Iterator[_Member]:
    mail = message_from_bytes(mail_text(data), policy=policy.default)
    received, subject = _date(mail), str(mail.get("Subject", ""))
    for part in list(_attached(mail)) or list(_body_with_table(mail)):
        forwarded = part.get_content_type() == "message/rfc822"
        content = part.get_content().as_bytes() if forwarded else _content(part)
        budget.take(len(content))
        inline = part.get("Content-ID") and part.get_content_disposition() != "attachment"
        ignored = "邮件正文中的图片" if inline and part.get_content_maintype() == "image" else ""
        name = str(part.get_filename() or ("转发邮件.eml" if forwarded else "正文.html" if _is_html(part) else ""))
        yield _Member(name, content, ignored=ignored, received=received, subject=subject)


def _attached(mail: Message[Any, Any]) -> Iterator[Any]:
    """The mail's attachments; a forwarded mail is one, whose own parts are not this mail's."""
    if mail.get_content_type() == "message/rfc822":
        yield mail
    elif mail.is_multipart():
        for part in mail.iter_parts():  # type: ignore[attr-defined]
            yield from _attached(part)
    elif mail.get_filename() or mail.get_content_maintype() != "text":
        yield mail


def _body_with_table(mail: Message[Any, Any]) -> Iterator[Any]:
    """The mail's own text, where the form was pasted into it."""
    for part in mail.walk():
        if _is_html(part) and b"<td" in _content(part).lower():
            yield part


def _is_html(part: Message[Any, Any]) -> bool:
    return part.get_content_type() == "text/html"


def _content(part: Message[Any, Any]) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _date(mail: Message[Any, Any]) -> dt.datetime | None:
    try:
        date = parsedate_to_datetime(str(mail["Date"]))
        return (date if date.tzinfo else date.replace(tzinfo=BEIJING)).astimezone(BEIJING)
    except (TypeError, ValueError, OverflowError):
        return None

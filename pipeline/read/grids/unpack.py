"""Archives and mails to the files in them, in memory: no member ever touches the disk under its own name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from pipeline.model import Attachment, clean_name
from pipeline.read.grids.budget import MAX_DEPTH, Budget, Member, RefusedError
from pipeline.read.grids.inbox import why_ignored, why_no_file
from pipeline.read.grids.kinds import kind_of
from pipeline.read.grids.mails import mail_members, mailbox_members
from pipeline.read.grids.received import ANY_TIME, Clock
from pipeline.read.grids.volumes import is_volume
from pipeline.read.grids.zips import zip_members

INSIDE = " › "

_PLAIN = "请不要压缩、不设密码，直接发送表格文件（.xlsx）。"
_MAX_FOLDERS = 10
"""Names shown of a member's path, the last ones."""

_PART, _AGAIN = "是分卷压缩包的一卷，不能读取", "请核对后重新发送原文件。"
_MEMBERS = {"zip": zip_members, "mail": mail_members, "mailbox": mailbox_members}


def leaves(outer: Attachment, clock: Clock = ANY_TIME) -> Iterator[Attachment]:
    """The files in an attachment that are no containers themselves, one by one; the attachment itself where it is no container.

    A container that holds nothing, cannot be opened or is not read to its end stands for itself, with the reason.
    """
    return _leaves(outer, Budget(), MAX_DEPTH, clock)


def _leaves(outer: Attachment, budget: Budget, depth: int, clock: Clock) -> Iterator[Attachment]:
    kind = "" if outer.ignored or outer.problem else kind_of(outer.data)
    if kind not in _MEMBERS:
        # replace() costs several times as much, and every file passes here.
        yield Attachment(outer.source, outer.data, kind=kind, quoted=outer.quoted) if kind else outer
        return
    if depth == 0:
        yield replace(outer, problem=f"压缩包或邮件嵌套超过{MAX_DEPTH}层", advice=_PLAIN)
        return
    count = 0
    try:
        for member in _MEMBERS[kind](outer.data, budget):
            count += 1
            yield from _leaves(_inside(outer, member, count, clock), budget, depth - 1, clock)
    except RefusedError as e:
        yield replace(outer, problem=str(e), advice=_PLAIN)
    except Exception:  # noqa: BLE001  zipfile and email raise whatever a broken file makes them
        split = is_volume(outer.source.name)
        yield replace(outer, problem=_PART if split else "已损坏，打不开", advice=_PLAIN if split else _AGAIN)
    else:
        if not count:
            yield replace(outer, empty="压缩包是空的" if kind == "zip" else "邮件没有附件")


def _inside(outer: Attachment, member: Member, number: int, clock: Clock) -> Attachment:
    path = member.name.replace("\\", "/").strip("/") or f"附件{number}"
    name = "/".join(map(clean_name, path.split("/")[-_MAX_FOLDERS:]))
    problem, advice = (member.problem, member.advice or _PLAIN) if member.problem else why_no_file(name)
    sha256 = hashlib.sha256(member.data).hexdigest() if member.data or not member.problem else ""
    source = clock.of_member(outer.source, f"{outer.source.path}{INSIDE}{name}", sha256, member.times)
    return Attachment(
        replace(
            source,
            moment=member.moment or source.moment,
            subjects=(clean_name(member.subject), *source.subjects) if member.subject else source.subjects,
        ),
        member.data,
        ignored=member.ignored or why_ignored(name.rpartition("/")[2]),
        problem=problem,
        advice=advice,
        quoted=member.quoted,
    )

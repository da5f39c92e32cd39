"""Bytes to text, in the encodings that Chinese programs write."""

from __future__ import annotations

import re

from pipeline.model import LOST

XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decoded(data: bytes, *, whole: bool = True) -> str | None:
    """The bytes as text, None where they are none: UTF-8 or UTF-16 by their mark or by being valid, else GBK.

    Not `whole`: a character may be cut at the end. A few bytes that are no text are replaced: they spoil their own cell.
    """
    for encoding in _encodings(data):
        for cut in (0,) if whole else (0, 1, 2, 3):
            try:
                text = data[: len(data) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            if (cleaned := _cleaned(text)) is not None:
                return cleaned
    attempts = (data.decode(encoding, "replace") for encoding in _encodings(data))
    best = min(attempts, key=lambda text: text.count(LOST))
    return _cleaned(best) if best.count(LOST) <= _spoiled(best) else None


def _encodings(data: bytes) -> list[str]:
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return ["utf-32"]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ["utf-16"]
    even, odd = data[0::2].count(0), data[1::2].count(0)
    # GBK and UTF-8 text holds no NUL but a stray one; in UTF-16 each ASCII character has one, on the same side.
    if max(even, odd) > _spoiled(data):
        return ["utf-16-le" if odd >= even else "utf-16-be"]
    return ["utf-8-sig", "gb18030"]


def _cleaned(text: str) -> str | None:
    """The text with its stray control characters as the replacement mark; None where they are more than stray."""
    cleaned, found = _CONTROLS.subn(LOST, text)
    return cleaned if found <= _spoiled(text) else None


def _spoiled(text: bytes | str) -> int:
    """How many bad bytes or characters a text of that length may have and still be text."""
    return len(text) // 200 + (len(text) > 20)

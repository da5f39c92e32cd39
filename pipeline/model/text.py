"""Text from outside, made fit for every place it can go: a sheet, a comment, a file's name, the screen."""

from __future__ import annotations

import re
from functools import lru_cache

LOST = "\ufffd"
"""What stands for a byte or a sign that is no text."""

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_TURNS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Marks that turn the direction of writing: what stands behind one is shown in another order than it was written."""

_AROUND = re.compile(f"^[{_TURNS}]+|[{_TURNS}]+$")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_UNCLEAN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029{_TURNS}\ufffe\uffff]")
_ENDS = re.compile("[\t\n]+")
_MAX_NAME_CHARS = 200
_INSIDE = "›"
"""Parts a container from what lies in it, in the path of a file."""


@lru_cache(maxsize=2**12)
def clean(text: str) -> str:
    """The text with line ends of one kind, and a mark for each sign that neither a sheet nor a screen can show."""
    if not _UNCLEAN.search(text):
        return text
    return _NO_TEXT.sub(LOST, _AROUND.sub("", _BREAKS.sub("\n", text)))


def clean_name(text: str) -> str:
    """The same of a name: on one line, no longer than a name is, and without the sign that parts containers."""
    name = text if text.isprintable() else _ENDS.sub(" ", clean(text))
    return (name if len(name) <= _MAX_NAME_CHARS else _shortened(name)).replace(_INSIDE, ">")


def _shortened(name: str) -> str:
    """A long name with its middle left out: its end tells what kind of file it is."""
    return f"{name[: _MAX_NAME_CHARS - 30]}…{name[-29:]}"

"""A line in words that can be read out on the phone: its figures, and no file or path."""

from __future__ import annotations

import re

from pipeline.model import Finding
from pipeline.phones import masked
from pipeline.rules import rules_of
from schemas.form import Form

_FILE = re.compile(r"(?:[，、]?(?:见|取自|采用|替代))?“[^“”]*(?:/|\\| › |\.[A-Za-z0-9]{2,5})[^“”]*”")
_EMPTIED = re.compile("（[，、：]*）")
_FEW = 3
"""Lines read out on the phone; the others stand on the slip."""


def all_spoken(form: Form, lines: list[Finding], *, plainly: bool = False) -> str:
    """What is said of several lines; `plainly`: without texts that a unit typed, which can hold a name."""
    text = "；".join(spoken(form, f, plainly=plainly) for f in lines[:_FEW])
    return f"{text}；等{len(lines)}处" if len(lines) > _FEW else text


def spoken(form: Form, f: Finding, *, plainly: bool = False) -> str:
    """What is said of one line."""
    rule, filed = f.rule, masked(str(f.filed))
    if rule in {c.unreadable for c in form.columns}:
        filed = "" if plainly else f"现填“{filed}”，"
        rule = _UNREADABLE
    elif rule in form.relations:
        return f"{rules_of(form)[rule].holds}，现填{filed}"
    words = _WORDS.get(rule, without_paths(f.message).rstrip("。").replace("{", "").replace("}", ""))
    return words.format(labels="、".join(f.labels), filed=filed, reference=f.reference, difference=f.difference)


_UNREADABLE = "unreadable"
_WORDS = {
    _UNREADABLE: "“{labels}”{filed}不能计入",
    "CELL-4": "“{labels}”现填{filed}，数值偏大",
    "HIST-1": "截至本月{filed}，前者多出{difference}",
    "HIST-2": "各项数字与{reference}完全相同",
    "HIST-3": "各项数字逐月只增不减，像是累计数：{filed}",
    "HIST-4": "“{labels}”现填{filed}，以前各月一般在{reference}左右",
}


def without_paths(text: str) -> str:
    """The text without the files that it names."""
    return _EMPTIED.sub("", _FILE.sub("", text))

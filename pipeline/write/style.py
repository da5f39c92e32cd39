"""The looks of the workbooks, by name (GB/T 9704 typefaces; Excel falls back by itself where one is not installed)."""

from __future__ import annotations

from pipeline.rules import ERROR, NOTICE, QUERY

TITLE_FONT, HEAD_FONT, BODY_FONT = "方正小标宋简体", "黑体", "仿宋_GB2312"

GRADE_COLOUR = {ERROR: "#F8B4AE", QUERY: "#FFE699", NOTICE: "#CFE2F3"}
GRADE_MARK = {ERROR: "●", QUERY: "▲", NOTICE: "○"}
"""A mark behind the figure survives a black-and-white print."""

MARKED = ("number", "centre")
"""Looks of cells that do not say their grade in words."""


def marked(grade: str) -> str:
    """The number format that shows the grade's mark behind a figure or a text, and in a blank cell alone."""
    mark = f'"{GRADE_MARK[grade]}"'
    return f"0{mark};-0{mark};0{mark};@{mark}"


CHART_COLOURS = ("#2F5597", "#A5C8E4", "#7F7F7F")
"""Dark, light and grey: told apart in print too."""

_BOX = {"border": 1, "valign": "vcenter"}
_BODY = _BOX | {"font_name": BODY_FONT, "font_size": 10.5}
_WHOLE = {"shrink": True}
"""A figure that its column is too narrow for is shown smaller, and not as ####."""

_CLOSED = {"font_color": "#7F7F7F"}
"""Of what nobody has to see to any more."""

_TOTAL = {"bold": True, "bg_color": "#EDEDED", "top": 2, "bottom": 2}

LOOKS: dict[str, dict[str, object]] = {
    "title": {"font_name": TITLE_FONT, "font_size": 20, "align": "center", "valign": "vcenter"},
    "caption": {"font_name": BODY_FONT, "font_size": 12, "valign": "vcenter"},
    "caption_right": {"font_name": BODY_FONT, "font_size": 12, "valign": "vcenter", "align": "right"},
    "note": {"font_name": BODY_FONT, "font_size": 11, "text_wrap": True, "valign": "top"},
    "section": {"font_name": HEAD_FONT, "font_size": 13, "valign": "vcenter"},
    "head": _BOX
    | {"font_name": HEAD_FONT, "font_size": 10.5, "align": "center", "text_wrap": True, "bg_color": "#F2F2F2"},
    "number": _BODY | {"align": "center", "num_format": "0"} | _WHOLE,
    "centre": _BODY | {"align": "center", "text_wrap": True},
    "text": _BODY | {"text_wrap": True},
    "centre_closed": _BODY | {"align": "center", "text_wrap": True} | _CLOSED,
    "text_closed": _BODY | {"text_wrap": True} | _CLOSED,
    "line": _BODY,
    "grade": _BODY | {"align": "center", "text_wrap": True},
    "rate": _BODY | {"align": "center", "num_format": "0.0%"} | _WHOLE,
    # On a protected form: what may be filled in, and what the form says of it.
    "answer": _BODY | {"align": "center", "text_wrap": True, "locked": False},
    "answer_text": _BODY | {"text_wrap": True, "locked": False},
    "signed": {"font_name": BODY_FONT, "font_size": 12, "valign": "vcenter", "locked": False},
    # As text, so that a phone keeps its first 0 and all its digits.
    "person": _BODY | {"text_wrap": True, "locked": False, "num_format": "@", "font_size": 12},
    "check": _BOX | {"font_name": BODY_FONT, "font_size": 9, "text_wrap": True, "align": "center"},
    "total": _BODY | {"align": "center", "num_format": "0"} | _TOTAL | _WHOLE,
    "total_rate": _BODY | {"align": "center", "num_format": "0.0%"} | _TOTAL | _WHOLE,
}

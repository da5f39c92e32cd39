"""What the controls of a Word form show: boxes that are ticked or not, lists, content controls."""

from __future__ import annotations

from typing import Any

from pipeline.read.grids.wordxml import attribute, child, elements, is_on, name, number

_TICKED, _UNTICKED = "√", "□"


def shown_by(form: Any) -> str:
    """What a box or a list of a form shows, '' where it is neither."""
    box, choice = child(form, "checkBox"), child(form, "ddList")
    if box is not None:
        state = child(box, "checked")
        return _TICKED if is_on(child(box, "default") if state is None else state) else _UNTICKED
    if choice is None:
        return ""
    result = child(choice, "result")
    at = number(child(choice, "default") if result is None else result, 0)
    entries = [attribute(e, "val") for e in choice if name(e) == "listEntry"]
    return entries[at] if at < len(entries) else ""


def settle_controls(root: Any) -> None:
    """Leaves in each content control what was put into it: a tick or none, and no words that ask for something."""
    for control in list(elements(root, "sdt")):
        about, content = child(control, "sdtPr"), child(control, "sdtContent")
        box = child(about, "checkbox")
        prompts = child(about, "showingPlcHdr")
        if content is None or (box is None and not is_on(prompts)):
            continue
        shown = "" if box is None else _TICKED if is_on(child(box, "checked")) else _UNTICKED
        for piece in list(elements(content, "t", "sym")):
            piece.tag, piece.text = "t", shown
            shown = ""

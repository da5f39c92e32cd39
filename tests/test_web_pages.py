"""Web pages: what a browser shows counts, whatever the page holds besides."""

from __future__ import annotations

import pytest

from pipeline.read.unreadable import UNREADABLE
from tests.builders import FORM, VALUES, annex1, expected, figures_of
from tests.envelopes import as_html
from tests.test_files import is_as_sent, readings, the_return


def page(changes: dict[str, str] | None = None, head: str = "", **filed: object) -> str:
    """The form as a page; `changes` replaces the text of figures by markup."""
    text = as_html(annex1(**{k: f"@{k}@" for k in changes or ()}, **filed), head)
    for key, markup in (changes or {}).items():
        text = text.replace(f"@{key}@", markup)
    return text


def of(text: str):
    return the_return(text.encode(), "附件1.xls")


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        ("<s>8</s>6", 6),
        ("<del>8</del><ins>6</ins>", 6),
        ("<span style='text-decoration:line-through'>8</span>6", 6),
        ("<span style='TEXT-DECORATION: underline line-through'>8</span>6", 6),
        ("<font class=font5>8</font>6", 6),
        ("<strike>8</strike>", None),
        ("12<sup>1</sup>", None),
        ("12<sub>1</sub>", None),
        ("12<span style='vertical-align:super'>1</span>", None),
        ("<span style='display:none'>8</span>6", 6),
        ("<span style='visibility:hidden'>8</span>6", 6),
        ("<span style='mso-hide:all'>8</span>6", 6),
        ("<span hidden>8</span>6", 6),
        ("<span class=off>8</span>6", 6),
        ("<ruby>6<rp>(</rp><rt>9</rt><rp>)</rp></ruby>", 6),
        ("<!-- 8 -->6", 6),
        ("3<br>5", None),
        ("<p>3</p><p>5</p>", None),
        ("<p>5</p><p>&nbsp;</p>", 5),
        ("3&nbsp;5", None),
        ("&nbsp;5&nbsp;", 5),
        ("<b>3</b>5", 35),
        ("<span>\n  5\n</span>", 5),
        ("<input value=5>", 5),
        ("<input type=hidden value=8>5", 5),
    ],
)
def test_a_figure_is_what_the_page_shows(markup, value):
    head = "<style>.font5{text-decoration:line-through;} <!-- td.x, .off {display:none} --></style>"
    filed = of(page({"press": markup}, head))
    assert figures_of(filed) == expected() | {"press": value}


@pytest.mark.parametrize(
    ("markup", "value"),
    [("<input type=checkbox checked>", True), ("<input type=radio>", None), ("<font face=Wingdings>ü</font>", True)],
)
def test_a_tick_is_what_the_page_shows(markup, value):
    assert figures_of(of(page({"body_established": markup}))) == expected() | {"body_established": value}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<td x:num>5", 5),
        ("<td x:num='5'>5", 5),
        ("<td x:num='5'>5次", 5),
        ("<td x:num='5.4'>5", None),
        ("<td x:num='50000'>5", None),
        ("<td x:num='1200'>1,200", 1200),
        ("<td x:err='#REF!'>#REF!", None),
        ("<td x:str>5", 5),
    ],
)
def test_excels_own_pages_show_what_they_show(cell, value):
    assert figures_of(of(page({"press": "@"}).replace("<td>@", cell))) == expected() | {"press": value}


def rows(text: str) -> list[str]:
    return text.split("<tr>")


@pytest.mark.parametrize(
    "about",
    ["style='display:none'", "height=0", "style='height:0pt'", "hidden", "style='visibility:collapse'", "class=gone"],
)
def test_a_row_that_is_not_displayed_is_not_read(about):
    *before, last = rows(page(head="<style>.gone{display:none}</style>"))
    hidden = last.partition("</table>")[0].replace("12", "99")
    (reading,) = readings(("<tr>".join(before) + f"<tr {about}>" + hidden + f"<tr>{last}").encode(), "附件1.htm")
    assert [is_as_sent(t) for t in reading.tables] == [True]
    assert reading.notes == ("隐藏的行（第6行）未读",)


def test_excels_empty_last_row_is_no_hidden_one():
    empty = page().replace("</table>", "<tr height=0 style='display:none'><td width=9></td></tr></table>")
    (reading,) = readings(empty.encode(), "附件1.htm")
    assert reading.notes == ()


@pytest.mark.parametrize("about", ["style='display:none'", "width=0", "style='width:0'"])
def test_a_column_that_is_not_displayed_is_not_read(about):
    press = FORM.keys.index("press")
    cols = f"<col><col span={press - 1}><col {about}><col span=9>"
    (reading,) = readings(page().replace("<table>", f"<table>{cols}").encode(), "附件1.htm")
    (filed,) = reading.tables
    assert (filed.figures["press"].state, figures_of(filed)["broadcast"]) == ("missing", VALUES["broadcast"])
    assert reading.notes == (f"隐藏的列（第{press + 1}列）未读",)


def test_a_table_that_is_not_displayed_is_not_read():
    hidden = page(press=99).replace("<table>", "<table style='display:none'>")
    assert is_as_sent(of(hidden.replace("</body></html>", "") + page().partition("<body>")[2]))


def test_the_form_in_a_cell_of_a_layout_table_below_its_captions():
    inner = page().partition("<table>")[2].partition("</table>")[0]
    *_, title, caption, group, labels, filed = inner.split("<tr>")
    words = "单位：城关镇　统计时间：2023年5月"
    table = f"<table><tr>{title}<tr>{group}<tr>{labels}<tr>{filed}</table>"
    assert is_as_sent(of(f"<html><table><tr><td>{words}<tr><td>{table}</table></html>"))
    assert caption


def test_a_caption_of_the_table_stands_above_it():
    text = page(unit=None).replace("<table>", "<table><caption>单位：城关镇</caption>").replace("单位：<", "<")
    assert is_as_sent(of(text))


@pytest.mark.parametrize("depth", [60, 3_000])
def test_tables_in_each_other_without_end_cost_one_line(depth):
    (reading,) = readings(("<table><tr><td>" * depth + "x").encode(), "附件1.htm")
    assert reading.rule in ("FILE-1", "FILE-2")


def test_a_page_that_only_leads_elsewhere_is_reported():
    text = "<html><body>附件1 <a href='https://kdocs.example.invalid/l/1'>打开</a></body></html>"
    (reading,) = readings(text.encode(), "城关镇附件1.html")
    assert (reading.rule, reading.detail, reading.unit) == ("FILE-1", UNREADABLE["link"][0], "城关镇")

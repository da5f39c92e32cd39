"""Word documents: what the page shows counts, in whatever part of the file it stands."""

from __future__ import annotations

import pytest

from pipeline.model import Reading
from pipeline.read.grids.tables import read_tables
from pipeline.read.unreadable import UNREADABLE
from schemas.contacts import CONTACT_COLUMNS
from tests.builders import MAY, TITLE_1, annex1, expected, figures_of, xlsx
from tests.documents import (
    CAPTIONS,
    CHANGE,
    STRICT,
    W,
    cell,
    docx,
    figures,
    flat,
    form,
    heads,
    para,
    photo,
    row,
    run,
    style,
    styles,
    word_2003,
)
from tests.envelopes import as_html
from tests.test_files import is_as_sent, readings, the_return


def of(body: str, parts=None):
    return the_return(docx(body, parts), "附件1.docx")


def reading_of(data: bytes, name: str = "城关镇附件1.docx") -> Reading:
    (reading,) = readings(data, name)
    return reading


# -- wrappings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrap", [docx, lambda b: docx(b, space=STRICT), flat, word_2003])
def test_every_wrapping_of_a_document(wrap):
    assert is_as_sent(the_return(wrap(form()), "附件1.doc"))


# -- text that is shown -----------------------------------------------------------------------------------------------

STRIKE, DOUBLE, HIDDEN = "<w:strike/>", "<w:dstrike/>", "<w:vanish/>"
HIGH, LOW = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'


def tick(tag: str, checked: str) -> str:
    """A box of a form as Word has written it since 2010."""
    return (
        f"<w:sdt><w:sdtPr><w14:checkbox><w14:{tag} w14:val='{checked}'/></w14:checkbox></w:sdtPr>"
        f"<w:sdtContent>{run('☒')}</w:sdtContent></w:sdt>"
    )


def old_box(inside: str) -> str:
    begin = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox>{inside}</w:checkBox></w:ffData></w:fldChar></w:r>'
    return f'{begin}<w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'


def old_list(result: str) -> str:
    entries = "".join(f'<w:listEntry w:val="{v}"/>' for v in ("3", "5", "8"))
    return f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList>{result}{entries}</w:ddList></w:ffData></w:fldChar></w:r>'


def sym(font: str, char: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>'


def field(code: str, result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    return f"{mark('begin')}{code}{mark('separate')}{result}{mark('end')}"


def boxed(figure: int) -> str:
    return f"<w:tbl><w:tr><w:tc>{para(run(figure))}</w:tc></w:tr></w:tbl>"


def ruby(text: str) -> str:
    return f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('9')}</w:rt><w:rubyBase>{run(text)}</w:rubyBase></w:ruby></w:r>"


@pytest.mark.parametrize(
    ("runs", "value"),
    [
        (run(8, STRIKE) + run(6), 6),
        (run(8, DOUBLE) + run(6), 6),
        (run(8, '<w:strike w:val="0"/>') + run(6), 86),
        (run(8, STRIKE), None),
        (run(8, HIDDEN) + run(6), 6),
        (run(12) + run(1, HIGH), None),
        (run(12) + run(1, LOW), None),
        (run(12) + run(1, '<w:position w:val="6"/>'), None),
        (run(12, '<w:position w:val="6"/>'), 12),
        (run(12) + '<w:r><w:footnoteReference w:id="2"/></w:r>', None),
        (run(12) + '<w:r><w:commentReference w:id="2"/></w:r>', 12),
        ("<w:r><w:t>3</w:t><w:noBreakHyphen/><w:t>5</w:t></w:r>", None),
        ("<w:r><w:t>3</w:t><w:cr/><w:t>5</w:t></w:r>", None),
        ("<w:r><w:t>3</w:t><w:br/><w:t>5</w:t></w:r>", None),
        ("<w:r><w:t>3</w:t><w:tab/><w:t>5</w:t></w:r>", None),
        (para(run(3)) + para(run(5)), None),
        (para("") + para(run(5)) + para(""), 5),
        (run(3) + run(5, "<w:b/>"), 35),
        (f"<w:del {CHANGE}><w:r><w:delText>8</w:delText></w:r></w:del><w:ins {CHANGE}>{run(4)}</w:ins>", 4),
        (f"<w:moveFrom {CHANGE}>{run(8)}</w:moveFrom><w:moveTo {CHANGE}>{run(4)}</w:moveTo>", 4),
        (field("<w:r><w:instrText> = 4+5 </w:instrText></w:r>", run(9)), 9),
        (field(run(7) + "<w:r><w:instrText> IF </w:instrText></w:r>", run(9)), 9),
        (field("<w:r><w:instrText> =SUM(LEFT) </w:instrText></w:r>", ""), None),
        ('<w:fldSimple w:instr=" =4+5 "/>', None),
        (f'<w:fldSimple w:instr="X">{run(9)}</w:fldSimple>', 9),
        (f"{boxed(5)}<w:p/>", 5),
        (f"{para(run(3))}{boxed(5)}<w:p/>", None),
        (ruby("4"), 4),
        (old_list('<w:result w:val="1"/>'), 5),
        (old_list(""), 3),
        (f"<w:sdt><w:sdtPr><w:dropDownList/></w:sdtPr><w:sdtContent>{run(5)}</w:sdtContent></w:sdt>", 5),
        (f"<w:smartTag>{run(5)}</w:smartTag>", 5),
        ("<m:oMath><m:r><m:t>5</m:t></m:r></m:oMath>", 5),
        ("<m:oMath><m:sSup><m:e><m:r><m:t>5</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>", None),
        ("<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>", None),
        (f"<w:hyperlink>{run(5)}</w:hyperlink>", 5),
    ],
)  # fmt: skip
def test_a_figure_is_what_the_page_shows(runs, value):
    filed = of(form({"press": runs}))
    assert figures_of(filed) == expected() | {"press": value}
    assert filed.figures["press"].state == ("ok" if value is not None else "unreadable")


def test_a_soft_hyphen_parts_what_stands_around_it():
    body = form({"press": "<w:r><w:t>3</w:t><w:softHyphen/><w:t>5</w:t></w:r>"})
    (grid,) = read_tables(docx(body), "docx").grids
    assert "3\u00ad5" in grid.rows[-1]


def test_a_prompt_of_a_control_is_no_text():
    prompt = (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处输入文字3')}</w:sdtContent></w:sdt>"
    )
    assert of(form({"press": prompt})).figures["press"].state == "blank"


@pytest.mark.parametrize(
    ("runs", "value"),
    [
        (sym("Wingdings", "F0FC"), True),
        (sym("Wingdings", "F0FB"), False),
        (sym("Wingdings 2", "F050"), True),
        (run("ü", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), True),
        (old_box("<w:default w:val='0'/><w:checked/>"), True),
        (old_box("<w:default w:val='1'/>"), True),
        (old_box("<w:default w:val='1'/><w:checked w:val='0'/>"), None),
        (tick("checked", "1"), True),
        (tick("checked", "0"), None),
        (run("是", STRIKE) + run("否"), False),
    ],
)
def test_a_tick_is_what_the_page_shows(runs, value):
    assert figures_of(of(form({"body_established": runs}))) == expected() | {"body_established": value}


def test_a_ticked_box_that_is_a_whole_cell():
    body = form().replace(cell(run("是")), tick("checked", "1").replace(run("☒"), cell(run("☒"))))
    assert is_as_sent(of(body))


@pytest.mark.parametrize(
    ("look", "runs", "value"),
    [
        (STRIKE, run(8, '<w:rStyle w:val="low"/>') + run(6), 6),
        (HIDDEN, run(8, '<w:rStyle w:val="low"/>') + run(6), 6),
        (HIDDEN, run(8, '<w:rStyle w:val="low"/><w:vanish w:val="0"/>') + run(6), 86),
        (HIGH, run(12) + run(1, '<w:rStyle w:val="low"/>'), None),
    ],
)
def test_a_style_says_it_too(look, runs, value):
    given = styles(style("top", look), style("low", "<w:b/>", "top"))
    assert figures_of(of(form({"press": runs}), given)) == expected() | {"press": value}


def test_a_paragraph_style_says_it_too_and_two_styles_undo_each_other():
    given = styles(style("p", HIDDEN, kind="paragraph"), style("c", HIDDEN))
    hidden = para(run(8), '<w:pStyle w:val="p"/>') + para(run(6))
    assert figures_of(of(form({"press": hidden}), given))["press"] == 6
    shown = para(run(8, '<w:rStyle w:val="c"/>'), '<w:pStyle w:val="p"/>')
    assert figures_of(of(form({"press": shown}), given))["press"] == 8


def test_styles_that_rest_on_each_other_end():
    given = styles(style("a", "", "b"), style("b", "", "a"))
    assert is_as_sent(of(form({"press": run(1, '<w:rStyle w:val="a"/>')}), given))


# -- rows, tables, places ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("about", ["<w:hidden/>", f"<w:del {CHANGE}/>"])
def test_a_row_that_is_not_seen_is_not_read(about):
    reading = reading_of(docx(form(rows=figures() + figures(about=about, press=7))))
    assert is_as_sent(reading.tables[0])
    assert "隐藏的行（第4行）未读" in reading.notes


def test_a_cell_that_was_deleted_leaves_no_gap():
    kept = form()
    gone = cell(run(8), f"<w:cellDel {CHANGE}/>")
    last = kept.rindex("<w:tr")
    second = kept.index("<w:tc>", kept.index("<w:tc>", last) + 1)
    assert is_as_sent(of(kept[:second] + gone + kept[second:]))


def test_what_tracked_changes_took_away_is_reported():
    gone = f"<w:del {CHANGE}><w:r><w:delText>8</w:delText></w:r></w:del>"
    assert "修订中删除或移走的内容未读" in reading_of(docx(form({"press": gone + run(1)}))).notes


def test_rows_and_cells_in_controls_and_behind_others():
    wrapped = f"<w:sdt><w:sdtPr/><w:sdtContent>{figures()}</w:sdtContent></w:sdt>"
    assert is_as_sent(of(form(rows=wrapped)))
    table = f"<w:sdt><w:sdtContent><w:tbl>{heads()}{figures()}</w:tbl></w:sdtContent></w:sdt>"
    assert is_as_sent(of(para(run("单位：城关镇")) + para(run("统计时间：2023年5月")) + table))


def test_cells_that_cover_others():
    first = cell(run("序号"), '<w:vMerge w:val="restart"/>')
    below = cell(run("藏"), "<w:vMerge/>")
    body = form(rows=figures(about='<w:gridBefore w:val="1"/>'))
    top, under = (
        f"<w:tr><w:trPr></w:trPr>{cell(run('安排部署情况'))}",
        f"<w:tr><w:trPr></w:trPr>{cell(run('是否建立机构'))}",
    )
    assert top in body
    assert under in body
    for before, covered in ((top, first), (under, below)):
        body = body.replace(before, before.replace("</w:trPr>", f"</w:trPr>{covered}"))
    assert is_as_sent(of(body))


def test_the_form_in_a_cell_of_another_table():
    whole = f"<w:tbl>{row(cell(para(run('单位：城关镇'))))}{row(cell(form(captions=para(run('统计时间：2023年5月'))) + para('')))}</w:tbl>"
    assert is_as_sent(of(whole))


def box(inner: str) -> str:
    """A text box as Word writes it: once for itself, once for older programs."""
    new = f"<mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
    old = f"<mc:Fallback><w:pict><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
    return f"<w:r><mc:AlternateContent>{new}{old}</mc:AlternateContent></w:r>"


def test_captions_in_a_text_box():
    captions = para(box(para(run("单位：城关镇")) + para(run("统计时间：2023年5月"))))
    assert is_as_sent(of(form(captions=captions)))


def test_the_form_in_a_text_box_is_one_form():
    assert is_as_sent(of(para(box(form()))))


def test_a_text_box_over_a_cell_is_not_its_text():
    assert is_as_sent(of(form({"press": run(1) + box(para(run("注：5")))})))


def page_header(text: str) -> bytes:
    return f'<w:hdr xmlns:w="{W}">{para(run(text))}</w:hdr>'.encode()


def test_captions_in_the_page_header():
    parts = {"header1.xml": ("header", page_header("单位：城关镇"))}
    assert is_as_sent(of(form(captions=para(run("统计时间：2023年5月"))), parts))


def test_a_letterhead_names_nobody():
    parts = {"header1.xml": ("header", page_header("县乡村振兴局"))}
    filed = of(form(captions=para(run("统计时间：2023年5月"))), parts)
    assert filed.unit == ""


@pytest.mark.parametrize("closing", ["填报单位（盖章）：城关镇", "单位：城关镇\t填表人：张某", "备注：无"])
def test_captions_below_the_last_table(closing):
    line = "<w:tab/>".join(f"<w:t>{text}</w:t>" for text in closing.split("\t"))
    filed = of(form(captions=para(run("统计时间：2023年5月"))) + para(f"<w:r>{line}</w:r>") + para(run("2023年6月8日")))
    assert (filed.unit, figures_of(filed)) == ("" if "备注" in closing else "城关镇", expected())


def test_each_form_of_a_document_goes_by_its_own_captions():
    units = ("城关镇", "张家塬镇", "县住建局")
    captions = (para(run("附件1")) + para(run(f"单位：{u}　统计时间：2023年5月")) for u in units)
    tables = reading_of(docx("".join(form(captions=c) for c in captions))).tables
    assert [(t.unit, figures_of(t)) for t in tables] == [(u, expected()) for u in units]


def test_the_month_that_only_the_first_form_of_a_document_says_holds_for_the_next():
    captions = [para(run("单位：城关镇　统计时间：2023年5月")), para(run("单位：张家塬镇"))]
    tables = reading_of(docx("".join(form(captions=c) for c in captions))).tables
    assert [(t.unit, t.month) for t in tables] == [("城关镇", MAY), ("张家塬镇", MAY)]


def test_a_form_whose_unit_only_its_title_names_is_nobodys_where_the_form_above_names_another():
    second = form(captions="").replace(TITLE_1, f"张家塬镇2023年5月{TITLE_1}")
    tables = reading_of(docx(form() + second)).tables
    assert [(t.unit, t.unit_fault) for t in tables] == [("城关镇", ""), ("", "表内写着“城关镇”和“张家塬镇”两个单位")]


def test_a_form_that_goes_on_in_another_table_has_the_captions_above_the_first():
    again = f"<w:tbl>{heads()}{figures(press=7)}</w:tbl>"
    tables = reading_of(docx(form() + para(run("填表人：张某")) + again)).tables
    assert [(t.unit, t.month) for t in tables] == [("城关镇", MAY)] * 2


def test_captions_above_the_contacts_hold_for_the_form_below_them():
    contacts = "".join(cell(run(c.label)) for c in CONTACT_COLUMNS)
    first = f"<w:tbl>{row(contacts)}{row(''.join(map(cell, map(run, ('张某', '镇长', '13800138000')))))}</w:tbl>"
    filed = reading_of(docx(CAPTIONS + first + form(captions=""))).tables[-1]
    assert is_as_sent(filed)


def test_captions_above_the_first_table_hold_for_the_next_where_it_has_none_of_those():
    first = "<w:tbl>" + row(cell(run("说明"))) + "</w:tbl>"
    filed = of(
        para(run("单位：城关镇　统计时间：2023年5月"))
        + first
        + form(captions=para(run("填表人：张某"))).replace(TITLE_1, "")
    )
    assert is_as_sent(filed)


def test_whom_a_letter_is_written_to_is_not_the_filer():
    letter = para(run("县住建局：")) + para(run("现将报表报送如下。"))
    assert is_as_sent(of(letter + form()))
    assert of(letter + form(captions=para(run("统计时间：2023年5月")))).unit == ""


def test_two_captions_parted_by_a_tab():
    line = para("<w:r><w:t>单位：城关镇</w:t><w:tab/><w:t>统计时间：</w:t><w:tab/><w:t>2023年5月</w:t></w:r>")
    assert is_as_sent(of(form(captions=line)))


def test_pinyin_over_unit_and_labels():
    body = (
        form()
        .replace(run("督导检查情况"), ruby("督导检查情况"))
        .replace(run("单位：城关镇"), run("单位：") + ruby("城关镇"))
    )
    assert is_as_sent(of(body))


def test_what_word_2003_has_deleted():
    deleted = f'<aml:annotation aml:id="1" w:type="Word.Deletion"><aml:content>{run(8)}</aml:content></aml:annotation>'
    added = f'<aml:annotation aml:id="2" w:type="Word.Insertion"><aml:content>{run(6)}</aml:content></aml:annotation>'
    assert figures_of(the_return(word_2003(form({"press": deleted + added})), "附件1.xml")) == expected() | {"press": 6}


# -- what lies in a document ------------------------------------------------------------------------------------------

LETTER = para(run("报表如下："))


def test_an_embedded_workbook_is_read():
    filed = of(LETTER, {"embeddings/a.xlsx": ("package", xlsx(annex1()))})
    assert is_as_sent(filed)
    assert filed.sheet == "嵌入1-附件1"


def test_an_inserted_page_is_read():
    assert is_as_sent(of(LETTER, {"a.html": ("aFChunk", as_html(annex1()).encode())}))


def test_an_inserted_document_is_read():
    assert is_as_sent(of(LETTER, {"a.docx": ("aFChunk", docx(form()))}))


def test_an_embedded_file_nobody_can_read_is_reported():
    reading = reading_of(docx(LETTER, {"embeddings/a.bin": ("oleObject", b"\0" * 600)}))
    assert (reading.rule, reading.detail, reading.unit) == ("FILE-1", UNREADABLE["embedded"][0], "城关镇")
    assert is_as_sent(of(form(), {"embeddings/a.bin": ("oleObject", b"\0" * 600)}))


def test_the_data_of_a_chart_are_no_embedded_workbook():
    reading = reading_of(docx(LETTER, {"charts/chart1.xml": ("chart", b"<c/>")}))
    assert (reading.rule, reading.quiet) == ("FILE-2", True)


@pytest.mark.parametrize(
    "wrap", [lambda p: docx(LETTER, {"media/image1.png": ("image", p)}), lambda p: flat(LETTER, p)]
)
def test_only_a_photo_is_a_scan_and_a_logo_is_none(wrap):
    reading = reading_of(wrap(photo()))
    assert (reading.rule, reading.unit) == ("FILE-3", "城关镇")
    assert reading_of(wrap(photo(3_000))).rule == "FILE-2"


def test_a_report_with_photos_is_no_scan():
    report = "".join(para(run("本月开展督导检查，走访群众，宣传政策。" * 3)) for _ in range(9))
    reading = reading_of(docx(report, {"media/image1.png": ("image", photo())}), "城关镇工作总结.docx")
    assert (reading.rule, reading.narrative) == ("", True)


def test_a_form_with_a_seal_on_it_is_a_form():
    assert is_as_sent(of(form(), {"media/image1.png": ("image", photo())}))

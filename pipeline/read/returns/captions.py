"""What stands above a table: labelled values (单位：…, 统计时间：…), title lines, and bare months."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.model import Grid, Line, Unresolved, once
from pipeline.model.frozen import frozen
from pipeline.read.returns.months import Named, NotOneMonth, is_a_day, only_time, time_in_title, time_of
from pipeline.read.returns.values import MEASURE_WORDS
from pipeline.read.text import plain, squeeze

_FILER = r"(?P<strong>填报|报送|上报|填表|编报|呈报|汇报|报告|报表)?单位(?:名称|全称)?|(?P<office>填报|报送|上报|填表)(?:乡镇|镇办|部门)"
_PERIOD = (
    r"统计(?:时间|日期|时段|期间|周期|月份|月度|年月|期)|(?:报告|报表|所属|数据|填报|报送)(?:时段|期间|所属期|月份|月度|年月|期别?|周期)"
    r"|(?:所属|数据|报表|报告)时间|所属时期|月份|年月|期间|时段|时间"
)
_ANY_TIME = ("时间", "报告时间", "报表时间", "期间", "时段")
"""Labels under which a day can be that of writing."""

_OTHER_UNITS = (
    "制表|主管|牵头|汇总|责任|配合|帮扶|包抓|监督|联系|协助|协办|协同|主办|承办|承担|实施|督办|督导|指导|检查|考核|审核|审批|编制|印发|印制|监制"
    "|主送|抄送|接收|收件|受理|上级|下属|所属|参与|参加|成员|包联|包扶|帮联|结对|对口|共建|统计|管理|主责|落实|调度"
)
_OTHER_TIMES = "导出|提交|打印|填报|填表|填写|制表|报送|上报|报出|截止|截至|更新|生成|下载|查询|录入|审核|发布|印发|创建|修改|编制|收到|接收|发送|审批|盖章|签字"
_OTHER = (
    rf"(?:{_OTHER_UNITS})(?:单位|机关|部门)(?:名称|全称)?|(?:{_OTHER_TIMES})(?:时间|日期)|日期"
    r"|(?:填报|填表|报送)?单位(?:负责人|领导|意见|地址|电话|代码|性质|类别|类型|联系人|法人|人数|公章|印章)(?:签字|签章|签名)?"
    r"|(?:分管|主管|主要)?(?:领导|负责人)(?:签字|签章|签名)?|(?:填表|填报|制表|审核|复核|审批|经办|联系|统计|报送|录入|校对|负责)(?:人员?|单位负责人)"
    r"|制表|审核|复核|经办|联络员|统计员|联系电话|联系方式|联系手机|电话|手机号?码?|座机|传真|邮箱|电子邮箱|计量单位|附件|备注|情况说明|说明|自检|注"
)
_SEAL = (
    r"(?:\((?:全称|规范名称|(?:乡?镇|街道|镇办|县直|部门|单位|[、,/及和])+|年?[、/]?月份?)\))?"
    r"(?P<seal>\((?:盖章|公章|签章|章|加盖公章|印章)\)|盖章|公章)?"
)
_LABEL = re.compile(rf"(?:(?P<other>{_OTHER})|(?P<unit>{_FILER})|(?P<period>{_PERIOD})){_SEAL}(?P<colon>:|)")
_UNLISTED = re.compile(
    rf"(?P<other>[一-鿿]{{1,6}}(?:单位(?:名称|全称)?|机关|部门|时间|日期|人|员|电话)){_SEAL}(?P<colon>:)"
)
_UNLISTED_ALONE = re.compile(rf"[一-鿿]{{1,6}}(?:单位(?:名称|全称)?|机关|部门|时间|日期){_SEAL}")
"""Whatever else a text begins with, or is, that looks like such a label names neither the unit nor the month."""

_APART = re.compile(r"\s+(?=[一-鿿]{2,8}(?:时间|日期|单位|人|员|电话)\s*(?:[（(][一-鿿]{1,4}[）)]\s*)?[:：])")
_NOTE = re.compile(r"^(?:填报|填表|填写)?(?:说明|须知|要求|注意事项?|注|备注)\d*[:.、]?")
_MAX_ROWS_AWAY, _MAX_CAPTION_CHARS = 60, 400
"""Rows above a table that can name its unit and month, and characters of such a caption."""

_FIGURES = 2

_TIME_BEHIND = re.compile(r"(?:20[0-9]{2}|二[〇零○].{2}年|(?<![0-9])[0-9]{1,2}月).*$")
_HINT = re.compile(r"[Xx×*_＿—-]{2,}.*|.*(?:请.{0,6}填|请填|填写|全称|规范名称).*|(?:某|○)*[镇乡县局]?")
_SEALS = re.compile(r"^\(?(?:盖章|公章|签章|印章|加盖公章|章)\)?:?")
_TITLE_WORDS = re.compile("表$|表\\(|统计|情况|报表|月报|附件|汇总|整治|台账")
_MAX_TITLE_CHARS, _OF_SENTENCES = 80, re.compile("[。；;，]")
_CONNECTS = re.compile(r"\s*[至到—–~～、和及-]")
_OF_TIME = re.compile(r"[0-9一二三四五六七八九十〇零年月日号至到份度\-—–~.()上中下半旬季第累计]+")

_ONLY_MEASURES = re.compile(rf"(?:[{MEASURE_WORDS}]|万元|[、,/及和()])*")

UNIT, PERIOD, OTHER = "unit", "period", "other"


@frozen
class Caption:
    """A labelled value above a table: what it is (unit, period, other), the value, and the row and column it stands in.

    `strong`: its label cannot mean anything else (填报单位, and not just 单位). `attached`: nothing parts label and
    value (填报单位城关镇), so it is one only if the value is a unit's name.
    """

    what: str
    value: object
    row: int
    column: int
    strong: bool = True
    attached: bool = False


@frozen
class Heading:
    """A text above a table that carries no label, and the row and column it stands in."""

    text: str
    row: int
    column: int

    @property
    def is_title(self) -> bool:
        """Whether it can be the title of a form; a sentence or a remark is none."""
        return _can_be_title(self.text)


@lru_cache(maxsize=2**10)
def _can_be_title(text: str) -> bool:
    return len(text) <= _MAX_TITLE_CHARS and not _OF_SENTENCES.search(text) and bool(_TITLE_WORDS.search(text))


@frozen
class Above:
    """What stands above a table, the nearest to it first; `shared`: the captions hold for its neighbours, too."""

    captions: tuple[Caption, ...] = ()
    headings: tuple[Heading, ...] = ()
    shared: bool = False

    def within(self, columns: range) -> Above:
        """What of it stands in those columns."""
        return Above(
            tuple(c for c in self.captions if c.column in columns),
            tuple(h for h in self.headings if h.column in columns),
        )


def above(grid: Grid, start: int, stop: int) -> Above:
    """What rows start … stop - 1 say."""
    captions: list[Caption] = []
    headings: list[Heading] = []
    under = _NOTHING
    for r in range(stop - 1, max(start, stop - _MAX_ROWS_AWAY) - 1, -1):
        line = grid.rows[r]
        found, texts = _of_row(line, under if _is_bare(line) else _NOTHING, r)
        captions += found
        headings += texts
        under = line
    return Above(tuple(captions), tuple(headings))


def below(grid: Grid, start: int, stop: int) -> tuple[Caption, ...]:
    """The captions of rows start … stop - 1 that stand under a table, not in it: 填报单位（盖章）：…"""
    rows = (r for r in range(start, min(stop, start + _MAX_ROWS_AWAY, len(grid.rows))) if not is_data(grid.rows[r]))
    return tuple(c for r in rows for c in _of_row(grid.rows[r], _NOTHING, r)[0])


def is_data(line: Line) -> bool:
    """Whether a line is a row of figures, in which no caption stands."""
    kinds = [type(v) for v in line]
    return kinds.count(float) + kinds.count(int) >= _FIGURES


_NOTHING = Line()


@once
def _is_bare(line: Line) -> bool:
    """Whether a line is one of several labels with nothing behind them."""
    labels = {c: found for c, text in line.texts if (found := _labelled(text[:_MAX_CAPTION_CHARS]))}
    return len(labels) > 1 and all(not found[-1][1] and ":" not in squeeze(str(line[c])) for c, found in labels.items())


@once
def _of_row(line: Line, under: Line, row: int) -> tuple[tuple[Caption, ...], tuple[Heading, ...]]:
    """The captions of a line, and its texts without label; the values of a line of labels alone stand in the next one."""
    labels = {c: _labelled(text[:_MAX_CAPTION_CHARS]) for c, text in line.texts}
    found: list[Caption] = []
    taken: set[int] = set()
    for c, of_cell in labels.items():
        for n, (what, text, strong, attached) in enumerate(of_cell, 1):
            at, down = c, 0
            value: object = text
            last = n == len(of_cell)
            if text and last and what == PERIOD:
                cells, value = _ranged(line, c, text)
                taken.update(cells)
            if not text and last:
                cells, value = _beside(line, c, what)
                taken.update(cells)
                if cells:
                    at = cells[0]
                elif c < len(under) and not starts_with_label(plain(under[c])):
                    value, down = under[c], 1
            found += _settled(Caption(what, value, row + down, at, strong, attached))
    headings = [Heading(t[:_MAX_CAPTION_CHARS], row, c) for c, t in line.words if not labels[c] and c not in taken]
    return tuple(found), tuple(headings)


def _settled(caption: Caption) -> Iterator[Caption]:
    """The caption with what its value really is: no measures, no seal, no hint, and no month where a unit should stand."""
    value = caption.value
    if caption.what == UNIT and isinstance(value, str):
        name, time = _parted(squeeze(value))
        if time:
            yield Caption(PERIOD, time, caption.row, caption.column, strong=False)
        yield Caption(UNIT, name or None, caption.row, caption.column, caption.strong, caption.attached)
    else:
        yield replace(caption, value=None) if isinstance(value, Unresolved) or value == "" else caption


@lru_cache(maxsize=2**12)
def starts_with_label(text: str) -> bool:
    """Whether a text begins with a label that stands around tables, not in them (单位：, 填表人：, 注：)."""
    spelled = squeeze(text)
    m = _LABEL.match(spelled) or _UNLISTED.match(spelled)
    return m is not None and bool(m["colon"] or m.end() == len(spelled))


def is_of_writing(heading: str) -> bool:
    """Whether a heading is that of who filled a row in, when, or whatever else names neither its unit nor its month."""
    m = _LABEL.fullmatch(heading)
    return bool(m["other"] if m else _UNLISTED_ALONE.fullmatch(heading))


_Label = tuple[str, str, bool, bool]
"""What a label is, what stands behind it, whether it is strong, and whether nothing parts the two."""


@lru_cache(maxsize=2**12)  # what is printed on a form stands on all of them
def _labelled(text: str) -> tuple[_Label, ...]:
    """The labels in a text with what stands behind each."""
    if _NOTE.match(squeeze(text)) and len(squeeze(text)) > 12:
        return ((OTHER, "", True, False),)  # how to fill the form in: what it mentions was not filled in
    return tuple(label for part in _APART.split(text) for label in _in_part(part))


def _in_part(text: str) -> Iterator[_Label]:
    spelled = squeeze(text)
    unlisted = _UNLISTED.match(spelled) or _UNLISTED_ALONE.fullmatch(spelled)
    if unlisted and not _LABEL.match(spelled):
        yield OTHER, spelled[unlisted.end() :], True, False
        return
    labels = [m for m in _LABEL.finditer(spelled) if _stands(m, text)]
    ends = [*(m.start() for m in labels[1:]), len(spelled)]
    for m, end in zip(labels, ends, strict=False):
        behind = spelled[m.end() : end]
        glued = bool(behind) and not (m["colon"] or m["seal"]) and not _spaced(m, text)
        if m["other"]:
            yield OTHER, behind, True, False
        elif m["unit"]:
            yield UNIT, behind, bool(m["strong"] or m["office"] or m["seal"]), glued
        else:
            yield PERIOD, behind, m["period"] not in _ANY_TIME, False


def _stands(m: re.Match[str], text: str) -> bool:
    """Whether a match is a label there: with its colon or seal, alone in its cell, or in front of what it labels."""
    if m["colon"] or m.span() == (0, len(m.string)) or _spaced(m, text):
        return True
    if m["seal"] or m["strong"] or m["office"]:
        return m.start() == 0
    return bool(m["period"]) and len(m["period"]) > 2 and bool(re.match("[0-9二]", m.string[m.end() :]))


def _spaced(m: re.Match[str], text: str) -> bool:
    """Whether a label stands without its colon but apart: 填报单位 城关镇."""
    return m.start() == 0 and len(m[0]) > 2 and squeeze(text.strip().split(maxsplit=1)[0]) == m[0]


def _parted(value: str) -> tuple[str, str]:
    """A unit's name, and the time that was written behind it in the same cell; '' for what is none."""
    value = _SEALS.sub("", value).strip("_")
    if _ONLY_MEASURES.fullmatch(value):
        return "", ""  # 单位：件、次 tells the measure
    m = _TIME_BEHIND.search(value)
    name, time = (value[: m.start()], m[0]) if m else (value, "")
    if time and not isinstance(time_in_title(time), Named):
        time = ""
    return ("" if _HINT.fullmatch(name.strip("()")) else name.strip(":,、")), time


def _beside(line: Line, c: int, what: str) -> tuple[Sequence[int], object]:
    """What stands in the next filled cell to the right, unless it is a label itself, and in which columns it stands."""
    for at in range(c + 1, len(line)):
        value = line[at]
        if value is None:
            continue
        if isinstance(value, bool) or (isinstance(value, str) and starts_with_label(value)):
            break
        if what == UNIT and (not isinstance(value, str) or only_time(value)):
            break  # a unit left blank before the month
        if what == PERIOD:
            cells, text = _ranged(line, at, plain(value))
            if cells:
                return (at, *cells), text
            if not (isinstance(value, str) and isinstance(time_of(value), Named)):
                return _joined(line, at)
        return (at,), value
    return (), None


def _ranged(line: Line, at: int, text: str) -> tuple[Sequence[int], str]:
    """A time with the end of its range in the cells behind it (2023年1月 | 至 | 5月), and those cells."""
    pieces = _pieces(line, at + 1)
    connected = pieces and (_CONNECTS.match(next(iter(pieces.values()))) or _CONNECTS.match(text[-1:]))
    return (list(pieces), text + "".join(pieces.values())) if connected else ((), text)


def _joined(line: Line, at: int) -> tuple[Sequence[int], object]:
    """What stands in that cell with what goes on in the cells behind it: 2023 | 年 | 5 | 月."""
    pieces = {} if isinstance(line[at], dt.date) else _pieces(line, at)
    return (list(pieces), "".join(pieces.values())) if len(pieces) > 1 else ((at,), line[at])


def _pieces(line: Line, start: int) -> dict[int, str]:
    """The texts of time from that cell on, up to the first that is none."""
    pieces: dict[int, str] = {}
    for c, value in enumerate(line[start:], start):
        if value is None:
            continue
        if isinstance(value, bool) or not _OF_TIME.fullmatch(squeeze(text := plain(value))):
            break
        pieces[c] = text
    return pieces


def bare_times(headings: Sequence[Heading]) -> Iterator[Heading]:
    """The headings that are a month, a range or a running total and nothing else."""
    return (h for h in headings if isinstance(only_time(h.text), Named | NotOneMonth) and not is_a_day(h.text))

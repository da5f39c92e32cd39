"""What a row is by its own label: the month, another time, a total, a place, an example."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from pipeline.model import Unresolved
from pipeline.read.returns.months import ThisMonth, is_a_day, only_time, tells_another_time, time_of
from pipeline.read.returns.spans import Named, NotOneMonth, Time
from pipeline.read.returns.values import MEASURE_WORDS
from pipeline.read.text import squeeze, unbracket

_EXAMPLE = re.compile(
    r"举例|示例|样例|范例|^(?:填写|填报)?(?:样表|例)(?:$|[:：、,，（(\d]|行|如|子)"
    r"|^(?:填写|填报)?(?:模板|样[张本板]|范本|示范|演示|参考)(?:数据|行|表)?:?$"
    r"|^(?:某某?|[Xx×*○〇]{2,})(?:镇|乡|街道|县|局|单位|部门|村|社区)*$"
)
_TOTAL = re.compile(
    rf"(?:合计|总计|小计|共计|汇总|总数|总和|累加)(?:数|[{MEASURE_WORDS}]|[0-9一二三四五六七八九十]+个?(?:村|社区|单位|组)?)?:?$"
    r"|^(?:全(?:镇|乡|街道|县|区|市|办|局|系统|部门|单位)|[Σ∑]|(?:sub)?total|sum)(?:合计|总计|数)?:?$",
    re.I,
)
_SUBTOTAL = re.compile("小计[^计]*$|^subtotal", re.I)
_YEAR = re.compile("(?:20[0-9]{2}|二[〇零○]{1,2}[〇零○一二三四五六七八九十]{1,2})年度?|[今去上前]年度?")
_KIND = re.compile(
    "[线网][上下]|男性?|女性?|[自转]办|新建|修改|完善|其[他它中]|一般|重点|专项|日常|现场|书面|电话|来[信访]"
)
_SOMEBODY = re.compile(
    "(?:[镇乡县市区村社组办局所站委院校会室科股队厂矿场园]|中心|公司|单位|部门|机关|街道|片区|本级|直属)$"
)
_OF_FIGURES = re.compile(
    "^(?:原有|原报|新增|存量|增量|完成|未完成|补报|追加|更正|现有|结存|结余|初报|预计|实际)(?:数|情况)?$"
    "|[数量额率值]$|(?:更正|修改|调整|核实|审核)[前后]$"
)
"""What tells the kind of the figures, and no place, office or person."""

_MIN_NAME_CHARS, _MAX_LABEL_CHARS = 2, 30


class Role(Enum):
    """What a row is, by its own label."""

    NUMBERING = auto()
    AROUND = auto()  # examples, notes, blank rows, a lone text
    TOTAL = auto()
    SUBTOTAL = auto()
    MONTH = auto()  # a month by its name, or this month
    PART_OF_MONTH = auto()
    OTHER_TIME = auto()  # running totals, the month before
    NAMED = auto()  # a unit, a village, an office, a person
    UNNAMED = auto()


IN_DATA = (
    Role.TOTAL,
    Role.SUBTOTAL,
    Role.MONTH,
    Role.PART_OF_MONTH,
    Role.OTHER_TIME,
    Role.NAMED,
    Role.UNNAMED,
)


def is_example(label: str) -> bool:
    """Whether a label is that of an example."""
    return _EXAMPLE.search(unbracket(squeeze(label))) is not None


def is_kind(label: str) -> bool:
    """Whether a label tells of which years or of what kind the figures are, and no place, office or person."""
    text = unbracket(squeeze(label))
    return _YEAR.fullmatch(text) is not None or _KIND.fullmatch(text) is not None


def is_somebody(label: str) -> bool:
    """Whether a label can be that of a place or an office by its last characters."""
    return _SOMEBODY.search(unbracket(squeeze(label))) is not None


def is_total(label: str) -> bool:
    """Whether a label is that of a 合计."""
    return _TOTAL.search(unbracket(squeeze(label))) is not None


@dataclass(frozen=True)
class Label:
    """What one label says of its row: its role, the time and the name in it."""

    role: Role
    time: Time | ThisMonth | None = None
    name: str = ""


@lru_cache(maxsize=2**12, typed=True)
def role_of(value: object, *, number_is_month: bool, no_name: bool, figure: bool) -> Label | None:
    """What a cell says of its row, None where it says nothing; `figure`: it is one of the row's figures."""
    if isinstance(value, Unresolved):  # a label by formula, ="甲村等村"&"合计", that was never calculated
        return Label(Role.TOTAL) if is_total(value) else None
    if isinstance(value, str):
        return None if is_a_day(value) else _of_text(value, number_is_month, no_name, figure)
    if no_name or value is None or isinstance(value, bool):
        return None
    is_month = value.day == 1 if isinstance(value, dt.date) else number_is_month  # another day is that of writing
    month = time_of(value) if is_month else None
    return Label(Role.MONTH, month) if isinstance(month, Named) else None


def _of_text(value: str, number_is_month: bool, no_name: bool, figure: bool) -> Label | None:  # noqa: FBT001
    text = unbracket(squeeze(value))
    time: Time | ThisMonth | None = time_of(value) if number_is_month and text.isdigit() else only_time(value)
    if time is not None and not (no_name and text.isdigit()):
        return Label(_role_of_time(time), time)
    if is_total(value):
        return Label(Role.SUBTOTAL if _SUBTOTAL.search(text) else Role.TOTAL)
    return None if figure else _of_words(text, value.strip(), no_name=no_name)


def _of_words(text: str, written: str, *, no_name: bool) -> Label | None:
    """What a label that is neither a time nor a total says."""
    name, time = _name_and_time(text)
    if time:
        return Label(_role_of_time(time), time, name)
    if tells_another_time(text):
        return Label(Role.OTHER_TIME, NotOneMonth())
    if no_name or text.isdigit() or not text or _OF_FIGURES.search(text):
        return None
    return Label(Role.NAMED, name=written)


def _name_and_time(text: str) -> tuple[str, Time | ThisMonth | None]:
    """A name and the time behind it: 城关镇5月, 前进村累计; 李四月 is a name."""
    for at in range(_MIN_NAME_CHARS, min(len(text), _MAX_LABEL_CHARS)):
        if time := only_time(text[at:]):
            return text[:at], time
    return text, None


def _role_of_time(time: Time | ThisMonth) -> Role:
    if isinstance(time, NotOneMonth):
        return Role.PART_OF_MONTH if time.part else Role.OTHER_TIME
    return Role.MONTH

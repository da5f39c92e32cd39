"""The labels that stand around a table: which name its unit or its month, and which something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.read.text import squeeze

UNIT, PERIOD, OTHER = "unit", "period", "other"
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


Label = tuple[str, str, bool, bool]
"""What a label is, what stands behind it, whether it is strong, and whether nothing parts the two."""


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


@lru_cache(maxsize=2**12)  # what is printed on a form stands on all of them
def labels_in(text: str) -> tuple[Label, ...]:
    """The labels in a text with what stands behind each."""
    if _NOTE.match(squeeze(text)) and len(squeeze(text)) > 12:
        return ((OTHER, "", True, False),)  # how to fill the form in: what it mentions was not filled in
    return tuple(label for part in _APART.split(text) for label in _in_part(part))


def _in_part(text: str) -> Iterator[Label]:
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

"""Classifies free text: a confirmation (情况属实), or no content (无)."""

from __future__ import annotations

import re
import unicodedata

_TRUE = "属实"
_BETWEEN = (
    "(?:完全|尽|全部|全|都|能够?|可以|可|已|经过?|曾|进行|再次?|去|过|完|了|核实|确认|查证|核查|核对|查明|查实|证实|确定|认定|判断|"
    "必|一定|为|予以?|这|该|此|上述|以上|所报|填报|有关|相关|情况|数据|数字|数|内容|是|确|的)*"
)
"""Small words that may stand between a doubt and what is doubted."""

_DOUBTED = re.compile(
    "(?:不|未|非|否|没有?|无法|难以?|无从|尚?待|是不是|如果?|若|假如|倘若?|要是|倘使|请|需要?|须|应该?|可能|或许?|也许|大概|估计|疑似?|部分|"
    f"基本|大致){_BETWEEN}{_TRUE}"
    f"|{_TRUE}(?:与否|不|吗|么|嘛|否|\\?|性|程度|的?话|后再?|有待|尚待|待|存疑|情况(?:待|不|未|尚|需|请|如何))"
)


def says_true(text: str) -> bool:
    """Whether somebody confirms in those words that a figure is true: 情况属实, and neither 不属实 nor 是否属实."""
    plain = _plain(text)
    return _TRUE in plain and not _DOUBTED.search(plain)


_NONE = re.compile(
    "(?:(?:本月|当月|我单位|暂时|暂|均|都)?(?:无|没有?|未有)(?:任何|其他|其它|特殊|特别|需要|须|需|要|可)*(?:的)?(?:情况|说明|内容|事项|问题|补充)*"
    "|(?:内容|情况|说明)?(?:同|见|如|详见)(?:上|前|左|上述|前述|以上|上表|附件?|附表|附页|表内?|原表|第?[0-9一二三四五六七八九十]+[条行]?)(?:个?月|期|次|所述|所示|说明|情况|行|栏|表|面)*"
    "|(?:请)?(?:在此)?(?:填写|填)(?:情况)?(?:说明|原因)?|情况说明|说明|略|空白?|收到|已?阅|已?知悉|知道了?|好的?|ok|na|nil|none|null|x+|test|测试)"
)
_WORDLESS = re.compile(r"[\W_\d]*")


def says_nothing(text: str) -> bool:
    """Whether words explain nothing: 无, /, 同上."""
    bare = re.sub(r"[\W_]+", "", _plain(text)).lower()
    return not bare or bool(_WORDLESS.fullmatch(bare) or _NONE.fullmatch(bare))


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same, however they are spaced and punctuated."""
    return re.sub(r"[\W_]+", "", _plain(one)) == re.sub(r"[\W_]+", "", _plain(other))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())

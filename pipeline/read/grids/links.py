"""Links that were sent instead of a file: attachments left in a mail provider's cloud, net disks, documents online."""

from __future__ import annotations

import re
from html import unescape

_URL = re.compile(r"""https?://[^\s"'<>，。；、）】]{4,500}""", re.I)
_CLOUD = re.compile(
    r"ftn|cloudatt|bigattach|largeatt|netdisk|pan\.|weiyun|kdocs|docs\.qq|doc\.weixin|drive\.|yunpan|alipan|lanzou|shimo\.im|feishu|larksuite"
    r"|dingtalk|alidocs|caiyun|cloud\.189|cowtransfer|wenshushu|wetransfer|dropbox|onedrive|1drv\.ms|sharepoint|docs\.google|icloud\.com"
    r"|fs\.163|u\.163|dashi\.163|wps\.cn|yuque|tower\.im|jianguoyun",
    re.I,
)
"""What the addresses of such places have in them."""

_LEFT = re.compile("超大附件|云附件|大附件下载|文件中转站|附件已?转存|由于附件(?:过大|较大)")
"""How providers say that an attachment does not travel with the mail."""

_ELSEWHERE = re.compile(
    "网盘|提取码|在线(?:文档|表格|编辑|填写)|共享文档|腾讯文档|金山文档|石墨文档|飞书|钉钉文档|微云|下载链接|下载地址|点击下载"
)
_FILE = re.compile(
    r"""[^\s"'<>/\\：:，。；（]{1,80}\.(?:xlsx?|xlsm|et|ett|csv|ods|docx?|wps|zip|rar|7z|pdf|numbers)\b""", re.I
)
_TAG = re.compile(r"<[^<>]{0,4000}>")


def left_in_the_cloud(text: str) -> str | None:
    """The name of what lies behind a link of a provider that says so, '' where it has none; None where nothing does."""
    return _named(text) if _LEFT.search(text) and _URL.search(text) else None


def lies_elsewhere(text: str) -> str | None:
    """The same of any link to a place where files or documents are kept."""
    kept = any(_CLOUD.search(m[0]) for m in _URL.finditer(text)) or (_ELSEWHERE.search(text) and _URL.search(text))
    return _named(text) if kept else None


def _named(text: str) -> str:
    m = _FILE.search(unescape(_TAG.sub(" ", text)))
    return m[0] if m else ""

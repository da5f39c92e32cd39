"""A mistake in the configuration as one Chinese sentence: the key's path, what it should be, the text in question."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from pathlib import Path

from pydantic import BaseModel
from pydantic_core import ErrorDetails

_MESSAGES = {
    "extra_forbidden": "不是可用的配置项，请核对拼写",
    "missing": "缺少这一项",
    "string_type": "应为带引号的文字",
    "int_type": "应为整数",
    "bool_type": "应为 true 或 false",
    "model_type": "应为一个小节，即方括号中的名称和它下面的各项",
    "tuple_type": "应为方括号中的列表",
    "too_short": "至少要有一个单位",
    "greater_than_equal": "应在1至31之间",
    "less_than_equal": "应在1至31之间",
}
_OTHER_MESSAGE = "写法不对"
_MAX_SHOWN = 40


def sentence(path: Path, error: ErrorDetails) -> str:
    """What is wrong with which key, and the text in question."""
    where = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in error["loc"])
    message = _MESSAGES.get(error["type"], _OTHER_MESSAGE)
    if error["type"] == "literal_error":
        message = "只能是 " + str(error["ctx"]["expected"]).replace("'", '"').replace(" or ", " 或 ").replace(
            ", ", "、"
        )
    elif error["type"] == "county":
        message, where = error["msg"], where + (f".{key}" if (key := error["ctx"]["key"]) else "")
    return f"配置文件 {path} 的 {where.lstrip('.')} 有误：{message}{_as_written(error['input'])}。"


def _as_written(value: object) -> str:
    """The text in question, nearly as it stands in the file; '' for a whole section."""
    if isinstance(value, dict | BaseModel):
        return ""
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, dt.date | dt.time):
        text = value.isoformat()
    else:
        text = json.dumps(value, ensure_ascii=False, default=str)
    return f"（现为 {text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + '…'}）"


_LINE = re.compile(r"\(at line ([0-9]+), column [0-9]+\)")


def misspelt(path: Path, text: str, error: tomllib.TOMLDecodeError) -> str:
    """Where a text stops being TOML, and the line as it stands there."""
    lines = text.splitlines()
    at = int(m[1]) if (m := _LINE.search(str(error))) else len(lines)
    line = lines[at - 1].strip() if 0 < at <= len(lines) else ""
    shown = "".join(c if c.isprintable() else "\ufffd" for c in line[:_MAX_SHOWN])
    return f"配置文件 {path} 第{at}行（{shown}）或它前面的格式有误：请核对引号、方括号和等号，同一项不能写两次。"

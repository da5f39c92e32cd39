"""The codes of number formats taken apart (ECMA-376 18.8.31): their sections, and which of them a number is shown by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

GENERAL = "General"
_DAY, _MONTH, _FULL, _HOUR = 'm"月"d"日"', 'yyyy"年"m"月"', 'yyyy"年"m"月"d"日"', 'h"时"mm"分"'
BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "¥#,##0", 6: "¥#,##0", 7: "¥#,##0.00", 8: "¥#,##0.00",
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: _MONTH, 28: _DAY, 29: _DAY, 30: "m-d-yy", 31: _FULL, 32: _HOUR, 33: _HOUR, 34: _HOUR, 35: _HOUR, 36: _MONTH,
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: _MONTH, 51: _DAY, 52: _MONTH, 53: _DAY, 54: _DAY, 55: _HOUR, 56: _HOUR, 57: _MONTH, 58: _DAY,
}  # fmt: skip
"""The formats that have a number and no code; 27 to 36 and 50 to 58 are the dates of a Chinese Excel."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>G/通用格式|通用格式|常规|General)|(?P<clock>AM/PM|A/P|上午/下午)|(?P<power>E[+-])|(?P<digit>[0#?])"
    r"|(?P<date>[ymdhs]+|a{3,4}|e+|g+|bb+)|(?P<other>.)",
    re.I | re.S,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_ELAPSED = re.compile(r"h+|m+|s+", re.I)
_CURRENCY = re.compile(r"\$([^-]*)(?:-.*)?")
_TESTS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
}
_MAX_CODE_CHARS = 255

Token = tuple[str, str]
"""What a piece of a code is, and its text."""


@dataclass(frozen=True)
class Section:
    """One of the up to four parts of a code, between semicolons."""

    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None = None

    def holds(self, kind: str) -> bool:
        """Whether it has a token of that kind."""
        return any(k == kind for k, _ in self.tokens)

    @property
    def is_text(self) -> bool:
        """Whether it shows texts."""
        return ("other", "@") in self.tokens

    @property
    def is_date(self) -> bool:
        """Whether it shows a date or a time: it has their letters, and places of digits only for parts of a second."""
        if not (self.holds("date") or self.holds("elapsed")) or self.holds("general") or self.holds("power"):
            return False
        text = "".join(t if k == "digit" else "." if (k, t) == ("other", ".") else "_" for k, t in self.tokens)
        return not re.search(r"[0#?]", re.sub(r"\.0+", "", text))


@lru_cache(maxsize=1024)
def parsed(code: str) -> tuple[Section, ...]:
    """The sections of a code; none for General."""
    if not code or code.casefold() == "general":
        return ()
    tokens = list(_tokens(code[:_MAX_CODE_CHARS]))
    sections: list[list[Token]] = [[]]
    for token in tokens:
        if token == ("other", ";"):
            sections.append([])
        else:
            sections[-1].append(token)
    return tuple(_section(s) for s in sections[:4])


def _tokens(code: str) -> Iterator[Token]:
    for m in _TOKEN.finditer(code):
        kind, text = m.lastgroup or "quoted", m[m.lastgroup] if m.lastgroup else ""
        if kind == "bracket":
            kind, text = _bracket(text)
        yield kind, text


def _bracket(text: str) -> Token:
    if currency := _CURRENCY.fullmatch(text):
        return "quoted", currency[1]
    if _ELAPSED.fullmatch(text):
        return "elapsed", text
    return ("condition" if _CONDITION.fullmatch(text) else "colour"), text


def _section(tokens: list[Token]) -> Section:
    condition = next((_CONDITION.fullmatch(t) for k, t in tokens if k == "condition"), None)
    test = None
    if condition:
        try:
            test = condition[1], float(condition[2])
        except ValueError:
            test = None
    return Section(tuple((k, t) for k, t in tokens if k not in ("condition", "colour")), test)


def section_for(sections: tuple[Section, ...], value: float) -> tuple[Section | None, bool]:
    """The section for a number, None for General; and whether it is that of negative numbers, which brings its own sign."""
    numbers = [s for i, s in enumerate(sections) if i < 3 and not (s.is_text and i and i == len(sections) - 1)]
    if not numbers:
        return None, False
    if any(s.condition for s in numbers):
        return _by_condition(numbers, value), False
    if value < 0 and len(numbers) > 1:
        return numbers[1], True
    return (numbers[2] if value == 0 and len(numbers) > 2 else numbers[0]), False


def _by_condition(sections: list[Section], value: float) -> Section:
    for i, section in enumerate(sections):
        last = i == len(sections) - 1
        sign, limit = section.condition or ("<", 0.0)
        if (last and not section.condition) or _TESTS[sign](value, limit):
            return section
    return sections[-1]

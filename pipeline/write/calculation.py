"""What the formulas of a blank form come to, so that they show it where nothing calculates: a preview, a protected view.

Of Excel's language it knows what those formulas are written in, and means by it the same; ValueError for the rest. The
library formulas knows all of it, but takes seconds for a workbook and brings scipy to every office PC.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from statistics import median

from xlsxwriter.utility import xl_cell_to_rowcol as place
from xlsxwriter.utility import xl_rowcol_to_cell as address

Value = float | int | str | bool | None
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|"(?P<text>(?:[^"]|"")*)"|(?P<call>[A-Z]+)\(|(?P<bool>TRUE|FALSE)\b"""
    r"""|(?:'(?P<sheet>[^']+)'!)?(?P<first>\$?[A-Z]{1,3}\$?\d+)(?::(?P<last>\$?[A-Z]{1,3}\$?\d+))?|(?P<sign><>|<=|>=|[-+*&=<>(),]))"""
)


class Formula(str):
    """A formula, without the = that it begins with in a cell; a text that begins so is none."""

    __slots__ = ()


class Calculation:
    """Cells by sheet and address: values and formulas."""

    def __init__(self, cells: Mapping[str, Mapping[str, object]]) -> None:
        self._cells = cells
        self._known: dict[tuple[str, str], Value] = {}

    def value(self, sheet: str, cell: str) -> Value:
        """What a cell shows; ValueError where its formula is in error, or says what is not known here."""
        if (sheet, cell) not in self._known:
            held = self._cells.get(sheet, {}).get(cell)
            if isinstance(held, Formula):
                held = _one(_Reader(self, sheet, held).formula()())
            self._known[sheet, cell] = held  # type: ignore[assignment]
        return self._known[sheet, cell]


_Thunk = Callable[[], object]
"""Part of a formula, to be calculated when it is needed: IF needs only one of its sides, the other may be in error."""


class _Reader:
    """Reads a formula of a sheet from left to right."""

    def __init__(self, of: Calculation, sheet: str, text: str) -> None:
        self._of, self._sheet, self._text = of, sheet, text
        self._at = 0
        self._here: re.Match[str] | None = None

    def formula(self) -> _Thunk:
        """All of it."""
        self._next()
        whole = self._compared()
        if self._here is not None:
            raise ValueError(self._text)
        return whole

    def _next(self) -> None:
        self._here = _TOKEN.match(self._text, self._at)
        if self._here is not None:
            self._at = self._here.end()
        elif self._text[self._at :].strip():
            raise ValueError(self._text)

    def _sign(self, *signs: str) -> str:
        """The sign that stands here, where it is one of those."""
        sign = self._here["sign"] if self._here else None
        if sign not in signs:
            return ""
        self._next()
        return str(sign)

    def _in_a_chain(self, of: Callable[[], _Thunk], *signs: str) -> _Thunk:
        """Parts joined by those signs, calculated from left to right."""
        whole = of()
        while sign := self._sign(*signs):
            whole = partial(_joined, sign, whole, of())
        return whole

    def _compared(self) -> _Thunk:
        return self._in_a_chain(lambda: self._in_a_chain(self._added, "&"), "=", "<>", "<=", ">=", "<", ">")

    def _added(self) -> _Thunk:
        return self._in_a_chain(lambda: self._in_a_chain(self._part, "*"), "+", "-")

    def _part(self) -> _Thunk:
        if self._sign("-"):
            return partial(_joined, "-", lambda: 0, self._part())
        if self._sign("("):
            inner = self._compared()
            self._closed()
            return inner
        here = self._here
        if here is None or here["sign"]:
            raise ValueError(self._text)
        self._next()
        if here["call"]:
            return self._called(here["call"])
        if here["first"]:
            return partial(self._cells, here["sheet"] or self._sheet, here["first"], here["last"])
        constant = _constant(here)
        return lambda: constant

    def _closed(self) -> None:
        if not self._sign(")"):
            raise ValueError(self._text)

    def _called(self, name: str) -> _Thunk:
        arguments: list[_Thunk] = []
        if not self._sign(")"):
            arguments.append(self._compared())
            while self._sign(","):
                arguments.append(self._compared())
            self._closed()
        if name == "IF":
            return partial(_if, *arguments)
        if name not in _FUNCTIONS:
            raise ValueError(self._text)
        return lambda: _FUNCTIONS[name](*(argument() for argument in arguments))

    def _cells(self, sheet: str, first: str, last: str | None) -> object:
        """What a cell shows, or the list of what those of a range show."""
        if last is None:
            return self._of.value(sheet, first.replace("$", ""))
        (top, left), (bottom, right) = place(first), place(last)
        cells = (address(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
        return [self._of.value(sheet, cell) for cell in cells]


def _constant(here: re.Match[str]) -> Value:
    if here["number"]:
        return float(here["number"]) if "." in here["number"] else int(here["number"])
    return here["bool"] == "TRUE" if here["bool"] else here["text"].replace('""', '"')


def _if(condition: _Thunk, then: _Thunk, otherwise: _Thunk = lambda: False) -> object:
    return then() if _number(_one(condition())) else otherwise()


def _joined(sign: str, one: _Thunk, other: _Thunk) -> Value:
    left, right = _one(one()), _one(other())
    if sign == "&":
        return _text(left) + _text(right)
    if sign in _ARITHMETIC:
        return float(_ARITHMETIC[sign](_number(left), _number(right)))
    return _compared(sign, left, right)


_ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_ORDER = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip


def _one(value: object) -> Value:
    if isinstance(value, list):
        raise ValueError("a range where one value is asked for")
    return value  # type: ignore[return-value]


def _number(value: Value) -> float:
    if isinstance(value, str):
        raise ValueError(value)
    return 0 if value is None else value


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _compared(sign: str, left: Value, right: Value) -> bool:
    """Excel's order: numbers, texts, truths; a blank is whatever the other is."""
    return bool(_ORDER[sign](_key(left, right), _key(right, left)))


def _key(value: Value, other: Value) -> tuple[int, float | str]:
    if value is None:
        return (1, "") if isinstance(other, str) else (2, False) if isinstance(other, bool) else (0, 0)
    return (2, value) if isinstance(value, bool) else (1, value.casefold()) if isinstance(value, str) else (0, value)


def _flat(arguments: tuple[object, ...]) -> Iterator[Value]:
    for one in arguments:
        yield from one if isinstance(one, list) else [one]  # type: ignore[misc]


def _numbers(*arguments: object) -> list[float]:
    return [v for v in _flat(arguments) if isinstance(v, int | float) and not isinstance(v, bool)]


def _truths(arguments: tuple[object, ...]) -> list[bool]:
    return [bool(v) for v in _flat(arguments) if v is not None and not isinstance(v, str)]


def _count_if(values: object, asked: object) -> int:
    m = re.fullmatch(r"(<>|<=|>=|<|>|=)?(.*)", str(asked))
    sign, wanted = (m[1] or "=", m[2]) if m else ("=", "")
    number = float(wanted) if re.fullmatch(r"-?\d+(?:\.\d+)?", wanted) else None
    of_kind = _numbers(values) if number is not None else [v for v in _flat((values,)) if isinstance(v, str)]
    return sum(_compared(sign, v, wanted if number is None else number) for v in of_kind)


_FUNCTIONS: dict[str, Callable[..., object]] = {
    "AND": lambda *a: all(_truths(a)),
    "OR": lambda *a: any(_truths(a)),
    "NOT": lambda a: not _number(_one(a)),
    "SUM": lambda *a: sum(_numbers(*a)),
    "MAX": lambda *a: max(_numbers(*a), default=0),
    "MIN": lambda *a: min(_numbers(*a), default=0),
    "MEDIAN": lambda *a: median(_numbers(*a)),
    "COUNT": lambda *a: len(_numbers(*a)),
    "COUNTA": lambda *a: sum(v is not None for v in _flat(a)),
    "COUNTIF": _count_if,
    "INT": lambda a: int(_number(_one(a)) // 1),
    "SIGN": lambda a: (n := _number(_one(a)), (n > 0) - (n < 0))[1],
    "N": lambda a: a if isinstance(a, int | float) else 0,
    "EXACT": lambda a, b: _text(_one(a)) == _text(_one(b)),
    "LEN": lambda a: len(_text(_one(a))),
    "TRIM": lambda a: " ".join(part for part in _text(_one(a)).split(" ") if part),
    "ISNUMBER": lambda a: isinstance(a, int | float) and not isinstance(a, bool),
    "SUBSTITUTE": lambda a, b, c: _text(_one(a)).replace(_text(_one(b)), _text(_one(c))),
}

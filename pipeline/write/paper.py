"""How wide a table's columns are, and where it goes on on another page: nothing is printed smaller than can be read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from schemas.form import Form

MARGINS = {"left": 0.5, "right": 0.5, "top": 0.45, "bottom": 0.5}
"""In inches; the number of the page stands in the lower one."""

_PRINTED, _PRINTED_DOWN = 769.0, 525.0
"""Points between the margins of A4 landscape."""

_SMALLEST, _SMALLEST_TEXT = 8 / 10.5, 9 / 10.5
"""Letters of 10.5 points may not get smaller than 8 in tables of figures, than 9 in others."""


DEFAULT_FONT = {"font_name": "Verdana", "font_size": 9}
"""A column is as wide as so many digits of this font. It is Verdana's because its digits are as wide as those of the font
that LibreOffice takes where it has none of Microsoft's: so a page comes out alike from Excel, WPS and LibreOffice."""

_DIGIT, _BESIDE = 8, 5
"""Pixels of a digit in it, and what a column has besides."""


def pixels(width: float) -> int:
    """How wide a column of so many characters is on the screen."""
    return math.ceil(_DIGIT * width + _BESIDE)


def _points(widths: Sequence[float]) -> float:
    return sum(map(pixels, widths)) * 0.75


def fits_one_page(height: float) -> bool:
    """Whether rows of so many points can be read on one page."""
    return height * _SMALLEST <= _PRINTED_DOWN


def scale_of(widths: Sequence[float], *, of_text: bool = False) -> int:
    """The scale in percent at which columns fit a page and their letters, of 10.5 points, are no larger than need be."""
    smallest = _SMALLEST_TEXT if of_text else _SMALLEST
    return min(math.ceil(100 * smallest), int(100 * _PRINTED / max(_points(widths), 1)))


@dataclass(frozen=True)
class Widths:
    """The columns of a form between those `before` and `after`; a new page begins at each of `breaks`.

    On every page stand the columns before, so each says whose figures they are.
    """

    before: tuple[float, ...]
    figure: float
    count: int
    after: tuple[float, ...]
    breaks: tuple[int, ...] = ()

    @property
    def all(self) -> list[float]:
        """The width of every column."""
        return [*self.before, *[self.figure] * self.count, *self.after]

    @property
    def first_page(self) -> tuple[int, int]:
        """The first and last column over which what is said once stands; not over those that are repeated."""
        return (len(self.before), self.breaks[0] - 1) if self.breaks else (0, len(self.all) - 1)

    @property
    def scale(self) -> int:
        """The scale in percent at which the widest page fits the paper."""
        edges = [len(self.before), *self.breaks, len(self.all)]
        pages = (_points([*self.before, *self.all[a:b]]) for a, b in pairwise(edges))
        return min(100, int(100 * _PRINTED / max(pages)))


def widths_of(
    form: Form,
    usual: float,
    narrowest: float,
    before: Sequence[float] = (),
    after: Sequence[float] = (),
    title: str = "",
) -> Widths:
    """Columns of the usual width where they fit one page, else narrower, else as narrow as may be on several pages.

    A few columns are wider, so that the title fits over them.
    """
    room = _PRINTED / _SMALLEST - _points([*before, *after])
    count = len(form.columns)
    widest = (int(room / count / 0.75) - _BESIDE) / _DIGIT
    for_title = (20 * len(title) * 1.1 - _points([*before, *after])) / count / 0.75 / _DIGIT
    figure = max(min(usual, widest), for_title)
    if widest >= narrowest:
        return Widths(tuple(before), math.floor(100 * figure) / 100, count, tuple(after))
    return Widths(tuple(before), narrowest, count, tuple(after), _breaks(form, narrowest, before, after))


def _breaks(form: Form, figure: float, before: Sequence[float], after: Sequence[float]) -> tuple[int, ...]:
    """The columns with which a page begins: those of groups, and where a group is wider than a page, any."""
    most = int((_PRINTED / _SMALLEST - _points(before)) / _points([figure]))
    last = most - int(_points(after) / _points([figure]) + 1) if after else most
    starts = {0, *accumulate(len(g.columns) for g in form.groups)}
    begins, at = [0], 0
    while len(form.columns) - at > last:
        reach = range(min(at + most, len(form.columns) - 1), at, -1)
        at = next((i for i in reach if i in starts), reach[0])
        begins.append(at)
    return tuple(len(before) + i for i in begins[1:])

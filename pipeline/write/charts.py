"""Native charts in one look: side by side columns, stacked bars, lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipeline.write.book import Book
from pipeline.write.style import BODY_FONT, CHART_COLOURS, HEAD_FONT

Where = tuple[str, int, int, int, int]
"""A sheet, and first row, first column, last row, last column of a range on it."""

_WIDTH, _HEIGHT = 620, 330
_PER_BAR = 26
_ROW_PIXELS = 20


@dataclass(frozen=True)
class Series:
    """One series of a chart: its name, the ranges of its categories and values, and its colour ('' for the next one)."""

    name: str
    categories: Where
    values: Where
    colour: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart to be drawn: xlsxwriter's type of it, its title, series, height and number format."""

    type: dict[str, str]
    title: str
    series: Sequence[Series]
    height: int = _HEIGHT
    number: str = "0"
    largest: float | None = None
    reverse: bool = False

    @property
    def rows(self) -> int:
        """How many rows of the default height it covers, with a margin."""
        return self.height // _ROW_PIXELS + 2

    def insert(self, book: Book, sheet: Worksheet, row: int, column: int) -> None:
        """Draws it with its top left corner in that cell, with a text for readers who cannot see it."""
        chart: Any = book.chart(self.type)
        for i, s in enumerate(self.series):
            colour = s.colour or CHART_COLOURS[i % len(CHART_COLOURS)]
            look = (
                {"line": {"color": colour, "width": 2.25}}
                if self.type["type"] == "line"
                else {"fill": {"color": colour}}
            )
            marker = (
                {"marker": {"type": "circle", "size": 6, "fill": {"color": colour}}}
                if "line" in look
                else {"border": {"color": "#595959"}}
            )
            chart.add_series(
                {"name": s.name, "categories": list(s.categories), "values": list(s.values)}
                | look
                | marker
                | {
                    "data_labels": {
                        "value": True,
                        "num_format": f"{self.number};;",
                        "font": {"name": BODY_FONT, "size": 9},
                    }
                }
            )
        chart.set_title({"name": self.title, "name_font": {"name": HEAD_FONT, "size": 13, "bold": False}})
        chart.set_legend({"position": "bottom", "font": {"name": BODY_FONT, "size": 10}})
        font = {"num_font": {"name": BODY_FONT, "size": 10}}
        chart.set_x_axis(font | ({"reverse": True} if self.reverse else {}))
        chart.set_y_axis(
            font
            | {
                "num_format": self.number,
                "min": 0,
                "max": self.largest,
                "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
            }
        )
        chart.set_size({"width": _WIDTH, "height": self.height})
        names = "、".join(s.name for s in self.series)
        sheet.insert_chart(row, column, chart, {"description": f"{self.title}：{names}", "object_position": 2})


def columns(title: str, series: Sequence[Series]) -> Chart:
    """Columns side by side."""
    return Chart({"type": "column"}, title, series)


def line(title: str, series: Sequence[Series]) -> Chart:
    """Lines of rates, from 0 to 100 %."""
    return Chart({"type": "line"}, title, series, number="0%", largest=1)


def bars(title: str, series: Sequence[Series], count: int) -> Chart:
    """Stacked bars from above, as high as `count` of them need."""
    return Chart(
        {"type": "bar", "subtype": "stacked"}, title, series, max(_HEIGHT, 110 + _PER_BAR * count), reverse=True
    )

"""Native charts in one look: side by side columns, stacked bars, lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from xlsxwriter.worksheet import Worksheet

from pipeline.write.book import Book
from pipeline.write.paper import Widths, pixels
from pipeline.write.style import BODY_FONT, CHART_COLOURS, HEAD_FONT

Where = tuple[str, int, int, int, int]
"""A sheet, and first row, first column, last row, last column of a range on it."""

_WIDTHS, _HEIGHT = (430, 620), 280
"""How wide a chart is in pixels, at least and at most: two of them stand beside each other where the page has room."""

CHART_ROWS = 15
"""Rows of the default height that a chart covers, with its margin; a taller one is placed at the end."""

_GAP = 20
"""Pixels between two charts at least."""

_OFF_THE_BREAK = 4
"""Pixels below its row's edge: a border on a page break would be drawn on both pages."""

_FONT = {"name": BODY_FONT, "size": 10}
_GRID = {"visible": True, "line": {"color": "#D9D9D9"}}
_PER_BAR = 26


@dataclass(frozen=True)
class Series:
    """One series of a chart: its name, the ranges of its categories and values, and its colour ('' for the next one)."""

    name: str
    categories: Where
    values: Where
    colour: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart to be drawn: xlsxwriter's type of it, its title and series, its height in pixels, and its value axis."""

    type: dict[str, str]
    title: str
    series: Sequence[Series]
    height: int = _HEIGHT
    axis: Mapping[str, object] = field(default_factory=dict)

    def insert(self, book: Book, sheet: Worksheet, row: int, column: int, width: int) -> None:
        """Draws it with its top left corner in that cell, with a text for readers who cannot see it."""
        chart = book.chart(self.type)
        for i, series in enumerate(self.series):
            chart.add_series(self._drawn(series, i))
        chart.set_title({"name": self.title, "name_font": {"name": HEAD_FONT, "size": 13, "bold": False}})
        chart.set_legend({"position": "bottom", "font": _FONT})
        values = {"num_font": _FONT, "min": 0, "major_gridlines": _GRID, **self.axis}
        # In a bar chart the categories run down, and the first is to stand on top.
        down = self.type["type"] == "bar"
        categories = {"num_font": _FONT, "reverse": down}
        (chart.set_y_axis if down else chart.set_x_axis)(categories)
        (chart.set_x_axis if down else chart.set_y_axis)(values)
        chart.set_size({"width": width, "height": self.height})
        shows = "、".join(s.name for s in self.series)
        about = {"description": f"{self.title}：{shows}", "object_position": 2, "y_offset": _OFF_THE_BREAK}
        sheet.insert_chart(row, column, chart, about)

    def _drawn(self, series: Series, number: int) -> dict[str, object]:
        colour = series.colour or CHART_COLOURS[number % len(CHART_COLOURS)]
        about = {"name": series.name, "categories": list(series.categories), "values": list(series.values)}
        labels: dict[str, object] = {"value": True, "num_format": f"{self.axis['num_format']};;", "font": _FONT}
        if self.type["type"] == "line":
            labels["position"] = "below" if number else "above"  # the first is the higher one: rates of rates
            marker = {"type": "circle", "size": 6, "fill": {"color": colour}}
            return about | {"line": {"color": colour, "width": 2.25}, "marker": marker, "data_labels": labels}
        return about | {"fill": {"color": colour}, "border": {"color": "#595959"}, "data_labels": labels}


def places_beside(widths: Widths) -> tuple[tuple[int, ...], int]:
    """The columns in which charts begin that stand beside each other on the sheet's first page, and how wide each is."""
    edges = [0, *accumulate(map(pixels, widths.all[: widths.first_page[1] + 1]))]
    narrowest, widest = _WIDTHS
    half = min((edges[-1] - _GAP) // 2, widest)
    second = next((c for c, left in enumerate(edges) if left >= half + _GAP), None)
    if half < narrowest or not second:
        return (0,), min(widest, edges[-1])
    return (0, second), min(half, edges[-1] - edges[second])


def columns(title: str, series: Sequence[Series]) -> Chart:
    """Columns side by side."""
    return Chart({"type": "column"}, title, series, axis={"num_format": "0"})


def line(title: str, series: Sequence[Series]) -> Chart:
    """Lines of rates, from 0 to 100 %."""
    # What stands at 100 % has its label above it.
    return Chart({"type": "line"}, title, series, axis={"num_format": "0%", "max": 1.1, "major_unit": 0.2})


def bars(title: str, series: Sequence[Series], count: int, largest: int) -> Chart:
    """Stacked bars of counts from above, as high as `count` of them need; the longest is `largest`."""
    axis = {"num_format": "0", "major_unit": max(1, largest // 5)}
    return Chart({"type": "bar", "subtype": "stacked"}, title, series, max(_HEIGHT, 110 + _PER_BAR * count), axis)

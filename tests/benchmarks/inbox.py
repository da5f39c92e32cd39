"""An inbox of any size: made-up units, each a return a month, a few per cent of them with the usual faults."""

from __future__ import annotations

import io
import itertools
import os
import random
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

from pipeline.model import Month
from tests.builders import FORM, annex1
from tests.inboxes import steady

FIRST = Month(2023, 1)
_HEADS, _TAILS = "青白黄玄赤金银玉石水云龙", "山河原川谷林泉溪岭"
_OFFICES = "财政局 住建局 水利局 教体局 卫健局 医保局 人社局 民政局 司法局 林业局 审计局 供销社 工信局 发改局".split()
_PER_COUNTY = 33

_UNIT, _MONTH = "甲单位", "甲月"
_SHEET, _TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_GROUPS = 3
_STYLE = 4
"""The row of the group labels, and the look of a figure, as the form is drawn."""

_FAULTS: tuple[tuple[str, object], ...] = (
    ("press", None), ("petitions_total", 99), ("created", "约5"), ("broadcast", "3次"), ("projects", 40_000),
)  # fmt: skip
_FAULTY, _MISNAMED, _LATE = 0.04, 0.002, 0.01


@dataclass(frozen=True)
class Size:
    """How large an inbox is: so many units, so many months, and so many returns of theirs."""

    units: int
    months: int
    returns: int


SIZES = (Size(27, 1, 27), Size(27, 12, 324), Size(3_458, 1, 3_458), Size(3_458, 12, 41_000))


def names(count: int) -> list[str]:
    """The names of so many units: towns and offices of made-up counties."""
    places = [f"{a}{b}" for a in _HEADS for b in _TAILS]
    towns = [f"{p}镇" for p in places[: _PER_COUNTY - len(_OFFICES)]]
    return [f"{p}县{name}" for p in places for name in (*towns, *_OFFICES)][:count]


def write_county(path: Path, size: Size) -> None:
    """Writes the configuration of those units and months."""
    last = FIRST.plus(size.months - 1)
    lines = [
        '[county]\nname = "某省"\noffice = "某省专班"',
        f'[campaign]\ntitle = "乡村振兴领域专项整治"\nfirst_period = "{FIRST}"\nlast_period = "{last}"',
        'counting = "monthly"\ndue_day = 25',
        *(
            f'[[units]]\nname = "{name}"\nkind = "{"town" if name.endswith("镇") else "department"}"'
            for name in names(size.units)
        ),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def fill(inbox: Path, size: Size, seed: int = 1) -> None:
    """Fills the inbox: a folder a month, named with the day on which its returns came."""
    rng, form = random.Random(seed), _Form()
    pairs = [(unit, FIRST.plus(m)) for m in range(size.months) for unit in names(size.units)]
    missing = set(rng.sample(range(len(pairs)), len(pairs) - size.returns))
    for i, (unit, month) in enumerate(pairs):
        filed, named, day = _filed(rng, unit)
        if i not in missing:
            folder = inbox / f"{month.plus(1)}-{day}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{unit}附件1.xlsx").write_bytes(form.filled(named, month, filed))
    for path in inbox.rglob("*.xlsx"):
        os.utime(path, (1.7e9, 1.7e9))


def _filed(rng: random.Random, unit: str) -> tuple[dict[str, object], str, int]:
    """What a unit files, the name it writes, and the day on which it sends it."""
    filed, chance = steady(rng), rng.random()
    if chance < _FAULTY:
        filed |= [rng.choice(_FAULTS)]
    return filed, unit[:-1] + "所" if chance > 1 - _MISNAMED else unit, 26 if rng.random() < _LATE else 10


class _Form:
    """The form as units know it, with its borders and merges, as one archive to which the parts that differ are added."""

    def __init__(self) -> None:
        self._fixed = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(_drawn())) as whole,
            zipfile.ZipFile(self._fixed, "w", zipfile.ZIP_DEFLATED) as fixed,
        ):
            self._sheet, self._texts = whole.read(_SHEET).decode(), whole.read(_TEXTS).decode()
            for name in whole.namelist():
                if name not in (_SHEET, _TEXTS):
                    fixed.writestr(name, whole.read(name))
        self._strings = self._texts.count("<si>")

    def filled(self, unit: str, month: Month, filed: dict[str, object]) -> bytes:
        """The form with those values in its one data row."""
        texts, cells = [], []
        for column, value in enumerate(filed.values()):
            at = f"{chr(65 + column)}6"
            if isinstance(value, str):
                cells.append(f'<c r="{at}" s="{_STYLE}" t="s"><v>{self._strings + len(texts)}</v></c>')
                texts.append(f"<si><t>{escape(value)}</t></si>")
            else:
                cells.append(f'<c r="{at}" s="{_STYLE}">{"" if value is None else f"<v>{value}</v>"}</c>')
        head, _, rest = self._sheet.partition('<row r="6"')
        sheet = f'{head}<row r="6">{"".join(cells)}</row>{rest.partition("</row>")[2]}'
        shared = self._texts.replace(_UNIT, unit).replace(_MONTH, month.zh).replace("</sst>", f"{''.join(texts)}</sst>")
        out = io.BytesIO(self._fixed.getvalue())
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
            book.writestr(_SHEET, sheet)
            book.writestr(_TEXTS, shared)
        return out.getvalue()


def _drawn() -> bytes:
    out, form = io.BytesIO(), annex1(_UNIT, _MONTH, **dict.fromkeys(FORM.keys, 0))
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(form.name)
        looks = [{"font_size": 16}, {"font_size": 11}, {"border": 1, "bold": True}, {"border": 1, "num_format": "0"}]
        title, caption, head, body = (
            book.add_format({"font_name": "宋体", "align": "center", "valign": "vcenter", "text_wrap": True, **look})
            for look in looks
        )
        for (r, c), value in form.cells.items():
            sheet.write(r, c, value, (caption, title, caption, head, head, body)[r])
        groups = [c for (r, c) in form.cells if r == _GROUPS] + [len(FORM.keys)]
        for first, behind in itertools.pairwise(groups):
            if behind - first > 1:
                sheet.merge_range(_GROUPS, first, _GROUPS, behind - 1, form.cells[_GROUPS, first], head)
        sheet.merge_range(1, 0, 1, len(FORM.keys) - 1, form.cells[1, 0], title)
        sheet.write(_GROUPS + 3, 0, "填表人：", caption)
        sheet.write(_GROUPS + 3, 9, "审核人：", caption)
        sheet.set_column(0, len(FORM.keys) - 1, 7.5)
        sheet.set_row(_GROUPS + 1, 60)
        sheet.set_landscape()
    return out.getvalue()

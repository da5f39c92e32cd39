"""What staff typed into the office's own workbook of the run before."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from pipeline.errors import OutputError
from pipeline.model import LedgerLine, Month, OldLedger
from pipeline.output_marker import KEPT, LEDGER, marker_of
from pipeline.refusals import ensure_closed, refusal
from pipeline.sheets import (
    CALL_ANSWERS,
    CALLS,
    DISCREPANCIES,
    LINE_HEADINGS,
    LINES_KNOWN_BY,
    NOTE,
    NUMBER,
    RESULT,
    SOURCES,
    STATUS,
)

_OURS = frozenset(LINE_HEADINGS) - {STATUS, NOTE, RESULT}
"""The columns in which staff have nothing to write."""

_OTHER_TYPES = (".xls", ".et", ".ods", ".xlsm", ".xlsb", ".csv")
"""What Excel, WPS and LibreOffice offer to save a workbook as."""

_TITLES = (
    re.compile(r"内部工作台账（([0-9]{4}年[0-9]{1,2}月)）"),
    re.compile(r"^([0-9]{4}年[0-9]{1,2}月)报表差异清单"),
)
Rows = list[list[object]]
Merge = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell of a merge, by row and column from 0."""


class _OtherMonthError(Exception):
    """The ledger is that of another month, which it names."""


def read_ledger(path: Path, month: Month) -> OldLedger:
    """The ledger as staff left it, empty where there is none yet.

    OutputError where it is open, cannot be read or is another month's: then nothing may be written over what staff typed.
    """
    ensure_closed(path)
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        refuse_other_types(path)
        _not_renamed(path)
        return OldLedger()
    except OSError as e:
        refused = refusal(e, path)
        raise OutputError(f"“{path}”打不开（{refused.why}），没有写入任何文件；{refused.advice}。") from None
    refuse_other_types(path)
    try:
        return _ledger(data, month)
    except _OtherMonthError as other:
        raise OutputError(
            f"“{path}”是{other}的台账，不是{month.zh}的；为免覆盖，没有写入任何文件，请把它移回{other}的文件夹后再运行。"
        ) from None
    except Exception:  # noqa: BLE001  openpyxl's exceptions are open-ended
        raise OutputError(
            f"“{path}”已损坏或被改动，读不出差异清单；为免丢失其中填写的内容，没有写入任何文件，请恢复或移走它后再运行。"
        ) from None


def refuse_other_types(path: Path) -> None:
    """OutputError where the ledger was saved as another type since, or lies there as one only: the words are in that."""
    for other in (path.with_suffix(suffix) for suffix in _OTHER_TYPES):
        if other.is_file() and (not path.is_file() or other.stat().st_mtime > path.stat().st_mtime):
            raise OutputError(
                f"“{path.parent / path.stem}”另存成了“{other.name}”，程序只读 .xlsx，没有写入任何文件；"
                f"请打开它另存为“{path.name}”，再把“{other.name}”移走，然后再运行一次。"
            )


def _not_renamed(path: Path) -> None:
    """OutputError where the ledger is not in its place, but lies beside it under another name."""
    for other in sorted(path.parent.glob("*.xlsx")):
        if not other.name.startswith(("~$", ".")) and KEPT not in other.name and marker_of(_bytes(other)) == LEDGER:
            raise OutputError(
                f"没有找到“{path.name}”，同一文件夹里的“{other.name}”像是改了名的台账；没有写入任何文件，请改回原名后再运行，不要的请移走。"
            )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def read_month_before(path: Path, month: Month) -> OldLedger:
    """The ledger of the month before, empty where there is none to be had: it only lends its words."""
    try:
        return _ledger(path.read_bytes(), month)
    except Exception:  # noqa: BLE001  whatever is wrong with it, its own month's run reports it
        return OldLedger()


def _ledger(data: bytes, month: Month) -> OldLedger:
    import openpyxl

    stored = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    live = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    # A formula that was saved without its result is kept as it was typed.
    pairs = zip(_all_rows(stored, DISCREPANCIES), _all_rows(live, DISCREPANCIES), strict=True)
    rows = [[v if v is not None else f for v, f in zip(*pair, strict=True)] for pair in pairs]
    at = next(i for i, row in enumerate(rows) if _is_header(row))
    hold_against(month, [stored.properties.title, *(v for row in rows[:at] for v in row)])
    heads = _headings(rows[at], rows[at + 1 :])
    _spread(rows, heads, _merges(data))
    cells = (
        {h: t for h, v in zip(heads, row, strict=False) if v is not None and (t := _text(v)) != ""}
        for row in rows[at + 1 :]
        if not _is_header(row)  # of a further sheet
    )
    lines = tuple(LedgerLine(str(line.get(NUMBER, "")), line) for line in cells if line)
    own = tuple(h for h in heads if h and h not in LINE_HEADINGS)
    return OldLedger(lines, own, _files(data), _calls(data), data)


def _merges(data: bytes) -> list[Merge]:
    """The merged cells of 差异清单 and its further sheets, as they stand among the rows of all of them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    merges, above = list[Merge](), 0
    for i, name in enumerate(_pages(book.sheet_names, DISCREPANCIES)):
        sheet = book.get_sheet_by_name(name)
        shift = above - (i > 0)  # of a further sheet the first row is left out
        merges += [((r1 + shift, c1), (r2 + shift, c2)) for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or ()]
        above = shift + sheet.total_height
    return merges


def _spread(rows: Rows, heads: Sequence[str], merges: Iterable[Merge]) -> None:
    """Gives one explanation that staff merged over several lines to each of them."""
    for (top, column), (bottom, _) in merges:
        if column < len(heads) and heads[column] not in _OURS:
            for row in rows[top + 1 : bottom + 1]:
                if not _is_header(row) and column < len(row):
                    row[column] = rows[top][column]


def _is_header(row: Sequence[object]) -> bool:
    return {_text(v) for v in row if v is not None} >= LINES_KNOWN_BY


def _pages(names: Iterable[str], sheet: str) -> list[str]:
    """The sheets of that name: what does not fit one stands on 差异清单（2） and so on."""
    return [sheet, *(n for n in names if re.fullmatch(rf"{sheet}（[0-9]+）", n))]


def _all_rows(book: Any, sheet: str) -> Rows:
    first, *others = (_rows(book[name]) for name in _pages(book.sheetnames, sheet))
    # Above the header of a further sheet stands its title.
    return first + [row for rows in others for row in rows[1:]]


def _rows(sheet: Any) -> Rows:
    sheet.reset_dimensions()
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def hold_against(month: Month, said: Iterable[object]) -> None:
    """Raises where a title names another month than the ledger's."""
    for text in said:
        for form in _TITLES:
            if (m := form.search(str(text or ""))) and m[1] != month.zh:
                raise _OtherMonthError(m[1])


def _headings(row: Sequence[object], below: Rows) -> list[str]:
    """A name for every column: a doubled one is numbered, one without heading named where something stands in it."""
    width = max(map(len, (row, *below)), default=0)
    heads: list[str] = []
    for i in range(width):
        head = str(_text(row[i])) if i < len(row) and row[i] is not None else ""
        if not head and any(i < len(r) and r[i] is not None for r in below):
            head = "附加栏"
        name, n = head, 1
        while name and name in heads:
            n += 1
            name = f"{head}（{n}）"
        heads.append(name)
    return heads


def _files(data: bytes) -> dict[str, str]:
    """The files that 来源台账 knew, with their SHA-256; none where it is gone or was changed."""
    try:
        head, *rows = quick_rows(data, SOURCES)
        path, sha = head.index("文件"), head.index("SHA-256")
        return {str(row[path]): str(row[sha]) for row in rows if row[path]}
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001  as above
        return {}


def _calls(data: bytes) -> dict[str, tuple[str, ...]]:
    """What staff noted of calls, by unit; of a unit in two rows both. None where the sheet is gone or was changed."""
    noted: dict[str, tuple[str, ...]] = {}
    with suppress(Exception):
        rows = quick_rows(data, CALLS)
        at = next(i for i, row in enumerate(rows) if {"单位", *CALL_ANSWERS} <= set(row))
        columns, unit = [rows[at].index(head) for head in CALL_ANSWERS], rows[at].index("单位")
        for row in rows[at + 1 :]:
            words = tuple("" if row[c] is None else str(_text(row[c])) for c in columns)
            if row[unit] and any(words):
                both = zip(noted.get(str(row[unit]), [""] * len(words)), words, strict=True)
                noted[str(row[unit])] = tuple("；".join(filter(None, pair)) for pair in both)
    return noted


def quick_rows(data: bytes, sheet: str) -> Rows:
    """The rows of that sheet and its further pages, as they are stored; whatever calamine raises where they are broken."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    pages = (book.get_sheet_by_name(name) for name in _pages(book.sheet_names, sheet))
    return [list(row) for page in pages for row in page.to_python(skip_empty_area=False)]


def _text(value: object) -> str | float:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return f"{value:%Y-%m-%d}"
    if isinstance(value, int | float):
        return value
    # Excel keeps the carriage return of a pasted line so; openpyxl leaves it.
    return str(value).replace("_x000D_", "").strip()

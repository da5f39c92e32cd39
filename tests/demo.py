"""A believable spring of returns with the usual faults, made up and consolidated in a scratch folder: `make demo`.

Nothing made up ever lands in the real inbox or outbox. Names and numbers are nobody's.
"""

from __future__ import annotations

import datetime as dt
import io
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from openpyxl import load_workbook

from pipeline.county import load
from pipeline.model import BEIJING, Month
from pipeline.run import Done, Job, run
from pipeline.screen import report
from pipeline.slips.package import packed
from pipeline.write.form import annex1_form
from tests.builders import FORM, Sheet, a_return, annex1, annex2, drop, xlsx
from tests.documents import docx, form, para
from tests.documents import run as written
from tests.envelopes import as_html, as_text, mailed, zipped
from tests.inboxes import steady

_COUNTY = Path("schemas/county.toml")  # the demo is that of the real county
MARCH, APRIL, MAY = (Month(2023, m) for m in (3, 4, 5))
_SURNAMES, _GIVEN = "赵钱孙李周吴郑冯陈褚卫蒋沈韩", "建国 秀兰 志强 海燕 明 丽 永平 晓梅 文斌 春霞".split()

Filed = dict[str, object]
Send = Callable[[str, Month, Filed], tuple[str, bytes]]
"""What a unit makes of its figures: the file's name and its bytes."""


def make(root: Path) -> list[Done]:
    """Makes the returns below `root`, consolidates month by month as the office would, and gives what was done."""
    shutil.rmtree(root, ignore_errors=True)
    inbox, outbox = root / "inbox", root / "outbox"
    filed = _figures(random.Random(2023))
    _contact_lists(inbox)
    done = []
    for month in (MARCH, APRIL, MAY):
        for name, data, received in _arrivals(month, filed):
            drop(inbox, name, data, received)
        job = Job(inbox, outbox, _COUNTY, month.plus(1).day(28), month)
        one = run(job)
        if month == APRIL:
            _sent_up(one)
        if month == MAY:
            _answered(one)
            _explained(one, inbox)
            one = run(job)
        done.append(one)
    return done


def _figures(rng: random.Random) -> dict[tuple[str, Month], Filed]:
    """What the units file; some of them wrongly."""
    county = load(_COUNTY)
    filed = {(u.name, m): steady(rng) for m in (MARCH, APRIL, MAY) for u in county.roster(m)}
    wrong: dict[str, Filed] = {
        "草碧镇": {"petitions_total": 12},
        "高崖镇": {"press": "约5", "broadcast": "3次"},
        "县民政局": {"projects": None, "batches": None},
        "县林业局": {"problems_rectified": 11},
        "县审计局": {"body_established": "筹备中"},
        "县司法局": {"new_media": "2000万"},
        "县供销社": {"created": "三", "revised": "无", "institutions_total": 3},
    }
    for unit, changes in wrong.items():
        filed[unit, MAY] |= changes
    filed["县发改局", MAY] = dict(filed["县发改局", APRIL])
    for i, month in enumerate((MARCH, APRIL, MAY)):
        filed["县工信局", month] = filed["县工信局", MARCH] | {
            k: int(str(filed["县工信局", MARCH][k])) + 2 * i
            for k in ("party_meetings", "broadcast", "press", "new_media")
        }
    return filed


# -- how they come ----------------------------------------------------------------------------------------------------


def _as_sent_out(unit: str, month: Month, filed: Filed) -> tuple[str, bytes]:
    answers = a_return(unit, month, **filed)
    return f"{unit}附件1（{month.month}月）.xlsx", annex1_form(load(_COUNTY), unit, month, answers)


def _sealed(unit: str, month: Month, filed: Filed) -> tuple[str, bytes]:
    return "附件1.xlsx", xlsx(annex1(f"千阳县{unit}（盖章）", f"{month.month}月份", top=1, **filed))


def _with_villages(unit: str, month: Month, filed: Filed) -> tuple[str, bytes]:
    parts = [{k: int(str(v)) // 2 for k, v in filed.items() if k != "body_established"}]
    parts.append({k: int(str(filed[k])) - parts[0][k] for k in parts[0]})
    rows = [[name, "是", *(part[k] for k in FORM.keys[1:])] for name, part in zip(("东村", "西村"), parts, strict=True)]
    rows.append(["合计", *(filed[k] for k in FORM.keys)])
    return f"{unit}报表.xlsx", xlsx(annex1(unit, month.zh, rows, before=["村"]))


def _in_an_archive(unit: str, month: Month, filed: Filed) -> tuple[str, bytes]:
    return f"下载附件（{unit}）.zip", zipped(_as_sent_out(unit, month, filed), gbk=True)


def _in_a_mail(unit: str, month: Month, filed: Filed) -> tuple[str, bytes]:
    date = f"{month.plus(1).day(9):%a, %d %b %Y} 16:20:00 +0800"
    return f"{unit}{month.month}月.eml", mailed(
        _as_sent_out(unit, month, filed), date=date, subject=f"{unit}报表"
    ).as_bytes()


def _as_web_page(unit: str, month: Month, filed: Filed) -> tuple[str, bytes]:
    return f"{unit}导出.xls", as_html(annex1(unit, month.zh, **filed), '<meta charset="gbk">').encode("gbk")


def _as_delimited_text(unit: str, month: Month, filed: Filed) -> tuple[str, bytes]:
    return f"{unit}.csv", as_text(annex1(unit, month.zh, **filed), ",").encode("gbk")


def _in_word(unit: str, month: Month, filed: Filed) -> tuple[str, bytes]:
    captions = "".join(para(written(text)) for text in (f"单位：{unit}", f"统计时间：{month.zh}"))
    return f"{unit}附件1.docx", docx(form(captions=captions, **filed))


def _as_a_scan(unit: str, month: Month, filed: Filed) -> tuple[str, bytes]:
    return f"{unit}附件1（盖章扫描）.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


def _cut_short(unit: str, month: Month, filed: Filed) -> tuple[str, bytes]:
    name, data = _as_sent_out(unit, month, filed)
    return name, data[: len(data) // 2]


_WAYS: dict[str, Send] = {
    "崔家头镇": _sealed, "南寨镇": _with_villages, "张家塬镇": _in_an_archive, "水沟镇": _in_a_mail, "县财政局": _as_web_page,
    "县水利局": _as_delimited_text, "县委组织部": _in_word,
}  # fmt: skip
_IN_MAY: dict[str, Send | None] = {"县教体局": None, "县卫健局": _as_a_scan, "县医保局": _cut_short}


def _arrivals(month: Month, filed: dict[tuple[str, Month], Filed]) -> Iterator[tuple[str, bytes, dt.datetime]]:
    """The files that come in the month after, by name, with when they came."""
    after = month.plus(1)
    for i, unit in enumerate(u for u, m in filed if m == month):
        send = _WAYS.get(unit, _as_sent_out)
        if month == MAY:
            send = _IN_MAY.get(unit, send) or (lambda *_: ("", b""))
        name, data = send(unit, month, filed[unit, month])
        day = 27 if (unit, month) == ("县人社局", MAY) else 6 + i % 18
        if name:
            yield f"{month}/{name}", data, dt.datetime(*after, day, 9, i, tzinfo=BEIJING)
    if month == MAY:
        yield from _besides(filed)


def _besides(filed: dict[tuple[str, Month], Filed]) -> Iterator[tuple[str, bytes, dt.datetime]]:
    """What else comes in June: a correction of May and one of April, a stranger, a notice, a lock file."""
    day = dt.datetime(2023, 6, 20, 10, tzinfo=BEIJING)
    better = filed["县自然资源局", MAY] | {"inspections": 10}
    yield "2023-05/县自然资源局（更正）.xlsx", xlsx(annex1("县自然资源局", MAY.zh, **better)), day
    april = filed["城关镇", APRIL] | {k: int(str(filed["城关镇", APRIL][k])) + 3 for k in ("press", "new_media")}
    yield "2023-04/城关镇4月更正.xlsx", xlsx(annex1("城关镇", APRIL.zh, **april)), day
    yield "2023-05/附件1(3).xlsx", xlsx(annex1("县公安局", MAY.zh, **filed["城关镇", MAY])), day
    yield "2023-05/会议通知.xlsx", xlsx(Sheet("通知").put(0, 0, "关于召开工作推进会的通知")), day
    yield "2023-05/~$城关镇附件1.xlsx", b"lock", day


def _contact_lists(inbox: Path) -> None:
    rng = random.Random(7)
    for i, unit in enumerate(load(_COUNTY).roster(MARCH)):
        if unit.name == "县产业办":
            continue
        people = [
            (
                role,
                rng.choice(_SURNAMES) + rng.choice(_GIVEN),
                f"{unit.name}{post}",
                f"130{i:04d}{n:04d}"[: 11 - (i == 5 and n == 1)],
            )
            for n, (role, post) in enumerate((("分管领导", "副职"), ("业务骨干", "科员")))
        ]
        drop(
            inbox, f"附件2/{unit.name}.xlsx", xlsx(annex2(unit.name, people)), dt.datetime(2023, 3, 20, tzinfo=BEIJING)
        )


# -- what the office does ---------------------------------------------------------------------------------------------


def _sent_up(done: Done) -> None:
    folder = done.files[0].parent / "已上报"
    folder.mkdir()
    shutil.copy(done.files[0], folder)


def _answered(done: Done) -> None:
    """Types into the ledger what a clerk would after two phone calls."""
    book = load_workbook(done.files[1])
    sheet = book["差异清单"]
    heads = {cell.value: cell.column for cell in sheet[2]}
    words = {
        "HIST-1": ("县林业局", "核实说明", "属实，含以前月份发现的问题"),
        "PET-1": ("草碧镇", "处理结果", "6月27日已电话通知更正"),
    }
    for row in range(3, sheet.max_row + 1):
        unit, head, text = words.get(str(sheet.cell(row, heads["规则"]).value), ("", "", ""))
        if sheet.cell(row, heads["单位"]).value == unit:
            sheet.cell(row, heads[head]).value = text
    book.save(done.files[1])


def _explained(done: Done, inbox: Path) -> None:
    """A unit writes its reason on its slip, and sends that back."""
    (slip,) = (path for path in done.slips if path.name.startswith("县发改局"))
    book = load_workbook(slip)
    notice = book.worksheets[0]
    (head,) = (c for row in notice.iter_rows() for c in row if str(c.value).startswith("情况说明（"))
    notice.cell(head.row + 1, head.column).value = "5月各项工作与4月持平，已逐项核对"
    out = io.BytesIO()
    book.save(out)
    day = dt.datetime(2023, 6, 27, 15, tzinfo=BEIJING)
    # openpyxl notes when it saved; the demo is the same on every day.
    drop(inbox, f"2023-05/退回/{slip.name}", packed(out.getvalue(), day.date()), day)


# -- what the city does -----------------------------------------------------------------------------------------------

_NEIGHBOURS = ("陇县", "麟游县")
_CITY = """[county]
name = "宝鸡市"
office = "宝鸡市乡村振兴局专项整治工作专班"
"""


def make_city(root: Path, ours: Done) -> Done:
    """Three counties send their workbooks up to the city; one of the neighbours has changed a figure in what it sends."""
    configured = _COUNTY.read_text(encoding="utf-8")
    campaign = configured[configured.index("[campaign]") : configured.index("[[units]]")]
    counties = "".join(f'[[units]]\nname = "{name}"\nkind = "county"\n' for name in ("千阳县", *_NEIGHBOURS))
    inbox, day = root / "inbox", dt.datetime(2023, 6, 28, 9, tzinfo=BEIJING)
    drop(inbox, ours.files[0].name, ours.files[0].read_bytes(), day)
    (root / "county.toml").write_text(_CITY + campaign + counties, encoding="utf-8")
    for i, name in enumerate(_NEIGHBOURS):
        sent = _neighbour(root / name, name, configured, random.Random(i)).files[0]
        data = sent.read_bytes() if i else _changed(sent.read_bytes())
        drop(inbox, f"{name}报.xlsx", data, day)
    return run(Job(inbox, root / "outbox", root / "county.toml", dt.date(2023, 6, 29), MAY))


def _neighbour(root: Path, name: str, configured: str, rng: random.Random) -> Done:
    (root / "inbox").mkdir(parents=True)
    (root / "county.toml").write_text(configured.replace("千阳县", name), encoding="utf-8")
    for unit in load(root / "county.toml").roster(MAY):
        drop(root / "inbox", f"{unit.name}.xlsx", xlsx(annex1(unit.name, MAY.zh, **steady(rng))))
    return run(Job(root / "inbox", root / "outbox", root / "county.toml", dt.date(2023, 6, 28), MAY))


def _changed(data: bytes) -> bytes:
    """The workbook after somebody typed another figure into its 附件1."""
    book = load_workbook(io.BytesIO(data), data_only=True)
    book[FORM.annex].cell(6, 1 + FORM.keys.index("press")).value = 500
    out = io.BytesIO()
    book.save(out)
    return packed(out.getvalue(), dt.date(2023, 6, 28))


if __name__ == "__main__":
    where = Path(tempfile.gettempdir()) / "专项整治报表演示"
    county = make(where)[-1]
    report([county], quiet=False)
    report([make_city(where / "市", county)], quiet=False)

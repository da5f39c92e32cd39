"""说明: what moves the county's figures most, how complete they are, the facts, the legend and the rules that fired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pipeline.county import County
from pipeline.model import EMPTY, LATE, NOT_REPORTED, OPEN, CountyMonth, Finding, day_zh
from pipeline.rules import ERROR, GRADES, MEANING, rules_of
from pipeline.sheets import ABOUT
from pipeline.write.book import Book
from pipeline.write.paper import scale_of
from pipeline.write.room import note_height
from pipeline.write.style import GRADE_MARK
from pipeline.write.summary import gaps, mismatches, sum_of

_WIDTHS = (10.0, 10.0, 48.0, 48.0)
_MAX_EXAMPLES = 3
"""Lines of a kind that get a sentence; the others are counted."""

_TWICE = 2


def write_about(book: Book, month: CountyMonth, county: County) -> None:
    """Writes the sheet."""
    sheet = book.sheet(ABOUT, _WIDTHS)
    sheet.set_print_scale(scale_of(_WIDTHS, of_text=True))
    book.title(sheet, 3, f"{county.name}{month.month.zh}报表说明")
    at = 1
    for head, sentences in (
        ("重点提示", highlights(month)),
        ("完整情况", completeness(month)),
        ("数字情况", facts(month, county)),
    ):
        sheet.write_string(at, 0, head, book.look("section"))
        for row, sentence in enumerate(sentences, at + 1):
            sheet.merge_range(row, 0, row, 3, book.text(sentence), book.look("note"))
            sheet.set_row(row, note_height(sentence, sum(_WIDTHS)))
        at += len(sentences) + 1
    sheet.write_string(at, 0, "图例", book.look("section"))
    for i, grade in enumerate(GRADES, 1):
        book.put(sheet, at + i, 0, GRADE_MARK[grade], "grade", grade)
        book.put(sheet, at + i, 1, grade, "grade", grade)
        book.put(sheet, at + i, 2, MEANING[grade], "text")
    at += len(GRADES) + 1
    fired = {f.rule for f in month.sent_up}
    rules = [rule for rule in rules_of(county.forms.whole).values() if rule.id in fired]
    if rules:
        sheet.write_string(at, 0, "本表用到的审核规则", book.look("section"))
        book.row(sheet, at + 1, ["规则", "级别", "应当符合", "不符合时怎么办"], "head")
        for i, rule in enumerate(rules, at + 2):
            book.row(sheet, i, [rule.id, rule.grade, rule.holds, rule.advice], "text", _WIDTHS)


# -- what moves the county's figures most -----------------------------------------------------------------------------


def highlights(month: CountyMonth) -> list[str]:
    """What a leader has to know first, in sentences; that there is nothing of the kind where there is not."""
    sentences = [
        *_of_rule(month, "HIST-3", "可能填了累计数"),
        *_jumps(month),
        *_by_phone(month),
        *_repeat_offenders(month),
    ]
    sentences += mismatches(month)
    return [f"{i}.{text}" for i, text in enumerate(sentences, 1)] or ["没有需要特别提示的情况。"]


def _open(month: CountyMonth, *rules: str) -> list[Finding]:
    """The open lines of those rules, those with the largest effect first."""
    return sorted((f for f in month.sent_up if f.rule in rules and f.status == OPEN), key=lambda f: -f.effect)


def _of_rule(month: CountyMonth, rule: str, what: str) -> Iterator[str]:
    if lines := _open(month, rule):
        yield f"{what}{len(lines)}家：{'、'.join(dict.fromkeys(f.unit for f in lines))}，合计可能偏大，待核实。"


def _jumps(month: CountyMonth) -> Iterator[str]:
    """Figures that are far above what is usual, each with its share of the total."""
    lines = [f for f in _open(month, "CELL-4", "HIST-4") if f.keys and isinstance(f.filed, int | float)]
    for f in lines[:_MAX_EXAMPLES]:
        total = sum_of(month, f.keys[0])
        share = f"，占合计{total}的{float(f.filed) / total:.0%}" if isinstance(total, int) and total else ""
        yield f"{f.unit}{'、'.join(f.groups)}“{'、'.join(f.labels)}”报{f.filed}，明显偏大{share}，待核实。"
    if more := len(lines) - _MAX_EXAMPLES if len(lines) > _MAX_EXAMPLES else 0:
        yield f"另有{more}项数字明显偏大，见“差异清单”。"


def _by_phone(month: CountyMonth) -> Iterator[str]:
    if units := [r.unit for r in month.rows if r.filed and r.filed.source.by_phone]:
        yield f"电话报数、待补报表{len(units)}家：{'、'.join(units)}。"


def _repeat_offenders(month: CountyMonth) -> Iterator[str]:
    """The units that were late or missing twice or more."""
    for words, statuses in (("未报", (NOT_REPORTED,)), ("迟报", (LATE,))):
        counts = {u.unit: sum(s.status in statuses for s in u.statuses.values()) for u in month.units if not u.gone}
        often = {unit: n for unit, n in counts.items() if n >= _TWICE}
        if often:
            yield f"{words}两次以上{len(often)}家：{'、'.join(f'{unit}（{n}次）' for unit, n in often.items())}。"


# -- completeness and facts -------------------------------------------------------------------------------------------


def completeness(month: CountyMonth) -> list[str]:
    """How many are in, and what the totals lack."""
    sentences = gaps(month)
    for status, words in ((EMPTY, "报来空表"), (LATE, "迟报")):
        if units := [r.unit for r in month.rows if r.status == status]:
            sentences.append(f"{words}{len(units)}家：{'、'.join(units)}。")
    return sentences


def facts(month: CountyMonth, county: County) -> list[str]:
    """The county's figures, what has changed, what is still to be seen to, and how all of it came about."""
    due = county.due(month.month)
    sentences = [_sums(month), *_still_open(month)]
    if month.corrections or month.changed_totals:
        sentences.append(
            f"与已上报的数字相比有{len(month.corrections)}项更正，合计有{len(month.changed_totals)}项变动，详见“更正说明”。"
        )
    sentences += _problems(month)
    sentences.append(
        f"本工作簿由{county.county.office}汇总，统计时间为{month.month.zh}，各单位应于{day_zh(due)}（含）前报送，"
        f"汇总日期{day_zh(month.today)}。数字均按各单位原报数列示；"
        "带单位、汉字等不规范填写按“差异清单”所列换算，不能识别的不计入。"
    )
    return sentences


def _problems(month: CountyMonth) -> Iterator[str]:
    """How many lines are open, and how those that must be corrected are divided."""
    grades = Counter(f.grade for f in month.sent_up if f.status == OPEN)
    reported, roster = {r.unit for r in month.rows if r.filed}, {r.unit for r in month.rows}
    grave = [f for f in month.sent_up if f.status == OPEN and f.grade == ERROR]
    counts = Counter(
        "已报单位" if f.unit in reported else "未报单位" if f.unit in roster else "名单外的来件" for f in grave
    )
    divided = f"其中强制性的：{'，'.join(f'{who}{n}条' for who, n in counts.items())}。" if grave else ""
    yield f"待处理问题：{'，'.join(f'{g}{grades[g]}条' for g in GRADES)}，详见“差异清单”。{divided}"
    of_figures = [f for f in grave if f.unit in reported]
    yield from (f"{f.unit}：{f.message}" for f in of_figures[:_MAX_EXAMPLES])


def _still_open(month: CountyMonth) -> Iterator[str]:
    """What is open for certain, over all units."""
    parts = []
    for i, backlog in enumerate(month.form_of_year.backlogs):
        known = [u.still_open[i] for u in month.units if u.still_open and u.still_open[i].amount is not None]
        if known:
            overdue = sum(s.overdue or 0 for s in known)
            old = f"（其中超过{backlog.days}日的至少{overdue}）" if backlog.days and overdue else ""
            parts.append(f"{backlog.label}{sum(s.amount or 0 for s in known)}{old}")
    if parts:
        yield f"截至{month.month.zh}累计{'，'.join(parts)}，分单位见“累计与趋势”。"


def _sums(month: CountyMonth) -> str:
    """The county's figures of the month in one sentence, group by group; those of the month before behind them."""
    before = next((m for m in month.months if m.month == month.month.plus(-1) and m.reported), None)
    form, parts = month.form, []
    for key in form.counts:
        last = f"（上月{before.sums[key]}）" if before and key in before.sums else ""
        parts.append(f"{form.column[key].label}{sum_of(month, key)}{form.column[key].measure}{last}")
    if before and before.reported != (reported := sum(r.filed is not None for r in month.rows)):
        comparable = f"本月实报{reported}家，上月{before.reported}家，与上月不能直接比较。"
    else:
        comparable = ""
    groups: dict[str, list[str]] = {}
    for key, part in zip(form.counts, parts, strict=True):
        groups.setdefault(form.group_of[key].label, []).append(part)
    return (
        "本月合计："
        + "；".join(f"{name}，{'、'.join(sentences)}" for name, sentences in groups.items())
        + f"。{comparable}"
    )

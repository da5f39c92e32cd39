"""The catalogue of rules as data: id, grade, what must hold, what the unit should do, and what it hides.

Relations and yes-or-no questions bring theirs from `schemas/`; the rest stand here, in the words of a month's form. A finding hides those after it for the same cause: those of
the rules it names, about a field it is about, of the same return.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from schemas.columns import NO, YES, Jump
from schemas.contacts import ANNEX as CONTACTS
from schemas.contacts import NAME as CONTACTS_NAME
from schemas.contacts import ROLES
from schemas.form import Form

ERROR, QUERY, NOTICE = "强制性", "核实性", "提示性"
GRADES = (ERROR, QUERY, NOTICE)
MEANING = {ERROR: "确有错误，必须改正", QUERY: "情况异常，请核实或说明", NOTICE: "仅作提示，供了解"}


class SentUp(Enum):
    """Whose lines of a rule stand in the workbook that is sent up; the office's own list has all of them.

    What only the office can act on stays there: it bears neither on the county's figures nor on their completeness.
    """

    ALWAYS = auto()
    ROSTER_UNITS = auto()
    NEVER = auto()


@dataclass(frozen=True)
class Rule:
    """One rule: `holds` is the sentence that is true of a good return, `advice` what to do where it is not."""

    id: str
    grade: str
    holds: str
    advice: str
    hides: tuple[str, ...] = ()
    sent_up: SentUp = SentUp.ALWAYS


_AGAIN = "请改正后重新报送。"

UNUSABLE = ("FILE-1", "FILE-3", "FORM-3", "PERIOD-1", "PERIOD-2", "PERIOD-4")
"""Where only files that break one of these came from a unit, its line says so, and not that it sent nothing."""


@lru_cache(maxsize=64)
def rules_of(form: Form) -> Mapping[str, Rule]:
    """Every rule that is judged on that form, by id."""
    rules = (*_of_forms(form), *_of_answers(form), *_of_history(form), *_of_reporting(form), *_of_relations(form))
    return {rule.id: rule for rule in rules}


def is_sent_up(rule: Rule, unit: str, roster: Collection[str]) -> bool:
    """Whether a line of that rule about that unit stands in the workbook that is sent up."""
    return rule.sent_up is SentUp.ALWAYS or (rule.sent_up is SentUp.ROSTER_UNITS and first_of(unit) in roster)


UNIT_SEPARATOR = " › "
"""Between a county and its unit."""


def first_of(path: str) -> str:
    """The unit of the roster to which a unit farther down belongs: 千阳县 of 千阳县 › 城关镇."""
    return path.partition(UNIT_SEPARATOR)[0]


def _of_forms(form: Form) -> tuple[Rule, ...]:
    return (
        Rule("FILE-1", ERROR, "文件能够打开读取", "请用 Excel 或 WPS 另存为 .xlsx 后重新报送。"),
        Rule("FILE-2", QUERY, f"表格文件中有{form.annex}或{CONTACTS}", "请核实是否发错文件；如系报表，请按原表式填报后重新报送。", sent_up=SentUp.NEVER),
        Rule("FILE-3", QUERY, "报来的是表格，不只是扫描件或图片", "请补报 Excel 表格（.xlsx）。"),
        Rule("FILE-5", NOTICE, "同一单位同一月份只报一个版本", "已采用最后收到的版本，请知悉。", sent_up=SentUp.NEVER),
        Rule("FILE-6", QUERY, "原来采用的报表仍在收件夹中，或已由新报的替代", "请把文件放回收件夹，再汇总一次；确需撤回的，状态填“已核实”。"),
        Rule("FORM-1", ERROR, f"表中{len(form.columns)}个栏目齐全", "请按原表式补齐所缺栏目后重新报送。", ("CELL-1",)),
        Rule("FORM-2", NOTICE, "栏目按原表式的名称和顺序排列，没有增加栏目", "数字已按栏目名称对应采用；下次请按原表式填报。", sent_up=SentUp.NEVER),
        Rule("FORM-3", ERROR, "每个单位只有一行数据", "请只保留本单位一行数据，或加上与各行之和相等的“合计”行，重新报送。"),
        Rule("UNIT-1", ERROR, "填报单位在应报单位名单中", "请核对单位名称，改正后重新报送；确系本县单位的，由专班登记这个名称。", sent_up=SentUp.ROSTER_UNITS),
        Rule("UNIT-2", QUERY, "表内单位与文件名所示单位一致", "请核实是否填错单位或发错文件。"),
        Rule("UNIT-3", NOTICE, "表内填写了单位", "单位取自工作表名或文件名；下次请在表内填写单位。", sent_up=SentUp.NEVER),
        Rule("PERIOD-1", ERROR, "能够确定统计时间", "请在“统计时间”处填写年月（如2023年5月）后重新报送。"),
        Rule("PERIOD-2", QUERY, "统计时间是收到前已结束、且在专项整治期内的月份", "请核实统计时间：应填数据所属月份，不是报送月份；改正后重新报送。"),
        Rule("PERIOD-3", NOTICE, "表内完整填写了统计时间的年和月", "统计时间已据现有信息确定；下次请在表内填全年月。", sent_up=SentUp.NEVER),
        Rule("PERIOD-4", QUERY, "表内统计时间与文件名所示月份一致", "请核实报的是哪个月：统计时间忘了改的，改正后重新报送；文件名写错的，请补报当月的表。"),
        Rule("CELL-1", QUERY, "各栏均已填写", "没有发生的请填0，漏填的请补填后重报。"),
        Rule("CELL-2", ERROR, "填报值为不小于零的整数", "请改填整数后重新报送。", ("CELL-4", "CELL-3", "HIST-4")),
        Rule("CELL-3", NOTICE, "填报值为规范的数字", "下次请只填阿拉伯数字。"),
        Rule("CELL-4", QUERY, f"数值不超过{_ceilings(form)}", "数值已计入，请核实是否多填；有误的改正后重报，确属实情的请说明原因。", ("CELL-3", "HIST-4")),
        Rule("CELL-5", QUERY, "各项数字不全为0或空白", "请核实当月是否确无工作；漏填的请补填后重报。", ("CELL-1", "CELL-3", "HIST-2")),
    )  # fmt: skip


def _of_answers(form: Form) -> list[Rule]:
    """What a yes-or-no question must be answered with; where several have one rule, it speaks of all of them."""
    labels: dict[str, list[str]] = {}
    for column in map(form.column.__getitem__, form.answers):
        labels.setdefault(column.unreadable, []).append(f"“{column.label}”")
    return [
        Rule(rule, ERROR, f"{'、'.join(about)}填{YES}或{NO}", f"请改填“{YES}”或“{NO}”后重新报送。")
        for rule, about in labels.items()
    ]


def _of_history(form: Form) -> tuple[Rule, ...]:
    running = [r for r in form.relations.values() if r.running == "HIST-1"]
    sums = "，".join(f"{_label(form, r.left)}不大于{'＋'.join(_label(form, k) for k in r.right)}" for r in running)
    return (
        Rule("HIST-1", QUERY, f"两个月以上的累计数：{sums}", "请核对本月和以前各月的数字；有误的改正后重报，确属实情的请说明原因。", tuple(r.rule for r in running)),
        Rule("HIST-2", QUERY, "本月各项数字不与上月完全相同", "请核实是否误报了上月的表；有误的改正后重报，确属实情的请说明原因。"),
        Rule("HIST-3", QUERY, "各项数字不是逐月只增不减", "请核实是否填了累计数；本表应填当月数，有误的逐月改正后重报，确属实情的请说明原因。", ("HIST-4",)),
        Rule("HIST-4", QUERY, f"数值不突增（{_jumps(form)}）", "数值已计入，请核实是否多填；有误的改正后重报，确属实情的请说明原因。"),
    )  # fmt: skip


def _of_reporting(form: Form) -> tuple[Rule, ...]:
    return (
        Rule("REP-1", ERROR, f"应报单位均已报送当月{form.annex}", f"请尽快报送当月{form.annex}。"),
        Rule("REP-2", NOTICE, f"{form.annex}在截止日前报送", "下次请按时报送。", sent_up=SentUp.NEVER),
        Rule("LADDER-1", ERROR, f"下级工作簿中各行之和等于合计，合计等于{form.annex}", "请核对后重新汇总，把没有改动过的工作簿重新报送。"),
        Rule("CON-1", QUERY, f"应报单位均已报送{CONTACTS}", f"请报送{CONTACTS}（{CONTACTS_NAME}）。", sent_up=SentUp.NEVER),
        Rule("CON-2", QUERY, f"{'和'.join(ROLES.values())}的姓名、职务、联系方式齐全", f"请补齐后重新报送{CONTACTS}。", sent_up=SentUp.NEVER),
        Rule("CON-3", QUERY, "联系方式是11位手机号或7至8位座机号（可加区号）", f"请核对号码后重新报送{CONTACTS}。", sent_up=SentUp.NEVER),
        Rule("CON-4", QUERY, "一个号码只属于一个人", "请核对是否抄错号码。", sent_up=SentUp.NEVER),
    )  # fmt: skip


def _of_relations(form: Form) -> list[Rule]:
    labels = {key: column.label for key, column in form.column.items()}
    return [Rule(r.rule, r.grade, r.sentence.format_map(labels), r.advice, r.hides) for r in form.relations.values()]


def _label(form: Form, key: str) -> str:
    return form.column[key].label


def _ceilings(form: Form) -> str:
    """The ceilings of counts as text: 10,000或100,000（按栏目）."""
    ceilings = sorted({form.column[k].ceiling for k in form.counts})
    return "或".join(f"{c:,}" for c in ceilings) + _BY_COLUMN * (len(ceilings) > 1)


def _jumps(form: Form) -> str:
    """What makes a jump: 不超过以前各月中位数的3倍，或超过不多于10."""
    jumps = sorted({form.column[k].jump for k in form.counts}, key=lambda j: (j.times, j.above))
    return "；".join(map(_jump, jumps)) + _BY_COLUMN * (len(jumps) > 1)


def _jump(jump: Jump) -> str:
    return f"不超过以前各月中位数的{jump.times}倍，或超过不多于{jump.above}"


_BY_COLUMN = "（按栏目）"

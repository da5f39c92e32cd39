"""The catalogue of rules as data: id, grade, what must hold, what the unit should do, and what it hides.

Relations bring theirs from `schemas/`; the rest stand here. A finding hides those after it for the same cause: those of
the rules it names, about a field it is about, of the same return.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas import COLUMN, COLUMNS, RELATIONS

MUST, ASK, TELL = "强制性", "核实性", "提示性"
GRADES = (MUST, ASK, TELL)
MEANING = {MUST: "确有错误，必须改正", ASK: "情况异常，请核实或说明", TELL: "仅作提示，供了解"}


@dataclass(frozen=True)
class Rule:
    """One rule: `holds` is the sentence that is true of a good return, `advice` what to do where it is not."""

    id: str
    grade: str
    holds: str
    advice: str
    hides: tuple[str, ...] = ()


_AGAIN = "请改正后重新报送。"
_HIDES = {"DEP-3": ("DEP-2",)}

_RUNNING = [r for r in RELATIONS.values() if r.running == "HIST-1"]
_RUN_ON = "，".join(f"{COLUMN[r.left].label}不大于{'＋'.join(COLUMN[k].label for k in r.right)}" for r in _RUNNING)

_CEILINGS = "或".join(f"{c:,}" for c in sorted({c.ceiling for c in COLUMNS if c.kind == "count"})) + "（按栏目）"

_STANDING = (
    Rule("FILE-1", MUST, "文件能够打开读取", "请用 Excel 或 WPS 另存为 .xlsx 后重新报送。"),
    Rule("FILE-2", ASK, "表格文件中有附件1或附件2", "请核实是否发错文件；如系报表，请按原表式填报后重新报送。"),
    Rule("FILE-3", ASK, "报来的是表格，不只是扫描件或图片", "请补报 Excel 表格（.xlsx）。"),
    Rule("FILE-5", TELL, "同一单位同一月份只报一个版本", "已采用最后收到的版本，请知悉。"),
    Rule("FILE-6", ASK, "原来采用的报表仍在收件夹中，或已由新报的替代", "请把文件放回收件夹，再汇总一次；确需撤回的，状态填“已核实”。"),
    Rule("FORM-1", MUST, f"表中{len(COLUMN)}个栏目齐全", "请按原表式补齐所缺栏目后重新报送。", ("CELL-1",)),
    Rule("FORM-2", TELL, "栏目按原表式的名称和顺序排列，没有增加栏目", "数字已按栏目名称对应采用；下次请按原表式填报。"),
    Rule("FORM-3", MUST, "每个单位只有一行数据", "请只保留本单位一行数据，或加上与各行之和相等的“合计”行，重新报送。"),
    Rule("UNIT-1", MUST, "填报单位在应报单位名单中", "请核对单位名称，改正后重新报送；确系本县单位的，由专班登记这个名称。"),
    Rule("UNIT-2", ASK, "表内单位与文件名所示单位一致", "请核实是否填错单位或发错文件。"),
    Rule("UNIT-3", TELL, "表内填写了单位", "单位取自工作表名或文件名；下次请在表内填写单位。"),
    Rule("PERIOD-1", MUST, "能够确定统计时间", "请在“统计时间”处填写年月（如2023年5月）后重新报送。"),
    Rule("PERIOD-2", ASK, "统计时间是收到前已结束、且在专项整治期内的月份", "请核实统计时间：应填数据所属月份，不是报送月份；改正后重新报送。"),
    Rule("PERIOD-3", TELL, "表内完整填写了统计时间的年和月", "统计时间已据现有信息确定；下次请在表内填全年月。"),
    Rule("CELL-1", ASK, "各栏均已填写", "没有发生的请填0，漏填的请补填后重报。"),
    Rule("CELL-2", MUST, "填报值为不小于零的整数", "请改填整数后重新报送。", ("CELL-4", "CELL-3", "HIST-4")),
    Rule("CELL-3", TELL, "填报值为规范的数字", "下次请只填阿拉伯数字。"),
    Rule("CELL-4", ASK, f"数值不超过{_CEILINGS}", "数值已计入，请核实是否多填；有误的改正后重报，确属实情的请说明原因。", ("CELL-3", "HIST-4")),
    Rule("CELL-5", ASK, "各项数字不全为0或空白", "请核实当月是否确无工作；漏填的请补填后重报。", ("CELL-1", "CELL-3", "HIST-2")),
    Rule("DEP-1", MUST, "“是否建立机构”填是或否", "请改填“是”或“否”后重新报送。"),
    Rule("HIST-1", ASK, f"两个月以上的累计数：{_RUN_ON}", "请核对本月和以前各月的数字；有误的改正后重报，确属实情的请说明原因。", tuple(r.rule for r in _RUNNING)),
    Rule("HIST-2", ASK, "本月各项数字不与上月完全相同", "请核实是否误报了上月的表；有误的改正后重报，确属实情的请说明原因。"),
    Rule("HIST-3", ASK, "各项数字不是逐月只增不减", "请核实是否填了累计数；本表应填当月数，有误的逐月改正后重报，确属实情的请说明原因。", ("HIST-4",)),
    Rule("HIST-4", ASK, "数值不突增（不超过以前各月中位数的3倍，或超过不多于10）", "数值已计入，请核实是否多填；有误的改正后重报，确属实情的请说明原因。"),
    Rule("REP-1", MUST, "应报单位均已报送当月附件1", "请尽快报送当月附件1。"),
    Rule("REP-2", TELL, "附件1在截止日前报送", "下次请按时报送。"),
    Rule("CON-1", ASK, "应报单位均已报送附件2", "请报送附件2（分管领导及联络员名单）。"),
    Rule("CON-2", ASK, "分管领导和业务骨干的姓名、职务、联系方式齐全", "请补齐后重新报送附件2。"),
    Rule("CON-3", ASK, "联系方式是11位手机号或7至8位座机号（可加区号）", "请核对号码后重新报送附件2。"),
    Rule("CON-4", ASK, "一个号码只属于一个人", "请核对是否抄错号码。"),
)  # fmt: skip


def _relations() -> dict[str, Rule]:
    labels = {key: column.label for key, column in COLUMN.items()}
    return {
        r.rule: Rule(r.rule, r.grade, r.sentence.format_map(labels), r.advice, _HIDES.get(r.rule, ()))
        for r in RELATIONS.values()
    }


RULES: dict[str, Rule] = {r.id: r for r in _STANDING} | _relations()
"""Every rule the program judges, by id."""

"""The sheets of the workbooks: their names, and the headings and sentences that both what writes and what reads them know."""

from __future__ import annotations

SUMMARY, DISCREPANCIES, REPORTING, TREND = "汇总表", "差异清单", "报送情况", "累计与趋势"
CONTACTS, CORRECTIONS, ABOUT = "联络员名单", "更正说明", "说明"
SOURCES, TRACE, CALLS, NOTICES = "来源台账", "数据溯源", "催报电话单", "通知文本"
NOTICE, REFERENCE = "退回通知", "填报参考"
"""What is sent up, what stays in the office (with 差异清单), and what goes to units."""

TOTAL = "合计"

NUMBER, STATUS, NOTE, RESULT = "编号", "状态", "核实说明", "处理结果"
EXPLANATION = "单位说明"
"""The column of what a unit says of a line, and what begins the note of it in 来源台账."""

LINE_HEADINGS = (
    *("级别", "单位", "统计时间", "栏目", "指标", "填报值", "参考值", "差额", "问题描述", "处理建议", STATUS, NOTE),
    *(NUMBER, "规则", "来源文件", "工作表", "单元格", EXPLANATION, RESULT),
)
"""The columns of 差异清单 in the office's own workbook; what stands in others staff added themselves."""

LINES_KNOWN_BY = frozenset((NUMBER, STATUS, NOTE))
"""Headings without which a sheet is no 差异清单."""

NO_LINES = "本期没有发现问题。"
"""Stands in 差异清单 where it has no line."""

SOURCE_HEADINGS = ("文件", "工作表", "表式", "单位", "统计时间", "收到时间", "SHA-256", "处理结果", "说明")

CALL_HEADINGS = ("序号", "单位", "催什么", "期限", "联络员", "联络员电话", "分管领导", "分管领导电话", "可以这样说")
"""The columns of 催报电话单 that the program fills."""

CALL_ANSWERS = ("日期", "接听人", "答复")
"""Those in which staff note a call; they are carried by unit within the month."""

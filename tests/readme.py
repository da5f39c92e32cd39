"""The generated parts of the READMEs: `python -m tests.readme` writes them, a test holds them current."""

from __future__ import annotations

import re
from pathlib import Path

import click

from pipeline.cli import main
from pipeline.county import County
from pipeline.rules import rules_of
from schemas import FORMS

ROOT = Path(__file__).parent.parent
README, HOUSE, FORMS_README, TESTS = (ROOT / name / "README.md" for name in ("", "pipeline", "schemas", "tests"))
PAPERS = (README, HOUSE, FORMS_README, TESTS)

MEANINGS = {
    "county.name": "县名，如 千阳县",
    "county.office": "汇总单位，印在汇总表上",
    "campaign.title": "专项整治的名称，附件1标题以它开头",
    "campaign.first_period": "可以报送的第一个月",
    "campaign.first_due_period": "从哪个月起催报，默认同上",
    "campaign.last_period": "最后一个月；不填则一直报下去",
    "campaign.mobilised_period": "从哪个月起判断 DEP-2；不填则不判断",
    "campaign.counting": "只能是 monthly（报当月数）",
    "campaign.due_day": "次月几日（含）前报送",
    "campaign.contacts_due": "附件2截止日；不填则不判断 CON-1",
    "report.phones": "上报工作簿中的电话：masked 打码，full 完整，omit 不列",
    "report.prepared_by": "汇总表上的填表人，可不填",
    "report.reviewed_by": "汇总表上的审核人，可不填",
    "units.name": "单位名称，印在汇总表上",
    "units.kind": "town 镇，department 部门，county 县区（市里用，见“向上一级”）",
    "units.aliases": "其他写法",
    "units.code": "行政区划代码，可不填",
    "units.since": "从哪个月起在册，可不填",
    "units.until": "到哪个月止在册，可不填",
}


MEANINGS |= {
    f"county.{key}": f"本县{FORMS.declared.annex}的“{FORMS.whole.column[key].label}”，可不填"
    for key in FORMS.whole.answers
}


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["--"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def columns() -> str:
    rows = [
        [g.label, c.label, c.measure or "–", c.meaning, f"`{c.key}`"] for g in FORMS.whole.groups for c in g.columns
    ]
    return table(["栏目组", "指标", "计量单位", "含义", "key"], rows)


def rules() -> str:
    return table(
        ["规则", "级别", "应当符合", "不符合时"],
        [[r.id, r.grade, r.holds, r.advice] for r in rules_of(FORMS.whole).values()],
    )


def keys() -> list[str]:
    """Every key of the configuration, as section.key."""
    sections = {"county": "county", "campaign": "campaign", "report": "report", "units": "units"}
    schema = County.model_json_schema()
    found = []
    for name, section in sections.items():
        part = schema["properties"][name]
        reference = (part.get("items") or part).get("$ref") or (part["default"] and "#/$defs/Report")
        found += [f"{section}.{key}" for key in schema["$defs"][reference.rpartition("/")[2]]["properties"]]
    return found


def configuration() -> str:
    return table(["key", "含义"], [[f"`{key}`", MEANINGS[key]] for key in keys()])


def commands() -> str:
    out = []
    program = click.Context(main, info_name="python -m pipeline", terminal_width=100, **main.context_settings)
    for name, command in sorted(main.commands.items()):
        context = click.Context(command, parent=program, info_name=name, terminal_width=100)
        out.append(command.get_help(context))
    return "\n".join(f"    {line}".rstrip() for text in out for line in text.splitlines())


GENERATED = {"columns": columns, "rules": rules, "configuration": configuration, "commands": commands}


def renewed(text: str) -> str:
    """A README with its generated parts as they should be."""
    for name, make in GENERATED.items():
        part = f"<!-- generated: {name} -->\n{make()}\n<!-- end -->"
        text = re.sub(rf"<!-- generated: {name} -->.*?<!-- end -->", lambda _, part=part: part, text, flags=re.S)
    return text


if __name__ == "__main__":
    for paper in PAPERS:
        paper.write_text(renewed(paper.read_text(encoding="utf-8")), encoding="utf-8")

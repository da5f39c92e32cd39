"""A small city: counties whose offices run the program on the returns of their units, and send their workbooks up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.model import Month
from pipeline.run import Done, Job, run
from tests.builders import FORM, MAY, RECEIVED, TODAY, annex1, drop, xlsx

COUNTIES = ("千阳县", "陇县", "麟游县")
UNITS = ("城关镇", "东风镇", "县住建局")

_CAMPAIGN = """[campaign]
title = "乡村振兴领域专项整治"
first_period = "2023-02"
first_due_period = "2023-03"
last_period = "2023-12"
counting = "monthly"
due_day = 25
"""

Filed = Mapping[str, object]


def county_toml(name: str, units: Sequence[tuple[str, str]], office: str = "") -> str:
    """The configuration of an office and its units, each with its kind."""
    about = f'[county]\nname = "{name}"\noffice = "{office or name + "专班"}"\n'
    return about + _CAMPAIGN + "".join(f'[[units]]\nname = "{u}"\nkind = "{k}"\n' for u, k in units)


def a_county_run(root: Path, name: str, returns: Mapping[str, Sequence[Filed]], month: Month = MAY) -> Done:
    """The county's run of the month on the returns of its units, each in the order in which they came."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "inbox").mkdir(exist_ok=True)
    kinds = [(u, "town" if u.endswith("镇") else "department") for u in UNITS]
    (root / "county.toml").write_text(county_toml(name, kinds), encoding="utf-8")
    for unit, versions in returns.items():
        for i, filed in enumerate(versions):
            when = RECEIVED.replace(month=month.month + 1, day=10 + i)
            drop(root / "inbox", f"{month}/{unit}{i}.xlsx", xlsx(annex1(unit, month.zh, **filed)), when)
    return run(Job(root / "inbox", root / "outbox", root / "county.toml", TODAY, month))


def city_toml(root: Path, counties: Sequence[str] = COUNTIES) -> Path:
    """The configuration of the city's office."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "county.toml").write_text(county_toml("宝鸡市", [(c, "county") for c in counties]), encoding="utf-8")
    (root / "inbox").mkdir(exist_ok=True)
    return root / "county.toml"


def a_city_run(root: Path, month: Month = MAY) -> Done:
    """The city's run of the month."""
    return run(Job(root / "inbox", root / "outbox", root / "county.toml", TODAY, month))


def totals(done: Done) -> dict[str, int]:
    """What the total row of a run's 汇总表 comes to."""
    found = {}
    for key in FORM.counts:
        values = [r.filed.figures[key].value for r in done.month.rows if r.filed]
        found[key] = sum(int(v or 0) for v in values)
    return found

"""Whole inboxes: a clean month of the real roster, and a small one with the usual faults."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.county import County, load
from pipeline.model import BEIJING, Month
from tests.builders import FORM, MAY, PEOPLE, RECEIVED, VALUES, Sheet, annex1, annex2, drop, xlsx

COUNTY_FILE = Path(__file__).with_name("county.toml")
"""The tests' own 27 units, so that a change of the real roster breaks none of them."""


def figures(rng: random.Random, parts: tuple[int, int] = (1, 9), press: int = 9, posts: int = 99) -> dict[str, object]:
    """A return that breaks no rule; totals are the sums of two `parts`, and there are at most so many posts."""
    found, own, moved, new, revised, batches = (rng.randint(*parts) for _ in range(6))
    filed: dict[str, object] = {
        "body_established": "是",
        "party_meetings": rng.randint(1, 4), "coordination_meetings": rng.randint(1, 4),
        "inspections": rng.randint(1, 9), "problems_found": found, "problems_rectified": rng.randint(0, found),
        "petitions_total": own + moved, "self_handled": own, "transferred": moved,
        "concluded": rng.randint(0, own + moved), "clues_referred": rng.randint(0, found),
        "institutions_total": new + revised, "created": new, "revised": revised,
        "broadcast": rng.randint(1, 9), "press": rng.randint(0, press), "new_media": rng.randint(0, posts),
        "batches": batches, "projects": batches + rng.randint(0, parts[1]),
    }  # fmt: skip
    return {key: filed.get(key, 9) for key in FORM.keys}


def steady(rng: random.Random) -> dict[str, object]:
    """A return that breaks no rule, nor does a year of them: every count is small, and none of its months like another."""
    return figures(rng, parts=(2, 4), posts=9)


def people(number: int) -> list[tuple[str, str, str, str]]:
    """Two persons with numbers of their own that nobody has."""
    return [
        (role, f"{name}{number}", post, f"1300000{number:02d}{i:02d}") for i, (role, name, post, _) in enumerate(PEOPLE)
    ]


def clean_month(inbox: Path, month: Month = MAY, seed: int = 1) -> tuple[County, dict[str, dict[str, object]]]:
    """Annex 1 and 2 of all units of the real roster, and what they filed."""
    rng, county = random.Random(seed), load(COUNTY_FILE)
    filed = {}
    for i, unit in enumerate(county.roster(month)):
        filed[unit.name] = figures(rng)
        sheet = annex1(unit.name, month.zh, **filed[unit.name])
        drop(inbox, f"{unit.name}附件1.xlsx", xlsx(sheet))
        drop(inbox, f"附件2/{unit.name}名单.xlsx", xlsx(annex2(unit.name, people(i))))
    return county, filed


def many_months(
    inbox: Path, months: Sequence[Month], seed: int = 1
) -> tuple[County, dict[tuple[str, Month], dict[str, object]]]:
    """What the real roster files in those months, and its Annex 2; `inbox` gets the contact lists only."""
    rng, county = random.Random(seed), load(COUNTY_FILE)
    for i, unit in enumerate(county.roster(months[0])):
        drop(inbox, f"附件2/{unit.name}名单.xlsx", xlsx(annex2(unit.name, people(i))), RECEIVED.replace(month=3, day=2))
    return county, {(u.name, m): steady(rng) for m in months for u in county.roster(m)}


def drop_month(inbox: Path, filed: Mapping[tuple[str, Month], Mapping[str, object]]) -> None:
    """Puts those returns into the inbox, each received on the 10th of the month that follows."""
    for (unit, month), values in filed.items():
        received = dt.datetime(*month.plus(1), 10, 9, tzinfo=BEIJING)
        drop(inbox, f"{month}/{unit}附件1.xlsx", xlsx(annex1(unit, month.zh, **values)), received)


SMALL = """
[county]
name = "千阳县"
office = "千阳县专班"
body_established = true
[campaign]
title = "乡村振兴领域专项整治"
first_period = "2023-02"
first_due_period = "2023-03"
last_period = "2023-12"
mobilised_period = "2023-03"
counting = "monthly"
due_day = 25
contacts_due = "2023-03-31"
[[units]]
name = "城关镇"
kind = "town"
[[units]]
name = "张家塬镇"
kind = "town"
[[units]]
name = "县住建局"
kind = "department"
[[units]]
name = "县财政局"
kind = "department"
"""


def faulty_month(root: Path) -> Path:
    """Four units: one clean, one with faults in its cells, one late, one missing; a stranger and a scan besides."""
    inbox = root / "inbox"
    (root / "county.toml").parent.mkdir(parents=True, exist_ok=True)
    (root / "county.toml").write_text(SMALL, encoding="utf-8")
    drop(inbox, "城关镇附件1.xlsx", xlsx(annex1("城关镇")))
    faults = {"petitions_total": 12, "press": "约5", "created": "三项", "broadcast": None}
    drop(inbox, "张家塬镇附件1.xlsx", xlsx(annex1("张家塬镇", "5月", **faults)))
    drop(
        inbox,
        "2023-06-26/县住建局.xlsx",
        xlsx(annex1("千阳县住建局（盖章）", before=["序号"], rows=[[1, *VALUES.values()]])),
    )
    drop(inbox, "附件1(3).xlsx", xlsx(annex1("县公安局")))
    drop(inbox, "通知.xlsx", xlsx(Sheet("通知").put(0, 0, "=cmd|' /C calc'!A0").put(1, 0, "关于召开会议的通知")))
    drop(inbox, "~$城关镇附件1.xlsx", b"lock")
    for i, unit in enumerate(("城关镇", "张家塬镇", "县住建局")):
        drop(inbox, f"附件2/{unit}名单.xlsx", xlsx(annex2(unit, people(i))), RECEIVED.replace(day=2))
    return inbox

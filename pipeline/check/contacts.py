"""Annex 2: every unit has sent it, with both roles, whole and with numbers that can be called."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.check.lines import finding
from pipeline.check.validation import failures
from pipeline.county import County
from pipeline.model import Choice, Contacts, Finding, Person, day_zh
from pipeline.sections import Unit
from schemas.contacts import ANNEX, CONTACT_COLUMNS, ROLES, persons_schema, phones_schema
from schemas.form import Form

_LABEL = {c.key: c.label for c in CONTACT_COLUMNS}
_PHONE = "phone"
_RULES = ("CON-2", "CON-3", "CON-4")
_BETWEEN = re.compile(r"[/、,，;；|\n\r\t]+|\s{2,}|[一-鿿]+|(?<=[0-9]{7})\s+(?=[0-9]{7})")
_FILLING = re.compile(r"[\s\-‐‑–—－.·()（）:：]")
_EXTENSION = re.compile(
    r"(?<=[0-9])\s*(?:转|分机|[（(]转|ext\.?|(?<=[0-9]{7})[-－—])\s*[0-9]{1,6}[)）]?(?![0-9])", re.I
)
"""The number of a desk behind that of its office."""

_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1[3-9][0-9]{9}$)")


@dataclass(frozen=True)
class _Number:
    unit: str
    person: Person
    number: str
    filed: str


def contact_findings(
    choice: Choice, county: County, form: Form, roster: Sequence[Unit], today: dt.date
) -> Iterator[Finding]:
    """CON lines of the units of that roster. They are about the list in force, so they carry no month."""
    lists: list[Contacts] = []
    for unit in roster:
        due = county.contacts_due(unit)
        if unit.name in choice.contacts:
            lists.append(choice.contacts[unit.name])
        elif due and today > due:
            yield finding(form, "CON-1", unit.name, None, f"截至{day_zh(today)}未收到{ANNEX}（{day_zh(due)}到期）。")
    yield from _incomplete(form, lists)
    yield from _wrong_numbers(form, lists)


def _incomplete(form: Form, lists: list[Contacts]) -> Iterator[Finding]:
    import pandas as pd

    rows = [(one, person) for one in lists for person in [*one.people, *_absent(one)]]
    if not rows:
        return
    frame = pd.DataFrame([{c.key: getattr(p, c.key) for c in CONTACT_COLUMNS} for _, p in rows], dtype="str")
    lacking = [(i, column) for _, column, broken in failures(_RULES, persons_schema(), frame) for i in broken]
    of_list: dict[int, list[tuple[Person, str]]] = {}
    for i, key in lacking:
        of_list.setdefault(id(rows[i][0]), []).append((rows[i][1], key))
    for one in lists:
        if id(one) in of_list:
            yield _lacks(form, one, of_list[id(one)])


def _absent(one: Contacts) -> list[Person]:
    """Blank persons for the roles that are not on the list at all."""
    there = {p.role for p in one.people}
    return [Person(role, "", "", "", {}) for role in ROLES if role not in there]


def _lacks(form: Form, one: Contacts, missing: list[tuple[Person, str]]) -> Finding:
    gaps = []
    for role, printed in ROLES.items():
        keys = [key for key in _LABEL if any(p.role == role and k == key for p, k in missing)]
        if keys:
            gaps.append(f"{printed}缺{'、'.join(_LABEL[k] for k in keys)}")
    keys = [k for k in _LABEL if any(k == key for _, key in missing)]
    return finding(
        form,
        "CON-2",
        one.unit,
        None,
        f"{ANNEX}中{'；'.join(gaps)}。",
        source=one.source,
        sheet=one.sheet,
        cells=[p.cells.get(k, "") for p, k in missing],
        labels=[_LABEL[k] for k in keys],
        filed="",
    )


def _wrong_numbers(form: Form, lists: list[Contacts]) -> Iterator[Finding]:
    import pandas as pd

    numbers = [(one, n) for one in lists for p in one.people for n in _numbers(one.unit, p)]
    if not numbers:
        return
    frame = pd.DataFrame([{"number": n.number, "name": n.person.name} for _, n in numbers], dtype="str")
    failed = {rule: rows for rule, _, rows in failures(_RULES, phones_schema(), frame)}
    wrong = set(failed.get("CON-3", ()))
    for i in sorted(wrong):
        one, n = numbers[i]
        message = f"{ROLES[n.person.role]}的联系方式不是完整的手机号或座机号。"
        yield _on_phone(form, "CON-3", one, n, message)
    shared: dict[str, list[tuple[Contacts, _Number]]] = {}
    for i in sorted(set(failed.get("CON-4", ())) - wrong):
        shared.setdefault(numbers[i][1].number, []).append(numbers[i])
    for owners in shared.values():
        who = "、".join(dict.fromkeys(f"{n.unit}{ROLES[n.person.role]}" for _, n in owners))
        yield _on_phone(form, "CON-4", *owners[0], f"同一号码登记在不同姓名下：{who}。")


def _numbers(unit: str, person: Person) -> Iterator[_Number]:
    """The numbers in a person's 联系方式, without the words around them; the whole text where there is none in it."""
    pieces = [p for p in _BETWEEN.split(_EXTENSION.sub("", person.phone)) if re.search(r"\d", p)]
    for filed in pieces or [person.phone] * bool(person.phone):
        if number := _COUNTRY.sub("", _FILLING.sub("", unicodedata.normalize("NFKC", filed))):
            yield _Number(unit, person, number, filed.strip())


def _on_phone(form: Form, rule: str, one: Contacts, n: _Number, message: str) -> Finding:
    return finding(
        form,
        rule,
        one.unit,
        None,
        message,
        source=one.source,
        sheet=one.sheet,
        cells=(n.person.cells[_PHONE],),
        labels=(_LABEL[_PHONE],),
        filed=n.filed,
    )

"""The county's configuration: roster, calendar and output options, validated on load."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path

from pydantic import Field, PrivateAttr, ValidationError, model_validator

from pipeline.errors import ConfigurationError
from pipeline.mistakes import misspelt, sentence
from pipeline.model import BEIJING, Month
from pipeline.refusals import refusal
from pipeline.roster import PlainRoster, PlainUnit
from pipeline.sections import KINDS, Campaign, Place, Report, Section, Unit, spelled, wrong
from pipeline.sheets import TOTAL
from schemas import FORMS
from schemas.columns import NO
from schemas.form import Form, Forms

_TOTALS = (TOTAL, "全县", *(f"{kind}小计" for kind in KINDS.values()))
"""The names of total rows, which no unit may have."""


class County(Section):
    """A county: its office, campaign and roster. Units stand in the order of the official list."""

    county: Place
    campaign: Campaign
    report: Report = Report()
    units: tuple[Unit, ...] = Field(min_length=1, strict=False)
    _sha256: str = PrivateAttr(default="")

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text it was loaded from, with Unix line ends; '' where it came from none."""
        return self._sha256

    @model_validator(mode="after")
    def _one_unit_per_name(self) -> County:
        taken: dict[str, list[tuple[int, Unit]]] = {}
        for i, unit in enumerate(self.units):
            if unit.since and unit.until and unit.until < unit.since:
                message = f"“{unit.name}”的 until（{unit.until}）早于 since（{unit.since}）"
                raise wrong(message, f"units[{i + 1}].until")
            for spelling in dict.fromkeys(map(spelled, (unit.name, *unit.aliases))):
                key = f"units[{i + 1}].{'name' if spelling == spelled(unit.name) else 'aliases'}"
                if spelling in _TOTALS:
                    raise wrong(f"“{spelling}”是合计行的名称，不能作单位的名称或别名", key)
                for j, other in taken.get(spelling, []):
                    if spelling == spelled(unit.name) == spelled(other.name) or unit.overlaps(other):
                        raise wrong(f"“{spelling}”同时是 units[{j + 1}] 和 units[{i + 1}] 的名称或别名", key)
                taken.setdefault(spelling, []).append((i, unit))
        return self

    @property
    def name(self) -> str:
        """The county's name."""
        return self.county.name

    @property
    def title(self) -> str:
        """The campaign's title."""
        return self.campaign.title

    @property
    def first_period(self) -> Month:
        """The campaign's first month."""
        return self.campaign.first_period

    @property
    def last_period(self) -> Month | None:
        """The campaign's last month."""
        return self.campaign.last_period

    @property
    def forms(self) -> Forms:
        """The campaign's monthly form, in all months."""
        return FORMS

    @property
    def annex(self) -> str:
        """What the monthly form is called."""
        return self.forms.declared.annex

    def form(self, month: Month) -> Form:
        """The form that is filed for that month."""
        return self.forms.of(month)

    def for_readers(self) -> PlainRoster:
        """What readers know of it, in plain values."""
        units = (PlainUnit(u.name, u.aliases, u.since, u.until) for u in self.units)
        about = (self.name, self.title, self.first_period, self.last_period, tuple(units), self.forms)
        return PlainRoster(*about, office=self.office, of_counties=self.of_counties)

    @property
    def office(self) -> str:
        """The office that consolidates."""
        return self.county.office

    @property
    def of_counties(self) -> bool:
        """Whether counties stand on the roster, whose workbooks are their returns."""
        return bool(self._counties)

    def is_county(self, unit: str) -> bool:
        """Whether a unit of that name is a county."""
        return unit in self._counties

    @cached_property
    def _counties(self) -> frozenset[str]:
        return frozenset(u.name for u in self.units if u.kind == "county")

    @cached_property
    def _ordered(self) -> tuple[Unit, ...]:
        return tuple(sorted(self.units, key=lambda u: list(KINDS).index(u.kind)))

    @cached_property
    def _rosters(self) -> dict[Month, dict[str, Unit]]:
        return {}

    def roster(self, month: Month) -> tuple[Unit, ...]:
        """The units that report in that month, towns first, else in the order of the configuration."""
        return tuple(self._roster(month).values())

    def on_roster(self, unit: str, month: Month) -> bool:
        """Whether a unit of that name reports in that month."""
        return unit in self._roster(month)

    def _roster(self, month: Month) -> dict[str, Unit]:
        # Asked for every return of a province: worked out once a month.
        if month not in self._rosters:
            self._rosters[month] = {u.name: u for u in self._ordered if u.reports_in(month)}
        return self._rosters[month]

    def roster_of(self, months: Collection[Month]) -> tuple[Unit, ...]:
        """The units that report in any of those months, in the order of `roster`."""
        return tuple(dict.fromkeys(u for u in self._ordered if any(map(u.reports_in, months))))

    def months_until(self, month: Month) -> tuple[Month, ...]:
        """The campaign's months up to that one."""
        return self.campaign.first_period.until(month)

    def due_months_until(self, month: Month) -> tuple[Month, ...]:
        """The months up to that one in which returns are asked for; that month alone where none is yet."""
        return (self.campaign.first_due_period or self.campaign.first_period).until(month) or (month,)

    @cached_property
    def _former(self) -> dict[str, str]:
        named: dict[str, list[Unit]] = {}
        for unit in self.units:
            named.setdefault(spelled(unit.name), []).append(unit)
        before = {
            u.name: [o.name for alias in set(map(spelled, u.aliases)) for o in named.get(alias, ()) if u.follows(o)]
            for u in self.units
        }
        return {name: names[0] for name, names in before.items() if len(names) == 1}

    def former(self, unit: str) -> str:
        """The unit that this one was until it got its name, '' where it was none; a merger of several is a new unit."""
        return self._former.get(unit, "")

    def belonging(self, month: Month) -> Month:
        """That month within the campaign: what comes before or after it is reported in its first or last run."""
        return max(min(month, self.campaign.last_period or month), self.campaign.first_period)

    def due(self, month: Month) -> dt.date:
        """The last day on which that month's return is in time."""
        return month.plus(1).day(self.campaign.due_day)

    def contacts_due(self, unit: Unit) -> dt.date | None:
        """The last day for a unit's Annex 2: a unit that joins later owes it with its first return."""
        due = self.campaign.contacts_due
        joins_later = unit.since is not None and unit.since > self.campaign.first_period
        return max(due, self.due(unit.since)) if due and unit.since and joins_later else due

    def in_time(self, month: Month, received: dt.datetime) -> bool:
        """Whether a return of that month received then is in time."""
        return received.astimezone(BEIJING).date() <= self.due(month)

    def chased(self, month: Month) -> bool:
        """Whether returns of that month are asked for."""
        return (self.campaign.first_due_period or self.campaign.first_period) <= month

    def unanswered(self, form: Form, path: Path) -> Iterator[str]:
        """For each question of that form that the county has not answered, a sentence that names the line of `path` to add."""
        for key in form.answers:
            if self.county.answer(key) is None:
                yield (
                    f"{self.name}自己的“{form.column[key].label}”还没有填；请在 {path} 的 [county] 下加一行 {key} = true（{NO}填 false），"
                    "填一次即可。"
                )

    def in_campaign(self, month: Month) -> bool:
        """Whether the month can be reported."""
        last = self.campaign.last_period
        return self.campaign.first_period <= month and (last is None or month <= last)


def load(path: Path) -> County:
    """The county configured in that file; ConfigurationError with key and text for the first mistake in it."""
    text = _text(path)
    try:
        county = County.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as e:
        raise ConfigurationError(misspelt(path, text, e)) from None
    except ValidationError as e:
        # A misspelt key is also a missing one; the misspelling is what there is to see.
        first = min(e.errors(), key=lambda error: error["type"] != "extra_forbidden")
        raise ConfigurationError(sentence(path, first)) from None
    county._sha256 = hashlib.sha256(text.encode()).hexdigest()
    return county


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise ConfigurationError(f"找不到配置文件 {path}，请核对 --county 后的路径。") from None
    except OSError as e:
        raise ConfigurationError(f"配置文件 {path} 打不开（{refusal(e, path).why}），请核对后再运行。") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"配置文件 {path} 不是 UTF-8 编码，请用记事本另存为 UTF-8。") from None

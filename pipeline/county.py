"""The county's configuration: its roster, calendar and ways, validated on load."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
import unicodedata
from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    PrivateAttr,
    ValidationError,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from pipeline.errors import ConfigurationError
from pipeline.mistakes import misspelt, sentence
from pipeline.model import BEIJING, Month
from pipeline.refusals import refusal
from pipeline.roster import PlainRoster, PlainUnit, stands
from schemas import FORMS
from schemas.form import Form, Forms

KINDS = {"town": "镇", "department": "部门", "county": "县区"}


_LONGEST = 60
"""Characters of a name; the names of files are made of two."""

_NOT_IN_FILES = '\\/:*?"<>|'
"""Two units whose names differ in these only would share one file."""

_TOTALS = ("合计", "全县", *(f"{kind}小计" for kind in KINDS.values()))
"""What rows of ours are called in which no unit stands."""


def _wrong(sentence: str, key: str = "") -> PydanticCustomError:
    """A mistake in a sentence of ours, `key` below the place where it is raised."""
    # Braces in a unit's name must not be taken for pydantic's own template.
    return PydanticCustomError("county", "{text}", {"text": sentence, "key": key})


def _month(value: object) -> Month:
    try:
        return Month.parse(value if isinstance(value, str) else "")
    except ValueError:
        raise _wrong('应为带引号的年月，如 "2023-05"') from None


def _date(value: object) -> dt.date:
    try:
        return value if type(value) is dt.date else dt.date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise _wrong('应为日期，如 "2023-03-31"') from None


def _words(value: str) -> str:
    if not value.strip():
        raise _wrong("不能为空")
    if not value.isprintable():
        raise _wrong("不能含有换行、制表符等看不见的字符")
    if len(value) > _LONGEST:
        raise _wrong(f"不能超过{_LONGEST}个字")
    return value.strip()


def _name(value: str) -> str:
    name = _words(value)
    if set(name) & set(_NOT_IN_FILES) or name != name.strip("."):
        raise _wrong(f"用来给文件起名，不能含有 {' '.join(_NOT_IN_FILES)}，也不能以句点开头或结尾")
    return name


Period = Annotated[Month, PlainValidator(_month)]
Date = Annotated[dt.date, PlainValidator(_date)]
Words = Annotated[str, BeforeValidator(lambda v: _words(v) if isinstance(v, str) else v)]
Signed = Annotated[str, BeforeValidator(lambda v: _words(v) if isinstance(v, str) and v else v)]
Name = Annotated[str, BeforeValidator(lambda v: _name(v) if isinstance(v, str) else v)]


def _spelled(name: str) -> str:
    """A name as it is compared with others: width, spaces and capitals do not matter."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Place(_Section):
    name: Words
    office: Words

    def answer(self, key: str) -> bool | None:
        """The county's own answer to a yes-or-no question of its form, None where it gave none."""
        answer: bool | None = getattr(self, key, None)
        return answer


if TYPE_CHECKING:
    Place = _Place
else:
    # Each question of the form is answered under its column's key.
    Place = create_model(
        "Place",
        __base__=_Place,
        __doc__="[county]: whose workbook this is, and its own answers to the questions of its form.",
        **dict.fromkeys(FORMS.whole.answers, (bool | None, None)),
    )


class Campaign(_Section):
    """[campaign]: what is collected, and when it is due."""

    title: Words
    first_period: Period
    first_due_period: Period | None = None
    last_period: Period | None = None
    mobilised_period: Period | None = None
    counting: Literal["monthly"]
    due_day: int = Field(ge=1, le=31)
    contacts_due: Date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Campaign:
        first, due, last = self.first_period, self.first_due_period, self.last_period
        if last and last < first:
            raise _wrong(f"last_period（{last}）早于 first_period（{first}）", "last_period")
        if due and due < first:
            raise _wrong(f"first_due_period（{due}）早于 first_period（{first}）", "first_due_period")
        if due and last and last < due:
            raise _wrong(f"first_due_period（{due}）晚于 last_period（{last}）", "first_due_period")
        return self


class Report(_Section):
    """[report]: how the workbook that is sent up is written."""

    phones: Literal["masked", "full", "omit"] = "masked"
    prepared_by: Signed = ""
    reviewed_by: Signed = ""


class Unit(_Section):
    """[[units]]: one unit that reports, in the months since … until."""

    name: Name
    kind: Literal["town", "department", "county"]
    aliases: tuple[Words, ...] = Field(default=(), strict=False)
    code: str | None = None
    since: Period | None = None
    until: Period | None = None

    def reports_in(self, month: Month) -> bool:
        """Whether the unit stands on the roster in that month."""
        return stands(self.since, self.until, month)

    def follows(self, other: Unit) -> bool:
        """Whether the other left the roster before this one came, and its name is one of this one's aliases."""
        left_before = other.until is not None and self.since is not None and other.until < self.since
        return left_before and _spelled(other.name) in map(_spelled, self.aliases)

    def _overlaps(self, other: Unit) -> bool:
        return not (
            (self.until and other.since and self.until < other.since)
            or (other.until and self.since and other.until < self.since)
        )


class County(_Section):
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
                raise _wrong(message, f"units[{i + 1}].until")
            for spelling in dict.fromkeys(map(_spelled, (unit.name, *unit.aliases))):
                key = f"units[{i + 1}].{'name' if spelling == _spelled(unit.name) else 'aliases'}"
                if spelling in _TOTALS:
                    raise _wrong(f"“{spelling}”是合计行的名称，不能作单位的名称或别名", key)
                for j, other in taken.get(spelling, []):
                    if spelling == _spelled(unit.name) == _spelled(other.name) or unit._overlaps(other):
                        raise _wrong(f"“{spelling}”同时是 units[{j + 1}] 和 units[{i + 1}] 的名称或别名", key)
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
            named.setdefault(_spelled(unit.name), []).append(unit)
        before = {
            u.name: [o.name for alias in set(map(_spelled, u.aliases)) for o in named.get(alias, ()) if u.follows(o)]
            for u in self.units
        }
        return {name: names[0] for name, names in before.items() if len(names) == 1}

    def former(self, unit: str) -> str:
        """The unit that this one was until it got its name, '' where it was none; a merger of several is a new unit."""
        return self._former.get(unit, "")

    def belonging(self, month: Month) -> Month:
        """That month within the campaign: what comes before or after it is told of in its first or last run."""
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

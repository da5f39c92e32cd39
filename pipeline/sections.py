"""The sections of the county's configuration, each value validated on load."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, create_model, model_validator
from pydantic_core import PydanticCustomError

from pipeline.model import Month
from pipeline.roster import stands
from schemas import FORMS

KINDS = {"town": "镇", "department": "部门", "county": "县区"}


_MAX_NAME_CHARS = 60
"""Characters of a name; the names of files are made of two."""

_NOT_IN_FILES = '\\/:*?"<>|'
"""Two units whose names differ in these only would share one file."""


def wrong(sentence: str, key: str = "") -> PydanticCustomError:
    """A mistake in the program's own words, `key` below the place where it is raised."""
    # Braces in a unit's name must not be taken for pydantic's own template.
    return PydanticCustomError("county", "{text}", {"text": sentence, "key": key})


def _month(value: object) -> Month:
    try:
        return Month.parse(value if isinstance(value, str) else "")
    except ValueError:
        raise wrong('应为带引号的年月，如 "2023-05"') from None


def _date(value: object) -> dt.date:
    try:
        return value if type(value) is dt.date else dt.date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise wrong('应为日期，如 "2023-03-31"') from None


def _words(value: str) -> str:
    if not value.strip():
        raise wrong("不能为空")
    if not value.isprintable():
        raise wrong("不能含有换行、制表符等看不见的字符")
    if len(value) > _MAX_NAME_CHARS:
        raise wrong(f"不能超过{_MAX_NAME_CHARS}个字")
    return value.strip()


def _name(value: str) -> str:
    name = _words(value)
    if set(name) & set(_NOT_IN_FILES) or name != name.strip("."):
        raise wrong(f"用来给文件起名，不能含有 {' '.join(_NOT_IN_FILES)}，也不能以句点开头或结尾")
    return name


Period = Annotated[Month, PlainValidator(_month)]
Date = Annotated[dt.date, PlainValidator(_date)]
Words = Annotated[str, BeforeValidator(lambda v: _words(v) if isinstance(v, str) else v)]
Signed = Annotated[str, BeforeValidator(lambda v: _words(v) if isinstance(v, str) and v else v)]
Name = Annotated[str, BeforeValidator(lambda v: _name(v) if isinstance(v, str) else v)]


def spelled(name: str) -> str:
    """A name as it is compared with others: width, spaces and capitals do not matter."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


class Section(BaseModel):
    """A part of the configuration: no key that is not expected, no value of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Place(Section):
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


class Campaign(Section):
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
            raise wrong(f"last_period（{last}）早于 first_period（{first}）", "last_period")
        if due and due < first:
            raise wrong(f"first_due_period（{due}）早于 first_period（{first}）", "first_due_period")
        if due and last and last < due:
            raise wrong(f"first_due_period（{due}）晚于 last_period（{last}）", "first_due_period")
        return self


class Report(Section):
    """[report]: how the workbook that is sent up is written."""

    phones: Literal["masked", "full", "omit"] = "masked"
    prepared_by: Signed = ""
    reviewed_by: Signed = ""


class Unit(Section):
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
        return left_before and spelled(other.name) in map(spelled, self.aliases)

    def overlaps(self, other: Unit) -> bool:
        """Whether there can be a month in which both report."""
        return not (
            (self.until and other.since and self.until < other.since)
            or (other.until and self.since and other.until < self.since)
        )

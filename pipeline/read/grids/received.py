"""When a file came: of all that tells a time, the first that can be believed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipeline.model import BEIJING, Month, Source

_EPOCH = dt.datetime(1970, 1, 1, 8, tzinfo=BEIJING)
_LATEST = dt.datetime(2191, 10, 26, tzinfo=BEIJING)
_DAYS = (
    re.compile(r"(?<![0-9])(?P<year>20[0-9]{2})[-年./](?P<month>[0-9]{1,2})[-月./](?P<day>[0-9]{1,2})(?![0-9])"),
    re.compile(r"(?<![0-9])(?P<year>20[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])"),
    # Without a year only in so many words: 1-7号镇 and 附件1.2 are no days.
    re.compile(r"(?<![0-9年])(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})(?=[日号]|$)"),
)
_UNTIL = re.compile("截[至止]")
"""What was counted until a day did not come on it."""


@dataclass(frozen=True)
class Clock:
    """Which times can be believed: none before the campaign began, none after the day of the run.

    `known` holds the earliest times at which earlier runs saw a file at its paths, by the SHA-256 of its bytes. They win
    over a modification time, which is lost where a folder is copied.
    """

    first: dt.datetime = _EPOCH
    last: dt.datetime = _LATEST
    known: Mapping[str, Mapping[str, dt.datetime]] = field(default_factory=dict)

    def of_file(self, path: str, sha256: str, modified: dt.datetime) -> Source:
        """The file at that path below the inbox, with the time it came."""
        for day in self._days_of_folders(path, modified):
            return Source(path, sha256, day, dated=True)
        moment = to_the_second(modified)
        if self._believes(moment):
            return self._remembered(Source(path, sha256, moment))
        return self._remembered(Source(path, sha256, self.last, undated=True))

    def of_member(self, outer: Source, path: str, sha256: str, times: Iterable[dt.datetime]) -> Source:
        """A file inside another, whose times its container names; where none can be believed it came with the container."""
        inside = replace(outer, path=path, sha256=sha256)
        for moment in map(to_the_second, times):
            if self._believes(moment):
                return replace(inside, received=moment, dated=True, undated=False)
        return self._remembered(inside)

    def _believes(self, moment: dt.datetime) -> bool:
        return self.first <= moment <= self.last

    def _remembered(self, source: Source) -> Source:
        paths = self.known.get(source.sha256)
        if not paths or source.dated:
            return source
        # Where the same bytes lie at several paths, each keeps its own time, and a new path takes the earliest.
        known = paths.get(source.path) or min(paths.values())
        return replace(source, received=known, undated=False) if source.undated or known < source.received else source

    def _days_of_folders(self, path: str, modified: dt.datetime) -> Iterator[dt.datetime]:
        """The days that can be believed and that folders of the path are named with, the nearest folder first."""
        near = min(max(modified, self.first), self.last)
        for folder in reversed(path.split("/")[:-1]):
            if days := [day for day in _named_days(folder, near.year) if self._believes(day)]:
                yield min(days, key=lambda day: abs(day - near))


ANY_TIME = Clock()
"""Believes every time."""


def clock_until(today: dt.date, first: Month, known: Mapping[str, Mapping[str, dt.datetime]] | None = None) -> Clock:
    """A clock that believes times from that month to that day; `known` are those at which files are known to have come."""
    begin, end = dt.datetime(*first, 1, tzinfo=BEIJING), dt.datetime.combine(today, dt.time(23, 59, 59), BEIJING)
    return Clock(begin, end, known or {})


def to_the_second(moment: dt.datetime) -> dt.datetime:
    """The time as it is compared and stored: a fraction of a second is lost in many a copy."""
    return moment.replace(microsecond=0)


def moment_of(timestamp: float) -> dt.datetime:
    """The Beijing time of a file system's timestamp; a wrong clock is no reason to stop."""
    # fromtimestamp fails for what the system's clock cannot say.
    return _EPOCH + dt.timedelta(seconds=min(max(timestamp, 0), (_LATEST - _EPOCH).total_seconds()))


@lru_cache(maxsize=2**10)  # many files lie in one folder
def _named_days(folder: str, year: int) -> tuple[dt.datetime, ...]:
    """The first moment of the day that a folder is named with; without a year, in that year and those around it."""
    for form in _DAYS:
        m = form.search(folder)
        if m and not _UNTIL.search(folder[: m.start()]):
            named = m.groupdict().get("year")
            years = (int(named),) if named else range(year - 1, year + 2)
            return tuple(_days_in(years, int(m["month"]), int(m["day"])))
    return ()


def _days_in(years: Iterable[int], month: int, day: int) -> Iterator[dt.datetime]:
    for year in years:
        try:
            yield dt.datetime(year, month, day, tzinfo=BEIJING)
        except ValueError:
            continue

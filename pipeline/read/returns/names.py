"""Which unit of the roster a text names: exactly, by alias, or with the words of office stripped. Never by guess."""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from pipeline.model import Month
from pipeline.read.text import LOST, squeeze, unbracket
from pipeline.roster import Roster, RosterUnit

_SEAL = re.compile(r"[(\[【]?(?:盖章|公章|印章|签章|章)[)\]】]?$|[(\[【](?:盖章|公章|加盖公章|章)[)\]】]")
_HEAD = re.compile(r"^(?:中共|中国共产党)")
_TAIL = re.compile(r"(?:人民政府|委员会|党委|政府)$")
_SUB_OFFICE = re.compile(r"[一-鿿]{0,6}?(?:办|局|所|站|中心|村|社区|小学|中学|学校|医院|卫生院|公司|合作社)")
_REPORT_WORDS = re.compile(r"附件|报|统计|汇总|表|数据|专项|名单|联络|月|年|最终|最新|更正|修改|关于|反馈|乡村振兴领域")
_CONNECTS = re.compile(r"[报送致给由及和与的自于为往请向]$")
_SENT = "上报|报送?|呈报?|呈送|致|主?送|送交|寄|发|提?交|抄[送报]|转发?|退回|返回|给"
_SENT_TO = re.compile(rf"(?:{_SENT})[给至到]?$")
_JOINS = re.compile(rf"(?:{_SENT})[给至到]?|[和与及同暨]")
"""What stands between two names, and belongs to neither."""

_ANSWERS = re.compile(r"(?:(?:回复|答复|转发|re|fwd?):?)+", re.I)
_NEAR = 0.6


class Names:
    """The spellings of a county's units. Built once per process."""

    def __init__(self, county: Roster) -> None:
        self._county = county.name
        self._exact: dict[str, list[RosterUnit]] = defaultdict(list)
        self._stripped: dict[str, list[RosterUnit]] = defaultdict(list)
        for unit in county.units:
            for spelling in dict.fromkeys((unit.name, *unit.aliases)):
                self._exact[squeeze(spelling)].append(unit)
                for key in self._keys(spelling):
                    if unit not in self._stripped[key]:
                        self._stripped[key].append(unit)
        self._named = {self._keys(u.name)[-1]: u for u in county.units}
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for name in self._named:
            for letter in name:
                self._by_letter[letter].append(name)
        self._anywhere = {*self._exact, *self._stripped, *(f"{_stem(self._county)}{s}" for s in self._stripped)}
        lengths: dict[str, set[int]] = defaultdict(set)
        for spelling in self._anywhere:
            if len(spelling) > 1:
                lengths[spelling[0]].add(len(spelling))
        self._lengths = {letter: sorted(of_letter, reverse=True) for letter, of_letter in lengths.items()}

    @lru_cache(maxsize=2**14)  # noqa: B019  one instance per process
    def _groups(self, text: str) -> tuple[tuple[RosterUnit, ...], ...]:
        """The units a text names as a whole by each of its spellings, the nearest to what is written first."""
        exact = self._exact.get(squeeze(text), [])
        stripped = (self._stripped[key] for key in self._keys(text) if key in self._stripped)
        return tuple(dict.fromkeys(tuple(group) for group in (exact, *stripped) if group))

    def find(self, text: str) -> tuple[RosterUnit, ...]:
        """The units a text names as a whole: one, none, or several where a name passed from one unit to another."""
        return tuple(dict.fromkeys(unit for group in self._groups(text) for unit in group))

    def one(self, text: str, month: Month | None) -> RosterUnit | None:
        """The unit a text names among those that stand on the roster in that month, else among all."""
        groups = self._groups(text)
        standing = ([u for u in group if month is None or u.reports_in(month)] for group in groups)
        here = next(filter(None, standing), [])
        return here[0] if len(here) == 1 else groups[0][0] if groups and len(groups[0]) == 1 else None

    def called_now(self, text: str, month: Month | None) -> str:
        """The name that a unit of an earlier paper has on the roster now; one nobody knows stays as it is."""
        unit = self.one(text, month)
        return unit.name if unit else text

    @lru_cache(maxsize=2**14)  # noqa: B019
    def inside(self, text: str) -> tuple[tuple[RosterUnit, ...], ...]:
        """What units a file, folder or sheet name or a subject mentions as those it comes from.

        城关镇乡村振兴办 mentions none: it is another office; nor does 报城关镇, which names the addressee.
        """
        spelled = unbracket(squeeze(text).replace("(", "·").replace(")", "·"))
        found: list[tuple[RosterUnit, ...]] = []
        spans = list(self._spelled_in(spelled))
        for n, (start, end) in enumerate(spans):
            name, until_next = spelled[start:end], spelled[end : spans[n + 1][0]] if n + 1 < len(spans) else ""
            joined = _JOINS.fullmatch(until_next) is not None
            if self._anothers(spelled[:start], name) or (not joined and self._goes_on(spelled[end:])):
                continue
            if _is_addressed(spelled[:start], spelled[end:], named=n > 0):
                continue
            units = self.find(name)
            if units and units not in found:
                found.append(units)
        return tuple(found)

    def _spelled_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Where spellings stand in a text, from left to right, of several at one place the longest."""
        at = 0
        while at < len(text):
            ends = (at + n for n in self._lengths.get(text[at], ()))
            end = next((e for e in ends if text[at:e] in self._anywhere), 0)
            if end:
                yield at, end
            at = end or at + 1

    def likely(self, text: str, month: Month | None = None) -> str:
        """The roster's name in that month that is nearest to a text nobody knows, '' where none is near."""
        key = min(self._keys(text), key=len, default=squeeze(text))[:40]
        # 城关镇乡村振兴办 is an office of 城关镇, whatever else its name resembles.
        parents = [k for k in self._stripped if key.startswith(k)]
        if parents:
            units = self._stripped[max(parents, key=len)]
            return next((u for u in units if month is None or u.reports_in(month)), units[0]).name
        # difflib is slow, and no name is nearer than the letters it shares allow.
        shared = Counter(chain.from_iterable(self._by_letter[letter] for letter in set(key) & self._by_letter.keys()))
        near = [n for n, letters in shared.items() if 2 * letters >= _NEAR * (len(key) + len(n))]
        here = [n for n in near if month is None or self._named[n].reports_in(month)]
        near = difflib.get_close_matches(key, here, n=1, cutoff=_NEAR)
        return self._named[near[0]].name if near else ""

    def _anothers(self, before: str, name: str) -> bool:
        """Whether a name is part of a longer one: 宝鸡市财政局, 凤翔县财政局."""
        before = before.removesuffix(self._county).removesuffix(_stem(self._county))
        if name.startswith("县"):
            return bool(re.search(r"[一-鿿]$", before)) and not _CONNECTS.search(before)
        return bool(re.search(r"[镇乡县市省区]$", before))

    @staticmethod
    def _goes_on(after: str) -> bool:
        """Whether the name goes on into that of another office (… 乡村振兴办, … 中学)."""
        m = _SUB_OFFICE.match(after)
        return m is not None and not _REPORT_WORDS.search(m[0])

    def _keys(self, text: str) -> list[str]:
        """The spellings of a name without seal words, county and the words of office, the longest first."""
        bare = unbracket(_SEAL.sub("", squeeze(text))).strip(f":：,，.。;；、·/_-{LOST}")
        keys = [bare]
        bare = _HEAD.sub("", bare)
        keys.append(bare)
        for head in (self._county, _stem(self._county), "县"):
            if bare.startswith(head) and len(bare) > len(head) + 1:
                bare = bare.removeprefix(head)
                keys.append(bare)
        keys.append(bare.removeprefix("县"))
        keys += [_TAIL.sub("", k) for k in keys]
        return [k for k in dict.fromkeys(keys) if len(k) > 1]


def _is_addressed(before: str, after: str, *, named: bool) -> bool:
    """Whether a mention between those texts is the addressee; `named`: another unit is mentioned before it."""
    sent_to = _SENT_TO.search(before)
    if sent_to and (named or before[: sent_to.start()].endswith("·") or not sent_to.start()):
        return True  # 报城关镇 …, 附件1（报城关镇）, 南寨镇报城关镇 …; in 5月报城关镇 it is whose return it is
    return bool(_ANSWERS.fullmatch(before)) and "关于" in after


def _stem(county: str) -> str:
    """千阳县 without 县."""
    return county[:-1] if len(county) > 2 and county[-1] in "县区市旗" else county

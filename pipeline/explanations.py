"""What units say of the lines about them: words on a 退回通知 by 编号, words on the form for the lines about its figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.choose import by_arrival
from pipeline.county import County
from pipeline.model import COUNTED, DUPLICATE, SUPERSEDED, Choice, Finding, Month, Reading, Return, Said
from pipeline.rules import QUERY
from pipeline.running import content
from pipeline.wording import same_words, says_nothing

_OF_CELLS, _OF_HISTORY = "CELL", "HIST"
_Key = tuple[str, Month]


def explanations_of(readings: Iterable[Reading], choice: Choice, county: County) -> Explanations:
    """All explanations by units, matched against the returns that count now."""
    by_number: dict[str, list[Said]] = defaultdict(list)
    for reading in readings:
        for one in reading.explanations:
            if one.number and not says_nothing(one.text):
                by_number[one.number].append(Said(one.text, reading.source))
    return Explanations(by_number, _on_forms(choice, county), choice, county)


@dataclass(frozen=True)
class Explanations:
    """Words by the number of the line, and the versions of each return whose form says something, by arrival."""

    by_number: Mapping[str, Sequence[Said]]
    on_forms: Mapping[_Key, Sequence[Return]]
    choice: Choice
    county: County

    def of(self, findings: Sequence[Finding]) -> dict[str, tuple[Said, ...]]:
        """What was said of each of those lines, and of those that are gone, by number and in the order of arrival."""
        said = {number: [*words] for number, words in self.by_number.items()}
        for f in findings:
            said.setdefault(f.id, []).extend(self._on_form(f))
        return {number: tuple(by_arrival(words)) for number, words in said.items() if words}

    def _on_form(self, f: Finding) -> Iterator[Said]:
        """The words on the return that a line is about: those of a version in which its figures were the same."""
        if f.month is None or f.grade != QUERY or not self._is_about_figures(f):
            return
        used = self.choice.returns.get((f.unit, f.month))
        for version in self.on_forms.get((f.unit, f.month), ()):
            if used and _same(version, used, f.keys) and not (f.rule.startswith(_OF_HISTORY) and self._older(version)):
                yield Said(version.explanation, version.source)

    def _is_about_figures(self, f: Finding) -> bool:
        """Whether words on the form can answer the line: it is about a figure, or about how figures relate."""
        of_relation = f.month is not None and f.rule in self.county.form(f.month).relations
        return of_relation or f.rule.startswith((_OF_CELLS, _OF_HISTORY))

    def _older(self, version: Return) -> bool:
        """Whether a month before has changed since: then its words were about other sums."""
        month, came = version.month, version.source.received
        of_unit = ((m, r.source.received) for (unit, m), r in self.choice.returns.items() if unit == version.unit)
        return any(month is not None and m < month and received > came for m, received in of_unit)


def _on_forms(choice: Choice, county: County) -> dict[_Key, list[Return]]:
    """The versions that first say something on the form, by unit and month.

    What a later version only repeats was said of the figures of the earlier one; what the month before said already was
    copied along.
    """
    versions: dict[_Key, list[Return]] = defaultdict(list)
    dispositions = (f for f in choice.dispositions if f.outcome in (COUNTED, SUPERSEDED, DUPLICATE))
    for t in (f.table for f in dispositions):
        if isinstance(t, Return) and t.unit and t.month and not t.shared and not says_nothing(t.explanation):
            versions[t.unit, t.month].append(t)
    return {key: _new_words(by_arrival(of_key), _before(versions, key, county)) for key, of_key in versions.items()}


def _before(versions: Mapping[_Key, Sequence[Return]], key: _Key, county: County) -> list[Return]:
    unit, month = key
    names = filter(None, (unit, county.former(unit)))
    return [r for name in names for r in versions.get((name, month.plus(-1)), ())]


def _new_words(versions: Iterable[Return], before: Sequence[Return]) -> list[Return]:
    known = [r.explanation for r in before]
    new = []
    for version in versions:
        if not any(same_words(version.explanation, other) for other in known):
            new.append(version)
            known.append(version.explanation)
    return new


def _same(one: Return, other: Return, keys: Sequence[str]) -> bool:
    """Whether two returns say the same in those fields, in all of them where none is named."""
    both = one.figures.keys() & other.figures.keys()
    return all(key in both and content(one, key) == content(other, key) for key in keys or other.figures)

"""What is still open is never more than is certain, and no less."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from pipeline.choose import choose
from pipeline.county import County
from pipeline.model import Month, StillOpen
from pipeline.still_open import flows_of, still_open
from schemas.groups import Backlog
from tests.builders import a_county, a_return

DAYS = 60
PETITIONS = Backlog("未办结", "petitions_total", "concluded", DAYS)
FEBRUARY, MARCH, APRIL, MAY = (Month(2023, m) for m in (2, 3, 4, 5))
COUNTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=5)


def histories(flows):
    """Every way in which things that arrived can have been settled: what is open at the end, by the month of arrival."""
    worlds = {()}
    for month, (arrived, settled) in enumerate(flows):
        after = set()
        for world in worlds:
            now = (*world, *[month] * arrived)
            # Units may settle what came before the campaign: it is in no month's arrivals.
            for old in range(settled + 1):
                ways = {tuple(now)}
                for _ in range(settled - old):
                    ways = {w[:i] + w[i + 1 :] for w in ways for i in range(len(w))}
                after |= ways
        worlds = after
    return worlds


@given(COUNTS)
def test_the_bound_holds_in_every_history_and_is_reached_in_one(counts):
    months = [FEBRUARY.plus(i) for i in range(len(counts))]
    found = still_open(PETITIONS, [(m, *c) for m, c in zip(months, counts, strict=True)], months[-1])
    end = months[-1].day(31)
    old = [(end - m.day(31)).days > DAYS for m in months]
    worlds = histories(counts)
    fewest, fewest_old = min(map(len, worlds)), min(sum(old[m] for m in world) for world in worlds)
    assert (found.amount <= fewest, found.overdue <= fewest_old) == (True, True)
    in_turn = all(
        settled <= arrived for arrived, settled in accumulate(counts, lambda a, b: (a[0] + b[0], a[1] + b[1]))
    )
    if in_turn:  # else something was settled that came before the campaign
        assert (found.amount, found.overdue) == (fewest, fewest_old)


def test_a_month_whose_settled_figure_is_missing_leaves_nothing_certain():
    flows = [(MARCH, 5, 1), (APRIL, 3, None), (MAY, None, 2)]
    assert still_open(PETITIONS, flows, MAY) == StillOpen(None, None, unknown=(APRIL,))


def test_where_only_new_ones_are_missing_there_are_at_least_so_many():
    flows = [(FEBRUARY, 5, 1), (APRIL, None, 1), (MAY, 2, 0)]
    assert still_open(PETITIONS, flows, MAY) == StillOpen(5, 3, at_least=True)


def test_sixty_days_are_counted_from_the_end_of_a_month_to_that_of_another():
    flows = [(Month(2023, m), 10 ** (m - 2), 0) for m in (2, 3, 4, 5)]
    assert still_open(PETITIONS, flows, MAY).overdue == 11  # 31 March to 31 May are 61 days
    assert still_open(PETITIONS, flows[:3], APRIL).overdue == 1
    leap = [(Month(2023, 12), 7, 0)]
    assert still_open(PETITIONS, leap, Month(2024, 2)).overdue == 0  # 31 December to 29 February are 60, not more


def test_a_backlog_without_days_has_none_overdue():
    assert still_open(Backlog("未整改", "a", "b"), [(MAY, 5, 7)], MAY) == StillOpen(0, None)


def test_the_months_of_a_unit_that_was_renamed_go_on():
    county = a_county()
    former = county.units[0].model_copy(update={"until": APRIL})
    now = county.units[0].model_copy(update={"name": "新城镇", "aliases": (former.name,), "since": MAY})
    renamed = County.model_validate({**dict(county), "units": (former, now)})
    filed = {(former.name, m): a_return(unit=former.name, month=m, concluded=2) for m in (MARCH, APRIL)}
    filed |= {(now.name, MAY): a_return(unit=now.name, month=MAY, concluded=1)}
    choice = choose([], renamed)
    object.__setattr__(choice, "returns", filed)
    flows = flows_of(choice, renamed, now.name, PETITIONS, MAY)
    assert [(m, settled) for m, _, settled in flows if m >= MARCH] == [(MARCH, 2), (APRIL, 2), (MAY, 1)]


def test_histories_know_all_ways():
    assert histories([(1, 0), (1, 1)]) == {(0, 1), (0,), (1,)}
    assert histories([(0, 0)]) == {()}

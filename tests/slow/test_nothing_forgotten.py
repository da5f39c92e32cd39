"""More of the sequences in tests/test_nothing_forgotten.py, and longer ones."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_nothing_forgotten import hold, steps


@settings(max_examples=60, derandomize=False)
@given(st.lists(steps, min_size=5, max_size=15))
def test_no_figure_changes_and_no_word_goes_in_silence(story):
    hold(story)

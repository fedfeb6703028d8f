"""Counts and their ratios."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.counts import Counts, SpanCounts

NUMBERS = st.integers(0, 50)


def test_ratios_by_hand() -> None:
    counts = Counts(correct=6, wrong=1, missing=3, spurious=2)
    assert (counts.gold, counts.predicted) == (10, 9)
    assert counts.precision == pytest.approx(6 / 9)
    assert counts.recall == pytest.approx(6 / 10)
    assert counts.f1 == pytest.approx(2 * (6 / 9) * (6 / 10) / (6 / 9 + 6 / 10))
    assert counts.accuracy == pytest.approx(6 / 12)


def test_nothing_to_count_has_no_ratio() -> None:
    nothing = Counts()
    assert (nothing.precision, nothing.recall, nothing.f1, nothing.accuracy) == (None, None, None, None)
    assert (SpanCounts().character_f1, SpanCounts().exact_f1, SpanCounts().exact_rate) == (None, None, None)


@given(st.builds(Counts, NUMBERS, NUMBERS, NUMBERS, NUMBERS), st.builds(Counts, NUMBERS, NUMBERS, NUMBERS, NUMBERS))
def test_sums_conserve_values(one: Counts, other: Counts) -> None:
    assert (one + other).gold == one.gold + other.gold
    assert (one + other).predicted == one.predicted + other.predicted
    assert one + other == other + one

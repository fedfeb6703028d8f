"""Intervals and tests, against scipy and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from eval.counts import Counts
from eval.fields import FIELD_NAMES
from eval.scoring import Score
from eval.statistics import (
    counts_array,
    differences,
    draw,
    false_discovery,
    intervals,
    mcnemar,
    measures,
    resample,
    share_interval,
    wilson,
)


def score_of(**fields: tuple[int, int, int, int]) -> Score:
    """A document's score; two underscores stand for the point in a field's name."""
    score = Score(documents=1, parsed=1)
    for tier in score.tiers.values():
        tier.update({name.replace("__", "."): Counts(*counts) for name, counts in fields.items()})
    return score


MIXED = [score_of(title=(1, 0, 0, 0), findings__status=(8 - n, n % 3, n, 1)) for n in range(8)]


@given(st.integers(1, 40), st.data())
def test_wilson_is_scipys_where_hits_are_whole(trials: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, trials))
    theirs = stats.binomtest(hits, trials).proportion_ci(0.95, method="wilson")
    assert wilson(hits / trials, trials) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_interval_is_that_of_scipys_bootstrap_over_documents() -> None:
    counts = counts_array(MIXED)[:, FIELD_NAMES.index("findings.status"), :]

    def f1_of(c: np.ndarray, w: np.ndarray, m: np.ndarray, s: np.ndarray, axis: int) -> np.ndarray:
        c, w, m, s = (part.sum(axis=axis) for part in (c, w, m, s))
        return np.asarray(2 * c / (2 * c + 2 * w + m + s))

    theirs = stats.bootstrap(
        tuple(counts.T), f1_of, paired=True, vectorized=True, n_resamples=20_000, method="percentile", rng=1
    ).confidence_interval
    ours = intervals(MIXED)["findings.status"]
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.02)


def test_errors_that_come_together_make_the_interval_wider() -> None:
    spread = [score_of(title=(8, 2, 0, 0)) for _ in range(10)]
    spread[0], spread[1] = score_of(title=(9, 1, 0, 0)), score_of(title=(7, 3, 0, 0))
    together = [score_of(title=(10, 0, 0, 0)) for _ in range(8)] + [score_of(title=(0, 10, 0, 0))] * 2
    narrow, wide = intervals(spread)["title"], intervals(together)["title"]
    assert narrow.value == wide.value == pytest.approx(0.8)
    assert narrow.low is not None
    assert wide.low is not None
    assert wide.low < narrow.low - 0.1


def test_degenerate_ratio_has_wilsons_interval_over_the_documents_that_hold_the_field() -> None:
    scores = [score_of(title=(50, 0, 0, 0)) for _ in range(4)] + [score_of(issuer=(1, 0, 0, 0))]
    measured = intervals(scores)["title"]
    assert measured.value == 1
    assert (measured.low, measured.high) == pytest.approx(wilson(1, 4))
    lone = intervals([score_of(title=(1, 1, 0, 0))])["title"]
    assert (lone.low, lone.high) == pytest.approx(wilson(0.5, 1))


def test_field_that_nobody_holds_has_no_interval() -> None:
    assert intervals(MIXED)["issuer"] == (None, None, None)
    assert intervals([])["accuracy"] == (None, None, None)
    assert share_interval([]) == (None, None, None)


def test_resamples_are_sums_of_documents_drawn() -> None:
    counts, weights = counts_array(MIXED), draw(len(MIXED), 50)
    assert (weights.sum(axis=1) == len(MIXED)).all()
    drawn = resample(counts, weights)
    expected = sum(weight * document for weight, document in zip(weights[7], counts, strict=True))
    assert (drawn[7] == expected).all()


def test_measures_over_all_fields() -> None:
    counts = counts_array([score_of(title=(1, 0, 1, 0), issuer=(0, 1, 0, 0))]).sum(axis=0)
    macro, micro, accuracy = measures(counts)[-3:]
    assert macro == pytest.approx((2 / 3 + 0) / 2)
    assert micro == pytest.approx(2 / (3 + 2))
    assert accuracy == pytest.approx(1 / 3)


def test_a_run_against_itself_has_not_changed() -> None:
    for each in differences(MIXED, MIXED).values():
        assert (each.change, each.low, each.high, each.p) == (0, 0, 0, 1)


def test_worse_on_every_document_is_more_than_chance() -> None:
    worse = [score_of(title=(1, 0, 0, 0), findings__status=(2, 6, 0, 1)) for _ in MIXED]
    each = differences(MIXED, worse)["findings.status"]
    assert each.change < 0
    assert each.high < 0
    assert each.p < 0.05
    back = differences(worse, MIXED)["findings.status"]
    assert (back.change, back.low, back.high) == pytest.approx((-each.change, -each.high, -each.low))


def test_values_made_up_for_a_field_that_nobody_holds_are_a_loss() -> None:
    made_up = [score_of(title=(1, 0, 0, 0), issuer=(0, 0, 0, 1), findings__status=(8, 0, 0, 0)) for _ in MIXED]
    each = differences(MIXED, made_up)["issuer"]
    assert (each.before, each.after, each.change) == (None, 0, -1)


def test_mcnemar_by_hand() -> None:
    # one gained, nine lost: 2 (C(10,0) + C(10,1)) / 2^10
    before = [False] + [True] * 9 + [True, False]
    after = [True] + [False] * 9 + [True, False]
    assert mcnemar(before, after) == pytest.approx(22 / 1024)
    assert mcnemar(before, before) == 1


def test_false_discovery_by_hand() -> None:
    assert false_discovery([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert false_discovery([]) == []

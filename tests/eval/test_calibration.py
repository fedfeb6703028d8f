"""Calibration by hand."""

from __future__ import annotations

import pytest

from eval.calibration import calibration, certainties, predicted_path
from eval.outcomes import compare
from eval.sample import sample_notice


def test_small_case_by_hand() -> None:
    fit = calibration([0.95, 0.95, 0.85, 0.25], [True, True, False, False])
    assert fit is not None
    assert fit.values == 4
    assert fit.brier == pytest.approx((0.05**2 * 2 + 0.85**2 + 0.25**2) / 4)
    # bins: two values of 0.95, both right; one of 0.85, wrong; one of 0.25, wrong
    assert fit.calibration_error == pytest.approx((2 * 0.05 + 0.85 + 0.25) / 4)
    # the least certain tenth is one value: one of the two errors
    assert fit.errors_caught == pytest.approx(0.5)


def test_ties_count_by_the_room_that_is_left() -> None:
    fit = calibration([0.5] * 20, [False] * 10 + [True] * 10)
    assert fit is not None
    assert fit.errors_caught == pytest.approx(0.1)


def test_nothing_to_catch_and_nothing_to_measure() -> None:
    sure = calibration([1.0, 1.0], [True, True])
    assert sure is not None
    assert (sure.brier, sure.calibration_error, sure.errors_caught) == (0, 0, None)
    assert calibration([], []) is None


def test_confidences_find_their_values_by_path() -> None:
    document, gold = sample_notice()
    predicted = gold.model_copy(update={"issuer": gold.title, "findings": gold.findings[::-1]})
    outcomes = compare(gold, predicted, document.text).outcomes
    confidence = {
        "issuer": 0.2,
        "title": 0.9,
        "findings[2].measures[1].marker": 0.8,
        "findings[1].amounts[0]": 0.7,
        "next_steps[1]": 0.6,
        "findings[0].status": 0.5,
        "no.such": 0.1,
    }
    assert sorted(certainties(outcomes, confidence)) == [
        (0.2, False),
        (0.5, True),
        (0.6, True),
        (0.7, True),
        (0.8, True),
        (0.9, True),
    ]
    assert len({predicted_path(outcome) for outcome in outcomes}) == len(outcomes)

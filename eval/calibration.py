"""Whether an engine knows what it does not know, where it gives a confidence with its values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from eval.outcomes import Outcome

BINS = 10
REVIEWED = 0.1
"""Share of the values, the least certain ones, that a person would look at."""


class Calibration(NamedTuple):
    """How well confidences fit.

    Attributes:
        values: number of values with a confidence.
        brier: mean squared distance between confidence and being right (Brier 1950); 0 is best.
        calibration_error: expected calibration error over ten bins of equal width (Naeini et al. 2015); 0 is best.
        errors_caught: share of the errors among the least certain tenth; None without errors. Ties count with the
            share of them that the tenth has room for.
    """

    values: int
    brier: float
    calibration_error: float
    errors_caught: float | None


def calibration(confidences: Sequence[float], right: Sequence[bool]) -> Calibration | None:
    """Compare the confidences of predicted values, 0 to 1, with whether each is right; None without values."""
    if not confidences:
        return None
    sure, hit = np.asarray(confidences, dtype=float), np.asarray(right, dtype=float)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = np.abs(np.bincount(bins, sure, BINS) - np.bincount(bins, hit, BINS))
    return Calibration(len(sure), float(np.mean((sure - hit) ** 2)), float(gaps.sum() / len(sure)), _caught(sure, hit))


def _caught(
    sure: np.ndarray[tuple[int], np.dtype[np.float64]], hit: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> float | None:
    errors = 1 - hit
    if not errors.sum():
        return None
    room = float(np.ceil(REVIEWED * len(sure)))
    edge = np.sort(sure)[int(room) - 1]
    below, tied = sure < edge, sure == edge
    share = (room - below.sum()) / tied.sum()
    return float((errors[below].sum() + share * errors[tied].sum()) / errors.sum())


def certainties(outcomes: Iterable[Outcome], confidence: Mapping[str, float]) -> Iterator[tuple[float, bool]]:
    """Confidence and whether it is right, for each predicted value that has a confidence.

    Args:
        outcomes: what became of the values of one document.
        confidence: by path in the predicted record, such as ``findings[3].measures[0].quote``.
    """
    for outcome in outcomes:
        if outcome.predicted and (sure := confidence.get(predicted_path(outcome))) is not None:
            yield sure, outcome.is_right


def predicted_path(outcome: Outcome) -> str:
    """Where a predicted value stands in its record."""
    path = outcome.field.name
    if outcome.item[1] is not None:
        path = path.replace(outcome.field.slot, f"{outcome.field.slot}[{outcome.item[1]}]", 1)
    return path.replace("findings.", f"findings[{outcome.finding[1]}].", 1)

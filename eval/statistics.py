"""How sure the scores are: documents are drawn again with replacement, never the values within them.

Values of one notice are right or wrong together, so that an interval over values would be far too narrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from eval.comparators import HEADLINE, Tier
from eval.fields import FIELD_NAMES
from eval.scoring import Score

RESAMPLES = 2000
LEVEL = 0.95
SEED = 20240301
OVERALL = ("macro F1", "micro F1", "accuracy")
"""Measures over all fields together."""

Array = NDArray[np.float64]


class Interval(NamedTuple):
    """A ratio with its confidence interval; None where there is nothing to take a ratio of."""

    value: float | None
    low: float | None
    high: float | None


class Difference(NamedTuple):
    """How much a measure changed from one run to another over the same documents.

    Attributes:
        before: the measure of the first run, None where neither side held a value.
        after: that of the second.
        change: after less before.
        low: lower bound of the change.
        high: upper bound of the change.
        p: two-sided p value of no change, by the paired bootstrap.
    """

    before: float | None
    after: float | None
    change: float
    low: float
    high: float
    p: float


def counts_array(scores: Sequence[Score], tier: Tier = HEADLINE) -> Array:
    """Counts by document, field (in the order of ``FIELD_NAMES``) and correct, wrong, missing, spurious."""
    array = np.zeros((len(scores), len(FIELD_NAMES), 4))
    for row, score in enumerate(scores):
        by_field = score.tiers[tier.label]
        for column, name in enumerate(FIELD_NAMES):
            if counts := by_field.get(name):
                array[row, column] = counts.correct, counts.wrong, counts.missing, counts.spurious
    return array


def f1(counts: Array) -> Array:
    """F1 along the last axis; NaN where neither side holds a value."""
    correct, wrong, missing, spurious = np.moveaxis(counts, -1, 0)
    return _ratio(2 * correct, 2 * correct + 2 * wrong + missing + spurious)


def accuracy(counts: Array) -> Array:
    """Share of correct ones along the last axis; NaN where neither side holds a value."""
    return _ratio(counts[..., 0], counts.sum(axis=-1))


def _ratio(part: Array, whole: Array) -> Array:
    ratio: Array = np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)
    return ratio


def measures(counts: Array) -> Array:
    """Every measure along the last axis: F1 of each field, then macro F1, micro F1 and accuracy over all fields.

    Args:
        counts: counts whose last two axes are field and outcome.
    """
    by_field = f1(counts)
    known = ~np.isnan(by_field)
    macro = _ratio(np.where(known, by_field, 0).sum(axis=-1), known.sum(axis=-1).astype(float))
    total = counts.sum(axis=-2)
    return np.concatenate([by_field, np.stack([macro, f1(total), accuracy(total)], axis=-1)], axis=-1)


MEASURES = (*FIELD_NAMES, *OVERALL)
"""Names of what :func:`measures` gives."""


def draw(documents: int, resamples: int = RESAMPLES, seed: int = SEED) -> Array:
    """How often each resample holds each document: resamples by documents."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(documents, np.full(documents, 1 / documents), size=resamples).astype(float)


def resample(array: Array, weights: Array) -> Array:
    """Sums of per-document counts over each resample."""
    flat = weights @ array.reshape(len(array), -1)
    return flat.reshape(len(weights), *array.shape[1:])


def intervals(scores: Sequence[Score], tier: Tier = HEADLINE) -> dict[str, Interval]:
    """Each of ``MEASURES`` with its interval: percentile bootstrap over documents.

    Where all resamples agree, as for 0, 1 or a single document, the interval is Wilson's, with the number of
    documents that hold the field as the number of trials.
    """
    if not scores:
        return {name: Interval(None, None, None) for name in MEASURES}
    counts = counts_array(scores, tier)
    values = measures(counts.sum(axis=0))
    drawn = measures(resample(counts, draw(len(scores))))
    holding = [*(counts.sum(axis=-1) > 0).sum(axis=0).tolist(), len(scores), len(scores), len(scores)]
    return {
        name: interval(float(values[column]), drawn[:, column], int(holding[column]))
        for column, name in enumerate(MEASURES)
    }


def share_interval(hits: Sequence[bool]) -> Interval:
    """The share of documents of which something is true, with Wilson's interval."""
    if not hits:
        return Interval(None, None, None)
    share = sum(hits) / len(hits)
    return Interval(share, *wilson(share, len(hits)))


def interval(value: float, drawn: Array, trials: int) -> Interval:
    """A value with the percentile interval of its resamples, or Wilson's where they do not vary."""
    if np.isnan(value):
        return Interval(None, None, None)
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn) or np.ptp(drawn) < 1e-12:
        return Interval(value, *wilson(value, trials))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, float(low), float(high))


def wilson(share: float, trials: int, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's score interval (1927); unlike scipy's it takes a share that is no whole number of trials."""
    z = float(stats.norm.ppf((1 + level) / 2))
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * float(np.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)))
    return max(0.0, middle - half), min(1.0, middle + half)


def differences(before: Sequence[Score], after: Sequence[Score], tier: Tier = HEADLINE) -> dict[str, Difference]:
    """Paired bootstrap: the change of each measure over the same documents, both runs drawn alike.

    A field that neither side of a run holds counts as right there, so that values made up for it show as a loss.
    """
    ours, theirs = counts_array(before, tier), counts_array(after, tier)
    weights = draw(len(before))
    values = [measures(array.sum(axis=0)) for array in (ours, theirs)]
    change = _filled(values[1]) - _filled(values[0])
    drawn = _filled(measures(resample(theirs, weights))) - _filled(measures(resample(ours, weights)))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    p = np.minimum(1.0, 2 * (1 + np.minimum((drawn <= 0).sum(axis=0), (drawn >= 0).sum(axis=0))) / (len(drawn) + 1))
    return {
        name: Difference(
            _number(values[0][i]), _number(values[1][i]), float(change[i]), float(low[i]), float(high[i]), float(p[i])
        )
        for i, name in enumerate(MEASURES)
        if not (np.isnan(values[0][i]) and np.isnan(values[1][i]))
    }


def _filled(values: Array) -> Array:
    return np.where(np.isnan(values), 1.0, values)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def mcnemar(before: Sequence[bool], after: Sequence[bool]) -> float:
    """Exact McNemar test: p value of no change in which documents are right."""
    gained = sum(new and not old for old, new in zip(before, after, strict=True))
    lost = sum(old and not new for old, new in zip(before, after, strict=True))
    return float(stats.binomtest(gained, gained + lost, 0.5).pvalue) if gained + lost else 1.0


def false_discovery(p_values: Sequence[float]) -> list[float]:
    """P values adjusted for testing many fields at once (Benjamini and Hochberg 1995)."""
    return [float(p) for p in stats.false_discovery_control(p_values)] if p_values else []

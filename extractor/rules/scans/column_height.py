"""The height of the columns of a page, told by how far apart strays and the gaps that may take them stand.

A line that strayed into another column stands there at its own height on the page, so all strays of a page are about
one column, or two, away from where they belong.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import accumulate

from extractor.rules.scans.strays import Search

SHORTEST = 25
"""Lines of the shortest column that is told."""
_HIGHEST = 490
_SPREAD = 5  # by how many lines distances of one height differ
_SIGNIFICANT = 2.0  # standard deviations by which a height is told oftener than by chance
_FEWEST = 3.0  # strays that tell it; two may agree by chance
_SECOND = 0.3  # what distances of two columns count for
_UNSURE = -5.0  # log odds of a stray whose place is not among those found
_LONGEST_TEXT = 2 / 3  # a column is no longer than that


def column_height(search: Search, count: int) -> int | None:
    """The height of a column in lines, None where distances do not agree.

    Args:
        search: what may have strayed, and where it may belong.
        count: how many lines there are.
    """
    shares = [0.0] * (2 * _HIGHEST + _SPREAD + 2)
    for distance, share in _distances(search):
        if distance < len(shares):
            shares[distance] += share
    sums = list(accumulate(shares, initial=0.0))
    total = sums[-1]
    widths = sum(range(max(0, count - _HIGHEST), max(0, count - SHORTEST)))

    def excess(height: int) -> float:
        """By how many standard deviations a distance is found oftener than by chance."""
        expected = total * (2 * _SPREAD + 1) * max(0, count - height) / max(1, widths)
        found = sums[height + _SPREAD + 1] - sums[height - _SPREAD]
        return (found - expected) / math.sqrt(expected + 1)

    heights = range(SHORTEST, min(_HIGHEST, int(count * _LONGEST_TEXT)))
    best = max(heights, key=lambda height: excess(height) + _SECOND * max(0.0, excess(2 * height)), default=0)
    if not best or excess(best) + _SECOND * max(0.0, excess(2 * best)) < _SIGNIFICANT:
        return None
    around = range(best - _SPREAD, best + _SPREAD + 1)
    weight = sum([shares[height] for height in around])
    return round(sum([height * shares[height] for height in around]) / weight) if weight >= _FEWEST else None


def _distances(search: Search) -> Iterable[tuple[int, float]]:
    """How far strays may be from where they belong, each with how likely it is so far."""
    of_line: dict[int, dict[int, float]] = {}
    for change in search.changes:
        for piece, best in change.parts:
            gains = of_line.setdefault(piece[0], {})
            for offer in search.offers(piece):
                gain = change.gain - best.gain + offer.gain
                gains[offer.distance] = max(gain, gains.get(offer.distance, gain))
    for gains in of_line.values():
        likelihoods = {distance: math.exp(gain) for distance, gain in gains.items()}
        total = math.exp(_UNSURE) + sum(likelihoods.values())
        for distance, likelihood in likelihoods.items():
            if abs(distance) >= SHORTEST - _SPREAD:
                yield abs(distance), likelihood / total

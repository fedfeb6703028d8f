"""Counts by name over any number of records, in bounded memory."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

MOST_NAMES = 100_000
"""Names that a tally remembers; more come only where they are no real names."""


class Counted(NamedTuple):
    """What was counted under a name.

    Attributes:
        name: what it was counted under.
        counts: numbers by column.
    """

    name: str
    counts: Counter[str]


class Tally:
    """Numbers by name and column; when there are too many names, the rarest are forgotten (lossy counting).

    Attributes:
        totals: numbers by column over all names, those forgotten too.
        names: how many names there were; one that came back after it was forgotten counts again.
        shortfall: how much the numbers of a name may be too small by; 0 unless names were forgotten.
    """

    def __init__(self, ranked_by: str | None = None, most_names: int = MOST_NAMES) -> None:
        """An empty tally.

        Args:
            ranked_by: the column that says which names come first; None for the sum of all columns.
            most_names: how many names it remembers.
        """
        self.totals: Counter[str] = Counter()
        self.names = 0
        self.shortfall = 0
        self._ranked_by = ranked_by
        self._most_names = most_names
        self._counts: dict[str, Counter[str]] = {}

    def add(self, name: str, counts: Counter[str]) -> None:
        """Add numbers to those of a name."""
        self.totals.update(counts)
        if name in self._counts:
            self._counts[name].update(counts)
            return
        if len(self._counts) >= self._most_names:
            self._forget()
        self._counts[name] = Counter(counts)
        self.names += 1

    def top(self, most: int) -> list[Counted]:
        """The first names by their rank, then by all their numbers, then by name."""
        ranked = sorted(self._counts.items(), key=lambda item: (-self._rank(item[1]), -item[1].total(), item[0]))
        return [Counted(name, counts) for name, counts in ranked[:most] if counts.total() > 0]

    def counts(self, name: str) -> Counter[str]:
        """The numbers of a name."""
        return self._counts.get(name, Counter())

    def rest(self, shown: list[Counted]) -> Counter[str]:
        """The numbers of all names that are not shown."""
        left = Counter(self.totals)
        for each in shown:
            left.subtract(each.counts)
        return left

    def _rank(self, counts: Counter[str]) -> int:
        return counts[self._ranked_by] if self._ranked_by else counts.total()

    def _forget(self) -> None:
        """Forget the rarer half, at least those that are as rare as the rarest."""
        ranks = sorted(map(self._rank, self._counts.values()))
        threshold = ranks[len(ranks) // 2]
        self.shortfall += threshold
        self._counts = {name: counts for name, counts in self._counts.items() if self._rank(counts) > threshold}

"""Counts that can be added up over documents, and the ratios made of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Counts:
    """What became of the values of one field.

    Attributes:
        correct: both have one and they agree.
        wrong: both have one and they differ.
        missing: only the gold has one.
        spurious: only the prediction has one.
    """

    correct: int = 0
    wrong: int = 0
    missing: int = 0
    spurious: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.correct + other.correct,
            self.wrong + other.wrong,
            self.missing + other.missing,
            self.spurious + other.spurious,
        )

    @property
    def gold(self) -> int:
        """Values that the gold holds."""
        return self.correct + self.wrong + self.missing

    @property
    def predicted(self) -> int:
        """Values that the prediction holds."""
        return self.correct + self.wrong + self.spurious

    @property
    def precision(self) -> float | None:
        """Share of predicted values that are correct, None where there are none."""
        return self.correct / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """Share of gold values that were found, None where there are none."""
        return self.correct / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall, None where neither side holds a value."""
        total = self.gold + self.predicted
        return 2 * self.correct / total if total else None

    @property
    def accuracy(self) -> float | None:
        """Share of correct ones among all values that either side holds, a pair counted once."""
        total = self.gold + self.spurious
        return self.correct / total if total else None


@dataclass(slots=True)
class SpanCounts:
    """How well the places of quotes agree, in characters and in whole quotes.

    Attributes:
        shared: characters that both quotes of a pair have.
        gold_characters: characters of gold quotes.
        predicted_characters: characters of predicted quotes.
        exact: pairs of quotes with the same characters.
        gold: gold quotes.
        predicted: predicted quotes.
    """

    shared: int = 0
    gold_characters: int = 0
    predicted_characters: int = 0
    exact: int = 0
    gold: int = 0
    predicted: int = 0

    def __add__(self, other: SpanCounts) -> SpanCounts:
        return SpanCounts(
            self.shared + other.shared,
            self.gold_characters + other.gold_characters,
            self.predicted_characters + other.predicted_characters,
            self.exact + other.exact,
            self.gold + other.gold,
            self.predicted + other.predicted,
        )

    @property
    def character_f1(self) -> float | None:
        """F1 over characters, None where neither side quotes anything."""
        total = self.gold_characters + self.predicted_characters
        return 2 * self.shared / total if total else None

    @property
    def exact_f1(self) -> float | None:
        """F1 over quotes that must have the very same characters."""
        total = self.gold + self.predicted
        return 2 * self.exact / total if total else None

    @property
    def exact_rate(self) -> float | None:
        """Share of gold quotes whose very characters were found."""
        return self.exact / self.gold if self.gold else None

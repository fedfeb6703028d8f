"""Scores of one document, which add up to the scores of many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from eval.attachment import moved_to_other_findings
from eval.comparators import HEADLINE, Tier
from eval.counts import Counts, SpanCounts
from eval.evidence import evidence
from eval.fields import STATUS, values_of
from eval.outcomes import NOWHERE, Comparison, Outcome
from eval.spans import Ink, overlap, size

NO_FINDING = "no finding"
"""Row or column of the status matrix for findings that the other side has not."""


@dataclass(slots=True)
class Score:
    """Everything counted, over any number of documents; scores of disjoint documents add up.

    Attributes:
        documents: documents scored.
        parsed: documents for which the engine gave a record.
        exact: documents with nothing wrong, missing or spurious.
        findings: whole findings: correct where every value of the finding is.
        tiers: counts by tier and field; fields that neither side holds are left out.
        spans: places of quotes, by field.
        status: number of findings by gold status and predicted status.
        evidence: number of predicted values by how far their evidence holds and by "right" or "wrong".
        misattached: by field, gold values lost because the right value stands on another finding.
    """

    documents: int = 0
    parsed: int = 0
    exact: int = 0
    findings: Counts = field(default_factory=Counts)
    tiers: dict[str, dict[str, Counts]] = field(default_factory=lambda: {tier.label: {} for tier in Tier})
    spans: dict[str, SpanCounts] = field(default_factory=dict)
    status: dict[str, dict[str, int]] = field(default_factory=dict)
    evidence: dict[str, dict[str, int]] = field(default_factory=dict)
    misattached: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: Score) -> Score:
        return Score(*(_sum(getattr(self, each.name), getattr(other, each.name)) for each in fields(self)))

    def of(self, name: str, tier: Tier = HEADLINE) -> Counts:
        """The counts of one field."""
        return self.tiers[tier.label].get(name, Counts())

    def total(self, tier: Tier = HEADLINE) -> Counts:
        """The counts of all fields together, for micro averages and the share of values that are right."""
        return sum(self.tiers[tier.label].values(), Counts())

    def macro_f1(self, tier: Tier = HEADLINE) -> float | None:
        """Mean F1 of the fields that either side holds."""
        ratios = [ratio for counts in self.tiers[tier.label].values() if (ratio := counts.f1) is not None]
        return sum(ratios) / len(ratios) if ratios else None

    def all_spans(self) -> SpanCounts:
        """The places of all quotes together."""
        return sum(self.spans.values(), SpanCounts())


def _sum(ours: Any, theirs: Any) -> Any:
    """The sum of two numbers or counts; of two dictionaries, key by key."""
    if not isinstance(ours, dict):
        return ours + theirs
    return {**ours, **{key: _sum(ours[key], value) if key in ours else value for key, value in theirs.items()}}


def merge(scores: Iterable[Score]) -> Score:
    """The score of all documents together."""
    return sum(scores, Score())


def score(comparison: Comparison) -> Score:
    """Count the outcomes of one document."""
    outcomes, ink = comparison.outcomes, comparison.ink
    result = Score(
        documents=1,
        parsed=int(comparison.predicted is not None),
        exact=int(comparison.predicted is not None and all(each.is_right for each in outcomes)),
        findings=_whole_findings(outcomes),
        tiers=_tiers(outcomes),
        misattached=dict(Counter(move.lost.field.name for move in moved_to_other_findings(outcomes, ink))),
    )
    for outcome in outcomes:
        if outcome.field.has_spans:
            _count_spans(result, outcome, ink)
        if outcome.field is STATUS:
            _count_status(result, outcome)
        if outcome.predicted:
            row = result.evidence.setdefault(evidence(outcome.field, outcome.predicted, ink), {"right": 0, "wrong": 0})
            row["right" if outcome.is_right else "wrong"] += 1
    _assert_conservation(result, comparison)
    return result


def _tiers(outcomes: Iterable[Outcome]) -> dict[str, dict[str, Counts]]:
    kinds = Counter((each.field.name, each.gold is None, each.predicted is None, each.agrees) for each in outcomes)
    tiers: dict[str, dict[str, Counts]] = {tier.label: {} for tier in Tier}
    for (name, is_spurious, is_missing, agrees), number in kinds.items():
        for tier in Tier:
            counts = tiers[tier.label].setdefault(name, Counts())
            if is_spurious:
                counts.spurious += number
            elif is_missing:
                counts.missing += number
            elif agrees is not None and agrees <= tier:
                counts.correct += number
            else:
                counts.wrong += number
    return tiers


def _count_spans(result: Score, outcome: Outcome, ink: Ink) -> None:
    ours = ink.ranges(outcome.gold.quote if outcome.gold else None)
    theirs = ink.ranges(outcome.predicted.quote if outcome.predicted else None)
    if ours or theirs:
        counts = result.spans.setdefault(outcome.field.name, SpanCounts())
        counts.shared += overlap(ours, theirs)
        counts.gold_characters += size(ours)
        counts.predicted_characters += size(theirs)
        counts.exact += ours == theirs
        counts.gold += bool(ours)
        counts.predicted += bool(theirs)


def _count_status(result: Score, outcome: Outcome) -> None:
    gold = str(outcome.gold.content) if outcome.gold else NO_FINDING
    predicted = str(outcome.predicted.content) if outcome.predicted else NO_FINDING
    row = result.status.setdefault(gold, {})
    row[predicted] = row.get(predicted, 0) + 1


def _whole_findings(outcomes: Iterable[Outcome]) -> Counts:
    counts, is_right = Counts(), dict[tuple[int | None, int | None], bool]()
    for outcome in outcomes:
        is_right[outcome.finding] = is_right.get(outcome.finding, True) and outcome.is_right
    is_right.pop(NOWHERE, None)
    for (gold, predicted), right in is_right.items():
        counts.missing += predicted is None
        counts.spurious += gold is None
        if gold is not None and predicted is not None:
            counts.correct += right
            counts.wrong += not right
    return counts


def _assert_conservation(result: Score, comparison: Comparison) -> None:
    """Every value of both records is counted once, whatever the alignment did with it."""
    gold = Counter(field.name for field, _ in values_of(comparison.gold))
    predicted = (
        Counter(field.name for field, _ in values_of(comparison.predicted)) if comparison.predicted else Counter()
    )
    for tier, by_field in result.tiers.items():
        for name in {*gold, *predicted, *by_field}:
            counts = by_field.get(name, Counts())
            assert counts.gold == gold[name], f"{tier} {name}: {counts} does not add up to {gold[name]}"
            assert counts.predicted == predicted[name], f"{tier} {name}: {counts} does not add up"

"""Right values in the wrong place: on another finding, or in another field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

from eval.comparators import canonical_text
from eval.fields import Value
from eval.outcomes import Outcome
from eval.spans import Ink, Ranges, overlap


class Move(NamedTuple):
    """A gold value that was lost, and the predicted value in the wrong place that is the same."""

    lost: Outcome
    found: Outcome


def moved_to_other_findings(outcomes: Iterable[Outcome], ink: Ink) -> list[Move]:
    """Lost values whose equal, read off the same place of the notice, stands in the same field of another finding."""

    def key(outcome: Outcome, value: Value) -> Hashable:
        return outcome.field.name, outcome.field.comparator.canonical(value.content)

    return _moves(outcomes, ink, key, lambda lost, found: lost.finding[0] != found.finding[0])


def moved_to_other_fields(outcomes: Iterable[Outcome], ink: Ink) -> list[Move]:
    """Lost values whose passage of the notice was predicted for another field."""

    def key(_outcome: Outcome, value: Value) -> Hashable:
        return canonical_text(value.quote.text) if value.quote else None

    return _moves(outcomes, ink, key, lambda lost, found: lost.field.slot != found.field.slot)


def _moves(
    outcomes: Iterable[Outcome],
    ink: Ink,
    key: Callable[[Outcome, Value], Hashable],
    is_elsewhere: Callable[[Outcome, Outcome], bool],
) -> list[Move]:
    """Lost and foreign values of one key, matched in the order of the text, each once."""
    wrong = [outcome for outcome in outcomes if outcome.field.has_spans and not _touches(outcome, ink)]
    foreign: dict[Hashable, list[Outcome]] = defaultdict(list)
    for found, value in _quoted(((each, each.predicted) for each in wrong), ink):
        foreign[key(found, value)].append(found)
    moves = []
    for lost, value in _quoted(((each, each.gold) for each in wrong), ink):
        candidates = foreign.get(key(lost, value), [])
        match = next((each for each in candidates if is_elsewhere(lost, each) and _share(lost, each, ink)), None)
        if match:
            candidates.remove(match)
            moves.append(Move(lost, match))
    return moves


def _quoted(values: Iterable[tuple[Outcome, Value | None]], ink: Ink) -> list[tuple[Outcome, Value]]:
    """Values that have a quote, in an order that does not depend on how the prediction lists its items."""

    def position(pair: tuple[Outcome, Value]) -> tuple[Ranges, str, int]:
        outcome, value = pair
        gold_finding = outcome.finding[0]
        return ink.ranges(value.quote), outcome.field.name, -1 if gold_finding is None else gold_finding

    return sorted(((outcome, value) for outcome, value in values if value and value.quote), key=position)


def _touches(outcome: Outcome, ink: Ink) -> bool:
    """Whether the predicted value was read where the gold one stands: then neither has been moved."""
    if not outcome.gold or not outcome.predicted:
        return False
    return outcome.is_right or overlap(ink.ranges(outcome.gold.quote), ink.ranges(outcome.predicted.quote)) > 0


def _share(lost: Outcome, found: Outcome, ink: Ink) -> bool:
    assert lost.gold and found.predicted
    return overlap(ink.ranges(lost.gold.quote), ink.ranges(found.predicted.quote)) > 0

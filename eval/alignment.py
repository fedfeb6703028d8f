"""Which predicted finding, measure, document is which of the gold's: one alignment, used by every metric.

Items are matched one to one so that the total similarity is greatest (Kuhn 1955, as scipy's
``linear_sum_assignment`` solves it). Two items are alike first by the characters of the notice that both quote, then
by their texts, then by their other values. The order in which a record lists its items plays no part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from rapidfuzz import fuzz, process
from scipy.optimize import linear_sum_assignment

from eval.comparators import canonical_text
from eval.fields import AnyFinding, AnyRecord, ListField, contract_of, quote_of, values_of_finding
from eval.spans import Ink, Ranges, dice, overlap, union

SPAN_WEIGHT, TEXT_WEIGHT, VALUE_WEIGHT = 0.7, 0.25, 0.05
MATCHED_FROM = 0.2
"""Least similarity of a pair: a quarter of the characters shared, or nearly the same words elsewhere."""


_LIKE_ENOUGH = (MATCHED_FROM - VALUE_WEIGHT) / TEXT_WEIGHT
"""Least similarity of the texts of a pair that shares no characters; below, nothing else can match it."""


class Pairing(NamedTuple):
    """How the items of two lists go together, by their places in the lists."""

    pairs: tuple[tuple[int, int], ...]
    missing: tuple[int, ...]
    spurious: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """What alignment looks at in a finding or list item.

    Attributes:
        anchors: places of its quotes, compared one by one.
        text: the canonical text that names it.
        contents: everything it holds, by field, in no order.
        source: the finding or list item itself.
    """

    anchors: tuple[Ranges, ...]
    text: str
    contents: frozenset[tuple[str, Any]]
    source: Any


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a predicted record goes together with the gold one.

    Attributes:
        gold: the findings of the gold.
        predicted: the findings of the prediction.
        findings: how they are matched.
        lists: the lists of the notice, by name.
        within: for each pair of findings, in the order of ``findings.pairs``, its lists by name.
    """

    gold: list[Item]
    predicted: list[Item]
    findings: Pairing
    lists: dict[str, Pairing]
    within: tuple[dict[str, Pairing], ...]


def align(gold: AnyRecord, predicted: AnyRecord, ink: Ink) -> Alignment:
    """Match the findings of two records of one text, and the lists within."""
    ours, theirs = ([finding_item(finding, ink) for finding in record.findings] for record in (gold, predicted))
    findings, contract = match(ours, theirs), contract_of(gold)
    return Alignment(
        ours,
        theirs,
        findings,
        _match_lists(contract.lists, gold, predicted, ink),
        tuple(
            _match_lists(contract.finding_lists, gold.findings[g], predicted.findings[p], ink)
            for g, p in findings.pairs
        ),
    )


def _match_lists(lists: Sequence[ListField], gold: Any, predicted: Any, ink: Ink) -> dict[str, Pairing]:
    return {listed.name: _match_list(listed, listed.read(gold), listed.read(predicted), ink) for listed in lists}


def _match_list(listed: ListField, gold: Sequence[Any], predicted: Sequence[Any], ink: Ink) -> Pairing:
    if gold == predicted:
        return Pairing(tuple((place, place) for place in range(len(gold))), (), ())
    return match(*([list_item(listed, each, ink) for each in side] for side in (gold, predicted)))


def finding_item(finding: AnyFinding, ink: Ink) -> Item:
    """A finding as alignment sees it: statement, rectification and both together."""
    statement, rectification = ink.ranges(finding.statement), ink.ranges(finding.rectification)
    named_by = finding.statement or finding.rectification
    return Item(
        (statement, rectification, union((statement, rectification))),
        canonical_text(named_by.text) if named_by else "",
        frozenset([(field.name, value.content) for field, value in values_of_finding(finding)]),
        finding,
    )


def list_item(listed: ListField, item: Any, ink: Ink) -> Item:
    """An item of a list as alignment sees it."""
    quote = quote_of(item)
    held = ((field.name, field.read(item)) for field in listed.fields)
    contents = frozenset([(name, value.content) for name, value in held if value])
    return Item((ink.ranges(quote),), canonical_text(quote.text), contents, item)


def similarity(left: Item, right: Item, text: float) -> float:
    """Similarity of two items, 0 to 1, given that of their texts."""
    places = [dice(ours, theirs) for ours, theirs in zip(left.anchors, right.anchors, strict=True) if ours or theirs]
    place = sum(places) / len(places) if places else 0.0
    both = len(left.contents & right.contents)
    same = both / (len(left.contents) + len(right.contents) - both)
    return SPAN_WEIGHT * place + TEXT_WEIGHT * text + VALUE_WEIGHT * same


def match(gold: list[Item], predicted: list[Item]) -> Pairing:
    """Match two lists one to one by greatest total similarity; pairs below ``MATCHED_FROM`` stay unmatched."""
    if not gold or not predicted:
        return Pairing((), tuple(range(len(gold))), tuple(range(len(predicted))))
    our_places, their_places = _in_order(gold), _in_order(predicted)
    scores = _similarities([gold[place] for place in our_places], [predicted[place] for place in their_places])
    rows, columns = linear_sum_assignment(scores, maximize=True)
    pairs = sorted(
        (our_places[row], their_places[column])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if scores[row, column]
    )
    matched_gold, matched_predicted = {g for g, _ in pairs}, {p for _, p in pairs}
    return Pairing(
        tuple(pairs),
        tuple(place for place in range(len(gold)) if place not in matched_gold),
        tuple(place for place in range(len(predicted)) if place not in matched_predicted),
    )


def _in_order(items: list[Item]) -> list[int]:
    """Places of items in an order of their contents, so that ties are settled alike however the record lists them."""
    number = Counter(item.anchors for item in items)
    keys = [(item.anchors, _inventory(item.source) if number[item.anchors] > 1 else []) for item in items]
    return sorted(range(len(items)), key=keys.__getitem__)


def _inventory(source: Any) -> list[str]:
    """All that a finding or list item holds, in an order that does not depend on that of its own lists."""
    if isinstance(source, AnyFinding):
        return sorted(f"{field.name} {value!r}" for field, value in values_of_finding(source))
    return [repr(source)]


def _similarities(ours: list[Item], theirs: list[Item]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    texts = process.cdist([item.text for item in ours], [item.text for item in theirs], scorer=fuzz.ratio) / 100
    scores = np.array(
        [
            [
                similarity(left, right, text)
                if text >= _LIKE_ENOUGH or overlap(left.anchors[-1], right.anchors[-1])
                else 0
                for right, text in zip(theirs, row, strict=True)
            ]
            for left, row in zip(ours, texts.tolist(), strict=True)
        ],
        dtype=np.float64,
    )
    scores[scores < MATCHED_FROM] = 0.0
    return scores

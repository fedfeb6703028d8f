"""What kind of error each wrong, missing or spurious value is: of the kinds that fit, the first.

Each outcome that is not right belongs to exactly one error; an error may hold several: a missing finding holds every
value of it, a value on the wrong finding both what is lost there and what is too much here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from eval.alignment import Item, Pairing, list_item, similarity
from eval.attachment import Move, moved_to_other_fields, moved_to_other_findings
from eval.fields import AnyFinding, ListField, Value, contract_of
from eval.outcomes import NOWHERE, Comparison, Outcome, Place
from eval.spans import Ink, covered, overlap

TWIN_FROM = 0.8
"""Similarity from which two predictions are the same one twice."""
MOSTLY = 0.5
"""Share of an item's characters from which it lies in another."""
FINDINGS = "findings"
_ANCHORS = frozenset({"findings.statement", "findings.rectification"})


class Kind(StrEnum):
    """Kinds of error, in the order in which they are tried."""

    NOT_PARSED = "not parsed"
    DUPLICATE = "duplicate"
    SPLIT = "split"
    MERGED = "merged"
    MISSING = "missing"
    SPURIOUS = "spurious"
    WRONG_FINDING = "wrong finding"
    WRONG_SLOT = "wrong slot"
    NORMALIZATION = "normalization"
    BOUNDARY = "boundary"
    WRONG_VALUE = "wrong value"


EXPLAINED = {
    Kind.NOT_PARSED: "the engine gave no record for the document",
    Kind.DUPLICATE: "the same finding or item is there twice",
    Kind.SPLIT: "one finding or item was taken for several",
    Kind.MERGED: "several findings or items were taken for one",
    Kind.MISSING: "nothing was predicted for it, here or elsewhere",
    Kind.SPURIOUS: "there is no such thing in the gold, here or elsewhere",
    Kind.WRONG_FINDING: "the right value stands on another finding",
    Kind.WRONG_SLOT: "the right passage stands in another field",
    Kind.NORMALIZATION: "the right passage was misread",
    Kind.BOUNDARY: "the quote begins or ends in the wrong place",
    Kind.WRONG_VALUE: "any other difference",
}


@dataclass(frozen=True, slots=True)
class Error:
    """One thing that went wrong.

    Attributes:
        kind: what went wrong.
        field: where; ``findings`` for whole findings.
        gold: what the gold has there, if anything.
        predicted: what was predicted, if anything.
        finding: the findings concerned, by their places in the gold and in the prediction.
        outcomes: the outcomes that it explains.
    """

    kind: Kind
    field: str
    gold: Value | None
    predicted: Value | None
    finding: Place
    outcomes: tuple[Outcome, ...]


def classify(comparison: Comparison) -> list[Error]:
    """The errors of one document, in the order of their kinds and, within a kind, of the notice."""
    wrong = [outcome for outcome in comparison.outcomes if not outcome.is_right]
    if comparison.predicted is None:
        contract = contract_of(comparison.gold)
        title = contract.fields[0].read(comparison.gold)
        return [Error(Kind.NOT_PARSED, contract.name, title, None, NOWHERE, tuple(wrong))]
    open_outcomes = _Open(wrong)
    errors: list[Error] = []
    groups = list(_groups(comparison, wrong))
    for group in groups:
        errors += _torn(group, open_outcomes, comparison.ink)
    errors += _whole_findings(groups[0], open_outcomes)
    errors += _moved(moved_to_other_findings(wrong, comparison.ink), Kind.WRONG_FINDING, open_outcomes)
    errors += _moved(moved_to_other_fields(wrong, comparison.ink), Kind.WRONG_SLOT, open_outcomes)
    errors += _single(open_outcomes, comparison.ink)
    assert not open_outcomes.rest(), "every outcome that is not right belongs to an error"
    kinds = list(Kind)
    return sorted(errors, key=lambda error: (kinds.index(error.kind), *_position(error, comparison.ink)))


def _position(error: Error, ink: Ink) -> tuple[tuple[tuple[int, int], ...], str]:
    value = error.gold or error.predicted
    return ink.ranges(value.quote if value else None), error.field


@dataclass
class _Open:
    """Outcomes that no error explains yet."""

    wrong: list[Outcome]
    claimed: set[int] = field(default_factory=set)

    @cached_property
    def _by_item(self) -> dict[tuple[str, Place, Place], list[Outcome]]:
        by_item: dict[tuple[str, Place, Place], list[Outcome]] = {}
        for outcome in self.wrong:
            by_item.setdefault((outcome.field.slot, outcome.finding, outcome.item), []).append(outcome)
        return by_item

    def siblings(self, outcome: Outcome) -> list[Outcome]:
        """The outcome itself; for a list item without a counterpart, those of all its fields."""
        if outcome.item == NOWHERE or None not in outcome.item:
            return [outcome]
        return self._by_item[outcome.field.slot, outcome.finding, outcome.item]

    def claim(self, outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
        """Take those of the outcomes that are still open."""
        taken = tuple(outcome for outcome in outcomes if id(outcome) not in self.claimed)
        self.claimed.update(map(id, taken))
        return taken

    def rest(self) -> list[Outcome]:
        return [outcome for outcome in self.wrong if id(outcome) not in self.claimed]


class _Part(NamedTuple):
    """A finding or list item: as alignment sees it, and as an error shows it."""

    item: Item
    value: Value | None


@dataclass(frozen=True, slots=True)
class _Group:
    """The findings of a notice, or the items of one list: what can be duplicated, split and merged."""

    name: str
    gold: list[_Part]
    predicted: list[_Part]
    pairing: Pairing
    wrong: list[Outcome]

    def at(self, place: Place) -> list[Outcome]:
        """The outcomes of a finding or item that are not right."""
        return [each for each in self.wrong if (each.finding if self.name == FINDINGS else each.item) == place]

    def error(self, kind: Kind, place: Place, outcomes: tuple[Outcome, ...]) -> Error:
        """An error of the finding or item at a place of gold, prediction or both."""
        gold = self.gold[place[0]].value if place[0] is not None else None
        predicted = self.predicted[place[1]].value if place[1] is not None else None
        return Error(kind, self.name, gold, predicted, outcomes[0].finding, outcomes)


def _groups(comparison: Comparison, wrong: list[Outcome]) -> Iterator[_Group]:
    """The findings first, then each list in which something has no counterpart."""
    gold, predicted, alignment, ink = comparison.gold, comparison.predicted, comparison.alignment, comparison.ink
    assert predicted and alignment
    contract = contract_of(gold)
    findings = [[_Part(item, _shown(item.source)) for item in side] for side in (alignment.gold, alignment.predicted)]
    yield _Group(FINDINGS, findings[0], findings[1], alignment.findings, wrong)
    by_list: dict[tuple[str, Place], list[Outcome]] = {}
    for outcome in wrong:
        by_list.setdefault((outcome.field.slot, outcome.finding), []).append(outcome)
    within = zip(alignment.findings.pairs, alignment.within, strict=True)
    holders: list[tuple[Sequence[ListField], Any, Any, dict[str, Pairing], Place]] = [
        (contract.lists, gold, predicted, alignment.lists, NOWHERE),
        *(
            (contract.finding_lists, gold.findings[g], predicted.findings[p], pairings, (g, p))
            for (g, p), pairings in within
        ),
    ]
    for lists, ours, theirs, pairings, place in holders:
        for listed in lists:
            pairing = pairings[listed.name]
            if pairing.pairs and (pairing.missing or pairing.spurious):
                parts = [
                    [_Part(list_item(listed, each, ink), listed.fields[0].read(each)) for each in listed.read(side)]
                    for side in (ours, theirs)
                ]
                yield _Group(listed.name, parts[0], parts[1], pairing, by_list[listed.name, place])


def _shown(finding: AnyFinding) -> Value | None:
    quote = finding.statement or finding.rectification
    return Value(quote.text, quote) if quote else None


def _torn(group: _Group, open_outcomes: _Open, ink: Ink) -> Iterator[Error]:  # noqa: C901 - three kinds, one pass
    """Duplicates, splits and mergers; an error that another one explains already is none."""
    for p in group.pairing.spurious:
        item = group.predicted[p].item
        if any(_are_twins(item, group.predicted[q].item) for _, q in group.pairing.pairs):
            if taken := open_outcomes.claim(group.at((None, p))):
                yield group.error(Kind.DUPLICATE, (None, p), taken)
            continue
        for g, q in group.pairing.pairs:
            if _lies_in(item, group.gold[g].item) and not _lies_in(item, group.predicted[q].item):
                torn = [each for each in group.at((g, q)) if _concerns(each, each.gold, item, group, ink)]
                if taken := open_outcomes.claim([*torn, *group.at((None, p))]):
                    yield group.error(Kind.SPLIT, (g, p), taken)
                break
    for g in group.pairing.missing:
        item = group.gold[g].item
        for h, q in group.pairing.pairs:
            if _lies_in(item, group.predicted[q].item) and not _lies_in(item, group.gold[h].item):
                torn = [each for each in group.at((h, q)) if _concerns(each, each.predicted, item, group, ink)]
                if taken := open_outcomes.claim([*torn, *group.at((g, None))]):
                    yield group.error(Kind.MERGED, (g, q), taken)
                break


def _lies_in(inner: Item, outer: Item) -> bool:
    return covered(inner.anchors[-1], outer.anchors[-1]) >= MOSTLY


def _are_twins(one: Item, other: Item) -> bool:
    return similarity(one, other, fuzz.ratio(one.text, other.text) / 100) >= TWIN_FROM


def _concerns(outcome: Outcome, value: Value | None, part: Item, group: _Group, ink: Ink) -> bool:
    """Whether an error of a finding or item that was torn comes from the tear: its value lies in the other part."""
    if group.name != FINDINGS or outcome.field.name in _ANCHORS:
        return True
    return overlap(ink.ranges(value.quote if value else None), part.anchors[-1]) > 0


def _whole_findings(findings: _Group, open_outcomes: _Open) -> Iterator[Error]:
    """Findings that are missing or spurious, with every value they hold."""
    for g in findings.pairing.missing:
        if taken := open_outcomes.claim(findings.at((g, None))):
            yield findings.error(Kind.MISSING, (g, None), taken)
    for p in findings.pairing.spurious:
        if taken := open_outcomes.claim(findings.at((None, p))):
            yield findings.error(Kind.SPURIOUS, (None, p), taken)


def _moved(moves: Iterable[Move], kind: Kind, open_outcomes: _Open) -> Iterator[Error]:
    for lost, found in moves:
        taken = open_outcomes.claim([*open_outcomes.siblings(lost), *open_outcomes.siblings(found)])
        if taken:
            yield Error(kind, lost.field.slot, lost.gold, found.predicted, lost.finding, taken)


def _single(open_outcomes: _Open, ink: Ink) -> Iterator[Error]:
    """Everything else: items that are missing or spurious with all their values, and values that differ."""
    for outcome in open_outcomes.rest():
        if outcome.gold and outcome.predicted:
            kind, name = _difference(outcome, ink), outcome.field.name
        else:
            kind = Kind.MISSING if outcome.gold else Kind.SPURIOUS
            name = outcome.field.slot if None in outcome.item and outcome.item != NOWHERE else outcome.field.name
        if taken := open_outcomes.claim(open_outcomes.siblings(outcome)):
            yield Error(kind, name, outcome.gold, outcome.predicted, outcome.finding, taken)


def _difference(outcome: Outcome, ink: Ink) -> Kind:
    assert outcome.gold and outcome.predicted
    ours, theirs = ink.ranges(outcome.gold.quote), ink.ranges(outcome.predicted.quote)
    if overlap(ours, theirs):
        if outcome.field.comparator.is_read:
            return Kind.NORMALIZATION
        if outcome.gold.quote and outcome.gold.content == outcome.gold.quote.text and ours != theirs:
            return Kind.BOUNDARY
    return Kind.WRONG_VALUE

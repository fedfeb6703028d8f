"""What became of each value of the gold and of the prediction: the one list that all metrics are counted from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from eval.alignment import Alignment, Pairing, align
from eval.comparators import HEADLINE, Tier
from eval.fields import AnyFinding, AnyRecord, Contract, Field, ListField, Value, contract_of, findings_of
from eval.spans import Ink

Place = tuple[int | None, int | None]
"""Places in the gold's and the prediction's list, None on the side that has none."""
NOWHERE: Place = (None, None)


class Outcome(NamedTuple):
    """One value of the gold, the predicted value it was aligned with, or both.

    Attributes:
        field: the field.
        gold: the gold value, None where the prediction has one too many.
        predicted: the predicted value, None where it is missing.
        finding: the findings they stand in; ``NOWHERE`` for fields of the record itself.
        item: the list items they stand in; ``NOWHERE`` outside lists.
        agrees: the strictest tier at which they agree.
        is_right: whether they agree at the headline tier.
    """

    field: Field
    gold: Value | None
    predicted: Value | None
    finding: Place
    item: Place
    agrees: Tier | None = None
    is_right: bool = False


class Comparison(NamedTuple):
    """A predicted record beside the gold one; ``alignment`` is None where nothing could be parsed."""

    gold: AnyRecord
    predicted: AnyRecord | None
    ink: Ink
    alignment: Alignment | None
    outcomes: list[Outcome]


def compare(gold: AnyRecord, predicted: AnyRecord | None, text: str) -> Comparison:
    """Align two records of one text and compare them value by value.

    Args:
        gold: the reference.
        predicted: what an engine found, None where it failed: then every gold value is missing.
        text: the text that the spans of both count in.
    """
    ink = Ink(text)
    alignment = align(gold, predicted, ink) if predicted else None
    return Comparison(gold, predicted, ink, alignment, list(_outcomes(gold, predicted, alignment)))


def _outcomes(gold: AnyRecord, predicted: AnyRecord | None, alignment: Alignment | None) -> Iterator[Outcome]:
    contract = contract_of(gold)
    yield from _fields(contract.fields, gold, predicted, NOWHERE, NOWHERE)
    yield from _lists(contract.lists, gold, predicted, alignment.lists if alignment else None, NOWHERE)
    if predicted is None or alignment is None:
        for place, finding in enumerate(findings_of(gold)):
            yield from _finding(contract, finding, None, None, (place, None))
        return
    for (g, p), pairings in zip(alignment.findings.pairs, alignment.within, strict=True):
        yield from _finding(contract, gold.findings[g], predicted.findings[p], pairings, (g, p))
    for g in alignment.findings.missing:
        yield from _finding(contract, gold.findings[g], None, None, (g, None))
    for p in alignment.findings.spurious:
        yield from _finding(contract, None, predicted.findings[p], None, (None, p))


def _finding(
    contract: Contract,
    gold: AnyFinding | None,
    predicted: AnyFinding | None,
    pairings: dict[str, Pairing] | None,
    place: Place,
) -> Iterator[Outcome]:
    yield from _fields(contract.finding_fields, gold, predicted, place, NOWHERE)
    yield from _lists(contract.finding_lists, gold, predicted, pairings, place)


def _lists(
    lists: Sequence[ListField], gold: Any, predicted: Any, pairings: dict[str, Pairing] | None, finding: Place
) -> Iterator[Outcome]:
    for listed in lists:
        ours = listed.read(gold) if gold else ()
        theirs = listed.read(predicted) if predicted else ()
        if not ours and not theirs:
            continue
        pairing = pairings[listed.name] if pairings else Pairing((), tuple(range(len(ours))), tuple(range(len(theirs))))
        for g, p in pairing.pairs:
            yield from _fields(listed.fields, ours[g], theirs[p], finding, (g, p))
        for g in pairing.missing:
            yield from _fields(listed.fields, ours[g], None, finding, (g, None))
        for p in pairing.spurious:
            yield from _fields(listed.fields, None, theirs[p], finding, (None, p))


def _fields(fields: Sequence[Field], gold: Any, predicted: Any, finding: Place, item: Place) -> Iterator[Outcome]:
    for field in fields:
        ours = field.read(gold) if gold is not None else None
        theirs = field.read(predicted) if predicted is not None else None
        if ours is None:
            if theirs is not None:
                yield Outcome(field, None, theirs, finding, item)
        elif theirs is None:
            yield Outcome(field, ours, None, finding, item)
        else:
            agrees = field.comparator.agreement(ours.content, theirs.content)
            is_right = agrees is not None and agrees <= HEADLINE
            yield Outcome(field, ours, theirs, finding, item, agrees, is_right)

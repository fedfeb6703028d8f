"""Matching one to one."""

from __future__ import annotations

import random
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from eval.alignment import MATCHED_FROM, align, finding_item, similarity
from eval.comparators import canonical_text
from eval.sample import sample_notice
from eval.spans import Ink
from eval.synthetic import spoil, synthetic_notice
from extractor.records import AccountabilityKind, Finding, Notice, Quote, Span


def changed(record: Notice, **fields: object) -> Notice:
    return record.model_copy(update=fields)


def test_findings_are_matched_by_place_not_by_order() -> None:
    document, gold = sample_notice()
    predicted = changed(gold, findings=gold.findings[::-1])
    assert align(gold, predicted, Ink(document.text)).findings.pairs == ((0, 2), (1, 1), (2, 0))


def test_repeated_words_are_told_apart_by_their_place() -> None:
    document, gold = sample_notice()
    first, second = gold.next_steps
    elsewhere = Quote(text=first.text, spans=(Span(0, len(first.text)),))
    predicted = changed(gold, next_steps=(elsewhere, first))
    pairing = align(gold, predicted, Ink(document.text)).lists["next_steps"]
    assert pairing.pairs == ((0, 1),)
    assert (pairing.missing, pairing.spurious) == ((1,), (0,))
    assert second.text == gold.next_steps[1].text


def test_same_words_elsewhere_are_matched_where_nothing_stands_in_the_right_place() -> None:
    document, gold = sample_notice()
    elsewhere = Quote(text=gold.next_steps[0].text, spans=(Span(0, len(gold.next_steps[0].text)),))
    pairing = align(gold, changed(gold, next_steps=(elsewhere,)), Ink(document.text)).lists["next_steps"]
    assert pairing.pairs == ((0, 0),)


def test_what_shares_nothing_stays_unmatched() -> None:
    document, gold = sample_notice()
    predicted = changed(gold, findings=gold.findings[:1])
    alignment = align(changed(gold, findings=gold.findings[2:]), predicted, Ink(document.text))
    assert alignment.findings == ((), (0,), (0,))
    assert alignment.within == ()


def test_equal_quotes_are_matched_by_their_other_values() -> None:
    document, gold = sample_notice()
    clause = gold.findings[0].accountability[0]
    talk = clause.model_copy(update={"kind": AccountabilityKind.TALK})
    both = gold.findings[0].model_copy(update={"accountability": (clause, talk)})
    swapped = both.model_copy(update={"accountability": (talk, clause)})
    ours, theirs = changed(gold, findings=(both,)), changed(gold, findings=(swapped,))
    (within,) = align(ours, theirs, Ink(document.text)).within
    assert within["findings.accountability"].pairs == ((0, 1), (1, 0))


def total(gold: tuple[Finding, ...], predicted: tuple[Finding, ...], pairs: list[tuple[int, int]], ink: Ink) -> float:
    from rapidfuzz import fuzz

    value = 0.0
    for g, p in pairs:
        ours, theirs = finding_item(gold[g], ink), finding_item(predicted[p], ink)
        each = similarity(ours, theirs, fuzz.ratio(canonical_text(ours.text), canonical_text(theirs.text)) / 100)
        value += each if each >= MATCHED_FROM else 0
    return value


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_total_similarity_is_the_greatest_there_is(seed: int) -> None:
    chance = random.Random(seed)
    document, gold = synthetic_notice(chance, findings=4, characters=1000)
    predicted = spoil(spoil(gold, chance, 0.9), chance, 0.9)
    predicted = changed(predicted, findings=predicted.findings[:5])
    ink = Ink(document.text)
    pairing = align(gold, predicted, ink).findings
    small, large = sorted((len(gold.findings), len(predicted.findings)))
    choices = (
        [(g, p) if len(gold.findings) == small else (p, g) for g, p in zip(range(small), chosen, strict=True)]
        for chosen in permutations(range(large), small)
    )
    best = max(total(gold.findings, predicted.findings, choice, ink) for choice in choices)
    assert abs(total(gold.findings, predicted.findings, list(pairing.pairs), ink) - best) < 1e-9

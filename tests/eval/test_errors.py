"""Kinds of error: gold with one planted error of every kind gives exactly that kind."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.errors import Error, Kind, classify
from eval.outcomes import compare
from eval.sample import sample_notice
from eval.synthetic import plain_finding, shortened, spoil, synthetic_notice
from extractor.document import Document
from extractor.records import Finding, Measure, Notice, Quote, Span, StatusValue

DOCUMENT, GOLD = sample_notice()
STUDY, FEES, PIPES = GOLD.findings


def changed(finding: Finding, **fields: object) -> Finding:
    return finding.model_copy(update=fields)


def with_findings(*findings: Finding) -> Notice:
    return GOLD.model_copy(update={"findings": findings})


def joined(*quotes: Quote | None) -> Quote:
    """One quote of everything from the first to the last."""
    spans = [span for quote in quotes if quote for span in quote.spans]
    start, end = min(spans).start, max(span.end for span in spans)
    return Quote(text="".join(DOCUMENT.text[start:end].split()), spans=(Span(start, end),))


def split_measure() -> Notice:
    """The second measure in two halves."""
    first, second = STUDY.measures
    place = second.quote.text.index("核减")
    start, end = second.quote.spans[0]
    halves = (
        Measure(marker="二是", quote=Quote(text=second.quote.text[:place], spans=(Span(start, start + place),))),
        Measure(marker=None, quote=Quote(text=second.quote.text[place:], spans=(Span(start + place, end),))),
    )
    return with_findings(changed(STUDY, measures=(first, *halves)), FEES, PIPES)


def merged_measures() -> Notice:
    """Both measures in one."""
    first, second = STUDY.measures
    both = Measure(marker="一是", quote=joined(first.quote, second.quote))
    return with_findings(changed(STUDY, measures=(both,)), FEES, PIPES)


def split_finding() -> Notice:
    """The first finding ends before its second measure, which with all that follows became a finding of its own."""
    first, second = STUDY.measures
    assert STUDY.rectification
    start, end = STUDY.rectification.spans[0]
    cut = second.quote.spans[0].start
    text = STUDY.rectification.text
    upper = Quote(text=text[: cut - start], spans=(Span(start, cut),))
    lower = Quote(text=text[cut - start :], spans=(Span(cut, end),))
    return with_findings(
        changed(
            STUDY,
            rectification=upper,
            measures=(first,),
            amounts=(),
            accountability=(),
            status=PIPES.status,
        ),
        plain_finding(
            rectification=lower,
            measures=(second,),
            amounts=STUDY.amounts,
            accountability=STUDY.accountability,
            status=STUDY.status,
        ),
        FEES,
        PIPES,
    )


def merged_findings() -> Notice:
    """The third finding was taken for part of the second."""
    return with_findings(
        STUDY,
        changed(
            FEES,
            rectification=joined(FEES.rectification, PIPES.rectification),
            measures=(*FEES.measures, *PIPES.measures),
        ),
    )


def normalization() -> Notice:
    assert FEES.deadline
    return with_findings(STUDY, changed(FEES, deadline=FEES.deadline.model_copy(update={"value": "2024-06-01"})), PIPES)


PLANTED: list[tuple[Kind, str, Notice | None]] = [
    (Kind.NOT_PARSED, "notice", None),
    (Kind.DUPLICATE, "findings", with_findings(*GOLD.findings, FEES)),
    (
        Kind.DUPLICATE,
        "findings.amounts",
        with_findings(STUDY, changed(FEES, amounts=(*FEES.amounts, FEES.amounts[0])), PIPES),
    ),
    (Kind.SPLIT, "findings", split_finding()),
    (Kind.SPLIT, "findings.measures", split_measure()),
    (Kind.MERGED, "findings", merged_findings()),
    (Kind.MERGED, "findings.measures", merged_measures()),
    (Kind.MISSING, "findings", with_findings(STUDY, PIPES)),
    (Kind.MISSING, "findings.documents", with_findings(changed(STUDY, documents=()), FEES, PIPES)),
    (Kind.MISSING, "issuer", GOLD.model_copy(update={"issuer": None})),
    (Kind.MISSING, "next_steps", GOLD.model_copy(update={"next_steps": GOLD.next_steps[:1]})),
    (Kind.SPURIOUS, "findings", with_findings(*GOLD.findings, plain_finding(path=("9",), statement=GOLD.issuer))),
    (Kind.SPURIOUS, "findings.remaining", with_findings(changed(STUDY, remaining=GOLD.title), FEES, PIPES)),
    (
        Kind.WRONG_FINDING,
        "findings.deadline",
        with_findings(STUDY, changed(FEES, deadline=None), changed(PIPES, deadline=FEES.deadline)),
    ),
    (
        Kind.WRONG_FINDING,
        "findings.status",
        with_findings(STUDY, changed(FEES, status=PIPES.status), changed(PIPES, status=FEES.status)),
    ),
    (
        Kind.WRONG_SLOT,
        "findings.follow_up",
        with_findings(STUDY, changed(FEES, follow_up=None), changed(PIPES, remaining=FEES.follow_up)),
    ),
    (
        Kind.WRONG_SLOT,
        "published_on",
        GOLD.model_copy(update={"issued_on": GOLD.published_on, "published_on": GOLD.issued_on}),
    ),
    (Kind.NORMALIZATION, "findings.deadline", normalization()),
    (
        Kind.NORMALIZATION,
        "findings.amounts",
        with_findings(changed(STUDY, amounts=(STUDY.amounts[0].model_copy(update={"value": 3.5}),)), FEES, PIPES),
    ),
    (
        Kind.BOUNDARY,
        "findings.statement",
        with_findings(changed(STUDY, statement=shortened(STUDY.statement)), FEES, PIPES) if STUDY.statement else None,
    ),
    (Kind.WRONG_VALUE, "findings.focus", with_findings(STUDY, changed(FEES, focus=STUDY.focus), PIPES)),
    (
        Kind.WRONG_VALUE,
        "findings.status",
        with_findings(
            changed(STUDY, status=STUDY.status.model_copy(update={"value": StatusValue.IN_PROGRESS})), FEES, PIPES
        ),
    ),
]


def errors_of(predicted: Notice | None, gold: Notice = GOLD, document: Document = DOCUMENT) -> list[Error]:
    return classify(compare(gold, predicted, document.text))


@pytest.mark.parametrize(("kind", "field", "predicted"), PLANTED, ids=[f"{kind} {field}" for kind, field, _ in PLANTED])
def test_one_planted_error_is_reported_as_that_and_nothing_else(
    kind: Kind, field: str, predicted: Notice | None
) -> None:
    assert [(error.kind, error.field) for error in errors_of(predicted)] == [(kind, field)]


def test_every_kind_is_planted() -> None:
    assert {kind for kind, _, _ in PLANTED} == set(Kind)


def test_gold_against_itself_has_no_errors() -> None:
    assert errors_of(GOLD) == []


def test_an_error_shows_both_sides() -> None:
    (error,) = errors_of(merged_measures())
    assert error.gold
    assert error.predicted
    assert error.gold.content in error.predicted.content
    (error,) = errors_of(split_finding())
    assert error.gold == (STUDY.statement.text if STUDY.statement else "", STUDY.statement)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6))
def test_every_outcome_that_is_not_right_belongs_to_one_error(seed: int) -> None:
    chance = random.Random(seed)
    document, gold = synthetic_notice(chance, findings=6, characters=1500)
    predicted = spoil(spoil(gold, chance, 0.8), chance, 0.8)
    comparison = compare(gold, predicted, document.text)
    explained = Counter(id(outcome) for error in classify(comparison) for outcome in error.outcomes)
    assert explained == Counter(id(outcome) for outcome in comparison.outcomes if not outcome.is_right)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_order_of_predictions_changes_no_kind(seed: int) -> None:
    chance = random.Random(seed)
    document, gold = synthetic_notice(chance, findings=6, characters=1500)
    predicted = spoil(spoil(gold, chance, 0.6), chance, 0.6)
    shuffled = predicted.model_copy(
        update={"findings": tuple(chance.sample(predicted.findings, len(predicted.findings)))}
    )
    ours, theirs = (
        Counter((error.kind, error.field) for error in errors_of(each, gold, document))
        for each in (predicted, shuffled)
    )
    assert ours == theirs

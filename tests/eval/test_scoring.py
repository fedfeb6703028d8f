"""Scores: by hand, against themselves, in any order, and against other scorers."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from anls_star import anls_score
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator  # type: ignore[import-untyped]

from eval.comparators import Tier
from eval.counts import Counts
from eval.evidence import Evidence
from eval.fields import FIELD_NAMES
from eval.gold import GoldDocument
from eval.outcomes import compare
from eval.sample import sample_notice
from eval.scoring import NO_FINDING, Score, merge, score
from eval.synthetic import plain_finding, plain_notice, shortened, spoil, synthetic_notice
from extractor.document import Document
from extractor.records import DateValue, Money, Notice, Quote, Span, Status, StatusValue


def scored(gold: Notice, predicted: Notice | None, document: Document) -> Score:
    return score(compare(gold, predicted, document.text))


def test_small_case_by_hand() -> None:
    text = "甲问题已完成。乙问题推进中。丙问题。罚款5万元,退款6万元。"
    document = Document(text)

    def quote(passage: str) -> Quote:
        return Quote(text=passage, spans=(Span(text.index(passage), text.index(passage) + len(passage)),))

    done = Status(value=StatusValue.COMPLETED, quote=quote("已完成"))
    going = Status(value=StatusValue.IN_PROGRESS, quote=quote("推进中"))
    fine, refund = Money(value=50_000, quote=quote("5万元")), Money(value=60_000, quote=quote("6万元"))
    gold = plain_notice(
        document,
        title=quote("甲问题已完成。"),
        findings=(
            plain_finding(path=("1",), statement=quote("甲问题"), status=done, amounts=(fine, refund)),
            plain_finding(path=("2",), statement=quote("乙问题"), status=going),
        ),
    )
    predicted = plain_notice(
        document,
        findings=(
            # right statement and path, wrong status; one sum misread, one not found
            plain_finding(
                path=("1",), statement=quote("甲问题"), amounts=(fine.model_copy(update={"value": 5}),), status=going
            ),
            # nothing like it in the gold
            plain_finding(path=("3",), statement=quote("丙问题"), status=done),
        ),
    )
    result = scored(gold, predicted, document)
    assert result.of("title") == Counts(missing=1)
    assert result.of("findings.statement") == Counts(correct=1, missing=1, spurious=1)
    assert result.of("findings.path") == Counts(correct=1, missing=1, spurious=1)
    assert result.of("findings.status") == Counts(wrong=1, missing=1, spurious=1)
    assert result.of("findings.amounts") == Counts(wrong=1, missing=1)
    assert result.of("findings.focus") == result.of("findings.stated_as") == Counts(correct=1, missing=1, spurious=1)
    # by field: title 0/0/1/0, statement, path, focus, stated_as 1/0/1/1 each, status 0/1/1/1, amounts 0/1/1/0
    assert result.total() == Counts(correct=4, wrong=2, missing=7, spurious=5)
    assert result.total().accuracy == pytest.approx(4 / 18)
    assert result.total().f1 == pytest.approx(2 * 4 / (13 + 11))
    # F1 by field: title 0, four fields 0.5 each, status 0, amounts 0
    assert result.macro_f1() == pytest.approx(4 * 0.5 / 7)
    assert result.findings == Counts(wrong=1, missing=1, spurious=1)
    assert (result.exact, result.parsed, result.documents) == (0, 1, 1)
    assert result.status == {
        "completed": {"in_progress": 1},
        "in_progress": {NO_FINDING: 1},
        NO_FINDING: {"completed": 1},
    }
    # statements: gold 甲问题 and 乙问题, predicted 甲问题 and 丙问题
    spans = result.spans["findings.statement"]
    assert (spans.shared, spans.gold_characters, spans.predicted_characters) == (3, 6, 6)
    assert (spans.exact_rate, spans.character_f1) == (0.5, 0.5)
    # 推进中 is the second finding's but stands on the first, 已完成 is the first's but stands on the made-up one
    assert result.misattached == {"findings.status": 2}
    # 5 does not follow from 5万元
    assert result.evidence[Evidence.VERBATIM] == {"right": 0, "wrong": 1}


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_gold_against_itself_is_perfect_in_any_order(
    gold_documents: st.SearchStrategy[GoldDocument], data: st.DataObject
) -> None:
    drawn = data.draw(gold_documents)
    shuffled = drawn.record.model_copy(update={"findings": tuple(data.draw(st.permutations(drawn.record.findings)))})
    result = scored(drawn.record, shuffled, drawn.document)
    total = result.total(Tier.EXACT)
    assert (total.wrong, total.missing, total.spurious) == (0, 0, 0)
    assert result.exact == 1
    assert all(counts.f1 == 1 for counts in result.tiers["normalized"].values())
    assert all(spans.exact == spans.gold == spans.predicted for spans in result.spans.values())


def in_any_order(record: Notice, chance: random.Random) -> Notice:
    """The same record, every list of it shuffled."""

    def shuffled(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(chance.sample(items, len(items)))

    names = ("measures", "documents", "amounts", "responsible", "accountability")
    findings = [
        finding.model_copy(update={name: shuffled(getattr(finding, name)) for name in names})
        for finding in record.findings
    ]
    return record.model_copy(update={"findings": shuffled(tuple(findings)), "next_steps": shuffled(record.next_steps)})


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6))
def test_order_of_predictions_changes_nothing(seed: int) -> None:
    chance = random.Random(seed)
    document, gold = synthetic_notice(chance, findings=6, characters=1500)
    predicted = spoil(spoil(gold, chance, 0.7), chance, 0.7)
    assert scored(gold, in_any_order(predicted, chance), document) == scored(gold, predicted, document)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_nothing_predicted_and_nothing_to_find_are_mirror_images(
    gold_documents: st.SearchStrategy[GoldDocument], data: st.DataObject
) -> None:
    drawn = data.draw(gold_documents)
    nothing = plain_notice(drawn.document)
    lost, made_up = scored(drawn.record, nothing, drawn.document), scored(nothing, drawn.record, drawn.document)
    assert lost.total() == Counts(missing=made_up.total().spurious)
    failed = scored(drawn.record, None, drawn.document)
    assert failed.total() == lost.total()
    assert (failed.parsed, failed.exact, lost.parsed) == (0, 0, 1)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6))
def test_scores_add_up_in_any_order(seed: int) -> None:
    chance = random.Random(seed)
    scores = []
    for _ in range(3):
        document, gold = synthetic_notice(chance, findings=3, characters=800)
        scores.append(scored(gold, spoil(gold, chance, 0.6), document))
    merged = merge(scores)
    assert merged.total() == merge(reversed(scores)).total()
    assert merged.documents == 3
    for name in FIELD_NAMES:
        assert merged.of(name) == sum((each.of(name) for each in scores), Counts())


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_a_laxer_tier_never_counts_less(seed: int) -> None:
    chance = random.Random(seed)
    document, gold = synthetic_notice(chance, findings=5, characters=1200)
    result = scored(gold, spoil(gold, chance, 0.8), document)
    for name in FIELD_NAMES:
        exact, normalized, fuzzy = (result.of(name, tier).correct for tier in Tier)
        assert exact <= normalized <= fuzzy


def test_span_scores_are_those_of_nervaluate() -> None:
    document, gold = synthetic_notice(random.Random(7), findings=12, characters=4000)
    findings = [
        finding.model_copy(update={"statement": shortened(finding.statement)}) if number % 3 == 0 else finding
        for number, finding in enumerate(gold.findings)
        if finding.statement
    ]
    predicted = gold.model_copy(update={"findings": tuple(findings[:-2])})
    spans = scored(gold, predicted, document).spans["findings.statement"]

    def entities(record: Notice, cut: Callable[[Span], list[Span]]) -> list[list[dict[str, Any]]]:
        quotes = [finding.statement for finding in record.findings if finding.statement]
        places = [span for quote in quotes for whole in quote.spans for span in cut(whole)]
        return [[{"label": "statement", "start": start, "end": end} for start, end in places]]

    def strict_f1(cut: Callable[[Span], list[Span]]) -> float:
        evaluator = Evaluator(entities(gold, cut), entities(predicted, cut), tags=["statement"], loader="dict")
        return float(evaluator.evaluate()["overall"]["strict"].f1)

    assert spans.exact_f1 == pytest.approx(strict_f1(lambda whole: [whole]))
    # a character is an entity of length one
    assert spans.character_f1 == pytest.approx(
        strict_f1(lambda whole: [Span(place, place + 1) for place in range(*whole)])
    )


def test_accuracy_of_a_flat_record_is_that_of_anls_star() -> None:
    document, gold = sample_notice()
    flat = gold.model_copy(update={"findings": (), "next_steps": ()})
    inspection = gold.inspection.model_copy(update={"team": None, "started": None, "round": gold.issuer})
    predicted = flat.model_copy(update={"inspection": inspection, "issuer": None})
    accuracy = scored(flat, predicted, document).total().accuracy

    def content(record: Notice) -> dict[str, str]:
        # the words that a wrong field shares with the right one must not count: ANLS gives 0 below one half
        fields = {**dict(record), **dict(record.inspection), **dict(record.disclosure), **dict(record.contact)}
        values = {
            name: values[0] if isinstance(values, tuple) and values else values for name, values in fields.items()
        }
        texts = {name: value.text for name, value in values.items() if isinstance(value, Quote)}
        dates = {name: value.value for name, value in values.items() if isinstance(value, DateValue)}
        return {**texts, **dates, "kind": str(record.inspection.kind)}

    assert accuracy == pytest.approx(anls_score(content(flat), content(predicted)))
    assert accuracy is not None
    assert 0 < accuracy < 1


def test_values_on_the_wrong_finding_are_counted_as_misattached() -> None:
    document, gold = sample_notice()
    first, second, third = gold.findings
    moved = (
        first,
        second.model_copy(update={"deadline": None, "amounts": ()}),
        third.model_copy(update={"deadline": second.deadline, "amounts": second.amounts}),
    )
    result = scored(gold, gold.model_copy(update={"findings": moved}), document)
    assert result.misattached == {"findings.deadline": 1, "findings.amounts": 2}
    assert result.of("findings.deadline") == Counts(missing=1, spurious=1)


def test_grounding_is_crossed_with_being_right() -> None:
    document, gold = sample_notice()
    assert gold.title
    assert gold.issued_on
    made_up = Quote(text="县水利局", spans=gold.title.spans)
    nowhere = Quote(text="县水利局", spans=(Span(len(document.text), len(document.text) + 4),))
    misread = gold.issued_on.model_copy(update={"value": "2024-01-16"})
    result = scored(gold, gold.model_copy(update={"title": made_up, "issuer": nowhere, "issued_on": misread}), document)
    assert result.evidence[Evidence.LOCATED] == {"right": 0, "wrong": 1}
    assert result.evidence[Evidence.UNLOCATED] == {"right": 0, "wrong": 1}
    assert result.evidence[Evidence.VERBATIM] == {"right": 0, "wrong": 1}
    assert result.evidence[Evidence.DERIVABLE]["wrong"] == 0

"""Outcomes: each value of both records once."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.fields import values_of
from eval.gold import GoldDocument
from eval.outcomes import NOWHERE, compare
from eval.sample import sample_notice


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_value_of_both_records_is_in_one_outcome(
    gold_documents: st.SearchStrategy[GoldDocument], data: st.DataObject
) -> None:
    gold = data.draw(gold_documents)
    findings = gold.record.findings
    kept = tuple(data.draw(st.lists(st.sampled_from(findings), max_size=4))) if findings else ()
    predicted = gold.record.model_copy(update={"findings": kept, "issuer": gold.record.title, "next_steps": ()})
    outcomes = compare(gold.record, predicted, gold.document.text).outcomes
    for record, sides in ((gold.record, [o.gold for o in outcomes]), (predicted, [o.predicted for o in outcomes])):
        names = Counter(each.field.name for each, value in zip(outcomes, sides, strict=True) if value)
        assert names == Counter(field.name for field, _ in values_of(record))


def test_outcome_says_where_both_values_stand() -> None:
    document, gold = sample_notice()
    predicted = gold.model_copy(update={"findings": gold.findings[:0:-1], "issuer": None})
    outcomes = compare(gold, predicted, document.text).outcomes
    places = {(outcome.field.name, outcome.finding, outcome.item): outcome for outcome in outcomes}
    assert places["findings.status", (1, 1), NOWHERE].is_right
    assert places["findings.amounts", (1, 1), (0, 0)].is_right
    assert places["findings.amounts", (0, None), (0, None)].predicted is None
    assert not places["issuer", NOWHERE, NOWHERE].is_right


def test_without_a_prediction_everything_is_missing() -> None:
    document, gold = sample_notice()
    comparison = compare(gold, None, document.text)
    assert comparison.alignment is None
    assert all(outcome.gold and not outcome.predicted for outcome in comparison.outcomes)
    assert len(comparison.outcomes) == len(list(values_of(gold)))

"""Comparing two runs."""

from __future__ import annotations

import random

import pytest

from eval.compare import compare_runs
from eval.gold import GoldSet
from eval.runs import Reading, Run, RunError, run_engine
from eval.synthetic import plain_notice, synthetic_gold
from extractor import Document

GOLD = synthetic_gold(random.Random(9), 12, findings=2, characters=600)
RECORDS = {gold.document.sha256: gold.record for gold in GOLD.documents}


def perfect(document: Document) -> Reading:
    return Reading(RECORDS[document.sha256])


def without_titles(document: Document) -> Reading:
    return Reading(RECORDS[document.sha256].model_copy(update={"title": None}))


def with_made_up_address(document: Document) -> Reading:
    record = RECORDS[document.sha256]
    contact = record.contact.model_copy(update={"postal_address": record.title})
    return Reading(record.model_copy(update={"contact": contact}))


BEST = run_engine("best", GOLD, reader=perfect)
WORSE = run_engine("worse", GOLD, reader=without_titles)


def test_what_changed_and_only_that_is_called_a_change() -> None:
    comparison = compare_runs(BEST, WORSE)
    verdicts = {change.name: change.verdict for change in comparison.changes}
    assert verdicts.pop("title") == "worse"
    overall = {verdicts.pop(name) for name in ("macro F1", "micro F1", "accuracy")}
    assert overall == {"worse"}
    assert set(verdicts.values()) == {"same"}
    assert (len(comparison.lost), comparison.gained) == (12, ())
    assert comparison.exact_p == pytest.approx(2 / 2**12)


def test_comparison_the_other_way_round_is_its_mirror_image() -> None:
    there, back = compare_runs(BEST, WORSE), compare_runs(WORSE, BEST)
    assert there.lost == back.gained
    for one, other in zip(there.changes, back.changes, strict=True):
        assert one.difference.change == -other.difference.change


def test_p_values_are_adjusted_over_the_fields() -> None:
    for change in compare_runs(BEST, WORSE).changes:
        assert change.adjusted_p >= change.difference.p or change.name in ("macro F1", "micro F1", "accuracy")


def test_values_made_up_for_an_empty_field_are_worse() -> None:
    made_up = run_engine("made up", GOLD, reader=with_made_up_address)
    (change,) = (each for each in compare_runs(BEST, made_up).changes if each.name == "contact.postal_address")
    assert (change.difference.before, change.difference.after, change.verdict) == (None, 0, "worse")


def other_gold() -> Run:
    documents = tuple(
        type(each)(each.name, each.split, each.guideline, each.document, plain_notice(each.document))
        for each in GOLD.documents
    )
    return run_engine("other gold", GoldSet(documents), reader=perfect)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (WORSE.model_copy(update={"scorer": "0"}), "different versions of the scorer"),
        (WORSE.model_copy(update={"documents": WORSE.documents[1:]}), "only one of them has synthetic00"),
        (
            WORSE.model_copy(
                update={"documents": (WORSE.documents[0].model_copy(update={"sha256": "0"}), *WORSE.documents[1:])}
            ),
            "different texts of synthetic00",
        ),
        (other_gold(), "gold annotations differ"),
    ],
)
def test_runs_that_were_not_scored_alike_are_refused(other: Run, message: str) -> None:
    with pytest.raises(RunError, match=message):
        compare_runs(BEST, other)

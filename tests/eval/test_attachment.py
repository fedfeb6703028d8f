"""Right values in the wrong place."""

from __future__ import annotations

from eval.attachment import moved_to_other_fields, moved_to_other_findings
from eval.outcomes import compare
from eval.sample import sample_notice
from extractor.records import Finding

DOCUMENT, GOLD = sample_notice()
STUDY, FEES, PIPES = GOLD.findings


def moves_of(*findings: Finding) -> tuple[list[str], list[str]]:
    comparison = compare(GOLD, GOLD.model_copy(update={"findings": findings}), DOCUMENT.text)
    found = moved_to_other_findings(comparison.outcomes, comparison.ink)
    slots = moved_to_other_fields(comparison.outcomes, comparison.ink)
    return [move.lost.field.name for move in found], [move.found.field.name for move in slots]


def test_value_on_another_finding() -> None:
    moved = PIPES.model_copy(update={"deadline": FEES.deadline})
    assert moves_of(STUDY, FEES.model_copy(update={"deadline": None}), moved) == (["findings.deadline"], [])


def test_value_that_is_there_too_is_not_lost() -> None:
    assert moves_of(STUDY, FEES, PIPES.model_copy(update={"deadline": FEES.deadline})) == ([], [])


def test_equal_value_read_elsewhere_is_another_value() -> None:
    assert FEES.deadline
    elsewhere = FEES.deadline.model_copy(update={"quote": GOLD.title})
    moved = PIPES.model_copy(update={"deadline": elsewhere})
    assert moves_of(STUDY, FEES.model_copy(update={"deadline": None}), moved) == ([], [])


def test_passage_in_another_field() -> None:
    swapped = FEES.model_copy(update={"remaining": FEES.follow_up, "follow_up": None})
    assert moves_of(STUDY, swapped, PIPES) == ([], ["findings.remaining"])


def test_each_value_is_found_once() -> None:
    lost = FEES.model_copy(update={"amounts": FEES.amounts[:1]})
    moved = PIPES.model_copy(update={"amounts": (FEES.amounts[1], FEES.amounts[1])})
    assert moves_of(STUDY, lost, moved)[0] == ["findings.amounts"]

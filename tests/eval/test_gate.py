"""The gate: any field that may have fallen by more than epsilon."""

from __future__ import annotations

import random

from eval.gate import regressions
from eval.runs import Reading, Run, run_engine
from eval.synthetic import synthetic_gold
from extractor import Document

GOLD = synthetic_gold(random.Random(11), 10, findings=2, characters=600)
RECORDS = {gold.document.sha256: gold.record for gold in GOLD.documents}


def run_without_titles(count: int) -> Run:
    """A run that finds everything but the titles of so many documents."""
    blind = {gold.document.sha256 for gold in GOLD.documents[:count]}

    def read(document: Document) -> Reading:
        record = RECORDS[document.sha256]
        return Reading(record.model_copy(update={"title": None}) if document.sha256 in blind else record)

    return run_engine("blind", GOLD, reader=read)


def names(run: Run, baseline: Run, epsilon: float) -> set[str]:
    return {change.name for change in regressions(run, baseline, epsilon)}


def test_same_run_passes_without_tolerance() -> None:
    assert names(run_without_titles(3), run_without_titles(3), 0) == set()


def test_improvement_passes() -> None:
    assert names(run_without_titles(1), run_without_titles(6), 0) == set()


def test_field_that_fell_is_named() -> None:
    found = names(run_without_titles(6), run_without_titles(1), 0.05)
    assert "title" in found
    assert "issuer" not in found


def test_it_is_the_lower_bound_that_counts() -> None:
    # one title of ten is lost: F1 falls to 18/19, but the bootstrap holds resamples that lose three of ten
    assert "title" in names(run_without_titles(1), run_without_titles(0), 0.1)
    assert names(run_without_titles(1), run_without_titles(0), 0.5) == set()

"""How far two annotators agree: one layer of the gold scored against the other, by the scorer that scores engines."""

from __future__ import annotations

from eval.gold import GoldSet
from eval.runs import Reading, Run, RunError, run_engine
from extractor import Document

ENOUGH = 0.9
"""Least F1 of a field; below, the guideline is not clear enough."""


def agreement(one: GoldSet, other: GoldSet, name: str = "other layer", split: str | None = None) -> Run:
    """Score one layer against another, over the documents that both have.

    F1 is the same whichever layer is taken for the gold.

    Args:
        one: the layer taken for the gold.
        other: the layer taken for the prediction.
        name: what the run calls the latter.
        split: the split that both were loaded with.

    Raises:
        RunError: they have no document in common.
    """
    records = {document.document.sha256: document.record for document in other.documents}

    def read(document: Document) -> Reading:
        return Reading(records[document.sha256])

    both = tuple(document for document in one.documents if document.document.sha256 in records)
    if not both:
        raise RunError("the two layers have no document in common")
    only = {document.name for document in (*one.documents, *other.documents)} - {document.name for document in both}
    return run_engine(name, GoldSet(both, tuple(sorted({*one.left_out, *other.left_out, *only}))), split, read)


def fields_to_mend(run: Run) -> list[str]:
    """Fields on which the annotators agree less than ``ENOUGH``."""
    total = run.total
    ratios = {name: counts.f1 for name, counts in total.tiers["normalized"].items()}
    return [name for name, ratio in ratios.items() if ratio is not None and ratio < ENOUGH]

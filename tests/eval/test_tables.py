"""Tables for a terminal."""

from __future__ import annotations

import io
import random

from rich.console import Console, RenderableType

from eval.compare import compare_runs
from eval.errors import classify
from eval.excerpts import Piece
from eval.outcomes import compare
from eval.runs import Reading, run_engine
from eval.sample import sample_notice
from eval.synthetic import synthetic_gold
from eval.tables import comparison_tables, error_text, run_tables
from extractor import Document
from extractor.errors import EngineError

GOLD = synthetic_gold(random.Random(41), 3)
RECORDS = {gold.document.sha256: gold.record for gold in GOLD.documents}


def shown(what: RenderableType) -> str:
    console = Console(width=200, file=io.StringIO())
    with console.capture() as capture:
        console.print(what)
    return capture.get()


def failing_once(document: Document) -> Reading:
    if document == GOLD.documents[0].document:
        raise EngineError("out of order")
    return Reading(RECORDS[document.sha256], cost=0.5, confidence={"title": 0.9})


def test_run_table_holds_the_counts_and_what_went_wrong() -> None:
    run = run_engine("failing", GOLD, reader=failing_once)
    text = shown(run_tables(run))
    row = next(line for line in text.splitlines() if line.startswith("│ title "))
    assert [cell.strip() for cell in row.split("│")[2:9]] == ["3", "2", "0", "1", "0", "1.000", "0.667"]
    assert "not parsed: synthetic00: EngineError: out of order" in text
    assert "cost 1.0000" in text
    assert "calibration over 2 values: Brier 0.010" in text
    assert "contact.phones" not in text


def test_comparison_table_names_documents_gained_and_lost() -> None:
    good = run_engine("good", GOLD, reader=lambda document: Reading(RECORDS[document.sha256]))
    text = shown(comparison_tables(compare_runs(run_engine("failing", GOLD, reader=failing_once), good)))
    assert "1 gained, 0 lost" in text
    assert "gained: synthetic00" in text


def test_error_shows_both_values_and_the_notice() -> None:
    document, gold = sample_notice()
    predicted = gold.model_copy(update={"issuer": gold.title})
    (error,) = classify(compare(gold, predicted, document.text))
    text = error_text("sample", error, [Piece("前\n", False, False), Piece("文", True, True)])
    assert text.plain.splitlines()[0] == "sample  wrong value  issuer"
    assert gold.issuer
    assert gold.title
    assert gold.issuer.text in text.plain
    assert gold.title.text in text.plain
    assert "前⏎文" in text.plain
    assert any(span.style for span in text.spans if text.plain[span.start : span.end] == "文")

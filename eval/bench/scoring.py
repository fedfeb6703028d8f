"""Time to evaluate 1,000 documents of 15,000 characters and 40 findings on one core."""

from __future__ import annotations

import random
import time

import click

from eval.errors import classify
from eval.outcomes import compare
from eval.scoring import Score, score
from eval.statistics import intervals
from eval.synthetic import spoil, synthetic_notice


@click.command("scoring")
@click.option("--documents", default=1000, show_default=True)
@click.option("--findings", default=40, show_default=True, help="Findings a document.")
@click.option("--characters", default=15_000, show_default=True, help="Characters a document, about.")
@click.option("--spoilt", default=0.3, show_default=True, help="Share of findings with an error.")
@click.option("--seed", default=1, show_default=True)
def main(documents: int, findings: int, characters: int, spoilt: float, seed: int) -> None:
    """Align, score and classify made-up records, then take intervals: everything of a run but the engine."""
    chance, scores, elapsed, errors = random.Random(seed), list[Score](), 0.0, 0
    for _ in range(documents):
        document, gold = synthetic_notice(chance, findings, characters)
        predicted = spoil(gold, chance, spoilt)
        start = time.process_time()
        comparison = compare(gold, predicted, document.text)
        scores.append(score(comparison))
        errors += len(classify(comparison))
        elapsed += time.process_time() - start
    start = time.process_time()
    accuracy = intervals(scores)["accuracy"]
    elapsed += time.process_time() - start
    click.echo(f"{documents} documents, {findings} findings and about {characters} characters each, {errors} errors")
    click.echo(f"accuracy {accuracy.value:.4f} ({accuracy.low:.4f} to {accuracy.high:.4f})")
    click.echo(f"{elapsed:.1f} s of one core, {1000 * elapsed / documents:.1f} ms a document")

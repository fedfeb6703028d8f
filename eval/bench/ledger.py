"""Time to write the ledger of 10,000 findings from records on disk, in each of its formats."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from pathlib import Path

import click

from eval.synthetic import synthetic_notice
from extractor.records import Notice
from extractor.sinks.ledger import SUFFIXES, write_ledger
from extractor.written import read_written


@click.command("ledger")
@click.option("--findings", default=10_000, show_default=True)
@click.option("--per-notice", default=40, show_default=True, help="Findings a notice.")
@click.option("--characters", default=15_000, show_default=True, help="Characters a notice, about.")
@click.option("--seed", default=1, show_default=True)
def main(findings: int, per_notice: int, characters: int, seed: int) -> None:
    """Read made-up records from JSON Lines and write them as a ledger, with and without masked names."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="ledger-") as name:
        folder = Path(name)
        source = folder / "records.jsonl"
        with source.open("w", encoding="utf-8") as file:
            for _ in range(max(findings // per_notice, 1)):
                file.write(synthetic_notice(chance, per_notice, characters)[1].model_dump_json() + "\n")
        click.echo(f"{source.stat().st_size / 1e6:.1f} MB of records")
        for suffix in SUFFIXES:
            for mask_names in (False, True):
                before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                start, processor = time.perf_counter(), time.process_time()
                out = folder / f"ledger{suffix}"
                records = (record for record in read_written([source]) if isinstance(record, Notice))
                counts = write_ledger(records, out, mask_names=mask_names)
                click.echo(
                    f"{suffix}{' masked' if mask_names else ''}: {counts.findings} findings in "
                    f"{time.perf_counter() - start:.1f} s ({time.process_time() - processor:.1f} s of one core), "
                    f"{out.stat().st_size / 1e6:.1f} MB, memory "
                    f"{(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:+.0f} MB"
                )

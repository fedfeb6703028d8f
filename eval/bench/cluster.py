"""Bulk runs on Ray against plain ones, on the cores of this machine, start-up left out."""

from __future__ import annotations

import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from eval.gold import load_gold

_CHILD = "import sys; from eval.bench.cluster import timed_run; timed_run(*sys.argv[1:])"


@click.command("cluster")
@click.option("--gold", default="gold", type=click.Path(path_type=Path), show_default=True, help="The gold folder.")
@click.option("--notices", default=10_000, show_default=True, help="Notices of each run.")
@click.option("--rounds", default=3, show_default=True, help="Runs of each kind, in turns.")
@click.option("--cores", default=2, show_default=True, help="Cores that each run may use.")
def main(gold: Path, notices: int, rounds: int, cores: int) -> None:
    """Run the rules over copies of the gold notices that differ in a line; each run is a process of its own."""
    texts = [document.document.text for document in load_gold(gold, None).documents]
    with tempfile.TemporaryDirectory(prefix="cluster-") as name:
        source = _write(Path(name) / "notices.parquet", texts, notices)
        rates = []
        for number in range(rounds):
            plain, ray = (_run(kind, source, Path(name) / f"{kind}-{number}", cores) for kind in ("plain", "ray"))
            click.echo(f"{notices} notices, {cores} cores: plain {plain:.1f}/s, Ray {ray:.1f}/s, {ray / plain:.2f}")
            rates.append((plain, ray))
    best_plain, best_ray = (max(each) for each in zip(*rates, strict=True))
    middle = statistics.median(ray / plain for plain, ray in rates)
    click.echo(
        f"Ray has {middle:.2f} of the plain run's throughput (median), {best_ray / best_plain:.2f} of best by best"
    )


def timed_run(kind: str, source: str, out: str, cores: str) -> None:
    """Run in this process and print notices a second, from the moment that every worker has begun."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(cores)])
    print((_plain if kind == "plain" else _on_ray)(source, Path(out), int(cores)))


def _plain(source: str, out: Path, cores: int) -> float:
    """From the first result to the last shard."""
    from extractor.jobs.bulk import bulk

    first, results = 0.0, 0
    for _ in bulk(source, out, workers=cores):
        first = first or time.perf_counter()
        results += 1
    return (results - 1) / (time.perf_counter() - first)


def _on_ray(source: str, out: Path, cores: int) -> float:
    """From the moment when as many parts are written as there are workers, to the last part."""
    import pyarrow.parquet as pq
    import ray

    from extractor.jobs.cluster import Workers, bulk_on_ray, hush

    hush()
    ray.init(
        address="local", num_cpus=cores, include_dashboard=False, logging_level=logging.WARNING, log_to_driver=False
    )
    bulk_on_ray(source, out, workers=Workers(cores))
    parts = sorted((path.stat().st_mtime, pq.read_metadata(path).num_rows) for path in (out / "notices").iterdir())
    if len(parts) <= cores:
        raise click.UsageError(f"{len(parts)} parts are too few to time; take more notices")
    return float(sum(rows for _, rows in parts[cores:]) / (parts[-1][0] - parts[cores - 1][0]))


def _write(path: Path, texts: list[str], notices: int) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    copies = [f"{texts[number % len(texts)]}\n编号{number:06}\n" for number in range(notices)]
    pq.write_table(pa.table({"text": copies}), path)
    return path


def _run(kind: str, source: Path, out: Path, cores: int) -> float:
    command = [sys.executable, "-c", _CHILD, kind, str(source), str(out), str(cores)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - ourselves
    return float(done.stdout.splitlines()[-1])

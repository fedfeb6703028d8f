"""The command ``zhenggai bulk cluster``."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from extractor.errors import UsageError, ZhenggaiError
from extractor.jobs.commands import ENDED_EARLY, INTERRUPTED, SOME_INPUT_FAILED

if TYPE_CHECKING:
    from extractor.jobs.bulk import Counts
    from extractor.jobs.store import Totals


@click.command("cluster")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--out", required=True, help="Folder of the output, or its URI, such as s3://bucket/folder.")
@click.option("--engine", default="rules", show_default=True, help="Who reads: rules (offline), llm, hybrid, auto.")
@click.option("--text-column", default="text", show_default=True, help="Column of the text.")
@click.option("--id-column", help="Column that names a row; the SHA-256 of its text does if not given.")
@click.option("--workers", type=click.IntRange(1), help="Actors.  [default: all CPUs; one that asks a model]")
@click.option("--cpus", type=click.FloatRange(0), help="CPUs set aside for each.  [default: all but one, shared out]")
@click.option("--time-limit", type=float, default=300, show_default=True, help="Seconds for one notice.")
@click.option("--max-failures", type=click.IntRange(0), help="Stop when more inputs than this have failed.")
@click.option("--retry-failed", is_flag=True, help="Try failed inputs again, where a retry may help.")
@click.option("--quiet", is_flag=True, help="Show neither progress nor the summary.")
def cluster_command(
    inputs: tuple[str, ...],
    *,
    workers: int | None,
    cpus: float | None,
    time_limit: float,
    quiet: bool,
    **options: Any,
) -> None:
    """Read the notices of INPUT into tables in --out on a Ray cluster, or on this machine where there is none.

    INPUT is a Parquet file, a folder of them, or a URI. A second run into the same folder reads only what is new.
    """
    from extractor.jobs.cluster import Workers, bulk_on_ray, cluster_status, hush

    team = Workers(workers, cpus, time_limit)
    try:
        if quiet:
            hush()
        counts = bulk_on_ray(inputs, workers=team, **options)
        totals = cluster_status(options["out"])
    except KeyboardInterrupt:
        click.echo("interrupted; the same command goes on", err=True)
        sys.exit(INTERRUPTED)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    except ZhenggaiError as error:
        raise click.ClickException(str(error)) from error
    if not quiet:
        _sum_up(totals, counts)
    if counts.stopped:
        sys.exit(ENDED_EARLY)
    if totals.failures:
        sys.exit(SOME_INPUT_FAILED)


def _sum_up(totals: Totals, counts: Counts) -> None:
    from extractor.jobs.progress import summary

    click.echo(summary(totals, replace(counts, stopped=None)))
    if counts.stopped:
        click.echo(f"stopped    {counts.stopped}; the same command goes on")

"""The commands ``zhenggai bulk``: run, status, resume."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from extractor.errors import UsageError, ZhenggaiError
from extractor.llm.commands import model_options, split_options

if TYPE_CHECKING:
    from extractor.jobs.bulk import BulkRun

SOME_INPUT_FAILED = 1
ENDED_EARLY = 3
INTERRUPTED = 130

_SETTINGS = ("model", "base_url", "api_key", "mode", "max_cost", "no_cache", "no_fallback", "concurrency")
_FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))


class _RunsByDefault(click.Group):
    """What follows ``bulk`` is the input of a run, unless it is the name of another command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group("bulk", cls=_RunsByDefault)
def bulk_commands() -> None:
    """Read very many notices into tables; killed, it goes on where it was.

    zhenggai bulk INPUT… --out DIR is short for zhenggai bulk run INPUT… --out DIR.
    """


def _limits(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that run and resume share."""
    for option in (
        click.option("--quiet", is_flag=True, help="Show neither progress nor the summary."),
        click.option("--retry-failed", is_flag=True, help="Try failed inputs again, where a retry may help."),
        click.option("--max-failures", type=click.IntRange(0), help="Stop when more inputs than this have failed."),
        click.option("--time-limit", type=float, default=300, show_default=True, help="Seconds for one notice."),
        click.option("--workers", type=click.IntRange(1), help="Processes of the rules.  [default: all cores]"),
        click.option(
            "--readers",
            type=click.IntRange(1),
            help="Processes that read web pages, Word files, PDF and pictures.  [default: as --workers, at most 8]",
        ),
        click.option(
            "--when-down",
            type=click.Choice(["pause", "fallback", "stop"]),
            default="pause",
            show_default=True,
            help="When the endpoint is down: wait for it, let the rules read meanwhile, or end the run.",
        ),
        click.option("--concurrency", type=click.IntRange(1), help="Calls to the model at the same time."),
        click.option(
            "--poll",
            type=click.FloatRange(0.1),
            help="Stay until the last batch is in, and look every so many seconds.",
        ),
    ):
        command = option(command)
    return command


@bulk_commands.command("run")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder of the output.")
@click.option(
    "--engine",
    default="rules",
    show_default=True,
    help="Who reads: rules (offline), llm (a model), hybrid (the rules, and a model where they are in doubt), "
    "auto (a model if one is configured, else the rules).",
)
@click.option("--text-column", default="text", show_default=True, help="Column of the text in tables.")
@click.option("--id-column", help="Column that names a row of a table; its number does if not given.")
@click.option(
    "--format",
    "formats",
    type=click.Choice(["parquet", "jsonl"]),
    multiple=True,
    default=("parquet",),
    show_default=True,
    help="Format of the tables; may be given twice.",
)
@click.option("--shard-size", type=click.IntRange(1), default=1000, show_default=True, help="Notices in a shard.")
@click.option("--batch", is_flag=True, help="Ask the model through the Batch API; resume collects.")
@click.option(
    "--batch-price", type=click.FloatRange(0), default=0.5, show_default=True, help="Share of the price in batches."
)
@click.option("--keep-text", is_flag=True, help="Keep the texts, as they were read, in the folder texts of --out.")
@model_options
@_limits
def run_command(  # noqa: PLR0913 - a parameter for each option that is used by its name
    inputs: tuple[str, ...],
    out: Path,
    engine: str,
    *,
    quiet: bool,
    poll: float | None,
    batch: bool,
    batch_price: float,
    **options: Any,
) -> None:
    """Read the notices of INPUT into tables in the folder --out.

    INPUT is a notice (text, web page, Word file, PDF, picture), a JSON Lines or Parquet file, a folder, a pattern in
    quotes, or a dataset saved to disk. A second run
    into the same folder reads only what is new or changed.
    """
    from extractor.jobs.bulk import Job, run_job
    from extractor.jobs.engines import EngineChoice

    limits = _limits_of(options)
    fallback, settings = split_options({name: options.pop(name) for name in _SETTINGS})
    job = Job(inputs=inputs, base=str(Path.cwd()), batch_price=batch_price if batch else None, **options)

    def run() -> BulkRun:
        return run_job(job, out, EngineChoice.of(engine, settings, fallback=fallback), limits)

    _carry_out(run, quiet=quiet, poll=poll)


@bulk_commands.command("resume")
@_FOLDER
@click.option("--api-key", help="The key of the model; rather set ZHENGGAI_API_KEY.")
@click.option("--max-cost", type=float, help="A new budget; else that of the run, anew.")
@_limits
def resume_command(folder: Path, *, quiet: bool, poll: float | None, **options: Any) -> None:
    """Do what is missing of the last run into DIR, and collect what a provider has done in batches.

    Model and endpoint are those of the run; its key is taken from the environment or the config file again.
    """
    from extractor.jobs.bulk import resume

    limits = _limits_of(options)
    _carry_out(lambda: resume(folder, limits, options), quiet=quiet, poll=poll)


@bulk_commands.command("status")
@_FOLDER
def status_command(folder: Path) -> None:
    """Say what DIR holds, also while a run writes to it."""
    from extractor.jobs.bulk import status
    from extractor.jobs.progress import summary

    try:
        click.echo(summary(status(folder)))
    except UsageError as error:
        raise click.UsageError(str(error)) from error


def _limits_of(options: dict[str, Any]) -> Any:
    from extractor.jobs.bulk import Limits

    names = ("workers", "readers", "max_failures", "retry_failed", "time_limit", "when_down")
    return Limits(**{name: options.pop(name) for name in names})


def _carry_out(begin: Callable[[], BulkRun], *, quiet: bool, poll: float | None) -> None:
    """Run to the end, showing how far it is; exit with 3 if that came early, with 1 if an input has no record."""
    try:
        run = begin()
        try:
            _drive(run, quiet=quiet)
            while poll and run.counts.waiting and not run.counts.stopped:
                time.sleep(poll)
                _drive(run, quiet=quiet)
        except KeyboardInterrupt:
            click.echo(f"interrupted; zhenggai bulk resume {run.folder} goes on", err=True)
            sys.exit(INTERRUPTED)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    except ZhenggaiError as error:
        raise click.ClickException(str(error)) from error
    if run.counts.stopped:
        sys.exit(ENDED_EARLY)
    if run.totals().failures:
        sys.exit(SOME_INPUT_FAILED)


def _drive(run: BulkRun, *, quiet: bool) -> None:
    from extractor.jobs.inputs import count_inputs
    from extractor.jobs.progress import shown_progress, summary

    if quiet:
        run.finish()
        return
    with shown_progress(count_inputs(run.job.inputs, Path(run.job.base))) as progress:
        run.watch, run.tell = progress, progress.say
        totals = run.finish()
    click.echo(summary(totals, run.counts))

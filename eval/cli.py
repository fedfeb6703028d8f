"""The command line of the evaluation: ``python -m eval``."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any, get_args

import click
from rich.console import Console

from eval.agreement import ENOUGH, agreement, fields_to_mend
from eval.bench import bench
from eval.comparators import Tier
from eval.compare import compare_runs
from eval.errors import Kind
from eval.fields import FIELD_NAMES
from eval.gate import EPSILON, ExitCode, regressions
from eval.gold import CORPUS_VARIABLE, Layer, load_gold
from eval.gold_commands import GOLD_COMMANDS, gold_options
from eval.report import MOST_ERRORS, errors_in_text, html_report
from eval.runs import RunError, load_run, run_engine, save_run
from eval.seams import seams_command
from eval.tables import comparison_tables, error_text, run_tables
from extractor.errors import ZhenggaiError
from extractor.gold_format import SchemaName, Split

_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


class _Commands(click.Group):
    """A group whose commands end with a code that says what went wrong; see :class:`ExitCode`."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except ZhenggaiError as error:
            click.echo(f"error: {error}", err=True)
            context.exit(ExitCode.INVALID_INPUT)
        except Exception:  # noqa: BLE001 - a gate must tell a crash from a verdict, whatever crashed
            click.echo(traceback.format_exc(), err=True)
            context.exit(ExitCode.CRASH)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Score engines against the gold annotations, compare runs, and guard against regressions.

    Exit codes: 0 all is well, 2 wrong usage, 3 regression, 4 invalid input, 5 crash.
    """


def _console() -> Console:
    """A terminal as wide as it is; elsewhere wide enough for the tables."""
    console = Console(highlight=False, soft_wrap=False)
    return console if console.is_terminal else Console(highlight=False, width=180)


@main.command("run")
@click.option("--engine", default="rules", show_default=True, help="The engine to run.")
@click.option(
    "--schema", type=click.Choice(get_args(SchemaName)), default="notice", show_default=True, help="The genre."
)
@click.option("--out", type=_FILE, help="The run file to write.")
@gold_options
def run_command(
    engine: str,
    schema: SchemaName,
    out: Path | None,
    gold: Path,
    corpus: Path | None,
    split: Split | None,
    layer: Layer,
) -> None:
    """Run an engine over the gold set and score it."""
    run = run_engine(engine, load_gold(gold, corpus, split, layer, schema), split)
    _console().print(run_tables(run))
    if out:
        save_run(run, out)


@main.command("compare")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@click.option(
    "--tier", type=click.Choice([tier.label for tier in Tier]), default=Tier.NORMALIZED.label, show_default=True
)
def compare_command(before: Path, after: Path, tier: str) -> None:
    """Say what changed from run BEFORE to run AFTER, and whether it is more than chance."""
    _console().print(comparison_tables(compare_runs(load_run(before), load_run(after), Tier[tier.upper()])))


@main.command("gate")
@click.argument("run", type=_FILE)
@click.option("--baseline", type=_FILE, required=True, help="The run that is good enough today.")
@click.option(
    "--epsilon", type=click.FloatRange(0, 1), default=EPSILON, show_default=True, help="Tolerated fall of F1."
)
def gate_command(run: Path, baseline: Path, epsilon: float) -> None:
    """Refuse RUN if any field may be worse than in the baseline."""
    worse = regressions(load_run(run), load_run(baseline), epsilon)
    for change in worse:
        each = change.difference
        click.echo(f"regression: {change.name}: {each.change:+.3f} (95% {each.low:+.3f} to {each.high:+.3f})")
    if worse:
        click.get_current_context().exit(ExitCode.REGRESSION)
    click.echo("no regression")


@main.command("report")
@click.argument("run", type=_FILE)
@click.option("--html", type=_FILE, required=True, help="The page to write.")
@click.option("--most-errors", type=click.IntRange(min=0), default=MOST_ERRORS, show_default=True)
@gold_options
def report_command(
    run: Path, html: Path, most_errors: int, gold: Path, corpus: Path | None, split: Split | None, layer: Layer
) -> None:
    """Write RUN as one HTML page: scores with intervals, the status matrix, each error in the notice."""
    loaded = load_run(run)
    gold_set = load_gold(gold, corpus, split or _split_of(loaded.split), layer, loaded.record_schema)
    page = html_report(loaded, gold_set, most_errors)
    try:
        html.write_text(page, encoding="utf-8")
    except OSError as error:
        raise RunError(f"{html}: cannot be written: {error.strerror or error}") from error


@main.command("errors")
@click.argument("run", type=_FILE)
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Only this kind.")
@click.option("--field", type=click.Choice(["findings", *FIELD_NAMES]), help="Only this field.")
@click.option("--document", help="Only this document.")
@gold_options
def errors_command(
    run: Path,
    kind: str | None,
    field: str | None,
    document: str | None,
    gold: Path,
    corpus: Path | None,
    split: Split | None,
    layer: Layer,
) -> None:
    """Show each error of RUN with both quotes in the notice."""
    loaded, console = load_run(run), _console()
    gold_set = load_gold(gold, corpus, split or _split_of(loaded.split), layer, loaded.record_schema)
    for shown in errors_in_text(loaded, gold_set):
        wanted = ((kind, shown.error.kind.value), (field, shown.error.field), (document, shown.document))
        if all(asked is None or asked == own for asked, own in wanted):
            console.print(error_text(shown.document, shown.error, shown.pieces))


@main.command("agreement")
@click.option("--gold", default="gold", type=_FOLDER, show_default=True, help="The gold folder.")
@click.option("--corpus", type=_FOLDER, envvar=CORPUS_VARIABLE, help="Folder of the texts that do not ship.")
@click.option("--split", type=click.Choice(get_args(Split)), help="Only this split.")
@click.option(
    "--between", nargs=2, type=click.Choice(get_args(Layer)), default=("a", "b"), show_default=True, help="The layers."
)
@click.option("--out", type=_FILE, help="The run file to write.")
def agreement_command(
    gold: Path, corpus: Path | None, split: Split | None, between: tuple[Layer, Layer], out: Path | None
) -> None:
    """Score one layer of annotations against another: the human ceiling of each field."""
    one, other = (load_gold(gold, corpus, split, layer) for layer in between)
    run = agreement(one, other, f"layer {between[1]} against layer {between[0]}", split)
    _console().print(run_tables(run))
    for name in fields_to_mend(run):
        click.echo(f"agreement below {ENOUGH}: {name}")
    if out:
        save_run(run, out)


def _split_of(name: str | None) -> Split | None:
    return next((split for split in get_args(Split) if split == name), None)


for _command in (*GOLD_COMMANDS, bench, seams_command):
    main.add_command(_command)

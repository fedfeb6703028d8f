"""The command zhenggai: parse, call, print."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click
from pydantic import BaseModel

from extractor._version import __version__
from extractor.assembly import extraction_schema
from extractor.commands import SOME_INPUT_FAILED, ledger_command
from extractor.document import Document
from extractor.errors import InputError, UsageError, ZhenggaiError
from extractor.extraction import ENGINES, Engine, as_document, engine_named, extract, model_engine
from extractor.jobs.cluster_commands import cluster_command
from extractor.jobs.commands import bulk_commands
from extractor.llm.commands import (
    cache_group,
    dry_run,
    model_options,
    plan_line,
    prompt_group,
    schema_named,
    split_options,
)
from extractor.llm.configured import is_configured
from extractor.overview_commands import overview_command
from extractor.readers.kinds import SUFFIXES, in_saved_page
from extractor.records import Extraction, Finding, Notice
from extractor.review_commands import review_command
from extractor.texts import TextFolder

_INPUT = click.argument("inputs", nargs=-1, required=True, metavar="FILE|DIR|-...")
_ENGINE = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="auto",
    show_default=True,
    help="Who reads: rules (offline), llm (a model), hybrid (the rules, and a model where they are in doubt), "
    "auto (a model if one is configured, else the rules).",
)
_SCHEMA = click.option(
    "--schema", "schema_name", default="notice", show_default=True, help="What to read: notice, audit, or module:Class."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="zhenggai")
def main() -> None:
    """Turn rectification notices (巡视/巡察整改情况通报) into validated, grounded records.

    Exit codes: 0 all went well, 1 some input failed, 2 wrong use, 3 a bulk run ended before its end.
    """


main.add_command(prompt_group)
main.add_command(cache_group)
bulk_commands.add_command(cluster_command)
main.add_command(bulk_commands)
main.add_command(ledger_command)
main.add_command(review_command)
main.add_command(overview_command)


@main.command("extract")
@_INPUT
@_ENGINE
@_SCHEMA
@model_options
@click.option("--dry-run", is_flag=True, help="Say what a model would be sent, and what it would cost; send nothing.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["json", "jsonl", "table"]),
    default="json",
    show_default=True,
    help="json: one object, or a list for several inputs; jsonl: one line a notice; table: one line a finding.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead of the screen."
)
@click.option(
    "--keep-text",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep each text, as it was read, in this folder; its name is the sha256 of the record's source.",
)
@click.option("--fields", help="Only these fields of the record, by name, parted by commas: title,findings,issued_on")
def extract_command(
    inputs: Sequence[str],
    engine: str,
    schema_name: str,
    dry_run: bool,
    format_: str,
    out: Path | None,
    keep_text: Path | None,
    fields: str | None,
    **settings: Any,
) -> None:
    """Read notices and print their records.

    FILE is a text, a web page, a Word file, a PDF or a picture, DIR a folder of them, - the standard input.
    """
    run = _Run(inputs, engine, schema_name, settings, TextFolder(keep_text) if keep_text else None)
    names = _field_names(fields, run.schema)
    if dry_run:
        run.plan()
        return
    if format_ == "table" and run.schema is not Notice:
        raise click.UsageError("--format table is for notices; use json or jsonl")
    with _output(out) as stream:
        if format_ == "table":
            _print_table(run.notices(), stream)
        elif format_ == "jsonl":
            for record in run.records():
                print(json.dumps(_content(record, names), ensure_ascii=False), file=stream)
        else:
            contents = [_content(record, names) for record in run.records()]
            shown = contents if run.several else contents[0] if contents else None
            if shown is not None:
                print(json.dumps(shown, ensure_ascii=False, indent=2), file=stream)
    run.finish()


@main.command("check")
@_INPUT
@_ENGINE
@model_options
def check_command(inputs: Sequence[str], engine: str, **settings: Any) -> None:
    """Read notices and list what is suspicious in their records, a line each."""
    run = _Run(inputs, engine, "notice", settings)
    for record in run.notices():
        for issue in record.issues:
            places = ",".join(f"{start}-{end}" for start, end in issue.spans)
            finding = (
                ""
                if issue.finding is None
                else f" [{'/'.join(record.findings[issue.finding].path) or issue.finding + 1}]"
            )
            print(f"{record.source.name}{':' + places if places else ''}: {issue.kind}{finding}: {issue.message}")
        if not record.issues:
            print(f"{record.source.name}: nothing suspicious")
    run.finish()


@main.command("schema")
@_SCHEMA
def schema_command(schema_name: str) -> None:
    """Print the JSON Schema of a record."""
    with _wrong_use():
        print(
            json.dumps(extraction_schema(schema_named(schema_name)).model_json_schema(), ensure_ascii=False, indent=2)
        )


class _Run:
    """One pass over the inputs: yields records, says on standard error which inputs failed, and counts them."""

    def __init__(
        self,
        inputs: Sequence[str],
        engine: str,
        schema_name: str,
        settings: dict[str, Any],
        texts: TextFolder | None = None,
    ) -> None:
        with _wrong_use():
            self.schema = schema_named(schema_name)
            self._engine = _engine(engine, *split_options(settings))
        self._inputs = inputs
        self._texts = texts
        self._failed = 0
        self.several = len(inputs) > 1 or Path(inputs[0]).is_dir()

    def records(self) -> Iterator[Extraction]:
        for source in self._documents():
            try:
                if self._texts:
                    self._texts.keep(source)
                record = extract(source, schema=self.schema, engine=self._engine)
            except ZhenggaiError as error:
                self._fail(error)
            else:
                assert isinstance(record, Extraction), "extract returns what has a source and issues"
                yield record

    def notices(self) -> Iterator[Notice]:
        return (record for record in self.records() if isinstance(record, Notice))

    def plan(self) -> None:
        """Say what a model would be sent for each input, and in all."""
        engine: Any = getattr(self._engine, "llm", self._engine)
        if not hasattr(engine, "plan"):
            raise click.UsageError("--dry-run is about a model: choose --engine llm or hybrid, and name a --model")
        costs: list[float | None] = []
        for source in self._documents():
            try:
                plan = dry_run(engine, source, self.schema)
            except ZhenggaiError as error:
                self._fail(error)
                continue
            costs.append(plan.cost)
            print(plan_line(source.name, plan))
        known = [cost for cost in costs if cost is not None]
        if costs and len(known) == len(costs):
            print(f"in all: {sum(known):.4f}")
        self.finish()

    def _documents(self) -> Iterator[Document]:
        for name in self._inputs:
            for source in self._sources(name):
                try:
                    yield source() if callable(source) else as_document(source)
                except ZhenggaiError as error:
                    self._fail(error)

    def _sources(self, name: str) -> Iterator[Any]:
        if name == "-":
            yield _read_standard_input
        elif Path(name).is_dir():
            paths = sorted(
                path
                for path in Path(name).rglob("*")
                if path.suffix.lower() in SUFFIXES and path.is_file() and not in_saved_page(path)
            )
            if not paths:
                self._fail(InputError(f"{name}: holds no {', '.join(SUFFIXES)} file"))
            yield from paths
        else:
            yield Path(name)

    def _fail(self, error: ZhenggaiError) -> None:
        self._failed += 1
        click.echo(f"zhenggai: {error}", err=True)

    def finish(self) -> None:
        """Exit with the code for failed inputs, if any did."""
        if self._failed:
            sys.exit(SOME_INPUT_FAILED)


def _engine(name: str, fallback: bool, settings: dict[str, Any]) -> Engine:
    """The engine, with the settings of the command line over those of the environment and the config file."""
    if name == "auto":
        name = "llm" if settings.get("model") or is_configured() else "rules"
    if name != "rules":
        return model_engine(name, fallback=fallback, **settings)
    if settings:
        given = ", ".join(f"--{option.replace('_', '-')}" for option in settings)
        raise UsageError(f"{given}: the rules ask no model; choose --engine llm or hybrid, and name a --model")
    return engine_named(name)


@contextmanager
def _wrong_use() -> Iterator[None]:
    """Errors in how a command is used end it with the exit code for that."""
    try:
        yield
    except UsageError as error:
        raise click.UsageError(str(error)) from error


def _read_standard_input() -> Document:
    if sys.stdin is None:
        raise InputError("-: standard input is closed")
    return Document.from_bytes(sys.stdin.buffer.read(), "stdin")


def _field_names(fields: str | None, schema: type[BaseModel]) -> list[str] | None:
    if fields is None:
        return None
    names = [name.strip() for name in fields.split(",") if name.strip()]
    known_fields = extraction_schema(schema).model_fields
    unknown = [name for name in names if name not in known_fields]
    if unknown or not names:
        known = ", ".join(known_fields)
        raise click.UsageError(f"--fields: a record has no {', '.join(unknown) or 'such field'}; there are: {known}")
    return names


def _content(record: Extraction, names: list[str] | None) -> dict[str, Any]:
    return record.model_dump(mode="json", include=set(names) if names else None)


@contextmanager
def _output(out: Path | None) -> Iterator[IO[str]]:
    if out is None:
        # records are Chinese, whatever the terminal's language says
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        stream: IO[str] = sys.stdout
    else:
        try:
            stream = out.open("w", encoding="utf-8")
        except OSError as error:
            raise click.UsageError(f"--out: {out} cannot be written: {error.strerror}") from error
    try:
        yield stream
        stream.flush()
    except OSError as error:
        raise click.ClickException(f"{out or 'the output'} cannot be written: {error.strerror}") from error
    finally:
        if out is not None:
            stream.close()


def _print_table(records: Iterator[Notice], stream: IO[str]) -> None:
    """One line a finding; rich knows how wide Chinese characters are."""
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=stream)
    for record in records:
        rows = [_row(finding) for finding in record.findings]
        title = Text(record.title.text if record.title else record.source.name)
        table = Table(title=title, title_justify="left", expand=True)
        for number, column in enumerate(("no.", "statement", "status", "deadline", "measures")):
            width = None if column == "statement" else max([cell_len(column), *(cell_len(row[number]) for row in rows)])
            table.add_column(column, no_wrap=True, width=width, ratio=1 if width is None else None)
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)


def _row(finding: Finding) -> tuple[str, ...]:
    return (
        "/".join(finding.path),
        finding.statement.text if finding.statement else "",
        finding.status.value.value,
        finding.deadline.value if finding.deadline else "",
        str(len(finding.measures)),
    )

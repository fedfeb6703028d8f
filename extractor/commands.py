"""The commands that show records which were written before."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from extractor.errors import UsageError, ZhenggaiError
from extractor.records import Notice

SOME_INPUT_FAILED = 1

records_argument = click.argument("records", nargs=-1, required=True, metavar="RECORDS...")
mask_names_option = click.option(
    "--mask-names", is_flag=True, help="Shorten the names of persons held to account: 王小明 becomes 王某."
)


@click.command("ledger")
@records_argument
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write: .xlsx, .csv or .parquet.",
)
@mask_names_option
def ledger_command(records: Sequence[str], out: Path, *, mask_names: bool) -> None:
    """Write the ledger (台账) of findings: one row a finding over all notices.

    RECORDS are files of JSON or JSON Lines as zhenggai extract writes them, output folders of zhenggai bulk, or - for
    the standard input.
    """
    from extractor.sinks.ledger import write_ledger

    read = WrittenRecords(records)
    try:
        counts = write_ledger(read, out, mask_names=mask_names)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"--out: {out} cannot be written: {error.strerror or error}") from error
    click.echo(f"{out}: {counts.findings} findings of {counts.notices} notices")
    if counts.cut:
        click.echo(f"zhenggai: {counts.cut} cells are too long for Excel and were cut; .csv has them whole", err=True)
    if read.failed:
        sys.exit(SOME_INPUT_FAILED)


class WrittenRecords:
    """The records of the sources, once; says on standard error what is no record, and what there is twice.

    Attributes:
        failed: how many were no record, so far.
    """

    def __init__(self, sources: Sequence[str]) -> None:
        self.failed = 0
        self._sources = sources

    def __iter__(self) -> Iterator[Notice]:
        from extractor.written import read_written

        known: set[str] = set()
        for record in read_written(self._sources):
            if isinstance(record, ZhenggaiError):
                self.failed += 1
                click.echo(f"zhenggai: {record}", err=True)
                continue
            if record.source.sha256 in known:
                click.echo(f"zhenggai: {record.source.name}: there are several records of this text", err=True)
            known.add(record.source.sha256)
            yield record

"""The command that makes an overview of records which were written before."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from extractor.commands import SOME_INPUT_FAILED, WrittenRecords, mask_names_option, records_argument


@click.command("overview")
@records_argument
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The HTML file to write.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day that deadlines are compared with: one before it is overdue unless the finding is completed. "
    "Default: today.",
)
@mask_names_option
def overview_command(records: Sequence[str], out: Path, *, as_of: datetime | None, mask_names: bool) -> None:
    """Draw an overview (总览) over many notices, as one HTML page that needs no network.

    Completion by focus, organisation and inspection, deadlines ahead and overdue, money made good, accountability,
    and the documents cited most: pictures, each with its table. RECORDS are as for zhenggai ledger; of several records
    of one text the first counts.
    """
    from extractor.sinks.overview.page import write_overview
    from extractor.sinks.overview.tables import tabulate

    read = WrittenRecords(records)
    tables = tabulate(read, as_of.date() if as_of else None, mask_names=mask_names)
    try:
        write_overview(tables, out, unreadable=read.failed)
    except OSError as error:
        raise click.UsageError(f"--out: {out} cannot be written: {error.strerror or error}") from error
    click.echo(f"{out}: {tables.findings} findings of {tables.notices} notices")
    if read.failed:
        sys.exit(SOME_INPUT_FAILED)

"""The command ``zhenggai review``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extractor.commands import SOME_INPUT_FAILED, mask_names_option, records_argument
from extractor.errors import InputError

if TYPE_CHECKING:
    from extractor.sinks.review_data import ReviewedNotice


@click.command("review")
@records_argument
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="The HTML file to write.")
@click.option("--serve", is_flag=True, help="Serve the page on 127.0.0.1 instead, and save annotations from it.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of --serve.  [default: any that is free]")
@click.option(
    "--save-to",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("annotations"),
    show_default=True,
    help="Folder that --serve saves annotations in.",
)
@click.option(
    "--texts",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE|DIR",
    help="Where the texts of the records are, if not beside them; several times for several places.",
)
@mask_names_option
def review_command(  # noqa: PLR0913 - one parameter for each option
    records: Sequence[str],
    *,
    out: Path | None,
    serve: bool,
    port: int,
    save_to: Path,
    texts: Sequence[Path],
    mask_names: bool,
) -> None:
    """Show notices beside their records, to look through and to correct.

    RECORDS are files of JSON or JSON Lines as zhenggai extract writes them, output folders of zhenggai bulk, gold
    annotations or folders of them, or - for the standard input. Several records of one notice are compared. With names
    masked nothing can be corrected.
    """
    if serve == (out is not None):
        raise click.UsageError("give either --out FILE or --serve")
    from extractor.review_inputs import Texts, reviewed_notices
    from extractor.sinks.review import write_review

    reported: list[str] = []

    def report(message: str) -> None:
        reported.append(message)
        click.echo(f"zhenggai: {message}", err=True)

    try:
        notices = list(reviewed_notices(records, Texts(texts), report))
    except InputError as error:
        raise click.UsageError(f"--texts: {error}") from error
    if not notices:
        raise click.UsageError("there is no record to review")
    if out is None:
        _serve(notices, save_to, port, mask_names=mask_names)
        return
    try:
        write_review(notices, out, mask_names=mask_names)
    except OSError as error:
        raise click.UsageError(f"--out: {out} cannot be written: {error.strerror or error}") from error
    findings = sum(len(notice.records[0].record.findings) for notice in notices)
    click.echo(f"{out}: {findings} findings of {len(notices)} notices")
    if reported:
        sys.exit(SOME_INPUT_FAILED)


def _serve(notices: Sequence[ReviewedNotice], folder: Path, port: int, *, mask_names: bool) -> None:
    from extractor.review_server import ReviewServer

    try:
        server = ReviewServer(notices, folder, port=port, mask_names=mask_names)
    except OSError as error:
        raise click.UsageError(f"--port: {port} cannot be used: {error.strerror or error}") from error
    with server:
        click.echo(f"{server.address}  (Ctrl+C ends)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("ended")

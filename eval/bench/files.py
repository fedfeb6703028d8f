"""Web pages read ahead of a bulk run: by one process, by all that a run would start, and in the process itself.

The pages are the gold notices as sites publish them, over and over. In each round every way reads all of them, the
order turned round from one to the next; the clock runs from the first tenth of the pages on, when all processes have
started.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import click

from eval.gold import load_gold
from eval.rendering import Kind, missing_tools, render
from extractor import Document
from extractor.jobs.inputs import FileReading, read_inputs, readers_for


@click.command("files")
@click.option("--gold", default="gold", type=click.Path(path_type=Path), show_default=True, help="The gold folder.")
@click.option("--pages", default=500, type=click.IntRange(20), show_default=True, help="Pages that are read.")
@click.option("--rounds", default=5, type=click.IntRange(1), show_default=True)
@click.option("--readers", type=click.IntRange(1), help="Processes.  [default: as many as bulk starts]")
def main(gold: Path, pages: int, rounds: int, readers: int | None) -> None:
    """Read web pages with one process and with all, in turns, and compare the medians."""
    if commands := missing_tools(Kind.HTML):
        raise click.ClickException(f"needs {' and '.join(commands)}")
    count = readers or readers_for(None)
    with tempfile.TemporaryDirectory(prefix="pages-") as name:
        folder = _write(Path(name), gold, pages)
        rates = [_round(folder, count, turned=bool(number % 2)) for number in range(rounds)]
    here, one, all_of_them = (median(rates_of) for rates_of in zip(*rates, strict=True))
    click.echo(f"{pages} web pages, medians of {rounds} rounds, pages a second:")
    click.echo(f"in the process itself {here:.1f}, one process {one:.1f}, {count} processes {all_of_them:.1f}")
    click.echo(f"{count} processes are {median(rate[2] / rate[1] for rate in rates):.2f} times as fast as one")
    click.echo(f"one process is {median(rate[1] / rate[0] for rate in rates):.2f} times as fast as the process itself")


def _write(folder: Path, gold: Path, pages: int) -> Path:
    rendered = render(Kind.HTML, load_gold(gold, None).documents, folder / "rendered")
    contents = [each.path.read_bytes() for each in rendered]
    copies = folder / "pages"
    copies.mkdir()
    for number, content in enumerate(islice(cycle(contents), pages)):
        (copies / f"{number:06}.html").write_bytes(content)
    return copies


def _round(folder: Path, count: int, *, turned: bool) -> tuple[float, float, float]:
    """Pages a second in this process, with one process and with all."""
    rates = {way: _rate(_read(folder, way)) for way in ((count, 1, 0) if turned else (0, 1, count))}
    return rates[0], rates[1], rates[count]


def _read(folder: Path, processes: int) -> Iterator[object]:
    if processes:
        return read_inputs([str(folder)], files=FileReading(processes))
    return (Document.from_path(path) for path in sorted(folder.iterdir()))


def _rate(pages: Iterable[object]) -> float:
    """Pages a second, but for the first tenth."""
    times = [time.perf_counter() for _ in pages]
    first = len(times) // 10
    return (len(times) - 1 - first) / (times[-1] - times[first])

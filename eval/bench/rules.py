"""Speed of the rules: records a second on one core, growth with length, start of the command."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from eval.gold import CORPUS_VARIABLE, load_gold
from extractor import Document, extract


@click.command("rules")
@click.option("--gold", default="gold", type=click.Path(path_type=Path), show_default=True, help="The gold folder.")
@click.option("--corpus", type=click.Path(path_type=Path), envvar=CORPUS_VARIABLE, help="Texts that do not ship.")
@click.option("--rounds", default=10, show_default=True, help="The best of so many rounds counts.")
@click.option("--times", default=100, show_default=True, help="How much longer the long text is.")
def main(gold: Path, corpus: Path | None, rounds: int, times: int) -> None:
    """Time whole extractions, text to checked record, against word segmentation with jieba in the same run."""
    documents = [document.document for document in load_gold(gold, corpus, "real" if corpus else None).documents]
    characters = statistics.mean(len(document.text) for document in documents)
    whole = _best(documents, lambda document: extract(Document(document.text)), rounds)
    click.echo(f"{len(documents)} notices of {characters:.0f} characters on average, best of {rounds}")
    for document in documents if corpus else ():
        spent = _best([document], lambda document: extract(Document(document.text)), rounds)
        click.echo(f"  {document.name}: {len(document.text)} characters, {1000 * spent:.1f} ms")
    click.echo(f"extraction: {1000 * whole:.1f} ms a notice, {1 / whole:.0f} notices a second of one core")
    _against_jieba(documents, whole, rounds)
    _growth(documents, times)
    _start(documents[0])


def _best(documents: Sequence[Document], work: Callable[[Document], object], rounds: int) -> float:
    """Seconds a document: the best round of each, averaged, for machines that others use too."""
    for document in documents:
        work(document)
    return statistics.mean(min(_time(work, document) for _ in range(rounds)) for document in documents)


def _time(work: Callable[[Document], object], document: Document) -> float:
    start = time.process_time()
    work(document)
    return time.process_time() - start


def _against_jieba(documents: Sequence[Document], whole: float, rounds: int) -> None:
    try:
        import jieba
    except ImportError:
        click.echo("jieba is not installed: pip install jieba, to compare")
        return
    cutting = _best(documents, lambda document: list(jieba.cut(document.text)), rounds)
    click.echo(f"cutting the same texts into words with jieba: {1000 * cutting:.1f} ms, ratio {whole / cutting:.2f}")


def _growth(documents: Sequence[Document], times: int) -> None:
    shortest = min(documents, key=lambda document: len(document.text))
    once = min(_time(lambda document: extract(Document(document.text)), shortest) for _ in range(3))
    many = _time(extract, Document("\n".join([shortest.text] * times)))
    click.echo(f"{times} times the text takes {many / once:.0f} times as long")


def _start(document: Document) -> None:
    command = [sys.executable, "-m", "extractor", "extract", "-"]
    spent = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(command, input=document.text.encode(), capture_output=True, check=True)  # noqa: S603 - ourselves
        spent.append(time.perf_counter() - start)
    click.echo(
        f"zhenggai extract, start to end: {min(spent):.2f} s at best, {statistics.median(spent):.2f} s in the middle"
    )

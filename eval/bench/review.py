"""How fast the review page of the longest notice loads and responds in headless Chromium."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from eval.gold import CORPUS_VARIABLE, load_gold
from extractor import Document, extract
from extractor.errors import InputError
from extractor.records import Notice
from extractor.sinks.review import write_review
from extractor.sinks.review_data import ReviewedNotice, ReviewedRecord

# milliseconds from a press of a key, or a click, until the frame behind it was drawn
_MEASURE = """([kind, value]) => new Promise((done) => {
  const start = performance.now();
  if (kind === "key") document.body.dispatchEvent(new KeyboardEvent("keydown", { key: value, bubbles: true }));
  else if (kind === "click") document.querySelector(value).click();
  else {
    const input = document.querySelector("#filters input");
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""
_LOADED = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))"""


@click.command("review")
@click.option("--corpus", type=click.Path(path_type=Path), envvar=CORPUS_VARIABLE, help="Texts that do not ship.")
@click.option("--gold", default="gold", type=click.Path(path_type=Path), show_default=True, help="The gold folder.")
@click.option("--notice", type=click.Path(exists=True, path_type=Path), help="This notice instead of the longest.")
@click.option("--times", default=1, show_default=True, help="How often its text is repeated, for longer ones.")
@click.option("--rounds", default=7, show_default=True, help="Measured so many times; medians are printed.")
def main(corpus: Path | None, gold: Path, notice: Path | None, times: int, rounds: int) -> None:
    """Write the page of one notice and time it: loading, the next finding, a click, a filter, a correction."""
    document = Document.from_path(notice) if notice else _longest(corpus, gold)
    document = Document(document.text * times, name=document.name)
    record = extract(document, engine="rules")
    assert isinstance(record, Notice)
    reviewed = ReviewedNotice(document.name, document.sha256, (ReviewedRecord(record, "rules"),), document)
    with tempfile.TemporaryDirectory(prefix="review-") as name:
        path = Path(name) / "review.html"
        write_review([reviewed], path)
        size = path.stat().st_size / 1e6
        click.echo(f"{len(document.text)} characters, {len(record.findings)} findings, page of {size:.2f} MB")
        for what, spent in _timed(path, rounds).items():
            click.echo(
                f"{what}: {statistics.median(spent):.0f} ms in the middle of {rounds}, {max(spent):.0f} at worst"
            )


def _longest(corpus: Path | None, gold: Path) -> Document:
    documents = [each.document for each in load_gold(gold).documents]
    for path in corpus.iterdir() if corpus else ():
        try:
            documents.append(Document.from_path(path))
        except InputError:
            continue
    return max(documents, key=lambda document: len(document.text))


def _timed(path: Path, rounds: int) -> dict[str, list[float]]:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise click.UsageError("no Chromium on this machine (Debian package: chromium)")
    spent: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for _ in range(rounds):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(path.as_uri())
            for what, measure in _steps(page).items():
                spent.setdefault(what, []).append(measure())
            page.close()
        browser.close()
    return spent


def _steps(page: Any) -> dict[str, Callable[[], float]]:
    def does(kind: str, value: str) -> Callable[[], float]:
        return lambda: float(page.evaluate(_MEASURE, [kind, value]))

    return {
        "loaded and drawn": lambda: float(page.evaluate(_LOADED)),
        "next finding": does("key", "j"),
        "the one after": does("key", "j"),
        "click on a mark": does("click", "#text .k-statement"),
        "filter by words": does("words", "整改"),
        "corrections on": does("key", "e"),
        "next finding as a form": does("key", "j"),
        "finding deleted": does("click", ".tools .danger"),
    }

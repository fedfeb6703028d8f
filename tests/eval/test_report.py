"""The report: one page without network that shows every error in the notice."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eval.gold import GoldSet
from eval.report import errors_in_text, html_report
from eval.runs import Reading, Run, run_engine
from eval.synthetic import spoil, synthetic_gold
from extractor import Document

if TYPE_CHECKING:
    from playwright.sync_api import Page

GOLD = synthetic_gold(random.Random(21), 6)
RECORDS = {gold.document.sha256: gold.record for gold in GOLD.documents}


def read_spoilt(document: Document) -> Reading:
    return Reading(spoil(RECORDS[document.sha256], random.Random(document.sha256), 0.8))


@pytest.fixture(scope="module")
def run() -> Run:
    return run_engine("spoiling <b>&", GOLD, reader=read_spoilt)


@pytest.fixture(scope="module")
def page_text(run: Run) -> str:
    return html_report(run, GOLD)


def test_every_error_is_shown_with_its_quotes_marked(run: Run, page_text: str) -> None:
    errors = errors_in_text(run, GOLD)
    assert len(errors) == sum(run.errors.values()) > 5
    assert page_text.count('<div class="error"') == len(errors)
    for shown in errors:
        for piece in shown.pieces:
            assert piece.text in unescape(page_text)


def test_page_needs_nothing_from_elsewhere(page_text: str) -> None:
    assert not re.search(r"""(?:src|href|action)\s*=|url\(|@import|<script|https?://""", page_text)
    assert "default-src 'none'" in page_text


def test_what_comes_from_outside_is_escaped(page_text: str) -> None:
    assert "spoiling &lt;b&gt;&amp;" in page_text
    assert "<b>" not in page_text


def test_notice_that_holds_markup_is_escaped() -> None:
    first = GOLD.documents[0]
    text = first.document.text + "\n<script>alert(1)</script>"
    document = replace(first.document, text=text)
    quote = first.record.title
    assert quote
    end = quote.model_copy(update={"text": "<script>alert(1)</script>", "spans": ((len(text) - 25, len(text)),)})
    gold = GoldSet((replace(first, document=document, record=first.record.model_copy(update={"issuer": end})),))
    page = html_report(run_engine("none", gold, reader=lambda _: Reading(first.record)), gold)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_errors_beyond_the_limit_are_counted(run: Run) -> None:
    page = html_report(run, GOLD, most_errors=2)
    assert page.count('<div class="error"') == 2
    assert f"{sum(run.errors.values()) - 2} further errors are not shown" in page


@pytest.fixture(scope="module")
def browser_page(page_text: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine (Debian package: chromium)")
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page_text, encoding="utf-8")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: problems.append(request.url) if request.url != path.as_uri() else None)
        page.goto(path.as_uri())
        yield page
        browser.close()
        assert problems == []


def test_browser_draws_the_scores_with_their_intervals(browser_page: Page, run: Run) -> None:
    scores = browser_page.locator("svg .score")
    assert scores.count() == len(run.total.tiers["normalized"]) + 4
    for place in range(scores.count()):
        line, circle = (scores.nth(place).locator(shape).bounding_box() for shape in ("line", "circle"))
        assert line
        assert circle
        middle = circle["x"] + circle["width"] / 2
        assert line["x"] - 1 <= middle <= line["x"] + line["width"] + 1


def test_browser_shows_the_status_matrix(browser_page: Page, run: Run) -> None:
    cells = browser_page.locator(".matrix td")
    numbers = [int(text) for text in cells.all_inner_texts() if text]
    assert sum(numbers) == sum(sum(row.values()) for row in run.total.status.values())


def test_browser_filters_errors_by_kind(browser_page: Page, run: Run) -> None:
    errors = browser_page.locator(".error")
    everything = errors.count()
    kind, number = run.errors.most_common(1)[0]
    browser_page.get_by_label(f"{kind} ({number})").check()
    assert browser_page.locator(".error:visible").count() == number < everything
    browser_page.get_by_label("all").check()
    assert browser_page.locator(".error:visible").count() == everything


def test_browser_marks_both_quotes_in_different_colours(browser_page: Page) -> None:
    colours = {
        browser_page.locator(f".notice mark.{side}").first.evaluate("e => getComputedStyle(e).backgroundColor")
        for side in ("gold", "predicted", "both")
    }
    assert len(colours) == 3

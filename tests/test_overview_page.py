"""The overview in a browser: whole at both widths, saved as pictures and tables, and nothing asked of a network."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import fromstring

import pytest

from eval.gold import load_gold
from extractor.records import Notice
from extractor.sinks.labels import STATUS
from extractor.sinks.overview.page import write_overview
from extractor.sinks.overview.tables import OverviewTables, tabulate
from tests.sinks.overview_records import Report, notice

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AS_OF = date(2024, 6, 15)
PICTURES = 8
HOSTILE = "<script>alert(1)</script><img src=http://example.org/x onerror=alert(2)>"
SPILLS = """() => [...document.querySelectorAll("svg")].filter((svg) => svg.checkVisibility()).flatMap((svg) => {
  const paper = svg.viewBox.baseVal;
  return [...svg.querySelectorAll("text")].filter((text) => {
    const box = text.getBBox();
    return box.x < paper.x - 1 || box.x + box.width > paper.x + paper.width + 1
      || box.y < paper.y - 1 || box.y + box.height > paper.y + paper.height + 1;
  }).map((text) => text.textContent);
})"""
COLLIDES = """() => [...document.querySelectorAll("svg")].filter((svg) => svg.checkVisibility()).flatMap((svg) => {
  const boxes = [...svg.querySelectorAll("text")].map((text) => [text.getBBox(), text.textContent]);
  return boxes.flatMap(([one, text], place) => boxes.slice(place + 1).filter(([other]) =>
    one.x + one.width > other.x + 1 && other.x + other.width > one.x + 1
    && one.y + one.height > other.y + 4 && other.y + other.height > one.y + 4
  ).map(([, other]) => `${text} | ${other}`));
})"""


class Opened(NamedTuple):
    """A page in the browser, and what went wrong in it or left it."""

    page: Page
    problems: list[str]


@pytest.fixture(scope="module")
def gold() -> list[Notice]:
    records = [gold.record for gold in load_gold(Path(__file__).parents[1] / "gold").documents]
    return [record for record in records if isinstance(record, Notice)]


@pytest.fixture(scope="module")
def tables(gold: list[Notice]) -> OverviewTables:
    return tabulate(gold, AS_OF)


@pytest.fixture(scope="module")
def file(tables: OverviewTables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("overview") / "overview.html"
    write_overview(tables, path)
    return path


def opened(browser: Browser, path: Path, width: int = 1280, *, scripts: bool = True) -> Opened:
    page = browser.new_page(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("dialog", lambda dialog: problems.append(dialog.message))
    page.on("request", lambda request: problems.append(request.url) if request.url.startswith("http") else None)
    page.goto(path.as_uri())
    return Opened(page, problems)


@pytest.fixture
def shown(browser: Browser, file: Path) -> Iterator[Page]:
    page, problems = opened(browser, file)
    yield page
    page.close()
    assert problems == []


@pytest.mark.parametrize(("width", "kind", "other"), [(1280, "wide", "narrow"), (390, "narrow", "wide")])
def test_page_fits_its_width(browser: Browser, file: Path, width: int, kind: str, other: str) -> None:
    page, problems = opened(browser, file, width)
    assert page.locator(f".picture.{kind}:visible").count() == PICTURES
    assert page.locator(f".picture.{other}:visible").count() == 0
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(SPILLS) == []
    assert page.evaluate(COLLIDES) == []
    page.close()
    assert problems == []


@pytest.mark.parametrize("width", [1280, 390])
def test_odd_names_fit_too(browser: Browser, tmp_path: Path, width: int) -> None:
    names = ("中共" + "某" * 150 + "委员会", "W" * 200, "Ｗｉｄｅ" * 30, "甲", "١٢٣" * 50, HOSTILE)
    statuses = list(STATUS)
    records = [
        notice(
            *(Report(f"追回{place}98765.43万元。", status=each, documents=[name]) for each in statuses * 40),
            issuer=name,
            team=name,
            name=str(place),
        )
        for place, name in enumerate(names)
    ]
    write_overview(tabulate(records, AS_OF), tmp_path / "odd.html")
    page, problems = opened(browser, tmp_path / "odd.html", width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(COLLIDES) == []
    assert [text for text in page.evaluate(SPILLS) if "W" not in text] == [], "W is wider than estimated"
    page.close()
    assert problems == []


def test_pictures_have_names_and_sections_have_headings(shown: Page) -> None:
    assert shown.get_by_role("img").count() == PICTURES
    assert shown.get_by_role("img", name="各聚焦方面的整改情况").count() == 1
    headings = shown.get_by_role("heading", level=2).all_inner_texts()
    links = shown.get_by_role("navigation", name="目录").get_by_role("link")
    assert links.all_inner_texts() == headings
    assert shown.get_by_role("main").count() == shown.get_by_role("banner").count() == 1
    links.nth(3).click()
    shown.wait_for_function("document.querySelector('#deadlines').getBoundingClientRect().top < innerHeight")


def test_tables_open_with_the_keyboard(shown: Page, tables: OverviewTables) -> None:
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.textContent") == "跳到内容"
    assert shown.get_by_role("table").count() == 0
    shown.locator("#status summary").focus()
    shown.keyboard.press("Enter")
    cells = shown.get_by_role("table", name="整改状态").get_by_role("row").filter(has_text="已完成").get_by_role("cell")
    assert cells.first.inner_text() == str(tables.status["completed"])


def test_numbers_in_the_picture_are_those_of_the_table(shown: Page, tables: OverviewTables) -> None:
    written = shown.locator("#status .wide text").all_text_contents()
    for value, label in STATUS.items():
        assert label in written
        assert any(text.startswith(f"{tables.status[value]}（") for text in written)
    parts = shown.locator("#focus .wide rect title")
    assert sum(int(text.rsplit(" ", 1)[1]) for text in parts.all_text_contents()) == tables.findings


def test_every_picture_can_be_saved(shown: Page) -> None:
    sections = shown.locator("section")
    for place in range(sections.count()):
        section = sections.nth(place)
        with shown.expect_download() as download:
            section.get_by_role("button", name="保存矢量图（SVG）").click()
        assert download.value.suggested_filename.endswith("-2024-06-15.svg")
        drawing = fromstring(download.value.path().read_bytes())  # noqa: S314 - our own picture
        assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
        texts = [each.text or "" for each in drawing.iter("{http://www.w3.org/2000/svg}text")]
        assert texts == section.locator(".wide text").all_text_contents()
    with shown.expect_download() as download:
        shown.locator("#deadlines").get_by_role("button", name="保存图片（PNG）").click()
    image = download.value.path().read_bytes()
    width, height = (int.from_bytes(image[place : place + 4]) for place in (16, 20))
    assert image.startswith(b"\x89PNG")
    size = [float(drawing) for drawing in shown.locator("#deadlines .wide svg").get_attribute("viewBox").split()[2:]]  # type: ignore[union-attr]
    assert [width, height] == [2 * each for each in size]
    assert "已保存" in shown.get_by_role("status").inner_text()


def test_saved_picture_is_drawn_by_itself(shown: Page, browser: Browser, tmp_path: Path) -> None:
    with shown.expect_download() as download:
        shown.locator("#focus").get_by_role("button", name="保存矢量图（SVG）").click()
    download.value.save_as(tmp_path / "picture.svg")
    page, problems = opened(browser, tmp_path / "picture.svg")
    assert page.locator("text").first.bounding_box()
    assert page.locator("rect").count() > 10
    page.close()
    assert problems == []


def test_tables_are_saved_for_excel(browser: Browser, tmp_path: Path) -> None:
    formula, quoted = '=HYPERLINK("http://example.org")', "甲\"县'，,乙"
    reports = [Report("追回1234567.5元。") for _ in range(1234)]
    records = [notice(*reports, issuer=formula, name="a"), notice(Report(status="completed"), issuer=quoted, name="b")]
    write_overview(tabulate(records, AS_OF), tmp_path / "page.html")
    page, problems = opened(browser, tmp_path / "page.html")
    contents = {}
    for key in ("organisations", "money"):
        page.locator(f"#{key} summary").first.click()
        with page.expect_download() as download:
            page.locator(f"#{key}").get_by_role("button", name="保存表格（CSV）").first.click()
        assert download.value.suggested_filename.endswith(".csv")
        content = download.value.path().read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        contents[key] = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert contents["organisations"][1][:2] == [f"'{formula}", "1234"]
    assert contents["organisations"][2] == [quoted, "1", "1", "0", "0", "0", "0", "0", "100%"]
    assert contents["money"][1] == [f"'{formula}", str(1234 * 12345675 // 10), "0"]
    page.close()
    assert problems == []


def test_page_without_scripts_shows_all_but_buttons(browser: Browser, file: Path) -> None:
    page, _ = opened(browser, file, scripts=False)
    assert page.locator(".picture.wide:visible").count() == PICTURES
    page.locator("#focus summary").click()
    assert page.locator("#focus table:visible").count() == 1
    assert page.locator("button:visible").count() == 0
    page.close()


def test_print_has_pictures_without_buttons(shown: Page) -> None:
    shown.set_viewport_size({"width": 600, "height": 900})
    shown.emulate_media(media="print")
    assert shown.locator(".picture.wide:visible").count() == PICTURES
    assert shown.locator("button:visible").count() == 0
    assert shown.locator("nav:visible").count() == 0
    assert shown.pdf().startswith(b"%PDF")


def test_hostile_text_is_shown_as_text(browser: Browser, tmp_path: Path) -> None:
    report = Report(f"追回{HOSTILE}5万元。", statement=HOSTILE, deadline="2020-01-01", documents=[HOSTILE])
    record = notice(report, issuer=HOSTILE, team=HOSTILE, round_=HOSTILE, name=HOSTILE)
    write_overview(tabulate([record], AS_OF), tmp_path / "hostile.html")
    page, problems = opened(browser, tmp_path / "hostile.html")
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    assert page.locator("script").count() == 1
    assert page.locator("main img").count() == 0
    assert page.locator("#organisations tbody th").first.inner_text() == HOSTILE
    assert page.locator("#deadlines td.text").first.inner_text() == HOSTILE
    page.close()
    assert problems == []

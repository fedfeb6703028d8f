"""The review page in a browser: marks are where the spans say, and what is corrected there is a gold annotation."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from eval.comparators import Tier
from eval.gold import CORPUS_VARIABLE, GoldDocument, annotation_json, load_gold
from eval.outcomes import compare
from eval.scoring import score
from eval.synthetic import plain_finding, plain_notice, spoil
from extractor import Document, Notice, extract
from extractor.gold_format import Annotation, ground_annotation, read_annotation
from extractor.grounding import quote_text
from extractor.records import Quote, Span, StatusValue
from extractor.sinks.review import write_review
from extractor.sinks.review_data import ReviewedNotice, ReviewedRecord
from extractor.standoff import dump_json, tidy_spans
from extractor.standoff import edges as edges_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]

MARKS = """() => {
  const found = new Map();
  for (const segment of document.querySelectorAll("#text .seg")) {
    for (const { mark, span } of segment.place.covers) {
      for (const { path } of mark.owners) {
        if (!found.has(path)) found.set(path, {});
        found.get(path)[span] = (found.get(path)[span] ?? "") + segment.textContent;
      }
    }
  }
  return Object.fromEntries(found);
}"""


class Opened(NamedTuple):
    """A page in the browser, and what went wrong in it or left it."""

    page: Page
    problems: list[str]


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Writes a review page and opens it; nothing may be fetched, and no script may fail."""
    problems: list[str] = []
    pages: list[Page] = []

    def open_page(*notices: ReviewedNotice, width: int = 1280, height: int = 800, **options: Any) -> Page:
        path = tmp_path / f"review-{len(pages)}.html"
        write_review(notices, path, **options)
        page = browser.new_page(viewport={"width": width, "height": height})
        pages.append(page)
        page.set_default_timeout(10_000)

        def fetched(route: Any) -> None:
            if route.request.url == path.as_uri():
                route.continue_()
                return
            problems.append(f"fetched {route.request.url[:80]}")
            route.abort()

        page.route("**/*", fetched)
        page.on("console", lambda message: problems.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: problems.append(f"error: {error}"))
        page.goto(path.as_uri())
        return page

    yield open_page
    for page in pages:
        page.close()
    assert problems == []


GOLD = load_gold(ROOT / "gold", os.environ.get(CORPUS_VARIABLE)).documents


def annotation_of(gold: GoldDocument) -> Annotation:
    return read_annotation(json.loads(annotation_json(gold)), gold.name)


def reviewed(gold: GoldDocument, *others: Notice) -> ReviewedNotice:
    """A gold notice with its gold record first."""
    records = (
        ReviewedRecord(gold.record, f"{gold.name}.json", annotation_of(gold)),
        *(ReviewedRecord(other, "other.json") for other in others),
    )
    return ReviewedNotice(gold.document.name, gold.document.sha256, records, gold.document)


def by_engine(path: Path) -> ReviewedNotice:
    document = Document.from_path(path)
    return ReviewedNotice(
        document.name, document.sha256, (ReviewedRecord(extract(path, engine="rules"), "r.json"),), document
    )


def of_text(text: str, *records: Notice) -> ReviewedNotice:
    document = Document(text, name="hostile.txt")
    records = records or (extract(document, engine="rules"),)
    return ReviewedNotice("hostile.txt", document.sha256, tuple(ReviewedRecord(r, "r.json") for r in records), document)


def quotes_by_path(record: Notice) -> dict[str, Quote]:
    """Every quote of a record by its path, as the page and the gold format write it."""

    def walk(node: Any, path: str) -> Iterator[tuple[str, Quote]]:
        if isinstance(node, Quote):
            yield path, node
        elif isinstance(node, tuple) and not isinstance(node, Span):
            for place, item in enumerate(node):
                yield from walk(item, f"{path}[{place}]")
        else:
            for name in getattr(type(node), "model_fields", {}):
                yield from walk(getattr(node, name), f"{path}.{name}".lstrip("."))

    return dict(walk(record, ""))


def marked(page: Page, text: str) -> dict[str, tuple[str, str]]:
    """What the page marks for each path: the verbatim text of the spans, and what that is as a quote."""
    shown = page.evaluate(MARKS)
    found = {}
    for path, spans in shown.items():
        pieces = [spans[key] for key in sorted(spans, key=int)]
        joined = "".join(pieces)
        ends = [sum(map(len, pieces[: place + 1])) for place in range(len(pieces))]
        places = [Span(end - len(piece), end) for end, piece in zip(ends, pieces, strict=True)]
        found[path] = (joined, quote_text(joined, places))
    return found


def assert_marks_equal_quotes(page: Page, record: Notice, text: str) -> None:
    shown, quotes = marked(page, text), quotes_by_path(record)
    assert shown.keys() == quotes.keys()
    for path, quote in quotes.items():
        verbatim, words = shown[path]
        assert verbatim == "".join(text[start:end] for start, end in quote.spans), path
        assert words == quote.text, path


def choose_notice(page: Page, place: int) -> None:
    page.get_by_label("通报", exact=True).select_option(str(place))


def test_every_mark_equals_its_quote_in_all_of_the_gold(show: Callable[..., Page]) -> None:
    page = show(*map(reviewed, GOLD))
    for place, gold in enumerate(GOLD):
        choose_notice(page, place)
        assert page.locator("#text").evaluate("pane => pane.textContent") == gold.document.text
        assert isinstance(gold.record, Notice)
        assert_marks_equal_quotes(page, gold.record, gold.document.text)


def test_every_mark_equals_its_quote_for_what_the_engine_reads(show: Callable[..., Page], notice_path: Path) -> None:
    notice = by_engine(notice_path)
    assert notice.document
    assert_marks_equal_quotes(show(notice), notice.records[0].record, notice.document.text)


def download(page: Page) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="存为 gold").click()
        page.get_by_role("button", name="下载 JSON").click()
    return Path(waiting.value.path()).read_text(encoding="utf-8")


def test_what_nobody_changed_is_saved_as_the_file_it_was(show: Callable[..., Page]) -> None:
    page = show(*map(reviewed, GOLD))
    for place, gold in enumerate(GOLD):
        choose_notice(page, place)
        assert download(page) == annotation_json(gold), gold.name


SMALL = min(
    (gold for gold in GOLD if isinstance(gold.record, Notice) and len(gold.record.findings) > 3),
    key=lambda gold: len(gold.document.text),
)


def cards(page: Page) -> Any:
    return page.locator("#findings .card")


def open_card(page: Page) -> Any:
    return page.locator(".row.current .card.open")


def segment(page: Page, path: str) -> Any:
    """The first piece of the text that is marked for a field."""
    handle = page.evaluate_handle(
        """path => [...document.querySelectorAll("#text .seg")].find((each) =>
             each.place.covers.some(({ mark }) => mark.owners.some((owner) => owner.path === path)))""",
        path,
    )
    return handle.as_element()


def in_sight(page: Page, selector: str) -> bool:
    """Whether an element stands within the pane that it scrolls in."""
    return bool(
        page.locator(selector).first.evaluate(
            """each => { const pane = each.closest("#text, #records").getBoundingClientRect();
                 const own = each.getBoundingClientRect();
                 return own.top < pane.bottom && own.bottom > pane.top && own.height > 0; }"""
        )
    )


def test_click_on_a_passage_of_the_record_shows_it_in_the_text(show: Callable[..., Page]) -> None:
    page = show(reviewed(SMALL))
    last = len(SMALL.record.findings) - 1
    cards(page).nth(last).click()
    path = f"findings[{last}].rectification"
    open_card(page).locator(f'[data-path="{path}"]').click()
    active = page.locator("#text .active")
    report = SMALL.record.findings[last].rectification
    assert report
    shown = "".join(active.all_text_contents())
    assert quote_text(shown, [Span(0, len(shown))]) == report.text
    assert in_sight(page, "#text .active")


def test_click_on_a_mark_shows_the_finding_then_what_stands_around_it(show: Callable[..., Page]) -> None:
    page = show(reviewed(SMALL))
    last = len(SMALL.record.findings) - 1
    measure = f"findings[{last}].measures[0].quote"
    clicked = segment(page, measure)
    clicked.click()
    assert open_card(page).get_attribute("data-finding") == f"findings[{last}]"
    assert in_sight(page, ".row.current .quote.active")
    paths = [open_card(page).locator(".quote.active").get_attribute("data-path")]
    for _ in range(3):
        clicked.click()
        active = open_card(page).locator(".quote.active")
        paths += [active.get_attribute("data-path")] if active.count() else []
    assert {measure, f"findings[{last}].rectification"} <= set(paths)


def test_click_on_the_title_in_the_text_opens_what_the_notice_says_of_itself(show: Callable[..., Page]) -> None:
    page = show(reviewed(SMALL))
    segment(page, "title").click()
    assert page.locator('#overview .quote.active[data-path="title"]').is_visible()


def test_keys_go_through_findings_and_filters(show: Callable[..., Page]) -> None:
    page = show(reviewed(SMALL))
    for place in range(3):
        page.keyboard.press("j")
        assert open_card(page).get_attribute("data-finding") == f"findings[{place}]"
        assert open_card(page).evaluate("card => card === document.activeElement")
        assert page.locator("#text .active").count()
    page.keyboard.press("k")
    assert open_card(page).get_attribute("data-finding") == "findings[1]"
    page.keyboard.press("/")
    statement = SMALL.record.findings[2].statement
    assert statement
    page.keyboard.type(statement.text[:12])
    assert cards(page).count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert open_card(page).get_attribute("data-finding") == "findings[2]"
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_filters_leave_the_findings_of_a_status_a_focus_an_issue(show: Callable[..., Page], water_bureau: Path) -> None:
    record = extract(water_bureau.read_text(encoding="utf-8").replace("3.", "5.", 1), engine="rules")
    text = water_bureau.read_text(encoding="utf-8").replace("3.", "5.", 1)
    page = show(of_text(text, record))
    findings = record.findings
    for label, values in (
        ("按状态筛选", [finding.status.value.value for finding in findings]),
        ("按聚焦筛选", [finding.focus.value for finding in findings]),
    ):
        for value in set(values):
            page.get_by_label(label).select_option(value)
            assert cards(page).count() == values.count(value)
        page.get_by_label(label).select_option("")
    concerned = {issue.finding for issue in record.issues if issue.finding is not None}
    if concerned:
        page.get_by_label("按疑点筛选").select_option("any")
        assert cards(page).count() == len(concerned)


def test_unassigned_text_stands_out_and_is_counted(show: Callable[..., Page]) -> None:
    text = "前文" * 30
    quote = Quote(text="漏下的一句话", spans=(Span(10, 16),))
    text = text[:10] + quote.text + text[10:]
    spoilt = plain_notice(Document(text), findings=()).model_copy(update={"unassigned": (quote,)})
    page = show(of_text(text, spoilt))
    assert page.locator("#text .k-unassigned").all_text_contents() == [quote.text]
    assert "未归入文字（1 段，6 字）" in page.locator("#overview").inner_text()
    page.locator("#overview .unassigned .quote").click()
    assert page.locator("#text .active.k-unassigned").count() == 1


def test_two_records_stand_side_by_side_with_their_differences_marked(show: Callable[..., Page]) -> None:
    first = SMALL.record.findings[0]
    changed = first.model_copy(
        update={"status": first.status.model_copy(update={"value": StatusValue.IN_PROGRESS}), "measures": ()}
    )
    other = SMALL.record.model_copy(update={"findings": (changed, *SMALL.record.findings[1:-1])})
    page = show(reviewed(SMALL, other))
    rows = page.locator("#findings .row")
    assert rows.count() == len(SMALL.record.findings)
    assert "差异：整改状态、整改措施" in rows.first.inner_text()
    assert rows.last.locator(".absent").count() == 1
    page.get_by_role("button", name="仅看差异").click()
    assert rows.count() == 2
    rows.first.locator(".card").first.click()
    assert page.locator(".row.current .field.differing").count() == 4
    assert page.locator("#text .differs").count()
    page.get_by_label("对比的记录").select_option("-1")
    assert page.locator(".differs, .differing, .absent").count() == 0


def test_engines_shuffled_findings_are_still_put_side_by_side(show: Callable[..., Page]) -> None:
    order = list(SMALL.record.findings)
    random.Random(3).shuffle(order)
    page = show(reviewed(SMALL, SMALL.record.model_copy(update={"findings": tuple(order)})))
    assert "0 条有差异" in page.locator("#count").inner_text()


def saved(page: Page, gold: GoldDocument) -> GoldDocument:
    """What the page saves, as the evaluation loads it."""
    annotation = read_annotation(json.loads(download(page)), gold.name)
    record = ground_annotation(annotation, gold.document, Notice)
    return GoldDocument(gold.name, annotation.split, annotation.guideline, gold.document, record, annotation.annotator)


def scores_itself_perfectly(gold: GoldDocument) -> bool:
    result = score(compare(gold.record, gold.record, gold.document.text))
    return all(counts.f1 == 1 for counts in result.tiers[Tier.EXACT.label].values())


def select_text(page: Page, start: int, end: int) -> None:
    """Choose a passage of the text as a person does with the mouse."""
    page.evaluate(
        """([start, end]) => {
          const at = (place, isEnd) => [...document.querySelectorAll("#text .seg")]
            .find(({ place: own }) => own.start <= place - (isEnd ? 1 : 0) && place - (isEnd ? 1 : 0) < own.end);
          const range = document.createRange();
          const [first, last] = [at(start, false), at(end, true)];
          range.setStart(first.firstChild, start - first.place.start);
          range.setEnd(last.firstChild, end - last.place.start);
          window.getSelection().removeAllRanges();
          window.getSelection().addRange(range);
        }""",
        [start, end],
    )
    page.locator("#selection").wait_for(state="visible")


def editing(show: Callable[..., Page], gold: GoldDocument = SMALL, place: int = 0) -> Page:
    page = show(reviewed(gold))
    page.keyboard.press("e")
    for _ in range(place + 1):
        page.keyboard.press("j")
    return page


def test_correction_is_saved_as_a_gold_annotation(show: Callable[..., Page]) -> None:
    page = editing(show)
    before = SMALL.record.findings[0].rectification
    assert before
    start = before.spans[0].start
    select_text(page, start, start + 9)
    page.get_by_label("所选文字设为").select_option("findings[0].status")
    open_card(page).get_by_label("整改状态", exact=True).get_by_role("combobox").select_option("partly_completed")
    open_card(page).get_by_role("combobox", name="聚焦类别").select_option("other")
    gold = saved(page, SMALL)
    finding = gold.record.findings[0]
    assert finding.status.value is StatusValue.PARTLY_COMPLETED
    assert finding.status.quote is not None
    assert finding.status.quote.text == quote_text(SMALL.document.text, [Span(start, start + 9)])
    assert finding.focus.value == "other"
    assert gold.record.findings[1:] == SMALL.record.findings[1:]
    assert scores_itself_perfectly(gold)


def test_what_the_engine_read_can_be_saved_as_gold(show: Callable[..., Page], notice_path: Path) -> None:
    notice = by_engine(notice_path)
    assert notice.document
    annotation = read_annotation(json.loads(download(show(notice))), notice.name)
    kept = ground_annotation(annotation, notice.document, Notice)
    before = quotes_by_path(notice.records[0].record)
    after = quotes_by_path(kept)
    assert {path: quote.text for path, quote in after.items()} == {
        path: quote.text for path, quote in before.items() if not path.startswith("unassigned")
    }


def test_scripts_follow_the_contracts_rules_for_quotes(browser: Browser) -> None:
    chance = random.Random(11)
    alphabet = "整改。，a1 b*#>\n\r\t\u3000\u200b\ufeff\u2028\x1c\x85𠀀《》（）"
    cases = []
    while len(cases) < 3000:
        text = "".join(chance.choices(alphabet, k=chance.randint(1, 24)))
        edges = sorted(chance.sample(range(len(text) + 1), min(len(text) + 1, 2 * chance.randint(1, 3))))
        spans = list(zip(edges[::2], edges[1::2], strict=False))
        chance.shuffle(spans)
        if spans:
            cases.append((text, [Span(*span) for span in spans]))
    page = browser.new_page()
    script = (ROOT / "extractor" / "sinks" / "review_page" / "text.js").read_text(encoding="utf-8")
    found = page.evaluate(
        "(cases) => { "
        + script
        + """
          return cases.map(([string, spans]) => {
            const text = new NoticeText(string);
            return [quoteText(text, spans), tidySpans(text, spans), edgesOf(quoteText(text, spans))];
          }); }""",
        cases,
    )
    page.close()
    for (text, spans), (words, tidy, ends) in zip(cases, found, strict=True):
        assert words == quote_text(text, spans)
        assert [Span(*span) for span in tidy] == list(tidy_spans(text, spans))
        assert ends == edges_of(words)


def test_scripts_write_json_as_the_gold_does(browser: Browser) -> None:
    chance = random.Random(12)

    def value(depth: int) -> Any:
        kind = chance.randrange(7 if depth else 5)
        if kind == 5:
            return [value(depth - 1) for _ in range(chance.randrange(5))]
        if kind == 6:
            return {
                chance.choice(["edges", "序号", 'a"b', "spans"]): value(depth - 1) for _ in range(chance.randrange(4))
            }
        return [None, True, chance.randrange(10**12), chance.random(), "整改\n\u2028" * chance.randrange(12)][kind]

    cases = [value(5) for _ in range(500)]
    page = browser.new_page()
    folder = ROOT / "extractor" / "sinks" / "review_page"
    script = "\n".join((folder / name).read_text(encoding="utf-8") for name in ("text.js", "standoff.js"))
    written = page.evaluate("(cases) => { " + script + "\nreturn cases.map((each) => annotationJson(each)); }", cases)
    page.close()
    assert written == [dump_json(case) for case in cases]


def test_what_another_record_has_better_is_taken_over(show: Callable[..., Page]) -> None:
    first = SMALL.record.findings[0]
    worse = first.model_copy(
        update={"status": first.status.model_copy(update={"value": StatusValue.IN_PROGRESS}), "measures": ()}
    )
    left = SMALL.record.model_copy(update={"findings": (worse, *SMALL.record.findings[1:-1]), "issuer": None})
    records = tuple(ReviewedRecord(record, "r.json") for record in (left, SMALL.record))
    page = show(ReviewedNotice(SMALL.document.name, SMALL.document.sha256, records, SMALL.document))
    page.keyboard.press("e")
    page.keyboard.press("j")
    for _ in range(2):
        page.locator(".row.current").get_by_role("button", name="采用此值").first.click()
    page.get_by_role("button", name="采用这一条").click()
    page.locator("#overview summary", has_text="通报信息").click()
    page.locator("#overview").get_by_role("button", name="采用此值").click()
    assert "0 条有差异" in page.locator("#count").inner_text()
    kept = saved(page, SMALL).record
    assert (kept.findings, kept.issuer) == (SMALL.record.findings, SMALL.record.issuer)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_to_findings_what_can_be_saved_is_gold(show: Callable[..., Page], seed: int) -> None:
    chance = random.Random(seed)
    page = editing(show, place=1)
    for _ in range(12):
        action = chance.choice(
            ["与下一条合并", "删除此条", "下移", "重读文件与金额", "撤销", "按所选文字拆分", "j", "k"]
        )
        if len(action) == 1:
            page.keyboard.press(action)
            continue
        if action == "按所选文字拆分":
            start = chance.randrange(len(SMALL.document.text) - 40)
            select_text(page, start, start + chance.randint(10, 40))
        pressed = page.get_by_role("button", name=action)
        if pressed.count() and pressed.is_enabled():
            pressed.click()
    page.keyboard.press("Control+s")
    save = page.get_by_role("button", name="下载 JSON")
    if save.is_disabled():
        assert page.locator("dialog .problems li").count()
        return
    page.keyboard.press("Escape")
    assert scores_itself_perfectly(saved(page, SMALL))


def test_undo_brings_back_what_was_and_redo_what_was_undone(show: Callable[..., Page]) -> None:
    page = editing(show)
    total = cards(page).count()
    page.get_by_role("button", name="删除此条").click()
    page.get_by_role("button", name="删除此条").click()
    assert cards(page).count() == total - 2
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert cards(page).count() == total
    assert saved(page, SMALL).record == SMALL.record
    page.keyboard.press("Control+y")
    assert saved(page, SMALL).record.findings == SMALL.record.findings[1:]


def test_findings_merged_and_split_again_are_gold(show: Callable[..., Page]) -> None:
    page = editing(show, place=1)
    page.get_by_role("button", name="与下一条合并").click()
    merged = saved(page, SMALL)
    first, second = SMALL.record.findings[1:3]
    joined = merged.record.findings[1]
    assert joined.statement and first.statement and second.statement
    assert joined.statement.text == first.statement.text + second.statement.text
    assert [each.quote for each in joined.measures] == [each.quote for each in (*first.measures, *second.measures)]
    assert scores_itself_perfectly(merged)
    start, end = second.statement.spans[0].start, second.statement.spans[-1].end
    select_text(page, start, end)
    page.get_by_role("button", name="按所选文字拆分").click()
    split = saved(page, SMALL)
    assert len(split.record.findings) == len(SMALL.record.findings)
    assert split.record.findings[1].statement == first.statement
    assert split.record.findings[2].statement == second.statement
    assert scores_itself_perfectly(split)


def test_finding_whose_number_was_overlooked_is_split_in_its_report(show: Callable[..., Page]) -> None:
    text = "标题\n一、政策方面\n1.账目混乱。\n整改情况：核对账目，追回3万元。\n2.阵地滞后。\n整改情况：新建活动室，投入5万元。\n"
    document = Document(text, name="split.txt")

    def quote(words: str) -> Quote:
        start = text.index(words)
        return Quote(text=quote_text(text, [Span(start, start + len(words))]), spans=(Span(start, start + len(words)),))

    report = "核对账目，追回3万元。\n2.阵地滞后。\n整改情况：新建活动室，投入5万元。"
    finding = plain_finding(path=("一", "1"), statement=quote("账目混乱。"), rectification=quote(report))
    record = plain_notice(document, title=quote("标题"), findings=(finding,))
    gold = GoldDocument("split", "dev", "1.0", document, record)
    page = editing(show, gold)
    start = text.index("阵地滞后。")
    select_text(page, start, start + 5)
    page.get_by_role("button", name="按所选文字拆分").click()
    first, second = saved(page, gold).record.findings
    assert first.rectification == quote("核对账目，追回3万元。")
    assert [amount.value for amount in first.amounts] == [30000]
    assert second.path == ("一", "2")
    assert second.statement == quote("阵地滞后。")
    assert second.rectification == quote("新建活动室，投入5万元。")
    assert [amount.value for amount in second.amounts] == [50000]


def test_passage_chosen_for_a_value_is_read_by_code(show: Callable[..., Page]) -> None:
    text = "标题\n1.欠账。\n整改情况：印发《工作办法》（云发〔2023〕7号），追回33万余元，2024年6月底前办结。\n落款\n2023年5月8日"
    document = Document(text, name="values.txt")
    whole = text[text.index("印发") : text.index("\n落款")]
    start = text.index(whole)
    report = Quote(text=whole, spans=(Span(start, start + len(whole)),))
    record = plain_notice(document, findings=(plain_finding(path=("1",), rectification=report),))
    page = editing(show, GoldDocument("values", "dev", "1.0", document, record))
    for words, target in (
        ("《工作办法》（云发〔2023〕7号）", "findings[0].documents"),
        ("33万余元", "findings[0].amounts"),
        ("2024年6月底前", "findings[0].deadline"),
        ("2023年5月8日", "issued_on"),
    ):
        select_text(page, text.index(words), text.index(words) + len(words))
        page.get_by_label("所选文字设为").select_option(target)
    notice = saved(page, GoldDocument("values", "dev", "1.0", document, record)).record
    finding = notice.findings[0]
    assert (finding.documents[0].title, finding.documents[0].number) == ("工作办法", "云发〔2023〕7号")
    assert finding.amounts[0].value == 330000
    assert notice.issued_on is not None and notice.issued_on.value == "2023-05-08"


def test_what_the_contract_forbids_is_shown_at_its_field_and_not_saved(show: Callable[..., Page]) -> None:
    place = next(n for n, finding in enumerate(SMALL.record.findings) if finding.amounts or finding.deadline)
    page = editing(show, place=place)
    card = open_card(page)
    amount = SMALL.record.findings[place].amounts
    field = card.get_by_label("金额（元）").first if amount else card.get_by_label("截止日")
    field.fill("许多")
    field.press("Tab")
    assert open_card(page).locator(".field.wrong .problem").count() >= 1
    assert "待改正" in open_card(page).inner_text()
    page.get_by_role("button", name="存为 gold").click()
    assert page.get_by_role("button", name="下载 JSON").is_disabled()
    page.get_by_role("dialog").get_by_role("listitem").get_by_role("button").first.click()
    assert page.locator("dialog[open]").count() == 0


def test_edges_of_a_passage_are_moved_with_the_keyboard(show: Callable[..., Page]) -> None:
    page = editing(show)
    statement = SMALL.record.findings[0].statement
    assert statement
    field = open_card(page).get_by_role("group", name="反馈问题").get_by_label("第 1 段起")
    field.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    changed = saved(page, SMALL).record.findings[0].statement
    assert changed is not None
    assert changed.spans[0].start == statement.spans[0].start + 1
    assert changed.text == statement.text[1:]


def test_leaving_with_unsaved_corrections_asks_first(show: Callable[..., Page]) -> None:
    page = editing(show)

    def asks() -> bool:
        return not page.evaluate("window.dispatchEvent(new Event('beforeunload', { cancelable: true }))")

    assert not asks()
    page.get_by_role("button", name="删除此条").click()
    assert asks() and page.title().startswith("●")
    download(page)
    assert not asks() and not page.title().startswith("●")
    page.keyboard.press("Control+z")
    assert asks()


HOSTILE = (
    "</script><script>document.title='hit'</script><img src=x onerror=alert(1)><!-- <style>*{display:none}</style> "
    "\u2028\u2029 &lt;b&gt; \u202e倒序\u202c \u0000 ${1+1} `'\" 𠀀𠮷"
)


def test_hostile_text_is_shown_as_text(show: Callable[..., Page]) -> None:
    text = f"{HOSTILE}\n一、政策方面\n1.{HOSTILE}。\n整改情况：{HOSTILE}，追回3万元。\n\t\r\n末行"
    document = Document(text, name="</title><script>alert(1)</script>.txt")
    start = text.index("1.") + 2
    statement = Quote(
        text=quote_text(text, [Span(start, start + len(HOSTILE))]), spans=(Span(start, start + len(HOSTILE)),)
    )
    finding = plain_finding(path=("</script>", "<b>"), statement=statement)
    page = show(of_text(text, plain_notice(document, title=statement, findings=(finding,))))
    assert page.locator("#text").evaluate("pane => pane.textContent") == text
    page.keyboard.press("j")
    assert open_card(page).locator(".quote").first.evaluate("each => each.textContent") == statement.text
    assert page.locator("img, #text script, #records script, #text style").count() == 0
    assert "hit" not in page.title()
    assert page.locator(".path").first.inner_text() == "</script> · <b>"
    assert "".join(page.locator("#text .active").all_text_contents()) == HOSTILE


def test_characters_beyond_the_basic_plane_keep_their_places(show: Callable[..., Page]) -> None:
    text = "𠀀标题𠮷\n1.第𠮷一条。\n整改情况：一是办𠮷。\n"
    document = Document(text, name="astral.txt")
    record = plain_notice(document, findings=(plain_finding(path=("1",), statement=quote_in(text, "第𠮷一条。")),))
    gold = GoldDocument("astral", "dev", "1.0", document, record)
    page = editing(show, gold)
    assert_marks_equal_quotes(page, record, text)
    page.evaluate(
        """() => { const seg = [...document.querySelectorAll("#text .seg")].find((each) => each.textContent.includes("一是办"));
          const at = seg.textContent.indexOf("办"); const range = document.createRange();
          range.setStart(seg.firstChild, at); range.setEnd(seg.firstChild, at + 3);
          getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    page.get_by_label("所选文字设为").select_option("findings[0].measures")
    measure = saved(page, gold).record.findings[0].measures[0]
    assert (measure.marker, measure.quote) == ("一是", quote_in(text, "办𠮷"))


def quote_in(text: str, words: str) -> Quote:
    start = text.index(words)
    return Quote(text=words, spans=(Span(start, start + len(words)),))


def test_line_of_200000_characters_is_shown_and_can_be_gone_through(show: Callable[..., Page]) -> None:
    text = "1.问题甲。整改情况：" + "巡察整改" * 50_000 + "末尾。"
    document = Document(text, name="long.txt")
    report = Span(text.index("巡察"), len(text))
    findings = (
        plain_finding(path=("1",), statement=quote_in(text, "问题甲。")),
        plain_finding(path=("2",), statement=quote_in(text, "末尾。")),
        plain_finding(path=("3",), rectification=Quote(text=text[report.start : report.end], spans=(report,))),
    )
    page = show(of_text(text, plain_notice(document, findings=findings)))
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert in_sight(page, "#text .active")
    assert page.locator("#text").evaluate("pane => pane.textContent.length") == len(text)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_notice_without_its_text_shows_the_quotes_and_says_what_to_do(show: Callable[..., Page]) -> None:
    notice = ReviewedNotice("a.txt", SMALL.document.sha256, reviewed(SMALL).records, None, "give it with --texts")
    page = show(notice)
    assert "give it with --texts" in page.locator("#notes").inner_text()
    page.keyboard.press("j")
    statement = SMALL.record.findings[0].statement
    assert statement
    assert open_card(page).locator(".quote", has_text=statement.text).count()
    assert page.get_by_role("button", name="更正").is_disabled()
    assert page.get_by_role("button", name="存为 gold").is_disabled()


def test_masked_names_are_nowhere_in_the_page_and_nothing_can_be_corrected(
    show: Callable[..., Page],
) -> None:
    text = (
        "中共云台县水利局党组关于巡察整改情况的通报\n根据县委统一部署，县委第二巡察组对县水利局党组开展了巡察。\n一、聚焦基层党组织建设方面\n"
        "1.账目管理混乱。\n整改情况：已完成整改。给予原出纳欧阳小明党内警告处分，约谈会计王大伟。核对账目。\n"
        "2.阵地建设滞后。\n整改情况：欧阳小明退回3万元，新建活动室3处。\n"
        "中共云台县水利局党组\n2023年5月8日\n"
    )
    record = extract(text, engine="rules")
    page = show(of_text(text, record), mask_names=True)
    for name in ("欧阳小明", "王大伟"):
        assert name in text
        assert name not in page.content()
    shown = page.locator("#text").evaluate("pane => pane.textContent")
    assert shown == text.replace("欧阳小明", "欧阳某").replace("王大伟", "王某")
    statement = record.findings[1].statement
    assert statement
    assert marked(page, shown)["findings[1].statement"] == (statement.text, statement.text)
    assert marked(page, shown)["findings[1].rectification"][1] == "欧阳某退回3万元，新建活动室3处。"
    assert "姓名已遮盖" in page.locator("#notes").inner_text()
    page.keyboard.press("e")
    assert page.locator("body.editing").count() == 0
    assert page.get_by_role("button", name="存为 gold").is_disabled()


@pytest.mark.parametrize("width", [1280, 390])
def test_page_fits_its_width(show: Callable[..., Page], width: int) -> None:
    page = show(reviewed(SMALL, spoil(SMALL.record, random.Random(2), 0.9)), width=width)
    page.keyboard.press("e")
    page.keyboard.press("j")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for pane in ("原文", "记录"):
        if width < 760:
            page.get_by_role("button", name=pane, exact=True).click()
        for name in ("#text", "#records"):
            assert page.locator(name).evaluate("each => each.scrollWidth <= each.clientWidth")


def test_one_pane_at_a_time_where_there_is_room_for_one(show: Callable[..., Page]) -> None:
    page = show(reviewed(SMALL), width=390, height=844)
    assert page.locator("#text").is_hidden()
    page.get_by_role("button", name="下一条").click()
    open_card(page).get_by_role("button", name="在原文中显示：反馈问题").click()
    assert page.locator("#text .active").first.is_visible()
    assert in_sight(page, "#text .active")
    segment(page, "findings[0].rectification").click()
    assert open_card(page).is_visible()


def test_everything_that_can_be_operated_has_a_name(show: Callable[..., Page]) -> None:
    page = show(reviewed(SMALL, spoil(SMALL.record, random.Random(2), 0.9)))
    page.keyboard.press("e")
    page.keyboard.press("j")
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, [tabindex='0']")]
          .filter((each) => each.offsetParent && !(each.getAttribute("aria-label") || each.textContent.trim()
            || each.labels?.[0]?.textContent.trim()))
          .map((each) => each.outerHTML.slice(0, 120))"""
    )
    assert unnamed == []
    for role in ("banner", "main", "search", "status"):
        assert page.get_by_role(role).count() == 1

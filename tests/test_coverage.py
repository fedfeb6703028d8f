"""Nothing of the findings part is dropped silently."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import Document, Notice, extract
from extractor.coverage import unassigned
from extractor.pointers import Answer, Units, pointer_schema
from extractor.records import Quote, Record, Span
from extractor.segmentation import segment

QuotesIn = Callable[[Any], Iterator[Quote]]

NUMBER = r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)、.．]?|[①-⑳⑴-⒇]|问题\d{1,2}[：:]?|第[一二三四五]方面[：:]?"
LABEL = "(?:整改情况|整改进展|整改措施|整改目标|完成时限|责任领导|责任单位|整改中存在的问题|下一步|反馈问题)"
EXPLAINED = re.compile(rf"(?:{NUMBER}|{LABEL}|[\s，。；：:、【】（）()#*>·,]|[一二三四五六七八九]是)*")


def left_over(quotes: Iterable[Quote], text: str, begin: int, end: int) -> list[str]:
    """The passages between two places that stand in no quote."""
    taken = bytearray(len(text))
    for quote in quotes:
        for span in quote.spans:
            taken[span.start : span.end] = b"x" * (span.end - span.start)
    free = "".join("\0" if taken[place] else text[place] for place in range(begin, end))
    return [piece for piece in free.split("\0") if re.search(r"\w", piece)]


def findings_part(record: Notice) -> tuple[int, int]:
    """From the first finding's statement to the last finding's last word."""
    starts = [finding.statement.spans[0].start for finding in record.findings if finding.statement]
    ends = [finding.rectification.spans[-1].end for finding in record.findings if finding.rectification]
    return min(starts), max(ends)


def test_what_no_field_takes_is_a_number_or_a_label(notice_text: str, quotes_in: QuotesIn) -> None:
    record = extract(notice_text)
    for piece in left_over(quotes_in(record), notice_text, *findings_part(record)):
        assert EXPLAINED.fullmatch(piece), piece


def test_a_stray_paragraph_is_never_lost(notice_text: str, quotes_in: QuotesIn) -> None:
    stray = "附记文字甲乙丙丁戊己"
    record = extract(notice_text)
    begin, end = findings_part(record)
    for line in re.finditer("\n", notice_text):
        if begin < line.start() < end:
            text = f"{notice_text[: line.end()]}{stray}\n{notice_text[line.end() :]}"
            assert any(stray in quote.text for quote in quotes_in(extract(text))), text[: line.end()][-40:]


def test_text_between_heading_and_first_finding_is_reported() -> None:
    text = """中共青石县民政局党组关于巡察整改情况的通报
根据县委统一部署，县委第一巡察组对县民政局党组开展了巡察。现将整改情况予以公布。
一、聚焦基层党组织建设方面
本部分由机关党委牵头办理。
1.党内生活不严肃。
整改情况：制定计划，按月督促。
中共青石县民政局党组
2023年5月8日
"""
    record = extract(text)
    left = [quote.text for quote in record.unassigned]
    assert any("本部分由机关党委牵头办理。" in quote for quote in left)
    assert "unassigned_text" in {issue.kind for issue in record.issues}


class Line(Record):
    body: Quote | None


def left_by(text: str, scope: list[Span], labels: list[Span], quoted: list[Span]) -> tuple[Quote, ...]:
    document = Document(text)
    answer = Answer(pointer_schema(Line)(), scope=tuple(scope), labels=tuple(labels))
    return unassigned(Units(document, segment(document)), answer, quoted)


TEXT = "甲。 乙丙：丁戊。**己** ，庚"


@pytest.mark.parametrize(
    ("scope", "labels", "quoted", "left"),
    [
        ([], [], [], []),
        ([Span(0, 17)], [], [], [("甲。乙丙：丁戊。己，庚", [0, 17])]),
        ([Span(0, 17)], [Span(3, 6)], [Span(0, 2), Span(6, 9)], [("己，庚", [9, 17])]),
        ([Span(0, 17)], [], [Span(0, 12), Span(16, 17)], []),
        ([Span(0, 9)], [Span(3, 6)], [], [("甲。", [0, 2]), ("丁戊。", [6, 9])]),
        ([Span(0, 2), Span(6, 9)], [], [], [("甲。", [0, 2]), ("丁戊。", [6, 9])]),
        ([Span(0, 9)], [], [Span(0, 8), Span(3, 5)], []),
    ],
    ids=["no scope", "nothing taken", "label and quotes", "only marks left", "gaps", "two scopes", "nested quotes"],
)
def test_gaps(scope: list[Span], labels: list[Span], quoted: list[Span], left: list[tuple[str, list[int]]]) -> None:
    found = left_by(TEXT, scope, labels, quoted)
    assert [(quote.text, list(quote.spans[0])) for quote in found] == left


spans = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda pair: Span(pair[0], min(pair[0] + pair[1], 41))),
    max_size=8,
)


@given(st.text(st.sampled_from("整改，。*# \n1"), min_size=41, max_size=41), spans, spans, spans)
def test_every_word_in_scope_is_taken_or_left(
    text: str, scope: list[Span], labels: list[Span], quoted: list[Span]
) -> None:
    left = [span for quote in left_by(text, scope, labels, quoted) for span in quote.spans]

    def covered(places: list[Span], place: int) -> bool:
        return any(start <= place < end for start, end in places)

    for place, character in enumerate(text):
        in_scope, taken = covered(scope, place), covered([*labels, *quoted], place)
        if character.isalnum():
            assert covered(left, place) is (in_scope and not taken)
    assert left == sorted(left)


def test_record_without_findings_has_nothing_to_cover(tmp_path: Path) -> None:
    path = tmp_path / "news.txt"
    path.write_text("今天上午，全市春季植树活动在滨河公园举行，三百余名干部群众参加。\n", encoding="utf-8")
    assert extract(path).unassigned == ()

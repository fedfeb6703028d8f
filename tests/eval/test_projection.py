"""Gold stands on the text as it was read: what was misread moves with it, what was lost stays missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eval.gold import GoldDocument
from eval.outcomes import compare
from eval.projection import ADDED_RUN, LOST_RUN, correspond, project
from eval.scoring import score
from extractor import Document, Notice
from extractor.records import Quote, Span
from extractor.standoff import is_ignored


def as_read(gold: GoldDocument, text: str) -> Notice:
    """The record of gold on another text."""
    record = project(gold, Document(text, name="read")).record
    assert isinstance(record, Notice)
    return record


def content(record: Any) -> dict[str, Any]:
    """A record without its source and provenance."""
    values: dict[str, Any] = record.model_dump(exclude={"source", "provenance"})
    return values


def words(text: str) -> str:
    """A text without what a quote drops anyway."""
    return "".join(character for character in text if not is_ignored(character))


@given(data=st.data())
def test_a_text_read_as_it_was_written_has_the_same_gold(
    gold_documents: st.SearchStrategy[GoldDocument], quotes_in: Callable[[Any], Iterator[Quote]], data: st.DataObject
) -> None:
    gold = data.draw(gold_documents)
    # a mark within a line, which a quote keeps, does not count in alignment
    assume(not any(mark in quote.text for quote in quotes_in(gold.record) for mark in "#*>"))
    assert content(as_read(gold, gold.document.text)) == content(gold.record)


@pytest.mark.parametrize("width", [1, 2, 7, 25, 1000])
def test_white_space_changes_no_quote(
    ferry: GoldDocument, quotes_in: Callable[[Any], Iterator[Quote]], width: int
) -> None:
    squeezed = re.sub(r"\s+", "", ferry.document.text)
    read = "\n".join(squeezed[place : place + width] for place in range(0, len(squeezed), width))
    record = as_read(ferry, read)
    pairs = zip(quotes_in(ferry.record), quotes_in(record), strict=True)
    assert all(words(ours.text) == words(theirs.text) for ours, theirs in pairs)
    assert all(
        words("".join(read[start:end] for start, end in quote.spans)) == words(quote.text)
        for quote in quotes_in(record)
    )


def test_a_misread_character_is_the_gold_quote(ferry: GoldDocument) -> None:
    read = ferry.document.text.replace("漂浮衣", "漂俘衣").replace("2024年3月1日", "2O24年3月1日")
    record = as_read(ferry, read)
    assert any("漂俘衣" in (finding.statement.text if finding.statement else "") for finding in record.findings)
    assert record.issued_on is not None
    assert record.issued_on.quote.text == "2O24年3月1日"
    assert record.issued_on.value == "2024-03-01"


def test_a_title_of_a_document_moves_with_its_characters(ferry: GoldDocument) -> None:
    record = as_read(ferry, ferry.document.text.replace("《渡船检修办法》", "《渡船捡修办法》"))
    assert {document.title for finding in record.findings for document in finding.documents} == {"渡船捡修办法"}


def test_a_character_read_as_two_belongs_to_the_quote(ferry: GoldDocument) -> None:
    record = as_read(ferry, ferry.document.text.replace("救生设备配备不足", "救生设备酉己备不足"))
    assert any(
        "救生设备酉己备不足" in (finding.statement.text if finding.statement else "") for finding in record.findings
    )


def test_a_page_header_amid_a_quote_does_not(ferry: GoldDocument) -> None:
    read = ferry.document.text.replace("投入5万元购置", "投入5万元\n岭前日报第三版\n购置")
    measures = [measure.quote for finding in as_read(ferry, read).findings for measure in finding.measures]
    torn = next(quote for quote in measures if "投入5万元" in quote.text)
    assert torn.text.startswith("投入5万元购置救生衣")
    assert len(torn.spans) == 2


def test_what_was_lost_stays_in_gold_beyond_the_text(ferry: GoldDocument) -> None:
    read = ferry.document.text.replace("联系电话：0999-1234567；", "")
    record = as_read(ferry, read)
    (phone,) = record.contact.phones
    assert phone.text == "0999-1234567"
    assert all(span.start >= len(read) for span in phone.spans)


def test_a_quote_with_a_lost_run_is_lost_as_a_whole(ferry: GoldDocument) -> None:
    statement = "（2）救生设备配备不足，缺口折合5万元，其中漂浮衣一项15万元预算未执行。"
    for lost, is_lost in (("缺口折合5万元，", True), ("，", False)):
        assert (len(lost) >= LOST_RUN) == is_lost
        read = ferry.document.text.replace(statement, statement.replace(lost, "", 1))
        found = [finding.statement for finding in as_read(ferry, read).findings if finding.statement]
        (quote,) = [quote for quote in found if "救生设备" in quote.text]
        assert (quote.spans[0].start >= len(read)) == is_lost
        assert ("缺口折合5万元" in quote.text) or not is_lost


def test_an_engine_that_reads_a_text_with_losses_perfectly_misses_what_was_lost(ferry: GoldDocument) -> None:
    text = ferry.document.text.replace("电子邮箱：dk@example.cn", "")
    gold = project(ferry, Document(text))
    seen = gold.record.model_copy(update={"contact": gold.record.contact.model_copy(update={"emails": ()})})
    total = score(compare(gold.record, seen, text)).total()
    assert (total.wrong, total.missing, total.spurious) == (0, 1, 0)


def test_a_column_out_of_its_order_is_found_where_it_went(ferry: GoldDocument) -> None:
    text = ferry.document.text
    cut, end = text.index("二、需要进一步"), text.index("联系电话")
    read = text[cut:end] + text[:cut] + text[end:]
    found = correspond(text, read)
    assert found.kept() == 1.0
    assert found.misread == found.added == 0.0
    assert len(found.jumps) == 1
    assert as_read(ferry, read).findings[-1].follow_up is not None


def test_shares_say_what_was_lost_misread_and_added() -> None:
    original = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
    found = correspond(original, f"页眉页脚广告\n{original.replace('子', '于')}")
    assert found.kept() == 1.0
    assert found.misread == 1 / len(original)
    assert found.added == 6 / (6 + len(original))
    lost = correspond(original, original[:10])
    assert lost.kept() == 10 / len(original)
    assert lost.kept(Span(0, 5)) == 1.0
    assert lost.misread == 0.0


def test_nothing_stands_for_an_unlike_text() -> None:
    found = correspond("关于巡察整改情况的通报", "岭前日报今日天气晴转多云西北风三级")
    assert found.kept() < 0.1
    assert found.project([Span(0, 11)]) is None


@given(st.text("甲乙丙丁戊，。\n", max_size=60), st.text("甲乙丙丁戊，。\n", max_size=60))
def test_a_place_is_taken_once_and_counts(original: str, read: str) -> None:
    found = correspond(original, read)
    assert len(set(found.places.values())) == len(found.places)
    assert all(not is_ignored(original[ours]) and not is_ignored(read[theirs]) for ours, theirs in found.places.items())
    assert 0 <= found.misread <= 1 and 0 <= found.added <= 1 and 0 <= found.kept() <= 1


@given(st.integers(0, 400), st.integers(0, 400))
def test_what_stands_between_two_of_a_quote_is_never_more_than_a_misreading(one: int, other: int) -> None:
    original = "".join(chr(0x4E00 + place) for place in range(200))
    read = original[: one // 2] + "广告" * (other % 4) + original[one // 2 :]
    spans = correspond(original, read).project([Span(0, len(original))])
    assert spans is not None
    assert sum(end - start for start, end in spans) <= len(original) + ADDED_RUN


def test_a_text_that_repeats_itself_is_aligned_too() -> None:
    original = "整改情况：已完成整改。\n" * 1500
    read = original.replace("\n", "")
    assert correspond(original, read).kept() == 1.0


def test_the_document_of_projected_gold_is_the_text_as_read(ferry: GoldDocument) -> None:
    read = Document(ferry.document.text.replace("\n\n", "\n"), name="ferry.html")
    gold = project(ferry, read)
    assert gold.document is read
    assert gold.record.source.sha256 == read.sha256
    assert replace(gold, document=ferry.document, record=ferry.record) == ferry

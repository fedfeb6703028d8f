"""Drafts compiled into places: short strings, which occur many times, find the place that their field has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from eval.drafts import compile_draft, read_draft
from eval.gold import GoldError
from extractor.document import Document
from extractor.records import Notice, Quote


def _compile(draft: dict[str, Any], notice: Document) -> Notice:
    return compile_draft(draft, notice, "1.0").record


def _behind(notice: Document, words: str) -> int:
    """Where the text goes on behind some words."""
    assert notice.text.count(words) == 1
    return notice.text.index(words) + len(words)


def _start(quote: Quote | None) -> int:
    assert quote is not None
    return quote.spans[0].start


def test_a_passage_over_wrapped_lines_is_one_span(draft: dict[str, Any], notice: Document) -> None:
    record = _compile(draft, notice)
    assert record.title is not None
    assert record.findings[0].statement is not None
    assert record.title.text == "中共青岚县渡口管理所支部委员会关于巡察整改情况的通报"
    assert len(record.title.spans) == 1
    assert record.findings[0].statement.text == "船舶检修台账不全，2艘渡船超期未检。"
    assert len(record.findings[0].statement.spans) == 1


def test_everything_is_found_where_it_belongs(draft: dict[str, Any], notice: Document) -> None:
    assert compile_draft(draft, notice, "1.0").notes == ()


def test_the_signature_is_the_line_of_its_own_at_the_end(draft: dict[str, Any], notice: Document) -> None:
    record = _compile(draft, notice)
    assert _start(record.issuer) == _behind(notice, "dk@example.cn\n\n")
    assert record.issued_on is not None
    assert record.issued_on.quote.spans[0].end == notice.text.index("\n\n版权所有")


def test_dates_of_the_introduction_follow_one_another(draft: dict[str, Any], notice: Document) -> None:
    text = notice.text.replace("7月3日反馈", "6月20日反馈")
    draft["inspection"]["feedback_on"] = {"value": "2023-06-20", "quote": "6月20日"}
    inspection = _compile(draft, Document(text)).inspection
    assert inspection.ended is not None
    assert inspection.feedback_on is not None
    assert inspection.ended.quote.spans[0].start < inspection.feedback_on.quote.spans[0].start


def test_findings_share_a_rectification_and_all_in_it(draft: dict[str, Any], notice: Document) -> None:
    first, second, _ = _compile(draft, notice).findings
    assert first.rectification == second.rectification
    assert first.measures == second.measures
    assert first.status == second.status


def test_equal_sums_have_each_its_own_place_and_none_within_a_larger_number(
    draft: dict[str, Any], notice: Document
) -> None:
    amounts = _compile(draft, notice).findings[1].amounts
    starts = [_start(amount.quote) for amount in amounts]
    assert [amount.value for amount in amounts] == [50000, 150000, 50000, 50000]
    assert starts == sorted(set(starts))
    assert starts[0] == _behind(notice, "缺口折合")
    assert starts[2] == _behind(notice, "二是投入")
    assert starts[3] == _behind(notice, "追缴挪用的")


def test_headings_stand_before_what_they_head(draft: dict[str, Any], notice: Document) -> None:
    text = notice.text.replace("根据县委", "针对渡运安全管理不严，根据县委").replace(
        "一是补齐", "一是渡运安全管理不严，补齐"
    )
    for finding in draft["findings"][:2]:
        finding["rectification"] = "一是渡运安全~~该问题已完成整改。"
        finding["measures"][0]["quote"] = "渡运安全管理不严，补齐~~7号）。"
    first, second, _ = _compile(draft, Document(text)).findings
    assert _start(first.topic) == _behind(Document(text), "\n1.")
    assert first.topic == second.topic


def test_a_measure_stands_behind_its_mark(draft: dict[str, Any], notice: Document) -> None:
    text = notice.text.replace("一是补齐检修台账", "一是投入5万元购置备件，补齐检修台账")
    for finding in draft["findings"][:2]:
        finding["rectification"] = "一是投入5万元购置备件~~该问题已完成整改。"
        finding["measures"] = finding["measures"][1:]
    (measure,) = _compile(draft, Document(text)).findings[0].measures
    assert _start(measure.quote) == _behind(Document(text), "二是")


def test_a_status_is_the_whole_clause_where_its_words_occur_before(draft: dict[str, Any], notice: Document) -> None:
    text = notice.text.replace("补齐检修台账，", "补齐检修台账并已完成整改方案，").replace(
        "该问题已完成整改", "已完成整改"
    )
    for finding in draft["findings"][:2]:
        finding["rectification"] = "一是补齐检修台账~~。已完成整改。"
        finding["measures"][0]["quote"] = "补齐检修台账并~~7号）。"
        finding["status"]["quote"] = "已完成整改"
    status = _compile(draft, Document(text)).findings[0].status
    assert status.quote is not None
    assert text[status.quote.spans[0].end] == "。"


def test_a_deadline_is_that_of_the_follow_up(draft: dict[str, Any], notice: Document) -> None:
    text = notice.text.replace("2024年6月底前完成", "2024年12月底前完成")
    draft["findings"][2]["rectification"] = "正在清理历年欠款12.5万元，2024年12月底前完成。"
    deadline = _compile(draft, Document(text)).findings[2].deadline
    assert deadline is not None
    assert _start(deadline.quote) == _behind(Document(text), "完成时限：")


def test_a_document_has_title_and_number_out_of_its_quote(draft: dict[str, Any], notice: Document) -> None:
    for finding in draft["findings"][:2]:
        finding["documents"][0]["title"] = "渡船 检修办法"
        finding["documents"][0]["quote"] = "《渡船~~7号）"
    (document,) = _compile(draft, notice).findings[0].documents
    assert document.title == "渡船检修办法"
    assert document.number == "青渡发〔2023〕7号"
    assert document.quote.text == "《渡船检修办法》（青渡发〔2023〕7号）"


def test_after_says_which_of_several_places_is_meant(draft: dict[str, Any], notice: Document) -> None:
    draft["inspection"]["authority"] = {"q": "县委", "after": "至6月20日，"}
    assert _start(_compile(draft, notice).inspection.authority) == _behind(notice, "至6月20日，")


def test_a_torn_passage_has_a_span_for_each_piece_also_backwards(draft: dict[str, Any], notice: Document) -> None:
    torn = notice.text.replace("一是补齐检修台账，印发", "一是补齐检修台账，\n- 2 -\n印发")
    torn = torn.replace("对2名责任人进行约谈。该问题", "对2名责任人进行约谈。\n").replace("首页 >", "该问题\n首页 >")
    for finding in draft["findings"][:2]:
        finding["rectification"] = ["一是补齐检修台账，", "印发《渡船~~约谈。", "该问题", "已完成整改。"]
        finding["status"]["quote"] = "该问题已完成整改"
    finding = _compile(draft, Document(torn)).findings[0]
    assert finding.rectification is not None
    assert finding.status.quote is not None
    spans = finding.rectification.spans
    assert [torn[start:end][:3] for start, end in spans] == ["一是补", "印发《", "该问题", "已完成"]
    assert spans[2].start == 0
    assert finding.measures[0].quote.text.startswith("补齐检修台账，印发《")
    assert len(finding.measures[0].quote.spans) == 2
    assert finding.status.quote.text == "该问题已完成整改"
    assert len(finding.status.quote.spans) == 2


def test_what_stands_elsewhere_than_expected_is_noted(draft: dict[str, Any], notice: Document) -> None:
    draft["findings"][2]["responsible"] = ["渡口所"]
    notes = compile_draft(draft, notice, "1.0").notes
    assert notes == (
        f"findings[2].responsible[0]: found only outside of where it belongs, at {notice.text.index('渡口所')}",
    )


@pytest.mark.parametrize(
    ("steps", "value", "problem"),
    [
        (("title",), "关于别的事情的通报", "title: is not in the notice"),
        (("title",), "", "title: should be a string"),
        (("title",), ["关于", 7], "title: should be a string"),
        (("title",), {"q": "关于"}, "title: should be a string"),
        (("title",), {"q": "关于", "after": "没有这句话"}, "title: the text that it should stand after is not"),
        (
            ("findings", 1, "measures", 1, "quote"),
            "投入~~进行问责。",
            "findings[1].measures[1].quote: is not in the notice",
        ),
        (
            ("findings", 0, "documents", 0, "number"),
            "青渡发〔2023〕8号",
            "findings[0].documents[0].number: is not in the quote",
        ),
        (
            ("findings", 0, "status"),
            {"value": "completed", "quote": None},
            "findings[0].status.quote: does not go with",
        ),
        (("findings", 0, "focus"), "money", "findings[0].focus: Input should be"),
        (("findings", 0), "船舶检修台账不全", "findings[0]: should be a finding"),
        (("findings",), None, "findings: Input should be"),
        (("inspection",), "县委", "inspection: Input should be"),
        (("issued_on",), "2024年3月1日", "issued_on: Input should be"),
        (("colour",), "red", "colour: Extra inputs are not permitted"),
    ],
)
def test_a_wrong_draft_is_refused_by_field(
    draft: dict[str, Any], notice: Document, steps: tuple[str | int, ...], value: Any, problem: str
) -> None:
    part: Any = draft
    for step in steps[:-1]:
        part = part[step]
    part[steps[-1]] = value
    with pytest.raises(GoldError, match=re.escape(f"drafts/ferry.json: {problem}")) as refused:
        compile_draft(draft, notice, "1.0", "drafts/ferry.json")
    assert refused.value.field == problem.partition(":")[0]


@pytest.mark.parametrize("key", ["title", "contact", "findings"])
def test_a_missing_field_is_refused(draft: dict[str, Any], notice: Document, key: str) -> None:
    del draft[key]
    with pytest.raises(GoldError) as refused:
        compile_draft(draft, notice, "1.0")
    assert refused.value.field == key


def test_all_that_is_wrong_is_said_at_once(draft: dict[str, Any], notice: Document) -> None:
    draft["title"] = "没有"
    draft["findings"][0]["statement"] = "也没有"
    with pytest.raises(GoldError) as refused:
        compile_draft(draft, notice, "1.0")
    assert {field for field, _ in refused.value.problems} == {"title", "findings[0].statement"}


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_draft_file_holds_one_json_object(tmp_path: Path, content: str) -> None:
    path = tmp_path / "draft.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GoldError, match=r"draft\.json"):
        read_draft(path)

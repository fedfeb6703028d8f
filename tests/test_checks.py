"""What is suspicious is reported, whatever it is, and nothing is reported of a record in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from extractor import Document, Notice, extract
from extractor.checks import check
from extractor.document import Origin, Place, Remark
from extractor.records import Finding, Issue, Quote, Span, StatusValue

FRAME = """中共白杨县民政局党组关于巡察整改情况的通报
根据县委统一部署，{period}，县委第二巡察组对县民政局党组开展了巡察。{feedback}，县委第二巡察组反馈了巡察意见{totals}。现将整改情况予以公布。
一、聚焦基层党组织建设方面
{findings}
中共白杨县民政局党组
2023年5月8日
"""
FINDINGS = """1.党内生活不严肃。
整改情况：已完成整改。制定年度计划，按月督促落实。
2.发展党员把关不严。
整改情况：已完成整改。举办培训班2期，培训党务干部63人。
3.阵地建设滞后。
整改情况：正在整改。启动活动室改造，预计2023年10月底前建成。"""


def notice(
    period: str = "2022年9月1日至11月10日",
    feedback: str = "2022年12月5日",
    totals: str = "",
    findings: str = FINDINGS,
) -> str:
    return FRAME.format(period=period, feedback=feedback, totals=totals, findings=findings)


def issues_of(text: str) -> list[Issue]:
    return list(extract(text).issues)


def kinds(issues: tuple[Issue, ...] | list[Issue]) -> list[str]:
    return [issue.kind for issue in issues]


def changed(record: Notice, index: int, **fields: Any) -> Notice:
    """The record with some fields of one finding replaced."""
    findings = list(record.findings)
    findings[index] = findings[index].model_copy(update=fields)
    return record.model_copy(update={"findings": tuple(findings)})


@pytest.fixture
def document() -> Document:
    return Document(notice())


@pytest.fixture
def record(document: Document) -> Notice:
    return extract(document)


def test_nothing_is_suspicious_in_order(record: Notice, document: Document) -> None:
    assert len(record.findings) == 3
    assert check(record, document) == ()
    assert record.issues == ()


def test_nothing_is_suspicious_in_a_notice_as_organs_write_it(water_bureau: Path) -> None:
    assert extract(water_bureau).issues == ()


def test_gap_in_numbering(document: Document, record: Notice) -> None:
    issues = issues_of(notice(findings=FINDINGS.replace("3.阵地", "4.阵地")))
    assert kinds(issues) == ["numbering_gap"]
    assert issues[0].finding == 2
    assert "2" in issues[0].message
    assert "4" in issues[0].message
    assert kinds(check(changed(record, 2, path=("一", "7")), document)) == ["numbering_gap"]


def test_numbers_may_begin_anew_under_another_heading_or_run_through() -> None:
    anew = FINDINGS + "\n二、聚焦干部队伍建设方面\n1.年龄老化。\n整改情况：已完成整改。招录6人。"
    through = FINDINGS + "\n二、聚焦干部队伍建设方面\n4.年龄老化。\n整改情况：已完成整改。招录6人。"
    for findings in (anew, through):
        read = extract(notice(findings=findings))
        assert len(read.findings) == 4
        assert read.issues == ()


def test_label_without_a_finding(document: Document, record: Notice) -> None:
    fewer = record.model_copy(update={"findings": record.findings[:2]})
    issues = check(fewer, document)
    assert "label_without_finding" in kinds(issues)
    place = next(issue for issue in issues if issue.kind == "label_without_finding").spans[0]
    assert document.text[place.start : place.end].startswith("整改情况")
    assert place.start == document.text.rindex("整改情况：正在")


def test_unassigned_text(document: Document, record: Notice) -> None:
    quote = Quote(text="另附说明。", spans=(Span(3, 8),))
    issues = check(record.model_copy(update={"unassigned": (quote,)}), document)
    assert kinds(issues) == ["unassigned_text"]
    assert issues[0].spans == quote.spans
    assert "另附说明。" in issues[0].message


@pytest.mark.parametrize(
    ("period", "feedback", "words"),
    [
        ("2022年11月10日至2022年9月1日", "2022年12月5日", "started"),
        ("2022年9月1日至11月10日", "2022年10月5日", "ended"),
        ("2022年9月1日至11月10日", "2023年8月5日", "feedback_on"),
        ("2023年9月1日至11月10日", "2023年12月5日", "issued_on"),
    ],
)
def test_dates_out_of_order(period: str, feedback: str, words: str) -> None:
    issues = issues_of(notice(period=period, feedback=feedback))
    assert kinds(issues) == ["dates_out_of_order"]
    assert words in issues[0].message
    assert len(issues[0].spans) == 2


def test_dates_on_one_day_or_less_exact_are_in_order() -> None:
    assert issues_of(notice(period="2022年9月1日至2022年9月1日", feedback="2022年9月1日")) == []
    assert issues_of(notice(period="2022年9月至11月", feedback="2022年11月3日")) == []
    assert issues_of(notice(period="2022年9月1日至11月10日", feedback="2022年11月")) == []


def test_completed_before_its_deadline() -> None:
    report = "举办培训班2期。预计2023年9月底前完成。"
    pending = FINDINGS.replace("已完成整改。举办培训班2期，培训党务干部63人。", f"正在整改。{report}")
    assert issues_of(notice(findings=pending)) == []
    issues = issues_of(notice(findings=pending.replace(f"正在整改。{report}", f"已完成整改。{report}")))
    assert [(issue.kind, issue.finding) for issue in issues] == [("completed_before_deadline", 1)]
    assert "2023-09-30" in issues[0].message


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ("，指出具体问题3个", []),
        ("，反馈问题3项，已完成2项", []),
        ("，共反馈3个问题，已完成整改2个", []),
        ("，研究解决难点问题9个", []),
        ("，班子成员认领问题46条次", []),
        ("，班子查摆问题32条", []),
        ("，指出具体问题5个", ["total_findings"]),
        ("，反馈问题38项，已完成35项", ["total_findings", "total_completed"]),
        ("，反馈问题3项，已完成3项", ["total_completed"]),
        ("，反馈问题3项，制定整改措施12条，已完成11条", []),
        ("，12条整改措施已完成11条", []),
        ("，已完成11项整改措施", []),
        ("，12条整改措施已完成11条，3个问题已完成3个", ["total_completed"]),
    ],
)
def test_stated_totals_against_counted_ones(totals: str, expected: list[str]) -> None:
    issues = issues_of(notice(totals=totals))
    assert kinds(issues) == expected
    assert all(issue.spans for issue in issues)


def test_empty_findings(document: Document, record: Notice) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"statement": None}, "no_statement"),
        ({"rectification": None, "measures": ()}, "no_rectification"),
        ({"measures": ()}, "no_measures"),
    ]
    for fields, kind in cases:
        issues = check(changed(record, 1, **fields), document)
        assert (kind, 1) in [(issue.kind, issue.finding) for issue in issues]


def test_a_finding_not_started_needs_no_measures(document: Document, record: Notice) -> None:
    status = record.findings[2].status.model_copy(update={"value": StatusValue.NOT_STARTED})
    assert check(changed(record, 2, measures=(), status=status), document) == ()


@pytest.mark.parametrize("field", ["title", "issuer"])
def test_missing_parts(document: Document, record: Notice, field: str) -> None:
    assert kinds(check(record.model_copy(update={field: None}), document)) == [f"no_{field}"]


def test_news_story_is_no_notice() -> None:
    issues = issues_of("滨河公园昨日举行义务植树活动\n\n三百余名干部群众参加，栽下树苗1200株。\n")
    assert {"no_findings", "not_a_notice"} <= set(kinds(issues))


def test_undecodable_bytes() -> None:
    data = notice().encode("utf-8")
    read = extract(Document.from_bytes(data[:40] + b"\xff" + data[40:]))
    assert "undecodable" in kinds(read.issues)
    assert len(read.findings) == 3


def test_what_was_recognised_with_little_confidence_is_said_of_its_finding() -> None:
    text = notice()
    spans = [(text.index(line), text.index(line) + len(line)) for line in text.splitlines()]
    unsure = {"举办培训班2期", "中共白杨县民政局党组关于"}
    origins = [
        Origin(start, end, Place(page=1, confidence=0.5 if any(words in text[start:end] for words in unsure) else 0.99))
        for start, end in spans
    ]
    found = [
        issue for issue in extract(Document(text, origins=tuple(origins))).issues if issue.kind == "low_confidence"
    ]
    assert [issue.finding for issue in found] == [1, None]
    assert all(
        any(start < span.end and span.start < end for start, end in spans) for issue in found for span in issue.spans
    )
    assert "举办培训班2期" in "".join(text[slice(*span)] for span in found[0].spans)
    sure = Document(text, origins=tuple(origin._replace(place=Place(confidence=0.95)) for origin in origins))
    assert "low_confidence" not in kinds(extract(sure).issues)


def test_what_a_reader_remarked_is_an_issue_of_the_record() -> None:
    remark = Remark("tracked_changes", "2 changes were taken as accepted", ((0, 4),))
    (issue,) = [each for each in extract(Document(notice(), remarks=(remark,))).issues if each.kind == remark.kind]
    assert (issue.message, issue.spans, issue.finding) == (remark.message, (Span(0, 4),), None)


def test_checks_change_nothing(document: Document, record: Notice) -> None:
    empty: tuple[Finding, ...] = ()
    spoilt = record.model_copy(update={"findings": empty, "title": None})
    before = spoilt.model_dump()
    check(spoilt, document)
    assert spoilt.model_dump() == before

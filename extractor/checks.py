"""What is suspicious in a record: reported, never fatal, and nothing is dropped for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby, pairwise
from typing import Any

from extractor.document import Document
from extractor.normalization import fold, number
from extractor.patterns import lazy_pattern
from extractor.records import DateValue, Finding, Issue, Notice, Span, StatusValue

CONFIDENCE_NEEDED = 0.8
"""Quotes of lines that a recogniser was less sure of than this, from 0 to 1, are reported."""

_LABEL = lazy_pattern(r"整改(?:落实|进展|完成)?情况\s*[:：】]")
_FIRST_IN_PART = lazy_pattern(r"[(（][一1][)）]|[一1][、.．](?!\d)|聚焦|序号")
_LONGEST_PART_HEADING = 48
_NUMBER_BEFORE = lazy_pattern(r"[\d一二三四五六七八九十①-⒛][\s、.．)）:：]*$")
_TOTAL_FINDINGS = lazy_pattern(
    r"(?:反馈|指出|发现|移交)[^。;]{0,30}?(\d{1,3})[个项条](?:具体|突出|主要)?问题"
    r"|(?<!难点)(?<!重点)(?<!认领)(?<!解决)(?<!领办)(?<!查摆)(?<!检视)问题(\d{1,3})[个项条](?!次)"
)
_COMPLETED = lazy_pattern(
    r"(?P<stop>[。;\n])|(?P<finding>问题|任务|事项)|(?P<measure>措施|举措)"
    r"|(?:已|全部)?(?:完成(?:整改)?|整改(?:完成|到位))(?:了)?(?P<total>\d{1,3})[个项条](?!(?:整改)?(?:措施|举措))"
)


def check(record: Notice, document: Document) -> tuple[Issue, ...]:
    """Everything suspicious about a record, in a fixed order."""
    return (
        *_missing_parts(record),
        *_numbering(record, document),
        *_empty_findings(record),
        *_labels_without_finding(record, document),
        *_unassigned(record),
        *_date_order(record),
        *_late_deadlines(record),
        *_stated_totals(record, document),
        *_uncertain_findings(record, document),
    )


def _missing_parts(record: Notice) -> Iterator[Issue]:
    if not record.findings:
        yield Issue(
            kind="no_findings", message="no finding was read; the text may be no notice, or in a layout unknown"
        )
    for name in ("title", "issuer"):
        if getattr(record, name) is None:
            yield Issue(kind=f"no_{name}", message=f"no {name} was found")


def _numbering(record: Notice, document: Document) -> Iterator[Issue]:
    """Gaps and repeats in the numbers of findings that stand under one heading or run through the notice."""
    numbered = [(index, finding) for index, finding in enumerate(record.findings) if finding.path]
    for (_, left), (index, finding) in pairwise(numbered):
        before, after = _last_number(left), _last_number(finding)
        if before is None or after is None or len(left.path) != len(finding.path):
            continue
        same_heading = left.path[:-1] == finding.path[:-1]
        if left.path == finding.path:
            if _stand_numbered(document, left, finding):
                yield Issue(kind="numbering_repeat", message=f"number {after} stands twice", finding=index)
        elif after > before + 1 or (same_heading and after < before):
            message = f"number {before} is followed by {after}"
            yield Issue(kind="numbering_gap", message=message, finding=index)


def _stand_numbered(document: Document, *findings: Finding) -> bool:
    """Whether each finding has its number printed before its statement; others repeat that of what they stand in."""
    return all(
        finding.statement is not None
        and _NUMBER_BEFORE.search(
            document.text, max(finding.statement.spans[0].start - 8, 0), finding.statement.spans[0].start
        )
        for finding in findings
    )


def _last_number(finding: Finding) -> int | None:
    value = number(finding.path[-1])
    return int(value) if value is not None else None


def _empty_findings(record: Notice) -> Iterator[Issue]:
    for index, finding in enumerate(record.findings):
        if finding.statement is None:
            yield Issue(kind="no_statement", message="the finding has no statement", finding=index)
        if finding.rectification is None:
            yield Issue(kind="no_rectification", message="nothing is reported on the finding", finding=index)
        elif not finding.measures and finding.status.value is not StatusValue.NOT_STARTED:
            yield Issue(kind="no_measures", message="a report without a measure", finding=index)


def _labels_without_finding(record: Notice, document: Document) -> Iterator[Issue]:
    """Labels 整改情况： that no finding's report follows."""
    begins = {
        span.start for finding in record.findings if finding.rectification for span in finding.rectification.spans
    }
    spans = {span for finding in record.findings if finding.rectification for span in finding.rectification.spans}
    starts = sorted(start for start, _ in spans)
    furthest = list(accumulate((end for _, end in sorted(spans)), max))
    for match in _LABEL.finditer(document.text):
        place = match.end()
        while place < len(document.text) and (document.text[place].isspace() or document.text[place] in "#>*"):
            place += 1
        before = bisect_right(starts, match.start()) - 1
        if _opens_part(document.text, match, place):
            continue
        if place not in begins and not (before >= 0 and match.start() < furthest[before]):
            yield Issue(
                kind="label_without_finding",
                message=f"the label «{match.group()}» belongs to no finding",
                spans=(Span(*match.span()),),
            )


def _opens_part(text: str, label: re.Match[str], following: int) -> bool:
    """Whether a label ends the heading of a part (二、反馈问题整改情况：) whose first entry is the next line."""
    before = text[max(label.start() - _LONGEST_PART_HEADING, 0) : label.start()].rpartition("\n")[2]
    in_next_line = "\n" in text[label.end() : following]
    return bool(before.strip()) and in_next_line and _FIRST_IN_PART.match(text, following) is not None


def _unassigned(record: Notice) -> Iterator[Issue]:
    for quote in record.unassigned:
        shown = quote.text if len(quote.text) <= 30 else f"{quote.text[:30]}…"
        yield Issue(kind="unassigned_text", message=f"no field took «{shown}»", spans=quote.spans)


def _date_order(record: Notice) -> Iterator[Issue]:
    """Started ≤ ended ≤ feedback_on ≤ issued_on."""
    inspection = record.inspection
    named: list[tuple[str, DateValue | None]] = [
        ("started", inspection.started),
        ("ended", inspection.ended),
        ("feedback_on", inspection.feedback_on),
        ("issued_on", record.issued_on),
    ]
    known = [(name, date) for name, date in named if date is not None]
    for (name, date), (later_name, later) in pairwise(known):
        length = min(len(date.value), len(later.value))
        if date.value[:length] > later.value[:length]:
            message = f"{name} ({date.value}) is after {later_name} ({later.value})"
            yield Issue(kind="dates_out_of_order", message=message, spans=(*date.quote.spans, *later.quote.spans))


def _late_deadlines(record: Notice) -> Iterator[Issue]:
    written = record.issued_on or record.published_on
    if written is None:
        return
    for index, finding in enumerate(record.findings):
        late = finding.deadline is not None and finding.deadline.value[: len(written.value)] > written.value
        if late and finding.deadline and finding.status.value is StatusValue.COMPLETED:
            message = f"completed, but due on {finding.deadline.value}, after the notice of {written.value}"
            yield Issue(
                kind="completed_before_deadline", message=message, finding=index, spans=finding.deadline.quote.spans
            )


def _stated_totals(record: Notice, document: Document) -> Iterator[Issue]:
    """Totals that the introduction states (反馈问题38项，已完成35项) against what was read."""
    first = min((f.statement.spans[0].start for f in record.findings if f.statement), default=0)
    head = fold(document.text[:first])
    reports = len([finding for finding, _ in groupby(record.findings, key=lambda f: (f.path, f.statement))])
    if match := _TOTAL_FINDINGS.search(head):
        stated = int(match[1] or match[2])
        if stated != reports:
            message = f"the notice speaks of {stated} findings, {reports} were read"
            yield Issue(kind="total_findings", message=message, spans=(Span(*match.span()),))
    completed = sum(finding.status.value is StatusValue.COMPLETED for finding in record.findings)
    stated_any = any(finding.status.value is not StatusValue.NOT_STATED for finding in record.findings)
    if stated_any and (match := _total_completed(head)) and int(match["total"]) != completed:
        message = f"the notice speaks of {match['total']} completed findings, {completed} were read as completed"
        yield Issue(kind="total_completed", message=message, spans=(Span(*match.span()),))


def _total_completed(head: str) -> re.Match[str] | None:
    """The first total of completed findings; one of measures (126条整改措施已完成118条) is none."""
    named: str | None = None
    for match in _COMPLETED.finditer(head):
        if match.lastgroup == "total" and named != "measure":
            return match
        named = match.lastgroup
    return None


def _uncertain_findings(record: Notice, document: Document) -> Iterator[Issue]:
    """Quotes whose characters a recogniser was not sure of, finding by finding, then those of the notice itself."""
    if not any(origin.place.confidence is not None for origin in document.origins):
        return
    for index, finding in enumerate(record.findings):
        yield from uncertain_quotes(_spans_in(finding.model_dump()), document, index)
    yield from uncertain_quotes(_spans_in(record.model_dump(exclude={"findings", "issues", "unassigned"})), document)


def uncertain_quotes(spans: Iterable[Span], document: Document, finding: int | None = None) -> tuple[Issue, ...]:
    """One issue for all of these spans that stand in lines which were recognised with little confidence.

    Args:
        spans: places of quotes.
        document: the text, with the places that its lines had.
        finding: index of the finding that the quotes belong to.
    """
    weak = [
        origin
        for origin in document.origins
        if origin.place.confidence is not None and origin.place.confidence < CONFIDENCE_NEEDED
    ]
    merged: list[Span] = []
    for start, end in sorted(set(spans)) if weak else ():
        if merged and start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    found = tuple(
        Span(max(start, line.start), min(end, line.end))
        for start, end in merged
        for line in weak
        if start < line.end and line.start < end
    )
    if not found:
        return ()
    message = f"{len(found)} lines were recognised with a confidence under {CONFIDENCE_NEEDED:.0%}; compare the picture"
    return (Issue(kind="low_confidence", message=message, finding=finding, spans=found),)


def _spans_in(content: Any) -> Iterator[Span]:
    """The spans of every quote in the dump of a record."""
    if isinstance(content, dict):
        yield from content.get("spans", ())
        for value in content.values():
            yield from _spans_in(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _spans_in(value)

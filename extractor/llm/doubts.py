"""Where the rules may have misread a notice: what checks and coverage call in question, and words that no field took.

A doubt is worth a question, no more: measured on the gold, about every second one is justified.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from pydantic import BaseModel

from extractor.normalization import fold
from extractor.pointers import Answer
from extractor.records import Extraction, Finding, Issue, Notice, Quote, Span, StatusValue

STRUCTURE = frozenset(Finding.model_fields) - {"documents", "amounts"}
"""All fields that an engine points to: what is in doubt where it is not clear which findings there are."""

_HOPELESS = ("not_a_notice", "no_findings")
_STRUCTURAL = ("numbering_gap", "numbering_repeat", "label_without_finding", "stray_line", "pointer_unresolved")
_MISSING = ("no_statement", "no_rectification")

# what rules take for a deadline, a sanction or a status is narrower than the words that may say one
_DEADLINE = re.compile(r"(?:\d月(?:\d{1,2}日)?|年)(?:底|末|初|[上中下]旬)?之?[前内]|年底前|\d{4}年底")
_HELD_TO_ACCOUNT = re.compile(
    "处分|问责|追责|免职|免去|撤职|撤销[^,。;]{0,12}职务|调离|书面检查|作检查|检讨|诫勉|约谈|谈话|批评|警告|[扣停]发|扣除|扣减|"
    "退还|退回|退缴|退赔|追[缴回]|清退|解聘|处理[^,。;]{0,8}[人名]|形态|移送|取消[^,。;]{0,12}(?:资格|等次)|予以通报"
)
_STATUS = re.compile(
    "阶段性成[效果]|(?:持续|长期)(?:推进|整改|坚持)|基本(?:完成|整改|到位)|整改(?:完成|到位)|已完成|正在"
)
_NO_MEASURE = re.compile("^(?:剩余|其余|余下|下一步|未完成|以上|整改成效|明确)")
_PLANS = re.compile("下一步|今后|一是|第一[,，、]")
_ADDRESS = re.compile("地址|邮编|邮政|信箱|[寄送]至|来信|信函")
_LAST_WORDS = 40
_TIMES_LONGER = 6
_FEWEST_SIBLINGS = 4


@dataclass(frozen=True)
class Doubts:
    """What may be wrong with a record that the rules made.

    Attributes:
        findings: by the index of a finding the names of its fields in doubt; ``STRUCTURE`` where it may be none, or
            several, or end elsewhere.
        fields: names of the notice's own fields in doubt.
        is_hopeless: the rules cannot read this text at all.
    """

    findings: dict[int, frozenset[str]] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()
    is_hopeless: bool = False

    def __bool__(self) -> bool:
        """Whether there is any doubt."""
        return bool(self.findings or self.fields or self.is_hopeless)


def doubts_about(record: Notice, by_rules: Answer, begins: Sequence[int], text: str) -> Doubts:
    """The doubts about a record.

    Args:
        record: what came of the rules' answer, with its issues.
        by_rules: that answer, which knows where the findings part is.
        begins: where each finding begins in the text.
        text: of the document.
    """
    if any(issue.kind in _HOPELESS for issue in record.issues):
        return Doubts(is_hopeless=True)
    findings: dict[int, frozenset[str]] = {}
    for number in _in_structure(record, begins):
        findings[number] = STRUCTURE
    for number, finding in enumerate(record.findings):
        if names := frozenset(_in_values(finding, text)):
            findings[number] = findings.get(number, frozenset()) | names
    return Doubts(dict(sorted(findings.items())), frozenset(_in_frame(record, by_rules, text)))


def _in_structure(record: Notice, begins: Sequence[int]) -> Iterator[int]:
    """The findings of which the extent is in doubt."""
    order = sorted(range(len(begins)), key=begins.__getitem__)
    starts = [begins[number] for number in order]

    def at(place: int) -> int:
        return order[max(bisect_right(starts, place) - 1, 0)]

    siblings_report = sum(finding.rectification is not None for finding in record.findings) * 2 > len(record.findings)
    for issue in record.issues:
        if issue.kind in _STRUCTURAL or (issue.kind in _MISSING and siblings_report):
            yield from _concerned(issue)
            yield from (at(span.start) for span in issue.spans)
        if issue.kind == "line_moved":
            yield from (number for number, finding in enumerate(record.findings) if _holds(finding, issue.spans))
            yield from (at(span.start) for span in issue.spans)
        if issue.kind == "stray_line":
            # it belongs to something that stands near
            near = [bisect_right(starts, span.start) - 1 + step for span in issue.spans for step in (-1, 1)]
            yield from (order[place] for place in near if 0 <= place < len(order))
    yield from (at(quote.spans[0].start) for quote in record.unassigned)
    yield from _much_longer([finding.statement for finding in record.findings])


def _holds(finding: Finding, spans: Collection[Span]) -> bool:
    """Whether one of these spans is part of what a finding states or reports."""
    quotes = [quote for quote in (finding.statement, finding.rectification) if quote]
    return any(own.start < span.end and span.start < own.end for q in quotes for own in q.spans for span in spans)


def _concerned(issue: Issue) -> Iterable[int]:
    """The finding of an issue; a gap in the numbers lies between two."""
    if issue.finding is None:
        return ()
    first = issue.finding - 1 if issue.kind.startswith("numbering") and issue.finding else issue.finding
    return range(first, issue.finding + 1)


def _much_longer(statements: Sequence[Quote | None]) -> Iterator[int]:
    """Statements so long that they may hold the report as well."""
    lengths = [len(statement.text) for statement in statements if statement]
    if len(lengths) < _FEWEST_SIBLINGS:
        return
    limit = _TIMES_LONGER * median(lengths)
    yield from (number for number, quote in enumerate(statements) if quote and len(quote.text) > limit)


def _in_values(finding: Finding, text: str) -> Iterator[str]:
    """The fields of a finding for which there are words that they did not take."""
    said = [quote for quote in (finding.rectification, finding.remaining, finding.follow_up) if quote]
    if finding.deadline is None and any(_DEADLINE.search(fold(quote.text)) for quote in said):
        yield "deadline"
    if finding.rectification is None:
        return
    if _speaks_of_sanctions(finding, finding.rectification, text):
        yield "accountability"
    if finding.status.value is StatusValue.NOT_STATED and _STATUS.search(finding.rectification.text[-_LAST_WORDS:]):
        yield from ("status", "measures", "remaining")
    marked = [measure.marker is not None for measure in finding.measures]
    if any(marked) and not marked[-1]:
        yield from ("status", "measures")
    if any(_NO_MEASURE.match(measure.quote.text) for measure in finding.measures):
        yield from ("status", "measures")


def _speaks_of_sanctions(finding: Finding, report: Quote, text: str) -> bool:
    """Whether words that may hold somebody to account stand in no clause that does."""
    taken = [span for step in finding.accountability for span in step.quote.spans]
    for start, end in report.spans:
        for match in _HELD_TO_ACCOUNT.finditer(fold(text[start:end])):
            place = start + match.start()
            if not any(first <= place < last for first, last in taken):
                return True
    return False


def _in_frame(record: Notice, by_rules: Answer, text: str) -> Iterator[str]:
    """The fields of the notice itself that are missing though there may be something to point to."""
    yield from (name for name in ("title", "issuer") if getattr(record, name) is None)
    end = max((span.end for span in by_rules.scope), default=0)
    left = [fold(text[start:stop]) for start, stop in _untaken(record, end, len(text))]
    if not record.next_steps and any(_PLANS.search(words) and "。" in words for words in left):
        yield "next_steps"
    if record.contact.postal_address is None and any(_ADDRESS.search(words) for words in left):
        yield "contact"


def _untaken(record: Notice, start: int, end: int) -> Iterator[Span]:
    """The stretches of the text between two places that no quote took."""
    for taken in sorted(_spans(record)):
        if taken.end <= start or taken.start >= end:
            continue
        if taken.start > start:
            yield Span(start, taken.start)
        start = taken.end
    if start < end:
        yield Span(start, end)


def _spans(value: object) -> Iterator[Span]:
    if isinstance(value, Quote):
        yield from value.spans
    elif isinstance(value, BaseModel):
        yield from (span for name, part in value if name not in Extraction.model_fields for span in _spans(part))
    elif isinstance(value, tuple):
        yield from (span for part in value for span in _spans(part))

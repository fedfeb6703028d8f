"""The rule engine: units in, pointers out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from extractor.errors import EngineError
from extractor.pointers import Answer, Pointer, Units, pointer_schema
from extractor.records import Issue, Notice, Span
from extractor.rules.entries import finding_entries
from extractor.rules.findings import FindingPassages, read_findings, take_named_statuses
from extractor.rules.frame import Frame, find_frame, states_rectification
from extractor.rules.later_parts import read_follow_up, read_next_steps
from extractor.rules.listed_problems import Listed, pair_listed_problems
from extractor.rules.marks import own_labels
from extractor.rules.outline import outline
from extractor.rules.parts import Part, findings_parts, heading_of, stated_as
from extractor.rules.reading import Range, Reading, read
from extractor.rules.status_lists import lists_statuses, read_status_lists
from extractor.rules.tree import Entry


class FindingsPart(NamedTuple):
    """The part of a notice that holds its findings.

    Attributes:
        scope: the passages that are to be read completely.
        labels: places in them that are labels, headings and numbers, hence belong to no field of a finding.
    """

    scope: tuple[Span, ...]
    labels: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """The parts of a notice, before anything in them is read.

    Attributes:
        root: the outline.
        parts: its parts, each with what it is.
        listed: problems listed first, and their reports in a later part, where it is so.
        holders: the parts that hold findings.
        entries: the findings.
    """

    root: Entry
    parts: list[tuple[Entry, Part]]
    listed: Listed | None
    holders: list[Entry]
    entries: list[Entry]

    @property
    def scope(self) -> Range | None:
        return Range(self.holders[0].start, self.holders[-1].end) if self.holders else None

    def labels(self, reading: Reading) -> list[Range]:
        if not self.holders:
            return []
        inner = [entry for holder in self.holders for entry in holder.walk()]
        labels = [label.range for entry in inner for label in entry.labels]
        labels += [*self.root.words, *(self.listed.passed_over if self.listed else ())]
        labels += [heading for entry in inner if entry.children and (heading := heading_of(reading, entry))]
        return labels + [entry.mark.range for entry in inner if entry.mark]


class RulesEngine:
    """Reads notices of rectification offline, by the conventions of the genre."""

    name = "rules"

    def answer(self, units: Units, schema: type) -> Answer:
        """Point to the fields of a notice.

        Raises:
            EngineError: the schema is another than Notice, which rules cannot read.
        """
        if schema is not Notice:
            raise EngineError(f"the rules read notices only, not {schema.__name__}; use another engine for it")
        reading = read(units.document.text)
        frame = find_frame(reading)
        skeleton = _skeleton(reading, frame)
        issues: list[Issue] = []
        if not states_rectification(reading, frame):
            issues.append(
                Issue(kind="not_a_notice", message="the text does not present itself as a notice of rectification")
            )
        for words, kind in own_labels(reading).items():
            if kind is None:
                message = f"«{words}» opens several lines like a label, but what it announces is not known"
                issues.append(Issue(kind="unknown_label", message=message))
        issues += _lines_out_of_place(reading, units.document.text)
        point = _Pointing(reading, units)
        findings = _read_findings(reading, frame, skeleton)
        next_steps = _read_later_parts(reading, skeleton, findings)
        pointers = pointer_schema(Notice).model_validate(point.notice(frame, findings, next_steps))
        return Answer(pointers, tuple(issues), *_findings_part(reading, skeleton))

    def findings_part(self, units: Units) -> FindingsPart:
        """Where the findings stand, without reading them: half the work of an answer."""
        reading = read(units.document.text)
        return _findings_part(reading, _skeleton(reading, find_frame(reading)))


def _lines_out_of_place(reading: Reading, text: str) -> Iterator[Issue]:
    """What was done about the lines of a scan that strayed, or could not be done."""
    for span in reading.doubtful:
        message = f"a printed line that fits neither where it stands nor elsewhere: «{text[slice(*span)][:40]}»"
        yield Issue(kind="stray_line", message=message, spans=(span,))
    for span in reading.moved:
        message = f"a printed line is read where it completes a sentence: «{text[slice(*span)][:40]}»"
        yield Issue(kind="line_moved", message=message, spans=(span,))


def _skeleton(reading: Reading, frame: Frame) -> _Skeleton:
    root = outline(reading, frame.body)
    if not root.holds_reports and not states_rectification(reading, frame):
        return _Skeleton(root, [], None, [], [])
    parts = [
        (entry, Part.LEADERSHIP if part is Part.FINDINGS and lists_statuses(reading, entry) else part)
        for entry, part in findings_parts(reading, root)
    ]
    if listed := pair_listed_problems(reading, parts):
        return _Skeleton(root, parts, listed, listed.parts, listed.entries)
    holders = [entry for entry, part in parts if part is Part.FINDINGS]
    return _Skeleton(root, parts, None, holders, finding_entries(reading, holders))


def _read_findings(reading: Reading, frame: Frame, skeleton: _Skeleton) -> list[FindingPassages]:
    entries = skeleton.entries
    only_part = len(skeleton.holders) == 1 or skeleton.listed is not None
    findings = read_findings(reading, entries, only_part=only_part)
    if entries:
        introduction = Range(frame.title.end if frame.title else 0, entries[0].start)
        take_named_statuses(reading, entries, findings, introduction)
        read_status_lists(reading, introduction, findings)
    return findings


def _read_later_parts(reading: Reading, skeleton: _Skeleton, findings: list[FindingPassages]) -> list[Range]:
    """The plans; what is said of findings anew is added to them."""
    next_steps: list[Range] = []
    for entry, part in skeleton.parts:
        if part is Part.FOLLOW_UP:
            read_follow_up(reading, entry, findings)
        elif skeleton.entries and entry.start > skeleton.entries[0].start and part is not Part.FINDINGS:
            listed = read_status_lists(reading, Range(entry.text_start, entry.end), findings)
            if part is Part.NEXT_STEPS:
                next_steps += read_next_steps(reading, entry, listed)
    return next_steps


def _findings_part(reading: Reading, skeleton: _Skeleton) -> FindingsPart:
    labels = [span for range_ in skeleton.labels(reading) for span in reading.spans(range_)]
    return FindingsPart(reading.spans(skeleton.scope) if skeleton.scope else (), tuple(labels))


class _Pointing:
    """Turns places in the reading into pointers."""

    def __init__(self, reading: Reading, units: Units) -> None:
        self.reading = reading
        self.units = units
        self._known: dict[Range | None, Pointer | None] = {None: None}

    def __call__(self, range_: Range | None) -> Pointer | None:
        if range_ not in self._known:
            self._known[range_] = self.reading.pointer(range_, self.units)
        return self._known[range_]

    def joined(self, ranges: Sequence[Range]) -> Pointer | None:
        """One pointer to passages that a label parts."""
        spans = [span for range_ in ranges for span in self.reading.spans(range_)]
        return self.units.point(spans) if spans else None

    def each(self, ranges: Sequence[Range]) -> list[Pointer]:
        return [pointer for range_ in ranges if (pointer := self(range_))]

    def notice(self, frame: Frame, findings: Sequence[FindingPassages], next_steps: Sequence[Range]) -> dict[str, Any]:
        contact = frame.contact
        kind = stated_as([self.reading.text[f.statement.start : f.statement.end] for f in findings if f.statement])
        return {
            "title": self(frame.title),
            "issuer": self(frame.issuer),
            "inspection": {
                "kind": frame.kind,
                "authority": self(frame.authority),
                "team": self(frame.team),
                "round": self(frame.round),
                "started": self(frame.started),
                "ended": self(frame.ended),
                "feedback_on": self(frame.feedback_on),
            },
            "issued_on": self(frame.issued_on),
            "published_on": self(frame.published_on),
            "disclosure": {"start": self(contact.disclosure_start), "end": self(contact.disclosure_end)},
            "contact": {
                "phones": self.each(contact.phones),
                "emails": self.each(contact.emails),
                "postal_address": self(contact.postal_address),
                "postal_code": self(contact.postal_code),
            },
            "findings": [self.finding(finding, kind) for finding in findings],
            "next_steps": self.each(next_steps),
        }

    def finding(self, finding: FindingPassages, kind: str) -> dict[str, Any]:
        status = finding.status
        return {
            "path": self.each(finding.path),
            "focus_area": self(finding.focus_area),
            "focus": finding.focus,
            "topic": self(finding.topic),
            "statement": self.joined([range_ for range_ in (finding.statement, finding.details) if range_]),
            "stated_as": kind,
            "rectification": self(finding.rectification),
            "status": {
                "value": status.value if status else "not_stated",
                "quote": self(status.range) if status else None,
            },
            "measures": [{"marker": self(measure.mark), "quote": self(measure.range)} for measure in finding.measures],
            "remaining": self.joined(finding.remaining),
            "follow_up": self(finding.follow_up),
            "deadline": self(finding.deadline),
            "responsible": self.each(finding.responsible),
            "accountability": [{"kind": kind_, "quote": self(range_)} for kind_, range_ in finding.accountability],
        }

"""The rule engine: units in, pointers out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extractor.errors import EngineError
from extractor.pointers import Answer, Pointer, Units, pointer_schema
from extractor.records import Issue, Notice, Span
from extractor.rules.findings import FindingPassages, finding_entries, read_findings, take_named_statuses
from extractor.rules.frame import Frame, find_frame, states_rectification
from extractor.rules.later_parts import read_follow_up, read_next_steps
from extractor.rules.marks import own_labels
from extractor.rules.outline import Entry, outline
from extractor.rules.parts import Part, findings_parts, heading_of, stated_as
from extractor.rules.reading import Range, Reading, read


@dataclass
class _Body:
    """What the parts of the notice yielded."""

    findings: list[FindingPassages]
    next_steps: list[Range]
    labels: list[Range]
    scope: Range | None


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
        body = _read_body(reading, frame)
        issues: list[Issue] = []
        if not states_rectification(reading, frame):
            issues.append(
                Issue(kind="not_a_notice", message="the text does not present itself as a notice of rectification")
            )
        for words, kind in own_labels(reading).items():
            if kind is None:
                message = f"«{words}» opens several lines like a label, but what it announces is not known"
                issues.append(Issue(kind="unknown_label", message=message))
        for span in reading.doubtful:
            words = units.document.text[span.start : span.end]
            message = f"a printed line that fits neither where it stands nor elsewhere: «{words[:40]}»"
            issues.append(Issue(kind="stray_line", message=message, spans=(span,)))
        point = _Pointing(reading, units)
        pointers = pointer_schema(Notice).model_validate(point.notice(frame, body))
        scope = reading.spans(body.scope) if body.scope else ()
        return Answer(pointers, tuple(issues), scope, point.spans(body.labels))


def _read_body(reading: Reading, frame: Frame) -> _Body:
    root = outline(reading, frame.body)
    body = _Body([], [], [], None)
    labelled = any(entry.reports for entry in root.walk())
    if not labelled and not states_rectification(reading, frame):
        return body
    parts = findings_parts(reading, root)
    with_findings = [entry for entry, part in parts if part is Part.FINDINGS]
    entries: list[Entry] = []
    for entry in with_findings:
        entries += finding_entries(reading, entry)
    body.findings = read_findings(reading, entries, only_part=len(with_findings) == 1)
    if entries:
        introduction = Range(frame.title.end if frame.title else 0, entries[0].start)
        take_named_statuses(reading, entries, body.findings, introduction)
    for entry, part in parts:
        if part is Part.FOLLOW_UP:
            read_follow_up(reading, entry, body.findings)
        elif part is Part.NEXT_STEPS and entries and entry.start > entries[0].start:
            body.next_steps += read_next_steps(reading, entry)
    if with_findings:
        body.scope = Range(with_findings[0].start, with_findings[-1].end)
        body.labels = [label.range for entry in with_findings for inner in entry.walk() for label in inner.labels]
        body.labels += root.words
        body.labels += [
            heading
            for entry in with_findings
            for inner in entry.walk()
            if inner.children and (heading := heading_of(reading, inner))
        ]
        body.labels += [inner.mark.range for entry in with_findings for inner in entry.walk() if inner.mark]
    return body


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

    def spans(self, ranges: Sequence[Range]) -> tuple[Span, ...]:
        return tuple(span for range_ in ranges for span in self.reading.spans(range_))

    def joined(self, ranges: Sequence[Range]) -> Pointer | None:
        """One pointer to passages that a label parts."""
        spans = self.spans(ranges)
        return self.units.point(spans) if spans else None

    def each(self, ranges: Sequence[Range]) -> list[Pointer]:
        return [pointer for range_ in ranges if (pointer := self(range_))]

    def notice(self, frame: Frame, body: _Body) -> dict[str, Any]:
        kind = stated_as([self.reading.text[f.statement.start : f.statement.end] for f in body.findings if f.statement])
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
            "disclosure": {"start": self(frame.disclosure_start), "end": self(frame.disclosure_end)},
            "contact": {
                "phones": self.each(frame.phones),
                "emails": self.each(frame.emails),
                "postal_address": self(frame.postal_address),
                "postal_code": self(frame.postal_code),
            },
            "findings": [self.finding(finding, kind) for finding in body.findings],
            "next_steps": self.each(body.next_steps),
        }

    def finding(self, finding: FindingPassages, kind: str) -> dict[str, Any]:
        status = finding.status
        return {
            "path": self.each(finding.path),
            "focus_area": self(finding.focus_area),
            "focus": finding.focus,
            "topic": self(finding.topic),
            "statement": self(finding.statement),
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

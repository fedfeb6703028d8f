"""The parts behind the findings: what needs more work, and the plans."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from extractor.rules.findings import FindingPassages, clause_of, fields_of, names_in
from extractor.rules.outline import Entry
from extractor.rules.reading import Range, Reading
from extractor.rules.rectification import list_marks, skip_punctuation
from extractor.rules.vocabulary import Label

_FILLER = re.compile(r"关于|针对|的?问题$|[的“”\"。,、:;()\s]|存在|方面")
_HEADING_END = re.compile(r"[^。\n:]*?(?:问题(?=[。:\n])|[。\n:])[。:]?")
# bounds that no notice reaches; they keep time linear in texts that are none
_MOST_PLANS = 100
_MOST_FINDINGS = 300
_LIKE_ENOUGH = 0.45


def read_follow_up(reading: Reading, part: Entry, findings: Sequence[FindingPassages]) -> None:
    """Give each finding that a later part takes up again its plan, deadline and who answers for it."""
    statements = [_Key.of(reading, finding.statement) for finding in findings[:_MOST_FINDINGS]]
    taken: set[int] = set()
    left: list[tuple[Entry, Range]] = []
    for entry in islice((inner for inner in part.walk() if not inner.children and inner is not part), _MOST_PLANS):
        heading, plan = _heading_and_plan(reading, entry)
        key = _Key.of(reading, heading)
        scores = [(_likeness(key, statement), -n) for n, statement in enumerate(statements) if n not in taken]
        if scores and max(scores)[0] >= _LIKE_ENOUGH:
            taken.add(-max(scores)[1])
            _attach(reading, entry, plan, findings[-max(scores)[1]])
        else:
            left.append((entry, plan))
    _attach_by_elimination(reading, left, [f for n, f in enumerate(findings) if n not in taken])


def _attach_by_elimination(
    reading: Reading, left: Sequence[tuple[Entry, Range]], findings: Sequence[FindingPassages]
) -> None:
    """One plan and one unfinished finding that are left over belong together, however the scan misread them."""
    unfinished = [f for f in findings if f.status and f.status.value not in ("completed", "not_stated")]
    if len(left) == len(unfinished) == 1:
        _attach(reading, *left[0], unfinished[0])


@dataclass(frozen=True, slots=True)
class _Key:
    """The character pairs by which headings and statements are compared."""

    words: str
    pairs: frozenset[str]

    @classmethod
    def of(cls, reading: Reading, range_: Range | None) -> _Key:
        words = _FILLER.sub("", reading.text[range_.start : range_.end]) if range_ else ""
        return cls(words, _pairs(words))


def _pairs(words: str) -> frozenset[str]:
    return frozenset([words[place : place + 2] for place in range(len(words) - 1)])


def _likeness(heading: _Key, statement: _Key) -> float:
    """Share of the heading's character pairs that the statement has, more where it opens with them."""
    shared = len(heading.pairs & statement.pairs)
    if not shared:
        return 0.0
    total = len(heading.pairs)
    opening = len(heading.pairs & _pairs(statement.words[: len(heading.words) + 4]))
    # where no stop parts heading and plan, the statement is sought in both
    covered = shared / len(statement.pairs) if len(statement.words) > 6 else 0.0
    return max((shared + opening) / total / 2, 0.8 * shared / total, 0.9 * covered)


def _heading_and_plan(reading: Reading, entry: Entry) -> tuple[Range | None, Range]:
    """The heading that names the finding, and the plan behind it up to the first other label."""
    text = reading.text
    whole = reading.trim(Range(entry.text_start, entry.end))
    labels = [label for label in entry.labels if label.kind is not Label.STATEMENT]
    stops = [label.range.start for label in labels if label.kind in (Label.DEADLINE, Label.RESPONSIBLE)]
    plan_labels = [label for label in labels if label.kind not in (Label.DEADLINE, Label.RESPONSIBLE)]
    end = min((stop for stop in stops), default=whole.end)
    if plan_labels:
        heading_end = plan_labels[0].range.start
        plan_start = plan_labels[0].range.end
        end = min((stop for stop in stops if stop > plan_start), default=whole.end)
    else:
        stop = _HEADING_END.match(text, *whole)
        heading_end = plan_start = stop.end() if stop else whole.end
    heading = reading.trim(Range(whole.start, heading_end))
    return (heading if heading.end > heading.start else None), reading.trim(Range(plan_start, max(end, plan_start)))


def _attach(reading: Reading, entry: Entry, plan: Range, finding: FindingPassages) -> None:
    if plan.end > plan.start:
        finding.follow_up = plan
    for label, value in fields_of(entry):
        if label.kind is Label.DEADLINE:
            finding.deadline = clause_of(reading, value) or finding.deadline
        elif label.kind is Label.RESPONSIBLE and not finding.responsible:
            finding.responsible = names_in(reading, value)


def read_next_steps(reading: Reading, part: Entry) -> list[Range]:
    """The numbered plans of a part on further work, each whole; numbers in a running paragraph count as well."""
    if part.children:
        return [reading.trim(Range(child.text_start, child.end)) for child in part.children]
    marks = list_marks(reading, Range(part.text_start, part.end))
    ends = [mark.range.start for mark in marks[1:]] + [part.end]
    plans = []
    for mark, end in zip(marks, ends, strict=False):
        plans.append(reading.trim(Range(min(skip_punctuation(reading.text, mark.range.end), end), end)))
    return plans

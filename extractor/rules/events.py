"""What structures a notice: numbers, labels, rows of tables, and headings and paragraphs without a number."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractor.patterns import lazy_pattern
from extractor.rules.marks import LabelMark, Mark, Row, find_labels, find_marks, find_rows, label_words
from extractor.rules.reading import Range, Reading
from extractor.rules.status import opening_status
from extractor.rules.styles import Style
from extractor.rules.vocabulary import (
    CLOSING_WORDS,
    FOCUS_HEADING,
    LATER_PART_HEADING,
    LEAD,
    PROBLEM,
    PROMISES,
    REPORTING,
    Label,
)

_LINE = lazy_pattern(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that is a heading by its words, without a number; ``bullet`` is the length of a bullet before them."""

    range: Range
    closes_all: bool = False
    bullet: int = 0


@dataclass(frozen=True, slots=True)
class Lead:
    """A paragraph 针对“…”问题。 that reports on that problem: a finding without a number."""

    range: Range


Event = Mark | LabelMark | Heading | Lead | Row


def find_events(reading: Reading, within: Range) -> tuple[list[Event], list[Range]]:
    """What structures a range of the reading, in order, and the places of the heads and captions of its tables."""
    marks = _without_measures(reading, find_marks(reading, within))
    labels = _without_outcomes(reading, find_labels(reading, within), marks)
    inside_labels = {place for label in labels for place in range(label.range.start, label.range.end)}
    events: list[Event] = [mark for mark in marks if mark.range.start not in inside_labels]
    events += labels
    bullets = {mark.range.start: mark for mark in marks if mark.style is Style.BULLET}
    headings = list(_headings(reading, within, {event.range.start for event in events}, bullets))
    bulleted = {heading.range.start for heading in headings if heading.bullet}
    events = [*(event for event in events if event.range.start not in bulleted), *headings]
    events += _leads(reading, within, events)
    rows, heads = find_rows(reading, within)
    if heads:
        in_table = sorted([*heads, *(row.range for row in rows)])
        events = [event for event in events if not _stands_in(event.range.start, in_table)]
    events += rows
    return sorted(events, key=lambda event: event.range), [*heads, *_captions(reading, heads)]


def _captions(reading: Reading, heads: Sequence[Range]) -> Iterator[Range]:
    """The lines directly above tables that only announce them: 整改情况如下:."""
    for head in heads:
        line = reading.trim(Range(max(head.start - _LONGEST_CAPTION, 0), head.start))
        start = reading.text.rfind("\n", *line) + 1
        if start and _CAPTION.fullmatch(reading.text, start, line.end):
            yield Range(start, line.end)


_LONGEST_CAPTION = 60
_CAPTION = lazy_pattern(r"[^。;\n]{2,30}(?:如下|见下)[^。;\n]{0,4}[:。]?")


_QUOTED = lazy_pattern('(?:针对|关于)?[“"][^\\n“”"]{4,120}[”"](?:等|的|方面|这一)*问题')


def _without_measures(reading: Reading, marks: Sequence[Mark]) -> list[Mark]:
    """The marks; where findings name their problems in quotes, numbers like theirs that begin anew count measures."""
    opening = [mark for mark in marks if mark.opens_line]
    quoting = [mark for mark in opening if _QUOTED.match(reading.text, mark.range.end)]
    styles = {mark.style for mark in quoting}
    if len(quoting) < 2 or len(styles) > 1:
        return list(marks)
    # numbers before the first of them, or in a part behind theirs, count something else
    parts = [mark.range for mark in opening if mark.style is Style.CHINESE and mark.range > quoting[-1].range]
    behind = [mark for mark in opening if mark.style in styles and mark.range > quoting[0].range]
    behind = [mark for mark in behind if not parts or mark.range < parts[0]]
    others = set(behind) - set(quoting) - _numbered_on(behind, quoting[-1])
    anew = sum(mark.value == 1 for mark in others)
    runs_on = all(later.value in (1, mark.value + 1) for mark, later in pairwise(quoting))
    return [mark for mark in marks if mark not in others] if runs_on and anew * 2 > len(quoting) else list(marks)


def _numbered_on(marks: Sequence[Mark], last: Mark) -> set[Mark]:
    """The numbers that go on from the last that quotes a problem: entries like it, without quotes."""
    found: set[Mark] = set()
    before = last
    for mark in marks:
        if mark.range <= last.range:
            continue
        # behind measures that count as far, the next number is one of them
        if mark.value == last.value + 1 and (before is last or before.value != last.value):
            found.add(mark)
            last = mark
        before = mark
    return found


def _without_outcomes(reading: Reading, labels: list[LabelMark], marks: Sequence[Mark]) -> list[LabelMark]:
    """The labels; those that hold nothing but a status close reports that have no label, if no other stands with them.

    Where other labels report as well, only labels count whose words hold nothing but a status throughout.
    """
    reporting = [label for label in labels if label.kind in REPORTING]
    if len(reporting) < 2:
        return labels
    alone = {label for label in reporting if _holds_status(reading, label)}
    if len(alone) < len(reporting):
        words = {label: label_words(reading, label) for label in reporting}
        counts = Counter(words.values())
        telling_more = {words[label] for label in reporting if label not in alone}
        alone = {label for label in alone if words[label] not in telling_more and counts[words[label]] > 1}
        alone = {label for label in alone if _stands_apart(label, reporting, alone, marks)}
    return [replace(label, kind=Label.OUTCOME) if label in alone else label for label in labels]


def _stands_apart(
    label: LabelMark, reporting: Sequence[LabelMark], alone: Collection[LabelMark], marks: Sequence[Mark]
) -> bool:
    """Whether a label is the only one of its finding: the one before is its like, a number parts it from the next."""
    place = bisect_left(reporting, label.range, key=lambda each: each.range)
    following = reporting[place + 1] if place + 1 < len(reporting) else None
    if place and reporting[place - 1] not in alone:
        return False
    if following is None or following in alone:
        return True
    number = bisect_right(marks, label.range.end, key=lambda mark: mark.range.start)
    return any(mark.opens_line for mark in marks[number : number + 4] if mark.range.start < following.range.start)


def _holds_status(reading: Reading, label: LabelMark) -> bool:
    return label.kind in (Label.STATUS, Label.PROGRESS) and holds_status_alone(reading, label)


def holds_status_alone(reading: Reading, label: LabelMark) -> bool:
    """Whether nothing but a status stands in the line of a label."""
    end = reading.text.find("\n", label.range.end)
    value = reading.trim(Range(label.range.end, end if end >= 0 else len(reading.text)))
    status = opening_status(reading, value) if value.end > value.start else None
    return status is not None and status.sentence.end >= value.end


def _stands_in(place: int, ranges: Sequence[Range]) -> bool:
    """Whether a place lies in one of some ranges, in order, that do not touch."""
    number = bisect_right(ranges, place, key=lambda range_: range_.start) - 1
    return number >= 0 and place < ranges[number].end


def _headings(reading: Reading, within: Range, taken: set[int], bullets: Mapping[int, Mark]) -> Iterator[Heading]:
    for line in _LINE.finditer(reading.text, within.start, within.end):
        bullet = bullets.get(line.start())
        if bullet is not None and _names_area(reading, Range(bullet.range.end, line.end())):
            yield Heading(Range(*line.span()), bullet=bullet.range.end - bullet.range.start)
        if line.start() in taken:
            continue
        words = line.group()
        if len(words) <= 64 and FOCUS_HEADING.fullmatch(words):
            yield Heading(Range(*line.span()))
        elif len(words) <= 32 and (LATER_PART_HEADING.fullmatch(words) or _heads_plans(reading, line.end(), words)):
            yield Heading(Range(*line.span()), closes_all=True)
    for closing in CLOSING_WORDS.finditer(reading.text, within.start, within.end):
        if closing.start() not in taken:
            yield Heading(Range(*closing.span()), closes_all=True)


def _heads_plans(reading: Reading, end: int, words: str) -> bool:
    """Whether a line without a stop or a problem stands over what the whole organisation promises, point by point."""
    return words[-1] not in "。;:,!?" and bool(PROMISES.match(reading.text, end)) and not PROBLEM.search(words)


def _names_area(reading: Reading, line: Range) -> bool:
    """Whether words behind a bullet are the heading of a focus area, and no item of a list."""
    words = reading.text[slice(*reading.trim(line))]
    return len(words) <= 64 and "方面" in words and words[-1:] != "。" and FOCUS_HEADING.fullmatch(words) is not None


def _leads(reading: Reading, within: Range, events: Sequence[Event]) -> Iterator[Lead]:
    """Paragraphs that name their problem, where each holds a label that reports on it."""
    leads = [Range(*lead.span()) for lead in LEAD.finditer(reading.text, *within)]
    reports = sorted(e.range.start for e in events if isinstance(e, LabelMark) and e.kind in REPORTING)
    opening = sorted(e.range.start for e in events if isinstance(e, Mark) and e.opens_line)
    if len(leads) < 2:
        return
    ends = [*(lead.start for lead in leads[1:]), within.end]
    for lead, end in zip(leads, ends, strict=True):
        first = bisect_right(opening, lead.start)
        stop = min(end, opening[first] if first < len(opening) else end)
        label = bisect_right(reports, lead.start)
        if label == len(reports) or reports[label] >= stop:
            return
    yield from map(Lead, leads)

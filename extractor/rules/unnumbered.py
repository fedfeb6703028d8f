"""Findings without a number: paragraphs that name their problem, and headings over lists of measures."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from extractor.patterns import lazy_pattern
from extractor.rules.parts import heading_of, heading_words, is_container_heading, is_focus_heading
from extractor.rules.reading import Range, Reading
from extractor.rules.rectification import list_marks
from extractor.rules.statements import problems_in_turn
from extractor.rules.status import find_status
from extractor.rules.styles import MARK, Style
from extractor.rules.tree import Entry, entries_at
from extractor.rules.vocabulary import LEAD, PROBLEM, PROBLEM_LEAD, STATES_PROBLEM

_FIRST_ITEM = r"(?:[·•\-]?一[是要](?![否求])|首先[,:]?|第一[,、:]|[①⑴❶➀])"
_ITEM = (
    r"(?:[·•\-]?[一二三四五六七八九十]+[是要](?![否求])|首先|其次|再次|最后|第[一二三四五六七八九十]+[,、:]|[①-⑳⑴-⒇])"
)
_HEADING = lazy_pattern(
    rf"(?m:^)(?!{_ITEM})(?:(?:关于|针对)[^\n。;:]{{4,80}}问题[。:]?\n|[^\n。;:]{{4,60}}[。:]?\n(?={_FIRST_ITEM})"
    rf"|[^\n。;:,]{{4,40}}。(?={_FIRST_ITEM}))"
)
"""A line that names a problem, or a sentence that a list of measures follows, with no number before it."""


def with_unnumbered(reading: Reading, entries: Sequence[Entry]) -> list[Entry]:
    """The entries; in place of one that holds findings without numbers or numbered in a line, these."""
    split: list[Entry] = []
    for entry in (item for each in entries for item in _items(reading, each)):
        if closed := with_closed_reports(reading, entry) or _in_pairs(reading, entry):
            split += closed
            continue
        openings = _leads(reading, entry) or _headings(reading, entry)
        single = len(openings) == 1 and (_is_lead(reading, openings[0]) or _beside_several(reading, entry))
        split += _split(entry, openings) if len(openings) > 1 or single else [entry]
    return split


# paragraphs that may name their problem without quotation marks
_PLAIN_LEAD = lazy_pattern(r"(?m:^)(?=针对[^“\"])")
_STATES_ONE = lazy_pattern("问题[。:]?$")


def _items(reading: Reading, entry: Entry) -> list[Entry]:
    """The items of an entry that each name a problem (一是针对“…”的问题,…二是针对…); without such items the entry."""
    if entry.children:
        return [entry]
    # in (1)针对…(2)针对… the first number opened the entry
    is_first = entry.mark is not None and PROBLEM_LEAD.match(reading.text, entry.text_start) is not None
    marks = list_marks(reading, Range(entry.start if is_first else entry.text_start, entry.end))
    above = entry.parent if is_first else entry
    if not marks or above is None or (is_first and len(marks) == 1):
        return [entry]
    if not _is_area(reading, above) and _STATES_ONE.search(heading_words(reading, above)):
        return [entry]
    leads = [PROBLEM_LEAD.match(reading.text, mark.range.end) for mark in marks]
    plain_will_do = _is_area(reading, above) and len(marks) > 1
    if not all(lead and (lead["quoted"] or plain_will_do) for lead in leads):
        return [entry]
    items = entries_at(marks, above, entry.end)
    if is_first:
        place = bisect_left(above.children, entry.start, key=lambda sibling: sibling.start)
        above.children[place : place + 1] = items
    else:
        entry.children = items
    return items


def _beside_several(reading: Reading, entry: Entry) -> bool:
    """Whether the area before or behind holds several such findings, so that this one may hold a single one."""
    siblings = entry.parent.children if entry.parent else []
    place = bisect_left(siblings, entry.start, key=lambda sibling: sibling.start)
    return any(
        len(_headings(reading, beside)) > 1
        for beside in (*siblings[max(place - 1, 0) : place], *siblings[place + 1 : place + 2])
    )


_ABOVE = lazy_pattern(r"(?<![^\n])[^\n。;:]{4,60}[。:]?\n$")


def with_headed_lists(reading: Reading, area: Entry) -> list[Entry]:
    """Findings whose headings have no number, over numbers that begin anew below each and count measures; [] elsewhere."""
    items = area.children
    if len({item.style for item in items}) > 1 or any(item.children for item in items) or not _is_area(reading, area):
        return []
    headings = []
    for item in items:
        if item.value == 1:
            above = _ABOVE.search(reading.text, max(area.text_start, item.start - 64), item.start)
            headings.append(above.start() if above else -1)
    problems = sum(bool(STATES_PROBLEM.match(reading.text, item.text_start, item.end)) for item in items)
    if len(headings) < 2 or min(headings) < 0 or problems * 2 > len(items):
        return []
    return _split(area, [Range(place, place) for place in headings])


_PARAGRAPH = lazy_pattern(r"[^\n]*\S[^\n]*")


def with_closed_reports(reading: Reading, area: Entry) -> list[Entry]:
    """Findings without numbers and labels in an area, each a paragraph on a problem and those below that report on it.

    A status closes each report, or the paragraph on each problem.
    """
    heading = heading_of(reading, area)
    if heading is None or not _is_area(reading, area):
        return []
    paragraphs = [Range(*match.span()) for match in _PARAGRAPH.finditer(reading.text, heading.end + 1, area.end)]
    closed = [_closes_with_status(reading, paragraph) for paragraph in paragraphs]
    if sum(closed) < 2 or closed[0] is closed[-1]:
        return []
    opens = closed if closed[0] else [True, *closed[:-1]]
    openings = [paragraph for paragraph, does in zip(paragraphs, opens, strict=True) if does]
    if any(MARK.match(reading.text, *opening) for opening in openings) or any(a and b for a, b in pairwise(opens)):
        return []
    problems = sum(PROBLEM.search(reading.text, *opening) is not None for opening in openings)
    return _split(area, openings) if problems * 2 > len(openings) else []


def _in_pairs(reading: Reading, area: Entry) -> list[Entry]:
    """Findings without numbers, labels and statuses in an area: a paragraph on a problem, one on what was done, in turn."""
    heading = heading_of(reading, area)
    if heading is None or area.children or not (_is_area(reading, area) or stands_beside_areas(area)):
        return []
    openings = problems_in_turn(reading, Range(heading.end + 1, area.end))
    return _split(area, openings) if openings else []


def stands_beside_areas(entry: Entry) -> bool:
    """Whether an entry stands beside others of its style that each hold several."""
    siblings = entry.parent.children if entry.parent else []
    return len(siblings) > 1 and all(len(other.children) > 1 for other in siblings if other is not entry)


def _closes_with_status(reading: Reading, paragraph: Range) -> bool:
    status = find_status(reading, paragraph)
    return status is not None and status.sentence.end >= reading.trim(paragraph).end


def _leads(reading: Reading, entry: Entry) -> list[Range]:
    """Paragraphs 针对“…”问题。, of which one is enough under the heading of a focus area."""
    is_area = is_focus_heading(heading_words(reading, entry))
    leads = [Range(*lead.span()) for lead in LEAD.finditer(reading.text, entry.text_start, entry.end)]
    if is_area and not leads:
        leads = [
            Range(*lead.span())
            for line in _PLAIN_LEAD.finditer(reading.text, entry.text_start, entry.end)
            if (lead := PROBLEM_LEAD.match(reading.text, line.start(), entry.end))
        ]
    return leads if len(leads) > 1 or is_area else []


def _headings(reading: Reading, entry: Entry) -> list[Range]:
    """Headings over lists of measures, directly below the heading of an area."""
    heading = heading_of(reading, entry)
    if heading is None or not _is_area(reading, entry):
        return []
    return [Range(*match.span()) for match in _HEADING.finditer(reading.text, heading.end, entry.end)]


def _is_area(reading: Reading, entry: Entry) -> bool:
    words = heading_words(reading, entry)
    return is_focus_heading(words) or is_container_heading(words)


def _is_lead(reading: Reading, opening: Range) -> bool:
    return any(lead.match(reading.text, opening.start) for lead in (LEAD, PROBLEM_LEAD))


def _split(entry: Entry, openings: Sequence[Range]) -> list[Entry]:
    ends = [opening.start for opening in openings[1:]] + [entry.end]
    entry.children = [
        Entry(Style.LABELLED, opening.start, opening.start, parent=entry, end=end)
        for opening, end in zip(openings, ends, strict=True)
    ]
    return entry.children

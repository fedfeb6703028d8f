"""Which entries of a part are findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from extractor.patterns import lazy_pattern
from extractor.rules.parts import ONE_PROBLEM, heading_of, heading_words, is_container_heading, is_focus_heading
from extractor.rules.reading import Range, Reading
from extractor.rules.rectification import list_marks
from extractor.rules.statements import STATUS_BRACKET, reports_in_paragraph, share_a_report
from extractor.rules.status import find_status
from extractor.rules.styles import Style
from extractor.rules.tree import Entry
from extractor.rules.unnumbered import stands_beside_areas, with_closed_reports, with_headed_lists, with_unnumbered
from extractor.rules.vocabulary import PROBLEM, STATES_PROBLEM, TASK


def finding_entries(reading: Reading, parts: Sequence[Entry]) -> list[Entry]:
    """The innermost entries of the parts that hold findings which have a statement or a report of their own."""
    labelled = [part for part in parts if part.holds_reports]
    levels = {
        (entry.parent.style, entry.style)
        for part in labelled
        for entry in _leaves(part)
        if entry.parent and entry.labels
    }
    entries: list[Entry] = []
    for part in parts:
        if _only_heads_others(reading, part):
            continue
        entries += _innermost(reading, part, levels) if part in labelled else _unlabelled(reading, part, levels)
    return entries


def _only_heads_others(reading: Reading, part: Entry) -> bool:
    """Whether a part without a number is no more than the heading over those behind it."""
    heading = heading_of(reading, part) if part.style is Style.HEADING and not part.children else None
    whole = reading.trim(Range(part.text_start, part.end))
    return heading is not None and heading.end >= whole.end and is_container_heading(heading_words(reading, part))


def _unlabelled(reading: Reading, part: Entry, levels: Collection[tuple[Style | None, Style | None]]) -> list[Entry]:
    """The findings of a part or area without labels of reports.

    Args:
        reading: the text.
        part: the part or area.
        levels: how deep the findings of labelled parts are numbered: numbers as deep count no measures.
    """
    leaves = _leaves(part)
    if levels and part.children and all((leaf.parent.style, leaf.style) in levels for leaf in leaves if leaf.parent):
        return leaves
    found: list[Entry] = []
    _collect(reading, part, _single_styles(part), found)
    return with_unnumbered(reading, found)


def _leaves(part: Entry) -> list[Entry]:
    return [entry for entry in part.walk() if not entry.children]


def _innermost(
    reading: Reading, entry: Entry, levels: Collection[tuple[Style | None, Style | None]]
) -> Iterator[Entry]:
    """The innermost entries where reports have labels; an area without any is read as in a notice without labels."""
    if not entry.holds_reports and (is_focus_heading(heading_words(reading, entry)) or _is_bare_area(entry)):
        yield from _unlabelled(reading, entry, levels)
    elif not entry.children:
        yield _only_finding(reading, entry) or entry
    else:
        for child in entry.children:
            yield from _innermost(reading, child, levels)


def _only_finding(reading: Reading, area: Entry) -> Entry | None:
    """The one finding without a number below the heading of an area, where those of other areas have none either."""
    beside = area.parent.children if area.parent else []
    if not any(child.style is Style.LABELLED for other in beside for child in other.children):
        return None
    heading = heading_of(reading, area)
    stated = heading and reading.trim(Range(heading.end, area.own_text_end()))
    if not heading or not stated or stated.end <= stated.start or "\n" not in reading.text[heading.end : stated.start]:
        return None
    if not is_focus_heading(heading_words(reading, area)):
        return None
    only = Entry(Style.LABELLED, stated.start, stated.start, parent=area, end=area.end, labels=area.labels)
    area.children, area.labels = [only], []
    return only


def _is_bare_area(entry: Entry) -> bool:
    """Whether an entry without numbers stands beside others that all hold several."""
    return not entry.children and stands_beside_areas(entry)


def _single_styles(part: Entry) -> set[Style | None]:
    """The styles whose entries mostly hold no others: those of them that do, hold numbered measures."""
    inner = [entry for entry in part.walk() if entry is not part]
    leaves = Counter(entry.style for entry in inner if not entry.children)
    groups = Counter(entry.style for entry in inner if entry.children)
    return {style for style in groups if leaves[style] > groups[style]}


def _collect(reading: Reading, entry: Entry, single: set[Style | None], found: list[Entry]) -> None:
    if not entry.children or _counts_measures(reading, entry, single):
        # what counts measures is no entry, so a label behind the last of them is this one's
        entry.labels = [label for inner in entry.walk() for label in inner.labels]
        found.append(entry)
        return
    if unnumbered := with_closed_reports(reading, entry) or with_headed_lists(reading, entry):
        found += unnumbered
        return
    for child in entry.children:
        _collect(reading, child, single, found)


def _counts_measures(reading: Reading, entry: Entry, single: set[Style | None]) -> bool:
    """In a notice without labels: whether the numbers in an entry count the measures taken on its problem."""
    heading = heading_of(reading, entry)
    if heading is None or entry.parent is None or not entry.children or any(child.children for child in entry.children):
        return False
    words = reading.text[heading.start : heading.end]
    is_finding = _is_task_in_area(reading, entry, words) or _reports_on_one_problem(reading, entry, words)
    if is_focus_heading(words) or (is_container_heading(words) and not is_finding):
        return False
    quotes_problem = _quotes_problem(words)
    if entry.style in (Style.CHINESE, Style.HEADING, Style.ASPECT, Style.PART) and not quotes_problem:
        return False
    if STATUS_BRACKET.search(words):
        return True
    if sum(child.closes_report for child in entry.children) > 1:
        return False
    in_paragraphs = sum(reports_in_paragraph(reading, child) for child in entry.children)
    if 2 * in_paragraphs > len(entry.children) or share_a_report(reading, entry.children):
        return False
    if _runs_on(reading, entry):
        return True
    children = _without_closing_status(reading, entry.children)
    problems = sum(bool(STATES_PROBLEM.match(child)) or _lists_measures(child) for child in children)
    statuses = sum(find_status(reading, Range(child.text_start, child.end)) is not None for child in entry.children)
    # a single number holds the status of the entry
    alone = quotes_problem and len(children) == 1
    if max(problems, 0 if alone else statuses) * 2 > len(children):
        return False
    if entry.style in single:
        return True
    headed = sum(bool(_SHORT_HEADING.match(child)) for child in children)
    says_problem = (
        not TASK.match(words)
        and bool(re.search(r"问题|针对|“", words))
        and bool(PROBLEM.search(words) or _QUOTES_PROBLEM.search(words))
    )
    return says_problem or headed * 2 < len(children)


def _runs_on(reading: Reading, entry: Entry) -> bool:
    """Whether a problem is above a single number, and those that count on follow inside the line of that."""
    first, *others = entry.children
    if others or first.value != 1 or not PROBLEM.search(reading.text, entry.text_start, first.start):
        return False
    return len(list_marks(reading, Range(first.start, first.end))) > 1


def _reports_on_one_problem(reading: Reading, entry: Entry, words: str) -> bool:
    """Whether a heading 关于…问题的整改情况 is over measures: none of the items opens with words of a problem."""
    openings = (_OPENING_CLAUSE.match(reading.text, child.text_start, child.end) for child in entry.children)
    return bool(ONE_PROBLEM.match(words)) and not any(PROBLEM.search(opening[0]) for opening in openings if opening)


def _without_closing_status(reading: Reading, items: Sequence[Entry]) -> list[str]:
    """The texts of numbered items, the last without the status of the whole entry that closes it."""
    places = [reading.trim(Range(item.text_start, item.end)) for item in items]
    closing = find_status(reading, places[-1])
    if closing and places[-1].start < closing.sentence.start and closing.sentence.end >= places[-1].end:
        places[-1] = reading.trim(Range(places[-1].start, closing.sentence.start))
    return [reading.text[start:end] for start, end in places]


def _lists_measures(item: str) -> bool:
    """Whether an item states a problem, and a list begins on the next line."""
    paragraph, _, below = item.partition("\n")
    return bool(PROBLEM.search(paragraph)) and bool(_LIST_BEGINS.match(below))


def _is_task_in_area(reading: Reading, entry: Entry, words: str) -> bool:
    """Whether a heading names a task within a focus area, such as to go on with what earlier inspections found."""
    area = heading_of(reading, entry.parent) if entry.parent else None
    if area is None or entry.parent is None or not TASK.match(words):
        return False
    return entry.parent.style is Style.ASPECT or is_focus_heading(reading.text[slice(*area)])


def _quotes_problem(heading: str) -> bool:
    """Whether a heading names one problem in quotation marks: 关于“…不力”问题的整改."""
    quoted = _QUOTES_PROBLEM.search(heading)
    return quoted is not None and bool(PROBLEM.search(quoted[1]))


_LIST_BEGINS = lazy_pattern("[①⑴]|一是|首先|第一[,、]|1[.、)](?!\\d)")
_OPENING_CLAUSE = lazy_pattern(r"[^,。;:\n]*")
_QUOTES_PROBLEM = lazy_pattern('[“"](.+)[”"][^。]{0,4}问题')
_SHORT_HEADING = lazy_pattern(r"[^。\n\d《]{2,34}[。:\n]\s*\S")

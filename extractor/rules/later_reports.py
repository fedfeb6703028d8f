"""Reports that stand apart from the problems they are on: later parts cut where a problem is named or a number stands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractor.normalization import bare_number, number
from extractor.patterns import lazy_pattern
from extractor.rules.marks import LabelMark, Mark
from extractor.rules.reading import Range, Reading
from extractor.rules.references import REFERENCE, numerals
from extractor.rules.status import stated_status
from extractor.rules.styles import Style
from extractor.rules.tree import Entry
from extractor.rules.vocabulary import REPORTING, Label

_AREA_STYLES = {Style.CHINESE, Style.PART, Style.ASPECT, Style.CHINESE_BRACKETED, Style.HEADING}
_REFERENCE = lazy_pattern(rf"(?:^|(?<=[\n。]))(?:{REFERENCE.pattern})")
_NUMBERED_LABEL = lazy_pattern(r"(\(?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[).、]{1,2}|[①-⒇])[^\d\n]+")
_STATES_PROBLEM = lazy_pattern(r"(?:关于|针对)[^\n。:]{2,80}问题|[^\n。:,]{2,60}问题[。:\n]")
_NO_ITEM = r"(?![一二三四五六七八九十]+[是要]|首先|其次|[①-⒇]|\(\d)"
_HEADING = lazy_pattern(
    _NO_ITEM + r"(?:(?:关于|针对)[^\n。:]{2,100}?问题(?:的?整改(?:落实)?(?:情况)?)?(?=[。:,\n(])[。:,]?"
    r"|[^\n。:;]{2,80}问题[。:\n]|[^\n。:;(]{2,60}(?:\n|(?=\([^()\n]{2,20}\)[。\n]))"
    r"|[“\"][^”\"\n]{2,80}[”\"](?:的?问题)?[。:,\n]?|[^。\n,;:\d《]{2,20}。(?=[^\n]{20}))"
)


@dataclass(frozen=True, slots=True)
class Report:
    """A passage that may report on a problem which stands elsewhere.

    Attributes:
        part: the part it stands in.
        entry: the passage; its text begins behind its number or the words that name its problem.
        names: the numbers of the problems that it names, as printed; None where it names none.
        heading: the words in which it states its problem itself, None without any.
    """

    part: Entry
    entry: Entry
    names: str | None
    heading: Range | None

    @property
    def below_heading(self) -> Entry:
        """The passage with its text beginning behind the heading."""
        return replace(self.entry, text_start=self.heading.end) if self.heading else self.entry


def cut_reports(reading: Reading, parts: Sequence[Entry]) -> Iterator[list[Report]]:
    """The ways to cut parts into reports: at what names problems by number, then at the numbers of each style."""
    naming = [report for part in parts for report in _naming(reading, part)]
    if len(naming) > 1:
        yield naming
    inner = [(part, entry) for part in parts for entry in part.walk() if entry is not part]
    for style in dict.fromkeys(entry.style for _, entry in inner):
        group = [(part, entry) for part, entry in inner if entry.style is style]
        if len(group) > 1 and not any(_holds_findings(reading, entry) for _, entry in group):
            yield [Report(part, entry, None, _own_heading(reading, entry)) for part, entry in group]


def _holds_findings(reading: Reading, entry: Entry) -> bool:
    """Whether the entries in an entry state problems of their own, so that it is no report but a heading over them."""
    inner = [child for child in entry.walk() if child is not entry]
    stating = sum(_STATES_PROBLEM.match(reading.text, child.text_start, child.end) is not None for child in inner)
    return any(child.reports for child in inner) or stating * 2 > len(inner)


def _naming(reading: Reading, part: Entry) -> list[Report]:
    """The passages of a part that open by naming problems: 问题1：, 关于问题1的整改情况：, 1.整改情况：."""
    labels = _labels_in(part)
    opening = _openings(reading, part, labels)
    starts = sorted(opening)
    parents: dict[int, Entry] = {}
    for entry in part.walk():
        inside = starts[bisect_right(starts, entry.start) : bisect_left(starts, entry.end)]
        if inside and (entry is part or _heads(reading, entry, inside[0])):
            parents.update(dict.fromkeys(inside, entry))
    stops = sorted({*starts, *(entry.start for entry in parents.values()), part.end})
    reports = []
    for start in starts:
        begin, named = opening[start]
        end = stops[bisect_right(stops, start)]
        words = reading.text[slice(*named)]
        value = number(bare_number(words))
        mark = Mark(Style.PROBLEM, int(value) if value is not None else 0, named, True)
        own = labels[bisect_left(labels, start, key=_start) : bisect_left(labels, end, key=_start)]
        entry = Entry(Style.PROBLEM, start, begin, mark, parents[start], end, own)
        reports.append(Report(part, entry, words, _own_heading(reading, entry)))
    return reports


def _heads(reading: Reading, entry: Entry, first: int) -> bool:
    """Whether an entry holds reports, and is no item of the one before them: a heading is all before the first."""
    before = reading.text[entry.text_start : first].strip()
    return entry.style in _AREA_STYLES or not re.search(r"[。\n]", before)


def _openings(reading: Reading, part: Entry, labels: Sequence[LabelMark]) -> dict[int, tuple[int, Range]]:
    """Where passages open that name problems, with the places of their text and of the numbers."""
    text = reading.text
    opening: dict[int, tuple[int, Range]] = {}
    for match in _REFERENCE.finditer(text, part.text_start, part.end):
        if text[match.start() - 1] == "\n" or match.group().endswith(":"):
            opening[match.start()] = match.end(), Range(*numerals(match))
    for label in labels:
        counted = _NUMBERED_LABEL.fullmatch(text, *label.range)
        if counted and label.kind in REPORTING and label.opens_line:
            opening[counted.start()] = counted.end(), Range(*counted.span(1))
    return opening


def _labels_in(entry: Entry) -> list[LabelMark]:
    return sorted((label for inner in entry.walk() for label in inner.labels), key=_start)


def _start(label: LabelMark) -> int:
    return label.range.start


def _own_heading(reading: Reading, entry: Entry) -> Range | None:
    """The words with which a report states its problem: all before its first label, else a line or sentence like that."""
    first = next((label for label in _labels_in(entry) if label.kind in REPORTING), None)
    if first is not None:
        before = reading.trim(Range(entry.text_start, max(first.range.start, entry.text_start)))
        return before if before.end > before.start else None
    start = reading.trim(Range(entry.text_start, entry.end)).start
    match = _HEADING.match(reading.text, start, entry.end)
    return reading.trim(Range(*match.span())) if match and not stated_status(match.group().rstrip("。\n")) else None


def finding_with_report(
    reading: Reading, parent: Entry, mark: Mark | None, statement: Range | None, report: Entry | None
) -> Entry:
    """A finding whose fields stand apart, as the cells of a row do.

    Args:
        reading: the text.
        parent: the entry in which it counts as standing.
        mark: its number.
        statement: the problem.
        report: what is reported on it, if anything is; its text begins behind what only names the problem.
    """
    fields = _fields(reading, report) if report else []
    extent = Range(report.start, report.end) if report else statement or Range(parent.start, parent.start)
    if statement is not None:
        fields.insert(0, (_opening_label(Label.STATEMENT, statement.start), statement))
    labels, values = [label for label, _ in fields], [value for _, value in fields]
    return Entry(Style.ROW, extent.start, extent.start, mark, parent, extent.end, labels, values)


def _fields(reading: Reading, report: Entry) -> list[tuple[LabelMark, Range]]:
    """The labels of a report with what they announce; what stands before the first is the rectification."""
    labels = [
        replace(label, kind=Label.STATUS) if label.kind is Label.OUTCOME else label for label in _labels_in(report)
    ]
    ends = [label.range.start for label in labels[1:]] + [report.end]
    fields = [(label, reading.trim(Range(label.range.end, end))) for label, end in zip(labels, ends, strict=False)]
    stop = labels[0].range.start if labels else report.end
    lead = reading.trim(Range(report.text_start, max(stop, report.text_start)))
    if lead.end > lead.start:
        fields.insert(0, (_opening_label(Label.RECTIFICATION, lead.start), lead))
    return [(label, value) for label, value in fields if value.end > value.start]


def _opening_label(kind: Label, place: int) -> LabelMark:
    return LabelMark(kind, Range(place, place), True)

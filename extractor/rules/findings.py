"""Entries to findings: which passage is which field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractor.patterns import lazy_pattern
from extractor.rules.accountability import find_accountability
from extractor.rules.deadline import find_deadline
from extractor.rules.marks import LabelMark
from extractor.rules.parts import focus_of, heading_of, heading_words, is_container_heading, is_focus_heading
from extractor.rules.reading import Range, Reading
from extractor.rules.rectification import MeasurePassage, find_measures, list_marks, unmarked_parts
from extractor.rules.statements import (
    TELLS_DEED,
    only_states,
    read_statement,
    reports_below,
    reports_unlabelled,
    statement_end,
)
from extractor.rules.status import StatusClause, find_status, last_status, named_statuses, opening_status, stated_status
from extractor.rules.styles import Style
from extractor.rules.tree import Entry
from extractor.rules.vocabulary import LAID_OUT, PROBLEM, REPORTING, TASK, Label


@dataclass
class FindingPassages:
    """The places of one finding's fields in the reading."""

    path: list[Range]
    focus_area: Range | None
    focus: str
    topic: Range | None
    statement: Range | None
    details: Range | None = None  # of the statement, behind a status that stands in brackets behind its heading
    rectification: Range | None = None
    status: StatusClause | None = None
    measures: list[MeasurePassage] = field(default_factory=list)
    remaining: list[Range] = field(default_factory=list)
    follow_up: Range | None = None
    deadline: Range | None = None
    responsible: list[Range] = field(default_factory=list)
    accountability: list[tuple[str, Range]] = field(default_factory=list)


def read_findings(reading: Reading, entries: list[Entry], only_part: bool) -> list[FindingPassages]:
    """The fields of each finding; entries that share one report get it each.

    Args:
        reading: the text.
        entries: the entries that are findings, in order.
        only_part: whether one part encloses them all, so that its heading is no focus area.
    """
    reports = _share_reports(reading, entries)
    named = _statuses_by_number(reading, entries, reports)
    findings = []
    for entry, report in zip(entries, reports, strict=True):
        passages = _placed(reading, entry, only_part)
        _read_fields(reading, entry, report, passages, named)
        findings.append(passages)
    return findings


_MOST_BESIDE = 200  # entries in one entry, more than any notice has; keeps time linear in texts that are none


@dataclass
class _ByNumber:
    """Statuses that name their findings.

    Attributes:
        clauses: of each entry the clause for it.
        of_others: of each entry what is said of others that share its report.
        sentences: of each report the sentences that do so.
    """

    clauses: dict[Entry, StatusClause] = field(default_factory=dict)
    of_others: dict[Entry, list[Range]] = field(default_factory=dict)
    sentences: dict[Entry, list[Range]] = field(default_factory=dict)

    def said(self, entry: Entry, report: Entry) -> _Said:
        return _Said(self.sentences.get(report, []), self.of_others.get(entry, [])[:_MOST_BESIDE])


@dataclass(frozen=True, slots=True)
class _Said:
    """What of a report is said by number: the sentences that tell statuses, and what is said of others."""

    statuses: Sequence[Range]
    of_others: Sequence[Range]


def _statuses_by_number(reading: Reading, entries: list[Entry], reports: list[Entry]) -> _ByNumber:
    """The statuses that a report states of entries beside it, by their numbers."""
    named = _ByNumber()
    beside: dict[Entry | None, list[Entry]] = {}
    sharing: dict[Entry, list[Entry]] = {}
    for entry, report in zip(entries, reports, strict=True):
        if len(beside.setdefault(entry.parent, [])) < _MOST_BESIDE:
            beside[entry.parent].append(entry)
        sharing.setdefault(report, []).append(entry)
    for report, sharers in sharing.items():
        statuses = named_statuses(reading, Range(report.start, report.end))
        numbered = {number for each in statuses for number in each.numbers}
        for each in statuses if numbered else ():
            if each.numbers:
                subjects = [entry for entry in beside[report.parent] if each.names(entry.style, entry.value)]
            else:
                group = sharers[:_MOST_BESIDE] if len(sharers) > 1 else beside[report.parent]
                subjects = [entry for entry in group if entry.value not in numbered]
            named.clauses.update(dict.fromkeys(subjects, each.status))
            if subjects:
                named.sentences.setdefault(report, []).append(each.status.sentence)
            for entry in sharers[:_MOST_BESIDE] if subjects else ():
                named.of_others.setdefault(entry, []).append(each.behind if entry in subjects else each.extent)
    return named


def take_named_statuses(reading: Reading, entries: list[Entry], findings: list[FindingPassages], head: Range) -> None:
    """Statuses that the introduction states by number, for findings whose reports state none; numbers must be unique."""
    values = [entry.value for entry in entries]
    statuses = named_statuses(reading, head)
    if not statuses or len(set(values)) < len(values) or 0 in values:
        return
    numbered = {number for each in statuses for number in each.numbers}
    for entry, finding in zip(entries, findings, strict=True):
        for each in statuses:
            is_named = each.names(entry.style, entry.value) if each.numbers else entry.value not in numbered
            if is_named and finding.status is None:
                finding.status = each.status


def _share_reports(reading: Reading, entries: list[Entry]) -> list[Entry]:
    """For each entry the one that holds its report: itself, or the next sibling where that has the label."""
    reports = list(entries)
    unlabelled = [entry for entry in entries if not entry.reports]
    in_paragraphs = 2 * sum(reports_below(reading, entry) for entry in unlabelled) > max(2, len(unlabelled))
    for number in range(len(entries) - 2, -1, -1):
        entry, following = entries[number], entries[number + 1]
        if entry.reports or entry.closes_report or entry.parent is not following.parent:
            continue
        if not reports[number + 1].reports:
            closes = reports[number + 1].closes_report
            states = in_paragraphs and _states_in_a_line(reading, entry) and entry.style is following.style
            if states or (_is_bare(reading, entry, stated=closes) and not _is_bare(reading, reports[number + 1])):
                reports[number] = reports[number + 1]
            continue
        # where lines of a scan strayed, a label may be missing because it did
        may_report = entry.style is not Style.ROW and not reading.moved
        if not (may_report and reports_unlabelled(reading, Range(entry.text_start, entry.end))):
            reports[number] = reports[number + 1]
    return reports


def _states_in_a_line(reading: Reading, entry: Entry) -> bool:
    """Whether an entry without labels is a line that only states: so where others report in a paragraph below."""
    whole = reading.trim(Range(entry.text_start, entry.end))
    in_line = "\n" not in reading.text[slice(*whole)]
    return bool(in_line and entry.mark and only_states(reading, whole)) and find_status(reading, whole) is None


def _is_bare(reading: Reading, entry: Entry, *, stated: bool = False) -> bool:
    """Whether an entry without labels is one sentence in a line that states a problem or a task, and reports nothing.

    Where a status under a label closes the next report (``stated``), any paragraph that only states will do.
    """
    whole = reading.trim(Range(entry.text_start, entry.end))
    words = reading.text[slice(*whole)]
    if entry.labels or entry.mark is None or "\n" in words:
        return False
    if stated:
        return statement_end(reading, whole) >= whole.end
    if "。" in words[:-1] or ":" in words:
        return False
    states = TASK.match(words) or PROBLEM.search(words) or not TELLS_DEED.match(words)
    return bool(states) and find_status(reading, whole) is None


def _focus_number(reading: Reading, chain: list[Entry], only_part: bool) -> int:
    """Which of the entries around a finding (itself last) is its focus area."""
    headings = [heading_words(reading, entry) for entry in chain[:-1]]
    for number, words in enumerate(headings):
        inner_says_it = number + 1 < len(headings) and "方面" in headings[number + 1] and "方面" not in words
        if is_focus_heading(words) and not inner_says_it:
            return number
    if len(headings) > 1 and (only_part or is_container_heading(headings[0])):
        return 1
    return 0


def _placed(reading: Reading, entry: Entry, only_part: bool) -> FindingPassages:
    """A finding of which only its place in the notice is read: path, focus area and topic."""
    chain = [*entry.ancestors, entry]
    focus = _focus_number(reading, chain, only_part) if len(chain) > 1 else 0
    focus_entry = chain[focus] if focus < len(chain) - 1 else None
    focus_area = heading_of(reading, focus_entry) if focus_entry else None
    topic_entry = chain[-2] if len(chain) >= 2 and len(chain) - 2 > focus else None
    topic = heading_of(reading, topic_entry) if topic_entry and topic_entry.mark else None
    return FindingPassages(
        path=[link.mark.range for link in chain[focus:] if link.mark],
        focus_area=focus_area,
        focus=focus_of(reading.text[focus_area.start : focus_area.end]) if focus_area else "other",
        topic=topic,
        statement=None,
    )


def _read_fields(reading: Reading, entry: Entry, report: Entry, passages: FindingPassages, named: _ByNumber) -> None:
    status, said = named.clauses.get(entry), named.said(entry, report)
    if status and report.start <= status.range.start < report.end:
        passages.status = status
    if entry.style is Style.ROW:
        _read_row(reading, entry, passages, said)
    elif report.reports:
        _read_labelled(reading, entry, report, passages, said)
    else:
        _read_unlabelled(reading, entry, report, passages, said)
    passages.status = passages.status or status or _status_of_part(reading, entry)


def _status_of_part(reading: Reading, entry: Entry) -> StatusClause | None:
    """The status by which a part groups its findings: 已完成整改的问题."""
    for around in reversed(entry.ancestors):
        heading = heading_of(reading, around)
        said = _GROUPED_BY_STATUS.match(reading.text, *heading) if heading else None
        value = stated_status(said[1]) if said else None
        if said and value:
            range_ = Range(*said.span(1))
            return StatusClause(value, range_, range_)
    return None


_GROUPED_BY_STATUS = lazy_pattern("([^。,;:\n]{3,14}?)的?(?:反馈|具体)?(?:问题|事项|任务)")


def _read_side_fields(reading: Reading, fields: list[tuple[LabelMark, Range]], passages: FindingPassages) -> None:
    """What labels of their own say besides the report: deadline, who answers for it, what remains."""
    for label, value in fields:
        if label.kind is Label.DEADLINE and passages.deadline is None:
            passages.deadline = clause_of(reading, value)
        elif label.kind is Label.RESPONSIBLE:
            passages.responsible += names_in(reading, value)
        elif label.kind is Label.REMAINING:
            passages.remaining.append(reading.trim(value))


def _read_labelled(reading: Reading, entry: Entry, report: Entry, passages: FindingPassages, said: _Said) -> None:
    first = next(label for label in report.labels if label.kind in REPORTING)
    own_end = first.range.start if report is entry else entry.end
    if entry.labels and entry.labels[0].range.start < own_end:
        own_end = entry.labels[0].range.start
    statement = read_statement(reading, entry, own_end)
    passages.statement, passages.details = statement.range, statement.details
    passages.status = passages.status or statement.status
    begin = next(label for label in report.labels if label.kind in LAID_OUT).range.end
    if statement.closing_status and report is entry:
        begin = statement.closing_status.sentence.start
    passages.rectification = reading.trim(Range(begin, report.end))
    fields = fields_of(report)
    _read_side_fields(reading, fields, passages)
    _read_report(reading, fields, passages, said)
    if (
        statement.closing_status
        and passages.deadline is None
        and not any(k.kind is Label.DEADLINE for k in report.labels)
    ):
        bracket = statement.closing_status.sentence
        passages.deadline = find_deadline(reading, bracket, [bracket], said.of_others)


def _read_row(reading: Reading, row: Entry, passages: FindingPassages, said: _Said) -> None:
    """A row of a table: the cells behind the statement, from the first that a report is laid out in, are the report."""
    fields = fields_of(row)
    passages.statement = next((value for label, value in fields if label.kind is Label.STATEMENT), None)
    stated = passages.statement.end if passages.statement else row.start
    first = next((value for label, value in fields if label.kind in LAID_OUT and value.start >= stated), None)
    if first is not None and row.reports:
        passages.rectification = reading.trim(Range(first.start, row.end))
    _read_side_fields(reading, fields, passages)
    _read_report(reading, fields, passages, said)


def _read_report(
    reading: Reading, fields: list[tuple[LabelMark, Range]], passages: FindingPassages, said: _Said
) -> None:
    """Status, measures and accountability, from the labelled fields that hold them."""
    kinds = [label.kind for label, _ in fields]
    measure_fields = [value for label, value in fields if label.kind is Label.MEASURES]
    progress = [value for label, value in fields if label.kind in (Label.PROGRESS, Label.RECTIFICATION, Label.STATUS)]
    reports = [value for label, value in fields if label.kind is Label.RECTIFICATION]
    apart = bool(measure_fields and progress)
    if not apart:
        # 成效 behind 整改情况 is what came of the measures
        measure_fields = measure_fields + (reports or progress)
    own = [value for label, value in fields if label.kind is Label.STATUS]  # says more surely than a word of progress
    statuses = [find_status(reading, value) for value in ([*own, *progress] or measure_fields)]
    if apart and not list_marks(reading, progress[-1]):
        statuses.append(last_status(reading, progress[-1]))
    passages.status = passages.status or next((status for status in statuses if status), None)
    left_out = [*said.statuses, *([passages.status.sentence] if passages.status else [])]
    cut = {value: find_measures(reading, value, left_out) for value in measure_fields}
    passages.measures += [measure for measures in cut.values() for measure in measures]
    if passages.deadline is None and passages.rectification and Label.DEADLINE not in kinds:
        dated = progress or measure_fields
        parts = [part for value in dated for part in unmarked_parts(reading, value, cut.get(value, []))]
        passages.deadline = find_deadline(
            reading, passages.rectification, [*parts, *passages.remaining], said.of_others
        )
    for label, value in fields:
        if label.kind is Label.STATEMENT:
            continue  # what was wrong, not what was done
        passages.accountability += find_accountability(reading, value)


def fields_of(report: Entry) -> list[tuple[LabelMark, Range]]:
    """The labels of a report, each with the text up to the next label; of a row of a table first those of its cells."""
    cells = list(zip(report.labels, report.values, strict=False))
    labels = report.labels[len(cells) :]
    ends = [label.range.start for label in labels[1:]] + [report.end]
    return cells + [(label, Range(label.range.end, end)) for label, end in zip(labels, ends, strict=False)]


def clause_of(reading: Reading, value: Range) -> Range | None:
    """The text behind a label up to the end of its line, without the mark that closes it; None where there is none."""
    start, end = reading.trim(value)
    stop = reading.text.find("\n", start, end)
    end = stop if stop >= 0 else end
    while end > start and (
        reading.text[end - 1] in "。;,:】" or reading.text[start:end].count(")") > reading.text[start:end].count("(")
    ):
        end -= 1
    return Range(start, end) if end > start else None


def names_in(reading: Reading, value: Range) -> list[Range]:
    """The names behind a label such as 责任单位, one each; names in brackets stay with theirs."""
    clause = clause_of(reading, value)
    if clause is None:
        return []
    soft = set() if reading.wrapped else reading.soft
    names: list[Range] = []
    start = clause.start
    for place in range(clause.start, clause.end + 1):
        at_end = place == clause.end
        if (
            at_end
            or place in soft
            or (reading.text[place] in "、,;。" and not _inside_name(reading.text, clause, place))
        ):
            if reading.text[start:place].strip("、,;。 "):
                names.append(reading.trim(Range(start, place)))
            start = place if place in soft else place + 1
    return names


def _inside_name(text: str, clause: Range, place: int) -> bool:
    """Whether a comma stands in brackets, or between the posts of one person (党委委员、副乡长某某)."""
    before = text[clause.start : place]
    if before.count("(") > before.count(")"):
        return True
    one_person = re.search(r"[员记任长成]$", before) and _POST.match(text, place)
    return bool(one_person or (_FIRST_POST.search(before) and _POST_ALONE.match(text, place)))


# a second post is that of the same person where a name follows it: 党委书记、院长某某
_POST = lazy_pattern(r"、(?:副|党|兼|纪|政协|人大|(?:\w{1,2}长|主任|主席|总经理)(?!办)[^\W\d]{2,4}(?=[、,;。(\n]|$))")


# whoever is a member of a leading body holds a post besides; the secretary of a 党组 heads the organisation
_FIRST_POST = lazy_pattern(r"(?:党[组委](?:成员|委员)|党组书记)$")
_POST_ALONE = lazy_pattern(
    r"、(?!.{0,8}(?:党组|党委))[^、,;。\n\d]{0,8}?(?:局长|院长|检察长|主任|行长|组长|书记|主席|经理|总监)(?=[、,;。\n]|$)"
)


def _read_unlabelled(reading: Reading, entry: Entry, report: Entry, passages: FindingPassages, said: _Said) -> None:
    """An entry without a label of rectification: its heading states, all that follows reports, there or in the next."""
    whole = reading.trim(Range(report.text_start, report.end))
    end = statement_end(reading, whole)
    statement = read_statement(reading, report, end)
    own = statement if report is entry else read_statement(reading, entry, entry.end)
    passages.statement, passages.details = own.range, own.details
    if statement.closing_status:
        end = statement.closing_status.sentence.start
    rectification = reading.trim(Range(end, whole.end))
    if rectification.end <= rectification.start:
        return
    passages.rectification = rectification
    _read_side_fields(reading, fields_of(report), passages)
    outcomes = [value for label, value in fields_of(report) if label.kind is Label.OUTCOME]
    for value in outcomes:
        passages.status = passages.status or opening_status(reading, value)
    stop = report.labels[0].range.start if report.labels else rectification.end
    told = Range(rectification.start, max(stop, rectification.start))
    passages.status = passages.status or statement.status or find_status(reading, told)
    left_out = [*said.statuses, *([passages.status.sentence] if passages.status else [])]
    passages.measures = find_measures(reading, told, left_out)
    if passages.deadline is None:
        parts = [*unmarked_parts(reading, told, passages.measures), *outcomes, *passages.remaining]
        passages.deadline = find_deadline(reading, told, parts, said.of_others)
    passages.accountability = find_accountability(reading, told)

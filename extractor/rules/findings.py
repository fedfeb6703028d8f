"""Entries to findings: which entries are findings, and which passage is which field."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from extractor.rules.accountability import find_accountability
from extractor.rules.deadline import find_deadline
from extractor.rules.marks import LabelMark
from extractor.rules.outline import Entry
from extractor.rules.parts import focus_of, heading_of, is_container_heading, is_focus_heading
from extractor.rules.reading import Range, Reading
from extractor.rules.rectification import MeasurePassage, find_measures, list_marks, unmarked_parts
from extractor.rules.status import StatusClause, find_status, named_statuses, opening_status, stated_status
from extractor.rules.styles import Style
from extractor.rules.vocabulary import LEAD, PROBLEM, REPORTING, Label


@dataclass
class FindingPassages:
    """The places of one finding's fields in the reading."""

    path: list[Range]
    focus_area: Range | None
    focus: str
    topic: Range | None
    statement: Range | None
    rectification: Range | None = None
    status: StatusClause | None = None
    measures: list[MeasurePassage] = field(default_factory=list)
    remaining: list[Range] = field(default_factory=list)
    follow_up: Range | None = None
    deadline: Range | None = None
    responsible: list[Range] = field(default_factory=list)
    accountability: list[tuple[str, Range]] = field(default_factory=list)


def finding_entries(reading: Reading, part: Entry) -> list[Entry]:
    """The innermost entries of a part that have a statement or a report of their own."""
    labelled = any(entry.reports for entry in part.walk())
    if labelled:
        return [entry for entry in part.walk() if not entry.children]
    single = _single_styles(part)
    entries: list[Entry] = []
    _collect(reading, part, single, entries)
    return [inner for entry in entries for inner in _split_by_leads(reading, entry)]


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
    for child in entry.children:
        _collect(reading, child, single, found)


def _split_by_leads(reading: Reading, entry: Entry) -> list[Entry]:
    """Paragraphs 针对“…”问题。 that stand together under one heading are findings without numbers."""
    leads = list(LEAD.finditer(reading.text, entry.text_start, entry.end))
    heading = heading_of(reading, entry)
    over_focus = heading is not None and is_focus_heading(reading.text[heading.start : heading.end])
    if len(leads) < (1 if over_focus else 2):
        return [entry]
    ends = [lead.start() for lead in leads[1:]] + [entry.end]
    split = [
        Entry(Style.LABELLED, lead.start(), lead.start(), parent=entry, end=end)
        for lead, end in zip(leads, ends, strict=True)
    ]
    entry.children = split
    return split


def _counts_measures(reading: Reading, entry: Entry, single: set[Style | None]) -> bool:
    """In a notice without labels: whether the numbers in an entry count the measures taken on its problem."""
    heading = heading_of(reading, entry)
    if heading is None or entry.parent is None or not entry.children or any(child.children for child in entry.children):
        return False
    words = reading.text[heading.start : heading.end]
    if is_focus_heading(words) or is_container_heading(words):
        return False
    quotes_problem = _quotes_problem(words)
    if entry.style in (Style.CHINESE, Style.HEADING, Style.ASPECT, Style.PART) and not quotes_problem:
        return False
    if _STATUS_BRACKET.search(words):
        return True
    children = [reading.text[child.text_start : child.end].strip() for child in entry.children]
    problems = sum(bool(_STATES_PROBLEM.match(child)) for child in children)
    statuses = sum(find_status(reading, Range(child.text_start, child.end)) is not None for child in entry.children)
    # a single number holds the status of the entry
    alone = quotes_problem and len(children) == 1
    if max(problems, 0 if alone else statuses) * 2 > len(children):
        return False
    if entry.style in single:
        return True
    headed = sum(bool(_SHORT_HEADING.match(child)) for child in children)
    says_problem = bool(re.search(r"问题|针对|“", words)) and bool(
        PROBLEM.search(words) or _QUOTES_PROBLEM.search(words)
    )
    return says_problem or headed * 2 < len(children)


def _quotes_problem(heading: str) -> bool:
    """Whether a heading names one problem in quotation marks: 关于“…不力”问题的整改."""
    quoted = _QUOTES_PROBLEM.search(heading)
    return quoted is not None and bool(PROBLEM.search(quoted[1]))


_QUOTES_PROBLEM = re.compile('[“"](.+)[”"][^。]{0,4}问题')
_STATES_PROBLEM = re.compile(r"[^。;已]{0,60}(?:问题[。;]|不[够到力]|薄弱|缺失|滞后)")
_SHORT_HEADING = re.compile(r"[^。\n\d《]{2,34}[。:\n]\s*\S")


def read_findings(reading: Reading, entries: list[Entry], only_part: bool) -> list[FindingPassages]:
    """The fields of each finding; entries that share one report get it each.

    Args:
        reading: the text.
        entries: the entries that are findings, in order.
        only_part: whether one part encloses them all, so that its heading is no focus area.
    """
    reports = _share_reports(entries)
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
    """Statuses that name their findings: of each entry the clause for it, of each report the sentences that do so."""

    clauses: dict[Entry, StatusClause] = field(default_factory=dict)
    sentences: dict[Entry, list[Range]] = field(default_factory=dict)


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


def _share_reports(entries: list[Entry]) -> list[Entry]:
    """For each entry the one that holds its report: itself, or the next sibling where that has the label."""
    reports = list(entries)
    for number in range(len(entries) - 2, -1, -1):
        entry, following = entries[number], entries[number + 1]
        if entry.reports or entry.parent is not following.parent or not reports[number + 1].reports:
            continue
        reports[number] = reports[number + 1]
    return reports


def _focus_number(reading: Reading, chain: list[Entry], only_part: bool) -> int:
    """Which of the entries around a finding (itself last) is its focus area."""
    headings = [reading.text[h.start : h.end] if (h := heading_of(reading, entry)) else "" for entry in chain[:-1]]
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
    status, said = named.clauses.get(entry), named.sentences.get(report, [])
    if status and report.start <= status.range.start < report.end:
        passages.status = status
    if entry.style is Style.ROW:
        _read_row(reading, entry, passages, said)
    elif report.reports:
        _read_labelled(reading, entry, report, passages, said)
    else:
        _read_unlabelled(reading, entry, passages, said)
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


_GROUPED_BY_STATUS = re.compile("([^。,;:\n]{3,14}?)的(?:反馈|具体)?(?:问题|事项|任务)")
_STATUS_BRACKET = re.compile(r"[(【\[][^()【】\[\]\n]{2,40}[)】\]]\s*$")


_SPOKEN_NUMBER = re.compile(r"[一二三四五六七八九]是(?![否因指由])")
_SENTENCE = re.compile(r"[^。!?\n]*?[。!?][”\"]?")


def _statement(reading: Reading, entry: Entry, end: int) -> Range | None:
    start, end = reading.trim(Range(entry.text_start, end))
    text = reading.text
    # in «(2)一是责任心不强» the 一是 is a number too
    if spoken := _SPOKEN_NUMBER.match(text, start, end):
        start = spoken.end()
    while end > start and text[end - 1] in ":,、(【":
        end -= 1
    return Range(start, end) if end > start else None


def _split_status(reading: Reading, statement: Range | None) -> tuple[Range | None, StatusClause | None]:
    """The statement without a status in brackets at its end, and that status."""
    bracket = _STATUS_BRACKET.search(reading.text, *statement) if statement else None
    status = find_status(reading, Range(*bracket.span())) if bracket else None
    if statement is None or bracket is None or status is None:
        return statement, _status_behind_heading(reading, statement)
    return reading.trim(Range(statement.start, bracket.start())), status


def _status_behind_heading(reading: Reading, statement: Range | None) -> StatusClause | None:
    """A status in brackets at the end of the statement's first line, where details follow below."""
    line_end = reading.text.find("\n", *statement) if statement else -1
    bracket = _STATUS_BRACKET.search(reading.text, statement.start, line_end) if statement and line_end > 0 else None
    return find_status(reading, Range(*bracket.span())) if bracket else None


def _read_side_fields(reading: Reading, fields: list[tuple[LabelMark, Range]], passages: FindingPassages) -> None:
    """What labels of their own say besides the report: deadline, who answers for it, what remains."""
    for label, value in fields:
        if label.kind is Label.DEADLINE and passages.deadline is None:
            passages.deadline = clause_of(reading, value)
        elif label.kind is Label.RESPONSIBLE:
            passages.responsible += names_in(reading, value)
        elif label.kind is Label.REMAINING:
            passages.remaining.append(reading.trim(value))


def _read_labelled(reading: Reading, entry: Entry, report: Entry, passages: FindingPassages, said: list[Range]) -> None:
    first = next(label for label in report.labels if label.kind in REPORTING)
    own_end = first.range.start if report is entry else entry.end
    if entry.labels and entry.labels[0].range.start < own_end:
        own_end = entry.labels[0].range.start
    statement = _statement(reading, entry, own_end)
    passages.statement, bracket_status = _split_status(reading, statement)
    passages.status = passages.status or bracket_status
    opens_report = bracket_status and statement and bracket_status.sentence.end >= statement.end and report is entry
    begin = bracket_status.sentence.start if bracket_status and opens_report else first.range.end
    passages.rectification = reading.trim(Range(begin, report.end))
    fields = fields_of(report)
    _read_side_fields(reading, fields, passages)
    _read_report(reading, fields, passages, said)


def _read_row(reading: Reading, row: Entry, passages: FindingPassages, said: list[Range]) -> None:
    """A row of a table: the cells from the first that reports on are the rectification."""
    fields = fields_of(row)
    passages.statement = next((value for label, value in fields if label.kind is Label.STATEMENT), None)
    first = next((value for label, value in fields if label.kind in REPORTING), None)
    if first is not None:
        passages.rectification = reading.trim(Range(first.start, row.end))
    _read_side_fields(reading, fields, passages)
    _read_report(reading, fields, passages, said)


def _read_report(
    reading: Reading, fields: list[tuple[LabelMark, Range]], passages: FindingPassages, said: list[Range]
) -> None:
    """Status, measures and accountability, from the labelled fields that hold them."""
    kinds = [label.kind for label, _ in fields]
    measure_fields = [value for label, value in fields if label.kind is Label.MEASURES]
    progress = [value for label, value in fields if label.kind in (Label.PROGRESS, Label.RECTIFICATION, Label.STATUS)]
    if not (measure_fields and progress):
        measure_fields = measure_fields + progress
    statuses = (find_status(reading, value) for value in (progress or measure_fields))
    passages.status = passages.status or next((status for status in statuses if status), None)
    left_out = [*said, passages.status.sentence] if passages.status else said
    cut = {value: find_measures(reading, value, left_out) for value in measure_fields}
    passages.measures += [measure for measures in cut.values() for measure in measures]
    if passages.deadline is None and passages.rectification and Label.DEADLINE not in kinds:
        dated = progress or measure_fields
        parts = [part for value in dated for part in unmarked_parts(value, cut.get(value, []))]
        passages.deadline = find_deadline(reading, passages.rectification, [*parts, *passages.remaining])
    for _, value in fields:
        passages.accountability += find_accountability(reading, value)


def fields_of(report: Entry) -> list[tuple[LabelMark, Range]]:
    """The labels of a report, each with the text up to the next label."""
    labels = report.labels
    if report.values:
        return list(zip(labels, report.values, strict=True))
    ends = [label.range.start for label in labels[1:]] + [report.end]
    return [(label, Range(label.range.end, end)) for label, end in zip(labels, ends, strict=False)]


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
    return bool(
        re.search(r"[员记任长成]$", before) and re.match(r"、(?:副|党|兼|纪|政协|人大)", text[place : place + 4])
    )


def _read_unlabelled(reading: Reading, entry: Entry, passages: FindingPassages, said: list[Range]) -> None:
    """An entry without a label of rectification: its heading states, all that follows reports."""
    whole = reading.trim(Range(entry.text_start, entry.end))
    end = _statement_end(reading, whole)
    statement = _statement(reading, entry, end)
    passages.statement, bracket_status = _split_status(reading, statement)
    if bracket_status and statement and bracket_status.sentence.end >= statement.end:
        end = bracket_status.sentence.start
    rectification = reading.trim(Range(end, whole.end))
    if rectification.end <= rectification.start:
        return
    passages.rectification = rectification
    _read_side_fields(reading, fields_of(entry), passages)
    for label, value in fields_of(entry):
        if label.kind is Label.OUTCOME:
            passages.status = passages.status or opening_status(reading, value)
    stop = entry.labels[0].range.start if entry.labels else rectification.end
    report = Range(rectification.start, max(stop, rectification.start))
    passages.status = passages.status or bracket_status or find_status(reading, report)
    left_out = [*said, passages.status.sentence] if passages.status else said
    passages.measures = find_measures(reading, report, left_out)
    if passages.deadline is None:
        parts = [*unmarked_parts(report, passages.measures), *passages.remaining]
        passages.deadline = find_deadline(reading, report, parts)
    passages.accountability = find_accountability(reading, report)


_EXPLAINS = re.compile(
    r"(?:中央|省委|市委|区委|县委)?(?:第?[一二三四五六七八九十]*)?巡[视察](?:组)?(?:反馈|意见)*(?:指出|认为|发现)|反馈(?:意见)?指出|(?:具体|主要|问题)?表现(?:为|在|:)|具体问题"
)


def _holds_status_alone(reading: Reading, below: Range) -> bool:
    """Whether nothing but a status stands below the first line of an entry, which then reports as well."""
    begin, end = reading.trim(below)
    status = opening_status(reading, Range(begin, end)) if end > begin else None
    return status is not None and status.sentence.end >= end


_LEAD_IN = re.compile('(?:针对|关于)[“"][^\\n“”"]{4,120}[”"](?:等|的|方面|这一)*问题[,:](?!具体|主要|表现)')


def _statement_end(reading: Reading, whole: Range) -> int:
    """Where the statement of an entry without labels ends: its first line, in one paragraph its first sentence."""
    text = reading.text
    lead = _LEAD_IN.match(text, *whole)
    if lead and lead.end() < whole.end:
        return lead.end()
    line_end = text.find("\n", whole.start, whole.end)
    while line_end >= 0 and _EXPLAINS.match(text, line_end + 1, whole.end):
        line_end = text.find("\n", line_end + 1, whole.end)
    if line_end >= 0 and _holds_status_alone(reading, Range(line_end, whole.end)):
        whole, line_end = Range(whole.start, line_end), -1
    first = Range(whole.start, whole.end if line_end < 0 else line_end)
    marks = list_marks(reading, whole)
    first_mark = marks[0].range.start if marks else whole.end
    sentence = _SENTENCE.match(text, *first)
    sentence_end = sentence.end() if sentence else first.end
    while sentence_end <= first_mark and (following := _SENTENCE.match(text, sentence_end, first.end)):
        if opening_status(reading, Range(*following.span())):
            return sentence_end
        if not _EXPLAINS.match(text, sentence_end, first.end):
            break
        sentence_end = following.end()
    if line_end >= 0 and first_mark >= line_end:
        return first.end
    if sentence and sentence_end <= first_mark:
        return sentence_end
    colon = text.find(":", whole.start, min(first_mark + 1, first.end))
    if colon >= 0:
        return colon + 1
    return min(first_mark, first.end)

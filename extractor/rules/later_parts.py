"""The parts behind the findings: what needs more work, and the plans."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from extractor.patterns import lazy_pattern
from extractor.rules.findings import FindingPassages, clause_of, fields_of, names_in
from extractor.rules.likeness import LIKE_ENOUGH, Wording
from extractor.rules.marks import find_marks
from extractor.rules.named_findings import NamedFindings
from extractor.rules.reading import Range, Reading
from extractor.rules.rectification import list_marks, skip_punctuation
from extractor.rules.references import REFERENCE, numerals
from extractor.rules.styles import Style
from extractor.rules.tree import Entry, entries_at
from extractor.rules.vocabulary import Label

_HEADING_END = lazy_pattern(r"[^。\n:]*?(?:问题(?=[。:\n])|[。\n:])[。:]?")
_HEADING_OF_PROBLEM = lazy_pattern(r"[^。\n:]*问题[。:\n]")
_PLAN_LABELS = set(Label) - {Label.STATEMENT, Label.DEADLINE, Label.RESPONSIBLE}
_MOST_PLANS = 100  # more than any notice has; it keeps time linear in texts that are none


def read_follow_up(reading: Reading, part: Entry, findings: Sequence[FindingPassages]) -> None:
    """Give each finding that a later part takes up again its plan, deadline and who answers for it.

    A finding is taken up by its number (问题1-2) or by its words (水费收缴率偏低问题).
    """
    found = NamedFindings.of(reading, findings)
    left: list[Entry] = []
    for entry in islice(_plans(reading, part), _MOST_PLANS):
        begin, subjects = _subjects_by_number(reading, entry, found)
        if subjects:
            _take(reading, entry, begin, subjects, found)
        elif (subject := _subject_by_words(reading, entry, found)) is not None:
            found.taken.add(subject)
            _attach(reading, entry, _heading_and_plan(reading, entry)[1], findings[subject])
        else:
            left.append(entry)
    if not found.taken:
        left = _take_by_own_number(reading, left, found)
    _attach_by_elimination(reading, left, [f for n, f in enumerate(findings) if n not in found.taken])


def _plans(reading: Reading, part: Entry) -> Sequence[Entry]:
    """The innermost entries of a part; where numbers opened none, those that the numbers in its text would open."""
    within = Range(part.text_start, part.end)
    opening = [mark for mark in find_marks(reading, within) if mark.opens_line]
    first = part.children[0] if part.children else None
    if first and not (opening and opening[0].style is first.style and opening[0].range.start < first.start):
        return [inner for inner in part.walk() if not inner.children]
    marks = max([mark for mark in opening if mark.style is opening[0].style], list_marks(reading, within), key=len)
    if not marks:
        return [part]
    entries = entries_at(marks, part, part.end)
    labels = [label for inner in part.walk() for label in inner.labels]
    for entry in entries[:_MOST_PLANS]:
        entry.labels = [label for label in labels if entry.start <= label.range.start < entry.end]
    return entries


def _subjects_by_number(reading: Reading, entry: Entry, found: NamedFindings) -> tuple[int, list[int]]:
    """Where the text behind the numbers begins that an entry opens with, and which findings they name."""
    names = entry.style is Style.PROBLEM and entry.parent is not None and entry.parent.text_start == entry.start
    start = entry.start if names else reading.trim(Range(entry.text_start, entry.end)).start
    if entry.style is Style.ROW:
        return start, []
    match = REFERENCE.match(reading.text, start, entry.end)
    return (match.end(), found.numbered.named(reading.text[slice(*numerals(match))])) if match else (start, [])


def _subject_by_words(reading: Reading, entry: Entry, found: NamedFindings) -> int | None:
    """The finding, not taken up yet, whose statement the heading is most like; of several the first."""
    heading = Wording.of(reading, _heading_and_plan(reading, entry)[0])
    if (subject := found.most_like(heading)) is not None:
        return subject
    below = [
        n
        for n, finding in enumerate(found.passages)
        if n not in found.taken
        and finding.topic
        and heading.likeness(Wording.of(reading, finding.topic)) >= LIKE_ENOUGH
    ]
    unfinished = [n for n in below if (status := found.passages[n].status) and status.value != "completed"]
    return below[0] if len(below) == 1 else unfinished[0] if len(unfinished) == 1 else None


def _take_by_own_number(reading: Reading, left: list[Entry], found: NamedFindings) -> list[Entry]:
    """The entries no finding is known for: none where the numbers before them are those of findings, and no count."""
    named = [found.numbered.named(reading.text[slice(*entry.mark.range)]) if entry.mark else [] for entry in left]
    counts = [entry.value for entry in left] == list(range(1, len(left) + 1))
    if not all(named) or (counts and any(entry.style is not Style.PROBLEM for entry in left)):
        return left
    for entry, subjects in zip(left, named, strict=True):
        _take(reading, entry, entry.text_start, subjects, found)
    return []


def _take(reading: Reading, entry: Entry, begin: int, subjects: Sequence[int], found: NamedFindings) -> None:
    """Attach the plan that begins behind a number to the findings named; a heading that repeats their words is none."""
    plan = _heading_and_plan(reading, entry)[1]
    if not any(label.kind in _PLAN_LABELS for label in entry.labels):
        heading = _HEADING_OF_PROBLEM.match(reading.text, begin, plan.end)
        wording = Wording.of(reading, Range(*heading.span()) if heading else None)
        repeats = wording.likeness(found.statements[subjects[0]]) >= LIKE_ENOUGH
        plan = reading.trim(Range(heading.end() if heading and repeats else begin, max(plan.end, begin)))
    found.taken.update(subjects)
    for subject in subjects:
        _attach(reading, entry, plan, found.passages[subject])


def _attach_by_elimination(reading: Reading, left: Sequence[Entry], findings: Sequence[FindingPassages]) -> None:
    """One plan and one unfinished finding that are left over belong together, however the scan misread them."""
    unfinished = [f for f in findings if f.status and f.status.value not in ("completed", "not_stated")]
    if len(left) == len(unfinished) == 1:
        _attach(reading, left[0], _heading_and_plan(reading, left[0])[1], unfinished[0])


def _heading_and_plan(reading: Reading, entry: Entry) -> tuple[Range | None, Range]:
    """The heading that names the finding, and the plan behind it up to the first other label."""
    if entry.style is Style.ROW:
        cells = {label.kind: value for label, value in fields_of(entry)}
        plans = [cells[kind] for kind in (Label.REMAINING, Label.MEASURES, Label.RECTIFICATION) if kind in cells]
        return cells.get(Label.STATEMENT), plans[0] if plans else Range(entry.end, entry.end)
    text = reading.text
    whole = reading.trim(Range(entry.text_start, entry.end))
    labels = [label for label in entry.labels if label.kind is not Label.STATEMENT]
    stops = [label.range.start for label in labels if label.kind in (Label.DEADLINE, Label.RESPONSIBLE)]
    plan_labels = [label for label in labels if label.kind in _PLAN_LABELS]
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


def read_next_steps(reading: Reading, part: Entry, taken: Sequence[Range] = ()) -> list[Range]:
    """The numbered plans of a part on further work, each whole; numbers in a running paragraph count as well.

    What begins in a passage ``taken`` already is no plan.
    """
    plans = _numbered_plans(reading, part)
    return [plan for plan in plans if not any(begin <= plan.start < end for begin, end in taken)]


def _numbered_plans(reading: Reading, part: Entry) -> list[Range]:
    if len(part.children) > 1:
        return [reading.trim(Range(child.text_start, child.end)) for child in part.children]
    marks = list_marks(reading, Range(part.text_start, part.end))
    if part.children and (len(marks) < 2 or marks[0].range.start != part.children[0].start):
        (only,) = part.children
        return [reading.trim(Range(only.text_start, only.end))]
    ends = [mark.range.start for mark in marks[1:]] + [part.end]
    plans = []
    for mark, end in zip(marks, ends, strict=False):
        plans.append(reading.trim(Range(min(skip_punctuation(reading.text, mark.range.end), end), end)))
    return plans

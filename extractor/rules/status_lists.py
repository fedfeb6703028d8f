"""Statuses that a passage outside the findings states for several of them: below which it lists them, or of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest

from extractor.patterns import lazy_pattern
from extractor.rules.findings import FindingPassages
from extractor.rules.likeness import Wording
from extractor.rules.named_findings import NamedFindings
from extractor.rules.reading import Range, Reading
from extractor.rules.references import REFERENCE, numerals
from extractor.rules.status import StatusClause, stated_status
from extractor.rules.tree import Entry

_MOST_LINES = 100  # more than any notice has; it keeps time linear in texts that are none
_THINGS = "(?:反馈|具体)?(?:问题|事项|任务)"
_COUNT = r"\(?共?(?:有|计)?[\d一二两三四五六七八九十]{1,3}[个项条]\)?"
_ITEM = r"(?:\d{1,2}[.、]|\(\d{1,2}\)|[①-⑳])"
_HEAD = lazy_pattern(
    rf"(?:(?<=[\n。;)、.,])|^)(?P<said>[^。,;:()\n\d]{{3,14}}?)的?(?:{_THINGS}(?:有?{_COUNT})?|{_COUNT}(?:{_THINGS})?)"
    rf"(?::|,?(?:即|是|分别[是为]|具体[是为]|包括):?|(?=\n{_ITEM}))"
)
"""A status of which the findings follow that it is said of: 正在整改的问题(2个):…;…"""
_COUNTED = lazy_pattern(rf"(?:(?<=[\n。;)、.])|^)(?P<said>[^。,;:()\n\d]{{3,14}}?)的?(?:{_THINGS})?{_COUNT}[。;\n]")
_NAMES = lazy_pattern(rf"(?:\n{_ITEM}[^\n]{{4,200}})+|\n?[^\n。]{{2,2000}}")
_EXCEPTIONS = lazy_pattern(r"(?:(?<=[\n。;,)])|^)除(?P<named>[^。\n]{4,400}?)(?:以|之)?外,")
_EXCEPTION = lazy_pattern(rf"(?P<names>[^,]+?)等?(?:{_COUNT})?(?:{_THINGS})(?P<said>[^,“”]{{0,14}})(?:,|$)")
"""The findings that a status of the rest leaves out, and what is said of them: 除…2个问题正在推进外,"""
_REST = lazy_pattern(
    rf"(?:(?<=[\n。;,:)、.])|^)(?P<clause>(?:其余|其他|其它|剩余|余下)的?(?:{_COUNT})?(?:{_THINGS})?(?P<said>[^,。;:!?\n]{{2,30}}))"
)
_UNREAD = lazy_pattern("[一-鿿]{4}")
_ENTRY_OF_LIST = lazy_pattern(rf"(?:{_ITEM})?(?P<name>[^;\n]{{4,200}})")
_ONE_OF_SEVERAL = lazy_pattern(r"(?:[^;、,\n“”\"]|“[^”\n]*”(?!“))+(?:“[^”\n]*”(?=“))?|“[^”\n]*”")


def read_status_lists(reading: Reading, within: Range, findings: Sequence[FindingPassages]) -> list[Range]:
    """Give findings without a status the one stated for them in a range; where it is stated, in order.

    What is said of the rest (其余30个问题均已完成整改) counts where all findings that the range lists are known.
    """
    listed = list(_lists(reading, within))
    lists = [*((said, names) for said, names, _ in listed), *_exceptions(reading, within)]
    if not lists:
        return []
    found = NamedFindings.of(reading, findings)
    stated: list[Range] = []
    all_known = all(is_whole for _, _, is_whole in listed)
    for said, names in lists:
        value = stated_status(reading.text[slice(*said)])
        subjects, known = _subjects(reading, names, found)
        all_known = all_known and known
        if subjects:
            stated.append(Range(min(said.start, names.start), max(said.end, names.end)))
        if value:
            for subject in subjects:
                findings[subject].status = findings[subject].status or StatusClause(value, said, said)
    if stated:
        counts = (match for match in _COUNTED.finditer(reading.text, *within) if stated_status(match["said"]))
        stated += [Range(*match.span()) for match in islice(counts, _MOST_LINES)]
    rest = next((rest for rest in _REST.finditer(reading.text, *within) if stated_status(rest["said"])), None)
    if rest and found.taken and all_known:
        stated.append(Range(*rest.span()))
        clause = Range(*rest.span("clause"))
        status = StatusClause(stated_status(rest["said"]) or "", clause, clause)
        for number, finding in enumerate(findings):
            if number not in found.taken:
                finding.status = finding.status or status
    return stated


def lists_statuses(reading: Reading, part: Entry) -> bool:
    """Whether a part without reports says little else than which findings have which status."""
    if part.holds_reports or part.end - part.start > _LONGEST_LIST:
        return False
    lists = sum(names.end - said.start for said, names, _ in _lists(reading, Range(part.text_start, part.end)))
    return lists > _SHARE_OF_LISTS * (part.end - part.text_start)


_LONGEST_LIST = 3000
_SHARE_OF_LISTS = 0.3


def _lists(reading: Reading, within: Range) -> Iterator[tuple[Range, Range, bool]]:
    """Each status that a list stands behind, the list, and whether it reaches up to the next or what is said of the rest."""
    text = reading.text
    heads = [match for match in islice(_HEAD.finditer(text, *within), _MOST_LINES) if stated_status(match["said"])]
    for head, following in zip_longest(heads, heads[1:]):
        end = following.start() if following else within.end
        rest = _REST.search(text, head.end(), end)
        bound = rest.start() if rest else end
        if names := _NAMES.match(text, head.end(), bound):
            is_whole = bound == within.end or _UNREAD.search(text, names.end(), bound) is None
            yield Range(*head.span("said")), Range(*names.span()), is_whole


def _exceptions(reading: Reading, within: Range) -> Iterator[tuple[Range, Range]]:
    """What is said of findings that a status of the rest leaves out, where it is, and their names."""
    for match in islice(_EXCEPTIONS.finditer(reading.text, *within), _MOST_LINES):
        for each in islice(_EXCEPTION.finditer(reading.text, *match.span("named")), _MOST_LINES):
            yield Range(*each.span("said")), Range(*each.span("names"))


def _subjects(reading: Reading, names: Range, found: NamedFindings) -> tuple[list[int], bool]:
    """The findings that a list names by number or by words, and whether all that it names are known."""
    reference = REFERENCE.match(reading.text, *names)
    if reference and reference.end() == names.end:
        named = found.numbered.named(reading.text[slice(*numerals(reference))])
        found.taken.update(named)
        return named, bool(named)
    subjects: list[int] = []
    known = True
    for entry in islice(_ENTRY_OF_LIST.finditer(reading.text, *names), _MOST_LINES):
        for subject in _named_by(reading, Range(*entry.span("name")), found):
            known = known and subject is not None
            if subject is not None:
                found.taken.add(subject)
                subjects.append(subject)
    return subjects, known


def _named_by(reading: Reading, names: Range, found: NamedFindings) -> list[int | None]:
    """The finding that some words name, or those that their parts at 、 name, where each names another."""
    parts = [Range(*part.span()) for part in islice(_ONE_OF_SEVERAL.finditer(reading.text, *names), _MOST_LINES)]
    several = [found.most_like(Wording.of(reading, part)) for part in parts]
    if len(parts) > 1 and len(set(several)) == len(parts):
        return several
    return [found.most_like(Wording.of(reading, names))]

"""Problems listed in one part of a notice, and the reports on them in a later one: 反馈的主要问题, then 整改落实情况."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extractor.patterns import lazy_pattern
from extractor.rules.entries import finding_entries
from extractor.rules.later_reports import Report, cut_reports, finding_with_report
from extractor.rules.likeness import LIKE_ENOUGH, Wording
from extractor.rules.parts import Part, heading_of, heading_words
from extractor.rules.reading import Range, Reading
from extractor.rules.rectification import list_marks, skip_punctuation
from extractor.rules.references import Numbered
from extractor.rules.tree import UNREAD, Entry, entries_at

_LISTS = lazy_pattern(
    r"(?:(?:反馈|指出|发现|存在|查找|查摆|移交)[^。\n]{0,8}?(?:问题|意见|事项)|^(?:主要|突出|具体)?问题)"
    r"(?:[和及、](?:问题|意见|建议))?(?:清单|情况|(?:主要|具体)?内容)?$|反馈的?(?:主要)?(?:情况|内容)$"
)
_REPORTS = lazy_pattern("整改|落实|完成|销号")
_FEWEST = 2
_MANY = 5  # so many equal numbers are no coincidence
_NAMES_PROBLEM = lazy_pattern("^(?:关于|针对|对)|问题[。:]?$")
_MUCH_MORE = 6  # characters
_HOLDS_ALL = 0.75  # of the likeness of a statement to the words that repeat it and go on
# bounds that no notice reaches; they keep time linear in texts that are none
_MOST = 150


@dataclass
class Listed:
    """A list of problems with the reports on them.

    Attributes:
        parts: the list, and all parts that hold findings.
        entries: the findings, in the order of the list; behind them what is reported on nothing listed.
        passed_over: what in them belongs to no finding: words that name a problem, headings, parts on other things.
    """

    parts: list[Entry]
    entries: list[Entry] = field(default_factory=list)
    passed_over: list[Range] = field(default_factory=list)


Pairs = dict[Entry, Report]


@dataclass(frozen=True)
class _Pairing:
    """A way to cut a list and later parts, and the report that each problem finds then."""

    items: Sequence[Entry]
    reports: Sequence[Report]
    pairs: Pairs

    @property
    def answering(self) -> set[int]:
        """The ids of the reports that found a problem."""
        return set(map(id, self.pairs.values()))

    @property
    def coverage(self) -> float:
        """Share of the problems and of the reports that found each other, added."""
        return len(self.pairs) / max(len(self.items), 1) + len(self.answering) / max(len(self.reports), 1)

    @property
    def holds(self) -> bool:
        """Whether most problems and most reports found each other."""
        most = len(self.pairs) * 2 > len(self.items) and len(self.answering) * 2 > len(self.reports)
        return most and len(self.pairs) >= _FEWEST


def pair_listed_problems(reading: Reading, parts: Sequence[tuple[Entry, Part]]) -> Listed | None:
    """The problems of a list with their reports; None where no part lists problems that later ones report on.

    A report belongs to the problems whose numbers it names (问题3：), to the one whose words it repeats, or, where it
    does neither, to the one with its number. Nothing is lost: a problem without a report and a report without a
    problem are findings as well.
    """
    listing = next((entry for entry, _ in parts if _lists_problems(reading, entry)), None)
    if listing is None:
        return None
    later = [entry for entry, part in parts if part is Part.FINDINGS and entry.start > listing.start]
    cuts = list(cut_reports(reading, [part for part in later if _REPORTS.search(heading_words(reading, part))]))
    best = _best_pairing(reading, listing, cuts)
    if best is None:
        return None
    listed = Listed([listing, *later])
    _add_findings(reading, listing, best, listed)
    _add_others(reading, later, best, listed)
    between = [entry for entry, _ in parts if listing.start < entry.start < later[-1].start]
    listed.passed_over += [Range(entry.start, entry.end) for entry in between if entry not in later]
    return listed


def _items(reading: Reading, listing: Entry) -> Iterator[list[Entry]]:
    """The ways to cut a list into problems: its entries, and these cut at the list marks in their text."""
    entries = [entry for entry in listing.walk() if not entry.children]
    inside = [_marked(reading, entry) for entry in entries]
    yield [entry for entry in entries if entry.mark]
    if any(inside):
        yield [item for entry, marked in zip(entries, inside, strict=True) for item in (marked or [entry]) if item.mark]


def _marked(reading: Reading, entry: Entry) -> list[Entry]:
    """The items of the list in an entry, 一是…二是…; none where there are not several."""
    marks = list_marks(reading, Range(entry.text_start, entry.end))
    items = entries_at(marks, entry, entry.end)
    for item in items:
        item.text_start = skip_punctuation(reading.text, item.text_start)
    return items if len(items) >= _FEWEST else []


def _lists_problems(reading: Reading, part: Entry) -> bool:
    """Whether a part only lists what was found: its heading says so, and nothing in it reports."""
    words = heading_words(reading, part)
    if not _LISTS.search(words) or _REPORTS.search(words) or "方面" in words:
        return False
    return not part.holds_reports


def _best_pairing(reading: Reading, listing: Entry, cuts: Sequence[list[Report]]) -> _Pairing | None:
    """The pairing by which most find each other: by names, else by words or numbers, else of whole areas by words."""
    ways = [(items, reports) for items in _items(reading, listing) for reports in cuts]
    tiers: list[Iterator[_Pairing]] = [
        (_Pairing(i, r, _by_names(reading, listing, i, r)) for i, r in ways if r[0].names),
        (_Pairing(i, r, by(reading, i, r)) for i, r in ways for by in (_by_words, _by_number)),
        (_Pairing(i, r, _by_area(reading, listing, i, r)) for i, r in ways),
    ]
    for tier in tiers:
        holding = [pairing for pairing in tier if pairing.holds]
        if holding:
            return max(holding, key=lambda pairing: pairing.coverage)
    return None


def _by_area(reading: Reading, listing: Entry, items: Sequence[Entry], reports: Sequence[Report]) -> Pairs:
    """Pairs of all problems of an area and the report whose heading repeats that of the area."""
    areas = dict.fromkeys(around for item in items for around in item.ancestors if around is not listing)
    shared = _by_words(reading, list(areas), reports)
    return {item: shared[around] for item in items for around in item.ancestors if around in shared}


def _by_names(reading: Reading, listing: Entry, items: Sequence[Entry], reports: Sequence[Report]) -> Pairs:
    """Pairs by the numbers that reports name; a number that stands in several areas counts in the area of the report."""
    numbered = Numbered([_path(reading, listing, item) for item in items])
    pairs: Pairs = {}
    for report in reports:
        area = report.entry.parent if report.entry.parent is not report.part else None
        words = report.names or ""
        named = numbered.named(words) or (numbered.named(f"{area.value}-{words}") if area else [])
        pairs.update({items[n]: report for n in named})
    return pairs


def _by_number(reading: Reading, items: Sequence[Entry], reports: Sequence[Report]) -> Pairs:
    """Pairs by the numbers before both, where these are the same one by one, or those of the reports run through.

    Numbers that are the same only for the most part count if the reports are many, and none states anything anew.
    """
    values, listed = [report.entry.value for report in reports], [item.value for item in items]
    headed = [report.heading for report in reports if report.heading and not report.names]
    anew = [heading for heading in headed if _NAMES_PROBLEM.search(reading.text[slice(*heading)])]
    if values in (listed, list(range(1, len(items) + 1))):
        few = len(reports) < _MANY
        return dict(zip(items, reports, strict=True)) if len(headed if few else anew) * 2 <= len(reports) else {}
    if len(headed) * 2 > len(reports) or len(set(values)) < len(values) or len(set(listed)) < len(listed):
        return {}
    by_value = dict(zip(values, reports, strict=True))
    pairs = {item: by_value[item.value] for item in items if item.value in by_value}
    return pairs if len(pairs) >= _MANY else {}


def _path(reading: Reading, listing: Entry, item: Entry) -> list[str]:
    """The numbers from below the list down to an item."""
    marks = [link.mark for link in (*item.ancestors, item) if link is not listing and link.mark]
    return [reading.text[slice(*mark.range)] for mark in marks]


def _by_words(reading: Reading, items: Sequence[Entry], reports: Sequence[Report]) -> Pairs:
    """Pairs of problems and the reports whose headings repeat their words, those most alike first."""
    headed = [(report, Wording.of(reading, report.heading)) for report in reports[:_MOST] if report.heading]
    stated = [(item, Wording.of(reading, _statement(reading, item))) for item in items[:_MOST]]
    scores = [
        (heading.likeness(statement), -n, -m)
        for m, (_, heading) in enumerate(headed)
        for n, (_, statement) in enumerate(stated)
    ]
    pairs: Pairs = {}
    answering: set[int] = set()
    for score, n, m in sorted(scores, reverse=True):
        item = stated[-n][0]
        if score >= LIKE_ENOUGH and item not in pairs and m not in answering:
            pairs[item] = headed[-m][0]
            answering.add(m)
    return pairs


def _statement(reading: Reading, item: Entry) -> Range:
    return reading.trim(Range(item.text_start, item.own_text_end() if item.children else item.end))


def _add_findings(reading: Reading, listing: Entry, pairing: _Pairing, listed: Listed) -> None:
    """The listed problems; one of a plain list stands where it is reported on, if that is below a heading."""
    items = pairing.items
    opened = {item.parent for item in items if item.parent and not item.parent.children}
    for item in items:
        if item.parent in opened:  # list marks that opened no entry do so now
            item.parent.children.append(item)
            item.parent.heading = UNREAD
    for item in items:
        report, parent, statement = pairing.pairs.get(item), item.parent or listing, _statement(reading, item)
        passage = report.entry if report else None
        if report and report.heading and _repeats(reading, report, item):
            passage = report.below_heading
            statement, repeated = _by_fullness(reading, report.heading, statement)
            listed.passed_over.append(repeated)
        elif report and report.entry.reports:
            passage = report.below_heading
        if report and report.entry.parent and parent is listing and report.entry.parent is not report.part:
            parent = report.entry.parent
        listed.entries.append(finding_with_report(reading, parent, item.mark, statement, passage))


def _repeats(reading: Reading, report: Report, item: Entry) -> bool:
    """Whether the heading of a report only says again what the list says: the problem, or the heading over it.

    Words that neither a label follows nor 问题 closes may begin the report: they must say the same.
    """
    assert report.heading
    is_heading = report.entry.reports or _NAMES_PROBLEM.search(reading.text[slice(*report.heading)])
    words = Wording.of(reading, report.heading)
    over = heading_of(reading, item.parent) if item.parent else None
    said = [Wording.of(reading, passage) for passage in (_statement(reading, item), over)]
    return any(
        words.likeness(each) >= LIKE_ENOUGH and (is_heading or words.pairs <= each.pairs) for each in said if each.words
    )


def _by_fullness(reading: Reading, heading: Range, statement: Range) -> tuple[Range, Range]:
    """The statement of a problem and the words that repeat it: the list has it, unless the report says much more."""
    long, short = Wording.of(reading, heading), Wording.of(reading, statement)
    more = len(long.words) - len(short.words) >= _MUCH_MORE and short.likeness(long) >= _HOLDS_ALL
    return (heading, statement) if more else (statement, heading)


def _add_others(reading: Reading, later: Sequence[Entry], pairing: _Pairing, listed: Listed) -> None:
    """What is reported on nothing listed: reports beside those that found a problem, and whole other parts."""
    reports, answering = pairing.reports, pairing.answering
    taken = {report.part for report in reports if id(report) in answering}
    for report in reports:
        entry = report.entry
        if report.part in taken and id(report) not in answering:
            parent = entry.parent or report.part
            finding = finding_with_report(reading, parent, entry.mark, report.heading, report.below_heading)
            listed.entries.append(finding)
        if report.names and report.part in taken:
            listed.passed_over.append(Range(entry.start, entry.text_start))
    around = dict.fromkeys([*taken, *(report.entry.parent for report in reports if report.entry.parent)])
    listed.passed_over += [heading for entry in around if (heading := heading_of(reading, entry))]
    for part in later:
        if part not in taken:
            listed.entries += finding_entries(reading, [part])

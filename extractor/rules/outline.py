"""Numbers and labels to a tree of entries: which numbers structure the notice, and which only count items of a list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from extractor.rules.events import Event, Heading, Lead, find_events, holds_status_alone
from extractor.rules.marks import LabelMark, Mark, Row, label_words
from extractor.rules.reading import Range, Reading
from extractor.rules.statements import circles_state_problems
from extractor.rules.styles import BULLETS, LIST_STYLES, Style
from extractor.rules.tree import Entry
from extractor.rules.vocabulary import FOCUS_HEADING, LAID_OUT, PROBLEM, REPORTING, Label

# bounds that no notice reaches; they keep time linear in texts that are none
_LOOK_AHEAD = 200
_DEEPEST = 4
_LONGEST_BLANK = 64
_LONGEST_STATEMENT = 5000
_LONGEST_HEADING = 100
_NEVER = 10**6
_AREA_STYLES = {Style.CHINESE, Style.PART, Style.ASPECT, Style.HEADING}
_INNER_STYLES = {Style.CIRCLED, Style.SMALL_BRACKETED, Style.ARABIC_BRACKETED, Style.ARABIC_HALF_BRACKETED}


def outline(reading: Reading, within: Range) -> Entry:
    """The tree of entries in a range of the reading."""
    events, heads = find_events(reading, within)
    root = _Builder(reading, events, within).build()
    root.words += heads
    _close(root, within.end)
    return root


def _close(entry: Entry, end: int) -> None:
    if entry.style is not Style.ROW:
        entry.end = end
    ends = [child.start for child in entry.children[1:]] + [end]
    for child, child_end in zip(entry.children, ends, strict=False):
        _close(child, child_end)


class _Builder:
    """Walks the events with a stack of open entries."""

    def __init__(self, reading: Reading, events: Sequence[Event], within: Range) -> None:
        self.reading = reading
        self.text = reading.text
        self.soft = reading.soft
        self.events = events
        self.root = Entry(None, within.start, within.start)
        self.stack = [self.root]
        self.reporting = False
        self.led = False
        self.stated: Style | None = None  # how problems are numbered that one label 反馈问题： announces in a line
        self.labelled = sum(isinstance(e, LabelMark) and e.kind in REPORTING for e in events) >= 2
        self.last: dict[Style, int] = {}
        self.listed: dict[Style, Mark] = {}
        # styles of entries around entries with labels, and of these
        self.reported: set[tuple[Style | None, Style | None]] = set()

    def build(self) -> Entry:
        for number, event in enumerate(self.events):
            if isinstance(event, LabelMark):
                self._label(number, event)
            elif isinstance(event, Heading):
                self._heading(event)
            elif isinstance(event, Row):
                self._row(event)
            elif isinstance(event, Lead):
                self._lead(event)
            elif self._opens_entry(number, event):
                self._leave_what_it_encloses(number, event)
                self._open(event)
            else:
                self.listed[event.style] = event
        return self.root

    def _following(self, number: int, most: int) -> Iterator[Event]:
        """The events behind a number, up to so many on; islice would walk there from the first."""
        return map(self.events.__getitem__, range(number + 1, min(number + most, len(self.events))))

    def _push(self, entry: Entry) -> None:
        entry.parent = self.stack[-1]
        self.stack[-1].children.append(entry)
        self.stack.append(entry)
        self.reporting = False
        self.listed.clear()

    def _open(self, mark: Mark) -> None:
        level = self._level(mark.style)
        if level is not None:
            del self.stack[level:]
        elif self.stack[-1].style in (Style.LABELLED, Style.ROW) or self._ends_level():
            self.stack.pop()
        self.last[mark.style] = mark.value
        start = mark.range.start
        if start and self.text[start - 1] in BULLETS:
            start -= 1
        self._push(Entry(mark.style, start, mark.range.end, mark))

    def _leave_what_it_encloses(self, number: int, mark: Mark) -> None:
        """Close entries of a style that begins anew directly inside a new one (一、 over 1.): they stand before it."""
        if mark.value != 1 or not mark.opens_line or self._level(mark.style) is not None:
            return
        for inner in self._following(number, _DEEPEST):
            if not isinstance(inner, Mark) or inner.value != 1 or not inner.opens_line:
                break
            level = self._level(inner.style)
            if level is not None:
                if not self._stands_below_heading(mark, level) and not self.stack[level].holds_reports:
                    del self.stack[level:]
                return
        self._leave_paragraphs(mark)

    def _leave_paragraphs(self, mark: Mark) -> None:
        """Close numbered paragraphs before a heading 一、: the highest of all numbers stands in none of them."""
        above = self.stack[1] if len(self.stack) == 2 else None
        if mark.style is not Style.CHINESE or above is None or above.mark is None or above.children or above.reports:
            return
        if "。" in self.text[above.text_start : mark.range.start].rstrip("。\n"):
            del self.stack[1:]

    def _stands_below_heading(self, mark: Mark, level: int) -> bool:
        """Whether an inner number ((1), ①) stands directly below the open entry of a level, a short line without a stop."""
        entry = self.stack[level]
        if mark.style not in _INNER_STYLES or entry is not self.stack[-1]:
            return False
        if mark.range.start - entry.text_start > _LONGEST_HEADING:
            return False
        words = self.text[entry.text_start : mark.range.start].rstrip("。\n")
        return bool(words) and "。" not in words and "\n" not in words

    def _row(self, row: Row) -> None:
        """A row stands beside the other rows, in the entry that holds the table."""
        level = self._level(Style.ROW)
        if level is not None:
            del self.stack[level:]
        elif self._ends_level():
            self.stack.pop()
        start, end = row.range
        self._push(Entry(Style.ROW, start, start, row.mark, end=end, labels=row.labels, values=row.values))

    def _lead(self, lead: Lead) -> None:
        """A paragraph on a problem stands beside the others, under the heading of their part."""
        if self.stack[-1].style is Style.LABELLED or self._ends_level():
            self.stack.pop()
        self._push(Entry(Style.LABELLED, lead.range.start, lead.range.start))
        self.led = True

    def _ends_level(self) -> bool:
        """Whether a new style stands beside, not in, the open entry: that has reported already."""
        return self.reporting and len(self.stack) > 1

    def _level(self, style: Style) -> int | None:
        return next((n for n, entry in enumerate(self.stack) if entry.style is style), None)

    def _heading(self, heading: Heading) -> None:
        """A heading without a number closes all but the part that encloses everything."""
        level = 1 if heading.closes_all else self._level(Style.HEADING)
        if level is None:
            level = 1
            if len(self.stack) > 1 and self.stack[1].style is Style.CHINESE:
                level = 2
        del self.stack[level:]
        self._push(Entry(Style.HEADING, heading.range.start, heading.range.start + heading.bullet))

    def _adjoin(self, left: int, right: int) -> bool:
        """Whether only blanks stand between two places."""
        return 0 <= right - left <= _LONGEST_BLANK and not self.text[left:right].strip()

    def _label(self, number: int, label: LabelMark) -> None:
        entry = self.stack[-1]
        if label.kind is Label.STATEMENT:
            self._statement_label(number, entry, label)
            return
        if label.kind in REPORTING:
            if label.opens_line and (entry is self.root or any(self._repeats(known, label) for known in entry.labels)):
                self._unnumbered(entry, label)
                entry = self.stack[-1]
            self.reporting = True
            self.stated = None
            if entry.parent is not None:
                self.reported.add((entry.parent.style, entry.style))
        entry.labels.append(label)

    def _repeats(self, known: LabelMark, label: LabelMark) -> bool:
        """Whether a label opens a second report: in the words of the first, or with more than a status."""
        if known.kind is not label.kind:
            return False
        same_words = label_words(self.reading, known) == label_words(self.reading, label)
        return same_words or not holds_status_alone(self.reading, label)

    def _statement_label(self, number: int, entry: Entry, label: LabelMark) -> None:
        """反馈问题： opens an entry of its own, except directly behind a number or before one, or where it explains."""
        if entry.mark is not None and self._explains(number, entry.mark):
            return
        self.root.words.append(label.range)
        following = self.events[number + 1] if number + 1 < len(self.events) else None
        if isinstance(following, Mark) and self._adjoin(label.range.end, following.range.start):
            return
        if entry.mark is not None and self._adjoin(entry.text_start, label.range.start):
            entry.text_start = label.range.end
            return
        if entry.style is Style.LABELLED:
            self.stack.pop()
        self._push(Entry(Style.LABELLED, label.range.start, label.range.end))

    def _explains(self, number: int, mark: Mark) -> bool:
        """Whether 问题表现： tells how the problem shows that the line of a number names, and is the only such label there."""
        label = self.events[number]
        assert isinstance(label, LabelMark)
        if label.kind is not Label.STATEMENT or not label.opens_line or mark.style in _AREA_STYLES:
            return False
        if "表现" not in label_words(self.reading, label):
            return False  # 反馈问题： states the problem below a heading
        heading = self.text[mark.range.end : min(label.range.start, mark.range.end + _LONGEST_HEADING)].strip()
        if "\n" in heading or FOCUS_HEADING.fullmatch(heading):
            return False
        if not (heading.endswith("。") or PROBLEM.search(heading)):
            return False
        reported = False
        for event in self._following(number, _LOOK_AHEAD):
            if isinstance(event, LabelMark):
                if event.kind is Label.STATEMENT:
                    return False
                reported = reported or event.kind in REPORTING
            elif not isinstance(event, Mark):
                break
            elif self._adjoin(label.range.end, event.range.start):
                return event.style in LIST_STYLES  # numbers there are those of findings
            elif event.opens_line and event.style not in LIST_STYLES:
                if event.style is mark.style or self._level(event.style) is not None:
                    break
                if not reported:
                    return False
        return reported

    def _unnumbered(self, entry: Entry, label: LabelMark) -> None:
        """A second report in one entry: the paragraph before its label states a finding without a number."""
        stop = self.text.rfind("\n", max(label.range.start - _LONGEST_STATEMENT, 0), label.range.start)
        start = self.text.rfind("\n", max(stop - _LONGEST_STATEMENT, 0), max(stop, 0)) + 1
        floor = entry.labels[-1].range.end if entry.labels else entry.text_start
        if start <= floor:
            return
        encloses = not entry.labels or (entry.style is not Style.LABELLED and self._enclose_first(entry))
        if not encloses and entry is not self.root:
            self.stack.pop()
        self._push(Entry(Style.LABELLED, start, start))

    def _enclose_first(self, entry: Entry) -> bool:
        """Make what the entry reported so far its first unnumbered finding, if its first line can be its heading."""
        line_end = self.text.find("\n", entry.text_start)
        if not 0 <= line_end < entry.labels[0].range.start - 1:
            return False
        first = Entry(Style.LABELLED, line_end + 1, line_end + 1, parent=entry, labels=entry.labels[:])
        entry.children.append(first)
        entry.labels.clear()
        return True

    def _opens_entry(self, number: int, mark: Mark) -> bool:
        """Whether a number structures the notice; else it counts an item of a list, or stands in a sentence."""
        style, value = mark.style, mark.value
        owns = self._owns_label(number)
        if style in LIST_STYLES or style is Style.CIRCLED:
            return self._opens_listed(number, mark, owns=owns)
        level = self._level(style)
        if level is not None and self._repeats_area(number, self.stack[level]):
            return True
        if value == 1 and not owns and self._counts_within(number):
            return False
        follows = level is not None and value == self.stack[level].value + 1
        item = self.listed.get(style)
        # a number that opens a line behind numbers inside one goes on from the entry, not from them
        beside_list = item is not None and follows and mark.opens_line and item.value > 1 and not item.opens_line
        continues_list = item is not None and value == item.value + 1 and not beside_list
        if self.reporting and continues_list and (not follows or self._closes_report(number)):
            return False
        counted_before = not owns and 1 < value <= self.last.get(style, 0)
        if counted_before and self.labelled and not self._owns_label(number, {Label.OUTCOME}):
            return False
        if not (mark.opens_line or mark.range.start in self.soft):
            if style in _INNER_STYLES and self._shares_report(number):
                return True
            return self._opens_inside_line(mark, owns, follows, continues_list)
        if self.reporting:
            if owns or (follows and not continues_list):
                return True
            if continues_list:
                return False
            return self._leads_to_report(number) if value == 1 else level is not None
        return True

    def _opens_listed(self, number: int, mark: Mark, *, owns: bool) -> bool:
        """Whether a mark that mostly counts items of a list opens an entry: ①, 一是, ●."""
        style, value = mark.style, mark.value
        labels = self.stack[-1].labels
        if self.reporting and labels and self._adjoin(labels[-1].range.end, mark.range.start):
            return False
        in_statement = value == 1 and not mark.opens_line and not self._is_announced(mark)
        if style is Style.CIRCLED and not in_statement and self._shares_report(number):
            return True
        level = self._level(style) if style is Style.CIRCLED and style not in self.listed else None
        if level is not None and mark.opens_line and value == self.stack[level].value + (not owns):
            return True  # it goes on from an entry whose report has no such list, or repeats its number
        parent = self.stack[-1]
        if value == 1 and mark.opens_line and not self.reporting and (parent.style, style) in self.reported:
            # a heading of one line; elsewhere such numbers below such headings report
            return self.text.find("\n", parent.text_start, mark.range.start) == mark.range.start - 1
        if value == 1 and style is Style.CIRCLED and mark.opens_line and not self.labelled:
            heading_ends = self.text.find("\n", parent.text_start, mark.range.start)
            if heading_ends == mark.range.start - 1 and circles_state_problems(self.reading, mark.range.start):
                return True
        follows_entry = value == self.last.get(style, 0) + 1 and style not in self.listed
        return owns and (follows_entry or (mark.opens_line and not self.reporting))

    def _counts_within(self, number: int) -> bool:
        """Whether a number that begins anew in an open entry of its style counts a list there.

        Then one of the open entries goes on behind the list: 18.…/1.…2.…/19.…, or 1.…/(1)…/1.…2.…/(2)….
        """
        mark = self.events[number]
        assert isinstance(mark, Mark)
        level = self._level(mark.style)
        if level is None or not mark.opens_line or self.reporting:
            return False
        # 1.…/1.…/2.… repeats a number
        may_repeat = level == len(self.stack) - 1 and self.stack[level].value == 1
        next_values = {entry.style: entry.value + 1 for entry in self.stack[1:] if entry.mark}
        count = 1
        for event in self._following(number, _LOOK_AHEAD):
            if not isinstance(event, Mark):
                return False
            if event.style is mark.style and event.value == count + 1:
                count += 1
            elif event.opens_line and event.style not in LIST_STYLES:
                left_out = event.value - next_values.get(event.style, _NEVER)
                return left_out in (0, 1) and (event.style is mark.style or not may_repeat)
        return False

    def _repeats_area(self, number: int, area: Entry) -> bool:
        """Whether the number of an area is printed again before the next one: (一)…方面, (一)…方面, (三)…方面."""
        mark = self.events[number]
        assert isinstance(mark, Mark)
        if not mark.opens_line or mark.value != area.value or not area.children:
            return False
        starts = area.text_start, mark.range.end
        lines = [self.text[start : start + _LONGEST_HEADING].partition("\n") for start in starts]
        return all(ended and FOCUS_HEADING.fullmatch(line) for line, ended, _ in lines)

    def _is_announced(self, mark: Mark) -> bool:
        """Whether a number stands directly behind a label 反馈问题：."""
        return bool(self.root.words) and self._adjoin(self.root.words[-1].end, mark.range.start)

    def _opens_inside_line(self, mark: Mark, owns: bool, follows: bool, continues_list: bool) -> bool:
        if self.led and self.stack[-1].style is Style.LABELLED:
            return False
        if mark.value == 1 and self._is_announced(mark):
            self.stated = mark.style
            return True
        if self.stated is mark.style and follows and not self.reporting:
            return True
        adjoins = self.stack[-1].text_start == mark.range.start and self.stack[-1].mark is not None
        if self.reporting and continues_list:
            return False
        if owns or adjoins:
            return True
        before = self.text[mark.range.start - 1]
        # in a text without paragraphs numbers go on behind a full stop
        return follows and not continues_list and before == "。" and self.reporting

    def _shares_report(self, number: int) -> bool:
        """Whether the numbers from this one on run up to the label of a report that they share: ①…②…整改情况:."""
        mark = self.events[number]
        assert isinstance(mark, Mark)
        level = self._level(mark.style)
        following = (self.last.get(mark.style, 0) if level is None else self.stack[level].value) + 1
        # behind a report only a number that goes on from its entry, in a line of its own, states the next problem
        goes_on = level is not None and mark.opens_line and mark.value == following and mark.style not in self.listed
        if (self.reporting and not goes_on) or mark.value not in (1, following):
            return False
        value, in_lines = mark.value, mark.opens_line
        for event in self._following(number, _LOOK_AHEAD):
            if isinstance(event, LabelMark):
                if event.kind in LAID_OUT - REPORTING:
                    continue
                return event.kind in REPORTING and value > 1 and (in_lines or not self._details_problem(mark))
            if not isinstance(event, Mark):
                return False
            if event.style is mark.style:
                if event.value != value + 1:
                    return False
                value, in_lines = event.value, in_lines and event.opens_line
            elif event.opens_line and event.style not in LIST_STYLES:
                return False
        return False

    def _details_problem(self, mark: Mark) -> bool:
        """Whether numbers go into the details of one problem, which the open entry names: 关于…的问题: ①…②…."""
        entry = self.stack[-1]
        if entry.style is mark.style or self._is_announced(mark):
            return False
        words = self.text[entry.text_start : min(mark.range.start, entry.text_start + _LONGEST_HEADING)]
        return entry.style is Style.LABELLED or ("问题" in words and "方面" not in words)

    def _closes_report(self, number: int) -> bool:
        """Whether the next label is one of a status that the open report, begun by another, does not have yet."""
        labels = self.stack[-1].labels
        label = next((event for event in self._following(number, _LOOK_AHEAD) if isinstance(event, LabelMark)), None)
        if label is None or not labels or label.kind not in (Label.PROGRESS, Label.STATUS):
            return False
        return all(known.kind is not label.kind for known in labels)

    def _leads_to_report(self, number: int) -> bool:
        """Whether a number is a heading over entries: the next number, of another style, owns a label."""
        mark = self.events[number]
        event = self.events[number + 1] if number + 1 < len(self.events) else None
        if not (isinstance(event, Mark) and isinstance(mark, Mark)):
            return False
        level = self._level(event.style)
        if self._level(mark.style) is None and level is not None and event.value == self.stack[level].value + 1:
            return False  # the next number stands beside the open entry, so this one counts its only measure
        return event.opens_line and event.style is not mark.style and self._owns_label(number + 1)

    def _owns_label(self, number: int, kinds: Collection[Label] = REPORTING) -> bool:
        """Whether the next event that structures the text is a label that reports, or 反馈问题： directly behind it.

        Labels of other fields (责任单位:), and one that explains the line of the number, may stand before.
        """
        mark = self.events[number]
        assert isinstance(mark, Mark)
        for place, event in enumerate(self._following(number, _LOOK_AHEAD), number + 1):
            if isinstance(event, LabelMark):
                if event.kind in LAID_OUT - REPORTING or self._explains(place, mark):
                    continue
                adjoins = event.kind is Label.STATEMENT and event.range.start == mark.range.end
                return event.kind in kinds or adjoins
            if not isinstance(event, Mark):
                return False
            opens_line = event.opens_line or event.range.start in self.soft
            if event.style is mark.style or (opens_line and event.style not in LIST_STYLES):
                return False
        return False

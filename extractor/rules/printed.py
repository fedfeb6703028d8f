"""The lines of a printed page, and how well each goes on into another."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum, auto

from extractor.normalization import fold
from extractor.records import Span
from extractor.rules.seams import LINE_BREAK, Seams, classes
from extractor.rules.styles import LIST_STYLES, MARK, Style, opens_entry

_NUMBER_ALONE = re.compile(r"\(?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[.、)]")
_STATUS_END = re.compile(r"整改$|情况:$")
_LIST_MARK = re.compile(r"(?:^|(?<=[。;:,!?\"]))(?:([一二三四五六七八九十])是(?![否因])|[·•\-—]\s*是)")
_UNREAD_MARK = re.compile(r"^[·•\-—]\s*是")
_MARK_VALUES = "一二三四五六七八九十"


class Width(Enum):
    """How far a printed line runs."""

    SHORT = auto()
    INDENTED = auto()  # as the first line of a paragraph does
    FULL = auto()
    OVER = auto()  # two printed lines that were read as one


def printed_lines(source: str, slices: Sequence[Span], hard: set[int]) -> list[range]:
    """The slices of each printed line: bold print, a blank or a number that stands alone may have cut it up.

    Args:
        source: the text.
        slices: what stands between its blanks and marks.
        hard: numbers of the slices behind which the file breaks the line.
    """
    folded = fold(source)
    texts = [folded[start:end] for start, end in slices]
    full = _full_width(texts)
    lines: list[range] = []
    first = 0
    for number in range(len(slices)):
        following = number + 1
        joined = following < len(slices) and number not in hard
        if joined and not source[slices[number].end : slices[following].start].strip("*"):
            continue
        if not (joined and _is_cut(texts[number], texts[following], full)):
            lines.append(range(first, following))
            first = following
    return lines


def _is_cut(text: str, following: str, full: float) -> bool:
    """Whether a blank stands within a printed line: behind a number, or between parts that are short together."""
    if len(text) < 2 or _NUMBER_ALONE.fullmatch(text):
        return True
    width = _width(text)
    if text[-1] in "。!?" or max(width, _width(following)) >= full - 3.75 or width + _width(following) > full + 0.6:
        return False
    return not (_STATUS_END.search(text) or opens_entry(following[:16]))


class PrintedLines:
    """The printed lines of a text.

    Attributes:
        texts: the lines, folded, without blanks that cut them up.
        classes: the same as :mod:`extractor.rules.seams` counts them, a list mark that was not read put back.
        widths: how far each runs.
        labels: whether each is a label, with or without its status.
        entries: whether each begins with a number or label.
        stops: whether each ends a sentence.
        ends: whether each ends its paragraph.
        marks: the list marks in each, as numbers.
    """

    def __init__(self, texts: list[str]) -> None:
        """Read the lines' own marks; none of the texts is empty."""
        self.texts = texts
        self.classes = [classes(_UNREAD_MARK.sub("一是", text)).replace(" ", "") or LINE_BREAK for text in self.texts]
        self.seams = Seams(self.classes)
        self.widths = _widths(self.texts)
        self.labels = [bool(_STATUS_END.search(text)) for text in self.texts]
        self.entries = [opens_entry(text[:16]) and not _opens_item(text) for text in self.texts]
        self.stops = [text[-1] in "。!?" for text in self.texts]
        self.marks = [
            [_MARK_VALUES.index(match[1]) + 1 if match[1] else 1 for match in _LIST_MARK.finditer(text)]
            for text in self.texts
        ]
        self.ends = [
            label or (stop and width is Width.SHORT)
            for label, stop, width in zip(self.labels, self.stops, self.widths, strict=True)
        ]
        self._links: dict[tuple[int, int], float] = {}

    def link(self, left: int, right: int) -> float:
        """The log likelihood ratio of line ``right`` following line ``left``."""
        key = (left, right)
        link = self._links.get(key)
        if link is None:
            link = self._links[key] = self._judge(left, right)
        return link

    def _judge(self, left: int, right: int) -> float:
        if self.entries[right]:
            if self.labels[left] or self.stops[left]:
                return 1.3
            return 0.3 if self.widths[left] is Width.SHORT else -2.5
        tail, head = self.classes[left], self.classes[right]
        if self.ends[left]:
            return self.seams.judge(LINE_BREAK, head) + _titles(tail, head) + self._opens_paragraph(right)
        link = self.seams.judge(tail, head) + _titles(tail, head)
        if tail[-1] == ";":
            link = max(link, 0.0)  # the next clause of a series may begin with anything
        return link if self.stops[left] else link + self._goes_on(left, right)

    def _opens_paragraph(self, line: int) -> float:
        """For or against a line as the first of a paragraph, by its width."""
        if self.widths[line] is Width.FULL:
            return -2.5
        if self.widths[line] is Width.INDENTED:
            return 1.5
        return 0.0 if self.stops[line] or self.widths[line] is Width.OVER else -1.0

    def _goes_on(self, left: int, right: int) -> float:
        """For or against a seam within a sentence, by the widths of the lines and by list marks."""
        score = -3.0 if self.widths[left] is Width.SHORT else 0.0
        if self.widths[right] is Width.FULL:
            score += 0.2
        elif not self.stops[right]:
            score -= 0.7
        if self.marks[right] and _LIST_MARK.match(self.texts[right]) and self.texts[left][-1] not in ";:,":
            score -= 3.0
        return score


def _opens_item(text: str) -> bool:
    """Whether a line begins with a mark of a list within a passage (一是)."""
    mark = MARK.match(text)
    return mark is not None and Style[mark.lastgroup or ""] in LIST_STYLES


def _widths(texts: Sequence[str]) -> list[Width]:
    """How far each line runs, measured in Chinese characters against the commonest width."""
    full = _full_width(texts)
    limits = (full - 3.75, full - 1.25, full + 1.75)
    return [tuple(Width)[bisect_right(limits, _width(text))] for text in texts]


def _width(text: str) -> float:
    """The printed width of a line, in Chinese characters."""
    return len(text) - sum(map(text.count, '0123456789"')) / 2


def _full_width(texts: Iterable[str]) -> int:
    """The commonest width of a line."""
    widths = Counter(round(width) for width in map(_width, texts) if width >= 10)
    return widths.most_common(1)[0][0] if widths else 0


def _titles(tail: str, head: str) -> float:
    """For or against a seam by the title marks on both sides."""
    opening, closing = head.find("《"), head.find("》")
    closes = closing >= 0 and (opening < 0 or closing < opening)
    if tail.rfind("《") > tail.rfind("》"):
        return 2.0 if closes else -2.0 if opening >= 0 else 0.0
    return (-2.5 if "》" in tail else -1.0) if closes else 0.0

"""The lines of a printed page, and how well each goes on into another."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum, IntEnum, auto

from extractor.normalization import bare_number, fold, number
from extractor.patterns import lazy_pattern
from extractor.records import Span
from extractor.rules.scans.seams import LINE_BREAK, classes
from extractor.rules.styles import LIST_STYLES, MARK, Style, opens_entry

_NUMBER_ALONE = lazy_pattern(r"\(?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[.、)]")
_STATUS_END = lazy_pattern(r"整改$|情况:$")
_LIST_MARK = lazy_pattern(r"(?:^|(?<=[。;:,!?\"]))(?:([一二三四五六七八九十])是(?![否因])|[·•\-—]\s*是)")
_UNREAD_MARK = lazy_pattern(r"^[·•\-—]\s*是")
_MARK_VALUES = "一二三四五六七八九十"


class Width(Enum):
    """How far a printed line runs."""

    SHORT = auto()
    INDENTED = auto()  # as the first line of a paragraph does
    FULL = auto()
    OVER = auto()  # two printed lines that were read as one


_WIDTHS = tuple(Width)
_LIMITS = (-3.75, -1.25, 1.75)  # where each kind ends, against the commonest width


def printed_lines(source: str, slices: Sequence[Span], hard: set[int]) -> list[range]:
    """The slices of each printed line: bold print, a blank or a number that stands alone may have cut it up.

    Args:
        source: the text.
        slices: what stands between its blanks and marks.
        hard: numbers of the slices behind which the file breaks the line.
    """
    folded = fold(source)
    texts = [folded[start:end] for start, end in slices]
    widths = list(map(_width, texts))
    full = _full_width(widths)
    lines: list[range] = []
    first = 0
    for number_ in range(len(slices)):
        following = number_ + 1
        joined = following < len(slices) and number_ not in hard
        if joined and not source[slices[number_].end : slices[following].start].strip("*"):
            continue
        if not (joined and _is_cut(texts[number_], texts[following], widths[number_], widths[following], full)):
            lines.append(range(first, following))
            first = following
    return lines


def _is_cut(text: str, following: str, width: float, width_of_following: float, full: float) -> bool:
    """Whether a blank stands within a printed line: behind a number, or between parts that are short together."""
    if len(text) < 2 or (len(text) < 7 and _NUMBER_ALONE.fullmatch(text)):
        return True
    if text[-1] in "。!?" or max(width, width_of_following) >= full - 3.75 or width + width_of_following > full + 0.6:
        return False
    return not (_STATUS_END.search(text) or opens_entry(following[:16]))


class Tail(IntEnum):
    """How a printed line ends."""

    LABEL = 0
    PARAGRAPH = 1  # a short line that stops
    STOP = 2
    CLAUSE = 3  # a semicolon or colon
    SHORT = 4  # short, and does not stop
    WORDS = 5


class Head(IntEnum):
    """What a printed line is to the line before it."""

    ENTRY = 0  # begins with a number or a label
    LABEL = 1
    ITEM = 2  # begins with a list mark
    FULL = 3
    INDENTED = 4
    OVER = 5
    LAST = 6  # short, and stops
    SHORT = 7


Number = tuple[Style, int]
"""The style of a printed number, and its value."""


class PrintedLines:
    """The printed lines of a text, and what each tells by itself.

    Attributes:
        texts: the lines, folded, without blanks that cut them up.
        classes: the same as :mod:`extractor.rules.scans.seams` counts them, a list mark that was not read put back.
        widths: how far each runs.
        tails: how each ends.
        heads: how each begins.
        marks: the list marks in each, as numbers.
        numbers: the style and value of the number each begins with.
    """

    def __init__(self, texts: list[str]) -> None:
        """Read the lines; none of the texts is empty."""
        self.texts = texts
        self.classes = [classes(_restored(text)).replace(" ", "") or LINE_BREAK for text in texts]
        widths = list(map(_width, texts))
        self._full = _full_width(widths)
        self.widths = [self._kind_of_width(width) for width in widths]
        self.tails = list(map(_tail, texts, self.widths))
        self.marks = list(map(_marks, texts))
        self.heads: list[Head] = []
        self.numbers: list[Number | None] = []
        for text, width, marks in zip(texts, self.widths, self.marks, strict=True):
            head, number_ = _head(text, width, marks)
            self.heads.append(head)
            self.numbers.append(number_)

    def kind_of_width(self, text: str) -> Width:
        """How far a line runs, measured against the commonest width."""
        return self._kind_of_width(_width(text))

    def _kind_of_width(self, width: float) -> Width:
        return _WIDTHS[bisect_right(_LIMITS, width - self._full)]


def _restored(text: str) -> str:
    """A line with its first list mark as it would have been read."""
    return _UNREAD_MARK.sub("一是", text) if text[0] in "·•-—" else text


def _marks(text: str) -> list[int]:
    if "是" not in text:
        return []
    return [_MARK_VALUES.index(match[1]) + 1 if match[1] else 1 for match in _LIST_MARK.finditer(text)]


def _tail(text: str, width: Width) -> Tail:
    if _STATUS_END.search(text):
        return Tail.LABEL
    if text[-1] in "。!?":
        return Tail.PARAGRAPH if width is Width.SHORT else Tail.STOP
    if text[-1] in ";:":
        return Tail.CLAUSE
    return Tail.SHORT if width is Width.SHORT else Tail.WORDS


_HEAD_OF_WIDTH = {Width.FULL: Head.FULL, Width.INDENTED: Head.INDENTED, Width.OVER: Head.OVER}


def _head(text: str, width: Width, marks: Sequence[int]) -> tuple[Head, Number | None]:
    """What a line begins with, and the number if it begins with one."""
    start = text[:16]
    mark = MARK.match(start)
    style = Style[mark.lastgroup or ""] if mark else None
    if mark and style and style not in LIST_STYLES:
        value = number(bare_number(mark[0]))
        return Head.ENTRY, None if value is None else (style, int(value))
    if not mark and opens_entry(start):
        return Head.ENTRY, None
    if _STATUS_END.search(text):
        return Head.LABEL, None
    if marks and _LIST_MARK.match(text):
        return Head.ITEM, None
    return _HEAD_OF_WIDTH.get(width) or (Head.LAST if text[-1] in "。!?" else Head.SHORT), None


def _width(text: str) -> float:
    """The printed width of a line, in Chinese characters."""
    return len(text) - sum(map(text.count, '0123456789"')) / 2


def _full_width(widths: Iterable[float]) -> int:
    """The commonest width of a line."""
    common = Counter([round(width) for width in widths if width >= 10]).most_common(1)
    return common[0][0] if common else 0

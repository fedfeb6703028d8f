"""The text as a reader sees it: folded, without blanks inside Chinese, in reading order, every place mapped back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from extractor.normalization import fold
from extractor.pointers import Pointer, Units
from extractor.records import Span
from extractor.rules.misprints import as_meant
from extractor.rules.pages import without_page_heads, without_page_numbers
from extractor.rules.scans.columns import put_in_order
from extractor.rules.slicing import GAP, slice_lines
from extractor.rules.tables import Table, break_at_cells, find_tables
from extractor.rules.wrapping import is_wrapped, paragraph_ends
from extractor.spread import ClosedUp, closed_up, is_spread


class Range(NamedTuple):
    """A half-open range ``[start, end)`` of the reading's text."""

    start: int
    end: int


class Reading:
    r"""A document's text made plain for patterns.

    Attributes:
        text: punctuation and digits half-width, no blanks or Markdown marks, ``\n`` between paragraphs.
        soft: places where the file breaks a line inside a paragraph, as a set.
        soft_places: the same, in order.
        wrapped: whether lines are those of a printed column.
        doubtful: places of printed lines that fit neither where they stand nor elsewhere.
        moved: places of printed lines that are read elsewhere than where they stand.
        tables: tables of findings, with places in the source; each of their cells is a paragraph.
        closed_up: what of the file was read as the source, where that is not all of it.
    """

    def __init__(self, source: str, slices: Sequence[Span], breaks: Iterable[int], *, wrapped: bool = False) -> None:
        """Join slices of the source in reading order; ``breaks`` are the numbers of slices that end a paragraph."""
        self.wrapped = wrapped
        self.doubtful: Sequence[Span] = ()
        self.moved: Sequence[Span] = ()
        self.tables: Sequence[Table] = ()
        self.closed_up: ClosedUp | None = None
        folded = as_meant(fold(source))
        ends_paragraph = set(breaks)
        parts: list[str] = []
        self._slices = slices
        self._tears = [
            number
            for number in range(1, len(slices))
            if slices[number].start < slices[number - 1].end
            or GAP.sub("", source[slices[number - 1].end : slices[number].start])
        ]
        lengths = []
        for number, (start, end) in enumerate(slices):
            part = folded[start:end] + ("\n" if number in ends_paragraph else "")
            parts.append(part)
            lengths.append(len(part))
        self.text = "".join(parts)
        self._starts = [0, *accumulate(lengths)][:-1]
        self.soft_places = [
            start for number, start in enumerate(self._starts) if number and number - 1 not in ends_paragraph
        ]
        self.soft = frozenset(self.soft_places)

    def spans(self, range_: Range) -> tuple[Span, ...]:
        """The places in the file that a range covers; neighbours with only blanks or marks between are one."""
        spans = self._in_source(range_)
        return tuple(map(self.closed_up.in_file, spans)) if self.closed_up else spans

    def _in_source(self, range_: Range) -> tuple[Span, ...]:
        start, end = self.trim(range_)
        if start >= end:
            return ()
        first = bisect_right(self._starts, start) - 1
        if first + 1 == len(self._starts) or end <= self._starts[first + 1]:
            slice_ = self._slices[first]
            left = slice_.start - self._starts[first]
            return (Span(left + start, min(left + end, slice_.end)),)
        last = bisect_right(self._starts, end - 1) - 1
        tears = self._tears[bisect_right(self._tears, first) : bisect_right(self._tears, last)]
        spans = []
        for begin, stop in zip([first, *tears], [*tears, last + 1], strict=True):
            opening, closing = self._slices[begin], self._slices[stop - 1]
            left = opening.start + (start - self._starts[first] if begin == first else 0)
            right = closing.start + end - self._starts[last] if stop > last else closing.end
            spans.append(Span(left, min(right, closing.end)))
        return tuple(spans)

    def place(self, span: Span) -> Range:
        """Where a span of the source that holds whole slices stands in a reading that keeps the order of the file."""
        first = bisect_left(self._slices, Span(span.start, span.start))
        last = bisect_left(self._slices, Span(span.end, span.end)) - 1
        return Range(self._starts[first], self._starts[last] + self._slices[last].end - self._slices[last].start)

    def trim(self, range_: Range) -> Range:
        """The range without paragraph breaks and blanks at its edges."""
        start, end = range_
        words = self.text[start:end]
        stripped = words.strip()
        if len(stripped) == len(words):
            return range_
        start += len(words) - len(words.lstrip())
        return Range(start, start + len(stripped))

    def pointer(self, range_: Range | None, units: Units) -> Pointer | None:
        """The pointer to a range, None for an empty one."""
        if range_ is None:
            return None
        spans = self.spans(range_)
        return units.point(spans) if spans else None


def read(text: str) -> Reading:
    """Read a document's text in the order of the file, but for printed lines that strayed."""
    if not is_spread(text):
        return _read(text)
    closed = closed_up(text)
    reading = _read(closed.text)
    reading.closed_up = closed
    reading.doubtful = list(map(closed.in_file, reading.doubtful))
    reading.moved = list(map(closed.in_file, reading.moved))
    return reading


def _read(source: str) -> Reading:
    tables = find_tables(source)
    slices, hard, torn = without_page_numbers(
        source, *slice_lines(break_at_cells(source, tables), in_cells=bool(tables))
    )
    if not tables and is_wrapped(source, slices, hard):
        return _read_scan(source, *without_page_heads(source, slices, hard))
    around = _paragraph_ends_around(source, tables, slices, hard) if tables else None
    reading = Reading(source, slices, hard - torn if around is None else around, wrapped=around is not None)
    reading.tables = tables
    return reading


def _paragraph_ends_around(
    source: str, tables: Sequence[Table], slices: Sequence[Span], hard: set[int]
) -> set[int] | None:
    """The slices that end a paragraph where printed lines stand around tables; None where these are no printed lines."""
    extents = [Span(cells[0].span.start, cells[-1].span.end) for cells in (list(table.cells) for table in tables)]
    around = [n for n, each in enumerate(slices) if not any(start <= each.start < end for start, end in extents)]
    lines = [slices[number] for number in around]
    breaks = {place for place, number in enumerate(around) if number in hard}
    if not is_wrapped(source, lines, breaks):
        return None
    ends = {around[place] for place in paragraph_ends(source, lines, breaks, range(len(lines)))}
    in_tables = set(range(len(slices))) - set(around)
    return ends | (hard & in_tables) | {number - 1 for number in in_tables if number}


def _read_scan(source: str, slices: Sequence[Span], hard: set[int]) -> Reading:
    """Read printed lines: those that strayed into another column in their place, paragraphs joined."""
    order = put_in_order(source, slices, hard)
    breaks = paragraph_ends(source, order.slices, order.hard, order.lines)
    reading = Reading(source, [order.slices[number] for number in order.lines], breaks, wrapped=True)
    reading.doubtful = [order.slices[number] for number in sorted(order.doubtful)]
    reading.moved = [order.slices[number] for number in sorted(order.moved)]
    return reading

"""Places in a text, counted in the characters that quotes keep.

Whether a span takes in a line break at its edge, or is cut in two at one, is no difference between two quotes: so
spans are compared without white space and Markdown marks, as the contract drops both.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from extractor.grounding import quote_text
from extractor.records import Quote, Span
from extractor.standoff import is_ignored

Ranges = tuple[tuple[int, int], ...]
"""Sorted, disjoint, half-open ranges of kept characters; ranges that touch are one."""


class Ink:
    """The characters of one text that quotes keep, numbered from 0."""

    def __init__(self, text: str) -> None:
        ignored = "".join(sorted({*filter(is_ignored, set(text))}))
        self._ignored = [match.start() for match in re.finditer(f"[{re.escape(ignored)}]", text)] if ignored else []
        self._text = text
        self._ranges: dict[tuple[Span, ...], Ranges] = {}
        self._standing: dict[tuple[Span, ...], str | None] = {}

    def ranges(self, quote: Quote | None) -> Ranges:
        """Where the kept characters of a quote stand; places beyond the text are left out."""
        if quote is None:
            return ()
        ranges = self._ranges.get(quote.spans)
        if ranges is None:
            ranges = self._ranges[quote.spans] = merge(
                (self._kept_before(start), self._kept_before(end)) for start, end in quote.spans
            )
        return ranges

    def standing_at(self, quote: Quote) -> str | None:
        """What a quote with the same spans says, None where they reach beyond the text."""
        if quote.spans not in self._standing:
            is_inside = all(end <= len(self._text) for _, end in quote.spans)
            self._standing[quote.spans] = quote_text(self._text, quote.spans) if is_inside else None
        return self._standing[quote.spans]

    def _kept_before(self, place: int) -> int:
        place = min(place, len(self._text))
        return place - bisect_left(self._ignored, place)


def merge(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The same characters as sorted ranges that neither overlap nor touch."""
    ordered = sorted(ranges)
    if len(ordered) == 1 and ordered[0][0] < ordered[0][1]:
        return (ordered[0],)
    merged: list[tuple[int, int]] = []
    for start, end in ordered:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return tuple(merged)


def size(ranges: Ranges) -> int:
    """Number of characters."""
    return sum([end - start for start, end in ranges])


def overlap(left: Ranges, right: Ranges) -> int:
    """Number of characters that both have."""
    if not left or not right or left[-1][1] <= right[0][0] or right[-1][1] <= left[0][0]:
        return 0
    if left == right:
        return size(left)
    shared = i = j = 0
    while i < len(left) and j < len(right):
        shared += max(0, min(left[i][1], right[j][1]) - max(left[i][0], right[j][0]))
        if left[i][1] <= right[j][1]:
            i += 1
        else:
            j += 1
    return shared


def dice(left: Ranges, right: Ranges) -> float:
    """Shared characters as a share of both: the character F1 of one against the other; 0 where both are empty."""
    shared = overlap(left, right)
    return 2 * shared / (size(left) + size(right)) if shared else 0.0


def covered(inner: Ranges, outer: Ranges) -> float:
    """Share of the inner characters that the outer ones hold."""
    shared = overlap(inner, outer)
    return shared / size(inner) if shared else 0.0


def union(parts: Sequence[Ranges]) -> Ranges:
    """The characters that any part has."""
    return merge(each for part in parts for each in part)

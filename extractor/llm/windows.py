"""What of a notice one call shows: all of it where it fits, else stretches that are cut only between findings."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from extractor.llm.costs import estimate_tokens
from extractor.pointers import Units
from extractor.segmentation import Unit, is_mark

_TOKENS_AROUND = 3
"""Tokens of a unit's number, the bar behind it, and the end of its line."""

_ANSWER_SHARE = 0.5
"""Tokens of an answer for each token of what it is about, with room to spare."""


@dataclass(frozen=True)
class Window:
    """A stretch of a notice, with what must be seen to read it.

    Attributes:
        units: all units shown, in order.
        first: number of the first unit of the stretch.
        last: number of its last unit.
        task: what is asked for, empty where the notice is shown whole.
    """

    units: Sequence[Unit]
    first: int
    last: int
    task: str = ""


class Room:
    """How much a call has room for.

    Args:
        units: of the document.
        tokens_in: what may be sent as units.
        tokens_out: how long a reply may be.
    """

    def __init__(self, units: Units, tokens_in: int, tokens_out: int) -> None:
        self._units = units
        self._limit = min(tokens_in, int(tokens_out / _ANSWER_SHARE))

    @cached_property
    def _before(self) -> list[int]:
        """Estimated tokens of all units before each, and of all."""
        text = self._units.document.text
        tokens = [estimate_tokens(text[slice(*unit.span)]) + _TOKENS_AROUND for unit in self._units]
        return list(accumulate(tokens, initial=0))

    def tokens(self, first: int, last: int) -> int:
        """Estimated tokens of units ``first`` to ``last``."""
        if first == 0 and last == len(self._units) - 1:
            # most notices fit as a whole, and for that their units need not be looked at one by one
            return estimate_tokens(self._units.document.text) + _TOKENS_AROUND * len(self._units)
        return self._before[last + 1] - self._before[first]

    def has_room(self, tokens: int) -> bool:
        """Whether a stretch of so many tokens, and the answer to it, fit into a call."""
        return tokens <= self._limit


def whole(units: Units) -> Window:
    """All of the document."""
    return Window(units, 0, len(units) - 1)


def cut(units: Units, entries: Mapping[int, Collection[int]], room: Room, items: str) -> list[Window]:
    """The fewest windows that fit, cut where entries begin.

    Args:
        units: of the document.
        entries: by the number of the unit at which an item, or the heading above it, begins the numbers of units
            elsewhere that belong to it: headings further up, what a later part says of it. They are shown with it.
        room: what fits.
        items: name of the items, for the question.

    Returns:
        The windows; a single item that does not fit is a window all the same.
    """
    end = len(units)
    if room.has_room(room.tokens(0, end - 1)) or not entries:
        return [whole(units)]
    cuts = sorted({0, *entries, end})
    windows: list[Window] = []
    place = 0
    while place < len(cuts) - 1:
        begin, shown = cuts[place], set[int]()
        stop = place
        while stop < len(cuts) - 1:
            more = shown.union(entries.get(cuts[stop], ()), range(cuts[stop], cuts[stop + 1]))
            if stop > place and not room.has_room(sum(room.tokens(unit, unit) for unit in more)):
                break
            shown, stop = more, stop + 1
        windows.append(stretch(units, begin, cuts[stop] - 1, shown, items))
        place = stop
    return windows


def stretch(units: Units, first: int, last: int, besides: Collection[int], items: str) -> Window:
    """Some units of a document, those that belong to them elsewhere, and the question about the former alone.

    Args:
        units: of the document.
        first: number of the first unit asked about.
        last: number of the last one.
        besides: numbers of units that are shown as well.
        items: name of the items, for the question.
    """
    shown = sorted({*besides, *range(first, last + 1)})
    task = f"This is a part of the text. Answer for units {first}-{last} alone: only {items} that begin there."
    return Window(tuple(units[number] for number in shown), first, last, task)


def numbered_entries(units: Units) -> dict[int, set[int]]:
    """Where entries may begin in a genre that is not known: numbers at the beginning of a line; with their headings.

    A heading is a number and the unit behind it; of kinds of numbers, the first to appear is outermost.
    """
    text = units.document.text
    entries: dict[int, set[int]] = {}
    order: list[str] = []
    above: list[tuple[str, int]] = []
    for unit in units:
        words = text[slice(*unit.span)]
        at_line_start = unit.span.start == 0 or "\n" in text[: unit.span.start][-3:].strip(" \u3000\t*#>")
        if not (at_line_start and is_mark(words)):
            continue
        kind = _kind(words)
        if kind not in order:
            order.append(kind)
        above = [(outer, number) for outer, number in above if order.index(outer) < order.index(kind)]
        entries[unit.number] = {shown for _, number in above for shown in (number, number + 1)}
        above.append((kind, unit.number))
    return entries


def _kind(mark: str) -> str:
    """The form of a number: digits and Chinese numerals made one each, so that 10 is of the kind of 9."""
    return re.sub("[一二三四五六七八九十百]+", "一", re.sub(r"\d+", "1", mark))

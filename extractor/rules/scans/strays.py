"""Which lines of an arrangement may have strayed, where they may belong, and how much speaks for it.

A stray breaks the passage that it stands in, and another passage breaks off where it is missing. Lines that stray
together do so one behind the other, or in turn with the lines of the column that they strayed into. What speaks for a
change is the sum of all seams that it makes less those that it breaks up, how well the lines suit what is told around
their new place and their old one, less what it costs to move lines so far.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple, Protocol

from extractor.rules.scans.arrangement import Arrangement, Piece
from extractor.rules.scans.printed import Head
from extractor.rules.scans.succession import BEST_COHESION

FIRM = 1.5
"""A seam above this is not broken up."""
OPEN = 0.8
"""A seam above this is no gap."""
FURTHER = 2.0
"""What it costs to move one more line of a piece."""

_SHAPES = tuple(
    (taken, tuple(place for place in range(taken[-1] + 2) if place not in taken))
    for taken in ((0,), (0, 1), (0, 2), (0, 1, 2), (0, 3), (0, 1, 3), (0, 2, 3), (0, 2, 4))
)  # which of the lines behind a weak seam are taken out, and which stay, up to the first behind them
_CUTS: tuple[tuple[tuple[tuple[int, int], ...], ...], ...] = (
    (),
    (((0, 1),),),
    (((0, 2),), ((0, 1), (1, 2))),
    (((0, 3),), ((0, 1), (1, 3)), ((0, 2), (2, 3)), ((0, 1), (1, 2), (2, 3))),
)  # how one, two or three lines may go to places of their own
_FARTHEST_SHAPE = 5
_LEAST_DETACHED = 1.0  # by how much a passage has to gain by the removal of lines alone
_LEAST_BRIDGE = -3.0  # the weakest seam that a removal makes
_LEAST_TOGETHER = -1.0  # the weakest seam within a piece
_LEAST_ATTACHED = 2.5  # how much better than the gap a piece has to fit into it
_WEAKEST_JOIN = -1.5
_LABEL = 2.0  # a label without a number fits anywhere
_LIKELY = 3.0  # a change above this may well be right
_PIECE = 5.0  # what each further piece of a change has to add
_ANYWHERE = 4.0  # what it costs to go anywhere, besides the logarithm of the number of lines
_STRONG = 1.0  # a pair of characters at one end of a piece that points to its place
_WINDOW = 500  # lines within which a place is looked for where the height of columns is not known
_NO_RIVAL = 9.0
_NEAREST = 2  # moves that tell the height of columns around a place


class Offer(NamedTuple):
    """A place for a piece.

    Attributes:
        gain: how well the piece fits there, less the cost.
        gap: the line behind which it is put.
        distance: how far it is from where the piece stands in the file, in lines; 0 for a place close by.
        cost: what it costs to go there.
    """

    gain: float
    gap: int
    distance: int
    cost: float


class Change(NamedTuple):
    """Lines taken out of a stretch, and the place of each piece.

    Attributes:
        gain: log odds for the change.
        margin: by how much the best places beat the next best ones.
        before: the line before the stretch.
        stretch: all lines from the first to the last that is taken out.
        parts: the pieces and where each goes.
    """

    gain: float
    margin: float
    before: int
    stretch: tuple[int, ...]
    parts: tuple[tuple[Piece, Offer], ...]

    @property
    def lead(self) -> float:
        """The gain by which changes of different size compare."""
        return self.gain - _PIECE * (len(self.parts) - 1)


class Places(Protocol):
    """Where pieces may go."""

    def __call__(self, piece: Piece) -> Iterable[tuple[int, float, int]]:
        """Gaps that may take a piece, each with its cost and distance."""


class Anywhere:
    """Places whose characters point to a piece, however far."""

    def __init__(self, arrangement: Arrangement) -> None:
        """Index the gaps of an arrangement."""
        self._arrangement = arrangement
        self._classes = arrangement.links.lines.classes
        self._cost = _ANYWHERE + math.log(max(arrangement.count, 1))
        self._by_tail: dict[str, list[int]] = {}
        self._by_head: dict[str, list[int]] = {}
        for line, behind in enumerate(arrangement.following):
            if arrangement.seams[line] < OPEN:
                self._by_tail.setdefault(self._classes[line][-1], []).append(line)
                self._by_head.setdefault(self._classes[behind][0], []).append(line)
        self._gaps_of_head: dict[str, list[int]] = {}
        self._gaps_of_tail: dict[str, list[int]] = {}

    def __call__(self, piece: Piece) -> Iterator[tuple[int, float, int]]:
        """Gaps within the window."""
        levels = self._arrangement.levels
        for gap in {*self._before(self._classes[piece[0]][0]), *self._behind(self._classes[piece[-1]][-1])}:
            distance = levels[gap] + 1 - piece[0]
            if abs(distance) <= _WINDOW:
                yield gap, self._cost, distance

    def _before(self, head: str) -> list[int]:
        gaps = self._gaps_of_head.get(head)
        if gaps is None:
            tails = self._arrangement.links.seams.likely_tails(self._by_tail, head, _STRONG)
            gaps = self._gaps_of_head[head] = [gap for tail in tails for gap in self._by_tail[tail]]
        return gaps

    def _behind(self, tail: str) -> list[int]:
        gaps = self._gaps_of_tail.get(tail)
        if gaps is None:
            heads = self._arrangement.links.seams.likely_heads(tail, self._by_head, _STRONG)
            gaps = self._gaps_of_tail[tail] = [gap for head in heads for gap in self._by_head[head]]
        return gaps


class ColumnsAway:
    """Places at the same height in another column, and close by."""

    _NEAR, _COST_NEAR = 4, 10.0
    _COST, _SECOND_COLUMN = 6.5, 2.0
    _LOCAL = 40  # lines within which columns are of about the same height

    def __init__(self, arrangement: Arrangement, height: int, slack: int, slip: float) -> None:
        """Look for places.

        Args:
            arrangement: the lines.
            height: the usual height of a column, in lines.
            slack: by how many lines a place may be higher or lower.
            slip: what each of them costs but the first.
        """
        self._height, self._slack, self._slip = height, slack, slip
        seams = arrangement.seams
        gaps = sorted([(level, line) for line, level in enumerate(arrangement.levels) if seams[line] < OPEN])
        self._levels = [level for level, _ in gaps]
        self._gaps = [gap for _, gap in gaps]
        self._found: dict[int, list[tuple[int, float, int]]] = {}
        moves = sorted(
            [
                ((level + home) / 2, abs(level - home) / columns)
                for home, level in [(piece[0] - 1, arrangement.levels[piece[0]]) for piece in arrangement.pieces()]
                if (columns := self._columns(level - home))
            ]
        )
        self._middles = [middle for middle, _ in moves]
        self._heights = [height for _, height in moves]

    def _columns(self, distance: int) -> int:
        return round(abs(distance) / self._height)

    def _height_around(self, middle: float) -> float:
        """The height of a column, told by moves that led across the same place."""
        place = bisect_left(self._middles, middle)
        near = sorted(
            [
                (abs(self._middles[number] - middle), self._heights[number])
                for number in range(max(0, place - _NEAREST), min(len(self._middles), place + _NEAREST))
            ]
        )
        heights = [height for away, height in near[:_NEAREST] if away < self._LOCAL]
        return sum(heights) / len(heights) if heights else self._height

    def __call__(self, piece: Piece) -> list[tuple[int, float, int]]:
        """Gaps close by, and one or two columns away."""
        home = piece[0] - 1
        found = self._found.get(home)
        if found is None:
            found = self._found[home] = list(self._find(home))
        return found

    def _find(self, home: int) -> Iterator[tuple[int, float, int]]:
        levels, gaps = self._levels, self._gaps
        for place in range(bisect_left(levels, home - self._NEAR), bisect_right(levels, home + self._NEAR)):
            yield gaps[place], self._COST_NEAR, 0
        slack, slip = self._slack, self._slip
        for columns in (-2, -1, 1, 2):
            target = home + columns * self._height_around(home + columns * self._height / 2)
            cost = self._COST + (self._SECOND_COLUMN if abs(columns) == 2 else 0.0)
            for place in range(bisect_left(levels, target - slack), bisect_right(levels, target + slack)):
                away = abs(levels[place] - target) - 1
                yield gaps[place], cost + slip * away if away > 0 else cost, levels[place] - home


class Search:
    """All changes of an arrangement that may be right."""

    def __init__(self, arrangement: Arrangement, places: Places, longest: int = 3) -> None:
        """Search an arrangement with the given places for pieces of no more lines than the longest."""
        self._arrangement, self._places = arrangement, places
        self._shapes = [(taken, stays) for taken, stays in _SHAPES if len(taken) <= longest]
        self._offers: dict[Piece, list[Offer]] = {}
        self.changes = [change for found in self._stretches() if (change := self._change(*found))]

    def _stretches(self) -> Iterator[tuple[float, int, tuple[int, ...], Piece]]:
        """Lines whose removal mends the passage: by how much, the line before, the whole stretch, the lines."""
        arrangement = self._arrangement
        seams, costs = arrangement.seams, arrangement.costs
        least = _LEAST_DETACHED - BEST_COHESION
        for before in range(arrangement.count):
            if seams[before] >= FIRM:
                continue
            chain = arrangement.behind(before, _FARTHEST_SHAPE + 1)
            broken = list(accumulate([seams[line] for line in chain], initial=seams[before]))
            for taken, stays in self._shapes:
                end = taken[-1] + 1
                if end >= len(chain):
                    break
                if seams[chain[end - 1]] >= FIRM:
                    continue
                gain = self._bridged(before, chain, stays) - broken[end]
                if gain < least:
                    continue
                lines, stretch = tuple([chain[place] for place in taken]), tuple(chain[:end])
                if self._may_go_together(lines, stretch):
                    gain += sum([costs.get(line, 0.0) - self._suits(line, line) for line in lines])
                    if gain > _LEAST_DETACHED:
                        yield gain, before, stretch, lines

    def _bridged(self, before: int, chain: Sequence[int], stays: Sequence[int]) -> float:
        """How well the lines that stay go on into each other; without bound bad where one breaks there."""
        link, seams = self._arrangement.links.of, self._arrangement.seams
        total, left, place = 0.0, before, -1
        for stay in stays:
            right = chain[stay]
            if stay == place + 1:
                total += seams[left]
            else:
                seam = link(left, right)
                if seam < _LEAST_BRIDGE:
                    return -math.inf
                total += seam
            left, place = right, stay
        return total

    def _may_go_together(self, lines: Piece, stretch: tuple[int, ...]) -> bool:
        """Whether lines may have strayed together: only the first opens an entry, and between them none was moved."""
        if len(lines) == 1:
            return True
        arrangement = self._arrangement
        heads = arrangement.links.lines.heads
        if any(heads[line] <= Head.LABEL for line in lines[1:]):
            return False
        return len(stretch) == len(lines) or not any(line in arrangement.costs for line in stretch)

    def _suits(self, line: int, place: int) -> float:
        """How well a line suits what is told around where another stands."""
        return self._arrangement.links.cohesion(line, self._arrangement.levels[place])

    def _change(self, gain: float, before: int, stretch: tuple[int, ...], lines: Piece) -> Change | None:
        """The best way to put lines elsewhere, whole or in pieces."""
        best: Change | None = None
        for cuts in _CUTS[len(lines)]:
            parts, total, margin = [], gain, _NO_RIVAL
            for first, last in cuts:
                piece = lines[first:last]
                offers = [offer for offer in self.offers(piece) if offer.gap != before and offer.gap not in stretch][:2]
                if not offers:
                    break
                parts.append((piece, offers[0]))
                total += offers[0].gain
                if len(offers) > 1:
                    margin = min(margin, offers[0].gain - offers[1].gain)
            else:
                if best is None or total > best.gain:
                    best = Change(total, margin, before, stretch, tuple(parts))
        return best

    def offers(self, piece: Piece) -> list[Offer]:
        """Places for a piece, the best first."""
        known = self._offers.get(piece)
        if known is None:
            known = self._offers[piece] = sorted(self._find_offers(piece), reverse=True)
        return known

    def _find_offers(self, piece: Piece) -> Iterator[Offer]:
        arrangement = self._arrangement
        link, seams, following = arrangement.links.of, arrangement.seams, arrangement.following
        joins = [link(left, right) for left, right in pairwise(piece)]
        if joins and min(joins) < _LEAST_TOGETHER:
            return
        first, last = piece[0], piece[-1]
        cohesion, levels = arrangement.links.cohesion, arrangement.levels
        least = _LEAST_ATTACHED - BEST_COHESION * len(piece)
        own = sum(joins) - FURTHER * (len(piece) - 1)
        lines = arrangement.links.lines
        if lines.heads[first] <= Head.LABEL and lines.numbers[first] is None:
            own -= _LABEL
        tails, heads, marks, numbers = lines.tails, lines.heads, lines.marks, lines.numbers
        known, stands_behind, closes = arrangement.links.known, arrangement.links.behind, arrangement.links.closes
        may_precede, may_follow = arrangement.links.tails_before(first), arrangement.links.heads_behind(last)
        for gap, cost, distance in self._places(piece):
            behind = following[gap]
            if not (may_precede[tails[gap]] and may_follow[heads[behind]]):
                continue
            seam = stands_behind(gap, first) if marks[gap] else known[gap].get(first)
            fits = own - seams[gap] + (link(gap, first) if seam is None else seam)
            if fits < _WEAKEST_JOIN or gap in piece or behind in piece:
                continue
            fits += closes(gap, last, behind) if numbers[behind] or marks[behind] else link(last, behind)
            if fits > least:
                for line in piece:
                    fits += cohesion(line, levels[gap])
            if fits > _LEAST_ATTACHED:
                yield Offer(fits - cost, gap, distance, cost)

    def ranked(self, *, spare: bool) -> list[Change]:
        """The changes, the best first.

        Args:
            spare: whether a seam that a likely stray beside it breaks is not taken for a gap.
        """
        changes = list(self._without_borrowed_gains()) if spare else self.changes
        return sorted(changes, key=lambda change: -change.lead)

    def _without_borrowed_gains(self) -> Iterator[Change]:
        breaks: dict[int, Change] = {}
        for change in self.changes:
            if change.gain > _LIKELY:
                for line in (change.before, change.stretch[-1]):
                    if line not in breaks or change.gain > breaks[line].gain:
                        breaks[line] = change
        seams = self._arrangement.seams
        for change in self.changes:
            borrowed = 0.0
            for _, offer in change.parts:
                stray = breaks.get(offer.gap)
                if stray and not set(stray.stretch) & set(change.stretch):
                    borrowed += min(stray.gain, max(0.0, -seams[offer.gap]))
            yield change._replace(gain=change.gain - borrowed, margin=change.margin - borrowed) if borrowed else change


def chosen(changes: list[Change], arrangement: Arrangement, enough: float, clear: float) -> Iterator[Change]:
    """Changes that are likely enough, clear of every rival, and do not touch each other.

    Args:
        changes: all of them, the best first.
        arrangement: what they would change.
        enough: log odds at which a change is made.
        clear: log odds by which it must beat every other of the same lines.
    """
    of_line: dict[int, list[tuple[float, int]]] = {}
    of_gap: dict[int, list[Change]] = {}
    for change in changes:
        for piece, offer in change.parts:
            of_gap.setdefault(offer.gap, []).append(change)
            for line in piece:
                of_line.setdefault(line, []).append((change.lead, offer.gap))
    touched: set[int] = set()
    following = arrangement.following
    for change in changes:
        if change.lead < enough or change.margin < clear:
            continue
        ends = {change.before, *change.stretch, following[change.stretch[-1]]}
        for _, offer in change.parts:
            ends |= {offer.gap, following[offer.gap]}
        if ends & touched or _has_rival(change, of_line, of_gap, clear):
            continue
        touched |= ends
        yield change


def _has_rival(
    change: Change, of_line: dict[int, list[tuple[float, int]]], of_gap: dict[int, list[Change]], clear: float
) -> bool:
    """Whether the same lines may as well go elsewhere, or other lines into the same gap."""
    lines = set(change.stretch)
    for piece, offer in change.parts:
        for line in piece:
            if any(lead > change.lead - clear and gap != offer.gap for lead, gap in of_line[line]):
                return True
        if any(rival.lead > change.lead - 1.0 and not lines & set(rival.stretch) for rival in of_gap[offer.gap]):
            return True
    return False

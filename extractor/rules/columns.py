"""A scan whose columns ran into each other: lines that strayed are put back where they complete a sentence.

A stray line breaks the sentence that it stands in, and another sentence breaks off where it is missing. How well one
line goes on into another is judged by the characters at the seam (:mod:`extractor.rules.seams`), by the widths of
printed lines (a full line that does not stop must go on, a short one ends its paragraph, the first of a paragraph is
indented), by title marks that must close, and by list marks that must follow in order
(:mod:`extractor.rules.printed`). Where the likeliest moves agree on the height of the page's columns, lines are sought a
column or two from where they stand. A line is moved only where all of that together says so, and no other place or line
comes near; what stays doubtful is reported.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from extractor.normalization import fold
from extractor.records import Span
from extractor.rules.printed import PrintedLines, Width, printed_lines

_REACH = 4  # a passage goes on within so many lines behind a stray
_LONGEST_RUN = 2  # lines that stray together
_LIST_REACH = 40  # lines in which the list mark before or behind is looked for
_WINDOW = 500  # lines on either side among which a stray may belong
_ROUNDS = 3
_SLACK = 5  # by how many lines a column may be shorter or longer than the others
_SHORTEST_COLUMN = 20  # lines
_LEAST_AGREED = 3  # moves that must go equally far to tell the height of a column
_WEAK = 0.5  # a seam below this may be broken


@dataclass(frozen=True, slots=True)
class Order:
    """Lines in reading order.

    Attributes:
        lines: numbers of the lines.
        moved: numbers of lines that were put elsewhere.
        doubtful: numbers of lines that fit neither where they stand nor elsewhere.
    """

    lines: list[int]
    moved: frozenset[int]
    doubtful: tuple[int, ...]


class Evidence(NamedTuple):
    """What speaks for and against taking a run of lines out of its place and putting it into a gap.

    Seams are log likelihood ratios. The weights in ``_WEIGHTS`` were fitted by logistic regression on clean notices that
    were damaged at random; that of the distance was set by how much likelier strays than chance go one column far.
    """

    bridge: float  # how well the lines around the run go on without it
    here: float  # the seams in front of the run and behind it where it stands
    joins_before: float  # the seam in front of it in the gap
    joins_behind: float  # the seam behind it in the gap
    gap: float  # the seam that the gap is now
    continues_near: float  # how well the run continues another line close by
    gap_continues_near: float  # how well the line before the gap goes on close by
    gap_continued_near: float  # how well the line behind the gap continues one close by
    further_lines: float  # lines of the run after its first
    lead: float  # by how much this gap suits the run better than any other
    marks_there: float  # list marks that come in order in the gap, less those that do not
    marks_here: float  # list marks out of order where the run stands, less those in order
    after_stop: float  # 1 where the line before the gap ends a sentence or label
    one_column: float  # 1 where the gap lies a column away, on a page whose column height is known


_WEIGHTS = Evidence(0.22, -0.20, 0.65, 0.67, -0.33, -0.22, -0.54, -0.30, -1.21, 0.23, 0.88, 0.49, -1.23, 2.0)
_BIAS = -6.2
_ENOUGH = 1.0  # log odds at which a run is moved
_CLEAR = 0.7  # log odds by which a move must beat every other of the same lines or into the same gap
_PLAUSIBLE = 5.0  # sum of likelihood ratios below which a move is not looked at
_WORST_JOIN = -2.0  # a seam that a move may not make
_MOST_MARKS = 2.0  # both list marks around a place are in order
_UNBROKEN = -1.5  # sum of the seams around a run above which it does not break its passage


class _Run(NamedTuple):
    """Lines that may have strayed, by their places in the present order."""

    first: int
    last: int
    bridge: float
    gain: float


class Move(NamedTuple):
    """A run of lines, a gap that may take it, and the evidence for it."""

    first: int
    last: int
    gap: int
    evidence: Evidence


class _Gaps:
    """Seams at which lines may be missing, by the characters on both sides."""

    def __init__(self, lines: PrintedLines, order: Sequence[int], places: Sequence[int]) -> None:
        self._lines, self._order, self._places = lines, order, places
        self._tails: dict[str, set[int]] = {}
        self._heads: dict[str, set[int]] = {}
        for place in places:
            left, right = order[place], order[place + 1]
            self._tails.setdefault("" if lines.ends[left] else lines.classes[left][-1], set()).add(place)
            self._heads.setdefault("" if lines.entries[right] else lines.classes[right][0], set()).add(place)
        self._before = cache(self._before_head)
        self._behind = cache(self._behind_tail)

    def _before_head(self, head: str) -> set[int]:
        known = self._tails.keys() & self._lines.seams.tails_before(head)
        return self._tails.get("", set()).union(*map(self._tails.__getitem__, known))

    def _behind_tail(self, tail: str) -> set[int]:
        known = self._heads.keys() & self._lines.seams.heads_behind(tail)
        return self._heads.get("", set()).union(*map(self._heads.__getitem__, known))

    def columns_away(self, first: int, height: int) -> list[int]:
        """Gaps that lie a column or two from a line."""
        found: list[int] = []
        for columns in (-2, -1, 1, 2):
            level = first - 1 + columns * height
            start = bisect_left(self._places, level - _SLACK)
            found += self._places[start : bisect_right(self._places, level + _SLACK)]
        return found

    def near(self, first: int, last: int) -> list[int]:
        """Gaps around a run, but not next to it, whose characters its own follow and precede oftener than by chance."""
        head, tail = self._lines.classes[self._order[first]][0], self._lines.classes[self._order[last]][-1]
        behind = set(self._places) if self._lines.ends[self._order[last]] else self._behind(tail)
        gaps = self._before(head) & behind
        return sorted(gap for gap in gaps if _REACH < max(first - gap, gap - last) < _WINDOW)


class Arrangement:
    """Lines in an order that may still be wrong, and the moves that would mend it."""

    def __init__(self, lines: PrintedLines, order: list[int], hard: set[int]) -> None:
        """Judge the seams of an order; ``hard`` are the lines behind which the file breaks the line."""
        self._lines = lines
        self.order = order
        self._near_before_place: dict[int, float] = {}
        self._near_behind_place: dict[int, float] = {}
        self.links = [lines.link(left, right) for left, right in pairwise(order)]
        self._stands = [lines.labels[line] or lines.entries[line] for line in order]
        self._breaks = [line in hard and following == line + 1 for line, following in pairwise([*order, -1])]

    def _link(self, left: int, right: int) -> float:
        return self._lines.link(self.order[left], self.order[right])

    def _near_before(self, place: int) -> float:
        """How well the line continues one of those a little before it, 0 if not at all."""
        near = self._near_before_place.get(place)
        if near is None:
            steps = range(2, min(_REACH, place) + 1)
            near = max((self._link(place - step, place) - 0.7 * (step - 1) for step in steps), default=0.0)
            self._near_before_place[place] = near = max(near, 0.0)
        return near

    def _near_behind(self, place: int) -> float:
        """How well one of the lines a little behind it continues the line, 0 if not at all."""
        near = self._near_behind_place.get(place)
        if near is None:
            steps = range(2, min(_REACH, len(self.order) - 1 - place) + 1)
            near = max((self._link(place, place + step) - 0.7 * (step - 1) for step in steps), default=0.0)
            self._near_behind_place[place] = near = max(near, 0.0)
        return near

    def _mark_before(self, place: int) -> int | None:
        """The last list mark up to a place: 0 at the head of a list, None where that is far."""
        for at in range(place, max(place - _LIST_REACH, -1), -1):
            line = self.order[at]
            if self._lines.marks[line]:
                return self._lines.marks[line][-1]
            if self._stands[at]:
                return 0
        return None

    def _mark_behind(self, place: int) -> int | None:
        """The first list mark from a place on, None at the end of the entry."""
        for at in range(place, min(place + _LIST_REACH, len(self.order))):
            line = self.order[at]
            if self._lines.marks[line]:
                return self._lines.marks[line][0]
            if self._stands[at]:
                return None
        return None

    def _may_break(self, place: int) -> bool:
        """Whether a passage may break off behind a place: a weak seam, behind a line that was read whole."""
        line = self.order[place]
        if self.links[place] >= _WEAK or self._lines.widths[line] is Width.OVER:
            return False
        return self._lines.widths[line] is not Width.SHORT or self._lines.ends[line] or self._lines.stops[line]

    def _bridge(self, before: int, behind: int) -> float:
        """How well a passage goes on over the lines between, and over a few more that may have strayed too."""
        best = -math.inf
        for back in range(_REACH):
            left = before - back
            if left < 0:
                break
            for ahead in range(_REACH - back):
                right = behind + ahead
                if right >= len(self.order):
                    break
                best = max(best, self._link(left, right) - 0.7 * (back + ahead))
                if self._stands[right] or self._breaks[right]:
                    break
            if self._stands[left] or (left and self._breaks[left - 1]):
                break
        return best

    def runs(self) -> Iterator[_Run]:
        """Runs of lines that break the passage they stand in."""
        count = len(self.order)
        for before in range(count - 2):
            if not self._may_break(before):
                continue
            for last in range(before + 1, min(before + 1 + _LONGEST_RUN, count - 1)):
                if self._stands[last] or (last > before + 1 and self.links[last - 1] < -0.3):
                    break
                here = self.links[before] + self.links[last]
                if here > _UNBROKEN:
                    continue
                bridge = self._bridge(before, last + 1)
                if bridge - here > 0:
                    yield _Run(before + 1, last, bridge, bridge - here)

    def moves(self, height: int | None = None) -> list[Move]:
        """Moves that may be likely enough, with their evidence; with a column height only those by whole columns."""
        gaps = _Gaps(self._lines, self.order, [place for place in range(len(self.links)) if self._may_break(place)])
        found = []
        for run in self.runs():
            around = gaps.near(run.first, run.last) if height is None else gaps.columns_away(run.first, height)
            fits = self._fits(run, around)
            suits = sorted((suit for *_, suit in fits), reverse=True)
            for gap, before, behind, suit in fits:
                rival = suits[0] if suit < suits[0] else suits[1] if len(suits) > 1 else suit - 5
                at_best = self._evidence_of_seams(run, gap, (before, behind, suit - rival), height)
                if _odds(at_best) > _ENOUGH - _CLEAR:
                    found.append(Move(run.first, run.last, gap, self._evidence(at_best, run, gap)))
        return found

    def _fits(self, run: _Run, gaps: Iterable[int]) -> list[tuple[int, float, float, float]]:
        """Gaps that may take a run: each with the seams it would have there, and how much better they are."""
        fits = []
        for gap in gaps:
            before = self._link(gap, run.first)
            if before < _WORST_JOIN:
                continue
            behind = self._link(run.last, gap + 1)
            suit = before + behind - self.links[gap]
            if behind >= _WORST_JOIN and run.gain + suit >= _PLAUSIBLE:
                fits.append((gap, before, behind, suit))
        return fits

    def _evidence_of_seams(
        self, run: _Run, gap: int, joins: tuple[float, float, float], height: int | None
    ) -> Evidence:
        """The evidence as far as the seams tell it; all else is set to what would speak most for the move."""
        line = self.order[gap]
        before, behind, lead = joins
        return Evidence(
            bridge=run.bridge,
            here=self.links[run.first - 1] + self.links[run.last],
            joins_before=before,
            joins_behind=behind,
            gap=self.links[gap],
            continues_near=0.0,
            gap_continues_near=0.0,
            gap_continued_near=0.0,
            further_lines=run.last - run.first,
            lead=max(-5.0, min(5.0, lead)),
            marks_there=_MOST_MARKS,
            marks_here=_MOST_MARKS,
            after_stop=self._lines.labels[line] or self._lines.stops[line],
            one_column=height is not None and _columns_away(gap + 1 - run.first, height) == 1,
        )

    def _evidence(self, of_seams: Evidence, run: _Run, gap: int) -> Evidence:
        """The whole evidence: lines close by and list marks too."""
        return of_seams._replace(
            continues_near=self._near_before(run.first),
            gap_continues_near=self._near_behind(gap),
            gap_continued_near=self._near_before(gap + 1),
            marks_there=self._marks(run, gap, gap + 1),
            marks_here=-self._marks(run, run.first - 1, run.last + 1),
        )

    def _marks(self, run: _Run, before: int, behind: int) -> float:
        """For or against a run between two places by the order of list marks."""
        marks = [mark for place in range(run.first, run.last + 1) for mark in self._lines.marks[self.order[place]]]
        last, following = self._mark_before(before), self._mark_behind(behind)
        if marks:
            return float(_in_order(last, marks, following))
        return -0.5 if last is not None and following == last + 2 else 0.0

    def doubtful(self) -> Iterator[int]:
        """Lines that fit neither of their neighbours, where the passage goes on behind them."""
        for before, (left, right) in enumerate(pairwise(self.links)):
            if left < -1 and right < -1 and self._link(before, before + 2) > 0:
                yield self.order[before + 1]


def _in_order(before: int | None, marks: Sequence[int], behind: int | None) -> int:
    """How many of the ends of a run's list marks go on from their neighbours, less those that do not."""
    score = 0
    if before is not None:
        score += 1 if marks[0] == before + 1 else -1
    if behind is not None:
        score += 1 if behind == marks[-1] + 1 else -1
    return score


def _columns_away(distance: int, height: int) -> int | None:
    """Whether a distance in lines is the height of one column or of two; None where it is neither."""
    return next((columns for columns in (1, 2) if abs(abs(distance) - columns * height) <= _SLACK), None)


def column_height(moves: Iterable[Move]) -> int | None:
    """The height of the page's columns in lines, told by how far the likeliest moves go; None if they do not agree.

    A line that strayed into another column stands there at its own height on the page, a column or more away.
    """
    best: dict[int, tuple[float, int]] = {}
    for move in moves:
        odds, distance = _odds(move.evidence), abs(move.gap + 1 - move.first)
        if distance >= _SHORTEST_COLUMN and odds > best.get(move.first, (_ENOUGH - _CLEAR, 0))[0]:
            best[move.first] = (odds, distance)
    distances = [distance for _, distance in best.values()]
    supporters = {height: sum(bool(_columns_away(each, height)) for each in distances) for height in set(distances)}
    height = max(supporters, key=lambda height: (supporters[height], -height), default=0)
    agreed = sorted(each for each in distances if _columns_away(each, height) == 1)
    if len(agreed) < _LEAST_AGREED or supporters[height] * 2 <= len(distances):
        return None
    return agreed[len(agreed) // 2]


def _odds(evidence: Evidence) -> float:
    return _BIAS + sum(map(float.__mul__, _WEIGHTS, map(float, evidence)))


def put_in_order(source: str, slices: Sequence[Span], hard: set[int]) -> Order:
    """The reading order of printed lines: the file's, but for lines that strayed.

    Args:
        source: the text.
        slices: what stands between its blanks and marks, in the order of the file; none is empty.
        hard: numbers of the slices behind which the file breaks the line; elsewhere a blank parts printed lines.

    Returns:
        The order of the slices. Those that belong nowhere stay where the file has them.
    """
    printed = printed_lines(source, slices, hard)
    folded = fold(source)
    texts = ["".join([folded[slice(*slices[number])] for number in line]) for line in printed]
    lines, breaks = PrintedLines(texts), {number for number, line in enumerate(printed) if line[-1] in hard}
    arrangement = Arrangement(lines, list(range(len(printed))), breaks)
    moved: set[int] = set()
    height: int | None = None
    for _ in range(_ROUNDS):
        moves = arrangement.moves(height)
        if height is None and (height := column_height(moves)):
            moves = arrangement.moves(height)
        chosen = _choose(moves)
        if not chosen:
            break
        for move in chosen:
            moved.update(arrangement.order[move.first : move.last + 1])
        arrangement = Arrangement(lines, _apply(arrangement.order, chosen), breaks)
    doubtful = [line for line in arrangement.doubtful() if line not in moved]
    return Order(
        [number for line in arrangement.order for number in printed[line]],
        frozenset(number for line in moved for number in printed[line]),
        tuple(number for line in doubtful for number in printed[line]),
    )


def _choose(moves: Iterable[Move]) -> list[Move]:
    """The moves that are likely enough, clear of every rival, and do not touch each other."""
    scored = [(odds, move) for move in moves if (odds := _odds(move.evidence)) > _ENOUGH - _CLEAR]
    of_line: dict[int, list[tuple[float, Move]]] = {}
    of_gap: dict[int, list[tuple[float, Move]]] = {}
    for odds, move in scored:
        of_gap.setdefault(move.gap, []).append((odds, move))
        for line in range(move.first, move.last + 1):
            of_line.setdefault(line, []).append((odds, move))
    chosen: list[Move] = []
    touched: set[int] = set()
    for odds, move in sorted(scored, key=lambda pair: -pair[0]):
        lines = range(move.first, move.last + 1)
        rivals = [rival for line in lines for rival in of_line[line] if rival[1].gap != move.gap]
        rivals += [rival for rival in of_gap[move.gap] if rival[1].last < move.first or rival[1].first > move.last]
        ends = {move.first - 1, *lines, move.last + 1, move.gap, move.gap + 1}
        if odds < _ENOUGH or ends & touched or any(rival_odds > odds - _CLEAR for rival_odds, _ in rivals):
            continue
        touched |= ends
        chosen.append(move)
    return chosen


def _apply(order: Sequence[int], moves: Iterable[Move]) -> list[int]:
    """The order after moves that do not touch each other."""
    taken: set[int] = set()
    put: dict[int, Sequence[int]] = {}
    for move in moves:
        taken.update(range(move.first, move.last + 1))
        put[move.gap] = order[move.first : move.last + 1]
    result: list[int] = []
    for place, line in enumerate(order):
        if place not in taken:
            result.append(line)
        result.extend(put.get(place, ()))
    return result

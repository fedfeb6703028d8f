"""How likely one printed line goes on into another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import add

from extractor.patterns import lazy_pattern
from extractor.rules.scans.printed import Head, Number, PrintedLines, Tail
from extractor.rules.scans.seams import LINE_BREAK, Seams
from extractor.rules.styles import Style

# How much likelier than by chance a line of a kind follows one of another kind, as a logarithm, and how much a unit of
# the seam between their characters adds to it; counted on clean notices set in columns.
_FOLLOWS = (
    (-0.3, -1.0, 2.1, -1.5, 1.5, -1.0, -0.8, 0.4),  # Tail.LABEL
    (1.2, -1.0, 1.0, -3.0, 0.3, -3.0, -2.4, -0.6),  # Tail.PARAGRAPH
    (1.1, 0.0, 2.0, -1.1, -0.2, -1.0, -1.5, -0.8),  # Tail.STOP
    (0.2, 0.0, 2.4, -0.4, 0.5, 0.1, -1.5, 0.0),  # Tail.CLAUSE
    (0.9, 0.0, -0.2, -2.1, 0.6, -3.0, -3.5, 0.4),  # Tail.SHORT
    (-2.8, 0.1, -3.0, 0.3, -0.5, 0.5, 0.4, 0.1),  # Tail.WORDS
)
_SEAM_WEIGHTS = (0.2, 0.6, 0.8, 0.9, 0.5, 0.9)
_HARDLY = -2.9  # lines of kinds that follow each other less often than that are not believed to, whatever they say
_MAY_FOLLOW = tuple(tuple(score > _HARDLY for score in scores) for scores in _FOLLOWS)
_MAY_PRECEDE = tuple(zip(*_MAY_FOLLOW, strict=True))
_WEAKEST_SEAM = -2.2
_TORN = 0.04  # how often a line goes on into one that was not read
_HARDLY_TORN = 2.0  # above this it makes no difference
_NUMBER_IN_ORDER, _NUMBER_OUT_OF_ORDER = 2.5, -2.0
_MARK_IN_ORDER, _MARK_OUT_OF_ORDER = 1.0, -1.5
_TITLE_CLOSES, _TITLE_REOPENS, _CLOSES_NOTHING = 3.0, -3.0, -2.0

BEST_COHESION = 3.0
_CHINESE = lazy_pattern("[一-鿿]{2}")
_RARE = 6  # a pair of characters in so many lines or fewer tells what a passage is about
_AROUND = 6  # lines before and behind a place that are about the same
_COHESION = (-0.6, 0.5, 1.4, 2.1, 2.6, 3.0)  # by the number of a line's rare pairs that are found there


class Succession:
    """Judges how printed lines follow each other, as logarithms of likelihood ratios.

    Attributes:
        lines: the lines.
        levels: for each line its height on the page: its own number, or that of the line it was put behind.
        seams: judges the characters on both sides of a seam.
        known: for each line how likely others go on from it, as far as it was asked for.
    """

    def __init__(self, lines: PrintedLines, seams: Seams | None = None) -> None:
        """Judge lines of one text, given in the order of the file, with the seams that were counted over it."""
        self.lines = lines
        self.levels = list(range(len(lines.texts)))
        self.seams = seams or Seams(lines.classes)
        self._tails, self._heads, self._judge_sides = lines.tails, lines.heads, self.seams.judge_sides
        self._left_sides = [
            self.seams.left_side(LINE_BREAK if tail <= Tail.PARAGRAPH else text)
            for text, tail in zip(lines.classes, lines.tails, strict=True)
        ]
        self._right_sides = [self.seams.right_side(text) for text in lines.classes]
        self._mark_before = _last_marks(lines.marks, lines.heads)
        self._mark_behind = _next_marks(lines.marks, lines.heads)
        self._number_before = _last_numbers(lines.numbers)
        self._opens_title = [text.rfind("《") > text.rfind("》") for text in lines.texts]
        self._first_title_mark = [_first_title_mark(text) for text in lines.texts]
        self._is_clause = [text[-1] == ";" for text in lines.texts]
        self._plain_end = [
            not (marks or opens or is_clause)
            for marks, opens, is_clause in zip(lines.marks, self._opens_title, self._is_clause, strict=True)
        ]
        self._plain_start = [
            not (marks or mark) for marks, mark in zip(lines.marks, self._first_title_mark, strict=True)
        ]
        self.known: list[dict[int, float]] = [{} for _ in lines.texts]
        self._lines_of_pair: dict[str, list[int]] = {}
        self._rare: dict[int, list[list[int]]] = {}
        self._suits: dict[tuple[int, int], float] = {}

    def tails_before(self, line: int) -> Sequence[bool]:
        """For each kind of line whether one may be followed by a line."""
        return _MAY_PRECEDE[self.lines.heads[line]]

    def heads_behind(self, line: int) -> Sequence[bool]:
        """For each kind of line whether one may follow a line."""
        return _MAY_FOLLOW[self.lines.tails[line]]

    def of(self, left: int, right: int) -> float:
        """How likely line ``right`` goes on from line ``left``."""
        known = self.known[left]
        link = known.get(right)
        if link is None:
            link = known[right] = self._judge(left, right, self.levels[left], self.levels[right])
        return link

    def behind(self, gap: int, line: int) -> float:
        """How likely a line from elsewhere goes on from line ``gap``."""
        if self.lines.marks[gap] and not self.lines.marks[line]:
            return self._judge(gap, line, self.levels[gap], self.levels[gap])
        return self.of(gap, line)

    def closes(self, gap: int, line: int, right: int) -> float:
        """How likely line ``right`` goes on from a line that comes from elsewhere and was put behind line ``gap``."""
        if self.lines.numbers[right] or (self.lines.marks[right] and not self.lines.marks[line]):
            return self._judge(line, right, self.levels[gap], self.levels[right])
        return self.of(line, right)

    def put(self, line: int, level: int) -> None:
        """Let numbers and list marks before and behind a line be those that count behind another."""
        if self.levels[line] != level:
            self.levels[line] = level
            self.known[line].clear()
            for known in self.known:
                known.pop(line, None)

    def _judge(self, left: int, right: int, place: int, place_of_right: int) -> float:
        tail, head = self._tails[left], self._heads[right]
        score = _FOLLOWS[tail][head]
        if head is Head.ENTRY:
            score += self._number_order(left, right, place)
        if head is not Head.ENTRY or tail is Tail.WORDS:
            seam = self._judge_sides(self._left_sides[left], self._right_sides[right])
            score += _SEAM_WEIGHTS[tail] * max(seam, _WEAKEST_SEAM)
            if not (self._plain_end[left] and self._plain_start[right]):
                score = self._with_marks(score, left, right, place, place_of_right)
        return score if score >= _HARDLY_TORN else math.log(math.exp(score) + _TORN)

    def _with_marks(self, score: float, left: int, right: int, place: int, place_of_right: int) -> float:
        """What punctuation, title marks and list marks add to a score."""
        if self._is_clause[left]:
            score = max(score, 0.0)  # the next clause of a series may begin with anything
        if self._opens_title[left] or self._first_title_mark[right]:
            score += self._title(left, right)
        if self.lines.marks[left] or self.lines.marks[right]:
            score += self._mark_order(left, right, place, place_of_right)
        return score

    def _number_order(self, left: int, right: int, place: int) -> float:
        """For or against an entry behind a line, by its number and the last of its style before."""
        number = self.lines.numbers[right]
        if number is None or number[1] == 1:
            return 0.0
        style, value = number
        own = self.lines.numbers[left]
        before = own[1] if own and own[0] is style else self._number_before[place].get(style)
        return _NUMBER_IN_ORDER if before == value - 1 else _NUMBER_OUT_OF_ORDER

    def _title(self, left: int, right: int) -> float:
        """For or against a seam by the title marks on both sides."""
        mark = self._first_title_mark[right]
        if self._opens_title[left]:
            return _TITLE_CLOSES if mark == "》" else _TITLE_REOPENS if mark else 0.0
        return _CLOSES_NOTHING if mark == "》" else 0.0

    def _mark_order(self, left: int, right: int, place: int, place_of_right: int) -> float:
        """For or against a seam by the list marks before it and behind it."""
        marks, heads = self.lines.marks, self.lines.heads
        if marks[right]:
            before = marks[left][-1] if marks[left] else 0 if heads[left] <= Head.LABEL else self._mark_before[place]
            behind = marks[right][0]
        else:
            before = marks[left][-1]
            at_home = place_of_right == right or heads[right] <= Head.LABEL
            behind = self._mark_behind[right if at_home else min(place_of_right + 1, len(marks) - 1)]
            if not behind:
                return 0.0
        return _MARK_IN_ORDER if behind == before + 1 else _MARK_OUT_OF_ORDER

    def cohesion(self, line: int, place: int) -> float:
        """How well a line suits what is told around a place of the file, by the rare pairs of characters in both."""
        suits = self._suits.get((line, place))
        if suits is None:
            suits = self._suits[line, place] = self._cohesion(line, place)
        return suits

    def _cohesion(self, line: int, place: int) -> float:
        rare = self._rare.get(line)
        if rare is None:
            rare = self._rare[line] = self._rare_pairs(line)
        first, last = place - _AROUND, place + _AROUND
        hits = 0
        for lines in rare:
            for other in lines:
                if first < other <= last and other != line:
                    hits += 1
                    break
        return _COHESION[min(hits, len(_COHESION) - 1)]

    def _rare_pairs(self, line: int) -> list[list[int]]:
        """For each rare pair of Chinese characters in a line the lines it stands in."""
        if not self._lines_of_pair:
            known = self._lines_of_pair
            for number, text in enumerate(self.lines.texts):
                for pair in set(map(add, text, text[1:])):
                    if pair in known:
                        known[pair].append(number)
                    else:
                        known[pair] = [number]
        text = self.lines.texts[line]
        pairs = [pair for pair in set(map(add, text, text[1:])) if _CHINESE.fullmatch(pair)]
        return [lines for pair in pairs if 2 <= len(lines := self._lines_of_pair[pair]) <= _RARE]


def _last_marks(marks: Sequence[Sequence[int]], heads: Sequence[Head]) -> list[int]:
    """For each line the last list mark up to its end; 0 where a list has not begun."""
    last, found = 0, []
    for own, head in zip(marks, heads, strict=True):
        last = own[-1] if own else 0 if head <= Head.LABEL else last
        found.append(last)
    return found


def _next_marks(marks: Sequence[Sequence[int]], heads: Sequence[Head]) -> list[int]:
    """For each line the first list mark from its start on; 0 where the list is over."""
    following, found = 0, []
    for own, head in zip(reversed(marks), reversed(heads), strict=True):
        following = own[0] if own else 0 if head <= Head.LABEL else following
        found.append(following)
    return found[::-1]


def _last_numbers(numbers: Sequence[Number | None]) -> list[dict[Style, int]]:
    """For each line the last number of each style up to it."""
    last: dict[Style, int] = {}
    found = []
    for number in numbers:
        if number:
            last = {**last, number[0]: number[1]}
        found.append(last)
    return found


def _first_title_mark(text: str) -> str:
    """The first title mark in a line, empty if there is none."""
    opening, closing = text.find("《"), text.find("》")
    if closing < 0:
        return "" if opening < 0 else "《"
    return "《" if 0 <= opening < closing else "》"

"""A scan whose columns ran into each other: lines that strayed are put back where they complete a sentence.

How well one printed line runs on into another is judged by the pairs and triples of characters at the seam: whether
they are seen elsewhere in the text, or in the notices that the table ``seams.txt`` was counted from. A line is moved
only where it breaks what stands around it and completes a passage elsewhere; what stays doubtful is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from extractor.normalization import fold
from extractor.records import Span
from extractor.rules.styles import opens_entry

# log likelihood ratios of a true against a random seam, measured on scanned notices
_BOTH_TRIPLES, _TRIPLE, _PAIR, _UNSEEN = 3.2, 2.4, 1.6, -0.8
_QUADRUPLE_HERE = 4.5
_NUMBER_AND_UNIT, _NUMBER_ALONE = 1.5, -1.5
_OPENS_SENTENCE, _FRAGMENT_AFTER_STOP = 1.2, -0.8
_MARK_AFTER_STOP, _MARK_IN_SENTENCE = 2.0, -3.0
_ENTRY_AFTER_STOP, _ENTRY_IN_SENTENCE = 0.8, -0.8
_ENOUGH = 4.0
_LONGEST_RUN = 3
_EACH_FURTHER_LINE = 1.0

_NUMBER_ALONE_IN_LINE = re.compile(r"\(?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[.、)]")
_STOPS = "。!?"
_STATUS_END = re.compile(r"(?:完成|完戌|尚未完成|未完成)?整改$|情况:$|的?通报$|:$")
_NUMERAL_END = re.compile(r"(?:^|[。;,:])[一二三四五六七八九十]$")
_LIST_MARK = re.compile(
    r"[·•\-—]\s*[一二三四五六七八九十]?是|[一二三四五六七八九十]是(?![否因])|[①-⑳⑴-⒇]|其次|再次|最后"
)
_UNIT_WORD = re.compile(
    r"[余多]?[万亿千百]?(?:元|人|名|个|场|次|年|月|日|%|项|家|件|份|户|期|条|处|台|张|例|幅|亩|吨|所|岁|届|轮|号|毫升|对|笔|平方|公里|米|小时|分|天|\d|[.,、;:])"
)
_OPENINGS = re.compile(r"[一-鿿]{2}")


@lru_cache(maxsize=1)
def _known_seams() -> tuple[frozenset[str], frozenset[str]]:
    """Runs of two to four characters that notices write, and pairs with which their sentences begin."""
    lines = files("extractor.rules").joinpath("seams.txt").read_text(encoding="utf-8").splitlines()
    runs: set[str] = set()
    for line in lines[1:]:
        length, characters = int(line[0]), line[2:]
        runs.update(characters[i : i + length] for i in range(0, len(characters), length))
    opening = lines[0][2:]
    return frozenset(runs), frozenset(opening[i : i + 2] for i in range(0, len(opening), 2))


def count_seams(texts: Iterable[str]) -> str:
    """The table of seams, counted over clean texts: first the openings of sentences, then runs of each length."""
    counts: dict[str, int] = {}
    openings: dict[str, int] = {}
    for text in texts:
        folded = re.sub(r"[ \t\u3000]+", "", fold(text))
        for passage in re.findall(r"[一-鿿]+", folded):
            for length in (2, 3):
                for place in range(len(passage) - length + 1):
                    run = passage[place : place + length]
                    counts[run] = counts.get(run, 0) + 1
        for opening in re.findall(r"(?:^|(?<=[。;\n]))[一-鿿]{2}", folded):
            openings[opening] = openings.get(opening, 0) + 1
    lines = ["0:" + "".join(sorted(run for run, count in openings.items() if count > 1))]
    for length, least in ((2, 2), (3, 3)):
        runs = sorted(run for run, count in counts.items() if len(run) == length and count >= least)
        lines.append(f"{length}:" + "".join(runs))
    return "\n".join(lines) + "\n"


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


class _Seams:
    """Judges how one line runs on into another."""

    def __init__(self, source: str, slices: Sequence[Span]) -> None:
        folded = fold(source)
        self.texts = [folded[start:end] for start, end in slices]
        self.known, self.openings = _known_seams()
        self.here: dict[str, int] = {}
        for text in self.texts:
            for length in (2, 3, 4):
                for place in range(len(text) - length + 1):
                    run = text[place : place + length]
                    self.here[run] = self.here.get(run, 0) + 1
        self.is_entry = [opens_entry(text[:16]) for text in self.texts]
        self.is_mark = [bool(_LIST_MARK.match(text)) for text in self.texts]
        self.stops = [text[-1] in _STOPS or bool(_STATUS_END.search(text[-8:])) for text in self.texts]
        self._links: dict[tuple[int, int], float] = {}

    def seen(self, run: str) -> bool:
        return run in self.known or run in self.here

    def link(self, left: int, right: int) -> float:
        """How well line ``right`` follows line ``left``: above zero for it, below against it."""
        key = (left, right)
        if key not in self._links:
            self._links[key] = self._judge(left, right)
        return self._links[key]

    def _judge(self, left: int, right: int) -> float:
        if left < 0 or right >= len(self.texts):
            return 0.0
        if self.is_entry[right]:
            return _ENTRY_AFTER_STOP if self.stops[left] else _ENTRY_IN_SENTENCE
        if self.is_mark[right]:
            return _MARK_AFTER_STOP if self.stops[left] or self.texts[left][-1] in ";:" else _MARK_IN_SENTENCE
        tail, head = self.texts[left], self.texts[right]
        if head[0] == "是" and _NUMERAL_END.search(tail):
            return _MARK_AFTER_STOP
        if self.stops[left]:
            return _OPENS_SENTENCE if head[:2] in self.openings else _FRAGMENT_AFTER_STOP
        return self._seam(tail, head)

    def _seam(self, tail: str, head: str) -> float:
        last, first = tail[-1], head[0]
        if last in ",;:、":
            return -0.4 if first in ',;:、。)》”"' else 0.0
        if last.isdigit():
            return _NUMBER_AND_UNIT if _UNIT_WORD.match(head) else _NUMBER_ALONE
        if first in "》":
            return 2.5 if tail.rfind("《") > tail.rfind("》") else -1.5
        if not ("一" <= last <= "鿿" and "一" <= first <= "鿿"):
            return 0.0
        if tail[-2:] + head[:2] in self.here:
            return _QUADRUPLE_HERE
        triples = self.seen(tail[-2:] + first) + self.seen(last + head[:2])
        if triples:
            return _BOTH_TRIPLES if triples == 2 else _TRIPLE
        return _PAIR if self.seen(last + first) else _UNSEEN


def printed_lines(source: str, slices: Sequence[Span], hard: set[int]) -> tuple[list[Span], set[int]]:
    """The slices with every number or dash that stands alone joined to what follows it."""
    lines: list[Span] = []
    ends: set[int] = set()
    open_start: int | None = None
    for number, (start, end) in enumerate(slices):
        begin = start if open_start is None else open_start
        alone = number not in hard and (end - start < 2 or _NUMBER_ALONE_IN_LINE.fullmatch(fold(source[start:end])))
        if alone and number + 1 < len(slices):
            open_start = begin
            continue
        open_start = None
        lines.append(Span(begin, end))
        if number in hard:
            ends.add(len(lines) - 1)
    return lines, ends


def put_in_order(source: str, slices: Sequence[Span], hard: set[int]) -> Order:
    """The reading order of printed lines: the file's, but for lines that strayed.

    Args:
        source: the text.
        slices: its printed lines.
        hard: numbers of the lines behind which the file breaks the line too; strays stand inside such blocks, and
            most of what they belong to stands at the edge of one.
    """
    seams = _Seams(source, slices)
    following = {number: number + 1 for number in range(-1, len(slices))}
    before = {after: number for number, after in following.items()}
    moved: set[int] = set()
    for _ in range(4):
        moves = _best_for_both(_moves(seams, following, hard, len(slices)))
        if not _apply(moves, following, before, moved):
            break
    lines, number = [], following[-1]
    while number < len(slices):
        lines.append(number)
        number = following[number]
    doubtful = tuple(
        n for n in lines if seams.link(before[n], n) < -1 and seams.link(n, following[n]) < -1 and n not in moved
    )
    return Order(lines, frozenset(moved), doubtful)


def _gain_out(seams: _Seams, left: int, first: int, last: int, right: int) -> float:
    """What taking a run of lines out mends where it stood."""
    return seams.link(left, right) - seams.link(left, first) - seams.link(last, right)


def _strays(
    seams: _Seams, following: dict[int, int], hard: set[int], count: int
) -> Iterable[tuple[float, int, int, int]]:
    """Runs of lines that break both their neighbours inside a block: (gain, line before, first, last)."""
    for left in range(count):
        first = last = following[left]
        if left in hard or first >= count or seams.link(left, first) >= 0 or seams.is_entry[first]:
            continue
        for _ in range(_LONGEST_RUN):
            right = following[last]
            if last in hard or right >= count or (last != first and seams.is_entry[last]):
                break
            gain = _gain_out(seams, left, first, last, right)
            if seams.link(last, right) < 0 and seams.link(left, right) > -0.9 and gain > 1.5:
                yield gain - _EACH_FURTHER_LINE * (last != first), left, first, last
            last = right


def _gaps(seams: _Seams, following: dict[int, int], hard: set[int], count: int) -> list[int]:
    """Lines behind which something is missing: the file breaks there in mid-sentence."""
    return [
        number
        for number in range(count)
        if (number in hard or following[number] != number + 1)
        and following[number] <= count
        and seams.link(number, following[number]) < 0
    ]


def _moves(
    seams: _Seams, following: dict[int, int], hard: set[int], count: int
) -> Iterable[tuple[float, int, int, int]]:
    """Gains of taking a run of lines (first, last) behind another line."""
    gaps = _gaps(seams, following, hard, count)
    for gain, left, first, last in _strays(seams, following, hard, count):
        for place in gaps:
            if place in (left, last):
                continue
            joins = (seams.link(place, first), seams.link(last, following[place]))
            total = gain + sum(joins) - seams.link(place, following[place])
            right = following[place]
            completes = seams.stops[last] if right < count and seams.is_entry[right] else joins[1] > 0
            if total > _ENOUGH and completes and joins[0] > (-0.9 if joins[1] > 1 else 0):
                yield (total, first, last, place)


def _best_for_both(moves: Iterable[tuple[float, int, int, int]]) -> list[tuple[float, int, int, int]]:
    """The moves that are the best for the lines that move and for the place that takes them."""
    ranked = sorted(moves, reverse=True)
    best_out: dict[int, float] = {}
    best_in: dict[int, float] = {}
    for gain, first, _, place in ranked:
        best_out.setdefault(first, gain)
        best_in.setdefault(place, gain)
    return [move for move in ranked if best_out[move[1]] == move[0] and best_in[move[3]] == move[0]]


def _apply(
    moves: Sequence[tuple[float, int, int, int]], following: dict[int, int], before: dict[int, int], moved: set[int]
) -> bool:
    """Make the best moves that do not touch each other."""
    touched: set[int] = set()
    for _, first, last, place in moves:
        left, right = before[first], following[last]
        ends = {first, last, place, left, right, following[place]}
        if ends & touched:
            continue
        touched |= ends
        following[left], before[right] = right, left
        after = following[place]
        following[place], before[first] = first, place
        following[last], before[after] = after, last
        number = first
        while number != after:
            moved.add(number)
            number = following[number]
    return bool(touched)

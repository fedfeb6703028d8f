"""How well one run of Chinese text goes on into another, told by the characters on both sides of the seam.

The counts behind it come from two places: the table ``seams.txt``, which ``python -m eval seams`` writes, and the text
at hand, whose own phrases count several times over. Only counts are kept, no text.

The table has a row for each character: the character, how often it occurs, then the characters that follow it, then,
each after a blank, a second character with those that follow the two. Numbers are levels ``a`` to ``z``: level *n*
stands for ``2 ** (n / 1.5)`` times, and holds for all characters up to the next level. Every digit counts as ``0``,
every Latin letter as ``A``; a line break is ``^``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from operator import add

from extractor.patterns import lazy_pattern

LINE_BREAK = "^"
_STEPS_PER_DOUBLING = 1.5
_COUNTS = [2 ** (level / _STEPS_PER_DOUBLING) for level in range(26)]
_LEVEL = lazy_pattern("[a-z][^a-z]*")
_CLASSES = str.maketrans(
    dict.fromkeys("0123456789", "0")
    | dict.fromkeys(map(chr, (*range(65, 91), *range(97, 123))), "A")
    | {"\n": LINE_BREAK}
)
_SHRINKAGE = 0.5  # strength of the belief that characters follow each other by chance
_WEIGHT_HERE = 8  # a sequence in the text at hand counts as often as this many in the table
_LEAST, _MOST = -3.0, 7.0
_LEAST_RATIO = math.exp(_LEAST)


def classes(text: str) -> str:
    """A folded text with every digit made ``0``, every Latin letter ``A`` and every line break ``^``."""
    return text.translate(_CLASSES)


def level(count: float) -> str:
    """The level that stands for a count in the table."""
    return chr(97 + min(25, round(math.log2(count) * _STEPS_PER_DOUBLING)))


Followers = dict[str, float]
"""The characters that follow something, each with its count."""

_NONE: Followers = {}

LeftSide = tuple[str, str, float, float, Followers, Followers]
"""The last two characters of a text, how often the last and both occur, and what follows the last and both."""
RightSide = tuple[str, str, float, float]
"""The first two characters of a text, the share of the first in all text, and that of the second among what follows."""


def _followers(levels: str) -> Followers:
    """Read characters in groups, each behind its level."""
    return {character: _COUNTS[ord(group[0]) - 97] for group in _LEVEL.findall(levels) for character in group[1:]}


class _Table:
    """The shipped counts, read row by row when they are asked for."""

    def __init__(self, text: str) -> None:
        lines = text.split("\n")
        self.total = float(lines[1])
        self._rows = {line[0]: line for line in lines[2:] if line}
        self.followers = cache(self._followers)
        self.followers_of_two = cache(self._followers_of_two)

    def count(self, character: str) -> float:
        row = self._rows.get(character)
        return _COUNTS[ord(row[1]) - 97] if row else 0.0

    def _followers(self, character: str) -> Followers:
        row = self._rows.get(character)
        return _followers(row[2:].partition(" ")[0]) if row else _NONE

    def _followers_of_two(self, first: str, second: str) -> Followers:
        row = self._rows.get(first, "")
        place = row.find(" " + second)
        if place < 0:
            return _NONE
        end = row.find(" ", place + 1)
        return _followers(row[place + 2 : end if end > 0 else len(row)])


@lru_cache(maxsize=1)
def _table() -> _Table:
    return _Table(files("extractor.rules.scans").joinpath("seams.txt").read_text(encoding="utf-8"))


class Seams:
    """Judges seams between lines of one text."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Count the text's own sequences; ``lines`` are folded, in :func:`classes`, and none is empty."""
        self._table = _table()
        text = " ".join(lines)
        self._one = Counter(text)
        self._two = Counter(map(add, text, text[1:]))
        self._three = Counter(map(add, map(add, text, text[1:]), text[2:]))
        self._text = text
        self._total = self._table.total + _WEIGHT_HERE * len(text)
        self._head = cache(self._judge_head)
        self._tail = cache(self._judge_tail)

    def _judge_head(self, first: str, second: str) -> tuple[float, float]:
        """The share of a character in all text, and the share of another among those that follow it."""
        count = self._table.count(first) + _WEIGHT_HERE * self._one.get(first, 0)
        pair = self._table.followers(first).get(second, 0.0)
        return count / self._total, (pair + _WEIGHT_HERE * self._two.get(first + second, 0)) / (count or 1.0)

    def _judge_tail(self, before: str, last: str) -> tuple[float, float, Followers, Followers]:
        """How often the last character and the last two occur, and what follows them."""
        followers = self._table.followers(last)
        one = self._table.count(last) + _WEIGHT_HERE * self._one.get(last, 0)
        if not before:
            return one, 0.0, followers, _NONE
        two = self._table.followers(before).get(last, 0.0) + _WEIGHT_HERE * self._two.get(before + last, 0)
        return one, two, followers, self._table.followers_of_two(before, last)

    def likely_heads(self, tail: str, heads: Collection[str], least: float) -> list[str]:
        """The characters of several that follow one so much oftener than by chance, as a logarithm."""
        followers, here, count = self._table.followers(tail), self._two, self._tail("", tail)[0]
        share = count * math.exp(least)
        return [
            head
            for head in heads
            if (head in followers or tail + head in here)
            and followers.get(head, 0.0) + _WEIGHT_HERE * here.get(tail + head, 0) > share * self._head(head, "")[0]
        ]

    def likely_tails(self, tails: Collection[str], head: str, least: float) -> list[str]:
        """The characters of several that one follows so much oftener than by chance, as a logarithm."""
        followers, here = self._table.followers, self._two
        share = self._head(head, "")[0] * math.exp(least)
        return [
            tail
            for tail in tails
            if (head in followers(tail) or tail + head in here)
            and followers(tail).get(head, 0.0) + _WEIGHT_HERE * here.get(tail + head, 0)
            > share * self._tail("", tail)[0]
        ]

    def judge(self, left: str, right: str) -> float:
        """The log likelihood ratio of ``right`` going on from ``left`` against both standing together by chance.

        It comes from how much oftener than by chance the first character of ``right`` follows the last two of
        ``left``, and its second then follows; cut off at -3 and 7.
        """
        return self.judge_sides(self.left_side(left), self.right_side(right))

    def judge_inside(self, left: str, right: str) -> float:
        """The same as :meth:`judge`, of a seam within a line that was counted: its own occurrence does not speak for it."""
        own = self.forget(left, right)
        judged = self.judge(left, right)
        for count, characters in own:
            count[characters] += 1
        return judged

    def forget(self, left: str, right: str) -> list[tuple[Counter[str], str]]:
        """Count a seam within a line no longer; returns what was counted, once each."""
        seam = left[-1] + right[0]
        counts = [(self._two, seam), (self._three, left[-2:-1] + seam), (self._three, seam + right[1:2])]
        own = [(count, characters) for count, characters in counts if count[characters]]
        for count, characters in own:
            count[characters] -= 1
        return own

    def left_side(self, text: str) -> LeftSide:
        """What a text brings to the seam behind it."""
        before, last = text[-2:-1], text[-1]
        return before, last, *self._tail(before, last)

    def right_side(self, text: str) -> RightSide:
        """What a text brings to the seam in front of it."""
        first, second = text[0], text[1:2]
        return first, second, *self._head(first, second)

    def judge_sides(self, left: LeftSide, right: RightSide) -> float:
        """The same as :meth:`judge`, of texts whose sides are known."""
        before, last, one, two, after_one, after_two = left
        first, second, share, share_of_second = right
        if not share:
            return 0.0
        here = last + first
        pair = after_one.get(first, 0.0) + _WEIGHT_HERE * self._two.get(here, 0)
        ratio = (pair + _SHRINKAGE) / (one * share + _SHRINKAGE)
        if not pair:
            if two:
                ratio *= _SHRINKAGE / (two * share + _SHRINKAGE)
            return math.log(ratio) if ratio > _LEAST_RATIO else _LEAST
        three_here = self._three.get(before + here, 0)
        if two:
            ratio = (after_two.get(first, 0.0) + _WEIGHT_HERE * three_here + _SHRINKAGE * ratio) / (
                two * share + _SHRINKAGE
            )
        if second:
            three = self._table.followers_of_two(last, first).get(second, 0.0)
            three += _WEIGHT_HERE * self._three.get(here + second, 0)
            ratio *= (three + _SHRINKAGE) / (pair * share_of_second + _SHRINKAGE)
            if three_here and before + here + second in self._text:
                ratio *= math.e
        return max(_LEAST, min(_MOST, math.log(ratio)))

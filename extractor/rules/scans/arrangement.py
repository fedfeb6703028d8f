"""Printed lines in an order that is being mended: lines are taken out of their place and put behind another line."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from extractor.rules.scans.succession import Succession

_END = 9.0  # the seam behind the last line, which nothing breaks

Piece = tuple[int, ...]
"""Lines that are moved together, by their numbers in the file."""


class Arrangement:
    """An order of printed lines, each known by its number in the file.

    Attributes:
        links: how well any line goes on into any other.
        count: how many lines there are; also the number of what follows the last.
        following: for each line the one behind it.
        before: for each line the one before it, -1 for the first.
        seams: for each line how well it goes on into the one behind it.
        levels: for each line its height on the page: its own number, or that of the line it was put behind.
        costs: what it cost to move lines, by line. The first line of all is never moved.
    """

    def __init__(self, links: Succession) -> None:
        """Begin with the order of the file."""
        self.links = links
        self.count = len(links.lines.texts)
        self.following = list(range(1, self.count + 1))
        self.before = list(range(-1, self.count - 1))
        self.seams = [links.of(line, line + 1) for line in range(self.count - 1)] + [_END] * (self.count > 0)
        self.levels = links.levels
        self.costs: dict[int, float] = {}
        self._in_tow: set[int] = set()  # lines that were moved behind another of the same piece

    def link(self, left: int, right: int) -> float:
        """How well a line goes on into another; neither has to be a line."""
        return 0.0 if left < 0 or right >= self.count else self.links.of(left, right)

    def total(self, lines: Iterable[int]) -> float:
        """The sum of the seams that lines have in a row."""
        return sum([self.link(left, right) for left, right in pairwise(lines)])

    def order(self) -> list[int]:
        """The lines as they stand."""
        line = 0
        order: list[int] = []
        while line < self.count:
            order.append(line)
            line = self.following[line]
        return order

    def behind(self, line: int, most: int) -> list[int]:
        """So many of the lines behind a line, fewer where the text ends."""
        found: list[int] = []
        while len(found) < most and (line := self.following[line]) < self.count:
            found.append(line)
        return found

    def move(self, piece: Piece, gap: int, cost: float, further: float) -> None:
        """Put lines behind another one, at a cost for the first and one for each further."""
        for line in piece:
            self._take_out(line)
        level = self.levels[gap]
        for line in piece:
            self.links.put(line, level)
            self._put(line, gap)
            self.costs[line] = further
            gap = line
        self.costs[piece[0]] = cost
        self._in_tow.difference_update(piece[:1])
        self._in_tow.update(piece[1:])

    def _take_out(self, line: int) -> None:
        before, behind = self.before[line], self.following[line]
        if before >= 0:
            self.following[before] = behind
            self.seams[before] = self.link(before, behind) if behind < self.count else _END
        if behind < self.count:
            self.before[behind] = before

    def _put(self, line: int, gap: int) -> None:
        behind = self.following[gap]
        self.following[gap], self.before[line], self.following[line] = line, gap, behind
        if behind < self.count:
            self.before[behind] = line
        self.seams[gap] = self.link(gap, line)
        self.seams[line] = self.link(line, behind) if behind < self.count else _END

    def send_home(self, piece: Piece) -> None:
        """Put moved lines back where the file has them."""
        for line in sorted(piece):
            self._take_out(line)
            del self.costs[line]
            self._in_tow.discard(line)
            self.links.put(line, line)
            self._put(line, self._home(line))

    def _home(self, line: int) -> int:
        """The line that stood before one in the file, or the last before that one that was not moved."""
        home = line - 1
        while home in self.costs:
            home -= 1
        return home

    def pieces(self) -> list[Piece]:
        """The lines that were moved, those together that were moved together."""
        pieces: list[Piece] = []
        for line in self.costs:
            if line not in self._in_tow or self.before[line] not in self.costs:
                piece = [line]
                while (behind := self.following[piece[-1]]) in self._in_tow:
                    piece.append(behind)
                pieces.append(tuple(piece))
        return pieces

    def worth(self, piece: Piece) -> float:
        """By how much lines fit better where they were put than where the file has them, less what it cost."""
        before, behind = self.before[piece[0]], self.following[piece[-1]]
        here = self.total((before, *piece, behind)) - self.link(before, behind)
        there = 0.0
        homes: dict[int, list[int]] = {}
        for line in sorted(piece):
            homes.setdefault(self._home(line), []).append(line)
        for home, lines in homes.items():
            behind = self.following[home]
            while behind in piece:
                behind = self.following[behind]
            there += self.total((home, *lines, behind)) - self.link(home, behind)
        near = self.links.cohesion
        suits = sum([near(line, self.levels[line]) - near(line, line) for line in piece])
        return here - there + suits - sum([self.costs[line] for line in piece])

"""Printed lines that a scan reads as one: where a line that is wider than its column may be cut.

A line that strayed is sometimes read together with the line that it ran into. What stands on both sides of the cut does
not go on there; it does where the line before or behind joins one of the halves, and where a gap elsewhere takes the
other. A cut is only a proposal: it holds if putting lines in order then parts the halves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from extractor.records import Span
from extractor.rules.scans.printed import PrintedLines, Width
from extractor.rules.scans.seams import LeftSide, RightSide, Seams, classes

_OPEN = 0.8  # a seam above this is no gap
_BROKEN = 0.0  # a seam above this is not cut
_LIKELY = 5.0  # what speaks for a cut, as log odds
_STRONG = 2.5  # a pair of characters at the cut that points to the place of a half
_SHORTEST = 2  # characters of the shortest half
_BLANK = 6.0  # what a blank at the cut adds
_CLOSES = frozenset("。,、;:!?)》")
_STOPS = frozenset("。;:!?")


def glued_lines(lines: PrintedLines, seams: Seams) -> dict[int, int]:
    """Lines that may be two, each with the number of characters before the cut.

    Args:
        lines: the lines.
        seams: judges what stands on both sides of a place; those within lines that are to be cut count no longer.
    """
    wide = [line for line, width in enumerate(lines.widths) if width is Width.OVER]
    if not wide:
        return {}
    gaps = _Gaps(lines.classes, seams)
    found: dict[int, int] = {}
    for line in wide:
        score, place = max(_proposals(lines, seams, gaps, line), default=(0.0, 0))
        if score >= _LIKELY:
            found[line] = place
            text = lines.texts[line]
            seams.forget(classes(text[:place]).strip(), classes(text[place:]))
    return found


def _proposals(lines: PrintedLines, seams: Seams, gaps: _Gaps, line: int) -> Iterator[tuple[float, int]]:
    """Places where a line may be cut, each with what speaks for it."""
    text = lines.texts[line]
    before = lines.classes[line - 1] if line else ""
    behind = lines.classes[line + 1] if line + 1 < len(lines.classes) else ""
    for place in range(_SHORTEST, len(text) - _SHORTEST + 1):
        if text[place] in _CLOSES or text[place] == " ":
            continue
        if not (_may_be_a_line(lines, text[:place]) and _may_be_a_line(lines, text[place:])):
            continue
        left, right = classes(text[:place]).strip(), classes(text[place:])
        inside = seams.judge_inside(left, right)
        blank = text[place - 1] == " "
        if inside > _BROKEN and not blank:
            continue
        left_strayed = _seam(seams, before, right) - _seam(seams, before, left) + gaps.takes_left(left)
        right_strayed = _seam(seams, left, behind) - _seam(seams, right, behind) + gaps.takes_right(right)
        yield max(left_strayed, right_strayed) - inside + blank * _BLANK, place


def _may_be_a_line(lines: PrintedLines, text: str) -> bool:
    """Whether words fill a line, or end a paragraph."""
    kind = lines.kind_of_width(text)
    return text[-1] in "。!?" if kind is Width.SHORT else kind is not Width.OVER


def _seam(seams: Seams, left: str, right: str) -> float:
    return seams.judge(left, right) if left and right and left[-1] not in _STOPS else 0.0


_Gap = tuple[LeftSide | None, RightSide, float]
"""What stands before a gap, unless it stops there, what stands behind it, and the seam."""


class _Gaps:
    """Seams that may miss a line."""

    def __init__(self, texts: Sequence[str], seams: Seams) -> None:
        self._texts, self._seams = texts, seams

    @cached_property
    def _by_ends(self) -> tuple[dict[str, list[_Gap]], dict[str, list[_Gap]]]:
        """The gaps by the character before them, and by the one behind."""
        seams = self._seams
        by_tail: dict[str, list[_Gap]] = {}
        by_head: dict[str, list[_Gap]] = {}
        for before, behind in pairwise(self._texts):
            left, right = None if before[-1] in _STOPS else seams.left_side(before), seams.right_side(behind)
            seam = seams.judge_sides(left, right) if left else 0.0
            if seam < _OPEN:
                by_tail.setdefault(before[-1], []).append((left, right, seam))
                by_head.setdefault(behind[0], []).append((left, right, seam))
        return by_tail, by_head

    def takes_left(self, words: str) -> float:
        """How much better than a gap the left half of a line fits there, where its end points to."""
        by_head = self._by_ends[1]
        heads = self._seams.likely_heads(words[-1], by_head, _STRONG)
        return self._best_fit(words, [gap for head in heads for gap in by_head[head]], stops=False)

    def takes_right(self, words: str) -> float:
        """How much better than a gap the right half of a line fits there, where its start points to."""
        by_tail = self._by_ends[0]
        tails = self._seams.likely_tails(by_tail, words[0], _STRONG)
        return self._best_fit(words, [gap for tail in tails for gap in by_tail[tail]], stops=words[-1] in _STOPS)

    def _best_fit(self, words: str, gaps: Sequence[_Gap], *, stops: bool) -> float:
        start, end = self._seams.right_side(words), self._seams.left_side(words)
        judge = self._seams.judge_sides
        best = 0.0
        for before, behind, seam in gaps:
            fits = (judge(before, start) if before else 0.0) + (0.0 if stops else judge(end, behind)) - seam
            best = max(best, fits)
        return best


class CutLines:
    """Printed lines, glued ones cut in two.

    Attributes:
        lines: the slices of each line.
    """

    def __init__(self, source: str, lines: Sequence[list[Span]], places: Mapping[int, int]) -> None:
        """Cut lines, each behind so many characters."""
        self.lines: list[list[Span]] = []
        self._uncut: dict[int, list[Span]] = {}
        for number, spans in enumerate(lines):
            if place := places.get(number):
                self._uncut[len(self.lines)] = spans
                self.lines += _split(source, spans, place)
            else:
                self.lines.append(spans)

    def rejoin(self, following: Sequence[int]) -> None:
        """Undo the cuts whose halves still follow each other; the second half is left empty."""
        for line, spans in self._uncut.items():
            if following[line] == line + 1:
                self.lines[line], self.lines[line + 1] = spans, []


def _split(source: str, spans: list[Span], place: int) -> tuple[list[Span], list[Span]]:
    number = 0
    while place > (length := spans[number].end - spans[number].start):
        place -= length
        number += 1
    start, end = spans[number]
    middle = start + place
    left = Span(start, start + len(source[start:middle].rstrip()))
    return [*spans[:number], left], [*([Span(middle, end)] if middle < end else []), *spans[number + 1 :]]

"""What of the page stands between the lines of a notice: page numbers, running heads, who edited the page."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from extractor.normalization import fold
from extractor.patterns import lazy_pattern
from extractor.records import Span
from extractor.rules.wrapping import (
    SENTENCE_END,
    ends_paragraph,
    lines_between_breaks,
    opening,
    typical_width,
    width_of,
)

_PAGE_NUMBER = lazy_pattern(
    r"[-—–－·]+\s*\d{1,3}\s*[-—–－·]+|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?|Page\s*\d{1,3}(?:\s*of\s*\d{1,3})?"
)
_JUMP = lazy_pattern(
    r"[(（]?[▶►→\s]*(?:[下紧]?转|[上紧]接|接)\s*第?\s*[A-Z]?[\d一二三四五六七八九十]{1,3}\s*版[^。，；\n]{0,8}"
)
"""Words that send the reader to another page of the paper."""
_PICTURE = lazy_pattern(r"(?:\[?!\[[^\]\n]*\]\([^()\n]*\)(?:\]\([^()\n]*\))?\s*|[\[【(（]图片?\d{0,2}[\]】)）]\s*)+")
"""A line of Markdown that holds pictures alone, as converters of pages write them."""
_BARE_NUMBER = lazy_pattern(r"\d{1,3}(?:\s*/\s*\d{1,3})?")
_LONGEST_PAGE_NUMBER = 20
_PAGE_HEAD = lazy_pattern(
    r"(?m:^)(?:[ \t\u3000#>*■□◆◇●▲]*(?:(?:责任|本版|执行|值班)?(?:编辑|编审|责编|校对|美编)[ \u3000]*[:：][^。\n]{2,60}"
    r"|[Ee]-?[Mm]ail[ \u3000]*[:：][^。\n]{2,60}|第[ \u3000]*[\d一二三四五六七八九十]{1,3}[ \u3000]*版[^。，；\n]{0,24})(?:\n\s*|\Z))+"
    r"(?:[A-Za-z0-9._\-]*@[A-Za-z0-9.\-]+[ \u3000]*(?:\n\s*|\Z))?"
)
"""Lines of the head or foot of a page: who edited it, and which page of the paper it is."""
_SHORTEST_BROKEN_LINE = 14
_SHORTEST_HEAD = 6
_LONGEST_HEAD = 60
_FEWEST_REPEATS = 2
_LEAST_OF_PAGE = 10
"""Lines that a page has at least."""
_TOP = 6
"""Lines at the top of a notice, which a running head repeats."""


class Lines(NamedTuple):
    """A text without what belongs to its pages.

    Attributes:
        slices: what stands between its blanks and marks.
        hard: numbers of the slices that a line break follows.
        torn: those of them behind which a page ended in mid-sentence.
    """

    slices: Sequence[Span]
    hard: set[int]
    torn: set[int]


def without_page_numbers(source: str, slices: Sequence[Span], hard: set[int]) -> Lines:
    """The lines without page numbers and running heads."""
    lines = lines_between_breaks(slices, hard)
    words = [source[slices[line[0]].start : slices[line[-1]].end] for line in lines]
    of_page = {*_page_numbers(words), *_counted_pages(words), *_running_heads(words)}
    pictures = {number for number, line in enumerate(words) if line[0] in "![【(（" and _PICTURE.fullmatch(line)}
    if not of_page and not pictures:
        return Lines(slices, hard, set())
    kept: list[Span] = []
    result = Lines(kept, set(), set())
    before = ""
    for number, line in enumerate(lines):
        if number in pictures:
            continue
        if number in of_page:
            if _breaks_off(before):
                result.torn.add(len(kept) - 1)
            continue
        before = words[number]
        kept += slices[line.start : line.stop]
        if line[-1] in hard:
            result.hard.add(len(kept) - 1)
    return result


def _page_numbers(words: Sequence[str]) -> Iterator[int]:
    """The lines that say themselves that they number a page."""
    for number, line in enumerate(words):
        if len(line) < _LONGEST_PAGE_NUMBER and (_PAGE_NUMBER.fullmatch(line) or _JUMP.fullmatch(line)):
            yield number


def _counted_pages(words: Sequence[str]) -> Iterator[int]:
    """Lines that hold a number alone, which count on a page apart and stand amid a sentence at least once."""
    bare = [number for number, line in enumerate(words) if len(line) < _SHORTEST_HEAD and _BARE_NUMBER.fullmatch(line)]
    run: list[int] = []
    for number in bare:
        follows = run and number - run[-1] >= _LEAST_OF_PAGE and _page(words[number]) == _page(words[run[-1]]) + 1
        if not follows:
            yield from _pages(words, run)
            run = []
        run.append(number)
    yield from _pages(words, run)


def _pages(words: Sequence[str], run: list[int]) -> list[int]:
    return _amid_sentences(words, run) if len(run) >= _FEWEST_REPEATS else []


def _page(line: str) -> int:
    return int(line.partition("/")[0])


def _running_heads(words: Sequence[str]) -> Iterator[int]:
    """Lines that repeat what stands at the top, a page apart, and stand amid a sentence at least once."""
    places: dict[str, list[int]] = {}
    for number, line in enumerate(words[_TOP:], start=_TOP):
        if _SHORTEST_HEAD <= len(line) <= _LONGEST_HEAD:
            places.setdefault(line, []).append(number)
    top = "".join(words[:_TOP])[: _TOP * _LONGEST_HEAD]
    for head, repeats in places.items():
        is_apart = all(below - above >= _LEAST_OF_PAGE for above, below in pairwise(repeats))
        if len(repeats) >= _FEWEST_REPEATS and is_apart and head in top:
            yield from _amid_sentences(words, repeats)


def _amid_sentences(words: Sequence[str], places: list[int]) -> list[int]:
    """These lines, if one of them breaks a sentence in two."""
    return places if any(place and _breaks_off(words[place - 1]) for place in places) else []


def _breaks_off(line: str) -> bool:
    """Whether a line breaks off in mid-sentence; a date or a name above a page number does not."""
    return len(line) >= _SHORTEST_BROKEN_LINE and line[-1] not in SENTENCE_END


def without_page_heads(source: str, slices: Sequence[Span], hard: set[int]) -> tuple[Sequence[Span], set[int]]:
    """The printed lines without heads and feet of pages in mid-sentence, and joined over them."""
    dropped: set[int] = set()
    joined: set[int] = set()
    width, folded = 0.0, ""
    for head in _PAGE_HEAD.finditer(source):
        if not folded:
            width, folded = typical_width(source, slices), fold(source)
        first, behind = (bisect_left(slices, Span(place, place)) for place in head.span())
        if not 0 < first < behind < len(slices) or first - 1 not in hard:
            continue
        start = folded.rfind("\n", 0, slices[first - 1].start) + 1
        words, next_words = folded[start : slices[first - 1].end].strip(), opening(folded, slices[behind])
        if not ends_paragraph(words, next_words, width_of(words) / width, separated=None):
            dropped.update(range(first, behind))
            joined.add(first - 1)
    if not dropped:
        return slices, hard
    kept = [number for number in range(len(slices)) if number not in dropped]
    kept_hard = {place for place, number in enumerate(kept) if number in hard and number not in joined}
    return [slices[number] for number in kept], kept_hard

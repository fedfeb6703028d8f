"""Where a literal, as an engine wrote it, stands in a text: exactly, in another print, or but for one character.

A literal is looked for in three stages, and the first that finds it counts:

- *exact*: character for character;
- *folded*: after white space, invisible characters and Markdown marks are dropped, compatibility characters are
  decomposed (NFKC but for raised, lowered, encircled and broken numbers, which would become other numbers), and
  variants of a punctuation mark are made one;
- *near*: the same with one character changed, missing or too many. One half of such a literal stands in the text
  unchanged, so that only places of the halves are compared (Wu and Manber 1992).

What a literal says must be borne out by the text: a place is refused where the one character that differs makes another
value or the contrary of it, or where the place would begin or end inside a number (5万元 in 15万元).
"""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, compress, count, islice, repeat
from typing import Literal, NamedTuple

from extractor.errors import ZhenggaiError
from extractor.normalization import number
from extractor.patterns import lazy_pattern
from extractor.records import Span

_VARIANTS = {
    variant: marks[0]
    for marks in (
        "\"“”„‟‘’‚‛'`´「」『』〝〞〟",
        ",，、､",
        ".。｡",
        ":∶",
        "(（〔[【〖{",
        ")）〕]】〗}",
        "《〈<«‹",
        "》〉>»›",
        "-—–―‐‑‒−─━~〜∼",
        "·•・‧∙⋅●",
        "〇○",
    )
    for variant in marks
}
_OTHER_VALUE = ("<super>", "<sub>", "<circle>", "<fraction>")
_INVISIBLE = ("Cc", "Cf", "Zl", "Zp", "Zs")
_MARKDOWN = lazy_pattern(r"(?m:^)[^\S\n]*[#>]+|(?<!\d)\*+|\*+(?!\d)")
_BLANKS = lazy_pattern(r"^[\s\u200b-\u200d\u2060\ufeff]+|[\s\u200b-\u200d\u2060\ufeff]+$")

_NUMERALS = "一二三四五六七八九十百千万亿零〇○两壹贰叁肆伍陆柒捌玖拾佰仟"
_UNITS = frozenset("年月日号时元角分%‰")
_NEGATIONS = frozenset("不未没无非否")
# 已完成 for 未完成 says the contrary, 丕完成 for 不完成 is misread
_AFFIRMATIONS = frozenset("已有是能可应会得均全都")
_TOKEN = lazy_pattern(rf"[\d{_NUMERALS}]+(?:,\d{{3}}(?!\d))*(?:[.．](?!(?:19|20)\d\d年)\d+)?|[A-Za-zＡ-Ｚａ-ｚ]+")
_BOTH_SIDES = lazy_pattern(rf"[\d{_NUMERALS},.．A-Za-zＡ-Ｚａ-ｚ]{{2}}")

_WORK = 1_000_000
"""Characters compared for one literal at most, so that a text of one repeated character takes no longer than others."""

_SHORTEST, _SHORT = 4, 6
_SMALL_RANGE = 64
"""Characters in which a literal of fewer than ``_SHORT`` is looked for with one edit: a sentence, no notice."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a literal stands.

    Attributes:
        span: its place, in code points of the text; it begins and ends with characters of the literal, hence never
            with white space.
        how: the stage that found it.
    """

    span: Span
    how: Literal["exact", "folded", "near"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a literal has no place.

    Attributes:
        reason: ``absent``: it does not stand in the range, or not so often; ``ambiguous``: several places are equally
            near, or too many to tell; ``contradicted``: only another value or a negation stands there.
    """

    reason: Literal["absent", "ambiguous", "contradicted"]


class Alignment:
    """A text in which literals are located; what it takes for that is built once, when first needed."""

    def __init__(self, text: str) -> None:
        self.text = text

    def locate(
        self, literal: str, begin: int = 0, end: int | None = None, occurrence: int | None = None
    ) -> Placement | Refusal:
        """Locate a literal in ``text[begin:end]``.

        Args:
            literal: a passage as an engine wrote it; blanks around it do not count.
            begin: offset of the first character to look at.
            end: offset behind the last one; None for the end of the text.
            occurrence: which of several, from 1, counted from ``begin`` among the matches of the stage that finds so
                many, overlapping ones included. None if the engine did not say: then the first that is no part of a
                longer number; with one edit, the only one.

        Returns:
            The whole place, never a part of it, or why there is none.
        """
        begin, end = max(begin, 0), len(self.text) if end is None else max(end, 0)
        literal = _BLANKS.sub("", literal)
        if not literal or (occurrence is not None and occurrence < 1):
            return Refusal("absent")
        try:
            return self._exact(literal, begin, end, occurrence) or self._folded(literal, begin, end, occurrence)
        except _TooManyError:
            return Refusal("ambiguous")

    def _exact(self, literal: str, begin: int, end: int, occurrence: int | None) -> Placement | None:
        spans = (Span(place, place + len(literal)) for place in _places(self.text, literal, begin, end))
        if occurrence is None:
            spans = (span for span in spans if not self._cuts(span))
        span = next(islice(spans, (occurrence or 1) - 1, None), None)
        if span and (literal[0] in "*#>" or literal[-1] in "*#>"):
            span = self._ink.trim(span)
        return Placement(span, "exact") if span else None

    def _folded(self, literal: str, begin: int, end: int, occurrence: int | None) -> Placement | Refusal:
        folded, pattern = self._ink, _fold(literal)[0]
        if not pattern:
            return Refusal("absent")
        low, high = folded.index(begin), folded.index(end)
        found, cut = list[Span](), False
        for place in _places(folded.text, pattern, low, high):
            span = folded.span(place, place + len(pattern))
            if span is None or self._cuts(span):
                cut = cut or span is not None
                continue
            found.append(span)
            if len(found) == (occurrence or 1):
                return Placement(span, "folded")
        if found:
            return Refusal("absent")
        if cut:
            return Refusal("contradicted")
        return self._near(pattern, low, high, occurrence)

    def _near(self, pattern: str, low: int, high: int, occurrence: int | None) -> Placement | Refusal:
        if not _may_differ(len(pattern), high - low):
            return Refusal("absent")
        found, contradicted = list[Span](), False
        for place in _same_places(sorted(_Search(self._ink, pattern, low, high).matches())):
            best = min(match.rank for match in place)
            spans = {self._ink.span(match.start, match.end) for match in place if match.rank == best} - {None}
            if any(match.contradicted for match in place) or any(span and self._cuts(span) for span in spans):
                contradicted = True
            elif len(spans) > 1:
                return Refusal("ambiguous")
            else:
                found += [span for span in spans if span]
        if not found:
            return Refusal("contradicted" if contradicted else "absent")
        if occurrence is None and len(found) > 1:
            return Refusal("ambiguous")
        return Placement(found[(occurrence or 1) - 1], "near") if len(found) >= (occurrence or 1) else Refusal("absent")

    @cached_property
    def _ink(self) -> _Ink:
        return _Ink(*_fold(self.text))

    def _cuts(self, span: Span) -> bool:
        """Whether a place begins or ends inside a number or a word of Latin letters."""
        return _is_inside_token(self.text, span.start) or _is_inside_token(self.text, span.end)


class _TooManyError(ZhenggaiError):
    """More places than can be compared."""


@dataclass(frozen=True, slots=True)
class _Ink:
    """A folded text.

    Attributes:
        text: the characters that count.
        source: offset in the text of each of them; a character that folds to several has its offset several times.
    """

    text: str
    source: array[int]

    def index(self, offset: int) -> int:
        return bisect_left(self.source, offset)

    def span(self, start: int, end: int) -> Span | None:
        """The place in the text of a folded range; None if it begins or ends inside what was one character."""
        source = self.source
        if (start and source[start - 1] == source[start]) or (end < len(source) and source[end - 1] == source[end]):
            return None
        return Span(source[start], source[end - 1] + 1)

    def trim(self, span: Span) -> Span | None:
        """A place without what does not count at its edges; None if nothing in it counts."""
        low, high = self.index(span.start), self.index(span.end)
        return Span(self.source[low], self.source[high - 1] + 1) if low < high else None


def _fold(text: str) -> tuple[str, array[int]]:
    bare = _MARKDOWN.sub(lambda marks: " " * len(marks.group()), text)
    table = {character: _fold_character(character) for character in set(bare)}
    folds = [table[character] for character in bare]
    source: Iterable[int] = compress(count(), folds)
    if max(map(len, table.values()), default=0) > 1:
        source = chain.from_iterable(map(repeat, count(), map(len, folds)))
    return "".join(folds), array("L", source)


@lru_cache(maxsize=1 << 14)
def _fold_character(character: str) -> str:
    if character.isspace() or unicodedata.category(character) in _INVISIBLE or "\ufe00" <= character <= "\ufe0f":
        return ""
    if unicodedata.decomposition(character).startswith(_OTHER_VALUE):
        return character
    plain = unicodedata.normalize("NFKC", character)
    return "".join(_VARIANTS.get(part, part) for part in plain if not part.isspace())


def _places(text: str, part: str, low: int, high: int) -> Iterator[int]:
    """Offsets at which a part begins in ``text[low:high]``, overlapping ones included.

    Raises:
        _TooManyError: there are more than can be compared.
    """
    place = text.find(part, low, high)
    for _ in range(1 + _WORK // len(part)):
        if place < 0:
            return
        yield place
        place = text.find(part, place + 1, high)
    raise _TooManyError


def _is_inside_token(text: str, place: int) -> bool:
    if not 0 < place < len(text) or not _BOTH_SIDES.match(text, place - 1):
        return False
    start = max(place - 16, 0)
    return any(token.start() < place - start < token.end() for token in _TOKEN.finditer(text[start : place + 16]))


def _may_differ(length: int, within: int) -> bool:
    """Whether a literal of this length is looked for with one edit: a short one only in a short range."""
    return length >= _SHORT or (length >= _SHORTEST and within <= _SMALL_RANGE)


class _Match(NamedTuple):
    """A folded range that differs from a pattern by one character.

    Attributes:
        start: its first character.
        end: the one behind its last.
        rank: how unlikely it is that this was meant, among matches of the same place.
        contradicted: whether the difference concerns a value or a negation.
    """

    start: int
    end: int
    rank: int
    contradicted: bool


@dataclass(frozen=True, slots=True)
class _Search:
    """The search for a pattern with one edit in ``ink.text[low:high]``."""

    ink: _Ink
    pattern: str
    low: int
    high: int

    def matches(self) -> Iterator[_Match]:
        """Every range that differs from the pattern by one character, found from the half that does not differ."""
        text, half = self.ink.text, len(self.pattern) // 2
        left, right = self.pattern[:half], self.pattern[half:]
        for place in _places(text, left, self.low, self.high):
            behind = place + half
            for at, taken in _edits(right, text[behind : min(behind + len(right) + 1, self.high)]):
                yield from self._match(place, behind + taken, half + at, behind + at)
        mirrored = left[::-1]
        for place in _places(text, right, self.low, self.high):
            for at, taken in _edits(mirrored, text[max(place - half - 1, self.low) : place][::-1]):
                yield from self._match(place - taken, place + len(right), half - 1 - at, place - 1 - at)

    def _match(self, start: int, end: int, at: int, text_at: int) -> Iterator[_Match]:
        """The match whose edit is at these places of pattern and text, unless its edge would be a guess."""
        surplus = end - start - len(self.pattern)
        ours = self.pattern[at] if surplus <= 0 else ""
        theirs = self.ink.text[text_at] if surplus >= 0 else ""
        is_edge = surplus <= 0 and at in (0, len(self.pattern) - 1)
        # a mark in the place of a character was not misread: the literal has one more
        if is_edge and theirs and ours.isalnum() != theirs.isalnum():
            return
        # 现已整改到位 does not tell where to begin in 问题已整改到位
        if is_edge and ours.isalnum() and not self._is_bound(start, end, at == 0):
            return
        said, place = (self.ink.text, text_at) if surplus > 0 else (self.pattern, at)
        neighbours = said[max(place - 1, 0) : place], said[place + 1 : place + 2]
        yield _Match(start, end, 2 * is_edge + bool(surplus), _contradicts(ours, theirs, neighbours))

    def _is_bound(self, start: int, end: int, at_start: bool) -> bool:
        """Whether a mark, a blank or the limit of the range stands outside this edge of a match."""
        outer, inner = (start - 1, start) if at_start else (end, end - 1)
        if self.low <= outer < self.high:
            together = abs(self.ink.source[outer] - self.ink.source[inner]) <= 1
            return not (together and self.ink.text[outer].isalnum())
        # where the literal goes on beyond the range, it is no literal of this range
        return self.ink.text[max(outer, 0) : outer + 1] != self.pattern[0 if at_start else -1]


def _edits(pattern: str, window: str) -> Iterator[tuple[int, int]]:
    """The ways in which a window begins with the pattern but for one character: where, and how much is taken."""
    at = next((i for i, (ours, theirs) in enumerate(zip(pattern, window, strict=False)) if ours != theirs), len(window))
    length = len(pattern)
    if at >= length:
        return
    if len(window) >= length and window[at + 1 : length] == pattern[at + 1 :]:
        yield at, length
    if window[at : length - 1] == pattern[at + 1 :]:
        yield at, length - 1
    if window[at + 1 : length + 1] == pattern[at:]:
        yield at, length + 1


def _contradicts(ours: str, theirs: str, neighbours: tuple[str, str]) -> bool:
    """Whether the text says something else than the literal, where one has a character for the other's."""
    if ours in _NEGATIONS or (theirs in _NEGATIONS and (not ours or ours in _AFFIRMATIONS)):
        return True
    if not (ours.isalnum() and theirs.isalnum()) and all(map(_is_number, neighbours)):
        return True  # 1.5 and 15, 2023年1月 and 20231月
    if ours and theirs and _is_value(ours) and _is_value(theirs):
        return number(ours) is None or number(ours) != number(theirs)
    if ours and theirs and ours.isdigit() != theirs.isdigit():
        return True
    # a number that the literal alone has, or one that is made longer
    if _is_number(ours) or _is_number(theirs):
        return not theirs or any(map(_is_number, neighbours))
    return False


def _is_number(character: str) -> bool:
    return character.isdigit() or (character.isascii() and character.isalpha()) or (character or " ") in _NUMERALS


def _is_value(character: str) -> bool:
    return _is_number(character) or character in _UNITS


def _same_places(matches: list[_Match]) -> Iterator[list[_Match]]:
    """Matches in order, those together that begin or end at the same place."""
    group, ends = list[_Match](), set[int]()
    for match in matches:
        if group and match.start != group[-1].start and match.end not in ends:
            yield group
            group, ends = [], set()
        group.append(match)
        ends.add(match.end)
    if group:
        yield group

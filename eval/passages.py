"""Finding a passage of a notice again by its words: white space and Markdown marks count neither here nor there."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from extractor.records import Span
from extractor.standoff import is_ignored, spans_of

ABBREVIATION = "~~"
"""Stands in a sought string for everything between its first and its last words."""

_CLAUSE_START = re.compile(r"(?:\A|[，。；：、！？,;:!?（(【\[\n])[^\S\n]*\Z")
_CLAUSE_END = re.compile(r"\s*(?:\Z|[，。；！？,;!?）)】\]])|[^\S\n]*\n")
_WINDOW = 40


def words(text: str) -> str:
    """A text without white space and Markdown marks."""
    return "".join(character for character in text if not is_ignored(character))


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters of a text in reading order.

    Attributes:
        text: the whole text.
        places: where the characters stand in it; -1 where two passages were put together.
        words: the characters.
    """

    text: str
    places: Sequence[int]
    words: str

    @classmethod
    def whole(cls, text: str) -> Passage:
        """All of a text that counts."""
        places = [place for place, character in enumerate(text) if not is_ignored(character)]
        return cls(text, places, "".join(text[place] for place in places))

    @classmethod
    def join(cls, parts: Sequence[Passage], separator: str = "") -> Passage:
        """Passages one after the other; with a separator nothing is found across their seam."""
        places: list[int] = []
        for number, part in enumerate(parts):
            places.extend([-1] * len(separator) if number else [])
            places.extend(part.places)
        return cls(parts[0].text, places, separator.join(part.words for part in parts))

    @property
    def first(self) -> int:
        """Place of the first character."""
        return self.places[0]

    @property
    def last(self) -> int:
        """Place of the last character."""
        return self.places[-1]

    @property
    def spans(self) -> tuple[Span, ...]:
        """The passage as spans of the text."""
        return spans_of(self.text, self.places)

    def part(self, start: int, end: int) -> Passage:
        """Some of its characters, by their index in it."""
        return Passage(self.text, self.places[start:end], self.words[start:end])

    def index(self, place: int) -> int:
        """Index of the first character at or after a place of the text; only where the places run forward."""
        return bisect_left(self.places, place)

    def holds(self, other: Passage) -> bool:
        """Whether it has a character of the other."""
        return not set(self.places).isdisjoint(other.places)

    def find(self, sought: str, start: int = 0) -> Iterator[Match]:
        """Every occurrence of a string, which may be abbreviated with ``~~``: each start with its nearest end."""
        opening, _, closing = (words(part) for part in sought.partition(ABBREVIATION))
        place = self.words.find(opening, start) if opening else -1
        while place >= 0:
            end = self._end(opening, closing, place)
            if end is None:
                return
            yield Match(self, place, end)
            place = self.words.find(opening, place + 1)

    def _end(self, opening: str, closing: str, place: int) -> int | None:
        if not closing:
            return place + len(opening)
        end = self.words.find(closing, place + len(opening))
        if end < 0:
            end = self.words.find(closing, place)
        return end + len(closing) if end >= 0 else None


@dataclass(frozen=True, slots=True)
class Match:
    """An occurrence in a passage, by index."""

    within: Passage
    start: int
    end: int

    @property
    def passage(self) -> Passage:
        """The characters that were found."""
        return self.within.part(self.start, self.end)

    @property
    def first(self) -> int:
        """Place of the first character in the text."""
        return self.within.places[self.start]

    @property
    def last(self) -> int:
        """Place of the last character in the text."""
        return self.within.places[self.end - 1]

    def before(self, length: int = _WINDOW) -> str:
        """The text that stands before it, as it is."""
        return self.within.text[max(0, self.first - length) : self.first]

    def after(self, length: int = _WINDOW) -> str:
        """The text that stands behind it, as it is."""
        return self.within.text[self.last + 1 : self.last + 1 + length]

    def cuts_a_number(self) -> bool:
        """Whether it begins or ends within a number: 5万元 in 15万元 or in 0.5万元."""
        text = self.within.text
        begins = text[self.first].isdigit() and re.search(r"\d[.,]?\Z", self.before(2)) is not None
        ends = text[self.last].isdigit() and re.match(r"\d|\.\d", self.after(2)) is not None
        return begins or ends


Preference = Callable[[Match], bool]


def is_clause(match: Match) -> bool:
    """It runs from one mark or line end to another."""
    return bool(_CLAUSE_START.search(match.before()) and _CLAUSE_END.match(match.after()))


def is_line(match: Match) -> bool:
    """It has its line, or its lines, to itself."""
    return bool(re.search(r"(?:\A|\n)[^\S\n]*\Z", match.before()) and re.match(r"[^\S\n]*(?:\n|\Z)", match.after()))


def follows(pattern: str) -> Preference:
    """What stands directly before it, white space and Markdown marks left out, matches."""
    compiled = re.compile(f"(?:{pattern})\\Z")
    return lambda match: compiled.search(words(match.before())) is not None


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: a passage, and from which index on."""

    passage: Passage
    start: int = 0


def locate(sought: str, scopes: Sequence[Scope], *preferences: Preference, last: bool = False) -> Match | None:
    """The occurrence of a string in the first scope that has one.

    Args:
        sought: the string, perhaps abbreviated.
        scopes: where to look, best first.
        preferences: of several occurrences in a scope, those that meet the first of these; of those that are left,
            those that meet the second, and so on. One that all fail is passed over.
        last: of those that are left, take the last instead of the first.
    """
    for whole_numbers in (True, False):
        for scope in scopes:
            matches = [m for m in scope.passage.find(sought, scope.start) if not (whole_numbers and m.cuts_a_number())]
            for preference in preferences:
                matches = [match for match in matches if preference(match)] or matches
            if matches:
                return matches[-1 if last else 0]
    return None

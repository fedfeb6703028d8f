"""Texts with a blank behind every character, as programs that recognise printed characters write Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.patterns import CJK, lazy_pattern
from extractor.records import Span

BLANKS = " \xa0\u3000"
"""What may stand between two characters of a line; tabs part the cells of tables."""

_FEWEST_BLANKS = 5
"""A text in which fewer than one character of so many is a blank is not set wide."""
_WIDE = rf"[{CJK}—–…·“”‘’①-⓿❶-➓]"
_APART = lazy_pattern(rf"{_WIDE}[{BLANKS}](?={_WIDE})")
_TOGETHER = lazy_pattern(rf"{_WIDE}(?={_WIDE})")
_FIGURES_APART = lazy_pattern(rf"\d[{BLANKS}](?=\d)")
_FIGURES_TOGETHER = lazy_pattern(r"\d(?=\d)")
_NO_NUMBER = "".join(
    rf"(?<![；;。：:\n\u3000]{blank}{digits})(?<!\A{digits})" for blank in ("", " ") for digits in (r"\d", r"\d\d")
)
"""Not behind what may be a number without a stop, which only its blank parts from the words."""
_BESIDE_WIDE = rf"(?<={_WIDE})[{BLANKS}]+(?=\S)|(?<=\S){_NO_NUMBER}[{BLANKS}]+(?={_WIDE})"
_BLANKS = lazy_pattern(_BESIDE_WIDE)
_BLANKS_AND_IN_FIGURES = lazy_pattern(rf"{_BESIDE_WIDE}|(?<=[\d.])[{BLANKS}](?=[\d.])")


@dataclass(frozen=True)
class ClosedUp:
    """A text without the blanks between its characters.

    Attributes:
        text: what is left.
        places: where each of its characters stands in the file.
    """

    text: str
    places: Sequence[int]

    def in_file(self, span: Span) -> Span:
        """The place in the file of a place in the text."""
        return Span(self.places[span.start], self.places[span.end - 1] + 1)


def is_spread(text: str) -> bool:
    """Whether blanks stand between most neighbouring characters of a Chinese text."""
    if sum(map(text.count, BLANKS)) * _FEWEST_BLANKS < len(text):
        return False
    return _more(text, _APART, _TOGETHER)


def closed_up(text: str) -> ClosedUp:
    """A text without the blanks beside Chinese characters, and without those inside figures if they are spread too.

    The blank behind a figure that may be the number of an entry stays.
    """
    blanks = _BLANKS_AND_IN_FIGURES if _more(text, _FIGURES_APART, _FIGURES_TOGETHER) else _BLANKS
    kept: list[str] = []
    places: list[int] = []
    position = 0
    for blank in (*blanks.finditer(text), None):
        end = blank.start() if blank else len(text)
        kept.append(text[position:end])
        places.extend(range(position, end))
        position = blank.end() if blank else end
    return ClosedUp("".join(kept), places)


def _more(text: str, one: re.Pattern[str], other: re.Pattern[str]) -> bool:
    """Whether a text has more places of one kind than of another."""
    return sum(1 for _ in one.finditer(text)) > sum(1 for _ in other.finditer(text))

"""A piece of a notice around two quotes, with the characters of each marked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from eval.spans import merge
from extractor.records import Quote

CONTEXT = 30
LONGEST = 120
"""Characters shown of a stretch in which nothing changes; of a longer one both ends are shown."""
GAP = " … "


class Piece(NamedTuple):
    """A stretch of text, and which of the quotes it is in."""

    text: str
    in_gold: bool
    in_predicted: bool


def excerpt(text: str, gold: Quote | None, predicted: Quote | None) -> list[Piece]:
    """The passages that two quotes stand in, with some text around them; empty without quotes."""
    marks = [_places(quote, len(text)) for quote in (gold, predicted)]
    windows = merge((max(0, start - CONTEXT), end + CONTEXT) for places in marks for start, end in places)
    pieces: list[Piece] = []
    for start, end in windows:
        if pieces:
            pieces.append(Piece(GAP, False, False))
        pieces += _pieces(text, start, min(end, len(text)), marks)
    return pieces


def _places(quote: Quote | None, length: int) -> list[tuple[int, int]]:
    return [(start, min(end, length)) for start, end in quote.spans if start < length] if quote else []


def _pieces(text: str, start: int, end: int, marks: list[list[tuple[int, int]]]) -> Iterator[Piece]:
    def marked(place: int) -> tuple[bool, bool]:
        in_gold, in_predicted = (any(first <= place < last for first, last in places) for places in marks)
        return in_gold, in_predicted

    for (in_gold, in_predicted), places in groupby(range(start, end), key=marked):
        stretch = list(places)
        passage = text[stretch[0] : stretch[-1] + 1]
        if len(passage) > LONGEST:
            passage = passage[: LONGEST // 2] + GAP + passage[-LONGEST // 2 :]
        yield Piece(passage, in_gold, in_predicted)

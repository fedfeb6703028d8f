"""An answer as a model would write it, in the fewest words: for examples in prompts, and to check the way back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from extractor.errors import PointerError
from extractor.llm.forms import form_of
from extractor.pointers import Piece, Pointer, Units
from extractor.records import Span
from extractor.segmentation import is_mark

CLAUSE_ENDS = "。；;，,、.！!？?：: \u3000\n"
"""Punctuation and white space that a clause stops before."""

_SHORTEST_ELIDED = 8
_EDGES = ((2, 2), (3, 3), (4, 4), (6, 6))


def pack(answer: BaseModel, schema: type[BaseModel], units: Units) -> dict[str, Any]:
    """What a model would write for an answer.

    Args:
        answer: an instance of ``pointer_schema(schema)`` whose pointers know their places.
        schema: the record schema.
        units: the units as the model sees them.

    Raises:
        PointerError: a place lies outside all units.
    """
    return form_of(schema).pack(answer, _Writer(units)) or {}


class _Writer:
    """Writes pointers for one document."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._text = units.document.text

    def words(self, unit: int) -> str:
        return unit_words(self._units, unit)

    def is_mark(self, piece: Piece) -> bool:
        return piece.literal is None and is_mark(self.words(piece.first))

    def write(self, pointer: Pointer, *, is_clause: bool = False) -> str:
        places = pointer.places
        if places is None:
            return str(pointer)
        if is_clause:
            places = (*places[:-1], self._with_end(places[-1]))
        return str(Pointer(tuple(self._shortest(place) for place in places)))

    def _with_end(self, place: Span) -> Span:
        """The place, or the whole units that it fills but for the punctuation at their end."""
        (piece,) = self._units.point([place]).pieces
        start, end = self._units[piece.first].span.start, self._units[piece.last].span.end
        is_whole = start == place.start and not self._text[place.end : end].strip(CLAUSE_ENDS)
        return Span(start, end) if is_whole else place

    def _shortest(self, place: Span) -> Piece:
        (piece,) = self._units.point([place]).pieces
        if piece.literal is None or len(piece.literal) < _SHORTEST_ELIDED:
            return piece
        return next((short for short in _elided(piece) if self._place(short) == place), piece)

    def _place(self, piece: Piece) -> Span | None:
        try:
            (place,) = self._units.resolve(Pointer((piece,)))
        except PointerError:
            return None
        return place


def _elided(piece: Piece) -> Iterator[Piece]:
    """The piece with only the edges of its literal, shortest first."""
    literal = piece.literal or ""
    for head, tail in _EDGES:
        if head + tail < len(literal) - 1:
            yield piece._replace(literal=f"{literal[:head]}…{literal[-tail:]}", occurrence=None)


def unit_words(units: Units, unit: int) -> str:
    """The text of the unit of that number, empty where there is none."""
    if not 0 <= unit < len(units):
        return ""
    _, start, end = units[unit]
    return units.document.text[start:end]

"""The answer of a perfect engine, built from gold: what a model would have to say for the record to come out right."""

from __future__ import annotations

import re
from bisect import bisect_left
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from extractor.normalization import bare_number
from extractor.pointers import READ_BY_CODE, Pointer, Units, pointer_schema
from extractor.records import Extraction, FoundIn, Quote, ReadFrom, Span
from extractor.segmentation import is_mark

Around = tuple[int, set[int]]
"""Where a part begins, and the numbers of the units that its quotes begin with."""


def perfect_answer(record: Extraction, schema: type[BaseModel], units: Units) -> BaseModel:
    """The answer, an instance of ``pointer_schema(schema)``, that grounds to this record.

    Raises:
        ValueError: a number or mark of the record does not stand in the text.
    """
    answer: BaseModel = pointer_schema(schema).model_validate(_Pointing(units).part(record, schema))
    return answer


class _Pointing:
    """Turns the values of one document's record back into pointers."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._text = units.document.text
        self._starts = [unit.span.start for unit in units]
        self._numbers: dict[str, list[Span]] = {}
        for unit in units:
            words = self._text[slice(*unit.span)]
            if is_mark(words):
                self._numbers.setdefault(bare_number(words), []).append(unit.span)

    def part(self, value: BaseModel, schema: type[BaseModel]) -> dict[str, Any]:
        start = _first_place(value)
        headings = {self._next_unit(quote.spans[0].start) for _, quote in value if isinstance(quote, Quote)}
        content = {}
        for name, info in schema.model_fields.items():
            is_common = issubclass(schema, Extraction) and name in Extraction.model_fields
            if is_common or any(isinstance(mark, FoundIn) for mark in info.metadata):
                continue
            read = next((mark for mark in info.metadata if isinstance(mark, ReadFrom)), None)
            content[name] = self._answer(getattr(value, name), info.annotation, read, (start, headings))
        return content

    def _answer(self, value: Any, annotation: Any, read: ReadFrom | None, around: Around) -> Any:  # noqa: PLR0911 - one return a kind of type
        origin, arguments = get_origin(annotation), get_args(annotation)
        if value is None:
            return None
        if origin is Annotated:
            read = next((mark for mark in arguments[1:] if isinstance(mark, ReadFrom)), read)
            return self._answer(value, arguments[0], read, around)
        if origin in (Union, UnionType):
            inner = next(part for part in arguments if part is not NoneType)
            return self._answer(value, inner, read, around)
        if origin in (tuple, list):
            return self._list(value, arguments[0], around)
        if annotation is Quote:
            return self._units.point(value.spans)
        if annotation in READ_BY_CODE:
            return self._units.point(value.quote.spans)
        if read is not None:
            return self._mark(value, around[0])
        return self.part(value, annotation) if isinstance(value, BaseModel) else value

    def _list(self, values: Any, item: Any, around: Around) -> list[Any]:
        if get_origin(item) is Annotated and any(isinstance(mark, ReadFrom) for mark in get_args(item)):
            return self._path(values, *around)
        return [self._answer(value, item, None, around) for value in values]

    def _path(self, numbers: tuple[str, ...], start: int, headings: set[int]) -> list[Pointer]:
        """Places of printed numbers, from the innermost outwards: before a heading, else the nearest."""
        places: list[Span] = []
        for number in reversed(numbers):
            known = self._numbers.get(number, [])
            before = [place for place in known if place.start < start] or known
            of_heading = [place for place in before if self._next_unit(place.end) in headings]
            place = (of_heading or before)[-1] if before else self._words(number, start)
            places.append(place)
            start = place.start
        return [self._units.point([place]) for place in reversed(places)]

    def _next_unit(self, place: int) -> int:
        """Number of the first unit that does not begin before a place."""
        return bisect_left(self._starts, place)

    def _mark(self, mark: str, start: int) -> Pointer:
        try:
            return self._units.point([self._words(mark, start)])
        except ValueError:
            # a scan may tear even a mark apart: then its characters are pointed to one by one
            return self._units.point([self._words(character, start) for character in mark])

    def _words(self, words: str, start: int) -> Span:
        """The last place of words before a place, else the first in the text."""
        places = [Span(*match.span()) for match in re.finditer(r"\s*".join(map(re.escape, words)), self._text)]
        if not places:
            raise ValueError(f"{words!r} does not stand in the text")
        return next((place for place in reversed(places) if place.end <= start), places[0])


def _first_place(value: Any) -> int:
    """Where the text of a part begins: that of its statement, else of its first quote."""
    for name in ("statement", "rectification", "quote"):
        quote = getattr(value, name, None)
        if isinstance(quote, Quote):
            return quote.spans[0].start
    return 0

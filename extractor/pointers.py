"""References to units, and the schema of pointers that any record schema implies."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic_core import core_schema

from extractor.alignment import Alignment, Placement, Refusal
from extractor.document import Document
from extractor.errors import PointerError
from extractor.patterns import lazy_pattern
from extractor.records import (
    Clause,
    Count,
    DateValue,
    Deadline,
    DocumentReference,
    Extraction,
    FoundIn,
    Issue,
    ModelUse,
    Money,
    Quote,
    ReadFrom,
    Span,
)
from extractor.segmentation import Segments, Unit

READ_BY_CODE: tuple[type[BaseModel], ...] = (DateValue, Deadline, Money, Count, DocumentReference)
"""Parts of a record whose values code reads from a quote, so that an engine only points to the quote."""

_PIECE = lazy_pattern(r"\s*(\d+)(?:-(\d+))?(?:#(\d+))?(?::((?:[^+\\]|\\.)*))?\s*(\+|$)", re.DOTALL)
_ELISION = "…"
_REASONS = {
    "absent": "does not stand",
    "ambiguous": "may stand at several places",
    "contradicted": "is not what stands",
}
_ONE_LITERAL = lazy_pattern(r"\s*(\d+)(?:-(\d+))?(?:#(\d+))?:(.*)", re.DOTALL)


class Piece(NamedTuple):
    """Units ``first`` to ``last``, or of these only a literal, and which of several where that must be said, from 1.

    A literal may be its beginning and its end with ``…`` between them.
    """

    first: int
    last: int
    literal: str | None = None
    occurrence: int | None = None

    def __str__(self) -> str:
        units = str(self.first) if self.last == self.first else f"{self.first}-{self.last}"
        if self.literal is None:
            return units
        literal = re.sub(r"[+\\]", r"\\\g<0>", self.literal)
        return f"{units}{f'#{self.occurrence}' if self.occurrence else ''}:{literal}"

    @classmethod
    def from_match(cls, match: re.Match[str], literal: str | None) -> Piece:
        """The piece that a match of the notation names, with its literal unescaped."""
        first, last, occurrence = match[1], match[2], match[3]
        return cls(int(first), int(last or first), literal, int(occurrence) if occurrence else None)


class Pointer:
    r"""A passage as pieces in reading order, written ``12``, ``12-15``, ``12-15+18`` or ``12:literal``.

    ``12#2:literal`` is the second occurrence, ``12:head…tail`` all from one to the other; ``+`` and ``\`` inside a
    literal are written ``\+`` and ``\\``.
    """

    __slots__ = ("_find_pieces", "_pieces", "places")

    def __init__(
        self,
        pieces: tuple[Piece, ...] = (),
        *,
        places: tuple[Span, ...] | None = None,
        find_pieces: Callable[[tuple[Span, ...]], tuple[Piece, ...]] | None = None,
    ) -> None:
        """A pointer of these pieces, or one whose places are known and whose pieces are found when asked for."""
        self._pieces = pieces
        self._find_pieces = find_pieces
        self.places = places

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The units, and literals in them, that it names."""
        if not self._pieces and self._find_pieces is not None and self.places is not None:
            self._pieces = self._find_pieces(self.places)
        return self._pieces

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pointer) and self.pieces == other.pieces

    def __hash__(self) -> int:
        return hash(self.pieces)

    def __repr__(self) -> str:
        return f"Pointer.parse({str(self)!r})"

    def __str__(self) -> str:
        return "+".join(map(str, self.pieces))

    @classmethod
    def parse(cls, notation: str) -> Pointer:
        """Read the notation back.

        Raises:
            PointerError: it is no pointer.
        """
        return cls(_pieces_in(notation))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validate, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "string", "description": "units: 12, 12-15, 12-15+18 or 12:literal"}

    @classmethod
    def _validate(cls, value: Any) -> Pointer:
        if isinstance(value, Pointer):
            return value
        if not isinstance(value, str):
            raise ValueError(f"a pointer is a string such as 12-15, got {value!r}")  # noqa: TRY004 - pydantic's protocol
        try:
            return cls.parse(value)
        except PointerError as error:
            raise ValueError(str(error)) from error


@lru_cache(maxsize=4096)  # findings that stand under one heading all point to it
def _pieces_in(notation: str) -> tuple[Piece, ...]:
    if notation.isdecimal():
        return (Piece(int(notation), int(notation)),)
    pieces: list[Piece] = []
    position = 0
    separated = True
    while separated and (match := _PIECE.match(notation, position)):
        literal, separated = match[4], match[5] == "+"
        pieces.append(Piece.from_match(match, literal and re.sub(r"\\(.)", r"\1", literal, flags=re.DOTALL)))
        position = match.end()
    if pieces and position == len(notation) and not separated:
        return tuple(pieces)
    # a model may leave + unescaped: then all that follows the colon is one literal
    if match := _ONE_LITERAL.fullmatch(notation):
        return (Piece.from_match(match, match[4]),)
    raise PointerError(f"{notation!r} is no pointer; write 12, 12-15, 12-15+18 or 12:literal")


def places_in(value: Any) -> Iterator[Span]:
    """The places of every pointer in a value, in the order of its fields."""
    if isinstance(value, Pointer):
        yield from value.places or ()
    elif isinstance(value, BaseModel):
        yield from (place for _, part in value for place in places_in(part))
    elif isinstance(value, Mapping):
        yield from (place for part in value.values() for place in places_in(part))
    elif isinstance(value, list):
        yield from (place for part in value for place in places_in(part))


class Units(Sequence[Unit]):
    """The units of a document: turns spans into pointers, and pointers back into spans."""

    def __init__(self, document: Document, units: Segments | Callable[[Document], Segments]) -> None:
        """The units of a document, or what cuts it into units once somebody asks for them."""
        self.document = document
        self._source = units

    @cached_property
    def _units(self) -> Segments:
        return self._source(self.document) if callable(self._source) else self._source

    def __len__(self) -> int:
        return len(self._units)

    def __getitem__(self, index: Any) -> Any:
        return self._units[index]

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._units)

    def point(self, spans: Sequence[Span]) -> Pointer:
        """The pointer that resolves to exactly these spans.

        Raises:
            PointerError: a span is empty or outside the text.
        """
        limit = len(self.document.text)
        for start, end in spans:
            if not 0 <= start < end <= limit:
                raise PointerError(f"span {[start, end]} is empty or outside the text")
        return Pointer(places=tuple(spans), find_pieces=self._pieces_of)

    def _pieces_of(self, places: tuple[Span, ...]) -> tuple[Piece, ...]:
        return tuple(self._piece(place) for place in places)

    def _piece(self, span: Span) -> Piece:
        if not self._units:
            raise PointerError("the document has no units to point to")
        starts, ends = self._units.starts, self._units.ends
        first = max(bisect_right(starts, span.start) - 1, 0)
        last = max(bisect_right(starts, span.end - 1) - 1, first)
        if span.end > ends[last] and last + 1 < len(ends):
            last += 1
        begin, end = starts[first], ends[last]
        if (begin, end) == span:
            return Piece(first, last)
        if not begin <= span.start < span.end <= end:
            raise PointerError(f"span {list(span)} begins or ends outside all units")
        literal = self.document.text[span.start : span.end]
        piece = Piece(first, last, literal)
        try:
            if self._place(*piece) == span:
                return piece
        except PointerError:
            pass
        return piece._replace(occurrence=self._count(literal, begin, span.start) + 1)

    def _count(self, literal: str, begin: int, stop: int) -> int:
        """How often the literal begins in ``[begin, stop)``, overlapping occurrences included."""
        count, position = 0, self.document.text.find(literal, begin)
        while -1 < position < stop:
            count, position = count + 1, self.document.text.find(literal, position + 1)
        return count

    def resolve(self, pointer: Pointer) -> tuple[Span, ...]:
        """The places that a pointer names.

        Raises:
            PointerError: a unit does not exist, or a literal is not in its units.
        """
        if pointer.places is not None:
            return pointer.places
        return tuple([self._place(*piece) for piece in pointer.pieces])

    def _place(self, first: int, last: int, literal: str | None, occurrence: int | None) -> Span:
        units = self._units
        if not 0 <= first <= last < len(units.ends):
            raise PointerError(f"units {first}-{last} are not among 0-{len(units) - 1}")
        begin, end = units.starts[first], units.ends[last]
        if literal is None:
            return Span(begin, end)
        is_elided = _ELISION in literal and literal not in self.document.text[begin:end]
        found = self._elided(literal, begin, end) if is_elided else None
        if found is None or isinstance(found, Refusal):
            found = self._alignment.locate(literal, begin, end, occurrence)
        if isinstance(found, Refusal):
            raise PointerError(f"{literal!r} {_REASONS[found.reason]} in units {first}-{last}")
        return found.span

    def _elided(self, literal: str, begin: int, end: int) -> Placement | Refusal:
        """The passage from the literal's beginning to the next place of its end."""
        head, _, tail = literal.partition(_ELISION)
        first = self._alignment.locate(head, begin, end)
        if isinstance(first, Refusal):
            return first
        last = self._alignment.locate(tail, first.span.end, end)
        return last if isinstance(last, Refusal) else Placement(Span(first.span.start, last.span.end), last.how)

    @cached_property
    def _alignment(self) -> Alignment:
        return Alignment(self.document.text)


def apart(places: tuple[Span, ...], text: str) -> tuple[Span, ...]:
    """The places in the order given, without what was named before."""
    if all(end <= start for (_, end), (start, _) in pairwise(places)):
        return places
    kept: list[Span] = []
    for place in places:
        rest = [place]
        for known in kept:
            rest = [
                Span(start, end)
                for one in rest
                for start, end in ((one.start, min(one.end, known.start)), (max(one.start, known.end), one.end))
                if start < end
            ]
        kept += [one for one in rest if one == place or text[slice(*one)].strip()]
    return tuple(kept)


@lru_cache(maxsize=64)
def pointer_schema(schema: type[BaseModel]) -> type[BaseModel]:
    """The schema that an engine answers in: every quote, and every value that code reads, becomes a pointer.

    Fields that code finds by itself, and those that every extraction carries, are left out.
    """
    fields: dict[str, Any] = {}
    for name, info in schema.model_fields.items():
        if issubclass(schema, Extraction) and name in Extraction.model_fields:
            continue
        if any(isinstance(mark, FoundIn) for mark in info.metadata):
            continue
        annotation = _pointing(info.annotation, any(isinstance(mark, ReadFrom) for mark in info.metadata))
        optional = NoneType in get_args(annotation)
        if clause := next((mark for mark in info.metadata if isinstance(mark, Clause)), None):
            annotation = Annotated[annotation, clause]
        fields[name] = (
            annotation,
            Field(default=None, description=info.description) if optional else Field(description=info.description),
        )
    config = ConfigDict(extra="forbid")
    return create_model(f"{schema.__name__}Pointers", __config__=config, __doc__=schema.__doc__, **fields)


def _pointing(annotation: Any, read: bool = False) -> Any:
    """What an engine answers with where a record holds this type."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _pointing(arguments[0], any(isinstance(mark, ReadFrom) for mark in arguments[1:]))
    if origin in (Union, UnionType):
        return Union[tuple(NoneType if part is NoneType else _pointing(part, read) for part in arguments)]  # noqa: UP007 - built at run time
    if origin in (tuple, list):
        return list[_pointing(arguments[0])]  # type: ignore[misc]
    if annotation is Quote or annotation in READ_BY_CODE or (read and annotation is str):
        return Pointer
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return pointer_schema(annotation)
    return annotation


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine says of a document.

    Attributes:
        pointers: an instance of ``pointer_schema(schema)``.
        issues: what the engine itself finds doubtful.
        scope: the passages that were to be read completely (the findings part), where the engine knows them.
        labels: places inside the scope that are labels and numbers, hence belong to no field.
        model_use: how a model took part.
        engine: who answered in the end, where that is another than was asked.
    """

    pointers: BaseModel
    issues: tuple[Issue, ...] = ()
    scope: tuple[Span, ...] = ()
    labels: tuple[Span, ...] = ()
    model_use: ModelUse | None = None
    engine: str | None = None

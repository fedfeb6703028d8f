"""From the notation of pointers to places in the text, each of which exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, get_args

from pydantic import BaseModel

from extractor.errors import PointerError
from extractor.llm.packing import CLAUSE_ENDS
from extractor.llm.validation import Fault
from extractor.pointers import Piece, Pointer, Units, apart
from extractor.records import Clause, Span

_Path = tuple[str | int, ...]
"""The steps to a value, outermost first: written out only where something is wrong."""


@dataclass
class Placing:
    """Finds the places of an answer's pointers, and notes those that have none.

    Attributes:
        units: the units as the model saw them.
        faults: pointers that name nothing, by the path of their field.
    """

    units: Units
    faults: list[Fault] = field(default_factory=list)
    _placed: dict[bool, dict[tuple[Piece, ...], Pointer]] = field(default_factory=lambda: {False: {}, True: {}})

    def part(self, part: BaseModel, path: _Path = ()) -> dict[str, Any] | None:
        """The content of a part with its pointers placed; None where something is missing that it cannot be without."""
        content = vars(part).copy()
        for name, is_clause, is_required in _pointing_fields(type(part)):
            if given := content[name]:
                placed = content[name] = self._value(given, path, name, is_clause)
                if placed is None and is_required:
                    return None
        return content

    def value(self, value: Any, name: str) -> Any:
        """The value of the field of that name with its pointers placed; None for what has no place."""
        return self._value(value, (), name, is_clause=False)

    def _value(self, value: Any, path: _Path, step: str | int, is_clause: bool) -> Any:
        if isinstance(value, Pointer):
            known = self._placed[is_clause].get(value.pieces)
            if known is None and (known := self._place(value, path, step, is_clause)):
                self._placed[is_clause][value.pieces] = known
            return known
        if isinstance(value, list):
            inner = (*path, step)
            items = [self._value(item, inner, number, is_clause) for number, item in enumerate(value)]
            return [item for item in items if item is not None]
        return self.part(value, (*path, step)) if isinstance(value, BaseModel) else value

    def _place(self, pointer: Pointer, path: _Path, step: str | int, is_clause: bool) -> Pointer | None:
        try:
            places = self.units.resolve(pointer)
        except PointerError as error:
            field, *inner = (*path, step)
            index = inner[0] if inner and isinstance(inner[0], int) else None
            self.faults.append(Fault(_written((*path, step)), str(error), str(field), index))
            return None
        text = self.units.document.text
        if len(places) > 1:
            places = _joined(apart(places, text), text)
        if is_clause:
            places = _before_its_end(places, text)
        return self.units.point(places)


def _written(path: _Path) -> str:
    """``findings[3].status`` for findings, 3, status."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


@lru_cache(maxsize=512)
def _pointing_fields(model: type[BaseModel]) -> list[tuple[str, bool, bool]]:
    """The name of each field that may hold a pointer, whether it is a clause, and whether it must be there."""
    return [
        (name, any(isinstance(mark, Clause) for mark in info.metadata), info.is_required())
        for name, info in model.model_fields.items()
        if _may_point(info.annotation)
    ]


def _may_point(annotation: Any) -> bool:
    """Whether a value of this type is a pointer, or may hold one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True  # its content is wanted, too
    return annotation is Pointer or any(map(_may_point, get_args(annotation)))


def _joined(places: Sequence[Span], text: str) -> tuple[Span, ...]:
    """The places, those made one that only white space parts: 8+9 is 8-9."""
    joined = [places[0]]
    for place in places[1:]:
        begin, end = joined[-1]
        if end <= place.start and not text[end : place.start].strip():
            joined[-1] = Span(begin, place.end)
        else:
            joined.append(place)
    return tuple(joined)


def _before_its_end(places: tuple[Span, ...], text: str) -> tuple[Span, ...]:
    """A clause without the punctuation that ends its sentence."""
    start, end = places[-1]
    shorter = start + len(text[start:end].rstrip(CLAUSE_ENDS))
    if shorter == start:
        return places
    return (*places[:-1], Span(start, shorter))

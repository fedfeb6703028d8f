"""The Pydantic schema that a model answers in, made of the forms of a record schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, get_origin

from annotated_types import Len
from pydantic import BaseModel, ConfigDict, StringConstraints, create_model

from extractor.llm.forms import ITEMS, Field, Form, GroupsForm, form_of

_DROPPED = ("title", "description", "default")
_MOST_ITEMS = 100
"""Of a list, where units are bounded; the longest notices known have half as many findings."""
_LITERAL = r'[^+"\\\\]{1,24}'


class _AnswerModel(BaseModel):
    """Base of the parts of an answer; their JSON Schema says nothing that the prompt says already."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # instructor names a tool by the title
        return {"title": cls.__name__, **_bare(super().model_json_schema(*args, **kwargs))}


@lru_cache(maxsize=64)
def answer_schema(schema: type[BaseModel], units: int | None = None) -> type[BaseModel]:
    """The schema of a model's answer for a record schema.

    Args:
        schema: the record schema.
        units: with their number, the patterns of the schema admit only pointers to units that exist, which a server
            that holds a model to a grammar turns into guarantees; without it one schema serves for all documents.

    Raises:
        UsageError: a field of the record schema has a type that nothing can be pointed to for.
    """
    types = _AnyPointers() if units is None else _BoundedPointers(units)
    answer: type[BaseModel] = form_of(schema).typed(types)
    return answer


class _AnyPointers:
    """Types in which a pointer is any string."""

    def pointer(self, choices: Sequence[str] = ()) -> Any:
        del choices
        return str

    def listed(self, typed: Any) -> Any:
        return typed

    def part(self, name: str, fields: Mapping[str, Field], items: Any = None) -> Any:
        made: dict[str, Any] = {}
        for key, field in fields.items():
            typed = self.listed(field.form.typed(self))
            made[key] = (typed, ...) if _is_required(field.form) else (typed | None, None)
        if items is not None:
            made[ITEMS] = (self.listed(list[items]), ...)
        return create_model(name, __base__=_AnswerModel, **made)


class _BoundedPointers(_AnyPointers):
    """Types in which the units of a pointer exist, and lists end: a small model may repeat itself for ever."""

    def __init__(self, units: int) -> None:
        self._most_items = min(max(units, 1), _MOST_ITEMS)
        number = _up_to(max(units - 1, 0))
        piece = f"({number})(-({number}))?(:{_LITERAL})?"
        self._pointer = rf"{piece}(\+{piece}){{0,3}}"

    def pointer(self, choices: Sequence[str] = ()) -> Any:
        pattern = f"({'|'.join(choices)})( {self._pointer})?" if choices else self._pointer
        return Annotated[str, StringConstraints(pattern=f"^{pattern}$")]

    def listed(self, typed: Any) -> Any:
        return Annotated[typed, Len(max_length=self._most_items)] if get_origin(typed) is list else typed


def _is_required(form: Form) -> bool:
    """What the answer is for must be there, be it empty; all else is left out where there is nothing."""
    return isinstance(form, GroupsForm)


def _up_to(last: int) -> str:
    """A pattern for the decimal numbers from 0 to ``last``."""
    digits = str(last)
    patterns = [f"[0-{min(last, 9)}]"]
    patterns += ["[1-9]" + "[0-9]" * (length - 1) for length in range(2, len(digits))]
    for place, digit in enumerate(digits if len(digits) > 1 else ""):
        low = 0 if place else 1
        if int(digit) > low:
            patterns.append(digits[:place] + f"[{low}-{int(digit) - 1}]" + "[0-9]" * (len(digits) - place - 1))
    return "|".join([*patterns, digits] if len(digits) > 1 else patterns)


def _bare(schema: Any) -> Any:
    """A JSON Schema without what is there for readers; fields may still be called title or description."""
    if isinstance(schema, list):
        return [_bare(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            kept[key] = {name: _bare(part) for name, part in value.items()}
        elif key not in _DROPPED:
            kept[key] = _bare(value)
    options = kept.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options and len(options) == 2:
        # a field that is left out where it is empty need not be null as well
        (only,) = [option for option in options if option != {"type": "null"}]
        return {**{key: value for key, value in kept.items() if key != "anyOf"}, **only}
    return kept

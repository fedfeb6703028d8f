"""What the annotation of a field is made of."""

from __future__ import annotations

import re
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel


def without_none(annotation: Any) -> tuple[Any, bool]:
    """The type without ``Annotated`` and ``| None``, and whether it had ``| None``."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return without_none(arguments[0])
    if origin in (Union, UnionType):
        others = [part for part in arguments if part is not NoneType]
        if len(others) < len(arguments):
            return (without_none(others[0])[0] if len(others) == 1 else annotation), True
    return annotation, False


def item_type(annotation: Any) -> Any:
    """The type of the items of a list or tuple of any length; None for other types."""
    inner, _ = without_none(annotation)
    origin, arguments = get_origin(inner), get_args(inner)
    if origin is list or (origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis):
        return arguments[0]
    return None


def model_type(annotation: Any) -> type[BaseModel] | None:
    """The model that a value of this type is an instance of; None for other types."""
    inner, _ = without_none(annotation)
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def fold(name: str) -> str:
    """A name or choice without what spellings of it differ in: case, blanks, hyphens, underscores."""
    return re.sub(r"[\W_]+", "", name).casefold()

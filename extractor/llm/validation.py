"""A model's answer to what of it conforms to the schema, and what is wrong with the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from extractor.errors import PointerError
from extractor.llm.annotations import fold, item_type, model_type, without_none
from extractor.pointers import Pointer

_EMPTY = {"", "null", "none", "n/a", "nil"}
_LONGEST_MESSAGE = 240
_WIDE = str.maketrans("０１２３４５６７８９－–—−~～，,、；;＋：＃", "0123456789------+++++" + "+:#")
_WIDE_COLON = re.compile(r"(?:^|(?<=[+,，、]))\s*(\d+(?:-\d+)?(?:#\d+)?)\s*：")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def field_of(path: str) -> str:
    """The field of the schema that the path of a fault is in: ``findings`` of ``findings[3].status``."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in an answer that does not conform to the schema.

    Attributes:
        path: its place, such as ``findings[3].status.value``.
        message: what is wrong, short enough to ask the model again.
        field: the field of the schema it is in.
        index: which item of that field, from 0, if it is a list of objects.
    """

    path: str
    message: str
    field: str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Validated:
    """The part of an answer that conforms to the schema.

    Attributes:
        content: the valid fields with their validated values; of a list of objects the valid items.
        faults: what is left out, and why.
        repairs: stable names of what was set right.
    """

    content: dict[str, Any]
    faults: tuple[Fault, ...] = ()
    repairs: tuple[str, ...] = ()


def validate(data: dict[str, Any], schema: type[BaseModel]) -> Validated:
    """Validate an answer part by part, leniently: a bad item of a list of objects loses that item only.

    Numbers for pointers, one value for a list, several pointers for one, nothing for an optional field, other spellings
    of a choice are set right; keys that the schema does not know are dropped.
    """
    notes: list[str] = []
    content: dict[str, Any] = {}
    faults: list[Fault] = []
    types = _types(schema)
    notes += ["extra_keys_dropped"] * any(key not in types for key in data)
    for name, (kind, is_filled) in types.items():
        if not is_filled and name not in data:
            if schema.model_fields[name].is_required():
                faults.append(Fault(name, "Field required", name))
            continue
        value = data.get(name)
        is_nothing = kind.is_optional and _is_empty(value, kind)
        if kind.item is not None and kind.item.model is not None and not is_nothing:
            content[name] = _items(value, name, kind.item, notes, faults)
            continue
        fitted = _fit(value, kind, notes)
        try:
            content[name] = _adapter(schema, name).validate_python(fitted, strict=False)
        except ValidationError as error:
            faults += _faults(error, fitted, name, None)
    return Validated(content, tuple(faults), tuple(dict.fromkeys(notes)))


def _items(value: Any, name: str, kind: _Type, notes: list[str], faults: list[Fault]) -> list[BaseModel]:
    """The valid objects of a list."""
    assert kind.model is not None
    items: list[BaseModel] = []
    for index, part in enumerate(_parts(value, notes)):
        item = _as_it_stands(part, kind.model)
        if item is None:
            fitted = _fit(part, kind, notes)
            try:
                item = kind.model.model_validate(fitted, strict=False)
            except ValidationError as error:
                faults += _faults(error, fitted, name, index)
                continue
        items.append(item)
    return items


def _as_it_stands(value: Any, model: type[BaseModel]) -> BaseModel | None:
    """The object where there is nothing to set right, as in most replies: pydantic is faster at that."""
    if not _says_all(model):
        return None
    try:
        return model.model_validate(value, strict=False)
    except ValidationError:
        return None


@lru_cache(maxsize=512)
def _says_all(model: type[BaseModel]) -> bool:
    """Whether what a model admits needs no setting right: free text does, that may say null or nothing."""
    kinds = [kind.item or kind for kind, _ in _types(model).values()]
    return all(kind.inner is not str and (kind.model is None or _says_all(kind.model)) for kind in kinds)


@lru_cache(maxsize=512)
def _adapter(schema: type[BaseModel], name: str) -> TypeAdapter[Any]:
    info = schema.model_fields[name]
    annotation: Any = Annotated[info.annotation, info]
    return TypeAdapter(annotation)


def _faults(error: ValidationError, value: Any, name: str, index: int | None) -> list[Fault]:
    faults = []
    for detail in error.errors(include_url=False, include_context=False):
        path = name if index is None else f"{name}[{index}]"
        part = value
        for step in detail["loc"]:
            if isinstance(step, int) and isinstance(part, list) and step < len(part):
                part, path = part[step], f"{path}[{step}]"
            elif isinstance(part, dict) and (step in part or detail["type"] == "missing"):
                part, path = part.get(step), f"{path}.{step}"
        message = detail["msg"].removeprefix("Value error, ")
        if detail["type"] not in ("missing", "value_error") and not isinstance(part, dict | list):
            message = f"{message}, got {part!r}"
        if len(message) > _LONGEST_MESSAGE:
            message = message[: _LONGEST_MESSAGE - 1] + "…"
        faults.append(Fault(path, message, name, index))
    return faults


@dataclass(frozen=True, slots=True)
class _Type:
    """What an annotation says, taken apart once for all values.

    Attributes:
        inner: the type without ``| None``.
        is_optional: whether it had that.
        item: type of the items of a list.
        model: the model of an object.
        choices: the values of an enum or Literal by their folded spelling.
    """

    inner: Any
    is_optional: bool
    item: _Type | None
    model: type[BaseModel] | None
    choices: dict[str, Any]

    @classmethod
    def of(cls, annotation: Any) -> _Type:
        inner, is_optional = without_none(annotation)
        item = item_type(inner)
        return cls(inner, is_optional, None if item is None else cls.of(item), model_type(inner), _choices(inner))

    @property
    def may_be_missing(self) -> bool:
        return self.is_optional or self.item is not None or self.model is not None


@lru_cache(maxsize=512)
def _types(model: type[BaseModel]) -> dict[str, tuple[_Type, bool]]:
    """The type of each field, and whether a missing one is filled with nothing."""
    types = {}
    for name, info in model.model_fields.items():
        kind = _Type.of(info.annotation)
        types[name] = (kind, kind.may_be_missing and (info.is_required() or info.default is None))
    return types


def _fit(value: Any, kind: _Type, notes: list[str]) -> Any:
    """A value set right for a type as far as nothing is guessed; what cannot be understood stays as it is."""
    fitted: Any
    if kind.inner is Pointer and isinstance(value, str) and isinstance(pointer := _parsed(value), Pointer):
        fitted = pointer  # most values are pointers, and right
    elif kind.is_optional and _is_empty(value, kind):
        notes += ["emptied"] * (value is not None)
        fitted = None
    elif kind.item is not None:
        fitted = _fit_list(value, kind.item, notes)
    elif kind.model is not None:
        fitted = _fit_model(_as_object(value, kind.model, notes), kind.model, notes)
    elif kind.inner is Pointer:
        fitted = _fit_pointer(value, notes)
    elif kind.inner is str and isinstance(value, list):
        fitted = _fit_pointer(value, notes)
        fitted = str(fitted) if isinstance(fitted, Pointer) else fitted
    else:
        fitted = _fit_scalar(value, kind, notes)
    return fitted


def _is_empty(value: Any, kind: _Type) -> bool:
    if isinstance(value, str):
        return not value.strip() or (kind.inner is not str and value.strip().casefold() in _EMPTY)
    return value is None or (value in ([], {}) and kind.item is None)


def _fit_scalar(value: Any, kind: _Type, notes: list[str]) -> Any:
    if kind.inner is str and isinstance(value, int | float) and not isinstance(value, bool):
        notes.append("number_to_text")
        return str(value)
    if isinstance(value, str) and kind.choices:
        choice = kind.choices.get(fold(value), value)
        notes += ["choice_respelled"] * (choice != value)
        return choice
    return value


def _fit_list(value: Any, item: _Type, notes: list[str]) -> list[Any]:
    return [_fit(part, item, notes) for part in _parts(value, notes)]


def _parts(value: Any, notes: list[str]) -> list[Any]:
    """What is said of a list, without what says nothing."""
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        notes.append("list_wrapped")
        value = [value]
    kept = [part for part in value if part is not None and not (isinstance(part, str) and not part.strip())]
    notes += ["emptied"] * (len(kept) < len(value))
    return kept


def _fit_model(value: Any, model: type[BaseModel], notes: list[str]) -> Any:
    """An object with nothing where an optional field is missing, and without keys the model does not know."""
    if not isinstance(value, dict):
        return value
    types = _types(model)
    notes += ["extra_keys_dropped"] * any(key not in types for key in value)
    fitted = {}
    for name, (kind, is_filled) in types.items():
        if is_filled or name in value:
            fitted[name] = _fit(value.get(name), kind, notes)
    return fitted


def _as_object(value: Any, model: type[BaseModel], notes: list[str]) -> Any:
    """A value alone as the one field that its model cannot do without."""
    if value is None:
        return {}
    if isinstance(value, str | int):
        needed = [name for name, (kind, _) in _types(model).items() if kind.model or not kind.may_be_missing]
        if len(needed) == 1:
            notes.append("object_wrapped")
            return {needed[0]: value}
    return value


def _choices(annotation: Any) -> dict[str, Any]:
    """The values of an enum or Literal by their folded spelling, and of an enum by its members' names."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        names = {fold(member.name): member.value for member in annotation}
        return names | {fold(str(member.value)): member.value for member in annotation}
    if get_origin(annotation) is Literal:
        return {fold(choice): choice for choice in get_args(annotation) if isinstance(choice, str)}
    return {}


def _fit_pointer(value: Any, notes: list[str]) -> Any:
    """A pointer, or what is none as it is."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1:
        notes.append("number_to_pointer")
        return _parsed(str(int(value)))
    if isinstance(value, list):
        parts = [_fit_pointer(part, notes) for part in value if part not in (None, "")]
        if parts and all(isinstance(part, Pointer) for part in parts):
            notes.append("pointers_joined")
            return Pointer(tuple(piece for part in parts for piece in part.pieces))
    if not isinstance(value, str):
        return value
    pointer = _parsed(value)
    if isinstance(pointer, str):
        plain = value.translate(_INVISIBLE).translate(_WIDE).replace(" ", "").strip("[]()")
        # words behind a colon stay as they are
        plain = plain if ":" not in plain else _WIDE_COLON.sub(r"\1:", value)
        if plain != value and isinstance(respelled := _parsed(plain), Pointer):
            notes.append("pointer_respelled")
            return respelled
    return pointer


def _parsed(notation: str) -> Pointer | str:
    try:
        return Pointer.parse(notation)
    except PointerError:
        return notation

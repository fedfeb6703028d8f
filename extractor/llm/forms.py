"""The form in which a model answers for a record schema: what ``pointer_schema`` says, in fewer words.

A model pays for every word it writes, so that

- what is empty is left out;
- fields that neighbours share (``Shared``) are written once, for a group that holds its ``items``;
- a choice with the quote that bears it out is one string: ``completed 39``;
- a list mark and the text behind it are one pointer, and so are the numbers of a path: ``3+10+20``.

Each form knows its type in the schema that the model is given, and the way to the answer in ``pointer_schema``
(``unpack``) and back (``pack``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Protocol, Union, get_args, get_origin

from pydantic import BaseModel

from extractor.errors import PointerError, UsageError
from extractor.pointers import READ_BY_CODE, Piece, Pointer
from extractor.records import Clause, Extraction, FoundIn, Quote, ReadFrom, Shared, WhereSilent
from extractor.segmentation import is_mark

ITEMS = "items"
"""Key of the items of a group."""

Words = Callable[[int], str]
"""The text of the unit of that number."""


class Writer(Protocol):
    """Writes pointers in the shortest notation."""

    def write(self, pointer: Pointer, *, is_clause: bool = False) -> str:
        """A pointer; of a clause the punctuation behind it may be included, as it will be cut off."""

    def is_mark(self, piece: Piece) -> bool:
        """Whether a piece begins with a whole unit that is a list mark."""

    def words(self, unit: int) -> str:
        """The text of a unit."""


class Types(Protocol):
    """Makes the types of the schema that a model answers in."""

    def pointer(self, choices: Sequence[str] = ()) -> Any:
        """The type of a pointer, or of one of these choices with a pointer behind it."""

    def part(self, name: str, fields: Mapping[str, Field], items: Any = None) -> Any:
        """The type of an object with these fields, and, in a group, with items."""


class Form(Protocol):
    """How a model answers for one type of field."""

    def typed(self, types: Types) -> Any:
        """The type in the schema of the model's answer."""

    def unpack(self, value: Any, words: Words) -> Any:
        """From the model's answer to the answer in ``pointer_schema``; what cannot be understood stays as it is."""

    def pack(self, value: Any, writer: Writer) -> Any:
        """From the answer in ``pointer_schema`` to what a model would write; None where it would write nothing."""


@dataclass(frozen=True)
class PointerForm:
    """A quote, or a value that code reads from one."""

    is_clause: bool = False

    def typed(self, types: Types) -> Any:
        return types.pointer()

    def unpack(self, value: Any, words: Words) -> Any:
        del words
        return value

    def pack(self, value: Any, writer: Writer) -> Any:
        return None if value is None else writer.write(value, is_clause=self.is_clause)


@dataclass(frozen=True)
class NumbersForm:
    """Printed numbers, each a pointer: one string, parted by +."""

    def typed(self, types: Types) -> Any:
        return types.pointer()

    def unpack(self, value: Any, words: Words) -> Any:
        del words
        if value is None:
            return []
        if not isinstance(value, str):
            return value
        try:
            return [Pointer((piece,)) for piece in Pointer.parse(value).pieces] if value.strip() else []
        except PointerError:
            return [value]

    def pack(self, value: Any, writer: Writer) -> Any:
        return "+".join(writer.write(pointer) for pointer in value) or None


@dataclass(frozen=True)
class ChoiceForm:
    """One of given values, a truth value, or a number that the model states itself."""

    annotation: Any
    silent: Any = None

    def typed(self, types: Types) -> Any:
        del types
        return self.annotation

    def unpack(self, value: Any, words: Words) -> Any:
        del words
        return self.silent if value is None else value

    def pack(self, value: Any, writer: Writer) -> Any:
        del writer
        plain = value.value if isinstance(value, Enum) else value
        return None if plain == self.silent else plain


@dataclass(frozen=True)
class MarkedForm:
    """A list mark and the quote behind it: one pointer that begins with the mark."""

    mark: str
    quote: str

    def typed(self, types: Types) -> Any:
        return types.pointer()

    def unpack(self, value: Any, words: Words) -> Any:
        if isinstance(value, int):
            value = str(value)
        if not isinstance(value, str):
            return value
        try:
            first, *others = Pointer.parse(value).pieces
        except PointerError:
            return {self.quote: value}
        rest = (*([first._replace(first=first.first + 1)] if first.last > first.first else []), *others)
        if first.literal is not None or not rest or not is_mark(words(first.first)):
            return {self.quote: value}
        return {self.mark: Pointer((Piece(first.first, first.first),)), self.quote: Pointer(rest)}

    def pack(self, value: Any, writer: Writer) -> Any:
        quote = writer.write(getattr(value, self.quote))
        first, *others = Pointer.parse(quote).pieces
        mark = getattr(value, self.mark)
        if mark is None:
            if not writer.is_mark(first):
                return quote
            # as a literal it belongs to the quote
            rest = (*([first._replace(first=first.first + 1)] if first.last > first.first else []), *others)
            return str(Pointer((Piece(first.first, first.first, writer.words(first.first)), *rest)))
        written = writer.write(mark)
        (piece, *more) = Pointer.parse(written).pieces
        if more or not writer.is_mark(piece) or piece.last != piece.first:
            return {self.mark: written, self.quote: quote}
        if first.literal is None and first.first == piece.last + 1:
            return str(Pointer((first._replace(first=piece.first), *others)))
        return f"{written}+{quote}"


@dataclass(frozen=True)
class ChosenForm:
    """A choice and the quote that bears it out: ``completed 39``, or the choice alone."""

    schema: type[BaseModel]
    choice: str
    values: ChoiceForm
    quote: str
    pointer: PointerForm

    def typed(self, types: Types) -> Any:
        return types.pointer(choices(self.values.annotation))

    def unpack(self, value: Any, words: Words) -> Any:
        del words
        if value is None:
            value = {}
        if isinstance(value, str):
            choice, _, quote = value.strip().partition(" ")
            value = {self.choice: choice, self.quote: quote.strip() or None}
        if isinstance(value, Mapping) and value.get(self.choice) is None and self.values.silent is not None:
            value = {**value, self.choice: self.values.silent}
        return value

    def pack(self, value: Any, writer: Writer) -> Any:
        choice, quote = getattr(value, self.choice), getattr(value, self.quote)
        plain = str(choice.value if isinstance(choice, Enum) else choice)
        if quote is None:
            return None if plain == self.values.silent else plain
        return f"{plain} {self.pointer.pack(quote, writer)}"


@dataclass(frozen=True)
class ListForm:
    """Any number of items."""

    item: Form

    def typed(self, types: Types) -> Any:
        return list[self.item.typed(types)]  # type: ignore[misc]

    def unpack(self, value: Any, words: Words) -> Any:
        if value is None:
            return []
        if not isinstance(value, list):
            value = [value]
        return [self.item.unpack(item, words) for item in value]

    def pack(self, value: Any, writer: Writer) -> Any:
        return [self.item.pack(item, writer) for item in value] or None


@dataclass(frozen=True)
class Field:
    """One field of a part: its form, and what the schema says about it."""

    form: Form
    description: str
    is_optional: bool
    is_shared: bool


@dataclass(frozen=True)
class PartForm:
    """A part of a record with fields of its own."""

    schema: type[BaseModel]
    fields: Mapping[str, Field]

    @cached_property
    def shared(self) -> list[str]:
        """Names of the fields that neighbours have in common."""
        return [name for name, field in self.fields.items() if field.is_shared]

    def typed(self, types: Types) -> Any:
        return types.part(self.schema.__name__, self.fields)

    def unpack(self, value: Any, words: Words) -> Any:
        if value is None:
            value = {}
        if not isinstance(value, Mapping):
            return value
        fields = self.fields
        unpacked = {name: answer for name, answer in value.items() if name not in fields}
        for name, field in fields.items():
            answer = value.get(name)
            if answer is None and field.is_optional:
                unpacked[name] = None
            elif (answer := field.form.unpack(answer, words)) is not None or field.is_optional:
                unpacked[name] = answer
        return unpacked

    def pack(self, value: Any, writer: Writer) -> Any:
        packed = {}
        for name, field in self.fields.items():
            answer = getattr(value, name)
            written = None if answer is None else field.form.pack(answer, writer)
            if written is not None:
                packed[name] = written
        return packed or None


@dataclass(frozen=True)
class GroupsForm:
    """Items of which neighbours share fields: groups that hold what is shared, and the items."""

    item: PartForm

    def typed(self, types: Types) -> Any:
        name, fields = self.item.schema.__name__, self.item.fields
        own = {
            key: field for key, field in fields.items() if not field.is_shared or isinstance(field.form, NumbersForm)
        }
        shared = {key: field for key, field in fields.items() if field.is_shared}
        return list[types.part(f"{name}Group", shared, items=types.part(name, own))]  # type: ignore[misc]

    def unpack(self, value: Any, words: Words) -> Any:
        if value is None:
            return []
        unpacked: list[Any] = []
        for group in value if isinstance(value, list) else [value]:
            items = group.get(ITEMS) if isinstance(group, Mapping) else None
            if isinstance(items, Mapping):
                items = [items]
            if not isinstance(items, list):
                unpacked.append(self.item.unpack(group, words))
                continue
            shared = {name: group[name] for name in group if name != ITEMS}
            for item in items:
                both = {**shared, **item, **self._joined(shared, item)} if isinstance(item, Mapping) else item
                unpacked.append(self.item.unpack(both, words))
        return unpacked

    def _joined(self, shared: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, Any]:
        """The lists of which the group has the beginning."""
        joined: dict[str, Any] = {}
        for name in self.item.shared:
            if isinstance(self.item.fields[name].form, NumbersForm) and shared.get(name) and item.get(name):
                begin, end = shared[name], item[name]
                as_lists = [part if isinstance(part, list) else [part] for part in (begin, end)]
                is_text = isinstance(begin, str) and isinstance(end, str)
                joined[name] = f"{begin}+{end}" if is_text else as_lists[0] + as_lists[1]
        return joined

    def pack(self, value: Any, writer: Writer) -> Any:
        groups: list[dict[str, Any]] = []
        for item in value:
            packed = self.item.pack(item, writer) or {}
            shared = {name: packed.pop(name) for name in self.item.shared if name in packed}
            for name in self.item.shared:
                if isinstance(self.item.fields[name].form, NumbersForm) and name in shared:
                    begin, plus, own = shared[name].rpartition("+")
                    packed = {name: own, **packed}
                    shared = {**shared, name: begin} if plus else {k: v for k, v in shared.items() if k != name}
            if groups and {k: v for k, v in groups[-1].items() if k != ITEMS} == shared:
                groups[-1][ITEMS].append(packed)
            else:
                groups.append({**shared, ITEMS: [packed]})
        return groups


def choices(annotation: Any) -> tuple[str, ...]:
    """The values of an enum or Literal as a model writes them; none for other types."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(str(member.value) for member in annotation)
    return tuple(map(str, get_args(annotation))) if get_origin(annotation) is Literal else ()


@lru_cache(maxsize=64)
def form_of(schema: type[BaseModel]) -> PartForm:
    """The form in which a model answers for a schema.

    Raises:
        UsageError: a field has a type that nothing can be pointed to for.
    """
    fields: dict[str, Field] = {}
    for name, info in schema.model_fields.items():
        if issubclass(schema, Extraction) and name in Extraction.model_fields:
            continue
        if any(isinstance(mark, FoundIn) for mark in info.metadata):
            continue
        try:
            form = _form(info.annotation, info.metadata)
        except UsageError as error:
            raise UsageError(f"{schema.__name__}.{name}: {error}") from None
        is_optional = NoneType in get_args(info.annotation)
        is_shared = any(isinstance(mark, Shared) for mark in info.metadata)
        fields[name] = Field(form, info.description or "", is_optional, is_shared)
    return PartForm(schema, fields)


def _form(annotation: Any, marks: Sequence[Any] = ()) -> Form:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _form(arguments[0], (*arguments[1:], *marks))
    if origin in (Union, UnionType):
        inner = [part for part in arguments if part is not NoneType]
        if len(inner) != 1:
            raise UsageError("a field of several types cannot be asked for; make it a model with optional fields")
        return _form(inner[0], marks)
    if origin in (tuple, list):
        return _list_form(arguments[0])
    if annotation is Quote or annotation in READ_BY_CODE or (annotation is str and _has(marks, ReadFrom)):
        return PointerForm(is_clause=_has(marks, Clause))
    if choices(annotation) or annotation in (bool, int, float):
        silent = next((mark.value for mark in marks if isinstance(mark, WhereSilent)), None)
        return ChoiceForm(annotation, silent)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _part_form(form_of(annotation))
    name = getattr(annotation, "__name__", str(annotation))
    raise UsageError(
        f"nothing can be pointed to for a field of type {name}; use Quote, DateValue, Money, Count, an enum, a bool, a "
        "number, a list of these, or a model made of them"
    )


def _has(marks: Sequence[Any], kind: type) -> bool:
    return any(isinstance(mark, kind) for mark in marks)


def _list_form(item: Any) -> Form:
    if get_origin(item) is Annotated and any(
        isinstance(mark, ReadFrom) and mark.reading == "number" for mark in get_args(item)[1:]
    ):
        return NumbersForm()
    form = _form(item)
    return GroupsForm(form) if isinstance(form, PartForm) and form.shared else ListForm(form)


def _part_form(form: PartForm) -> Form:
    """A shorter form for parts of two fields that belong together."""
    if len(form.fields) != 2:
        return form
    (first, one), (second, other) = form.fields.items()
    if not isinstance(other.form, PointerForm) or not _is_pointed_to(form.schema.model_fields[second].annotation):
        return form
    if isinstance(one.form, ChoiceForm) and choices(one.form.annotation):
        return ChosenForm(form.schema, first, one.form, second, other.form)
    if _reads_mark(form.schema, first):
        return MarkedForm(first, second)
    return form


def _is_pointed_to(annotation: Any) -> bool:
    """Whether this is a quote, or a value read from one, or nothing."""
    kinds = [part for part in get_args(annotation) if part is not NoneType] or [annotation]
    return len(kinds) == 1 and kinds[0] in (Quote, *READ_BY_CODE)


def _reads_mark(schema: type[BaseModel], name: str) -> bool:
    marks = schema.model_fields[name].metadata
    return any(isinstance(mark, ReadFrom) and mark.reading == "mark" for mark in marks)

"""The fields of the record contract, one line each: where a value stands and what it is compared by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from eval.comparators import (
    DATE,
    DEADLINE,
    DOCUMENT_NUMBER,
    DOCUMENT_TITLE,
    EMAIL,
    LABEL,
    MARK,
    MONEY,
    PATH,
    PHONE,
    POSTAL_CODE,
    TEXT,
    Comparator,
)
from extractor.records import DateValue, Deadline, Finding, Money, Notice, Quote, Status


class Value(NamedTuple):
    """What a record holds in one field: the value that is compared, and the quote it rests on."""

    content: Any
    quote: Quote | None


_READ = frozenset({DateValue, Deadline, Money, Status})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the contract.

    Attributes:
        name: its path in the contract.
        comparator: how its values are compared.
        has_spans: whether the place of its quote is scored under this field; of the fields of one list item one only.
        slot: the first-level name it belongs to: ``findings.measures`` for ``findings.measures.marker``.
        get: takes what stands in the field out of the object that holds it.
        in_item: whether that is a list item, whose quote all its fields rest on.
    """

    name: str
    comparator: Comparator
    has_spans: bool
    slot: str
    get: Callable[[Any], Any]
    in_item: bool = False

    def read(self, holder: Any) -> Value | None:
        """The value that a notice, finding or list item holds here, None where it is null or empty."""
        held = self.get(holder)
        if held is None or held == ():
            return None
        kind = type(held)
        if kind is Quote:
            return Value(held.text, held)
        if kind in _READ:
            return Value(held.value, held.quote)
        return Value(held, holder.quote if self.in_item else None)


@dataclass(frozen=True, slots=True)
class ListField:
    """A field that holds a list of items, each with one quote.

    Attributes:
        name: its path in the contract.
        read: gives the items that a notice or finding holds here.
        fields: the fields of an item, the one that its quote is scored under first.
    """

    name: str
    read: Callable[[Any], Sequence[Any]]
    fields: tuple[Field, ...]


def quote_of(item: Any) -> Quote:
    """The quote of a list item."""
    quote: Quote = item if isinstance(item, Quote) else item.quote
    return quote


def _field(name: str, comparator: Comparator) -> Field:
    return Field(name, comparator, has_spans=True, slot=name, get=attrgetter(name.removeprefix("findings.")))


def _list(name: str, *items: tuple[str, str, Comparator]) -> ListField:
    """A list from (name below the list, key in the item, comparator); an empty name is the item itself."""
    fields = tuple(
        Field(
            f"{name}.{below}" if below else name,
            comparator,
            number == 0,
            name,
            attrgetter(key) if key else _itself,
            True,
        )
        for number, (below, key, comparator) in enumerate(items)
    )
    return ListField(name, attrgetter(name.removeprefix("findings.")), fields)


def _itself(item: Any) -> Any:
    return item


NOTICE_FIELDS = (
    _field("title", TEXT),
    _field("issuer", TEXT),
    _field("inspection.kind", LABEL),
    _field("inspection.authority", TEXT),
    _field("inspection.team", TEXT),
    _field("inspection.round", TEXT),
    _field("inspection.started", DATE),
    _field("inspection.ended", DATE),
    _field("inspection.feedback_on", DATE),
    _field("issued_on", DATE),
    _field("published_on", DATE),
    _field("disclosure.start", DATE),
    _field("disclosure.end", DATE),
    _field("contact.postal_address", TEXT),
    _field("contact.postal_code", POSTAL_CODE),
)
NOTICE_LISTS = (
    _list("contact.phones", ("", "", PHONE)),
    _list("contact.emails", ("", "", EMAIL)),
    _list("next_steps", ("", "", TEXT)),
)
FINDING_FIELDS = (
    _field("findings.path", PATH),
    _field("findings.focus_area", TEXT),
    _field("findings.focus", LABEL),
    _field("findings.topic", TEXT),
    _field("findings.statement", TEXT),
    _field("findings.stated_as", LABEL),
    _field("findings.rectification", TEXT),
    _field("findings.status", LABEL),
    _field("findings.remaining", TEXT),
    _field("findings.follow_up", TEXT),
    _field("findings.deadline", DEADLINE),
)
FINDING_LISTS = (
    _list("findings.measures", ("quote", "quote", TEXT), ("marker", "marker", MARK)),
    _list("findings.documents", ("title", "title", DOCUMENT_TITLE), ("number", "number", DOCUMENT_NUMBER)),
    _list("findings.amounts", ("", "", MONEY)),
    _list("findings.responsible", ("", "", TEXT)),
    _list("findings.accountability", ("quote", "quote", TEXT), ("kind", "kind", LABEL)),
)
FIELDS = (
    *NOTICE_FIELDS,
    *(field for listed in NOTICE_LISTS for field in listed.fields),
    *FINDING_FIELDS,
    *(field for listed in FINDING_LISTS for field in listed.fields),
)
FIELD_NAMES = tuple(field.name for field in FIELDS)
FREE_TEXT = frozenset(field.name for field in FIELDS if field.comparator.is_free_text)
STATUS = next(field for field in FINDING_FIELDS if field.name == "findings.status")


def values_of(record: Notice) -> Iterator[tuple[Field, Value]]:
    """Every value that a record holds, read straight off it."""
    yield from _values(record, NOTICE_FIELDS, NOTICE_LISTS)
    for finding in record.findings:
        yield from values_of_finding(finding)


def values_of_finding(finding: Finding) -> Iterator[tuple[Field, Value]]:
    """Every value that a finding holds, those of its lists included."""
    return _values(finding, FINDING_FIELDS, FINDING_LISTS)


def _values(holder: Any, scalars: tuple[Field, ...], lists: tuple[ListField, ...]) -> Iterator[tuple[Field, Value]]:
    for field in scalars:
        if value := field.read(holder):
            yield field, value
    for listed in lists:
        for item in listed.read(holder):
            for field in listed.fields:
                if value := field.read(item):
                    yield field, value

"""The fields of each record contract, one line each: where a value stands and what it is compared by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from eval.comparators import (
    COUNT,
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
from extractor.audits import AuditAnnouncement, AuditFinding
from extractor.gold_format import SchemaName
from extractor.records import Count, DateValue, Deadline, Extraction, Finding, Money, Notice, Quote, Status

AnyRecord = Notice | AuditAnnouncement
"""A record that can be scored."""
AnyFinding = Finding | AuditFinding
"""A finding of such a record: it has a statement, a rectification and a status, whatever else it holds."""


class Value(NamedTuple):
    """What a record holds in one field: the value that is compared, and the quote it rests on."""

    content: Any
    quote: Quote | None


_READ = frozenset({DateValue, Deadline, Money, Count, Status})


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


@dataclass(frozen=True, slots=True)
class Contract:
    """What the records of one schema hold.

    Attributes:
        name: the name in annotation files and on the command line.
        record: the schema.
        finding: that of the findings in it.
        fields: the fields of the record itself, its title first.
        lists: its lists, the findings left out.
        finding_fields: the fields of a finding.
        finding_lists: the lists of a finding.
    """

    name: SchemaName
    record: type[AnyRecord]
    finding: type[AnyFinding]
    fields: tuple[Field, ...]
    lists: tuple[ListField, ...]
    finding_fields: tuple[Field, ...]
    finding_lists: tuple[ListField, ...]

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """Every field, those of list items included: the record's, then those of findings."""
        scalars_and_lists = ((self.fields, self.lists), (self.finding_fields, self.finding_lists))
        return tuple(
            field
            for scalars, lists in scalars_and_lists
            for field in (*scalars, *(field for listed in lists for field in listed.fields))
        )


STATUS = _field("findings.status", LABEL)
"""The field that the status matrix is counted from."""
_NOTICE_FIELDS = (
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
_NOTICE_LISTS = (
    _list("contact.phones", ("", "", PHONE)),
    _list("contact.emails", ("", "", EMAIL)),
    _list("next_steps", ("", "", TEXT)),
)
_FINDING_FIELDS = (
    _field("findings.path", PATH),
    _field("findings.focus_area", TEXT),
    _field("findings.focus", LABEL),
    _field("findings.topic", TEXT),
    _field("findings.statement", TEXT),
    _field("findings.stated_as", LABEL),
    _field("findings.rectification", TEXT),
    STATUS,
    _field("findings.remaining", TEXT),
    _field("findings.follow_up", TEXT),
    _field("findings.deadline", DEADLINE),
)
_FINDING_LISTS = (
    _list("findings.measures", ("quote", "quote", TEXT), ("marker", "marker", MARK)),
    _list("findings.documents", ("title", "title", DOCUMENT_TITLE), ("number", "number", DOCUMENT_NUMBER)),
    _list("findings.amounts", ("", "", MONEY)),
    _list("findings.responsible", ("", "", TEXT)),
    _list("findings.accountability", ("quote", "quote", TEXT), ("kind", "kind", LABEL)),
)
NOTICE = Contract("notice", Notice, Finding, _NOTICE_FIELDS, _NOTICE_LISTS, _FINDING_FIELDS, _FINDING_LISTS)

_SETTLEMENT = (("amount", "amount", MONEY), ("kind", "kind", LABEL))
AUDIT = Contract(
    "audit",
    AuditAnnouncement,
    AuditFinding,
    fields=(
        _field("title", TEXT),
        _field("issuer", TEXT),
        _field("audit.auditor", TEXT),
        _field("audit.subject", TEXT),
        _field("audit.fiscal_year", DATE),
        _field("audit.reported_on", DATE),
        _field("as_of", DATE),
        _field("issued_on", DATE),
        _field("published_on", DATE),
        _field("totals.problems", COUNT),
        _field("totals.completed", COUNT),
        _field("totals.open", COUNT),
        _field("totals.amount_demanded", MONEY),
        _field("totals.amount_rectified", MONEY),
        _field("totals.regulations", COUNT),
        _field("totals.persons", COUNT),
    ),
    lists=(
        _list(
            "classes",
            ("problems", "problems", COUNT),
            ("kind", "kind", LABEL),
            ("completed", "completed", COUNT),
            ("open", "open", COUNT),
        ),
        _list("settlements", *_SETTLEMENT),
        _list("remaining", ("", "", TEXT)),
        _list("next_steps", ("", "", TEXT)),
    ),
    finding_fields=(
        _field("findings.number", MARK),
        _field("findings.heading", TEXT),
        _field("findings.area", LABEL),
        _field("findings.statement", TEXT),
        _field("findings.rectification", TEXT),
        _field("findings.kind", LABEL),
        STATUS,
        _field("findings.remaining", TEXT),
        _field("findings.deadline", DEADLINE),
    ),
    finding_lists=(
        _list("findings.settlements", *_SETTLEMENT),
        _list("findings.documents", ("title", "title", DOCUMENT_TITLE), ("number", "number", DOCUMENT_NUMBER)),
        _list("findings.amounts", ("", "", MONEY)),
        _list("findings.responsible", ("", "", TEXT)),
        _list("findings.accountability", ("quote", "quote", TEXT), ("kind", "kind", LABEL)),
    ),
)
CONTRACTS = {contract.name: contract for contract in (NOTICE, AUDIT)}
"""The contracts whose records can be scored, by name."""


def contract_of(part: Extraction | AnyFinding) -> Contract:
    """The contract of a record or of a finding."""
    return next(contract for contract in CONTRACTS.values() if isinstance(part, (contract.record, contract.finding)))


_ALL = [field.name for contract in CONTRACTS.values() for field in contract.all_fields]
FIELD_NAMES = tuple(sorted(dict.fromkeys(_ALL), key=lambda name: name.startswith("findings.")))
"""The names of the fields of all contracts, those of records before those of findings."""


def findings_of(record: AnyRecord) -> tuple[AnyFinding, ...]:
    """The findings of a record."""
    return record.findings


def values_of(record: AnyRecord) -> Iterator[tuple[Field, Value]]:
    """Every value that a record holds, read straight off it."""
    contract = contract_of(record)
    yield from _values(record, contract.fields, contract.lists)
    for finding in findings_of(record):
        yield from values_of_finding(finding)


def values_of_finding(finding: AnyFinding) -> Iterator[tuple[Field, Value]]:
    """Every value that a finding holds, those of its lists included."""
    contract = contract_of(finding)
    return _values(finding, contract.finding_fields, contract.finding_lists)


def _values(holder: Any, scalars: tuple[Field, ...], lists: tuple[ListField, ...]) -> Iterator[tuple[Field, Value]]:
    for field in scalars:
        if value := field.read(holder):
            yield field, value
    for listed in lists:
        for item in listed.read(holder):
            for field in listed.fields:
                if value := field.read(item):
                    yield field, value

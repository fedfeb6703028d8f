"""The table of fields: complete, and read off the record rightly."""

from __future__ import annotations

from collections import Counter
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from eval.fields import CONTRACTS, FIELD_NAMES, NOTICE, STATUS, Contract, contract_of, values_of
from eval.sample import sample_notice
from eval.synthetic import plain_notice
from extractor.records import Count, DateValue, Deadline, Extraction, Money, Quote, Status

NOT_SCORED = {"findings.documents.quote"}
"""Quotes that are scored as the place of another field of their item."""


def leaves(annotation: Any, path: str) -> set[str]:
    """Paths of what a person fills in, read off the record models."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return leaves(arguments[0], path)
    if origin in (Union, UnionType, tuple):
        return {leaf for part in arguments if isinstance(part, type) or get_origin(part) for leaf in leaves(part, path)}
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)) or issubclass(annotation, Enum):
        return set() if annotation is type(None) else {path}
    if annotation in (Quote, DateValue, Deadline, Money, Count, Status):
        return {path}
    own = {name: info for name, info in annotation.model_fields.items() if name not in Extraction.model_fields}
    return {leaf for name, info in own.items() for leaf in leaves(info.annotation, f"{path}.{name}".lstrip("."))}


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_every_field_of_a_contract_is_scored_once(contract: Contract) -> None:
    names = [field.name for field in contract.all_fields]
    assert leaves(contract.record, "") - NOT_SCORED == set(names)
    assert len(set(names)) == len(names)
    assert STATUS in contract.finding_fields


def test_names_are_those_of_all_contracts_once_in_order() -> None:
    assert len(set(FIELD_NAMES)) == len(FIELD_NAMES)
    assert set(FIELD_NAMES) == {field.name for contract in CONTRACTS.values() for field in contract.all_fields}
    places = [FIELD_NAMES.index(field.name) for field in NOTICE.all_fields]
    assert places == sorted(places)


def test_sample_holds_a_value_in_every_field() -> None:
    _, record = sample_notice()
    held = Counter(field.name for field, _ in values_of(record))
    assert set(held) == {field.name for field in NOTICE.all_fields}
    assert contract_of(record) is contract_of(record.findings[0]) is NOTICE
    assert held["findings.measures.marker"] == 4


def test_empty_record_holds_nothing() -> None:
    document, _ = sample_notice()
    assert not list(values_of(plain_notice(document)))


def test_value_comes_with_the_quote_it_rests_on() -> None:
    _, record = sample_notice()
    value = STATUS.read(record.findings[0])
    assert value is not None
    assert (value.content, value.quote) == ("completed", record.findings[0].status.quote)

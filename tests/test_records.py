"""The record contract as models: strict, immutable, and described well enough to instruct a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from extractor import Notice, extract
from extractor.pointers import pointer_schema
from extractor.records import (
    DateValue,
    Deadline,
    DocumentReference,
    Finding,
    Measure,
    Money,
    Quote,
    Span,
    Status,
    StatusValue,
)

QUOTE = {"text": "2023年4月", "spans": [[3, 10]]}


def nested(model: type[BaseModel]) -> dict[str, dict[str, Any]]:
    """The JSON Schemas of a model and of all that stand in it, by name."""
    schema = model.model_json_schema()
    return {model.__name__: schema, **schema.get("$defs", {})}


def test_record_survives_json(notice_path: Path) -> None:
    record = extract(notice_path)
    assert Notice.model_validate_json(record.model_dump_json()) == record
    assert Notice.model_validate(json.loads(json.dumps(record.model_dump(mode="json")))) == record


def test_json_of_a_quote_is_the_one_of_the_contract() -> None:
    quote = Quote(text="整改", spans=(Span(120, 141), Span(160, 188)))
    assert json.loads(quote.model_dump_json()) == {"text": "整改", "spans": [[120, 141], [160, 188]]}


def test_json_of_a_record_has_the_fields_of_the_contract(water_bureau: Path) -> None:
    content = json.loads(extract(water_bureau).model_dump_json())
    contract = "title issuer inspection issued_on published_on disclosure contact findings next_steps".split()
    assert set(contract) <= set(content)
    assert set(content["inspection"]) == {"kind", "authority", "team", "round", "started", "ended", "feedback_on"}
    assert set(content["disclosure"]) == {"start", "end"}
    assert set(content["contact"]) == {"phones", "emails", "postal_address", "postal_code"}
    finding = content["findings"][0]
    assert set(finding) == set(
        "path focus_area focus topic statement stated_as rectification status measures remaining follow_up deadline "
        "documents amounts responsible accountability".split()
    )
    assert set(finding["status"]) == {"value", "quote"}
    assert set(finding["measures"][0]) == {"marker", "quote"}
    assert set(finding["documents"][0]) == {"title", "number", "quote"}
    assert set(finding["amounts"][0]) == {"value", "currency", "quote"}


def test_records_are_frozen(water_bureau: Path) -> None:
    record = extract(water_bureau)
    assert record.title is not None
    for part, name in [(record, "title"), (record.findings[0], "statement"), (record.title, "text")]:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(part, name, None)


@pytest.mark.parametrize(
    "path",
    [(), ("inspection",), ("contact",), ("source",), ("findings", 0), ("findings", 0, "status"), ("title",)],
    ids=lambda path: ".".join(map(str, path)) or "record",
)
def test_unknown_fields_are_refused(water_bureau: Path, path: tuple[str | int, ...]) -> None:
    content = json.loads(extract(water_bureau).model_dump_json())
    part = content
    for step in path:
        part = part[step]
    part["comment"] = "没有这个字段"
    with pytest.raises(ValidationError, match="comment"):
        Notice.model_validate(content)


@pytest.mark.parametrize(
    "spans",
    [[], [[5, 5]], [[7, 3]], [[-1, 3]], [[0, 4], [2, 6]], [[8, 9], [2, 9]]],
    ids=["none", "empty", "backwards", "negative", "overlapping", "overlapping backwards"],
)
def test_spans_that_are_no_ranges_are_refused(spans: list[list[int]]) -> None:
    with pytest.raises(ValidationError):
        Quote.model_validate({"text": "整改", "spans": spans})


def test_spans_of_a_torn_passage_may_run_backwards() -> None:
    assert Quote.model_validate({"text": "整改", "spans": [[8, 9], [2, 3]]}).spans == (Span(8, 9), Span(2, 3))


def test_quote_without_text_is_refused() -> None:
    with pytest.raises(ValidationError):
        Quote.model_validate({"text": "", "spans": [[0, 1]]})


@pytest.mark.parametrize("value", ["2023", "2023-12", "2023-04-27"])
def test_dates_as_exact_as_the_text(value: str) -> None:
    assert DateValue.model_validate({"value": value, "quote": QUOTE}).value == value


@pytest.mark.parametrize("value", ["2023年", "2023-13", "2023-4-27", "2023-04-32", "23-04-27", "", "2023-04-27 "])
def test_dates_that_are_not_iso_are_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        DateValue.model_validate({"value": value, "quote": QUOTE})


@pytest.mark.parametrize("value", ["2023", "2023-12", "2023-12-32"])
def test_a_deadline_is_a_day(value: str) -> None:
    with pytest.raises(ValidationError):
        Deadline.model_validate({"value": value, "quote": QUOTE})


def test_choices_are_closed() -> None:
    assert Status.model_validate({"value": "completed", "quote": None}).value is StatusValue.COMPLETED
    with pytest.raises(ValidationError):
        Status.model_validate({"value": "done", "quote": None})
    with pytest.raises(ValidationError):
        Money.model_validate({"value": 5, "currency": "USD", "quote": QUOTE})


@given(st.integers(0, 10**15) | st.floats(0, 1e12))
def test_money_keeps_its_value_through_json(value: float) -> None:
    money = Money(value=value, quote=Quote.model_validate(QUOTE))
    assert Money.model_validate_json(money.model_dump_json()) == money
    assert money.currency == "CNY"


@pytest.mark.parametrize("model", [Notice, Finding], ids=lambda model: model.__name__)
def test_every_field_that_a_model_must_fill_is_described(model: type[BaseModel]) -> None:
    named_by_their_model = {"inspection", "disclosure", "contact", "status", "quote", "start", "end"}
    filled_by_code = {"Source", "Provenance", "Issue"}
    named_by_themselves = {"phones", "emails", "postal_address", "postal_code", "currency"}
    for name, schema in nested(model).items():
        if name in filled_by_code or "properties" not in schema:
            continue
        assert schema.get("description"), f"{name} has no description"
        for field, content in schema["properties"].items():
            if field in named_by_their_model | named_by_themselves | {"source", "provenance", "issues"}:
                continue
            assert len(content.get("description", "")) >= 12, f"{name}.{field} has no description to decide by"


def test_descriptions_name_the_words_of_each_status_and_kind() -> None:
    schemas = nested(Finding)
    status = schemas["Status"]["properties"]["value"]["description"]
    assert all(value.value in status for value in StatusValue)
    kind = schemas["Accountability"]["properties"]["kind"]["description"]
    assert all(value in kind for value in schemas["AccountabilityKind"]["enum"])
    focus = schemas["Finding"]["properties"]["focus"]["description"]
    assert all(value in focus for value in schemas["Focus"]["enum"])


def test_schema_forbids_unknown_fields_throughout() -> None:
    for name, schema in nested(Notice).items():
        if "properties" in schema:
            assert schema["additionalProperties"] is False, name


def test_schema_requires_every_field_of_the_contract() -> None:
    schemas = nested(Notice)
    for name in ("Finding", "Inspection", "Contact", "Disclosure", "Measure", "Quote", "DocumentReference"):
        assert set(schemas[name]["required"]) == set(schemas[name]["properties"]), name


def test_parts_can_be_read_alone() -> None:
    reference = DocumentReference.model_validate(
        {"title": "河道管理办法", "number": None, "quote": {"text": "《河道管理办法》", "spans": [[4, 12]]}}
    )
    assert reference.quote.spans == ((4, 12),)
    measures = TypeAdapter(tuple[Measure, ...]).validate_python([{"marker": "一是", "quote": QUOTE}])
    assert measures[0].marker == "一是"


def test_every_field_an_engine_fills_is_described() -> None:
    schema = pointer_schema(Notice).model_json_schema()
    bare = []
    for name, model in {"Notice": schema, **schema["$defs"]}.items():
        for field, content in model.get("properties", {}).items():
            target = schema["$defs"].get(content.get("$ref", "").rsplit("/", 1)[-1], {})
            if not (content.get("description") or target.get("description")):
                bare.append(f"{name}.{field}")
    assert bare == []

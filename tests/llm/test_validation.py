"""What of an answer is valid: one bad item loses one item, and every fault says where and what."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from extractor.llm.validation import Fault, validate
from extractor.pointers import Pointer, pointer_schema
from extractor.records import Finding, Notice


class Level(StrEnum):
    DONE = "completed"
    IN_PROGRESS = "under_way"


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    value: Level
    quote: Pointer | None = None


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")
    path: list[Pointer]
    quote: Pointer
    part: Part
    kind: Literal["巡视", "round one"] | None = None
    count: int | None = None
    name: str | None = None


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: Pointer | None
    year: int = Field(default=0, ge=0)
    findings: list[Item]


GOOD: dict[str, Any] = {"path": ["1"], "quote": "2", "part": {"value": "completed", "quote": "3"}}
FINDING: dict[str, Any] = {
    "statement": "5",
    "focus": "policy",
    "stated_as": "problem",
    "status": {"value": "completed"},
}


def item(**changes: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The one item of an answer, in JSON, and what was repaired; it must be valid."""
    validated = validate({"title": "1", "findings": [GOOD | changes]}, Answer)
    assert not validated.faults
    (found,) = validated.content["findings"]
    return found.model_dump(mode="json"), validated.repairs


def fault(**changes: Any) -> Fault:
    """The one fault of an answer whose second item is changed so; the first must stay."""
    validated = validate({"title": "1", "findings": [GOOD, GOOD | changes]}, Answer)
    assert len(validated.content["findings"]) == 1
    (found,) = validated.faults
    return found


def test_what_is_valid_is_not_changed() -> None:
    validated = validate({"title": "12-15+18", "year": 3, "findings": [GOOD]}, Answer)
    assert validated.content["title"] == Pointer.parse("12-15+18")
    assert validated.content["findings"] == [Item.model_validate(GOOD)]
    assert not validated.faults and not validated.repairs


@pytest.mark.parametrize(
    ("changes", "expected", "repairs"),
    [
        ({"quote": 12}, {"quote": "12"}, ("number_to_pointer",)),
        ({"quote": 12.0}, {"quote": "12"}, ("number_to_pointer",)),
        ({"quote": ["12", "15"]}, {"quote": "12+15"}, ("pointers_joined",)),
        ({"quote": [12, 15]}, {"quote": "12+15"}, ("number_to_pointer", "pointers_joined")),
        ({"quote": "[12－15，18]"}, {"quote": "12-15+18"}, ("pointer_respelled",)),
        ({"quote": "12：（一）是，否"}, {"quote": "12:（一）是，否"}, ("pointer_respelled",)),
        ({"quote": "3+12#2：是+14-15：甲…乙"}, {"quote": "3+12#2:是+14-15:甲…乙"}, ("pointer_respelled",)),
        ({"quote": "12:a+b"}, {"quote": "12:a\\+b"}, ()),
        ({"path": "1"}, {"path": ["1"]}, ("list_wrapped",)),
        ({"path": 1}, {"path": ["1"]}, ("list_wrapped", "number_to_pointer")),
        ({"path": None}, {"path": []}, ()),
        ({"path": ["1", None, ""]}, {"path": ["1"]}, ("emptied",)),
        (
            {"part": "Completed"},
            {"part": {"value": "completed", "quote": None}},
            ("object_wrapped", "choice_respelled"),
        ),
        ({"part": {"value": "In Progress"}}, {"part": {"value": "under_way", "quote": None}}, ("choice_respelled",)),
        (
            {"part": {"value": "done", "quote": ""}},
            {"part": {"value": "completed", "quote": None}},
            ("choice_respelled", "emptied"),
        ),
        ({"kind": "Round-One"}, {"kind": "round one"}, ("choice_respelled",)),
        ({"kind": "null"}, {"kind": None}, ("emptied",)),
        ({"count": "12"}, {"count": 12}, ()),
        ({"count": ""}, {"count": None}, ("emptied",)),
        ({"name": 12}, {"name": "12"}, ("number_to_text",)),
        ({"name": "null"}, {"name": "null"}, ()),
        ({"more": 1}, {}, ("extra_keys_dropped",)),
    ],
)
def test_set_right(changes: dict[str, Any], expected: dict[str, Any], repairs: tuple[str, ...]) -> None:
    found, done = item(**changes)
    assert {name: found[name] for name in expected} == expected
    assert done == repairs


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"quote": "第三条"}, "findings[1].quote", "'第三条' is no pointer"),
        ({"quote": True}, "findings[1].quote", "a pointer is a string"),
        ({"quote": None}, "findings[1].quote", "a pointer is a string"),
        ({"path": ["1", "x"]}, "findings[1].path[1]", "'x' is no pointer"),
        ({"part": {}}, "findings[1].part.value", "Field required"),
        ({"part": None}, "findings[1].part.value", "Field required"),
        ({"part": {"value": "done well"}}, "findings[1].part.value", "'completed' or 'under_way', got 'done well'"),
        ({"kind": "x"}, "findings[1].kind", "'巡视' or 'round one', got 'x'"),
        ({"count": "many"}, "findings[1].count", "valid integer"),
    ],
)
def test_fault(changes: dict[str, Any], path: str, message: str) -> None:
    found = fault(**changes)
    assert (found.path, found.field, found.index) == (path, "findings", 1)
    assert message in found.message and "http" not in found.message


def test_a_long_value_does_not_make_a_long_message() -> None:
    assert len(fault(quote="字" * 5000).message) < 300


def test_top_level_fields() -> None:
    validated = validate({"title": "x", "year": -1, "findings": None, "more": 1}, Answer)
    assert validated.content == {"findings": []}
    assert [(found.path, found.index) for found in validated.faults] == [("title", None), ("year", None)]
    assert validated.repairs == ("extra_keys_dropped",)


def test_an_item_that_is_no_object() -> None:
    validated = validate({"findings": [GOOD, "12", 7]}, Answer)
    assert len(validated.content["findings"]) == 1
    assert [found.path for found in validated.faults] == ["findings[1]", "findings[2]"]


def test_what_a_notice_does_not_say_may_be_left_out() -> None:
    schema = pointer_schema(Notice)
    validated = validate({"title": 0, "findings": [FINDING, FINDING | {"status": {"value": "?"}}]}, schema)
    (found,) = validated.content["findings"]
    assert found == pointer_schema(Finding).model_validate(found.model_dump(mode="json"))
    assert [found.path for found in validated.faults] == ["findings[1].status.value"]
    assert set(validated.content) == set(schema.model_fields)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["12", "completed"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*Item.model_fields, "value", "x"]), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(st.dictionaries(st.sampled_from([*Answer.model_fields, "x"]), values))
def test_any_data_is_valid_or_a_fault(data: dict[str, Any]) -> None:
    validated = validate(data, Answer)
    assert set(validated.content) | {found.field for found in validated.faults} >= {"title", "findings"}
    whole = {"title": None, "findings": []} | validated.content
    assert Answer.model_validate(whole).model_dump(mode="json")
    json.dumps([found.message for found in validated.faults])
    given_items = data.get("findings")
    if isinstance(given_items, list):
        lost = {found.index for found in validated.faults if found.field == "findings"}
        kept = [part for part in given_items if part is not None and not (isinstance(part, str) and not part.strip())]
        assert len(validated.content["findings"]) + len(lost) == len(kept)

"""Pointers find their places, each character once, or are told of by the path of their field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from extractor import Document
from extractor.grounding import quote_text
from extractor.llm.engine import model_units
from extractor.llm.placing import Placing
from extractor.pointers import Pointer, Units, pointer_schema
from extractor.records import Clause, Quote
from extractor.segmentation import segment

TEXT = "一、标题甲乙。\n1.问题说明。\n整改情况：已完成整改。修订台账6项，约谈2人。\n"
# 0 一、 1 标题甲乙。 2 1. 3 问题说明。 4 整改情况： 5 已完成整改。 6 修订台账6项，约谈2人。


class Item(BaseModel):
    name: Quote
    clause: Annotated[Quote | None, Clause()]
    notes: list[Quote]


class Holder(BaseModel):
    title: Quote | None
    items: list[Item]


@pytest.fixture
def units(units_of: Callable[[str], Units]) -> Units:
    return units_of(TEXT)


def said(units: Units, pointer: Any) -> str:
    return quote_text(units.document.text, pointer.places)


@pytest.mark.parametrize(
    ("notation", "text", "spans"),
    [
        ("5", "已完成整改。", 1),
        ("5-6", "已完成整改。修订台账6项，约谈2人。", 1),
        ("5+6", "已完成整改。修订台账6项，约谈2人。", 1),
        ("3+5", "问题说明。已完成整改。", 2),
        ("5-6+5", "已完成整改。修订台账6项，约谈2人。", 1),
        ("5+5-6", "已完成整改。修订台账6项，约谈2人。", 1),
        ("6+5", "修订台账6项，约谈2人。已完成整改。", 2),
        ("6:修订台账", "修订台账", 1),
        ("6:修订台帐6项", "修订台账6项", 1),
        ("6:修…6项", "修订台账6项", 1),
        ("6:修订台账+6:约谈2人", "修订台账约谈2人", 2),
        ("5-6:整改。修订", "整改。修订", 1),
    ],
)
def test_places(units: Units, notation: str, text: str, spans: int) -> None:
    placing = Placing(units)
    pointer = placing.value(Pointer.parse(notation), "title")
    assert not placing.faults
    assert said(units, pointer) == text
    assert len(pointer.places) == spans


@pytest.mark.parametrize(
    "notation", ["7", "6-9", "6-5", "99999999999999999999", "6:查无此话", "6:修订台账7项", "6#3:修订"]
)
def test_a_pointer_without_a_place_is_a_fault(units: Units, notation: str) -> None:
    placing = Placing(units)
    assert placing.value(Pointer.parse(notation), "title") is None
    (fault,) = placing.faults
    assert (fault.path, fault.field, fault.index) == ("title", "title", None)
    assert fault.message


def test_a_clause_stops_before_its_end(units: Units) -> None:
    content = {"items": [{"name": "5", "clause": "5", "notes": []}]}
    answer = pointer_schema(Holder).model_validate(content)
    placed = Placing(units).part(answer)
    assert placed is not None
    (item,) = placed["items"]
    assert said(units, item["name"]) == "已完成整改。"
    assert said(units, item["clause"]) == "已完成整改"


def test_what_cannot_be_without_its_quote_is_left_out_and_the_rest_stays(units: Units) -> None:
    items = [
        {"name": "3", "notes": ["5", "77", "6"]},
        {"name": "88", "notes": ["5"]},
        {"name": "6", "clause": "99", "notes": []},
    ]
    placing = Placing(units)
    placed = placing.part(pointer_schema(Holder).model_validate({"title": "0", "items": items}))
    assert placed is not None
    assert [said(units, item["name"]) for item in placed["items"]] == ["问题说明。", "修订台账6项，约谈2人。"]
    assert [said(units, note) for note in placed["items"][0]["notes"]] == ["已完成整改。", "修订台账6项，约谈2人。"]
    assert placed["items"][1]["clause"] is None
    assert [fault.path for fault in placing.faults] == ["items[0].notes[1]", "items[1].name", "items[2].clause"]
    assert [fault.index for fault in placing.faults] == [0, 1, 2]


pieces = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda ends: f"{min(ends)}-{max(ends)}")


@given(st.lists(pieces, min_size=1, max_size=5))
def test_no_character_is_named_twice(notations: list[str]) -> None:
    units = model_units(Units(Document(TEXT), segment))
    placing = Placing(units)
    pointer = placing.value(Pointer.parse("+".join(notations)), "title")
    offsets = [offset for start, end in pointer.places for offset in range(start, end)]
    assert len(offsets) == len(set(offsets))
    asked = {
        offset for notation in notations for place in units.resolve(Pointer.parse(notation)) for offset in range(*place)
    }
    assert (
        {offset for offset in asked if not TEXT[offset].isspace()}
        <= set(offsets)
        <= asked | {offset for offset, character in enumerate(TEXT) if character.isspace()}
    )

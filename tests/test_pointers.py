"""Pointers: a notation that reads back, spans that come back, and the schema that an engine answers in."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from extractor import Document, Notice
from extractor.errors import PointerError
from extractor.pointers import Piece, Pointer, Units, pointer_schema
from extractor.records import (
    DateValue,
    Deadline,
    DocumentReference,
    Extraction,
    FoundIn,
    Money,
    Quote,
    ReadFrom,
    Record,
    Span,
)
from extractor.segmentation import segment

TEXT = "（一）学习不深入。\n整改情况：已完成，已完成。一是加强学习，印发《学习 制度》。\n* 二是强化督查12+3次。\n"

pieces = st.builds(
    lambda first, more, literal, occurrence: Piece(first, first + more, literal, occurrence if literal else None),
    st.integers(0, 9999),
    st.integers(0, 50),
    st.none()
    | st.text(min_size=1, max_size=12)
    | st.text(st.sampled_from("+\\#:-12 、\n整改"), min_size=1, max_size=12),
    st.none() | st.integers(1, 12),
)


def units_of(text: str) -> Units:
    document = Document(text)
    return Units(document, segment(document))


@given(st.lists(pieces, min_size=1, max_size=4))
def test_notation_reads_back(parts: list[Piece]) -> None:
    pointer = Pointer(tuple(parts))
    assume(not str(pointer).endswith("+"))
    assert Pointer.parse(str(pointer)) == pointer


@pytest.mark.parametrize(
    ("notation", "expected"),
    [
        ("12", [Piece(12, 12)]),
        ("12-15", [Piece(12, 15)]),
        (" 12-15 + 18 ", [Piece(12, 15), Piece(18, 18)]),
        ("12:已完成", [Piece(12, 12, "已完成")]),
        ("12-13#2:已完成", [Piece(12, 13, "已完成", 2)]),
        ("12:3\\+4", [Piece(12, 12, "3+4")]),
        ("12:3\\\\4", [Piece(12, 12, "3\\4")]),
        ("12:甲+15:乙", [Piece(12, 12, "甲"), Piece(15, 15, "乙")]),
    ],
)
def test_notation(notation: str, expected: list[Piece]) -> None:
    assert Pointer.parse(notation) == Pointer(tuple(expected))


def test_plus_that_a_model_left_unescaped_belongs_to_the_literal() -> None:
    assert Pointer.parse("7:“5+N”党日") == Pointer((Piece(7, 7, "“5+N”党日"),))


@pytest.mark.parametrize(
    "notation", ["", " ", "已完成", "-3", "3-", "12,13", "12+", "+12", "1.5", ":已完成", "12-15-18"]
)
def test_what_is_no_pointer_is_refused(notation: str) -> None:
    with pytest.raises(PointerError, match="no pointer"):
        Pointer.parse(notation)


@given(st.text(max_size=30))
def test_any_notation_is_read_or_refused(notation: str) -> None:
    try:
        pointer = Pointer.parse(notation)
    except PointerError:
        return
    assert pointer.pieces


@given(st.data())
def test_spans_come_back_from_their_pointer(data: st.DataObject) -> None:
    text = data.draw(st.text(st.sampled_from("整改情况一是（）：，。、1.\n *#"), min_size=1, max_size=60))
    units = units_of(text)
    unit_starts = [unit.span.start for unit in units]
    unit_ends = [unit.span.end for unit in units]
    if not unit_starts:
        return
    ranges = st.tuples(st.integers(unit_starts[0], unit_ends[-1]), st.integers(unit_starts[0], unit_ends[-1]))
    spans = [
        Span(start, end)
        for start, end in data.draw(st.lists(ranges, min_size=1, max_size=3))
        # a passage begins and ends with a character, not with the blanks between units
        if start < end
        and any(unit.span.start <= start < unit.span.end for unit in units)
        and any(unit.span.start < end <= unit.span.end for unit in units)
    ]
    assert units.resolve(Pointer.parse(str(units.point(spans)))) == tuple(spans) if spans else True


def test_whole_units_need_no_literal() -> None:
    units = units_of(TEXT)
    start = TEXT.index("一是加强")
    notation = str(units.point([Span(start, TEXT.index("\n* "))]))
    assert ":" not in notation
    assert str(units.point([units[0].span, units[3].span])) == "0+3"


def test_second_occurrence_is_told_from_the_first() -> None:
    units = units_of("共已完成已完成。")
    assert units.resolve(units.point([Span(4, 7)])) == (Span(4, 7),)
    assert units.resolve(Pointer.parse("0#2:已完成")) == (Span(4, 7),)
    assert units.resolve(Pointer.parse("0:已完成")) == (Span(1, 4),)


@pytest.mark.parametrize("spans", [[Span(5, 5)], [Span(9, 4)], [Span(-1, 3)], [Span(3, 10**6)]])
def test_impossible_spans_are_refused(spans: list[Span]) -> None:
    with pytest.raises(PointerError):
        units_of(TEXT).point(spans)


def test_text_without_units_has_nothing_to_point_to() -> None:
    units = units_of(" \n ")
    assert len(units) == 0
    with pytest.raises(PointerError):
        str(units.point([Span(0, 1)]))
    with pytest.raises(PointerError):
        units.resolve(Pointer.parse("0"))


@pytest.mark.parametrize("notation", ["999", "0-999", "5-3", "1:没有这句话", "0#2:（一）"])
def test_pointers_to_nothing_are_refused(notation: str) -> None:
    with pytest.raises(PointerError):
        units_of(TEXT).resolve(Pointer.parse(notation))


@given(st.lists(pieces, min_size=1, max_size=3))
def test_any_pointer_resolves_into_the_text_or_is_refused(parts: list[Piece]) -> None:
    units = units_of(TEXT)
    try:
        spans = units.resolve(Pointer(tuple(parts)))
    except PointerError:
        return
    assert all(0 <= start < end <= len(TEXT) for start, end in spans)


class Rating(StrEnum):
    GOOD = "good"
    BAD = "bad"


class Penalty(Record):
    amount: Money = Field(description="罚款")
    rating: Rating = Field(description="评价")


class Ruling(Extraction):
    """A genre of the tests' own: an administrative ruling."""

    party: Quote | None = Field(description="当事人")
    decided_on: DateValue | None = Field(description="作出决定的日期")
    pay_by: Deadline = Field(description="缴款期限")
    basis: DocumentReference = Field(description="依据")
    numbers: tuple[Annotated[str, ReadFrom("number")], ...] = Field(description="条款号")
    penalties: tuple[Penalty, ...] = Field(description="处罚")
    kind: Literal["简易", "普通"] | None = Field(description="程序")
    sums: Annotated[tuple[Money, ...], FoundIn(("party",))] = Field(description="金额")


ANSWER = {
    "party": "1",
    "decided_on": "2:2023年1月1日",
    "pay_by": "3",
    "basis": "4-5",
    "numbers": ["6", "7"],
    "penalties": [{"amount": "8", "rating": "bad"}],
    "kind": "简易",
}


def test_schema_of_any_records_pointers() -> None:
    schema = pointer_schema(Ruling)
    assert set(schema.model_fields) == set(ANSWER)
    answer = schema.model_validate(ANSWER)
    assert answer.model_dump(mode="json") == ANSWER
    with pytest.raises(ValidationError, match="sums"):
        schema.model_validate({**ANSWER, "sums": ["1"]})


def test_optional_fields_may_be_left_out_of_an_answer() -> None:
    answer = pointer_schema(Ruling).model_validate({k: v for k, v in ANSWER.items() if k not in ("party", "kind")})
    assert answer.model_dump()["party"] is None
    with pytest.raises(ValidationError, match="pay_by"):
        pointer_schema(Ruling).model_validate({k: v for k, v in ANSWER.items() if k != "pay_by"})


@pytest.mark.parametrize(
    ("field", "value"),
    [("party", "当事人"), ("party", 12), ("kind", "听证"), ("penalties", [{"amount": "8", "rating": "ugly"}])],
)
def test_answers_outside_the_schema_are_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError, match=field):
        pointer_schema(Ruling).model_validate({**ANSWER, field: value})


def test_descriptions_pass_from_the_record_to_the_pointer_schema() -> None:
    properties = pointer_schema(Ruling).model_json_schema()["properties"]
    assert properties["party"]["description"] == "当事人"
    assert properties["penalties"]["description"] == "处罚"


def leaves(annotation: Any) -> Iterator[Any]:
    """The types that stand at the ends of a schema."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for info in annotation.model_fields.values():
            yield from leaves(info.annotation)
    elif get_origin(annotation) is Literal or not get_args(annotation):
        yield annotation
    else:
        for part in get_args(annotation):
            yield from leaves(part)


@pytest.mark.parametrize("schema", [Notice, Ruling], ids=lambda schema: schema.__name__)
def test_an_engine_writes_no_words(schema: type[BaseModel]) -> None:
    for leaf in leaves(pointer_schema(schema)):
        is_choice = get_origin(leaf) is Literal or (isinstance(leaf, type) and issubclass(leaf, StrEnum))
        assert leaf in (Pointer, NoneType) or is_choice, leaf


def test_an_engine_is_not_asked_for_what_code_finds() -> None:
    schema = pointer_schema(Notice).model_json_schema()
    assert not {"source", "provenance", "issues", "unassigned"} & set(schema["properties"])
    finding = schema["$defs"]["FindingPointers"]["properties"]
    assert {"statement", "measures", "status"} <= set(finding)
    assert not {"documents", "amounts"} & set(finding)


def test_schema_is_made_once() -> None:
    assert pointer_schema(Notice) is pointer_schema(Notice)


def test_a_model_without_quotes_keeps_its_fields() -> None:
    class Plain(BaseModel):
        name: Rating

    assert pointer_schema(Plain).model_validate({"name": "good"}).model_dump() == {"name": Rating.GOOD}


@pytest.mark.parametrize("literal", ["+", "5+", "3年+"])
def test_literal_that_ends_in_a_plus(literal: str) -> None:
    for pieces in ((Piece(12, 12, literal),), (Piece(0, 0), Piece(0, 0, literal))):
        assert Pointer.parse(str(Pointer(pieces))) == Pointer(pieces)

"""Pointers in the shortest notation that still names exactly their places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from extractor import Document
from extractor.llm.engine import model_units
from extractor.llm.packing import pack
from extractor.pointers import Pointer, Units, pointer_schema
from extractor.records import Clause, Quote, Span
from extractor.segmentation import segment

TEXT = "一、标题\n1.甲甲甲，乙乙乙；丙丙丙丙丙丙丙丙丙丙丙丙，已完成整改。\n甲+乙:丙\\丁……“戊”。\n甲甲甲，再次。\n"
UnitsOf = Callable[[str], Units]


class Said(BaseModel):
    quote: Quote | None


class Ended(BaseModel):
    quote: Annotated[Quote | None, Clause()]


def written(units: Units, schema: type[BaseModel], *spans: Span) -> str:
    answer = pointer_schema(schema)(quote=units.point(spans))
    notation: str = pack(answer, schema, units)["quote"]
    return notation


def words(units: Units, said: str) -> Span:
    start = units.document.text.index(said)
    return Span(start, start + len(said))


@pytest.mark.parametrize(
    ("said", "notation"),
    [
        ("标题", "1"),
        ("标题\n1.", "1-2"),
        ("乙乙乙", "3:乙乙乙"),
        ("丙丙丙丙丙丙丙丙丙丙丙丙，已完成整改", "4:丙丙…整改"),
        ("甲+乙", "5:甲\\+乙"),
    ],
)
def test_the_shortest_notation(units_of: UnitsOf, said: str, notation: str) -> None:
    units = units_of(TEXT)
    assert written(units, Said, words(units, said)) == notation


def test_which_of_several_is_said_where_it_must_be(units_of: UnitsOf) -> None:
    units = units_of(TEXT)
    place = words(units, "甲甲甲")
    notation = written(units, Said, Span(place.start + 1, place.end))
    assert units.resolve(Pointer.parse(notation)) == (Span(place.start + 1, place.end),)
    assert "#2" in notation


def test_a_clause_may_include_the_end_of_its_sentence(units_of: UnitsOf) -> None:
    units = units_of("一、标题\n该问题已完成整改。\n")
    place = words(units, "该问题已完成整改")
    assert written(units, Ended, place) == "2"
    assert written(units, Said, place) != "2"


def test_nothing_is_written_for_nothing(units_of: UnitsOf) -> None:
    units = units_of(TEXT)
    assert pack(pointer_schema(Said)(quote=None), Said, units) == {}


@given(st.text("甲乙丙丁，。；：1.+\\…“”\n 一、", min_size=1, max_size=60), st.data())
def test_what_is_written_names_exactly_its_place(text: str, data: st.DataObject) -> None:
    units = model_units(Units(Document(text), segment))
    inside = [offset for unit in units for offset in range(*unit.span) if not text[offset].isspace()]
    if not inside:
        return
    first, last = sorted((data.draw(st.sampled_from(inside)), data.draw(st.sampled_from(inside))))
    start, end = first, last + 1
    notation = written(units, Said, Span(start, end))
    assert units.resolve(Pointer.parse(notation)) == (Span(start, end),)

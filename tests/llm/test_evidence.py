"""Numbers that a model states are held against what the text says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel

from extractor.llm.evidence import not_borne_out
from extractor.llm.placing import Placing
from extractor.pointers import Units, pointer_schema
from extractor.records import Quote


class Item(BaseModel):
    quote: Quote | None
    value: float | None


class Holder(BaseModel):
    items: list[Item]
    total: int | None
    ready: bool | None


def issues(units: Units, **content: Any) -> list[str]:
    answer = pointer_schema(Holder).model_validate({"items": [], **content})
    placed = Placing(units).part(answer)
    found = not_borne_out(pointer_schema(Holder).model_validate(placed), Holder, units.document.text)
    assert {issue.kind for issue in found} <= {"value_not_borne_out"}
    return [issue.message for issue in found]


BORNE_OUT: list[tuple[str, float]] = [
    ("修订台账6项。", 6),
    ("投入1,234.5万元。", 1234.5),
    ("投入1,234.5万元。", 12345000),
    ("三十五项已完成。", 35),
    ("二百零三人。", 203),
    ("受益1.2万人次。", 12000),
    ("完成率95%。", 95),
    ("完成率95%。", 0.95),
    ("1.5亿元。", 150000000),
    ("共0项。", 0),
]


@pytest.mark.parametrize(("text", "value"), BORNE_OUT)
def test_what_the_quote_says_is_borne_out(units_of: Callable[[str], Units], text: str, value: float) -> None:
    assert issues(units_of(text), items=[{"quote": "0", "value": value}]) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("修订台账6项。", 7), ("修订台账16项。", 6), ("投入1.5万元。", 1.6), ("没有数字。", 1), ("完成35", 0.35)],
)
def test_what_the_quote_does_not_say_is_an_issue(units_of: Callable[[str], Units], text: str, value: float) -> None:
    (message,) = issues(units_of(text), items=[{"quote": "0", "value": value}])
    assert message.startswith(f"items[0].value is {value:g}")


def test_the_quote_counts_where_there_is_one_and_the_text_where_there_is_none(
    units_of: Callable[[str], Units],
) -> None:
    units = units_of("修订台账6项。约谈8人。")
    assert issues(units, items=[{"quote": "0", "value": 8}])
    assert not issues(units, items=[{"quote": None, "value": 8}])
    assert not issues(units, total=8)
    assert issues(units, total=9)


def test_truth_values_and_nothing_are_no_numbers(units_of: Callable[[str], Units]) -> None:
    assert issues(units_of("约谈。"), items=[{"quote": "0", "value": None}], total=None, ready=True) == []

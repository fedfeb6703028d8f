"""What a model's reply is held to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from extractor.llm.answer_schema import answer_schema
from extractor.records import Notice, Quote


class Names(BaseModel):
    """Some names."""

    names: tuple[Quote, ...] = Field(description="The names.")


def _patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from _patterns(part)


@given(last=st.integers(0, 2500), unit=st.integers(0, 5000))
def test_bounded_pointers_name_units_that_exist(last: int, unit: int) -> None:
    bounded = answer_schema(Names, last + 1)
    names = json.dumps({"names": [str(unit)]})
    if unit <= last:
        bounded.model_validate_json(names)
    else:
        with pytest.raises(ValidationError):
            bounded.model_validate_json(names)


@pytest.mark.parametrize("pointer", ["3", "3-5", "3-5+7", "3:words", "3:head…tail"])
def test_bounded_pointers_have_every_form(pointer: str) -> None:
    answer_schema(Names, 8).model_validate({"names": [pointer]})


def test_bounded_lists_end() -> None:
    bounded = answer_schema(Names, 4)
    bounded.model_validate({"names": ["0"] * 4})
    with pytest.raises(ValidationError, match="at most 4"):
        bounded.model_validate({"names": ["0"] * 5})
    answer_schema(Names).model_validate({"names": ["0"] * 5})


def test_patterns_are_of_the_kind_that_grammars_are_made_of() -> None:
    """llama.cpp takes patterns from ^ to $ without look-around, lazy repeats or classes such as \\d."""
    patterns = set(_patterns(answer_schema(Notice, 120).model_json_schema()))
    assert patterns
    for pattern in patterns:
        assert pattern.startswith("^") and pattern.endswith("$")
        assert not re.search(r"\(\?|[*+?}]\?|\\[dDwWsSbB]", pattern)


def test_a_schema_has_its_name_and_no_other_words() -> None:
    schema = answer_schema(Names).model_json_schema()
    assert schema["title"] == "Names"
    assert "description" not in json.dumps(schema)

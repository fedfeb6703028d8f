"""What a model writes for an answer, and back: nothing is lost for any schema, and the short forms are the short ones."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from extractor import Document
from extractor.audits import AuditAnnouncement
from extractor.errors import UsageError
from extractor.llm.answer_schema import answer_schema
from extractor.llm.engine import model_units
from extractor.llm.forms import form_of
from extractor.llm.packing import pack, unit_words
from extractor.llm.placing import Placing
from extractor.llm.validation import validate
from extractor.pointers import Units, pointer_schema
from extractor.records import Clause, DateValue, Money, Notice, Quote, ReadFrom, Shared, Span, WhereSilent
from extractor.segmentation import segment

TEXT = "".join(
    f"{part}、第{part}部分的标题\n（一）要点\n1.问题{part}说明，数额12万元；另有说明。\n整改：一是先做甲事。二是再做乙事，2024年5月1日完成。\n"
    for part in "一二三"
)
UNITS = model_units(Units(Document(TEXT), segment))


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Step(BaseModel):
    marker: Annotated[str | None, ReadFrom("mark")]
    quote: Quote


class Verdict(BaseModel):
    value: Annotated[Colour, WhereSilent("green")]
    quote: Annotated[Quote | None, Clause()]


class Entry(BaseModel):
    path: Annotated[tuple[Annotated[str, ReadFrom("number")], ...], Shared()]
    heading: Annotated[Quote | None, Shared()]
    colour: Annotated[Colour, Shared(), WhereSilent("red")]
    statement: Quote | None
    verdict: Verdict
    steps: tuple[Step, ...]
    due: DateValue | None


class Plain(BaseModel):
    name: Quote
    total: Money | None
    size: int | None
    share: float | None
    ready: bool
    kind: Literal["a", "b"]
    notes: tuple[Quote, ...]


class Everything(BaseModel):
    title: Quote | None
    colour: Colour | None
    entries: tuple[Entry, ...]
    plain: tuple[Plain, ...]
    one: Plain | None


PLACES = [
    place
    for unit in UNITS
    for place in (unit.span, Span(unit.span.start, unit.span.start + 2))
    if place.end <= unit.span.end
]
MARKS = [unit.span for unit in UNITS if unit.span.end - unit.span.start <= 3]

pointers = st.sampled_from(PLACES).map(lambda place: UNITS.point([place]))
pieces = st.lists(st.sampled_from(UNITS), min_size=1, max_size=3, unique=True).map(
    lambda units: UNITS.point([unit.span for unit in units])
)
quotes = pointers | pieces
marks = st.sampled_from(MARKS).map(lambda span: UNITS.point([span]))
steps = st.fixed_dictionaries({"marker": st.none() | marks, "quote": quotes})
verdicts = st.fixed_dictionaries({"value": st.sampled_from(Colour), "quote": st.none() | pointers})
entries = st.fixed_dictionaries(
    {
        "path": st.lists(marks, max_size=3),
        "heading": st.none() | quotes,
        "colour": st.sampled_from(Colour),
        "statement": st.none() | quotes,
        "verdict": verdicts,
        "steps": st.lists(steps, max_size=3),
        "due": st.none() | quotes,
    }
)
plains = st.fixed_dictionaries(
    {
        "name": quotes,
        "total": st.none() | quotes,
        "size": st.none() | st.integers(-5, 10**9),
        "share": st.none() | st.floats(0, 1, allow_nan=False),
        "ready": st.booleans(),
        "kind": st.sampled_from(["a", "b"]),
        "notes": st.lists(quotes, max_size=2),
    }
)
answers = st.fixed_dictionaries(
    {
        "title": st.none() | quotes,
        "colour": st.none() | st.sampled_from(Colour),
        "entries": st.lists(entries, max_size=4),
        "plain": st.lists(plains, max_size=2),
        "one": st.none() | plains,
    }
)


def placed(value: Any) -> Any:
    """An answer with its pointers as characters: two ways to write a passage are one."""
    if isinstance(value, BaseModel):
        return {name: placed(part) for name, part in value}
    if isinstance(value, dict):
        return {name: placed(part) for name, part in value.items()}
    if isinstance(value, list):
        return [placed(part) for part in value]
    if hasattr(value, "places"):
        kept = [offset for start, end in value.places for offset in range(start, end) if not TEXT[offset].isspace()]
        return list(dict.fromkeys(kept))
    return value


def without_end(value: Any, schema: type[BaseModel]) -> Any:
    """An answer whose clauses stop before the punctuation that ends them, as they are read back."""
    content = Placing(UNITS).part(pointer_schema(schema).model_validate(value))
    assert content is not None
    return content


def back(packed: dict[str, Any], schema: type[BaseModel]) -> Any:
    unpacked = form_of(schema).unpack(packed, lambda unit: unit_words(UNITS, unit))
    validated = validate(unpacked, pointer_schema(schema))
    assert not validated.faults
    placing = Placing(UNITS)
    content = placing.part(pointer_schema(schema).model_validate(validated.content))
    assert not placing.faults
    return content


@given(answers)
def test_what_is_packed_unpacks_to_the_same(content: dict[str, Any]) -> None:
    answer = pointer_schema(Everything).model_validate(content)
    packed = json.loads(json.dumps(pack(answer, Everything, UNITS)))
    assert placed(back(packed, Everything)) == placed(without_end(content, Everything))


@given(answers)
def test_what_is_packed_is_what_the_schema_of_the_reply_admits(content: dict[str, Any]) -> None:
    packed = pack(pointer_schema(Everything).model_validate(content), Everything, UNITS)

    def as_strings(value: Any) -> Any:
        # a mark that does not stand right before its words is written apart from them, in an object
        if isinstance(value, dict):
            return (
                value["quote"] if value.keys() == {"marker", "quote"} else {k: as_strings(v) for k, v in value.items()}
            )
        return [as_strings(part) for part in value] if isinstance(value, list) else value

    answer_schema(Everything).model_validate(as_strings(packed))


def entry(**fields: Any) -> Any:
    given_ = {"path": [], "colour": "red", "verdict": {"value": "green"}, "steps": [], **fields}
    return pointer_schema(Everything).model_validate({"entries": [given_], "plain": []})


def at(*numbers: int) -> Any:
    return UNITS.point([UNITS[number].span for number in numbers])


def test_the_short_forms() -> None:
    # 0 一、 1 title 2 （一） 3 point 4 1. 5-6 problem 7 label 8 一是 9 words 10 二是 11 words
    words = [TEXT[slice(*unit.span)] for unit in UNITS[:12]]
    assert (words[0], words[2], words[4], words[8], words[10]) == ("一、", "（一）", "1.", "一是", "二是")
    answer = entry(
        path=[at(0), at(2), at(4)],
        heading=at(1),
        statement=UNITS.point([Span(UNITS[5].span.start, UNITS[6].span.end)]),
        verdict={"value": "red", "quote": at(9)},
        steps=[{"marker": at(8), "quote": at(9)}, {"marker": None, "quote": at(11)}],
    )
    assert pack(answer, Everything, UNITS)["entries"] == [
        {
            "path": "0+2",
            "heading": "1",
            "items": [{"path": "4", "statement": "5-6", "verdict": "red 9", "steps": ["8-9", "11"]}],
        }
    ]


def test_what_neighbours_share_is_written_once() -> None:
    both = [
        dict(entry(path=[at(0), at(number)], heading=at(1), statement=at(number + 1)).entries[0]) for number in (4, 2)
    ]
    answer = pointer_schema(Everything).model_validate({"entries": both, "plain": []})
    (group,) = pack(answer, Everything, UNITS)["entries"]
    assert (group["path"], group["heading"]) == ("0", "1")
    assert [item["path"] for item in group["items"]] == ["4", "2"]


EQUAL: dict[str, tuple[Any, Any]] = {
    "a group that is one object": ({"entries": {"items": [{"statement": "5"}]}}, {"entries": [{"items": [{"statement": "5"}]}]}),
    "an item without a group": ({"entries": [{"statement": "5"}]}, {"entries": [{"items": [{"statement": "5"}]}]}),
    "items that are one object": ({"entries": [{"items": {"statement": "5"}}]}, {"entries": [{"items": [{"statement": "5"}]}]}),
    "a path in a list": ({"entries": [{"path": ["0", "2"]}]}, {"entries": [{"path": "0+2"}]}),
    "a path in two parts": ({"entries": [{"path": "0", "items": [{"path": "2"}]}]}, {"entries": [{"path": "0+2"}]}),
    "a choice alone": ({"entries": [{"verdict": "red"}]}, {"entries": [{"verdict": {"value": "red", "quote": None}}]}),
    "a choice with its quote": ({"entries": [{"verdict": "red 9"}]}, {"entries": [{"verdict": {"value": "red", "quote": "9"}}]}),
    "a choice left out": ({"entries": [{"verdict": {"quote": "9"}}]}, {"entries": [{"verdict": "green 9"}]}),
    "a step with its mark": ({"entries": [{"steps": ["8-9"]}]}, {"entries": [{"steps": [{"marker": "8", "quote": "9"}]}]}),
    "a step that is a number": ({"entries": [{"steps": [9]}]}, {"entries": [{"steps": ["9"]}]}),
    "one step": ({"entries": [{"steps": "9"}]}, {"entries": [{"steps": ["9"]}]}),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), EQUAL.values(), ids=EQUAL)
def test_ways_to_write_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert placed(back(one, Everything)) == placed(back(other, Everything))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 99) | st.text("0123456789-+:#一 a", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["title", "entries", "items", "path", "verdict", "steps", "value", "quote", "marker", "plain", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from([*Everything.model_fields, "x"]), JSON, max_size=5))
def test_any_json_is_understood_or_refused_part_by_part(said: dict[str, Any]) -> None:
    unpacked = form_of(Everything).unpack(said, lambda unit: unit_words(UNITS, unit))
    validated = validate(unpacked, pointer_schema(Everything))
    placing = Placing(UNITS)
    for name, value in validated.content.items():
        placing.value(value, name)
    assert all(fault.field in Everything.model_fields for fault in (*validated.faults, *placing.faults))


@pytest.mark.parametrize("schema", [Notice, AuditAnnouncement, Everything])
def test_the_schema_of_the_reply_is_plain(schema: type[BaseModel]) -> None:
    said = json.dumps(answer_schema(schema).model_json_schema())
    assert '"additionalProperties": true' not in said
    assert "description" not in said and '"null"' not in said


@pytest.mark.parametrize("units", [0, 1, 9, 10, 57, 100, 1000])
def test_bounded_pointers_name_units_that_exist(units: int) -> None:
    class Title(BaseModel):
        title: Quote | None

    schema = answer_schema(Title, units)
    last = max(units - 1, 0)
    for good in (f"{last}", f"0-{last}", f"{last}:甲", f"0+{last}"):
        schema.model_validate({"title": good})
    for bad in (f"{last + 1}", f"0-{last + 1}", "00", f"1{last}0", "", "a", "-1"):
        with pytest.raises(ValueError, match="pattern"):
            schema.model_validate({"title": bad})


def test_a_field_that_cannot_be_asked_for_is_named() -> None:
    class Wrong(BaseModel):
        inner: list[dict[str, int]]

    with pytest.raises(UsageError, match=r"Wrong\.inner: nothing can be pointed to"):
        form_of(Wrong)

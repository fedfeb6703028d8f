"""The rule engine answers with pointers only, and for notices only."""

from __future__ import annotations

import pytest

from extractor import Document, Notice
from extractor.errors import EngineError
from extractor.grounding import ground
from extractor.pointers import Units, pointer_schema
from extractor.records import Quote, Record
from extractor.rules.engine import RulesEngine
from extractor.segmentation import segment


def units_of(text: str) -> Units:
    document = Document(text)
    return Units(document, segment(document))


def test_answer_is_an_instance_of_the_pointer_schema(notice_text: str) -> None:
    answer = RulesEngine().answer(units_of(notice_text), Notice)
    schema = pointer_schema(Notice)
    assert isinstance(answer.pointers, schema)
    assert schema.model_validate_json(answer.pointers.model_dump_json()) == answer.pointers


def test_pointers_written_out_ground_to_the_same_record(notice_text: str) -> None:
    units = units_of(notice_text)
    pointers = RulesEngine().answer(units, Notice).pointers
    written = pointer_schema(Notice).model_validate_json(pointers.model_dump_json())
    direct, again = ground(units, Notice, pointers), ground(units, Notice, written)
    assert again.content == direct.content
    assert set(again.spans) == set(direct.spans)
    assert again.issues == direct.issues
    assert not [issue for issue in direct.issues if issue.kind == "pointer_unresolved"]


def test_answer_is_shorter_than_the_notice(notice_text: str) -> None:
    answer = RulesEngine().answer(units_of(notice_text), Notice)

    def pointers_in(content: object) -> list[str]:
        if isinstance(content, dict):
            return [pointer for item in content.values() for pointer in pointers_in(item)]
        if isinstance(content, list):
            return [pointer for item in content for pointer in pointers_in(item)]
        return [content] if isinstance(content, str) else []

    assert sum(map(len, pointers_in(answer.pointers.model_dump(mode="json")))) < len(notice_text)


def test_scope_and_labels_are_places_in_the_text(notice_text: str) -> None:
    answer = RulesEngine().answer(units_of(notice_text), Notice)
    assert answer.scope
    for span in (*answer.scope, *answer.labels):
        assert 0 <= span.start < span.end <= len(notice_text)


def test_other_schemas_are_refused() -> None:
    class Ruling(Record):
        party: Quote | None

    with pytest.raises(EngineError, match="Ruling"):
        RulesEngine().answer(units_of("行政处罚决定书"), Ruling)

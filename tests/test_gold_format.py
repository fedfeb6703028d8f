"""Gold annotations as files: what is written is read back, and what is broken is refused field by field."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from eval.gold import guideline_versions, load_gold
from eval.synthetic import synthetic_notice
from extractor import Document, Notice
from extractor.gold_format import (
    GUIDELINE,
    AnnotationError,
    annotation_json,
    ground_annotation,
    is_annotation,
    read_annotation,
)

GOLD = Path(__file__).parents[1] / "gold"


@pytest.fixture
def document_and_content() -> tuple[Document, dict[str, Any]]:
    document, record = synthetic_notice(random.Random(5), 4, 1200)
    written = annotation_json(record, document, guideline="1.0", annotator="a", split="dev")
    return document, json.loads(written)


def test_guideline_is_that_of_the_gold() -> None:
    assert guideline_versions(GOLD / "GUIDELINES.md")[0] == GUIDELINE


def test_annotation_files_of_the_gold_are_written_as_they_are_read() -> None:
    for gold in (*load_gold(GOLD).documents, *load_gold(GOLD, split="layouts").documents):
        text = (GOLD / "annotations" / f"{gold.name}.json").read_text(encoding="utf-8")
        annotation = read_annotation(json.loads(text), gold.name)
        record = ground_annotation(annotation, gold.document, Notice)
        assert record == gold.record
        head = {"guideline": annotation.guideline, "annotator": annotation.annotator, "split": annotation.split}
        assert annotation_json(record, gold.document, **head) == text  # type: ignore[arg-type]


def test_records_and_annotations_are_told_apart(document_and_content: tuple[Document, dict[str, Any]]) -> None:
    document, content = document_and_content
    record = ground_annotation(read_annotation(content, "a"), document, Notice)
    assert is_annotation(content)
    assert not is_annotation(json.loads(record.model_dump_json()))
    assert not is_annotation([content])


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("annotator",), "c", "annotator"),
        (("source", "name"), "../a.txt", "source.name"),
        (("source", "sha256"), "0" * 64, "source.sha256"),
        (("source", "length"), 3, "source.length"),
        (("record", "title", "spans"), [[0, 10**9]], "record.title.spans"),
        (("record", "title", "edges"), ["不是", "这个"], "record.title.edges"),
        (("record", "findings", 1, "status"), {"value": "completed", "quote": None}, "record.findings[1].status.quote"),
        (("record", "findings", 0, "focus"), "nothing", "record.findings[0].focus"),
        (("record", "issued_on", "value"), "15.1.2024", "record.issued_on.value"),
        (("record", "more"), 1, "record.more"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(
    document_and_content: tuple[Document, dict[str, Any]], path: tuple[Any, ...], value: Any, field: str
) -> None:
    document, content = document_and_content
    holder: Any = content
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    with pytest.raises(AnnotationError) as raised:
        ground_annotation(read_annotation(content, "a.json"), document, Notice)
    assert raised.value.problems[0][0] == field
    assert field in str(raised.value)

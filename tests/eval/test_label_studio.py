"""Label Studio tasks: made from records, valid for the tool, and back to the same records."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.gold import GoldDocument, GoldError
from eval.label_studio import annotation_task, labeling_config, prediction_task, read_task
from extractor.document import Document
from extractor.records import Quote, Span, StatusValue

Results = list[dict[str, Any]]


def _task(gold: GoldDocument) -> dict[str, Any]:
    """A task as it comes back from the tool: through JSON."""
    task: dict[str, Any] = json.loads(json.dumps(annotation_task(gold)))
    return task


def _results(task: dict[str, Any]) -> Results:
    results: Results = task["annotations"][0]["result"]
    return results


def _region(results: Results, label: str, number: int = 0) -> dict[str, Any]:
    return [one for one in results if one["type"] == "labels" and one["value"]["labels"] == [label]][number]


def _read(task: dict[str, Any]) -> GoldDocument:
    return read_task(task, "adjudicated", guideline="1.0")


def test_a_gold_document_comes_back_as_it_was(ferry: GoldDocument) -> None:
    assert _read(_task(ferry)) == ferry


def test_random_records_come_back_as_they_were(gold_documents: st.SearchStrategy[GoldDocument]) -> None:
    @given(gold_documents, st.randoms(use_true_random=False))
    @settings(deadline=None)
    def check(gold: GoldDocument, shuffle: random.Random) -> None:
        task = _task(gold)
        regions = [one for one in _results(task) if one["type"] != "relation"]
        relations = [one for one in _results(task) if one["type"] == "relation"]
        values = [one for one in regions if one["type"] != "labels"]
        shuffle.shuffle(values)
        labels = [one for one in regions if one["type"] == "labels"]
        task["annotations"][0]["result"] = [*labels, *values, *relations]
        assert _read(task) == gold

    check()


def test_what_the_tool_itself_exports_is_the_record_that_was_prefilled(ferry: GoldDocument) -> None:
    """The file is the JSON export of Label Studio 1.23.2 after its editor took over and submitted the prediction."""
    (task,) = json.loads((Path(__file__).parent / "data" / "label_studio_export.json").read_text(encoding="utf-8"))
    gold = _read(task)
    assert gold.record == ferry.record
    assert gold.document == ferry.document


def test_regions_hold_the_text_of_their_span(ferry: GoldDocument) -> None:
    for one in _results(_task(ferry)):
        if one["type"] == "labels":
            value = one["value"]
            assert ferry.document.text[value["start"] : value["end"]] == value["text"]


def test_what_findings_share_is_one_region(ferry: GoldDocument) -> None:
    results = _results(_task(ferry))
    rectification = _region(results, "rectification")
    links = [one["to_id"] for one in results if one["type"] == "relation" and one["from_id"] == rectification["id"]]
    assert links == [_region(results, "statement", 0)["id"], _region(results, "statement", 1)["id"]]
    labels = [one["value"]["labels"][0] for one in results if one["type"] == "labels"]
    assert labels.count("rectification") == 2
    assert labels.count("focus_area") == 1


def test_a_pair_of_regions_has_one_relation_at_most(gold_documents: st.SearchStrategy[GoldDocument]) -> None:
    @given(gold_documents)
    @settings(deadline=None)
    def check(gold: GoldDocument) -> None:
        pairs = [(one["from_id"], one["to_id"]) for one in _results(_task(gold)) if one["type"] == "relation"]
        assert len(pairs) == len(set(pairs))

    check()


def test_tasks_are_valid_for_the_tool(gold_documents: st.SearchStrategy[GoldDocument], ferry: GoldDocument) -> None:
    interfaces = pytest.importorskip("label_studio_sdk.label_interface")
    interface = interfaces.LabelInterface(labeling_config())
    interface.validate()

    @given(gold_documents | st.just(ferry))
    @settings(deadline=None)
    def check(gold: GoldDocument) -> None:
        (prediction,) = prediction_task(gold.document, gold.record)["predictions"]
        assert interface.validate_prediction(prediction, return_errors=True) == []
        assert interface.validate_annotation(_task(gold)["annotations"][0])

    check()


def test_the_configuration_has_a_control_for_every_result(ferry: GoldDocument) -> None:
    view = ET.fromstring(labeling_config())  # noqa: S314 - our own
    types = {node.get("name"): node.tag.lower() for node in view.iter() if node.get("toName")}
    used = {one["from_name"]: one["type"] for one in _results(_task(ferry)) if one["type"] != "relation"}
    assert used.items() <= types.items()
    labels = {node.get("value") for node in view.iter("Label")}
    assert {one["value"]["labels"][0] for one in _results(_task(ferry)) if one["type"] == "labels"} <= labels
    assert {node.get("value") for node in view.iter("Relation")} == {"part of", "continues"}


def test_a_field_of_a_region_is_shown_for_its_labels(ferry: GoldDocument) -> None:
    view = ET.fromstring(labeling_config())  # noqa: S314 - our own
    shown = {
        node.get("name"): (node.get("whenLabelValue") or "").split(",") for node in view.iter() if node.get("perRegion")
    }
    labels = {one["id"]: one["value"]["labels"][0] for one in _results(_task(ferry)) if one["type"] == "labels"}
    for one in _results(_task(ferry)):
        if one["type"] in ("choices", "textarea") and one["from_name"] != "inspection_kind":
            assert labels[one["id"]] in shown[one["from_name"]]


def test_a_prediction_names_its_engine(ferry: GoldDocument) -> None:
    task = prediction_task(ferry.document, ferry.record)
    assert task["predictions"][0]["model_version"] == "gold 1.0"
    assert "annotations" not in task
    assert task["data"]["text"] == ferry.document.text


def test_a_status_without_its_clause_is_kept(ferry: GoldDocument) -> None:
    finding = ferry.record.findings[0]
    assert "not_stated" not in json.dumps(annotation_task(ferry))
    status = finding.status.model_copy(update={"value": StatusValue.NOT_STARTED, "quote": None})
    record = ferry.record.model_copy(update={"findings": (finding.model_copy(update={"status": status}),)})
    task = annotation_task(GoldDocument("ferry", "dev", "1.0", ferry.document, record))
    with pytest.raises(GoldError, match=r"findings\[0\]\.status\.quote: does not go with the value not_started"):
        _read(task)


def test_places_count_code_points(ferry: GoldDocument) -> None:
    document = Document("𠮷𠮷" + ferry.document.text, name="ferry.txt")
    title = Quote(text="首页", spans=(Span(2, 4),))
    record = ferry.record.model_copy(update={"title": title, "findings": ()})
    (task,) = [annotation_task(GoldDocument("ferry", "dev", "1.0", document, record))]
    assert _region(_results(task), "title")["value"]["start"] == 2


def test_a_finding_without_any_place_is_refused(ferry: GoldDocument) -> None:
    finding = ferry.record.findings[0].model_copy(update={"statement": None, "rectification": None})
    record = ferry.record.model_copy(update={"findings": (finding,)})
    with pytest.raises(GoldError, match=r"findings\[0\]: has neither statement nor rectification"):
        prediction_task(ferry.document, record)


def _draw(results: Results, label: str, start: int, end: int, part_of: str | None = None, **values: Any) -> str:
    """What a person does: draws a region, fills in its fields, relates it."""
    region = f"Xy_{len(results)}"
    place = {"start": start, "end": end, "text": "…"}
    head = {"id": region, "to_name": "text", "origin": "manual"}
    results.append({**head, "from_name": "label", "type": "labels", "value": {**place, "labels": [label]}})
    for name, value in values.items():
        key, kind = ("choices", "choices") if name in ("focus", "stated_as", "status") else ("text", "textarea")
        results.append({**head, "from_name": name, "type": kind, "value": {**place, key: value}})
    if part_of:
        results.append(
            {"from_id": region, "to_id": part_of, "type": "relation", "direction": "right", "labels": ["part of"]}
        )
    return region


def test_what_a_person_draws_takes_its_place_by_where_it_stands(ferry: GoldDocument) -> None:
    task = _task(ferry)
    results = _results(task)
    text = ferry.document.text
    statement = _region(results, "statement", 2)["id"]
    start, middle = text.index("正在清理"), text.index("2024年6月底")
    _draw(results, "measure", middle, middle + 11, statement)
    _draw(results, "measure", start, middle, statement, marker=["一是"])
    _draw(results, "next_step", text.index("（一）"), text.index("（一）") + 3)
    record = _read(task).record
    measures = record.findings[2].measures
    assert [(measure.marker, measure.quote.text) for measure in measures] == [
        ("一是", "正在清理历年欠款12.5万元，"),
        (None, "2024年6月底前完成"),
    ]
    assert [step.text for step in record.next_steps] == ["（一）", "加强学习。", "巩固成果。"]


def test_a_finding_drawn_by_a_person_comes_between_the_others(ferry: GoldDocument) -> None:
    task = _task(ferry)
    results = _results(task)
    start = ferry.document.text.index("救生设备")
    _draw(results, "rectification", start - 3, start, focus=["other"], stated_as=["task"])
    findings = _read(task).record.findings
    assert [finding.stated_as for finding in findings] == ["problem", "task", "problem", "problem"]
    assert findings[1].statement is None
    assert findings[1].path == ()
    assert findings[1].status.value == StatusValue.NOT_STATED


def test_a_person_joins_pieces_and_may_turn_an_arrow(ferry: GoldDocument) -> None:
    task = _task(ferry)
    results = _results(task)
    piece = _draw(results, "rectification", 0, 2)
    rectification = _region(results, "rectification", 1)["id"]
    arrow = {"from_id": rectification, "to_id": piece, "type": "relation", "direction": "left"}
    results.append({**arrow, "labels": ["continues"]})
    quote = _read(task).record.findings[2].rectification
    assert quote is not None
    assert quote.text.endswith("完成。首页")
    assert quote.spans[-1] == (0, 2)


def test_white_space_drawn_with_a_passage_is_left_out(ferry: GoldDocument) -> None:
    task = _task(ferry)
    title = _region(_results(task), "title")["value"]
    title["start"], title["end"] = title["start"] - 2, title["end"] + 2
    assert _read(task).record.title == ferry.record.title


def test_a_measure_related_to_the_rectification_is_part_of_its_findings(ferry: GoldDocument) -> None:
    task = _task(ferry)
    results = _results(task)
    measure, rectification = _region(results, "measure")["id"], _region(results, "rectification")["id"]
    results[:] = [one for one in results if one.get("from_id") != measure]
    results.append(
        {"from_id": measure, "to_id": rectification, "type": "relation", "direction": "right", "labels": ["part of"]}
    )
    first, second, _ = _read(task).record.findings
    assert len(first.measures) == len(second.measures) == 2


def test_ids_that_the_tool_has_lengthened_still_keep_their_order(ferry: GoldDocument) -> None:
    longer = json.loads(json.dumps(annotation_task(ferry)).replace('"zg', '"zg0').replace("zg0", "zg"))
    for one in _results(longer):
        for key in ("id", "from_id", "to_id"):
            if key in one:
                one[key] += "#k3"
    assert _read(longer) == ferry


def _change(label: str, **value: Any) -> Callable[[Results], None]:
    return lambda results: _region(results, label)["value"].update(value)


def _without(name: str) -> Callable[[Results], None]:
    def change(results: Results) -> None:
        results[:] = [one for one in results if one.get("from_name") != name]

    return change


def _unrelated(label: str) -> Callable[[Results], None]:
    def change(results: Results) -> None:
        region = _region(results, label)["id"]
        results[:] = [one for one in results if one.get("from_id") != region]

    return change


def _relation(source: str, target: str, *labels: str, direction: str = "right") -> Callable[[Results], None]:
    def change(results: Results) -> None:
        ends = {"from_id": _region(results, source)["id"], "to_id": _region(results, target)["id"]}
        results.append({**ends, "type": "relation", "direction": direction, "labels": list(labels)})

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_change("title", labels=["headline"]), "one label of this project"),
        (_change("title", labels=["title", "issuer"]), "one label of this project"),
        (_change("title", end=10**6), "no range within the text"),
        (_change("title", start=9, end=11), "nothing but white space"),
        (_change("issuer", labels=["title"]), "second title"),
        (_without("focus"), "should have one focus"),
        (_without("sum"), "should have one sum"),
        (_unrelated("measure"), r"\(measure at \d+-\d+\): belongs to no finding"),
        (_relation("title", "statement", "part of"), "cannot be part of a finding"),
        (_relation("measure", "statement"), "one way"),
        (_relation("measure", "statement", "part of", direction="bi"), "one way"),
        (_relation("measure", "statement", "continues"), "its own label"),
        (_relation("title", "title", "continues"), "in a circle"),
        (lambda results: results.append({"type": "number", "from_name": "stars", "id": "zg0001"}), "«stars»"),
        (
            lambda results: results.append({"type": "textarea", "from_name": "date", "id": "zg9999"}),
            "no labelled region",
        ),
        (lambda results: results[1]["value"].update(labels=[]), "one label of this project"),
        (
            lambda results: next(one for one in results if one.get("from_name") == "sum")["value"].update(
                text=["五万"]
            ),
            "sum cannot be «五万»",
        ),
        (
            lambda results: next(one for one in results if one.get("from_name") == "date")["value"].update(
                text=["May"]
            ),
            r"inspection\.started\.value",
        ),
        (
            lambda results: results.append(
                {"from_id": "zg0001", "to_id": "gone", "type": "relation", "direction": "right", "labels": ["part of"]}
            ),
            "not there",
        ),
    ],
)
def test_an_annotation_that_is_no_record_is_refused(
    ferry: GoldDocument, change: Callable[[Results], None], message: str
) -> None:
    task = _task(ferry)
    change(_results(task))
    with pytest.raises(GoldError, match=message) as refused:
        _read(task)
    assert refused.value.file == "ferry.txt"


def test_of_several_annotations_one_must_be_chosen(ferry: GoldDocument) -> None:
    task = _task(ferry)
    (annotation,) = task["annotations"]
    cancelled = {"result": [], "was_cancelled": True, "completed_by": 3}
    other = {"result": [], "was_cancelled": False, "completed_by": {"id": 2, "email": "b@example.cn"}}
    task["annotations"] = [{**annotation, "completed_by": 1}, cancelled, other]
    with pytest.raises(GoldError, match="there are 2, by 1, 2"):
        _read(task)
    chosen = read_task(task, "a", guideline="1.0", completed_by=1)
    assert (chosen.record, chosen.annotator) == (ferry.record, "a")
    with pytest.raises(GoldError, match="there are 0, by nobody"):
        read_task(task, "a", guideline="1.0", completed_by=3)


@pytest.mark.parametrize(
    ("data", "message"), [({}, r"data\.text"), ({"text": "别的正文", "sha256": "0" * 64}, r"data\.sha256")]
)
def test_a_task_needs_its_own_text(ferry: GoldDocument, data: dict[str, Any], message: str) -> None:
    with pytest.raises(GoldError, match=message):
        _read({**_task(ferry), "data": data})


def test_a_task_made_elsewhere_gets_the_split_and_guideline_given(ferry: GoldDocument) -> None:
    task = _task(ferry)
    task["data"] = {"text": ferry.document.text}
    task["id"] = 7
    gold = read_task(task, "b", guideline="1.1", split="test")
    assert (gold.name, gold.split, gold.guideline, gold.annotator) == ("task-7", "test", "1.1", "b")
    assert gold.record.findings == ferry.record.findings

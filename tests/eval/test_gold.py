"""Gold files: written without the text, loaded with every check."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.gold import (
    GoldDocument,
    GoldError,
    annotation_json,
    ground_annotation,
    load_gold,
    read_annotation,
    write_annotation,
)
from extractor.document import Document
from extractor.errors import InputError, ZhenggaiError

GOLD = Path(__file__).parents[2] / "gold"


def test_a_gold_folder_loads_what_was_written(gold_folder: Path, ferry: GoldDocument) -> None:
    gold = load_gold(gold_folder)
    assert gold.documents == (ferry,)
    assert gold.left_out == ()
    assert gold.documents[0].record.provenance.engine == "gold"


def test_an_annotation_holds_no_text_of_the_notice(ferry: GoldDocument) -> None:
    edges = re.compile(r'"edges": \["[^"]{1,2}", "[^"]{1,2}"\]')
    chinese = re.findall(r"[一-鿿]{3,}", edges.sub("", annotation_json(ferry)))
    assert chinese == []


def test_an_annotation_file_is_the_same_text_for_the_same_annotation(gold_folder: Path) -> None:
    written = (gold_folder / "annotations" / "ferry.json").read_text(encoding="utf-8")
    assert annotation_json(load_gold(gold_folder).documents[0]) == written
    assert max(map(len, written.splitlines())) <= 120


def test_random_records_come_back_as_they_were(
    gold_documents: st.SearchStrategy[GoldDocument], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("random") / "random.json"

    @given(gold_documents)
    @settings(deadline=None)
    def check(gold: GoldDocument) -> None:
        write_annotation(gold, path)
        assert ground_annotation(read_annotation(path), gold.document, path) == gold

    check()


def _set(*steps: Any, value: Any) -> Callable[[Any], None]:
    def change(content: Any) -> None:
        for step in steps[:-1]:
            content = content[step]
        content[steps[-1]] = value

    return change


def _delete(*steps: Any) -> Callable[[Any], None]:
    def change(content: Any) -> None:
        for step in steps[:-1]:
            content = content[step]
        del content[steps[-1]]

    return change


FINDING = ("record", "findings", 0)


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        (_set("guideline", value="9.9"), "guideline", "9.9 is not known"),
        (_set("annotator", value="a"), "annotator", "among those of adjudicated"),
        (_set("annotator", value="engine"), "annotator", "ferry.json"),
        (_set("split", value="train"), "split", "ferry.json"),
        (_delete("schema"), "schema", "required"),
        (_set("note", value="?"), "note", "not permitted"),
        (_set("source", "sha256", value="0" * 64), "source.sha256", "the text's is"),
        (_set("source", "length", value=7), "source.length", "the text has"),
        (_set("source", "name", value="../ferry.txt"), "source.name", "ferry.json"),
        (_set("record", "title", "spans", value=[[0, 10**6]]), "record.title.spans", "no range"),
        (_set("record", "title", "spans", value=[[30, 20]]), "record.title.spans", "no range"),
        (_set("record", "title", "spans", value=[[10, 30], [20, 40]]), "record.title.spans", "overlap"),
        (_set("record", "title", "spans", value=[[9, 20]]), "record.title.spans", "should be written"),
        (_set("record", "title", "spans", value=[["1", 2]]), "record.title.spans[0][0]", "integer"),
        (_set("record", "title", "spans", value=[]), "record.title.spans", "at least 1"),
        (_set("record", "title", "edges", value=["中共", "通知"]), "record.title.edges", "通报"),
        (_delete("record", "title", "edges"), "record.title.edges", "required"),
        (_set("record", "title", value="通报"), "record.title", "ferry.json"),
        (_delete("record", "issuer"), "record.issuer", "required"),
        (_set(*FINDING, "colour", value=1), "record.findings[0].colour", "not permitted"),
        (_set(*FINDING, "status", "value", value="done"), "record.findings[0].status.value", "ferry.json"),
        (_set(*FINDING, "status", "value", value="not_stated"), "record.findings[0].status.quote", "does not go"),
        (_set(*FINDING, "status", "quote", value=None), "record.findings[0].status.quote", "does not go"),
        (_set(*FINDING, "amounts", 0, "value", value="5万"), "record.findings[0].amounts[0].value", "ferry.json"),
        (_set(*FINDING, "documents", 0, "title", value="办法"), "record.findings[0].documents[0].title", "is text"),
        (_set("record", "issued_on", "value", value="2024-13-01"), "record.issued_on.value", "ferry.json"),
    ],
)
def test_a_broken_annotation_is_refused_by_file_and_field(
    broken: Callable[[Callable[[Any], None]], Path], change: Callable[[Any], None], field: str, message: str
) -> None:
    folder = broken(change)
    with pytest.raises(GoldError, match=re.escape(message)) as refused:
        load_gold(folder)
    assert refused.value.field.removesuffix(".int").removesuffix(".float") == field
    assert refused.value.file == str(folder / "annotations" / "ferry.json")
    assert f"ferry.json: {field}" in str(refused.value)
    assert isinstance(refused.value, ZhenggaiError)


def test_a_document_title_must_lie_in_its_quote(broken: Callable[[Callable[[Any], None]], Path]) -> None:
    def change(content: Any) -> None:
        content["record"]["findings"][0]["documents"][0]["title"] = content["record"]["title"]

    with pytest.raises(GoldError, match="does not lie within") as refused:
        load_gold(broken(change))
    assert refused.value.field == "record.findings[0].documents[0].title"


def test_a_document_named_twice_is_refused(broken: Callable[[Callable[[Any], None]], Path]) -> None:
    def change(content: Any) -> None:
        documents = content["record"]["findings"][0]["documents"]
        documents.append(documents[0])

    with pytest.raises(GoldError, match="named before") as refused:
        load_gold(broken(change))
    assert refused.value.field == "record.findings[0].documents[1].title"


def test_a_changed_text_is_refused(gold_folder: Path) -> None:
    path = gold_folder / "notices" / "ferry.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("渡船", "渡轮", 1), encoding="utf-8")
    with pytest.raises(GoldError, match=r"source\.sha256"):
        load_gold(gold_folder)


def test_a_file_that_is_no_json_is_refused(gold_folder: Path) -> None:
    (gold_folder / "annotations" / "ferry.json").write_text("{", encoding="utf-8")
    with pytest.raises(GoldError, match=r"ferry\.json: is no readable JSON"):
        load_gold(gold_folder)


@pytest.mark.parametrize(
    ("first_line", "version", "known"),
    [
        ("# Annotation guideline, version 1.0", "1.0", True),
        ("# Annotation guideline, version 2.0", "1.0", False),
        ("# Annotation guideline, version 2.0\n\nCompatible versions: 0.9, 1.0", "1.0", True),
    ],
)
def test_the_guideline_says_which_versions_hold(gold_folder: Path, first_line: str, version: str, known: bool) -> None:
    (gold_folder / "GUIDELINES.md").write_text(f"{first_line}\n", encoding="utf-8")
    if known:
        assert load_gold(gold_folder).documents[0].guideline == version
    else:
        with pytest.raises(GoldError, match="not known"):
            load_gold(gold_folder)


@pytest.mark.parametrize("guideline", [None, "How to annotate\n"])
def test_a_gold_folder_needs_a_guideline_with_a_version(gold_folder: Path, guideline: str | None) -> None:
    path = gold_folder / "GUIDELINES.md"
    path.unlink()
    if guideline is not None:
        path.write_text(guideline, encoding="utf-8")
    with pytest.raises(GoldError, match=r"GUIDELINES\.md"):
        load_gold(gold_folder)


def test_texts_that_do_not_ship_come_from_the_corpus_by_their_hash(gold_folder: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "other.txt").write_text("另一篇", encoding="utf-8")
    (corpus / "picture.png").write_bytes(b"\x89PNG")
    text = (gold_folder / "notices" / "ferry.txt").rename(corpus / "000.txt")
    gold = load_gold(gold_folder, corpus)
    assert [document.document.name for document in gold.documents] == ["ferry.txt"]
    text.unlink()
    assert load_gold(gold_folder, corpus) == load_gold(gold_folder)
    assert load_gold(gold_folder).left_out == ("ferry",)
    with pytest.raises(InputError, match="no such corpus folder"):
        load_gold(gold_folder, tmp_path / "nowhere")


def test_split_and_layer_choose_what_is_loaded(gold_folder: Path, ferry: GoldDocument) -> None:
    write_annotation(replace(ferry, annotator="a"), gold_folder / "layers" / "a" / "ferry.json")
    assert load_gold(gold_folder, split="test").documents == ()
    assert load_gold(gold_folder, split="dev").documents == (ferry,)
    assert load_gold(gold_folder, layer="a").documents[0].record == ferry.record
    with pytest.raises(GoldError, match="no such folder"):
        load_gold(gold_folder, layer="b")


def test_what_was_annotated_once_is_loaded_only_where_it_is_named(gold_folder: Path, ferry: GoldDocument) -> None:
    once = replace(ferry, name="once", split="layouts")
    write_annotation(once, gold_folder / "annotations" / "once.json")
    assert load_gold(gold_folder).documents == (ferry,)
    assert load_gold(gold_folder, split="layouts").documents == (once,)


def test_gold_that_ships_has_two_layers_but_for_the_split_annotated_once() -> None:
    # the notices of layouts came with their keys: there is no second reading that could be scored against the first
    splits = {path.stem: read_annotation(path).split for path in (GOLD / "annotations").glob("*.json")}
    twice = {name for name, split in splits.items() if split != "layouts"}
    assert [{path.stem for path in (GOLD / "layers" / layer).glob("*.json")} for layer in "ab"] == [twice, twice]
    layouts = load_gold(GOLD, split="layouts")
    assert {gold.name for gold in layouts.documents} == set(splits) - twice
    assert layouts.left_out == ()


def test_the_hash_of_a_gold_set_changes_with_what_is_scored(
    gold_folder: Path, broken: Callable[[Callable[[Any], None]], Path]
) -> None:
    before = load_gold(gold_folder).sha256
    path = gold_folder / "annotations" / "ferry.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
    assert load_gold(gold_folder).sha256 == before
    after = {
        load_gold(broken(change)).sha256
        for change in (_set(*FINDING, "focus", value="other"), _set("split", value="test"))
    }
    assert len(after | {before}) == 3


def test_a_title_outside_its_quote_cannot_be_written(ferry: GoldDocument) -> None:
    finding = ferry.record.findings[0]
    document = finding.documents[0].model_copy(update={"title": "别的办法"})
    spoilt = ferry.record.model_copy(update={"findings": (finding.model_copy(update={"documents": (document,)}),)})
    with pytest.raises(GoldError, match="not in its quote"):
        annotation_json(replace(ferry, record=spoilt))


def test_an_annotation_fits_no_other_text(gold_folder: Path, ferry: GoldDocument) -> None:
    path = gold_folder / "annotations" / "ferry.json"
    annotation = read_annotation(path)
    with pytest.raises(GoldError, match=r"source\.length.*\n.*source\.sha256"):
        ground_annotation(annotation, Document(f"𠮷{ferry.document.text}", name="ferry.txt"), path)

"""The gold set as a data set: declared features, and every record back out of its row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.dataset import gold_dataset, gold_features, row_content, write_dataset
from eval.gold import GoldDocument, GoldSet
from extractor.errors import UsageError
from extractor.gold_format import gold_record
from extractor.records import Extraction, Notice

datasets = pytest.importorskip("datasets")


def test_features_are_declared_for_every_field_of_a_record() -> None:
    features = gold_features()
    fields = [name for name in Notice.model_fields if name not in Extraction.model_fields]
    assert list(features) == ["name", "split", "guideline", "annotator", "sha256", "text", *fields]
    quote = {"text": datasets.Value("string"), "spans": datasets.List(datasets.List(datasets.Value("int64"), length=2))}
    assert features["title"] == quote
    assert features["findings"].feature["amounts"].feature["value"] == datasets.Value("float64")
    assert features["findings"].feature["status"] == {"value": datasets.Value("string"), "quote": quote}


def test_rows_hold_text_and_record(ferry: GoldDocument) -> None:
    (row,) = gold_dataset(GoldSet((ferry,), left_out=("elsewhere",)))
    assert (row["name"], row["split"], row["guideline"], row["annotator"]) == ("ferry", "dev", "1.0", "adjudicated")
    assert row["text"] == ferry.document.text
    assert row["findings"][2]["deadline"]["value"] == "2024-12-31"
    ((start, end),) = row["findings"][2]["deadline"]["quote"]["spans"]
    assert row["text"][start:end] == "2024年12月底"


def test_an_empty_gold_set_has_the_same_columns() -> None:
    dataset = gold_dataset(GoldSet(()))
    assert len(dataset) == 0
    assert dataset.features == gold_features()


def test_records_come_back_out_of_their_rows(gold_documents: st.SearchStrategy[GoldDocument]) -> None:
    @given(st.lists(gold_documents, max_size=3))
    @settings(deadline=None, max_examples=20)
    def check(documents: list[GoldDocument]) -> None:
        for row, gold in zip(gold_dataset(GoldSet(tuple(documents))), documents, strict=True):
            assert gold_record(row_content(row), gold.document, gold.guideline, Notice) == gold.record

    check()


def test_files_keep_features_and_rows(ferry: GoldDocument, tmp_path: Path) -> None:
    dataset = gold_dataset(GoldSet((ferry, replace(ferry, name="second"))))
    write_dataset(dataset, tmp_path / "gold.parquet")
    write_dataset(dataset, tmp_path / "gold")
    read = [
        datasets.Dataset.from_parquet(str(tmp_path / "gold.parquet"), cache_dir=str(tmp_path / "cache")),
        datasets.load_from_disk(str(tmp_path / "gold")),
    ]
    assert all(one.features == gold_features() for one in read)
    assert all(one.to_list() == dataset.to_list() for one in read)


@pytest.mark.parametrize("name", ["gold.xlsx", "gold.jsonl"])
def test_other_file_names_are_refused(ferry: GoldDocument, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"\.parquet"):
        write_dataset(gold_dataset(GoldSet((ferry,))), tmp_path / name)

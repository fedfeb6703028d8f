"""The gold set as a Hugging Face ``datasets.Dataset`` with declared features.

The features follow the record contract, so that every field keeps its type even where a whole column is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast, get_args, get_origin

from pydantic import BaseModel

from eval.gold import GoldSet
from extractor.errors import UsageError
from extractor.records import Extraction, Notice, Span

if TYPE_CHECKING:
    from datasets import Dataset, Features

_HEAD = ("name", "split", "guideline", "annotator", "sha256", "text")


def gold_features() -> Features:
    """The columns of the data set: name, split, guideline, annotator, sha256 and text, then the fields of a record."""
    from datasets import Features, Value

    return Features({name: Value("string") for name in _HEAD} | _model_features(Notice))


def gold_dataset(gold: GoldSet) -> Dataset:
    """One row for each document whose text was found; what was left out has no text and no row."""
    from datasets import Dataset

    rows = [
        {
            "name": document.name,
            "split": document.split,
            "guideline": document.guideline,
            "annotator": document.annotator,
            "sha256": document.document.sha256,
            "text": document.document.text,
            **document.record.model_dump(mode="json", exclude=set(Extraction.model_fields)),
        }
        for document in gold.documents
    ]
    features = gold_features()
    return cast("Dataset", Dataset.from_dict({name: [row[name] for row in rows] for name in features}, features))


def write_dataset(dataset: Dataset, path: Path) -> None:
    """Write a data set: Parquet for ``.parquet``, without an ending a folder that datasets loads.

    Not as JSON Lines: what reads them back takes strings such as 2024-03-05 for times, and changes them.

    Raises:
        UsageError: the file name ends in something else.
    """
    if path.suffix == ".parquet":
        dataset.to_parquet(str(path))
    elif path.suffix:
        raise UsageError(f"{path}: a data set is written as .parquet or, without an ending, as a folder")
    else:
        dataset.save_to_disk(str(path))


def _model_features(model: type[BaseModel]) -> dict[str, Any]:
    left_out = set(Extraction.model_fields) if issubclass(model, Extraction) else set()
    return {name: _feature(info.annotation) for name, info in model.model_fields.items() if name not in left_out}


def _feature(annotation: Any) -> Any:
    """The feature of a type of the record contract; every feature takes null."""
    from datasets import List, Value

    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is Span:
        return List(Value("int64"), length=2)
    if origin is tuple:
        return List(_feature(arguments[0]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model_features(annotation)
    if origin is Literal or (isinstance(annotation, type) and issubclass(annotation, str)):
        return Value("string")
    parts = [part for part in arguments if part is not NoneType]
    if set(parts) == {int, float}:
        return Value("float64")
    if origin is Annotated or len(parts) == 1:
        return _feature(parts[0])
    raise UsageError(f"a record field of type {annotation!r} has no column type yet; add it to eval/dataset.py")


def row_content(row: Mapping[str, Any]) -> dict[str, Any]:
    """The record's own fields of a row, as :func:`eval.gold.gold_record` takes them."""
    return {name: value for name, value in row.items() if name not in _HEAD}

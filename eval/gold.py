"""The gold set: annotations made by hand, kept apart from their texts, checked whenever they are loaded.

A gold folder holds ``GUIDELINES.md``, the notices that ship (``notices/NAME.txt``), the adjudicated annotations
(``annotations/NAME.json``) and the two independent layers (``layers/a``, ``layers/b``); the split ``layouts`` was
annotated once and has no layers. Documents of other genres have a guideline and a folder of their own in it; see
``FOLDERS``. Texts that do not ship are found in a corpus folder by the SHA-256 of the decoded text.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

from eval.fields import CONTRACTS, AnyRecord, contract_of
from extractor import gold_format
from extractor.document import Document
from extractor.errors import InputError, ZhenggaiError
from extractor.gold_format import Annotation, AnnotationError, Annotator, SchemaName, SourceText, Split
from extractor.gold_format import read_annotation as read_content
from extractor.records import Extraction
from extractor.standoff import Problem

Layer = Literal["annotations", "a", "b"]

SETTLED_SPLITS: frozenset[Split] = frozenset({"dev", "test", "real"})
"""Splits annotated twice and adjudicated: what is meant where no split is named. ``layouts`` was annotated once."""

CORPUS_VARIABLE = "ZHENGGAI_CORPUS"
"""Environment variable that names the corpus folder where a command line does not."""


class Folders(NamedTuple):
    """Where the gold of one genre stands in a gold folder."""

    guideline: str
    texts: str
    annotations: str
    layers: str


FOLDERS: dict[SchemaName, Folders] = {
    "notice": Folders("GUIDELINES.md", "notices", "annotations", "layers"),
    "audit": Folders("AUDITS.md", "audits/texts", "audits/annotations", "audits/layers"),
}

_VERSION = re.compile(r"^#.*\bversion (\S+)\s*$")
_COMPATIBLE = re.compile(r"(?m)^Compatible versions: *(.+)$")


class GoldError(ZhenggaiError):
    """A gold file is broken.

    Attributes:
        file: the file, as a person would look it up.
        field: the first field that is wrong; empty where the whole file is.
        problems: every field that is wrong, with what is wrong with it.
    """

    def __init__(self, file: str | Path, problems: Sequence[Problem]) -> None:
        self.file = str(file)
        self.problems = tuple(problems)
        self.field = self.problems[0][0]
        lines = [
            f"{self.file}: {field}: {message}" if field else f"{self.file}: {message}" for field, message in problems
        ]
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One document with the record that a person made of it.

    Attributes:
        name: the annotation's name, the same in every layer.
        split: dev (to look at), test (to score only), real (notices whose text does not ship), layouts (for breadth
            of layout, annotated once).
        guideline: version of the guideline it was annotated under.
        document: the text.
        record: the reference record; its engine is "gold".
        annotator: who made it: one of the two annotators, or both after adjudication.
    """

    name: str
    split: Split
    guideline: str
    document: Document
    record: AnyRecord
    annotator: Annotator = "adjudicated"


@dataclass(frozen=True, slots=True)
class GoldSet:
    """The documents of one layer.

    Attributes:
        documents: those whose text was found, by name.
        left_out: names of those whose text was not.
    """

    documents: tuple[GoldDocument, ...]
    left_out: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Identity of what is scored against: names, splits, guideline versions, texts and records."""
        digest = hashlib.sha256()
        for gold in self.documents:
            content = gold.record.model_dump_json(exclude=set(Extraction.model_fields))
            head = [gold.name, gold.split, gold.guideline, gold.document.sha256]
            digest.update(f"{json.dumps(head)}{content}\n".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


def load_gold(
    folder: str | Path,
    corpus: str | Path | None = None,
    split: Split | None = None,
    layer: Layer = "annotations",
    schema: SchemaName = "notice",
) -> GoldSet:
    """Load a layer of a gold folder, and check all of it against the texts.

    Args:
        folder: the gold folder.
        corpus: folder of texts that do not ship; without it the annotations that need it are left out.
        split: only this split; None for all that were annotated twice, see ``SETTLED_SPLITS``.
        layer: the adjudicated annotations, or the work of one annotator.
        schema: which genre.

    Raises:
        GoldError: a file is broken; the message names file and field.
        InputError: the corpus folder does not exist.
    """
    folder = Path(folder)
    place = FOLDERS[schema]
    versions = guideline_versions(folder / place.guideline)
    texts = _Texts(folder / place.texts, Path(corpus) if corpus is not None else None)
    files = folder / place.annotations if layer == "annotations" else folder / place.layers / layer
    if not files.is_dir():
        raise GoldError(files, [("", "there is no such folder of annotations")])
    documents, left_out = [], []
    for path in sorted(files.glob("*.json")):
        annotation = read_annotation(path)
        _check_header(path, annotation, versions, layer, schema)
        if annotation.split not in ({split} if split is not None else SETTLED_SPLITS):
            continue
        document = texts.find(annotation.source)
        if document is None:
            left_out.append(path.stem)
        else:
            documents.append(ground_annotation(annotation, document, path))
    return GoldSet(tuple(documents), tuple(left_out))


def guideline_versions(path: Path) -> tuple[str, ...]:
    """Versions of the guideline whose annotations hold: that in its first line, and those it lists as compatible.

    Raises:
        GoldError: there is no guideline, or its first line names no version.
    """
    try:
        guideline = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(path, [("", f"the annotation guideline cannot be read: {error}")]) from error
    version = _VERSION.match(guideline.split("\n", 1)[0])
    if version is None:
        raise GoldError(path, [("line 1", "names no version; write it as «# Annotation guideline, version 1.0»")])
    compatible = _COMPATIBLE.search(guideline)
    return (version[1], *(re.findall(r"[^\s,]+", compatible[1]) if compatible else ()))


def read_annotation(path: Path) -> Annotation:
    """Read one annotation file, without its text.

    Raises:
        GoldError: it is no JSON, or a field of its head is wrong.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise GoldError(path, [("", f"is no readable JSON: {error}")]) from error
    try:
        return read_content(content, str(path))
    except AnnotationError as error:
        raise GoldError(path, error.problems) from error


def _check_header(
    path: Path, annotation: Annotation, versions: tuple[str, ...], layer: Layer, schema: SchemaName
) -> None:
    problems = []
    if annotation.record_schema != schema:
        problems.append(("schema", f"is {annotation.record_schema}, but the file stands among those of {schema}"))
    if annotation.guideline not in versions:
        problems.append(("guideline", f"version {annotation.guideline} is not known; known are {', '.join(versions)}"))
    expected = "adjudicated" if layer == "annotations" else layer
    if annotation.annotator != expected:
        problems.append(("annotator", f"is {annotation.annotator}, but the file stands among those of {expected}"))
    if problems:
        raise GoldError(path, problems)


def ground_annotation(annotation: Annotation, document: Document, path: Path) -> GoldDocument:
    """Put an annotation and its text together.

    Raises:
        GoldError: hash or length differ, a span is out of range, an edge does not match, or the record is not
            what the contract asks for.
    """
    try:
        record = gold_format.ground_annotation(annotation, document, CONTRACTS[annotation.record_schema].record)
    except AnnotationError as error:
        raise GoldError(path, error.problems) from error
    return GoldDocument(path.stem, annotation.split, annotation.guideline, document, record, annotation.annotator)


class _Texts:
    """Where the texts of annotations are found."""

    def __init__(self, shipped: Path, corpus: Path | None) -> None:
        self._shipped = shipped
        self._corpus: dict[str, Document] = {}
        if corpus is None:
            return
        if not corpus.is_dir():
            raise InputError(f"{corpus}: there is no such corpus folder")
        for path in sorted(corpus.iterdir()):
            try:
                document = Document.from_path(path) if path.is_file() else None
            except InputError:
                continue
            if document is not None:
                self._corpus.setdefault(document.sha256, document)

    def find(self, source: SourceText) -> Document | None:
        """The text that ships under this name, else the one of the corpus with this hash."""
        shipped = self._shipped / source.name
        if shipped.is_file():
            return Document.from_path(shipped)
        document = self._corpus.get(source.sha256)
        return replace(document, name=source.name) if document is not None else None


def annotation_json(gold: GoldDocument) -> str:
    """The annotation file of a document: the same text for the same annotation, without a sentence of the notice.

    Raises:
        GoldError: the record holds a document title or number that is not in its quote.
    """
    try:
        return gold_format.annotation_json(
            gold.record,
            gold.document,
            guideline=gold.guideline,
            annotator=gold.annotator,
            split=gold.split,
            schema=contract_of(gold.record).name,
        )
    except ValueError as error:
        raise GoldError(gold.name, [("record", str(error))]) from error


def write_annotation(gold: GoldDocument, path: Path) -> None:
    """Write the annotation file of a document.

    Raises:
        GoldError: the record holds a document title or number that is not in its quote.
    """
    path.write_text(annotation_json(gold), encoding="utf-8")

"""Gold annotations as files: a record that a person made, as places in a text that stands elsewhere.

An annotation names the text it belongs to by its SHA-256, the guideline and the annotator that it was made by, and
holds the record without a sentence of the text; see :mod:`extractor.standoff`. Whatever is read is checked against the
text and against the record contract, field by field.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.audits import AuditAnnouncement, AuditFinding
from extractor.document import Document
from extractor.errors import ZhenggaiError
from extractor.records import Extraction, Finding, Notice, Provenance, Source, StatusValue
from extractor.standoff import Problem, dump_json, from_standoff, join_field, to_standoff

GUIDELINE = "1.0"
"""Version of the guideline that an annotation is made under where nobody says otherwise: that of ``gold/``."""

Annotator = Literal["a", "b", "adjudicated"]
Split = Literal["dev", "test", "real", "layouts"]
SchemaName = Literal["notice", "audit"]
RecordT = TypeVar("RecordT", bound=Extraction)


class AnnotationError(ZhenggaiError):
    """An annotation is not what the format, its text or the record contract asks for.

    Attributes:
        problems: every field that is wrong, with what is wrong with it.
    """

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{name}: {field}: {message}" for field, message in problems))


class SourceText(BaseModel):
    """Which text an annotation belongs to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[^/\\]+$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    length: Annotated[int, Field(ge=1)]


class Annotation(BaseModel):
    """An annotation file as it is written; the record is checked against the text."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    guideline: str
    annotator: Annotator
    split: Split
    record_schema: Annotated[SchemaName, Field(alias="schema")]
    source: SourceText
    record: dict[str, Any]


def is_annotation(content: Any) -> bool:
    """Whether the content of a JSON file means to be an annotation, not a record."""
    return isinstance(content, dict) and {"guideline", "annotator", "record"} <= content.keys()


def read_annotation(content: Any, name: str) -> Annotation:
    """An annotation from the content of its file.

    Raises:
        AnnotationError: a field of its head is wrong.
    """
    try:
        return Annotation.model_validate(content)
    except ValidationError as error:
        raise AnnotationError(name, validation_problems(error)) from error


def ground_annotation(annotation: Annotation, document: Document, schema: type[RecordT]) -> RecordT:
    """The record that an annotation makes with its text; its engine is "gold".

    Raises:
        AnnotationError: hash or length differ, a span is out of range, an edge does not match, or the record is not
            what the contract asks for.
    """
    if problems := _source_problems(annotation.source, document):
        raise AnnotationError(document.name, problems)
    content, problems = from_standoff(annotation.record, document.text)
    if problems:
        raise AnnotationError(document.name, [(f"record.{field}", message) for field, message in problems])
    try:
        record = gold_record(content, document, annotation.guideline, schema)
    except ValidationError as error:
        raise AnnotationError(document.name, validation_problems(error, "record")) from error
    if isinstance(record, Notice | AuditAnnouncement) and (problems := contract_problems(record)):
        raise AnnotationError(document.name, [(f"record.{field}", message) for field, message in problems])
    return record


def _source_problems(source: SourceText, document: Document) -> list[Problem]:
    problems = []
    if source.length != len(document.text):
        problems.append(("source.length", f"is {source.length}, the text has {len(document.text)} characters"))
    if source.sha256 != document.sha256:
        problems.append(("source.sha256", f"is {source.sha256}, the text's is {document.sha256}"))
    return problems


def validation_problems(error: ValidationError, field: str = "") -> list[Problem]:
    """What a model found wrong, by field, counted from the field given."""
    return [(join_field(field, found["loc"]), found["msg"]) for found in error.errors()]


def gold_record(content: dict[str, Any], document: Document, guideline: str, schema: type[RecordT]) -> RecordT:
    """A reference record of this schema: its engine is "gold", its version that of the guideline.

    Raises:
        ValidationError: the content is not what the contract asks for.
    """
    source = Source(name=document.name, sha256=document.sha256, length=len(document.text), encoding=document.encoding)
    provenance = Provenance(engine="gold", version=guideline)
    return schema.model_validate({**content, "source": source, "provenance": provenance})


def contract_problems(record: Notice | AuditAnnouncement) -> list[Problem]:
    """What no type can say: a status without its clause, a document named twice."""
    problems = []
    findings: tuple[Finding | AuditFinding, ...] = record.findings
    for index, finding in enumerate(findings):
        field = f"findings[{index}]"
        if (finding.status.value == StatusValue.NOT_STATED) != (finding.status.quote is None):
            problems.append((f"{field}.status.quote", f"does not go with the value {finding.status.value.value}"))
        titles = [document.title for document in finding.documents]
        for place, title in enumerate(titles):
            if title in titles[:place]:
                problems.append(
                    (f"{field}.documents[{place}].title", "is named before; each title stands once a finding")
                )
        if finding.statement is None and finding.rectification is None:
            problems.append((f"{field}.statement", "neither statement nor rectification: this is no finding"))
    return problems


def annotation_json(  # noqa: PLR0913 - one argument for each field of the file
    record: Extraction,
    document: Document,
    *,
    guideline: str,
    annotator: Annotator,
    split: Split,
    schema: SchemaName = "notice",
) -> str:
    """The annotation file of a record: the same text for the same annotation, without a sentence of the notice.

    Raises:
        ValueError: the record holds a document title or number that is not in its quote.
    """
    content = {
        "guideline": guideline,
        "annotator": annotator,
        "split": split,
        "schema": schema,
        "source": {"name": document.name, "sha256": document.sha256, "length": len(document.text)},
        "record": to_standoff(record, document.text),
    }
    return dump_json(content) + "\n"

"""From an engine's answer to the record: grounded, with its source, and with all that is suspicious about it."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError, create_model

from extractor._version import __version__
from extractor.checks import check, uncertain_quotes
from extractor.coverage import unassigned
from extractor.document import Document
from extractor.errors import EngineError, UsageError
from extractor.grounding import ground
from extractor.pointers import Answer, Units
from extractor.records import Extraction, Issue, Notice, Provenance, Source, Span

Schema = TypeVar("Schema", bound=BaseModel)


def assemble(units: Units, schema: type[Schema], answer: Answer, engine: str) -> Schema:
    """The record of a document.

    Args:
        units: the document as the engine read it.
        schema: the schema of the record.
        answer: what the engine said.
        engine: name of the engine.

    Returns:
        An instance of the schema that is also an :class:`~extractor.records.Extraction`.

    Raises:
        EngineError: the answer lacks what the schema cannot be without.
        UsageError: a field of the schema is called like one of those that every record carries.
    """
    document = units.document
    grounded = ground(units, schema, answer.pointers)
    issues = (*_remarks(document), *answer.issues, *grounded.issues)
    try:
        record = extraction_schema(schema)(
            **grounded.content,
            source=Source(
                name=document.name, sha256=document.sha256, length=len(document.text), encoding=document.encoding
            ),
            provenance=Provenance(engine=answer.engine or engine, version=__version__, model_use=answer.model_use),
        )
    except ValueError as error:
        raise EngineError(f"{document.name}: the answer makes no {schema.__name__}: {_reasons(error)}") from None
    record = record.model_copy(update={"issues": issues, "unassigned": unassigned(units, answer, grounded.spans)})
    found = check(record, document) if isinstance(record, Notice) else uncertain_quotes(grounded.spans, document)
    return record.model_copy(update={"issues": (*issues, *found)})


def extraction_schema(schema: type[Schema]) -> type[Schema]:
    """The schema with the fields that every record carries.

    Raises:
        UsageError: one of these is a field of the schema already.
    """
    if issubclass(schema, Extraction):
        return schema
    if schema not in _extended:
        taken = sorted(Extraction.model_fields.keys() & schema.model_fields.keys())
        if taken:
            raise UsageError(f"{schema.__name__}: every record has {', '.join(taken)} of its own; rename the field")
        _extended[schema] = create_model(schema.__name__, __base__=(schema, Extraction), __doc__=schema.__doc__)
    extended: type[Schema] = _extended[schema]
    return extended


_extended: dict[type[BaseModel], Any] = {}


def _reasons(error: ValueError) -> str:
    details = error.errors(include_url=False) if isinstance(error, ValidationError) else []
    return "; ".join(f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in details) or str(error)


def _remarks(document: Document) -> tuple[Issue, ...]:
    """What the reader of the file had to say."""
    return tuple(
        Issue(kind=remark.kind, message=remark.message, spans=tuple(Span(*span) for span in remark.spans))
        for remark in document.remarks
    )

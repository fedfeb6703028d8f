"""From a document to a record: an engine points, grounding makes the record, checks say what is suspicious."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from extractor._version import __version__
from extractor.checks import check
from extractor.coverage import unassigned
from extractor.document import Document
from extractor.errors import InputError, UsageError, ZhenggaiError
from extractor.grounding import ground
from extractor.pointers import Answer, Units
from extractor.records import Issue, Notice, Provenance, Source
from extractor.segmentation import segment

_SURROGATE = re.compile("[\ud800-\udfff]")


class Engine(Protocol):
    """Reads a document that is cut into units, and answers with pointers to them."""

    name: str

    def answer(self, units: Units, schema: type) -> Answer:
        """Point to the fields of a record of this schema."""


def engine_named(name: str) -> Engine:
    """The engine of that name.

    Raises:
        UsageError: there is none.
    """
    if name == "rules":
        from extractor.rules.engine import RulesEngine

        return RulesEngine()
    raise UsageError(f"no engine is called {name!r}; there is: rules")


def extract(source: str | Path | Document, *, engine: str | Engine = "rules") -> Notice:
    """Read one notice.

    Args:
        source: a path, a document, or the text itself; a string is taken for a path where it is short, has one line
            and names an existing file or ends in .txt or .md.
        engine: an engine or the name of one.

    Returns:
        The record, validated, with what is suspicious in ``issues``.

    Raises:
        InputError: the source cannot be read as text.
        UsageError: there is no such engine.
    """
    document = _document(source)
    if not document.text.strip():
        raise InputError(f"{document.name}: the text is empty")
    if _SURROGATE.search(document.text):
        raise InputError(f"{document.name}: the text holds half characters (lone surrogates); decode it again")
    return _extract(document, engine_named(engine) if isinstance(engine, str) else engine)


def extract_many(
    sources: Iterable[str | Path | Document], *, engine: str | Engine = "rules"
) -> Iterator[Notice | ZhenggaiError]:
    """Read many notices one after the other; for a source that fails the error stands in its place.

    Raises:
        UsageError: there is no such engine.
    """
    reader = engine_named(engine) if isinstance(engine, str) else engine
    return (_extract_or_error(source, reader) for source in sources)


def _extract_or_error(source: str | Path | Document, engine: Engine) -> Notice | ZhenggaiError:
    try:
        return extract(source, engine=engine)
    except ZhenggaiError as error:
        return error


def _document(source: str | Path | Document) -> Document:
    if isinstance(source, Document):
        return source
    if isinstance(source, Path) or _looks_like_path(source):
        return Document.from_path(source)
    return Document(source)


def _looks_like_path(source: str) -> bool:
    if len(source) > 1000 or "\n" in source or not source.strip() or "\0" in source:
        return False
    try:
        return source.lower().endswith((".txt", ".md")) or Path(source).is_file()
    except OSError:
        return False


def _extract(document: Document, engine: Engine) -> Notice:
    units = Units(document, segment)
    answer = engine.answer(units, Notice)
    grounded = ground(units, Notice, answer.pointers)
    draft = Notice(
        **grounded.content,
        source=Source(
            name=document.name, sha256=document.sha256, length=len(document.text), encoding=document.encoding
        ),
        provenance=Provenance(engine=engine.name, version=__version__),
    )
    left = unassigned(units, answer, grounded.spans)
    issues = (*_damage(document), *answer.issues, *grounded.issues)
    draft = draft.model_copy(update={"issues": issues, "unassigned": left})
    return draft.model_copy(update={"issues": (*issues, *check(draft, document))})


def _damage(document: Document) -> tuple[Issue, ...]:
    if not document.damage:
        return ()
    message = f"{document.damage} places could not be decoded as {document.encoding} and stand as U+FFFD"
    return (Issue(kind="undecodable", message=message),)

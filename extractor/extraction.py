"""From a document to a record: an engine points, grounding makes the record, checks say what is suspicious."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast, overload

from pydantic import BaseModel

from extractor.assembly import assemble
from extractor.document import Document
from extractor.errors import InputError, UsageError, ZhenggaiError
from extractor.patterns import lazy_pattern
from extractor.pointers import Answer, Units
from extractor.readers.kinds import SUFFIXES
from extractor.records import Notice
from extractor.segmentation import segment

ENGINES = ("auto", "rules", "llm", "hybrid")
"""Names of the engines: auto is the model where one is configured, else the rules."""

_SURROGATE = lazy_pattern("[\ud800-\udfff]")
Schema = TypeVar("Schema", bound=BaseModel)
Readable = str | Path | Document


class Engine(Protocol):
    """Reads a document that is cut into units, and answers with pointers to them."""

    name: str

    def answer(self, units: Units, schema: type[BaseModel]) -> Answer:
        """Point to the fields of a record of this schema."""


class AsyncEngine(Engine, Protocol):
    """An engine that can read many documents at the same time."""

    async def answer_async(self, units: Units, schema: type[BaseModel]) -> Answer:
        """The same as ``answer``, from asynchronous code."""


def engine_named(name: str) -> Engine:
    """The engine of that name, configured by the environment and the config file.

    Raises:
        UsageError: there is none, or it needs a model and none is configured.
    """
    if name == "auto":
        from extractor.llm.configured import is_configured

        name = "llm" if is_configured() else "rules"
    if name == "rules":
        from extractor.rules.engine import RulesEngine

        return RulesEngine()
    if name in ("llm", "hybrid"):
        return model_engine(name)
    raise UsageError(f"no engine is called {name!r}; there are: {', '.join(ENGINES)}")


def model_engine(name: str, *, fallback: bool = True, **settings: Any) -> AsyncEngine:
    """The engine ``llm`` or ``hybrid``, or for ``auto`` the former, with these settings.

    Args:
        name: of the engine.
        fallback: let the rules stand in where the model does not answer.
        settings: fields of :class:`extractor.llm.settings.ModelSettings`; None counts as not given.

    Raises:
        UsageError: the settings are wrong or name no model, or the packages for it are not installed.
    """
    try:
        from extractor.llm.engine import LlmEngine
        from extractor.llm.hybrid import HybridEngine
        from extractor.llm.settings import ModelSettings
    except ModuleNotFoundError as error:
        raise UsageError(f"asking a model needs {error.name}: pip install 'zhenggai[llm]'") from None
    engine = LlmEngine(ModelSettings.load(**settings), fallback=fallback)
    return HybridEngine(engine) if name == "hybrid" else engine


@overload
def extract(source: Readable, *, engine: str | Engine = "auto") -> Notice: ...
@overload
def extract(source: Readable, *, schema: type[Schema], engine: str | Engine = "auto") -> Schema: ...
def extract(source: Readable, *, schema: type[BaseModel] = Notice, engine: str | Engine = "auto") -> BaseModel:
    """Read one document.

    Args:
        source: a path, a document, or the text itself; a string is taken for a path where it is short, has one line
            and names an existing file or ends as files of notices do (.txt, .html, .docx, .pdf, .png).
        schema: what the record is to hold: a Pydantic model made of Quote, DateValue, Money, Count, enums, booleans,
            numbers, lists and models of these. The rules read notices only.
        engine: an engine or the name of one: auto, rules, llm, hybrid.

    Returns:
        The record, validated, with what is suspicious in ``issues``. Of a schema that is no
        :class:`~extractor.records.Extraction` it is an instance that has the fields of one as well.

    Raises:
        InputError: the source cannot be read.
        UsageError: there is no such engine, it is not configured, or the schema cannot be read for.
        EngineError: the engine could not answer.
    """
    reader = engine_named(engine) if isinstance(engine, str) else engine
    units = _units(source)
    return assemble(units, schema, reader.answer(units, schema), reader.name)


@overload
async def extract_async(source: Readable, *, engine: str | Engine = "auto") -> Notice: ...
@overload
async def extract_async(source: Readable, *, schema: type[Schema], engine: str | Engine = "auto") -> Schema: ...
async def extract_async(
    source: Readable, *, schema: type[BaseModel] = Notice, engine: str | Engine = "auto"
) -> BaseModel:
    """The same as :func:`extract` from asynchronous code; only waiting for a model leaves room for other work."""
    reader = engine_named(engine) if isinstance(engine, str) else engine
    units = _units(source)
    if hasattr(reader, "answer_async"):
        answer = await cast("AsyncEngine", reader).answer_async(units, schema)
    else:
        answer = reader.answer(units, schema)
    return assemble(units, schema, answer, reader.name)


@overload
def extract_many(sources: Iterable[Readable], *, engine: str | Engine = "auto") -> Iterator[Notice | ZhenggaiError]: ...
@overload
def extract_many(
    sources: Iterable[Readable], *, schema: type[Schema], engine: str | Engine = "auto"
) -> Iterator[Schema | ZhenggaiError]: ...
def extract_many(
    sources: Iterable[Readable], *, schema: type[BaseModel] = Notice, engine: str | Engine = "auto"
) -> Iterator[Any]:
    """Read many documents one after the other; for a source that fails the error stands in its place.

    Raises:
        UsageError: there is no such engine, or it is not configured.
    """
    reader = engine_named(engine) if isinstance(engine, str) else engine
    return (_extract_or_error(source, schema, reader) for source in sources)


def _extract_or_error(source: Readable, schema: type[BaseModel], engine: Engine) -> BaseModel | ZhenggaiError:
    try:
        return extract(source, schema=schema, engine=engine)
    except ZhenggaiError as error:
        return error


def _units(source: Readable) -> Units:
    document = as_document(source)
    if not document.text.strip():
        raise InputError(f"{document.name}: the text is empty")
    if _SURROGATE.search(document.text):
        raise InputError(f"{document.name}: the text holds half characters (lone surrogates); decode it again")
    return Units(document, segment)


def as_document(source: Readable) -> Document:
    """The document that a path, a text, or a document is.

    Raises:
        InputError: the file cannot be read.
    """
    if isinstance(source, Document):
        return source
    if isinstance(source, Path) or _looks_like_path(source):
        return Document.from_path(source)
    return Document(source)


def _looks_like_path(source: str) -> bool:
    if len(source) > 1000 or "\n" in source or not source.strip() or "\0" in source:
        return False
    try:
        return source.lower().endswith(SUFFIXES) or Path(source).is_file()
    except OSError:
        return False

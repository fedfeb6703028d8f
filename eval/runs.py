"""Run files: what an engine predicted for a gold set, how it scored, and everything needed to compare two runs."""

from __future__ import annotations

import hashlib
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.calibration import Calibration, calibration, certainties
from eval.errors import classify
from eval.fields import CONTRACTS, AnyRecord, contract_of
from eval.gold import GoldDocument, GoldSet
from eval.outcomes import Comparison, compare
from eval.scoring import Score, merge, score
from extractor import Document, __version__, extract, standoff
from extractor.errors import UsageError, ZhenggaiError
from extractor.extraction import engine_named
from extractor.gold_format import SchemaName
from extractor.records import Notice
from extractor.standoff import dump_json, from_standoff, join_field, to_standoff

_SCORER = ("alignment", "attachment", "comparators", "counts", "fields", "outcomes", "scoring", "spans")
"""Modules that decide what is right; their sources, and that of standoff, are the scorer's identity."""


class RunError(ZhenggaiError):
    """A run file cannot be read, or runs cannot be compared."""


class Reading(NamedTuple):
    """What an engine gave for one document.

    Attributes:
        record: the record.
        cost: what it cost, in the currency of the engine's price list; None where nothing was paid.
        confidence: the probability that a value is right, by its path in the record: ``findings[3].status``.
    """

    record: AnyRecord
    cost: float | None = None
    confidence: dict[str, float] | None = None


Reader = Callable[[Document], Reading]


class Prediction(BaseModel):
    """A predicted record: as places in the text, without its words, where nothing is lost by that."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    form: Literal["standoff", "record"]
    content: dict[str, Any]

    @classmethod
    def of(cls, record: AnyRecord, text: str) -> Prediction:
        """Pack a record."""
        head = record.model_dump(mode="json", include={"source", "provenance"})
        try:
            packed = cls(form="standoff", content={**head, **to_standoff(record, text)})
            if packed.record(text, type(record)) == record.model_copy(update={"issues": (), "unassigned": ()}):
                return packed
        except (ValueError, ZhenggaiError):
            pass
        return cls(form="record", content=record.model_dump(mode="json", exclude={"issues", "unassigned"}))

    def record(self, text: str, schema: type[AnyRecord] = Notice) -> AnyRecord:
        """The record of this schema again.

        Raises:
            RunError: it does not belong to this text.
        """
        content, problems = self.content, list[tuple[str, str]]()
        if self.form == "standoff":
            content, problems = from_standoff(content, text)
        if problems:
            field, message = problems[0]
            raise RunError(f"a prediction does not belong to its text: {field}: {message}")
        return schema.model_validate(content)


class RunDocument(BaseModel):
    """One document of a run.

    Attributes:
        sha256: of the text.
        failure: why there is no record, None where there is one.
        certainty: confidence and whether it was right, for each value that has a confidence.
        errors: number of errors by kind.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    split: str
    sha256: str
    length: int
    seconds: float
    cost: float | None = None
    failure: str | None = None
    prediction: Prediction | None = None
    certainty: tuple[tuple[float, bool], ...] = ()
    score: Score
    errors: dict[str, int] = {}


class Run(BaseModel):
    """A whole run.

    Attributes:
        engine: what was run, by the name it was asked for.
        record_schema: which genre of gold it was run on.
        identity: what the engine says of itself: versions, model, prompt.
        code: version of the package and of the working tree.
        gold: identity of the gold set.
        scorer: identity of the code that decides what is right.
        left_out: gold documents whose text was not found.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    created: str
    engine: str
    record_schema: SchemaName = "notice"
    identity: dict[str, Any]
    code: dict[str, str]
    gold: str
    scorer: str
    split: str | None
    left_out: tuple[str, ...]
    documents: Annotated[tuple[RunDocument, ...], Field(min_length=1)]

    @property
    def scores(self) -> list[Score]:
        """The score of each document."""
        return [document.score for document in self.documents]

    @property
    def total(self) -> Score:
        """The score of all documents."""
        return merge(self.scores)

    @property
    def exact(self) -> list[bool]:
        """Whether each document has nothing wrong at all."""
        return [bool(document.score.exact) for document in self.documents]

    @property
    def errors(self) -> Counter[str]:
        """Number of errors by kind."""
        counts: Counter[str] = Counter()
        for document in self.documents:
            counts.update(document.errors)
        return counts

    @property
    def seconds(self) -> float:
        """Time the engine took."""
        return sum(document.seconds for document in self.documents)

    @property
    def cost(self) -> float | None:
        """What the engine cost, None where it reports none."""
        costs = [document.cost for document in self.documents if document.cost is not None]
        return sum(costs) if costs else None

    @property
    def calibration(self) -> Calibration | None:
        """How well the engine's confidences fit, None where it gives none."""
        pairs = [pair for document in self.documents for pair in document.certainty]
        return calibration([sure for sure, _ in pairs], [right for _, right in pairs])


def reader_of(engine: str, schema: SchemaName = "notice") -> Reader:
    """Reads documents with the engine of that name, made once; the cost is taken from the record's provenance."""
    contract = CONTRACTS[schema]
    reader = engine_named(engine)

    def read(document: Document) -> Reading:
        record = extract(document, schema=contract.record, engine=reader)
        use = record.provenance.model_use
        return Reading(record, use.usage.cost if use else None)

    return read


def run_engine(engine: str, gold: GoldSet, split: str | None = None, reader: Reader | None = None) -> Run:
    """Run an engine over a gold set and score it; a document that it fails on counts as not parsed.

    Raises:
        RunError: the gold set holds no document.
        UsageError: there is no such engine, or it does not read documents of this genre.
    """
    if not gold.documents:
        left_out = f"; left out for want of their text: {', '.join(gold.left_out)}" if gold.left_out else ""
        raise RunError(f"there is no gold document to run on{left_out}")
    identity: dict[str, Any] = {}
    schema = contract_of(gold.documents[0].record).name
    read = reader or reader_of(engine, schema)
    documents = tuple(_run_document(document, read, identity) for document in gold.documents)
    return Run(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        engine=engine,
        record_schema=schema,
        identity=identity,
        code=code_version(),
        gold=gold.sha256,
        scorer=scorer_hash(),
        split=split,
        left_out=gold.left_out,
        documents=documents,
    )


def _run_document(gold: GoldDocument, read: Reader, identity: dict[str, Any]) -> RunDocument:
    reading, failure, start = None, None, time.perf_counter()
    try:
        reading = read(gold.document)
    except UsageError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever one document does to an engine, the others are scored
        failure = f"{type(error).__name__}: {error}"
    seconds = time.perf_counter() - start
    record, text = reading.record if reading else None, gold.document.text
    if record and not identity:
        identity.update(record.provenance.model_dump(mode="json", exclude={"model_use": {"usage", "outcome"}}))
    comparison = compare(gold.record, record, text)
    confidence = reading.confidence if reading else None
    return RunDocument(
        name=gold.name,
        split=gold.split,
        sha256=gold.document.sha256,
        length=len(text),
        seconds=round(seconds, 4),
        cost=reading.cost if reading else None,
        failure=failure,
        prediction=Prediction.of(record, text) if record else None,
        certainty=tuple(certainties(comparison.outcomes, confidence)) if confidence else (),
        score=score(comparison),
        errors=dict(Counter(error.kind.value for error in classify(comparison))),
    )


def comparisons(run: Run, gold: GoldSet) -> Iterator[tuple[GoldDocument, Comparison]]:
    """Each document of a run with its gold, value by value.

    Raises:
        RunError: gold or scorer are not those the run was scored with.
    """
    if run.gold != gold.sha256:
        left_out = f"; {', '.join(gold.left_out)} left out for want of their text" if gold.left_out else ""
        raise RunError(f"this is not the gold set that the run was scored against{left_out}; run the engine again")
    if run.scorer != scorer_hash():
        raise RunError("the run was scored by another version of the scorer; run the engine again")
    for document, reference in zip(run.documents, gold.documents, strict=True):
        text = reference.document.text
        predicted = document.prediction.record(text, type(reference.record)) if document.prediction else None
        yield reference, compare(reference.record, predicted, text)


def save_run(run: Run, path: Path) -> None:
    """Write a run file.

    Raises:
        RunError: it cannot be written.
    """
    try:
        path.write_text(dump_json(run.model_dump(mode="json")) + "\n", encoding="utf-8")
    except OSError as error:
        raise RunError(f"{path}: cannot be written: {error.strerror or error}") from error


def load_run(path: Path) -> Run:
    """Read a run file.

    Raises:
        RunError: it cannot be read or is none; the message names file and field.
    """
    try:
        return Run.model_validate_json(path.read_bytes())
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise RunError(f"{path}: is no run file: {join_field('', first['loc'])}: {first['msg']}") from error


def scorer_hash() -> str:
    """Identity of the scorer: SHA-256 over the sources of the modules that decide what is right."""
    digest = hashlib.sha256()
    sources = [*(Path(__file__).with_name(f"{name}.py") for name in _SCORER), Path(standoff.__file__)]
    for path in sources:
        digest.update(f"{path.stem}\0{path.read_text(encoding='utf-8')}\0".encode())
    return digest.hexdigest()


def code_version() -> dict[str, str]:
    """Version of the package and, in a working tree, what git calls it."""
    version = {"package": __version__}
    command = ("git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--tags")
    try:
        described = subprocess.run(  # noqa: S603 - git on our own folder
            command, capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return version
    return {**version, "git": described.stdout.strip()} if described.returncode == 0 else version

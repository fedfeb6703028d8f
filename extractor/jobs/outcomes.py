"""What comes of one input: a record with its rows, or a failure; both small enough to cross processes."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from dataclasses import dataclass

from pydantic_core import from_json

from extractor.errors import EngineError, InputError, ModelError, NoMoreCallsError, ZhenggaiError
from extractor.jobs.processes import WorkerLostError
from extractor.records import Notice, Usage
from extractor.sinks.rows import Rows, from_row, to_rows

_LONGEST_MESSAGE = 2000


@dataclass(frozen=True, slots=True)
class Extracted:
    """A record as its rows, packed, with the numbers a run counts.

    Attributes:
        packed: the rows as compressed JSON.
        findings: how many findings the record has.
        statuses: how many findings have each status.
        usage: what a model used for it; None of an engine that asks no model.
    """

    packed: bytes
    findings: int
    statuses: dict[str, int]
    usage: Usage | None = None

    @classmethod
    def of(cls, record: Notice, key: str) -> Extracted:
        """Pack a record under the key that its rows carry."""
        content = json.dumps(to_rows(record, key), ensure_ascii=False).encode()
        statuses = Counter(finding.status.value.value for finding in record.findings)
        use = record.provenance.model_use
        return cls(zlib.compress(content, 1), len(record.findings), dict(statuses), use.usage if use else None)


def unpack(packed: bytes) -> Rows:
    """The rows of a record."""
    return Rows(*from_json(zlib.decompress(packed)))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an input has no record.

    Attributes:
        kind: input (no readable text), model, worker (its process died), engine, or unexpected.
        message: what went wrong, where, what to do.
        retryable: whether the same attempt may succeed later.
    """

    kind: str
    message: str
    retryable: bool

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        """Classify an error."""
        message = str(error) if isinstance(error, ZhenggaiError) else f"{type(error).__name__}: {error}"
        # a file name that is no UTF-8 stands in messages with half characters
        message = message[:_LONGEST_MESSAGE].encode("utf-8", "backslashreplace").decode()
        kinds: tuple[tuple[type[BaseException], str, bool], ...] = (
            (InputError, "input", False),
            (ModelError, "model", isinstance(error, ModelError) and error.retryable),
            (WorkerLostError, "worker", True),
            (EngineError, "engine", False),
        )
        for type_, kind, retryable in kinds:
            if isinstance(error, type_):
                return cls(kind, message, retryable)
        return cls("unexpected", message, retryable=False)


@dataclass(frozen=True, slots=True)
class Unread:
    """A notice stays as it was, to be read later.

    Attributes:
        why_stop: why the run is to end; None where it is only this notice that waits, for a batch.
    """

    why_stop: str | None = None


Outcome = Extracted | Failure | Unread


def outcome_of(error: BaseException) -> Failure | Unread:
    """What an error makes of the notice that was being read."""
    return Unread(str(error)) if isinstance(error, NoMoreCallsError) else Failure.of(error)


@dataclass(frozen=True, slots=True)
class Result:
    """One input that a run has dealt with: with a record, or with a failure.

    Attributes:
        name: the input.
        key: the fingerprint of its text and engine.
        extracted: the packed record, if there is one.
        failure: why there is none.
    """

    name: str
    key: str
    extracted: Extracted | None = None
    failure: Failure | None = None

    @property
    def record(self) -> Notice | None:
        """The record, unpacked anew at each call; None for a failure."""
        return from_row(unpack(self.extracted.packed).notice) if self.extracted else None

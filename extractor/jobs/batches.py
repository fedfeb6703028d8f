"""A model asked through OpenAI's Batch API: requests go out in files, and their replies are collected days later.

Each pass over the inputs does what can be done by then: it takes in the batches that have ended, makes records of the
notices whose replies are all there, and sends what has no reply yet.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Literal, Self, TypeVar

from pydantic import BaseModel

from extractor.document import Document
from extractor.errors import EngineError, ModelError, PostponedError
from extractor.extraction import extract
from extractor.jobs.batch_store import Batch, Kept, Request
from extractor.jobs.outcomes import Extracted, Outcome, Unread, outcome_of
from extractor.jobs.store import Store
from extractor.pointers import Answer, Units
from extractor.records import Usage

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types import Batch as ProviderBatch

    from extractor.llm.completions import Reply
    from extractor.llm.engine import LlmEngine

_URL: Literal["/v1/chat/completions"] = "/v1/chat/completions"
_MARK = "zhenggai"
Made = TypeVar("Made")

_ENDED = ("completed", "failed", "expired", "cancelled")
_HOPELESS = (400, 413, 422)
"""Refusals that the same request would meet again."""

_GONE = 404
_MOST_TRIES = 3
"""Batches that may fail as a whole before their requests count as failed."""


@dataclass(frozen=True)
class BatchTerms:
    """What a provider admits and asks for.

    Attributes:
        requests: the most in a file.
        size: the most bytes of a file.
        price: share of the usual price that is charged.
        fallback: whether the rules read a notice for which no reply came, in place of a failure.
    """

    requests: int = 50_000
    size: int = 200_000_000
    price: float = 0.5
    fallback: bool = False


class BatchPool:
    """Reads a notice at once if the replies about it are there, else sees to it that they will come.

    Entering takes in what has ended, leaving sends what was gathered.

    Args:
        engine: who asks.
        store: that of the run.
        terms: of the provider.
        tell: is told what a person should know.

    Raises:
        ModelError: from entering, ``submit`` and leaving: the provider does not answer.
    """

    capacity = 1

    def __init__(
        self, engine: LlmEngine, store: Store, terms: BatchTerms, tell: Callable[[str], object] = lambda _: None
    ) -> None:
        self._engine = engine
        self._store = store
        self._terms = terms
        self._tell = tell
        self._api = _Provider(engine)
        self._safe = engine.settings.without_secrets
        self._file = _RequestFile(store.folder / "batches", terms)

    def submit(self, document: Document, key: str) -> Future[Outcome]:
        """Read a document, or ask about it; the future is done already."""
        outcome: Future[Outcome] = Future()
        outcome.set_result(self._read(document, key))
        return outcome

    def _read(self, document: Document, key: str) -> Outcome:
        if key in self._file.keys or self._store.batches.is_out(key):
            return Unread()
        reader = _Reader(self._engine, self._kept(key), self._terms)
        try:
            return Extracted.of(extract(document, engine=reader), key)
        except _NoReplyYetError as missing:
            return self._gather(key, missing)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one notice, the others are read
            return outcome_of(error)

    def _kept(self, key: str) -> dict[int, Kept]:
        """What is known of the requests about a notice; where it failed before, only what is not at fault."""
        kept = self._store.batches.kept(key)
        if self._store.failure(key):
            failed = [window for window, one in kept.items() if one.reply and "error" in json.loads(one.reply)]
            self._store.batches.forget(key, failed)
            kept = self._store.batches.kept(key)
        return kept

    def _gather(self, key: str, missing: _NoReplyYetError) -> Unread:
        budget = self._engine.client.budget
        if budget:
            asked = sum(missing.costs.values())
            spent = (self._store.totals().usage.cost or 0.0) + self._store.batches.out()[2] + self._file.cost
            if spent + asked > budget.limit:
                return Unread(
                    f"the budget of {budget.limit:g} {budget.currency} does not cover the next notice: "
                    f"{spent:.4g} spent or to be spent on what was sent, about {asked:.4g} needed"
                )
        for window, body in missing.bodies.items():
            if self._file.is_full:
                self._send()
            self._file.add(Request(key, window, _hash(body), missing.costs[window]), body)
        return Unread()

    def _send(self) -> None:
        """Make a batch of what was gathered; the mark tells a killed run whether it was made."""
        if not self._file.requests:
            return
        mark = uuid.uuid4().hex
        number = self._store.batches.prepare(mark, self._file.requests)
        with self._file.content() as content:
            batch = self._api.submit(content, mark)
        self._store.batches.submitted(number, batch.id)
        self._tell(f"{batch.id}: sent with {len(self._file.requests)} requests")
        self._file.clear()

    def _take_in(self) -> None:
        """Take in the batches that have ended."""
        for batch in self._store.batches.open_batches():
            found = self._api.find(batch)
            if found is None:  # the run was killed before it was made, or the provider has forgotten it
                self._store.batches.take(batch.number, (), None)
                continue
            if batch.id is None:
                self._store.batches.submitted(batch.number, found.id)
            counts = found.request_counts
            done = f", {counts.completed + counts.failed} of {counts.total} done" if counts else ""
            self._tell(f"{found.id}: {found.status}{done}")
            if found.status in _ENDED:
                self._take(batch, found)

    def _take(self, batch: Batch, found: ProviderBatch) -> None:
        # what a batch leaves out that has come to its end is lost; of another the rest is sent again
        rest = _error(f"{found.id} holds no reply") if found.status == "completed" else None
        if found.status == "failed" and self._has_failed_often(batch):
            rest = _error(self._safe(f"{found.id} failed: {_reasons(found)}"))
        try:
            left = self._store.batches.take(batch.number, _replies(self._api.lines(found), self._safe), rest)
        except ModelError as error:
            if error.status != _GONE:
                raise
            left = self._store.batches.take(batch.number, (), _error(str(error)))
        if left and rest is None:
            why = f": {_reasons(found)}" if found.status == "failed" else ""
            self._tell(f"{found.id}: {left} requests without a reply are sent again{why}")

    def _has_failed_often(self, batch: Batch) -> bool:
        tries = (
            self._store.batches.kept(key)[window].tries for key, window in self._store.batches.requests_in(batch.number)
        )
        return max(tries, default=0) >= _MOST_TRIES

    def __enter__(self) -> Self:
        self._file.clear()
        self._take_in()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._send()


class _NoReplyYetError(EngineError):
    """Requests about a document are to be sent first."""

    def __init__(self, bodies: dict[int, dict[str, Any]], costs: dict[int, float]) -> None:
        super().__init__("no reply yet")
        self.bodies = bodies
        self.costs = costs


class _Reader:
    """An engine that answers with the replies about one document."""

    name = "llm"

    def __init__(self, engine: LlmEngine, kept: dict[int, Kept], terms: BatchTerms) -> None:
        self._engine = engine
        self._kept = kept
        self._terms = terms

    def answer(self, units: Units, schema: type[BaseModel]) -> Answer:
        """The answer out of the replies."""
        bodies = dict(enumerate(self._engine.requests(units, schema)))
        missing = {window: body for window, body in bodies.items() if not self._is_answered(window, body)}
        if missing:
            plan = self._engine.plan(units, schema)
            cost = (plan.cost or 0.0) * self._terms.price / max(plan.calls, 1)
            raise _NoReplyYetError(missing, dict.fromkeys(missing, cost))
        answer = self._engine.answer_to(units, schema, [self._reply(window) for window in bodies])
        return self._discounted(answer)

    def _is_answered(self, window: int, body: dict[str, Any]) -> bool:
        kept = self._kept.get(window)
        return kept is not None and kept.reply is not None and kept.body == _hash(body)

    def _reply(self, window: int) -> Reply | ModelError:
        from extractor.llm.completions import Reply

        kept = json.loads(self._kept[window].reply or "{}")
        if "error" in kept:
            kind = ModelError if self._terms.fallback or not kept["retryable"] else PostponedError
            return kind(kept["error"], retryable=kept["retryable"])
        return Reply(kept["text"], kept["finish"], Usage.model_validate(kept["usage"]))

    def _discounted(self, answer: Answer) -> Answer:
        use = answer.model_use
        if use is None or use.usage.cost is None:
            return answer
        usage = use.usage.model_copy(update={"cost": use.usage.cost * self._terms.price})
        return replace(answer, model_use=use.model_copy(update={"usage": usage}))


class _RequestFile:
    """The requests of the next batch, on disk."""

    def __init__(self, folder: Path, terms: BatchTerms) -> None:
        self._path = folder / "next.jsonl"
        self._terms = terms
        self._size = 0
        self.requests: list[Request] = []
        self.keys: set[str] = set()
        self.cost = 0.0

    @property
    def is_full(self) -> bool:
        """Whether there may be no room for another request."""
        return len(self.requests) >= self._terms.requests or self._size >= 0.95 * self._terms.size

    def add(self, request: Request, body: dict[str, Any]) -> None:
        line = {"custom_id": f"{request.key}-{request.window}", "method": "POST", "url": _URL, "body": body}
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("ab") as file:
            self._size += file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self.requests.append(request)
        self.keys.add(request.key)
        self.cost += request.cost

    def content(self) -> IO[bytes]:
        return self._path.open("rb")

    def clear(self) -> None:
        self._path.unlink(missing_ok=True)
        self._size, self.requests, self.cost = 0, [], 0.0
        self.keys.clear()


class _Provider:
    """The files and batches of an OpenAI-compatible endpoint; its errors are those of a live call."""

    def __init__(self, engine: LlmEngine) -> None:
        self._settings = engine.settings
        self._client: OpenAI | None = None

    def submit(self, content: IO[bytes], mark: str) -> ProviderBatch:
        def made(client: OpenAI) -> ProviderBatch:
            file = client.files.create(file=("requests.jsonl", content), purpose="batch")
            return client.batches.create(
                input_file_id=file.id, endpoint=_URL, completion_window="24h", metadata={_MARK: mark}
            )

        return self._call(made)

    def find(self, batch: Batch) -> ProviderBatch | None:
        """A batch by its id, else by its mark."""
        if batch.id is not None:
            try:
                return self._call(lambda client: client.batches.retrieve(str(batch.id)))
            except ModelError as error:
                if error.status != _GONE:
                    raise
        return self._call(
            lambda client: next(
                (one for one in client.batches.list(limit=100) if (one.metadata or {}).get(_MARK) == batch.mark), None
            )
        )

    def lines(self, batch: ProviderBatch) -> Iterator[bytes]:
        """The lines of its files, as they come in."""
        for file in filter(None, (batch.output_file_id, batch.error_file_id)):
            yield from self._lines(file)

    def _lines(self, file: str) -> Iterator[bytes]:
        from openai import OpenAIError

        from extractor.llm.failures import failure

        try:
            with self._open().files.with_streaming_response.content(file) as response:
                yield from (line.encode() for line in response.iter_lines())
        except OpenAIError as error:
            raise failure(error, self._settings) from None

    def _call(self, ask: Callable[[OpenAI], Made]) -> Made:
        from openai import OpenAIError

        from extractor.llm.failures import failure

        try:
            return ask(self._open())
        except OpenAIError as error:
            raise failure(error, self._settings) from None

    def _open(self) -> OpenAI:
        from openai import OpenAI

        if self._client is None:
            settings = self._settings
            key = settings.api_key.get_secret_value() if settings.api_key else None
            if settings.base_url and key is None:
                key = "none"  # local servers need none, the client wants one
            self._client = OpenAI(
                base_url=settings.base_url, api_key=key, timeout=settings.timeout, max_retries=settings.retries
            )
        return self._client


def _replies(lines: Iterator[bytes], safe: Callable[[str], str]) -> Iterator[tuple[str, int, str]]:
    """Key, window and reply of each line that says what it is about."""
    for line in lines:
        try:
            item = json.loads(line)
            key, _, window = item["custom_id"].rpartition("-")
            number = int(window)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        code = (item.get("error") or {}).get("code")
        if code not in ("batch_expired", "batch_cancelled"):  # these were never asked
            yield key, number, _reply_in(item, safe)


def _reply_in(item: dict[str, Any], safe: Callable[[str], str]) -> str:
    from openai.types.chat import ChatCompletion

    from extractor.llm.completions import reply_of

    response = item.get("response") or {}
    status, body = response.get("status_code"), response.get("body")
    if not isinstance(body, dict) or not body.get("choices"):
        said = item.get("error") or (body.get("error") if isinstance(body, dict) else None) or {}
        message = said.get("message") if isinstance(said, dict) else str(said)
        reason = safe(message or f"HTTP {status}")
        return _error(f"the batch holds no reply: {reason}", retryable=status not in _HOPELESS)
    reply = reply_of(ChatCompletion.construct(**body))
    return json.dumps({"text": reply.text, "finish": reply.finish, "usage": reply.usage.model_dump()})


def _error(message: str, *, retryable: bool = True) -> str:
    return json.dumps({"error": message, "retryable": retryable})


def _reasons(batch: ProviderBatch) -> str:
    errors = (batch.errors.data if batch.errors else None) or []
    return "; ".join(filter(None, (error.message for error in errors[:3]))) or "the provider does not say why"


def _hash(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()

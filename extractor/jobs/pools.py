"""Who reads notices at the same time: processes for engines that compute, one event loop for engines that wait.

Both take documents one by one and promise a result each, so a run does not know which it feeds.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial
from types import TracebackType
from typing import Protocol, Self

from extractor.document import Document
from extractor.extraction import Engine, engine_named, extract, extract_async
from extractor.jobs.closing import Closing
from extractor.jobs.outcomes import Extracted, Failure, Outcome, outcome_of
from extractor.jobs.processes import Processes, WorkerLostError, usable_cores
from extractor.records import Notice

_QUEUED = 16
"""Notices that wait for each process, so that it has work while the parent writes a shard."""


_CONCURRENCY = 8
"""Documents read at a time by an engine that does not say how many it is fit for."""


_PREPARED = 2
"""Documents under way for each call that is open: while some are called about, others are prepared and taken in."""


class Pool(Protocol):
    """Reads several documents at a time.

    Attributes:
        capacity: how many documents it is to hold at most, those that wait included; with so many it is never idle.
    """

    capacity: int

    def submit(self, document: Document, key: str) -> Future[Outcome]:
        """Read a document soon; its rows will carry this key; the future holds no exception."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class ProcessPool(Closing):
    """Processes that read notices, each one at a time: the death of one loses the notice it was reading.

    Where none can start, the futures raise EngineError.

    Args:
        engine: an engine that can be pickled, or the name of one.
        workers: how many processes.
        time_limit: seconds after which a process that is still at the same notice is ended.
    """

    def __init__(self, engine: str | Engine, workers: int, time_limit: float) -> None:
        self.capacity = (1 + _QUEUED) * workers
        reader = engine_named(engine) if isinstance(engine, str) else engine
        self._processes = Processes(partial(_read, reader), workers, time_limit)

    def submit(self, document: Document, key: str) -> Future[Outcome]:
        """Queue a document for the next process that is free."""
        outcome: Future[Outcome] = Future()

        def pass_on(answer: Future[Outcome]) -> None:
            error = answer.exception()
            if isinstance(error, WorkerLostError):
                outcome.set_result(Failure.of(error))
            elif error:
                outcome.set_exception(error)
            else:
                outcome.set_result(answer.result())

        self._processes.submit((document, key), document.name).add_done_callback(pass_on)
        return outcome

    def close(self) -> None:
        """End the processes; what they still read is dropped."""
        self._processes.close()


def _read(engine: Engine, request: tuple[Document, str]) -> Outcome:
    """In a process of its own: read a document; its rows will carry the key."""
    document, key = request
    try:
        return Extracted.of(extract(document, engine=engine), key)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one notice, the others are read
        return outcome_of(error)


class AsyncPool(Closing):
    """One event loop in a thread of its own, for engines that mostly wait for answers.

    Args:
        read: reads a document.
        concurrency: how many documents are read at a time; as many again wait, so that none of the places is empty
            while the caller is busy with results.
    """

    def __init__(self, read: Callable[[Document], Awaitable[Notice]], concurrency: int) -> None:
        self._read_document = read
        self.capacity = 2 * concurrency
        self._places = asyncio.Semaphore(concurrency)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="model calls", daemon=True)
        self._thread.start()

    def submit(self, document: Document, key: str) -> Future[Outcome]:
        """Read a document as soon as there is a place."""
        return asyncio.run_coroutine_threadsafe(self._read(document, key), self._loop)

    async def _read(self, document: Document, key: str) -> Outcome:
        try:
            async with self._places:
                record = await self._read_document(document)
            return Extracted.of(record, key)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one notice, the others are read
            return outcome_of(error)

    async def _cancel(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def close(self) -> None:
        """Cancel what is still being read, and end the thread."""
        asyncio.run_coroutine_threadsafe(self._cancel(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def pool_for(engine: str | Engine, workers: int | None, time_limit: float) -> Pool:
    """The pool that suits an engine: one event loop if it has ``answer_async``, else processes.

    Args:
        engine: an engine, or the name of one.
        workers: documents read at a time; if not given, all cores, or twice as many as ``engine.concurrency`` says,
            for the engine itself keeps its calls to that number.
        time_limit: seconds for a document, of engines in processes; those that wait have limits of their own.
    """
    reader = engine_named(engine) if isinstance(engine, str) else engine
    if hasattr(reader, "answer_async"):
        concurrency = workers or _PREPARED * int(getattr(reader, "concurrency", _CONCURRENCY))
        return AsyncPool(partial(extract_async, engine=reader), concurrency)
    return ProcessPool(engine, workers or usable_cores(), time_limit)

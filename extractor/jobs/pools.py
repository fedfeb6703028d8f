"""Who reads notices at the same time: processes for engines that compute, one event loop for engines that wait.

Both take documents one by one and promise a result each, so a run does not know which it feeds.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pickle import PicklingError
from queue import SimpleQueue
from types import TracebackType
from typing import NamedTuple, Protocol, Self, cast

from extractor.document import Document
from extractor.errors import EngineError
from extractor.extraction import Engine, engine_named, extract, extract_async
from extractor.jobs.outcomes import Extracted, Failure, Outcome, WorkerLostError, outcome_of
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


class ProcessPool:
    """Processes that share nothing with each other, so that the death of one loses the notice it was reading.

    The pools of the standard library break as a whole when a process dies; those that share one queue can hang then.
    The processes start when there is something to read. Where none can start, the futures raise EngineError.

    Args:
        engine: an engine that can be pickled, or the name of one.
        workers: how many processes.
        time_limit: seconds after which a process that is still at the same notice is ended.
    """

    def __init__(self, engine: str | Engine, workers: int, time_limit: float) -> None:
        self.capacity = (1 + _QUEUED) * workers
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        started = threading.Event()
        self._workers = [_Worker(engine, time_limit, self._tasks, started) for _ in range(workers)]

    def submit(self, document: Document, key: str) -> Future[Outcome]:
        """Queue a document for the next process that is free."""
        task = _Task(document, key, Future())
        self._tasks.put(task)
        return task.outcome

    def close(self) -> None:
        """End the processes; what they still read is dropped."""
        for worker in self._workers:
            worker.stop()
        for _ in self._workers:
            self._tasks.put(None)
        for worker in self._workers:
            worker.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Task(NamedTuple):
    document: Document
    key: str
    outcome: Future[Outcome]


class _Worker:
    """A thread that hands notices to a process of its own, one at a time, and replaces the process when it dies."""

    def __init__(
        self, engine: str | Engine, time_limit: float, tasks: SimpleQueue[_Task | None], started: threading.Event
    ) -> None:
        self._engine = engine
        self._time_limit = time_limit
        self._tasks = tasks
        self._started = started
        self._stopped = False
        self._process: BaseProcess | None = None
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None and not self._stopped:
            try:
                task.outcome.set_result(self._outcome_of(task))
            except Exception as error:  # noqa: BLE001 - the run would wait for ever for what nobody answers
                task.outcome.set_exception(error)
        self._end_process()

    def _outcome_of(self, task: _Task) -> Outcome:
        try:
            if not (self._process and self._process.is_alive()):
                self._start_process()
            self._pipe.send((task.document, task.key))
            if self._pipe.poll(self._time_limit):
                return cast("Outcome", self._pipe.recv())
            cause = f"took more than {self._time_limit:g} s, so its process was ended"
        except (EOFError, OSError):
            cause = "the process that read it died, perhaps for want of memory"
        self._end_process()
        return Failure.of(WorkerLostError(f"{task.document.name}: {cause}"))

    def _start_process(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._engine), daemon=True)
        try:
            process.start()
        except (PicklingError, AttributeError, TypeError) as error:
            raise EngineError(f"engine {self._engine!r} cannot be sent to another process: {error}") from error
        self._process = process
        theirs.close()
        try:
            self._pipe.recv()
        except EOFError as error:
            if self._started.is_set() or self._stopped:
                raise
            self._end_process()
            raise EngineError(
                "the processes that read notices do not start; a script must call bulk() below "
                "if __name__ == '__main__':, and its engine must be one that another process can load"
            ) from error
        self._started.set()

    def _end_process(self) -> None:
        if self._process:
            self._process.kill()
            self._process.join()
            self._pipe.close()
            self._process = None

    def stop(self) -> None:
        """End the process, whatever it is at."""
        self._stopped = True
        if process := self._process:
            process.kill()

    def join(self) -> None:
        """Wait until it has let go of its process."""
        self._thread.join()


def _serve(pipe: Connection, engine: str | Engine) -> None:
    """In a process of its own: read what comes, until the parent closes the pipe or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the parent's business
    reader = engine_named(engine) if isinstance(engine, str) else engine
    try:
        pipe.send(None)
        while True:
            pipe.send(_read(reader, *pipe.recv()))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _read(engine: Engine, document: Document, key: str) -> Outcome:
    try:
        return Extracted.of(extract(document, engine=engine), key)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one notice, the others are read
        return outcome_of(error)


class AsyncPool:
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


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


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

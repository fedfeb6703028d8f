"""Processes that share nothing and do one kind of work on request: the death of one loses what it was at."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from pickle import PicklingError
from queue import SimpleQueue
from typing import Generic, NamedTuple, TypeVar

from extractor.errors import EngineError, ZhenggaiError
from extractor.jobs.closing import Closing

Request = TypeVar("Request")
Answer = TypeVar("Answer")


class WorkerLostError(EngineError):
    """The process that read a file or a notice died or had to be ended: out of memory, a crash, or too long at it."""


class ProcessStartError(EngineError):
    """Other processes cannot do this work at all."""


class RemoteError(ZhenggaiError):
    """An error of another process that cannot be rebuilt here; its message begins with its type."""


class Processes(Closing, Generic[Request, Answer]):
    """Processes that share nothing with each other, so that the death of one loses only what it was at.

    The pools of the standard library break as a whole when a process dies; those that share one queue can hang then.
    Each process starts when there is something to do for it, and is replaced when it has died. They end with their
    parent, however it ends and whatever they are at.

    Args:
        work: what answers a request; it can be pickled, as can requests and answers.
        count: how many processes.
        time_limit: seconds after which a process that is still at the same request is ended.
    """

    def __init__(self, work: Callable[[Request], Answer], count: int, time_limit: float) -> None:
        self._tasks: SimpleQueue[_Task[Request, Answer] | None] = SimpleQueue()
        started = threading.Event()
        self._workers = [_Worker(work, time_limit, self._tasks, started) for _ in range(count)]

    def submit(self, request: Request, name: str) -> Future[Answer]:
        """Queue a request for the next process that is free.

        Args:
            request: what to work on.
            name: what errors call it.

        Returns:
            What the work returns or raises; WorkerLostError if its process died or took too long, ProcessStartError if
            none can do the work.
        """
        task = _Task(request, name, Future[Answer]())
        self._tasks.put(task)
        return task.answer

    def close(self) -> None:
        """End the processes; what they are still at is dropped."""
        for worker in self._workers:
            worker.stop()
        for _ in self._workers:
            self._tasks.put(None)
        for worker in self._workers:
            worker.join()


class _Task(NamedTuple, Generic[Request, Answer]):
    request: Request
    name: str
    answer: Future[Answer]


class _Worker(Generic[Request, Answer]):
    """A thread that hands requests to a process of its own, one at a time, and replaces the process when it dies."""

    def __init__(
        self,
        work: Callable[[Request], Answer],
        time_limit: float,
        tasks: SimpleQueue[_Task[Request, Answer] | None],
        started: threading.Event,
    ) -> None:
        self._work = work
        self._time_limit = time_limit
        self._tasks = tasks
        self._started = started
        self._stopped = False
        self._process: BaseProcess | None = None
        self._thread = threading.Thread(target=self._run, name="process", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None and not self._stopped:
            try:
                task.answer.set_result(self._answer_to(task))
            except Exception as error:  # noqa: BLE001 - whoever asked would wait for ever for what nobody answers
                task.answer.set_exception(error)
        self._end_process()

    def _answer_to(self, task: _Task[Request, Answer]) -> Answer:
        answer: Answer
        try:
            if not (self._process and self._process.is_alive()):
                self._end_process()
                self._start_process()
            self._pipe.send(task.request)
            if self._pipe.poll(self._time_limit):
                answer, error = self._pipe.recv()
            else:
                error = WorkerLostError(f"{task.name}: took more than {self._time_limit:g} s, so its process was ended")
                self._end_process()
        except (EOFError, OSError):
            error = WorkerLostError(f"{task.name}: the process that read it died, perhaps for want of memory")
            self._end_process()
        if error:
            raise error
        return answer

    def _start_process(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._work), daemon=True)
        try:
            process.start()
        except (PicklingError, AttributeError, TypeError) as error:
            raise ProcessStartError(
                f"the work cannot be sent to another process: {error}; an engine must be one that can be pickled"
            ) from error
        self._process = process
        theirs.close()
        if self._stopped:  # it may have started too late for stop() to see it
            process.kill()
        try:
            self._pipe.recv()
        except EOFError as error:
            process.join()
            was_killed = (process.exitcode or 0) < 0
            if was_killed or self._started.is_set():
                raise
            self._end_process()
            raise ProcessStartError(
                "the processes that read files and notices do not start; a script must call bulk() below "
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


def _serve(pipe: Connection, work: Callable[[Request], Answer]) -> None:
    """In a process of its own: answer what comes, until the parent closes the pipe or dies."""
    follow_parent()
    try:
        pipe.send(None)
        while True:
            pipe.send_bytes(_answer(work, pipe.recv()))
    except (EOFError, BrokenPipeError, ConnectionResetError, MemoryError):
        return  # out of memory, it is replaced like one that the system has ended


def follow_parent() -> None:
    """In a process of its own: leave interrupts to the parent, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A process that is busy, or hangs, would not see that its pipe was closed."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _answer(work: Callable[[Request], Answer], request: Request) -> memoryview:
    """What the work returns and what it raises, as bytes for the pipe."""
    try:
        return ForkingPickler.dumps((work(request), None))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one request, the others are answered
        return ForkingPickler.dumps((None, portable(error)))


def portable(error: Exception) -> Exception:
    """The error, or what says the same where another process could not rebuild it."""
    try:
        ForkingPickler.loads(ForkingPickler.dumps(error))
    except Exception:  # noqa: BLE001 - an exception's own methods may fail in any way
        return RemoteError(f"{type(error).__name__}: {error}")
    return error


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

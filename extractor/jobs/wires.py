"""Many calls at a time through processes of their own: in one process the packages that send them fill a core.

Everything that counts calls stays in the process that asks: limits, budget, repeats, replies kept.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

from extractor.errors import ModelError
from extractor.jobs.closing import Closing
from extractor.jobs.processes import follow_parent, portable, usable_cores

if TYPE_CHECKING:
    from extractor.llm.client import ModelClient
    from extractor.llm.completions import Reply
    from extractor.llm.settings import ModelSettings
    from extractor.llm.wire import Question, Sender

_CALLS = 32
"""Calls at a time that one process sends: where answers take a second, that half fills a slow core."""


@contextmanager
def spread(client: ModelClient, processes: int | None = None) -> Iterator[None]:
    """Let a client send its questions through other processes while the block runs, where it sends very many at a time.

    Args:
        client: whose questions they are.
        processes: how many; if not given, one for every 32 calls at a time, and no more than there are cores.
    """
    if processes is None:
        processes = min(usable_cores(), client.settings.concurrency // _CALLS)
    own = client.sender
    if processes < 2:
        yield
        return
    try:
        with WireProcesses(client.settings, processes, own) as client.sender:
            yield
    finally:
        client.sender = own


class WireProcesses(Closing):
    """Processes that send questions; each question goes to the one with the fewest under way.

    One that dies is replaced; the questions that it had under way fail, and may be repeated. As long as none has
    started, and where none can, questions go out from here.

    Args:
        settings: of the model.
        processes: how many.
        here: what questions go out through as long as no process has started.
    """

    def __init__(self, settings: ModelSettings, processes: int, here: Sender) -> None:
        self._here = here
        self._wires = [_WireProcess(settings) for _ in range(processes)]

    @property
    def ready(self) -> int:
        """How many can take questions; the others start as soon as there are questions."""
        return sum(wire.state is State.READY for wire in self._wires)

    async def send(self, question: Question) -> Reply:
        """The model's reply.

        Raises:
            ModelError: the endpoint did not answer, or refused to, or the process that asked died.
        """
        self._start_next()
        ready = [wire for wire in self._wires if wire.state is State.READY]
        if not ready:
            return await self._here.send(question)
        return await min(ready, key=lambda wire: len(wire.under_way)).send(question)

    def _start_next(self) -> None:
        """Start a process that is not there, one after the other: a start takes seconds of a core."""
        states = [wire.state for wire in self._wires]
        if State.NEW in states and State.STARTING not in states:
            self._wires[states.index(State.NEW)].start()

    def close(self) -> None:
        """End the processes; what they have under way is dropped."""
        for wire in self._wires:
            wire.stop()


class State(Enum):
    """How far a process is."""

    NEW = auto()
    STARTING = auto()
    READY = auto()
    UNABLE = auto()


class _WireProcess:
    """A process that sends questions, as the event loop that asks sees it.

    Attributes:
        state: how far it is.
        under_way: what waits for answers, by number.
    """

    def __init__(self, settings: ModelSettings) -> None:
        self.under_way: dict[int, asyncio.Future[Reply]] = {}
        self._settings = settings
        self._numbers = count()
        self._process: BaseProcess | None = None
        self.state = State.NEW

    def start(self) -> None:
        """Begin to start the process; the state says when it can take questions."""
        self.state = State.STARTING
        context = _context()
        self._pipe, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._settings, dict(os.environ)), daemon=True)
        try:
            process.start()
        except (OSError, EOFError):  # the system is out of processes or memory
            self.state = State.UNABLE
            self._pipe.close()
            return
        finally:
            theirs.close()
        self._process = process
        receive = (self._pipe, asyncio.get_running_loop())
        threading.Thread(target=self._receive, args=receive, name="replies", daemon=True).start()

    async def send(self, question: Question) -> Reply:
        number = next(self._numbers)
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self.under_way[number] = answer
        try:
            self._pipe.send((number, question))
            return await answer
        except OSError as error:
            raise _died() from error
        finally:
            self.under_way.pop(number, None)

    def _receive(self, pipe: Connection, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread of its own: pass on what comes, until the process ends."""
        with suppress(RuntimeError):  # the event loop that asked is closed: nobody waits any more
            try:
                while True:
                    loop.call_soon_threadsafe(self._take, *pipe.recv())
            except (EOFError, OSError):
                loop.call_soon_threadsafe(self._lose, pipe)

    def _take(self, number: int | None, reply: Reply | None, error: Exception | None) -> None:
        if number is None:
            self.state = State.READY
            return
        answer = self.under_way.get(number)
        if answer is None or answer.done():
            return
        if error:
            answer.set_exception(error)
        elif reply:
            answer.set_result(reply)

    def _lose(self, pipe: Connection) -> None:
        """The process has died: the next question starts another, unless this one could not even start."""
        pipe.close()
        self.state = State.UNABLE if self.state is State.STARTING else State.NEW
        for answer in self.under_way.values():
            if not answer.done():
                answer.set_exception(_died())

    def stop(self) -> None:
        """End the process."""
        if self._process:
            self._process.kill()
            self._process.join()


def _context() -> SpawnContext | ForkServerContext:
    """How processes start: where the system can, from one that has imported what all need, for that takes seconds."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["extractor.llm.wire"])
    return context


def _died() -> ModelError:
    return ModelError("the process that asked the model died", retryable=True)


def _serve(pipe: Connection, settings: ModelSettings, environment: dict[str, str]) -> None:
    """In a process of its own: send the questions that come, until the parent closes the pipe or dies."""
    os.environ.update(environment)  # what it was forked from may have started before a key was set
    follow_parent()
    asyncio.run(_send_all(pipe, settings))


async def _send_all(pipe: Connection, settings: ModelSettings) -> None:
    from extractor.llm.wire import Wire

    wire = Wire(settings)
    loop = asyncio.get_running_loop()
    arriving: asyncio.Queue[tuple[int, Question] | None] = asyncio.Queue()

    def receive() -> None:
        try:
            while True:
                loop.call_soon_threadsafe(arriving.put_nowait, pipe.recv())
        except (EOFError, OSError):
            loop.call_soon_threadsafe(arriving.put_nowait, None)

    threading.Thread(target=receive, daemon=True).start()
    pipe.send((None, None, None))
    async with asyncio.TaskGroup() as tasks:
        while (arrived := await arriving.get()) is not None:
            tasks.create_task(_send(pipe, wire, *arrived))


async def _send(pipe: Connection, wire: Sender, number: int, question: Question) -> None:
    try:
        reply = await wire.send(question)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one question, the others are sent
        pipe.send((number, None, portable(error)))
    else:
        pipe.send((number, reply, None))

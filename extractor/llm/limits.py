"""How many calls to an endpoint run at once and start in a minute."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import Field

from extractor.errors import UsageError
from extractor.records import Record

_TICK = 0.001  # seconds; a clock need not advance during a shorter sleep
_CATCH_UP = 0.1  # seconds by which a busy event loop may wake a call late without loss to the rate


class Limits(Record):
    """What an endpoint allows; None for no limit of that kind."""

    concurrency: int = Field(default=8, ge=1, description="Calls under way at once.")
    requests_per_minute: int | None = Field(default=None, ge=1)
    tokens_per_minute: int | None = Field(default=None, ge=1)


class _Pace:
    """So much a minute, evenly: each amount moves the time at which the next may start."""

    def __init__(self, per_minute: int) -> None:
        self._seconds_each = 60 / per_minute
        self.free_at = -math.inf

    def take(self, amount: float, now: float) -> None:
        self.free_at = max(self.free_at, now - _CATCH_UP) + amount * self._seconds_each


class Limiter:
    """Keeps the calls to one endpoint within its limits.

    Calls start in the order in which they asked, each as soon as a place and the rates allow. They start evenly spaced,
    without a burst: no minute holds more than the limits and one call, and no second much more than its share, which
    some providers enforce. A call larger than a minute's tokens starts like any other; those after it wait the longer.

    One limiter serves one event loop at a time; when no call of that loop is under way any more, or the loop is closed,
    it serves the next, and the rates go on.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._requests = _Pace(limits.requests_per_minute) if limits.requests_per_minute else None
        self._tokens = _Pace(limits.tokens_per_minute) if limits.tokens_per_minute else None
        self._resume_at = -math.inf
        self._loop: asyncio.AbstractEventLoop | None = None
        self._under_way = 0

    @asynccontextmanager
    async def slot(self, tokens: int = 0) -> AsyncIterator[None]:
        """Waits until a call may start, and holds its place until it is done. A retry is a call of its own.

        Args:
            tokens: what the call is expected to use, input and output.

        Raises:
            UsageError: calls of another event loop are still under way.
        """
        places, turn = self._for_this_loop()
        self._under_way += 1
        try:
            async with self._place(places, turn, tokens):
                yield
        finally:
            self._under_way -= 1

    @asynccontextmanager
    async def _place(self, places: asyncio.Semaphore, turn: asyncio.Lock, tokens: int) -> AsyncIterator[None]:
        async with places:
            async with turn:  # locks serve in order of arrival
                await self._wait_until_free()
                now = asyncio.get_running_loop().time()
                if self._requests:
                    self._requests.take(1, now)
                if self._tokens:
                    self._tokens.take(tokens, now)
            yield

    def pause_until(self, time: float) -> None:
        """Lets no call start before a time, such as a Retry-After asks for; those under way go on.

        Args:
            time: in seconds of the event loop's clock: ``loop.time()`` and the seconds to wait. Never shortens a pause.
        """
        self._resume_at = max(self._resume_at, time)

    @property
    def _free_at(self) -> float:
        return max(self._resume_at, *(pace.free_at for pace in (self._requests, self._tokens) if pace), -math.inf)

    async def _wait_until_free(self) -> None:
        loop = asyncio.get_running_loop()
        while (wait := self._free_at - loop.time()) > 0:  # noqa: ASYNC110 - a pause may begin during the wait
            await asyncio.sleep(max(wait, _TICK))

    def _for_this_loop(self) -> tuple[asyncio.Semaphore, asyncio.Lock]:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            if self._loop is not None and not self._loop.is_closed() and self._under_way:
                raise UsageError(
                    "A limiter serves one event loop at a time: make all calls in one, or an engine for each"
                )
            self._loop = loop
            self._places, self._turn = asyncio.Semaphore(self.limits.concurrency), asyncio.Lock()
        return self._places, self._turn

"""What becomes of a run when the endpoint of its model is down: it waits, it ends, or the rules read instead."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

from extractor.errors import ModelError, NoMoreCallsError, PostponedError

if TYPE_CHECKING:
    from extractor.llm.completions import Reply

WhenDown = Literal["pause", "fallback", "stop"]
WHEN_DOWN: tuple[WhenDown, ...] = ("pause", "fallback", "stop")

_ALL_REFUSED = (401, 402, 403, 404, 429)
"""Refusals that are about the key, the account or the model, so that no repeat helps but somebody has to act."""


class EndpointDownError(NoMoreCallsError):
    """Question after question stayed without an answer, so no more are asked."""


class Waits(NamedTuple):
    """How long a run waits for an endpoint that is down; all in seconds.

    Attributes:
        first: before the first probe; each further wait is twice as long.
        longest: that no wait exceeds, unless the endpoint asks for more.
        patience: without an answer, after which a pause ends the run.
    """

    first: float = 5.0
    longest: float = 300.0
    patience: float = 6 * 3600.0


_USUAL = Waits()


class Breaker:
    """Watches the questions to one endpoint, each with its own repeats, and opens when several in a row fail.

    While it is open only one question at a time goes out, after growing waits; the first answer closes it. What becomes
    of the others, and of questions that fail alone, depends on what was asked for:

    - ``pause``: they wait; when nothing has come for long, and at refusals that no wait helps, the run ends;
    - ``stop``: the run ends at once;
    - ``fallback``: they fail at once, so that the rules read instead.

    Args:
        when_down: what to do.
        failures: so many in a row open it; also, how often a question that others do not share the fate of is asked.
        waits: how long to wait.
        tell: is told, in the thread of the calls, what a person should know.
    """

    def __init__(
        self,
        when_down: WhenDown = "pause",
        *,
        failures: int = 5,
        waits: Waits = _USUAL,
        tell: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._when_down = when_down
        self._most_failures = failures
        self._waits = waits
        self._tell = tell
        self._in_a_row = 0
        self._down_since: float | None = None
        self._wait = waits.first
        self._next_probe = 0.0
        self._end: EndpointDownError | None = None
        self._probing = asyncio.Lock()

    async def __call__(self, ask: Callable[[], Awaitable[Reply]]) -> Reply:
        """Ask a question, when it is its turn.

        Raises:
            EndpointDownError: the run is to end.
            PostponedError: this question stayed without an answer, though others were answered.
            ModelError: the endpoint refuses it; or is down, and the rules are to read.
        """
        alone = 0
        while alone < self._most_failures:
            if self._end:
                raise self._end
            try:
                return await (self._ask(ask) if self._down_since is None else self._probe(ask))
            except ModelError as error:
                if not _is_about_all(error) or self._when_down == "fallback":
                    raise
                last = error
                if not error.retryable:
                    break
                alone += self._down_since is None
        if self._end:
            raise self._end
        raise PostponedError(str(last), retryable=True, status=last.status) from None

    async def _ask(self, ask: Callable[[], Awaitable[Reply]]) -> Reply:
        try:
            reply = await ask()
        except ModelError as error:
            self._note(error)
            raise
        self._close()
        return reply

    async def _probe(self, ask: Callable[[], Awaitable[Reply]]) -> Reply:
        """Ask when the wait is over, one question at a time."""
        if self._when_down == "fallback" and (self._probing.locked() or time.monotonic() < self._next_probe):
            raise ModelError("the endpoint is down", retryable=True)
        async with self._probing:
            while (wait := self._next_probe - time.monotonic()) > 0 and self._down_since is not None:  # noqa: ASYNC110 - one probes at a time
                await asyncio.sleep(wait)
            if self._end:
                raise self._end
            return await self._ask(ask)

    def _note(self, error: ModelError) -> None:
        """Count a failure, if it says anything about others; open, wait longer, or end the run."""
        if not _is_about_all(error):
            self._close()
            return
        self._in_a_row += 1
        now = time.monotonic()
        if self._down_since is None:
            if self._in_a_row >= self._most_failures:
                self._open(error, now)
        elif now >= self._next_probe:  # a probe; the others were under way when it opened
            self._wait = min(2 * self._wait, self._waits.longest)
            self._put_off(error, now)

    def _open(self, error: ModelError, now: float) -> None:
        self._down_since, self._wait = now, self._waits.first
        if self._when_down == "stop" or (self._when_down == "pause" and not error.retryable):
            self._end = EndpointDownError(f"{self._in_a_row} questions in a row failed: {error}", retryable=True)
            return
        self._put_off(error, now)

    def _put_off(self, error: ModelError, now: float) -> None:
        assert self._down_since is not None
        if self._when_down == "pause" and now - self._down_since > self._waits.patience:
            self._end = EndpointDownError(f"no answer since {round(now - self._down_since)} s: {error}", retryable=True)
            return
        wait = max(self._wait, error.retry_after or 0.0)
        self._next_probe = now + wait
        meanwhile = "the rules read meanwhile" if self._when_down == "fallback" else "the run waits"
        self._tell(f"{error}; {meanwhile}, and tries again in {wait:.0f} s")

    def _close(self) -> None:
        self._in_a_row = 0
        if self._down_since is not None:
            self._tell("the endpoint answers again")
            self._down_since = None


def _is_about_all(error: ModelError) -> bool:
    """Whether an error says that other questions would fare alike."""
    return error.retryable or error.status in _ALL_REFUSED

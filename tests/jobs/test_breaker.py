"""An endpoint that is down is noticed, waited for, and found again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from extractor.errors import ModelError, PostponedError
from extractor.jobs.breaker import Breaker, EndpointDownError, Waits, WhenDown
from extractor.llm.completions import Reply
from extractor.records import Usage

REPLY = Reply("{}", "stop", Usage(calls=1))
SHORT = Waits(first=0.01, longest=0.02, patience=60)
DOWN = ModelError("cannot be reached", retryable=True)
REFUSED = ModelError("the request is wrong", retryable=False, status=400)
NO_KEY = ModelError("the key is wrong", retryable=False, status=401)

Ask = Callable[[], Awaitable[Reply]]


class Endpoint:
    """Fails in turn with these errors, then answers."""

    def __init__(self, *errors: ModelError) -> None:
        self.asked = 0
        self.at_once = 0
        self.most_at_once_while_down = 0
        self._errors = list(errors)

    async def __call__(self) -> Reply:
        self.asked += 1
        self.at_once += 1
        if self._errors:
            self.most_at_once_while_down = max(self.at_once, self.most_at_once_while_down)
        await asyncio.sleep(0)
        self.at_once -= 1
        if self._errors:
            raise self._errors.pop(0)
        return REPLY


def ask_many(breaker: Breaker, endpoint: Ask, number: int) -> list[Any]:
    async def ask() -> list[Any]:
        return await asyncio.gather(*(breaker(endpoint) for _ in range(number)), return_exceptions=True)

    return asyncio.run(ask())


def test_pause_waits_until_the_endpoint_answers_and_loses_no_question() -> None:
    said: list[str] = []
    endpoint = Endpoint(*[DOWN] * 12)
    replies = ask_many(Breaker("pause", failures=3, waits=SHORT, tell=said.append), endpoint, 6)
    assert replies == [REPLY] * 6
    assert endpoint.asked == 18
    assert "the run waits" in said[0] and said[-1] == "the endpoint answers again"


def test_one_question_at_a_time_probes_an_endpoint_that_is_down() -> None:
    endpoint = Endpoint(*[DOWN] * 5)
    down = Breaker("pause", failures=1, waits=SHORT)

    async def open_then_ask() -> None:
        first = asyncio.create_task(down(endpoint))
        await asyncio.sleep(0.005)
        await asyncio.gather(first, *(down(endpoint) for _ in range(5)))

    asyncio.run(open_then_ask())
    assert endpoint.asked == 11
    assert endpoint.most_at_once_while_down == 1


def test_a_pause_ends_when_patience_does() -> None:
    breaker = Breaker("pause", failures=2, waits=Waits(first=0.01, longest=0.01, patience=0.05))
    replies = ask_many(breaker, Endpoint(*[DOWN] * 1000), 4)
    assert all(isinstance(reply, EndpointDownError) for reply in replies)
    assert "no answer since" in str(replies[0])


@pytest.mark.parametrize(("when_down", "error"), [("stop", DOWN), ("stop", NO_KEY), ("pause", NO_KEY)])
def test_the_run_ends_when_that_is_asked_for_or_no_wait_helps(when_down: WhenDown, error: ModelError) -> None:
    endpoint = Endpoint(*[error] * 1000)
    replies = ask_many(Breaker(when_down, failures=3, waits=SHORT), endpoint, 50)
    assert any(isinstance(reply, EndpointDownError) for reply in replies)
    assert all(isinstance(reply, PostponedError) and reply.retryable for reply in replies)
    assert endpoint.asked <= 52


def test_fallback_fails_at_once_and_finds_the_endpoint_again() -> None:
    endpoint = Endpoint(*[DOWN] * 3)
    breaker = Breaker("fallback", failures=3, waits=Waits(first=0.05, longest=0.05))

    async def run() -> list[Any]:
        first = [await asyncio.gather(breaker(endpoint), return_exceptions=True) for _ in range(10)]
        await asyncio.sleep(0.06)
        return [*first, await breaker(endpoint)]

    *failed, last = asyncio.run(run())
    assert all(isinstance(reply, ModelError) and not isinstance(reply, PostponedError) for [reply] in failed)
    assert last == REPLY
    assert endpoint.asked == 4


def test_a_question_that_fails_alone_is_put_off_alone() -> None:
    breaker = Breaker("pause", failures=3, waits=SHORT)

    async def run() -> None:
        for _ in range(2):
            with pytest.raises(PostponedError) as error:
                await both()
            assert error.value.retryable

    async def both() -> Reply:
        async def always() -> Reply:
            await breaker(Endpoint())  # another question is answered in between
            raise DOWN

        return await breaker(always)

    asyncio.run(run())


def test_a_refused_request_says_that_the_endpoint_is_up() -> None:
    breaker = Breaker("stop", failures=2)
    replies = [ask_many(breaker, Endpoint(error), 1)[0] for error in (REFUSED, REFUSED, REFUSED)]
    assert replies == [REFUSED] * 3
    assert ask_many(breaker, Endpoint(), 1) == [REPLY]


def test_the_endpoint_may_ask_for_a_longer_wait() -> None:
    said: list[str] = []
    slow = ModelError("slow down", retryable=True, status=429, retry_after=0.1)
    ask_many(Breaker("pause", failures=1, waits=SHORT, tell=said.append), Endpoint(slow), 1)
    assert "in 0 s" in said[0]

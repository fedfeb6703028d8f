"""Calls within the limits of an endpoint; the time of these tests is the event loop's own and passes at once."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor import ZhenggaiError
from extractor.llm.limits import Limiter, Limits


class Jumping(selectors.SelectSelector):
    """Waits for nothing: the clock jumps to the next timer."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += max(timeout or 0, 0)
        return super().select(0)


class VirtualTime(asyncio.SelectorEventLoop):
    """An event loop in which hours pass at once."""

    def __init__(self) -> None:
        self.clock = Jumping()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.now


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with asyncio.Runner(loop_factory=VirtualTime) as runner:
        runner.run(work())


class Calls:
    """Calls through a limiter that note when they start."""

    def __init__(self, limiter: Limiter) -> None:
        self.limiter = limiter
        self.started: list[tuple[str, float]] = []
        self.done: list[str] = []
        self.under_way = 0
        self.most_at_once = 0

    async def call(self, name: str, seconds: float = 0, tokens: int = 0) -> None:
        async with self.limiter.slot(tokens):
            self.started.append((name, asyncio.get_running_loop().time()))
            self.under_way += 1
            self.most_at_once = max(self.most_at_once, self.under_way)
            await asyncio.sleep(seconds)
            self.under_way -= 1
        self.done.append(name)

    @property
    def order(self) -> list[str]:
        return [name for name, _ in self.started]

    @property
    def times(self) -> list[float]:
        return [time for _, time in self.started]


def most_within(window: float, times: list[float], amounts: list[int] | None = None) -> int:
    weights = amounts or [1] * len(times)
    return max(
        sum(weight for time, weight in zip(times, weights, strict=True) if start <= time < start + window)
        for start in times
    )


def test_no_more_calls_at_once_than_allowed() -> None:
    calls = Calls(Limiter(Limits(concurrency=3)))

    async def work() -> None:
        await asyncio.gather(*(calls.call(str(number), seconds=number % 4 + 1) for number in range(20)))

    run(work)
    assert calls.most_at_once == 3
    assert len(calls.done) == 20


def test_a_slow_call_holds_no_other_back() -> None:
    calls = Calls(Limiter(Limits(concurrency=2)))

    async def work() -> None:
        await asyncio.gather(calls.call("slow", 100), *(calls.call(str(number), 1) for number in range(50)))

    run(work)
    assert calls.done[-1] == "slow"
    assert max(calls.times) < 100


def test_calls_start_in_the_order_they_asked_whatever_their_size() -> None:
    calls = Calls(Limiter(Limits(concurrency=2, requests_per_minute=100, tokens_per_minute=1000)))

    async def work() -> None:
        await asyncio.gather(*(calls.call(str(number), 1, tokens=[900, 1, 5][number % 3]) for number in range(12)))

    run(work)
    assert calls.order == [str(number) for number in range(12)]


def test_a_call_that_asks_when_the_wait_ends_does_not_overtake_those_that_waited() -> None:
    limiter = Limiter(Limits(concurrency=5))
    calls = Calls(limiter)

    async def late() -> None:
        await asyncio.sleep(5)
        await calls.call("late")

    async def work() -> None:
        limiter.pause_until(5)
        await asyncio.gather(late(), calls.call("first"), calls.call("second"))

    run(work)
    assert calls.order == ["first", "second", "late"]


@settings(max_examples=30)
@given(rate=st.integers(1, 100), concurrency=st.integers(1, 20))
def test_no_minute_holds_more_requests_than_allowed_and_one(rate: int, concurrency: int) -> None:
    calls = Calls(Limiter(Limits(concurrency=concurrency, requests_per_minute=rate)))

    async def work() -> None:
        await asyncio.gather(*(calls.call(str(number), 0.01) for number in range(rate + 20)))

    run(work)
    assert rate <= most_within(60, calls.times) <= rate + 1


def test_requests_are_spread_over_the_minute() -> None:
    calls = Calls(Limiter(Limits(concurrency=50, requests_per_minute=600)))

    async def work() -> None:
        await asyncio.gather(*(calls.call(str(number)) for number in range(100)))

    run(work)
    assert most_within(1, calls.times) <= 12


@settings(max_examples=50)
@given(tokens=st.lists(st.integers(0, 3000), min_size=1, max_size=30))
def test_no_minute_holds_more_tokens_than_allowed_and_one_call(tokens: list[int]) -> None:
    calls = Calls(Limiter(Limits(concurrency=4, tokens_per_minute=2000)))

    async def work() -> None:
        await asyncio.gather(*(calls.call(str(place), tokens=amount) for place, amount in enumerate(tokens)))

    run(work)
    assert most_within(60, calls.times, tokens) <= 2000 * 60.1 / 60 + max(tokens)


def test_a_call_of_more_tokens_than_a_minute_allows_starts_and_the_next_waits_for_it() -> None:
    calls = Calls(Limiter(Limits(concurrency=2, tokens_per_minute=1000)))

    async def work() -> None:
        await asyncio.gather(calls.call("large", tokens=3000), calls.call("next", tokens=1))

    run(work)
    assert calls.times[0] == 0
    assert 179 <= calls.times[1] <= 180


def test_a_pause_holds_waiting_calls_back_and_leaves_those_under_way() -> None:
    limiter = Limiter(Limits(concurrency=3, requests_per_minute=60))
    calls = Calls(limiter)

    async def work() -> None:
        waiting = asyncio.gather(*(calls.call(str(number), 5) for number in range(5)))
        await asyncio.sleep(0.5)
        limiter.pause_until(100)
        limiter.pause_until(50)
        await waiting

    run(work)
    assert [time < 1 for time in calls.times] == [True, False, False, False, False]
    assert all(time >= 100 for time in calls.times[1:])
    assert calls.done[0] == "0"


def test_a_call_that_fails_or_is_cancelled_gives_its_place_up() -> None:
    limiter = Limiter(Limits(concurrency=1, requests_per_minute=60))
    calls = Calls(limiter)

    async def fail() -> None:
        async with limiter.slot():
            raise RuntimeError

    async def work() -> None:
        with pytest.raises(RuntimeError):
            await fail()
        held = asyncio.create_task(calls.call("held", 1000))
        waiting = asyncio.create_task(calls.call("waiting"))
        await asyncio.sleep(10)
        waiting.cancel()
        held.cancel()
        await asyncio.wait([held, waiting])
        await calls.call("last")

    run(work)
    assert calls.done == ["last"]


def test_a_limiter_goes_on_in_the_next_event_loop() -> None:
    calls = Calls(Limiter(Limits(concurrency=1)))

    async def work() -> None:
        await asyncio.gather(calls.call("one", 1), calls.call("two", 1))

    run(work)
    run(work)
    assert calls.done == ["one", "two"] * 2


def test_two_event_loops_at_once_are_refused() -> None:
    limiter = Limiter(Limits(concurrency=1))

    async def work() -> None:
        async with limiter.slot():
            await asyncio.to_thread(lambda: asyncio.run(other()))

    async def other() -> None:
        async with limiter.slot():
            pass

    with pytest.raises(ZhenggaiError, match="one event loop"):
        asyncio.run(work())


@pytest.mark.parametrize("limits", [{"concurrency": 0}, {"requests_per_minute": 0}, {"tokens_per_minute": -1}])
def test_limits_below_one_are_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(limits))):
        Limits.model_validate(limits)

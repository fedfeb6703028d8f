"""One question to a model, through instructor: within limits and budget, repeated where that may help, kept on disk."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from typing import Any

import tenacity
from pydantic import BaseModel

from extractor.errors import ModelError, UsageError
from extractor.llm.cache import ReplyCache, default_path
from extractor.llm.completions import Reply
from extractor.llm.costs import Budget, BudgetError, Prices, Reservation, estimate_tokens
from extractor.llm.limits import Limiter, Limits
from extractor.llm.settings import ModelSettings
from extractor.llm.wire import Message, Question, Sender, Style, Wire
from extractor.records import Usage

_AUTO = ("json_schema", "json", "md_json")
_REFUSED = (400, 422, 501)
_MOMENT = 0.02  # seconds between looks whether a call under way has left money
_SAFETY = 1.15
"""An estimate of tokens may be this much too low; a budget must hold all the same."""
_NO_LIMIT = Budget(sys.float_info.max, "")

Guard = Callable[[Callable[[], Awaitable[Reply]]], Awaitable[Reply]]
"""Asks a question, or does not, or asks again: see :attr:`ModelClient.guard`."""


class ModelClient:
    """Asks one model of one endpoint; safe for many tasks of one event loop.

    Attributes:
        guard: what each question goes through that is not answered from replies kept; it gets what asks, with repeats.
        sender: what each request goes out through.
    """

    def __init__(self, settings: ModelSettings) -> None:
        """A client; nothing is sent before the first question.

        Raises:
            UsageError: no model is named, its provider's package is missing, or a budget lacks a price.
        """
        if not settings.model:
            raise UsageError(
                'no model is named: pass model=..., set ZHENGGAI_MODEL, or write model = "..." into the config file'
            )
        self.settings = settings
        self.model = settings.model
        self.prices = Prices.read(settings.prices)
        self.price = self.prices.of(self.model)
        self.budget = self._budget()
        self.limiter = Limiter(
            Limits(
                concurrency=settings.concurrency,
                requests_per_minute=settings.requests_per_minute,
                tokens_per_minute=settings.tokens_per_minute,
            )
        )
        self.guard: Guard | None = None
        self.cache = None if settings.no_cache else ReplyCache(default_path(settings.cache))
        self._style = Style(_AUTO[0] if settings.mode == "auto" else settings.mode, settings.temperature)
        wire = Wire(settings)
        # a provider whose package is missing is told of now, not in the middle of a run
        wire.client(self._style.mode)
        self.sender: Sender = wire

    def _budget(self) -> Budget | None:
        if self.settings.max_cost is None:
            return None
        currency = self.price.currency if self.price else ""
        budget = Budget(self.settings.max_cost, currency)
        budget.check(self.model, self.price)
        return budget

    async def ask(self, messages: Sequence[Message], schema: type[BaseModel]) -> Reply:
        """The model's reply to these messages, asked to be an instance of the schema.

        Raises:
            ModelError: the endpoint did not answer, or refused to; the message says why and what to do.
            BudgetError: the call might exceed the budget.
        """
        request = self._request(messages, schema) if self.cache is not None else {}
        if self.cache is not None and (kept := self.cache.get(request)):
            return Reply(kept["text"], kept["finish"], Usage(cached_calls=1, cost=0.0))
        reply = await (self.guard or _ask_at_once)(lambda: self._ask_with_repeats(messages, schema))
        if self.cache is not None:
            self.cache.put(request, {"text": reply.text, "finish": reply.finish, "usage": reply.usage.model_dump()})
        return reply

    def body(self, messages: Sequence[Message], schema: type[BaseModel]) -> dict[str, Any]:
        """The body of a request in OpenAI's form, for endpoints that take many at once."""
        body: dict[str, Any] = {
            "model": self.model,
            "messages": list(messages),
            "max_tokens": self.settings.max_output_tokens,
            **self.settings.extra_body,
        }
        if self.settings.temperature is not None:
            body["temperature"] = self.settings.temperature
        if self.settings.mode in ("auto", "json_schema"):
            body["response_format"] = {"type": "json_schema", "json_schema": _named(schema)}
        elif self.settings.mode == "json":
            body["response_format"] = {"type": "json_object"}
        return body

    def _request(self, messages: Sequence[Message], schema: type[BaseModel]) -> dict[str, Any]:
        """All that determines a reply, and nothing secret."""
        settings = self.settings
        return {
            "endpoint": settings.endpoint,
            "model": self.model,
            "mode": settings.mode,
            "messages": list(messages),
            "schema": _named(schema)["schema"],
            "temperature": settings.temperature,
            "max_tokens": settings.max_output_tokens,
            "extra_body": settings.extra_body,
        }

    def _question(self, messages: Sequence[Message], schema: type[BaseModel]) -> Question:
        return Question(list(messages), schema.__name__, _written(schema), self._style)

    async def _ask_with_repeats(self, messages: Sequence[Message], schema: type[BaseModel]) -> Reply:
        sent = sum(estimate_tokens(message["content"]) for message in messages) + _schema_tokens(schema)
        retries = 0
        async for attempt in tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(self.settings.retries + 1),
            retry=tenacity.retry_if_exception(self._may_be_repeated),
            wait=self._wait,
            reraise=True,
        ):
            with attempt:
                retries = attempt.retry_state.attempt_number - 1
                reply = await self._ask_once(messages, schema, sent)
        return Reply(reply.text, reply.finish, reply.usage.model_copy(update={"retries": retries}))

    def _may_be_repeated(self, error: BaseException) -> bool:
        if not isinstance(error, ModelError) or not error.retryable:
            return False
        return error.retry_after is None or error.retry_after <= self.settings.max_wait

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, ModelError) else None
        jitter = tenacity.wait_random(0, 0.25)(state)
        if asked is not None:
            self.limiter.pause_until(asyncio.get_running_loop().time() + asked)
            return asked + jitter
        longest = min(30.0, self.settings.max_wait)
        return tenacity.wait_random_exponential(multiplier=0.5, max=longest)(state)

    async def _ask_once(self, messages: Sequence[Message], schema: type[BaseModel], sent: int) -> Reply:
        """One request, or several where the endpoint has to be understood first."""
        expected = self.settings.max_output_tokens
        async with self.limiter.slot(sent + expected // 4):
            while True:
                reservation = await self._reservation(sent)
                with reservation:
                    try:
                        reply = await self.sender.send(self._question(messages, schema))
                    except ModelError as error:
                        # a reply that came too late may have been charged for
                        reservation.settle(None if error.status is None else 0)
                        if not self._adapt(error):
                            raise
                        continue
                    usage = self.priced(reply.usage if reply.usage.input_tokens else self._estimated(sent, reply.text))
                    reservation.settle(usage.cost)
                    return Reply(reply.text, reply.finish, usage)

    async def _reservation(self, sent: int) -> Reservation:
        """The most that a request of so many tokens can cost, set aside; left unsettled it counts as spent."""
        if self.budget is None or self.price is None:
            return _NO_LIMIT.reserve(0)
        return await _reserved(self.budget, self.price.cost(round(sent * _SAFETY), self.settings.max_output_tokens))

    def _estimated(self, sent: int, text: str) -> Usage:
        return Usage(calls=1, input_tokens=sent, output_tokens=estimate_tokens(text))

    def priced(self, usage: Usage) -> Usage:
        """Usage with what it costs, where the model has a price."""
        if self.price is None:
            return usage
        cost = self.price.cost(usage.input_tokens, usage.output_tokens, usage.cached_input_tokens)
        return usage.model_copy(update={"cost": cost, "currency": self.price.currency})

    def _adapt(self, refusal: ModelError) -> bool:
        """Whether the request can be put in another way after the endpoint refused this one."""
        words, style = str(refusal).lower(), self._style
        if refusal.status not in _REFUSED:
            return False
        if "temperature" in words and style.temperature is not None:
            style.temperature = None
            return True
        if "max_completion_tokens" in words and style.limit_name == "max_tokens":
            style.limit_name = "max_completion_tokens"
            return True
        if self.settings.mode != "auto" or style.mode not in _AUTO[:-1]:
            return False
        if any(word in words for word in ("response_format", "json_schema", "json_object", "schema", "grammar")):
            style.mode = _AUTO[_AUTO.index(style.mode) + 1]
            return True
        return False


@lru_cache(maxsize=64)  # to make a schema takes 10 ms
def _named(schema: type[BaseModel]) -> dict[str, Any]:
    return {"name": schema.__name__, "schema": schema.model_json_schema()}


@lru_cache(maxsize=64)
def _written(schema: type[BaseModel]) -> str:
    return json.dumps(_named(schema)["schema"], ensure_ascii=False)


@lru_cache(maxsize=64)
def _schema_tokens(schema: type[BaseModel]) -> int:
    return estimate_tokens(_written(schema))


async def _ask_at_once(ask: Callable[[], Awaitable[Reply]]) -> Reply:
    return await ask()


async def _reserved(budget: Budget, amount: float) -> Reservation:
    """Money for a call: calls under way hold back more than they take, so their end may leave enough."""
    while True:
        try:
            return budget.reserve(amount)
        except BudgetError:
            if not budget.reserved:
                raise
            await asyncio.sleep(_MOMENT)

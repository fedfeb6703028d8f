"""How a question goes out and its answer comes back: through instructor and openai, nothing counted or repeated."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple, Protocol

import httpx2
import instructor
from instructor.core.exceptions import InstructorError
from instructor.core.hooks import HookName, Hooks
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, OpenAIError
from pydantic import BaseModel, ConfigDict

from extractor.errors import UsageError
from extractor.llm.completions import Reply, reply_of
from extractor.llm.failures import asking, failure, hide_in_logs
from extractor.llm.settings import ModelSettings

_MODES = {
    "json_schema": instructor.Mode.JSON_SCHEMA,
    "tools": instructor.Mode.TOOLS,
    "json": instructor.Mode.JSON,
    "md_json": instructor.Mode.MD_JSON,
}
_IN_WIRE_FORM = ("messages", "response_format", "tools", "tool_choice")

Message = dict[str, str]


@dataclass
class Style:
    """What an endpoint turned out to accept.

    Attributes:
        mode: how structured output is asked for.
        temperature: of the request, None for none.
        limit_name: what the endpoint calls the longest reply.
    """

    mode: str
    temperature: float | None
    limit_name: str = "max_tokens"


class Question(NamedTuple):
    """A question as it goes out; it can be sent to another process.

    Attributes:
        messages: what is asked.
        schema_name: what the form of the answer is called.
        schema: that form, as JSON Schema.
        style: how it is asked.
    """

    messages: list[Message]
    schema_name: str
    schema: str
    style: Style


class Sender(Protocol):
    """What questions go out through."""

    async def send(self, question: Question) -> Reply:
        """The model's reply.

        Raises:
            ModelError: the endpoint did not answer, or refused to; the message says why and what to do.
        """


class Wire:
    """Sends questions from this process; safe for many tasks of one event loop."""

    def __init__(self, settings: ModelSettings) -> None:
        """A wire; nothing is sent before the first question."""
        self._settings = settings
        self._clients: dict[str, Any] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        hide_in_logs(settings)

    async def send(self, question: Question) -> Reply:
        """The model's reply.

        Raises:
            ModelError: the endpoint did not answer, or refused to; the message says why and what to do.
            UsageError: the provider's package is missing, or wants other settings.
        """
        self._for_this_loop()
        settings, style = self._settings, question.style
        completions: list[Any] = []
        hooks = Hooks()
        hooks.on(HookName.COMPLETION_RESPONSE, completions.append)
        parameters: dict[str, Any] = {style.limit_name: settings.max_output_tokens}
        if style.temperature is not None:
            parameters["temperature"] = style.temperature
        if settings.extra_body:
            parameters["extra_body"] = settings.extra_body
        if settings.base_url or "/" not in (settings.model or ""):
            parameters["model"] = settings.model
        try:
            with asking():
                await self.client(style.mode).chat.completions.create(
                    messages=[dict(message) for message in question.messages],
                    response_model=_shape(question.schema_name, question.schema),
                    max_retries=0,
                    strict=False,
                    hooks=hooks,
                    **parameters,
                )
        except (InstructorError, OpenAIError) as error:
            # a reply that the schema does not admit is a reply all the same: it is repaired and asked about later
            if not completions:
                raise failure(error, settings) from None
        return reply_of(completions[-1])

    def _for_this_loop(self) -> None:
        """Forget the clients of another event loop: their connections went with it."""
        loop = asyncio.get_running_loop()
        if self._loop is not None and self._loop is not loop:
            self._clients.clear()
        self._loop = loop

    def client(self, mode: str) -> Any:
        """The client of instructor for a mode.

        Raises:
            UsageError: the provider's package is missing, or wants other settings.
        """
        if mode not in self._clients:
            self._clients[mode] = _made(self._settings, mode)
        return self._clients[mode]


def _made(settings: ModelSettings, mode: str) -> Any:
    key = settings.api_key.get_secret_value() if settings.api_key else None
    model = settings.model or ""
    if settings.base_url is None and "/" in model:
        arguments: dict[str, Any] = {"api_key": key} if key else {}
        if settings.mode != "auto":
            arguments["mode"] = _MODES[settings.mode]
        try:
            return instructor.from_provider(model, async_client=True, **arguments)
        except (InstructorError, ImportError, ValueError) as error:
            raise UsageError(settings.without_secrets(f"the model {model} cannot be used: {error}")) from None
    if settings.base_url and key is None:
        key = "none"  # local servers need none, the client wants one
    try:
        client = AsyncOpenAI(
            base_url=settings.base_url,
            api_key=key,
            timeout=settings.timeout,
            max_retries=0,
            # the one that openai makes closes itself in whatever event loop runs when it is forgotten
            http_client=DefaultAsyncHttpxClient(timeout=settings.timeout, verify=_trusted()),
        )
    except OpenAIError as error:
        raise UsageError(
            settings.without_secrets(
                f"the model {model} cannot be used: {error}. Set ZHENGGAI_API_KEY, or "
                "ZHENGGAI_BASE_URL for a server of your own"
            )
        ) from None
    _send_as_it_is(client)
    return instructor.from_openai(client, mode=_MODES[mode])


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates trusted, read once: that takes 40 ms."""
    return httpx2.create_ssl_context()


def _send_as_it_is(client: AsyncOpenAI) -> None:
    """Let the client send messages and schema as they are.

    It goes through both with every type that a message may have, to rename keys: a quarter of what a call takes, for
    what has the names of the wire already.
    """
    completions = client.chat.completions
    create: Callable[..., Awaitable[Any]] = completions.create

    async def create_as_it_is(*, extra_body: dict[str, Any] | None = None, **parameters: Any) -> Any:
        plain = {name: parameters.pop(name) for name in _IN_WIRE_FORM if name in parameters}
        return await create(**parameters, messages=[], extra_body={**plain, **(extra_body or {})})

    vars(completions)["create"] = create_as_it_is


@lru_cache(maxsize=64)
def _shape(name: str, schema: str) -> type[BaseModel]:
    """A model that says a JSON Schema, admits anything and keeps nothing of it.

    instructor walks through the fields and values of a response model several times a call, and copies one that is not
    its own; what a reply holds is validated later, part by part.
    """
    said = json.loads(schema)

    def model_json_schema(*_: Any, **__: Any) -> dict[str, Any]:
        return dict(said)

    return type(
        name,
        (instructor.OpenAISchema,),
        {
            "__module__": __name__,
            "model_config": ConfigDict(extra="ignore"),
            "model_json_schema": staticmethod(model_json_schema),
        },
    )

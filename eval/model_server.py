"""An OpenAI-compatible server on this machine that says what a script tells it to: for tests and benchmarks."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import re
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from pydantic import BaseModel

from eval.fields import contract_of
from eval.gold import GoldDocument
from eval.oracle import perfect_answer
from extractor.llm.costs import estimate_tokens
from extractor.llm.drafts import item_forms, slot_of
from extractor.llm.engine import model_units
from extractor.llm.packing import pack
from extractor.llm.prompts import numbered
from extractor.pointers import Pointer, Units
from extractor.records import Span
from extractor.segmentation import segment

_NUMBERED = re.compile(r"(?m)^(\d+)\|(.*)$")
_TASK = re.compile(r"Answer for units (\d+)-(\d+) alone")
_MOST_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Scripted:
    """What the server does with one request.

    Attributes:
        text: content of the message; None for none.
        arguments: of a call of the tool that the request names, in place of content.
        finish_reason: why the message ended.
        usage: the usage to state: a dictionary as OpenAI writes it, None for none, "estimated" for a count of tokens.
        refusal: the message's refusal.
        choices: how many choices there are, each with this message.
        status: HTTP status; from 400 on the text is the message of an error.
        headers: further headers of the response, such as Retry-After.
        body: sent as it stands in place of all of the above but status and headers.
        delay: seconds before the response.
        drop: close the connection instead of responding.
    """

    text: str | None = None
    arguments: str | None = None
    finish_reason: str | None = "stop"
    usage: Mapping[str, Any] | str | None = "estimated"
    refusal: str | None = None
    choices: int = 1
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | bytes | None = None
    delay: float = 0.0
    drop: bool = False

    def completion(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The chat completion that this is for a request, or the error."""
        if self.status >= 400:
            return {"error": {"message": self.text or "", "type": "scripted", "param": None, "code": None}}
        message: dict[str, Any] = {"role": "assistant", "content": self.text, "refusal": self.refusal}
        if self.arguments is not None:
            call = {"name": _tool_name(request), "arguments": self.arguments}
            message["tool_calls"] = [{"id": "call_1", "type": "function", "function": call}]
        choices = [
            {"index": number, "message": message, "finish_reason": self.finish_reason} for number in range(self.choices)
        ]
        completion = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": request.get("model", ""),
            "choices": choices,
        }
        usage = estimated_usage(request, self.text or self.arguments or "") if self.usage == "estimated" else self.usage
        return completion if usage is None else {**completion, "usage": usage}


@dataclass(frozen=True)
class Received:
    """A request as it came in.

    Attributes:
        path: of the URL.
        headers: by name in small letters.
        body: the JSON of the request.
    """

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages of a question to a model."""
        messages: list[dict[str, Any]] = self.body["messages"]
        return messages


Reply = Callable[[dict[str, Any]], Scripted]
"""What to do with a request, given its JSON."""


class ModelServer:
    """A context manager: the server runs in a thread while the block does.

    Args:
        reply: what to do with each request, or what to do with the first, the second …; a request behind the last of
            these is answered with an error 400, which no client repeats.
        models: names that ``/v1/models`` lists.

    Attributes:
        requests: what came in, in order, without questions for the models.
    """

    def __init__(self, reply: Reply | Sequence[Scripted], models: Sequence[str] = ("scripted",)) -> None:
        self.requests: list[Received] = []
        self._reply = reply if callable(reply) else _in_turn(reply)
        self._models = models
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._started = threading.Event()
        self._port = 0
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),), daemon=True)

    @property
    def base_url(self) -> str:
        """The address to give to a client, up to and with ``/v1``."""
        return f"http://127.0.0.1:{self._port}/v1"

    def routes(self) -> list[web.RouteDef]:
        """What the server answers to."""
        return [web.post("/v1/chat/completions", self._complete), web.get("/v1/models", self._list_models)]

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()

    async def _serve(self) -> None:
        application = web.Application(client_max_size=_MOST_BYTES)
        application.add_routes(self.routes())
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._port = runner.addresses[0][1]
        self._started.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        received = await self.receive(request)
        scripted = self._reply(received.body)
        if scripted.delay:
            # whoever waits longer than the server runs waits in vain
            await asyncio.wait([asyncio.ensure_future(self._stop.wait())], timeout=scripted.delay)
        return respond(request, received.body, scripted)

    async def receive(self, request: web.Request) -> Received:
        """A request, put on record."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        received = Received(request.path, headers, await request.json())
        self.requests.append(received)
        return received

    async def _list_models(self, request: web.Request) -> web.StreamResponse:  # noqa: ARG002 - aiohttp's signature
        models = [{"id": name, "object": "model", "created": 0, "owned_by": "scripted"} for name in self._models]
        return web.json_response({"object": "list", "data": models})


def respond(request: web.Request, body: Mapping[str, Any], scripted: Scripted) -> web.StreamResponse:
    """Do what the script says."""
    if scripted.drop and request.transport is not None:
        request.transport.abort()
    if scripted.body is None:
        return web.json_response(scripted.completion(body), status=scripted.status, headers=scripted.headers)
    raw = scripted.body.encode() if isinstance(scripted.body, str) else scripted.body
    headers = {"Content-Type": "application/json", **scripted.headers}
    return web.Response(body=raw, status=scripted.status, headers=headers)


def _in_turn(script: Sequence[Scripted]) -> Reply:
    left = iter(script)
    end = Scripted(f"the script has {len(script)} replies and no more", status=400)
    return lambda _: next(left, end)


def _tool_name(request: Mapping[str, Any]) -> str:
    tools = request.get("tools") or [{}]
    return str(tools[0].get("function", {}).get("name", ""))


def estimated_usage(request: Mapping[str, Any], text: str) -> dict[str, int]:
    """Tokens of a request (messages and schema) and its reply, as our own estimate has them."""
    parts = [message.get("content") or "" for message in request.get("messages", [])]
    parts += [json.dumps(request[name]) for name in ("response_format", "tools") if name in request]
    sent, received = sum(map(estimate_tokens, parts)), estimate_tokens(text)
    return {"prompt_tokens": sent, "completion_tokens": received, "total_tokens": sent + received}


@contextmanager
def own_process(replies: Sequence[Scripted]) -> Iterator[str]:
    """A server in a process of its own, so that its work is not taken for a client's; its address.

    Args:
        replies: what it says to a request whose model is called by the number of the reply, from 0.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(replies, theirs), daemon=True)
    process.start()
    theirs.close()  # so that a server that does not start ends the pipe
    try:
        yield ours.recv()
    finally:
        ours.close()
        process.join()


def _serve(replies: Sequence[Scripted], connection: Connection) -> None:
    """Tell the address, and serve until the pipe is closed."""
    with ModelServer(lambda request: replies[int(request["model"])]) as server:
        connection.send(server.base_url)
        with suppress(EOFError):
            connection.recv()


def perfect_replies(golds: Sequence[GoldDocument]) -> Reply:
    """The script of a model that makes no mistake about these documents, whole or in parts.

    The document is recognised by its numbered units in the request; for one that is none of these it is an error 400.
    """
    known = [_Known(gold) for gold in golds]

    def reply(request: dict[str, Any]) -> Scripted:
        content = next(message["content"] for message in request["messages"] if message["role"] == "user")
        shown = _NUMBERED.findall(content)
        for document in known:
            if document.shows(shown):
                return Scripted(document.reply(content, {int(number) for number, _ in shown}))
        return Scripted("the document is none of those that the script knows", status=400)

    return reply


class _Known:
    """A document, and the answer that its record implies."""

    def __init__(self, gold: GoldDocument) -> None:
        self._schema: type[BaseModel] = contract_of(gold.record).record
        self._units = model_units(Units(gold.document, segment))
        self._record = gold.record
        self._lines = set(_NUMBERED.findall(numbered(gold.document.text, self._units)))

    def shows(self, lines: Sequence[tuple[str, str]]) -> bool:
        """Whether these numbered lines are of this document."""
        return bool(lines) and self._lines.issuperset(lines)

    def reply(self, content: str, shown: Collection[int]) -> str:
        """The JSON of the answer to a question that shows these units."""
        answer = perfect_answer(self._record, self._schema, self._units)
        if task := _TASK.search(content):
            begin, end = self._units[int(task[1])].span.start, self._units[int(task[2])].span.end
            answer = _pointing_to(self._within(answer, Span(begin, end)), shown)
        return json.dumps(pack(answer, self._schema, self._units), ensure_ascii=False, separators=(",", ":"))

    def _within(self, answer: BaseModel, stretch: Span) -> BaseModel:
        """What of the answer begins in a stretch of the document."""
        forms = item_forms(self._schema)
        kept = {}
        for name, value in answer:
            if name in forms:
                starts = [(item, slot_of(dict(item), forms[name]).start) for item in value]
                kept[name] = [item for item, start in starts if start is not None and _holds(stretch, start)]
            else:
                kept[name] = _beginning_in(value, stretch)
        return answer.model_copy(update=kept)


def _beginning_in(value: Any, stretch: Span) -> Any:
    """A value without the pointers that begin elsewhere."""
    if isinstance(value, Pointer):
        return value if value.places and _holds(stretch, value.places[0].start) else None
    if isinstance(value, list):
        return [kept for item in value if (kept := _beginning_in(item, stretch)) is not None]
    if isinstance(value, BaseModel):
        return value.model_copy(update={name: _beginning_in(inner, stretch) for name, inner in value})
    return value


def _pointing_to(value: Any, shown: Collection[int]) -> Any:
    """A value without the pointers to units that are not shown."""
    if isinstance(value, Pointer):
        units = [unit for piece in value.pieces for unit in range(piece.first, piece.last + 1)]
        return value if all(unit in shown for unit in units) else None
    if isinstance(value, list):
        return [kept for item in value if (kept := _pointing_to(item, shown)) is not None]
    if isinstance(value, BaseModel):
        kept = {name: _pointing_to(inner, shown) for name, inner in value}
        required = [name for name, info in type(value).model_fields.items() if info.is_required()]
        return None if any(kept[name] is None for name in required) else value.model_copy(update=kept)
    return value


def _holds(stretch: Span, place: int) -> bool:
    return stretch.start <= place < stretch.end

"""One question to a model: repeated, remembered, paid for, put as the endpoint wants it, and never with a key in sight."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from eval.model_server import ModelServer, Scripted
from extractor.errors import ModelError, UsageError
from extractor.llm.client import ModelClient
from extractor.llm.completions import Reply
from extractor.llm.costs import BudgetError
from extractor.llm.settings import ModelSettings

Serve = Callable[..., ModelServer]
SettingsFor = Callable[..., ModelSettings]
MESSAGES = [{"role": "system", "content": "Point."}, {"role": "user", "content": "0|甲"}]
USAGE = {"prompt_tokens": 100, "completion_tokens": 10}
KEY = "sk-geheim-0123456789abcdef"


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str


GOOD = Scripted('{"title": "0"}', usage=USAGE)


@pytest.fixture
def client_for(settings_for: SettingsFor) -> Callable[..., ModelClient]:
    return lambda server, **arguments: ModelClient(settings_for(server, **arguments))


def ask(client: ModelClient, messages: list[dict[str, str]] = MESSAGES, schema: type[BaseModel] = Said) -> Reply:
    return asyncio.run(client.ask(messages, schema))


def test_a_question_is_put_as_chat_completions_ask_for(serve: Serve, client_for: Callable[..., ModelClient]) -> None:
    server = serve([GOOD])
    client = client_for(
        server, api_key=KEY, max_output_tokens=77, temperature=0.3, extra_body={"enable_thinking": False}
    )
    reply = ask(client)
    assert (reply.text, reply.finish) == ('{"title": "0"}', "stop")
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.messages == MESSAGES
    body = request.body
    assert (body["model"], body["max_tokens"], body["temperature"]) == ("scripted", 77, 0.3)
    assert body["enable_thinking"] is False
    schema = body["response_format"]["json_schema"]["schema"]
    assert body["response_format"]["type"] == "json_schema"
    assert list(schema["properties"]) == ["title"]


@pytest.mark.parametrize("mode", ["tools", "json", "md_json"])
def test_another_mode_is_used_where_it_is_set(serve: Serve, client_for: Callable[..., ModelClient], mode: str) -> None:
    reply = Scripted(None, arguments='{"title": "0"}') if mode == "tools" else GOOD
    server = serve([reply])
    assert ask(client_for(server, mode=mode)).text == '{"title": "0"}'
    body = server.requests[0].body
    assert ("tools" in body) == (mode == "tools")
    assert (body.get("response_format") == {"type": "json_object"}) == (mode == "json")


def refuses(word: str, text: str) -> Callable[[dict[str, Any]], Scripted]:
    """A server that refuses requests which hold a word."""
    return lambda request: Scripted(text, status=400) if word in str(request) else GOOD


def test_an_endpoint_without_json_schema_is_asked_for_json(
    serve: Serve, client_for: Callable[..., ModelClient]
) -> None:
    server = serve(refuses("'json_schema'", "response_format.type json_schema is not supported"))
    client = client_for(server)
    assert ask(client).text == ask(client).text == '{"title": "0"}'
    kinds = [request.body.get("response_format", {}).get("type") for request in server.requests]
    assert kinds == ["json_schema", "json_object", "json_object"]
    assert "title" in str(server.requests[1].messages)


def test_an_endpoint_without_response_format_is_asked_in_words(
    serve: Serve, client_for: Callable[..., ModelClient]
) -> None:
    server = serve(refuses("'response_format'", "unknown field: response_format"))
    assert ask(client_for(server)).text == '{"title": "0"}'
    assert len(server.requests) == 3
    assert "response_format" not in server.requests[2].body


def test_a_mode_that_is_set_is_kept(serve: Serve, client_for: Callable[..., ModelClient]) -> None:
    server = serve(refuses("'json_schema'", "json_schema is not supported"))
    with pytest.raises(ModelError, match="json_schema is not supported"):
        ask(client_for(server, mode="json_schema"))
    assert len(server.requests) == 1


def test_an_endpoint_that_takes_no_temperature_is_asked_without(
    serve: Serve, client_for: Callable[..., ModelClient]
) -> None:
    server = serve(refuses("'temperature'", "Unsupported value: 'temperature' does not support 0 with this model."))
    client = client_for(server)
    ask(client)
    ask(client)
    assert ["temperature" in request.body for request in server.requests] == [True, False, False]


def test_an_endpoint_that_renamed_max_tokens_is_asked_by_its_name(
    serve: Serve, client_for: Callable[..., ModelClient]
) -> None:
    server = serve(refuses("'max_tokens'", "Use 'max_completion_tokens' instead of 'max_tokens'."))
    ask(client_for(server, max_output_tokens=99))
    assert server.requests[1].body["max_completion_tokens"] == 99


def test_retry_after_is_waited_for(serve: Serve, client_for: Callable[..., ModelClient]) -> None:
    times: list[float] = []
    script = iter([Scripted("slow", status=429, headers={"Retry-After-Ms": "300"}), GOOD])

    def reply(_: dict[str, Any]) -> Scripted:
        times.append(asyncio.get_running_loop().time())
        return next(script)

    used = ask(client_for(serve(reply), max_wait=5)).usage
    assert used is not None and used.retries == 1
    assert times[1] - times[0] >= 0.3


def test_a_wait_longer_than_allowed_is_not_waited(serve: Serve, client_for: Callable[..., ModelClient]) -> None:
    server = serve(lambda _: Scripted("slow", status=429, headers={"Retry-After": "60"}))
    with pytest.raises(ModelError) as caught:
        ask(client_for(server, max_wait=5))
    assert caught.value.retry_after == 60
    assert len(server.requests) == 1


def test_a_reply_is_remembered(serve: Serve, client_for: Callable[..., ModelClient], tmp_path: Path) -> None:
    server = serve(lambda _: GOOD)
    prices = {"scripted": {"input": 1.0, "output": 2.0, "currency": "CNY"}}
    cache = tmp_path / "mine"
    settings = {"no_cache": False, "cache": cache, "prices": prices, "api_key": KEY}
    first = ask(client_for(server, **settings))
    again = ask(client_for(server, **settings))
    assert len(server.requests) == 1
    assert list(cache.glob("*.sqlite3"))
    assert (again.text, again.finish) == (first.text, first.finish)
    assert first.usage is not None and first.usage.cost == pytest.approx(120 / 1e6)
    assert again.usage is not None
    assert (again.usage.calls, again.usage.cached_calls, again.usage.cost) == (0, 1, 0.0)
    both = first.usage + again.usage
    assert both.cost == first.usage.cost


def test_replies_are_kept_in_the_folder_that_is_set(
    serve: Serve, client_for: Callable[..., ModelClient], tmp_path: Path
) -> None:
    ask(client_for(serve([GOOD]), no_cache=False))
    assert list((tmp_path / "cache").glob("*.sqlite3"))


CHANGES: dict[str, dict[str, Any]] = {
    "model": {"model": "other"},
    "mode": {"mode": "json"},
    "temperature": {"temperature": 0.5},
    "max_output_tokens": {"max_output_tokens": 100},
    "extra_body": {"extra_body": {"seed": 1}},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_determines_a_reply_asks_anew(
    serve: Serve, client_for: Callable[..., ModelClient], change: dict[str, Any]
) -> None:
    server = serve(lambda _: GOOD)
    ask(client_for(server, no_cache=False))
    ask(client_for(server, no_cache=False, **change))
    assert len(server.requests) == 2


def test_another_question_or_schema_asks_anew(serve: Serve, client_for: Callable[..., ModelClient]) -> None:
    class SaidOtherwise(BaseModel):
        headline: str

    server = serve(lambda _: GOOD)
    client = client_for(server, no_cache=False)
    ask(client)
    ask(client, [*MESSAGES, {"role": "user", "content": "1|乙"}])
    ask(client, schema=SaidOtherwise)
    ask(client)
    assert len(server.requests) == 3


def test_another_key_or_price_does_not_ask_anew(serve: Serve, client_for: Callable[..., ModelClient]) -> None:
    server = serve(lambda _: GOOD)
    ask(client_for(server, no_cache=False, api_key=KEY))
    ask(client_for(server, no_cache=False, api_key="sk-another-0123456789", retries=0, timeout=5))
    assert len(server.requests) == 1


def test_errors_are_not_remembered(serve: Serve, client_for: Callable[..., ModelClient]) -> None:
    server = serve([Scripted("no", status=400), GOOD])
    with pytest.raises(ModelError):
        ask(client_for(server, no_cache=False))
    assert ask(client_for(server, no_cache=False)).text == '{"title": "0"}'


def test_the_budget_is_never_exceeded_by_calls_at_the_same_time(
    serve: Serve, client_for: Callable[..., ModelClient]
) -> None:
    server = serve(lambda _: GOOD)
    prices = {"scripted": {"input": 1000.0, "output": 1000.0, "currency": "CNY"}}
    client = client_for(server, prices=prices, max_cost=1.0, max_output_tokens=64)

    async def many() -> list[Reply | BaseException]:
        return await asyncio.gather(*(client.ask(MESSAGES, Said) for _ in range(30)), return_exceptions=True)

    replies = asyncio.run(many())
    stopped = [reply for reply in replies if isinstance(reply, BudgetError)]
    paid = [reply.usage.cost or 0 for reply in replies if isinstance(reply, Reply) and reply.usage]
    assert stopped and paid and len(stopped) + len(paid) == 30
    assert sum(paid) <= 1.0
    assert len(server.requests) == len(paid)


def test_a_refused_request_costs_nothing(serve: Serve, client_for: Callable[..., ModelClient]) -> None:
    server = serve([Scripted("slow", status=429), Scripted("slow", status=429), GOOD])
    prices = {"scripted": {"input": 1000.0, "output": 1000.0, "currency": "CNY"}}
    client = client_for(server, prices=prices, max_cost=1.0, max_output_tokens=64)
    ask(client)
    assert client.budget is not None
    assert client.budget.spent == pytest.approx(0.11)


def test_a_budget_needs_a_price(serve: Serve, client_for: Callable[..., ModelClient]) -> None:
    with pytest.raises(UsageError, match="needs the price of scripted"):
        client_for(serve([]), max_cost=1.0)


def test_usage_that_an_endpoint_does_not_state_is_estimated(
    serve: Serve, client_for: Callable[..., ModelClient]
) -> None:
    used = ask(client_for(serve([Scripted('{"title": "0"}', usage=None)]))).usage
    assert used is not None
    assert used.calls == 1 and used.input_tokens > 10 and used.output_tokens > 0


ODD_USAGE: dict[str, dict[str, Any]] = {
    "null": {"prompt_tokens": None, "completion_tokens": None},
    "negative": {"prompt_tokens": -5, "completion_tokens": -1},
    "more cached than sent": {
        "prompt_tokens": 5,
        "completion_tokens": 1,
        "prompt_tokens_details": {"cached_tokens": 9},
    },
    "empty": {},
}


@pytest.mark.parametrize("usage", ODD_USAGE.values(), ids=ODD_USAGE)
def test_odd_usage_does_no_harm(serve: Serve, client_for: Callable[..., ModelClient], usage: dict[str, Any]) -> None:
    used = ask(client_for(serve([Scripted('{"title": "0"}', usage=usage)]))).usage
    assert used is not None and used.calls == 1
    assert 0 <= used.cached_input_tokens <= used.input_tokens


async def _gathered(client: ModelClient) -> tuple[Reply | BaseException]:
    return await asyncio.gather(client.ask(MESSAGES, Said), return_exceptions=True)


LEAKS = [
    Scripted(f"Incorrect API key provided: {KEY}.", status=401),
    Scripted(f"Incorrect API key provided: {KEY}.", status=500),
    Scripted(f'{{"title": 3, "echo": "{KEY}"}}'),
    Scripted(body=f"<html>{KEY}", status=502),
    Scripted(body=f"not json {KEY}"),
    Scripted(drop=True),
]


@pytest.mark.parametrize("leak", LEAKS, ids=["401", "500", "reply", "proxy", "no JSON", "dropped"])
@pytest.mark.parametrize("place", ["key", "password"])
def test_a_secret_is_in_no_log_and_no_error(
    serve: Serve, client_for: Callable[..., ModelClient], caplog: pytest.LogCaptureFixture, leak: Scripted, place: str
) -> None:
    caplog.set_level(logging.DEBUG)
    server = serve([leak, leak])
    with_password = server.base_url.replace("//", f"//user:{KEY}@")
    secret = {"api_key": KEY} if place == "key" else {"base_url": with_password}
    client = client_for(server, retries=1, **secret)
    assert KEY not in repr(client.settings) + str(client.settings) + client.settings.endpoint
    (told,) = asyncio.run(_gathered(client))
    assert KEY not in "".join(traceback.format_exception(told) if isinstance(told, BaseException) else [])
    assert server.requests
    assert "Basic " in server.requests[0].headers["authorization"] or place == "key"
    assert KEY not in caplog.text
    assert not [record for record in caplog.records if KEY in str(record.args)]


def test_a_secret_is_not_in_the_cache(serve: Serve, client_for: Callable[..., ModelClient], tmp_path: Path) -> None:
    server = serve([GOOD])
    with_password = server.base_url.replace("//", "//user:pa55word-geheim@")
    ask(client_for(server, no_cache=False, api_key=KEY, base_url=with_password))
    kept = b"".join(path.read_bytes() for path in (tmp_path / "cache").iterdir())
    assert b"title" in kept
    assert KEY.encode() not in kept and b"pa55word" not in kept


def test_a_reply_that_the_schema_does_not_admit_is_not_logged(
    serve: Serve, client_for: Callable[..., ModelClient], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    assert ask(client_for(serve([Scripted('{"titel": "0|甲"}')]))).text == '{"titel": "0|甲"}'
    assert not caplog.records


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"model": None}, "no model is named"),
        ({"model": "nosuchprovider/x", "base_url": None}, "nosuchprovider/x cannot be used"),
        ({"base_url": None}, "Set ZHENGGAI_API_KEY"),
    ],
)
def test_wrong_settings_are_told_of_before_anything_is_sent(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ModelClient(ModelSettings.load(**{"model": "scripted", "no_cache": True, **arguments}))


def test_a_client_serves_one_event_loop_after_the_other(serve: Serve, client_for: Callable[..., ModelClient]) -> None:
    server = serve(lambda _: GOOD)
    client = client_for(server, retries=0)
    assert [ask(client).text for _ in range(3)] == ['{"title": "0"}'] * 3

"""Questions that go out through other processes: the same answers and errors, whatever becomes of a process."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
import pytest

from eval.batch_server import BatchServer
from eval.model_server import Reply as Answering
from eval.model_server import Scripted
from extractor.errors import ModelError, UsageError
from extractor.jobs.store import Store
from extractor.jobs.wires import WireProcesses, spread
from extractor.llm.client import ModelClient
from extractor.llm.completions import Reply
from extractor.llm.settings import ModelSettings
from extractor.llm.wire import Question, Style
from extractor.records import Usage
from tests.jobs.children import kill_and_wait

Serve = Callable[[Answering | Sequence[Scripted]], BatchServer]

_MOST_SECONDS = 60.0


class Here:
    """Takes the questions that no process takes."""

    def __init__(self) -> None:
        self.taken = 0

    async def send(self, question: Question) -> Reply:
        self.taken += 1
        return Reply(f"here: {question.messages[0]['content']}", "stop", Usage(calls=1))


def _question(words: str) -> Question:
    return Question([{"role": "user", "content": words}], "Any", json.dumps({"type": "object"}), Style("json", 0.0))


def _settings(server: BatchServer, **more: object) -> ModelSettings:
    return ModelSettings.load(model="scripted", base_url=server.base_url, **more)


async def _until_ready(wires: WireProcesses, processes: int) -> None:
    async with asyncio.timeout(_MOST_SECONDS):
        while wires.ready < processes:
            await wires.send(_question("are you there?"))
            await asyncio.sleep(0.05)


def _echo(request: dict[str, object]) -> Scripted:
    messages = request["messages"]
    assert isinstance(messages, list)
    return Scripted(json.dumps({"asked": messages[-1]["content"]}))


def test_replies_come_from_processes_once_these_have_started(serve: Serve) -> None:
    server, here = serve(_echo), Here()

    async def ask() -> list[Reply]:
        await _until_ready(wires, 2)
        here.taken = 0
        return await asyncio.gather(*(wires.send(_question(f"question {n}")) for n in range(20)))

    with WireProcesses(_settings(server), 2, here) as wires:
        assert wires.ready == 0
        replies = asyncio.run(ask())
    assert [json.loads(reply.text)["asked"] for reply in replies] == [f"question {n}" for n in range(20)]
    assert all(reply.finish == "stop" and reply.usage.calls == 1 for reply in replies)
    assert here.taken == 0
    assert not multiprocessing.active_children()


def test_refusals_come_as_they_are(serve: Serve) -> None:
    server = serve(lambda _: Scripted("slow down", status=429, headers={"Retry-After": "7"}))

    async def ask() -> None:
        await _until_ready(wires, 1)
        await wires.send(_question("now"))

    with WireProcesses(_settings(server), 1, Here()) as wires, pytest.raises(ModelError, match="slow down") as caught:
        asyncio.run(ask())
    assert (caught.value.status, caught.value.retry_after, caught.value.retryable) == (429, 7.0, True)


def test_any_error_costs_its_question_alone(outside: None) -> None:
    async def ask() -> None:
        await _until_ready(wires, 1)
        for _ in range(2):
            with pytest.raises(UsageError, match="nowhere/model cannot be used"):
                await wires.send(_question("now"))
        assert wires.ready == 1

    with WireProcesses(ModelSettings.load(model="nowhere/model"), 1, Here()) as wires:
        asyncio.run(ask())


def test_a_process_that_dies_costs_a_repeat_and_is_replaced(serve: Serve) -> None:
    server = serve(lambda request: Scripted("{}", delay=30.0 if "wait" in str(request["messages"]) else 0.0))
    children = multiprocessing.active_children

    async def ask() -> ModelError:
        await _until_ready(wires, 1)
        waiting = asyncio.create_task(wires.send(_question("wait")))
        await asyncio.sleep(0.5)
        (child,) = children()
        await asyncio.to_thread(kill_and_wait, psutil.Process(child.pid))
        with pytest.raises(ModelError, match="died") as caught:
            await waiting
        await _until_ready(wires, 1)
        assert (await wires.send(_question("again"))).text == "{}"
        return caught.value

    with WireProcesses(_settings(server), 1, Here()) as wires:
        assert asyncio.run(ask()).retryable


def test_a_client_that_sends_few_at_a_time_sends_them_itself(serve: Serve) -> None:
    client = ModelClient(_settings(serve(_echo), concurrency=8))
    own = client.sender
    with spread(client):
        assert client.sender is own
    with spread(client, processes=2):
        assert isinstance(client.sender, WireProcesses)
    assert client.sender is own


_SCRIPT = """
import sys
from extractor.jobs.bulk import bulk
import extractor.jobs.wires
extractor.jobs.wires.usable_cores = lambda: 2
settings = {"model": "scripted", "base_url": sys.argv[3], "concurrency": 64, "no_cache": True}
print(bulk(sys.argv[1], sys.argv[2], engine="llm", settings=settings).finish().usage.calls)
"""


def test_where_no_process_starts_all_is_sent_from_here(
    serve: Serve, right: Scripted, write_notices: Callable[..., Path], tmp_path: Path
) -> None:
    script = tmp_path / "unguarded.py"  # its other processes run it once more, and fail
    script.write_text(_SCRIPT, encoding="utf-8")
    server = serve(lambda _: Scripted(right.text, delay=0.2))
    source, out = write_notices(*range(200)), tmp_path / "out"
    done = subprocess.run(
        [sys.executable, script, source, out, server.base_url], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["200"]
    with Store(out, read_only=True) as store:
        assert store.totals().usage.calls == 200

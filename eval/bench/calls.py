"""Model calls of a bulk run at a latency of one second: how much of the ideal rate is reached, and what a call takes.

The server is a process of its own, which answers each request after the latency with the same small reply; the notices
are invented, short, and differ in a number. Ideal is that each place of the concurrency is always taken: the calls come
in rounds, and each round takes the latency. A run is timed as a whole, from the first input to the last shard, in a
process of its own; what it imports, a run with one notice before has loaded. The processes that it starts to send many
calls at a time do start in the time measured, which takes some seconds.

The baseline is openai's own client in one process, which asks the same and does nothing with the answer.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import click
from openai import AsyncOpenAI

from eval.model_server import Scripted, own_process
from extractor.document import Document
from extractor.jobs.bulk import bulk
from extractor.llm.answer_schema import answer_schema
from extractor.llm.engine import LlmEngine
from extractor.llm.settings import ModelSettings
from extractor.pointers import Units
from extractor.records import Notice
from extractor.segmentation import segment

_NOTICE = """中共云台县水利局党组关于巡察整改情况的通报
一、聚焦基层党组织建设方面
1.账目管理混乱。
整改情况：已完成整改。修订台账{number}项。
中共云台县水利局党组
2023年5月8日
"""
_ANSWER = {
    "title": "0",
    "issuer": "8",
    "issued_on": "9",
    "findings": [
        {
            "path": "1",
            "focus_area": "2",
            "focus": "organisation",
            "items": [
                {"path": "3", "statement": "4", "rectification": "6-7", "status": "completed 6", "measures": ["7"]}
            ],
        }
    ],
}
_USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
_GOALS = {64: 0.95, 256: 0.90}


class Timed(NamedTuple):
    """What a run took.

    Attributes:
        seconds: on the clock.
        answered: notices that the model read.
    """

    seconds: float
    answered: int


@click.command("calls")
@click.option("--latency", default=1.0, show_default=True, help="Seconds before each reply.")
@click.option("--concurrency", multiple=True, type=int, default=(64, 256), show_default=True)
@click.option("--rounds", default=128, show_default=True, help="Notices, as a multiple of the concurrency.")
def main(latency: float, concurrency: tuple[int, ...], rounds: int) -> None:
    """Run the online engine over invented notices against a server that answers after a second."""
    with tempfile.TemporaryDirectory(prefix="calls-") as name, own_process([_reply(latency)]) as base_url:
        for places in concurrency:
            folder = Path(name) / str(places)
            folder.mkdir()
            notices = places * rounds
            baseline = _apart(timed_client, base_url, places, notices)
            timed = _apart(timed_run, _write(folder, notices), folder / "out", base_url, places)
            ideal, goal = rounds * latency, _GOALS.get(places)
            share = ideal / timed.seconds
            verdict = "" if goal is None else f" ({'reaches' if share >= goal else 'misses'} {goal:.0%})"
            click.echo(f"{places} calls at a time, {notices} notices, {timed.answered} read by the model")
            click.echo(f"  {timed.seconds:.1f} s, ideal {ideal:.1f} s: {share:.1%} of the ideal rate{verdict}")
            click.echo(f"  openai's own client: {ideal / baseline.seconds:.1%}")


def _reply(latency: float) -> Scripted:
    return Scripted(json.dumps(_ANSWER, ensure_ascii=False), usage=_USAGE, delay=latency)


def _write(folder: Path, notices: int) -> Path:
    path = folder / "notices.jsonl"
    rows = (json.dumps({"text": _NOTICE.format(number=number)}, ensure_ascii=False) for number in range(notices))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def _apart(work: Callable[..., Timed], *arguments: Any) -> Timed:
    """Work in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_send_timed, args=(theirs, work, *arguments))
    process.start()
    timed: Timed = ours.recv()
    process.join()
    return timed


def _send_timed(connection: Connection, work: Callable[..., Timed], *arguments: Any) -> None:
    connection.send(work(*arguments))


def timed_run(source: Path, out: Path, base_url: str, concurrency: int) -> Timed:
    """Run once for one notice, so that all is loaded, then for all."""
    settings = {
        "model": "0",
        "base_url": base_url,
        "api_key": "none",
        "concurrency": concurrency,
        "no_cache": True,
    }
    first = out.with_name("first.txt")
    first.write_text(_NOTICE.format(number="若干"), encoding="utf-8")
    bulk(first, out.with_name("first"), engine="llm", settings=settings).finish()
    start = time.perf_counter()
    totals = bulk(source, out, engine="llm", settings=settings).finish()
    return Timed(time.perf_counter() - start, totals.usage.calls)


def timed_client(base_url: str, concurrency: int, calls: int) -> Timed:
    """Ask through openai's client alone, with the body that a run sends."""
    engine = LlmEngine(ModelSettings.load(model="0", base_url=base_url, no_cache=True))
    units = Units(Document(_NOTICE.format(number=1)), segment)
    body = engine.client.body(engine.messages(units, Notice)[0], answer_schema(Notice))
    return asyncio.run(_ask(body, base_url, concurrency, calls))


async def _ask(body: dict[str, Any], base_url: str, concurrency: int, calls: int) -> Timed:
    client = AsyncOpenAI(base_url=base_url, api_key="none", max_retries=0)
    left = iter(range(calls))

    async def ask() -> int:
        asked = 0
        for _ in left:
            await client.chat.completions.create(**body)
            asked += 1
        return asked

    start = time.perf_counter()
    asked = await asyncio.gather(*(ask() for _ in range(concurrency)))
    return Timed(time.perf_counter() - start, sum(asked))

"""Model calls of a bulk run at a latency of one second: how much of the ideal rate is reached, and what a call takes.

The server is a process of its own, which answers each request after the latency with the same small reply; the notices
are invented, short, and differ in a number. Ideal is that each place of the concurrency is always taken: the calls come
in rounds, and each round takes the latency. A run is timed as a whole, from the first input to the last shard, in a
process of its own; its start is taken from a run with one notice before.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import resource
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import click

from eval.model_server import Scripted, own_process
from extractor.jobs.bulk import bulk

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
        processor: seconds of processor time of the process that asks.
        answered: notices that the model read.
    """

    seconds: float
    processor: float
    answered: int


@click.command("calls")
@click.option("--latency", default=1.0, show_default=True, help="Seconds before each reply.")
@click.option("--concurrency", multiple=True, type=int, default=(64, 256), show_default=True)
@click.option("--rounds", default=16, show_default=True, help="Notices, as a multiple of the concurrency.")
def main(latency: float, concurrency: tuple[int, ...], rounds: int) -> None:
    """Run the online engine over invented notices against a server that answers after a second."""
    with tempfile.TemporaryDirectory(prefix="calls-") as name, own_process([_reply(latency)]) as base_url:
        for places in concurrency:
            folder = Path(name) / str(places)
            folder.mkdir()
            notices = places * rounds
            timed = _apart(_write(folder, notices), folder / "out", base_url, places)
            ideal = math.ceil(notices / places) * latency
            share, goal = ideal / timed.seconds, _GOALS.get(places)
            verdict = "" if goal is None else f" ({'reaches' if share >= goal else 'misses'} {goal:.0%})"
            click.echo(f"{places} calls at a time, {notices} notices, {timed.answered} read by the model")
            click.echo(f"  {timed.seconds:.1f} s, ideal {ideal:.1f} s: {share:.1%} of the ideal rate{verdict}")
            click.echo(f"  {1000 * timed.processor / notices:.2f} ms of processor time a notice")


def _reply(latency: float) -> Scripted:
    return Scripted(json.dumps(_ANSWER, ensure_ascii=False), usage=_USAGE, delay=latency)


def _write(folder: Path, notices: int) -> Path:
    path = folder / "notices.jsonl"
    rows = (json.dumps({"text": _NOTICE.format(number=number)}, ensure_ascii=False) for number in range(notices))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def _apart(source: Path, out: Path, base_url: str, concurrency: int) -> Timed:
    """Run in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=timed_run, args=(source, out, base_url, concurrency, theirs))
    process.start()
    timed: Timed = ours.recv()
    process.join()
    return timed


def timed_run(source: Path, out: Path, base_url: str, concurrency: int, connection: Connection) -> None:
    """Run once for one notice, so that all is loaded, then for all; send what that took."""
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
    start, before = time.perf_counter(), _processor()
    totals = bulk(source, out, engine="llm", settings=settings).finish()
    connection.send(Timed(time.perf_counter() - start, _processor() - before, totals.usage.calls))


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)

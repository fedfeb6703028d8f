"""Pools read documents at the same time, and no document harms another."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time

import psutil
import pytest

from extractor import Document, Notice, extract
from extractor.errors import EngineError, ModelError
from extractor.jobs.outcomes import Extracted, Failure, Outcome, unpack
from extractor.jobs.pools import AsyncPool, Pool, ProcessPool
from tests.jobs.children import kill_and_wait, spawned
from tests.jobs.odd_engines import OddEngine, UnloadableEngine, UnsendableEngine

RECORD = extract("关于整改情况的通报")


def outcomes(pool: Pool, *texts: str) -> list[Outcome]:
    futures = [pool.submit(Document(text, name=text), text) for text in texts]
    return [future.result(timeout=60) for future in futures]


def kinds(results: list[Outcome]) -> list[str]:
    return [each.kind if isinstance(each, Failure) else "record" for each in results]


def test_each_trouble_is_a_failure_of_its_notice_alone() -> None:
    texts = [
        word for trouble in ("CRASH", "BUG", "REFUSED", "BUSY", "") for word in (f"整改{trouble}", f"通报{trouble}")
    ]
    with ProcessPool(OddEngine(), workers=2, time_limit=60) as pool:
        results = outcomes(pool, *texts)
    assert kinds(results) == [kind for kind in ("worker", "unexpected", "engine", "model", "record") for _ in (1, 2)]
    retryable = [each.retryable for each in results if isinstance(each, Failure)]
    assert retryable == [True, True, False, False, False, False, True, True]
    lost = results[0]
    assert isinstance(lost, Failure)
    assert lost.message.startswith("整改CRASH: the process that read it died")


def test_notice_that_takes_too_long_is_given_up() -> None:
    with ProcessPool(OddEngine(), workers=1, time_limit=3) as pool:
        slow, fine = outcomes(pool, "整改HANG", "整改")
    assert isinstance(slow, Failure)
    assert slow.kind == "worker"
    assert "took more than 3 s" in slow.message
    assert isinstance(fine, Extracted)
    assert unpack(fine.packed).notice["key"] == "整改"


def test_process_killed_while_idle_costs_no_notice() -> None:
    with ProcessPool("rules", workers=1, time_limit=60) as pool:
        assert kinds(outcomes(pool, "整改")) == ["record"]
        (child,) = spawned()
        kill_and_wait(child)
        assert kinds(outcomes(pool, "整改")) == ["record"]


@pytest.mark.parametrize(
    ("engine", "message"), [(UnloadableEngine(), "do not start"), (UnsendableEngine(), "cannot be sent")]
)
def test_engine_that_another_process_cannot_load_is_an_error(engine: OddEngine, message: str) -> None:
    with (
        ProcessPool(engine, workers=2, time_limit=60) as pool,
        pytest.raises(EngineError, match=message),
    ):
        outcomes(pool, "整改")
    assert spawned() == []


def test_processes_end_when_their_parent_is_killed() -> None:
    script = (
        "import time; from extractor import Document; from extractor.jobs.pools import ProcessPool\n"
        "pool = ProcessPool('rules', 2, 60)\n"
        "for future in [pool.submit(Document('整改'), 'k') for _ in range(200)]: future.result()\n"
        "print('ready', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        children = spawned(parent.pid)
        assert children
        parent.send_signal(signal.SIGKILL)
    assert psutil.wait_procs(children, timeout=30)[1] == []


def test_closing_does_not_wait_for_a_notice() -> None:
    with ProcessPool(OddEngine(), workers=1, time_limit=600) as pool:
        pool.submit(Document("整改HANG"), "k")
        while not spawned():
            time.sleep(0.01)
    assert spawned() == []


def test_event_loop_reads_as_many_as_it_may_at_a_time() -> None:
    running, most = 0, 0

    async def read(document: Document) -> Notice:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        if "BUSY" in document.text:
            raise ModelError("too many requests", retryable=True)
        if "BUG" in document.text:
            raise ValueError("a fault")
        return RECORD

    with AsyncPool(read, concurrency=3) as pool:
        assert pool.capacity > 3
        results = outcomes(pool, *(f"整改{number}" for number in range(10)), "BUSY", "BUG")
    assert most == 3
    assert kinds(results) == ["record"] * 10 + ["model", "unexpected"]


def test_closing_cancels_what_is_awaited() -> None:
    cancelled: list[str] = []

    async def read(document: Document) -> Notice:
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            cancelled.append(document.text)
            raise
        return RECORD

    with AsyncPool(read, concurrency=1) as pool:
        pool.submit(Document("整改"), "k")
        time.sleep(0.2)
    assert cancelled == ["整改"]

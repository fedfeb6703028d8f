"""Bulk runs that ask a model: nothing is lost, and nothing is paid for twice."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from eval.batch_server import BatchServer
from eval.model_server import Reply, Scripted
from extractor.errors import UsageError
from extractor.jobs.breaker import Waits
from extractor.jobs.bulk import BulkRun, Job, Limits, bulk, resume, run_job, status
from extractor.jobs.commands import bulk_commands
from extractor.jobs.engines import EngineChoice
from extractor.jobs.tables import read_records
from tests.jobs.odd_files import page

Serve = Callable[[Reply | Sequence[Scripted]], BatchServer]
Write = Callable[..., Path]
SHORT = Waits(first=0.05, longest=0.1, patience=20)
SECRET = "sk-not-for-the-disk"


def run(folder: Path, out: Path, server: BatchServer, **limits: Any) -> BulkRun:
    settings = {"model": "scripted", "base_url": server.base_url, "max_output_tokens": 300}
    settings |= {"context_tokens": 30_000, **limits.pop("settings", {})}
    made = run_job(Job(inputs=(str(folder),)), out, EngineChoice.of("llm", settings), Limits(waits=SHORT, **limits))
    made.finish()
    return made


def call(*args: object) -> Result:
    return CliRunner().invoke(bulk_commands, [str(each) for each in args])


def engines(out: Path) -> Counter[str]:
    return Counter(record.provenance.engine for record in read_records(out))


def questions(server: BatchServer) -> Counter[str]:
    return Counter(received.messages[-1]["content"] for received in server.requests)


def test_model_reads_each_notice_once(serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path) -> None:
    server, folder, out = serve(lambda _: right), write_notices(*range(12)), tmp_path / "out"
    first = run(folder, out, server)
    assert (first.counts.read, first.counts.failed, len(server.requests)) == (12, 0, 12)
    assert engines(out) == {"llm": 12}
    assert {len(record.findings) for record in read_records(out)} == {2}
    totals = status(out)
    assert (totals.usage.calls, totals.usage.currency) == (12, "CNY")
    assert totals.usage.cost == pytest.approx(first.counts.usage.cost)
    again = run(folder, out, server)
    assert (again.counts.read, len(server.requests)) == (0, 12)


def test_model_reads_web_pages(serve: Serve, right: Scripted, notice: Callable[[object], str], tmp_path: Path) -> None:
    server, folder, out = serve(lambda _: right), tmp_path / "pages", tmp_path / "out"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.html").write_bytes(page(notice(number)))
    (folder / "empty.html").write_bytes(b"<html><body></body></html>")
    made = run(folder, out, server, readers=2)
    assert (made.counts.read, made.counts.failed, len(server.requests)) == (6, 1, 6)
    assert status(out).failures == {"input": 1}


def test_another_model_reads_all_again(serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path) -> None:
    server, folder, out = serve(lambda _: right), write_notices(1, 2), tmp_path / "out"
    run(folder, out, server)
    assert run(folder, out, server, settings={"model": "other"}).counts.read == 2


SCRIPT = """
import sys
from extractor.jobs.bulk import bulk
settings = {"model": "scripted", "base_url": sys.argv[3], "concurrency": 4}
for result in bulk(sys.argv[1], sys.argv[2], engine="llm", settings=settings, shard_size=5):
    print(result.key, flush=True)
"""


@pytest.mark.parametrize("given_out", [0, 3, 17])
def test_killed_run_goes_on_and_pays_for_no_reply_twice(
    given_out: int, serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path
) -> None:
    server, folder, out = serve(lambda _: replace(right, delay=0.02)), write_notices(*range(30)), tmp_path / "out"
    command = [sys.executable, "-c", SCRIPT, str(folder), str(out), server.base_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        before = [process.stdout.readline().strip() for _ in range(given_out)]
        while not server.requests:
            time.sleep(0.01)
        process.kill()
        before += process.stdout.read().split()
    assert len(before) < 30
    answered_at_most = len(server.requests)
    after = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    assert len({*before, *after}) == len(before) + len(after)
    assert sorted(Path(record.source.name).stem for record in read_records(out)) == sorted(map(str, range(30)))
    # only what was under way at the time of the kill was asked again
    assert len(questions(server)) == 30
    assert max(questions(server).values()) <= 2
    assert len(server.requests) <= 30 + 4
    assert answered_at_most <= len(server.requests)


def test_budget_stops_the_run_and_a_new_one_goes_on(
    serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path
) -> None:
    usage = {"prompt_tokens": 3000, "completion_tokens": 200, "total_tokens": 3200}
    server, folder, out = serve(lambda _: replace(right, usage=usage)), write_notices(*range(20)), tmp_path / "out"
    first = run(folder, out, server, settings={"max_cost": 0.35, "concurrency": 8})
    assert first.counts.stopped is not None and "does not cover the next call" in first.counts.stopped
    assert 3 <= first.counts.read < 20
    assert not first.counts.failed and not status(out).failures and not status(out).complete
    assert (status(out).usage.cost or 0) <= 0.35
    assert engines(out) == {"llm": first.counts.read}
    second = resume(out, settings={"max_cost": 10.0})
    assert second.finish().complete
    assert second.counts.read == 20 - first.counts.read
    assert len(server.requests) == 20


def test_budget_is_said_by_summary_and_exit_code(
    serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path
) -> None:
    server, folder, out = serve(lambda _: right), write_notices(1, 2), tmp_path / "out"
    options = ("--engine", "llm", "--model", "scripted", "--base-url", server.base_url)
    result = call(folder, "--out", out, *options, "--max-cost", 0.001)
    assert result.exit_code == 3
    assert "stopped    The budget of 0.001 CNY does not cover the next call" in result.output
    resumed = call("resume", out, "--max-cost", 10)
    assert resumed.exit_code == 0, resumed.output
    assert "records    2 of 2 inputs" in resumed.output
    assert "CNY" in resumed.output


def failing(right: Scripted, first: int) -> Reply:
    """Answers but for the first requests."""
    left = iter([Scripted("overloaded", status=503)] * first)
    return lambda _: next(left, right)


def test_pause_waits_for_an_endpoint_that_is_down(
    serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path
) -> None:
    server, folder, out = serve(failing(right, 60)), write_notices(*range(15)), tmp_path / "out"
    made = run(folder, out, server, when_down="pause")
    assert (made.counts.read, made.counts.failed, made.counts.stopped) == (15, 0, None)
    assert engines(out) == {"llm": 15}


def test_stop_ends_the_run_which_can_be_resumed(
    serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path
) -> None:
    server, folder, out = serve(failing(right, 40)), write_notices(*range(30)), tmp_path / "out"
    made = run(folder, out, server, when_down="stop", settings={"concurrency": 2})
    assert made.counts.stopped is not None and "questions in a row failed" in made.counts.stopped
    assert all(failed.failure.retryable for failed in failures(out))
    assert resume(out, Limits(retry_failed=True, waits=SHORT)).finish().complete
    assert not failures(out)
    assert engines(out) == {"llm": 30}


def failures(out: Path) -> list[Any]:
    from extractor.jobs.store import Store

    with Store(out, read_only=True) as store:
        return list(store.failed_inputs())


def test_fallback_lets_the_rules_read_and_says_so(
    serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path
) -> None:
    server, folder, out = serve(lambda _: Scripted("down", status=503)), write_notices(*range(15)), tmp_path / "out"
    made = run(folder, out, server, when_down="fallback", settings={"concurrency": 2})
    assert (made.counts.read, made.counts.failed) == (15, 0)
    assert engines(out) == {"rules": 15}
    assert all("model_failed" in [issue.kind for issue in record.issues] for record in read_records(out))
    assert len(server.requests) < 30  # with two tries each, had nobody noticed


def test_wrong_key_ends_the_run_instead_of_filling_the_tables_by_the_rules(
    serve: Serve, write_notices: Write, tmp_path: Path
) -> None:
    server, folder, out = (
        serve(lambda _: Scripted("no such key", status=401)),
        write_notices(*range(30)),
        tmp_path / "out",
    )
    made = run(folder, out, server)
    assert made.counts.stopped is not None and "check ZHENGGAI_API_KEY" in made.counts.stopped
    assert not engines(out)


def test_key_stands_nowhere_in_the_output(
    serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, folder, out = serve(lambda _: right), write_notices(1), tmp_path / "out"
    address = server.base_url.replace("http://", f"http://{SECRET}@")
    options = ("--engine", "llm", "--model", "scripted", "--base-url", address, "--api-key", SECRET)
    assert call(folder, "--out", out, *options).exit_code == 0
    for path in out.rglob("*"):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes(), path
    write_notices(2)
    monkeypatch.setenv("ZHENGGAI_API_KEY", SECRET)
    assert call("resume", out).exit_code == 0
    assert server.requests[-1].headers["authorization"] == f"Bearer {SECRET}"
    with sqlite3.connect(out / "progress.sqlite") as database:
        assert SECRET not in "\n".join(database.iterdump())


def test_resume_refuses_settings_that_would_read_all_again(
    serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, out = serve(lambda _: right), tmp_path / "out"
    run(write_notices(1), out, server)
    monkeypatch.setenv("ZHENGGAI_TEMPERATURE", "0.7")
    with pytest.raises(UsageError, match="others than those the run was begun with"):
        resume(out)


def test_hybrid_asks_only_where_it_must(serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path) -> None:
    server, folder, out = serve(lambda _: right), write_notices(*range(5)), tmp_path / "out"
    settings = {"model": "scripted", "base_url": server.base_url}
    bulk(folder, out, engine="hybrid", settings=settings).finish()
    assert sum(engines(out).values()) == 5
    assert len(server.requests) <= 5


def test_options_of_a_model_are_wrong_for_the_rules(outside: None, write_notices: Write, tmp_path: Path) -> None:
    result = call(write_notices(1), "--out", tmp_path / "out", "--model", "m")
    assert result.exit_code == 2
    assert "rules asks no model" in result.output
    assert (
        call(tmp_path / "notices", "--out", tmp_path / "out", "--engine", "hybrid", "--batch", "--model", "m").exit_code
        == 2
    )

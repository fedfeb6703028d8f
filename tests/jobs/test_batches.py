"""A model asked in batches: sent, collected days later, and each reply read as if it had come at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from eval.batch_server import BatchServer
from eval.model_server import Reply, Scripted
from extractor.errors import ModelError
from extractor.jobs.batches import BatchPool, BatchTerms
from extractor.jobs.bulk import BulkRun, Job, Limits, bulk, resume, run_job, status
from extractor.jobs.commands import bulk_commands
from extractor.jobs.engines import EngineChoice, llm_of
from extractor.jobs.outcomes import Unread
from extractor.jobs.store import Store
from extractor.jobs.tables import read_records

Serve = Callable[[Reply | Sequence[Scripted]], BatchServer]
Write = Callable[..., Path]
USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}


def start(folder: Path, out: Path, server: BatchServer, **settings: Any) -> BulkRun:
    limits = settings.pop("limits", Limits())
    given = {"model": "scripted", "base_url": server.base_url, **settings}
    job = Job(inputs=(str(folder),), batch_price=0.5)
    run = run_job(job, out, EngineChoice.of("llm", given), limits)
    run.finish()
    return run


def call(*args: object) -> Result:
    return CliRunner().invoke(bulk_commands, [str(each) for each in args])


def content(out: Path) -> list[dict[str, Any]]:
    return sorted(
        (record.model_dump(exclude={"provenance"}) for record in read_records(out)), key=lambda r: str(r["source"])
    )


def failures(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "failures.jsonl").read_text(encoding="utf-8").splitlines()]


def number_in(request: dict[str, Any]) -> str:
    return str(request["messages"][-1]["content"]).split("修订台账")[1].split("项")[0]


def test_replies_are_collected_by_a_later_run_and_read_like_live_ones(
    serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path
) -> None:
    server, folder, out = serve(lambda _: replace(right, usage=USAGE)), write_notices(*range(6)), tmp_path / "out"
    first = start(folder, out, server)
    assert (first.counts.read, first.counts.waiting) == (0, 6)
    totals = status(out)
    assert (totals.batches, totals.requests, totals.complete, totals.records) == (1, 6, False, 0)
    assert not (out / "batches" / "next.jsonl").exists()
    assert resume(out).finish() == totals  # too early: nothing is sent twice
    server.end()
    second = resume(out)
    after = second.finish()
    assert (second.counts.read, after.complete, after.batches, after.requests) == (6, True, 0, 0)
    assert after.usage.cost == pytest.approx(6 * 0.5 * 1100 * 10 / 1_000_000)
    live = tmp_path / "live"
    settings = {"model": "scripted", "base_url": server.base_url}
    bulk(folder, live, engine="llm", settings=settings).finish()
    assert content(out) == content(live)
    assert len(server.batches) == 1


def test_requests_are_those_of_live_calls(serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path) -> None:
    server, folder = serve(lambda _: right), write_notices(1)
    start(folder, tmp_path / "out", server)
    [line] = server.requests_of("batch_1")
    assert (line["method"], line["url"]) == ("POST", "/v1/chat/completions")
    bulk(folder, tmp_path / "live", engine="llm", settings={"model": "scripted", "base_url": server.base_url}).finish()
    assert line["body"]["messages"] == server.requests[-1].messages


@pytest.mark.parametrize(
    "bad",
    [
        Scripted("the model is overloaded", status=500),
        Scripted(body='{"id": "batch_req", "custom_id"'),
        Scripted(drop=True),
    ],
    ids=["error", "torn line", "missing"],
)
def test_one_bad_item_loses_one_item_which_may_be_sent_again(
    bad: Scripted, serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path
) -> None:
    trouble = {"3"}
    server = serve(lambda request: bad if number_in(request) in trouble else right)
    folder, out = write_notices(*range(6)), tmp_path / "out"
    start(folder, out, server)
    server.end()
    totals = resume(out).finish()
    assert (totals.records, totals.failures, totals.retryable, totals.complete) == (5, {"model": 1}, 1, True)
    [failed] = failures(out)
    assert Path(failed["name"]).stem == "3" and failed["retryable"]
    trouble.clear()
    assert resume(out).finish().records == 5
    assert resume(out, Limits(retry_failed=True)).finish().requests == 1
    server.end()
    totals = resume(out, Limits(retry_failed=True)).finish()
    assert (totals.records, totals.failures) == (6, {})
    assert [len(server.requests_of(batch)) for batch in server.batches] == [6, 1]


def test_faulty_reply_is_mended_like_a_live_one(serve: Serve, write_notices: Write, tmp_path: Path) -> None:
    server, out = serve(lambda _: Scripted("no JSON at all")), tmp_path / "out"
    start(write_notices(1), out, server)
    server.end()
    resume(out).finish()
    [record] = read_records(out)
    assert len(record.findings) == 2
    assert "fell_back" in [issue.kind for issue in record.issues]


def test_refused_request_is_not_retried(serve: Serve, write_notices: Write, tmp_path: Path) -> None:
    server, out = serve(lambda _: Scripted("too long", status=400)), tmp_path / "out"
    engine = {"model": "scripted", "base_url": server.base_url}
    chosen = EngineChoice.of("llm", engine, fallback=False)
    run_job(Job(inputs=(str(write_notices(1)),), batch_price=0.5), out, chosen).finish()
    server.end()
    resume(out).finish()
    [failed] = failures(out)
    assert not failed["retryable"]
    assert "too long" in failed["message"]


@pytest.mark.parametrize("status_", ["expired", "cancelled"])
def test_what_an_expired_batch_left_is_sent_again(
    status_: Any, serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path
) -> None:
    server, folder, out = serve(lambda _: right), write_notices(*range(6)), tmp_path / "out"
    start(folder, out, server)
    server.end(status_, answered=2)
    totals = resume(out).finish()
    assert (totals.records, totals.requests, totals.failures) == (2, 4, {})
    server.end()
    assert resume(out).finish().records == 6
    assert [len(server.requests_of(batch)) for batch in server.batches] == [6, 4]


def test_batch_that_fails_again_and_again_is_a_failure(
    serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path
) -> None:
    server, out = serve(lambda _: right), tmp_path / "out"
    start(write_notices(1, 2), out, server)
    for _ in range(2):
        server.end("failed")
        assert resume(out).finish().requests == 2
    server.end("failed")
    totals = resume(out).finish()
    assert (totals.requests, totals.failures, totals.retryable) == (0, {"model": 2}, 2)
    assert "too many tokens are waiting" in failures(out)[0]["message"]
    assert len(server.batches) == 3


def test_files_keep_within_the_limits_of_the_provider(
    serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path
) -> None:
    server = serve(lambda _: right)
    llm = llm_of(EngineChoice.of("llm", {"model": "scripted", "base_url": server.base_url}).engine)
    assert llm is not None
    from extractor.document import Document

    texts = [path.read_text(encoding="utf-8") for path in write_notices(*range(5)).iterdir()]
    tmp_path.joinpath("out").mkdir()
    with Store(tmp_path / "out") as store, BatchPool(llm, store, BatchTerms(requests=2)) as pool:
        outcomes = [pool.submit(Document(text), str(number)).result() for number, text in enumerate(texts)]
        assert outcomes == [Unread()] * 5
        assert pool.submit(Document(texts[0]), "0").result() == Unread()
    assert [len(server.requests_of(batch)) for batch in server.batches] == [2, 2, 1]


def test_batch_made_by_a_run_that_was_killed_at_once_is_found_again(
    serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    server, out = serve(lambda _: right), tmp_path / "out"
    start(write_notices(1, 2), out, server)
    with sqlite3.connect(out / "progress.sqlite") as database:  # as if it had died before it could note the answer
        database.execute("UPDATE batches SET id = NULL")
    database.close()
    assert resume(out).finish().requests == 2
    server.end()
    assert resume(out).finish().records == 2
    assert len(server.batches) == 1


def test_batch_that_was_never_made_is_made(serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path) -> None:
    server, out = serve(lambda _: right), tmp_path / "out"
    start(write_notices(1, 2), out, server)
    server.batches.clear()
    assert resume(out).finish().requests == 2
    server.end()
    assert resume(out).finish().records == 2


def test_budget_holds_for_what_is_sent(serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path) -> None:
    server, out = serve(lambda _: right), tmp_path / "out"
    first = start(write_notices(*range(20)), out, server, max_cost=0.1)
    assert first.counts.stopped is not None and "budget of 0.1 CNY" in first.counts.stopped
    sent = status(out).requests
    assert 0 < sent < 20
    server.end()
    resume(out).finish()
    collected = status(out)
    assert collected.records == sent
    assert resume(out).finish().requests == 0  # what is spent counts, so nothing more is sent


def test_provider_that_does_not_answer_is_an_error_and_all_stays(
    outside: None, right: Scripted, write_notices: Write, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with BatchServer(lambda _: right) as server:
        start(write_notices(1), out, server)
    with pytest.raises(ModelError, match="cannot be reached"):
        resume(out).finish()
    assert status(out).requests == 1


def test_commands_say_what_waits(serve: Serve, right: Scripted, write_notices: Write, tmp_path: Path) -> None:
    server, folder, out = serve(lambda _: right), write_notices(1, 2), tmp_path / "out"
    options = ("--engine", "llm", "--model", "scripted", "--base-url", server.base_url, "--batch")
    sent = call(folder, "--out", out, *options)
    assert sent.exit_code == 0, sent.output
    assert "2 wait for a batch" in sent.output
    assert "batches    1 with 2 requests; zhenggai bulk resume collects them" in sent.output
    assert "1 with 2 requests" in call("status", out).output
    server.end()
    collected = call("resume", out, "--poll", 1)
    assert collected.exit_code == 0
    assert "records    2 of 2 inputs" in collected.output

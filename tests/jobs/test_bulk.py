"""Bulk runs do everything once, whatever becomes of them."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.gold import load_gold
from eval.rendering import Kind, missing_tools, render
from extractor import Document, extract
from extractor.errors import EngineError, UsageError
from extractor.jobs.bulk import TEXTS_NAME, BulkRun, Counts, Limits, bulk, resume, status
from extractor.jobs.engines import identity
from extractor.jobs.store import fingerprint
from extractor.jobs.tables import read_records
from extractor.rules.engine import RulesEngine
from extractor.sinks.shards import write_shard
from extractor.texts import TextFolder
from tests.jobs.children import spawned, wait_until_at_work
from tests.jobs.odd_engines import AwaitedEngine, OddEngine, RenamedEngine, UnloadableEngine
from tests.jobs.odd_files import page, slow_pdf

GOLD = Path(__file__).parents[2] / "gold"
Write = Callable[..., Path]
SCRIPT = """
import sys
from extractor.jobs.bulk import bulk
for result in bulk(sys.argv[1], sys.argv[2], workers=2, shard_size=7, formats=("parquet", "jsonl")):
    print(result.key, flush=True)
"""


def read(*args: Any, **kwargs: Any) -> BulkRun:
    run = bulk(*args, workers=1, **kwargs)
    run.finish()
    return run


def names(out: Path) -> list[str]:
    return sorted(Path(record.source.name).name for record in read_records(out))


def records(out: Path) -> list[str]:
    return sorted(record.model_dump_json() for record in read_records(out))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_records_are_those_of_extract(write_notices: Write, tmp_path: Path) -> None:
    folder = write_notices(*range(5))
    results = list(bulk(folder, tmp_path / "out", workers=1, shard_size=2))
    assert sorted(result.name for result in results) == [str(folder / f"{number}.txt") for number in range(5)]
    for result in results:
        assert result.record is not None
        alone = extract(Path(result.name))
        assert result.record.model_copy(update={"source": alone.source}) == alone
    assert records(tmp_path / "out") == sorted(r.record.model_dump_json() for r in results if r.record)
    totals = status(tmp_path / "out")
    assert (totals.inputs, totals.records, totals.waiting, totals.shards, totals.complete) == (5, 5, 0, 3, True)
    assert totals.findings == 10


def test_nothing_is_read_twice(write_notices: Write, tmp_path: Path) -> None:
    folder, out = write_notices(1, 2), tmp_path / "out"
    assert read(folder, out).counts.read == 2
    again = read(folder, out)
    assert (again.counts.read, again.counts.skipped) == (0, 2)
    write_notices(3)
    third = read(folder, out)
    assert (third.counts.read, third.counts.skipped) == (1, 2)
    assert names(out) == ["1.txt", "2.txt", "3.txt"]


def test_changed_text_replaces_its_record(
    write_notices: Write, notice: Callable[[object], str], tmp_path: Path
) -> None:
    folder, out = write_notices(1, 2, 3), tmp_path / "out"
    read(folder, out, formats=("parquet", "jsonl"))
    (folder / "2.txt").write_text(notice("changed"), encoding="utf-8")
    assert read(folder, out, formats=("parquet", "jsonl")).counts.read == 1
    assert names(out) == ["1.txt", "2.txt", "3.txt"]
    assert sum("台账changed项" in record for record in records(out)) == 1
    notices = [row for path in (out / "notices").glob("*.jsonl") for row in lines(path)]
    findings = [row for path in (out / "findings").glob("*.jsonl") for row in lines(path)]
    assert (len(notices), len(findings)) == (3, 6)
    assert {row["key"] for row in findings} == {row["key"] for row in notices}


def test_other_engine_reads_all_again(write_notices: Write, tmp_path: Path) -> None:
    folder, out = write_notices(1, 2), tmp_path / "out"
    read(folder, out, engine=OddEngine())
    assert read(folder, out, engine=RenamedEngine()).counts.read == 2
    assert names(out) == ["1.txt", "2.txt"]


def test_equal_texts_are_read_once(write_notices: Write, notice: Callable[[object], str], tmp_path: Path) -> None:
    folder, out = write_notices(1), tmp_path / "out"
    (folder / "copy.txt").write_text(notice(1), encoding="utf-8")
    run = read(folder, out)
    assert (run.counts.read, run.counts.duplicates + run.counts.skipped) == (1, 1)
    assert [line["state"] for line in lines(out / "inputs.jsonl")] == ["done", "done"]
    assert len({line["key"] for line in lines(out / "inputs.jsonl")}) == 1


def test_failures_are_results_and_stop_nothing(write_notices: Write, tmp_path: Path) -> None:
    folder, out = write_notices(1, "CRASH", "BUG", "BUSY"), tmp_path / "out"
    (folder / "empty.txt").write_bytes(b"")
    results = list(bulk(folder, out, engine=OddEngine(), workers=1))
    assert {Path(r.name).stem: r.failure.kind if r.failure else None for r in results} == {
        "1": None,
        "CRASH": "worker",
        "BUG": "unexpected",
        "BUSY": "model",
        "empty": "input",
    }
    table = {Path(line["name"]).stem: (line["retryable"], line["attempts"]) for line in lines(out / "failures.jsonl")}
    assert table == {"CRASH": (True, 1), "BUG": (False, 1), "BUSY": (True, 1), "empty": (False, 1)}
    assert status(out).failures == {"worker": 1, "unexpected": 1, "model": 1, "input": 1}
    assert status(out).complete


def test_failed_inputs_are_retried_when_asked_and_where_it_may_help(
    write_notices: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = write_notices("BUG", "BUSY"), tmp_path / "out"
    read(folder, out, engine=OddEngine())
    assert read(folder, out, engine=OddEngine()).counts.skipped == 2
    monkeypatch.setenv("ODD_ENGINE_IS_FREE", "1")
    run = read(folder, out, engine=OddEngine(), retry_failed=True)
    assert (run.counts.read, run.counts.skipped) == (1, 1)
    assert names(out) == ["BUSY.txt"]
    assert status(out).failures == {"unexpected": 1}


def test_engine_that_waits_is_read_with_at_the_same_time(write_notices: Write, tmp_path: Path) -> None:
    folder, out = write_notices(*range(20), "BUSY"), tmp_path / "out"
    run = bulk(folder, out, engine=AwaitedEngine(), shard_size=8)
    totals = run.finish()
    assert (run.counts.read, run.counts.failed, totals.shards) == (20, 1, 3)
    assert (totals.usage.calls, totals.usage.input_tokens, totals.usage.currency) == (20, 200, "CNY")
    assert totals.usage.cost == pytest.approx(2.0)
    assert run.counts.usage == totals.usage
    again = bulk(folder, out, engine=AwaitedEngine())
    assert again.finish() == totals
    assert again.counts.skipped == 21


def test_engine_that_asks_a_model_must_say_which(write_notices: Write, tmp_path: Path) -> None:
    engine = AwaitedEngine()
    engine.identity = None  # type: ignore[assignment]
    with pytest.raises(UsageError, match="identity must name model"):
        bulk(write_notices(1), tmp_path / "out", engine=engine)


def test_too_many_failures_stop_the_run(write_notices: Write, tmp_path: Path) -> None:
    folder, out = write_notices(*(f"BUG{number}" for number in range(60)), "fine"), tmp_path / "out"
    run = read(folder, out, engine=OddEngine(), max_failures=2)
    assert run.counts.stopped == "more than 2 inputs failed"
    assert 3 <= run.counts.failed < 60
    assert not status(out).complete
    assert read(folder, out, engine=OddEngine()).counts.stopped is None
    assert names(out) == ["fine.txt"]


def test_run_that_is_broken_off_keeps_what_it_gave_out(write_notices: Write, tmp_path: Path) -> None:
    folder, out = write_notices(*range(6)), tmp_path / "out"
    run = iter(bulk(folder, out, workers=1))
    given_out = {next(run).name, next(run).name}
    run.close()  # type: ignore[attr-defined]
    assert given_out <= {record.source.name for record in read_records(out)}
    assert not status(out).complete
    rest = read(folder, out)
    assert rest.counts.read <= 4
    assert len(records(out)) == 6


@pytest.mark.parametrize("seed", range(5))
def test_killed_run_goes_on_without_gap_or_double(seed: int, write_notices: Write, tmp_path: Path) -> None:
    folder, out = write_notices(*range(60)), tmp_path / "out"
    command = [sys.executable, "-c", SCRIPT, str(folder), str(out)]
    moments = random.Random(seed)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        given_out = [process.stdout.readline().strip() for _ in range(moments.randrange(50))]
        time.sleep(moments.uniform(0, 0.05))
        process.kill()
        given_out += process.stdout.read().split()
    rest = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    assert len([*given_out, *rest]) == len({*given_out, *rest})
    whole = tmp_path / "whole"
    read(folder, whole)
    assert records(out) == records(whole)
    for form in ("parquet", "jsonl"):
        assert not list(out.rglob(f"*.{form}.tmp"))
    assert sorted(row["key"] for path in (out / "notices").glob("*.jsonl") for row in lines(path)) == sorted(
        line["key"] for line in lines(out / "inputs.jsonl")
    )


def test_half_written_and_unknown_shards_are_removed(write_notices: Write, tmp_path: Path) -> None:
    folder, out = write_notices(*range(4)), tmp_path / "out"
    read(folder, out, shard_size=2)
    (out / "notices" / "part-000003.parquet.tmp").write_bytes(b"PAR1 half")
    write_shard(out, 4, [], ("parquet",))
    read(folder, out)
    assert sorted(path.name for path in (out / "notices").iterdir()) == ["part-000001.parquet", "part-000002.parquet"]
    assert len(records(out)) == 4


def test_damaged_shard_is_read_again(write_notices: Write, tmp_path: Path) -> None:
    folder, out = write_notices(*range(4)), tmp_path / "out"
    read(folder, out, shard_size=2)
    before = records(out)
    shard = out / "findings" / "part-000001.parquet"
    shard.write_bytes(shard.read_bytes()[:100])
    assert read(folder, out).counts.read == 2
    assert records(out) == before


def test_resume_does_the_last_job_from_anywhere(
    write_notices: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = write_notices(1, 2), tmp_path / "out"
    monkeypatch.chdir(tmp_path)
    read("notices", out)
    (folder / "3.txt").write_text((folder / "1.txt").read_text(encoding="utf-8") + "三", encoding="utf-8")
    monkeypatch.chdir(folder)
    run = resume(out, Limits(workers=1))
    run.finish()
    assert (run.counts.read, run.counts.skipped) == (1, 2)
    assert {record.source.name for record in read_records(out)} == {f"notices/{number}.txt" for number in (1, 2, 3)}


def test_wrong_use_is_said_before_anything_is_done(write_notices: Write, tmp_path: Path) -> None:
    folder = write_notices(1)
    with pytest.raises(UsageError, match="no engine"):
        bulk(folder, tmp_path / "out", engine="nothing")
    with pytest.raises(UsageError, match="holds other files"):
        read(folder, folder)
    with pytest.raises(UsageError, match="no output"):
        resume(tmp_path / "out")
    read(folder, tmp_path / "out", engine=OddEngine())
    with pytest.raises(UsageError, match="object of a script"):
        resume(tmp_path / "out")
    with pytest.raises(UsageError, match="its tables are parquet"):
        read(folder, tmp_path / "out", formats=("jsonl",))
    with pytest.raises(EngineError, match="do not start"):
        read(folder, tmp_path / "other", engine=UnloadableEngine())


def test_two_runs_never_write_to_one_folder(write_notices: Write, tmp_path: Path) -> None:
    folder, out = write_notices(1, 2), tmp_path / "out"
    first = iter(bulk(folder, out, workers=1))
    next(first)
    with pytest.raises(UsageError, match="another run is writing"):
        read(folder, out)
    assert status(out).records >= 1
    assert len(list(first)) == 1


def test_rows_of_one_id_are_all_kept(notice: Callable[[object], str], tmp_path: Path) -> None:
    rows, out = tmp_path / "rows.jsonl", tmp_path / "out"
    rows.write_text("".join(json.dumps({"text": notice(n), "id": "same"}) + "\n" for n in range(3)), encoding="utf-8")
    assert read(rows, out, id_column="id").counts.read == 3
    assert names(out) == ["rows.jsonl:same", "rows.jsonl:same#2", "rows.jsonl:same#3"]
    assert read(rows, out, id_column="id").counts.skipped == 3


def test_web_pages_of_all_gold_notices_become_what_they_are_alone(tmp_path: Path) -> None:
    if commands := missing_tools(Kind.HTML):
        pytest.skip(f"needs {' and '.join(commands)}")
    gold = [each for each in load_gold(GOLD, None).documents if each.document.text]
    pages = render(Kind.HTML, gold, tmp_path / "pages")
    out = tmp_path / "out"
    results = {result.name: result for result in bulk(tmp_path / "pages", out, workers=2, keep_text=True)}
    assert sorted(results) == sorted(str(rendered.path) for rendered in pages)
    for name, result in results.items():
        document = replace(Document.from_path(name), name=name)
        assert result.record == extract(document, engine="rules")
        assert result.key == fingerprint(document.sha256, identity(RulesEngine()))
        kept = TextFolder(out / TEXTS_NAME).find(document.sha256)
        assert kept is not None
        assert (kept.text, kept.origins) == (document.text, document.origins)


class Killer:
    """Watches a run whose engine needs no process, and kills the one that reads files once it is at a long one."""

    def __init__(self) -> None:
        self.killed = False

    def __call__(self, _: Counts) -> None:
        if not self.killed:
            (child,) = spawned()
            wait_until_at_work(child)
            child.kill()
            self.killed = True


def test_file_whose_reader_was_killed_is_a_failure_that_is_tried_again_when_asked(
    notice: Callable[[object], str], tmp_path: Path
) -> None:
    pytest.importorskip("pypdfium2")
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    slow = folder / "b.pdf"
    slow.write_bytes(slow_pdf())
    for name in ("a", "c"):
        (folder / f"{name}.html").write_bytes(page(notice(name)))
    run = bulk(folder, out, engine=AwaitedEngine(), workers=1)
    run.watch = Killer()
    kinds = {Path(each.name).name: each.failure.kind if each.failure else None for each in run}
    assert kinds == {"a.html": None, "b.pdf": "worker", "c.html": None}
    (failed,) = lines(out / "failures.jsonl")
    assert (failed["name"], failed["retryable"], failed["attempts"]) == (str(slow), True, 1)
    assert failed["message"].startswith(f"{slow}: the process that read it died")
    assert status(out).complete
    slow.write_bytes(page(notice("b")))
    again = read(folder, out, engine=AwaitedEngine()).counts
    assert (again.read, again.skipped, again.failed) == (0, 3, 0)
    assert status(out).failures == {"worker": 1}
    third = read(folder, out, engine=AwaitedEngine(), retry_failed=True).counts
    assert (third.read, third.skipped, third.failed) == (1, 2, 0)
    assert names(out) == ["a.html", "b.pdf", "c.html"]
    assert (status(out).failures, lines(out / "failures.jsonl")) == ({}, [])

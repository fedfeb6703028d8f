"""Runs on a local Ray do everything once, whatever becomes of them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from extractor.errors import EngineError, UsageError, ZhenggaiError
from extractor.jobs.bulk import Counts, bulk
from extractor.jobs.cluster import Workers, bulk_on_ray, cluster_status, hush
from extractor.jobs.tables import read_records
from extractor.pointers import Answer, Units
from extractor.records import Notice
from extractor.rules.engine import RulesEngine
from extractor.sinks.rows import from_row
from tests.jobs.odd_engines import AwaitedEngine, OddEngine, UnsendableEngine

ray = pytest.importorskip("ray", reason="needs zhenggai[ray]")
pytest.importorskip("ray.data", reason="needs zhenggai[ray]")
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

NOTICES = 300
SCRIPT = """
import sys, ray
from extractor.jobs.cluster import bulk_on_ray, hush
hush()
ray.init(address="local", num_cpus=2, include_dashboard=False, logging_level="warning")
bulk_on_ray(sys.argv[1], sys.argv[2], id_column="id")
"""


class FreeEngine(OddEngine):
    """The odd engine, as far as its name tells, without its troubles."""

    def answer(self, units: Units, schema: type[BaseModel]) -> Answer:
        return RulesEngine().answer(units, schema)


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """A Ray of two CPUs on this machine, silent."""
    hush()
    ray.init(address="local", num_cpus=2, include_dashboard=False, logging_level="warning", log_to_driver=False)
    yield
    ray.shutdown()


@pytest.fixture
def table(tmp_path: Path, notice: Callable[[object], str]) -> Callable[..., Path]:
    """Writes a Parquet file of notices, one for each number or word; their ids are these."""

    def write(*numbers: object, texts: dict[str, str | None] | None = None) -> Path:
        rows = [{"id": str(number), "text": notice(number)} for number in numbers]
        rows += [{"id": name, "text": text} for name, text in (texts or {}).items()]
        path = tmp_path / "in.parquet"
        pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema([("id", pa.string()), ("text", pa.string())])), path)
        return path

    return write


def records(out: Path) -> list[Notice]:
    return [from_row(row) for row in pq.read_table(out / "notices").to_pylist()]


def as_text(found: list[Notice]) -> list[str]:
    """The records without the names of their inputs, in an order of their own."""
    return sorted(
        each.model_copy(update={"source": each.source.sha256}).model_dump_json(warnings=False) for each in found
    )


def failures(out: Path) -> dict[str, tuple[str, bool]]:
    rows = pq.read_table(out / "failures").to_pylist()
    return {row["name"].rpartition(":")[2]: (row["kind"], row["retryable"]) for row in rows}


def test_tables_are_those_of_a_plain_run(
    table: Callable[..., Path], notice: Callable[[object], str], tmp_path: Path
) -> None:
    source = table(*range(NOTICES), texts={"nothing": None, "empty": " ", "copy": notice(7)})
    out, plain = tmp_path / "out", tmp_path / "plain"
    counts = bulk_on_ray(source, out, id_column="id")
    assert (counts.seen, counts.read, counts.failed, counts.duplicates) == (NOTICES + 3, NOTICES, 2, 1)
    assert counts.findings == 2 * NOTICES
    bulk(source, plain, id_column="id").finish()
    assert as_text(records(out)) == as_text(list(read_records(plain)))
    keys = pq.read_table(out / "notices")["key"].to_pylist()
    assert sorted(keys) == sorted(pq.read_table(plain / "notices")["key"].to_pylist())
    assert {each.source.name for each in records(out)} >= {f"{source}:0", f"{source}:{NOTICES - 1}"}
    assert failures(out) == {"nothing": ("input", False), "empty": ("input", False)}
    totals = cluster_status(out)
    assert (totals.records, totals.findings, totals.failures) == (NOTICES, 2 * NOTICES, {"input": 2})
    joined(out)

    again = bulk_on_ray(source, out, id_column="id")
    assert again == Counts(seen=NOTICES + 3, skipped=NOTICES + 3)
    assert cluster_status(out) == totals


def joined(out: Path) -> None:
    """DuckDB reads both tables, and each finding has its notice."""
    duckdb = pytest.importorskip("duckdb")
    notices, findings = (duckdb.read_parquet(f"{out}/{table}/*.parquet") for table in ("notices", "findings"))
    assert len(findings.join(notices, "key").fetchall()) == 2 * NOTICES


def test_run_whose_process_is_killed_goes_on_without_gap_or_double(table: Callable[..., Path], tmp_path: Path) -> None:
    source, out = table(*range(2000)), tmp_path / "out"
    command = [sys.executable, "-c", SCRIPT, str(source), str(out)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}) as process:
        while process.poll() is None and len(list(out.glob("notices/*.parquet"))) < 3:
            time.sleep(0.02)
        process.kill()
    counts = bulk_on_ray(source, out, id_column="id")
    assert 0 < counts.read < 2000
    assert counts.read + counts.skipped == 2000
    ids = [each.source.name.rpartition(":")[2] for each in records(out)]
    assert sorted(ids, key=int) == [str(number) for number in range(2000)]
    findings = pq.read_table(out / "findings")
    assert findings.num_rows == 4000
    assert set(findings["key"].to_pylist()) == set(pq.read_table(out / "notices")["key"].to_pylist())
    assert not list(out.rglob("*.tmp"))


def test_failures_are_rows_and_are_retried_when_asked(table: Callable[..., Path], tmp_path: Path) -> None:
    source, out = table(1, "CRASH", "BUG", "BUSY", "HANG"), tmp_path / "out"
    workers = Workers(1, time_limit=20)
    counts = bulk_on_ray(source, out, id_column="id", engine=OddEngine(), workers=workers)
    assert (counts.read, counts.failed) == (1, 4)
    assert failures(out) == {
        "CRASH": ("worker", True),
        "BUG": ("unexpected", False),
        "BUSY": ("model", True),
        "HANG": ("worker", True),
    }
    counts = bulk_on_ray(source, out, id_column="id", engine=FreeEngine(), workers=workers, retry_failed=True)
    assert (counts.read, counts.skipped, counts.failed) == (3, 2, 0)
    assert failures(out) == {"BUG": ("unexpected", False)}
    assert len(records(out)) == 4


def test_engine_that_waits_reads_a_dataset(notice: Callable[[object], str], tmp_path: Path) -> None:
    rows = ray.data.from_items([{"body": notice(number)} for number in [*range(20), "BUSY", 3]])
    counts = bulk_on_ray(rows, tmp_path / "out", engine=AwaitedEngine(), text_column="body")
    assert (counts.read, counts.failed, counts.duplicates) == (20, 1, 1)
    assert (counts.usage.calls, counts.usage.input_tokens, counts.usage.currency) == (20, 200, "CNY")
    assert {len(each.source.name) for each in records(tmp_path / "out")} == {12}


def test_too_many_failures_stop_the_run(table: Callable[..., Path], tmp_path: Path) -> None:
    source, out = table(*(f"BUG{number}" for number in range(500))), tmp_path / "out"
    counts = bulk_on_ray(source, out, engine=OddEngine(), max_failures=2)
    assert counts.stopped == "more than 2 inputs failed"
    assert len(failures(out)) >= 3


def test_of_two_runs_into_one_folder_one_writes(table: Callable[..., Path], tmp_path: Path) -> None:
    source, out = table(*range(NOTICES)), tmp_path / "out"

    def run(_: int) -> Counts | ZhenggaiError:
        try:
            return bulk_on_ray(source, out, id_column="id", workers=Workers(1))
        except UsageError as error:
            return error

    with ThreadPoolExecutor(2) as threads:
        results: list[Any] = list(threads.map(run, range(2)))
    refused = [result for result in results if isinstance(result, UsageError)]
    assert len(refused) == 1
    assert "another run is writing" in str(refused[0])
    assert len(records(out)) == NOTICES


def test_wrong_use_is_said(table: Callable[..., Path], tmp_path: Path) -> None:
    source, out = table(1), tmp_path / "out"
    with pytest.raises(UsageError, match="no column 'body'; there are: id, text"):
        bulk_on_ray(source, out, text_column="body")
    with pytest.raises(UsageError, match="cannot be read as Parquet"):
        bulk_on_ray(tmp_path / "nothing.parquet", out)
    with pytest.raises(UsageError, match="no engine"):
        bulk_on_ray(source, out, engine="nothing")
    with pytest.raises(UsageError, match="holds other files"):
        bulk_on_ray(source, tmp_path)
    assert not out.exists()


def test_engine_that_cannot_be_sent_ends_the_run(table: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be sent to another process"):
        bulk_on_ray(table(1), tmp_path / "out", engine=UnsendableEngine())

"""Parts of tables are whole or do not count, and are found again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from extractor import extract
from extractor.errors import UsageError
from extractor.jobs.parts import Parts, failure_schema
from extractor.sinks.rows import Row, Rows, arrow_schema, to_rows

Records = Callable[..., list[Rows]]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def parts(out: Path) -> Parts:
    parts = Parts(str(out))
    parts.claim()
    return parts


@pytest.fixture
def records(notice: Callable[[object], str]) -> Records:
    return lambda *numbers: [to_rows(extract(notice(number)), key=f"key {number}") for number in numbers]


def failed(number: int, *, retryable: bool = False) -> Row:
    return {
        "key": f"key {number}",
        "name": f"input {number}",
        "kind": "model",
        "message": "busy",
        "retryable": retryable,
    }


def files(out: Path) -> list[str]:
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())


def test_what_is_published_is_found_again(parts: Parts, out: Path, records: Records) -> None:
    parts.publish("part-a", records(1, 2), [failed(3)])
    parts.publish("part-b", records(4), [])
    assert files(out) == [
        "README.md",
        "failures/part-a.parquet",
        "findings/part-a.parquet",
        "findings/part-b.parquet",
        "notices/part-a.parquet",
        "notices/part-b.parquet",
    ]
    assert Parts(str(out)).recover(retry_failed=False) == {f"key {number}" for number in range(1, 5)}
    for table, schema in [("notices", arrow_schema("notices")), ("failures", failure_schema())]:
        read = pq.read_table(out / table).schema
        assert (read, read.metadata) == (schema, schema.metadata)
    assert pq.read_table(out / "findings").schema == arrow_schema("findings")
    assert pq.read_table(out / "failures").to_pylist() == [failed(3)]


def test_totals_count_everything(parts: Parts, records: Records) -> None:
    parts.publish("part-a", records(1, 2), [failed(3), failed(4, retryable=True)])
    parts.publish("part-b", records(5), [])
    totals = parts.totals()
    assert (totals.inputs, totals.records, totals.shards, totals.findings) == (5, 3, 2, 6)
    assert (totals.statuses, totals.failures, totals.retryable) == ({"completed": 3, "not_stated": 3}, {"model": 2}, 1)


def test_part_that_is_published_again_takes_the_place_of_the_first(parts: Parts, out: Path, records: Records) -> None:
    parts.publish("part-a", records(1), [failed(2)])
    parts.publish("part-a", records(1, 2), [])
    assert pq.read_table(out / "notices")["key"].to_pylist() == ["key 1", "key 2"]
    assert not list((out / "failures").iterdir())


def test_record_without_findings_is_whole(parts: Parts, out: Path) -> None:
    parts.publish("part-a", [to_rows(extract("整改情况通报"), key="key 1")], [])
    assert not list((out / "findings").iterdir())
    assert parts.recover(retry_failed=False) == {"key 1"}


@pytest.mark.parametrize("table", ["notices", "findings"])
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-20])])
def test_part_that_is_not_whole_is_removed(
    table: str, damage: Callable[[Path], object], parts: Parts, out: Path, records: Records
) -> None:
    parts.publish("part-a", records(1), [])
    parts.publish("part-b", records(2), [])
    damage(out / table / "part-a.parquet")
    assert parts.recover(retry_failed=False) == {"key 2"}
    assert files(out) == ["README.md", "findings/part-b.parquet", "notices/part-b.parquet"]


def test_what_a_killed_run_left_is_removed(parts: Parts, out: Path, records: Records) -> None:
    parts.publish("part-a", records(1), [])
    (out / "notices" / "part-b.parquet.0123.tmp").write_bytes(b"PAR1 half")
    (out / "failures" / "part-c.parquet").write_bytes(b"PAR1 half")
    assert parts.recover(retry_failed=False) == {"key 1"}
    assert files(out) == ["README.md", "findings/part-a.parquet", "notices/part-a.parquet"]


def test_failures_that_a_retry_may_help_are_forgotten_when_asked(parts: Parts, out: Path) -> None:
    parts.publish("part-a", [], [failed(1), failed(2, retryable=True)])
    parts.publish("part-b", [], [failed(3, retryable=True)])
    assert parts.recover(retry_failed=False) == {"key 1", "key 2", "key 3"}
    assert parts.recover(retry_failed=True) == {"key 1"}
    assert pq.read_table(out / "failures").to_pylist() == [failed(1)]


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="holds other files"):
        Parts(str(tmp_path)).claim()
    assert files(tmp_path) == ["mine.txt"]


def test_storage_that_nobody_knows_is_said() -> None:
    with pytest.raises(UsageError, match="no folder that pyarrow can reach"):
        Parts("nowhere://bucket/folder")


def test_folder_is_reached_by_uri_too(tmp_path: Path, records: Records) -> None:
    parts = Parts((tmp_path / "out").as_uri())
    parts.claim()
    parts.publish("part-a", records(1), [])
    assert Parts(str(tmp_path / "out")).recover(retry_failed=False) == {"key 1"}

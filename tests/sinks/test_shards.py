"""Shards are whole or not there, and other tools read them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from datasets import load_dataset

from extractor import extract
from extractor.errors import UsageError
from extractor.sinks.rows import Row, Rows, to_rows
from extractor.sinks.shards import (
    FORMATS,
    Format,
    ShardFile,
    check_formats,
    dataset_card,
    read_shard,
    remove_shards,
    write_shard,
)

EMPTY = to_rows(extract("关于整改情况的通报"))


def without_times(row: Row) -> Row:
    """Without the midnight that datasets adds to dates in JSON."""
    return {name: cell.removesuffix(" 00:00:00") if isinstance(cell, str) else cell for name, cell in row.items()}


@pytest.fixture
def rows() -> list[Rows]:
    notices = sorted((Path(__file__).parent.parent / "notices").glob("*.txt"))
    return [EMPTY, *(to_rows(extract(path)) for path in notices)]


@pytest.mark.parametrize("form", FORMATS)
def test_rows_come_back_from_a_shard(tmp_path: Path, rows: list[Rows], form: Format) -> None:
    write_shard(tmp_path, 1, [rows[:3], rows[3:]], FORMATS)
    assert [each for batch in read_shard(tmp_path, 1, form) for each in batch] == rows


def test_files_that_are_shorter_or_gone_are_not_whole(tmp_path: Path, rows: list[Rows]) -> None:
    files = write_shard(tmp_path, 1, [rows], FORMATS)
    assert len(files) == 4
    assert all(file.is_whole(tmp_path) for file in files)
    path = tmp_path / files[0].path
    path.write_bytes(path.read_bytes()[:-1])
    assert not files[0].is_whole(tmp_path)
    path.unlink()
    assert not files[0].is_whole(tmp_path)
    assert not ShardFile("notices/part-000009.parquet", 1).is_whole(tmp_path)


def test_what_no_shard_owns_is_removed_and_nothing_else(tmp_path: Path, rows: list[Rows]) -> None:
    for number in (1, 2):
        write_shard(tmp_path, number, [rows], ("parquet",))
    (tmp_path / "notices" / "part-000001.parquet.tmp").write_bytes(b"half")
    (tmp_path / "notices" / "notes.txt").write_text("mine")
    remove_shards(tmp_path, keep={1})
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*"))
    assert left == ["findings/part-000001.parquet", "notices/notes.txt", "notices/part-000001.parquet"]


@pytest.mark.parametrize("form", FORMATS)
def test_datasets_loads_both_tables(tmp_path: Path, rows: list[Rows], form: Format) -> None:
    out = tmp_path / "out"
    for number, batch in enumerate((rows[:1], rows[1:]), 1):
        write_shard(out, number, [batch], (form,))
    (out / "README.md").write_text(dataset_card((form,)), encoding="utf-8")
    for table, expected in (
        ("notices", [each.notice for each in rows]),
        ("findings", [row for each in rows for row in each.findings]),
    ):
        loaded = load_dataset(str(out), table, split="train", cache_dir=str(tmp_path / "cache"))
        assert [without_times(row) for row in loaded] == expected


@pytest.mark.parametrize("form", FORMATS)
def test_duckdb_joins_both_tables(tmp_path: Path, rows: list[Rows], form: Format) -> None:
    write_shard(tmp_path, 1, [rows], (form,))
    read = {"parquet": "read_parquet", "jsonl": "read_json"}[form]
    query = f"""
        SELECT SUM(finding_count), COUNT(*) FROM {read}('{tmp_path}/notices/*.{form}') n
        WHERE finding_count = (SELECT COUNT(*) FROM {read}('{tmp_path}/findings/*.{form}') f WHERE f.key = n.key)
    """  # noqa: S608 - our own folder
    assert duckdb.execute(query).fetchall() == [(sum(len(each.findings) for each in rows), len(rows))]


@pytest.mark.parametrize("formats", [(), ("csv",), ("parquet", "csv")])
def test_unknown_format_is_wrong_usage(formats: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="formats must be some of parquet, jsonl"):
        check_formats(formats)

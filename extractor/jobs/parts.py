"""Tables written by many machines at once: each block of notices is a part of its own, whole or not there.

A part is up to three files of one name: ``failures/``, ``findings/`` and ``notices/``, written in this order. Its
records count once the file in ``notices/`` is there. Storage is whatever pyarrow can reach by path or URI.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Any, Literal, TypeVar
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from extractor.errors import UsageError
from extractor.jobs.store import Totals
from extractor.sinks.rows import ROWS_VERSION, Row, Rows, arrow_schema
from extractor.sinks.shards import dataset_card

PartTable = Literal["failures", "findings", "notices"]

_TABLES: tuple[PartTable, ...] = ("failures", "findings", "notices")
_CARD = "README.md"
_TEMPORARY = ".tmp"
_OPEN_FILES = 16
"""Files looked into at the same time: on object storage each takes some 50 ms."""
Found = TypeVar("Found")


def failure_schema() -> pa.Schema:
    """The Arrow schema of the table of failures: ``key`` and ``name`` as in the other tables, and why."""
    fields: list[pa.Field[Any]] = [pa.field(name, pa.string()) for name in ("key", "name", "kind", "message")]
    fields.append(pa.field("retryable", pa.bool_()))
    return pa.schema(fields, metadata={"zhenggai.table": "failures", "zhenggai.rows_version": ROWS_VERSION})


class Parts:
    """The parts in an output folder.

    Args:
        out: a folder, or a URI of one, such as ``s3://bucket/folder``, that all machines reach.

    Raises:
        UsageError: pyarrow knows no such storage.
    """

    def __init__(self, out: str) -> None:
        self.out = out
        try:
            self._files: pafs.FileSystem
            self._root: str
            self._files, self._root = pafs.FileSystem.from_uri(out) if "://" in out else _on_disk(out)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise UsageError(f"{out}: is no folder that pyarrow can reach: {error}") from error

    def claim(self) -> None:
        """Make the folder, or see that it is ours: nothing of others is touched.

        Raises:
            UsageError: it holds other files, or cannot be written to.
        """
        try:
            if {path.name for path in self._list(self._root)} - {*_TABLES, _CARD}:
                raise UsageError(f"{self.out}: holds other files; give a new or empty folder for the output")
            for table in _TABLES:
                self._files.create_dir(f"{self._root}/{table}", recursive=True)
            with self._files.open_output_stream(f"{self._root}/{_CARD}") as file:
                file.write(dataset_card(["parquet"]).encode())
        except OSError as error:
            raise UsageError(f"{self.out}: cannot be written to: {error}") from error

    def publish(self, name: str, records: Sequence[Rows], failures: Sequence[Row]) -> None:
        """Write a part; written once more, after its machine was lost, it takes the place of the first."""
        rows: dict[PartTable, list[Row]] = {
            "failures": list(failures),
            "findings": [row for record in records for row in record.findings],
            "notices": [record.notice for record in records],
        }
        for table, added in rows.items():
            self._write(table, name, pa.Table.from_pylist(added, schema=_schema(table)))

    def recover(self, *, retry_failed: bool) -> set[str]:
        """Remove what a killed run left unfinished, and parts that are damaged; give the keys of all that is there.

        Args:
            retry_failed: remove the failures that a retry may help, too.
        """
        for path in (path for table in _TABLES for path in self._list(f"{self._root}/{table}")):
            if path.suffix == _TEMPORARY:
                self._files.delete_file(str(path))
        notices, findings = self._parts("notices"), set(self._parts("findings"))
        keys = self._each(lambda name: self._keys_if_whole(name, has_findings=name in findings), notices)
        for name, found in keys.items():
            if found is None:
                self._remove("notices", name)
        for name in findings:
            if keys.get(name) is None:
                self._remove("findings", name)
        failed = self._each(lambda name: self._failed_keys(name, retry_failed=retry_failed), self._parts("failures"))
        return {key for found in (*keys.values(), *failed.values()) for key in found or ()}

    def totals(self) -> Totals:
        """What the folder holds; what a model used is not added up."""
        counts = self._each(lambda name: self._column("notices", name, "finding_count"), self._parts("notices"))
        statuses = self._each(lambda name: Counter(self._column("findings", name, "status")), self._parts("findings"))
        failed = self._parts("failures")
        kinds = self._each(lambda name: Counter(self._column("failures", name, "kind")), failed)
        retryable = self._each(lambda name: sum(self._column("failures", name, "retryable")), failed)
        failures = sum(kinds.values(), Counter[str]())
        records = sum(map(len, counts.values()))
        return Totals(
            inputs=records + failures.total(),
            records=records,
            waiting=0,
            shards=len(counts),
            findings=sum(map(sum, counts.values())),
            statuses=dict(sum(statuses.values(), Counter[str]())),
            failures=dict(failures),
            retryable=sum(retryable.values()),
            complete=True,
        )

    def _write(self, table: PartTable, name: str, rows: pa.Table) -> None:
        path = self._path(table, name)
        if not rows.num_rows:
            self._remove(table, name)
            return
        temporary = f"{path}.{uuid4().hex}{_TEMPORARY}"  # a machine taken for lost may still be writing
        pq.write_table(rows, temporary, filesystem=self._files, compression="zstd")
        self._files.move(temporary, path)

    def _keys_if_whole(self, name: str, *, has_findings: bool) -> list[str] | None:
        try:
            keys, findings = self._column("notices", name, "key"), 0
            expected = sum(self._column("notices", name, "finding_count"))
            if has_findings:
                with self._files.open_input_file(self._path("findings", name)) as file:
                    findings = pq.read_metadata(file).num_rows
        except (pa.ArrowException, OSError):
            return None
        return keys if findings == expected else None

    def _failed_keys(self, name: str, *, retry_failed: bool) -> list[str]:
        try:
            failures = self._read("failures", name)
        except (pa.ArrowException, OSError):
            self._remove("failures", name)
            return []
        kept = failures.filter(pc.invert(failures["retryable"])) if retry_failed else failures
        if kept.num_rows < failures.num_rows:
            self._write("failures", name, kept)
        return [str(key) for key in kept["key"].to_pylist()]

    def _parts(self, table: PartTable) -> list[str]:
        """The names of the finished files of a table."""
        return sorted(path.stem for path in self._list(f"{self._root}/{table}") if path.suffix == ".parquet")

    def _each(self, look: Callable[[str], Found], names: Sequence[str]) -> dict[str, Found]:
        with ThreadPoolExecutor(_OPEN_FILES) as threads:
            return dict(zip(names, threads.map(look, names), strict=True))

    def _read(self, table: PartTable, name: str, columns: list[str] | None = None) -> pa.Table:
        with self._files.open_input_file(self._path(table, name)) as file:
            return pq.read_table(file, columns=columns)

    def _column(self, table: PartTable, name: str, column: str) -> list[Any]:
        return list(self._read(table, name, [column])[column].to_pylist())

    def _list(self, folder: str) -> list[PurePosixPath]:
        there = self._files.get_file_info(pafs.FileSelector(folder, allow_not_found=True))
        return [PurePosixPath(info.path) for info in there]

    def _remove(self, table: PartTable, name: str) -> None:
        path = self._path(table, name)
        if self._files.get_file_info(path).type != pafs.FileType.NotFound:
            self._files.delete_file(path)

    def _path(self, table: PartTable, name: str) -> str:
        return f"{self._root}/{table}/{name}.parquet"


def _schema(table: PartTable) -> pa.Schema:
    return failure_schema() if table == "failures" else arrow_schema(table)


def _on_disk(out: str) -> tuple[pafs.FileSystem, str]:
    return pafs.LocalFileSystem(), str(Path(out).absolute())

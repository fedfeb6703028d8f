"""Shards: one file for each table and format, complete under its name or not there at all."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Literal, NamedTuple

from extractor.errors import UsageError
from extractor.sinks import jsonl, parquet
from extractor.sinks.rows import COLUMNS, Row, Rows, Table

Format = Literal["parquet", "jsonl"]
FORMATS: tuple[Format, ...] = ("parquet", "jsonl")

_TABLES: tuple[Table, ...] = ("notices", "findings")
_WRITERS: dict[Format, type[parquet.ParquetTable | jsonl.JsonLinesTable]] = {
    "parquet": parquet.ParquetTable,
    "jsonl": jsonl.JsonLinesTable,
}
_READERS: dict[Format, Callable[[Path], Iterator[list[Row]]]] = {
    "parquet": parquet.read_rows,
    "jsonl": jsonl.read_rows,
}
_NAME = re.compile(r"part-(\d{6,})\.[a-z]+(?:\.tmp)?")
_TEMPORARY = ".tmp"
_DTYPES = {"text": "dtype: string", "texts": "list: string", "integer": "dtype: int64", "numbers": "list: float64"}


class ShardFile(NamedTuple):
    """A finished file of a shard.

    Attributes:
        path: its path below the folder of the tables.
        size: its bytes.
    """

    path: str
    size: int

    def is_whole(self, folder: Path) -> bool:
        """Whether the file is there, as long as it was written."""
        try:
            return (folder / self.path).stat().st_size == self.size
        except FileNotFoundError:
            return False


def check_formats(formats: Iterable[str]) -> tuple[Format, ...]:
    """The formats of these names.

    Raises:
        UsageError: there is none of a name, or no name, or a format needs a package that is not installed.
    """
    chosen = tuple(known for known in FORMATS if known in set(formats))
    if not chosen or set(formats) - set(FORMATS):
        raise UsageError(f"formats must be some of {', '.join(FORMATS)}, not {', '.join(formats) or 'none'}")
    if "parquet" in chosen:
        try:
            import pyarrow  # noqa: F401, ICN001 - only whether it is there
        except ImportError as error:
            raise UsageError("Parquet needs pyarrow: pip install 'zhenggai[bulk]', or write jsonl") from error
    return chosen


def write_shard(
    folder: Path, number: int, batches: Iterable[Sequence[Rows]], formats: Sequence[Format]
) -> list[ShardFile]:
    """Write the files of a shard under temporary names, bring them to disk, then rename them.

    Args:
        folder: where the folders of the tables are.
        number: the number of the shard.
        batches: its rows; one batch at a time is in memory.
        formats: which files to write.
    """
    paths = {(table, form): _path(folder, table, number, form) for table in _TABLES for form in formats}
    with ExitStack() as stack:
        writers: dict[tuple[Table, Format], parquet.ParquetTable | jsonl.JsonLinesTable] = {}
        for (table, form), path in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            writers[table, form] = _WRITERS[form](_temporary(path), table)
            stack.enter_context(writers[table, form])
        for batch in batches:
            rows: dict[Table, list[Row]] = {
                "notices": [each.notice for each in batch],
                "findings": [row for each in batch for row in each.findings],
            }
            for (table, _), writer in writers.items():
                writer.write(rows[table])
    files = [_publish(folder, path) for path in paths.values()]
    for parent in {path.parent for path in paths.values()}:
        _sync_folder(parent)
    return files


def read_shard(folder: Path, number: int, form: Format) -> Iterator[list[Rows]]:
    """The rows of a shard in batches of notices."""
    findings = (row for batch in _READERS[form](_path(folder, "findings", number, form)) for row in batch)
    for batch in _READERS[form](_path(folder, "notices", number, form)):
        yield [Rows(row, [next(findings) for _ in range(row["finding_count"])]) for row in batch]


def remove_shards(folder: Path, keep: Collection[int] = ()) -> int:
    """Remove what no finished shard owns: temporary files, and files of numbers not in ``keep``; say how many."""
    removed = 0
    for table in _TABLES:
        for path in sorted((folder / table).glob("part-*")):
            name = _NAME.fullmatch(path.name)
            if name and (path.suffix == _TEMPORARY or int(name[1]) not in keep):
                path.unlink()
                removed += 1
    return removed


def dataset_card(formats: Sequence[Format]) -> str:
    """A README.md by which ``datasets.load_dataset(folder, "findings")`` knows the tables and their types."""
    form = formats[0]
    infos, configs = [], []
    for table in _TABLES:
        columns = "".join(f"  - name: {column.name}\n    {_DTYPES[column.kind]}\n" for column in COLUMNS[table])
        infos.append(f"- config_name: {table}\n  features:\n{columns}")
        configs.append(f"- config_name: {table}\n  data_files: {table}/*.{form}\n")
    header = f"---\nconfigs:\n{''.join(configs)}dataset_info:\n{''.join(infos)}---\n"
    lines = ["", "# Records of rectification notices", "", "Written by `zhenggai bulk`."]
    for table in _TABLES:
        lines += ["", f"## {table}", "", "| column | meaning |", "| --- | --- |"]
        lines += [f"| {column.name} | {column.description} |" for column in COLUMNS[table]]
    return header + "\n".join(lines) + "\n"


def _path(folder: Path, table: Table, number: int, form: Format) -> Path:
    return folder / table / f"part-{number:06}.{form}"


def _temporary(path: Path) -> Path:
    return path.with_name(f"{path.name}{_TEMPORARY}")


def _publish(folder: Path, path: Path) -> ShardFile:
    """Rename only once the content is on disk: after a power cut too, a file under its name is whole."""
    temporary = _temporary(path)
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    size = temporary.stat().st_size
    temporary.replace(path)
    return ShardFile(path.relative_to(folder).as_posix(), size)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

"""Files, folders, patterns, JSON Lines, Parquet and datasets on disk as one lazy stream of notices."""

from __future__ import annotations

import glob
import json
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, NamedTuple

from extractor.document import MAX_BYTES, Document
from extractor.errors import InputError, UsageError
from extractor.jobs.processes import Processes, ProcessStartError, usable_cores
from extractor.readers.kinds import SUFFIXES, in_saved_page, kind_of
from extractor.readers.reading import MOST_PROCESSES

STORE_NAME = "progress.sqlite"
"""A folder that holds a file of this name is the output of a bulk run, so it is never read as input."""

FILE_TIME_LIMIT = 3600.0
"""Seconds that one file may take: a scan of 100 pages takes half an hour where a page takes 20 seconds."""

_AHEAD = 4
"""Inputs held for each process that reads files, so that the others have work while one is at a long file."""

_START = 4096
"""Bytes of a file that tell plain text from other kinds."""

_JSON_LINES = (".jsonl", ".ndjson")
_PARQUET = (".parquet",)
_DATASETS = ("dataset_info.json", "dataset_dict.json")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Input:
    """One notice to read.

    Attributes:
        name: the path as it was given, for a row with ``:`` and its id or its number from 1.
        content: the text, or why there is none: InputError if the file cannot be read, WorkerLostError if the process
            that read it died or took too long, anything else for a fault of the program.
    """

    name: str
    content: Document | Exception


@dataclass(frozen=True, slots=True)
class Columns:
    """Where tables keep what a run needs.

    Attributes:
        text: the column of the text.
        id: the column that names the row; without one its number does.
    """

    text: str = "text"
    id: str | None = None


@dataclass(frozen=True, slots=True)
class FileReading:
    """How files that are no plain text are read.

    Attributes:
        processes: how many read at the same time; if not given, one for each core, but not too many for memory.
        time_limit: seconds after which a process that is still at the same file is ended.
        instead: why a file is not to be read, if it is not: an error that is to stand in its place.
    """

    processes: int | None = None
    time_limit: float = FILE_TIME_LIMIT
    instead: Callable[[str], Exception | None] = lambda _: None


def read_inputs(
    inputs: Iterable[str], columns: Columns = Columns(), base: Path = Path(), files: FileReading = FileReading()
) -> Generator[Input]:
    """Every notice of the inputs, in order, few in memory; what cannot be read stands in its place as an error.

    Plain text and tables are read here, as they are asked for. Other files are read ahead in processes of their own,
    which start with the first of them and end with the stream: what a file does to its reader costs that file alone.

    Args:
        inputs: files, folders (read with all below them), patterns such as ``notices/**/*.txt``, and datasets that
            ``datasets`` saved to disk.
        columns: the columns of rows.
        base: what relative paths are relative to.
        files: how files that are no plain text are read.

    Raises:
        UsageError: Parquet or a dataset is among them, and its package is not installed.
        ProcessStartError: the processes that read files do not start.
    """
    count = files.processes or readers_for(None)
    with Processes(_document, count, files.time_limit) as processes:
        ahead: deque[Input | _Awaited] = deque()
        for each in _found(inputs, base, _Reader(columns, processes, files.instead)):
            ahead.append(each)
            while ahead and (len(ahead) >= _AHEAD * count or _is_there(ahead[0])):
                yield _taken(ahead.popleft())
        while ahead:
            yield _taken(ahead.popleft())


class _Awaited(NamedTuple):
    """A file that is read in another process."""

    name: str
    document: Future[Document]


def _is_there(each: Input | _Awaited) -> bool:
    return isinstance(each, Input) or each.document.done()


def _taken(each: Input | _Awaited) -> Input:
    """An input, once its file was read."""
    if isinstance(each, Input):
        return each
    error = each.document.exception()
    if isinstance(error, ProcessStartError):
        raise error
    return Input(each.name, error if isinstance(error, Exception) else each.document.result())


class _Reader(NamedTuple):
    """What reading an input needs."""

    columns: Columns
    processes: Processes[tuple[str, Path], Document]
    instead: Callable[[str], Exception | None]


def _found(inputs: Iterable[str], base: Path, reader: _Reader) -> Iterator[Input | _Awaited]:
    for name, path in _files(inputs, base):
        if path is None:
            yield Input(name, InputError(f"{name}: there is no such file or folder"))
            continue
        try:
            yield from _read(name, path, reader)
        except OSError as error:
            yield Input(name, InputError(f"{name}: cannot be read: {error.strerror or error}"))


def readers_for(workers: int | None) -> int:
    """How many processes read files beside so many workers; None stands for all cores."""
    return min(workers or usable_cores(), MOST_PROCESSES)


def count_inputs(inputs: Iterable[str], base: Path = Path()) -> int:
    """How many notices the inputs hold, without reading them; what cannot be read counts as one."""
    return sum(1 if path is None else _count(path) for _, path in _files(inputs, base))


def _files(inputs: Iterable[str], base: Path) -> Iterator[tuple[str, Path | None]]:
    """Each file or dataset with its name; None where nothing is there."""
    for given in inputs:
        path = base / given
        if path.is_dir():
            empty = True
            for name, below in _walk(given, path):
                empty = False
                yield _printable(name), below
            if empty:
                yield _printable(given), path
        elif path.exists():
            yield _printable(given), path
        elif glob.has_magic(given):
            matches = sorted(glob.iglob(given, root_dir=base, recursive=True))  # noqa: PTH207 - takes absolute patterns too
            if not matches:
                yield _printable(given), None
            for match in matches:
                if not (base / match).is_dir():
                    yield _printable(match), base / match
        else:
            yield _printable(given), None


def _walk(name: str, path: Path) -> Iterator[tuple[str, Path]]:
    """The notices below a folder in the order of their names; hidden files, other files and outputs left out."""
    try:
        entries = sorted(entry.name for entry in path.iterdir())
    except OSError:  # said when it is to be read
        yield name, path
        return
    if STORE_NAME in entries:
        return
    if any(mark in entries for mark in _DATASETS):
        yield name, path
        return
    for entry in entries:
        below, below_name = path / entry, os.path.join(name, entry)  # noqa: PTH118 - keeps ./ as it was given
        if entry.startswith(".") or in_saved_page(below):
            continue
        if below.is_dir() and not below.is_symlink():
            yield from _walk(below_name, below)
        elif below.suffix.lower() in (*SUFFIXES, *_JSON_LINES, *_PARQUET):
            yield below_name, below


def _read(name: str, path: Path, reader: _Reader) -> Iterator[Input | _Awaited]:
    columns = reader.columns
    match _kind(path):
        case "folder":
            yield Input(name, InputError(f"{name}: holds no {', '.join((*SUFFIXES, *_JSON_LINES, *_PARQUET))} file"))
        case "dataset":
            yield from _read_dataset(name, path, columns)
        case "parquet":
            yield from _read_parquet(name, path, columns)
        case "json lines":
            with path.open("rb") as file:
                yield from _read_json_lines(name, file, columns)
        case _:
            yield _read_file(name, path, reader)


def _kind(path: Path) -> str:
    """By the content first: a Parquet file and a line of JSON say what they are."""
    if path.is_dir():
        return "dataset" if {entry.name for entry in path.iterdir()} & set(_DATASETS) else "folder"
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"PAR1" or path.suffix.lower() in _PARQUET:
        return "parquet"
    if path.suffix.lower() in _JSON_LINES or (start.startswith(b'{"') and path.suffix.lower() not in SUFFIXES):
        return "json lines"
    return "notice"


def _read_file(name: str, path: Path, reader: _Reader) -> Input | _Awaited:
    if _is_plain_text(path):
        try:
            return Input(name, _document((name, path)))
        except InputError as error:
            return Input(name, error)
    if failed := reader.instead(name):
        return Input(name, failed)
    return _Awaited(name, reader.processes.submit((name, path), name))


def _is_plain_text(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(_START)
    try:
        return kind_of(start, str(path)) == "text"
    except InputError:  # no reader takes it, or only its start looks so
        return False


def _document(file: tuple[str, Path]) -> Document:
    name, path = file
    return replace(Document.from_path(path), name=name)


def _read_json_lines(name: str, file: IO[bytes], columns: Columns) -> Iterator[Input]:
    number = 0
    while line := file.readline(MAX_BYTES + 1):
        number += 1
        if len(line) > MAX_BYTES:
            yield Input(f"{name}:{number}", InputError(f"{name}:{number}: the line is longer than any notice"))
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_BYTES)
            continue
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Input(f"{name}:{number}", InputError(f"{name}:{number}: is no JSON: {error}"))
            continue
        yield _from_row(name, number, row, columns)


def _read_parquet(name: str, path: Path, columns: Columns) -> Iterator[Input]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise UsageError(f"{name}: Parquet needs pyarrow: pip install 'zhenggai[bulk]'") from error
    number = 0
    try:
        with pq.ParquetFile(path) as file:
            wanted = [column for column in (columns.text, columns.id) if column in file.schema_arrow.names]
            if columns.text not in wanted:
                yield Input(name, InputError(_no_column(name, columns.text, file.schema_arrow.names)))
                return
            for batch in file.iter_batches(batch_size=16, columns=wanted):
                for row in batch.to_pylist():
                    number += 1
                    yield _from_row(name, number, row, columns)
    except pa.ArrowException as error:
        yield Input(name, InputError(f"{name}: is damaged after row {number}: {error}"))


def _read_dataset(name: str, path: Path, columns: Columns) -> Iterator[Input]:
    try:
        from datasets import DatasetDict, load_from_disk
    except ImportError as error:
        raise UsageError(f"{name}: a dataset needs datasets: pip install datasets") from error
    try:
        loaded = load_from_disk(str(path))
    except (OSError, ValueError) as error:
        yield Input(name, InputError(f"{name}: is no whole dataset: {error}"))
        return
    parts = loaded if isinstance(loaded, DatasetDict) else {"": loaded}
    for part, rows in parts.items():
        part_name = os.path.join(name, part) if part else name  # noqa: PTH118 - keeps ./ as it was given
        if columns.text not in rows.column_names:
            yield Input(part_name, InputError(_no_column(part_name, columns.text, rows.column_names)))
            continue
        wanted = rows.select_columns([c for c in (columns.text, columns.id) if c in rows.column_names])
        for number, row in enumerate(wanted, 1):
            yield _from_row(part_name, number, row, columns)


def _from_row(name: str, number: int, row: Any, columns: Columns) -> Input:
    place = f"{name}:{number}"
    if not isinstance(row, dict):
        return Input(place, InputError(f"{place}: is no JSON object"))
    if columns.id is not None:
        if row.get(columns.id) is None:
            return Input(place, InputError(_no_column(place, columns.id, row)))
        place = f"{name}:{_printable(str(row[columns.id]))}"
    if columns.text not in row:
        return Input(place, InputError(_no_column(place, columns.text, row)))
    text = row[columns.text]
    if not isinstance(text, str):
        return Input(place, InputError(f"{place}: column {columns.text!r} holds no text but {type(text).__name__}"))
    return Input(place, Document(text, name=place))


def _no_column(place: str, column: str, there: Iterable[str]) -> str:
    return f"{place}: has no column {column!r}; there are: {', '.join(map(str, there)) or 'none'}"


def _count(path: Path) -> int:
    """Rows by what the file says of itself, lines of JSON by their ends."""
    try:
        match _kind(path):
            case "dataset":
                return _count_dataset(path)
            case "parquet":
                import pyarrow.parquet as pq

                return int(pq.read_metadata(path).num_rows)
            case "json lines":
                with path.open("rb") as file:
                    return sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))
            case _:
                return 1
    except (ImportError, OSError, ValueError):
        return 1


def _count_dataset(path: Path) -> int:
    from datasets import load_from_disk

    loaded = load_from_disk(str(path))
    return sum(loaded.num_rows.values()) if isinstance(loaded.num_rows, dict) else int(loaded.num_rows)


def _printable(name: str) -> str:
    """A file name that is no UTF-8, with its odd bytes written out, so that every table can hold it."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")

"""From the store into shards, so that every record stands in exactly one whole shard or still in the store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from extractor.errors import UsageError
from extractor.jobs.outcomes import unpack
from extractor.jobs.store import Store
from extractor.records import Notice
from extractor.sinks.rows import Rows, from_row
from extractor.sinks.shards import FORMATS, Format, dataset_card, read_shard, remove_shards, write_shard

_BATCH = 64
"""Notices that are in memory together while a shard is written."""


class Tables:
    """The tables of an output folder.

    A shard counts once the store has taken it in; files that it does not know are of a run that was killed in between.

    Args:
        folder: the output folder.
        store: what was done.
        formats: the formats of the tables.
        shard_size: notices in a shard.
    """

    def __init__(self, folder: Path, store: Store, formats: Sequence[Format], shard_size: int) -> None:
        self._folder = folder
        self._store = store
        self._formats = formats
        self._shard_size = shard_size
        self._waiting = store.waiting()

    def recover(self) -> None:
        """Remove what a killed run left half-written, and forget shards whose files are damaged or gone.

        Raises:
            UsageError: the tables that are there have other formats.
        """
        shards = self._store.shards()
        for files in shards.values():
            there = {file.path.rpartition(".")[2] for file in files}
            if there != set(self._formats):
                formats = ", ".join(sorted(there))
                raise UsageError(
                    f"{self._folder}: its tables are {formats}; write the same formats or use a new folder"
                )
        for number, files in list(shards.items()):
            if not all(file.is_whole(self._folder) for file in files):
                self._store.forget_shard(number)
                del shards[number]
        remove_shards(self._folder, keep=shards)
        card = self._folder / "README.md"
        if not card.exists():
            card.write_text(dataset_card(self._formats), encoding="utf-8")

    def added(self) -> None:
        """Take note of a record that was put into the store; write a shard when there are enough."""
        self._waiting += 1
        if self._waiting >= self._shard_size:
            self.write_waiting()

    def write_waiting(self) -> None:
        """Write the records that wait, whatever their number."""
        keys = self._store.waiting_keys()
        for start in range(0, len(keys), self._shard_size):
            chosen = keys[start : start + self._shard_size]
            number = self._store.next_shard()
            batches = _batches(unpack(packed) for packed in self._store.packed(chosen))
            self._store.seal(number, write_shard(self._folder, number, batches, self._formats), chosen)
        self._waiting = 0

    def drop_superseded(self) -> None:
        """Take out the records of texts that their inputs no longer hold."""
        superseded = self._store.superseded()
        self._store.drop_waiting(superseded.pop(None, ()))
        for old, keys in superseded.items():
            if old is not None:
                self._rewrite(old, keys)

    def _rewrite(self, old: int, without: set[str]) -> None:
        number = self._store.next_shard()
        kept = ([rows for rows in batch if rows.notice["key"] not in without] for batch in self._read(old))
        files = write_shard(self._folder, number, kept, self._formats)
        self._store.replace_shard(old, number, files, without)
        remove_shards(self._folder, keep=self._store.shards())

    def _read(self, number: int) -> Iterator[list[Rows]]:
        return read_shard(self._folder, number, self._formats[0])

    def write_lists(self) -> None:
        """Write what became of each input, and all failures, as JSON Lines beside the tables."""
        states = ({"name": name, "key": key, "state": state} for name, key, state in self._store.input_states())
        _write_lines(self._folder / "inputs.jsonl", states)
        failures = (
            {
                "name": name,
                "kind": failure.kind,
                "message": failure.message,
                "retryable": failure.retryable,
                "attempts": attempts,
            }
            for name, failure, attempts in self._store.failed_inputs()
        )
        _write_lines(self._folder / "failures.jsonl", failures)


def read_records(folder: str | Path) -> Iterator[Notice]:
    """Every record of an output folder, one in memory at a time.

    Raises:
        UsageError: it is no output of a run.
    """
    folder = Path(folder)
    with Store(folder, read_only=True) as store:
        shards = store.shards()
        waiting = store.waiting_keys()
        for number, files in shards.items():
            form = next(form for form in FORMATS if any(file.path.endswith(form) for file in files))
            for batch in read_shard(folder, number, form):
                yield from (from_row(rows.notice) for rows in batch)
        yield from (from_row(unpack(packed).notice) for packed in store.packed(waiting))


def _batches(rows: Iterator[Rows]) -> Iterator[list[Rows]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    temporary = path.with_name(f"{path.name}.tmp")
    with temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    temporary.replace(path)

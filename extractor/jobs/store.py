"""What a bulk run has done, on disk after each notice: inputs, records that wait for a shard, shards, failures.

A record is identified by the fingerprint of its text and of whatever decides what it becomes. It is committed here
before anybody hears of it, and leaves only in the same transaction that takes in the shard it was written to; so a
run that is killed at any moment goes on without a gap and without a double.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from extractor.errors import UsageError
from extractor.jobs.batch_store import BATCH_TABLES, BatchStore
from extractor.jobs.closing import Closing
from extractor.jobs.inputs import STORE_NAME
from extractor.jobs.outcomes import Extracted, Failure
from extractor.records import SCHEMA_VERSION, Usage
from extractor.sinks.rows import ROWS_VERSION
from extractor.sinks.shards import ShardFile

_VERSION = 2000 + int(ROWS_VERSION)  # of these tables, and of the rows packed in them and in the shards
_FAILED = "inputs JOIN failures ON failures.key = COALESCE(inputs.unreadable, inputs.key)"
_TABLES = """
CREATE TABLE inputs (
    name TEXT PRIMARY KEY, key TEXT NOT NULL, run INTEGER NOT NULL, unreadable TEXT
) WITHOUT ROWID;
CREATE INDEX inputs_by_key ON inputs (key);
CREATE TABLE records (
    key TEXT PRIMARY KEY, shard INTEGER, packed BLOB, findings INTEGER NOT NULL, statuses TEXT NOT NULL, usage TEXT
);
CREATE INDEX records_by_shard ON records (shard);
CREATE TABLE failures (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, message TEXT NOT NULL, retryable INTEGER NOT NULL,
    attempts INTEGER NOT NULL
);
CREATE TABLE shards (number INTEGER PRIMARY KEY AUTOINCREMENT, files TEXT NOT NULL);
CREATE TABLE runs (number INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, ended INTEGER NOT NULL DEFAULT 0);
"""


def fingerprint(sha256: str, engine: str) -> str:
    """What identifies a record: its text, who reads it, and the version of the record's schema.

    Args:
        sha256: SHA-256 of the text.
        engine: engine, prompt and model with their versions, as ``identity`` gives it.
    """
    return hashlib.sha256(json.dumps([sha256, engine, SCHEMA_VERSION]).encode()).hexdigest()


def unreadable(name: str) -> str:
    """What identifies an input that has no text."""
    return hashlib.sha256(json.dumps(["unreadable", name]).encode()).hexdigest()


class FailedInput(NamedTuple):
    """A row of the table of failures.

    Attributes:
        name: the input.
        failure: why it has no record.
        attempts: how often it was tried.
    """

    name: str
    failure: Failure
    attempts: int


@dataclass(frozen=True)
class Totals:
    """What a store holds.

    Attributes:
        inputs: inputs seen, in all runs.
        records: records, those of equal texts once.
        waiting: records that wait for a shard.
        shards: finished shards.
        findings: findings of all records.
        statuses: how many findings have each status.
        failures: how many inputs failed, by kind.
        retryable: how many failures a retry may help.
        usage: what a model used for all records.
        complete: whether the last run came to its end.
        batches: batches that a provider is at work on.
        requests: requests in them.
    """

    inputs: int
    records: int
    waiting: int
    shards: int
    findings: int
    statuses: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    retryable: int = 0
    usage: Usage = field(default_factory=Usage)
    complete: bool = False
    batches: int = 0
    requests: int = 0


class Store(Closing):
    """The state of one output folder; one process writes it, others may read.

    Args:
        folder: the output folder; made if need be, unless only read.
        read_only: open what is there.

    Attributes:
        batches: what was sent to a provider in batches.

    Raises:
        UsageError: only to be read, and nothing is there; or it was written by another version.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        path = folder / STORE_NAME
        if read_only and not path.is_file():
            raise UsageError(f"{folder}: is no output of zhenggai bulk, for it has no {STORE_NAME}")
        self.folder = folder
        self._run = 0
        self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}", uri=True)
        version = self._one("PRAGMA user_version")
        if not version and read_only:
            self._db.close()
            raise UsageError(f"{folder}: no run has begun there yet")
        if not version:
            self._create()
        elif version != _VERSION:
            self._db.close()
            raise UsageError(f"{path}: was written by another version of zhenggai ({version}); use a new folder")
        self.batches = BatchStore(self._db)
        # a killed process loses nothing; after a power cut the last notices may be read once more
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA wal_autocheckpoint = 4000")

    def _create(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.executescript(f"BEGIN; {_TABLES} {BATCH_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;")

    def close(self) -> None:
        """Commit and close."""
        self._db.commit()
        self._db.close()

    def begin(self, job: dict[str, Any]) -> None:
        """Begin a run, and remember what it was asked to do."""
        with self._db:
            self._run = self._db.execute("INSERT INTO runs (job) VALUES (?)", [json.dumps(job)]).lastrowid or 0

    def end(self) -> None:
        """Note that the run has seen all its inputs."""
        with self._db:
            self._db.execute("UPDATE runs SET ended = 1 WHERE number = ?", [self._run])

    def last_job(self) -> dict[str, Any] | None:
        """What the last run was asked to do; None before the first."""
        row = self._db.execute("SELECT job FROM runs ORDER BY number DESC LIMIT 1").fetchone()
        return dict(json.loads(row[0])) if row else None

    def note(self, name: str, key: str) -> str:
        """Note what an input holds now; an input of the same name but other content gets ``#2`` added, and so on.

        Returns:
            the name under which it stands.
        """
        unique, number = name, 1
        while (row := self._db.execute("SELECT key, run FROM inputs WHERE name = ?", [unique]).fetchone()) is not None:
            if row[0] == key or row[1] != self._run:
                break
            number += 1
            unique = f"{name}#{number}"
        if row != (key, self._run):
            self._db.execute("INSERT OR REPLACE INTO inputs VALUES (?, ?, ?, NULL)", [unique, key, self._run])
        return unique

    def note_unreadable(self, name: str, key: str) -> None:
        """Note that an input cannot be read now; a record of what it held before stays."""
        self._db.execute(
            "INSERT INTO inputs VALUES (?, ?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET run = excluded.run, unreadable = excluded.unreadable",
            [name, key, self._run, key],
        )

    def is_done(self, key: str) -> bool:
        """Whether there is a record."""
        return self._db.execute("SELECT 1 FROM records WHERE key = ?", [key]).fetchone() is not None

    def failure(self, key: str) -> Failure | None:
        """Why there is no record, if it was tried."""
        row = self._db.execute("SELECT kind, message, retryable FROM failures WHERE key = ?", [key]).fetchone()
        return Failure(row[0], row[1], bool(row[2])) if row else None

    def unread(self, name: str) -> Failure | None:
        """Why an input could not be read when it was last looked at; None if it could, or was not."""
        row = self._db.execute(
            "SELECT kind, message, retryable FROM inputs JOIN failures ON failures.key = inputs.unreadable "
            "WHERE name = ?",
            [name],
        ).fetchone()
        return Failure(row[0], row[1], bool(row[2])) if row else None

    def finish(self, key: str, extracted: Extracted) -> None:
        """Keep a record until its shard is written; it is on disk when this returns."""
        usage = extracted.usage.model_dump_json(exclude_defaults=True) if extracted.usage else None
        row = (key, extracted.packed, extracted.findings, json.dumps(extracted.statuses), usage)
        with self._db:
            self._db.execute("INSERT INTO records (key, packed, findings, statuses, usage) VALUES (?, ?, ?, ?, ?)", row)
            self._db.execute("DELETE FROM failures WHERE key = ?", [key])
            self._db.execute("DELETE FROM requests WHERE key = ?", [key])

    def fail(self, key: str, failure: Failure) -> None:
        """Keep a failure; it is on disk when this returns."""
        with self._db:
            self._db.execute(
                "INSERT INTO failures VALUES (?, ?, ?, ?, 1) ON CONFLICT (key) DO UPDATE SET "
                "kind = excluded.kind, message = excluded.message, retryable = excluded.retryable, "
                "attempts = attempts + 1",
                [key, failure.kind, failure.message, failure.retryable],
            )

    def waiting(self) -> int:
        """How many records wait for a shard."""
        return self._one("SELECT COUNT(*) FROM records WHERE shard IS NULL")

    def waiting_keys(self) -> list[str]:
        """The keys of the records that wait for a shard."""
        return [key for (key,) in self._db.execute("SELECT key FROM records WHERE shard IS NULL ORDER BY rowid")]

    def packed(self, keys: Iterable[str]) -> Iterator[bytes]:
        """The records of these keys, one at a time."""
        for key in keys:
            yield self._db.execute("SELECT packed FROM records WHERE key = ?", [key]).fetchone()[0]

    def next_shard(self) -> int:
        """The number of the next shard; none is ever used twice."""
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'shards'").fetchone()
        return row[0] + 1 if row else 1

    def shards(self) -> dict[int, list[ShardFile]]:
        """The files of each finished shard."""
        rows = self._db.execute("SELECT number, files FROM shards ORDER BY number")
        return {number: [ShardFile(*file) for file in json.loads(files)] for number, files in rows}

    def seal(self, number: int, files: Sequence[ShardFile], keys: Iterable[str]) -> None:
        """Take in a finished shard: its records are no longer kept here."""
        with self._db:
            self._db.execute("INSERT INTO shards VALUES (?, ?)", [number, json.dumps(files)])
            self._db.executemany(
                "UPDATE records SET shard = ?, packed = NULL WHERE key = ?", ((number, k) for k in keys)
            )

    def forget_shard(self, number: int) -> int:
        """Drop a shard whose files are damaged or gone; its notices will be read again. Returns how many."""
        with self._db:
            self._db.execute("DELETE FROM shards WHERE number = ?", [number])
            return self._db.execute("DELETE FROM records WHERE shard = ?", [number]).rowcount

    def superseded(self) -> dict[int | None, set[str]]:
        """The records that no input has any more, for its text or the engine has changed; by shard."""
        keys: dict[int | None, set[str]] = {}
        for key, shard in self._db.execute("SELECT key, shard FROM records WHERE key NOT IN (SELECT key FROM inputs)"):
            keys.setdefault(shard, set()).add(key)
        return keys

    def replace_shard(self, old: int, new: int | None, files: Sequence[ShardFile], dropped: Iterable[str]) -> None:
        """Take in a shard that holds what is left of another one; with ``new`` None nothing is left."""
        with self._db:
            self._db.executemany("DELETE FROM records WHERE key = ?", ((key,) for key in dropped))
            self._db.execute("DELETE FROM shards WHERE number = ?", [old])
            if new is not None:
                self._db.execute("INSERT INTO shards VALUES (?, ?)", [new, json.dumps(files)])
                self._db.execute("UPDATE records SET shard = ? WHERE shard = ?", [new, old])

    def drop_waiting(self, keys: Iterable[str]) -> None:
        """Drop records that wait for a shard, and failures that no input has any more."""
        with self._db:
            self._db.executemany("DELETE FROM records WHERE key = ?", ((key,) for key in keys))
            self._db.execute("DELETE FROM failures WHERE key NOT IN (SELECT COALESCE(unreadable, key) FROM inputs)")

    def failed_inputs(self) -> Iterator[FailedInput]:
        """Every input that has no record, with the reason."""
        rows = self._db.execute(
            f"SELECT name, kind, message, retryable, attempts FROM {_FAILED} ORDER BY name"  # noqa: S608 - a constant
        )
        for name, kind, message, retryable, attempts in rows:
            yield FailedInput(name, Failure(kind, message, bool(retryable)), attempts)

    def input_states(self) -> Iterator[tuple[str, str, str]]:
        """Every input with its key and whether it is done, failed or to do."""
        return self._db.execute(
            "SELECT name, i.key, CASE WHEN f.key IS NOT NULL THEN 'failed' WHEN r.key IS NOT NULL THEN 'done' "
            "ELSE 'to do' END FROM inputs i LEFT JOIN records r ON r.key = i.key "
            "LEFT JOIN failures f ON f.key = COALESCE(i.unreadable, i.key) ORDER BY name"
        )

    def totals(self) -> Totals:
        """Everything counted."""
        records, waiting, findings = self._db.execute(
            "SELECT COUNT(*), COUNT(*) FILTER (WHERE shard IS NULL), COALESCE(SUM(findings), 0) FROM records"
        ).fetchone()
        statuses: Counter[str] = Counter()
        for (text,) in self._db.execute("SELECT statuses FROM records"):
            statuses.update(json.loads(text))
        failures = self._db.execute(
            f"SELECT kind, COUNT(*) FROM {_FAILED} GROUP BY kind ORDER BY kind"  # noqa: S608 - a constant
        )
        used = self._db.execute("SELECT usage FROM records WHERE usage IS NOT NULL")
        batches, requests, _ = self.batches.out()
        return Totals(
            inputs=self._one("SELECT COUNT(*) FROM inputs"),
            records=records,
            waiting=waiting,
            shards=self._one("SELECT COUNT(*) FROM shards"),
            findings=findings,
            statuses=dict(statuses),
            failures=dict(failures.fetchall()),
            retryable=self._one(f"SELECT COUNT(*) FROM {_FAILED} WHERE retryable"),  # noqa: S608 - a constant
            usage=sum((Usage.model_validate_json(text) for (text,) in used), Usage()),
            complete=bool(self._one("SELECT COALESCE((SELECT ended FROM runs ORDER BY number DESC LIMIT 1), 0)")),
            batches=batches,
            requests=requests,
        )

    def _one(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])

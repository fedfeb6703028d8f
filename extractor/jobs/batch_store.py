"""Requests that a provider answers in batches, and what came back, in the store of a run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

BATCH_TABLES = """
CREATE TABLE batches (number INTEGER PRIMARY KEY AUTOINCREMENT, mark TEXT NOT NULL, id TEXT);
CREATE TABLE requests (
    key TEXT NOT NULL, window INTEGER NOT NULL, body TEXT NOT NULL, cost REAL NOT NULL, tries INTEGER NOT NULL,
    batch INTEGER, reply TEXT, PRIMARY KEY (key, window)
) WITHOUT ROWID;
CREATE INDEX requests_by_batch ON requests (batch) WHERE batch IS NOT NULL;
"""


class Request(NamedTuple):
    """One request about a notice.

    Attributes:
        key: of the notice.
        window: its number among the requests about the notice, from 0.
        body: hash of what is sent.
        cost: estimated; 0 without a price.
    """

    key: str
    window: int
    body: str
    cost: float


class Batch(NamedTuple):
    """A batch that is to be made, or was.

    Attributes:
        number: here.
        mark: a word that the provider keeps with it, by which it is known again.
        id: the provider's; None until it is known to exist.
    """

    number: int
    mark: str
    id: str | None


class Kept(NamedTuple):
    """What is known about a request.

    Attributes:
        body: hash of what was sent.
        tries: how often it was sent.
        reply: what came back, as JSON.
    """

    body: str
    tries: int
    reply: str | None


class BatchStore:
    """What was sent in batches, and the replies until their notices are read.

    Args:
        database: that of the run, with the tables.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    def open_batches(self) -> list[Batch]:
        """The batches whose replies are not in yet, and those that a killed run was about to make."""
        return [Batch(*row) for row in self._db.execute("SELECT number, mark, id FROM batches ORDER BY number")]

    def is_out(self, key: str) -> bool:
        """Whether any request about a notice is with the provider."""
        found = self._db.execute("SELECT 1 FROM requests WHERE key = ? AND batch IS NOT NULL", [key]).fetchone()
        return found is not None

    def kept(self, key: str) -> dict[int, Kept]:
        """What is known of the requests about a notice."""
        rows = self._db.execute("SELECT window, body, tries, reply FROM requests WHERE key = ?", [key])
        return {window: Kept(*rest) for window, *rest in rows}

    def prepare(self, mark: str, requests: Iterable[Request]) -> int:
        """Note that a batch is about to be made of these requests. Returns its number."""
        with self._db:
            number = self._db.execute("INSERT INTO batches (mark) VALUES (?)", [mark]).lastrowid or 0
            self._db.executemany(
                "INSERT INTO requests VALUES (?, ?, ?, ?, 1, ?, NULL) ON CONFLICT (key, window) DO UPDATE SET "
                "body = excluded.body, cost = excluded.cost, tries = tries + 1, batch = excluded.batch, reply = NULL",
                ((*request, number) for request in requests),
            )
        return number

    def submitted(self, number: int, batch_id: str) -> None:
        """Note that a batch exists at the provider."""
        with self._db:
            self._db.execute("UPDATE batches SET id = ? WHERE number = ?", [batch_id, number])

    def requests_in(self, number: int) -> Iterator[tuple[str, int]]:
        """Key and window of the requests of a batch."""
        return self._db.execute("SELECT key, window FROM requests WHERE batch = ?", [number])

    def take(self, number: int, replies: Iterable[tuple[str, int, str]], rest: str | None) -> int:
        """Take in a batch that has ended, all or nothing, and forget it.

        Args:
            number: of the batch.
            replies: key, window and reply.
            rest: what came back for its other requests; None if they are to be sent again.

        Returns:
            how many requests had no reply.
        """
        with self._db:
            self._db.executemany(
                "UPDATE requests SET reply = ?, batch = NULL WHERE key = ? AND window = ? AND batch = ?",
                ((reply, key, window, number) for key, window, reply in replies),
            )
            left = self._db.execute("UPDATE requests SET reply = ?, batch = NULL WHERE batch = ?", [rest, number])
            self._db.execute("DELETE FROM batches WHERE number = ?", [number])
        return left.rowcount

    def forget(self, key: str, windows: Sequence[int]) -> None:
        """Forget the replies to some requests, so that they are sent again."""
        with self._db:
            self._db.executemany(
                "UPDATE requests SET reply = NULL, tries = 0 WHERE key = ? AND window = ?",
                ((key, window) for window in windows),
            )

    def out(self) -> tuple[int, int, float]:
        """How many batches and requests are with the provider, and what all requests may cost whose notices wait."""
        batches = self._db.execute("SELECT COUNT(*) FROM batches").fetchone()[0]
        requests = self._db.execute("SELECT COUNT(*) FROM requests WHERE batch IS NOT NULL").fetchone()[0]
        cost = self._db.execute("SELECT COALESCE(SUM(cost), 0) FROM requests").fetchone()[0]
        return batches, requests, cost

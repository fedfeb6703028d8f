"""Replies of models on disk, so that the same request is not paid for twice."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import warnings
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from extractor.errors import UsageError

FORMAT_VERSION = 1

_APPLICATION_ID = 0x5A474C52  # "ZGLR"
_HEADER = slice(68, 72)  # where a SQLite file holds the application id
_BUSY_TIMEOUT = 10.0  # seconds; a writer holds the file for about a millisecond
_CREATE = f"""
PRAGMA auto_vacuum = FULL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS replies (entry INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL);
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {FORMAT_VERSION};
COMMIT;
PRAGMA journal_mode = WAL;
"""
_FORMAT = """SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)
FROM pragma_application_id, pragma_user_version"""
_SIZE = "SELECT ifnull(sum(length(key) + length(value)), 0) FROM replies"  # both are ASCII
_PRUNE = """DELETE FROM replies WHERE entry IN (
SELECT entry FROM (SELECT entry, sum(length(key) + length(value)) OVER (ORDER BY entry DESC) AS total FROM replies)
WHERE total > ?)"""
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)  # the last: a table is missing


class CacheWarning(UserWarning):
    """The cache of replies cannot be used, or was begun anew; the work goes on, and may pay again for known replies."""


class _OtherFormatError(Exception):
    """The file is a cache of replies in another format version."""


def default_path(folder: Path | None = None) -> Path:
    """The file that replies are kept in: in this folder, else that which ZHENGGAI_CACHE names, else the user's."""
    from platformdirs import user_cache_path

    named = folder or os.environ.get("ZHENGGAI_CACHE")
    return (Path(named).expanduser() if named else user_cache_path("zhenggai", appauthor=False)) / "replies.sqlite3"


def request_key(request: Mapping[str, Any]) -> str:
    """SHA-256 over the JSON of a request.

    The order of keys counts: that of a schema's properties is the order in which a model writes them.

    Args:
        request: everything that determines the reply (endpoint, model, mode, messages, response schema, parameters),
            and nothing else: no API key, no time.

    Raises:
        TypeError, ValueError: a part of it has no place in JSON.
    """
    text = json.dumps(request, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class ReplyCache:
    """Replies by request, in one SQLite file that threads, tasks and processes may read and write at the same time.

    Each operation opens the file and closes it, so nothing is shared between threads or carried through a fork, and a
    process killed at any time leaves a whole file; it takes 0.5 ms to read and 2 ms to write. A damaged file and one of
    another format version are moved aside, one that cannot be read or written is done without: a CacheWarning says so.

    Args:
        path: the file; its folder is made when needed.

    Raises:
        UsageError: the file is something else than a cache of replies; it is left as it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._execute(_FORMAT)

    def get(self, request: Mapping[str, Any]) -> dict[str, Any] | None:
        """The reply kept for a request, None where there is none."""
        rows = self._execute("SELECT value FROM replies WHERE key = ?", request_key(request))
        try:
            reply: dict[str, Any] | None = json.loads(rows[0][0]) if rows else None
        except ValueError:  # a damaged page that still reads as a row
            return None
        return reply

    def put(self, request: Mapping[str, Any], reply: Mapping[str, Any]) -> None:
        """Keeps the reply to a request (its text, finish reason, usage), in place of an earlier one.

        Raises:
            TypeError, ValueError: a part of either has no place in JSON.
        """
        value = json.dumps(reply, allow_nan=False)
        self._execute("INSERT OR REPLACE INTO replies (key, value) VALUES (?, ?)", request_key(request), value)

    def __len__(self) -> int:
        return sum(count for (count,) in self._execute("SELECT count(*) FROM replies"))

    @property
    def size(self) -> int:
        """Bytes that the replies and their keys take up."""
        return sum(size for (size,) in self._execute(_SIZE))

    def prune(self, max_bytes: int) -> None:
        """Forgets the oldest replies until the others take up no more than ``max_bytes``."""
        self._execute(_PRUNE, max_bytes)

    def clear(self) -> None:
        """Forgets all replies."""
        self.prune(0)

    def _execute(self, statement: str, *parameters: str | int) -> list[tuple[Any, ...]]:
        """The rows of one statement, which is one transaction; none from a file that cannot be used."""
        try:
            with closing(self._open()) as database:
                return database.execute(statement, parameters).fetchall()
        except _OtherFormatError as error:
            self._set_aside(error)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in _DAMAGED:
                self._set_aside(error)
            else:
                self._do_without(error)
        except OSError as error:
            self._do_without(error)
        return []

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self.path, timeout=_BUSY_TIMEOUT, isolation_level=None)
        try:
            self._prepare(database)
        except BaseException:
            database.close()
            raise
        return database

    def _prepare(self, database: sqlite3.Connection) -> None:
        database.execute("PRAGMA synchronous = NORMAL")  # a power cut may lose the last replies, never the file
        application, version, tables = database.execute(_FORMAT).fetchone()
        if not (application or version or tables):
            database.executescript(_CREATE)
        elif application != _APPLICATION_ID:
            raise self._foreign()
        elif version != FORMAT_VERSION:
            raise _OtherFormatError(f"format version {version} instead of {FORMAT_VERSION}")

    def _foreign(self) -> UsageError:
        return UsageError(f"{self.path} is no cache of replies: name another file, or delete this one")

    def _set_aside(self, reason: Exception) -> None:
        aside = self.path.with_name(f"{self.path.name}.aside")
        try:
            if not self._is_marked():
                raise self._foreign() from reason
            self.path.replace(aside)
            for suffix in ("-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        except OSError as error:
            self._do_without(error)
        else:
            warnings.warn(f"{self.path} cannot be read ({reason}): moved to {aside}", CacheWarning, stacklevel=4)

    def _is_marked(self) -> bool:
        with self.path.open("rb") as file:
            header = file.read(_HEADER.stop)
        return header[_HEADER] == _APPLICATION_ID.to_bytes(4, "big")

    def _do_without(self, reason: Exception) -> None:
        warnings.warn(f"{self.path} cannot be used ({reason}): replies are not kept", CacheWarning, stacklevel=4)

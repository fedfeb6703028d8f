"""A table of rows as JSON Lines: one object a line, in UTF-8, with every column of the schema.

``datasets`` takes the dates in it for times and gives ``2024-01-15 00:00:00``; from Parquet it gives them as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from extractor.sinks.rows import Row, Table


class JsonLinesTable:
    """Writes one file of a table."""

    def __init__(self, path: Path, table: Table) -> None:  # noqa: ARG002 - every sink is told which table it holds
        self._file = path.open("w", encoding="utf-8", newline="\n")

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        self._file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def read_rows(path: Path) -> Iterator[list[Row]]:
    """The rows of a file in batches."""
    with path.open(encoding="utf-8") as file:
        rows = (json.loads(line) for line in file)
        while batch := list(islice(rows, 64)):
            yield batch

"""A table of rows as a Parquet file, written row group by row group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from extractor.sinks.rows import Row, Table, arrow_schema

if TYPE_CHECKING:
    import pyarrow.parquet as pq


class ParquetTable:
    """Writes one file of a table; each call of ``write`` makes a row group, so memory holds one batch at a time."""

    def __init__(self, path: Path, table: Table) -> None:
        import pyarrow.parquet as pq

        self._schema = arrow_schema(table)
        self._writer: pq.ParquetWriter = pq.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        import pyarrow as pa

        if added := list(rows):  # datasets cannot read a file that begins with an empty row group
            self._writer.write_table(pa.Table.from_pylist(added, schema=self._schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()


def read_rows(path: Path) -> Iterator[list[Row]]:
    """The rows of a file in batches."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=64):
            yield batch.to_pylist()

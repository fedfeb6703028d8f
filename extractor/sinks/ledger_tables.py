"""The ledger as one plain table: CSV that Excel opens, and Parquet."""

from __future__ import annotations

import csv
import io
from types import TracebackType
from typing import IO, Self

from extractor.sinks.formulas import is_formula_like
from extractor.sinks.ledger_columns import COLUMNS
from extractor.sinks.rows import Row

_ROW_GROUP = 4096


class CsvLedger:
    """Comma-separated values in UTF-8 with a byte order mark, without which Excel misreads Chinese.

    Every text is quoted, and one that a spreadsheet may take for a formula begins with an apostrophe, as OWASP advises.
    """

    cut = 0

    def __init__(self, file: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        self._writer = csv.DictWriter(self._text, [column.head for column in COLUMNS], quoting=csv.QUOTE_NONNUMERIC)
        self._writer.writeheader()

    def write(self, notice: Row, findings: list[Row]) -> None:  # noqa: ARG002 - a table has no sheet of notices
        """Add the rows of findings."""
        self._writer.writerows({head: _harmless(cell) for head, cell in row.items()} for row in findings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._text.detach()


class ParquetLedger:
    """A Parquet file: the heads as names of columns, text, integers and floating-point numbers as they are."""

    cut = 0

    def __init__(self, file: IO[bytes]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        types = {"text": pa.string(), "date": pa.string(), "integer": pa.int64(), "number": pa.float64()}
        self._schema = pa.schema([pa.field(column.head, types[column.kind]) for column in COLUMNS])
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[Row] = []

    def write(self, notice: Row, findings: list[Row]) -> None:  # noqa: ARG002 - a table has no sheet of notices
        """Add the rows of findings."""
        self._rows += findings
        if len(self._rows) >= _ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
        self._rows.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._rows:
            self._flush()
        self._writer.close()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and is_formula_like(cell) else cell

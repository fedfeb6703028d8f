"""The ledger (台账): one row a finding over all notices, as people keep it in Excel."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Protocol, Self

from extractor.errors import UsageError
from extractor.masking import masked
from extractor.records import Notice
from extractor.sinks.ledger_columns import sheet_rows
from extractor.sinks.rows import Row
from extractor.sinks.whole_files import whole_file

SUFFIXES = (".xlsx", ".csv", ".parquet")
"""Endings of the files that a ledger can be; they choose its format."""


class LedgerCounts(NamedTuple):
    """What was written.

    Attributes:
        notices: number of notices.
        findings: number of findings.
        cut: number of cells that were too long for a workbook and end with a note that says so.
    """

    notices: int
    findings: int
    cut: int


class LedgerFile(Protocol):
    """A ledger in one format, written notice by notice."""

    @property
    def cut(self) -> int:
        """Number of cells that were cut."""

    def write(self, notice: Row, findings: list[Row]) -> None:
        """Add the row of a notice and those of its findings."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def write_ledger(notices: Iterable[Notice], path: Path, *, mask_names: bool = False) -> LedgerCounts:
    """Write the ledger; only one notice is in memory at a time, and the file is there when it is whole, or not at all.

    Args:
        notices: the records, in the order of the rows.
        path: the file; its ending chooses the format. A workbook has sheets of notices and of totals as well.
        mask_names: shorten the names of persons held to account, see :mod:`extractor.masking`.

    Raises:
        UsageError: there is no format of that ending, its package is not installed, or a workbook would have too many
            rows.
        OSError: the file cannot be written.
    """
    open_ledger = ledger_format(path)
    written = findings = 0
    with whole_file(path) as temporary, temporary.open("wb") as file, open_ledger(file) as ledger:
        for notice in notices:
            notice_row, rows = sheet_rows(masked(notice) if mask_names else notice)
            ledger.write(notice_row, rows)
            written += 1
            findings += len(rows)
    return LedgerCounts(written, findings, ledger.cut)


def ledger_format(path: Path) -> Callable[[IO[bytes]], LedgerFile]:
    """What writes a ledger of that file name.

    Raises:
        UsageError: there is no format of that ending, or its package is not installed.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        from extractor.sinks.ledger_tables import CsvLedger

        return CsvLedger
    try:
        if suffix == ".parquet":
            import pyarrow  # noqa: F401, ICN001 - only whether it is there

            from extractor.sinks.ledger_tables import ParquetLedger

            return ParquetLedger
        if suffix == ".xlsx":
            from extractor.sinks.workbook import WorkbookLedger

            return WorkbookLedger
    except ModuleNotFoundError as error:
        extra = "bulk" if suffix == ".parquet" else "ledger"
        raise UsageError(
            f"a {suffix} file needs {error.name}: pip install 'zhenggai[{extra}]', or write .csv"
        ) from None
    raise UsageError(f"{path}: a ledger ends in {', '.join(SUFFIXES)}, not in {suffix or 'nothing'}")

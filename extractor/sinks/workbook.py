"""The ledger as an Excel workbook: findings, notices, and totals by focus and status."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from types import TracebackType
from typing import IO, Any, NamedTuple, Self

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from extractor.errors import UsageError
from extractor.sinks.formulas import is_formula_like
from extractor.sinks.labels import FOCUS, STATUS
from extractor.sinks.ledger_columns import COLUMNS, NOTICE_COLUMNS, LedgerColumn
from extractor.sinks.rows import Row

MAX_ROWS = 1_048_576
"""Rows of an Excel sheet, its head among them."""
MAX_CHARACTERS = 32_767
"""UTF-16 code units of an Excel cell."""


class Colour(NamedTuple):
    """How a status looks.

    Attributes:
        fill: of the cell, as #RRGGBB.
        text: the same of its text.
    """

    fill: str
    text: str


STATUS_COLOURS = {
    "已完成": Colour("#D6E8F5", "#08395C"),
    "基本完成": Colour("#A9CFE8", "#08395C"),
    "部分完成": Colour("#FFF3C4", "#5A4300"),
    "正在整改": Colour("#FDC97E", "#5A2E00"),
    "未启动": Colour("#A63A00", "#FFFFFF"),
    "未说明": Colour("#EDEDED", "#404040"),
}
"""Blue for what is done, orange for what is not: apart for the colour-blind, and by lightness in print."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CUT = "…（单元格容量所限，余{}字见原文）"
_STATUS_HEAD = "整改状态"


class WorkbookLedger:
    """Writes row by row: memory holds one row of each sheet, however long they are.

    Every text is written as a string, never as a formula, a number or a link; one that looks like a formula is marked
    as text as well, so that it stays one when its cell is edited.
    """

    def __init__(self, file: IO[bytes]) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = xlsxwriter.Workbook(file, {"constant_memory": True, **options})
        self._styles = _Styles(self._book)
        self._findings = _Sheet(self._book, "台账", COLUMNS, self._styles)
        self._notices = _Sheet(self._book, "通报", NOTICE_COLUMNS, self._styles)
        self._totals: Counter[tuple[str, str]] = Counter()

    @property
    def cut(self) -> int:
        """Number of cells that were too long and end with a note that says so."""
        return self._findings.cut + self._notices.cut

    def write(self, notice: Row, findings: list[Row]) -> None:
        """Add the row of a notice and those of its findings.

        Raises:
            UsageError: a sheet would have more rows than Excel can hold.
        """
        self._notices.add(notice)
        for finding in findings:
            self._findings.add(finding)
            self._totals[finding["聚焦方面"], finding["整改状态"]] += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._findings.finish()
        self._notices.finish()
        _write_totals(self._book, self._totals, self._styles)
        self._book.close()


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        plain = {"valign": "top"}
        lined = {"border": 1, "border_color": "#BFBFBF"}  # a fill hides the grid
        head = {**lined, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter"}
        self.head: Format = book.add_format({**head, "bg_color": "#1F3A5F", "font_color": "#FFFFFF"})
        self.text: Format = book.add_format({**plain, "text_wrap": True})
        self.formula_like: Format = book.add_format({**plain, "text_wrap": True, "quote_prefix": True})
        self.date: Format = book.add_format({**plain, "num_format": "yyyy-mm-dd", "align": "left"})
        self.integer: Format = book.add_format(plain)
        self.number: Format = book.add_format({**plain, "num_format": "#,##0.00"})
        self.total: Format = book.add_format({**plain, "bold": True})
        self.status: dict[str, Format] = {
            label: book.add_format(
                {**plain, **lined, "bold": True, "align": "center", "bg_color": colour.fill, "font_color": colour.text}
            )
            for label, colour in STATUS_COLOURS.items()
        }


class _Sheet:
    """One sheet that grows downwards."""

    def __init__(self, book: xlsxwriter.Workbook, name: str, columns: Sequence[LedgerColumn], styles: _Styles) -> None:
        self.cut = 0
        self._sheet = book.add_worksheet(name)
        self._columns = columns
        self._styles = styles
        self._row = 0
        _prepare_print(self._sheet)
        for place, column in enumerate(columns):
            folding = {"level": 1, "hidden": True} if column.folded else {}
            self._sheet.set_column(place, place, column.width, None, folding)
            self._sheet.write_string(0, place, column.head, styles.status.get(column.head, styles.head))

    def add(self, row: Row) -> None:
        self._row += 1
        if self._row >= MAX_ROWS:
            raise UsageError(
                f"an Excel sheet has room for {MAX_ROWS - 1:,} rows and there are more: write .csv or .parquet"
            )
        for place, column in enumerate(self._columns):
            if (cell := row[column.head]) is not None:
                self._write(place, column, cell)

    def _write(self, place: int, column: LedgerColumn, cell: Any) -> None:
        sheet, styles, row = self._sheet, self._styles, self._row
        if column.kind == "integer":
            sheet.write_number(row, place, cell, styles.integer)
        elif column.kind == "number":
            sheet.write_number(row, place, cell, styles.number)
        elif column.kind == "date" and _DAY.fullmatch(cell):
            self._write_day(place, cell)
        elif column.head == _STATUS_HEAD:
            sheet.write_string(row, place, cell, styles.status[cell])
        else:
            sheet.write_string(
                row, place, self._fitting(cell), styles.formula_like if is_formula_like(cell) else styles.text
            )

    def _write_day(self, place: int, cell: str) -> None:
        try:
            self._sheet.write_datetime(self._row, place, date.fromisoformat(cell), self._styles.date)
        except ValueError:  # there is no such day, or none that Excel can count
            self._sheet.write_string(self._row, place, cell, self._styles.text)

    def _fitting(self, text: str) -> str:
        """The text, cut where Excel could not hold it."""
        if len(text) * 2 <= MAX_CHARACTERS or len(text.encode("utf-16-le", "surrogatepass")) // 2 <= MAX_CHARACTERS:
            return text
        self.cut += 1
        room = MAX_CHARACTERS - len(_CUT) - len(str(len(text)))
        kept = text.encode("utf-16-le", "surrogatepass")[: 2 * room].decode("utf-16-le", "ignore")
        return kept + _CUT.format(len(text) - len(kept))

    def finish(self) -> None:
        self._sheet.autofilter(0, 0, self._row, len(self._columns) - 1)


def _prepare_print(sheet: Worksheet) -> None:
    """The head stays in view and on every page; pages are A3 landscape, as wide as the sheet, with its grid."""
    sheet.hide_gridlines(0)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")


def _write_totals(book: xlsxwriter.Workbook, totals: Counter[tuple[str, str]], styles: _Styles) -> None:
    """Findings by focus and status, as numbers."""
    sheet = book.add_worksheet("汇总")
    _prepare_print(sheet)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, len(STATUS) + 1, 11)
    labels = list(STATUS.values())
    sheet.write_string(0, 0, "聚焦方面", styles.head)
    for place, label in enumerate(labels, 1):
        sheet.write_string(0, place, label, styles.status[label])
    sheet.write_string(0, len(labels) + 1, "合计", styles.head)
    for row, focus in enumerate([*FOCUS.values(), None], 1):
        style = styles.total if focus is None else styles.integer
        counts = [sum(totals[each, label] for each in FOCUS.values() if focus in (each, None)) for label in labels]
        sheet.write_string(row, 0, focus or "合计", styles.total)
        for place, count in enumerate([*counts, sum(counts)], 1):
            sheet.write_number(row, place, count, styles.total if place > len(labels) else style)

"""Tables of data as rows of cells, those that go on overleaf put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from extractor.readers.layout.page import Cell, Table

_ENDS = "。！？；!?;.）)"

TableRow = list[list[tuple[int, Cell]]]
"""The cells of a row, each in its pieces, with the numbers of the pages that they stand on."""


def table_rows(tables: Iterable[tuple[int, Table]]) -> Iterator[TableRow]:
    """The rows of tables that follow each other directly: heads that are repeated overleaf once, parted rows whole.

    Args:
        tables: each with the number of its page.
    """
    heads: list[str] = []
    last: TableRow | None = None
    for page, table in tables:
        rows = list(table.rows)
        texts = [cell.text for cell in rows[0]] if rows else []
        if texts and texts == heads:
            rows = rows[1:]
        elif len(texts) != len(heads):
            heads = texts
        for number, row in enumerate(rows):
            cells = [[(page, cell)] if cell.text else [] for cell in row]
            if last is not None and number == 0 and _goes_on(last, cells):
                last = [before + after for before, after in zip(last, cells, strict=True)]
                continue
            if last is not None:
                yield last
            last = cells
    if last is not None:
        yield last


def _goes_on(last: TableRow, cells: TableRow) -> bool:
    """Whether the first row of a page is the rest of the last row before: its number is not repeated."""
    if len(last) != len(cells) or (last[0] and cells[0]):
        return False
    filled = [number for number, cell in enumerate(cells) if cell]
    unended = any(last[number] and last[number][-1][1].text[-1] not in _ENDS for number in filled)
    return unended or len(filled) == 1


def has_cells(table: Table) -> bool:
    """Whether a table has data side by side: in two rows, or in one that goes on overleaf."""
    filled = [_filled(row) for row in table.rows]
    return sum(count >= 2 for count in filled) >= 2 or max(filled, default=0) >= 3


def _filled(row: Sequence[Cell]) -> int:
    return sum(bool(cell.text) for cell in row)

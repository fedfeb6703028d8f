"""Tables of data told from tables for layout, and their rows with merged cells filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from extractor.readers.web.tree import is_hidden, is_text, next_step

_ROWS_IN = ("thead", "tbody", "tfoot")
_SPACES = re.compile(r"[\s\u3000:：*]+")
_FINDING_HEAD = re.compile(r"(?:序号|编号|.{0,8}问题.{0,6}|反馈意见|反馈内容|整改任务|任务)")
_HEAD = re.compile(
    r"(?:序号|编号|类别|方面|.{0,8}问题.{0,6}|反馈意见|反馈内容|.{0,6}(?:措施|举措|目标|任务|情况|进展|进度|成效|结果|状态|结论|时限|期限|时间|日期)"
    r"|.{0,4}(?:责任|牵头|配合|主责|承办|督办).{0,8}|备注|说明|单位|部门|姓名|职务|金额|数量|项目|名称|内容)"
)
_LONGEST_HEAD = 16
_LONGEST_CELL = 600
_MOST_COLUMNS = 64
_MOST_PLACES = 100_000
_MOST_ROWS_SPANNED = 1000


class GridCell(NamedTuple):
    """A cell where it stands in the grid of its table.

    Attributes:
        element: the cell; None where no cell of the page covers the place.
        begins: whether the place is the cell's own, not one that it spans.
        below: whether it is spanned from a row above.
    """

    element: Any
    begins: bool
    below: bool


_EMPTY = GridCell(None, begins=False, below=False)
Row = list[GridCell]


def data_rows(table: Any) -> list[Row] | None:
    """The rows of a table of data, each with the cells that are to be written; None of a table for layout.

    What a cell spans to the right stays empty. What it spans downwards is repeated among the heads, and in a row with a
    finding of its own to the right of it (one 责任单位 for several findings); else it stays empty, for a row without a
    finding of its own goes on with the one above.
    """
    rows = list(_rows(table))
    if sum(len(row) > 1 for row in rows) < 2 or _has_stray_text(table):
        return None
    grid = []
    for row in _grid(rows):
        grid.append(row)
        if len(grid) * len(row) > _MOST_PLACES:
            return None
    if cards := _cards(grid):
        return cards
    heads = _number_of_heads(grid)
    if not heads and not _looks_like_data(table, grid):
        return None
    column = _finding_column(grid[:heads])
    return [_to_write(row, column, in_heads=number < heads) for number, row in enumerate(grid)]


def _has_stray_text(table: Any) -> bool:
    """Whether text stands between the cells, as in tables whose tags are broken."""
    for part in (table, *(part for part in table if part.tag in _ROWS_IN)):
        if _is_stray(part, (*_ROWS_IN, "tr", "caption")):
            return True
        if any(_is_stray(row, ("td", "th")) for row in part.iterchildren("tr")):
            return True
    return False


def _is_stray(element: Any, expected: tuple[str, ...]) -> bool:
    if element.text and element.text.strip():
        return True
    return any(
        (child.tail and child.tail.strip()) or (child.tag not in expected and is_text(child) and _words(child))
        for child in element
    )


def _rows(table: Any) -> Iterator[list[Any]]:
    """The cells of each row that is seen; a foot stands below the rows wherever it is written."""
    feet = []
    for part in table:
        if part.tag == "tr":
            yield from _cells(part)
        elif part.tag in _ROWS_IN and not is_hidden(part):
            if part.tag == "tfoot":
                feet.append(part)
                continue
            for row in part.iterchildren("tr"):
                yield from _cells(row)
    for part in feet:
        for row in part.iterchildren("tr"):
            yield from _cells(row)


def _cells(row: Any) -> Iterator[list[Any]]:
    if not is_hidden(row):
        yield [cell for cell in row.iterchildren("td", "th") if not is_hidden(cell)]


def _grid(rows: list[list[Any]]) -> Iterator[Row]:
    spanned: dict[int, tuple[Any, int]] = {}
    for cells in rows:
        row: Row = []
        waiting = iter(cells)
        going_on = {column: (cell, left - 1) for column, (cell, left) in spanned.items() if left > 1}
        last = max(spanned, default=-1)
        while len(row) < _MOST_COLUMNS:
            if len(row) in spanned:
                row.append(GridCell(spanned[len(row)][0], begins=False, below=True))
                continue
            cell = next(waiting, None)
            if cell is None:
                if len(row) > last:
                    break
                row.append(_EMPTY)
                continue
            down = _span(cell, "rowspan", _MOST_ROWS_SPANNED)
            for offset in range(min(_span(cell, "colspan", _MOST_COLUMNS), _MOST_COLUMNS - len(row))):
                if len(row) in spanned:
                    break
                if down > 1:
                    going_on[len(row)] = (cell if not offset else None, down - 1)
                row.append(GridCell(cell, begins=not offset, below=False))
        row += [GridCell(cell, begins=True, below=False) for cell in waiting]
        spanned = going_on
        yield row


def _span(cell: Any, name: str, most: int) -> int:
    words = (cell.get(name) or "").strip()
    return max(1, min(int(words), most)) if words.isascii() and words.isdecimal() and len(words) < 9 else 1


def _own(row: Row) -> list[Any]:
    return [cell.element for cell in row if cell.begins]


def _words(cell: Any) -> str:
    return _SPACES.sub("", "".join(cell.itertext()))


def is_head(text: str) -> bool:
    """Whether a cell's text, without its white space, is a head of a column."""
    return len(text) <= _LONGEST_HEAD and _HEAD.fullmatch(text) is not None


def _number_of_heads(grid: list[Row]) -> int:
    """The number of rows down to the last one of the heads, 0 where no row of the first few is made of heads."""
    for number, row in enumerate(grid[:4]):
        own = _own(row)
        if len(own) < 2:
            continue
        if sum(is_head(_words(cell)) for cell in own) < max(2, len(own) / 2):
            return 0
        depth = max(_span(cell, "rowspan", 3) for cell in own) if len({_span(c, "rowspan", 3) for c in own}) > 1 else 1
        return min(number + depth, len(grid))
    return 0


def _cards(grid: list[Row]) -> list[Row]:
    """The rows of a table that has its heads on the left, one finding below the other; none of another table.

    Each finding becomes a row of heads and a row of what stands beside them, as rows are what findings are read from.
    """
    rows: list[Row] = []
    heads: list[str] = []
    states_finding = False
    for row in grid:
        own = [cell for cell in row if cell.begins]
        if len(own) < 2:
            rows.append(own)
            heads = []
            continue
        labels = [_words(cell.element) for cell in own[::2]]
        if len(own) % 2 or not all(map(is_head, labels)):
            return []
        states_finding = states_finding or any(map(_FINDING_HEAD.fullmatch, labels))
        if not heads or heads[0] == labels[0]:
            rows += [[], []]
            heads = []
        heads += labels
        rows[-2] += own[::2]
        rows[-1] += own[1::2]
    return rows if states_finding and len(heads) > 2 else []


def _looks_like_data(table: Any, grid: list[Row]) -> bool:
    """Whether a table without known heads holds data: several cells with text in several rows, none of them long."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    filled = [sum(bool(_words(cell)) for cell in _own(row)) for row in grid]
    if sum(count > 1 for count in filled) < 2:
        return False
    return all(len(_words(cell)) <= _LONGEST_CELL for row in grid for cell in _own(row))


def _finding_column(heads: list[Row]) -> int | None:
    """The column that tells whether a row holds a finding of its own: the problems, else their numbers."""
    best = None
    for row in heads:
        for column, cell in enumerate(row):
            words = _words(cell.element) if cell.element is not None else ""
            if len(words) <= _LONGEST_HEAD and _FINDING_HEAD.fullmatch(words):
                if "问题" in words or "意见" in words:
                    return column
                best = column if best is None else best
    return best


def _to_write(row: Row, finding: int | None, *, in_heads: bool) -> Row:
    has_finding = (
        finding is not None and finding < len(row) and row[finding].begins and bool(_words(row[finding].element))
    )
    return [
        cell if cell.begins or (cell.below and (in_heads or (has_finding and column > (finding or 0)))) else _EMPTY
        for column, cell in enumerate(row)
    ]


def cell_steps(table: Any) -> dict[Any, str]:
    """The way from a table to each of its cells, as the rest of an XPath."""
    steps: dict[Any, str] = {}
    counts: dict[str, int] = {}
    for part in table:
        step = next_step(counts, "table", part.tag)
        if part.tag == "tr":
            _add_cells(steps, step, part)
        elif part.tag in _ROWS_IN:
            rows: dict[str, int] = {}
            for row in part:
                _add_cells(steps, step + next_step(rows, part.tag, row.tag), row)
    return steps


def _add_cells(steps: dict[Any, str], way: str, row: Any) -> None:
    counts: dict[str, int] = {}
    for cell in row:
        steps[cell] = way + next_step(counts, "tr", cell.tag)

"""Tables in pictures: lines of text in the cells that are drawn around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from extractor.readers.layout.columns import rows
from extractor.readers.layout.page import Cell, Line, Rule, Table
from extractor.readers.layout.paragraphs import joined_rows
from extractor.readers.layout.ruled_tables import Grid, grids
from extractor.readers.layout.tables import has_cells

if TYPE_CHECKING:
    from extractor.readers.pictures.drawn_lines import Drawn

_TYPE = 10.5  # points that the type of a table in a PDF has, which the tolerances of grids are made for


def in_tables(lines: Sequence[Line], drawn: Drawn, size: float) -> tuple[list[Table], list[Line]]:
    """The tables drawn on a page whose type is of a size, and the lines that stand in none of them."""
    tables = []
    rest = list(lines)
    points = _TYPE / size
    across, down = (
        [Rule(*(value * points for value in rule)) for rule in rules] for rules in (drawn.across, drawn.down)
    )
    for grid in map(_without_needless_parts, grids(across, down)):
        inside: dict[int, list[Line]] = {}
        outside: list[Line] = []
        for line in rest:
            left, top, right, bottom = line.box
            cell = grid.cell_at((left + right) / 2 * points, (top + bottom) / 2 * points)
            (outside if cell is None else inside.setdefault(cell, [])).append(line)
        left, top, right, bottom = (value / points for value in grid.box)
        table = Table((left, top, right, bottom), list(_rows(grid, inside, points)))
        if has_cells(table):
            tables.append(table)
            rest = outside
    return tables, rest


def _without_needless_parts(grid: Grid) -> Grid:
    """The grid without columns and rows that part no cells: a line drawn looks broken in a scan."""
    columns = [
        0,
        *(number for number in range(1, len(grid.xs) - 1) if any(row[number] != row[number - 1] for row in grid.cells)),
    ]
    lines = [0, *(number for number in range(1, len(grid.ys) - 1) if grid.cells[number] != grid.cells[number - 1])]
    return Grid(
        [*(grid.xs[number] for number in columns), grid.xs[-1]],
        [*(grid.ys[number] for number in lines), grid.ys[-1]],
        [[grid.cells[line][column] for column in columns] for line in lines],
    )


def _rows(grid: Grid, inside: dict[int, list[Line]], points: float) -> Iterator[list[Cell]]:
    """A cell that reaches over several columns or rows stands in the first of them; the others stay empty."""
    for row, (top, bottom) in zip(grid.cells, pairwise(grid.ys), strict=True):
        cells = []
        for number, (left, right) in zip(row, pairwise(grid.xs), strict=True):
            lines = inside.pop(number, [])
            box = left / points, top / points, right / points, bottom / points
            confidence = min((line.confidence or 0.0 for line in lines), default=None)
            cells.append(Cell(joined_rows(rows(lines)), box, confidence))
        if any(cell.text for cell in cells):
            yield cells

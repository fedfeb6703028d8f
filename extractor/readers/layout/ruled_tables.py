"""Tables out of the lines drawn around their cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from extractor.readers.layout.characters import Character, lines_of
from extractor.readers.layout.columns import rows
from extractor.readers.layout.page import Box, Cell, Line, Rule, Table
from extractor.readers.layout.paragraphs import joined_rows
from extractor.readers.layout.tables import has_cells

_TOUCH = 4.0  # points that lines may fall short of each other
_MAX_RULES = 3_000


class Grid(NamedTuple):
    """Lines that touch each other.

    Attributes:
        xs: where its columns begin and end.
        ys: where its rows do.
        cells: for each unit of the grid, row by row, the number of the cell it belongs to.
    """

    xs: list[float]
    ys: list[float]
    cells: list[list[int]]

    @property
    def box(self) -> Box:
        """Around it."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell at a place, None outside."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1:
            return self.cells[row][column]
        return None


def take_tables(
    characters: Sequence[Character], across: Sequence[Rule], down: Sequence[Rule]
) -> tuple[list[Table], list[Character]]:
    """The tables that lines draw, and the characters that stand in none of them."""
    tables = []
    rest = list(characters)
    for grid in [*grids(across, down), *_grids_of_rows(across, down, characters)]:
        inside, outside = _parted(rest, grid)
        table = Table(grid.box, list(_rows(grid, inside)))
        if has_cells(table):
            tables.append(table)
            rest = outside
    return tables, rest


def _parted(characters: Sequence[Character], grid: Grid) -> tuple[dict[int, list[Character]], list[Character]]:
    """The characters in each cell, and those outside."""
    inside: dict[int, list[Character]] = {}
    outside = []
    for character in characters:
        cell = grid.cell_at((character.x + character.right) / 2, character.y - 0.35 * character.size)
        if cell is None:
            outside.append(character)
        else:
            inside.setdefault(cell, []).append(character)
    return inside, outside


def _grids_of_rows(across: Sequence[Rule], down: Sequence[Rule], characters: Sequence[Character]) -> Iterator[Grid]:
    """Tables whose rows alone are ruled: lines as long as each other, and empty strips between the columns."""
    same: dict[tuple[int, int], list[float]] = {}
    for rule in across if len(across) <= _MAX_RULES else ():
        if not any(rule.start - _TOUCH <= other.at <= rule.stop + _TOUCH for other in down):
            same.setdefault((round(rule.start / _TOUCH), round(rule.stop / _TOUCH)), []).append(rule.at)
    for (start, stop), found in same.items():
        ys = _positions(found)
        left, right = start * _TOUCH, stop * _TOUCH
        inside = [box for box in map(_box, characters) if ys[0] < box[1] < ys[-1] and left <= box[0] <= right]
        xs = [left, *_strips(inside), right]
        if len(ys) < 4 or len(xs) < 4:
            continue
        head = _head(xs, ys[0], characters)
        ys = [*([head] if head is not None else []), *ys]
        columns = len(xs) - 1
        yield Grid(xs, ys, [[row * columns + column for column in range(columns)] for row in range(len(ys) - 1)])


def _box(character: Character) -> Box:
    return character.x, character.y - 0.88 * character.size, character.right, character.y + 0.12 * character.size


def _strips(boxes: Sequence[Box]) -> Iterator[float]:
    """The middles of empty strips between boxes."""
    reached: float | None = None
    for left, _, right, _ in sorted(boxes):
        if reached is not None and left - reached > _TOUCH:
            yield (left + reached) / 2
        reached = right if reached is None else max(reached, right)


def _head(xs: Sequence[float], first: float, characters: Sequence[Character]) -> float | None:
    """The top of the heads above the first line of a table, where they fit its columns; None without heads."""
    top = first
    covered: set[int] = set()
    for row in reversed(rows(lines_of([one for one in characters if one.y < first and one.text != " "]))):
        columns = [(bisect_right(xs, piece.box[0]), bisect_right(xs, piece.box[2] - 1)) for piece in row.pieces]
        if top - row.box[3] > 2 * row.pieces[0].size or any(start != stop for start, stop in columns):
            break
        covered.update(start for start, _ in columns)
        top = row.box[1] - 1
    return top if len(covered) >= 3 else None


def _rows(grid: Grid, inside: dict[int, list[Character]]) -> Iterator[list[Cell]]:
    """A cell that reaches over several columns or rows stands in the first of them; the others stay empty."""
    placed: set[int] = set()
    texts = {number: _cell_text(lines_of(characters)) for number, characters in inside.items()}
    for row, (top, bottom) in zip(grid.cells, pairwise(grid.ys), strict=True):
        cells = []
        for number, (left, right) in zip(row, pairwise(grid.xs), strict=True):
            text = "" if number in placed else texts.get(number, "")
            placed.add(number)
            cells.append(Cell(text, (left, top, right, bottom)))
        if any(cell.text for cell in cells):
            yield cells


def _cell_text(lines: Sequence[Line]) -> str:
    return joined_rows(rows(lines))


def grids(across: Sequence[Rule], down: Sequence[Rule]) -> Iterator[Grid]:
    """Lines that touch each other and part at least two columns."""
    if len(across) + len(down) > _MAX_RULES:
        return
    for lying, standing in _groups(across, down):
        xs = _positions([rule.at for rule in standing] + [rule.start for rule in lying] + [rule.stop for rule in lying])
        ys = _positions(
            [rule.at for rule in lying] + [rule.start for rule in standing] + [rule.stop for rule in standing]
        )
        if len(xs) >= 3 and len(ys) >= 2:
            yield Grid(xs, ys, _cells(xs, ys, lying, standing))


def _positions(values: Sequence[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _TOUCH:
            found.append(value)
    return found


def _groups(across: Sequence[Rule], down: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Lines parted into groups that touch each other."""
    leader = list(range(len(across) + len(down)))

    def find(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for number, lying in enumerate(across):
        for other, standing in enumerate(down, len(across)):
            if (
                lying.start - _TOUCH <= standing.at <= lying.stop + _TOUCH
                and standing.start - _TOUCH <= lying.at <= standing.stop + _TOUCH
            ):
                leader[find(other)] = find(number)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for number, rule in enumerate([*across, *down]):
        groups.setdefault(find(number), ([], []))[number >= len(across)].append(rule)
    for lying_group, standing_group in groups.values():
        if len(lying_group) >= 2 and standing_group:
            yield lying_group, standing_group


def _cells(
    xs: Sequence[float], ys: Sequence[float], lying: Sequence[Rule], standing: Sequence[Rule]
) -> list[list[int]]:
    """Units of the grid that no line parts are one cell."""
    columns, height = len(xs) - 1, len(ys) - 1
    leader = list(range(columns * height))

    def find(number: int) -> int:
        while leader[number] != number:
            number = leader[number]
        return number

    for row, (top, bottom) in enumerate(pairwise(ys)):
        for column, (left, right) in enumerate(pairwise(xs)):
            number = row * columns + column
            if column + 1 < columns and not _parts(standing, right, (top + bottom) / 2):
                leader[find(number + 1)] = find(number)
            if row + 1 < height and not _parts(lying, bottom, (left + right) / 2):
                leader[find(number + columns)] = find(number)
    return [[find(row * columns + column) for column in range(columns)] for row in range(height)]


def _parts(rules: Sequence[Rule], at: float, middle: float) -> bool:
    return any(abs(rule.at - at) <= _TOUCH and rule.start <= middle <= rule.stop for rule in rules)

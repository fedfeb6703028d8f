"""The reading order of a page: columns in bands, and what stands across them.

A gutter is an empty strip that running text borders on both sides. The tallest gutter parts a region into what stands
above it, left of it, right of it and below it, and each of these is parted in the same way.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from extractor.readers.layout.page import Box, Line, Page, Table

_MIN_GUTTER = 0.6  # of the size of the type; columns stand 1 to 3 characters apart
_MIN_LINES = 4  # on both sides: fewer may be fields set side by side
_MAX_DEPTH = 12  # of regions within regions
_LONG = 10  # parts: a column of fewer does not tell how wide it is
_MIN_WIDTH = 5.0  # of a line of running text, in characters


class Row(NamedTuple):
    """What stands side by side in one column, from left to right."""

    pieces: tuple[Line, ...]

    @property
    def box(self) -> Box:
        """Around all pieces."""
        boxes = [piece.box for piece in self.pieces]
        return (
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )


class Column(NamedTuple):
    """Rows and tables one below the other.

    Attributes:
        page: its number.
        left: the edge that its lines begin at.
        right: the edge that they can reach.
        parts: from top to bottom.
    """

    page: int
    left: float
    right: float
    parts: Sequence[Row | Table]


class Gutter(NamedTuple):
    """An empty strip, and between which heights it is empty."""

    left: float
    right: float
    top: float
    bottom: float


Item = Line | Table


def type_size(pages: Sequence[Page]) -> float:
    """The usual size of the type."""
    sizes = [line.size for page in pages for line in page.lines if len(line.text) >= 4]
    return median(sizes) if sizes else 10.0


def find_columns(pages: Sequence[Page]) -> list[Column]:
    """The columns of all pages in reading order; what was a gutter on one page is one on the others too."""
    size = type_size(pages)
    known: list[tuple[float, float]] = []
    for page in pages:
        _Regions(page, size, known).learn()
    columns = [column for page in pages for column in _Regions(page, size, known).columns()]
    return _with_borrowed_edges(columns, size)


class _Regions:
    """The regions of one page."""

    def __init__(self, page: Page, size: float, known: list[tuple[float, float]]) -> None:
        self.page = page
        self.size = size
        self.known = known

    def learn(self) -> None:
        """Add the gutters that are beyond doubt to those known."""
        for gutter in list(self._walk([*self.page.lines, *self.page.tables])):
            if not self._is_known(gutter):
                self.known.append((gutter.left, gutter.right))

    def _walk(self, items: list[Item], depth: int = 0) -> Iterator[Gutter]:
        gutter = self._gutter(items) if depth < _MAX_DEPTH else None
        if gutter is not None:
            yield gutter
            for part in _part(items, gutter):
                yield from self._walk(part, depth + 1)

    def columns(self) -> Iterator[Column]:
        items: list[Item] = [*self.page.lines, *self.page.tables]
        if items:
            edges = self.page.lines or items  # tables may stick out
            left, right = min(item.box[0] for item in edges), max(item.box[2] for item in edges)
            yield from self._order(items, left, right)

    def _order(self, items: list[Item], left: float, right: float, depth: int = 0) -> Iterator[Column]:
        if not items:
            return
        gutter = self._gutter(items) if depth < _MAX_DEPTH else None
        if gutter is None:
            yield self._column(items, left, right)
            return
        above, before, behind, below = _part(items, gutter)
        yield from self._order(above, left, right, depth + 1)
        yield from self._order(before, left, gutter.left, depth + 1)
        yield from self._order(behind, gutter.right, right, depth + 1)
        yield from self._order(below, left, right, depth + 1)

    def _column(self, items: list[Item], left: float, right: float) -> Column:
        parts: list[Row | Table] = [item for item in items if isinstance(item, Table)]
        lines = [item for item in items if isinstance(item, Line)]
        parts += rows(lines)
        parts.sort(key=lambda part: part.box[1] + part.box[3])
        if len(lines) >= _LONG:
            left = -_edge([-line.box[0] for line in lines], 0.5 * self.size, 2, -left)
            right = _edge([line.box[2] for line in lines], self.size, 3, right)
        return Column(self.page.number, left, right, parts)

    def _gutter(self, items: Sequence[Item]) -> Gutter | None:
        """The tallest gutter between running text, None where the region is one column."""
        best: Gutter | None = None
        best_height = 0.0
        ordered = sorted(items, key=_middle)
        middles = [_middle(item) for item in ordered]
        for edge in _distinct(sorted(item.box[0] for item in items), 0.3 * self.size):
            for top, bottom in self._free(items, edge):
                inside = ordered[bisect_right(middles, top) : bisect_left(middles, bottom)]
                gutter, height = self._bordered(inside, edge, top, bottom)
                if gutter is not None and height > best_height:
                    best, best_height = gutter, height
        return best

    def _free(self, items: Sequence[Item], edge: float) -> Iterator[tuple[float, float]]:
        """Heights between which nothing stands in the strip before ``edge``."""
        strip = edge - _MIN_GUTTER * self.size, edge - 0.1 * self.size
        boxes = [item.box for item in items]
        boxes += [(left, y, right, y) for y, left, right in self.page.bars]
        position = float("-inf")
        for _, top, _, bottom in sorted(
            (box for box in boxes if box[0] < strip[1] and box[2] > strip[0]), key=lambda box: box[1]
        ):
            if top > position:
                yield position, top
            position = max(position, bottom)
        yield position, float("inf")

    def _bordered(self, inside: Sequence[Item], edge: float, top: float, bottom: float) -> tuple[Gutter | None, float]:
        """The gutter before ``edge`` if there is running text on both sides, and the height that they share."""
        before = [item for item in inside if item.box[2] <= edge - 0.1 * self.size]
        if not before or len(before) == len(inside):
            return None, 0.0
        left = max(item.box[2] for item in before)
        right = min(item.box[0] for item in inside if item.box[2] > edge - 0.1 * self.size)
        if right - left < (_MIN_GUTTER - 0.2) * self.size:
            return None, 0.0
        gutter = Gutter(left, right, top, bottom)
        bordering = [item for item in before if item.box[2] > left - 2.5 * self.size]
        following = [item for item in inside if right <= item.box[0] < right + 2.5 * self.size]
        sides = [[item for item in side if self._is_running(item)] for side in (bordering, following)]
        needed = 1 if self._is_known(gutter) else 2 if self._is_ruled(gutter, sides) else _MIN_LINES
        if min(map(len, sides)) < needed or inside[-1].box[3] - inside[0].box[1] < 1.8 * self.size:
            return None, 0.0
        start, stop = _shared(sides[0], sides[1])
        if needed == _MIN_LINES and stop - start < 2 * self.size:
            return None, 0.0
        return self._trimmed(gutter, inside), max(stop - start, 0.1)

    def _trimmed(self, gutter: Gutter, inside: Sequence[Item]) -> Gutter:
        """The gutter without the height of headings above the columns that happen to leave it free."""
        found = rows([item for item in inside if isinstance(item, Line)])
        gaps = [following.box[1] - row.box[3] for row, following in pairwise(found)]
        for row, following, gap in zip(found, found[1:], gaps, strict=False):
            size, below = _size(row), max(self.size, _size(following))
            apart = gap > median(gaps) + 0.7 * below
            # side by side above the columns stand the date and the source, in small type
            if not (apart and size < 0.93 * below if len(row.pieces) > 1 else gap > 2 * below or size > 1.2 * below):
                break
            gutter = gutter._replace(top=row.box[3])
        return gutter

    def _is_running(self, item: Item) -> bool:
        return item.box[2] - item.box[0] >= _MIN_WIDTH * self.size

    def _is_known(self, gutter: Gutter) -> bool:
        return any(gutter.left <= left + self.size and gutter.right >= right - self.size for left, right in self.known)

    def _is_ruled(self, gutter: Gutter, sides: Sequence[Sequence[Item]]) -> bool:
        if not all(sides):
            return False
        start, stop = _shared(sides[0], sides[1])
        return any(
            gutter.left - 1 <= x <= gutter.right + 1 and top <= start + self.size and bottom >= stop - self.size
            for x, top, bottom in self.page.rules
        )


def _size(row: Row) -> float:
    return max(piece.size for piece in row.pieces)


def _middle(item: Item) -> float:
    return (item.box[1] + item.box[3]) / 2


def _part(items: Sequence[Item], gutter: Gutter) -> tuple[list[Item], list[Item], list[Item], list[Item]]:
    """What stands above, left of, right of and below a gutter."""
    above: list[Item] = []
    before: list[Item] = []
    behind: list[Item] = []
    below: list[Item] = []
    for item in items:
        middle = _middle(item)
        if middle <= gutter.top:
            above.append(item)
        elif middle >= gutter.bottom:
            below.append(item)
        elif item.box[0] + item.box[2] < gutter.left + gutter.right:
            before.append(item)
        else:
            behind.append(item)
    return above, before, behind, below


def _shared(left: Sequence[Item], right: Sequence[Item]) -> tuple[float, float]:
    """The heights between which there is text on both sides."""
    return (
        max(min(item.box[1] for item in side) for side in (left, right)),
        min(max(item.box[3] for item in side) for side in (left, right)),
    )


def _distinct(values: Sequence[float], tolerance: float) -> Iterator[float]:
    last = float("-inf")
    for value in values:
        if value - last > tolerance:
            yield value
            last = value


def _edge(values: Sequence[float], size: float, count: int, otherwise: float) -> float:
    """The furthest value that as many values in all lie close to."""
    ordered = sorted(values, reverse=True)
    for last, value in zip(ordered[count - 1 :], ordered, strict=False):
        if value - last <= size:
            return value
    return otherwise


def rows(lines: Sequence[Line]) -> list[Row]:
    """Lines of one column put side by side where they stand at one height, from top to bottom."""
    found: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.box[1] + line.box[3], line.box[0])):
        if found and _beside(found[-1], line):
            found[-1].append(line)
        else:
            found.append([line])
    return [Row(tuple(sorted(row, key=lambda line: line.box[0]))) for row in found]


def _beside(row: Sequence[Line], line: Line) -> bool:
    height = line.box[3] - line.box[1]
    for other in row:
        overlap = min(line.box[3], other.box[3]) - max(line.box[1], other.box[1])
        if overlap < 0.5 * min(height, other.box[3] - other.box[1]):
            return False
        if min(line.box[2], other.box[2]) - max(line.box[0], other.box[0]) > 0.5 * min(line.size, other.size):
            return False
    return True


def _with_borrowed_edges(columns: Sequence[Column], size: float) -> list[Column]:
    """Columns reach as far as longer ones in the same place, of which more lines can tell."""
    long = [column for column in columns if len(column.parts) >= _LONG]
    return [_widened(column, long, size) for column in columns]


def _widened(column: Column, long: Sequence[Column], size: float) -> Column:
    """The column as wide as the widest that begins, and ends, where it does, or hardly further."""
    left, right = column.left, column.right
    few = len(column.parts) < _LONG
    for other in long:
        begins, ends = column.left - other.left, other.right - column.right
        same_side = min(abs(begins), abs(ends)) <= size
        if -size <= begins and -size <= ends and max(begins, ends) <= (12 if few else 3) * size and (few or same_side):
            left, right = min(left, other.left), max(right, other.right)
    return column._replace(left=left, right=right)
